//! Rules of the infant block of frame B of WHO's certificate: a child who died before its first
//! birthday.

use super::birth::in_range;
use super::death::{DEATH, linked_to_birth};
use super::facts::span;
use super::{Context, Findings, Rule, Severity, id};
use crate::vital::{Age, Event, field};

/// The block without which a child's death says little.
const BLOCK: &[&str] = &[
    field::INFANT_WEIGHT,
    field::INFANT_WEEKS,
    field::INFANT_MULTIPLE,
    field::INFANT_MOTHER_AGE,
];

pub(super) fn rules() -> Vec<Rule> {
    let rule = |id, fields, source, look| Rule {
        id,
        kinds: DEATH,
        severity: Severity::E,
        fields,
        source,
        look,
    };
    vec![
        rule(
            id::D38,
            BLOCK,
            "AeHIN MCCoD guidance; WHO certificate 2016",
            block,
        ),
        rule(
            id::D39,
            &[
                field::INFANT_HOURS,
                field::DECEASED_BORN,
                field::INFANT_BIRTH_TIME,
                field::DEATH_DATE,
                field::DEATH_TIME,
            ],
            "WHO exchange format: DeathWithin24h holds hours",
            hours,
        ),
        rule(id::D40, BLOCK, "As B02, B04 and B17", sizes),
    ]
}

/// A linked birth holds what the block asks. Under 28 days a block that says nothing at all stops; up to a year it asks. A stated unknown is
/// an answer to the first, and *not yet known* is none to the second.
fn block(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(age) = Age::at_death(event) else {
        return;
    };
    if linked_to_birth(event) {
        return;
    }
    let newborn = age.days.1 < 28;
    if newborn && BLOCK.iter().all(|f| event.get(f).is_none()) {
        let msg = findings.msg();
        findings.add(field::INFANT_WEIGHT, msg);
    } else if age.surely_under(1) && BLOCK.iter().all(|f| event.is_open(f)) {
        let msg = findings.variant("older");
        findings.add_as(Severity::W, field::INFANT_WEIGHT, msg);
    }
}

fn hours(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(hours) = event.int(field::INFANT_HOURS) else {
        return;
    };
    if !(0..=23).contains(&hours) {
        let msg = findings.msg().with("value", hours);
        findings.add(field::INFANT_HOURS, msg);
        return;
    }
    let born = span(
        event.date(field::DECEASED_BORN),
        event.time(field::INFANT_BIRTH_TIME),
    );
    let died = span(event.event_date(), event.event_time());
    let (Some(born), Some(died)) = (born, died) else {
        return;
    };
    // The fewest and the most completed hours that can lie between.
    let (least, most) = ((died.0 - born.1).num_hours(), (died.1 - born.0).num_hours());
    // Of a birth after the death D05 speaks.
    if most < 0 {
        return;
    }
    if hours < least || hours > most {
        let lived = if least > 99 {
            ">99".to_owned()
        } else if least == most {
            least.to_string()
        } else {
            format!("{}–{most}", least.max(0))
        };
        let msg = findings
            .variant("times")
            .with("value", hours)
            .with("hours", lived);
        findings.add(field::INFANT_HOURS, msg);
    }
}

fn sizes(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    for (name, field, range) in [
        (
            "weight",
            field::INFANT_WEIGHT,
            (l.weight_least_g, l.weight_most_g),
        ),
        ("weeks", field::INFANT_WEEKS, (l.weeks_least, l.weeks_most)),
        (
            "age",
            field::INFANT_MOTHER_AGE,
            (l.mother_age_least, l.mother_age_most),
        ),
    ] {
        let msg = findings.variant(name);
        in_range(event, field, range, msg, findings);
    }
}
