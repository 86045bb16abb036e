//! One delivery or act on one transaction: loads what surrounds it, decides, applies the changes, signs
//! receipts.
//!
//! Deliberately absent: HTTP, pages, accounts.

mod amendment;
mod candidate_index;
mod candidates;
mod intake;
mod key_entry;
pub(in crate::portal) mod keyring;
mod notice;
pub(in crate::portal) mod opened;
pub(in crate::portal) mod projecting;
mod quota;
pub(in crate::portal) mod registry;
mod restored;
pub(in crate::portal) mod ruling;
pub(in crate::portal) mod service;
mod tally;
pub(in crate::portal) mod unit_of_work;
