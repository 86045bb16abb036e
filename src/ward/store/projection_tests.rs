use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::seal::{By, Head};

fn time() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-23T14:00:00+05:00").unwrap()
}

/// A line: type, revision, status of its receipt with the receipt's number.
fn line(n: i64, t: EntryType, rev: u32, answer: Option<(u64, Status, Option<Reason>)>) -> EntryWithReceipt {
    EntryWithReceipt {
        n,
        own: true,
        h: format!("h{n}").into(),
        rev,
        t,
        rec: time(),
        entry: None,
        receipt: answer.map(|(number, status, reason)| Receipt {
            epoch: 1,
            safe: None,
            n: number,
            fac: String::new().into(),
            nid: "nid".into(),
            rev,
            id: format!("e{n}"),
            nh: format!("h{n}").into(),
            jid: String::new().into(),
            seq: 1,
            status,
            by: By::Auto,
            reg_no: (status == Status::Registered).then(|| format!("no {number}")),
            office: None,
            at: time(),
            open: Vec::new(),
            cert: None,
            dup_of: None,
            problem: reason.map(|r| Problem {
                code: r.code().into(),
                field: None,
                text: BTreeMap::new(),
            }),
            head: Head {
                seq: 1,
                h: String::new().into(),
            },
        }),
    }
}

const BIRTH: EntryType = EntryType::Notice(Kind::Birth);

fn at(status: Status) -> EntryStatus {
    EntryStatus::At(status)
}

#[test]
fn a_status_is_that_of_the_last_revision_that_took_effect() {
    use EntryStatus::Signed;
    use Status::*;
    type Row = (Vec<Option<Status>>, EntryStatus, Option<EntryStatus>);
    let rows: Vec<Row> = vec![
        (vec![None], Signed, None),
        (vec![Some(Received)], at(Received), None),
        (vec![Some(Held)], at(Held), None),
        (vec![Some(Returned)], at(Returned), None),
        (vec![Some(Registered)], at(Registered), None),
        (vec![None, None], Signed, None),
        (vec![Some(Received), None], at(Received), Some(Signed)),
        (vec![Some(Held), None], at(Held), Some(Signed)),
        (vec![Some(Held), Some(Held)], at(Held), None),
        (vec![Some(Returned), None], Signed, None),
        (vec![Some(Returned), Some(Held)], at(Held), None),
        (vec![Some(Returned), Some(Received)], at(Received), None),
        (vec![Some(Registered), None], at(Registered), Some(Signed)),
        (vec![Some(Registered), Some(Held)], at(Registered), Some(at(Held))),
        (
            vec![Some(Registered), Some(Returned)],
            at(Registered),
            Some(at(Returned)),
        ),
        (
            vec![Some(Registered), Some(Returned), None],
            at(Registered),
            Some(Signed),
        ),
        (vec![Some(Registered), Some(Registered)], at(Registered), None),
        (
            vec![Some(CertificateIssued), Some(Received)],
            at(CertificateIssued),
            Some(at(Received)),
        ),
        (vec![Some(Duplicate), None], at(Duplicate), Some(Signed)),
        (vec![None, Some(Registered)], at(Registered), None),
        (vec![Some(Held), None, None], at(Held), Some(Signed)),
    ];
    for (answers, status, beside) in rows {
        let entries: Vec<EntryWithReceipt> = answers
            .iter()
            .zip(1..)
            .map(|(answer, rev)| {
                let t = if rev == 1 { BIRTH } else { EntryType::Amend };
                line(i64::from(rev), t, rev, answer.map(|s| (u64::from(rev), s, None)))
            })
            .collect();
        let projected = project("nid", &entries).unwrap();
        assert_eq!(
            (projected.status, projected.beside),
            (status, beside),
            "{answers:?}"
        );
    }
}

