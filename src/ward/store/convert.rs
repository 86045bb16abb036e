//! Between our values and SQLite's.

use chrono::{DateTime, FixedOffset};

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};

use super::StoreError;
use crate::vital::{EntryHash, FacilityCode, Jid, Nid, OfficeCode};

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

/// Identifiers are kept as their texts.
macro_rules! kept_as_text {
    ($($name:ty),*) => { $(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str().map(Self::from)
            }
        }
    )* };
}

kept_as_text!(EntryHash, FacilityCode, Jid, Nid, OfficeCode);
