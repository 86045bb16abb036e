//! A ward's folder as version 0.1 left it, plain and encrypted.

use serde_json::{Value, json};

use crate::support::kept::{Copy, expected};

/// Writes a file beside the copies.
fn file(copy: &Copy, name: &str, text: &str) -> String {
    std::fs::write(copy.path(name), text).unwrap();
    copy.path(name).display().to_string()
}

/// Signs as one of the people, answering every warning that asks.
#[track_caller]
fn sign(copy: &Copy, folder: &str, args: &[&str], login: &str, people: &Value) -> Value {
    let person = people.as_array().unwrap().iter().find(|p| p["login"] == login);
    let phrase = person.unwrap()["passphrase"].as_str().unwrap();
    let pass = file(copy, "pass.txt", &format!("{phrase}\n"));
    let mut all: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
    all.extend(["--sign-as", login, "--passphrase-file", &pass].map(str::to_owned));
    let said = |all: &[String]| copy.ran(folder, &all.iter().map(String::as_str).collect::<Vec<_>>());
    let mut ran = said(&all);
    if let Some(found) = ran.json().last().and_then(|l| l["findings"].as_array().cloned()) {
        let asks = found
            .iter()
            .filter(|f| f["severity"] == "W" && f["answer"].is_null());
        let rules: Vec<&str> = asks.map(|f| f["rule"].as_str().unwrap()).collect();
        if ran.code != 0 && !rules.is_empty() {
            for rule in rules {
                all.extend(["--answer".to_owned(), format!("{rule}=verified")]);
            }
            ran = said(&all);
        }
    }
    assert_eq!(ran.code, 0, "{all:?}: {} {}", ran.out, ran.err);
    ran.json().pop().unwrap()
}

fn nid_of<'a>(wanted: &'a Value, name: &str) -> &'a str {
    let all = wanted["notifications"].as_array().unwrap();
    let named = all.iter().find(|n| n["name"] == name).unwrap();
    named["nid"].as_str().unwrap()
}

/// A month in which nothing happened.
fn tally(month: &str) -> [&str; 8] {
    let counts = ["--births", "--foetal-deaths", "--deaths"];
    ["tally", month, counts[0], "0", counts[1], "0", counts[2], "0"]
}

#[test]
fn a_ward_of_the_first_version_opens_with_every_standing_and_draft() {
    let (copy, wanted) = (Copy::of(&["ward"]), expected("sqlite"));
    copy.is_as_it_was("ward", &wanted);
    let left = copy.must("ward", &["list", "--worklist", "left-to-registry"]);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["nid"], nid_of(&wanted, "office"));
    let people = copy.must("ward", &["user", "list"]);
    let unconfirmed = people.iter().filter(|p| p["state"] == "unconfirmed");
    assert_eq!(unconfirmed.map(|p| &p["login"]).collect::<Vec<_>>(), ["umed"]);
}

#[test]
fn its_lists_drawn_anew_are_the_same_lists() {
    let (copy, wanted) = (Copy::of(&["ward"]), expected("sqlite"));
    let all = || -> Vec<Value> {
        let rows = copy.must("ward", &["list", "--limit", "200"]);
        let nids = rows.iter().map(|r| r["nid"].as_str().unwrap().to_owned());
        let shown = nids.flat_map(|nid| copy.must("ward", &["show", &nid]));
        rows.iter().cloned().chain(shown).collect()
    };
    let before = all();
    copy.must("ward", &["rebuild"]);
    assert_eq!(all(), before);
    copy.is_as_it_was("ward", &wanted);
}

#[test]
fn what_it_registered_can_be_corrected_and_a_given_key_still_signs() {
    let (copy, wanted) = (Copy::of(&["ward"]), expected("sqlite"));
    copy.set(
        "ward/ogoh.toml",
        "# late_reason_days = 30",
        "late_reason_days = 36500",
    );
    let nid = nid_of(&wanted, "named");
    let mut body = copy.must("ward", &["show", nid]).remove(0)["body"].take();
    body["mother"]["phone"] = json!("+992918123457");
    let changed = file(&copy, "body.json", &body.to_string());
    let args = ["amend", nid, "--from", &changed, "--reason", "completed"];
    assert_eq!(sign(&copy, "ward", &args, "mehri", &wanted["people"])["rev"], 3);
    sign(&copy, "ward", &tally("2026-09"), "zarina", &wanted["people"]);
    assert_eq!(copy.must("ward", &["verify"])[0]["sound"], true);
}

#[cfg(feature = "sqlcipher")]
#[test]
fn an_encrypted_ward_of_the_first_version_opens_and_signs() {
    let (copy, wanted) = (Copy::of(&["encrypted"]), expected("encrypted"));
    copy.is_as_it_was("encrypted", &wanted);
    sign(&copy, "encrypted", &tally("2026-10"), "mehri", &wanted["people"]);
    assert_eq!(copy.must("encrypted", &["verify"])[0]["sound"], true);
}
