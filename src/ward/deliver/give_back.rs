//! Giving back to a registry that was set back: it was restored from a copy and lacks receipts of its own.
//!
//! Receipts of a facility are one sequence, and a copy holds a beginning of it. So the first one that the
//! portal lacks is found by halving, and everything from there on is given back in its order: whenever that
//! is cut off, the highest receipt is still lacking, and so it goes on the next time. A line that is refused
//! holds up no other.

use std::collections::BTreeSet;
use std::time::Duration;

use super::DeliverError;
use super::carrier::{self, Carrier};
use super::meta;
use crate::seal::Receipt;
use crate::vital::Nid;
use crate::ward::store::{FIRST_BYTES, Store, ToGive};
use crate::wire::{self, Claim, DeliveryAnswer, MAX_ANSWER_BYTES, MAX_BYTES, MAX_LINES, media, path};

/// Receipts that are read at a time.
const PAGE: usize = 500;
/// How often it is begun anew where the portal says of a line that it should come later.
const TRIES: u32 = 24;

/// What became of what was given back.
#[derive(Default)]
pub(super) struct Given {
    /// Notifications of which the portal took something.
    pub nids: BTreeSet<Nid>,
    /// Whether the portal wants to be asked again for a line.
    later: bool,
}

impl Carrier<'_> {
    /// Gives back every receipt from the first that the portal lacks on, with the entries. `anew` asks even
    /// where the highest was given back before, in vain.
    pub(super) fn give_back(&self, store: &mut Store, anew: bool) -> Result<BTreeSet<Nid>, DeliverError> {
        let Some((first, last)) = self.first_lacking(store, anew)? else {
            return Ok(BTreeSet::new());
        };
        // Between a receipt and its entry something may have been cut off.
        let tries: u32 = store
            .meta(meta::GIVING)?
            .and_then(|t| t.parse().ok())
            .unwrap_or(0);
        let mut place = if tries > 0 {
            first.saturating_sub(MAX_LINES)
        } else {
            first
        };
        store.set_meta(meta::GIVING, &(tries + 1).to_string())?;
        // Numbers from here on may be given a second time, to other decisions.
        if let Some((lowest, ..)) = store.receipt_at(place)?
            && lowest <= store.heard()?
        {
            store.set_heard(lowest.before())?;
        }
        let mut given = Given::default();
        while place <= last {
            let page = store.receipts_to_give(place, PAGE.min(last - place + 1))?;
            if page.is_empty() {
                break;
            }
            place += page.len();
            self.give(store, &page, &mut given)?;
        }
        if !given.later || tries >= TRIES {
            store.set_meta(meta::GIVING, "")?;
        }
        if let Some(claim) = claim_at(store, last)?
            && !self.holds((&claim.0, &claim.1))?
        {
            store.set_meta(meta::IN_VAIN, &claim.1.to_string())?;
        }
        Ok(given.nids)
    }

    /// The places of the first receipt that the portal lacks and of the last that is here.
    fn first_lacking(&self, store: &Store, anew: bool) -> Result<Option<(usize, usize)>, DeliverError> {
        let Some(last) = store.receipt_count()?.checked_sub(1) else {
            return Ok(None);
        };
        let Some(highest) = claim_at(store, last)? else {
            return Ok(None);
        };
        let in_vain = store
            .meta(meta::IN_VAIN)?
            .is_some_and(|text| text == highest.1.to_string());
        let under_way = store.meta(meta::GIVING)?.is_some_and(|text| !text.is_empty());
        if (in_vain && !anew && !under_way) || self.holds((&highest.0, &highest.1))? {
            return Ok(None);
        }
        let (mut low, mut high) = (0, last);
        while low < high {
            let middle = low + (high - low) / 2;
            let Some(claim) = claim_at(store, middle)? else {
                break;
            };
            match self.holds((&claim.0, &claim.1))? {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        Ok(Some((low, last)))
    }

    /// Gives these back, receipts before entries in each body.
    pub(super) fn give(
        &self,
        store: &mut Store,
        all: &[ToGive],
        given: &mut Given,
    ) -> Result<(), DeliverError> {
        let most = store.link()?.bytes.clamp(FIRST_BYTES, MAX_BYTES);
        let (mut from, mut lines, mut bytes) = (0, 0, 0);
        for (i, one) in all.iter().enumerate() {
            let texts = one.receipts.iter().chain(&one.entry);
            let (n, long) = texts.fold((0, 0), |(n, long), text| (n + 1, long + text.len() + 3));
            if i > from && (lines + n > MAX_LINES || bytes + long > most) {
                self.give_body(store, all.get(from..i).unwrap_or_default(), given)?;
                (from, lines, bytes) = (i, 0, 0);
            }
            (lines, bytes) = (lines + n, bytes + long);
        }
        self.give_body(store, all.get(from..).unwrap_or_default(), given)
    }

    fn give_body(&self, store: &mut Store, all: &[ToGive], given: &mut Given) -> Result<(), DeliverError> {
        let receipts = all
            .iter()
            .flat_map(|one| one.receipts.iter().map(|text| (text, &one.nid)));
        let entries = all
            .iter()
            .flat_map(|one| one.entry.iter().map(|text| (text, &one.nid)));
        let lines: Vec<(&String, &Option<Nid>)> = receipts.chain(entries).collect();
        // An entry with more receipts than a delivery has lines goes in several.
        for lines in lines.chunks(MAX_LINES) {
            self.give_lines(store, lines, given)?;
        }
        Ok(())
    }

    fn give_lines(
        &self,
        store: &mut Store,
        lines: &[(&String, &Option<Nid>)],
        given: &mut Given,
    ) -> Result<(), DeliverError> {
        let body: String = lines
            .iter()
            .map(|(text, _)| wire::jws_line(text) + "\n")
            .collect();
        let body = Some((media::NDJSON, body.as_bytes()));
        let reply = self.send(path::ENTRIES, body, MAX_ANSWER_BYTES, Duration::ZERO)?;
        match reply.status {
            200 => {}
            // One line must not take others with it.
            400 | 413 | 422 | 500 => match lines {
                [_] => {
                    given.later |= reply.status == 500;
                    return Ok(());
                }
                _ => {
                    let (some, rest) = lines.split_at(lines.len() / 2);
                    self.give_lines(store, some, given)?;
                    return self.give_lines(store, rest, given);
                }
            },
            _ => return Err(carrier::unexpected_reply(&reply)),
        }
        let answers = wire::answers(&reply.body);
        if reply.cut || answers.len() != lines.len() {
            return Err(DeliverError::NotPortal { status: 200 });
        }
        let trust = self.trust_in_force(store)?;
        let mut receipts = Vec::new();
        for (answer, (_, nid)) in answers.into_iter().zip(lines) {
            match answer {
                Some(DeliveryAnswer::Receipt(text)) => {
                    given.nids.extend((*nid).clone());
                    let receipt = Receipt::open(&text, &trust).ok();
                    let ours = receipt.filter(|r| r.fac == self.settings.facility.code);
                    receipts.extend(ours.map(|receipt| (receipt, text)));
                }
                Some(DeliveryAnswer::Problem(problem)) => {
                    given.later |= matches!(problem.status, 408 | 425 | 429 | 500..=599);
                }
                None => return Err(DeliverError::NotPortal { status: 200 }),
            }
        }
        store.add_receipts(&receipts)?;
        Ok(())
    }
}

/// What a device can claim of the receipt at a place, and its journal.
fn claim_at(store: &Store, place: usize) -> Result<Option<(crate::vital::Jid, Claim)>, DeliverError> {
    let found = store.receipt_at(place)?;
    Ok(found.map(|(number, jid, h)| (jid, Claim { number, h })))
}
