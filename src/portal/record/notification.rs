//! A notification as its entries make it.

use chrono::FixedOffset;

use super::rows::{EntryRow, Notification};
use crate::portal::PortalSettings;
use crate::seal::{Entry, Jws, Status, Typ};
use crate::vital::{Event, Kind, day_number};

/// A notification as its first entry brings it.
pub(in crate::portal) fn new_notification(row: &EntryRow, kind: Kind) -> Notification {
    Notification {
        nid: row.nid.clone(),
        kind: kind.code().to_owned(),
        fac: row.fac.clone(),
        office: String::new().into(),
        status: Status::Received,
        rev: row.rev,
        h: row.h.clone(),
        effective: row.h.clone(),
        reg_no: None,
        hold: None,
        set: None,
        day: None,
        event_ms: None,
        first_ms: row.at_ms,
        registered_ms: None,
        void: None,
        cert: None,
    }
}

/// Takes from the event what the book finds it by.
pub(in crate::portal) fn describe(
    n: &mut Notification,
    event: &Event,
    settings: &PortalSettings,
    offset: &FixedOffset,
) {
    let addressed = event.text(crate::vital::field::OFFICE).unwrap_or_default();
    // What an office has registered stays its own, unless it gives it to another one.
    if n.reg_no.is_none() || n.office.is_empty() {
        n.office = settings.registration.office(addressed).into();
    }
    n.set = event.set.as_ref().map(|s| (s.id.clone(), s.n));
    let date = event.event_date();
    n.day = date.map(|d| day_number(d.earliest()));
    n.event_ms = date.and_then(|d| d.day()).and_then(|day| {
        let time = event.event_time();
        let (hour, minute) = time.map_or((12, 0), |t| (t.hour, t.minute));
        let local = day.and_hms_opt(hour, minute, 0)?.and_local_timezone(*offset);
        Some(local.single()?.timestamp_millis())
    });
}

/// Reads an entry that the book already has.
pub(in crate::portal) fn reread(row: &EntryRow) -> Option<Entry> {
    let jws = Jws::parse(&row.jws, Typ::Entry).ok()?;
    Entry::from_jws(&jws).ok()
}
