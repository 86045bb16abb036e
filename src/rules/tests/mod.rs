//! Each rule fires where it should and keeps still where it should not: tables of small changes
//! to a plain event, of which nothing is found.

mod any_event;
mod births;
mod causes;
mod classified;
mod common;
mod deaths;
mod doors;
pub(crate) mod generator;
mod history;
mod infants;
mod properties;
mod unknowns;

use super::*;
use crate::env::Limits;
use crate::icd::Catalogue;
use crate::lang::{self, Lang};
use crate::questions::{Input, question_of};
use crate::vital::{Answer, Interval, Not, PartialDate, Stated, TimeOfDay, Value};
use chrono::{DateTime, FixedOffset};

/// One row: rule, changes to the plain event of a kind, what surrounds it, severity found.
struct Case {
    rule: &'static str,
    kind: Kind,
    changes: &'static [(&'static str, &'static str)],
    surroundings: fn(&mut Surroundings),
    found: Option<Severity>,
}

/// What surrounds an event, owned.
struct Surroundings {
    now: &'static str,
    clock_trusted: bool,
    limits: Limits,
    required: Vec<&'static str>,
    nid: Option<&'static str>,
    amends: bool,
    siblings: Vec<Sibling>,
    candidates: Vec<Candidate>,
    signer: Option<bool>,
    causes: Option<&'static Catalogue>,
    touch: fn(&mut Event),
}

impl Default for Surroundings {
    fn default() -> Self {
        Surroundings {
            now: "2026-11-23T10:00:00+05:00",
            clock_trusted: true,
            limits: Limits::default(),
            required: Vec::new(),
            nid: Some("n-own"),
            amends: false,
            siblings: Vec::new(),
            candidates: Vec::new(),
            signer: None,
            causes: None,
            touch: |_| {},
        }
    }
}

impl Surroundings {
    fn check(&self, event: &Event) -> Vec<Finding> {
        let ctx = Context {
            now: DateTime::parse_from_rfc3339(self.now).unwrap(),
            clock_trusted: self.clock_trusted,
            limits: &self.limits,
            required: &self.required,
            nid: self.nid,
            amends: self.amends,
            facility: "TJ-KT-BOX-01",
            siblings: &self.siblings,
            candidates: &self.candidates,
            signer: self.signer,
            causes: self.causes,
        };
        let mut event = event.clone();
        (self.touch)(&mut event);
        check(&event, &ctx)
    }
}

/// Another notification, made from the plain event of a kind.
fn other(nid: &str, kind: Kind, changes: &[(&'static str, &'static str)]) -> Candidate {
    Candidate {
        nid: nid.into(),
        facility: "TJ-KT-BOX-01".into(),
        status: "registered".into(),
        event: event(kind, changes),
    }
}

/// A plain event of a kind with some answers changed.
fn event(kind: Kind, changes: &[(&'static str, &'static str)]) -> Event {
    let plain = match kind {
        Kind::Birth => BIRTH,
        Kind::FoetalDeath => FOETAL,
        Kind::Death => DEATH,
    };
    let mut event = Event::new(kind);
    for (field, text) in plain.iter().chain(changes) {
        put(&mut event, field, text);
    }
    event
}

/// Puts an answer: `-` for none at all, `?yet`, `?knowable`, `?refused` for stated unknowns.
fn put(event: &mut Event, field: &'static str, text: &str) {
    if text == "-" {
        event.values.remove(field);
        return;
    }
    if let Some(not) = text.strip_prefix('?').and_then(Not::from_code) {
        event.set(field, Stated::Not(not));
        return;
    }
    let asked = Kind::ALL.iter().find_map(|kind| question_of(*kind, field));
    let value = match asked.map(|q| q.input) {
        Some(Input::Date(_)) => Value::Date(PartialDate::parse(text).unwrap()),
        Some(Input::Time(_)) => Value::Time(TimeOfDay::parse(text).unwrap()),
        Some(Input::Interval) => Value::Interval(Interval::parse_iso(text).unwrap()),
        Some(Input::Int(_) | Input::Length) => Value::Int(text.parse().unwrap()),
        Some(Input::Code(_)) => Value::Code(text.into()),
        _ => Value::Text(text.into()),
    };
    event.set(field, value);
}

