//! Which database a portal's book is in: a file beside its keys, or PostgreSQL.

use std::path::PathBuf;

use crate::portal::PortalSettings;
use crate::portal::book::postgresql::PostgresConnection;
use crate::portal::book::sqlite::SqliteConnection;
use crate::portal::book::{Book, BookResult};

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

    /// Brings the book up to date.
    pub fn migrate(&self) -> BookResult<()> {
        match self {
            Database::Sqlite(path) => SqliteConnection::open(path).map(|_| ()),
            Database::Postgres(url) => PostgresConnection::migrate(url).map(|_| ()),
        }
    }
}
