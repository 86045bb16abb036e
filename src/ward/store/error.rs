//! What can go wrong with the ward's database, each with what to do about it.

use std::path::PathBuf;

use crate::env::EnvError;
use crate::lang::{Explain, Msg};
use crate::rules::Finding;
use crate::seal::SealError;

/// Why the store did not do what it was asked.
#[derive(thiserror::Error)]
pub enum StoreError {
    /// The folder or the file cannot be created or written.
    #[error("cannot open {path} for writing")]
    Unwritable {
        /// The database.
        path: PathBuf,
        /// What the system says.
        what: String,
    },
    /// The file is not an SQLite database, or another program's.
    #[error("not a database of this program: {0}")]
    NotADatabase(PathBuf),
    /// The key that was found does not open the file.
    #[error("wrong key for {0}")]
    WrongDatabaseKey(PathBuf),
    /// The file is encrypted, and this program was built without encryption.
    #[error("no encryption in this program: {0}")]
    NoEncryption(PathBuf),
    /// A restore was cut off: the old database lies aside, and the new one is not in its place.
    #[error("half restored: {0}")]
    HalfRestored(PathBuf),
    /// A program has the database open.
    #[error("in use")]
    InUse,
    /// The key of the database cannot be read.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// A newer version of the program wrote it.
    #[error("database version {found}, this program knows {known}")]
    Newer {
        /// Version of the file.
        found: i64,
        /// Latest version known here.
        known: i64,
    },
    /// The SQLite library could damage a database that two programs write.
    #[error("SQLite {0} is older than 3.51.3")]
    SqliteTooOld(String),
    /// The file system does not offer what several programs at once need (a network folder).
    #[error("no write-ahead log at {0}")]
    NoWriteAheadLog(PathBuf),
    /// The disk is full. Nothing was changed.
    #[error("disk full")]
    DiskFull,
    /// Another program kept the database for longer than 5 seconds. Nothing was changed.
    #[error("database busy")]
    Busy,
    /// The disk failed while reading or writing.
    #[error("input/output error")]
    Disk(#[source] rusqlite::Error),
    /// The file is damaged.
    #[error("database damaged: {0}")]
    Damaged(String),
    /// Whether it was saved could not be found out: look these identifiers up before anything else.
    #[error("outcome unknown")]
    OutcomeUnknown(Vec<String>),
    /// Rules stop the signing; the findings say which and why.
    #[error("{} findings stop the signing", .findings.len())]
    Refused {
        /// Identifier that the entry was to have.
        id: String,
        /// All that the rules say of it.
        findings: Vec<Finding>,
    },
    /// The policy does not let this role sign this.
    #[error("role {role} may not sign {what}")]
    MayNotSign {
        /// Role code.
        role: &'static str,
        /// Code of the kind of entry.
        what: String,
    },
    /// The person is suspended.
    #[error("suspended")]
    Suspended,
    /// The key is not the one that this person has here.
    #[error("key does not belong to the signer")]
    WrongKey,
    /// There is no such notification.
    #[error("no such notification")]
    NoNotification(String),
    /// There is no such draft: signed or discarded elsewhere.
    #[error("no such draft")]
    NoDraft(String),
    /// Another window holds the draft.
    #[error("draft held elsewhere")]
    DraftHeld {
        /// Login of whoever holds it.
        by: String,
        /// Since when.
        since: String,
    },
    /// Somebody else corrected the notification in the meantime.
    #[error("revision {now} is newer than the one that was looked at")]
    Moved {
        /// Latest revision.
        now: u32,
    },
    /// It is annulled already, or an annulment is under way.
    #[error("annulled already")]
    Annulled,
    /// An amendment states another kind of event than the notification.
    #[error("another kind of event")]
    OtherKind,
    /// There is no annulment to confirm.
    #[error("no annulment to confirm")]
    NothingToAttest,
    /// An annulment must be confirmed by somebody else than who signed it.
    #[error("a second person must attest")]
    SamePerson,
    /// A key is given by somebody else than who gets it, and by two different people where it takes two.
    #[error("a key is given by somebody else")]
    OwnKey,
    /// The setting `keys_by_two` asks for a second person.
    #[error("a second person is missing")]
    SecondMissing,
    /// There is no such person.
    #[error("no such person")]
    NoPerson(String),
    /// The login is taken.
    #[error("login taken")]
    PersonExists(String),
    /// An entry contradicts one that is here: two at one place of a journal.
    #[error("two entries at one place of a journal")]
    Fork {
        /// Journal.
        jid: String,
        /// Place.
        seq: u64,
    },
    /// A month is not of the form `YYYY-MM`.
    #[error("not a month")]
    NotAMonth(String),
    /// Signing or reading a signed object failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A body that this version cannot read.
    #[error("unreadable body of entry")]
    Body(String),
    /// A defect of this program or of the database.
    #[error("database error")]
    Sql(#[source] rusqlite::Error),
}

/// Findings carry what was typed: a log gets how many there are, and never what they say.
impl std::fmt::Debug for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::Disk(e) | StoreError::Sql(e) => write!(f, "StoreError({self}: {e})"),
            _ => write!(f, "StoreError({self})"),
        }
    }
}

