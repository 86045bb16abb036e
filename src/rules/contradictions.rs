//! Answers that contradict each other: a table of implications, one line each.

use super::birth::BORN;
use super::death::DEATH;
use super::timeline::moment_of;
use super::{Context, Findings, Rule, Severity, id};
use crate::vital::{Age, Event, field as f};

const BIRTH_FIELDS: &[&str] = &[
    f::BIRTH_PLACE,
    f::BIRTH_ATTENDANT,
    f::BIRTH_DELIVERY,
    f::BIRTH_BEFORE_ARRIVAL,
    f::MOTHER_EDUCATION,
    f::MOTHER_EMPLOYMENT,
    f::MOTHER_BORN,
];
const DEATH_FIELDS: &[&str] = &[
    f::AUTOPSY,
    f::AUTOPSY_USED,
    f::CAUSE_BASIS,
    f::CAUSE_ESTABLISHED_BY,
    f::EXTERNAL_ROAD,
    f::EXTERNAL_DATE,
    f::DECEASED_MARITAL,
    f::DECEASED_EDUCATION,
    f::DECEASED_EMPLOYMENT,
];

pub(super) fn rules() -> Vec<Rule> {
    use Severity::{E, W};
    let rule = |id, kinds, severity, fields, source| Rule {
        id,
        kinds,
        severity,
        fields,
        source,
        look,
    };
    vec![
        rule(
            id::B36,
            BORN,
            W,
            BIRTH_FIELDS,
            "ogoh: place, help and mode of delivery",
        ),
        rule(
            id::D55,
            DEATH,
            E,
            DEATH_FIELDS,
            "WHO certificate 2016; 106/у: answers that cannot both be",
        ),
        rule(
            id::D56,
            DEATH,
            W,
            DEATH_FIELDS,
            "ogoh: answers that are seldom both so",
        ),
    ]
}

/// A pair of answers that contradict each other.
struct Pair {
    rule: &'static str,
    /// The variant of the rule's message that says it.
    words: &'static str,
    /// Field to go to.
    field: &'static str,
    holds: fn(&Event) -> bool,
}

const fn pair(
    rule: &'static str,
    words: &'static str,
    field: &'static str,
    holds: fn(&Event) -> bool,
) -> Pair {
    Pair {
        rule,
        words,
        field,
        holds,
    }
}

fn is(e: &Event, field: &str, codes: &[&str]) -> bool {
    e.text(field).is_some_and(|code| codes.contains(&code))
}

const PAIRS: &[Pair] = &[
    pair(id::B36, "place", f::BIRTH_DELIVERY, |e| {
        is(e, f::BIRTH_DELIVERY, &["caesarean"]) && is(e, f::BIRTH_PLACE, &["home", "ambulance", "other"])
    }),
    pair(id::B36, "attendant", f::BIRTH_ATTENDANT, |e| {
        is(e, f::BIRTH_DELIVERY, &["caesarean", "assisted"])
            && is(e, f::BIRTH_ATTENDANT, &["none", "relative", "other"])
    }),
    pair(id::B36, "young", f::MOTHER_EDUCATION, |e| {
        let age = e
            .date(f::MOTHER_BORN)
            .zip(e.event_date())
            .map(|(born, at)| born.years_until(at));
        age.is_some_and(|age| age.1 < 17) && is(e, f::MOTHER_EDUCATION, &["higher", "incomplete-higher"])
    }),
    pair(id::D55, "autopsy", f::CAUSE_BASIS, |e| {
        is(e, f::AUTOPSY, &["no"]) && is(e, f::CAUSE_BASIS, &["autopsy"])
    }),
    pair(id::D55, "unused", f::AUTOPSY_USED, |e| {
        is(e, f::AUTOPSY_USED, &["no"]) && is(e, f::CAUSE_BASIS, &["autopsy"])
    }),
    pair(id::D55, "road", f::EXTERNAL_ROAD, |e| {
        days_since_injury(e).is_some_and(|(least, most)| match e.text(f::EXTERNAL_ROAD) {
            Some("within-7-days") => least > 7,
            Some("within-30-days") => least > 30,
            Some("later") => most <= 30,
            _ => false,
        })
    }),
    pair(id::D56, "road", f::EXTERNAL_ROAD, |e| {
        is(e, f::EXTERNAL_ROAD, &["within-30-days"])
            && days_since_injury(e).is_some_and(|(_, most)| most <= 7)
    }),
    pair(id::D56, "pathologist", f::CAUSE_ESTABLISHED_BY, |e| {
        is(e, f::AUTOPSY, &["no"]) && is(e, f::CAUSE_ESTABLISHED_BY, &["pathologist"])
    }),
    pair(id::D56, "certified", f::CAUSE_ESTABLISHED_BY, |e| {
        is(e, f::CAUSE_BASIS, &["autopsy"])
            && is(
                e,
                f::CAUSE_ESTABLISHED_BY,
                &["certified-only", "feldsher", "midwife"],
            )
    }),
    pair(id::D56, "marital", f::DECEASED_MARITAL, |e| {
        under(e, 14)
            && is(
                e,
                f::DECEASED_MARITAL,
                &["married", "religious", "divorced", "widowed"],
            )
    }),
    pair(id::D56, "education", f::DECEASED_EDUCATION, |e| {
        under(e, 16)
            && is(
                e,
                f::DECEASED_EDUCATION,
                &["higher", "incomplete-higher", "vocational"],
            )
            || under(e, 6) && is(e, f::DECEASED_EDUCATION, &["secondary", "basic", "primary"])
    }),
    pair(id::D56, "employment", f::DECEASED_EMPLOYMENT, |e| {
        under(e, 10)
            && is(
                e,
                f::DECEASED_EMPLOYMENT,
                &[
                    "employed",
                    "self-employed",
                    "farmer",
                    "housewife",
                    "military",
                    "migrant-worker",
                    "pensioner",
                ],
            )
    }),
];

fn under(e: &Event, years: i64) -> bool {
    Age::at_death(e).is_some_and(|age| age.surely_under(years))
}

/// The fewest and the most whole days between the injury and the death.
fn days_since_injury(e: &Event) -> Option<(i64, i64)> {
    let (injured, died) = (moment_of(e, f::EXTERNAL_DATE)?, moment_of(e, f::DEATH_DATE)?);
    Some(((died.0 - injured.1).num_days(), (died.1 - injured.0).num_days()))
}

fn look(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let own = PAIRS.iter().filter(|pair| pair.rule == findings.rule.id);
    for pair in own.filter(|pair| (pair.holds)(event)) {
        let msg = findings.variant(pair.words);
        findings.add(pair.field, msg);
    }
}

/// Every variant of the messages, for tests of their words.
#[cfg(test)]
pub(super) fn variants() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAIRS.iter().map(|pair| (pair.rule, pair.words))
}
