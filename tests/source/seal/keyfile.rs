//! Key files: who opens them, and what happens to damaged and hostile ones.

use std::time::{Duration, Instant};

use base64ct::{Base64UrlUnpadded, Encoding};
use ogoh::env::Kdf;
use ogoh::seal::{KeyFile, SealError, SecretKey, hash};

use super::{golden, vectors};

/// The least that is allowed.
const QUICK: Kdf = Kdf {
    m_kib: 19_456,
    t: 2,
    p: 1,
};
const PHRASE: &str = "саманд дарахти анори кабуд";

fn locked() -> KeyFile {
    KeyFile::lock(&golden::key("doctor"), "salimova", golden::FAC, PHRASE, &QUICK).unwrap()
}

/// The sum that a file with this head and ciphertext has to carry.
fn with_right_sum(text: &str) -> String {
    let (head, rest) = text
        .strip_prefix(r#"{"head":"#)
        .unwrap()
        .split_once(r#","ct":""#)
        .unwrap();
    let (ct, rest) = rest.split_once(r#"","sum":""#).unwrap();
    let (_, end) = rest.split_once('"').unwrap();
    let sum = hash(&format!(
        "{}.{ct}",
        Base64UrlUnpadded::encode_string(head.as_bytes())
    ));
    format!(r#"{{"head":{head},"ct":"{ct}","sum":"{sum}"{}"#, end)
}

#[test]
fn a_key_file_opens_with_its_passphrase_and_with_no_other() {
    let file = locked();
    assert_eq!((file.usr(), file.fac()), ("salimova", golden::FAC));
    assert_eq!(file.public().unwrap(), golden::key("doctor").public());
    let read = KeyFile::from_text(&file.to_text().unwrap()).unwrap();
    let key = read.unlock(PHRASE).unwrap();
    assert_eq!(key.public(), golden::key("doctor").public());
    let (first, last) = PHRASE.split_once(' ').unwrap();
    for same in [format!("  {first}\t {last}\n"), format!("{first}\u{a0}{last}")] {
        assert!(file.unlock(&same).is_ok(), "{same:?}");
    }
    for wrong in [
        "",
        " ",
        first,
        last,
        &PHRASE.replace('с', "c"),
        &PHRASE.replace(' ', ""),
        &PHRASE.to_uppercase(),
    ] {
        assert_eq!(
            file.unlock(wrong).unwrap_err(),
            SealError::WrongPassphrase,
            "{wrong:?}"
        );
    }
}

#[test]
fn a_decomposed_letter_makes_no_other_passphrase() {
    let key = golden::key("doctor");
    let file = KeyFile::lock(&key, "a", "b", "моҳӣ чор", &QUICK).unwrap();
    assert!(file.unlock("моҳ\u{438}\u{304} чор").is_ok());
}

#[test]
fn two_locks_of_one_key_have_nothing_secret_in_common() {
    let (a, b) = (locked().to_text().unwrap(), locked().to_text().unwrap());
    assert_ne!(a, b);
    let seed = Base64UrlUnpadded::encode_string(golden::key("doctor").seed().as_slice());
    assert!(!a.contains(&seed) && !a.contains(PHRASE));
    assert!(!format!("{:?}", golden::key("doctor")).contains(&seed));
}

#[test]
fn an_empty_passphrase_locks_nothing() {
    for empty in ["", " \t"] {
        let refused = KeyFile::lock(&golden::key("doctor"), "a", "b", empty, &QUICK);
        assert_eq!(refused.unwrap_err(), SealError::WrongPassphrase);
    }
}

#[test]
fn every_damaged_byte_is_noticed_before_anybody_is_asked_for_a_passphrase() {
    let text = locked().to_text().unwrap();
    for i in 0..text.len() {
        for flip in [1u8, 2, 4, 0x10, 0x20, 0x80] {
            let mut bytes = text.clone().into_bytes();
            bytes[i] ^= flip;
            let Ok(damaged) = String::from_utf8(bytes) else {
                continue;
            };
            assert!(KeyFile::from_text(&damaged).is_err(), "byte {i}: {damaged}");
        }
        assert!(KeyFile::from_text(&text[..i]).is_err(), "cut at {i}");
    }
}

#[test]
fn a_forged_head_or_ciphertext_opens_nothing() {
    let text = locked().to_text().unwrap();
    let other = golden::key("stranger").public().x();
    let mine = golden::key("doctor").public().x();
    for (from, to) in [
        ("salimova", "rahimova"),
        (golden::FAC, "TJ-KT-BOX-02"),
        (mine.as_str(), other.as_str()),
        (r#""m_kib":19456"#, r#""m_kib":19457"#),
        (r#""t":2"#, r#""t":3"#),
        (r#""p":1"#, r#""p":2"#),
    ] {
        let forged = with_right_sum(&text.replace(from, to));
        let file = KeyFile::from_text(&forged).unwrap();
        assert_eq!(
            file.unlock(PHRASE).unwrap_err(),
            SealError::WrongPassphrase,
            "{to}"
        );
    }
    for member in [r#""salt":""#, r#""nonce":""#, r#""ct":""#] {
        let (before, after) = text.split_once(member).unwrap();
        let letter = if after.starts_with('A') { "B" } else { "A" };
        let forged = with_right_sum(&format!("{before}{member}{letter}{}", &after[1..]));
        let file = KeyFile::from_text(&forged).unwrap();
        assert_eq!(
            file.unlock(PHRASE).unwrap_err(),
            SealError::WrongPassphrase,
            "{member}"
        );
    }
    assert_eq!(with_right_sum(&text), text, "the forger's sum is the right one");
}

#[test]
fn a_hostile_file_gets_neither_memory_nor_time() {
    let text = locked().to_text().unwrap();
    let begun = Instant::now();
    for (from, to) in [
        (r#""m_kib":19456"#, r#""m_kib":4294967295"#),
        (r#""m_kib":19456"#, r#""m_kib":262145"#),
        (r#""m_kib":19456"#, r#""m_kib":19455"#),
        (r#""m_kib":19456"#, r#""m_kib":0"#),
        (r#""t":2"#, r#""t":11"#),
        (r#""t":2"#, r#""t":1"#),
        (r#""p":1"#, r#""p":5"#),
        (r#""p":1"#, r#""p":0"#),
    ] {
        let hostile = with_right_sum(&text.replace(from, to));
        assert_eq!(
            KeyFile::from_text(&hostile).unwrap_err(),
            SealError::KeyFileBounds,
            "{to}"
        );
    }
    for (from, to) in [
        (r#""m_kib":19456"#, r#""m_kib":1e9"#),
        (r#""m_kib":19456"#, r#""m_kib":-1"#),
        (r#""m_kib":19456"#, r#""m_kib":19456,"m_kib":19456"#),
        (r#""v":1"#, r#""v":2"#),
        ("argon2id", "argon2i"),
        (r#""v":1"#, r#""v":1,"hint":"a""#),
    ] {
        let hostile = with_right_sum(&text.replace(from, to));
        assert_eq!(
            KeyFile::from_text(&hostile).unwrap_err(),
            SealError::DamagedKeyFile,
            "{to}"
        );
    }
    for text in ["", "{}", "null", &"[".repeat(100_000), &format!("{text}{text}")] {
        assert_eq!(KeyFile::from_text(text).unwrap_err(), SealError::DamagedKeyFile);
    }
    assert!(begun.elapsed() < Duration::from_secs(2), "nothing was derived");
    for kdf in [
        Kdf {
            m_kib: 19_455,
            ..QUICK
        },
        Kdf { t: 1, ..QUICK },
        Kdf { p: 5, ..QUICK },
    ] {
        let refused = KeyFile::lock(&golden::key("doctor"), "a", "b", PHRASE, &kdf);
        assert_eq!(refused.unwrap_err(), SealError::KeyFileBounds, "{kdf:?}");
    }
}

#[test]
fn a_salt_or_nonce_of_another_length_is_damage() {
    let text = locked().to_text().unwrap();
    for member in ["salt", "nonce"] {
        let (before, after) = text.split_once(&format!(r#""{member}":""#)).unwrap();
        let (_, after) = after.split_once('"').unwrap();
        for value in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let forged = with_right_sum(&format!(r#"{before}"{member}":"{value}"{after}"#));
            let file = KeyFile::from_text(&forged).unwrap();
            assert_eq!(
                file.unlock(PHRASE).unwrap_err(),
                SealError::DamagedKeyFile,
                "{member} {value}"
            );
        }
    }
}

#[test]
fn a_key_file_of_the_first_version_opens_for_ever() {
    let path = vectors().join("golden/keyfile.json");
    let file = KeyFile::from_text(std::fs::read_to_string(path).unwrap().trim_end()).unwrap();
    assert_eq!(
        file.unlock(PHRASE).unwrap().public(),
        golden::key("doctor").public()
    );
}

#[test]
#[ignore = "writes the golden key file anew, with new randomness"]
fn write_the_key_file() {
    let text = locked().to_text().unwrap();
    std::fs::write(vectors().join("golden/keyfile.json"), format!("{text}\n")).unwrap();
}

#[test]
fn a_device_key_reads_back_and_damage_is_noticed() {
    let key = golden::key("device");
    let text = key.to_text();
    assert_eq!(SecretKey::from_text(&text).unwrap().public(), key.public());
    assert_eq!(
        SecretKey::from_text(text.trim_end()).unwrap().public(),
        key.public()
    );
    for i in 0..text.trim_end().len() {
        for flip in [1u8, 2, 8, 0x20] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[i] ^= flip;
            let damaged = String::from_utf8(bytes).unwrap();
            assert_eq!(
                SecretKey::from_text(&damaged).unwrap_err(),
                SealError::DamagedKeyFile,
                "byte {i}"
            );
        }
        assert!(SecretKey::from_text(&text[..i]).is_err(), "cut at {i}");
    }
}
