//! Data-quality rules: an event and what surrounds it in, findings out.
//!
//! A rule is a row: identifier, kinds of event, usual severity, fields, source, and a pure
//! function. *E* stops the signing; *W* wants an answer (*verified* or *could not verify*); *N* is
//! shown and carried. A stated unknown is an answer: no E comes of it unless the rule says so, and
//! a W about an empty field comes of *not asked* and *not yet known* alone. Limits are settings.
//!
//! Deliberately absent: input and output, the clock, texts (they are messages `rule-<id>` of the
//! catalogue), the choice of an underlying cause (that is coding by WHO's rules), and rules about
//! aggregates, which belong to `monitor`.

mod applies;
mod birth;
mod cause;
mod classified;
mod common;
mod contradictions;
mod counts;
mod death;
mod door;
mod duplicate;
mod facts;
mod family;
mod foetal;
mod history;
pub mod icd;
pub mod id;
mod infant;
mod injury;
mod names;
mod operation;
mod pregnancy;
mod rule;
mod timeline;
mod unknowns;

use std::sync::LazyLock;

use crate::vital::{Event, Kind, field};

pub use door::Door;
pub use duplicate::{look_alikes, other_accounts};
pub use names::NameFault;
use rule::Findings;
pub use rule::{Candidate, Context, Finding, Rule, Severity, Sibling, message_id, signed_along};
pub use timeline::{Breach, breach};
pub use unknowns::{Unknowns, unknowns};

/// Every rule, in the order of the table.
pub fn all() -> &'static [Rule] {
    static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut rules = Vec::with_capacity(120);
        rules.extend(common::rules());
        rules.extend(applies::rules());
        rules.extend(timeline::rules());
        rules.extend(names::rules());
        rules.extend(duplicate::rules());
        rules.extend(birth::rules());
        rules.extend(family::rules());
        rules.extend(history::rules());
        rules.extend(counts::rules());
        rules.extend(contradictions::rules());
        rules.extend(foetal::rules());
        rules.extend(death::rules());
        rules.extend(cause::rules());
        rules.extend(classified::rules());
        rules.extend(infant::rules());
        rules.extend(injury::rules());
        rules.extend(operation::rules());
        rules.extend(pregnancy::rules());
        rules.sort_by_key(place);
        rules
    });
    &ALL
}

/// Place in the table: rules of every event first, then births, foetal deaths, deaths.
fn place(rule: &Rule) -> (usize, &'static str) {
    let group = rule.id.chars().next().and_then(|c| "CBSD".find(c));
    (group.unwrap_or(usize::MAX), rule.id)
}

/// The rule with this identifier.
pub fn rule(id: &str) -> Option<&'static Rule> {
    all().iter().find(|r| r.id == id)
}

/// Looks at an event with every rule of its kind. Errors come first, then warnings, then notes.
pub fn check(event: &Event, ctx: &Context<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for rule in all() {
        if rule.kinds.contains(&event.kind) {
            let mut findings = Findings {
                rule,
                event,
                out: &mut out,
            };
            (rule.look)(event, ctx, &mut findings);
        }
    }
    common::settle(event, ctx, &mut out);
    out.sort_by_key(|f| f.severity);
    out
}

/// The rule that a value breaks which could not even be read: a word outside a list of WHO's
/// certificate, an interval that is none, a score that is no number. The message says the rest.
pub fn of_unreadable(kind: Kind, field: &str) -> Option<&'static Rule> {
    let id = match kind {
        _ if field::CAUSE_INTERVALS.contains(&field) || field == field::DECEASED_AGE => id::D09,
        Kind::Death if field == field::DECEASED_SEX => id::D03,
        Kind::Birth if field == field::CHILD_SEX => id::B01,
        _ if birth::APGAR.contains(&field) => id::B08,
        _ if rule(id::D47).is_some_and(|r| r.fields.contains(&field)) => id::D47,
        _ => return None,
    };
    rule(id).filter(|r| r.kinds.contains(&kind))
}

/// Whether these findings stop a signing: an error, or a warning that nobody has answered.
pub fn stops(findings: &[Finding]) -> bool {
    findings.iter().any(|f| match f.severity {
        Severity::E => true,
        Severity::W => f.answer.is_none(),
        Severity::N => false,
    })
}

#[cfg(test)]
pub(crate) mod tests;
