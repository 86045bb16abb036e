//! A ward's database that was put back by hand, and its registry: by real processes and files.

use std::path::Path;

use serde_json::Value;

use crate::registry::Registry;
use crate::support::ward::{WardDevice, birth};

const BIRTHS: [(&str, &str, &str, &str); 6] = [
    ("Раҳимова", "А 1234567", "1990-02-11", "03:12"),
    ("Бобоева", "А 7654321", "1991-03-12", "05:40"),
    ("Зоирова", "А 5555513", "1992-04-13", "09:20"),
    ("Шарипова", "А 2222225", "1993-05-14", "13:05"),
    ("Каримова", "А 3333346", "1994-06-15", "15:30"),
    ("Ҳақназарова", "А 4444457", "1995-07-16", "18:45"),
];

fn enrolled(registry: &Registry) -> WardDevice {
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    ward.must(&["push"]);
    ward
}

fn sign(ward: &WardDevice, n: usize) -> Value {
    let (surname, document, born, time) = BIRTHS[n];
    let mut event = birth(surname, document);
    event["birth"]["time"] = time.into();
    event["mother"]["born"] = born.into();
    ward.sign(&["record", "birth"], &event, "firuz")
}

fn status(ward: &WardDevice, signed: &Value) -> String {
    let shown = ward.must(&["show", signed["nid"].as_str().unwrap()]);
    shown[0]["status"].as_str().unwrap().to_owned()
}

fn put_back(ward: &WardDevice, copy: &Path) {
    let database = ward.dir().join("ogoh.db");
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", database.display()));
    }
    std::fs::copy(copy, database).unwrap();
}

fn copied(ward: &WardDevice, name: &str) -> std::path::PathBuf {
    let path = ward.home().join(name);
    std::fs::copy(ward.dir().join("ogoh.db"), &path).unwrap();
    path
}

#[test]
fn what_was_registered_comes_back_to_an_old_copy_that_was_put_back_by_hand() {
    for signed_before_the_push in [false, true] {
        let registry = Registry::new();
        let ward = enrolled(&registry);
        let mut all = vec![sign(&ward, 0)];
        ward.must(&["push"]);
        let old = copied(&ward, "old.db");
        all.extend((1..4).map(|n| sign(&ward, n)));
        ward.must(&["push"]);
        put_back(&ward, &old);
        assert_eq!(ward.ran(&["verify"]).code, 1);
        if signed_before_the_push {
            let next = sign(&ward, 4);
            assert_ne!(next["jid"], all[0]["jid"]);
            all.push(next);
        }
        ward.must(&["push"]);
        all.push(sign(&ward, 5));
        ward.must(&["push"]);
        for one in &all {
            assert_eq!(status(&ward, one), "registered");
        }
        assert_eq!(ward.ran(&["verify"]).code, 0, "{}", ward.ran(&["verify"]).out);
        assert_eq!(ward.ran(&["check"]).code, 0);
    }
}

#[test]
fn an_old_copy_without_its_witness_is_noticed_by_what_the_registry_says() {
    let registry = Registry::new();
    let ward = enrolled(&registry);
    let first = sign(&ward, 0);
    ward.must(&["push"]);
    // A copy of the whole folder: the witness is as old as the database.
    let old = copied(&ward, "old.db");
    let witness = std::fs::read(ward.dir().join("ogoh.witness")).unwrap();
    let later = sign(&ward, 1);
    ward.must(&["push"]);
    put_back(&ward, &old);
    std::fs::write(ward.dir().join("ogoh.witness"), witness).unwrap();
    assert_eq!(ward.ran(&["verify"]).code, 0, "nothing here can know");
    ward.must(&["push"]);
    let next = sign(&ward, 2);
    assert_ne!(next["jid"], first["jid"]);
    ward.must(&["push"]);
    for one in [&first, &later, &next] {
        assert_eq!(status(&ward, one), "registered");
    }
    assert_eq!(ward.ran(&["verify"]).code, 0);
}

/// Number and status of each.
fn numbers(ward: &WardDevice, all: &[Value]) -> Vec<(Value, Value)> {
    let shown = |one: &Value| ward.must(&["show", one["nid"].as_str().unwrap()])[0].clone();
    let all = all.iter().map(shown);
    all.map(|row| (row["status"].clone(), row["reg_no"].clone()))
        .collect()
}

