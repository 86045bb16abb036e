//! Where a notification stands, in one word.

use crate::seal::Status;

/// A notification's status as a ward sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryStatus {
    /// Signed here; no receipt yet.
    Signed,
    /// What the registry's receipt says.
    At(Status),
}

impl EntryStatus {
    /// The word in the projection and in `--json`; `status-<code>` in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            EntryStatus::Signed => "signed",
            EntryStatus::At(status) => status.code(),
        }
    }

    /// The standing with this word.
    pub fn from_code(code: &str) -> Option<EntryStatus> {
        match code {
            "signed" => Some(EntryStatus::Signed),
            code => Status::from_code(code).map(EntryStatus::At),
        }
    }

    /// Whether the registry has acted on the revision: it stands in the register, or once did.
    pub fn took_effect(self) -> bool {
        matches!(
            self,
            EntryStatus::At(
                Status::Registered
                    | Status::CertificateIssued
                    | Status::Duplicate
                    | Status::AnnulmentPending
                    | Status::Voided
            )
        )
    }
}
