//! The table of questions: births and foetal deaths ([`born`]), deaths ([`death`]), and what is
//! asked of every notification. Pure data, from which the form, the schema, the documentation and the
//! rules are drawn.
//!
//! Deliberately absent: the terminal, rules about plausibility (`rules`), reading and writing (`form`).

mod born;
mod death;
mod meaning;
mod shows;

pub use meaning::{changes_medical, may_sign, required};
pub use shows::russian_ending;

use self::shows::{always, foundling_or_unknown, written};
use crate::vital::{Event, Kind, Not, field as f};

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
    /// A date, as far as it is known.
    Date,
    /// A time of day.
    Time,
    /// A duration, typed as people write it, stored as ISO 8601.
    Interval,
    /// A cause of at most this many characters: free text, with causes offered while it is typed.
    Cause(usize),
    /// An ICD-10 code; never required. Causes are offered by code and by word.
    Icd,
}

/// Whether a question must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Before signing: a value or one of the stated unknowns.
    Required,
    /// Later, by day, as a supplement.
    Later,
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
    /// When it shows.
    pub shows: fn(&Event) -> bool,
    /// Where it comes from.
    pub source: &'static str,
}

impl Question {
    const fn required(mut self) -> Question {
        self.need = Need::Required;
        self
    }
    const fn nots(mut self, nots: &'static [Not]) -> Question {
        self.nots = nots;
        self
    }
    const fn shows(mut self, shows: fn(&Event) -> bool) -> Question {
        self.shows = shows;
        self
    }
}

/// The questions of a kind, in the order in which they are asked.
pub fn questions(kind: Kind) -> impl Iterator<Item = &'static Question> {
    TABLES
        .iter()
        .copied()
        .flatten()
        .filter(move |q| q.kinds.contains(&kind))
}

/// The question for a field, of whichever kind of event asks it first.
pub fn question(id: &str) -> Option<&'static Question> {
    TABLES.iter().copied().flatten().find(|q| q.id == id)
}

/// The question for a field as a kind of event asks it.
pub fn question_of(kind: Kind, id: &str) -> Option<&'static Question> {
    questions(kind).find(|q| q.id == id)
}

/// Fields whose value a person may call an estimate by typing `~` before it.
pub fn takes_estimate(q: &Question) -> bool {
    matches!(q.input, Input::Date | Input::Time)
}

static TABLES: [&[Question]; 3] = [born::QUESTIONS, death::QUESTIONS, NOTICE];

const ALL: &[Kind] = &Kind::ALL;
const BF: &[Kind] = &[Kind::Birth, Kind::FoetalDeath];
const D: &[Kind] = &[Kind::Death];

const ANY: &[Not] = &[Not::Yet, Not::Knowable, Not::Refused];
const UNKNOWN: &[Not] = &[Not::Yet, Not::Knowable];
const NEVER: &[Not] = &[Not::Knowable];
const NONE: &[Not] = &[];

const F103: &str = "103/у";
const F106: &str = "106/у";
const F1062: &str = "106-2/у";
const WHO: &str = "WHO certificate 2016";
const UN: &str = "UN P&R Rev.3";
const OURS: &str = "ogoh";

const fn q(
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
        shows: always,
        source,
    }
}

const fn found(question: Question) -> Question {
    question.nots(UNKNOWN).shows(foundling_or_unknown)
}

use Input::{Cause, Code, Date, Icd, Int, Interval, Length, Name, Text, Time};

/// What is asked of every notification.
static NOTICE: &[Question] = &[
    // A foundling has to have been found somewhere; of an unknown deceased it may be told later.
    found(q(f::FOUND_PLACE, BF, "found", Text(200), OURS)).required(),
    found(q(f::FOUND_PLACE, D, "found", Text(200), OURS)),
    found(q(f::FOUND_DATE, ALL, "found", Date, OURS)),
    found(q(f::FOUND_TIME, ALL, "found", Time, OURS)),
    found(q(f::FOUND_BY, ALL, "found", Text(100), OURS)),
    found(q(f::FOUND_POLICE, BF, "found", Text(60), OURS)).required(),
    found(q(f::FOUND_POLICE, D, "found", Text(60), OURS)),
    q(f::INFORMANT, ALL, "notice", Text(100), OURS),
    q(f::OFFICE, ALL, "notice", Code("office"), OURS)
        .required()
        .nots(NONE),
    q(f::PAPER, ALL, "notice", Text(40), F103).nots(UNKNOWN),
    q(f::PAPER_DATE, ALL, "notice", Date, F103)
        .nots(NONE)
        .shows(|e| e.known(f::PAPER).is_some()),
    q(f::RECIPIENT, ALL, "notice", Name, F103).nots(UNKNOWN),
    q(f::RECIPIENT_DOCUMENT, ALL, "notice", Text(40), F103)
        .nots(UNKNOWN)
        .shows(|e| e.known(f::RECIPIENT).is_some()),
    q(f::LATE_REASON, ALL, "notice", Text(200), OURS).nots(UNKNOWN),
    q(f::NOTE, ALL, "notice", Text(300), OURS).nots(NONE),
    // Written by the program when somebody else goes on with a draft.
    q(f::PREPARED_BY, ALL, "notice", Text(200), OURS)
        .nots(NONE)
        .shows(|e| written(e, f::PREPARED_BY)),
];

/// Identifier of a field's label in the catalogue; its help is the same with `-help`.
pub fn label_id(field: &str) -> String {
    format!("field-{}", field.replace(['.', '_'], "-"))
}
