//! Brings projections up to date: in the transaction that changed a notification, and for what an
//! older version left undrawn.

use std::collections::BTreeSet;

use super::registry::Registry;
use crate::matching::MatchingRecord;
use crate::portal::book::{BookResult, kind_of};
use crate::portal::projections::project::{Changed, count, project};
use crate::portal::record::Notification;
use crate::portal::record::supplement::Supplement;
use crate::portal::unit::unit_of_work::{StatedEvent, UnitOfWork};
use crate::seal::{Problem, Status};
use crate::vital::Nid;

/// Notifications projected in one piece of housekeeping.
const AT_ONCE: usize = 500;
/// Facts of a month that are counted again before a page shows; what has more is left to housekeeping,
/// half a minute later.
pub(in crate::portal) const BEFORE_A_PAGE: u64 = 2_000;

impl UnitOfWork<'_> {
    /// What an office added to a notification; nothing where it has only just arrived.
    pub fn supplement(&self, n: &Notification) -> BookResult<Supplement> {
        match self.is_new(&n.nid) {
            true => Ok(Supplement::default()),
            false => self.tx.supplement(&n.nid),
        }
    }

    /// Projects notifications for finding and counting.
    pub fn project(&self, nids: &BTreeSet<Nid>) -> BookResult<()> {
        let mut changed = Vec::with_capacity(nids.len());
        for nid in nids {
            let Some(n) = self.find(nid)? else { continue };
            let StatedEvent { event, rec, clk } = self.statement(&n.effective, kind_of(&n)?)?;
            changed.push(Changed {
                supplement: self.supplement(&n)?,
                returned: match n.status {
                    Status::Returned => self.why(&n.h)?,
                    _ => None,
                },
                signed: (rec, clk),
                event,
                notification: n,
            });
        }
        project(self.tx, changed, self.now.timestamp_millis())
    }

    /// Why an entry was returned.
    fn why(&self, h: &str) -> BookResult<Option<Problem>> {
        Ok(self.tx.entry(h)?.and_then(|row| row.decision?.problem))
    }

    /// Makes a notification findable as a look-alike once more, unless it is none any more.
    fn reindex(&mut self, nid: &str) -> BookResult<()> {
        let Some(n) = self.find(nid)? else { return Ok(()) };
        let ended = matches!(n.status, Status::Returned | Status::Duplicate | Status::Voided);
        let event = self.statement(&n.effective, kind_of(&n)?)?.event;
        if let Some(event) = event.filter(|_| !ended) {
            self.index(nid, MatchingRecord::of(&event, &n.fac));
        }
        Ok(())
    }
}

impl Registry {
    /// Counts again months that changed and have at most so many facts, the newest first. True where it
    /// did.
    ///
    /// The counting is done beside writers; only the result is written.
    pub fn recount(&self, most: u64) -> BookResult<bool> {
        let changed = self.read(|tx| tx.changed_months())?;
        for (month, newest) in &changed {
            let cells = self.read(|tx| match tx.count_facts(*month)? <= most {
                true => count(tx, *month, &self.settings.limits).map(Some),
                false => Ok(None),
            })?;
            let Some(cells) = cells else { continue };
            self.write(|tx| {
                // What changed since stays noted. Where nothing is left to forget, another portal has
                // counted this and perhaps more.
                match tx.forget_changes(*month, *newest)? {
                    0 => Ok(()),
                    _ => tx.put_cells(*month, &cells),
                }
            })?;
        }
        Ok(!changed.is_empty())
    }

    /// Projects what was left stale, some at a time. True where it did.
    pub fn project_stale(&self) -> BookResult<bool> {
        let rest = self.read(|tx| tx.unprojected(AT_ONCE))?;
        if rest.is_empty() {
            return Ok(false);
        }
        let keyring = self.keyring()?;
        let rest: BTreeSet<Nid> = rest.into_iter().map(Nid::from).collect();
        self.unit_of_work(&keyring, |unit| {
            // An older version may have kept other keys of look-alikes.
            for nid in &rest {
                unit.reindex(nid)?;
            }
            unit.project(&rest)
        })?;
        Ok(true)
    }
}
