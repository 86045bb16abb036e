//! Where a notification stands: receipts move it, nothing else does; lists and pages.

use crate::store_support::*;
use chrono::{Duration, NaiveDate};
use ogoh::env::Limits;
use ogoh::figures::{MonthTable, Notified, month_of};
use ogoh::seal::{EntryType, Status};
use ogoh::vital::Kind;
use ogoh::ward::outbox::{self, AttemptOutcome};
use ogoh::ward::store::{EntryStatus, Filter, Happening, NotificationList, Store};

#[test]
fn from_the_signature_to_the_certificate() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let nid = &signed.nid;
    let today = ward.now.date_naive();
    let row = || ward.store().notification(nid).unwrap().row;
    assert_eq!((row().status, row().waiting), (EntryStatus::Signed, 1));
    let counts = store.counts(today).unwrap();
    assert_eq!(
        (counts.today, counts.unsent, counts.unnamed, counts.queue.unsent),
        (1, 1, 1, 2)
    );
    assert_eq!(counts.queue.oldest, Some(ward.now));

    registry.decides(&mut store, &signed.id, Status::Received);
    assert_eq!(
        (row().status, row().waiting),
        (EntryStatus::At(Status::Received), 0)
    );
    registry.decides(&mut store, &signed.id, Status::Registered);
    let shown = store.notification(nid).unwrap();
    assert_eq!(shown.row.status, EntryStatus::At(Status::Registered));
    assert_eq!(shown.row.reg_no.as_deref(), Some("ДУ-02/00002"));
    assert_eq!(shown.open, ["name"]);
    let issued = registry.answer_with(&store, &signed.id, Status::CertificateIssued, |r| {
        r.reg_no = Some("ДУ-02/00002".into());
        r.cert = Some("2026-12-01".into());
    });
    store.add_receipts(&[issued]).unwrap();
    let shown = store.notification(nid).unwrap();
    assert_eq!(shown.cert.as_deref(), Some("2026-12-01"));
    let kinds: Vec<_> = shown
        .timeline
        .iter()
        .map(|h| match h {
            Happening::Signed { name, .. } => name.clone().unwrap(),
            Happening::Attempt(_) => "attempt".into(),
            Happening::Receipt { standing, .. } => standing.code().into(),
        })
        .collect();
    assert_eq!(
        kinds,
        ["davlatova Ҳусния", "received", "registered", "certificate-issued"]
    );
    let queue = store.queue().unwrap();
    assert_eq!(
        (queue.unsent, queue.last_receipt),
        (1, Some(at("2026-11-23T15:00:03+05:00")))
    );
    assert_eq!(
        store.totals().unwrap(),
        [(Kind::Birth, EntryStatus::At(Status::CertificateIssued), 1)]
    );
}

#[test]
fn the_highest_number_wins_whatever_the_order_of_arrival() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let first = registry.answer(&store, &signed.id, Status::Received);
    let second = registry.answer(&store, &signed.id, Status::Registered);
    store.add_receipts(&[second]).unwrap();
    store.add_receipts(&[first]).unwrap();
    assert_eq!(stands(&store, &signed.nid), ("registered", None));
}

#[test]
fn a_receipt_for_something_else_moves_nothing() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let (a, b) = (ward.birth(&mut store, 1), ward.birth(&mut store, 2));
    // Names the notification and identifier of one entry and the hash of another.
    let mixed = registry.answer_with(&store, &a.id, Status::Registered, |r| r.nh = b.h.clone());
    store.add_receipts(&[mixed]).unwrap();
    assert_eq!(stands(&store, &a.nid), ("signed", None));
    assert_eq!(stands(&store, &b.nid), ("registered", None));
}

