//! What is signed here is read by libraries that know nothing of ogoh, and the other way round.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support;
use crate::support::{has_tool, run};
use ogoh::seal::{Jws, PublicKey, SecretKey, Typ, hash, jwks, sign};
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

const MODULES: &[&str] = &["jwt", "joserfc", "jwcrypto", "cryptography"];

/// Payloads that go each way between us and each script.
const COUNT: u64 = 1_000;

const LETTERS: [&str; 7] = [
    "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюяҶӮҒ",
    "ABCxyz'’-. ",
    "äöüßçñøåœžš",
    "漢字仮名ひらがな한글",
    "𐐷𐐨😀👩\u{200d}👧🇹🇯",
    // Marks that composing takes up into the letter before.
    "\u{304}\u{306}\u{308}\u{301}\u{327}",
    // What JSON has to escape, and what some writers escape besides.
    "\"\\/\0\u{8}\t\n\r\u{1f}\u{7f}\u{2028}\u{feff}",
];

/// Python with the given modules: `OGOH_PYTHON`, or else `python3`.
fn python_with(modules: &[&str]) -> Option<PathBuf> {
    let python = PathBuf::from(std::env::var_os("OGOH_PYTHON").unwrap_or_else(|| "python3".into()));
    let mut probe = Command::new(&python);
    probe.arg("-c").arg(format!("import {}", modules.join(", ")));
    has_tool(&format!("Python with {}", modules.join(", ")), &mut probe).then_some(python)
}

/// Node with the package `jose` in the folder that `OGOH_NODE_MODULES` names, or else in this one.
fn node_with_jose() -> Option<PathBuf> {
    let node = PathBuf::from("node");
    let mut probe = Command::new(&node);
    // Looks where `jose_check.mjs` looks; what needs a newer Node fails there, and loudly.
    probe.args([
        "-e",
        "require.resolve('jose', {paths: [process.env.OGOH_NODE_MODULES || '.']})",
    ]);
    has_tool("Node with jose", &mut probe).then_some(node)
}

fn check_script(python: &Path) -> Command {
    let mut command = Command::new(python);
    // One of the libraries warns that RFC 9864 renamed EdDSA; the name stays until all know the new one.
    command
        .args(["-W", "ignore"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/jose_check.py"));
    command
}

fn node_script(node: &Path) -> Command {
    let mut command = Command::new(node);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/jose_check.mjs"));
    command
}

/// The same values on every run, so that a failure can be repeated (SplitMix64).
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.draw() % n as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn text(&mut self) -> String {
        let letters: Vec<char> = [self.one_of(&LETTERS), self.one_of(&LETTERS)]
            .concat()
            .chars()
            .collect();
        let length = self.below(13);
        let typed: String = (0..length).map(|_| self.one_of(&letters)).collect();
        typed.nfc().collect()
    }

    /// 53 bits, what every JSON reader keeps; of any length, not only the long ones of an even chance.
    fn number(&mut self) -> i64 {
        let size = i64::try_from(self.draw() >> 11).unwrap() >> self.below(54);
        self.one_of(&[size, -size])
    }

    fn object(&mut self, depth: usize) -> Map<String, Value> {
        let length = self.below(4);
        (0..length).map(|_| (self.text(), self.value(depth))).collect()
    }

    /// What may be signed: composed text, whole numbers, no nulls.
    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth > 0 { 8 } else { 4 }) {
            0 => Value::Bool(self.one_of(&[false, true])),
            1 => Value::from(self.number()),
            2 | 3 => Value::String(self.text()),
            4 | 5 => {
                let length = self.below(4);
                Value::Array((0..length).map(|_| self.value(depth - 1)).collect())
            }
            _ => Value::Object(self.object(depth - 1)),
        }
    }
}

