//! When the portal has fallen behind: it accepts the receipts that it gave before.
//!
//! A portal restored from an older copy lacks entries that wards hold receipts for. Wards send
//! both again. The receipt comes first and is kept; its entry then keeps the number that it names, so that
//! no second one is ever given. A receipt key that is not in force any more bears out only what its entry's
//! own signature does, and no number beyond those that are known to be given. One that was revoked bears out nothing
//! until the operator says so (`doubted`).

use crate::portal::book::{BookError, BookResult};
use crate::portal::decide::{came_back, second_number};
use crate::portal::record::{Decision, EntryRow, Hold, Step, numbering, problem_of, reread};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::{Entry, EntryType, Jws, KeyUse, Receipt, Status, Typ, read_suspension};
use crate::vital::Kind;
use crate::wire::Reason;

/// Most receipts of a facility that a copy can lack.
const MOST_LOST: u64 = 1_000_000;
/// Most epochs that a copy can lack.
const MOST_EPOCHS: u32 = 1_000;

/// How a receipt key stands.
enum KeyStanding {
    /// It signs receipts now.
    InForce,
    /// Another one took its place.
    Retired,
    /// Somebody else may have it.
    Revoked,
}

/// Whether a receipt gave a number.
fn gives_number(receipt: &Receipt) -> bool {
    let in_register = matches!(receipt.status, Status::Registered | Status::CertificateIssued);
    in_register && receipt.reg_no.is_some()
}

