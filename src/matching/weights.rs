//! What two reports agree and differ in, in points.
//!
//! A point is a factor of two: three points for what one stranger in eight would share, and as
//! many against as a second report would seldom show. They were set by hand, by such counts of a
//! country, so that each can be explained to who has to decide.
//!
//! Deliberately absent: how frequent each name is, anything learned from data.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::near;
use crate::matching::phonetic::consonant_skeleton;
use crate::matching::record::{MatchingRecord, NEAR_DAYS, REACH_DAYS, days_apart, tells_apart};
use crate::vital::Kind;

/// How two texts compare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AgreementLevel {
    Unknown,
    Same,
    Near,
    Other,
}

impl AgreementLevel {
    /// Points of each; nothing where one of the two is unknown.
    pub(super) fn points(self, same: i32, near: i32, other: i32) -> i32 {
        match self {
            AgreementLevel::Unknown => 0,
            AgreementLevel::Same => same,
            AgreementLevel::Near => near,
            AgreementLevel::Other => other,
        }
    }
}

/// Points that the person alone must have: hour, weight and place are those of a thousand others.
const PERSON: i32 = 12;

/// Likewise where the days agree.
const PERSON_NEAR: i32 = 8;

/// Points for one event; none where it is out of the question: a birth and a death, more than
/// [`REACH_DAYS`] apart, or another person.
pub(super) fn points(a: &MatchingRecord, b: &MatchingRecord) -> Option<i32> {
    let death = a.kind == Kind::Death;
    if days_apart(a, b) > REACH_DAYS || death != (b.kind == Kind::Death) {
        return None;
    }
    // A document or telephone of another member of the family is shown now and then.
    let document = match number(&a.document, &b.document) {
        AgreementLevel::Same if !tells_apart(&a.document) => 3,
        level => level.points(18, 9, -3),
    };
    let phone = number(&a.phone, &b.phone).points(12, 6, -1);
    let kind = if a.kind == b.kind { 0 } else { -3 };
    let place = if a.facility == b.facility { 3 } else { 0 };
    // One in sixty lives in the same, one in ten of a large one; it is the mother's own at birth
    // and her husband's family's in another report.
    let home = match (
        a.district.is_empty() || b.district.is_empty(),
        a.district == b.district,
    ) {
        (true, _) => 0,
        (_, true) => 4,
        _ => -3,
    };
    let father = name(&a.father, &b.father).points(5, 2, -4);
    let child = weight(a, b) + name(&a.child, &b.child).points(4, 2, -4);
    let order = match (a.order, b.order) {
        (Some(_), Some(_)) => 4, // one birth in forty is of twins
        (None, None) => 0,
        _ => -1,
    };
    let person = document + phone + names(a, b) + born(a, b);
    let enough = if days_apart(a, b) <= NEAR_DAYS {
        PERSON_NEAR
    } else {
        PERSON
    };
    let around = kind + place + home + father + child + order + sex(a, b) + time(a, b);
    (person >= enough).then_some(day(a, b) + person + around)
}

/// Days of the event: of twenty second reports seventeen say the same, two the one before or after,
/// and whatever lies farther off is rare and mostly a slip of the pen. Counted for each day, as a
/// day has as many strangers as another.
fn day(a: &MatchingRecord, b: &MatchingRecord) -> i32 {
    let known = a.day.0 == a.day.1 && b.day.0 == b.day.1;
    match days_apart(a, b) {
        0 if known => 2,
        0 => 0,
        1 => -3,
        2 => -5,
        _ if known && day_slip(a.day.0, b.day.0) => -6,
        3..=7 => -7,
        _ => -9,
    }
}

/// Whether one slip makes one day of the other: a digit of the day, its two digits swapped, the
/// month before or after, day and month swapped.
fn day_slip(a: i32, b: i32) -> bool {
    let date = |day: i32| NaiveDate::default() + TimeDelta::days(day.into());
    let (x, y) = (date(a), date(b));
    let month = |t: NaiveDate| t.year() * 12 + t.month0() as i32;
    let digits = |t: NaiveDate| (t.day() / 10, t.day() % 10);
    let ((x10, x1), (y10, y1)) = (digits(x), digits(y));
    let digit = x10 == y10 || x1 == y1 || (x10 == y1 && x1 == y10);
    match month(x) - month(y) {
        0 => digit,
        1 | -1 if x.day() == y.day() => true,
        _ => x.year() == y.year() && x.month() == y.day() && x.day() == y.month(),
    }
}

/// Names: a surname or given name is shared with one in thirty, one that is near with one in eight.
fn names(a: &MatchingRecord, b: &MatchingRecord) -> i32 {
    let surname = name(&a.surname, &b.surname);
    let given = name(&a.given, &b.given);
    let straight = surname.points(5, 2, -5) + given.points(5, 2, -5);
    // The two in each other's field.
    let crossed = name(&a.surname, &b.given).points(4, 2, -5) + name(&a.given, &b.surname).points(4, 2, -5);
    // Newer papers make the father's name the surname.
    let father = surname == AgreementLevel::Other
        && (name(&a.surname, &b.patronymic) == AgreementLevel::Same
            || name(&a.patronymic, &b.surname) == AgreementLevel::Same);
    let father = if father { 5 } else { 0 };
    (straight + father).max(crossed) + name(&a.patronymic, &b.patronymic).points(5, 2, -3)
}

