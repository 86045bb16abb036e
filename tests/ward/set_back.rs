//! A ward that was set back: a backup restored, an old copy put back by hand, a log deleted. Real files
//! and real processes; nobody runs a portal.

use std::path::PathBuf;

use ogoh::env::Paths;
use ogoh::form::Draft;
use ogoh::vital::Kind;
use ogoh::ward::store::Store;
use serde_json::{Value, json};

use crate::cli::plain;
use crate::support::delivering::at;
use crate::support::ward::{WardDevice, birth};
use crate::support::{copied, killed_at};

const DOCUMENTS: [&str; 4] = ["А 1234567", "А 7654321", "А 5555555", "А 2222222"];
const SURNAMES: [&str; 4] = ["Раҳимова", "Бобоева", "Зоирова", "Шарипова"];

/// Signs a birth unlike the others.
fn sign(ward: &WardDevice, n: usize) -> String {
    let mut event = birth(SURNAMES[n], DOCUMENTS[n]);
    event["mother"]["born"] = format!("199{n}-0{}-1{n}", n + 1).into();
    event["birth"]["time"] = format!("0{n}:4{n}").into();
    let signed = ward.sign(&["record", "birth"], &event, "firuz");
    signed["nid"].as_str().unwrap().to_owned()
}

fn database(ward: &WardDevice) -> PathBuf {
    ward.dir().join("ogoh.db")
}

/// Which notifications are listed, and how many entries wait for delivery.
fn state(ward: &WardDevice) -> (Vec<String>, u64) {
    let listed = ward.must(&["list"]);
    let mut nids: Vec<String> = listed
        .iter()
        .map(|r| r["nid"].as_str().unwrap().to_owned())
        .collect();
    nids.sort();
    let metrics = ward.ran(&["monitor"]).out;
    let unsent = metrics
        .lines()
        .find_map(|l| l.strip_prefix("ogoh_unsent_entries "))
        .unwrap();
    (nids, unsent.parse().unwrap())
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}

fn backup(ward: &WardDevice, name: &str) -> String {
    let path = ward.home().join(name).display().to_string();
    ward.must(&["backup", &path]);
    path
}

fn store(ward: &WardDevice) -> Store {
    Store::open_at(&Paths::new(ward.dir())).unwrap()
}

/// The identifiers of drafts.
fn drafts(ward: &WardDevice) -> Vec<String> {
    store(ward)
        .drafts()
        .unwrap()
        .into_iter()
        .map(|d| d.draft.id)
        .collect()
}

fn draft(ward: &WardDevice) -> String {
    let draft = Draft::new(Kind::Birth);
    store(ward)
        .save_draft(&draft, "mehri", at("2026-11-29T10:00:00+05:00"))
        .unwrap();
    draft.id
}

/// What `verify` says is missing.
fn lost(ward: &WardDevice) -> Vec<Value> {
    ward.ran(&["verify"]).json()[0]["lost"]
        .as_array()
        .unwrap()
        .clone()
}

fn journal_of(ward: &WardDevice, nid: &str) -> Value {
    let all = ward.must(&["export", "--format", "json"]);
    all.into_iter().find(|e| e["nid"] == *nid).unwrap()["jid"].clone()
}