#[test]
fn nothing_is_drawn_before_the_first_entry_has_come() {
    assert!(project("nid", &[]).is_none());
    assert!(project("nid", &[line(1, EntryType::Amend, 2, None)]).is_none());
    assert!(project("nid", &[line(1, EntryType::Tally, 1, None)]).is_none());
}

#[test]
fn an_annulment_that_came_before_its_birth_counts() {
    let void = line(
        1,
        EntryType::Void,
        1,
        Some((1, Status::AnnulmentPending, Some(Reason::ParentMissing))),
    );
    let projected = project("nid", &[void.clone(), line(2, BIRTH, 1, None)]).unwrap();
    assert_eq!(
        (projected.status, projected.beside),
        (at(Status::AnnulmentPending), Some(EntryStatus::Signed))
    );
    assert!(projected.to_attest && !projected.returned);
    // The first entry decides which notification it is, wherever it stands.
    assert_eq!(projected.first, 2);
}

#[test]
fn a_second_annulment_that_came_too_late_troubles_nobody() {
    let entries = [
        line(1, BIRTH, 1, Some((1, Status::Registered, None))),
        line(2, EntryType::Void, 1, Some((4, Status::Voided, None))),
        line(
            3,
            EntryType::Void,
            1,
            Some((3, Status::Returned, Some(Reason::Annulled))),
        ),
    ];
    let projected = project("nid", &entries).unwrap();
    assert_eq!(
        (projected.status, projected.beside, projected.returned),
        (at(Status::Voided), None, false)
    );
}

#[test]
fn the_problem_shown_is_the_newest_that_nobody_has_answered() {
    let returned = |n, rev, number, reason| {
        let t = if rev == 1 { BIRTH } else { EntryType::Amend };
        line(n, t, rev, Some((number, Status::Returned, Some(reason))))
    };
    let one = returned(1, 1, 1, Reason::BadField);
    let code = |entries: &[EntryWithReceipt]| project("nid", entries).unwrap().problem.map(|p| p.code);
    assert_eq!(code(std::slice::from_ref(&one)).as_deref(), Some("bad-field"));
    assert_eq!(code(&[one.clone(), line(2, EntryType::Amend, 2, None)]), None);
    let two = returned(2, 2, 5, Reason::Registrar);
    assert_eq!(code(&[one, two]).as_deref(), Some("registrar"));
}

fn any_line() -> impl Strategy<Value = Vec<EntryWithReceipt>> {
    let reason = prop::sample::select(vec![None, Some(Reason::RevConflict), Some(Reason::Correction)]);
    let answer = prop::option::of((prop::sample::select(Status::ALL.to_vec()), reason));
    let t = prop::sample::select(vec![EntryType::Amend, EntryType::Void, EntryType::Attest]);
    prop::collection::vec((t, 1..5_u32, answer), 0..8).prop_map(|all| {
        let first = (BIRTH, 1, None);
        std::iter::once(first)
            .chain(all)
            .zip(1_i64..)
            .map(|((t, rev, answer), n)| line(n, t, rev, answer.map(|(s, r)| (n.unsigned_abs(), s, r))))
            .collect()
    })
}

proptest! {
    #[test]
    fn whatever_came_the_projection_keeps_its_word(mut entries in any_line(), seed: u64) {
        let projected = project("nid", &entries).unwrap();
        // The order in which the lines are read does not matter.
        let len = entries.len();
        entries.rotate_left(usize::try_from(seed % 1000).unwrap() % len);
        prop_assert!(project("nid", &entries).unwrap() == projected);
        // Registered or annulled only by a receipt that says so.
        let has = |s: Status| entries.iter().any(|l| l.standing() == at(s));
        match projected.status {
            EntryStatus::At(Status::AnnulmentPending) => {
                prop_assert!(has(Status::AnnulmentPending) || entries.iter().any(|l| l.t == EntryType::Void));
            }
            EntryStatus::At(s) => prop_assert!(has(s)),
            EntryStatus::Signed => prop_assert!(entries.iter().any(|l| l.receipt.is_none())),
        }
        // Once a revision took effect nothing but an annulment takes it back.
        let effect = entries.iter().any(|l| l.is_revision() && l.standing().took_effect());
        prop_assert!(!effect || projected.status.took_effect());
        // Annulled is annulled, and has nothing to do any more.
        if has(Status::Voided) {
            prop_assert_eq!(projected.status, at(Status::Voided));
            prop_assert!(!projected.returned && !projected.to_attest && !projected.unnamed);
        }
        prop_assert_eq!(projected.waiting as usize, entries.iter().filter(|l| l.receipt.is_none()).count());
        prop_assert!(projected.rev >= 1);
    }
}

