//! A request to enrol, perhaps countersigned once or twice, whose proof of a code nobody made.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ogoh::seal::{proves_code, read_enrolment};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(read) = read_enrolment(text) {
        assert!(!proves_code("a secret of nobody", &read.request));
        assert!(read.second.is_none() || read.countersigned.is_some());
    }
});