#[test]
fn a_restore_takes_over_what_was_signed_and_begun_since_the_backup() {
    let ward = WardDevice::new();
    let first = sign(&ward, 0);
    let backup = backup(&ward, "backup.db");
    let second = sign(&ward, 1);
    let begun = draft(&ward);
    let before = state(&ward);
    assert_eq!(
        before,
        (sorted(vec![first, second.clone()]), 3),
        "with the opening"
    );
    let restored = ward.must(&["restore", &backup]);
    assert_eq!(
        (
            &restored[0]["carried"],
            &restored[0]["unsent"],
            &restored[0]["drafts"]
        ),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(state(&ward), before);
    assert_eq!(drafts(&ward), [begun]);
    assert_eq!(ward.ran(&["verify"]).code, 0);
    // Again, and from the file that was moved aside: it stays so.
    ward.must(&["restore", &backup]);
    assert_eq!(state(&ward), before);
    // Signing goes on in a new journal.
    let next = sign(&ward, 3);
    assert_ne!(journal_of(&ward, &next), journal_of(&ward, &second));
    ward.must(&["restore", &backup]);
    assert_eq!(state(&ward).0.len(), 3);
    assert_eq!(ward.ran(&["verify"]).code, 0);
}

#[test]
fn a_receipt_that_nobody_signed_keeps_no_entry_from_being_sent() {
    let ward = plain();
    let backup = backup(&ward, "backup.db");
    let nid = sign(&ward, 0);
    let before = state(&ward);
    let db = rusqlite::Connection::open(database(&ward)).unwrap();
    db.execute(
        "INSERT INTO receipts (rh, epoch, n, nh, nid, jid, seq, status, at, jws)
         SELECT 'rh', 1, 1, h, nid, jid, seq, 'registered', rec, 'a.b.c' FROM entries WHERE nid = ?1",
        [&nid],
    )
    .unwrap();
    drop(db);
    let restored = ward.must(&["restore", &backup]);
    assert_eq!(restored[0]["unsent"], json!(2), "with the opening");
    assert_eq!(state(&ward), before);
}

#[test]
fn a_draft_that_was_signed_since_the_backup_is_no_draft_again() {
    let ward = plain();
    let begun = draft(&ward);
    let backup = backup(&ward, "backup.db");
    store(&ward).drop_draft(&begun).unwrap();
    // Signing gives the entry the identifier of its draft.
    let signed = sign(&ward, 0);
    let db = rusqlite::Connection::open(&backup).unwrap();
    db.execute(
        "UPDATE drafts SET id = ?1, json = replace(json, id, ?1)",
        [&signed],
    )
    .unwrap();
    drop(db);
    let before = state(&ward);
    ward.must(&["restore", &backup]);
    assert_eq!(drafts(&ward), Vec::<String>::new());
    assert_eq!(state(&ward), before);
}

#[test]
fn a_restore_that_is_killed_at_any_call_and_repeated_loses_nothing() {
    if !crate::support::has_tool("strace", std::process::Command::new("strace").arg("-V")) {
        return;
    }
    let ward = WardDevice::new();
    let (first, backup) = (sign(&ward, 0), backup(&ward, "backup.db"));
    let second = sign(&ward, 1);
    draft(&ward);
    let before = state(&ward);
    let fresh = ward.home().join("fresh");
    copied(&ward.dir(), &fresh);
    let mut killed = 0;
    for call in ["rename", "unlink", "fsync", "fdatasync", "ftruncate", "openat"] {
        // Files are opened very often before anything of this begins.
        let step = if call == "openat" { 7 } else { 1 };
        for when in (1..).step_by(step) {
            std::fs::remove_dir_all(ward.dir()).unwrap();
            copied(&fresh, &ward.dir());
            let ran = killed_at(&ward.command(&["restore", &backup]), call, when);
            if ran.code == 0 {
                break;
            }
            killed += 1;
            let ran = ward.ran(&["restore", &backup]);
            assert_eq!(ran.code, 0, "{call} {when}: {} {}", ran.out, ran.err);
            assert_eq!(state(&ward), before, "{call} {when}");
            assert_eq!(drafts(&ward).len(), 1, "{call} {when}");
            assert_eq!(ward.ran(&["verify"]).code, 0, "{call} {when}");
        }
    }
    assert!(killed > 10, "{killed}");
    assert_ne!(first, second);
}

#[test]
fn where_the_old_database_cannot_be_read_a_restore_says_what_would_be_lost() {
    let ward = WardDevice::new();
    let first = sign(&ward, 0);
    let backup = backup(&ward, "backup.db");
    sign(&ward, 1);
    sign(&ward, 2);
    std::fs::write(database(&ward), "damaged").unwrap();
    let refused = ward.ran(&["restore", &backup]);
    assert_eq!(refused.code, 1);
    assert!(refused.out.contains("up to 2 entries"), "{}", refused.out);
    assert!(refused.out.contains("--lose-unsent"), "{}", refused.out);
    assert_eq!(
        std::fs::read(database(&ward)).unwrap(),
        b"damaged",
        "nothing was changed"
    );
    // Where nobody witnessed it, it says what it can.
    let witness = ward.dir().join("ogoh.witness");
    let kept = std::fs::read(&witness).unwrap();
    std::fs::remove_file(&witness).unwrap();
    let refused = ward.ran(&["restore", &backup]);
    assert!(
        refused.code == 1 && refused.out.contains("it is not known what was signed"),
        "{}",
        refused.out
    );
    std::fs::write(&witness, kept).unwrap();
    ward.must(&["restore", &backup, "--lose-unsent"]);
    assert_eq!(state(&ward), (vec![first], 2));
    assert_eq!(ward.ran(&["verify"]).code, 0, "it was told, and agreed to");
}

#[test]
fn an_old_copy_that_is_put_back_by_hand_is_noticed_and_not_signed_on() {
    let ward = WardDevice::new();
    let first = sign(&ward, 0);
    let old = backup(&ward, "old.db");
    let (second, third) = (sign(&ward, 1), sign(&ward, 2));
    let newer = backup(&ward, "newer.db");
    std::fs::copy(&old, database(&ward)).unwrap();
    assert_eq!(ward.ran(&["verify"]).code, 1);
    let missing = lost(&ward);
    assert_eq!(
        (
            missing.len(),
            &missing[0]["after"],
            &missing[0]["seq"],
            &missing[0]["unsent"]
        ),
        (1, &json!(2), &json!(4), &json!(2))
    );
    let checked = ward.ran(&["check"]);
    assert!(
        checked.code == 2 && checked.out.contains("2 signed entries are no longer"),
        "{}",
        checked.out
    );
    assert!(
        ward.ran(&["doctor"])
            .out
            .contains("2 signed entries are no longer")
    );
    // Nobody signs at a place that was taken, and what is missing stays known.
    let next = sign(&ward, 3);
    assert_ne!(journal_of(&ward, &next), journal_of(&ward, &first));
    assert_eq!(lost(&ward), missing);
    // Put back once more by hand: the journal after it is missed as well.
    std::fs::copy(&old, database(&ward)).unwrap();
    assert_eq!(lost(&ward).len(), 2);
    let aside = ward.home().join("aside.db");
    std::fs::copy(&newer, &aside).unwrap();
    ward.must(&["restore", &aside.display().to_string()]);
    assert_eq!(lost(&ward).len(), 1, "the newer file knows the first journal");
    assert_eq!(state(&ward).0, sorted(vec![first, second, third]));
    ward.must(&["verify", "--accept-lost"]);
    assert_eq!(ward.ran(&["verify"]).code, 0);
    assert_eq!(ward.ran(&["check"]).code, 0);
}

#[test]
fn a_deleted_log_and_a_tail_that_was_cut_off_are_named() {
    let ward = plain();
    sign(&ward, 0);
    // Somebody has it open, so that the log stays.
    let open = store(&ward);
    let bare = std::fs::read(database(&ward)).unwrap();
    sign(&ward, 1);
    sign(&ward, 2);
    drop(open);
    let whole = std::fs::read(database(&ward)).unwrap();
    std::fs::write(database(&ward), bare).unwrap();
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", database(&ward).display()));
    }
    assert_eq!(ward.ran(&["verify"]).code, 1);
    assert_eq!(lost(&ward)[0]["seq"], 4);
    std::fs::write(database(&ward), whole).unwrap();
    assert_eq!(ward.ran(&["verify"]).code, 0);
    let db = rusqlite::Connection::open(database(&ward)).unwrap();
    db.execute_batch(
        "DROP TRIGGER entries_stay;
         CREATE TEMP TABLE gone AS SELECT n, h FROM entries ORDER BY n DESC LIMIT 1;
         PRAGMA foreign_keys = OFF;
         DELETE FROM outbox WHERE n IN (SELECT n FROM gone);
         DROP TRIGGER slips_stay;
         DELETE FROM slips WHERE h IN (SELECT h FROM gone);
         DELETE FROM entries WHERE n IN (SELECT n FROM gone);",
    )
    .unwrap();
    drop(db);
    ward.must(&["rebuild"]);
    assert_eq!(ward.ran(&["verify"]).code, 1);
    let missing = lost(&ward);
    assert_eq!((&missing[0]["after"], &missing[0]["seq"]), (&json!(3), &json!(4)));
}

