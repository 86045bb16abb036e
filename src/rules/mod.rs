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

mod birth;
mod cause;
mod classified;
mod common;
mod death;
mod duplicate;
mod facts;
mod family;
mod foetal;
mod history;
pub mod icd;
mod infant;
mod injury;
mod operation;
mod pregnancy;

use std::fmt;
use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset};

use crate::env::Limits;
use crate::icd::Catalogue;
use crate::lang::Msg;
use crate::vital::{Answer, Event, Kind, field};

pub use duplicate::{look_alikes, other_accounts};
pub use facts::Age;

/// How heavy a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Error: it cannot be signed like this.
    E,
    /// Warning: it can be signed once somebody has answered.
    W,
    /// Note: shown and carried.
    N,
}

impl Severity {
    /// The letter in `ogoh rules --json` and in lists.
    pub fn code(self) -> &'static str {
        match self {
            Severity::E => "E",
            Severity::W => "W",
            Severity::N => "N",
        }
    }
}

/// A data-quality rule.
#[derive(Debug)]
pub struct Rule {
    /// Identifier, such as `B06`. Stable: answers to warnings are signed under it.
    pub id: &'static str,
    /// Kinds of event that it looks at.
    pub kinds: &'static [Kind],
    /// Usual severity; a finding may be heavier or lighter (an untrusted clock only warns).
    pub severity: Severity,
    /// Fields that it reads and may name.
    pub fields: &'static [&'static str],
    /// Where the rule comes from.
    pub source: &'static str,
    look: fn(&Event, &Context<'_>, &mut Say<'_>),
}

/// What a rule has found.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    /// Identifier of the rule.
    pub rule: &'static str,
    /// Its weight in this case.
    pub severity: Severity,
    /// Field to go to.
    pub field: &'static str,
    /// What is wrong and what to do; carries found values, so it goes to people and never to logs.
    pub msg: Msg,
    /// The certifier's answer, where one was given and counts.
    pub answer: Option<Answer>,
}

/// The found values stay out of logs.
impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finding")
            .field("rule", &self.rule)
            .field("severity", &self.severity)
            .field("field", &self.field)
            .field("msg", &self.msg.id)
            .field("answer", &self.answer)
            .finish()
    }
}

/// Another notification that a rule compares with.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its identifier.
    pub nid: String,
    /// Code of its facility.
    pub facility: String,
    /// Status by its code: `draft`, `signed`, `received` … `voided`.
    pub status: String,
    /// What it states.
    pub event: Event,
}

/// What it states stays out of logs.
impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Candidate")
            .field("nid", &self.nid)
            .field("facility", &self.facility)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Another member of the same multiple birth.
pub type Sibling = Candidate;

/// What surrounds an event when it is looked at.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The time of looking, with the ward's offset; at the portal the entry's `rec` where its
    /// clock was synchronised, so that a slow road makes no finding.
    pub now: DateTime<FixedOffset>,
    /// Whether `now` may be believed; otherwise rules about the future only warn.
    pub clock_trusted: bool,
    /// Limits of this ward or portal.
    pub limits: &'a Limits,
    /// Fields that this event has to fill or state as unknown.
    pub required: &'a [&'static str],
    /// The event's own notification, which is no look-alike of itself.
    pub nid: Option<&'a str>,
    /// Whether a notification that was signed before is being amended: lateness was that one's
    /// question, and a name brought after weeks is not late.
    pub amends: bool,
    /// Code of the facility that states the event.
    pub facility: &'a str,
    /// The other members of its set, as far as they are there (drafts too).
    pub siblings: &'a [Sibling],
    /// Notifications of persons that may be the same: for a birth or foetal death those of the
    /// mother, for a death those of the deceased and births by her.
    pub candidates: &'a [Candidate],
    /// At a signing or its check: whether the signer may certify this kind. `None` while a draft
    /// is being written.
    pub signer: Option<bool>,
    /// The loaded classification; without one, codes are compared with the built-in causes alone.
    pub causes: Option<&'a Catalogue>,
}

impl<'a> Context<'a> {
    /// Nothing around but a trusted clock and the limits.
    pub fn new(now: DateTime<FixedOffset>, limits: &'a Limits) -> Context<'a> {
        Context {
            now,
            clock_trusted: true,
            limits,
            required: &[],
            nid: None,
            amends: false,
            facility: "",
            siblings: &[],
            candidates: &[],
            signer: None,
            causes: None,
        }
    }
}

/// Collects what one rule says of one event.
struct Say<'a> {
    rule: &'static Rule,
    event: &'a Event,
    out: &'a mut Vec<Finding>,
}

impl Say<'_> {
    /// The rule's own message, empty of arguments: `rule-b06`.
    fn msg(&self) -> Msg {
        Msg::new(message_id(self.rule.id))
    }

    /// A variant of the rule's message: `rule-b01-undetermined`.
    fn variant(&self, name: &str) -> Msg {
        Msg::new(format!("{}-{name}", message_id(self.rule.id)))
    }

    /// Finds with the rule's usual severity.
    fn finds(&mut self, field: &'static str, msg: Msg) {
        self.finds_as(self.rule.severity, field, msg);
    }

    /// Finds with a severity of this case.
    fn finds_as(&mut self, severity: Severity, field: &'static str, msg: Msg) {
        let answer = match severity {
            Severity::W => self.event.checked.get(self.rule.id).copied(),
            Severity::E | Severity::N => None,
        };
        self.out.push(Finding {
            rule: self.rule.id,
            severity,
            field,
            msg,
            answer,
        });
    }

    /// The last finding counts as unanswered, whatever was pressed.
    fn withhold_answer(&mut self) {
        if let Some(last) = self.out.last_mut() {
            last.answer = None;
        }
    }
}

/// Identifier of a rule's message in the catalogue: `rule-b06`.
pub fn message_id(rule: &str) -> String {
    format!("rule-{}", rule.to_lowercase())
}

/// Every rule, in the order of the table.
pub fn all() -> &'static [Rule] {
    static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut rules = Vec::with_capacity(112);
        rules.extend(common::rules());
        rules.extend(duplicate::rules());
        rules.extend(birth::rules());
        rules.extend(family::rules());
        rules.extend(history::rules());
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
            let mut say = Say {
                rule,
                event,
                out: &mut out,
            };
            (rule.look)(event, ctx, &mut say);
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
        _ if field::CAUSE_INTERVALS.contains(&field) || field == field::DECEASED_AGE => "D09",
        Kind::Death if field == field::DECEASED_SEX => "D03",
        Kind::Birth if field == field::CHILD_SEX => "B01",
        _ if birth::APGAR.contains(&field) => "B08",
        _ if rule("D47").is_some_and(|r| r.fields.contains(&field)) => "D47",
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
mod tests;
