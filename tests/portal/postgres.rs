//! What the portal does, with its book in PostgreSQL: the same tests as in `sqlite`, on a server that this
//! program starts itself on a spare loopback port.

use crate::portal_support::Database;

/// Where every portal of this suite keeps its book.
const BOOK: Database = Database::Postgres;

#[path = "suite/mod.rs"]
mod suite;
