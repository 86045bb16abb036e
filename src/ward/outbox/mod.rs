//! Delivery as a plan: from what waits and how it went, to what is sent next and when.
//!
//! [`plan`] says which entries go now, in which batches. [`link_after`] and [`tries_after`] say
//! what an answer or its absence changes. Whoever carries (`deliver`) stores what they return.
//!
//! What always holds: an annulment goes before everything but the opening of a journal, and of several
//! openings the newest goes first; entries of
//! one notification keep their order and wait for each other; notifications never wait for each
//! other; an entry that was set aside goes alone, so that it can spoil nothing else.
//!
//! Deliberately absent: input and output, a clock, randomness. Time and a random number come in as
//! values.

use std::collections::HashSet;

use chrono::{DateTime, Duration, FixedOffset};

pub use crate::ward::store::{AttemptOutcome, Item, LinkState, Tries, Urgency, Wait};
use crate::wire::{MAX_BYTES, MAX_LINES};

/// Smallest bound on bytes; below it a single ordinary entry would no longer fit.
const LEAST_BYTES: usize = 4 * 1024;
/// First step of the growing pause, in seconds.
pub const BASE_SECONDS: u64 = 5;
/// Longest pause of our own choice, in seconds.
pub const CAP_SECONDS: u64 = 3600;
/// Bounds on a pause that the portal asks for, in seconds.
pub const RETRY_AFTER: std::ops::RangeInclusive<u64> = 1..=6 * 3600;
/// Pause before an entry that was set aside is tried again: a portal may have been corrected.
pub const QUARANTINE_SECONDS: u64 = 24 * 3600;

/// What to do next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Identifiers of entries, batch by batch, in the order in which they go.
    pub batches: Vec<Vec<String>>,
    /// When something that waits now becomes due; none where nothing waits.
    pub next_at: Option<DateTime<FixedOffset>>,
}

/// Plans the next deliveries.
pub fn plan(items: &[Item], link: &LinkState, now: DateTime<FixedOffset>) -> Plan {
    if let Some(at) = due_at(link.wait.as_ref(), now) {
        let next_at = (!items.is_empty()).then_some(at);
        return Plan {
            batches: Vec::new(),
            next_at,
        };
    }
    let mut order: Vec<&Item> = items.iter().collect();
    order.sort_by_key(|i| in_order(i));

    let mut next_at: Option<DateTime<FixedOffset>> = None;
    let mut blocked: HashSet<&str> = HashSet::new();
    // What is said of keys is said in order: a suspension that is tried again must not overtake the end of
    // it, nor the other way round.
    let mut keys_wait = false;
    // Behind an entry that goes alone, the rest of its notification waits for the next plan.
    let mut behind: HashSet<&str> = HashSet::new();
    let mut batches: Vec<Vec<String>> = Vec::new();
    let mut alone: Vec<Vec<String>> = Vec::new();
    let mut bytes = 0;
    for item in order {
        let nid = item.nid.as_str();
        // One that the portal cannot read holds up nobody.
        let of_keys = item.of_key && item.tries.quarantined.is_none();
        if of_keys && keys_wait {
            continue;
        }
        if let Some(at) = due_at(item.tries.wait.as_ref(), now) {
            next_at = Some(next_at.map_or(at, |n| n.min(at)));
            blocked.insert(nid);
            keys_wait |= of_keys;
            continue;
        }
        if blocked.contains(nid) || behind.contains(nid) {
            continue;
        }
        if item.tries.quarantined.is_some() || item.tries.failures > 0 {
            behind.insert(nid);
            keys_wait |= of_keys;
            alone.push(vec![item.id.clone()]);
            continue;
        }
        match batches.last_mut() {
            Some(batch)
                if batch.len() < link.entries.clamp(1, MAX_LINES)
                    && bytes + item.bytes <= link.bytes.clamp(LEAST_BYTES, MAX_BYTES) =>
            {
                batch.push(item.id.clone());
                bytes += item.bytes;
            }
            _ => {
                batches.push(vec![item.id.clone()]);
                bytes = item.bytes;
            }
        }
    }
    batches.append(&mut alone);
    Plan { batches, next_at }
}

