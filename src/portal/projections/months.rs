//! The kinds of place that are counted, and when a month is published.

use chrono::{DateTime, Days};

use crate::figures::first_day;

/// Kinds of place that are counted.
pub(in crate::portal) mod by {
    pub const COUNTRY: &str = "country";
    pub const REGION: &str = "region";
    pub const DISTRICT: &str = "district";
    pub const FACILITY: &str = "facility";
    pub const REGION_OF_RESIDENCE: &str = "region-residence";
    pub const DISTRICT_OF_RESIDENCE: &str = "district-residence";
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
