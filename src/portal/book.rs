//! The registry's book: what the portal keeps, as a trait, so that another database can stand
//! behind it.
//!
//! Work happens on a [`Leaf`], which is one transaction: all of it becomes durable, or nothing.
//! Rows are plain values; their meaning is `intake`'s and `decide`'s.

use serde::{Deserialize, Serialize};

use crate::seal::{By, Problem, Status};
use crate::wire::EnrolmentState;

/// The book failed; nothing of the transaction remains.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Somebody else writes for too long, or the disk is full: try again later.
    #[error("busy or full: {0}")]
    Busy(String),
    /// The database failed, or holds what it should not.
    #[error("{0}")]
    Failed(String),
    /// It was written by a newer version.
    #[error("database of version {0}")]
    Newer(i64),
}

/// Result of the book.
pub type Kept<T> = Result<T, BookError>;

/// A journal that a device writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Identifier.
    pub jid: String,
    /// Key of the device that it belongs to.
    pub dev: String,
    /// Facility of that device.
    pub fac: String,
    /// The journal that it continues.
    pub continues: Option<String>,
    /// Highest entry up to which nothing is missing; 0 for none.
    pub head: u64,
    /// Its hash; 32 zero bytes in base64url for none.
    pub head_h: String,
    /// Highest entry of all.
    pub highest: u64,
    /// Two entries at one place, or one that does not follow.
    pub forked: bool,
}

/// What was decided about an entry: what its next receipt says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Status.
    pub status: Status,
    /// Who decided.
    pub by: By,
    /// Registration number.
    #[serde(default)]
    pub reg_no: Option<String>,
    /// Office of the number, or the one addressed.
    #[serde(default)]
    pub office: Option<String>,
    /// What is still missing: `name`, `father`, `document`, `cause`.
    #[serde(default)]
    pub open: Vec<String>,
    /// The notification that this one repeats.
    #[serde(default)]
    pub dup_of: Option<String>,
    /// Why it is held or returned.
    #[serde(default)]
    pub problem: Option<Problem>,
}

impl Verdict {
    /// A status by the machine, nothing more.
    pub fn of(status: Status) -> Verdict {
        Verdict {
            status,
            by: By::Auto,
            reg_no: None,
            office: None,
            open: Vec::new(),
            dup_of: None,
            problem: None,
        }
    }

    /// A status with its reason.
    pub fn because(status: Status, problem: Problem) -> Verdict {
        Verdict {
            problem: Some(problem),
            ..Verdict::of(status)
        }
    }
}

/// An entry as kept. The JWS is the truth; the rest is for finding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Hash of the JWS.
    pub h: String,
    /// Identifier of the entry.
    pub id: String,
    /// Journal.
    pub jid: String,
    /// Place in the journal.
    pub seq: u64,
    /// Hash of the entry before.
    pub prev: String,
    /// Notification.
    pub nid: String,
    /// Revision.
    pub rev: u32,
    /// Type, as written.
    pub t: String,
    /// Facility.
    pub fac: String,
    /// Key that signed.
    pub kid: String,
    /// Whether the signature was verified under a key of the trust list.
    pub verified: bool,
    /// When it arrived, Unix milliseconds. Revocation counts by it.
    pub at_ms: i64,
    /// The exact text.
    pub jws: String,
    /// What was decided last; none within its own delivery.
    pub verdict: Option<Verdict>,
}

/// A notification through its revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Identifier.
    pub nid: String,
    /// `birth`, `death`, `foetal-death`.
    pub kind: String,
    /// Facility that stated it.
    pub fac: String,
    /// Registry office addressed.
    pub office: String,
    /// Status of the last revision that took effect.
    pub status: Status,
    /// Last revision that follows the one before, whatever was decided about it.
    pub rev: u32,
    /// Its entry.
    pub h: String,
    /// Entry whose statement took effect last.
    pub effective: String,
    /// Registration number.
    pub reg_no: Option<String>,
    /// Why a human has to look at it; stays through amendments.
    pub hold: Option<Problem>,
    /// Multiple birth: set and number of members.
    pub set: Option<(String, u32)>,
    /// First day of the event that its date can mean, days from 1970-01-01; none without a date.
    pub day: Option<i32>,
    /// Time of the event where day and hour are known, else noon of its day; Unix milliseconds.
    pub event_ms: Option<i64>,
    /// When its first entry arrived, Unix milliseconds.
    pub first_ms: i64,
    /// When it was registered, Unix milliseconds.
    pub registered_ms: Option<i64>,
    /// Entry that annuls it, and the key that signed that.
    pub void: Option<(String, String)>,
}

