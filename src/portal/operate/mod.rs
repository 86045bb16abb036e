//! What an operator does: set up, serve, migrate, copy, revoke, count, explain, draw anew, verify, simulate.
//!
//! Deliberately absent: pages.

pub(in crate::portal) mod acts;
pub(in crate::portal) mod admin;
mod alerts;
mod certificate;
pub(in crate::portal) mod copies;
pub(in crate::portal) mod doctor;
pub(in crate::portal) mod explain;
pub(in crate::portal) mod finding;
mod housekeeping;
pub(in crate::portal) mod log;
mod narrative;
pub(in crate::portal) mod quality;
pub(in crate::portal) mod rebuild;
pub(in crate::portal) mod recovery;
pub(in crate::portal) mod serve;
pub(in crate::portal) mod simulate;
pub(in crate::portal) mod verify;
