//! Sending what waits, batch by batch, and believing of the answers what proves itself.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::carrier::{self, Carrier};
use super::{DeliverError, PushReport, random};
use crate::seal::{Receipt, Trust};
use crate::ward::deliver::http_client::Reply;
use crate::ward::outbox::{self, AttemptOutcome, BatchResult, Item, LinkState};
use crate::ward::store::Store;
use crate::wire::{self, DeliveryAnswer, ProblemDetails, media, path};

/// Largest answer to a delivery: a hundred receipts with long texts in three languages.
const ANSWER: usize = 1 << 20;

/// Entries that a plan looks at: a few of the largest batches. The cost of a delivery does not
/// grow with the queue.
const LOOKED_AT: usize = 4 * wire::MAX_LINES;

/// What an answer said of the entries of a batch.
#[derive(Default)]
struct Heard {
    /// Receipts that verify and name an entry that we hold.
    receipts: Vec<(Receipt, String)>,
    /// Problems, by position in the batch.
    problems: HashMap<usize, ProblemDetails>,
}

impl Heard {
    fn is_nothing(&self) -> bool {
        self.receipts.is_empty() && self.problems.is_empty()
    }
}

impl Carrier<'_> {
    /// Sends until nothing is due, whatever another program does at the same time.
    ///
    /// What went well before an error stays done; the error stands in the report.
    pub fn push(&self, store: &mut Store) -> Result<PushReport, DeliverError> {
        let mut report = PushReport::default();
        self.trust_given.set(false);
        if let Err(error) = self.push_due(store, &mut report) {
            if error.is_ours() {
                return Err(error);
            }
            report.error = Some(error);
        }
        let items = store.pending()?;
        report.left = items.len();
        report.next_at = outbox::plan(&items, &store.link()?, self.now()).next_at;
        report.given_back = self.given_back.take();
        Ok(report)
    }

    /// The same without the rest of any pause, and with what was put aside: somebody asked.
    pub fn push_now(&self, store: &mut Store) -> Result<PushReport, DeliverError> {
        store.release_outbox()?;
        self.push(store)
    }

    fn push_due(&self, store: &mut Store, report: &mut PushReport) -> Result<(), DeliverError> {
        let mut tried = HashSet::new();
        loop {
            let items = store.pending_first(LOOKED_AT)?;
            let plan = outbox::plan(&items, &store.link()?, self.now());
            // An entry goes once in a push; what is due again already waits for the next one.
            let fresh = |batch: &&Vec<String>| batch.iter().any(|id| !tried.contains(id));
            let Some(batch) = plan.batches.iter().find(fresh) else {
                return Ok(());
            };
            let batch: Vec<Item> = batch
                .iter()
                .filter_map(|id| items.iter().find(|i| &i.id == id))
                .cloned()
                .collect();
            self.push_batch(store, &batch, report, &mut tried)?;
        }
    }

    fn push_batch(
        &self,
        store: &mut Store,
        batch: &[Item],
        report: &mut PushReport,
        tried: &mut HashSet<String>,
    ) -> Result<(), DeliverError> {
        let trust = match self.trust_in_force(store) {
            Ok(trust) => trust,
            Err(error) => return self.fail(store, &[], error, tried),
        };
        let mut body = String::new();
        for item in batch {
            body.push_str(&wire::jws_line(&store.entry_text(&item.id)?));
            body.push('\n');
        }
        let asked = self.send_claiming(
            store,
            path::ENTRIES,
            Some((media::NDJSON, body.as_bytes())),
            ANSWER,
            Duration::ZERO,
        );
        let reply = match asked {
            Ok(reply) => reply,
            Err(error) => return self.fail(store, batch, error, tried),
        };
        match reply.status {
            200 => {}
            413 if batch.len() > 1 => {
                let after = outbox::link_after(&store.link()?, &BatchResult::TooLarge, 0, self.now());
                // Neither fewer entries nor fewer bytes can be asked for than one batch had.
                let entries = after.entries.min(batch.len() / 2).max(1);
                store.set_link(&LinkState { entries, ..after })?;
                return Ok(());
            }
            413 => {
                tried.extend(batch.iter().map(|i| i.id.clone()));
                report.refused += self.note(store, batch, AttemptOutcome::Refused, "too-large", None)?;
                return Ok(());
            }
            _ => return self.fail(store, batch, carrier::unexpected_reply(&reply), tried),
        }

        let mut heard = hear(&reply, batch, &trust);
        if heard.is_nothing() {
            // Perhaps the portal signs with a key that is newer than our list.
            match self.newer_trust(store) {
                Ok(Some(newer)) => heard = hear(&reply, batch, &newer),
                Err(error) if error.is_ours() => return Err(error),
                _ => {}
            }
        }
        if heard.is_nothing() {
            return self.fail(store, batch, DeliverError::NotPortal { status: 200 }, tried);
        }
        self.take(store, batch, &reply, &heard, report, tried)?;
        self.catch_up(store)
    }

    /// Stores what an answer proved, and notes of the rest that it came to nothing.
    fn take(
        &self,
        store: &mut Store,
        batch: &[Item],
        reply: &Reply,
        heard: &Heard,
        report: &mut PushReport,
        tried: &mut HashSet<String>,
    ) -> Result<(), DeliverError> {
        report.receipts += store.add_receipts(&heard.receipts)?;
        self.note_contact(store, reply)?;
        let receipted: HashSet<&str> = heard.receipts.iter().map(|(r, _)| r.nh.as_str()).collect();
        for (i, item) in batch.iter().enumerate() {
            let one = std::slice::from_ref(item);
            if receipted.contains(item.h.as_str()) {
                report.sent += 1;
            } else if let Some(problem) = heard.problems.get(&i) {
                tried.insert(item.id.clone());
                let (outcome, asked) = judged(problem);
                let noted = self.note(store, one, outcome, &problem.code, asked)?;
                if outcome == AttemptOutcome::Refused {
                    report.refused += noted;
                }
            } else if !reply.cut {
                tried.insert(item.id.clone());
                self.note(store, one, AttemptOutcome::NoReceipt, "no-receipt", None)?;
            }
        }
        // After a break the rest goes again at once: every round takes something away.
        let result = if reply.cut {
            BatchResult::TooLarge
        } else {
            BatchResult::Answered
        };
        store.set_link(&outbox::link_after(&store.link()?, &result, 0, self.now()))?;
        Ok(())
    }

    /// Notes a delivery that came to nothing, and gives the error back.
    fn fail(
        &self,
        store: &mut Store,
        batch: &[Item],
        error: DeliverError,
        tried: &mut HashSet<String>,
    ) -> Result<(), DeliverError> {
        if error.is_ours() {
            return Err(error);
        }
        let result = match &error {
            DeliverError::Busy { seconds, .. } => BatchResult::Later(*seconds),
            DeliverError::NotEnrolled { .. } | DeliverError::Clock => {
                BatchResult::Denied(error.code().to_owned())
            }
            _ => BatchResult::Failed(error.code().to_owned()),
        };
        let after = outbox::link_after(&store.link()?, &result, random()?, self.now());
        store.set_link(&after)?;
        // An entry that fails alone must not stand at the head of the queue for ever.
        if let ([_], true) = (batch, error.may_be_the_entrys()) {
            tried.extend(batch.iter().map(|i| i.id.clone()));
            self.note(store, batch, AttemptOutcome::Lost, error.code(), None)?;
        }
        Err(error)
    }

    fn note(
        &self,
        store: &mut Store,
        items: &[Item],
        outcome: AttemptOutcome,
        code: &str,
        asked: Option<u64>,
    ) -> Result<usize, DeliverError> {
        let now = self.now();
        for item in items {
            let tries = outbox::tries_after(&item.tries, outcome, code, asked, random()?, now);
            store.note_attempt(&item.id, now, outcome, code, &tries)?;
        }
        Ok(items.len())
    }
}

