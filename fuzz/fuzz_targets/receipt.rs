//! A receipt under a trust list, and the lines in which receipts come.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use ogoh::seal::{Receipt, SecretKey, Trust, TrustList};
use ogoh::wire;

fn trust() -> &'static Trust {
    static TRUST: OnceLock<Trust> = OnceLock::new();
    TRUST.get_or_init(|| {
        let root = SecretKey::from_seed(&[1; 32]);
        let list = TrustList {
            number: 1,
            prev: None,
            at: chrono::DateTime::parse_from_rfc3339("2026-11-01T00:00:00+05:00").unwrap(),
            keys: vec![],
        };
        Trust::open_first(&list.seal(&root).unwrap(), &root.public()).unwrap()
    })
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let _ = Receipt::open(text, trust());
    let _ = wire::answers(text);
});
