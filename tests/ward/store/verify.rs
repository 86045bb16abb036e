//! Somebody with an SQLite shell changes things; `verify` says where.

use crate::store_support::*;
use ogoh::seal::{SecretKey, Status};
use ogoh::ward::store::{Bad, Fault};

struct Case {
    ward: Ward,
    registry: Registry,
    jid: String,
}

/// An opening and five births, three of them with a receipt.
fn case() -> Case {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let mut jid = String::new();
    for i in 0..5 {
        let signed = ward.birth(&mut store, i);
        if i < 3 {
            registry.decides(&mut store, &signed.id, Status::Registered);
        }
        jid = signed.jid.into();
    }
    Case { ward, registry, jid }
}

impl Case {
    fn bad(&self) -> Vec<Bad> {
        let trust = self.registry.trust(&self.ward);
        let store = self.ward.store();
        store
            .verify(&self.ward.device.public(), Some(&trust))
            .unwrap()
            .bad
    }

    fn tampered(&self, sql: &str) -> Vec<Bad> {
        assert!(self.bad().is_empty());
        self.ward.shell().execute_batch(sql).unwrap();
        self.bad()
    }

    fn first(&self, sql: &str) -> (u64, Fault) {
        let bad = self.tampered(sql);
        let first = bad.first().unwrap_or_else(|| panic!("not found: {sql}"));
        assert_eq!(first.jid, self.jid);
        (first.seq, first.fault)
    }
}

#[test]
fn what_is_whole_is_found_whole() {
    let case = case();
    let trust = case.registry.trust(&case.ward);
    let report = case
        .ward
        .store()
        .verify(&case.ward.device.public(), Some(&trust))
        .unwrap();
    assert!(report.holds());
    assert_eq!(
        (report.journals, report.entries, report.trusted, report.receipts),
        (1, 6, 6, 3)
    );
    let without = case
        .ward
        .store()
        .verify(&case.ward.device.public(), None)
        .unwrap();
    assert!(without.holds() && without.trusted == 0);
}

#[test]
fn any_changed_byte_of_any_entry_or_receipt_is_found() {
    let case = case();
    let trust = case.registry.trust(&case.ward);
    let device = case.ward.device.public();
    let db = case.ward.shell();
    for (table, column, key) in [("entries", "jws", "seq"), ("receipts", "jws", "r")] {
        let mut find = db
            .prepare(&format!("SELECT {key}, {column} FROM {table} ORDER BY {key}"))
            .unwrap();
        let all: Vec<(i64, String)> = find
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (place, text) in all {
            // Every 61st byte of each, so that over all texts every part of a JWS is met.
            for at in (place as usize % 61..text.len()).step_by(61) {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(bytes).unwrap();
                let update = format!("UPDATE {table} SET {column} = ?1 WHERE {key} = ?2");
                db.execute(&update, (&changed, place)).unwrap();
                let report = case.ward.store().verify(&device, Some(&trust)).unwrap();
                let first = report
                    .bad
                    .first()
                    .unwrap_or_else(|| panic!("{table} {place} byte {at}"));
                if table == "entries" {
                    assert_eq!((first.seq as i64, first.fault), (place, Fault::Hash));
                } else {
                    assert_eq!(first.fault, Fault::Receipt);
                }
                db.execute(&update, (&text, place)).unwrap();
            }
        }
    }
    assert!(case.bad().is_empty());
}

#[test]
fn a_changed_text_with_a_matching_hash_is_found_by_its_signature() {
    let case = case();
    let store = case.ward.store();
    let text = store.entries_from(&case.jid, 5, 1).unwrap().remove(0);
    // Another weight, honestly encoded, under the old signature.
    let mut parts: Vec<&str> = text.split('.').collect();
    let payload = store.entries_after(0, 100).unwrap().remove(4).1;
    let mut json = serde_json::to_value(&payload).unwrap();
    json["body"]["birth"]["weight"] = 999.into();
    let encoded =
        <base64ct::Base64UrlUnpadded as base64ct::Encoding>::encode_string(json.to_string().as_bytes());
    parts[1] = &encoded;
    let forged = parts.join(".");
    let h = ogoh::seal::hash(&forged);
    let first = case.first(&format!(
        "UPDATE entries SET jws = '{forged}', h = '{h}' WHERE seq = 5"
    ));
    assert_eq!(first, (5, Fault::Signature));
}

#[test]
fn an_entry_removed_from_the_middle_is_found() {
    assert_eq!(
        case().first("DELETE FROM outbox; DELETE FROM entries WHERE seq = 5"),
        (6, Fault::Gap)
    );
    // Even if the others are moved up.
    let moved =
        "DELETE FROM outbox; DELETE FROM entries WHERE seq = 5; UPDATE entries SET seq = 5 WHERE seq = 6";
    assert_eq!(case().first(moved).1, Fault::Chain);
}

#[test]
fn entries_that_changed_places_are_found() {
    let first = case().first(
        "UPDATE entries SET seq = 100 WHERE seq = 4; UPDATE entries SET seq = 4 WHERE seq = 5;
         UPDATE entries SET seq = 5 WHERE seq = 100;",
    );
    assert_eq!(first.0, 4);
}

