//! What a question is, and the words that the tables are written in.

use super::condition::{Condition, UNIDENTIFIED};
use super::timeline::Moment;
use crate::vital::{Event, Kind, Not};

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Free text of at most this many characters.
    Text(usize),
    /// A name as in the document.
    Name,
    /// A code of this list.
    Code(&'static str),
    /// A whole number; the unit is a word of the catalogue.
    Int(&'static str),
    /// A length typed in centimetres, stored in millimetres.
    Length,
    /// A date, as far as it is known, and its place on the event's time line.
    Date(&'static Moment),
    /// A time of day, and the field of the day that it belongs to.
    Time(&'static str),
    /// A duration, typed as people write it, stored as ISO 8601.
    Interval,
    /// A cause of at most this many characters: free text, with causes offered while it is typed.
    Cause(usize),
    /// An ICD-10 code; never required. Causes are offered by code and by word.
    Icd,
}

/// When a question is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    /// Of every event of its kinds.
    Always,
    /// Where an answer stands there already: what no form asks and an import brought, or what the program
    /// itself writes.
    Written,
    /// Where this holds.
    When(&'static Condition),
}

/// Whether a question must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Before signing: a value or one of the stated unknowns.
    Required,
    /// Later, by day, as a supplement.
    Later,
}

/// What an answer serves for beside the statement itself. Each list of fields with a meaning for the law or
/// the registry is one of these, declared with the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Says who the mother or the deceased is: where all of these cannot be known, it is a foundling or an
    /// unknown deceased.
    Identity,
    /// A name by which a notification is found.
    SearchedName,
    /// A document by whose number a notification is found.
    SearchedDocument,
    /// A telephone by which a notification is found.
    SearchedPhone,
    /// The paper certificate, by whose number a notification is found.
    SearchedPaper,
    /// Stands in the book of records and is printed from it; medical answers stay with the ministry of
    /// health.
    Printed,
    /// No part of the record: it changes without the record being changed.
    BesideRecord,
    /// Each child of a delivery has its own.
    OfEachChild,
}

/// A question of a form.
#[derive(Debug)]
pub struct Question {
    /// Field, the path of the value in the signed body.
    pub id: &'static str,
    /// Kinds of event that ask it.
    pub kinds: &'static [Kind],
    /// Section under whose heading it stands (`section-<id>` in the catalogue).
    pub section: &'static str,
    /// How it is answered.
    pub input: Input,
    /// Whether it must be answered.
    pub need: Need,
    /// Ways of having no answer that it takes.
    pub nots: &'static [Not],
    /// When it is asked.
    pub(super) asked: Asked,
    /// What has to hold for an answer to have a meaning; none where one always has, asked or not.
    pub(super) applies: Option<&'static Condition>,
    /// Where it comes from.
    pub source: &'static str,
    /// What its answer serves for.
    pub uses: &'static [Use],
}

impl Question {
    pub(super) const fn required(mut self) -> Question {
        self.need = Need::Required;
        self
    }
    pub(super) const fn nots(mut self, nots: &'static [Not]) -> Question {
        self.nots = nots;
        self
    }
    pub(super) const fn uses(mut self, uses: &'static [Use]) -> Question {
        self.uses = uses;
        self
    }
    /// Asked where a condition holds, and no answer elsewhere.
    pub(super) const fn when(mut self, condition: &'static Condition) -> Question {
        self.asked = Asked::When(condition);
        self.applies = Some(condition);
        self
    }
    /// Asked where a condition holds; an answer has a meaning wherever this wider one does.
    pub(super) const fn applies(mut self, condition: &'static Condition) -> Question {
        self.applies = Some(condition);
        self
    }
    /// An answer has a meaning also where the question is not asked: a measure, a fact beside.
    pub(super) const fn taken_unasked(mut self) -> Question {
        self.applies = None;
        self
    }
    /// Shown only where an answer stands there already.
    pub(super) const fn written(mut self) -> Question {
        self.asked = Asked::Written;
        self
    }

    /// Whether it is asked of an event, by what was answered so far.
    pub fn shows(&self, event: &Event) -> bool {
        match self.asked {
            Asked::Always => true,
            Asked::Written => event.get(self.id).is_some(),
            Asked::When(condition) => (condition.holds)(event),
        }
    }

    /// What has to hold for an answer to have a meaning, if anything.
    pub fn condition(&self) -> Option<&'static Condition> {
        self.applies
    }

    /// The condition that fails, where a value stands although the question does not apply.
    ///
    /// A stated unknown is no value, nor is the code for it: programs state it of everything.
    pub fn misapplied(&self, event: &Event) -> Option<&'static Condition> {
        let condition = self.applies.filter(|c| !(c.holds)(event))?;
        event.known(self.id)?;
        (event.text(self.id) != Some("unknown")).then_some(condition)
    }
}

/// Fields whose value a person may call an estimate by typing `~` before it.
pub fn takes_estimate(q: &Question) -> bool {
    matches!(q.input, Input::Date(_) | Input::Time(_))
}

pub(super) const ALL: &[Kind] = &Kind::ALL;

pub(super) const BF: &[Kind] = &[Kind::Birth, Kind::FoetalDeath];

pub(super) const D: &[Kind] = &[Kind::Death];

pub(super) const ANY: &[Not] = &[Not::Yet, Not::Knowable, Not::Refused];

pub(super) const UNKNOWN: &[Not] = &[Not::Yet, Not::Knowable];

pub(super) const NEVER: &[Not] = &[Not::Knowable];

pub(super) const NONE: &[Not] = &[];

pub(super) const F103: &str = "103/у";

pub(super) const F106: &str = "106/у";

pub(super) const F1062: &str = "106-2/у";

pub(super) const WHO: &str = "WHO certificate 2016";

pub(super) const UN: &str = "UN P&R Rev.3";

pub(super) const OURS: &str = "ogoh";

pub(super) const fn q(
    id: &'static str,
    kinds: &'static [Kind],
    section: &'static str,
    input: Input,
    source: &'static str,
) -> Question {
    Question {
        id,
        kinds,
        section,
        input,
        need: Need::Later,
        nots: ANY,
        asked: Asked::Always,
        applies: None,
        source,
        uses: &[],
    }
}

pub(super) const fn found(question: Question) -> Question {
    question.nots(UNKNOWN).when(&UNIDENTIFIED).taken_unasked()
}
