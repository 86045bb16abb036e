//! Counts of a mother's earlier children and deliveries: how they bear on each other, a line each.

use super::birth::BORN;
use super::common::label;
use super::{Context, Findings, Rule, Severity, id};
use crate::vital::{Event, field as f};

const COUNTS: &[&str] = &[
    f::MOTHER_LIVE_BIRTHS,
    f::MOTHER_CHILDREN_LIVING,
    f::MOTHER_CHILDREN_DEAD,
    f::MOTHER_FOETAL_DEATHS,
    f::MOTHER_PREGNANCIES,
    f::MOTHER_DELIVERIES,
    f::MOTHER_CAESAREANS,
];

/// More than this nobody has lived through.
const MOST: i64 = 40;

/// Children of one delivery, as many as rule B12 takes.
const OF_A_DELIVERY: i64 = 9;

pub(super) fn rules() -> Vec<Rule> {
    let rule = |id, source| Rule {
        id,
        kinds: BORN,
        severity: Severity::E,
        fields: COUNTS,
        source,
        look,
    };
    vec![
        rule(id::B22, "LOINC 11638-4 and 68496-9"),
        rule(id::B24, "NCHS compound validation"),
        rule(id::B35, "ogoh: counts bear on each other"),
    ]
}

/// How one count is bounded by others.
struct Bound {
    rule: &'static str,
    /// What is too large; goes before the words of the message.
    count: &'static str,
    /// Words of it; empty for the rule's own.
    words: &'static str,
    /// What it is at most, where the others tell; and whether a count that is not stated was taken as none,
    /// so that a person answers.
    most: fn(&Event) -> Option<(i64, bool)>,
}

const BOUNDS: &[Bound] = &[
    Bound {
        rule: id::B22,
        count: f::MOTHER_CHILDREN_LIVING,
        words: "part",
        most: |e| Some((e.int(f::MOTHER_LIVE_BIRTHS)?, false)),
    },
    Bound {
        rule: id::B22,
        count: f::MOTHER_CHILDREN_DEAD,
        words: "part",
        most: |e| Some((e.int(f::MOTHER_LIVE_BIRTHS)?, false)),
    },
    Bound {
        rule: id::B24,
        count: f::MOTHER_CAESAREANS,
        words: "",
        most: |e| Some((e.int(f::MOTHER_DELIVERIES)?, false)),
    },
    Bound {
        rule: id::B24,
        count: f::MOTHER_CAESAREANS,
        words: "births",
        most: children,
    },
    Bound {
        rule: id::B35,
        count: f::MOTHER_DELIVERIES,
        words: "",
        most: children,
    },
    Bound {
        rule: id::B35,
        count: f::MOTHER_DELIVERIES,
        words: "pregnancies",
        most: |e| Some((e.int(f::MOTHER_PREGNANCIES)?, false)),
    },
    Bound {
        rule: id::B35,
        count: f::MOTHER_LIVE_BIRTHS,
        words: "deliveries",
        most: |e| Some((e.int(f::MOTHER_DELIVERIES)?.saturating_mul(OF_A_DELIVERY), false)),
    },
    Bound {
        rule: id::B35,
        count: f::MOTHER_FOETAL_DEATHS,
        words: "deliveries",
        most: |e| Some((e.int(f::MOTHER_DELIVERIES)?.saturating_mul(OF_A_DELIVERY), false)),
    },
];

/// Children born before, alive or not.
fn children(e: &Event) -> Option<(i64, bool)> {
    let alive = e.int(f::MOTHER_LIVE_BIRTHS)?;
    let still = e.int(f::MOTHER_FOETAL_DEATHS);
    Some((alive.saturating_add(still.unwrap_or(0)), still.is_none()))
}

fn look(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if findings.rule.id == id::B22 {
        sum(event, findings);
    }
    if findings.rule.id == id::B35 {
        for field in COUNTS {
            if let Some(n) = event.int(field).filter(|n| !(0..=MOST).contains(n)) {
                let msg = findings.variant("many").with("field", label(field));
                findings.add(field, msg.with("value", n).with("most", MOST));
            }
        }
    }
    for field in COUNTS {
        // A count that nobody can have is said so once, by B35.
        let Some(n) = event.int(field).filter(|n| *n <= MOST) else {
            continue;
        };
        let own = BOUNDS
            .iter()
            .filter(|b| (b.rule, b.count) == (findings.rule.id, field));
        let passed = own.filter_map(|bound| {
            let (most, assumed) = (bound.most)(event)?;
            (n > most).then_some((assumed, most, bound.words))
        });
        // Of several bounds the one that is surely passed tells.
        let Some((assumed, most, words)) = passed.min_by_key(|(assumed, ..)| *assumed) else {
            continue;
        };
        let severity = if assumed { Severity::W } else { Severity::E };
        let msg = match words {
            "" => findings.msg(),
            words => findings.variant(words),
        };
        let msg = msg
            .with("field", label(field))
            .with("value", n)
            .with("most", most);
        findings.add_as(severity, field, msg);
    }
}

/// Living and dead children make up the live births.
fn sum(event: &Event, findings: &mut Findings<'_>) {
    let (Some(total), Some(living), Some(dead)) = (
        event.int(f::MOTHER_LIVE_BIRTHS),
        event.int(f::MOTHER_CHILDREN_LIVING),
        event.int(f::MOTHER_CHILDREN_DEAD),
    ) else {
        return;
    };
    if living <= total && dead <= total && living.checked_add(dead) != Some(total) {
        let msg = findings
            .msg()
            .with("living", living)
            .with("dead", dead)
            .with("total", total);
        findings.add(f::MOTHER_CHILDREN_LIVING, msg);
    }
}
