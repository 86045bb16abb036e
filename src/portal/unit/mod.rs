//! One delivery or act on one transaction: loads what surrounds it, decides, applies the changes, signs
//! receipts.
//!
//! Deliberately absent: HTTP, pages, accounts.

mod amendment;
mod intake;
mod key;
pub(in crate::portal) mod keyring;
mod likeness;
mod notice;
pub(in crate::portal) mod opened;
mod recover;
pub(in crate::portal) mod registrar;
pub(in crate::portal) mod registry;
pub(in crate::portal) mod service;
pub(in crate::portal) mod session;
mod tally;
pub(in crate::portal) mod upkeep;
