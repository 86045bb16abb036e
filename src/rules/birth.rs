//! Rules of births. Where a foetal death carries the same measure of the same child or mother,
//! the rule looks at it too.

use super::{Context, Rule, Say, Severity};
use crate::vital::{Event, Kind, field};

const BIRTH: &[Kind] = &[Kind::Birth];
const BORN: &[Kind] = &[Kind::Birth, Kind::FoetalDeath];

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule {
            id: "B02",
            kinds: BORN,
            severity: Severity::E,
            fields: &[field::BIRTH_WEIGHT],
            source: "NCHS natality file, accepted range",
            look: weight_absurd,
        },
        Rule {
            id: "B03",
            kinds: BIRTH,
            severity: Severity::W,
            fields: &[field::BIRTH_WEIGHT],
            source: "ogoh: narrower band inside the NCHS range",
            look: weight_rare,
        },
    ]
}

/// The value lies outside the range: found value and limits go into the message.
pub(super) fn outside(event: &Event, field: &'static str, least: u32, most: u32, say: &mut Say<'_>) {
    let Some(value) = event.int(field) else { return };
    if !(i64::from(least)..=i64::from(most)).contains(&value) {
        let msg = say
            .msg()
            .with("value", value)
            .with("least", least)
            .with("most", most);
        say.finds(field, msg);
    }
}

fn weight_absurd(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    let l = ctx.limits;
    outside(event, field::BIRTH_WEIGHT, l.weight_least_g, l.weight_most_g, say);
}

fn weight_rare(event: &Event, ctx: &Context<'_>, say: &mut Say<'_>) {
    let l = ctx.limits;
    outside(event, field::BIRTH_WEIGHT, l.weight_low_g, l.weight_high_g, say);
}
