//! The trust list: fetched, followed link by link from the pinned root, never backwards.

use std::rc::Rc;
use std::time::Duration;

use super::DeliverError;
use super::carrier::{self, Carrier, SMALL_ANSWER};
use crate::env::Settings;
use crate::seal::{Jws, PublicKey, SealError, Trust, Typ};
use crate::ward::store::Store;
use crate::wire::{self, media, path};

/// Largest answer with trust lists.
const LISTS: usize = 8 << 20;

impl Carrier<'_> {
    /// The trust list in force: the one we hold, or what the portal offers where we hold none.
    pub(super) fn trust_in_force(&self, store: &mut Store) -> Result<Rc<Trust>, DeliverError> {
        match self.trust_held(store)? {
            Some(trust) => Ok(trust),
            None => self.newer_trust(store)?.ok_or(DeliverError::NoTrust),
        }
    }

    /// The lists that the store holds, verified from the pinned root once for this conversation.
    fn trust_held(&self, store: &Store) -> Result<Option<Rc<Trust>>, DeliverError> {
        if let Some(trust) = self.trust.borrow().as_ref() {
            return Ok(Some(Rc::clone(trust)));
        }
        let lists = store.trust_lists()?;
        if lists.is_empty() {
            Ok(None)
        } else {
            self.believe(&lists).map(Some)
        }
    }

    fn believe(&self, lists: &[String]) -> Result<Rc<Trust>, DeliverError> {
        let trust = Rc::new(chain(self.settings, lists)?);
        *self.trust.borrow_mut() = Some(Rc::clone(&trust));
        Ok(trust)
    }

    /// Asks for lists after ours and stores them if they all follow. Gives the trust list, if there
    /// was something new.
    pub(super) fn newer_trust(&self, store: &mut Store) -> Result<Option<Rc<Trust>>, DeliverError> {
        let held = self.trust_held(store)?.map_or(0, |t| t.number());
        let reply = self.send_unauthenticated(&format!("{}?after={held}", path::TRUST), None, LISTS)?;
        if reply.status != 200 {
            return Err(carrier::unexpected_reply(&reply));
        }
        let mut new = Vec::new();
        let mut highest = None;
        for line in wire::lines(&reply.body) {
            match wire::jws_of_line(line).and_then(|text| Some((number_of(&text)?, text))) {
                Some((number, text)) => {
                    highest = highest.max(Some(number));
                    if number > held {
                        new.push((number, text));
                    }
                }
                // What comes after a break is asked for the next time.
                None if reply.cut => break,
                None => return Err(DeliverError::NotPortal { status: 200 }),
            }
        }
        if let Some(given) = highest.filter(|given| *given < held) {
            return Err(DeliverError::TrustOlder { given, held });
        }
        if new.is_empty() {
            return Ok(None);
        }
        let trust = Rc::new(follow(store, self.settings, held, &new)?);
        *self.trust.borrow_mut() = Some(Rc::clone(&trust));
        self.note_contact(store, &reply)?;
        // Names are for reading: nothing waits for them.
        match self.fetch_names(store, &trust) {
            Err(error) if error.is_ours() => return Err(error),
            _ => {}
        }
        Ok(Some(trust))
    }

    /// Fetches the trust list that the last answer spoke of, where it is newer than ours. True where one
    /// came; what goes wrong on the line shows in the next contact as well.
    pub(super) fn follow_trust(&self, store: &mut Store) -> Result<bool, DeliverError> {
        let held = self.trust_held(store)?.map_or(0, |t| t.number());
        if self.offered.get().is_none_or(|offered| offered <= held) {
            return Ok(false);
        }
        match self.newer_trust(store) {
            Err(error) if error.is_ours() => Err(error),
            newer => Ok(newer.is_ok_and(|newer| newer.is_some())),
        }
    }

    /// Gives the portal the lists that it lacks, by the number that its last answer spoke of. It verifies
    /// them itself; where it refuses them there is nothing to be done here. True where it took some.
    pub(super) fn give_trust(&self, store: &Store) -> Result<bool, DeliverError> {
        let lists = store.trust_lists()?;
        let Some(offered) = self.offered.get().and_then(|n| usize::try_from(n).ok()) else {
            return Ok(false);
        };
        let newer = lists.get(offered..).filter(|newer| !newer.is_empty());
        let Some(newer) = newer.filter(|_| !self.trust_given.replace(true)) else {
            return Ok(false);
        };
        let body: String = newer.iter().map(|list| wire::jws_line(list) + "\n").collect();
        let body = Some((media::NDJSON, body.as_bytes()));
        let reply = self.send(path::TRUST, body, SMALL_ANSWER, Duration::ZERO)?;
        match reply.status {
            200 | 204 => Ok(true),
            400..=499 => Ok(false),
            _ => Err(carrier::unexpected_reply(&reply)),
        }
    }

    /// Fetches what is new of the trust list and gives the number of the one in force.
    pub fn fetch_trust(&self, store: &mut Store) -> Result<u64, DeliverError> {
        let newer = self.newer_trust(store)?;
        let trust = if newer.is_some() {
            newer
        } else {
            self.trust_held(store)?
        };
        trust.map(|t| t.number()).ok_or(DeliverError::NoTrust)
    }
}

