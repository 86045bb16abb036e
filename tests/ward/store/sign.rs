//! Signing: the chain, several windows at once, what keeps something from being signed.

use crate::store_support::*;
use chrono::Duration;
use ogoh::env::Role;
use ogoh::form::body::{Unknown, from_json, to_json};
use ogoh::seal::{Entry, EntryType, Jws, NO_PREV, Status, Typ, hash};
use ogoh::vital::{EntryHash, Kind, Set};
use ogoh::ward::store::{Statement, Store, StoreError, ToSign};

fn entries(store: &Store, jid: &str) -> Vec<(Entry, String)> {
    let texts = store.entries_from(jid, 1, usize::MAX).unwrap();
    texts
        .into_iter()
        .map(|t| (Entry::from_jws(&Jws::parse(&t, Typ::Entry).unwrap()).unwrap(), t))
        .collect()
}

fn assert_chain(store: &Store, jid: &str) -> Vec<Entry> {
    let mut prev = EntryHash::from(NO_PREV);
    let all = entries(store, jid);
    for (i, (entry, text)) in all.iter().enumerate() {
        assert_eq!((entry.seq, &entry.prev), (i as u64 + 1, &prev));
        prev = hash(text).into();
    }
    all.into_iter().map(|(e, _)| e).collect()
}

#[test]
fn the_first_signature_opens_a_journal_signed_by_the_device() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    assert_eq!(
        (signed.seq, signed.rev, signed.nid.as_str()),
        (2, 1, signed.id.as_str())
    );
    let all = assert_chain(&store, &signed.jid);
    assert_eq!(all[0].t, EntryType::Open);
    assert_eq!(all[0].body["device"], ward.device.public().jwk());
    assert_eq!(all[1].t, EntryType::Notice(Kind::Birth));
    assert_eq!((all[1].usr.as_str(), all[1].role), ("davlatova", Role::Doctor));
    assert!(!all[0].body.contains_key("continues"));
    let pending = store.pending().unwrap();
    assert_eq!(pending.len(), 2);
    assert!(ogoh::ward::outbox::plan(&pending, &store.link().unwrap(), ward.now).batches[0].len() == 2);
}

#[test]
fn windows_that_sign_at_once_make_one_chain() {
    let ward = Ward::new();
    drop(ward.store());
    const EACH: u32 = 25;
    std::thread::scope(|scope| {
        for window in 0..4 {
            let ward = &ward;
            scope.spawn(move || {
                let mut store = ward.store().as_process(&format!("window {window}"));
                for i in 0..EACH {
                    ward.birth(&mut store, window * EACH + i);
                }
            });
        }
    });
    let store = ward.store();
    let journals = store.journals().unwrap();
    assert_eq!(journals.len(), 1);
    assert_eq!(
        assert_chain(&store, &journals[0].jid).len(),
        4 * EACH as usize + 1
    );
    assert!(store.verify(&ward.device.public(), None).unwrap().holds());
    assert_eq!(
        store.counts(ward.now.date_naive()).unwrap().today,
        u64::from(4 * EACH)
    );
}

#[test]
fn a_correction_follows_what_was_seen_or_says_that_something_else_came() {
    let ward = Ward::new();
    let (mut one, mut two) = (ward.store(), ward.store());
    let signed = ward.birth(&mut one, 1);
    let seen = two.notification(&signed.nid).unwrap();
    let amended = ward.amend(&mut one, &signed.nid, |b| b["child"]["given"] = "Мадина".into());
    assert_eq!((amended.rev, &amended.nid), (2, &signed.nid));
    let entry = &assert_chain(&one, &amended.jid)[2];
    let reference = entry.reference.as_ref().unwrap();
    assert_eq!((&reference.h, reference.rev), (&signed.h, 1));
    assert_eq!(
        entry.body["mother"]["surname"], "Каримова",
        "the whole statement, not a difference"
    );

    let late = Statement::Amend {
        nid: signed.nid.clone(),
        seen: Some(seen.h.into()),
        event: seen.event.unwrap(),
        reason: reason("typing-error"),
    };
    let refused = two.record(late, &Ward::signs(&ward.midwife), &ward.site());
    assert!(
        matches!(refused, Err(StoreError::Moved { now: 2 })),
        "{refused:?}"
    );
    let now = two.notification(&signed.nid).unwrap();
    assert_eq!((now.row.rev, now.row.child.as_str()), (2, "Каримова Мадина"));
    assert_eq!(one.list(&Default::default(), 10).unwrap().len(), 1);
}

