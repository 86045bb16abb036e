//! What a copy says of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::portal::record::NumberSeries;

/// Its name within a copy. It stands first.
pub(super) const NAME: &str = "manifest.json";
/// The book within a copy, in SQLite.
pub(super) const BOOK: &str = "portal.db";
/// The same as PostgreSQL's `pg_dump --format=custom` writes it.
pub(super) const DUMP: &str = "portal.dump";
/// The form of a copy that this version writes and reads.
pub(super) const FORMAT: u32 = 1;

/// What a copy says of itself. FROZEN: copies are read years later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The form of the copy.
    pub format: u32,
    /// The version that wrote it.
    pub app: String,
    /// The portal: its public root key.
    pub root: String,
    /// The moment of the book (RFC 3339).
    pub at: String,
    /// Epoch of the book.
    pub epoch: u32,
    /// Last registration number of each office, year and kind.
    pub numbers: Vec<(NumberSeries, u64)>,
    /// Highest receipt of each facility, `EPOCH.N`.
    pub receipts: BTreeMap<String, String>,
    /// What else is in it, in this order.
    pub parts: Vec<Part>,
}

/// A file within a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    /// Its name, without a folder.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// A SHA-256 as `sha256sum` writes it.
pub(super) fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
