//! Commands as a hospital's system or script meets them: what works, and what bad input gets.

use crate::support;
use crate::support::ward::{WardDevice, birth};
use crate::support::{ogoh, run};
use serde_json::{Value, json};

/// A device with a database that whoever has the file can read and change.
pub fn plain() -> WardDevice {
    WardDevice::alone("encrypt = false\n")
}

fn entries(ward: &WardDevice) -> Vec<String> {
    ward.ran(&["export", "--format", "jws"])
        .out
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_recorded_birth_is_listed_found_shown_and_verified() {
    let ward = WardDevice::new();
    let signed = ward.sign(&["record", "birth"], &birth("Ҳақназарова", "А 01410027"), "mehri");
    let nid = signed["nid"].as_str().unwrap();
    assert_eq!(signed["status"], "signed");
    let listed = ward.must(&["list"]);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["nid"], nid);
    for query in ["хакназарова", "Ҳақназ", "01410027"] {
        let found = ward.must(&["search", query]);
        assert_eq!(found.len(), 1, "{query}");
        assert_eq!(found[0]["nid"], nid, "{query}");
    }
    assert!(ward.must(&["search", "раҳимова"]).is_empty());
    let shown = ward.must(&["show", nid]);
    assert_eq!(
        shown[0]["body"]["mother"]["surname"], "Ҳақназарова",
        "stored text is never folded"
    );
    assert_eq!(shown[0]["timeline"][0]["what"], "signed");
    let report = ward.must(&["verify"]);
    assert_eq!(
        (&report[0]["sound"], &report[0]["entries"]),
        (&json!(true), &json!(2))
    );
    // The opening entry by the device, then the birth.
    assert_eq!(entries(&ward).len(), 2);
    let keys = ward.must(&["keys", "--jwks"]);
    assert_eq!(keys[0]["keys"].as_array().unwrap().len(), 4);
    assert_eq!(keys[0]["keys"][0]["kty"], "OKP");
}

#[test]
fn a_file_from_standard_input_is_recorded_too() {
    use std::io::Write;
    let ward = WardDevice::new();
    let mut child = ward
        .command_as(&["record", "birth", "--from", "-"], "mehri")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let text = birth("Раҳимзода", "А 01410028").to_string();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["seq"], 2);
}

#[test]
fn bad_input_is_refused_by_place_and_nothing_is_stored() {
    let ward = WardDevice::new();
    let good = birth("Раҳимзода", "А 01410029");
    let with = |pointer: &str, value: Value| {
        let mut event = good.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        event.pointer_mut(parent).unwrap()[name] = value;
        event.to_string()
    };
    let cases = [
        ("{\"birth\": ".to_owned(), "line 1"),
        (with("/birth/weight", json!("heavy")), "birth.weight"),
        (with("/birth/colour", json!(1)), "birth.colour"),
        (with("/birth/date", json!("2026-02-30")), "2026-02-30"),
        (with("/child/sex", json!("boy")), "male, female"),
        (with("/mother/district", json!("TJ-XX-01")), "TJ-XX-01"),
    ];
    for (text, says) in cases {
        let file = ward.file("bad.json", &text);
        let ran = ward.ran_as(&["record", "birth", "--from", &file], "mehri");
        assert_eq!(ran.code, 1, "{text}");
        let said = ran.json().pop().unwrap();
        assert!(said["details"].to_string().contains(says), "{says}: {said}");
    }
    // What the rules refuse is found after the form, with the findings.
    let file = ward.file("bad.json", &with("/birth/weight", json!(33500)));
    let ran = ward.ran_as(&["record", "birth", "--from", &file], "mehri");
    assert_eq!(ran.code, 1);
    assert!(
        ran.json()[0]["findings"].to_string().contains("B02"),
        "{}",
        ran.out
    );
    assert!(
        entries(&ward).is_empty(),
        "nothing was signed, not even a journal opened"
    );
}

#[test]
fn a_message_comes_in_the_chosen_language() {
    for (lang, says) in [("tg", "Вазн"), ("ru", "Масса тела"), ("en", "Weight")] {
        let dir = support::data_dir();
        let file = dir.path().join("bad.json");
        std::fs::write(&file, r#"{"birth": {"weight": "x"}}"#).unwrap();
        let ran = run(ogoh()
            .args(["check-event", "birth", "--lang", lang, "--from"])
            .arg(&file));
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains(says), "{}", ran.err);
    }
}

