//! What is signed here is read by libraries that know nothing of ogoh, and the other way round.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::path::Path;
use std::process::Command;

use ogoh::seal::{Jws, PublicKey, SecretKey, Typ, hash, jwks, sign};
use serde_json::{Value, json};
use support::{has_tool, python_with, run, source};

const MODULES: &[&str] = &["jwt", "joserfc", "jwcrypto", "cryptography"];

fn check_script(python: &Path) -> Command {
    let mut command = Command::new(python);
    // One of the libraries warns that RFC 9864 renamed EdDSA; the name stays until all know the new one.
    command
        .args(["-W", "ignore"])
        .arg(source::root().join("tests/jose_check.py"));
    command
}

/// A journal whose bodies are as unlike each other as names and numbers are.
fn journal(keys: &[SecretKey], length: u64) -> Vec<String> {
    let names = [
        "Ҷамшед",
        "Ӯғлӣ",
        "Ҳақназар",
        "O'Brien",
        "Мария-Анна",
        "ё",
        "𐐷 漢字",
        "",
    ];
    let mut prev = "A".repeat(43);
    let mut lines = Vec::new();
    for seq in 1..=length {
        let pick = |n: u64| names[usize::try_from((seq * n) % 8).unwrap()];
        let body = json!({
            "child": {"surname": pick(3), "given": pick(5), "weight": seq * 7_919 % 6_000},
            "links": vec![json!({"kind": "twin", "nid": pick(7)}); usize::try_from(seq % 4).unwrap()],
            "mother": {"given": {"not": "yet"}},
        });
        let entry = json!({"v": 1, "t": "birth", "jid": "j", "seq": seq, "prev": prev, "body": body});
        let key = &keys[usize::try_from(seq).unwrap() % keys.len()];
        let line = sign(Typ::Entry, key, &entry).unwrap();
        prev = hash(&line);
        lines.push(line);
    }
    lines
}

#[test]
fn five_foreign_verifiers_accept_our_signatures_and_refuse_a_turned_bit() {
    let Some(python) = python_with(MODULES) else {
        return;
    };
    if !has_tool("openssl", Command::new("openssl").arg("version")) {
        return;
    }
    let dir = support::data_dir();
    let keys: Vec<SecretKey> = (1..=3).map(|n| SecretKey::from_seed(&[n; 32])).collect();
    let public: Vec<PublicKey> = keys.iter().map(SecretKey::public).collect();
    let (set, lines) = (dir.path().join("keys.jwks"), dir.path().join("entries.jws"));
    std::fs::write(&set, jwks(&public).to_string()).unwrap();
    let journal = journal(&keys, 40);
    std::fs::write(&lines, journal.join("\n")).unwrap();
    let ran = run(check_script(&python).args([&set, &lines]));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("40 entries of 1 journals"), "{}", ran.out);

    // The check itself finds a missing line.
    let torn = [&journal[..10], &journal[11..]].concat();
    std::fs::write(&lines, torn.join("\n")).unwrap();
    let ran = run(check_script(&python).args([&set, &lines]));
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("breaks at 12"), "{}", ran.err);
}

#[test]
fn we_accept_foreign_signatures_and_refuse_a_turned_bit() {
    let Some(python) = python_with(MODULES) else {
        return;
    };
    let ran = run(check_script(&python).args(["--sign", "50"]));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut seen = 0;
    for line in ran.out.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let key = PublicKey::from_x(line["jwk"]["x"].as_str().unwrap()).unwrap();
        let text = line["jws"].as_str().unwrap();
        let jws = Jws::parse(text, Typ::Entry).unwrap();
        jws.verify(&key).unwrap();
        assert_eq!(jws.payload()["seq"], seen);
        let signed = text.rfind('.').unwrap();
        for at in [5, signed / 2, signed + 10] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let turned = String::from_utf8(bytes).unwrap();
            let accepted = Jws::parse(&turned, Typ::Entry).is_ok_and(|j| j.verify(&key).is_ok());
            assert!(!accepted, "a change at {at} is accepted");
        }
        seen += 1;
    }
    assert_eq!(seen, 50);
}
