//! What a rule is, what it looks at and what it finds.

use crate::env::Limits;
use crate::icd::Catalogue;
use crate::lang::Msg;
use crate::vital::{Answer, Event, Kind, Nid};
use chrono::{DateTime, FixedOffset};
use std::fmt;

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
    pub(super) look: fn(&Event, &Context<'_>, &mut Findings<'_>),
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
    pub nid: Nid,
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

/// Gathers what is signed in one act with an event and bears on it: the members of its set, and those that name
/// it. `own` is the identifier that its notification is to have, as the others have theirs.
pub fn signed_along<'a>(
    (own, event): (&str, &Event),
    all: impl Iterator<Item = (&'a str, &'a Event)>,
    facility: &str,
) -> Vec<Candidate> {
    let set = |e: &Event| e.set.as_ref().map(|s| s.id.clone());
    let members = all.filter(|(id, other)| {
        let together = set(event).is_some() && set(other) == set(event);
        *id != own && (together || other.links.iter().any(|l| l.nid == own))
    });
    let signed = |(id, other): (&str, &Event)| Candidate {
        nid: id.into(),
        facility: facility.to_owned(),
        status: "signed".to_owned(),
        event: other.clone(),
    };
    members.map(signed).collect()
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
pub(super) struct Findings<'a> {
    pub(super) rule: &'static Rule,
    pub(super) event: &'a Event,
    pub(super) out: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    /// The rule's own message, empty of arguments: `rule-b06`.
    pub(super) fn msg(&self) -> Msg {
        Msg::new(message_id(self.rule.id))
    }

    /// A variant of the rule's message: `rule-b01-undetermined`.
    pub(super) fn variant(&self, name: &str) -> Msg {
        Msg::new(format!("{}-{name}", message_id(self.rule.id)))
    }

    /// Finds with the rule's usual severity.
    pub(super) fn add(&mut self, field: &'static str, msg: Msg) {
        self.add_as(self.rule.severity, field, msg);
    }

    /// Finds with a severity of this case.
    pub(super) fn add_as(&mut self, severity: Severity, field: &'static str, msg: Msg) {
        // What the program read from words is no statement: it asks at the words, and stops nobody.
        let (severity, field) = match (severity, super::icd::words_read(self.event, field)) {
            (Severity::E, Some(words)) => (Severity::W, words),
            (severity, words) => (severity, words.unwrap_or(field)),
        };
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
    pub(super) fn withhold_answer(&mut self) {
        if let Some(last) = self.out.last_mut() {
            last.answer = None;
        }
    }
}

/// Identifier of a rule's message in the catalogue: `rule-b06`.
pub fn message_id(rule: &str) -> String {
    format!("rule-{}", rule.to_lowercase())
}
