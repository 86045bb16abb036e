//! When the portal has fallen behind: it accepts the receipts that it gave before.
//!
//! A portal restored from an older copy lacks entries that wards hold receipts for. Wards send
//! both again. The receipt comes first and is kept; its entry is then not decided again, so that no
//! second number is ever given.

use crate::matching::MatchingRecord;
use crate::portal::book::{BookError, BookResult};
use crate::portal::record::{
    Decision, EntryRow, Notification, assess, describe, new_notification, numbering,
};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::{Entry, EntryType, Receipt, Status, read_suspension};
use crate::vital::Kind;

impl UnitOfWork<'_> {
    /// Keeps a verified receipt of this portal.
    pub fn accept_own_receipt(&mut self, receipt: &Receipt, text: &str) -> BookResult<()> {
        let known = self.tx.has_receipt(&receipt.fac, receipt.number(), &receipt.nh)?;
        if known {
            return Ok(());
        }
        let kept = (
            receipt.fac.clone(),
            receipt.number(),
            receipt.nh.clone(),
            text.to_owned(),
        );
        self.tx.add_receipts(&[kept])?;
        self.receipted(&receipt.nh);
        self.tx.raise_n(&receipt.fac, receipt.number())?;
        if let Some(row) = self.tx.entry(&receipt.nh)? {
            let entry = crate::portal::record::reread(&row);
            self.restore_from_receipt(&row, entry.as_ref())?;
        }
        Ok(())
    }

    /// Takes over what the newest receipt says of an entry.
    pub fn restore_from_receipt(&mut self, row: &EntryRow, entry: Option<&Entry>) -> BookResult<()> {
        let Some(text) = self.tx.newest_receipt(&row.h)? else {
            return Ok(());
        };
        let receipt = Receipt::open(&text, self.keyring.trust())
            .map_err(|e| BookError::Failed(format!("receipt: {}", e.code())))?;
        let decision = Decision {
            status: receipt.status,
            by: receipt.by,
            reg_no: receipt.reg_no,
            office: receipt.office,
            open: receipt.open,
            dup_of: receipt.dup_of,
            problem: receipt.problem,
            cert: receipt.cert,
        };
        self.write_entries()?;
        self.tx
            .set_decisions(&[(row.h.clone().into(), decision.clone())])?;
        let Some(entry) = entry else { return Ok(()) };
        match (&entry.t, self.find(&row.nid)?) {
            (EntryType::Notice(kind), None) => {
                let n = new_notification(row, *kind);
                self.restore_statement(n, row, entry, *kind, decision, receipt.at.timestamp_millis())?;
            }
            (EntryType::Amend, Some(n)) => {
                if let Some(kind) = Kind::from_code(&n.kind) {
                    self.restore_statement(n, row, entry, kind, decision, receipt.at.timestamp_millis())?;
                }
            }
            (EntryType::Void, Some(mut n)) => {
                n.void = Some((row.h.clone().into(), row.kid.clone()));
                if matches!(decision.status, Status::Voided | Status::AnnulmentPending) {
                    n.status = decision.status;
                }
                n.rev = n.rev.max(row.rev);
                self.save(&n);
            }
            // An amendment or annulment whose notification has not come back yet.
            (EntryType::Amend | EntryType::Void, None) => self.wait(&row.h, &row.nid)?,
            // A registry that was restored from an old copy learns again who is suspended.
            (EntryType::Key, _) if decision.status == Status::Received => {
                if let Some((usr, kid, says)) = read_suspension(entry) {
                    self.apply_suspension(row, usr, kid, says)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn restore_statement(
        &mut self,
        mut n: Notification,
        row: &EntryRow,
        entry: &Entry,
        kind: Kind,
        decision: Decision,
        at_ms: i64,
    ) -> BookResult<()> {
        let event = assess::read_event(kind, entry).ok();
        if row.rev >= n.rev {
            n.rev = row.rev;
            n.h = row.h.clone();
        }
        let takes_effect = !matches!(decision.status, Status::Returned | Status::Held) || n.reg_no.is_none();
        if takes_effect {
            n.status = decision.status;
            n.effective = row.h.clone();
            n.hold = decision.problem.filter(|_| decision.status == Status::Held);
            if let Some(event) = &event {
                describe(&mut n, event, self.settings, self.now.offset());
            }
        }
        let in_register = matches!(decision.status, Status::Registered | Status::CertificateIssued);
        // The certificate's number was the registry's alone; its date came back.
        if let Some(on) = decision.cert {
            n.cert.get_or_insert((String::new(), on));
        }
        if let Some(number) = decision.reg_no.filter(|_| in_register) {
            // The office of the number, which may not be the one that serves the family now.
            let offices = crate::codes::list("office").into_iter().flat_map(|l| &l.codes);
            let policy = &self.settings.registration;
            let found =
                offices.filter_map(|o| Some((o, numbering::parse(policy, &o.code, &number, kind.code())?)));
            if let Some((office, (year, last))) = found.into_iter().next() {
                self.raise_number(&office.code, year, kind.code(), last)?;
            }
            n.registered_ms.get_or_insert(at_ms);
            n.reg_no = Some(number);
        }
        let undecided = n.status == Status::Received && n.void.is_none();
        self.save(&n);
        if let Some(event) = &event {
            self.index(&n.nid, MatchingRecord::of(event, &n.fac));
        }
        if undecided && let Some((set, _)) = &n.set {
            self.settle_set(set)?;
        }
        for h in self.take_waiting(&row.nid)? {
            let (row, entry) = self.read(&h)?;
            if self.tx.newest_receipt(&h)?.is_some() && row.decision.is_some() {
                self.restore_from_receipt(&row, Some(&entry))?;
            } else {
                self.decide(&row, Some(&entry))?;
            }
        }
        Ok(())
    }
}
