//! Projections: what is kept of records for finding and counting; computed again, they come out the same.
//!
//! Deliberately absent: decisions.

pub(in crate::portal) mod months;
pub(in crate::portal) mod project;
pub(in crate::portal) mod quality;
pub(in crate::portal) mod search;

/// What a notification counts as when an officer has to know.
pub(in crate::portal) const ALERTS: &str = "maternal_deaths";
