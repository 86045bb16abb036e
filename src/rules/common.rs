//! Rules of every event: time, completeness, signer, documents.

use super::birth::BORN;
use super::facts::{event_span, event_text};
use super::{Context, Finding, Findings, Rule, Severity, id};
use crate::lang::{Arg, Msg};
use crate::matching::document;
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
            id: id::C01,
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: when,
            source: "NCHS date edits",
            look: future,
        },
        Rule {
            id: id::C02,
            kinds: &Kind::ALL,
            severity: Severity::W,
            fields: &[field::BIRTH_DATE, field::DEATH_DATE, field::LATE_REASON],
            source: "NCHS natality in-processing: an event-date lag is verified, not rejected",
            look: late,
        },
        Rule {
            id: id::C03,
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: when,
            source: "ogoh: nothing is signed before it has happened",
            look: signed_before,
        },
        Rule {
            id: id::C04,
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: &[],
            source: "NCHS specifications: blank never means unknown",
            look: blank,
        },
        Rule {
            id: id::C05,
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: &[],
            source: "HL7 vital records edit flags",
            // Speaks of the other findings: see `settle`.
            look: |_, _, _| {},
        },
        Rule {
            id: id::C06,
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: &[],
            source: "ogoh: who may certify what is a policy",
            look: signer,
        },
        Rule {
            id: id::C10,
            kinds: &Kind::ALL,
            severity: Severity::W,
            fields: DOCUMENTS,
            source: "ogoh: shape of a document number (assumption, a setting)",
            look: documents,
        },
        Rule {
            id: id::C11,
            kinds: BORN,
            severity: Severity::W,
            fields: &[field::MOTHER_PHONE],
            source: "Numbering plan of Tajikistan: +992 and nine digits",
            look: phone,
        },
        Rule {
            id: id::C12,
            kinds: &Kind::ALL,
            severity: Severity::N,
            fields: &[field::BIRTH_DATE, field::DEATH_DATE],
            source: "ogoh: late beyond the limit is decided by a registrar (assumption)",
            look: very_late,
        },
        Rule {
            id: id::C13,
            kinds: &Kind::ALL,
            severity: Severity::N,
            fields: &[field::MOTHER_SURNAME, field::DECEASED_SURNAME],
            source: "ogoh: somebody may have one name alone",
            look: one_name,
        },
    ]
}

const DOCUMENTS: &[&str] = &[
    field::MOTHER_DOCUMENT,
    field::FATHER_DOCUMENT,
    field::DECEASED_DOCUMENT,
    field::INFANT_MOTHER_DOCUMENT,
];

/// Minutes by which the event surely lies after `now`, where it does.
fn ahead(event: &Event, ctx: &Context<'_>) -> Option<i64> {
    let (earliest, _) = event_span(event)?;
    let minutes = (earliest - ctx.now.naive_local()).num_minutes();
    (minutes > 0).then_some(minutes)
}

