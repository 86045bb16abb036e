//! What is written down, held to what the program does: its source, its texts, the published tables, and
//! vectors of what is signed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod architecture;
mod catalogue;
mod icd;
mod language;
mod packaging;
mod readme;
mod rules_table;
mod seal;

#[path = "../support/source.rs"]
mod source;
#[path = "../support/structure.rs"]
mod structure;