fn chain(settings: &Settings, lists: &[String]) -> Result<Trust, DeliverError> {
    let root = PublicKey::from_x(&settings.portal.root_key);
    root.and_then(|root| Trust::open_chain(lists.iter().map(String::as_str), &root))
        .map_err(DeliverError::TrustRefused)
}

/// Stores lists that follow the `held` ones, once all of them have been verified.
fn follow(
    store: &mut Store,
    settings: &Settings,
    held: u64,
    new: &[(u64, String)],
) -> Result<Trust, DeliverError> {
    let mut lists = store.trust_lists()?;
    lists.truncate(usize::try_from(held).unwrap_or(usize::MAX));
    lists.extend(new.iter().map(|(_, text)| text.clone()));
    let trust = chain(settings, &lists)?;
    for (number, text) in new {
        store.add_trust_list(*number, text)?;
    }
    // Who signs with a key that the registry has revoked stops here, not at the registry.
    let revoked: Vec<_> = trust
        .list()
        .keys
        .iter()
        .filter_map(|k| Some((k.kid.clone(), k.revoked?)))
        .collect();
    store.suspend_revoked(&revoked)?;
    Ok(trust)
}

/// Takes the registry's lists from a text, one a line, as a stick brings them; gives the number of the
/// one in force then.
///
/// # Errors
/// [`DeliverError::TrustRefused`] where a line is none or they do not follow from the root key,
/// [`DeliverError::TrustOlder`] where all of them are older than ours.
pub fn bring_trust(store: &mut Store, settings: &Settings, text: &str) -> Result<u64, DeliverError> {
    let held = u64::try_from(store.trust_lists()?.len()).unwrap_or(u64::MAX);
    let mut all = Vec::new();
    for line in wire::lines(text) {
        let list = wire::jws_of_line(line).and_then(|text| Some((number_of(&text)?, text)));
        all.push(list.ok_or(DeliverError::TrustRefused(SealError::TrustOrder))?);
    }
    let given = all.iter().map(|(number, _)| *number).max().unwrap_or(0);
    if given < held {
        return Err(DeliverError::TrustOlder { given, held });
    }
    all.retain(|(number, _)| *number > held);
    match (all.is_empty(), held) {
        (true, 0) => Err(DeliverError::NoTrust),
        (true, held) => Ok(held),
        (false, _) => Ok(follow(store, settings, held, &all)?.number()),
    }
}

/// The number a list says it has; believed only for telling whether it is worth verifying.
fn number_of(text: &str) -> Option<u64> {
    let jws = Jws::parse(text, Typ::Trust).ok()?;
    jws.payload().get("number").and_then(serde_json::Value::as_u64)
}
