//! When a question is asked: pure looks at what was answered so far.

use crate::vital::{Age, Event, Kind, Not, field as f};

/// What has to hold for a question to be asked.
#[derive(Debug)]
pub struct Condition {
    /// Its name; `applies-<name>` in the catalogue says it in words.
    pub id: &'static str,
    /// Whether it holds.
    pub holds: fn(&Event) -> bool,
}

/// Declares conditions: a constant, its name, what has to hold.
macro_rules! conditions {
    ($($constant:ident $id:literal $holds:expr;)*) => {
        $(pub(super) static $constant: Condition = Condition { id: $id, holds: $holds };)*
    };
}

conditions! {
    MULTIPLE "multiple" |e| e.int(f::BIRTH_PLURALITY).is_some_and(|n| n > 1);
    FELL_LOW "fell-low" |e| e.int(f::BIRTH_APGAR_5).is_some_and(|n| n < 6);
    OUTSIDE_FACILITY "outside-facility" |e| e.text(f::BIRTH_PLACE).is_some_and(|p| p != "facility");
    SIGNS_DECIDE "signs-decide" signs_decide;
    MARRIED "married" |e| e.text(f::MOTHER_MARRIAGE) == Some("registered");
    // Of a mother who had any, or of whom it is not known.
    HAD_BIRTHS "had-births" |e| e.int(f::MOTHER_LIVE_BIRTHS) != Some(0);
    MOTHER_DOCUMENT "mother-document" |e| e.known(f::MOTHER_DOCUMENT).is_some();
    // Of one who is not known at all nothing is asked.
    WITHOUT_PAPERS "without-papers" |e| e.not(f::MOTHER_DOCUMENT).is_some() && !is_unidentified(e);
    WITNESSED "witnessed" |e| matches!(e.text(f::MOTHER_IDENTITY), Some("stated" | "witness"));
    RUSSIAN_FORM "russian-form" named_in_russian_form;
    UNIDENTIFIED "unidentified" is_unidentified;
    PAPER "paper" |e| e.known(f::PAPER).is_some();
    RECIPIENT "recipient" |e| e.known(f::RECIPIENT).is_some();
    OPERATED "operated" |e| e.text(f::SURGERY) == Some("yes");
    AUTOPSIED "autopsied" |e| e.text(f::AUTOPSY) == Some("yes");
    LINE_B "line-b" |e| line_used(e, 1);
    LINE_C "line-c" |e| line_used(e, 2);
    LINE_D "line-d" |e| line_used(e, 3);
    OTHER "other" |e| e.known(f::CAUSE_OTHER).is_some() || e.known(f::CAUSE_OTHER_CODE).is_some();
    OTHER_2 "other-2" |e| e.known(f::CAUSE_OTHER_2).is_some() || e.known(f::CAUSE_OTHER_2_CODE).is_some();
    NO_BIRTH_DATE "no-birth-date" |e| e.known(f::DECEASED_BORN).is_none();
    DECEASED_DOCUMENT "deceased-document" |e| e.known(f::DECEASED_DOCUMENT).is_some();
    EXTERNAL "external" external;
    ON_THE_ROAD "on-the-road" |e| external_code(e, &['V']);
    ACCIDENT "accident" |e| e.text(f::DEATH_MANNER) == Some("accident");
    COULD_BE_PREGNANT "could-be-pregnant" could_be_pregnant;
    PREGNANT "pregnant" |e| could_be_pregnant(e) && e.text(f::PREGNANT) == Some("yes");
    INFANT "infant" infant;
    NO_INFANT "no-infant" |e| !infant(e);
    LIVED_HOURS "lived-hours" |e| infant(e) && Age::at_death(e).is_some_and(|age| age.days.0 <= 1);
}

/// A child so small, or so still, that the signs of life decide what it is. 28 weeks and 1,000 g
/// are WHO's bounds of what counts internationally.
fn signs_decide(e: &Event) -> bool {
    let below = |field, limit| e.int(field).is_some_and(|n| n < limit);
    below(f::BIRTH_WEEKS, 28)
        || below(f::BIRTH_WEIGHT, 1000)
        || e.int(f::BIRTH_APGAR_1) == Some(0)
        || e.get(f::FOETUS_SIGNS).is_some()
}

/// Surname or patronymic of the child ends as the registry asks about since 2020.
fn named_in_russian_form(e: &Event) -> bool {
    [f::CHILD_SURNAME, f::CHILD_PATRONYMIC]
        .iter()
        .any(|field| e.text(field).is_some_and(russian_ending))
}

/// Whether it cannot be known whom an event is about: a foundling, or an unknown deceased. It looks at the
/// answers of `Use::Identity`.
pub fn is_unidentified(e: &Event) -> bool {
    ["surname", "given"]
        .iter()
        .all(|part| e.not(&format!("{}.{part}", e.kind.person())) == Some(Not::Knowable))
}

/// A line of Part I below the first has an interval once something stands on it.
fn line_used(e: &Event, line: usize) -> bool {
    f::CAUSE_LINES
        .get(line)
        .is_some_and(|(text, code, _)| e.known(text).is_some() || e.known(code).is_some())
}

/// Any manner but disease may need the police and has circumstances to tell.
pub(super) fn external(e: &Event) -> bool {
    let by_manner = matches!(
        e.text(f::DEATH_MANNER),
        Some("accident" | "self-harm" | "assault" | "legal" | "war" | "undetermined" | "pending")
    );
    by_manner || external_code(e, &['V', 'W', 'X', 'Y'])
}

fn external_code(e: &Event, letters: &[char]) -> bool {
    f::CAUSE_CODES
        .iter()
        .any(|code| e.text(code).is_some_and(|c| c.starts_with(letters)))
}

/// Women of 10 to 54, and women whose age is unknown (WHO asks 15 to 49; we ask wider).
fn could_be_pregnant(e: &Event) -> bool {
    let age = Age::at_death(e).is_none_or(|age| age.years.1 >= 10 && age.years.0 <= 54);
    e.text(f::DECEASED_SEX) == Some("female") && age
}

/// A child of less than a year, by the dates or by the estimated age; of a birth year alone it may be one.
fn infant(e: &Event) -> bool {
    e.kind == Kind::Death && Age::at_death(e).is_some_and(|age| age.years.0 < 1 && age.years.1 <= 1)
}

/// Whether a surname or patronymic ends in one of the Russian forms (`-ов`, `-ович` …) that the
/// registry asks about when it writes a new record; national minorities are free to bear them.
pub fn russian_ending(name: &str) -> bool {
    const ENDINGS: &[&str] = &["ов", "ова", "ев", "ева", "ович", "овна", "евич", "евна"];
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|e| lower.ends_with(e))
}