impl UnitOfWork<'_> {
    /// Keeps a verified receipt of this portal. False where its place is none that the book can have come to; where its
    /// key was retired, and it names a later epoch, or a number that another notification has or that nobody knows to
    /// be given; and where its key was revoked: the operator is asked.
    pub fn accept_own_receipt(&mut self, receipt: &Receipt, text: &str) -> BookResult<bool> {
        let known = self.tx.has_receipt(&receipt.fac, receipt.number(), &receipt.nh)?;
        if known {
            return Ok(true);
        }
        if !self.is_near(receipt)? {
            return Ok(false);
        }
        match self.standing(text) {
            // The key that signs now has signed it, in this epoch or a later one, and the book lacks it.
            KeyStanding::InForce if receipt.epoch >= self.epoch => self.open_epoch(receipt.epoch)?,
            KeyStanding::InForce => {}
            KeyStanding::Retired if self.is_borne_out(receipt)? => {}
            KeyStanding::Retired => return Ok(false),
            KeyStanding::Revoked => {
                self.doubt_receipt(receipt, text)?;
                return Ok(false);
            }
        }
        self.keep_receipt(receipt, text)?;
        Ok(true)
    }

    /// Whether what the book knows bears out a receipt by itself, whoever signed it.
    pub(super) fn is_borne_out(&self, receipt: &Receipt) -> BookResult<bool> {
        Ok(receipt.epoch <= self.epoch && !self.is_anothers(receipt)? && self.is_given(receipt)?)
    }

    /// Keeps a receipt that came back, and takes over what it says.
    pub(super) fn keep_receipt(&mut self, receipt: &Receipt, text: &str) -> BookResult<()> {
        let kept = (
            receipt.fac.clone(),
            receipt.number(),
            receipt.nh.clone(),
            text.to_owned(),
        );
        self.tx.add_receipts(&[kept])?;
        // Its number is nobody else's from here on, whenever its entry comes.
        for kind in Kind::ALL {
            let number = receipt.reg_no.as_deref();
            if let Some((office, year, last)) = number.and_then(|number| self.parts_of(number, kind)) {
                self.raise_number(&office, year, kind.code(), last)?;
            }
        }
        self.receipted(&receipt.nh);
        self.tx.raise_n(&receipt.fac, receipt.number())?;
        let Some(row) = self.tx.entry(&receipt.nh)? else {
            return Ok(());
        };
        let entry = reread(&row);
        let is_notice = matches!(entry.as_ref().map(|entry| &entry.t), Some(EntryType::Notice(_)));
        // It came after its entry, which only waits since.
        match is_notice && gives_number(receipt) && self.only_waits(&row, text)? {
            true => self.restore_from(&row, entry.as_ref(), text, true)?,
            false => self.restore_from_receipt(&row, entry.as_ref())?,
        }
        self.note_second_number(&row, receipt)
    }

    /// Tells a person where a receipt that came back late gave a number and the record has another one by now.
    fn note_second_number(&mut self, row: &EntryRow, receipt: &Receipt) -> BookResult<()> {
        let in_register = matches!(receipt.status, Status::Registered | Status::CertificateIssued);
        let Some(had) = receipt.reg_no.as_ref().filter(|_| in_register) else {
            return Ok(());
        };
        // One that another record has by now was told when this one got its own.
        if self.has_another(had, &row.nid)? {
            return Ok(());
        }
        let notice = self
            .find(&row.nid)?
            .and_then(|record| second_number(&record, had));
        if let Some(notice) = notice {
            self.apply_steps(row, vec![Step::Noticed(vec![notice])], self.evidence())?;
        }
        Ok(())
    }

    /// Whether the newest receipt of an entry is another one, and says no more than that it was received.
    fn only_waits(&self, row: &EntryRow, text: &str) -> BookResult<bool> {
        let newest = self.tx.newest_receipt(&row.h)?.filter(|newest| newest != text);
        let newest = newest.and_then(|newest| Receipt::open(&newest, self.keyring.trust()).ok());
        Ok(newest.is_some_and(|newest| newest.status == Status::Received))
    }

    /// How the key that signed a receipt stands.
    fn standing(&self, text: &str) -> KeyStanding {
        let jws = Jws::parse(text, Typ::Receipt);
        let key = jws.ok().and_then(|jws| self.keyring.find(jws.kid()));
        match key {
            Some((key, _)) if key.what != KeyUse::Receipt || !key.believed_at(self.now) => {
                KeyStanding::Revoked
            }
            Some((key, _)) if key.in_force_at(self.now) => KeyStanding::InForce,
            Some(_) => KeyStanding::Retired,
            None => KeyStanding::Revoked,
        }
    }

    /// Whether the registration number that a receipt names belongs to another notification.
    fn is_anothers(&self, receipt: &Receipt) -> BookResult<bool> {
        match &receipt.reg_no {
            // A duplicate names its original's.
            Some(number) if receipt.status != Status::Duplicate => self.has_another(number, &receipt.nid),
            _ => Ok(false),
        }
    }

    /// Whether another notification has this registration number.
    fn has_another(&self, number: &str, nid: &str) -> BookResult<bool> {
        let here = self.records.values().flatten().find(|record| {
            let registration = record.state.registration();
            registration.is_some_and(|r| r.number == number && r.earlier.is_none())
        });
        let holder = match here {
            Some(record) => Some(record.nid.clone()),
            None => self.tx.holder_of(number)?,
        };
        Ok(holder.is_some_and(|holder| *holder != *nid))
    }

    /// Whether a receipt's own place is one that a facility can have come to.
    fn is_near(&self, receipt: &Receipt) -> BookResult<bool> {
        if receipt.epoch > self.epoch.saturating_add(MOST_EPOCHS) {
            return Ok(false);
        }
        let counters = self.tx.receipt_counters()?;
        let known = counters.into_iter().find(|(fac, _)| *fac == *receipt.fac);
        Ok(receipt.n <= known.map_or(0, |(_, at)| at.n).saturating_add(MOST_LOST))
    }

    /// Whether the registration number that a receipt names lies among those that are given already.
    fn is_given(&self, receipt: &Receipt) -> BookResult<bool> {
        let Some(number) = &receipt.reg_no else {
            return Ok(true);
        };
        for kind in Kind::ALL {
            if let Some((office, year, n)) = self.parts_of(number, kind) {
                return Ok(n <= self.tx.last_number(&office, year, kind.code())?);
            }
        }
        Ok(false)
    }

    /// Office, year and running number of a registration number; the office of the number may not be the
    /// one that serves the family now.
    fn parts_of(&self, number: &str, kind: Kind) -> Option<(String, i32, u64)> {
        let offices = crate::codes::list("office").into_iter().flat_map(|l| &l.codes);
        let policy = &self.settings.registration;
        let mut found = offices.filter_map(|office| {
            let (year, n) = numbering::parse(policy, &office.code, number, kind.code())?;
            Some((office.code.clone(), year, n))
        });
        found.next()
    }

    /// Takes over what the newest receipt says of an entry.
    pub fn restore_from_receipt(&mut self, row: &EntryRow, entry: Option<&Entry>) -> BookResult<()> {
        let Some(text) = self.tx.newest_receipt(&row.h)? else {
            return Ok(());
        };
        self.restore_from(row, entry, &text, false)
    }

    /// The newest receipt of an entry that gave it a number.
    pub fn numbered_receipt(&self, h: &str) -> BookResult<Option<String>> {
        let all = self.tx.receipts_of(h)?.into_iter().rev();
        let gave = |text: &String| {
            Receipt::open(text, self.keyring.trust()).is_ok_and(|receipt| gives_number(&receipt))
        };
        Ok(all.into_iter().find(gave))
    }

    /// Takes over what a receipt says of an entry; `told` says it again.
    pub fn restore_from(
        &mut self,
        row: &EntryRow,
        entry: Option<&Entry>,
        text: &str,
        told: bool,
    ) -> BookResult<()> {
        let receipt = Receipt::open(text, self.keyring.trust())
            .map_err(|e| BookError::Failed(format!("receipt: {}", e.code())))?;
        let at_ms = receipt.at.timestamp_millis();
        let lost = Decision {
            status: receipt.status,
            by: receipt.by,
            reg_no: receipt.reg_no,
            office: receipt.office,
            open: receipt.open,
            dup_of: receipt.dup_of,
            problem: receipt.problem,
            cert: receipt.cert,
        };
        let Some(entry) = entry else {
            return self.keep_lost(row, &lost);
        };
        match &entry.t {
            EntryType::Notice(kind) => {
                self.restore_statement(row, entry, Some(*kind), &lost, at_ms)?;
                if told {
                    self.record_decision(&row.h, lost);
                }
                Ok(())
            }
            EntryType::Amend | EntryType::Void => {
                let kind = self.find(&row.nid)?.map(|record| record.kind);
                self.restore_statement(row, entry, kind, &lost, at_ms)
            }
            // A registry that was restored from an old copy learns again who is suspended.
            EntryType::Key if lost.status == Status::Received => {
                if let Some((usr, kid, says)) = read_suspension(entry) {
                    self.apply_suspension(row, usr, kid, says)?;
                }
                self.keep_lost(row, &lost)
            }
            _ => self.keep_lost(row, &lost),
        }
    }

    /// What was decided of an entry before is what is decided of it now; its receipt is there.
    fn keep_lost(&mut self, row: &EntryRow, lost: &Decision) -> BookResult<()> {
        self.write_entries()?;
        self.remember(EntryRow {
            decision: Some(lost.clone()),
            ..row.clone()
        });
        let decision = (row.h.clone().into(), lost.clone());
        self.tx.set_decisions(&[decision])
    }

    /// Judges what came back with a number that another one has by now, as it is now: it gets a new one, and a
    /// person tells the family.
    fn renumber(&mut self, row: &EntryRow, entry: &Entry, number: &str) -> BookResult<()> {
        self.decide(row, Some(entry), None)?;
        let words = Reason::NumberClash.msg().with("number", number);
        let notice = Hold {
            problem: problem_of(Reason::NumberClash.code(), None, &words),
            of: None,
        };
        self.apply_steps(row, vec![Step::Noticed(vec![notice])], self.evidence())?;
        Ok(())
    }

    fn restore_statement(
        &mut self,
        row: &EntryRow,
        entry: &Entry,
        kind: Option<Kind>,
        lost: &Decision,
        at_ms: i64,
    ) -> BookResult<()> {
        // Whatever becomes of the entry, its number is nobody else's.
        if let (Some(number), Some(kind)) = (&lost.reg_no, kind)
            && let Some((office, year, last)) = self.parts_of(number, kind)
        {
            self.raise_number(&office, year, kind.code(), last)?;
        }
        if let Some(number) = lost.reg_no.as_ref().filter(|_| lost.status != Status::Duplicate)
            && self.has_another(number, &row.nid)?
        {
            return self.renumber(row, entry, number);
        }
        let (around, evidence) = self.around(row, entry, None)?;
        let Some(decided) = came_back(&around, lost, at_ms) else {
            // It was open, or its signature does not bear the receipt out: it is decided as it is now.
            return self.decide(row, Some(entry), None);
        };
        for on in &decided.waits_for {
            self.wait(&row.h, on)?;
        }
        self.apply_steps(row, decided.steps, evidence)?;
        self.keep_lost(row, lost)?;
        self.run()
    }
}