#[test]
fn a_later_revision_shows_beside_and_never_unregisters() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let nid = &signed.nid;
    registry.decides(&mut store, &signed.id, Status::Registered);
    let amended = ward.amend(&mut store, nid, |b| b["birth"]["weight"] = 2900.into());
    assert_eq!(stands(&store, nid), ("registered", Some("signed")));
    registry.decides_because(&mut store, &amended.id, Status::Held, "correction");
    assert_eq!(stands(&store, nid), ("registered", Some("held")));
    registry.decides_because(&mut store, &amended.id, Status::Returned, "registrar");
    assert_eq!(stands(&store, nid), ("registered", Some("returned")));
    let returned = Filter {
        worklist: Some(NotificationList::Returned),
        ..Filter::default()
    };
    let list = store.list(&returned, 10).unwrap();
    assert_eq!((list.len(), list[0].problem.as_deref()), (1, Some("registrar")));
    let again = ward.amend(&mut store, nid, |b| b["birth"]["weight"] = 2950.into());
    assert_eq!(again.rev, 3);
    assert!(
        store.list(&returned, 10).unwrap().is_empty(),
        "answered by the next revision"
    );
    registry.decides(&mut store, &again.id, Status::Registered);
    assert_eq!(stands(&store, nid), ("registered", None));
    assert_eq!(store.notification(nid).unwrap().problem, None);
}

#[test]
fn a_returned_notification_is_corrected_and_a_held_one_stays_held() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let (a, b) = (ward.birth(&mut store, 1), ward.birth(&mut store, 2));
    registry.decides_because(&mut store, &a.id, Status::Returned, "B04");
    registry.decides_because(&mut store, &b.id, Status::Held, "look-alike");
    assert_eq!(stands(&store, &a.nid), ("returned", None));
    ward.amend(&mut store, &a.nid, |b| b["birth"]["weight"] = 2900.into());
    ward.amend(&mut store, &b.nid, |b| b["birth"]["weight"] = 2900.into());
    assert_eq!(stands(&store, &a.nid), ("signed", None));
    assert_eq!(stands(&store, &b.nid), ("held", Some("signed")));
    let counts = store.counts(ward.now.date_naive()).unwrap();
    assert_eq!((counts.returned, counts.unsent), (0, 2));
}

#[test]
fn a_revision_that_came_second_is_told_again_from_the_first() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    registry.decides(&mut store, &signed.id, Status::Registered);
    let lost = ward.amend(&mut store, &signed.nid, |b| b["birth"]["weight"] = 2900.into());
    registry.decides_because(&mut store, &lost.id, Status::Returned, "rev-conflict");
    assert_eq!(stands(&store, &signed.nid), ("registered", Some("returned")));
    let shown = store.notification(&signed.nid).unwrap();
    assert_eq!(
        (shown.row.rev, shown.h),
        (1, signed.h.clone()),
        "the lost revision is not followed"
    );
    let again = ward.amend(&mut store, &signed.nid, |b| b["birth"]["weight"] = 2950.into());
    assert_eq!(again.rev, 2);
    registry.decides(&mut store, &again.id, Status::Registered);
    assert_eq!(stands(&store, &signed.nid), ("registered", None));
    assert_eq!(store.counts(ward.now.date_naive()).unwrap().returned, 0);
}

#[test]
fn an_annulment_is_pending_until_its_receipt_says_that_it_is_done() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    registry.decides(&mut store, &signed.id, Status::Registered);
    let void = ward.void(&mut store, &signed.nid);
    assert_eq!(
        stands(&store, &signed.nid),
        ("annulment-pending", Some("registered"))
    );
    registry.decides_because(&mut store, &void.id, Status::AnnulmentPending, "annulment");
    let counts = store.counts(ward.now.date_naive()).unwrap();
    assert_eq!((counts.to_attest, counts.unnamed), (1, 0));
    registry.decides(&mut store, &void.id, Status::Voided);
    assert_eq!(stands(&store, &signed.nid), ("voided", None));
    assert_eq!(store.counts(ward.now.date_naive()).unwrap().to_attest, 0);

    // A refused annulment leaves everything as it stood, and can be corrected.
    let other = ward.birth(&mut store, 2);
    let void = ward.void(&mut store, &other.nid);
    registry.decides_because(&mut store, &void.id, Status::Returned, "role");
    assert_eq!(stands(&store, &other.nid), ("signed", None));
    assert_eq!(store.counts(ward.now.date_naive()).unwrap().returned, 1);
    ward.amend(&mut store, &other.nid, |b| b["birth"]["weight"] = 2900.into());
}

