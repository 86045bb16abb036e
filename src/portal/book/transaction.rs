//! A book and its two kinds of transaction: one offers the statements that read, the other those that
//! change as well.

use std::collections::HashSet;
use std::ops::Deref;

use super::error::{BookError, BookResult};
use super::sql::{
    Access, Archiving, Connection, DatabaseFacts, DatabaseTransaction, Row, SqlValue, parts, places,
};

/// The book: one connection to a database.
pub(in crate::portal) struct Book {
    connection: Box<dyn Connection>,
}

impl Book {
    /// The book behind a connection.
    pub(super) fn on(connection: impl Connection + 'static) -> Book {
        Book {
            connection: Box::new(connection),
        }
    }

    /// Which database it is, and whether what it committed survives a power cut.
    pub fn facts(&mut self) -> BookResult<DatabaseFacts> {
        self.connection.facts()
    }

    /// Keeps everybody else out for as long as the book is open; says whether nobody else had it open.
    pub fn be_alone(&mut self) -> BookResult<bool> {
        self.connection.be_alone()
    }

    /// Whether other connections have the book open that is in a database which several portals share.
    pub fn is_shared(&mut self) -> BookResult<bool> {
        self.connection.is_shared()
    }

    /// Another number whenever somebody else changed the book.
    pub fn changes(&mut self) -> BookResult<i64> {
        self.connection.changes()
    }

    /// How the database's own archive stands; none where it has none.
    pub fn archiving(&mut self) -> BookResult<Option<Archiving>> {
        self.connection.archiving()
    }

    /// Runs `work` on one consistent state and gives what it gives.
    pub fn read<T>(&mut self, work: impl FnOnce(&ReadTransaction<'_>) -> BookResult<T>) -> BookResult<T> {
        let transaction = self.connection.begin(Access::Read)?;
        let value = work(&ReadTransaction(&*transaction))?;
        transaction.commit()?;
        Ok(value)
    }

    /// Runs `work` in a transaction that excludes other writers and gives what it gives; an error,
    /// the book's or one of the work's own, undoes all of it.
    pub fn write<T, E: From<BookError>>(
        &mut self,
        work: impl FnOnce(&WriteTransaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self.connection.begin(Access::Write)?;
        let value = work(&WriteTransaction(ReadTransaction(&*transaction)))?;
        transaction.commit()?;
        Ok(value)
    }

    /// Overwrites what earlier transactions left of secrets in the free places of files.
    pub fn overwrite_freed(&mut self) -> BookResult<()> {
        self.connection.overwrite_freed()
    }
}

/// A transaction that reads.
pub(in crate::portal) struct ReadTransaction<'a>(&'a (dyn DatabaseTransaction + 'a));

/// A transaction that reads and changes.
pub(in crate::portal) struct WriteTransaction<'a>(ReadTransaction<'a>);

impl<'a> Deref for WriteTransaction<'a> {
    type Target = ReadTransaction<'a>;

    fn deref(&self) -> &ReadTransaction<'a> {
        &self.0
    }
}

impl ReadTransaction<'_> {
    /// Adds every row that a statement finds to `into`, one at a time.
    pub(super) fn fold<A>(
        &self,
        sql: &str,
        values: &[SqlValue<'_>],
        mut into: A,
        mut add: impl FnMut(&mut A, &mut Row) -> BookResult<()>,
    ) -> BookResult<A> {
        self.0
            .rows(sql, values, &mut |mut row| add(&mut into, &mut row))?;
        Ok(into)
    }

    /// Every row that a statement finds.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        values: &[SqlValue<'_>],
        mut read: impl FnMut(&mut Row) -> BookResult<T>,
    ) -> BookResult<Vec<T>> {
        self.fold(sql, values, Vec::new(), |all, row| {
            all.push(read(row)?);
            Ok(())
        })
    }

    /// The first row that a statement finds.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        values: &[SqlValue<'_>],
        read: impl FnMut(&mut Row) -> BookResult<T>,
    ) -> BookResult<Option<T>> {
        Ok(self.all(sql, values, read)?.into_iter().next())
    }

    /// A number that a statement always finds.
    pub(super) fn number<T: TryFrom<i64>>(&self, sql: &str, values: &[SqlValue<'_>]) -> BookResult<T> {
        self.one(sql, values, |r| r.int(0))?
            .ok_or_else(|| BookError::Failed("no row".to_owned()))
    }

    /// Those of these texts that a statement finds, which ends before the list of them.
    pub(super) fn among<T>(&self, sql: &str, these: &[T]) -> BookResult<HashSet<T>>
    where
        T: AsRef<str> + From<String> + Eq + std::hash::Hash,
    {
        let mut out = HashSet::new();
        for part in parts(these) {
            let sql = format!("{sql} {}", places(1, part.len()));
            let wanted: Vec<SqlValue<'_>> = part.iter().map(|t| t.as_ref().into()).collect();
            out.extend(self.all(&sql, &wanted, |r| r.text(0).map(T::from))?);
        }
        Ok(out)
    }
}

impl WriteTransaction<'_> {
    /// Runs a statement; how many rows it changed.
    pub(super) fn run(&self, sql: &str, values: &[SqlValue<'_>]) -> BookResult<u64> {
        self.0.0.run(sql, values)
    }

    /// Inserts rows, many with one statement; a row that is there already stays.
    pub(super) fn insert<const N: usize>(&self, into: &str, rows: &[[SqlValue<'_>; N]]) -> BookResult<()> {
        for part in parts(rows) {
            let places = places(part.len(), N);
            let sql = format!("INSERT INTO {into} VALUES {places} ON CONFLICT DO NOTHING");
            self.run(&sql, part.as_flattened())?;
        }
        Ok(())
    }
}