/// A death as signed in a revision.
fn death(rev: u32, change: impl FnOnce(&mut Event)) -> EntryWithReceipt {
    let mut event = Event::new(Kind::Death);
    event.set("deceased.surname", crate::vital::Value::Text("Назаров".into()));
    event.set(field::CAUSE_A, crate::vital::Not::Yet);
    change(&mut event);
    stated(rev, &event)
}

/// An event as signed in a revision.
fn stated(rev: u32, event: &Event) -> EntryWithReceipt {
    let serde_json::Value::Object(body) = body::to_json(event) else {
        panic!("no object");
    };
    let t = if rev == 1 {
        EntryType::Notice(event.kind)
    } else {
        EntryType::Amend
    };
    let entry = Entry {
        v: crate::seal::VERSION,
        t: t.clone(),
        id: format!("e{rev}"),
        nid: "nid".into(),
        rev,
        jid: String::new().into(),
        seq: u64::from(rev),
        prev: String::new().into(),
        rec: time(),
        clk: crate::env::ClockTrust::Synced,
        fac: String::new().into(),
        dev: String::new(),
        usr: "davlatova".into(),
        role: crate::env::Role::Doctor,
        app: String::new(),
        body,
        reference: None,
        reason: None,
    };
    EntryWithReceipt {
        entry: Some(entry),
        ..line(i64::from(rev), t, rev, None)
    }
}

#[test]
fn a_cause_is_awaited_until_a_final_certificate_names_it() {
    let named = |e: &mut Event| e.set(field::CAUSE_A, crate::vital::Value::Text("Сепсис".into()));
    let kind = |e: &mut Event, code: &str| {
        e.set(field::DEATH_CERTIFICATE, crate::vital::Value::Code(code.into()));
    };
    let awaited = |entries: &[EntryWithReceipt]| project("nid", entries).unwrap().no_cause;
    let open = death(1, |e| kind(e, "final"));
    let preliminary = death(1, |e| {
        named(e);
        kind(e, "preliminary");
    });
    let last = death(2, |e| {
        named(e);
        kind(e, "replaces-preliminary");
    });
    assert!(awaited(std::slice::from_ref(&open)) && awaited(std::slice::from_ref(&preliminary)));
    assert!(!awaited(&[preliminary, last]));
    // Of what is being annulled nobody waits for anything.
    assert!(!awaited(&[open.clone(), line(9, EntryType::Void, 1, None)]));
    let projected = project("nid", &[open]).unwrap();
    assert_eq!(
        (projected.name.as_str(), projected.signed_by.as_str()),
        ("Назаров", "davlatova")
    );
    assert!(!projected.unnamed, "only a birth has a child to name");
}

#[test]
fn a_child_that_died_waits_for_no_name() {
    let unnamed = |living: &str| {
        let mut event = Event::new(Kind::Birth);
        event.set(field::CHILD_GIVEN, crate::vital::Not::Yet);
        event.set(field::CHILD_LIVING, crate::vital::Value::Code(living.into()));
        project("nid", &[stated(1, &event)]).unwrap().unnamed
    };
    assert!(unnamed("yes") && unnamed("unknown"));
    assert!(!unnamed("no"));
}