/// What likeness looks at in a person, so that only true look-alikes are read in full.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Surname, given name, patronymic, document, date of birth; empty where unknown.
    pub parts: [String; 5],
}

/// Nothing of a person goes into logs.
impl std::fmt::Debug for Likeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Likeness")
    }
}

/// A request to enrol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentKept {
    /// Identifier: hash of the JWS.
    pub id: String,
    /// The key that asks.
    pub kid: String,
    /// The exact text.
    pub jws: String,
    /// When it came, Unix milliseconds.
    pub at_ms: i64,
    /// How far it has come.
    pub state: EnrolmentState,
}

/// The last sign of life of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOfLife {
    /// Key of the device.
    pub dev: String,
    /// Facility.
    pub fac: String,
    /// When it arrived, Unix milliseconds.
    pub at_ms: i64,
    /// Entries not yet delivered.
    pub backlog: u64,
    /// Version of the program.
    pub app: String,
    /// The exact text.
    pub jws: String,
}

/// A receipt of a facility and, for other devices, its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Number of the receipt.
    pub n: u64,
    /// The receipt's JWS.
    pub receipt: String,
    /// The entry's JWS, where the portal has it.
    pub entry: Option<String>,
    /// Device whose journal the entry stands in.
    pub dev: Option<String>,
}

/// Counts of the ministry's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthCount {
    /// Facility.
    pub fac: String,
    /// Kind of event.
    pub kind: String,
    /// `YYYY-MM` of the event.
    pub month: String,
    /// Notifications that are not voided, returned or duplicates.
    pub count: u64,
    /// Milliseconds from event to registration, of those that are registered.
    pub delays_ms: Vec<i64>,
}

/// A notification as the ministry's rules look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedRow {
    /// Facility.
    pub fac: String,
    /// Kind of event.
    pub kind: String,
    /// Whether it was annulled.
    pub voided: bool,
    /// Time of the event where its day is known, Unix milliseconds.
    pub event_ms: Option<i64>,
    /// When its first entry arrived, Unix milliseconds.
    pub first_ms: i64,
    /// The entry whose statement took effect last.
    pub jws: String,
}

/// The book.
pub trait Book: Send {
    /// Runs `work` in a transaction that excludes other writers; an error undoes all of it.
    fn write(&mut self, work: &mut dyn FnMut(&dyn Leaf) -> Kept<()>) -> Kept<()>;
    /// Runs `work` on one consistent state.
    fn read(&mut self, work: &mut dyn FnMut(&dyn Leaf) -> Kept<()>) -> Kept<()>;
}

/// One transaction.
pub trait Leaf {
    /// All trust lists with a higher number, oldest first.
    fn trust_lists(&self, after: u64) -> Kept<Vec<String>>;
    /// The newest trust list's number; 0 for none.
    fn trust_number(&self) -> Kept<u64>;
    /// Adds a trust list.
    fn add_trust(&self, number: u64, jws: &str) -> Kept<()>;

    /// Makes a facility known; a known one keeps its receipts and gets the name.
    fn put_facility(&self, fac: &str, name: &str, district: &str, office: &str) -> Kept<()>;
    /// Codes and names of facilities.
    fn facilities(&self) -> Kept<Vec<(String, String)>>;
    /// Takes the next receipt number of a facility.
    fn next_n(&self, fac: &str) -> Kept<u64>;
    /// Lifts a facility's receipt number to at least `n`.
    fn raise_n(&self, fac: &str, n: u64) -> Kept<()>;

    /// A journal.
    fn journal(&self, jid: &str) -> Kept<Option<Journal>>;
    /// Keeps a journal.
    fn put_journal(&self, journal: &Journal) -> Kept<()>;
    /// Whether a device has a journal that continues this one.
    fn continues(&self, dev: &str, jid: &str) -> Kept<bool>;

