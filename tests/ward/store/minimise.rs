//! Names leave the device long after everything is settled; what proves the journal stays.

use crate::store_support::*;
use chrono::Duration;
use ogoh::seal::Status;
use ogoh::ward::store::Filter;
use serde_json::json;

const CANARY: &str = "Канарова";

/// Every byte of the database's files.
fn raw(ward: &Ward) -> Vec<u8> {
    let mut bytes = Vec::new();
    for suffix in ["", "-wal"] {
        bytes.extend(std::fs::read(format!("{}{suffix}", ward.path().display())).unwrap_or_default());
    }
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

#[test]
fn names_leave_the_files_and_the_chain_the_number_and_the_receipt_stay() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let settled = ward.birth(&mut store, 1);
    registry.decides(&mut store, &settled.id, Status::Registered);
    let named = ward.amend(&mut store, &settled.nid, |body| {
        body["mother"]["surname"] = json!(CANARY);
    });
    registry.decides(&mut store, &named.id, Status::CertificateIssued);
    let certified = registry.n;
    let registered = ward.birth(&mut store, 2);
    registry.decides(&mut store, &registered.id, Status::Registered);
    let unsent = ward.birth(&mut store, 3);
    let number = store.notification(&settled.nid).unwrap().row.reg_no.unwrap();
    let now = ward.site().now;
    // A stretch of the signed text, from the middle of what it states.
    let text = store.entry_text(&named.id).unwrap();
    let stretch = text[text.len() / 2..text.len() / 2 + 60].to_owned();
    assert!(
        holds(&raw(&ward), CANARY) && holds(&raw(&ward), &stretch),
        "the scan sees them"
    );
    assert_eq!(store.search(CANARY, 9).unwrap().len(), 1);

    // The pusher has the database open as well, so that closing does not tidy up.
    let pusher = ward.store();
    // Not before its time, and never where the settings say never.
    assert_eq!(store.minimise(now - Duration::days(1)).unwrap(), 0);
    assert_eq!(store.minimise_daily(now + Duration::days(900), 0).unwrap(), 0);
    let later = now + Duration::days(401);
    // Not while the registry might have to be given it back.
    assert_eq!(store.minimise(later).unwrap(), 0, "nothing is known of a backup");
    for safe in [certified, certified - 1] {
        registry.says_safe(&mut store, &registered.id, safe);
    }
    assert_eq!(
        store.minimise(later).unwrap(),
        0,
        "above what the newest receipt calls safe, whatever an earlier one did"
    );
    registry.says_safe(&mut store, &registered.id, certified);
    assert_eq!(store.minimise_daily(later, 400).unwrap(), 1);
    assert_eq!(store.minimise_daily(later, 400).unwrap(), 0, "once a day");
    assert_eq!(store.minimise(later).unwrap(), 0, "nothing is left to take");

    assert!(store.search(CANARY, 9).unwrap().is_empty());
    let found = store.search(&number, 9).unwrap();
    assert!(found.is_empty() || found[0].nid == settled.nid);
    let shown = store.notification(&settled.nid).unwrap();
    assert_eq!(shown.row.reg_no.as_deref(), Some(number.as_str()));
    assert!(shown.row.name.is_empty() && shown.event.is_none());
    for other in [&registered, &unsent] {
        assert!(store.notification(&other.nid).unwrap().event.is_some());
    }
    // Nothing of it waits for anybody, drawn anew or not.
    let before = store.list(&Filter::default(), 10).unwrap();
    store.rebuild().unwrap();
    assert_eq!(store.list(&Filter::default(), 10).unwrap(), before);
    let trust = registry.trust(&ward);
    let report = store.verify(&ward.device.public(), Some(&trust)).unwrap();
    assert!(report.holds(), "{:?}", report.bad);
    assert_eq!(report.minimised, 2, "both its revisions");
    let bytes = raw(&ward);
    drop((store, pusher));
    let folded = ogoh::matching::fold(CANARY);
    assert!(!holds(&bytes, CANARY), "the name is still in the files");
    assert!(!holds(&bytes, &folded), "the folded name is still in the files");
    assert!(!holds(&bytes, &stretch), "the signed text is still in the files");
}

#[test]
fn what_was_minimised_without_a_receipt_is_found_by_verify() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    drop(store);
    let sql = format!("UPDATE entries SET jws = NULL WHERE nid = '{}'", signed.nid);
    ward.shell().execute_batch(&sql).unwrap();
    let store = ward.store();
    let report = store.verify(&ward.device.public(), None).unwrap();
    assert!(!report.holds());
}
