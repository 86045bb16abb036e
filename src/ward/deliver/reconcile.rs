//! When one side has fallen behind the other: a device that was restored gets its entries back, a
//! portal that was restored gets entries and its own receipts again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::DeliverError;
use super::carrier::{self, Carrier, SMALL_ANSWER};
use crate::seal::{Entry, Jws, Receipt, ReceiptNumber, Typ, hash};
use crate::vital::EntryHash;
use crate::ward::store::{FIRST_BYTES, Journal, Store};
use crate::wire::{self, DeliveryAnswer, JournalHead, MAX_ANSWER_BYTES, MAX_LINES, media, path};

/// Rows that are read at a time.
const PAGE: usize = 500;

/// What a reconciliation brought to either side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Entries of this device that the portal gave back.
    pub fetched: usize,
    /// Entries that the portal had lost and has again.
    pub returned: usize,
}

impl Carrier<'_> {
    /// Compares our journals with what the portal holds of them and evens out the difference.
    ///
    /// Wants the feed to have been read before: what comes back is believed only where a verified
    /// receipt names it or an entry that rests on it.
    pub fn reconcile(&self, store: &mut Store) -> Result<Reconciled, DeliverError> {
        let mut reconciled = Reconciled::default();
        for journal in store.journals()?.into_iter().filter(|j| j.own) {
            let Some(theirs) = self.head_at_portal(&journal.jid)? else {
                continue;
            };
            if theirs.seq > journal.head.0 {
                reconciled.fetched += self.fetch_missing(store, &journal)?;
            } else if theirs.highest < journal.head.0 {
                reconciled.returned += self.resend_lost(store, &journal.jid, theirs.highest)?;
            }
        }
        Ok(reconciled)
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
    fn fetch_missing(&self, store: &mut Store, journal: &Journal) -> Result<usize, DeliverError> {
        let named = named_by_receipts(store, &journal.jid)?;
        let (mut seq, mut head) = journal.head.clone();
        let mut fetched = 0;
        loop {
            let limit = MAX_ANSWER_BYTES + MAX_LINES * 16 + wire::MAX_JWS;
            let from = path::journal_entries(&journal.jid, seq + 1);
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
                if entry.jid != journal.jid || entry.seq != seq + 1 || entry.prev != head {
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

    /// Sends entries that have a receipt to a portal that knows neither, with the receipts.
    fn resend_lost(&self, store: &mut Store, jid: &str, above: u64) -> Result<usize, DeliverError> {
        let lost = lost_entries(store, jid, above)?;
        if lost.is_empty() {
            return Ok(0);
        }
        let mut receipts: HashMap<EntryHash, Vec<(ReceiptNumber, String)>> = HashMap::new();
        every_receipt(store, jid, |n, receipt, text| {
            if receipt.seq > above {
                receipts.entry(receipt.nh.clone()).or_default().push((n, text));
            }
        })?;
        let (mut body, mut lines) = (String::new(), 0);
        let mut returned = 0;
        let mut lowest: Option<ReceiptNumber> = None;
        for entry in &lost {
            let Some(of_entry) = receipts.remove(hash(entry).as_str()) else {
                continue;
            };
            if lines + 1 + of_entry.len() > MAX_LINES || body.len() > FIRST_BYTES {
                self.resend(store, &body)?;
                body.clear();
                lines = 0;
            }
            lines += 1 + of_entry.len();
            returned += 1;
            for text in std::iter::once(entry).chain(of_entry.iter().map(|(_, text)| text)) {
                body.push_str(&wire::jws_line(text));
                body.push('\n');
            }
            lowest = of_entry.iter().map(|(n, _)| *n).chain(lowest).min();
        }
        if !body.is_empty() {
            self.resend(store, &body)?;
        }
        // Numbers after the oldest of these may be given a second time, to other decisions.
        if let Some(lowest) = lowest
            && lowest <= store.heard()?
        {
            store.set_heard(lowest.before())?;
        }
        Ok(returned)
    }

    fn resend(&self, store: &mut Store, body: &str) -> Result<(), DeliverError> {
        let body = Some((media::NDJSON, body.as_bytes()));
        let reply = self.send(path::ENTRIES, body, MAX_ANSWER_BYTES, Duration::ZERO)?;
        if reply.status != 200 {
            return Err(carrier::unexpected_reply(&reply));
        }
        let trust = self.trust_in_force(store)?;
        let answers = wire::answers(&reply.body)
            .into_iter()
            .filter_map(|answer| match answer {
                Some(DeliveryAnswer::Receipt(text)) => Receipt::open(&text, &trust).ok().map(|r| (r, text)),
                _ => None,
            });
        let answers: Vec<_> = answers
            .filter(|(r, _)| r.fac == self.settings.facility.code)
            .collect();
        store.add_receipts(&answers)?;
        Ok(())
    }
}

/// Entries of a journal above a place that do not wait for delivery anyway.
fn lost_entries(store: &Store, jid: &str, above: u64) -> Result<Vec<String>, DeliverError> {
    let waiting: HashSet<EntryHash> = store.pending()?.into_iter().map(|i| i.h).collect();
    let mut lost = Vec::new();
    let mut from = above + 1;
    loop {
        let page = store.entries_from(jid, from, PAGE)?;
        let full = page.len() == PAGE;
        // Minimised entries leave holes, so the place of the last one is read from its text.
        let last = page.last().and_then(|text| Jws::parse(text, Typ::Entry).ok());
        let last = last.and_then(|jws| jws.payload().get("seq").and_then(serde_json::Value::as_u64));
        lost.extend(
            page.into_iter()
                .filter(|text| !waiting.contains(hash(text).as_str())),
        );
        match last {
            Some(seq) if full => from = seq + 1,
            _ => return Ok(lost),
        }
    }
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
