//! The journal of a ward, in real files.

mod drafts;
mod formats;
mod minimise;
mod open;
mod rebuild;
mod search;
mod sign;
mod status;
mod verify;
