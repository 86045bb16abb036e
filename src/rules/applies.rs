//! Answers to questions that do not apply: a pregnancy of a man, the mother of an adult.
//!
//! When a question applies is part of its declaration. The app leaves such answers out, visibly; every
//! other door says what to mend, so that nothing is counted that was never asked.

use std::sync::LazyLock;

use super::common::label;
use super::pregnancy::of_no_pregnancy;
use super::{Context, Findings, Rule, Severity, id};
use crate::lang::Arg;
use crate::questions::questions;
use crate::vital::{Event, Kind};

/// Every field whose question has a condition.
static CONDITIONAL: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of = |kind| questions(kind).filter(|q| q.condition().is_some());
    let mut fields: Vec<&str> = Kind::ALL.into_iter().flat_map(of).map(|q| q.id).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
});

pub(super) fn rules() -> Vec<Rule> {
    vec![Rule {
        id: id::C14,
        kinds: &Kind::ALL,
        severity: Severity::E,
        fields: &CONDITIONAL,
        source: "ogoh: an answer counts only where its question applies",
        look: misapplied,
    }]
}

fn misapplied(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    // One sentence says it of all that is told of a pregnancy that there was not (D30).
    let said: Vec<&str> = of_no_pregnancy(event).collect();
    for q in questions(event.kind).filter(|q| !said.contains(&q.id)) {
        if let Some(condition) = q.misapplied(event) {
            let msg = findings
                .msg()
                .with("field", label(q.id))
                .with("when", Arg::Ref(format!("applies-{}", condition.id)));
            findings.add(q.id, msg);
        }
    }
}
