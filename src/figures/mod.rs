//! What a set of events adds up to: a month, timeliness, quality, suppression of small numbers. The one
//! function for ward and registry.
//!
//! Deliberately absent: names of people, identifiers of notifications, the store and the book: whoever
//! asks brings the events.

mod fact;
mod month;
mod quality;
mod suppress;
mod timeliness;

pub use fact::{CountCell, Fact, STEPS, measures};
pub use month::{Counted, Month, month};
pub use quality::{
    Concern, FacilityMonth, MINISTRY_RULES, MinistryRule, Reported, by_facility, concerns, silence, surplus,
};
pub use suppress::{Counts, Published, SMALL, Sheet, WIDTH, publish};
pub use timeliness::{Timeliness, Timing, timeliness};
