//! When one side has fallen behind the other: a device that was restored gets its entries back, a
//! portal that was restored gets entries and its own receipts again.

use std::collections::HashSet;
use std::time::Duration;

use super::carrier::{self, Carrier, SMALL_ANSWER};
use super::give_back::Given;
use super::{DeliverError, meta};
use crate::seal::{Entry, FIRST_EPOCH, Jws, NO_PREV, Receipt, ReceiptNumber, Typ, hash};
use crate::vital::EntryHash;
use crate::ward::store::Store;
use crate::wire::{self, JournalHead, MAX_ANSWER_BYTES, MAX_LINES, path};

/// Rows that are read at a time.
const PAGE: usize = 500;

/// What a reconciliation brought to either side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Entries of this device that the portal gave back.
    pub fetched: usize,
    /// Notifications that were given back to the portal.
    pub returned: usize,
}

impl Carrier<'_> {
    /// Compares everything with what the portal holds and evens out the difference: trust lists first,
    /// then receipts with their entries, then what the journals lack on either side.
    ///
    /// Wants the feed to have been read before: what comes back is believed only where a verified
    /// receipt names it or an entry that rests on it.
    pub fn reconcile(&self, store: &mut Store) -> Result<Reconciled, DeliverError> {
        let epoch = self.epoch.get();
        let anew = epoch > Some(reconciled_epoch(store)?);
        self.give_trust(store)?;
        let mut given = Given::default();
        given.nids = self.give_back(store, anew)?;
        let mut fetched = 0;
        for journal in store.journals()?.into_iter().filter(|j| j.own) {
            let Some(theirs) = self.head_at_portal(&journal.jid)? else {
                continue;
            };
            if theirs.seq < journal.head.0 {
                self.fill_gap(store, &theirs, anew, &mut given)?;
            }
            if theirs.highest > journal.head.0 {
                fetched += self.fetch_missing(store, &journal.jid, journal.head)?;
            }
        }
        fetched += self.fetch_unknown(store)?;
        if let Some(epoch) = epoch.filter(|_| anew) {
            store.set_meta(meta::EPOCH, &epoch.to_string())?;
        }
        let returned = given.nids.len();
        self.given_back.set(self.given_back.get() + returned);
        Ok(Reconciled { fetched, returned })
    }

    /// After an answer: a book that began another epoch is compared with, and one with older trust lists gets
    /// ours, before anything new goes.
    pub(super) fn catch_up(&self, store: &mut Store) -> Result<(), DeliverError> {
        match self.epoch.get() > Some(reconciled_epoch(store)?) {
            true => self.reconcile(store).map(drop),
            false => self.give_trust(store).map(drop),
        }
    }

    /// Fetches journals that were written with a key of this device and of which nothing is here.
    fn fetch_unknown(&self, store: &mut Store) -> Result<usize, DeliverError> {
        let known: HashSet<_> = store.journals()?.into_iter().map(|j| j.jid).collect();
        let mut fetched = 0;
        for jid in store
            .journals_missed()?
            .into_iter()
            .filter(|jid| !known.contains(jid))
        {
            if self
                .head_at_portal(&jid)?
                .is_some_and(|theirs| theirs.highest > 0)
            {
                fetched += self.fetch_missing(store, &jid, (0, NO_PREV.to_owned()))?;
            }
        }
        if fetched > 0 {
            store.adopt_journals(self.device.public().kid())?;
        }
        Ok(fetched)
    }

    /// What the portal has of a journal; none where it does not answer for it.
    fn head_at_portal(&self, jid: &str) -> Result<Option<JournalHead>, DeliverError> {
        let reply = self.send(&path::journal_head(jid), None, SMALL_ANSWER, Duration::ZERO)?;
        match reply.status {
            200 => {
                let head: JournalHead =
                    serde_json::from_str(&reply.body).map_err(|_| DeliverError::NotPortal { status: 200 })?;
                Ok((head.jid == jid).then_some(head))
            }
            403 | 404 => Ok(None),
            _ => Err(carrier::unexpected_reply(&reply)),
        }
    }

    /// Takes back what this device once wrote and no longer has.
    fn fetch_missing(
        &self,
        store: &mut Store,
        jid: &str,
        (mut seq, mut head): (u64, String),
    ) -> Result<usize, DeliverError> {
        let named = named_by_receipts(store, jid)?;
        let mut fetched = 0;
        loop {
            let limit = MAX_ANSWER_BYTES + MAX_LINES * 16 + wire::MAX_JWS;
            let from = path::journal_entries(jid, seq + 1);
            let reply = self.send(&from, None, limit, Duration::ZERO)?;
            if reply.status != 200 {
                return Err(carrier::unexpected_reply(&reply));
            }
            // Each entry names the one before, from our own last one on; a receipt that names one
            // proves all before it.
            let mut linked = Vec::new();
            let mut proven = 0;
            for text in wire::lines(&reply.body).map_while(wire::jws_of_line) {
                let Ok(entry) = Jws::parse(&text, Typ::Entry).and_then(|jws| Entry::from_jws(&jws)) else {
                    break;
                };
                if *entry.jid != *jid || entry.seq != seq + 1 || entry.prev != head {
                    break;
                }
                (seq, head) = (entry.seq, hash(&text));
                linked.push(text);
                if named.contains(head.as_str()) {
                    proven = linked.len();
                }
            }
            linked.truncate(proven);
            if linked.is_empty() {
                return Ok(fetched);
            }
            fetched += store.add_foreign(&linked)?;
        }
    }

    /// Gives back what the portal lacks of a journal after the last entry up to which it has everything, once for
    /// each such place: what is not filled by that is no gap of the portal's making.
    fn fill_gap(
        &self,
        store: &mut Store,
        theirs: &JournalHead,
        anew: bool,
        given: &mut Given,
    ) -> Result<(), DeliverError> {
        let (name, place) = (meta::gap(&theirs.jid), theirs.seq.to_string());
        if store.meta(&name)?.as_deref() == Some(place.as_str()) && !anew {
            return Ok(());
        }
        let mut after = theirs.seq;
        loop {
            let page = store.entries_to_give(&theirs.jid, after, PAGE)?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            let page: Vec<_> = page.into_iter().map(|(_, one)| one).collect();
            self.give(store, &page, given)?;
            store.set_meta(&name, &place)?;
        }
    }
}