/// Only a clock that may be believed makes an error of the future.
pub(super) fn by_clock(ctx: &Context<'_>) -> Severity {
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

fn future(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    if ahead(event, ctx).is_some_and(|m| m > i64::from(ctx.limits.future_minutes)) {
        let msg = if ctx.clock_trusted {
            findings.msg()
        } else {
            findings.variant("clock")
        };
        findings.add_as(
            by_clock(ctx),
            event.kind.date_field(),
            at_and_now(msg, event, ctx),
        );
    }
}

/// Days that have passed since the event, at its first signing.
fn days_since(event: &Event, ctx: &Context<'_>) -> Option<i64> {
    let (_, latest) = event_span(event).filter(|_| !ctx.amends)?;
    Some((ctx.now.naive_local() - latest).num_days())
}

fn late(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(days) = days_since(event, ctx) else {
        return;
    };
    let limit = ctx.limits.late_reason_days;
    if days > i64::from(limit) && !ctx.clock_trusted {
        // A clock that may be a year ahead asks nobody for a reason.
        let msg = findings.variant("clock").with("days", days).with("limit", limit);
        findings.add_as(Severity::N, event.kind.date_field(), msg);
    } else if days > i64::from(limit) {
        // The one warning whose answer needs words: without the reason it is not answered.
        if event.is_open(field::LATE_REASON) {
            let msg = findings.variant("reason").with("days", days).with("limit", limit);
            findings.add(field::LATE_REASON, msg);
            findings.withhold_answer();
        } else {
            let msg = findings.msg().with("days", days).with("limit", limit);
            findings.add(event.kind.date_field(), msg);
        }
    }
}

fn signed_before(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    // Further ahead is C01's; here what lies within the tolerance of that rule.
    let near = |m: i64| m <= i64::from(ctx.limits.future_minutes);
    if ahead(event, ctx).is_some_and(near) {
        let msg = at_and_now(findings.msg(), event, ctx);
        findings.add_as(by_clock(ctx), event.kind.time_field(), msg);
    }
}

fn blank(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    for field in ctx.required {
        if event.get(field).is_none() {
            let msg = findings.msg().with("field", label(field));
            findings.add(field, msg);
        }
    }
}

/// Documents of other states have other shapes.
fn is_foreign(event: &Event, document: &str) -> bool {
    let kind = match document {
        field::MOTHER_DOCUMENT => field::MOTHER_DOCUMENT_KIND,
        field::DECEASED_DOCUMENT => field::DECEASED_DOCUMENT_KIND,
        _ => return false,
    };
    event.text(kind).is_some_and(|k| k != "passport")
}

/// The label of a field as the form declares it.
pub(super) fn label(field: &str) -> Arg {
    Arg::Ref(format!("field-{}", field.replace(['.', '_'], "-")))
}

fn signer(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    if ctx.signer == Some(false) {
        let msg = findings.msg();
        findings.add(event.kind.date_field(), msg);
    }
}

fn documents(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    for field in DOCUMENTS {
        let Some(text) = event.text(field).filter(|_| !is_foreign(event, field)) else {
            continue;
        };
        let number = document(text);
        let letters = number.chars().take_while(|c| c.is_alphabetic()).count();
        let rest: Vec<char> = number.chars().skip(letters).collect();
        let limits = ctx.limits;
        let shaped = letters <= limits.document_letters as usize
            && rest.iter().all(char::is_ascii_digit)
            && (limits.document_digits_least as usize..=limits.document_digits_most as usize)
                .contains(&rest.len());
        if !shaped {
            let msg = findings
                .msg()
                .with("value", text)
                .with("letters", limits.document_letters)
                .with("least", limits.document_digits_least)
                .with("most", limits.document_digits_most);
            findings.add(field, msg);
        }
    }
}

/// Nine digits, with or without the country's code; a number of another country begins with `+`
/// and goes unquestioned.
fn phone(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(text) = event.text(field::MOTHER_PHONE) else {
        return;
    };
    let shaped = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let foreign = text.trim_start().starts_with('+') && !digits.starts_with("992");
    let good = match digits.len() {
        9 => !foreign,
        12 => digits.starts_with("992") || foreign,
        n => foreign && (8..=15).contains(&n),
    };
    if !shaped || !good {
        let msg = findings.msg().with("value", text);
        findings.add(field::MOTHER_PHONE, msg);
    }
}

fn one_name(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let (surname, given) = match event.kind {
        Kind::Birth | Kind::FoetalDeath => (field::MOTHER_SURNAME, field::MOTHER_GIVEN),
        Kind::Death => (field::DECEASED_SURNAME, field::DECEASED_GIVEN),
    };
    if event.get(surname).is_none() && event.text(given).is_some() {
        let msg = findings.msg();
        findings.add(surname, msg);
    }
}

fn very_late(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(days) = days_since(event, ctx) else {
        return;
    };
    let limit = ctx.limits.late_hold_days;
    if days > i64::from(limit) {
        let msg = findings.msg().with("days", days).with("limit", limit);
        findings.add(event.kind.date_field(), msg);
    }
}

/// Whether another error at the same field says more.
fn general(finding: &Finding) -> bool {
    [id::C04, id::C14].contains(&finding.rule)
}

/// What can only be said once every rule has spoken: a blank field, or an answer that does not apply, is named
/// once where another error names it too, and at a signing open warnings are an error (C05).
///
/// Deliberately absent: silence of a warning beside an error at one field. Each says what it knows; whoever
/// corrects one has seen the other.
pub(super) fn settle(event: &Event, ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let named: Vec<&str> = out
        .iter()
        .filter(|f| !general(f) && f.severity == Severity::E)
        .map(|f| f.field)
        .collect();
    out.retain(|f| !general(f) || !named.contains(&f.field));
    let open: Vec<&Finding> = out
        .iter()
        .filter(|f| f.severity == Severity::W && f.answer.is_none())
        .collect();
    if let (Some(_), Some(first), Some(rule)) = (ctx.signer, open.first(), super::rule(id::C05)) {
        let field = first.field;
        let mut rules: Vec<&str> = open.iter().map(|f| f.rule).collect();
        rules.dedup();
        let (n, rules) = (open.len(), rules.join(", "));
        let mut findings = Findings { rule, event, out };
        let msg = findings.msg().with("n", n).with("rules", rules);
        findings.add(field, msg);
    }
}
