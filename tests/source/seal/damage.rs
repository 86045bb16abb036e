//! Whatever is done to a signed text: it is read as it was signed, or not at all.

use base64ct::{Base64UrlUnpadded, Encoding};
use ogoh::seal::{Jws, KeyFile, PublicKey, SealError, SecretKey, Typ, read_enrolment, sign};
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::golden;

/// Whether a text is taken as the doctor's entry.
fn accepted(text: &str) -> bool {
    let key = golden::key("doctor").public();
    Jws::parse(text, Typ::Entry).is_ok_and(|jws| jws.verify(&key).is_ok())
}

fn birth() -> String {
    golden::journal()[1].1.clone()
}

#[test]
fn no_flipped_bit_is_ever_accepted() {
    let text = birth();
    assert!(accepted(&text));
    for i in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[i] ^= 1 << bit;
            let Ok(flipped) = String::from_utf8(bytes) else {
                continue;
            };
            assert!(!accepted(&flipped), "byte {i} bit {bit}");
        }
    }
}

#[test]
fn no_cut_shortened_or_lengthened_text_is_accepted() {
    let text = birth();
    for i in 0..text.len() {
        assert!(!accepted(&text[..i]), "cut at {i}");
        assert!(!accepted(&text[i + 1..]), "begun at {i}");
        let mut without = text.clone();
        without.remove(i);
        assert!(!accepted(&without), "without {i}");
        for letter in ['A', '.', '=', ' ', '\0'] {
            let mut with = text.clone();
            with.insert(i, letter);
            assert!(!accepted(&with), "with {letter:?} at {i}");
        }
    }
}

#[test]
fn a_text_of_one_kind_is_no_text_of_another() {
    let all = [
        Typ::Entry,
        Typ::Receipt,
        Typ::Trust,
        Typ::Enrol,
        Typ::Heartbeat,
        Typ::Bundle,
        Typ::Auth,
    ];
    for made in all {
        let text = sign(made, &golden::key("device"), &serde_json::json!({"a": 1})).unwrap();
        for taken in all {
            assert_eq!(
                Jws::parse(&text, taken).is_ok(),
                made == taken,
                "{made:?} as {taken:?}"
            );
        }
    }
}

#[test]
fn the_longest_text_is_64_kib_to_the_byte() {
    let signed = |n: usize| {
        sign(
            Typ::Entry,
            &golden::key("doctor"),
            &serde_json::json!({"a": "a".repeat(n)}),
        )
    };
    let longest = (48_000..49_152).rev().find_map(|n| signed(n).ok()).unwrap();
    assert!((65_533..=65_536).contains(&longest.len()), "{}", longest.len());
    assert!(accepted(&longest));
    assert!(signed(49_152).is_err());
    let read = |n: usize| Jws::parse(&"A".repeat(n), Typ::Entry).unwrap_err();
    assert_eq!(
        (read(65_536), read(65_537)),
        (SealError::NotCompact, SealError::TooLong)
    );
}

/// Any JSON, what is refused included.
fn any_json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-9_007_199_254_740_992i64..=9_007_199_254_740_992).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
    ];
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        3 => any::<bool>().prop_map(Value::from),
        3 => number,
        6 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(20, 64, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            object(inner).prop_map(Value::Object),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[а-яғӣқӯҳҷё -]{0,12}",
        "\\PC{0,8}",
        any::<String>(),
        Just("и\u{304}".to_owned())
    ]
}

fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("[a-z_]{0,6}|ӣ|\\PC", inner, 0..4).prop_map(|m| m.into_iter().collect())
}

/// What is allowed: integers within 53 bits, composed text.
fn strict_json() -> impl Strategy<Value = Value> {
    use unicode_normalization::UnicodeNormalization;
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<String>().prop_map(|s| Value::from(s.nfc().collect::<String>())),
    ];
    leaf.prop_recursive(8, 48, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-zӣ]{0,6}", inner, 0..4)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_signed_is_read_back(body in strict_json(), seed in any::<[u8; 32]>()) {
        let key = SecretKey::from_seed(&seed);
        let payload = serde_json::json!({ "body": body });
        let text = sign(Typ::Entry, &key, &payload).unwrap();
        let jws = Jws::parse(&text, Typ::Entry).unwrap();
        prop_assert_eq!(jws.verify(&PublicKey::from_x(&key.public().x()).unwrap()), Ok(()));
        prop_assert_eq!(jws.payload(), &payload);
        prop_assert_eq!(jws.text(), text.as_str());
        prop_assert!(jws.verify(&golden::key("stranger").public()).is_err());
    }

    #[test]
    fn what_may_not_be_read_is_not_signed(body in any_json()) {
        let key = golden::key("doctor");
        let payload = serde_json::json!({ "body": body });
        let signed = sign(Typ::Entry, &key, &payload);
        let plain = birth();
        let header = plain.split('.').next().unwrap();
        let bytes = Base64UrlUnpadded::encode_string(payload.to_string().as_bytes());
        let read = Jws::parse(&format!("{header}.{bytes}.{}", plain.rsplit('.').next().unwrap()), Typ::Entry);
        match (signed, read) {
            (Ok(_), Ok(read)) => prop_assert_eq!(read.payload(), &payload),
            (Err(one), Err(other)) => prop_assert_eq!(one.code(), other.code()),
            (one, other) => prop_assert!(false, "{one:?} {:?}", other.map(|_| ())),
        }
    }

    #[test]
    fn several_flipped_bits_are_never_accepted(flips in prop::collection::vec((any::<prop::sample::Index>(), 0..7u8), 1..6)) {
        let text = birth();
        let mut bytes = text.clone().into_bytes();
        for (at, bit) in &flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        let flipped = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(accepted(&flipped), flipped == text);
    }

    #[test]
    fn no_text_brings_a_reader_down(text in prop_oneof![any::<String>(), "[A-Za-z0-9_.-]{0,300}", "\\{\"head\":.{0,80}"]) {
        for typ in [Typ::Entry, Typ::Auth] {
            prop_assert!(Jws::parse(&text, typ).is_err());
        }
        prop_assert!(KeyFile::from_text(&text).is_err());
        prop_assert!(SecretKey::from_text(&text).is_err());
        prop_assert!(read_enrolment(&text).is_err());
        let _ = PublicKey::from_x(&text);
    }
}