/// A row about an event with nothing around it.
const fn row(
    kind: Kind,
    rule: &'static str,
    changes: &'static [(&'static str, &'static str)],
    found: Option<Severity>,
) -> Case {
    Case {
        rule,
        kind,
        changes,
        surroundings: |_| {},
        found,
    }
}

const fn birth(
    rule: &'static str,
    changes: &'static [(&'static str, &'static str)],
    found: Option<Severity>,
) -> Case {
    row(Kind::Birth, rule, changes, found)
}

const fn foetal(
    rule: &'static str,
    changes: &'static [(&'static str, &'static str)],
    found: Option<Severity>,
) -> Case {
    row(Kind::FoetalDeath, rule, changes, found)
}

const fn death(
    rule: &'static str,
    changes: &'static [(&'static str, &'static str)],
    found: Option<Severity>,
) -> Case {
    row(Kind::Death, rule, changes, found)
}

const BIRTH: &[(&str, &str)] = &[
    ("child.sex", "male"),
    ("birth.date", "2026-11-09"),
    ("birth.time", "03:12"),
    ("birth.place", "facility"),
    ("birth.attendant", "midwife"),
    ("birth.weight", "3420"),
    ("birth.length", "510"),
    ("birth.weeks", "39"),
    ("birth.plurality", "1"),
    ("birth.apgar_1", "8"),
    ("birth.apgar_5", "9"),
    ("mother.surname", "Раҳимзода"),
    ("mother.given", "Сарвиноз"),
    ("mother.patronymic", "Холмурод"),
    ("mother.born", "1998-04-17"),
    ("mother.document", "А 01410027"),
    ("mother.phone", "+992 91 812 3456"),
    ("mother.live_births_before", "1"),
    ("father.surname", "Раҳимзода"),
    ("father.given", "Ҷамшед"),
    ("father.born", "1995-01-30"),
];

const FOETAL: &[(&str, &str)] = &[
    ("child.sex", "female"),
    ("birth.date", "2026-10-30"),
    ("birth.time", "19:32"),
    ("birth.place", "facility"),
    ("birth.weight", "1960"),
    ("birth.length", "430"),
    ("birth.weeks", "34"),
    ("birth.plurality", "1"),
    ("foetus.signs_of_life", "none"),
    ("foetus.died_when", "antepartum"),
    ("mother.surname", "Усмонова"),
    ("mother.given", "Малика"),
    ("mother.born", "1990-03-14"),
    ("mother.document", "А 07334519"),
];

const DEATH: &[(&str, &str)] = &[
    ("death.certificate", "final"),
    ("death.date", "2026-11-11"),
    ("death.time", "22:50"),
    ("death.place", "facility"),
    ("deceased.surname", "Қодиров"),
    ("deceased.given", "Абдулвоҳид"),
    ("deceased.sex", "male"),
    ("deceased.born", "1961"),
    ("cause.a.text", "bleeding oesophageal varices"),
    ("cause.a.code", "I85.0"),
    ("cause.a.interval", "PT6H"),
    ("cause.b.text", "cirrhosis of liver"),
    ("cause.b.code", "K74.6"),
    ("cause.b.interval", "P4Y"),
    ("cause.c.text", "chronic viral hepatitis B"),
    ("cause.c.code", "B18.1"),
    ("cause.c.interval", "P15Y"),
    ("cause.other.text", "type 2 diabetes"),
    ("cause.other.code", "E11.9"),
    ("death.manner", "disease"),
];

