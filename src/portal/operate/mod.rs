//! What an operator does: set up, serve, migrate, revoke, count, simulate.
//!
//! Deliberately absent: pages.

pub(in crate::portal) mod admin;
mod alerts;
mod housekeeping;
pub(in crate::portal) mod log;
pub(in crate::portal) mod quality;
pub(in crate::portal) mod serve;
pub(in crate::portal) mod simulate;
