//! What `verify` checks, and the names of what can be wrong.

/// What was checked, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Journals.
    pub journals: u64,
    /// Entries whose text, signature and place were checked.
    pub entries: u64,
    /// Of these, signed under a key of the trust list.
    pub trusted: u64,
    /// Entries whose text was minimised under a receipt.
    pub minimised: u64,
    /// Receipts.
    pub receipts: u64,
    /// Everything that is wrong, the first bad entry first; cut after 100.
    pub bad: Vec<Bad>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.bad.is_empty()
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Journal, or the notification for [`Fault::Projection`].
    pub jid: String,
    /// Place in the journal; 0 where it is about no single place.
    pub seq: u64,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The text is no entry.
    Unreadable,
    /// The text does not have the hash under which it is kept.
    Hash,
    /// The columns beside the text say something else than the text.
    Columns,
    /// An entry is missing before this one.
    Gap,
    /// It does not name the entry before it.
    Chain,
    /// The signature does not verify.
    Signature,
    /// The key that signed is known neither here nor in the trust list.
    UnknownKey,
    /// A receipt names an entry of our journal that is not here.
    Removed,
    /// It was signed on this device, as the witness beside the database says, and is not here.
    Lost,
    /// A receipt does not verify or is not what its columns say.
    Receipt,
    /// A list or status differs from what entries and receipts say.
    Projection,
    /// The text was minimised and no receipt names it.
    Minimised,
    /// What a family's paper says is not what was signed with its entry.
    Slip,
    /// SQLite finds the file damaged.
    File,
}

impl Fault {
    /// Stable code; `store-fault-<code>` in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Fault::Unreadable => "unreadable",
            Fault::Hash => "hash",
            Fault::Columns => "columns",
            Fault::Gap => "gap",
            Fault::Chain => "chain",
            Fault::Signature => "signature",
            Fault::UnknownKey => "unknown-key",
            Fault::Removed => "removed",
            Fault::Lost => "lost",
            Fault::Receipt => "receipt",
            Fault::Projection => "projection",
            Fault::Minimised => "minimised",
            Fault::Slip => "slip",
            Fault::File => "file",
        }
    }
}
