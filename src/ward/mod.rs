//! The ward's side: what is recorded on the ward's own machine, kept, delivered and shown.
//!
//! | looking for | go to |
//! |---|---|
//! | the database, signing within its transaction, projections, verification | [`store`] |
//! | the plan of what is sent next and when | [`outbox`] |
//! | calls to the portal, receipts, reconciliation, enrolment | [`deliver`] |
//! | what a person does, for the app and for the commands alike | [`workplace`] |
//! | indicators and the state of a device | [`monitor`] |
//! | the terminal app | [`ui`] |
//!
//! Deliberately absent: the registry's side (`portal`). What both need is shared, below.

pub mod store;

pub mod outbox;

pub mod deliver;

pub mod workplace;

pub mod monitor;

pub mod ui;