fn run(table: &[Case]) {
    for (row, case) in table.iter().enumerate() {
        let mut surroundings = Surroundings::default();
        (case.surroundings)(&mut surroundings);
        let found = surroundings.check(&event(case.kind, case.changes));
        let severity = found
            .iter()
            .filter(|f| f.rule == case.rule)
            .map(|f| f.severity)
            .min();
        assert_eq!(
            severity, case.found,
            "row {row}: {} {:?}",
            case.rule, case.changes
        );
        for finding in &found {
            readable(finding);
        }
    }
}

/// A finding reads as a sentence in each language: a text there is, and no hole in it.
fn readable(finding: &Finding) {
    for l in Lang::ALL {
        let text = finding.msg.render(l);
        assert_ne!(text, finding.msg.id, "no text");
        assert!(!text.contains('{'), "{}: {text}", finding.msg.id);
        assert!(text.ends_with('.'), "{text}");
    }
}

#[test]
fn of_a_plain_event_nothing_is_found() {
    for kind in Kind::ALL {
        let surroundings = Surroundings {
            signer: Some(true),
            ..Surroundings::default()
        };
        let found = surroundings.check(&event(kind, &[]));
        let heavy: Vec<_> = found.iter().filter(|f| f.severity != Severity::N).collect();
        assert!(heavy.is_empty(), "{kind:?}: {heavy:?}");
        assert!(!stops(&found));
    }
}

/// The rows of every table.
fn tables() -> Vec<&'static Case> {
    [
        common::CASES,
        births::CASES,
        deaths::CASES,
        causes::CASES,
        history::CASES,
        classified::CASES,
        infants::CASES,
        doors::CASES,
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_rule_has_a_row_that_fires_and_one_that_does_not() {
    let tables = tables();
    for rule in all() {
        let rows = || tables.iter().filter(|c| c.rule == rule.id);
        assert!(rows().any(|c| c.found.is_some()), "{} never fires", rule.id);
        assert!(rows().any(|c| c.found.is_none()), "{} never keeps still", rule.id);
        assert!(rows().all(|c| rule.kinds.contains(&c.kind)), "{} kinds", rule.id);
    }
    for case in tables {
        assert!(rule(case.rule).is_some(), "{}", case.rule);
    }
}

#[test]
fn rules_are_named_once_and_have_a_source_and_texts_in_three_languages() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in all() {
        assert!(seen.insert(rule.id), "{} twice", rule.id);
        assert!(!rule.source.is_empty() && !rule.kinds.is_empty(), "{}", rule.id);
        for field in rule.fields {
            assert!(crate::vital::field::ALL.contains(field), "{} {field}", rule.id);
        }
        let id = message_id(rule.id);
        for l in Lang::ALL {
            assert_ne!(lang::text(l, &id), id, "{id} {l:?}");
        }
    }
    assert!(all().len() >= 70);
    let ids: Vec<_> = all().iter().map(|r| r.id).collect();
    assert_eq!(ids.first(), Some(&"C01"));
    assert_eq!(ids.last(), Some(&"D56"));
}

#[test]
fn the_three_languages_have_the_same_texts_with_the_same_variables() {
    let read = |l: Lang| -> std::collections::BTreeMap<String, std::collections::BTreeSet<String>> {
        let (_, source) = lang::sources(l)
            .iter()
            .find(|(part, _)| *part == "rules")
            .unwrap();
        let mut out = std::collections::BTreeMap::new();
        let mut id = String::new();
        for line in source.lines() {
            if !line.starts_with(' ') {
                id = line.split(" = ").next().unwrap().to_owned();
            }
            let variables: &mut std::collections::BTreeSet<String> = out.entry(id.clone()).or_default();
            variables.extend(line.split("{ $").skip(1).map(|rest| {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap();
                rest.get(..end).unwrap().to_owned()
            }));
        }
        out
    };
    let tg = read(Lang::Tg);
    assert_eq!(tg, read(Lang::Ru));
    assert_eq!(tg, read(Lang::En));
}