#[test]
fn a_named_child_leaves_the_list_of_the_unnamed() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let unnamed = Filter {
        worklist: Some(NotificationList::Unnamed),
        ..Filter::default()
    };
    assert_eq!(store.list(&unnamed, 10).unwrap().len(), 1);
    ward.amend(&mut store, &signed.nid, |b| b["child"]["given"] = "Мадина".into());
    assert!(store.list(&unnamed, 10).unwrap().is_empty());
}

#[test]
fn a_child_that_the_family_named_at_the_registry_office_leaves_both_lists() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let of = |store: &ogoh::ward::store::Store, worklist| {
        let filter = Filter {
            worklist: Some(worklist),
            ..Filter::default()
        };
        store.list(&filter, 10).unwrap().len()
    };
    registry.decides(&mut store, &signed.id, Status::Registered);
    assert_eq!(
        of(&store, NotificationList::Unnamed),
        1,
        "the receipt still misses a name"
    );
    assert!(store.leave_naming(&signed.nid, "karimova", ward.now).unwrap());
    assert_eq!(
        (
            of(&store, NotificationList::Unnamed),
            of(&store, NotificationList::LeftToRegistry)
        ),
        (0, 1)
    );
    let counts = store.counts(ward.now.date_naive()).unwrap();
    assert_eq!((counts.unnamed, counts.left_to_registry), (0, 1));
    let named = registry.answer_with(&store, &signed.id, Status::CertificateIssued, |r| r.open.clear());
    assert_eq!(store.add_receipts(&[named]).unwrap(), 1);
    assert_eq!(
        (
            of(&store, NotificationList::Unnamed),
            of(&store, NotificationList::LeftToRegistry)
        ),
        (0, 0)
    );
    assert!(
        !store.leave_naming(&signed.nid, "karimova", ward.now).unwrap(),
        "taken back"
    );
    assert_eq!(of(&store, NotificationList::Unnamed), 0);
}

#[test]
fn answers_that_are_no_receipt_are_counted_and_change_no_status() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    for minute in 0..3 {
        let item = store
            .pending()
            .unwrap()
            .into_iter()
            .find(|i| i.id == signed.id)
            .unwrap();
        let now = ward.now + Duration::minutes(minute);
        let tries = outbox::tries_after(&item.tries, AttemptOutcome::NoReceipt, "no-receipt", None, 3, now);
        store
            .note_attempt(&signed.id, now, AttemptOutcome::NoReceipt, "no-receipt", &tries)
            .unwrap();
    }
    let item = store
        .pending()
        .unwrap()
        .into_iter()
        .find(|i| i.id == signed.id)
        .unwrap();
    assert_eq!(item.tries.failures, 3);
    let attempts = store.attempts_of(&signed.nid).unwrap();
    assert_eq!((attempts.len(), attempts[0].times), (1, 3));
    assert_eq!(attempts[0].last, ward.now + Duration::minutes(2));
    assert_eq!(stands(&store, &signed.nid), ("signed", None));

    let tries = outbox::tries_after(
        &item.tries,
        AttemptOutcome::Refused,
        "bad-signature",
        None,
        3,
        ward.now,
    );
    store
        .note_attempt(
            &signed.id,
            ward.now,
            AttemptOutcome::Refused,
            "bad-signature",
            &tries,
        )
        .unwrap();
    assert_eq!(store.queue().unwrap().put_aside, 1);
    store.release_outbox().unwrap();
    assert_eq!(store.queue().unwrap().put_aside, 0);
    registry.decides(&mut store, &signed.id, Status::Received);
    store
        .note_attempt(&signed.id, ward.now, AttemptOutcome::Lost, "late", &tries)
        .unwrap();
    assert_eq!(
        store.attempts_of(&signed.nid).unwrap().len(),
        2,
        "its receipt has come: nothing to note"
    );
}