/// Reads an answer line by line. A line that proves nothing is nothing.
fn hear(reply: &Reply, batch: &[Item], trust: &Trust) -> Heard {
    let mut heard = Heard::default();
    for (i, answer) in wire::answers(&reply.body).into_iter().enumerate() {
        match answer {
            Some(DeliveryAnswer::Receipt(jws)) => {
                let Ok(receipt) = Receipt::open(&jws, trust) else {
                    continue;
                };
                let ours =
                    |item: &&Item| item.h == receipt.nh && item.id == receipt.id && item.nid == receipt.nid;
                if batch.iter().any(|item| ours(&item)) {
                    heard.receipts.push((receipt, jws));
                }
            }
            Some(DeliveryAnswer::Problem(problem)) if carrier::is_ours(&problem) => {
                let line = problem
                    .line
                    .and_then(|l| usize::try_from(l).ok())
                    .and_then(|l| l.checked_sub(1));
                let at = line.unwrap_or(i);
                if at < batch.len() {
                    heard.problems.insert(at, problem);
                }
            }
            _ => {}
        }
    }
    heard
}

/// What a problem line does to its entry.
fn judged(problem: &ProblemDetails) -> (AttemptOutcome, Option<u64>) {
    match problem.status {
        408 | 425 | 429 | 500..=599 => (AttemptOutcome::Later, problem.retry_after.map(u64::from)),
        _ => (AttemptOutcome::Refused, None),
    }
}
