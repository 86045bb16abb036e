//! The ward's SQLite database.
mod unsent;
pub use unsent::{Item, Link, Outcome, Tries, Urgency, Wait};