#[test]
fn a_colleague_may_correct_and_both_names_show() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let mut body = to_json(&birth(1));
    body["birth"]["weight"] = 3111.into();
    let event = ward.answered(
        &store,
        from_json(Kind::Birth, &body, Unknown::Refuse).unwrap(),
        Some(&signed.nid),
    );
    let amend = Statement::Amend {
        nid: signed.nid.clone(),
        seen: None,
        event,
        reason: reason("typing-error"),
    };
    store
        .record(amend, &Ward::signs(&ward.midwife), &ward.site())
        .unwrap();
    let row = store.notification(&signed.nid).unwrap().row;
    assert_eq!(
        (row.signed_by.as_str(), row.last_by.as_str()),
        ("davlatova", "karimova")
    );
}

#[test]
fn an_annulment_needs_a_second_person() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let attest = || Statement::Attest {
        nid: signed.nid.clone(),
    };
    let nothing = store.record(attest(), &Ward::signs(&ward.midwife), &ward.site());
    assert!(matches!(nothing, Err(StoreError::NothingToAttest)));

    let void = ward.void(&mut store, &signed.nid);
    assert_eq!(stands(&store, &signed.nid), ("annulment-pending", Some("signed")));
    assert_eq!(store.counts(ward.now.date_naive()).unwrap().to_attest, 1);
    let again = store.record(
        Statement::Void {
            nid: signed.nid.clone(),
            reason: reason("twice"),
        },
        &Ward::signs(&ward.midwife),
        &ward.site(),
    );
    assert!(matches!(again, Err(StoreError::Annulled)));
    let same = store.record(attest(), &Ward::signs(&ward.doctor), &ward.site());
    assert!(matches!(same, Err(StoreError::SamePerson)));
    let attested = store
        .record(attest(), &Ward::signs(&ward.midwife), &ward.site())
        .unwrap();
    let entry = assert_chain(&store, &attested.jid).pop().unwrap();
    assert_eq!(entry.reference.unwrap().h, void.h);
    assert_eq!(store.counts(ward.now.date_naive()).unwrap().to_attest, 0);
    // The annulment and its confirmation go out before the birth.
    let plan = ogoh::ward::outbox::plan(&store.pending().unwrap(), &store.link().unwrap(), ward.now);
    let order: Vec<_> = plan.batches.concat();
    assert_eq!(&order[1..], [void.id, attested.id, signed.id]);
}

#[test]
fn only_the_right_person_with_the_right_key_signs_what_the_role_may() {
    let ward = Ward::new();
    let mut store = ward.store();
    let event = ward.answered(&store, birth(1), None);
    let mut sign = |login: &str, role, key| {
        let signer = ogoh::ward::store::Signer { login, role, key };
        store
            .record(Statement::Event(event.clone()), &signer, &ward.site())
            .map(|_| ())
    };
    let (doctor, midwife) = (&ward.doctor, &ward.midwife);
    assert!(matches!(
        sign("nobody", doctor.role, &doctor.key),
        Err(StoreError::NoPerson(_))
    ));
    assert!(matches!(
        sign("davlatova", doctor.role, &midwife.key),
        Err(StoreError::WrongKey)
    ));
    assert!(matches!(
        sign("karimova", Role::Doctor, &midwife.key),
        Err(StoreError::WrongKey)
    ));
    sign("karimova", midwife.role, &midwife.key).unwrap();

    let mut suspended = ward.person(doctor);
    suspended.suspended = Some(ward.now);
    store.change_person(&suspended).unwrap();
    let refused = store.record(
        Statement::Event(event.clone()),
        &Ward::signs(doctor),
        &ward.site(),
    );
    assert!(
        matches!(refused, Err(StoreError::Refused { findings: f, .. }) if f.iter().any(|f| f.rule == "C06"))
    );
    let count = Statement::Tally {
        month: "2026-11".into(),
        births: 0,
        foetal_deaths: 0,
        deaths: 0,
    };
    let refused = store.record(count, &Ward::signs(doctor), &ward.site());
    assert!(matches!(refused, Err(StoreError::Suspended)));
    let mut clerk = ward.person(doctor);
    clerk.role = Role::Clerk;
    store.change_person(&clerk).unwrap();
    let signer = ogoh::ward::store::Signer {
        role: Role::Clerk,
        ..Ward::signs(doctor)
    };
    let refused = store.record(Statement::Event(event), &signer, &ward.site());
    assert!(
        matches!(refused, Err(StoreError::Refused { findings: f, .. }) if f.iter().any(|f| f.rule == "C06"))
    );
    let tally = Statement::Tally {
        month: "2026-11".into(),
        births: 0,
        foetal_deaths: 0,
        deaths: 0,
    };
    let refused = store.record(tally, &signer, &ward.site());
    assert!(matches!(refused, Err(StoreError::MayNotSign { .. })));
}

