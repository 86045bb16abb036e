//! The table of questions.

use crate::vital::field as f;
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
    /// A date, as far as it is known.
    Date,
    /// A time of day.
    Time,
    /// A duration, typed as people write it, stored as ISO 8601.
    Interval,
    /// An ICD-10 code; never required.
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
    QUESTIONS.iter().filter(move |q| q.kinds.contains(&kind))
}

/// The question for a field.
pub fn question(id: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|q| q.id == id)
}

const B: &[Kind] = &[Kind::Birth];
const F: &[Kind] = &[Kind::FoetalDeath];
const BF: &[Kind] = &[Kind::Birth, Kind::FoetalDeath];
const D: &[Kind] = &[Kind::Death];
const ALL: &[Kind] = &Kind::ALL;

const ANY: &[Not] = &[Not::Yet, Not::Knowable, Not::Refused];
const UNKNOWN: &[Not] = &[Not::Yet, Not::Knowable];
const NEVER: &[Not] = &[Not::Knowable];
const NONE: &[Not] = &[];

fn always(_: &Event) -> bool {
    true
}
fn multiple(e: &Event) -> bool {
    e.int(f::BIRTH_PLURALITY).is_some_and(|n| n > 1)
}
fn fell_low(e: &Event) -> bool {
    e.int(f::BIRTH_APGAR_5).is_some_and(|n| n < 6)
}
fn married(e: &Event) -> bool {
    e.text(f::MOTHER_MARRIAGE) == Some("registered")
}
/// Questions about earlier births, of a mother who had any or of whom it is not known.
fn had_births(e: &Event) -> bool {
    e.int(f::MOTHER_LIVE_BIRTHS) != Some(0)
}
fn operated(e: &Event) -> bool {
    e.text(f::SURGERY) == Some("yes")
}
fn autopsied(e: &Event) -> bool {
    e.text(f::AUTOPSY) == Some("yes")
}
/// A line of Part I below the first has an interval once something stands on it.
fn line_used(e: &Event, line: usize) -> bool {
    f::CAUSE_LINES
        .get(line)
        .is_some_and(|(text, code, _)| e.known(text).is_some() || e.known(code).is_some())
}
fn no_birth_date(e: &Event) -> bool {
    e.known(f::DECEASED_BORN).is_none()
}
/// Any manner but disease may need the police and has circumstances to tell.
fn external(e: &Event) -> bool {
    let by_manner = matches!(
        e.text(f::DEATH_MANNER),
        Some("accident" | "self-harm" | "assault" | "legal" | "war" | "undetermined" | "pending")
    );
    let by_code = f::CAUSE_LINES
        .iter()
        .any(|(_, code, _)| e.text(code).is_some_and(|c| c.starts_with(['V', 'W', 'X', 'Y'])));
    by_manner || by_code
}
/// Women of 10 to 54, and women whose age is unknown (WHO asks 15 to 49; we ask wider).
fn could_be_pregnant(e: &Event) -> bool {
    if e.text(f::DECEASED_SEX) != Some("female") {
        return false;
    }
    match (e.date(f::DECEASED_BORN), e.event_date()) {
        (Some(born), Some(died)) => {
            let (least, most) = born.years_until(died);
            most >= 10 && least <= 54
        }
        _ => true,
    }
}
fn was_pregnant(e: &Event) -> bool {
    could_be_pregnant(e) && e.text(f::PREGNANT) == Some("yes")
}

const F103: &str = "103/у";
const F106: &str = "106/у";
const F1062: &str = "106-2/у";
const WHO: &str = "WHO certificate 2016";

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

use Input::{Code, Date, Icd, Int, Interval, Length, Name, Text, Time};

