//! When the portal has fallen behind: it honours the receipts that it gave before.
//!
//! A portal restored from an older copy lacks entries that wards hold receipts for. Wards send
//! both again. The receipt comes first and is kept; its entry is then not decided anew, so that no
//! second number is ever given.

use super::session::Session;
use crate::matching::Trace;
use crate::portal::book::{BookError, Kept};
use crate::portal::record::{EntryRow, Notification, Verdict, assess, describe, new_notification, numbering};
use crate::seal::{Entry, EntryType, Receipt, Status, read_suspension};
use crate::vital::Kind;

impl Session<'_> {
    /// Keeps a verified receipt of this portal.
    pub fn honour(&mut self, receipt: &Receipt, text: &str) -> Kept<()> {
        let known = self.leaf.has_receipt(&receipt.fac, receipt.n, &receipt.nh)?;
        if known {
            return Ok(());
        }
        let kept = (
            receipt.fac.clone(),
            receipt.n,
            receipt.nh.clone(),
            text.to_owned(),
        );
        self.leaf.add_receipts(&[kept])?;
        self.receipted(&receipt.nh);
        self.leaf.raise_n(&receipt.fac, receipt.n)?;
        if let Some(row) = self.leaf.entry(&receipt.nh)? {
            let entry = crate::portal::record::reread(&row);
            self.adopt(&row, entry.as_ref())?;
        }
        Ok(())
    }

    /// Takes over what the newest receipt says of an entry.
    pub fn adopt(&mut self, row: &EntryRow, entry: Option<&Entry>) -> Kept<()> {
        let Some(text) = self.leaf.newest_receipt(&row.h)? else {
            return Ok(());
        };
        let receipt = Receipt::open(&text, self.ring.trust())
            .map_err(|e| BookError::Failed(format!("receipt: {}", e.code())))?;
        let verdict = Verdict {
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
        self.leaf.set_verdicts(&[(row.h.clone(), verdict.clone())])?;
        let Some(entry) = entry else { return Ok(()) };
        match (&entry.t, self.find(&row.nid)?) {
            (EntryType::Notice(kind), None) => {
                let n = new_notification(row, *kind);
                self.adopt_statement(n, row, entry, *kind, verdict, receipt.at.timestamp_millis())?;
            }
            (EntryType::Amend, Some(n)) => {
                if let Some(kind) = Kind::from_code(&n.kind) {
                    self.adopt_statement(n, row, entry, kind, verdict, receipt.at.timestamp_millis())?;
                }
            }
            (EntryType::Void, Some(mut n)) => {
                n.void = Some((row.h.clone(), row.kid.clone()));
                if matches!(verdict.status, Status::Voided | Status::AnnulmentPending) {
                    n.status = verdict.status;
                }
                n.rev = n.rev.max(row.rev);
                self.put(&n);
            }
            // An amendment or annulment whose notification has not come back yet.
            (EntryType::Amend | EntryType::Void, None) => self.wait(&row.h, &row.nid)?,
            // A registry that was restored from an old copy learns again who is suspended.
            (EntryType::Key, _) if verdict.status == Status::Received => {
                if let Some((usr, kid, says)) = read_suspension(entry) {
                    self.apply_suspension(row, usr, kid, says)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn adopt_statement(
        &mut self,
        mut n: Notification,
        row: &EntryRow,
        entry: &Entry,
        kind: Kind,
        verdict: Verdict,
        at_ms: i64,
    ) -> Kept<()> {
        let event = assess::read_event(kind, entry).ok();
        if row.rev >= n.rev {
            n.rev = row.rev;
            n.h = row.h.clone();
        }
        let takes_effect = !matches!(verdict.status, Status::Returned | Status::Held) || n.reg_no.is_none();
        if takes_effect {
            n.status = verdict.status;
            n.effective = row.h.clone();
            n.hold = verdict.problem.filter(|_| verdict.status == Status::Held);
            if let Some(event) = &event {
                describe(&mut n, event, self.settings, self.now.offset());
            }
        }
        let in_register = matches!(verdict.status, Status::Registered | Status::CertificateIssued);
        // The certificate's number was the registry's alone; its date came back.
        if let Some(on) = verdict.cert {
            n.cert.get_or_insert((String::new(), on));
        }
        if let Some(number) = verdict.reg_no.filter(|_| in_register) {
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
        self.put(&n);
        if let Some(event) = &event {
            self.index(&n.nid, Trace::of(event, &n.fac));
        }
        if undecided && let Some((set, _)) = &n.set {
            self.settle_set(set)?;
        }
        for h in self.take_waiting(&row.nid)? {
            let (row, entry) = self.read(&h)?;
            if self.leaf.newest_receipt(&h)?.is_some() && row.verdict.is_some() {
                self.adopt(&row, Some(&entry))?;
            } else {
                self.decide(&row, Some(&entry))?;
            }
        }
        Ok(())
    }
}
