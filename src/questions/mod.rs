//! The table of questions: births and foetal deaths (`born`), deaths (`death`), and what is
//! asked of every notification. Pure data, from which the form, the schema, the documentation and the
//! rules are drawn.
//!
//! Deliberately absent: the terminal, rules about plausibility (`rules`), reading and writing (`form`).

mod born;
mod condition;
mod death;
mod family;
mod meaning;
mod question;
mod timeline;

pub use condition::{Condition, is_unidentified, russian_ending};
pub use family::{FamilyInput, FamilyQuestion, family_questions};
pub use meaning::{applying, changes_medical, is_violent, may_sign, required, serves_for, used_for};
pub use question::{Input, Need, Question, Use, takes_estimate};
pub use timeline::{Bound, Moment, Than};

use question::Input::{Code, Date, Name, Text, Time};
use question::*;

use self::condition::*;
use crate::vital::{Kind, field as f};

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

static TABLES: [&[Question]; 3] = [born::QUESTIONS, death::QUESTIONS, NOTICE];

/// What is asked of every notification.
static NOTICE: &[Question] = &[
    // A foundling has to have been found somewhere; of an unknown deceased it may be told later.
    found(q(f::FOUND_PLACE, BF, "found", Text(200), OURS)).required(),
    found(q(f::FOUND_PLACE, D, "found", Text(200), OURS)),
    found(q(f::FOUND_DATE, BF, "found", Date(&timeline::FOUND_CHILD), OURS)),
    found(q(f::FOUND_DATE, D, "found", Date(&timeline::FOUND_PERSON), OURS)),
    found(q(f::FOUND_TIME, ALL, "found", Time(f::FOUND_DATE), OURS)),
    found(q(f::FOUND_BY, ALL, "found", Text(100), OURS)),
    found(q(f::FOUND_POLICE, BF, "found", Text(60), OURS)).required(),
    found(q(f::FOUND_POLICE, D, "found", Text(60), OURS)),
    q(f::INFORMANT, ALL, "notice", Text(100), OURS).uses(&[Use::BesideRecord]),
    q(f::OFFICE, ALL, "notice", Code("office"), OURS)
        .required()
        .nots(NONE),
    q(f::PAPER, ALL, "notice", Text(40), F103).nots(UNKNOWN).uses(&[
        Use::SearchedPaper,
        Use::BesideRecord,
        Use::OfEachChild,
    ]),
    q(f::PAPER_DATE, ALL, "notice", Date(&timeline::PAPER_ISSUED), F103)
        .nots(NONE)
        .when(&PAPER)
        .uses(&[Use::BesideRecord]),
    q(f::RECIPIENT, ALL, "notice", Name, F103)
        .nots(UNKNOWN)
        .uses(&[Use::BesideRecord]),
    q(f::RECIPIENT_DOCUMENT, ALL, "notice", Text(40), F103)
        .nots(UNKNOWN)
        .when(&RECIPIENT)
        .uses(&[Use::SearchedDocument, Use::BesideRecord]),
    q(f::LATE_REASON, ALL, "notice", Text(200), OURS)
        .nots(UNKNOWN)
        .uses(&[Use::BesideRecord]),
    q(f::NOTE, ALL, "notice", Text(300), OURS)
        .nots(NONE)
        .uses(&[Use::BesideRecord]),
    // Written by the program when somebody else goes on with a draft.
    q(f::PREPARED_BY, ALL, "notice", Text(200), OURS)
        .nots(NONE)
        .written()
        .uses(&[Use::BesideRecord]),
];

/// Identifier of a field's label in the catalogue; its help is the same with `-help`.
pub fn label_id(field: &str) -> String {
    format!("field-{}", field.replace(['.', '_'], "-"))
}
