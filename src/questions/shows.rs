//! When a question shows: pure looks at what was answered so far.

use crate::vital::{Event, Kind, Not, field as f};

pub(super) fn always(_: &Event) -> bool {
    true
}

/// Something stands there already: what no form asks and an import brought, or what the program
/// itself writes.
pub(super) fn written(e: &Event, field: &str) -> bool {
    e.get(field).is_some()
}

pub(super) fn multiple(e: &Event) -> bool {
    e.int(f::BIRTH_PLURALITY).is_some_and(|n| n > 1)
}

pub(super) fn fell_low(e: &Event) -> bool {
    e.int(f::BIRTH_APGAR_5).is_some_and(|n| n < 6)
}

pub(super) fn outside_facility(e: &Event) -> bool {
    e.text(f::BIRTH_PLACE).is_some_and(|p| p != "facility")
}

/// A child so small, or so still, that the signs of life decide what it is. 28 weeks and 1,000 g
/// are WHO's bounds of what counts internationally.
pub(super) fn signs_decide(e: &Event) -> bool {
    let below = |field, limit| e.int(field).is_some_and(|n| n < limit);
    below(f::BIRTH_WEEKS, 28)
        || below(f::BIRTH_WEIGHT, 1000)
        || e.int(f::BIRTH_APGAR_1) == Some(0)
        || written(e, f::FOETUS_SIGNS)
}

pub(super) fn married(e: &Event) -> bool {
    e.text(f::MOTHER_MARRIAGE) == Some("registered")
}

/// Questions about earlier births, of a mother who had any or of whom it is not known.
pub(super) fn had_births(e: &Event) -> bool {
    e.int(f::MOTHER_LIVE_BIRTHS) != Some(0)
}

/// A mother whose papers are not there; of one who is not known at all nothing is asked.
pub(super) fn without_papers(e: &Event) -> bool {
    e.not(f::MOTHER_DOCUMENT).is_some() && !is_unidentified(e)
}

/// Surname or patronymic of the child ends as the registry asks about since 2020.
pub(super) fn named_in_russian_form(e: &Event) -> bool {
    [f::CHILD_SURNAME, f::CHILD_PATRONYMIC]
        .iter()
        .any(|field| e.text(field).is_some_and(russian_ending))
}

/// Whether it cannot be known whom an event is about: a foundling, or an unknown deceased. It looks at the
/// answers of [`super::Use::Identity`].
pub fn is_unidentified(e: &Event) -> bool {
    ["surname", "given"]
        .iter()
        .all(|part| e.not(&format!("{}.{part}", e.kind.person())) == Some(Not::Knowable))
}

pub(super) fn operated(e: &Event) -> bool {
    e.text(f::SURGERY) == Some("yes")
}

pub(super) fn autopsied(e: &Event) -> bool {
    e.text(f::AUTOPSY) == Some("yes")
}

/// A line of Part I below the first has an interval once something stands on it.
pub(super) fn line_used(e: &Event, line: usize) -> bool {
    f::CAUSE_LINES
        .get(line)
        .is_some_and(|(text, code, _)| e.known(text).is_some() || e.known(code).is_some())
}

/// Part II holds a condition.
pub(super) fn other_used(e: &Event) -> bool {
    e.known(f::CAUSE_OTHER).is_some() || e.known(f::CAUSE_OTHER_CODE).is_some()
}

/// Part II holds a second condition.
pub(super) fn second_used(e: &Event) -> bool {
    e.known(f::CAUSE_OTHER_2).is_some() || e.known(f::CAUSE_OTHER_2_CODE).is_some()
}

pub(super) fn no_birth_date(e: &Event) -> bool {
    e.known(f::DECEASED_BORN).is_none()
}

/// Any manner but disease may need the police and has circumstances to tell.
pub(super) fn external(e: &Event) -> bool {
    let by_manner = matches!(
        e.text(f::DEATH_MANNER),
        Some("accident" | "self-harm" | "assault" | "legal" | "war" | "undetermined" | "pending")
    );
    by_manner || external_code(e, &['V', 'W', 'X', 'Y'])
}

/// An accident on the road: an external code of transport.
pub(super) fn on_the_road(e: &Event) -> bool {
    external_code(e, &['V'])
}

fn external_code(e: &Event, letters: &[char]) -> bool {
    f::CAUSE_CODES
        .iter()
        .any(|code| e.text(code).is_some_and(|c| c.starts_with(letters)))
}

pub(super) fn accident(e: &Event) -> bool {
    e.text(f::DEATH_MANNER) == Some("accident")
}

/// Women of 10 to 54, and women whose age is unknown (WHO asks 15 to 49; we ask wider).
pub(super) fn could_be_pregnant(e: &Event) -> bool {
    if e.text(f::DECEASED_SEX) != Some("female") {
        return false;
    }
    match years(e) {
        Some((least, most)) => most >= 10 && least <= 54,
        None => true,
    }
}

pub(super) fn was_pregnant(e: &Event) -> bool {
    could_be_pregnant(e) && e.text(f::PREGNANT) == Some("yes")
}

/// Age at death in completed years, the least and the most, where the dates say it.
fn years(e: &Event) -> Option<(i64, i64)> {
    Some(e.date(f::DECEASED_BORN)?.years_until(e.event_date()?))
}

/// A child of less than a year, by the dates or by the estimated age.
pub(super) fn infant(e: &Event) -> bool {
    if e.kind != Kind::Death {
        return false;
    }
    match years(e) {
        // Of a birth year alone the child may be one.
        Some((least, most)) => least < 1 && (0..=1).contains(&most),
        None => e
            .interval(f::DECEASED_AGE)
            .is_some_and(|age| age.approx_minutes() < 365 * 24 * 60),
    }
}

/// A child who lived for a day at most: WHO asks the hours.
pub(super) fn lived_hours(e: &Event) -> bool {
    let days = match (e.date(f::DECEASED_BORN), e.event_date()) {
        (Some(born), Some(died)) => Some((died.earliest() - born.latest()).num_days()),
        _ => None,
    };
    infant(e)
        && match days {
            Some(days) => days <= 1,
            None => e
                .interval(f::DECEASED_AGE)
                .is_some_and(|age| age.approx_minutes() <= 24 * 60),
        }
}

/// Whether a surname or patronymic ends in one of the Russian forms (`-ов`, `-ович` …) that the
/// registry asks about when it writes a new record; national minorities are free to bear them.
pub fn russian_ending(name: &str) -> bool {
    const ENDINGS: &[&str] = &["ов", "ова", "ев", "ева", "ович", "овна", "евич", "евна"];
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|e| lower.ends_with(e))
}
