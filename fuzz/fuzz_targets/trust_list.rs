//! A chain of trust lists, one a line, under a root key that signed none of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ogoh::seal::{SecretKey, Trust};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let root = SecretKey::from_seed(&[99; 32]).public();
    assert!(Trust::open_chain(text.lines(), &root).is_err());
});
