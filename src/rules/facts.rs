//! What rules derive from an event: moments, ages, how a value is shown in a message.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use crate::vital::{Event, PartialDate, TimeOfDay};

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
