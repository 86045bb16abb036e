//! What the portal does, with its book in SQLite: the same tests as in `postgres`.

use crate::portal_support::Database;

/// Where every portal of this suite keeps its book.
const BOOK: Database = Database::Sqlite;

#[path = "suite/mod.rs"]
mod suite;
