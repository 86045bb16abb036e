//! Values: partial dates, times of day, and the three ways of having none.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::Interval;

/// Why an asked field has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Not {
    /// Not yet known; somebody will fill it in.
    Yet,
    /// Cannot be known.
    Knowable,
    /// The person asked refused.
    Refused,
}

impl Not {
    /// All, in the order in which one key walks them.
    pub const ALL: [Not; 3] = [Not::Yet, Not::Knowable, Not::Refused];

    /// The word in the signed body, `{"not": "yet"}`. FROZEN.
    pub fn code(self) -> &'static str {
        match self {
            Not::Yet => "yet",
            Not::Knowable => "knowable",
            Not::Refused => "refused",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Not> {
        Not::ALL.into_iter().find(|n| n.code() == code)
    }
}

/// A value, or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated<T> {
    /// The value.
    Known(T),
    /// No value, and why.
    Not(Not),
}

impl<T> From<Not> for Stated<T> {
    fn from(n: Not) -> Self {
        Stated::Not(n)
    }
}

impl From<Value> for Stated<Value> {
    fn from(v: Value) -> Self {
        Stated::Known(v)
    }
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text as written, NFC.
    Text(String),
    /// A code of the field's code list.
    Code(String),
    /// A whole number in the field's unit.
    Int(i64),
    /// A date, as far as it is known.
    Date(PartialDate),
    /// A time of day, local civil time.
    Time(TimeOfDay),
    /// A duration.
    Interval(Interval),
}

/// A year, a month of a year or a day. Never completed by the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// `YYYY`
    Year(i32),
    /// `YYYY-MM`
    Month(i32, u32),
    /// `YYYY-MM-DD`
    Day(NaiveDate),
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not `YYYY[-MM[-DD]]`.
    #[error("not of the form YYYY, YYYY-MM or YYYY-MM-DD")]
    Form,
    /// The calendar has no such month or day.
    #[error("no such day in the calendar")]
    NoSuchDay,
    /// Outside 1850 to 2199.
    #[error("the year is outside 1850 to 2199")]
    Year,
}

/// Years in which an event or a birth of a person concerned can lie.
const YEARS: std::ops::RangeInclusive<i32> = 1850..=2199;

impl PartialDate {
    /// From parts; the calendar decides.
    pub fn new(year: i32, month: Option<u32>, day: Option<u32>) -> Result<PartialDate, DateError> {
        if !YEARS.contains(&year) {
            return Err(DateError::Year);
        }
        match (month, day) {
            (None, None) => Ok(PartialDate::Year(year)),
            (Some(m), None) if (1..=12).contains(&m) => Ok(PartialDate::Month(year, m)),
            (Some(m), Some(d)) => NaiveDate::from_ymd_opt(year, m, d)
                .map(PartialDate::Day)
                .ok_or(DateError::NoSuchDay),
            (Some(_), None) => Err(DateError::NoSuchDay),
            (None, Some(_)) => Err(DateError::Form),
        }
    }

    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, digits and hyphens only.
    pub fn parse(text: &str) -> Result<PartialDate, DateError> {
        let part = |t: &str, len: usize| -> Result<u32, DateError> {
            if t.len() == len && t.bytes().all(|b| b.is_ascii_digit()) {
                t.parse().map_err(|_| DateError::Form)
            } else {
                Err(DateError::Form)
            }
        };
        let mut parts = text.split('-');
        let year = part(parts.next().unwrap_or_default(), 4)?;
        let month = parts.next().map(|t| part(t, 2)).transpose()?;
        let day = parts.next().map(|t| part(t, 2)).transpose()?;
        if parts.next().is_some() {
            return Err(DateError::Form);
        }
        PartialDate::new(i32::try_from(year).map_err(|_| DateError::Year)?, month, day)
    }

    /// The year.
    pub fn year(self) -> i32 {
        match self {
            PartialDate::Year(y) | PartialDate::Month(y, _) => y,
            PartialDate::Day(d) => d.year(),
        }
    }

    /// First day that it can mean.
    pub fn earliest(self) -> NaiveDate {
        match self {
            PartialDate::Year(y) => NaiveDate::from_ymd_opt(y, 1, 1).unwrap_or_default(),
            PartialDate::Month(y, m) => NaiveDate::from_ymd_opt(y, m, 1).unwrap_or_default(),
            PartialDate::Day(d) => d,
        }
    }

