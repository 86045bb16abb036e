//! Which journals a device may bring beside its own: those that its own continue.

use std::collections::HashSet;

use crate::portal::book::BookResult;
use crate::portal::unit::unit_of_work::UnitOfWork;

/// Most journals that are looked at to find one that a device continues.
const MOST_CONTINUED: usize = 1000;

impl UnitOfWork<'_> {
    /// Whether a device of the facility has a journal that continues this one, however many others lie
    /// between: a key may have been changed, or a backup restored, several times before a delivery.
    pub fn continues(&self, device: (&str, &str), jid: &str) -> BookResult<bool> {
        let (dev, fac) = device;
        let mut ahead = self.tx.continued_by(fac, dev)?;
        let here = self.journals.values().filter(|j| j.dev == dev && *j.fac == *fac);
        ahead.extend(here.filter_map(|j| j.continues.clone()));
        let mut seen = HashSet::new();
        while let Some(next) = ahead.pop() {
            if *next == *jid {
                return Ok(true);
            }
            if seen.len() >= MOST_CONTINUED || !seen.insert(next.clone()) {
                continue;
            }
            let between = self.journal(&next)?.filter(|j| *j.fac == *fac);
            ahead.extend(between.and_then(|j| j.continues));
        }
        Ok(false)
    }
}
