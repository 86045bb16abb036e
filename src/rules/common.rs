//! Rules of every event: time, completeness, signer, look-alikes, spelling of names, documents.

use chrono::Duration;

use super::facts::{apart, event_span, event_text};
use super::{Candidate, Context, Finding, Rule, Say, Severity};
use crate::alike::{Person, document, mixed_scripts, same_person};
use crate::lang::{Arg, Msg};
use crate::vital::{Event, Kind, field};

pub(super) fn rules() -> Vec<Rule> {
    let when = &[
        field::BIRTH_DATE,
        field::BIRTH_TIME,
        field::DEATH_DATE,
        field::DEATH_TIME,
    ];
    vec![
        Rule {
            id: "C01",
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: when,
            source: "NCHS date edits",
            look: future,
        },
        Rule {
            id: "C02",
            kinds: &Kind::ALL,
            severity: Severity::W,
            fields: &[field::BIRTH_DATE, field::DEATH_DATE, field::LATE_REASON],
            source: "NCHS natality in-processing: an event-date lag is verified, not rejected",
            look: late,
        },
        Rule {
            id: "C03",
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: when,
            source: "ogoh: nothing is signed before it has happened",
            look: signed_before,
        },
        Rule {
            id: "C04",
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: &[],
            source: "NCHS specifications: blank never means unknown",
            look: blank,
        },
        Rule {
            id: "C05",
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: &[],
            source: "HL7 vital records edit flags",
            // Speaks of the other findings: see `settle`.
            look: |_, _, _| {},
        },
        Rule {
            id: "C06",
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: &[],
            source: "ogoh: who may certify what is a policy",
            look: signer,
        },
        Rule {
            id: "C07",
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
            id: "C08",
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
        Rule {
            id: "C09",
            kinds: &Kind::ALL,
            severity: Severity::W,
            fields: NAMES,
            source: "ogoh: names with digits or letters of two alphabets",
            look: names,
        },
        Rule {
            id: "C10",
            kinds: &Kind::ALL,
            severity: Severity::W,
            fields: DOCUMENTS,
            source: "ogoh: shape of a document number (assumption, a setting)",
            look: documents,
        },
    ]
}

const NAMES: &[&str] = &[
    field::CHILD_SURNAME,
    field::CHILD_GIVEN,
    field::CHILD_PATRONYMIC,
    field::MOTHER_SURNAME,
    field::MOTHER_GIVEN,
    field::MOTHER_PATRONYMIC,
    field::FATHER_SURNAME,
    field::FATHER_GIVEN,
    field::FATHER_PATRONYMIC,
    field::DECEASED_SURNAME,
    field::DECEASED_GIVEN,
    field::DECEASED_PATRONYMIC,
];

const DOCUMENTS: &[&str] = &[
    field::MOTHER_DOCUMENT,
    field::FATHER_DOCUMENT,
    field::DECEASED_DOCUMENT,
];

/// Minutes by which the event surely lies after `now`, where it does.
fn ahead(event: &Event, ctx: &Context<'_>) -> Option<i64> {
    let (earliest, _) = event_span(event)?;
    let minutes = (earliest - ctx.now.naive_local()).num_minutes();
    (minutes > 0).then_some(minutes)
}

/// Only a clock that may be believed makes an error of the future.
fn by_clock(ctx: &Context<'_>) -> Severity {
    if ctx.clock_trusted {
        Severity::E
    } else {
        Severity::W
    }
}

fn at_and_now(msg: Msg, event: &Event, ctx: &Context<'_>) -> Msg {
    msg.with("at", event_text(event))
        .with("now", ctx.now.format("%d.%m.%Y %H:%M").to_string())
}

fn future(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    if ahead(event, ctx).is_some_and(|m| m > i64::from(ctx.limits.future_minutes)) {
        let msg = if ctx.clock_trusted {
            say.msg()
        } else {
            say.variant("clock")
        };
        say.finds_as(
            by_clock(ctx),
            event.kind.date_field(),
            at_and_now(msg, event, ctx),
        );
    }
}

fn late(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    let Some((_, latest)) = event_span(event) else {
        return;
    };
    let days = (ctx.now.naive_local() - latest).num_days();
    let limit = ctx.limits.late_reason_days;
    if days > i64::from(limit) {
        // The one warning whose answer needs words: without the reason it is not answered.
        if event.is_open(field::LATE_REASON) {
            let msg = say.variant("reason").with("days", days).with("limit", limit);
            say.finds(field::LATE_REASON, msg);
            say.withhold_answer();
        } else {
            let msg = say.msg().with("days", days).with("limit", limit);
            say.finds(event.kind.date_field(), msg);
        }
    }
}

fn signed_before(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    // Further ahead is C01's; here a signing within the tolerance of that rule.
    let near = |m: i64| m <= i64::from(ctx.limits.future_minutes);
    if ctx.signer.is_some() && ahead(event, ctx).is_some_and(near) {
        let msg = at_and_now(say.msg(), event, ctx);
        say.finds_as(by_clock(ctx), event.kind.time_field(), msg);
    }
}

fn blank(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    for field in ctx.required {
        if event.get(field).is_none() {
            let msg = say.msg().with("field", label(field));
            say.finds(field, msg);
        }
    }
}

/// The label of a field as the form declares it.
pub(super) fn label(field: &str) -> Arg {
    Arg::Ref(format!("field-{}", field.replace(['.', '_'], "-")))
}

fn signer(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    if ctx.signer == Some(false) {
        let msg = say.msg();
        say.finds(event.kind.date_field(), msg);
    }
}

/// Candidates that may be another account of the same event.
fn others<'a>(event: &'a Event, ctx: &Context<'a>) -> impl Iterator<Item = &'a Candidate> {
    let (nid, siblings) = (ctx.nid, ctx.siblings);
    ctx.candidates.iter().filter(move |c| {
        let own = nid == Some(c.nid.as_str());
        let gone = matches!(c.status.as_str(), "voided" | "annulment-pending");
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
    let theirs = c.event.text(&format!("{who}.document")).map(document);
    c.status != "draft"
        && c.event.kind == event.kind
        && c.facility == facility
        && theirs.as_deref() == Some(doc)
        && event.event_time().is_some()
        && event_span(event).is_some_and(|a| a.0 == a.1 && event_span(&c.event) == Some(a))
        && !other_place(event, &c.event)
}

fn duplicate(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    let doc_field = person_field(event, [field::MOTHER_DOCUMENT, field::DECEASED_DOCUMENT]);
    let Some(doc) = event.text(doc_field).map(document).filter(|d| !d.is_empty()) else {
        return;
    };
    if let Some(c) = others(event, ctx).find(|c| exact(event, &doc, ctx.facility, c)) {
        let msg = say
            .msg()
            .with("at", event_text(&c.event))
            .with("name", c.event.name_of(c.event.kind.person()));
        say.finds(doc_field, msg);
    }
}

fn person_field(event: &Event, [mother, deceased]: [&'static str; 2]) -> &'static str {
    match event.kind {
        Kind::Birth | Kind::FoetalDeath => mother,
        Kind::Death => deceased,
    }
}

/// The candidates that may be the same event, for the look-alike question at the ward and the
/// registrar's desk: the same person as far as known, and the event within `alike_days`.
///
/// Members of the event's set, its own revisions, notifications that it is linked with, and
/// annulled ones are none.
pub fn look_alikes<'a>(event: &'a Event, ctx: &Context<'a>) -> Vec<&'a Candidate> {
    if ctx.candidates.is_empty() {
        return Vec::new();
    }
    let me = Person::of(event, event.kind.person());
    if !me.is_named() && me.document().is_empty() {
        return Vec::new();
    }
    let days = Duration::days(i64::from(ctx.limits.alike_days));
    let twins = event.int(field::BIRTH_PLURALITY).is_some_and(|n| n > 1);
    others(event, ctx)
        .filter(|c| match (event_span(event), event_span(&c.event)) {
            (Some(a), Some(b)) => !apart(a, b, days),
            _ => true,
        })
        .filter(|c| !(twins && other_place(event, &c.event)))
        .filter(|c| same_person(&me, &Person::of(&c.event, c.event.kind.person())))
        .collect()
}

fn look_alike(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    let doc = event
        .text(person_field(
            event,
            [field::MOTHER_DOCUMENT, field::DECEASED_DOCUMENT],
        ))
        .map(document)
        .filter(|d| !d.is_empty());
    let named = person_field(event, [field::MOTHER_SURNAME, field::DECEASED_SURNAME]);
    for c in look_alikes(event, ctx) {
        // The exact duplicate is C07's.
        if doc.as_deref().is_some_and(|d| exact(event, d, ctx.facility, c)) {
            continue;
        }
        let msg = say
            .msg()
            .with("name", c.event.name_of(c.event.kind.person()))
            .with("at", event_text(&c.event))
            .with("facility", c.facility.as_str());
        say.finds(named, msg);
    }
}

fn names(event: &Event, _: &Context<'_>, say: &mut Say<'_>) {
    for field in NAMES {
        let Some(name) = event.text(field) else { continue };
        let msg = if name.chars().any(char::is_numeric) {
            say.variant("digit")
        } else if mixed_scripts(name) {
            say.msg()
        } else {
            continue;
        };
        say.finds(field, msg.with("value", name));
    }
}

fn documents(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    for field in DOCUMENTS {
        let Some(text) = event.text(field) else { continue };
        let number = document(text);
        let letters = number.chars().take_while(|c| c.is_alphabetic()).count();
        let rest: Vec<char> = number.chars().skip(letters).collect();
        let limits = ctx.limits;
        let shaped = letters <= limits.document_letters as usize
            && rest.iter().all(char::is_ascii_digit)
            && (limits.document_digits_least as usize..=limits.document_digits_most as usize)
                .contains(&rest.len());
        if !shaped {
            let msg = say
                .msg()
                .with("value", text)
                .with("letters", limits.document_letters)
                .with("least", limits.document_digits_least)
                .with("most", limits.document_digits_most);
            say.finds(field, msg);
        }
    }
}

/// What can only be said once every rule has spoken: a blank field that another error names is
/// named once, and at a signing open warnings are an error (C05).
pub(super) fn settle(event: &Event, ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let named: Vec<&str> = out
        .iter()
        .filter(|f| f.rule != "C04" && f.severity == Severity::E)
        .map(|f| f.field)
        .collect();
    out.retain(|f| f.rule != "C04" || !named.contains(&f.field));
    let open = out
        .iter()
        .filter(|f| f.severity == Severity::W && f.answer.is_none())
        .count();
    if ctx.signer.is_some()
        && open > 0
        && let Some(rule) = super::rule("C05")
    {
        let mut say = Say { rule, event, out };
        let msg = say.msg().with("n", open);
        let field = say
            .out
            .iter()
            .find(|f| f.severity == Severity::W && f.answer.is_none())
            .map_or(event.kind.date_field(), |f| f.field);
        say.finds(field, msg);
    }
}
