//! The feed: decisions that were made after the delivery, and what other machines of the facility
//! wrote.

use std::time::Duration;

use super::DeliverError;
use super::carrier::{self, Carrier};
use crate::seal::{Receipt, Trust};
use crate::ward::store::Store;
use crate::wire::{self, FeedLine, path};

/// Largest answer of the feed. Twice what the portal's contract allows, so that a single long
/// entry over its limit still comes through.
const FEED: usize = 2 * wire::MAX_ANSWER_BYTES + wire::MAX_FEED * 4096;

/// A line of the feed that proved itself.
struct News {
    receipt: Receipt,
    text: String,
    entry: Option<String>,
}

impl Carrier<'_> {
    /// Asks for receipts after the last one we know, letting the portal wait up to `wait` for one.
    /// Gives how many were new to us.
    ///
    /// What proves itself is stored at once, wherever it stands; the place from which to ask again
    /// moves only over an unbroken row, so that nothing is passed over.
    pub fn feed(&self, store: &mut Store, wait: Duration) -> Result<usize, DeliverError> {
        let mut new = 0;
        let mut wait = wait.min(Duration::from_secs(wire::MAX_WAIT_SECONDS));
        loop {
            let (stored, more) = self.feed_once(store, wait)?;
            new += stored;
            if !more {
                self.catch_up(store)?;
                return Ok(new);
            }
            wait = Duration::ZERO;
        }
    }

    fn feed_once(&self, store: &mut Store, wait: Duration) -> Result<(usize, bool), DeliverError> {
        let after = store.heard()?;
        let facility = &self.settings.facility.code;
        let reply = self.send_claiming(
            store,
            &path::feed(facility, after, wait.as_secs()),
            None,
            FEED,
            wait,
        )?;
        if reply.status != 200 {
            return Err(carrier::unexpected_reply(&reply));
        }
        let lines: Vec<&str> = wire::lines(&reply.body).collect();
        if lines.is_empty() {
            self.note_contact(store, &reply)?;
            return Ok((0, false));
        }
        let mut news = proven(&lines, &*self.trust_in_force(store)?, facility);
        if news.len() < lines.len()
            && !reply.cut
            && let Ok(Some(newer)) = self.newer_trust(store)
        {
            news = proven(&lines, &newer, facility);
        }
        if news.is_empty() {
            return Err(DeliverError::NotPortal { status: 200 });
        }
        self.note_contact(store, &reply)?;
        news.sort_by_key(|n| n.receipt.number());
        let mut reached = after;
        for n in &news {
            if reached.is_followed_by(n.receipt.number()) {
                reached = n.receipt.number();
            }
        }
        let stored = self.store_news(store, news)?;
        if reached > after {
            store.set_heard(reached)?;
        } else {
            // Asking from the same place again at once would go on for ever.
            return Err(DeliverError::NotPortal { status: 200 });
        }
        Ok((stored, true))
    }

    fn store_news(&self, store: &mut Store, news: Vec<News>) -> Result<usize, DeliverError> {
        let mut foreign = Vec::new();
        let mut receipts = Vec::new();
        for n in news {
            if let Some(entry) = n.entry
                && crate::seal::hash(&entry) == n.receipt.nh
            {
                foreign.push(entry);
            }
            receipts.push((n.receipt, n.text));
        }
        if !foreign.is_empty() {
            store.add_foreign(&foreign)?;
        }
        Ok(store.add_receipts(&receipts)?)
    }
}

fn proven(lines: &[&str], trust: &Trust, facility: &str) -> Vec<News> {
    let mut news = Vec::new();
    for line in lines {
        let Ok(FeedLine { receipt: text, entry }) = serde_json::from_str(line) else {
            continue;
        };
        if let Ok(receipt) = Receipt::open(&text, trust)
            && receipt.fac == facility
        {
            news.push(News { receipt, text, entry });
        }
    }
    news
}
