//! What the portal does, with its book in SQLite: the same tests as in `portal_postgres`.
#![cfg(feature = "portal")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod portal_support;
mod support;

use portal_support::Database;

/// Where every portal of this program keeps its book.
const DATABASE: Database = Database::Sqlite;

mod portal {
    mod changes;
    mod decides;
    mod desk;
    mod duplicates;
    mod enrol;
    mod figures;
    mod http;
    mod keys;
    mod openapi;
    mod orders;
}
