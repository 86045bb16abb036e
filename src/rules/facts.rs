//! What rules derive from an event: moments, ages, how a value is shown in a message.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use crate::vital::{Event, PartialDate, TimeOfDay, field};

/// First and last minute that a date, with or without a time, can mean; local civil time.
pub fn span(date: Option<PartialDate>, time: Option<TimeOfDay>) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let date = date?;
    let at = |day: NaiveDate, hour, minute| day.and_hms_opt(hour, minute, 0);
    match (date.day(), time) {
        (Some(day), Some(t)) => {
            let moment = at(day, t.hour, t.minute)?;
            Some((moment, moment))
        }
        _ => Some((at(date.earliest(), 0, 0)?, at(date.latest(), 23, 59)?)),
    }
}

/// Span of the event itself.
pub fn event_span(event: &Event) -> Option<(NaiveDateTime, NaiveDateTime)> {
    span(event.event_date(), event.event_time())
}

/// Minutes of a day and of a year.
const DAY: u64 = 1_440;
const YEAR: u64 = 525_960;

/// Age at death: the least and the most that it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// Completed years.
    pub years: (i64, i64),
    /// Completed days.
    pub days: (i64, i64),
}

impl Age {
    /// From the dates, else from the estimated age or range of ages; `None` where nothing is known.
    pub fn at_death(event: &Event) -> Option<Age> {
        if let (Some(born), Some(died)) = (event.date(field::DECEASED_BORN), event.date(field::DEATH_DATE)) {
            return Some(Age {
                years: born.years_until(died),
                days: (
                    (died.earliest() - born.latest()).num_days(),
                    (died.latest() - born.earliest()).num_days(),
                ),
            });
        }
        if let Some(age) = event.interval(field::DECEASED_AGE) {
            let (least, most) = age.span_minutes();
            let whole = |minutes: u64, unit: u64| i64::try_from(minutes / unit).unwrap_or(i64::MAX);
            // `55 years` are 55 completed ones, and any day of the year after. A day more or less
            // takes up what the mean year leaves over.
            let most = most.saturating_sub(1);
            return Some(Age {
                years: (whole(least + DAY, YEAR), whole(most.saturating_sub(DAY), YEAR)),
                days: (whole(least, DAY), whole(most, DAY)),
            });
        }
        // A range that somebody guessed, such as 50 to 60.
        let (from, to) = (
            event.int(field::DECEASED_AGE_FROM),
            event.int(field::DECEASED_AGE_TO),
        );
        let (from, to) = (from.or(to)?, to.or(from)?);
        Some(Age {
            years: (from, to),
            days: (from.saturating_mul(365), to.saturating_add(1).saturating_mul(366)),
        })
    }

    /// Surely younger than so many years.
    pub fn surely_under(self, years: i64) -> bool {
        self.years.1 < years
    }

    /// Surely of so many years or older.
    pub fn surely_from(self, years: i64) -> bool {
        self.years.0 >= years
    }

    /// Longest that a condition can have lasted, in minutes.
    pub fn most_minutes(self) -> u64 {
        let days = u64::try_from(self.days.1).unwrap_or(0).saturating_add(1);
        days.saturating_mul(DAY)
    }

    /// Whether days tell more than years: the first birthday has not come.
    pub fn is_infant(self) -> bool {
        self.years.1 < 1
    }
}

/// Whether two spans lie surely further apart than so much.
pub fn apart(
    a: (NaiveDateTime, NaiveDateTime),
    b: (NaiveDateTime, NaiveDateTime),
    more_than: Duration,
) -> bool {
    a.0 - b.1 > more_than || b.0 - a.1 > more_than
}

/// A date as people of the wards write it: `09.11.2026`, `11.2026`, `2026`.
pub fn date_text(date: PartialDate) -> String {
    match date {
        PartialDate::Year(y) => format!("{y:04}"),
        PartialDate::Month(y, m) => format!("{m:02}.{y:04}"),
        PartialDate::Day(d) => d.format("%d.%m.%Y").to_string(),
    }
}

/// Date and time of the event: `09.11.2026 03:12`.
pub fn event_text(event: &Event) -> String {
    match (event.event_date(), event.event_time()) {
        (Some(d), Some(t)) => format!("{} {t}", date_text(d)),
        (Some(d), None) => date_text(d),
        (None, _) => String::new(),
    }
}

/// Millimetres as centimetres: `51` or `51.5`.
pub fn cm(mm: i64) -> String {
    match mm.rem_euclid(10) {
        0 => (mm / 10).to_string(),
        rest if mm >= 0 => format!("{}.{rest}", mm / 10),
        _ => format!("-{}.{}", (mm / 10).unsigned_abs(), (mm % 10).unsigned_abs()),
    }
}

/// A range of years: `28` or `27–28`.
pub fn years_text((least, most): (i64, i64)) -> String {
    if least == most {
        least.to_string()
    } else {
        format!("{least}–{most}")
    }
}
