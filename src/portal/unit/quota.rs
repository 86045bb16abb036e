//! How much one device may have waiting at the desk under keys that nobody believes: a device in wrong hands
//! must not bury the registrars.
//!
//! What goes beyond it is not kept: the device asks again later, and nothing is lost. Entries under believed
//! keys are never counted.

use crate::portal::book::BookResult;
use crate::portal::record::EntryRow;
use crate::portal::unit::unit_of_work::UnitOfWork;

impl UnitOfWork<'_> {
    /// Says whether a device has to wait with this entry; counts the entry where it need not.
    pub(super) fn over_quota(&mut self, row: &EntryRow, device: &str) -> BookResult<bool> {
        let listed = self.keyring.find(&row.kid);
        let believed = listed.is_some_and(|(key, _)| key.believed_at(self.now));
        if believed && !self.suspended.contains_key(&row.kid) {
            return Ok(false);
        }
        // Those of this delivery count as well.
        self.write_entries()?;
        if self.tx.strange_entries(device)? >= u64::from(self.settings.quotas.entries_unknown_key) {
            return Ok(true);
        }
        self.tx.add_strange_entry(device, &row.h)?;
        Ok(false)
    }
}
