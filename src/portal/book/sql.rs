//! What a database has to offer: statements with values in, rows out.

use super::error::{BookError, BookResult};
use crate::vital::{EntryHash, FacilityCode, Jid, Nid, OfficeCode};

/// A value of a statement.
#[derive(Clone, Copy, Debug)]
pub(super) enum SqlValue<'a> {
    /// A whole number.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// Nothing.
    Null,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ColumnValue {
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// Nothing.
    Null,
}

/// A row that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row(pub(super) Vec<ColumnValue>);

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Read one consistent state, beside whoever writes.
    Read,
    /// Change it as well, while nobody else does.
    Write,
}

/// A connection to a database.
pub(super) trait Connection: Send {
    /// Begins a transaction; one that is not committed is undone when it is dropped. The database
    /// itself refuses to change anything in one that reads.
    fn begin(&mut self, access: Access) -> BookResult<Box<dyn DatabaseTransaction + '_>>;

    /// Overwrites what earlier transactions left of secrets in the free places of files.
    fn overwrite_freed(&mut self) -> BookResult<()>;

    /// Keeps everybody else out of the book for as long as the connection lasts; says whether nobody else had it
    /// open.
    fn be_alone(&mut self) -> BookResult<bool>;

    /// Whether other connections have the book open that is in a database which several portals share.
    fn is_shared(&mut self) -> BookResult<bool>;

    /// Another number whenever somebody else changed the book.
    fn changes(&mut self) -> BookResult<i64>;

    /// How the database's own archive stands; none where it has none.
    fn archiving(&mut self) -> BookResult<Option<Archiving>>;

    /// Which database it is, and whether what it committed survives a power cut.
    fn facts(&mut self) -> BookResult<DatabaseFacts>;
}

/// What an operator has to know of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) struct DatabaseFacts {
    /// Name and version.
    pub version: String,
    /// Version of the schema.
    pub schema: u32,
    /// Whether what it committed survives a power cut.
    pub durable: bool,
}

/// How PostgreSQL's own archive stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Archiving {
    /// Whether the server archives what it writes.
    pub on: bool,
    /// Seconds since the last piece was archived; none where none ever was.
    pub seconds: Option<i64>,
    /// Whether the last attempt failed.
    pub failing: bool,
}

impl Archiving {
    /// Whether the archive is on and follows.
    pub fn follows(&self) -> bool {
        self.on && !self.failing && self.seconds.is_some()
    }
}

/// A transaction of a database. Parameters are written `?1`, `?2`; every number is of 64 bits.
pub(super) trait DatabaseTransaction {
    /// Runs a statement; how many rows it changed.
    fn run(&self, sql: &str, values: &[SqlValue<'_>]) -> BookResult<u64>;
    /// Hands over every row that a statement finds.
    fn rows(
        &self,
        sql: &str,
        values: &[SqlValue<'_>],
        each: &mut dyn FnMut(Row) -> BookResult<()>,
    ) -> BookResult<()>;
    /// Makes it durable.
    fn commit(self: Box<Self>) -> BookResult<()>;
}

impl Row {
    /// A text.
    pub fn text(&mut self, i: usize) -> BookResult<String> {
        self.opt_text(i)?.ok_or_else(|| wrong(i))
    }

    /// A text or nothing.
    pub fn opt_text(&mut self, i: usize) -> BookResult<Option<String>> {
        match self.0.get_mut(i) {
            Some(ColumnValue::Text(text)) => Ok(Some(std::mem::take(text))),
            Some(ColumnValue::Null) => Ok(None),
            _ => Err(wrong(i)),
        }
    }

    /// A number, in the width that is wanted.
    pub fn int<T: TryFrom<i64>>(&mut self, i: usize) -> BookResult<T> {
        self.opt_int(i)?.ok_or_else(|| wrong(i))
    }

    /// A number or nothing.
    pub fn opt_int<T: TryFrom<i64>>(&mut self, i: usize) -> BookResult<Option<T>> {
        match self.0.get(i) {
            Some(ColumnValue::Int(n)) => T::try_from(*n).map(Some).map_err(|_| wrong(i)),
            Some(ColumnValue::Null) => Ok(None),
            _ => Err(wrong(i)),
        }
    }

    /// A truth.
    pub fn truth(&mut self, i: usize) -> BookResult<bool> {
        self.int::<i64>(i).map(|n| n != 0)
    }
}

fn wrong(i: usize) -> BookError {
    BookError::Failed(format!("column {i} holds another type"))
}

impl<'a> From<&'a str> for SqlValue<'a> {
    fn from(text: &'a str) -> SqlValue<'a> {
        SqlValue::Text(text)
    }
}

impl<'a> From<&'a String> for SqlValue<'a> {
    fn from(text: &'a String) -> SqlValue<'a> {
        SqlValue::Text(text)
    }
}

/// Identifiers are kept as their texts.
macro_rules! kept_as_text {
    ($($name:ty),*) => { $(
        impl<'a> From<&'a $name> for SqlValue<'a> {
            fn from(id: &'a $name) -> SqlValue<'a> {
                SqlValue::Text(id)
            }
        }
    )* };
}

kept_as_text!(EntryHash, FacilityCode, Jid, Nid, OfficeCode);

impl From<i64> for SqlValue<'_> {
    fn from(n: i64) -> Self {
        SqlValue::Int(n)
    }
}

impl From<i32> for SqlValue<'_> {
    fn from(n: i32) -> Self {
        SqlValue::Int(n.into())
    }
}

impl From<u32> for SqlValue<'_> {
    fn from(n: u32) -> Self {
        SqlValue::Int(n.into())
    }
}

impl From<u64> for SqlValue<'_> {
    fn from(n: u64) -> Self {
        SqlValue::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<usize> for SqlValue<'_> {
    fn from(n: usize) -> Self {
        SqlValue::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<bool> for SqlValue<'_> {
    fn from(truth: bool) -> Self {
        SqlValue::Int(truth.into())
    }
}

impl<'a, T: Into<SqlValue<'a>>> From<Option<T>> for SqlValue<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(SqlValue::Null, Into::into)
    }
}

/// Values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::portal::book::sql::SqlValue::from($value)),*] };
}
pub(super) use values;

/// Most rows of one statement: both databases take some ten thousand values.
pub(super) const AT_ONCE: usize = 256;

/// Parts of few different lengths, so that few different statements have to be prepared.
pub(super) fn parts<T>(mut rest: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = [AT_ONCE, 64, 16].into_iter().find(|n| *n <= rest.len());
        let length = length.unwrap_or(rest.len());
        if length == 0 {
            return None;
        }
        let (part, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(part)
    })
}

/// The places of `rows` rows of `columns` values: `(?1, ?2), (?3, ?4)`.
pub(super) fn places(rows: usize, columns: usize) -> String {
    let row = |r: usize| {
        let values: Vec<String> = (1..=columns).map(|c| format!("?{}", r * columns + c)).collect();
        format!("({})", values.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
