//! The ward's side: what is recorded on the ward's own machine, kept, delivered and shown.
//!
//! Deliberately absent: the registry's side (`portal`). What both need is shared, below.

pub mod store;

pub mod outbox;

pub mod deliver;

pub mod workplace;

pub mod monitor;

pub mod ui;
