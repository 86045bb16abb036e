//! Rules of a birth's family: brothers and sisters of one delivery, mother, father.

use chrono::Duration;

use super::birth::{BIRTH, BORN};
use super::facts::{apart, date_text, event_span, event_text, years_text};
use super::{Candidate, Context, Findings, Rule, Severity, Sibling, id};
use crate::matching::{document, fold};
use crate::questions::russian_ending;
use crate::vital::{Event, Kind, field};

pub(super) fn rules() -> Vec<Rule> {
    use Severity::{E, N, W};
    let rule = |id, kinds, severity, fields, source, look| Rule {
        id,
        kinds,
        severity,
        fields,
        source,
        look,
    };
    vec![
        rule(
            id::B14,
            BORN,
            E,
            &[field::BIRTH_PLURALITY],
            "HL7 BFDR 73773-4 and 73772-6",
            set_size,
        ),
        rule(
            id::B15,
            BORN,
            E,
            &[field::BIRTH_ORDER, field::BIRTH_TIME],
            "ogoh: order follows time",
            set_order,
        ),
        rule(
            id::B16,
            BORN,
            W,
            &[
                field::BIRTH_DATE,
                field::BIRTH_TIME,
                field::MOTHER_SURNAME,
                field::MOTHER_DOCUMENT,
            ],
            "ogoh: one delivery, one mother, one place",
            set_members,
        ),
        rule(
            id::B17,
            BORN,
            E,
            &[field::MOTHER_BORN],
            "NCHS limits of reported age",
            mother_age_absurd,
        ),
        rule(
            id::B18,
            BORN,
            W,
            &[field::MOTHER_BORN],
            "NCHS verification limits",
            mother_age_rare,
        ),
        rule(
            id::B19,
            BORN,
            E,
            &[field::MOTHER_BORN, field::BIRTH_DATE],
            "NCHS birth specifications",
            mother_born_after,
        ),
        rule(
            id::B20,
            BORN,
            E,
            &[field::FATHER_BORN, field::BIRTH_DATE],
            "NCHS birth specifications",
            father_born_after,
        ),
        rule(
            id::B21,
            BORN,
            W,
            &[field::FATHER_BORN],
            "NCHS verification limits",
            father_age_rare,
        ),
        rule(
            id::B23,
            BORN,
            W,
            &[field::MOTHER_LIVE_BIRTHS, field::MOTHER_BORN],
            "ogoh: more births than the mother's years allow",
            many_births,
        ),
        rule(
            id::B30,
            BIRTH,
            E,
            &[field::CHILD_LIVING],
            "HL7 BFDR 73757-7",
            not_living,
        ),
        rule(
            id::B33,
            BIRTH,
            N,
            &[
                field::CHILD_SURNAME,
                field::CHILD_PATRONYMIC,
                field::CHILD_MINORITY,
            ],
            "Practice of the registry since 2020: forms of names (assumption)",
            name_ending,
        ),
    ]
}

/// Siblings that were born, alive or not; a linked death is none.
fn born<'a>(ctx: &Context<'a>) -> impl Iterator<Item = &'a Sibling> {
    ctx.siblings.iter().filter(|s| s.event.kind != Kind::Death)
}

fn set_size(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(children) = event.int(field::BIRTH_PLURALITY).filter(|n| *n >= 1) else {
        return;
    };
    let there = i64::try_from(born(ctx).count())
        .unwrap_or(i64::MAX)
        .saturating_add(1);
    // A set is signed together, so whoever bears one says that it is closed; whether all of its
    // members have arrived is the portal's to wait for.
    let (severity, msg) = match event.set.as_ref().map(|s| i64::from(s.n)) {
        Some(n) if n != children => (Severity::E, findings.msg()),
        _ if there > children => (Severity::E, findings.msg()),
        None if there < children => (Severity::W, findings.variant("open")),
        _ => return,
    };
    let there = event.set.as_ref().map_or(there, |s| there.max(i64::from(s.n)));
    let msg = msg.with("children", children).with("entered", there);
    findings.add_as(severity, field::BIRTH_PLURALITY, msg);
}

/// Place in the delivery.
fn place(event: &Event) -> Option<i64> {
    event
        .int(field::BIRTH_ORDER)
        .or_else(|| event.set.as_ref().map(|s| i64::from(s.order)))
}

fn set_order(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(mine) = place(event) else { return };
    for sibling in born(ctx) {
        let Some(theirs) = place(&sibling.event) else {
            continue;
        };
        if mine == theirs {
            let msg = findings.variant("twice").with("order", mine);
            findings.add(field::BIRTH_ORDER, msg);
            return;
        }
        let (Some(a), Some(b)) = (event_span(event), event_span(&sibling.event)) else {
            continue;
        };
        // Children of one minute, as at a caesarean, keep the order that was given.
        let backwards = if mine < theirs { a.0 > b.1 } else { b.0 > a.1 };
        if backwards {
            let msg = findings
                .msg()
                .with("order", mine)
                .with("at", event_text(event))
                .with("other", theirs)
                .with("other_at", event_text(&sibling.event));
            findings.add(field::BIRTH_ORDER, msg);
            return;
        }
    }
}