#[test]
fn pages_are_turned_from_the_newest_to_the_oldest() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed: Vec<String> = (0..7).map(|i| ward.birth(&mut store, i).nid.into()).collect();
    let mut filter = Filter::default();
    let mut seen = Vec::new();
    loop {
        let page = store.list(&filter, 3).unwrap();
        let Some(last) = page.last() else { break };
        filter.before = Some(last.place);
        seen.extend(page.into_iter().map(|r| r.nid));
    }
    assert_eq!(seen, signed.into_iter().rev().collect::<Vec<_>>());
    let count = |f: Filter| store.list(&f, 100).unwrap().len();
    assert_eq!(
        count(Filter {
            kind: Some(Kind::Death),
            ..Filter::default()
        }),
        0
    );
    assert_eq!(
        count(Filter {
            kind: Some(Kind::Birth),
            ..Filter::default()
        }),
        7
    );
    assert_eq!(
        count(Filter {
            status: Some(EntryStatus::Signed),
            ..Filter::default()
        }),
        7
    );
    let day = NaiveDate::from_ymd_opt(2026, 11, 23);
    let today = |today| Filter {
        worklist: Some(NotificationList::Today),
        today,
        ..Filter::default()
    };
    assert_eq!((count(today(day)), count(today(day.unwrap().succ_opt()))), (7, 0));
    assert_eq!(
        count(Filter {
            since: day,
            until: day,
            ..Filter::default()
        }),
        7
    );
    assert_eq!(
        count(Filter {
            until: day.unwrap().pred_opt(),
            ..Filter::default()
        }),
        0
    );
}

#[test]
fn a_notification_is_found_by_the_beginning_of_its_identifier() {
    let ward = Ward::new();
    let mut store = ward.store();
    let a = ward.birth(&mut store, 1);
    assert_eq!(store.find_nid(&a.nid).unwrap(), a.nid);
    assert_eq!(store.find_nid(&a.nid[..30].to_uppercase()).unwrap(), a.nid);
    for bad in ["", "%", "zz", "0000"] {
        assert!(store.find_nid(bad).is_err(), "{bad}");
    }
    let entries = store.entries_after(0, 100).unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].1.t, EntryType::Open);
    assert_eq!(store.entries_after(entries[0].0, 1).unwrap()[0].1.id, a.id);
}

#[test]
fn a_plan_from_the_most_urgent_agrees_with_one_from_everything() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed: Vec<_> = (0..12).map(|i| ward.birth(&mut store, i)).collect();
    ward.amend(&mut store, &signed[2].nid, |b| b["birth"]["weight"] = 2900.into());
    ward.void(&mut store, &signed[9].nid);
    let link = store.link().unwrap();
    let tries = ogoh::ward::outbox::tries_after(
        &Default::default(),
        ogoh::ward::outbox::AttemptOutcome::Refused,
        "bad-signature",
        None,
        0,
        ward.now,
    );
    let code = ogoh::ward::outbox::AttemptOutcome::Refused;
    store
        .note_attempt(&signed[2].id, ward.now, code, "bad-signature", &tries)
        .unwrap();
    let all = ogoh::ward::outbox::plan(&store.pending().unwrap(), &link, ward.now);
    for limit in [1, 5, 10, 100] {
        let some = ogoh::ward::outbox::plan(&store.pending_first(limit).unwrap(), &link, ward.now);
        let (some, all) = (some.batches.concat(), all.batches.concat());
        assert!(!some.is_empty() && some.len() <= limit);
        assert_eq!(all[..some.len()], some, "{limit}");
    }
}

#[test]
fn what_the_registry_ruled_a_duplicate_counts_in_no_month_and_stops_no_correction() {
    let ward = Ward::new();
    let mut store = ward.store();
    let mut registry = Registry::new();
    let (original, twice) = (ward.birth(&mut store, 1), ward.birth(&mut store, 2));
    registry.decides(&mut store, &original.id, Status::Registered);
    let month = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    let births = |store: &Store| {
        let of = store.of_month(month).unwrap();
        let table = |all: Vec<Notified>| {
            let fac = all[0].fac.clone();
            let all = [all, Vec::new()];
            let table = MonthTable::of_ward(&fac, month_of(month), all, 0, &Limits::default());
            let table = serde_json::to_value(table).unwrap();
            let count = |row: &str| table["received"][row].as_u64().unwrap();
            (count("live_births"), count("duplicates"))
        };
        let signed = of.signed.len();
        (table(of.received), signed)
    };
    // One of them has no answer yet.
    assert_eq!(births(&store), ((1, 0), 2));
    registry.decides(&mut store, &twice.id, Status::Duplicate);
    assert_eq!(births(&store), ((1, 1), 2));
    ward.amend(&mut store, &original.nid, |body| body["note"] = "ислоҳ".into());
}
