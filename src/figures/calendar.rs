//! Months as numbers: what facts and counts are kept under.

use chrono::{Datelike, NaiveDate};

/// A month counted from year 0.
pub fn month_of(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

/// The first day of a month.
pub fn first_day(month: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12).cast_unsigned() + 1, 1)
        .unwrap_or_default()
}

/// Under what events of a year are counted whose month is not known: below every month.
pub fn undated(year: i32) -> i32 {
    -year.max(1)
}

/// `YYYY-MM`; `YYYY-??` for what is counted without a month.
pub fn month_name(month: i32) -> String {
    if month < 0 {
        return format!("{:04}-??", -month);
    }
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// The month of `YYYY-MM`.
pub fn read_month(text: &str) -> Option<i32> {
    NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
        .ok()
        .map(month_of)
}
