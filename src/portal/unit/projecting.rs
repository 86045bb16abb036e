//! Brings projections up to date: in the transaction that changed a notification, and for what an
//! older version left undrawn.

use std::collections::BTreeSet;

use super::registry::Registry;
use crate::matching::MatchingRecord;
use crate::portal::book::{BookResult, Mark};
use crate::portal::decide::overdue;
use crate::portal::projections::project::{Changed, count, project};
use crate::portal::record::supplement::Supplement;
use crate::portal::record::{Record, Step};
use crate::portal::unit::unit_of_work::{StatedEvent, UnitOfWork};
use crate::rules::icd::MATCHER_VERSION;
use crate::seal::{Problem, Status};
use crate::vital::Nid;
use crate::wire::Reason;

/// Notifications projected in one piece of housekeeping.
const AT_ONCE: usize = 500;
/// Facts of a month that are counted again before a page shows; what has more is left to housekeeping,
/// half a minute later.
pub(in crate::portal) const BEFORE_A_PAGE: u64 = 2_000;

impl UnitOfWork<'_> {
    /// What an office added to a notification; nothing where it has only just arrived.
    pub fn supplement(&self, nid: &Nid) -> BookResult<Supplement> {
        match self.is_new(nid) {
            true => Ok(Supplement::default()),
            false => self.tx.supplement(nid),
        }
    }

    /// Projects what has changed so far.
    pub fn project_changed(&mut self) -> BookResult<()> {
        let changed = std::mem::take(&mut self.changed);
        self.project(&changed)
    }

    /// Projects notifications for finding and counting.
    pub fn project(&self, nids: &BTreeSet<Nid>) -> BookResult<()> {
        let mut changed = Vec::with_capacity(nids.len());
        for nid in nids {
            let Some(record) = self.find(nid)? else { continue };
            let StatedEvent { event, rec, clk } = self.statement(&record.effective.h, record.kind)?;
            // An older version did not note which entry was the first.
            let signed = match record.first.is_empty() || record.first == record.effective.h {
                true => (rec, clk),
                false => {
                    let first = self.statement(&record.first, record.kind)?;
                    (first.rec, first.clk)
                }
            };
            changed.push(Changed {
                supplement: self.supplement(nid)?,
                returned: match record.status() {
                    Status::Returned => self.why_returned(&record)?,
                    _ => None,
                },
                signed,
                event,
                record,
            });
        }
        project(self.tx, changed, self.now.timestamp_millis())
    }

    /// Why a notification was returned: by the newest of its decisions that says so.
    fn why_returned(&self, record: &Record) -> BookResult<Option<Problem>> {
        let returned = |steps: &[Step]| {
            steps.iter().rev().find_map(|step| match step {
                Step::Returned { why, .. } => Some(why.clone()),
                _ => None,
            })
        };
        if let Some(why) = self.decided_here(&record.nid).find_map(returned) {
            return Ok(Some(why));
        }
        let kept = self.tx.decisions(&record.nid)?;
        if let Some(why) = kept.iter().rev().find_map(|decision| returned(&decision.steps)) {
            return Ok(Some(why));
        }
        Ok(self
            .tx
            .entry(&record.newest.h)?
            .and_then(|row| row.decision?.problem))
    }

    /// Gives a notification to a person if it has waited for too long. True where it has.
    fn hold_overdue(&mut self, nid: &str) -> BookResult<bool> {
        let Some(record) = self.find(nid)? else {
            return Ok(false);
        };
        let Some(decided) = overdue(&record, self.settings, self.now) else {
            return Ok(false);
        };
        let (row, _) = self.read(&record.newest.h)?;
        self.apply(&row, decided, self.evidence())?;
        self.run()?;
        Ok(true)
    }

    /// Keeps a notification as it was added up from its decisions, and makes it findable accordingly.
    pub fn draw(&mut self, record: Record) -> BookResult<()> {
        let event = self.statement(&record.effective.h, record.kind)?.event;
        match event.filter(|_| record.state.stands()) {
            Some(event) => self.index(&record.nid, MatchingRecord::of(&event, &record.fac)),
            None => self.unindex(&record.nid),
        }
        self.save(record);
        self.write_records()?;
        self.write_match_index()
    }

    /// Makes a notification findable as a look-alike once more, unless it is none any more.
    fn reindex(&mut self, nid: &str) -> BookResult<()> {
        let Some(record) = self.find(nid)? else {
            return Ok(());
        };
        // An older version kept no decisions: what it had come to is the first.
        self.inherit(Some(&record))?;
        self.draw(record)
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

    /// Counts a month again. True where a count differed.
    pub fn recount_month(&self, month: i32) -> BookResult<bool> {
        self.write(|tx| {
            let before = tx.cells_of(month)?;
            let cells = count(tx, month, &self.settings.limits)?;
            tx.put_cells(month, &cells)?;
            Ok(before != tx.cells_of(month)?)
        })
    }

    /// Gives to a person what has waited for longer than its reason allows. True where something did.
    pub fn hold_overdue(&self) -> BookResult<bool> {
        let now = self.clock.now();
        let hours = i64::from(
            self.settings
                .limits
                .set_hours
                .min(self.settings.registration.link_hours),
        );
        let before = (now - chrono::Duration::hours(hours)).timestamp_millis();
        let hours = i64::from(self.settings.registration.link_hours);
        let long_ago = (now - chrono::Duration::hours(hours)).timestamp_millis();
        let (due, orphans) =
            self.read(|tx| Ok((tx.undecided_since(before, AT_ONCE)?, tx.orphans(long_ago)?)))?;
        if due.is_empty() && orphans.is_empty() {
            return Ok(false);
        }
        let keyring = self.keyring()?;
        self.unit_of_work(&keyring, |unit| -> BookResult<bool> {
            let mut held = false;
            for h in &orphans {
                held = true;
                unit.record_reason(h, Status::Held, Reason::ParentMissing);
            }
            for nid in &due {
                held |= unit.hold_overdue(nid)?;
            }
            Ok(held)
        })
    }

    /// Leaves everything stale that was counted while fewer words were read as causes.
    fn drop_older_readings(&self) -> BookResult<()> {
        let kept = self.read(|tx| tx.mark(Mark::Matcher))?;
        let version = |kept: &String| kept.parse::<u32>().unwrap_or_default();
        // Beside a newer portal on the same book its reading stays.
        if kept
            .as_ref()
            .map(version)
            .is_some_and(|kept| kept >= MATCHER_VERSION)
        {
            return Ok(());
        }
        let now = MATCHER_VERSION.to_string();
        self.write(|tx| {
            tx.set_all_unprojected()?;
            tx.put_mark(Mark::Matcher, &now)?;
            tx.replace_mark(Mark::Matcher, &now)
        })
    }

    /// Projects what was left stale, some at a time. True where it did.
    pub fn project_stale(&self) -> BookResult<bool> {
        self.drop_older_readings()?;
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