#[test]
fn a_whole_restore_in_the_middle_of_another_ones_death_finds_what_lies_aside() {
    let ward = WardDevice::new();
    let (first, backup) = (sign(&ward, 0), backup(&ward, "backup.db"));
    let second = sign(&ward, 1);
    // Cut off between its two renames: the old one lies aside, and nothing is in its place.
    std::fs::rename(database(&ward), ward.dir().join("ogoh.db.before-20261101-101010")).unwrap();
    std::fs::write(ward.dir().join("ogoh.db.restoring"), "half").unwrap();
    assert_eq!(ward.ran(&["list"]).code, 1);
    ward.must(&["restore", &backup]);
    assert_eq!(state(&ward), (sorted(vec![first, second]), 3));
}

#[test]
fn two_entries_at_one_place_are_told_before_one_of_them_is_left_aside() {
    let ward = WardDevice::new();
    sign(&ward, 0);
    let old = backup(&ward, "old.db");
    sign(&ward, 1);
    let newer = backup(&ward, "newer.db");
    // An old copy was put back and signed on, as a program did that knew no witness.
    std::fs::copy(&old, database(&ward)).unwrap();
    let witness = ward.dir().join("ogoh.witness");
    std::fs::remove_file(&witness).unwrap();
    let other = sign(&ward, 2);
    let refused = ward.ran(&["restore", &newer]);
    assert!(
        refused.code == 1 && refused.out.contains("one entry that was signed"),
        "{}",
        refused.out
    );
    assert!(state(&ward).0.contains(&other), "nothing was changed");
    ward.must(&["restore", &newer, "--lose-unsent"]);
    assert_eq!(ward.ran(&["verify"]).code, 0);
    assert!(!state(&ward).0.contains(&other));
}