/// The epoch of the book with which everything was compared last.
fn reconciled_epoch(store: &Store) -> Result<u32, DeliverError> {
    let kept = store.meta(meta::EPOCH)?.and_then(|text| text.parse().ok());
    Ok(kept.unwrap_or(FIRST_EPOCH))
}

/// Calls `each` with every receipt for a journal: its number, what it says, its text.
fn every_receipt(
    store: &Store,
    jid: &str,
    mut each: impl FnMut(ReceiptNumber, &Receipt, String),
) -> Result<(), DeliverError> {
    let mut after = ReceiptNumber::NONE;
    loop {
        let page = store.receipts_after(after, PAGE)?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = *last;
        for (n, text) in page {
            // Verified when it was stored.
            let read =
                Jws::parse(&text, Typ::Receipt).map(|jws| serde_json::from_value(jws.payload().clone()));
            if let Ok(Ok::<Receipt, _>(receipt)) = read
                && receipt.jid == jid
            {
                each(n, &receipt, text);
            }
        }
    }
}

/// Hashes of entries of a journal that a verified receipt names, as its own or as the head.
fn named_by_receipts(store: &Store, jid: &str) -> Result<HashSet<EntryHash>, DeliverError> {
    let mut named = HashSet::new();
    every_receipt(store, jid, |_, receipt, _| {
        named.insert(receipt.nh.clone());
        named.insert(receipt.head.h.clone());
    })?;
    Ok(named)
}