/// A journal whose bodies are as unlike each other as names and numbers are.
fn journal(keys: &[SecretKey], length: u64) -> Vec<String> {
    let mut chance = Chance(8_037);
    let mut prev = "A".repeat(43);
    let mut lines = Vec::new();
    for seq in 1..=length {
        let body = chance.object(4);
        let entry = json!({"v": 1, "t": "birth", "jid": "j", "seq": seq, "prev": prev, "body": body});
        let key = &keys[usize::try_from(seq).unwrap() % keys.len()];
        let line = sign(Typ::Entry, key, &entry).unwrap();
        prev = hash(&line);
        lines.push(line);
    }
    lines
}

/// Writes the keys and a journal of theirs; gives both files and the lines.
fn written(dir: &Path) -> ([PathBuf; 2], Vec<String>) {
    let keys: Vec<SecretKey> = (1..=3).map(|n| SecretKey::from_seed(&[n; 32])).collect();
    let public: Vec<PublicKey> = keys.iter().map(SecretKey::public).collect();
    let files = [dir.join("keys.jwks"), dir.join("entries.jws")];
    std::fs::write(&files[0], jwks(&public).to_string()).unwrap();
    let journal = journal(&keys, COUNT);
    std::fs::write(&files[1], journal.join("\n")).unwrap();
    (files, journal)
}

/// The text with the letter at `at` exchanged for another.
fn changed(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
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
    let (files, journal) = written(dir.path());
    let ran = run(check_script(&python).args(&files));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains(&format!("{COUNT} entries of 1 journals")),
        "{}",
        ran.out
    );

    // The check itself finds a missing line.
    let torn = [&journal[..10], &journal[11..40]].concat();
    std::fs::write(&files[1], torn.join("\n")).unwrap();
    let ran = run(check_script(&python).args(&files));
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("breaks at 12"), "{}", ran.err);
}

#[test]
fn jose_under_node_accepts_our_signatures_and_refuses_a_turned_bit() {
    let Some(node) = node_with_jose() else {
        return;
    };
    let dir = support::data_dir();
    let (files, mut journal) = written(dir.path());
    let ran = run(node_script(&node).args(&files));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains(&format!("{COUNT} entries")), "{}", ran.out);

    // The check itself finds a changed line, and no other.
    let line = &mut journal[10];
    *line = changed(line, line.rfind('.').unwrap() + 10);
    std::fs::write(&files[1], journal.join("\n")).unwrap();
    let ran = run(node_script(&node).args(&files));
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("line 11: jose refuses it"), "{}", ran.err);
    assert_eq!(ran.err.matches("jose refuses").count(), 1, "{}", ran.err);
}

/// Verifies what a script signs, and refuses each with a letter changed in any of its three parts.
fn accepted_and_refused(script: &mut Command) {
    let ran = run(script.arg("--sign").arg(COUNT.to_string()));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut seen = 0_u64;
    for line in ran.out.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let key = PublicKey::from_x(line["jwk"]["x"].as_str().unwrap()).unwrap();
        let text = line["jws"].as_str().unwrap();
        let jws = Jws::parse(text, Typ::Entry).unwrap();
        jws.verify(&key).unwrap();
        assert_eq!(jws.payload()["seq"], seen);
        let signed = text.rfind('.').unwrap();
        for at in [5, signed / 2, signed + 10] {
            let accepted = Jws::parse(&changed(text, at), Typ::Entry).is_ok_and(|j| j.verify(&key).is_ok());
            assert!(!accepted, "line {seen}: a change at {at} is accepted");
        }
        seen += 1;
    }
    assert_eq!(seen, COUNT);
}

#[test]
fn we_accept_foreign_signatures_and_refuse_a_turned_bit() {
    let Some(python) = python_with(MODULES) else {
        return;
    };
    accepted_and_refused(&mut check_script(&python));
}

#[test]
fn we_accept_signatures_of_jose_under_node_and_refuse_a_turned_bit() {
    let Some(node) = node_with_jose() else {
        return;
    };
    accepted_and_refused(&mut node_script(&node));
}
