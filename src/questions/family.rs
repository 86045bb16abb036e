//! What the registry office asks when the family stands there: who may fill it is the family, with papers
//! in hand. The ward's statement stays as it was signed.

use crate::vital::{Kind, field as f};

/// A question of the office's form; `family-<id>` in the catalogue, hyphens for underscores.
#[derive(Debug)]
pub struct FamilyQuestion {
    /// Name, as kept.
    pub id: &'static str,
    /// The kinds of event at which it is asked.
    kinds: &'static [Kind],
    /// Whether it is a date.
    pub date: bool,
    /// The ward's answer that shows beside it.
    pub beside: Option<&'static str>,
}

const BIRTH: &[Kind] = &[Kind::Birth];
const BORN: &[Kind] = &[Kind::Birth, Kind::FoetalDeath];
const DEATH: &[Kind] = &[Kind::Death];

const fn asks(id: &'static str, kinds: &'static [Kind], beside: Option<&'static str>) -> FamilyQuestion {
    FamilyQuestion {
        id,
        kinds,
        date: false,
        beside,
    }
}

const fn dated(id: &'static str, kinds: &'static [Kind]) -> FamilyQuestion {
    FamilyQuestion {
        id,
        kinds,
        date: true,
        beside: None,
    }
}

/// The office's form, in its order.
const QUESTIONS: &[FamilyQuestion] = &[
    asks("child_surname", BIRTH, Some(f::CHILD_SURNAME)),
    asks("child_given", BIRTH, Some(f::CHILD_GIVEN)),
    asks("child_patronymic", BIRTH, Some(f::CHILD_PATRONYMIC)),
    asks("mother_document", BORN, Some(f::MOTHER_DOCUMENT)),
    asks("marriage_act", BORN, None),
    dated("marriage_date", BORN),
    asks("paternity_act", BORN, None),
    dated("paternity_date", BORN),
    asks("father_surname", BORN, Some(f::FATHER_SURNAME)),
    asks("father_given", BORN, Some(f::FATHER_GIVEN)),
    asks("father_patronymic", BORN, Some(f::FATHER_PATRONYMIC)),
    asks("father_document", BORN, Some(f::FATHER_DOCUMENT)),
    asks("deceased_document", DEATH, Some(f::DECEASED_DOCUMENT)),
    asks("applicant", &Kind::ALL, Some(f::RECIPIENT)),
    asks("applicant_document", &Kind::ALL, Some(f::RECIPIENT_DOCUMENT)),
];

/// The questions for a kind of event.
pub fn family_questions(kind: Kind) -> impl Iterator<Item = &'static FamilyQuestion> {
    QUESTIONS.iter().filter(move |q| q.kinds.contains(&kind))
}
