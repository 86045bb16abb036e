//! A key file: whatever its parameters ask for, reading it is cheap; opening is not tried.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ogoh::seal::{KeyFile, SecretKey};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(file) = KeyFile::from_text(text) {
        // What was read is written again as it was.
        let again = file.to_text().unwrap();
        assert_eq!(KeyFile::from_text(&again).unwrap(), file);
    }
    let _ = SecretKey::from_text(text);
});
