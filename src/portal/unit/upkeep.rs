//! Brings projections up to date: in the transaction that changed a notification, and for what an
//! older version left undrawn.

use std::collections::BTreeSet;

use super::registry::Registry;
use super::session::{Session, Statement};
use crate::matching::Trace;
use crate::portal::book::{Kept, kind_of};
use crate::portal::projections::draw::{Changed, count, project};
use crate::portal::record::Notification;
use crate::portal::record::supplement::Family;
use crate::seal::{Problem, Status};

/// Notifications drawn in one piece of housekeeping.
const AT_ONCE: usize = 500;
/// Facts of a month that are counted anew before a page shows; what has more is left to housekeeping,
/// half a minute later.
pub(in crate::portal) const BEFORE_A_PAGE: u64 = 2_000;

impl Session<'_> {
    /// What an office added to a notification; nothing where it has only just arrived.
    pub fn supplement(&self, n: &Notification) -> Kept<Family> {
        match self.is_new(&n.nid) {
            true => Ok(Family::default()),
            false => self.leaf.supplement(&n.nid),
        }
    }

    /// Draws notifications for finding and counting.
    pub fn draw(&self, nids: &BTreeSet<String>) -> Kept<()> {
        let mut changed = Vec::with_capacity(nids.len());
        for nid in nids {
            let Some(n) = self.find(nid)? else { continue };
            let Statement { event, rec, clk } = self.statement(&n.effective, kind_of(&n)?)?;
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
        project(self.leaf, changed, self.now.timestamp_millis())
    }

    /// Why an entry was returned.
    fn why(&self, h: &str) -> Kept<Option<Problem>> {
        Ok(self.leaf.entry(h)?.and_then(|row| row.verdict?.problem))
    }

    /// Makes a notification findable as a look-alike once more, unless it is none any more.
    fn index_again(&mut self, nid: &str) -> Kept<()> {
        let Some(n) = self.find(nid)? else { return Ok(()) };
        let ended = matches!(n.status, Status::Returned | Status::Duplicate | Status::Voided);
        let event = self.statement(&n.effective, kind_of(&n)?)?.event;
        if let Some(event) = event.filter(|_| !ended) {
            self.index(nid, Trace::of(&event, &n.fac));
        }
        Ok(())
    }
}

impl Registry {
    /// Counts months anew that changed and have at most so many facts, the newest first. True where it
    /// did.
    ///
    /// The counting is done beside writers; only the result is written.
    pub fn recount(&self, most: u64) -> Kept<bool> {
        let mut changed = Vec::new();
        self.read(&mut |leaf| {
            changed = leaf.changed_months()?;
            Ok(())
        })?;
        for (month, newest) in &changed {
            let mut cells = None;
            self.read(&mut |leaf| {
                cells = match leaf.count_facts(*month)? <= most {
                    true => Some(count(leaf, *month, &self.settings.limits)?),
                    false => None,
                };
                Ok(())
            })?;
            let Some(cells) = cells else { continue };
            self.keep(&mut |leaf| {
                // What changed since stays noted. Where nothing is left to forget, another portal has
                // counted this and perhaps more.
                match leaf.forget_changes(*month, *newest)? {
                    0 => Ok(()),
                    _ => leaf.put_cells(*month, &cells),
                }
            })?;
        }
        Ok(!changed.is_empty())
    }

    /// Draws what was left undrawn, some at a time. True where it did.
    pub fn draw_rest(&self) -> Kept<bool> {
        let mut rest = Vec::new();
        self.read(&mut |leaf| {
            rest = leaf.undrawn(AT_ONCE)?;
            Ok(())
        })?;
        if rest.is_empty() {
            return Ok(false);
        }
        let ring = self.ring()?;
        let rest: BTreeSet<String> = rest.into_iter().collect();
        self.write(&ring, &mut |session| {
            // An older version may have kept other keys of look-alikes.
            for nid in &rest {
                session.index_again(nid)?;
            }
            session.draw(&rest)
        })?;
        Ok(true)
    }
}
