//! Drafts: kept at every change, held by one window at a time.

use crate::store_support::*;
use chrono::Duration;
use ogoh::form::Draft;
use ogoh::vital::{Kind, field};
use ogoh::ward::store::{Statement, StoreError, ToSign};

#[test]
fn a_draft_is_there_again_after_the_program_was_killed() {
    let ward = Ward::new();
    let mut draft = Draft::new(Kind::Birth);
    let mut store = ward.store();
    for typed in ["Р", "Ра", "Раҳ", "Раҳимова"] {
        draft.put(field::MOTHER_SURNAME, typed);
        store.save_draft(&draft, "karimova", ward.now).unwrap();
    }
    // No farewell: the connection is not even closed.
    std::mem::forget(store);
    let rows = ward.store().drafts().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].draft, draft);
    assert_eq!(
        (rows[0].started_by.as_str(), rows[0].started),
        ("karimova", ward.now)
    );
}

#[test]
fn two_windows_cannot_overwrite_one_draft() {
    let ward = Ward::new();
    let mut one = ward.store();
    let mut two = ward.store().as_process("another window");
    let mut draft = Draft::new(Kind::Death);
    one.save_draft(&draft, "karimova", ward.now).unwrap();

    let later = ward.now + Duration::minutes(5);
    match two.take_draft(&draft.id, "davlatova", later, false).unwrap_err() {
        StoreError::DraftHeld { by, since } => {
            assert_eq!((by.as_str(), since), ("karimova", ward.now.to_rfc3339()));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        two.save_draft(&draft, "davlatova", later),
        Err(StoreError::DraftHeld { .. })
    ));
    assert!(matches!(
        two.drop_draft(&draft.id),
        Err(StoreError::DraftHeld { .. })
    ));

    let taken = two.take_draft(&draft.id, "davlatova", later, true).unwrap();
    let held = taken.held.unwrap();
    assert!(held.here && held.by == "davlatova" && held.since == later);
    draft.put(field::DECEASED_SURNAME, "Назаров");
    two.save_draft(&draft, "davlatova", later).unwrap();
    assert!(matches!(
        one.save_draft(&draft, "karimova", later),
        Err(StoreError::DraftHeld { .. })
    ));

    two.release_draft(&draft.id).unwrap();
    let row = one.take_draft(&draft.id, "karimova", later, false).unwrap();
    assert_eq!(row.draft.text(field::DECEASED_SURNAME), "Назаров");
    assert_eq!(
        (row.started_by.as_str(), row.changed_by.as_str()),
        ("karimova", "davlatova")
    );
}

#[test]
fn a_window_that_has_died_holds_nothing() {
    let ward = Ward::new();
    let draft = Draft::new(Kind::Birth);
    let gone = "00000000-0000-0000-0000-000000000000/1";
    let mut dead = ward.store().as_process(gone);
    dead.save_draft(&draft, "karimova", ward.now).unwrap();
    drop(dead);
    let mut store = ward.store();
    if std::path::Path::new("/proc/sys/kernel/random/boot_id").exists() {
        assert_eq!(store.drafts().unwrap()[0].held, None);
        store.take_draft(&draft.id, "davlatova", ward.now, false).unwrap();
    }
}

#[test]
fn a_draft_is_signed_once_whoever_signs_first() {
    let ward = Ward::new();
    let mut store = ward.store();
    let event = ward.answered(&store, birth(1), None);
    let draft = Draft::from_event(&event);
    store.save_draft(&draft, "karimova", ward.now).unwrap();
    let sign = || ToSign {
        what: Statement::Event(event.clone()),
        draft: Some(draft.id.clone()),
        id: None,
    };
    let mut other = ward.store().as_process("another window");
    let held = other.record(sign(), &Ward::signs(&ward.midwife), &ward.site());
    assert!(matches!(held, Err(StoreError::DraftHeld { .. })));
    store
        .record(sign(), &Ward::signs(&ward.doctor), &ward.site())
        .unwrap();
    let again = other.record(sign(), &Ward::signs(&ward.midwife), &ward.site());
    assert!(matches!(again, Err(StoreError::NoDraft(_))), "{again:?}");
    assert!(store.drafts().unwrap().is_empty());
    assert_eq!(store.list(&Default::default(), 10).unwrap().len(), 1);
}

#[test]
fn a_refused_signature_leaves_the_draft() {
    let ward = Ward::new();
    let mut store = ward.store();
    let draft = Draft::new(Kind::Birth);
    store.save_draft(&draft, "karimova", ward.now).unwrap();
    let sign = ToSign {
        what: Statement::Event(draft.event().0),
        draft: Some(draft.id.clone()),
        id: None,
    };
    let refused = store.record(sign, &Ward::signs(&ward.doctor), &ward.site());
    assert!(matches!(&refused, Err(StoreError::Refused { findings: f, .. }) if ogoh::rules::stops(f)));
    assert_eq!(store.drafts().unwrap().len(), 1);
    assert_eq!(store.queue().unwrap().unsent, 0);
    assert!(
        store.journals().unwrap().is_empty(),
        "not even a journal is opened"
    );
}

#[test]
fn drafts_stand_in_unfinished_or_to_sign() {
    let ward = Ward::new();
    let mut store = ward.store();
    let (a, b) = (Draft::new(Kind::Birth), Draft::new(Kind::Death));
    store.save_draft(&a, "karimova", ward.now).unwrap();
    store.save_draft(&b, "karimova", ward.now).unwrap();
    store.hand_draft(&b.id, true, "karimova", ward.now).unwrap();
    let counts = store.counts(ward.now.date_naive()).unwrap();
    assert_eq!((counts.unfinished, counts.to_sign), (1, 1));
    // Typing on does not take it out of the queue of the certifier.
    store.save_draft(&b, "karimova", ward.now).unwrap();
    assert!(store.draft(&b.id).unwrap().unwrap().ready);
    assert!(store.drop_draft(&a.id).unwrap() && !store.drop_draft(&a.id).unwrap());
    assert!(matches!(
        store.hand_draft(&a.id, true, "x", ward.now),
        Err(StoreError::NoDraft(_))
    ));
}