    /// An entry.
    fn entry(&self, h: &str) -> Kept<Option<EntryRow>>;
    /// Hash and predecessor of each entry at a place of a journal.
    fn entries_at(&self, jid: &str, seq: u64) -> Kept<Vec<(String, String)>>;
    /// Adds an entry; its verdict is not kept by this.
    fn add_entry(&self, entry: &EntryRow) -> Kept<()>;
    /// Keeps what was decided about an entry.
    fn set_verdict(&self, h: &str, verdict: &Verdict) -> Kept<()>;
    /// Notes that an entry's signature was verified.
    fn set_verified(&self, h: &str) -> Kept<()>;
    /// Entries of a journal from a place on, in order, as text.
    fn journal_entries(&self, jid: &str, from: u64, most: usize) -> Kept<Vec<String>>;
    /// Entries that a registrar has to look at: held, prepared, annulment pending; oldest first.
    fn on_desk(&self, most: usize) -> Kept<Vec<EntryRow>>;
    /// Unverified entries that are held, of one key.
    fn unverified(&self, kid: &str) -> Kept<Vec<EntryRow>>;

    /// Adds a receipt; the same one again changes nothing.
    fn add_receipt(&self, fac: &str, n: u64, h: &str, jws: &str) -> Kept<()>;
    /// Whether this receipt is kept.
    fn has_receipt(&self, fac: &str, n: u64, h: &str) -> Kept<bool>;
    /// The newest receipt of an entry.
    fn newest_receipt(&self, h: &str) -> Kept<Option<String>>;
    /// Receipts of a facility after a number.
    fn feed(&self, fac: &str, after: u64, most: usize) -> Kept<Vec<FeedRow>>;

    /// A notification.
    fn notification(&self, nid: &str) -> Kept<Option<Notification>>;
    /// Keeps a notification.
    fn put_notification(&self, notification: &Notification) -> Kept<()>;
    /// Members of a multiple birth.
    fn set_members(&self, set: &str) -> Kept<Vec<Notification>>;
    /// Multiple births with a member that is undecided and came before.
    fn waiting_sets(&self, before_ms: i64) -> Kept<Vec<String>>;

    /// Notes that an entry waits for another notification (`nid`) or entry (hash).
    fn wait(&self, h: &str, on: &str) -> Kept<()>;
    /// Takes what waits, in order of arrival.
    fn take_waiting(&self, on: &str) -> Kept<Vec<String>>;

    /// Replaces the keys by which look-alikes of a notification are found, and the person that
    /// they stand for; no keys: it is found no more.
    fn put_alike(&self, nid: &str, day: i32, keys: &[String], who: &Likeness) -> Kept<()>;
    /// Notifications that share a key within days.
    fn alike_by_keys(&self, from_day: i32, to_day: i32, keys: &[String]) -> Kept<Vec<(String, Likeness)>>;

    /// Takes the next number of an office, year and kind.
    fn next_number(&self, office: &str, year: i32, kind: &str) -> Kept<u64>;
    /// Lifts that number to at least `n`.
    fn raise_number(&self, office: &str, year: i32, kind: &str, n: u64) -> Kept<()>;

    /// Keeps a request to enrol; the same one again changes nothing.
    fn add_enrolment(&self, enrolment: &EnrolmentKept) -> Kept<()>;
    /// A request to enrol.
    fn enrolment(&self, id: &str) -> Kept<Option<EnrolmentKept>>;
    /// All requests, newest first.
    fn enrolments(&self) -> Kept<Vec<EnrolmentKept>>;
    /// How many requests wait.
    fn waiting_enrolments(&self) -> Kept<u64>;
    /// Changes the state of a request.
    fn set_enrolment(&self, id: &str, state: EnrolmentState) -> Kept<()>;

    /// Keeps the newest sign of life of a device.
    fn put_heartbeat(&self, sign: &SignOfLife) -> Kept<()>;
    /// The newest sign of life of each device.
    fn heartbeats(&self) -> Kept<Vec<SignOfLife>>;
    /// Counts by facility, kind and month.
    fn months(&self) -> Kept<Vec<MonthCount>>;
    /// Hands over every notification of events within days that is no duplicate and was not sent
    /// back.
    fn each_stated(
        &self,
        from_day: i32,
        to_day: i32,
        each: &mut dyn FnMut(StatedRow) -> Kept<()>,
    ) -> Kept<()>;
    /// How many entries have each status.
    fn status_counts(&self) -> Kept<Vec<(String, u64)>>;
    /// How many journals are forked.
    fn forked_journals(&self) -> Kept<u64>;
}
