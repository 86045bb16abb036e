//! Keeps the tallies of delivery books.

use crate::figures::read_month;
use crate::portal::book::{BookResult, TallyRow};
use crate::portal::decide::tally;
use crate::portal::record::{Decision, EntryRow};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::{Entry, Status};
use crate::wire::Reason;

impl UnitOfWork<'_> {
    /// Keeps the tally of an entry; one that does not count what a tally counts is sent back.
    pub fn keep_tally(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<()> {
        let read = tally(entry).and_then(|tally| Some((read_month(&tally.month)?, tally.counts)));
        let Some((month, counts)) = read else {
            self.record_reason(&row.h, Status::Returned, Reason::BadField);
            return Ok(());
        };
        self.tx.put_tally(&TallyRow {
            fac: row.fac.to_string(),
            month,
            counts,
            at_ms: row.at_ms,
        })?;
        self.record_decision(&row.h, Decision::of(Status::Received));
        Ok(())
    }
}