impl StoreError {
    /// Whether trying the same again later can help.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            StoreError::Busy | StoreError::DiskFull | StoreError::OutcomeUnknown(_)
        )
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match e.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::DiskFull,
            // The write-ahead log's index cannot grow: SQLite's word for a full disk at opening.
            Some(ErrorCode::SystemIoFailure)
                if e.sqlite_extended_error_code() == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) =>
            {
                StoreError::DiskFull
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::SystemIoFailure) => StoreError::Disk(e),
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged(e.to_string()),
            Some(ErrorCode::NotADatabase) => StoreError::NotADatabase(PathBuf::new()),
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                StoreError::Unwritable {
                    path: PathBuf::new(),
                    what: e.to_string(),
                }
            }
            _ => StoreError::Sql(e),
        }
    }
}

impl Explain for StoreError {
    fn msg(&self) -> Msg {
        let path = |id: &'static str, p: &PathBuf| Msg::new(id).with("path", p.display().to_string());
        match self {
            StoreError::Unwritable { path: p, what } => {
                path("store-unwritable", p).with("what", what.as_str())
            }
            StoreError::NotADatabase(p) => path("store-not-a-database", p),
            StoreError::WrongDatabaseKey(p) => path("store-wrong-database-key", p),
            StoreError::NoEncryption(p) => path("store-no-encryption", p),
            StoreError::HalfRestored(p) => path("store-half-restored", p),
            StoreError::InUse => Msg::new("store-in-use"),
            StoreError::Env(e) => e.msg(),
            StoreError::Newer { found, known } => Msg::new("store-newer")
                .with("found", *found)
                .with("known", *known),
            StoreError::SqliteTooOld(v) => Msg::new("store-sqlite-too-old").with("found", v.as_str()),
            StoreError::NoWriteAheadLog(p) => path("store-no-write-ahead-log", p),
            StoreError::DiskFull => Msg::new("store-disk-full"),
            StoreError::Busy => Msg::new("store-busy"),
            StoreError::Disk(e) => Msg::new("store-disk").with("what", e.to_string()),
            StoreError::Damaged(what) => Msg::new("store-damaged").with("what", what.as_str()),
            StoreError::OutcomeUnknown(_) => Msg::new("store-outcome-unknown"),
            StoreError::Refused { findings, .. } => Msg::new("store-refused").with("n", findings.len()),
            StoreError::MayNotSign { .. } => Msg::new("store-may-not-sign"),
            StoreError::Suspended => Msg::new("store-suspended"),
            StoreError::WrongKey => Msg::new("store-wrong-key"),
            StoreError::NoNotification(id) => Msg::new("store-no-notification").with("id", id.as_str()),
            StoreError::NoDraft(_) => Msg::new("store-no-draft"),
            StoreError::DraftHeld { by, since } => Msg::new("store-draft-held")
                .with("by", by.as_str())
                .with("since", since.as_str()),
            StoreError::Moved { now } => Msg::new("store-moved").with("rev", *now),
            StoreError::Annulled => Msg::new("store-annulled"),
            StoreError::OtherKind => Msg::new("store-other-kind"),
            StoreError::NothingToAttest => Msg::new("store-nothing-to-attest"),
            StoreError::SamePerson => Msg::new("store-same-person"),
            StoreError::OwnKey => Msg::new("store-own-key"),
            StoreError::SecondMissing => Msg::new("store-second-missing"),
            StoreError::NoPerson(login) => Msg::new("store-no-person").with("login", login.as_str()),
            StoreError::PersonExists(login) => Msg::new("store-person-exists").with("login", login.as_str()),
            StoreError::Fork { jid, seq } => Msg::new("store-fork")
                .with("jid", jid.as_str())
                .with("seq", i64::try_from(*seq).unwrap_or(i64::MAX)),
            StoreError::NotAMonth(found) => Msg::new("store-not-a-month").with("found", found.as_str()),
            StoreError::Seal(e) => e.msg(),
            StoreError::Body(id) => Msg::new("store-body").with("id", id.as_str()),
            StoreError::Sql(e) => Msg::new("store-sql").with("what", e.to_string()),
        }
    }
}
