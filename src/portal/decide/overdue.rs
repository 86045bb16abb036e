//! What time makes due, and what the end of another notification does to this one.

use chrono::{DateTime, FixedOffset};

use super::{Decided, Told};
use crate::portal::PortalSettings;
use crate::portal::record::{Hold, Record, State, Step};
use crate::vital::Nid;
use crate::wire::Reason;

/// Gives what has waited for longer than its reason allows to a person. None where it has not.
pub(in crate::portal) fn overdue(
    record: &Record,
    settings: &PortalSettings,
    now: DateTime<FixedOffset>,
) -> Option<Decided> {
    let State::Received(waits) = &record.state else {
        return None;
    };
    if !waits.is_overdue(settings, record.first_ms, now) {
        return None;
    }
    let why = vec![waits.overdue()];
    let told = Told::held(&why);
    Some(Decided::with(vec![Step::Held(why)], told))
}

/// Gives what is registered to a person once something that it names, or that names it, was annulled. None where
/// it is not registered: it is judged anew then.
pub(in crate::portal) fn linked_annulled(record: &Record, other: &Nid) -> Option<Vec<Step>> {
    let notice = Hold::beside(Reason::LinkedAnnulled, other.clone());
    let new = record.registered().is_some() && !record.notices.contains(&notice);
    new.then(|| vec![Step::Noticed(vec![notice])])
}

/// Gives a duplicate of what was annulled to a person: it may be the only report of the event that still
/// stands.
pub(in crate::portal) fn original_annulled(record: &Record) -> Option<Decided> {
    let State::Duplicate { .. } = &record.state else {
        return None;
    };
    let why = vec![Hold::of(Reason::OriginalAnnulled)];
    let told = Told::held(&why);
    Some(Decided::with(vec![Step::Held(why)], told))
}