#[test]
fn removed_last_entries_are_found_where_a_receipt_names_them() {
    let case = case();
    let bad = case.tampered("DELETE FROM outbox; DELETE FROM entries WHERE seq >= 4");
    assert!(
        bad.iter()
            .any(|b| b.jid == case.jid && b.seq == 4 && b.fault == Fault::Removed),
        "{bad:?}"
    );
}

#[test]
fn removed_last_entries_are_found_where_the_head_of_a_receipt_names_them() {
    let case = case();
    let mut store = case.ward.store();
    let mut registry = Registry {
        n: 50,
        ..Registry::new()
    };
    // The portal has all six, and says so in its answer to the second.
    let second = store.entries_from(&case.jid, 2, 1).unwrap().remove(0);
    let last = store.head(&case.jid).unwrap();
    let answer = registry.receipt(&second, Status::Registered, |r| {
        r.head.seq = last.0;
        r.head.h = last.1.into();
    });
    store.add_receipts(&[answer]).unwrap();
    let bad = case.tampered(
        "DELETE FROM outbox WHERE n = (SELECT max(n) FROM entries); DELETE FROM entries WHERE seq = 6",
    );
    assert!(
        bad.iter().any(|b| b.seq == 6 && b.fault == Fault::Removed),
        "{bad:?}"
    );
}

#[test]
fn a_journal_removed_altogether_is_found_by_its_receipts() {
    let case = case();
    let bad = case.tampered("DELETE FROM outbox; DELETE FROM entries; DELETE FROM journals");
    assert!(bad.iter().any(|b| b.fault == Fault::Removed));
}

#[test]
fn an_entry_signed_by_a_stranger_is_found_even_with_the_key_put_among_ours() {
    let case = case();
    let stranger = SecretKey::from_seed(&[66; 32]);
    let store = case.ward.store();
    let (_, mut entry, _) = store.entries_after(0, 100).unwrap().pop().unwrap();
    entry.body.insert("note".into(), "forged".into());
    let forged = entry.seal(&stranger).unwrap();
    let h = ogoh::seal::hash(&forged);
    assert_eq!(
        case.first(&format!(
            "UPDATE entries SET jws = '{forged}', h = '{h}' WHERE seq = 6"
        )),
        (6, Fault::UnknownKey)
    );
    // Put among the keys of this store under another name it is still not hers.
    let key = stranger.public();
    case.ward
        .shell()
        .execute(
            "INSERT INTO keys VALUES (?1, ?2, 'stranger', 'doctor')",
            (key.kid(), key.x()),
        )
        .unwrap();
    assert_eq!(case.bad()[0].fault, Fault::UnknownKey);
    // Under her name the list no longer counts it among the trusted.
    case.ward
        .shell()
        .execute("UPDATE keys SET login = 'davlatova'", [])
        .unwrap();
    let trust = case.registry.trust(&case.ward);
    let report = case
        .ward
        .store()
        .verify(&case.ward.device.public(), Some(&trust))
        .unwrap();
    assert_eq!((report.entries, report.trusted), (6, 5));
}

#[test]
fn a_row_that_says_something_else_than_its_text_is_found() {
    for change in [
        "rev = 9",
        "nid = 'x'",
        "t = 'death'",
        "rec = '2020-01-01T00:00:00+00:00'",
        "id = 'x'",
    ] {
        assert_eq!(
            case().first(&format!("UPDATE entries SET {change} WHERE seq = 3")),
            (3, Fault::Columns),
            "{change}"
        );
    }
}

#[test]
fn a_status_that_was_set_by_hand_is_found_and_put_right() {
    for change in [
        "UPDATE notifications SET status = 'registered' WHERE first = 6",
        "UPDATE notifications SET name = 'Дигар' WHERE first = 6",
        "UPDATE notifications SET returned = 1 WHERE first = 6",
        "UPDATE notifications SET problem = '{}' WHERE first = 6",
        "DELETE FROM notifications WHERE first = 6",
        "UPDATE totals SET count = 7",
        "DELETE FROM outbox WHERE n = 6",
        "DELETE FROM search WHERE rowid = 6",
    ] {
        let case = case();
        let bad = case.tampered(change);
        assert!(
            !bad.is_empty() && bad.iter().all(|b| b.fault == Fault::Projection),
            "{change}: {bad:?}"
        );
        case.ward.store().rebuild().unwrap();
        assert!(case.bad().is_empty(), "{change}");
    }
}

#[test]
fn a_receipt_for_what_was_never_signed_is_found() {
    let case = case();
    let bad = case.tampered("UPDATE receipts SET nh = 'x' WHERE r = 1");
    assert_eq!(bad[0].fault, Fault::Receipt);
}

#[test]
fn the_program_itself_can_neither_change_nor_delete_an_entry() {
    let case = case();
    let db = rusqlite::Connection::open(case.ward.path()).unwrap();
    for sql in [
        "DELETE FROM entries WHERE seq = 6",
        "UPDATE entries SET jws = 'x' WHERE seq = 6",
        "UPDATE entries SET seq = 7 WHERE seq = 6",
        "DELETE FROM receipts",
        "UPDATE receipts SET status = 'voided'",
    ] {
        let error = db.execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains("never"), "{sql}: {error}");
    }
}
