//! Months as numbers, and the kinds of place that are counted.

use chrono::{DateTime, Datelike, Days, NaiveDate};

/// Kinds of place that are counted.
pub(in crate::portal) mod by {
    pub const COUNTRY: &str = "country";
    pub const REGION: &str = "region";
    pub const DISTRICT: &str = "district";
    pub const FACILITY: &str = "facility";
    pub const REGION_OF_RESIDENCE: &str = "region-residence";
    pub const DISTRICT_OF_RESIDENCE: &str = "district-residence";
}

/// A month counted from year 0.
pub(in crate::portal) fn month_of(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

/// The first day of a month.
pub(in crate::portal) fn first_day(month: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12).cast_unsigned() + 1, 1)
        .unwrap_or_default()
}

/// Under what events of a year are counted whose month is not known: below every month.
pub(in crate::portal) fn undated(year: i32) -> i32 {
    -year.max(1)
}

/// `YYYY-MM`; `YYYY-??` for what is counted without a month.
pub(in crate::portal) fn month_name(month: i32) -> String {
    if month < 0 {
        return format!("{:04}-??", -month);
    }
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// The month of `YYYY-MM`.
pub(in crate::portal) fn read_month(text: &str) -> Option<i32> {
    NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
        .ok()
        .map(month_of)
}

/// Region of a district; empty where it is not in the list.
pub(in crate::portal) fn region(district: &str) -> String {
    crate::codes::region_of(district).unwrap_or_default().to_owned()
}

/// Whether a month ended so long ago that its notifications may be complete: shown to everybody
/// only then, so that no later look tells what came in between.
pub(in crate::portal) fn is_closed(month: i32, today: DateTime<chrono::FixedOffset>, days: u32) -> bool {
    let ends = first_day(month + 1);
    today.date_naive() >= ends.checked_add_days(Days::new(days.into())).unwrap_or(ends)
}
