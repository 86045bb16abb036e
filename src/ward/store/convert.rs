//! Between our values and SQLite's.

use chrono::{DateTime, FixedOffset};

use super::StoreError;

/// A count or place as SQLite keeps it. Nothing here comes near the end of the range.
pub(super) fn signed(n: impl TryInto<i64>) -> i64 {
    n.try_into().unwrap_or(i64::MAX)
}

/// A count or place that SQLite kept.
pub(super) fn unsigned(n: i64) -> u64 {
    n.try_into().unwrap_or(0)
}

/// Reads a time that this program wrote.
pub(super) fn time(text: &str) -> Result<DateTime<FixedOffset>, StoreError> {
    DateTime::parse_from_rfc3339(text).map_err(|_| StoreError::Damaged("time".to_owned()))
}
