//! The registry's side, and wards and registry together: real portals on real sockets.
//!
//! `sqlite` and `postgres` are one suite on two databases. `whole` goes from the signature on a ward to the
//! register and back, in this process or by the real program.
#![cfg(feature = "portal")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    // The suite is there once for each database.
    clippy::duplicate_mod
)]

mod browser;
mod certificate;
#[cfg(target_os = "linux")] // where every 127.x.x.x is this machine
mod crowds;
mod histories;
mod kept;
mod listen;
mod many;
mod postgres;
mod simulated;
mod speed;
mod sqlite;
mod whole;

#[path = "../support/chrome.rs"]
mod chrome;
#[path = "../support/country.rs"]
mod country;
#[path = "../support/portal/mod.rs"]
mod portal_support;
#[path = "../support/registry.rs"]
mod registry;
#[path = "../support/mod.rs"]
mod support;
