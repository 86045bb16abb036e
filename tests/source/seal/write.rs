//! Writes the vectors. They are committed and change only on purpose:
//! `cargo test --test source -- --ignored`.
//!
//! The signature of each text holds over its bytes unless the signature is what is wrong, so that
//! nothing but the named fault can have it refused. Texts are put together by hand here, never by
//! the code under test.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signer, SigningKey};

use super::{KID, RFC8037_D, vectors};

const PAYLOAD: &str = r#"{"v":1,"t":"birth"}"#;

/// Name of the file, expected refusal, why that matters, text.
pub type Wrong = (&'static str, &'static str, &'static str, String);

fn b64(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn key() -> SigningKey {
    let seed = Base64UrlUnpadded::decode_vec(RFC8037_D).unwrap();
    SigningKey::from_bytes(&seed.try_into().unwrap())
}

fn signed_parts(header: &str, payload: &str) -> String {
    let input = format!("{header}.{payload}");
    let signature = key().sign(input.as_bytes()).to_bytes();
    format!("{input}.{}", b64(&signature))
}

fn signed_bytes(header: &str, payload: &[u8]) -> String {
    signed_parts(&b64(header.as_bytes()), &b64(payload))
}

fn header() -> String {
    format!(r#"{{"alg":"EdDSA","kid":"{KID}","typ":"ogoh-entry+jws"}}"#)
}

/// A text with this header.
fn with_header(header: &str) -> String {
    signed_bytes(header, PAYLOAD.as_bytes())
}

/// A text whose header has one more member.
fn with_member(member: &str) -> String {
    with_header(&format!(
        r#"{{"alg":"EdDSA","kid":"{KID}","typ":"ogoh-entry+jws",{member}}}"#
    ))
}

fn with_alg(alg: &str) -> String {
    with_header(&header().replace(r#""EdDSA""#, alg))
}

fn with_typ(typ: &str) -> String {
    with_header(&header().replace("ogoh-entry+jws", typ))
}

/// A text with this payload.
fn with_payload(payload: &str) -> String {
    signed_bytes(&header(), payload.as_bytes())
}

fn plain() -> String {
    with_payload(PAYLOAD)
}

fn nested(depth: usize) -> String {
    format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1))
}

/// Replaces the last character of a base64url part by one that differs in unused bits only.
fn stray_bits(part: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = part.split_at(part.len() - 1);
    assert!(!part.len().is_multiple_of(4), "this part has no unused bits");
    let place = ALPHABET.find(last).unwrap();
    format!("{rest}{}", &ALPHABET[place + 1..=place + 1])
}

#[rustfmt::skip]
fn in_header() -> Vec<Wrong> {
    let h = header();
    vec![
        ("header-member-jwk", "header members", "A key inside the text would let anybody sign.", with_member(r#""jwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)),
        ("header-member-jku", "header members", "An address inside the text would have a verifier fetch a key.", with_member(r#""jku":"https://example.org/keys""#)),
        ("header-member-x5c", "header members", "A certificate inside the text is no trust.", with_member(r#""x5c":["MIIB"]"#)),
        ("header-member-crit", "header members", "A critical extension that we do not know (RFC 7515, 4.1.11).", with_member(r#""crit":["exp"]"#)),
        ("header-member-b64", "header members", "An unencoded payload (RFC 7797) would be another text to sign.", with_member(r#""b64":false"#)),
        ("header-member-zip", "header members", "Compression would hide how long a payload is.", with_member(r#""zip":"DEF""#)),
        ("header-without-alg", "header alg", "", with_header(&h.replace(r#""alg":"EdDSA","#, ""))),
        ("header-without-kid", "header kid", "", with_header(&h.replace(&format!(r#""kid":"{KID}","#), ""))),
        ("header-without-typ", "header typ", "Without a type a receipt could pass for an entry.", with_header(&h.replace(r#","typ":"ogoh-entry+jws""#, ""))),
        ("header-duplicate-alg", "header json", "Two readers would take two algorithms.", with_header(&h.replace(r#""alg""#, r#""alg":"none","alg""#))),
        ("header-duplicate-typ", "header json", "", with_header(&h.replace(r#""typ""#, r#""typ":"ogoh-receipt+jws","typ""#))),
        ("header-duplicate-escaped", "header json", "The same name, once written with an escape.", with_header(&h.replace(r#""typ""#, r#""\u0074yp":"ogoh-receipt+jws","typ""#))),
        ("header-null", "header json", "", with_header(&h.replace(r#""ogoh-entry+jws""#, "null"))),
        ("header-number", "header alg", "", with_alg("1")),
        ("header-array", "header object", "", with_header(r#"["EdDSA"]"#)),
        ("header-empty", "header json", "", with_header("")),
        ("header-trailing-text", "header json", "", with_header(&format!("{h}{h}"))),
        ("alg-none", "header alg", "The oldest attack on JWS.", with_alg(r#""none""#)),
        ("alg-hs256", "header alg", "A public key taken for a shared secret.", with_alg(r#""HS256""#)),
        ("alg-es256", "header alg", "", with_alg(r#""ES256""#)),
        ("alg-ed448", "header alg", "", with_alg(r#""Ed448""#)),
        ("alg-lower-case", "header alg", "Names are compared exactly.", with_alg(r#""eddsa""#)),
        ("kid-short", "header kid", "", with_header(&h.replace(KID, "kPrK"))),
        ("kid-stray-bits", "header kid", "One key, one way to write its name.", with_header(&h.replace(KID, &stray_bits(KID)))),
        ("kid-padded", "header kid", "", with_header(&h.replace(KID, &format!("{KID}=")))),
        ("kid-of-another-key", "unknown-key", "", with_header(&h.replace(KID, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))),
        ("typ-receipt", "wrong-type", "A receipt is no entry.", with_typ("ogoh-receipt+jws")),
        ("typ-auth", "wrong-type", "A bearer token is no entry.", with_typ("ogoh-auth+jwt")),
        ("typ-jwt", "wrong-type", "", with_typ("JWT")),
        ("typ-upper-case", "wrong-type", "", with_typ("OGOH-ENTRY+JWS")),
        ("typ-media-type", "wrong-type", "", with_typ("application/ogoh-entry+jws")),
    ]
}

#[rustfmt::skip]
fn in_form() -> Vec<Wrong> {
    let text = plain();
    let parts: Vec<&str> = text.split('.').collect();
    let [head, payload, signature] = [parts[0], parts[1], parts[2]];
    let header_22 = &b64(header().replace("\",\"kid", "\" ,\"kid").as_bytes());
    let longest = format!(r#"{{"a":"{}"}}"#, "a".repeat(50_000));
    vec![
        ("empty", "not-compact", "", String::new()),
        ("one-part", "not-compact", "", head.to_owned()),
        ("two-parts", "not-compact", "An unsecured text leaves the signature away.", format!("{head}.{payload}")),
        ("four-parts", "not-compact", "", format!("{text}.{signature}")),
        ("five-parts", "not-compact", "The form of an encrypted text.", format!("{head}.{payload}.{signature}.{payload}.{signature}")),
        ("json-form", "not-compact", "The JSON serialisation.", format!(r#"{{"protected":"{head}","payload":"{payload}","signature":"{signature}"}}"#)),
        ("padding-in-header", "not-compact", "", signed_parts(&format!("{head}="), payload)),
        ("padding-in-payload", "not-compact", "", signed_parts(head, &format!("{payload}=="))),
        ("padding-in-signature", "not-compact", "", format!("{text}==")),
        ("stray-bits-in-header", "not-compact", "Bits that carry nothing would give one text many hashes.", signed_parts(&stray_bits(header_22), payload)),
        ("stray-bits-in-payload", "not-compact", "", signed_parts(head, &stray_bits(payload))),
        ("stray-bits-in-signature", "not-compact", "", format!("{head}.{payload}.{}", stray_bits(signature))),
        ("standard-alphabet", "not-compact", "`+` and `/` instead of `-` and `_`.", signed_parts(head, Base64::encode_string(r#"{"a":"~~~???"}"#.as_bytes()).trim_end_matches('='))),
        ("blank-before", "not-compact", "", format!(" {text}")),
        ("blank-inside", "not-compact", "", format!("{head}. {payload}.{signature}")),
        ("line-break-after", "not-compact", "", format!("{text}\n")),
        ("line-break-inside", "not-compact", "", format!("{head}.{payload}\n.{signature}")),
        ("letter-of-another-alphabet", "not-compact", "A Cyrillic letter that looks like a Latin one.", text.replacen('e', "е", 1)),
        ("over-long", "too-long", "More than 64 KiB.", with_payload(&longest)),
    ]
}

#[rustfmt::skip]
fn in_signature() -> Vec<Wrong> {
    let text = plain();
    let (input, signature) = text.rsplit_once('.').unwrap();
    let bytes = Base64UrlUnpadded::decode_vec(signature).unwrap();
    let with = |bytes: &[u8]| format!("{input}.{}", b64(bytes));
    let mut changed = bytes.clone();
    changed[0] ^= 1;
    let mut longer = bytes.clone();
    longer.push(0);
    let other = SigningKey::from_bytes(&[7; 32]).sign(input.as_bytes()).to_bytes();
    let only_payload = key().sign(PAYLOAD.as_bytes()).to_bytes();
    let moved = with_payload(r#"{"v":1,"t":"death"}"#);
    vec![
        ("signature-changed", "bad-signature", "", with(&changed)),
        ("signature-empty", "bad-signature", "", with(&[])),
        ("signature-zero", "bad-signature", "", with(&[0; 64])),
        ("signature-short", "bad-signature", "", with(&bytes[..63])),
        ("signature-long", "bad-signature", "", with(&longer)),
        ("signature-malleable", "bad-signature", "The order of the group added to S: verifies where nobody looks.", with(&plus_order(&bytes))),
        ("signature-by-another-key", "bad-signature", "", with(&other)),
        ("signature-over-payload-only", "bad-signature", "", with(&only_payload)),
        ("signature-of-another-text", "bad-signature", "", format!("{input}.{}", moved.rsplit_once('.').unwrap().1)),
    ]
}

/// Adds the order of the group to S, the second half (little endian).
fn plus_order(signature: &[u8]) -> Vec<u8> {
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut out = signature.to_vec();
    let mut carry = 0;
    for (i, byte) in order.iter().enumerate() {
        let sum = u16::from(out[32 + i]) + u16::from(*byte) + carry;
        out[32 + i] = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    out
}

#[rustfmt::skip]
fn in_payload() -> Vec<Wrong> {
    vec![
        ("payload-duplicate-key", "payload duplicate", "One reader registers a girl, another a boy.", with_payload(r#"{"sex":"f","sex":"m"}"#)),
        ("payload-duplicate-key-deep", "payload duplicate", "", with_payload(r#"{"body":[{"a":1,"a":1}]}"#)),
        ("payload-duplicate-key-escaped", "payload duplicate", "The same name, once written with an escape.", with_payload(r#"{"sex":"f","\u0073ex":"m"}"#)),
        ("payload-float", "payload number", "Weights are whole grams.", with_payload(r#"{"weight":3250.5}"#)),
        ("payload-float-whole", "payload number", "", with_payload(r#"{"weight":3250.0}"#)),
        ("payload-exponent", "payload number", "", with_payload(r#"{"weight":3e3}"#)),
        ("payload-negative-zero", "payload number", "", with_payload(r#"{"weight":-0}"#)),
        ("payload-integer-too-large", "payload number", "2^53: JavaScript would read another number (RFC 7493).", with_payload(r#"{"n":9007199254740992}"#)),
        ("payload-integer-too-small", "payload number", "", with_payload(r#"{"n":-9007199254740992}"#)),
        ("payload-integer-beyond-64-bits", "payload number", "", with_payload(r#"{"n":18446744073709551616}"#)),
        ("payload-nan", "payload json", "", with_payload(r#"{"n":NaN}"#)),
        ("payload-leading-zero", "payload json", "", with_payload(r#"{"n":01}"#)),
        ("payload-null", "payload null", "What is not known is said, not left empty.", with_payload(r#"{"father":null}"#)),
        ("payload-not-nfc", "payload nfc", "ӣ as и with a macron: the same name in other bytes.", with_payload("{\"name\":\"Ал\u{438}\u{304}\"}")),
        ("payload-not-nfc-escaped", "payload nfc", "", with_payload(r#"{"name":"\u0438\u0304"}"#)),
        ("payload-not-nfc-name", "payload nfc", "", with_payload("{\"\u{438}\u{304}\":1}")),
        ("payload-lone-surrogate", "payload json", "", with_payload(r#"{"name":"\ud800"}"#)),
        ("payload-control-character", "payload json", "", with_payload("{\"name\":\"a\u{1}\"}")),
        ("payload-invalid-utf-8", "payload utf-8", "", signed_bytes(&header(), b"{\"name\":\"\xff\"}")),
        ("payload-overlong-utf-8", "payload utf-8", "A slash in two bytes.", signed_bytes(&header(), b"{\"name\":\"\xc0\xaf\"}")),
        ("payload-byte-order-mark", "payload json", "", with_payload("\u{feff}{\"a\":1}")),
        ("payload-17-deep", "payload depth", "", with_payload(&nested(17))),
        ("payload-10000-deep", "payload depth", "A stack must not overflow.", with_payload(&"[".repeat(10_000))),
        ("payload-array", "payload object", "", with_payload("[1]")),
        ("payload-text", "payload object", "", with_payload(r#""entry""#)),
        ("payload-number", "payload object", "", with_payload("1")),
        ("payload-empty", "payload json", "", with_payload("")),
        ("payload-cut", "payload json", "", with_payload(r#"{"v":1,"t":"bir"#)),
        ("payload-trailing-text", "payload json", "", with_payload(r#"{"v":1}{"v":2}"#)),
        ("payload-trailing-comma", "payload json", "", with_payload(r#"{"v":1,}"#)),
        ("payload-comment", "payload json", "", with_payload(r#"{"v":1/* 2 */}"#)),
        ("payload-single-quotes", "payload json", "", with_payload("{'v':1}")),
        ("payload-deflated", "payload utf-8", "", signed_bytes(&header(), &[0xab, 0x56, 0x2a, 0x53, 0xb2, 0x32, 0xac, 0x05, 0x00])),
    ]
}

#[rustfmt::skip]
fn right() -> Vec<(&'static str, String)> {
    let other_order = format!(r#"{{"typ":"ogoh-entry+jws","kid":"{KID}","alg":"EdDSA"}}"#);
    let tall = format!("{{ \"typ\": \"ogoh-entry+jws\",\n\"kid\": \"{KID}\",\t\"alg\": \"EdDSA\" }}");
    let letters = "{\"name\":\"Ҷамшед Ғафурӣ Қосимзода Ӯлмасҳон ё 𐐷\",\"escaped\":\"\\u04e3\\ud801\\udc37\"}";
    let numbers =
        r#"{"most":9007199254740991,"least":-9007199254740991,"none":0,"yes":true,"empty":[{},[],""]}"#;
    vec![
        ("alg-ed25519", with_alg(r#""Ed25519""#)),
        ("header-in-another-order", with_header(&other_order)),
        ("header-with-blanks", with_header(&tall)),
        ("payload-letters", with_payload(letters)),
        ("payload-numbers", with_payload(numbers)),
        ("payload-16-deep", with_payload(&nested(16))),
        ("payload-with-blanks", with_payload("\n{ \"a\" : [ 1 , 2 ] }\t")),
    ]
}

/// Writes all files.
pub fn all() {
    for (name, expect, why, text) in [in_header(), in_form(), in_signature(), in_payload()].concat() {
        let why = if why.is_empty() {
            String::new()
        } else {
            format!("why: {why}\n")
        };
        let file = format!("expect: {expect}\n{why}\n{text}\n");
        std::fs::write(vectors().join("wrong").join(format!("{name}.jws")), file).unwrap();
    }
    for (name, text) in right() {
        std::fs::write(
            vectors().join("right").join(format!("{name}.jws")),
            format!("{text}\n"),
        )
        .unwrap();
    }
    for (name, text) in super::golden::all() {
        std::fs::write(
            vectors().join("golden").join(format!("{name}.jws")),
            format!("{text}\n"),
        )
        .unwrap();
    }
}
