//! What the registry office asks when the family stands there: who may fill it is the family, with papers
//! in hand. The ward's statement stays as it was signed.

use self::FamilyInput::{Day, Name, Text};
use super::timeline::{self, Moment};
use crate::vital::{Kind, field as f};

/// A question of the office's form; `family-<id>` in the catalogue, hyphens for underscores.
#[derive(Debug)]
pub struct FamilyQuestion {
    /// Name, as kept.
    pub id: &'static str,
    /// The kinds of event at which it is asked.
    kinds: &'static [Kind],
    /// What is asked.
    pub input: FamilyInput,
    /// The ward's answer that shows beside it.
    pub beside: Option<&'static str>,
}

/// How a question of the office's form is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FamilyInput {
    /// A name.
    Name,
    /// A number of an act or a document.
    Text,
    /// A day, with its place on the event's time line.
    Day(&'static Moment),
}

const BIRTH: &[Kind] = &[Kind::Birth];
const BORN: &[Kind] = &[Kind::Birth, Kind::FoetalDeath];
const DEATH: &[Kind] = &[Kind::Death];

const fn asks(
    id: &'static str,
    kinds: &'static [Kind],
    input: FamilyInput,
    beside: Option<&'static str>,
) -> FamilyQuestion {
    FamilyQuestion {
        id,
        kinds,
        input,
        beside,
    }
}

/// The office's form, in its order.
const QUESTIONS: &[FamilyQuestion] = &[
    asks("child_surname", BIRTH, Name, Some(f::CHILD_SURNAME)),
    asks("child_given", BIRTH, Name, Some(f::CHILD_GIVEN)),
    asks("child_patronymic", BIRTH, Name, Some(f::CHILD_PATRONYMIC)),
    asks("mother_document", BORN, Text, Some(f::MOTHER_DOCUMENT)),
    asks("marriage_act", BORN, Text, None),
    asks("marriage_date", BORN, Day(&timeline::MARRIAGE), None),
    asks("paternity_act", BORN, Text, None),
    asks("paternity_date", BORN, Day(&timeline::PATERNITY), None),
    asks("father_surname", BORN, Name, Some(f::FATHER_SURNAME)),
    asks("father_given", BORN, Name, Some(f::FATHER_GIVEN)),
    asks("father_patronymic", BORN, Name, Some(f::FATHER_PATRONYMIC)),
    asks("father_document", BORN, Text, Some(f::FATHER_DOCUMENT)),
    asks("deceased_document", DEATH, Text, Some(f::DECEASED_DOCUMENT)),
    asks("applicant", &Kind::ALL, Name, Some(f::RECIPIENT)),
    asks(
        "applicant_document",
        &Kind::ALL,
        Text,
        Some(f::RECIPIENT_DOCUMENT),
    ),
];

/// The questions for a kind of event.
pub fn family_questions(kind: Kind) -> impl Iterator<Item = &'static FamilyQuestion> {
    QUESTIONS.iter().filter(move |q| q.kinds.contains(&kind))
}