#[test]
fn a_registry_that_was_set_back_gets_everything_back_by_one_push() {
    let mut registry = Registry::new();
    let mut ward = enrolled(&registry);
    let mut all = vec![sign(&ward, 0)];
    ward.must(&["push"]);
    let copy = registry.copy();
    ward.move_to(&registry.url);
    all.extend((1..4).map(|n| sign(&ward, n)));
    ward.must(&["push"]);
    let before = numbers(&ward, &all);
    registry.set_back(&copy);
    ward.move_to(&registry.url);
    let next = sign(&ward, 4);
    let told = ward.must(&["push"]).pop().unwrap();
    assert_eq!(
        (&told["given_back"], &told["left"]),
        (&3.into(), &0.into()),
        "{told}"
    );
    assert_eq!(numbers(&ward, &all), before);
    assert_eq!(ward.must(&["push"]).pop().unwrap()["given_back"], 0);
    // It has a number of its own once the office goes on.
    all.push(next);
    crate::support::until("the office goes on", || {
        ward.must(&["push"]);
        (status(&ward, &all[4]) == "registered").then_some(())
    });
    let given: std::collections::HashSet<String> = numbers(&ward, &all)
        .into_iter()
        .map(|(_, number)| number.to_string())
        .collect();
    assert_eq!(given.len(), 5, "{given:?}");
    assert_eq!(ward.ran(&["verify"]).code, 0);
    assert_eq!(registry.must(&["portal", "verify"]).code, 0);
}

#[test]
fn a_push_says_in_words_what_was_given_back() {
    for (lang, said) in [
        ("en", "restored from a copy; 2 notifications were given back"),
        ("ru", "возвращено уведомлений: 2"),
        ("tg", "2 огоҳинома баргардонида шуд"),
    ] {
        let mut registry = Registry::new();
        let mut ward = enrolled(&registry);
        let copy = registry.copy();
        ward.move_to(&registry.url);
        sign(&ward, 0);
        sign(&ward, 1);
        ward.must(&["push"]);
        registry.set_back(&copy);
        ward.move_to(&registry.url);
        let mut command = crate::support::ogoh();
        command
            .arg("--data-dir")
            .arg(ward.dir())
            .args(["push", "--lang", lang]);
        let ran = crate::support::run(&mut command);
        assert!(ran.code == 0 && ran.out.contains(said), "{} {}", ran.out, ran.err);
    }
}

#[test]
fn both_set_back_at_once_the_ward_names_what_nobody_has() {
    let mut registry = Registry::new();
    let mut ward = enrolled(&registry);
    let first = sign(&ward, 0);
    ward.must(&["push"]);
    let copy = registry.copy();
    ward.move_to(&registry.url);
    let old = copied(&ward, "old.db");
    sign(&ward, 1);
    sign(&ward, 2);
    ward.must(&["push"]);
    registry.set_back(&copy);
    ward.move_to(&registry.url);
    put_back(&ward, &old);
    let next = sign(&ward, 3);
    assert_ne!(next["jid"], first["jid"]);
    ward.must(&["push"]);
    assert_eq!(status(&ward, &first), "registered");
    let report = ward.ran(&["verify"]);
    let lost = &report.json()[0]["lost"][0];
    assert_eq!(
        (report.code, &lost["after"], &lost["seq"]),
        (1, &2.into(), &4.into())
    );
    // Recorded anew from the delivery book, and told.
    ward.must(&["verify", "--accept-lost"]);
    assert_eq!(ward.ran(&["verify"]).code, 0);
}

#[test]
fn a_push_that_is_killed_while_it_gives_back_is_finished_by_the_next() {
    if !crate::support::has_tool("strace", std::process::Command::new("strace").arg("-V")) {
        return;
    }
    let mut registry = Registry::new();
    let mut ward = enrolled(&registry);
    let copy = registry.copy();
    ward.move_to(&registry.url);
    let all: Vec<Value> = (0..5).map(|n| sign(&ward, n)).collect();
    ward.must(&["push"]);
    let before = numbers(&ward, &all);
    let mut killed = 0;
    for call in ["fdatasync", "sendto", "recvfrom"] {
        for when in (1..).step_by(3) {
            registry.set_back(&copy);
            ward.move_to(&registry.url);
            let ran = crate::support::killed_at(&ward.command(&["push"]), call, when);
            if ran.code == 0 {
                break;
            }
            killed += 1;
            ward.must(&["push"]);
            assert_eq!(numbers(&ward, &all), before, "{call} {when}");
            registry.must(&["portal", "verify"]);
            assert_eq!(
                ward.must(&["push"]).pop().unwrap()["given_back"],
                0,
                "{call} {when}"
            );
        }
    }
    assert!(killed > 3, "{killed}");
}
