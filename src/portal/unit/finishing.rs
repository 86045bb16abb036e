//! The end of a unit of work: everything is written, receipts are numbered and signed, projections refreshed.
//!
//! Receipts are written last so that their numbers follow the order of commits without a gap, and
//! each says the journal's head as it is when the delivery ends.

use std::collections::BTreeMap;

use crate::portal::book::{BookError, BookResult};
use crate::portal::record::{Decision, EntryRow};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::portal::witness::Stand;
use crate::seal::{Head, NO_PREV, Receipt, ReceiptNumber, SecretKey};
use crate::vital::FacilityCode;

impl UnitOfWork<'_> {
    /// Writes journals and decisions, numbers and signs the receipts, projects what changed.
    ///
    /// Gives how far the book has come by it: that is noted outside the book before a receipt leaves.
    pub fn finish(mut self, key: &SecretKey) -> BookResult<Stand> {
        self.write_entries()?;
        self.write_match_index()?;
        for journal in self.journals.values() {
            self.tx.put_journal(journal)?;
        }
        for ((office, year, kind), last) in &self.numbers {
            self.tx.raise_number(office, *year, kind, *last)?;
        }
        self.write_records()?;
        self.tx.add_decisions(&self.log)?;
        let decisions = std::mem::take(&mut self.decisions);
        self.tx.set_decisions(&decisions)?;
        let mut recorded = Vec::with_capacity(decisions.len());
        let mut of_facility: BTreeMap<String, u64> = BTreeMap::new();
        for (h, decision) in decisions {
            let row = self
                .row(&h)?
                .ok_or_else(|| BookError::Failed(format!("entry {h} is missing")))?;
            *of_facility.entry(row.fac.clone().into()).or_default() += 1;
            recorded.push((row, decision));
        }
        // The numbers that each facility's receipts have before this delivery.
        for (fac, count) in &mut of_facility {
            *count = self.tx.next_n(fac, self.epoch, *count)? - *count;
        }
        let mut safe: BTreeMap<FacilityCode, Option<ReceiptNumber>> = BTreeMap::new();
        for (row, _) in &recorded {
            if !safe.contains_key(&row.fac) {
                safe.insert(row.fac.clone(), self.tx.safe_of(&row.fac)?);
            }
        }
        let mut touched = std::mem::take(&mut self.changed);
        let mut receipts = Vec::with_capacity(recorded.len());
        for (row, decision) in recorded {
            let n = of_facility.entry(row.fac.clone().into()).or_default();
            *n += 1;
            touched.insert(row.nid.clone());
            let mut receipt = self.receipt(*n, &row, decision)?;
            receipt.safe = safe.get(&row.fac).copied().flatten();
            let text = receipt.seal(key);
            let text = text.map_err(|e| BookError::Failed(format!("receipt: {}", e.code())))?;
            let number = ReceiptNumber {
                epoch: self.epoch,
                n: *n,
            };
            receipts.push((row.fac, number, row.h, text));
        }
        self.tx.add_receipts(&receipts)?;
        self.project(&touched)?;
        Ok(Stand {
            epoch: self.epoch,
            trust: self.keyring.trust().number(),
            numbers: self.numbers.into_iter().collect(),
        })
    }

    fn receipt(&self, n: u64, row: &EntryRow, decision: Decision) -> BookResult<Receipt> {
        let head = match self.journal(&row.jid)? {
            Some(journal) => Head {
                seq: journal.head,
                h: journal.head_h,
            },
            None => Head {
                seq: 0,
                h: NO_PREV.into(),
            },
        };
        Ok(Receipt {
            epoch: self.epoch,
            safe: None,
            n,
            fac: row.fac.clone(),
            nid: row.nid.clone(),
            rev: row.rev,
            id: row.id.clone(),
            nh: row.h.clone(),
            jid: row.jid.clone(),
            seq: row.seq,
            status: decision.status,
            by: decision.by,
            reg_no: decision.reg_no,
            office: decision.office,
            at: self.now,
            open: decision.open,
            cert: decision.cert,
            dup_of: decision.dup_of,
            problem: decision.problem,
            head,
        })
    }
}
