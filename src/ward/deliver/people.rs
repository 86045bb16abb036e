//! Names of the facility's people: fetched when the trust list has changed, believed from the registry alone.

use std::time::Duration;

use super::DeliverError;
use super::carrier::{self, Carrier};
use crate::seal::{FacilityPeople, Trust};
use crate::ward::store::Store;
use crate::wire::{self, path};

/// Largest answer: the names of a large hospital.
const NAMES: usize = 1 << 20;

impl Carrier<'_> {
    /// Fetches the names that go with a trust list. A portal that knows no such call, or not this device
    /// yet, leaves the names as they are: logins are shown then.
    pub(super) fn fetch_names(&self, store: &mut Store, trust: &Trust) -> Result<(), DeliverError> {
        let reply = self.send(path::PEOPLE, None, NAMES, Duration::ZERO)?;
        if reply.status != 200 {
            return Err(carrier::unexpected_reply(&reply));
        }
        let text = wire::lines(&reply.body).find_map(wire::jws_of_line);
        let people = text.and_then(|text| FacilityPeople::open(&text, trust).ok());
        let people = people.filter(|p| p.fac == self.settings.facility.code);
        let people = people.ok_or(DeliverError::NotPortal { status: 200 })?;
        let named = people.people.into_iter().filter_map(|named| {
            // A device's name stands under no login.
            let login = trust.find(&named.kid)?.usr.clone()?;
            Some((login, named.name))
        });
        store.put_names(&named.collect::<Vec<_>>())?;
        Ok(())
    }
}