#[test]
fn a_wrong_passphrase_a_wrong_role_and_a_damaged_key_sign_nothing() {
    let ward = plain();
    let file = ward.file("event.json", &birth("Раҳимзода", "А 01410030").to_string());
    let wrong = ward.file("wrong.pass", "not it\n");
    let refused = |login: &str, pass: &str| {
        let ran = ward.ran(&[
            "record",
            "birth",
            "--from",
            &file,
            "--sign-as",
            login,
            "--passphrase-file",
            pass,
        ]);
        assert_eq!(ran.code, 1, "{}", ran.out);
        ran.json().pop().unwrap()
    };
    assert_eq!(refused("mehri", &wrong)["error"], "seal-wrong-passphrase");
    assert_eq!(refused("nobody", &wrong)["error"], "cli-no-such-user");
    // An administrator signs no notifications (rule C06).
    assert!(
        refused("nigora", &ward.pass("nigora"))
            .to_string()
            .contains("C06")
    );
    let db = rusqlite::Connection::open(ward.dir().join("ogoh.db")).unwrap();
    db.execute(
        "UPDATE people SET key_blob = substr(key_blob, 1, 60) WHERE login = 'mehri'",
        [],
    )
    .unwrap();
    assert_eq!(
        refused("mehri", &ward.pass("mehri"))["error"],
        "seal-damaged-key-file"
    );
    assert!(entries(&ward).is_empty());
}

#[test]
fn what_the_surroundings_lack_is_said_with_what_to_do() {
    let dir = support::data_dir();
    let said = |args: &[&str], data: &std::path::Path| {
        let ran = run(ogoh()
            .arg("--data-dir")
            .arg(data)
            .args(args)
            .args(["--lang", "en"]));
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        (ran.code, ran.err)
    };
    let (code, err) = said(&["list"], dir.path());
    assert_eq!(code, 1);
    assert!(err.contains("ogoh init"), "{err}");

    let ward = plain();
    let db = rusqlite::Connection::open(ward.dir().join("ogoh.db")).unwrap();
    db.pragma_update(None, "user_version", 9999).unwrap();
    drop(db);
    let (code, err) = said(&["list"], &ward.dir());
    assert_eq!(code, 1);
    assert!(err.contains('→'), "a hint says what to do: {err}");

    let ward = WardDevice::new();
    std::fs::write(
        ward.dir().join("ogoh.db"),
        "no database at all, just some text in a file".repeat(40),
    )
    .unwrap();
    let _ = std::fs::remove_file(ward.dir().join("ogoh.db-wal"));
    let (code, err) = said(&["list"], &ward.dir());
    assert_eq!(code, 1, "{err}");

    let ward = WardDevice::new();
    std::fs::write(ward.dir().join("device.key"), "ogoh-key-1 nonsense").unwrap();
    let (code, err) = said(&["list"], &ward.dir());
    assert_eq!(code, 1);
    assert!(err.contains("damaged"), "{err}");

    let (code, err) = said(&["fly"], dir.path());
    assert_eq!((code, err.contains("fly")), (2, true));
}

#[test]
fn a_portal_out_of_reach_exits_3_and_loses_nothing() {
    let ward = WardDevice::new();
    ward.sign(&["record", "birth"], &birth("Раҳимзода", "А 01410031"), "mehri");
    let ran = ward.ran(&["push"]);
    assert_eq!(ran.code, 3, "{} {}", ran.out, ran.err);
    assert_eq!(ward.must(&["list", "--worklist", "unsent"]).len(), 1);
    assert_eq!(ward.must(&["verify"])[0]["sound"], true);
}

#[test]
fn a_changed_removed_or_exchanged_entry_is_named() {
    let tamper = |sql: &str| {
        let ward = plain();
        for (surname, document) in [
            ("Раҳимзода", "А 01410031"),
            ("Ғаниева", "А 02290415"),
            ("Мирзоева", "А 03017738"),
        ] {
            ward.sign(&["record", "birth"], &birth(surname, document), "mehri");
        }
        let db = rusqlite::Connection::open(ward.dir().join("ogoh.db")).unwrap();
        db.pragma_update(None, "foreign_keys", false).unwrap();
        // Whoever holds the file can take its own protection away.
        db.execute_batch("DROP TRIGGER entries_stay; DROP TRIGGER entries_unchanged;")
            .unwrap();
        db.execute_batch(sql).unwrap();
        drop(db);
        let ran = ward.ran(&["verify"]);
        assert_eq!(ran.code, 1, "{sql}: {}", ran.out);
        ran.json()[0]["bad"][0].clone()
    };
    assert_eq!(
        tamper("UPDATE entries SET jws = replace(jws, substr(jws, 300, 1), 'A') WHERE seq = 2")["seq"],
        2
    );
    assert_eq!(
        tamper("DELETE FROM entries WHERE seq = 3")["seq"],
        4,
        "the entry after the gap"
    );
    assert_eq!(
        tamper(
            "UPDATE entries SET jws = (SELECT e.jws FROM entries e WHERE e.seq = 5 - entries.seq) WHERE seq IN (2, 3)"
        )["seq"],
        2
    );
}
