//! Rules about other accounts of the same event: exact duplicates and look-alikes.

use chrono::Duration;

use super::facts::{apart, event_span, event_text};
use super::{Candidate, Context, Findings, Rule, Severity, id};
use crate::matching::{PersonRecord, identifying_document, same_person};
use crate::vital::{Event, Kind, field};

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule {
            id: id::C07,
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: &[
                field::MOTHER_DOCUMENT,
                field::DECEASED_DOCUMENT,
                field::BIRTH_DATE,
                field::BIRTH_TIME,
                field::BIRTH_ORDER,
                field::DEATH_DATE,
                field::DEATH_TIME,
            ],
            source: "NCHS and IHE identity matching",
            look: duplicate,
        },
        Rule {
            id: id::C08,
            kinds: &Kind::ALL,
            severity: Severity::W,
            fields: &[
                field::MOTHER_SURNAME,
                field::MOTHER_GIVEN,
                field::MOTHER_BORN,
                field::DECEASED_SURNAME,
                field::DECEASED_GIVEN,
                field::DECEASED_BORN,
            ],
            source: "ogoh: possible duplicate",
            look: look_alike,
        },
    ]
}

/// Candidates that may be another account of the same event: not members of its set, its own
/// revisions, notifications that it is linked with, annulled ones, duplicates: these resemble nothing.
pub fn other_accounts<'a>(event: &'a Event, ctx: &Context<'a>) -> impl Iterator<Item = &'a Candidate> {
    let (nid, siblings) = (ctx.nid, ctx.siblings);
    ctx.candidates.iter().filter(move |c| {
        let own = nid == Some(c.nid.as_str());
        let gone = matches!(c.status.as_str(), "voided" | "annulment-pending" | "duplicate");
        let set = match (&event.set, &c.event.set) {
            (Some(a), Some(b)) => a.id == b.id,
            _ => false,
        };
        let member = set || siblings.iter().any(|s| s.nid == c.nid);
        let linked = event.links.iter().any(|l| l.nid == c.nid);
        let same_kind = event.kind.person() == c.event.kind.person();
        same_kind && !own && !gone && !member && !linked
    })
}

/// Places in a multiple birth that are known and differ.
fn other_place(a: &Event, b: &Event) -> bool {
    match (a.int(field::BIRTH_ORDER), b.int(field::BIRTH_ORDER)) {
        (Some(x), Some(y)) => x != y,
        _ => false,
    }
}

fn exact(event: &Event, doc: &str, facility: &str, c: &Candidate) -> bool {
    let who = event.kind.person();
    let theirs = c.event.text(&format!("{who}.document")).map(identifying_document);
    c.status != "draft"
        && c.event.kind == event.kind
        && c.facility == facility
        && theirs.as_deref() == Some(doc)
        && event.event_time().is_some()
        && event_span(event).is_some_and(|a| a.0 == a.1 && event_span(&c.event) == Some(a))
        && !other_place(event, &c.event)
}

fn duplicate(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let doc_field = person_field(event, [field::MOTHER_DOCUMENT, field::DECEASED_DOCUMENT]);
    let Some(doc) = event
        .text(doc_field)
        .map(identifying_document)
        .filter(|d| !d.is_empty())
    else {
        return;
    };
    if let Some(c) = other_accounts(event, ctx).find(|c| exact(event, &doc, ctx.facility, c)) {
        let msg = findings
            .msg()
            .with("at", event_text(&c.event))
            .with("name", c.event.name_of(c.event.kind.person()));
        findings.add(doc_field, msg);
    }
}

fn person_field(event: &Event, [mother, deceased]: [&'static str; 2]) -> &'static str {
    match event.kind {
        Kind::Birth | Kind::FoetalDeath => mother,
        Kind::Death => deceased,
    }
}

/// The candidates that may be the same event, for the look-alike question at the ward: the same
/// person as far as known, and the event within `alike_days`.
pub fn look_alikes<'a>(event: &'a Event, ctx: &Context<'a>) -> Vec<&'a Candidate> {
    if ctx.candidates.is_empty() {
        return Vec::new();
    }
    let me = PersonRecord::of(event, event.kind.person());
    if !me.is_named() && me.document().is_empty() {
        return Vec::new();
    }
    let days = Duration::days(i64::from(ctx.limits.alike_days));
    let twins = event.int(field::BIRTH_PLURALITY).is_some_and(|n| n > 1);
    other_accounts(event, ctx)
        .filter(|c| match (event_span(event), event_span(&c.event)) {
            (Some(a), Some(b)) => !apart(a, b, days),
            _ => true,
        })
        .filter(|c| !(twins && other_place(event, &c.event)))
        .filter(|c| same_person(&me, &PersonRecord::of(&c.event, c.event.kind.person())))
        .collect()
}

fn look_alike(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let doc = event
        .text(person_field(
            event,
            [field::MOTHER_DOCUMENT, field::DECEASED_DOCUMENT],
        ))
        .map(identifying_document)
        .filter(|d| !d.is_empty());
    let named = person_field(event, [field::MOTHER_SURNAME, field::DECEASED_SURNAME]);
    for c in look_alikes(event, ctx) {
        // The exact duplicate is C07's.
        if doc.as_deref().is_some_and(|d| exact(event, d, ctx.facility, c)) {
            continue;
        }
        let msg = findings
            .msg()
            .with("name", c.event.name_of(c.event.kind.person()))
            .with("at", event_text(&c.event))
            .with(
                "facility",
                if c.facility.is_empty() {
                    ctx.facility
                } else {
                    &c.facility
                },
            );
        findings.add(named, msg);
    }
}