fn set_members(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let hours = ctx.limits.set_hours;
    for sibling in born(ctx) {
        let doc = |e: &Event| {
            e.text(field::MOTHER_DOCUMENT)
                .map(document)
                .filter(|d| !d.is_empty())
        };
        if let (Some(a), Some(b)) = (event_span(event), event_span(&sibling.event))
            && apart(a, b, Duration::hours(i64::from(hours)))
        {
            let msg = findings.msg().with("hours", hours);
            findings.add(field::BIRTH_DATE, msg);
            return;
        }
        if let (Some(a), Some(b)) = (doc(event), doc(&sibling.event))
            && a != b
        {
            let msg = findings.variant("mother");
            findings.add(field::MOTHER_DOCUMENT, msg);
            return;
        }
        let name = |e: &Event| {
            let part = |f| e.text(f).map(fold);
            part(field::MOTHER_SURNAME).zip(part(field::MOTHER_GIVEN))
        };
        if let (Some(a), Some(b)) = (name(event), name(&sibling.event))
            && a != b
        {
            let msg = findings
                .variant("name")
                .with("other", sibling.event.name_of("mother"));
            findings.add(field::MOTHER_SURNAME, msg);
            return;
        }
        if !ctx.facility.is_empty() && !sibling.facility.is_empty() && ctx.facility != sibling.facility {
            let msg = findings
                .variant("facility")
                .with("facility", sibling.facility.as_str());
            findings.add(field::BIRTH_PLACE, msg);
            return;
        }
    }
}

/// Age of a parent at the birth: the least and the most that it can be.
fn parent_age(event: &Event, born: &str) -> Option<(i64, i64)> {
    Some(event.date(born)?.years_until(event.event_date()?))
}

/// The age lies outside the limits, whatever the missing parts of the dates are.
fn age_outside(event: &Event, born: &'static str, (least, most): (u32, u32), findings: &mut Findings<'_>) {
    let Some(age) = parent_age(event, born) else {
        return;
    };
    // A parent born after the child is another rule's.
    if age.1 < 0 {
        return;
    }
    if age.1 < i64::from(least) || age.0 > i64::from(most) {
        let age = (age.0.max(0), age.1);
        let msg = findings
            .msg()
            .with("age", years_text(age))
            .with("least", least)
            .with("most", most);
        findings.add(born, msg);
    }
}

fn mother_age_absurd(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    age_outside(
        event,
        field::MOTHER_BORN,
        (l.mother_age_least, l.mother_age_most),
        findings,
    );
}

fn mother_age_rare(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    age_outside(
        event,
        field::MOTHER_BORN,
        (l.mother_age_young, l.mother_age_old),
        findings,
    );
}

fn father_age_rare(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    age_outside(
        event,
        field::FATHER_BORN,
        (l.father_age_young, l.father_age_old),
        findings,
    );
}

fn born_after(event: &Event, parent: &'static str, findings: &mut Findings<'_>) {
    let (Some(born), Some(child)) = (event.date(parent), event.event_date()) else {
        return;
    };
    if born.earliest() >= child.latest() {
        let msg = findings
            .msg()
            .with("born", date_text(born))
            .with("at", date_text(child));
        findings.add(parent, msg);
    }
}

fn mother_born_after(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    born_after(event, field::MOTHER_BORN, findings);
}

fn father_born_after(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    born_after(event, field::FATHER_BORN, findings);
}

fn many_births(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(n) = event.int(field::MOTHER_LIVE_BIRTHS) else {
        return;
    };
    let most = i64::from(ctx.limits.live_births_most);
    // Years since 12 of the oldest that she can be.
    let by_age = parent_age(event, field::MOTHER_BORN).map(|age| (age.1 - 12).max(0));
    if n < 0 || n > by_age.unwrap_or(most).min(most) {
        let msg = findings.msg().with("value", n);
        findings.add(field::MOTHER_LIVE_BIRTHS, msg);
    }
}

/// Forms of names that the registry asks about; a note only, and silent once the family belongs
/// to a national minority.
fn name_ending(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if event.text(field::CHILD_MINORITY) == Some("yes") {
        return;
    }
    for field in [field::CHILD_SURNAME, field::CHILD_PATRONYMIC] {
        if let Some(name) = event.text(field).filter(|n| russian_ending(n)) {
            let msg = findings.msg().with("value", name);
            findings.add(field, msg);
        }
    }
}

/// A death that is linked, signed or still a draft, answers for the child that is no longer living.
fn not_living(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    if event.text(field::CHILD_LIVING) != Some("no") {
        return;
    }
    let linked = event.links.iter().any(|l| l.kind == "birth-of-this-death");
    let names_it = |c: &Candidate| {
        let about = |nid: &str| c.event.links.iter().any(|l| l.nid == nid);
        c.event.kind == Kind::Death && ctx.nid.is_some_and(about)
    };
    if !linked && !ctx.siblings.iter().chain(ctx.candidates).any(names_it) {
        let msg = findings.msg();
        findings.add(field::CHILD_LIVING, msg);
    }
}