#[test]
fn of_a_damaged_database_what_can_be_read_is_taken_over() {
    let ward = WardDevice::new();
    sign(&ward, 0);
    let backup = backup(&ward, "backup.db");
    for n in 1..4 {
        sign(&ward, n);
    }
    let before = state(&ward);
    let whole = std::fs::read(database(&ward)).unwrap();
    let pages = whole.len() / 4096;
    let fresh = ward.home().join("fresh");
    copied(&ward.dir(), &fresh);
    let (mut kept, mut refused) = (0, 0);
    for page in (0..pages).step_by(5) {
        std::fs::remove_dir_all(ward.dir()).unwrap();
        copied(&fresh, &ward.dir());
        let mut damaged = whole.clone();
        damaged[page * 4096..(page + 1) * 4096].fill(0);
        std::fs::write(database(&ward), damaged).unwrap();
        let ran = ward.ran(&["restore", &backup]);
        // Either everything is there, or it says that something would be lost and changes nothing.
        match ran.code {
            0 => {
                kept += 1;
                assert_eq!(state(&ward), before, "page {page}");
                assert_eq!(ward.ran(&["verify"]).code, 0, "page {page}");
            }
            _ => {
                refused += 1;
                assert!(ran.out.contains("would be lost"), "page {page}: {}", ran.out);
                ward.must(&["restore", &backup, "--lose-unsent"]);
                assert_eq!(ward.ran(&["verify"]).code, 0, "page {page}");
            }
        }
    }
    assert!(kept > 0 && refused > 0, "{kept} {refused}");
}

/// An empty file is what a backup that was cut off left in older versions: it is no backup.
#[test]
fn an_empty_file_is_no_backup() {
    let ward = WardDevice::new();
    ward.sign(&["record", "birth"], &birth("Раҳимзода", "А 01410061"), "mehri");
    let before = ward.must(&["list"]);
    let file = ward.file("empty.db", "");
    let ran = ward.ran(&["restore", &file]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(
        format!("{}{}", ran.out, ran.err).contains("empty.db"),
        "{}{}",
        ran.out,
        ran.err
    );
    assert_eq!(ward.must(&["list"]), before);
}
