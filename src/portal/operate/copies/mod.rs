//! Copies of the registry: made, kept up to date, put back, restored for trial.
//!
//! A copy is one age file: a tar with a manifest first, then settings, keys and the book of one moment. Any system
//! opens it with `age -d FILE | tar x`.
//!
//! Deliberately absent: `root.key`, which belongs on a medium of its own, and what is noticed of a book that
//! somebody put back by hand.

pub(in crate::portal) mod archive;
pub(in crate::portal) mod backup;
pub(in crate::portal) mod drill;
mod manifest;
mod pack;
pub(in crate::portal) mod restore;
mod scratch;
mod unpack;
