//! A ward by itself: its journal, its deliveries to portals that misbehave, its commands and its app.
//! Nothing here asks for the registry's side.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod cases;
mod causes;
mod cli;
mod deliver;
mod exports;
mod first_version;
mod inbox;
mod jose;
mod kept;
#[cfg(unix)]
mod pty;
mod set_back;
mod setting_up;
mod store;
mod together;
mod unlocking;

#[path = "../support/deliver/mod.rs"]
mod deliver_support;
#[cfg(unix)]
#[path = "../support/pty.rs"]
mod pty_support;
#[path = "../support/store.rs"]
mod store_support;
#[path = "../support/mod.rs"]
mod support;
