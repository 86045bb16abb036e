//! One delivery's work on one transaction: what was decided is gathered, then numbered and signed.
//!
//! Receipts are written last so that their numbers follow the order of commits without a gap, and
//! each says the journal's head as it is when the delivery ends.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset};

use super::PortalSettings;
use super::book::{BookError, EntryRow, Journal, Kept, Leaf, Verdict};
use super::keys::Ring;
use crate::lang::{Lang, Msg};
use crate::seal::{Entry, Head, NO_PREV, Problem, Receipt, SecretKey, Status};
use crate::wire::Reason;

/// Work in progress on one transaction.
pub(super) struct Session<'a> {
    pub leaf: &'a Leaf<'a>,
    pub settings: &'a PortalSettings,
    pub ring: &'a Ring,
    /// The portal's time of this delivery.
    pub now: DateTime<FixedOffset>,
    journals: HashMap<String, Journal>,
    rows: HashMap<String, EntryRow>,
    verdicts: Vec<(String, Verdict)>,
}

impl<'a> Session<'a> {
    pub fn new(
        leaf: &'a Leaf<'a>,
        settings: &'a PortalSettings,
        ring: &'a Ring,
        now: DateTime<FixedOffset>,
    ) -> Session<'a> {
        Session {
            leaf,
            settings,
            ring,
            now,
            journals: HashMap::new(),
            rows: HashMap::new(),
            verdicts: Vec::new(),
        }
    }

    /// A journal as this delivery has it.
    pub fn journal(&self, jid: &str) -> Kept<Option<Journal>> {
        match self.journals.get(jid) {
            Some(journal) => Ok(Some(journal.clone())),
            None => self.leaf.journal(jid),
        }
    }

    /// Keeps a journal until the end of the delivery.
    pub fn keep_journal(&mut self, journal: Journal) {
        self.journals.insert(journal.jid.clone(), journal);
    }

    /// Whether a device has a journal that continues this one.
    pub fn continues(&self, dev: &str, jid: &str) -> Kept<bool> {
        let here = self
            .journals
            .values()
            .any(|j| j.dev == dev && j.continues.as_deref() == Some(jid));
        Ok(here || self.leaf.continues(dev, jid)?)
    }

    /// Remembers a row, to save reading it again.
    pub fn remember(&mut self, row: EntryRow) {
        self.rows.insert(row.h.clone(), row);
    }

    /// An entry as kept.
    pub fn row(&self, h: &str) -> Kept<Option<EntryRow>> {
        match self.rows.get(h) {
            Some(row) => Ok(Some(row.clone())),
            None => self.leaf.entry(h),
        }
    }

    /// An entry that must be there, and what it says.
    pub fn read(&self, h: &str) -> Kept<(EntryRow, Entry)> {
        let missing = || BookError::Failed(format!("entry {h} is missing or unreadable"));
        let row = self.row(h)?.ok_or_else(missing)?;
        let entry = super::intake::reread(&row).ok_or_else(missing)?;
        Ok((row, entry))
    }

    /// Decides an entry; a later word within the delivery replaces an earlier one.
    pub fn say(&mut self, h: &str, verdict: Verdict) {
        match self.verdicts.iter_mut().find(|(of, _)| of == h) {
            Some((_, said)) => *said = verdict,
            None => self.verdicts.push((h.to_owned(), verdict)),
        }
    }

    /// Decides with a status and its reason.
    pub fn say_why(&mut self, h: &str, status: Status, reason: Reason) {
        self.say(h, Verdict::because(status, problem(reason)));
    }

    /// Writes journals and verdicts, numbers and signs the receipts.
    pub fn finish(mut self, key: &SecretKey) -> Kept<()> {
        for journal in self.journals.values() {
            self.leaf.put_journal(journal)?;
        }
        let mut touched = std::collections::BTreeSet::new();
        for (h, verdict) in std::mem::take(&mut self.verdicts) {
            let row = self
                .row(&h)?
                .ok_or_else(|| BookError::Failed(format!("entry {h} is missing")))?;
            let journal = self.journal(&row.jid)?;
            touched.insert(row.nid.clone());
            self.leaf.set_verdict(&h, &verdict)?;
            let n = self.leaf.next_n(&row.fac)?;
            let receipt = Receipt {
                n,
                fac: row.fac.clone(),
                nid: row.nid,
                rev: row.rev,
                id: row.id,
                nh: h,
                jid: row.jid,
                seq: row.seq,
                status: verdict.status,
                by: verdict.by,
                reg_no: verdict.reg_no,
                office: verdict.office,
                at: self.now,
                open: verdict.open,
                cert: verdict.cert,
                dup_of: verdict.dup_of,
                problem: verdict.problem,
                head: journal.map_or_else(
                    || Head {
                        seq: 0,
                        h: NO_PREV.to_owned(),
                    },
                    |j| Head {
                        seq: j.head,
                        h: j.head_h,
                    },
                ),
            };
            let text = receipt
                .seal(key)
                .map_err(|e| BookError::Failed(format!("receipt: {}", e.code())))?;
            self.leaf.add_receipt(&row.fac, n, &receipt.nh, &text)?;
        }
        touched.iter().try_for_each(|nid| self.draw(nid))
    }
}

/// A reason as receipts carry it, in three languages.
pub(super) fn problem(reason: Reason) -> Problem {
    problem_of(reason.code(), None, &reason.msg())
}

/// A problem as receipts carry it.
pub(super) fn problem_of(code: &str, field: Option<&str>, msg: &Msg) -> Problem {
    Problem {
        code: code.to_owned(),
        field: field.map(str::to_owned),
        text: Lang::ALL
            .into_iter()
            .map(|lang| (lang.code().to_owned(), msg.render(lang)))
            .collect(),
    }
}