    /// Last day that it can mean.
    pub fn latest(self) -> NaiveDate {
        let next = match self {
            PartialDate::Year(y) => NaiveDate::from_ymd_opt(y + 1, 1, 1),
            PartialDate::Month(y, 12) => NaiveDate::from_ymd_opt(y + 1, 1, 1),
            PartialDate::Month(y, m) => NaiveDate::from_ymd_opt(y, m + 1, 1),
            PartialDate::Day(d) => return d,
        };
        next.and_then(|d| d.pred_opt()).unwrap_or_default()
    }

    /// The day, where it is known to the day.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            PartialDate::Day(d) => Some(d),
            _ => None,
        }
    }

    /// Whole years from `self` to `later`: the least and the most that they can be.
    pub fn years_until(self, later: PartialDate) -> (i64, i64) {
        (
            years(self.latest(), later.earliest()),
            years(self.earliest(), later.latest()),
        )
    }
}

/// Completed years from `a` to `b`, negative where `b` lies before `a`.
fn years(a: NaiveDate, b: NaiveDate) -> i64 {
    let mut n = i64::from(b.year()) - i64::from(a.year());
    if (b.month(), b.day()) < (a.month(), a.day()) {
        n -= 1;
    }
    n
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartialDate::Year(y) => write!(f, "{y:04}"),
            PartialDate::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            PartialDate::Day(d) => write!(f, "{}", d.format("%Y-%m-%d")),
        }
    }
}

/// A day counted from 1970-01-01.
pub fn day_number(day: NaiveDate) -> i32 {
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or_default()
}

/// A time of day, hours and minutes of local civil time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
}

impl TimeOfDay {
    /// From hour and minute, where they exist.
    pub fn new(hour: u32, minute: u32) -> Option<TimeOfDay> {
        (hour < 24 && minute < 60).then_some(TimeOfDay { hour, minute })
    }

    /// Reads `HH:MM`.
    pub fn parse(text: &str) -> Option<TimeOfDay> {
        let (h, m) = text.split_once(':')?;
        let two = |t: &str| {
            (t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit()))
                .then(|| t.parse::<u32>().ok())
                .flatten()
        };
        TimeOfDay::new(two(h)?, two(m)?)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_date_is_read_as_written_and_never_completed() {
        for text in ["1998", "1998-04", "1998-04-17", "2024-02-29"] {
            assert_eq!(PartialDate::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "98",
            "1998-4",
            "1998-04-17-01",
            "1998/04",
            "+998",
            "1998-",
            "１９９８",
        ] {
            assert_eq!(PartialDate::parse(text), Err(DateError::Form), "{text}");
        }
        assert_eq!(PartialDate::parse("2023-02-29"), Err(DateError::NoSuchDay));
        assert_eq!(PartialDate::parse("2023-13"), Err(DateError::NoSuchDay));
        assert_eq!(PartialDate::parse("0998"), Err(DateError::Year));
    }

    #[test]
    fn an_age_from_partial_dates_is_a_range() {
        let d = |t| PartialDate::parse(t).unwrap();
        assert_eq!(d("1998").years_until(d("2026-11-09")), (27, 28));
        assert_eq!(d("1998-11-09").years_until(d("2026-11-09")), (28, 28));
        assert_eq!(d("1998-11-10").years_until(d("2026-11-09")), (27, 27));
        assert_eq!(d("2027").years_until(d("2026-11-09")).1, -1);
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        assert_eq!(
            PartialDate::parse("2024-02").unwrap().latest().to_string(),
            "2024-02-29"
        );
        assert_eq!(
            PartialDate::parse("2024-12").unwrap().latest().to_string(),
            "2024-12-31"
        );
    }

    #[test]
    fn a_time_of_day_has_two_digits_each() {
        assert_eq!(TimeOfDay::parse("03:12").unwrap().to_string(), "03:12");
        for t in ["3:12", "24:00", "12:60", "1212", "12:1", "aa:bb"] {
            assert_eq!(TimeOfDay::parse(t), None, "{t}");
        }
    }
}
