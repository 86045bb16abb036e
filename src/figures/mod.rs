//! What a set of events adds up to: a month, timeliness, quality, suppression of small numbers. The one
//! function for ward and registry.
//!
//! Both make facts of notifications ([`Fact::of`]), sum them ([`CountCell`]) and show the sums ([`MonthTable`]).
//!
//! Deliberately absent: names of people, identifiers of notifications, the store and the book: whoever
//! asks brings the events.

mod calendar;
mod cell;
mod fact;
mod month;
mod quality;
mod stated;
mod suppress;

pub use calendar::{first_day, month_name, month_of, read_month, undated};
pub use cell::CountCell;
pub use fact::{AtRegistry, Fact, Keys, Notified, STEPS, Standing};
pub use month::{Month, MonthTable, Received};
pub use quality::{Concern, MINISTRY_RULES, MinistryRule, concerns, silence, surplus};
pub use stated::BANDS;
pub use suppress::{Counts, Published, SMALL, Sheet, WIDTH, publish};
