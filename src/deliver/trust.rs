//! The trust list: fetched, followed link by link from the pinned root, never backwards.

use super::DeliverError;
use super::carrier::{self, Carrier};
use crate::seal::{Jws, PublicKey, Trust, Typ};
use crate::store::Store;
use crate::wire::{self, path};

/// Largest answer with trust lists.
const LISTS: usize = 8 << 20;

impl Carrier<'_> {
    /// The trust list in force: the one we hold, or what the portal offers where we hold none.
    pub(super) fn trust_in_force(&self, store: &mut Store) -> Result<Trust, DeliverError> {
        match self.trust_held(store)? {
            Some(trust) => Ok(trust),
            None => self.newer_trust(store, None)?.ok_or(DeliverError::NoTrust),
        }
    }

    /// The trust list that the store holds, verified anew from the pinned root.
    fn trust_held(&self, store: &Store) -> Result<Option<Trust>, DeliverError> {
        let lists = store.trust_lists()?;
        if lists.is_empty() {
            return Ok(None);
        }
        let chain = Trust::open_chain(lists.iter().map(String::as_str), &self.root()?);
        Ok(Some(chain.map_err(DeliverError::TrustRefused)?))
    }

    fn root(&self) -> Result<PublicKey, DeliverError> {
        PublicKey::from_x(&self.settings.portal.root_key).map_err(DeliverError::TrustRefused)
    }

    /// Asks for lists after ours and stores those that follow. Gives the newest, if one was new.
    pub(super) fn newer_trust(
        &self,
        store: &mut Store,
        ours: Option<&Trust>,
    ) -> Result<Option<Trust>, DeliverError> {
        let held = ours.map_or(0, Trust::number);
        let reply = self.ask_openly(&format!("{}?after={held}", path::TRUST), None, LISTS)?;
        if reply.status != 200 {
            return Err(carrier::unwelcome(&reply));
        }
        let mut newest: Option<Trust> = None;
        let mut highest = None;
        for line in wire::lines(&reply.body) {
            let text = wire::jws_of_line(line).ok_or(DeliverError::NotPortal { status: 200 })?;
            let number = number_of(&text)?;
            highest = highest.max(Some(number));
            if number <= held {
                continue;
            }
            let next = match newest.as_ref().or(ours) {
                Some(trust) => trust.open_next(&text),
                None => Trust::open_first(&text, &self.root()?),
            };
            newest = Some(next.map_err(DeliverError::TrustRefused)?);
            store.add_trust_list(number, &text)?;
        }
        if let Some(given) = highest
            && given < held
        {
            return Err(DeliverError::TrustOlder { given, held });
        }
        self.note_contact(store, &reply)?;
        Ok(newest)
    }

    /// Fetches what is new of the trust list and gives the number of the one in force.
    pub fn fetch_trust(&self, store: &mut Store) -> Result<u64, DeliverError> {
        let held = self.trust_held(store)?;
        let newer = self.newer_trust(store, held.as_ref())?;
        newer.or(held).map(|t| t.number()).ok_or(DeliverError::NoTrust)
    }
}

/// The number a list says it has; believed only for telling whether it is worth verifying.
fn number_of(text: &str) -> Result<u64, DeliverError> {
    let jws = Jws::parse(text, Typ::Trust).map_err(|_| DeliverError::NotPortal { status: 200 })?;
    let number = jws.payload().get("number").and_then(serde_json::Value::as_u64);
    number.ok_or(DeliverError::NotPortal { status: 200 })
}