/// The place of an entry among those that wait. A portal takes a journal of an earlier key only from a device
/// whose own journal continues it, so the newest opening goes first.
fn in_order(item: &Item) -> (Urgency, bool, i64) {
    let n = if item.opens { -item.n } else { item.n };
    (item.urgency, !item.opens, n)
}

/// When a pause ends, if it has not ended yet.
fn due_at(wait: Option<&Wait>, now: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
    let left = wait?.left(now);
    if left == 0 {
        return None;
    }
    let left = i64::try_from(left).unwrap_or(i64::MAX / 1000);
    now.checked_add_signed(Duration::try_seconds(left)?)
}

/// What happened to a delivery as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchResult {
    /// The portal answered for the batch, whatever it said of each entry.
    Answered,
    /// No answer, a broken one, or none that the portal could have given. The code is for people.
    Failed(String),
    /// The portal, or something before it, found the delivery too large.
    TooLarge,
    /// The portal asked to come back later, in so many seconds if it said so.
    Later(Option<u64>),
    /// The portal refuses this device: nothing gets better by hurrying.
    Denied(String),
}

/// The connection after a delivery. `random` is any number, fresh for each call.
#[must_use]
pub fn link_after(
    link: &LinkState,
    result: &BatchResult,
    random: u64,
    now: DateTime<FixedOffset>,
) -> LinkState {
    let pause = |seconds| Some(Wait { from: now, seconds });
    let halved = |l: &LinkState| ((l.entries / 2).max(1), (l.bytes / 2).max(LEAST_BYTES));
    match result {
        BatchResult::Answered => LinkState {
            failures: 0,
            wait: None,
            entries: link.entries.saturating_mul(2).clamp(1, MAX_LINES),
            bytes: link.bytes.saturating_mul(2).clamp(LEAST_BYTES, MAX_BYTES),
            code: None,
        },
        BatchResult::TooLarge => {
            let (entries, bytes) = halved(link);
            LinkState {
                entries,
                bytes,
                ..link.clone()
            }
        }
        BatchResult::Failed(code) => {
            let (entries, bytes) = halved(link);
            LinkState {
                failures: link.failures.saturating_add(1),
                wait: pause(backoff(link.failures, random)),
                entries,
                bytes,
                code: Some(code.clone()),
            }
        }
        BatchResult::Later(asked) => LinkState {
            failures: link.failures.saturating_add(1),
            wait: pause(retry_after(*asked, link.failures, random)),
            code: Some("later".to_owned()),
            ..link.clone()
        },
        BatchResult::Denied(code) => LinkState {
            failures: link.failures.saturating_add(1),
            wait: pause(backoff(link.failures, random)),
            code: Some(code.clone()),
            ..link.clone()
        },
    }
}

/// The tries of one entry after an answer for it that was no receipt.
///
/// `code` is the portal's word for a refusal, `asked` the seconds that it asked to wait.
#[must_use]
pub fn tries_after(
    tries: &Tries,
    outcome: AttemptOutcome,
    code: &str,
    asked: Option<u64>,
    random: u64,
    now: DateTime<FixedOffset>,
) -> Tries {
    let seconds = match outcome {
        AttemptOutcome::Refused => QUARANTINE_SECONDS,
        AttemptOutcome::Later => retry_after(asked, tries.failures, random),
        AttemptOutcome::NoReceipt | AttemptOutcome::Lost => backoff(tries.failures, random),
    };
    Tries {
        failures: tries.failures.saturating_add(1),
        wait: Some(Wait { from: now, seconds }),
        quarantined: match outcome {
            AttemptOutcome::Refused => Some(code.to_owned()),
            _ => None,
        },
    }
}

/// Seconds to wait after `failures` earlier ones: exponential with full jitter, 1 s at the least.
pub fn backoff(failures: u32, random: u64) -> u64 {
    let ceiling = BASE_SECONDS
        .saturating_mul(1_u64.checked_shl(failures).unwrap_or(u64::MAX))
        .min(CAP_SECONDS);
    1 + random % ceiling
}

/// The portal's wish within bounds, or our own pause where it said nothing.
fn retry_after(asked: Option<u64>, failures: u32, random: u64) -> u64 {
    match asked {
        Some(seconds) => seconds.clamp(*RETRY_AFTER.start(), *RETRY_AFTER.end()),
        None => backoff(failures, random),
    }
}

#[cfg(test)]
mod tests;
