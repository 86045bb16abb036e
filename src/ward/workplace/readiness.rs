//! Whether something can be signed, and what is missing before.

use chrono::{DateTime, FixedOffset};

use super::device::Workplace;
use super::error::WorkplaceError;
use crate::env::{ClockTrust, Role};
use crate::form::Draft;
use crate::questions::required;
use crate::rules::Finding;
use crate::vital::Event;
use crate::ward::store::Site;

/// Whether a draft waits for a certifier: all of it can be read, and nothing that is required is blank.
pub fn is_ready(draft: &Draft) -> bool {
    let (event, errors) = draft.event();
    errors.is_empty() && required(&event).iter().all(|f| event.get(f).is_some())
}

impl Workplace {
    /// Asks the rules what they say of a draft's event now; `role` is whose signature is asked about, none
    /// while it is still being written.
    pub fn findings(
        &self,
        event: &Event,
        draft: &str,
        role: Option<Role>,
    ) -> Result<Vec<Finding>, WorkplaceError> {
        Ok(self
            .store
            .findings(event, None, Some(draft), role, &self.site()?)?)
    }

    /// Asks the rules what they say of an event that stands in no draft, at a moment and with a clock that is
    /// trusted or not; `role` is whose signature is asked about.
    pub fn findings_as_of(
        &self,
        event: AsOf<'_>,
        role: Option<Role>,
        (now, trusted): (DateTime<FixedOffset>, bool),
    ) -> Result<Vec<Finding>, WorkplaceError> {
        let clk = match trusted {
            true => ClockTrust::Synced,
            false => ClockTrust::Unsynced,
        };
        let site = Site {
            settings: &self.settings,
            device: &self.device,
            now,
            clk,
        };
        Ok(match event {
            AsOf::Correction(nid, event) => self.store.findings(event, Some(nid), None, role, &site)?,
            AsOf::Notice(own, all) => self.store.findings_along(own, all, role, &site)?,
        })
    }
}

/// What an event that stands in no draft is to be signed as.
#[derive(Clone, Copy, Debug)]
pub enum AsOf<'a> {
    /// The correction of a notification.
    Correction(&'a str, &'a Event),
    /// A new notification, under the identifier that it is to have, and all that are signed in the same act.
    Notice((&'a str, &'a Event), &'a [(&'a str, &'a Event)]),
}
