//! Which database a portal's book is in: a file beside its keys, or PostgreSQL.

use std::path::{Path, PathBuf};

use crate::env::FileLock;
use crate::portal::PortalSettings;
use crate::portal::book::postgresql::PostgresConnection;
use crate::portal::book::sqlite::{self, SqliteConnection};
use crate::portal::book::{Book, BookResult, pg_tools};

/// Where the book is.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::portal) enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// The address of a database. It may hold a password.
    Postgres(String),
}

impl Database {
    /// The book of a portal: as the caller says, else as the settings say, else a file.
    pub fn of(file: PathBuf, settings: &PortalSettings, wanted: Option<&str>) -> Database {
        match wanted.or(Some(settings.database.as_str()).filter(|url| !url.is_empty())) {
            Some(url) => Database::Postgres(url.to_owned()),
            None => Database::Sqlite(file),
        }
    }

    /// Makes a new book.
    pub fn create(&self) -> BookResult<Book> {
        match self {
            Database::Sqlite(path) => Ok(Book::on(SqliteConnection::create(path)?)),
            Database::Postgres(url) => {
                PostgresConnection::migrate(url)?;
                self.open()
            }
        }
    }

    /// Opens the book. A file is brought up to date on the way; a database that several portals
    /// share is not.
    pub fn open(&self) -> BookResult<Book> {
        match self {
            Database::Sqlite(path) => Ok(Book::on(SqliteConnection::open(path)?)),
            Database::Postgres(url) => Ok(Book::on(PostgresConnection::open(url)?)),
        }
    }

    /// Copies the book of one moment into a new file, beside whoever writes: an SQLite file, or what `pg_dump`
    /// writes.
    pub fn copy_to(&self, to: &Path) -> BookResult<()> {
        match self {
            Database::Sqlite(path) => SqliteConnection::open(path)?.copy_to(to),
            Database::Postgres(url) => PostgresConnection::dump(url, to),
        }
    }

    /// Opens a file to look into it without changing anything of it, its version included.
    pub fn look(path: &Path) -> BookResult<Book> {
        Ok(Book::on(SqliteConnection::look(path)?))
    }

    /// Keeps everybody out of the book in a file; none while somebody has it open.
    pub fn alone(path: &Path) -> BookResult<Option<FileLock>> {
        sqlite::alone(path)
    }

    /// Reads what `pg_dump` wrote from its beginning to its end.
    pub fn read_dump(dump: &Path) -> BookResult<()> {
        pg_tools::read(dump)
    }

    /// Restores what `pg_dump` wrote into an empty database.
    pub fn restore_dump(url: &str, dump: &Path) -> BookResult<()> {
        PostgresConnection::restore(url, dump)
    }

    /// Empties a database into which a dump was restored for trial.
    pub fn clear(url: &str) -> BookResult<()> {
        PostgresConnection::clear(url)
    }

    /// Brings the book up to date.
    pub fn migrate(&self) -> BookResult<()> {
        match self {
            Database::Sqlite(path) => SqliteConnection::open(path).map(|_| ()),
            Database::Postgres(url) => PostgresConnection::migrate(url).map(|_| ()),
        }
    }
}
