//! The table of unknowns against what the rules do.

use std::collections::BTreeMap;

use super::*;

/// In every row of every rule, each field that the rule reads is left out and stated unknown in each way.
#[test]
fn the_table_says_how_each_rule_takes_each_unknown() {
    const STATES: [&str; 4] = ["-", "?yet", "?knowable", "?refused"];
    let mut seen: BTreeMap<&str, [bool; 4]> = BTreeMap::new();
    for case in tables() {
        let mut surroundings = Surroundings::default();
        (case.surroundings)(&mut surroundings);
        let fields = rule(case.rule).unwrap().fields;
        let fields = if fields.is_empty() {
            crate::vital::field::ALL
        } else {
            fields
        };
        for field in fields {
            for (at, state) in STATES.iter().enumerate() {
                let mut event = event(case.kind, case.changes);
                put(&mut event, field, state);
                let found = surroundings.check(&event);
                let speaks = |f: &Finding| f.rule == case.rule && f.field == *field;
                seen.entry(case.rule).or_default()[at] |= found.iter().any(speaks);
            }
        }
    }
    let mut faults = Vec::new();
    for (rule, found) in seen {
        let table = unknowns(rule);
        let table = [table.absent, table.yet, table.knowable, table.refused];
        if table != found {
            faults.push(format!(
                "{rule}: the table says {table:?}, the rule does {found:?}"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What cannot be read is named as what it is, and a door does not call it empty.
#[test]
fn what_cannot_be_read_breaks_the_rule_that_speaks_of_such_values_and_is_not_blank() {
    for (kind, field, rule) in [
        (Kind::Birth, "child.sex", Some("B01")),
        (Kind::FoetalDeath, "child.sex", None),
        (Kind::Death, "deceased.sex", Some("D03")),
        (Kind::Death, "cause.b.interval", Some("D09")),
        (Kind::Death, "deceased.estimated_age", Some("D09")),
        (Kind::Birth, "birth.apgar_5", Some("B08")),
        (Kind::FoetalDeath, "birth.apgar_1", Some("B08")),
        (Kind::Death, "death.manner", Some("D47")),
        (Kind::Death, "surgery.performed", Some("D47")),
        (Kind::Birth, "birth.weight", None),
        (Kind::Birth, "mother.surname", None),
        (Kind::Death, "death.date", None),
    ] {
        assert_eq!(of_unreadable(kind, field).map(|r| r.id), rule, "{kind:?} {field}");
    }
    for (kind, field, blank) in [
        (Kind::Birth, "child.sex", "B01"),
        (Kind::Birth, "birth.time", "C04"),
        (Kind::Death, "cause.a.text", "D01"),
        (Kind::Death, "deceased.born", "D04"),
        (Kind::Death, "surgery.reason", "D43"),
    ] {
        let surroundings = Surroundings {
            required: vec!["child.sex", "birth.time", "cause.a.text"],
            ..Surroundings::default()
        };
        let changes = &[("surgery.performed", "yes")];
        let mut unread = event(kind, if kind == Kind::Death { changes } else { &[] });
        for field in [field, "cause.a.code", "cause.b.text", "cause.b.code"] {
            unread.values.remove(field);
        }
        let mut found = surroundings.check(&unread);
        let said = |found: &[Finding]| found.iter().any(|f| (f.rule, f.field) == (blank, field));
        assert!(said(&found), "{blank} {found:?}");
        Door::File.keep(&mut found, &["birth.weight"]);
        assert!(said(&found));
        Door::File.keep(&mut found, &[field]);
        assert!(!said(&found), "{blank}");
    }
}

/// Each door leaves out what the table says, and nothing else.
#[test]
fn a_door_leaves_out_what_stands_in_its_table() {
    let changes: &[(&str, &str)] = &[("child.living", "no"), ("birth.weight", "600")];
    let surroundings = Surroundings {
        signer: Some(false),
        ..Surroundings::default()
    };
    let found = surroundings.check(&event(Kind::Birth, changes));
    let rules = |found: &[Finding]| found.iter().map(|f| f.rule).collect::<Vec<_>>();
    let all = rules(&found);
    for (door, out) in [
        (Door::Form, &["C05"] as &[&str]),
        (Door::File, &[]),
        (Door::Together, &["B30"]),
        (Door::Intake, &["B30"]),
        (Door::Paper, &["C05", "B30"]),
    ] {
        let mut kept = found.clone();
        door.keep(&mut kept, &["birth.date"]);
        let left: Vec<_> = all.iter().copied().filter(|r| !out.contains(r)).collect();
        assert_eq!(rules(&kept), left, "{door:?}");
        assert!(out.iter().all(|r| all.contains(r)), "{all:?}");
    }
}
