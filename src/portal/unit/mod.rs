//! One delivery or act on one transaction: loads what surrounds it, decides, applies the changes, signs
//! receipts.
//!
//! Deliberately absent: HTTP, pages, accounts.

mod applying;
mod around;
mod candidate_index;
mod candidates;
mod continued;
mod deciding;
mod delivering;
mod doubted;
mod finishing;
pub(in crate::portal) mod importing;
mod intake;
mod key_entry;
pub(in crate::portal) mod keyring;
mod numbers;
pub(in crate::portal) mod opened;
pub(in crate::portal) mod own_entry;
pub(in crate::portal) mod projecting;
mod quota;
mod recovering;
pub(in crate::portal) mod registry;
mod restored;
mod ruling;
pub(in crate::portal) mod set_back;
mod tally;
pub(in crate::portal) mod unit_of_work;