#[test]
fn the_same_birth_in_two_windows_is_asked_about() {
    let ward = Ward::new();
    let (mut one, two) = (ward.store(), ward.store());
    ward.birth(&mut one, 1);
    // Another spelling, an hour later, without the document.
    let mut body = birth_body(1);
    body["mother"]["surname"] = "Каримава".into();
    body["mother"]["document"] = serde_json::json!({"not": "yet"});
    body["birth"]["time"] = "02:01".into();
    let event = from_json(Kind::Birth, &body, Unknown::Refuse).unwrap();
    let found = two
        .findings(&event, None, None, Some(Role::Doctor), &ward.site())
        .unwrap();
    assert!(
        found.iter().any(|f| f.rule == "C08"),
        "{:?}",
        found.iter().map(|f| f.rule).collect::<Vec<_>>()
    );
    // And the same document at the same minute cannot be signed at all.
    let found = two
        .findings(&birth(1), None, None, Some(Role::Doctor), &ward.site())
        .unwrap();
    assert!(found.iter().any(|f| f.rule == "C07"));
}

#[test]
fn twins_are_signed_together_or_not_at_all() {
    let ward = Ward::new();
    let mut store = ward.store();
    let twin = |order: u32| {
        let mut body = birth_body(7);
        body["birth"]["plurality"] = 2.into();
        body["birth"]["order"] = order.into();
        body["birth"]["time"] = format!("07:{:02}", 10 * order).into();
        let mut event = from_json(Kind::Birth, &body, Unknown::Refuse).unwrap();
        event.set = Some(Set {
            id: "0198a000-0000-7000-8000-000000000001".into(),
            order,
            n: 2,
        });
        for rule in ["B06", "B07", "B08", "C08", "B15", "B16"] {
            event.checked.insert(rule.into(), ogoh::vital::Answer::Verified);
        }
        event
    };
    let mut broken = twin(2);
    broken.values.remove("birth.date");
    let both = |second| {
        vec![
            ToSign::from(Statement::Event(twin(1))),
            Statement::Event(second).into(),
        ]
    };
    let refused = store.record_all(both(broken), &Ward::signs(&ward.doctor), &ward.site());
    assert!(matches!(refused, Err(StoreError::Refused { .. })));
    assert_eq!(store.queue().unwrap().unsent, 0);
    let done = store.record_all(both(twin(2)), &Ward::signs(&ward.doctor), &ward.site());
    let done = done.unwrap_or_else(|e| match e {
        StoreError::Refused { findings: f, .. } => panic!(
            "{:?}",
            f.iter()
                .map(|f| (f.rule, f.field, f.severity))
                .collect::<Vec<_>>()
        ),
        other => panic!("{other:?}"),
    });
    assert_eq!(done.len(), 2);
    let around = store
        .comparison_set(&twin(1), &[&done[0].nid], &ward.settings.limits)
        .unwrap();
    assert_eq!(around.siblings.len(), 1);
    assert_eq!(around.siblings[0].nid, done[1].nid);
}

#[test]
fn a_month_counted_again_is_a_new_revision_of_the_count() {
    let ward = Ward::new();
    let mut store = ward.store();
    let mut count = |month: &str, births| {
        let tally = Statement::Tally {
            month: month.into(),
            births,
            foetal_deaths: 1,
            deaths: 2,
        };
        store.record(tally, &Ward::signs(&ward.doctor), &ward.site())
    };
    let first = count("2026-10", 88).unwrap();
    let again = count("2026-10", 89).unwrap();
    assert_eq!((&again.nid, again.rev), (&first.nid, 2));
    assert_ne!(count("2026-09", 0).unwrap().nid, first.nid);
    for bad in ["2026-13", "2026", "10-2026", "2026-1", "2026-10-01"] {
        assert!(matches!(count(bad, 0), Err(StoreError::NotAMonth(_))), "{bad}");
    }
    assert_eq!(store.tally_of("2026-10").unwrap(), Some((89, 1, 2)));
    assert!(
        store.list(&Default::default(), 10).unwrap().is_empty(),
        "a count is no notification"
    );
    assert!(store.verify(&ward.device.public(), None).unwrap().holds());
}

