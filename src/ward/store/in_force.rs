//! Which revision of a notification is in force, as the registry's receipts say it one after the other: what
//! the registry counts, told by what the ward has.
//!
//! - The first entry is in force from its first receipt on.
//! - A correction is in force once it is registered; before anything was registered also where it is *held* or
//!   *received*, because the registry judges the newest statement. One that waits beside what is registered is
//!   not, nor one whose signature or place in the journal is doubted.
//! - A correction that the registry's rules return leaves what is *held* as it stood; one that a registrar
//!   returns does not.
//!
//! Deliberately absent: what is shown beside the status on worklists (`projection`).

use chrono::{DateTime, FixedOffset};

use super::EntryStatus;
use super::projection::{EntryWithReceipt, event_of, kind_of};
use crate::figures::{AtRegistry, Notified, Standing};
use crate::seal::{By, EntryType, Problem, Receipt, Status};
use crate::wire::Reason;

/// Reasons to hold a correction that leave the statement before it in force.
const DOUBTED: [Reason; 10] = [
    Reason::UnknownKey,
    Reason::KeyUnconfirmed,
    Reason::WrongSignature,
    Reason::ForeignName,
    Reason::RevokedKey,
    Reason::KeySuspended,
    Reason::ForeignKey,
    Reason::Fork,
    Reason::BrokenChain,
    Reason::Annulled,
];

/// Where a notification stands, and what is in force of it.
#[derive(Clone)]
pub(super) struct InForce<'a> {
    entries: &'a [EntryWithReceipt],
    at: Option<&'a EntryWithReceipt>,
    status: EntryStatus,
    voided: bool,
    why: Option<Problem>,
    received: Option<DateTime<FixedOffset>>,
}

impl<'a> InForce<'a> {
    /// What the receipts of these entries add up to, in the order in which they were numbered.
    pub fn told(entries: &'a [EntryWithReceipt], receipts: &[Receipt]) -> InForce<'a> {
        let mut out = InForce {
            entries,
            at: None,
            status: EntryStatus::Signed,
            voided: false,
            why: None,
            received: None,
        };
        for receipt in receipts {
            if let Some(entry) = entries.iter().find(|e| e.h == receipt.nh) {
                out.hear(entry, receipt);
            }
        }
        out
    }

    /// The same, and what has no receipt yet as though the registry had taken it.
    pub fn with_unsent(mut self) -> InForce<'a> {
        for entry in self.entries.iter().filter(|e| e.receipt.is_none()) {
            match entry.t {
                EntryType::Notice(_) if self.at.is_none() => self.at = Some(entry),
                EntryType::Amend if self.at.is_none_or(|at| entry.rev >= at.rev) => {
                    self.at = Some(entry);
                    if self.status == EntryStatus::At(Status::Returned) {
                        self.status = EntryStatus::Signed;
                    }
                }
                // An annulment has effect only once the registry says so.
                _ => {}
            }
        }
        self
    }

    fn hear(&mut self, entry: &'a EntryWithReceipt, receipt: &Receipt) {
        if receipt.status == Status::Voided {
            self.voided = true;
            return;
        }
        let in_force = self.at.is_some_and(|at| at.h == entry.h);
        match entry.t {
            EntryType::Notice(_) => {
                if self.at.is_none() {
                    self.received = Some(receipt.at);
                }
                if self.at.is_none() || in_force {
                    self.settle(entry, receipt);
                }
            }
            EntryType::Amend if in_force || self.comes_into_force(entry, receipt) => {
                self.settle(entry, receipt);
            }
            EntryType::Amend if self.is_sent_back(receipt) => {
                self.status = EntryStatus::At(Status::Returned);
                self.why.clone_from(&receipt.problem);
            }
            _ => {}
        }
    }

    fn settle(&mut self, entry: &'a EntryWithReceipt, receipt: &Receipt) {
        self.at = Some(entry);
        // An annulment that is pending leaves what stood.
        if receipt.status != Status::AnnulmentPending {
            self.status = EntryStatus::At(receipt.status);
            self.why.clone_from(&receipt.problem);
        }
    }

    fn is_settled(&self) -> bool {
        matches!(
            self.status,
            EntryStatus::At(Status::Registered | Status::CertificateIssued | Status::Duplicate)
        )
    }

    fn comes_into_force(&self, entry: &EntryWithReceipt, receipt: &Receipt) -> bool {
        if self.at.is_some_and(|at| entry.rev < at.rev) {
            return false;
        }
        let because = |reason: &Reason| problem_is(receipt, *reason);
        match receipt.status {
            Status::Registered | Status::CertificateIssued | Status::Duplicate => true,
            Status::Held => !self.is_settled() && !DOUBTED.iter().any(because),
            Status::Received => !self.is_settled() && !because(&Reason::ParentMissing),
            _ => false,
        }
    }

    /// Whether a correction that came to nothing leaves the notification with the ward.
    fn is_sent_back(&self, receipt: &Receipt) -> bool {
        let lost = [Reason::RevConflict, Reason::Annulled];
        let held = self.status == EntryStatus::At(Status::Held);
        receipt.status == Status::Returned
            && !self.is_settled()
            && (!held || receipt.by == By::Registrar)
            && !lost.iter().any(|reason| problem_is(receipt, *reason))
    }

    /// The notification as it is counted; none where nothing of it is in force, or its text is not kept.
    pub fn notified(&self) -> Option<Notified> {
        let first = self
            .entries
            .iter()
            .find(|e| matches!(e.t, EntryType::Notice(_)))?;
        let signed = first.entry.as_ref()?;
        let event = event_of(kind_of(self.entries)?, self.at?.entry.as_ref()?)?;
        let why = self.why.clone();
        Some(Notified {
            fac: signed.fac.clone().into(),
            event,
            standing: match self.voided {
                true => Standing::Annulled,
                false => Standing::of(self.status.code()),
            },
            signed: (signed.rec, signed.clk),
            received: self.received.map(|at| at.timestamp_millis()),
            why: why.map(|why| (why.code, why.field.unwrap_or_default())),
            registry: AtRegistry::default(),
        })
    }
}

fn problem_is(receipt: &Receipt, reason: Reason) -> bool {
    receipt.problem.as_ref().is_some_and(|p| p.code == reason.code())
}