pub(super) fn name(a: &str, b: &str) -> AgreementLevel {
    if a.is_empty() || b.is_empty() {
        return AgreementLevel::Unknown;
    }
    if a == b {
        return AgreementLevel::Same;
    }
    let (x, y) = (a.chars().count(), b.chars().count());
    let slips = match x.min(y) {
        0..4 => 0, // Али and Вали are two
        4..8 => 1,
        _ => 2,
    };
    // Саидмурод is called Саид; an initial stands for a name.
    let begins = x.min(y) != 2 && x.min(y) != 3 && (a.starts_with(b) || b.starts_with(a));
    let (p, q) = (consonant_skeleton(a), consonant_skeleton(b));
    let skeleton = p == q && p.chars().count() > 2;
    if begins || skeleton || near(a, b, slips) {
        AgreementLevel::Near
    } else {
        AgreementLevel::Other
    }
}

/// Numbers of documents and telephones: one in ten million is the same by chance.
pub(super) fn number(a: &str, b: &str) -> AgreementLevel {
    match (a.is_empty() || b.is_empty(), a == b) {
        (true, _) => AgreementLevel::Unknown,
        (_, true) => AgreementLevel::Same,
        // The letter before the digits is left out, or one digit is wrong.
        _ if a.len() > 6 && b.len() > 6 && near(a, b, 1) => AgreementLevel::Near,
        _ => AgreementLevel::Other,
    }
}

/// Dates of birth: six thousand days of mothers, fifteen years of deaths and mothers alike.
pub(super) fn born(a: &MatchingRecord, b: &MatchingRecord) -> i32 {
    let (x, y) = (a.born.as_str(), b.born.as_str());
    if x.is_empty() || y.is_empty() {
        return 0;
    }
    // Who knows the year alone is entered under its first day, in many papers.
    let (x, y) = (
        x.strip_suffix("-01-01").unwrap_or(x),
        y.strip_suffix("-01-01").unwrap_or(y),
    );
    let parts = |t: &str| {
        let mut parts = t.split('-').map(str::to_owned);
        [parts.next(), parts.next(), parts.next()]
    };
    let ([xy, xm, xd], [yy, ym, yd]) = (parts(x), parts(y));
    let full = xd.is_some() && yd.is_some();
    let swapped = full && xy == yy && xm == yd && xd == ym;
    let points = match () {
        () if x == y && full => 12,
        () if swapped => 9,
        () if full && near(x, y, 1) => 7,
        () if xy == yy && xm == ym && xm.is_some() => 7,
        () if xy == yy && (xm.is_none() || ym.is_none()) => 4,
        () if xy == yy => -2,
        // An age in years told instead of a date is off by one.
        () if year(x).abs_diff(year(y)) == 1 => {
            if full {
                -3
            } else {
                0
            }
        }
        () => -6,
    };
    // Who dies in the first weeks was born in them: one in thirty shares the day.
    if infant(a) && infant(b) {
        points.min(5)
    } else {
        points
    }
}

/// Whether a death is of a child born in the year of the death or the one before.
fn infant(t: &MatchingRecord) -> bool {
    t.kind == Kind::Death && year(&t.born) >= 1969 + t.day.1 / 366
}

fn year(t: &str) -> i32 {
    t.split('-').next().and_then(|y| y.parse().ok()).unwrap_or(0)
}

pub(super) fn sex(a: &MatchingRecord, b: &MatchingRecord) -> i32 {
    match (a.male, b.male) {
        (Some(x), Some(y)) if x == y => 1,
        (Some(_), Some(_)) => -4,
        _ => 0,
    }
}

/// Minutes between the times of day, over midnight too.
pub(super) fn minutes(a: &MatchingRecord, b: &MatchingRecord) -> Option<u16> {
    let apart = a.time?.abs_diff(b.time?);
    Some(apart.min(1440_u16.saturating_sub(apart)))
}

fn time(a: &MatchingRecord, b: &MatchingRecord) -> i32 {
    match minutes(a, b) {
        None => 0,
        Some(0..=2) => 6,
        Some(3..=20) => 4,
        Some(21..=70) => 2,
        Some(71..=180) => 0,
        Some(_) => -2,
    }
}

pub(super) fn weight(a: &MatchingRecord, b: &MatchingRecord) -> i32 {
    let (Some(x), Some(y)) = (a.weight, b.weight) else {
        return 0;
    };
    match x.abs_diff(y) {
        0..=10 => 4,
        11..=50 => 3,
        51..=100 => 1,
        _ if near(&x.to_string(), &y.to_string(), 1) => 0, // a digit wrong, or two swapped
        101..=250 => -1,
        _ => -4,
    }
}