#[test]
fn after_a_restore_a_new_journal_names_the_old_one() {
    let ward = Ward::new();
    let mut store = ward.store();
    let before = ward.birth(&mut store, 1);
    store.leave_journals("restored").unwrap();
    let after = ward.birth(&mut store, 2);
    assert_ne!(before.jid, after.jid);
    let open = &assert_chain(&store, &after.jid)[0];
    assert_eq!(open.body["continues"]["jid"], before.jid.as_str());
    assert_eq!(open.body["continues"]["h"], before.h.as_str());
    // A notification of the old journal is corrected in the new one.
    let amended = ward.amend(&mut store, &before.nid, |b| b["child"]["given"] = "Мадина".into());
    assert_eq!((amended.jid, amended.rev), (after.jid, 2));
}

#[test]
fn a_portal_that_knows_more_than_we_do_ends_the_journal() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let old = ward.birth(&mut store, 1);
    let copy = ward.dir.path().join("old.db");
    store.backup(&copy).unwrap();
    let lost = ward.birth(&mut store, 2);
    let lost_text = store.entry_text(&lost.id).unwrap();
    let receipt = registry.receipt(&lost_text, Status::Registered, |_| {});
    drop(store);
    // The old copy comes back, and the feed brings the receipt of what it has lost.
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(ward.dir.path().join(format!("ogoh.db{end}")));
    }
    std::fs::rename(&copy, ward.path()).unwrap();
    let mut store = ward.store();
    assert_eq!(store.add_receipts(std::slice::from_ref(&receipt)).unwrap(), 1);
    assert_eq!(store.journals().unwrap()[0].left_for.as_deref(), Some("behind"));
    assert!(!store.verify(&ward.device.public(), None).unwrap().holds());
    let next = ward.birth(&mut store, 3);
    assert_ne!(next.jid, old.jid, "recording goes on, in another journal");
    // What was lost is fetched back and has its receipt at once.
    assert_eq!(store.add_foreign(&[lost_text]).unwrap(), 1);
    assert_eq!(stands(&store, &lost.nid).0, "registered");
    assert!(store.verify(&ward.device.public(), None).unwrap().holds());
    assert_eq!(
        store.add_receipts(&[receipt]).unwrap(),
        0,
        "the same receipt again is not new"
    );
}

#[test]
fn the_time_is_written_as_the_clock_says_it() {
    let mut ward = Ward::new();
    let mut store = ward.store();
    ward.birth(&mut store, 1);
    ward.now -= Duration::days(9000);
    let mut site = ward.site();
    site.clk = ogoh::env::ClockTrust::Behind;
    let mut event = birth(2);
    for f in store
        .findings(&event, None, None, Some(Role::Doctor), &site)
        .unwrap()
    {
        event.checked.insert(f.rule.into(), ogoh::vital::Answer::Verified);
    }
    let signed = store.record(Statement::Event(event), &Ward::signs(&ward.doctor), &site);
    let signed = signed.unwrap_or_else(|e| match e {
        StoreError::Refused { findings: f, .. } => {
            panic!("{:?}", f.iter().map(|f| (f.rule, f.field)).collect::<Vec<_>>())
        }
        other => panic!("{other:?}"),
    });
    let entry = assert_chain(&store, &signed.jid).pop().unwrap();
    assert_eq!(entry.rec, ward.now);
    assert_eq!(
        store.list(&Default::default(), 1).unwrap()[0].nid,
        signed.nid,
        "newest by place, not by clock"
    );
}

#[test]
fn an_error_in_a_log_names_nobody() {
    let ward = Ward::new();
    let mut store = ward.store();
    ward.birth(&mut store, 1);
    let refused = store
        .record(
            Statement::Event(birth(1)),
            &Ward::signs(&ward.doctor),
            &ward.site(),
        )
        .unwrap_err();
    assert!(matches!(refused, StoreError::Refused { .. }));
    for text in [format!("{refused:?}"), refused.to_string()] {
        assert!(
            !text.contains("Каримова") && !text.contains("A12007919"),
            "{text}"
        );
    }
}