static QUESTIONS: &[Question] = &[
    // Stage one of a birth: what a midwife knows at three in the morning.
    q(f::BIRTH_DATE, BF, "birth", Date, F103).required().nots(NEVER),
    q(f::BIRTH_TIME, BF, "birth", Time, F103).required().nots(UNKNOWN),
    q(f::CHILD_SEX, BF, "birth", Code("sex"), F103)
        .required()
        .nots(NONE),
    q(f::BIRTH_WEIGHT, BF, "birth", Int("g"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_LENGTH, BF, "birth", Length, F103)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_WEEKS, BF, "birth", Int("weeks"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::FOETUS_SIGNS, F, "birth", Code("signs-of-life"), F1062)
        .required()
        .nots(NONE),
    q(f::FOETUS_WHEN, F, "birth", Code("died-when"), F1062)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_PLURALITY, BF, "birth", Int("children"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_ORDER, BF, "birth", Int("order"), F103)
        .required()
        .nots(NONE)
        .shows(multiple),
    q(f::BIRTH_PLACE, BF, "birth", Code("place-birth"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_DISTRICT, BF, "birth", Code("district"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_ATTENDANT, BF, "birth", Code("attendant"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_DELIVERY, BF, "birth", Code("delivery"), "LOINC 73762-7").nots(UNKNOWN),
    q(f::BIRTH_APGAR_1, B, "birth", Int("points"), "LOINC 9272-6").nots(UNKNOWN),
    q(f::BIRTH_APGAR_5, B, "birth", Int("points"), "LOINC 9274-2").nots(UNKNOWN),
    q(f::BIRTH_APGAR_10, B, "birth", Int("points"), "LOINC 9271-8")
        .nots(UNKNOWN)
        .shows(fell_low),
    q(f::MOTHER_SURNAME, BF, "mother", Name, F103).required(),
    q(f::MOTHER_GIVEN, BF, "mother", Name, F103).required(),
    q(f::MOTHER_PATRONYMIC, BF, "mother", Name, F103),
    q(f::MOTHER_BORN, BF, "mother", Date, F103).required(),
    q(f::MOTHER_PHONE, BF, "mother", Text(20), "ogoh").nots(ANY),
    q(f::MOTHER_DISTRICT, BF, "mother", Code("district"), F103).required(),
    q(f::MOTHER_ADDRESS, BF, "mother", Text(200), F103),
    q(f::MOTHER_DOCUMENT, BF, "mother", Text(40), F103),
    q(f::MOTHER_MARRIAGE, BF, "mother", Code("marriage"), F103).nots(&[Not::Yet, Not::Refused]),
    q(f::MOTHER_MARRIAGE_ACT, BF, "mother", Text(60), F103).shows(married),
    q(f::MOTHER_EDUCATION, BF, "mother", Code("education"), F103),
    q(f::MOTHER_LIVE_BIRTHS, BF, "mother", Int("children"), F103).nots(ANY),
    q(
        f::MOTHER_CHILDREN_LIVING,
        BF,
        "mother",
        Int("children"),
        "LOINC 11638-4",
    )
    .shows(had_births),
    q(
        f::MOTHER_CHILDREN_DEAD,
        BF,
        "mother",
        Int("children"),
        "LOINC 68496-9",
    )
    .shows(had_births),
    q(f::MOTHER_LAST_BIRTH, BF, "mother", Date, "UN P&R Rev.3").shows(had_births),
    q(f::MOTHER_DELIVERIES, BF, "mother", Int("children"), F1062),
    q(f::MOTHER_CAESAREANS, BF, "mother", Int("children"), "NCHS"),
    q(f::MOTHER_ANTENATAL_FIRST, BF, "mother", Int("weeks"), F103),
    q(f::MOTHER_ANTENATAL_VISITS, BF, "mother", Int("visits"), "NCHS"),
    q(f::CHILD_SURNAME, B, "child", Name, F103),
    q(f::CHILD_GIVEN, B, "child", Name, F103),
    q(f::CHILD_PATRONYMIC, B, "child", Name, F103),
    q(f::CHILD_ANOMALY, B, "child", Icd, "NCHS").nots(NONE),
    q(f::FATHER_SURNAME, BF, "father", Name, "UN P&R Rev.3"),
    q(f::FATHER_GIVEN, BF, "father", Name, "UN P&R Rev.3"),
    q(f::FATHER_PATRONYMIC, BF, "father", Name, "UN P&R Rev.3"),
    q(f::FATHER_BORN, BF, "father", Date, "UN P&R Rev.3"),
    q(f::FATHER_DOCUMENT, BF, "father", Text(40), "UN P&R Rev.3"),
    q(f::FOETAL_CAUSE, F, "cause", Text(200), F1062).nots(UNKNOWN),
    q(f::FOETAL_CAUSE_CODE, F, "cause", Icd, F1062).nots(NONE),
    q(f::FOETAL_OTHER, F, "cause", Text(200), F1062).nots(NONE),
    q(f::FOETAL_OTHER_CODE, F, "cause", Icd, F1062).nots(NONE),
    q(f::FOETAL_MATERNAL, F, "cause", Text(200), F1062).nots(UNKNOWN),
    q(f::FOETAL_MATERNAL_CODE, F, "cause", Icd, F1062).nots(NONE),
    // A death.
    q(f::DEATH_CERTIFICATE, D, "death", Code("death-certificate"), F106)
        .required()
        .nots(NONE),
    q(f::DEATH_DATE, D, "death", Date, F106).required().nots(NEVER),
    q(f::DEATH_TIME, D, "death", Time, F106).required().nots(UNKNOWN),
    q(f::DEATH_PLACE, D, "death", Code("place-death"), F106)
        .required()
        .nots(UNKNOWN),
    q(f::DEATH_DISTRICT, D, "death", Code("district"), F106)
        .required()
        .nots(UNKNOWN),
    q(f::DECEASED_SURNAME, D, "deceased", Name, F106).required(),
    q(f::DECEASED_GIVEN, D, "deceased", Name, F106).required(),
    q(f::DECEASED_PATRONYMIC, D, "deceased", Name, F106),
    q(f::DECEASED_SEX, D, "deceased", Code("sex"), F106)
        .required()
        .nots(NONE),
    q(f::DECEASED_BORN, D, "deceased", Date, F106)
        .required()
        .nots(UNKNOWN),
    q(f::DECEASED_AGE, D, "deceased", Interval, WHO)
        .nots(UNKNOWN)
        .shows(no_birth_date),
    q(f::DECEASED_DOCUMENT, D, "deceased", Text(40), F106).nots(UNKNOWN),
    q(f::DECEASED_DISTRICT, D, "deceased", Code("district"), F106)
        .required()
        .nots(UNKNOWN),
    q(f::DECEASED_ADDRESS, D, "deceased", Text(200), F106),
    q(f::DECEASED_EDUCATION, D, "deceased", Code("education"), F106),
    q(f::CAUSE_LANG, D, "cause", Code("lang"), "ogoh")
        .required()
        .nots(NONE),
    q(f::CAUSE_A, D, "cause", Text(200), WHO).required().nots(UNKNOWN),
    q(f::CAUSE_A_INTERVAL, D, "cause", Interval, WHO).nots(UNKNOWN),
    q(f::CAUSE_A_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_B, D, "cause", Text(200), WHO).nots(NONE),
    q(f::CAUSE_B_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .shows(|e| line_used(e, 1)),
    q(f::CAUSE_B_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_C, D, "cause", Text(200), WHO).nots(NONE),
    q(f::CAUSE_C_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .shows(|e| line_used(e, 2)),
    q(f::CAUSE_C_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_D, D, "cause", Text(200), WHO).nots(NONE),
    q(f::CAUSE_D_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .shows(|e| line_used(e, 3)),
    q(f::CAUSE_D_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_OTHER, D, "cause", Text(300), WHO).nots(NONE),
    q(f::CAUSE_OTHER_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::DEATH_MANNER, D, "cause", Code("manner"), WHO)
        .required()
        .nots(&[Not::Yet]),
    q(f::SURGERY, D, "cause", Code("yes-no-unknown"), WHO).nots(UNKNOWN),
    q(f::SURGERY_DATE, D, "cause", Date, WHO)
        .nots(UNKNOWN)
        .shows(operated),
    q(f::SURGERY_REASON, D, "cause", Text(200), WHO)
        .nots(UNKNOWN)
        .shows(operated),
    q(f::AUTOPSY, D, "cause", Code("yes-no-unknown"), WHO).nots(UNKNOWN),
    q(f::AUTOPSY_USED, D, "cause", Code("yes-no-unknown"), WHO)
        .nots(UNKNOWN)
        .shows(autopsied),
    q(f::DEATH_POLICE, D, "external", Text(60), "ogoh")
        .nots(UNKNOWN)
        .shows(external),
    q(f::EXTERNAL_DATE, D, "external", Date, WHO)
        .nots(UNKNOWN)
        .shows(external),
    q(f::EXTERNAL_HOW, D, "external", Text(200), WHO)
        .nots(UNKNOWN)
        .shows(external),
    q(f::EXTERNAL_PLACE, D, "external", Code("external-place"), WHO)
        .nots(UNKNOWN)
        .shows(external),
    q(f::PREGNANT, D, "pregnancy", Code("yes-no-unknown"), WHO)
        .nots(UNKNOWN)
        .shows(could_be_pregnant),
    q(f::PREGNANCY_WHEN, D, "pregnancy", Code("pregnancy-when"), WHO)
        .nots(UNKNOWN)
        .shows(was_pregnant),
    q(
        f::PREGNANCY_CONTRIBUTED,
        D,
        "pregnancy",
        Code("yes-no-unknown"),
        WHO,
    )
    .nots(UNKNOWN)
    .shows(was_pregnant),
    // The notification itself.
    q(f::INFORMANT, ALL, "notice", Text(100), "ogoh"),
    q(f::OFFICE, ALL, "notice", Code("office"), "ogoh")
        .required()
        .nots(NONE),
    q(f::PAPER, ALL, "notice", Text(40), F103).nots(UNKNOWN),
    q(f::LATE_REASON, ALL, "notice", Text(200), "ogoh").nots(UNKNOWN),
    q(f::NOTE, ALL, "notice", Text(300), "ogoh").nots(NONE),
];
