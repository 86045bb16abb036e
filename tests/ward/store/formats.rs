//! Slips that are signed with their entries, and receipts of several epochs.

use crate::store_support::*;
use ogoh::seal::{Jws, ReceiptNumber, Slip, Status, Typ, hash};
use ogoh::ward::store::{Fault, Store};

fn slip_text(store: &Store, nid: &str) -> Option<String> {
    let seen = store.notification(nid).unwrap();
    seen.revisions.last().unwrap().slip.clone()
}

/// The slip of a notification's newest entry, opened with the doctor's key.
fn slip(ward: &Ward, store: &Store, nid: &str) -> Option<Slip> {
    slip_text(store, nid).map(|text| Slip::open(&text, &ward.doctor.key.public()).unwrap())
}

#[test]
fn an_entry_and_its_slip_are_signed_together() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let first = slip(&ward, &store, &signed.nid).unwrap();
    assert_eq!(first.nid, signed.nid);
    assert_eq!(first.h, hash(&store.entry_text(&signed.id).unwrap()));
    assert_eq!(
        (first.kind.as_str(), first.day.as_deref()),
        ("birth", Some("2026-11-23"))
    );
    assert_eq!(first.fac, ward.settings.facility.code);
    assert_eq!(first.office.as_deref(), Some("TJ-DU-02"));
    // A stranger may read these fields and no other: no name of anybody, no document.
    let text = slip_text(&store, &signed.nid).unwrap();
    let jws = Jws::parse(&text, Typ::Slip).unwrap();
    let said: Vec<_> = jws.payload().as_object().unwrap().keys().collect();
    assert_eq!(said, ["day", "fac", "h", "kind", "nid", "office", "v"]);

    // A correction has a slip of its own; an annulment states no event and has none.
    let amended = ward.amend(&mut store, &signed.nid, |body| {
        body["birth"]["weight"] = 3333.into()
    });
    let second = slip(&ward, &store, &signed.nid).unwrap();
    assert_eq!(second.nid, signed.nid, "the notification, not the entry");
    assert_eq!(second.h, hash(&store.entry_text(&amended.id).unwrap()));
    ward.void(&mut store, &signed.nid);
    assert_eq!(slip(&ward, &store, &signed.nid), None);
}

#[test]
fn a_slip_that_says_something_else_than_its_entry_is_found() {
    let case = || {
        let ward = Ward::new();
        let mut store = ward.store();
        let (one, two) = (ward.birth(&mut store, 1), ward.birth(&mut store, 2));
        (ward, one, two)
    };
    let changes = [
        // The slip of another entry.
        "UPDATE slips SET jws = (SELECT o.jws FROM slips o WHERE o.h <> slips.h) WHERE h = :h",
        // Nothing that was signed.
        "UPDATE slips SET jws = 'x.y.z' WHERE h = :h",
        // A byte of the statement.
        "UPDATE slips SET jws = replace(jws, substr(jws, 150, 6), 'AAAAAA') WHERE h = :h",
        // Of an entry that nobody signed.
        "UPDATE slips SET h = 'nobody' WHERE h = :h",
    ];
    for sql in changes {
        let (ward, _, two) = case();
        let trust = Registry::new().trust(&ward);
        let bad = |ward: &Ward| {
            let store = ward.store();
            store.verify(&ward.device.public(), Some(&trust)).unwrap().bad
        };
        assert!(bad(&ward).is_empty());
        let shell = ward.shell();
        shell.execute_batch("DROP TRIGGER slips_unchanged").unwrap();
        let h = hash(&ward.store().entry_text(&two.id).unwrap());
        assert_eq!(shell.execute(sql, rusqlite::named_params! {":h": h}).unwrap(), 1);
        drop(shell);
        let found: Vec<Fault> = bad(&ward).iter().map(|b| b.fault).collect();
        assert_eq!(found, [Fault::Slip], "{sql}");
    }
}

#[test]
fn a_slip_is_neither_deleted_nor_changed() {
    let ward = Ward::new();
    let mut store = ward.store();
    ward.birth(&mut store, 1);
    let shell = rusqlite::Connection::open(ward.path()).unwrap();
    for sql in ["DELETE FROM slips", "UPDATE slips SET jws = ''"] {
        assert!(shell.execute_batch(sql).is_err(), "{sql}");
    }
}

#[test]
fn a_receipt_of_a_later_epoch_counts_for_more_than_a_higher_number_of_an_earlier() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let entry = signed.id.as_str();
    let (old, new) = {
        let old = registry.answer_with(&store, entry, Status::Registered, |r| r.n = 900);
        let new = registry.answer_with(&store, entry, Status::Held, |r| {
            (r.epoch, r.n) = (2, 7);
            r.reg_no = None;
        });
        (old, new)
    };
    let highest = |store: &Store| store.highest_receipt().unwrap();
    assert_eq!(highest(&store), None);
    // Whichever arrives first.
    drop(store);
    let pristine = ward.dir.path().join("pristine.db");
    std::fs::copy(ward.path(), &pristine).unwrap();
    for order in [[&old, &new], [&new, &old]] {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", ward.path().display()));
        }
        std::fs::copy(&pristine, ward.path()).unwrap();
        let mut store = ward.store();
        for receipt in order {
            assert_eq!(store.add_receipts(std::slice::from_ref(receipt)).unwrap(), 1);
        }
        assert_eq!(stands(&store, &signed.nid).0, "held");
        let later = ReceiptNumber { epoch: 2, n: 7 };
        assert_eq!(highest(&store), Some((later, hash(&new.1))));
        let kept = store.receipts_after(ReceiptNumber::NONE, 10).unwrap();
        let numbers: Vec<ReceiptNumber> = kept.into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, [ReceiptNumber { epoch: 1, n: 900 }, later]);
    }
}
