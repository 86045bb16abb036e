//! Rows of the book about deliveries and notifications, as plain values.

use super::assess::SigningTime;
use super::change::Step;
use super::state::Revision;
use crate::matching::MatchingRecord;
use crate::seal::{By, Problem, Status};
use crate::vital::{EntryHash, FacilityCode, Jid, Nid, OfficeCode};
use crate::wire::EnrolmentState;
use serde::{Deserialize, Serialize};

/// A journal that a device writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    /// Identifier.
    pub jid: Jid,
    /// Key of the device that it belongs to.
    pub dev: String,
    /// Facility of that device.
    pub fac: FacilityCode,
    /// The journal that it continues.
    pub continues: Option<Jid>,
    /// Highest entry up to which nothing is missing; 0 for none.
    pub head: u64,
    /// Its hash; 32 zero bytes in base64url for none.
    pub head_h: EntryHash,
    /// Highest entry of all.
    pub highest: u64,
    /// Two entries at one place, or one that does not follow.
    pub forked: bool,
}

/// What was decided about an entry: what its next receipt says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Status.
    pub status: Status,
    /// Who decided.
    pub by: By,
    /// Registration number.
    #[serde(default)]
    pub reg_no: Option<String>,
    /// Office of the number, or the one addressed.
    #[serde(default)]
    pub office: Option<OfficeCode>,
    /// What is still missing: `name`, `father`, `document`, `cause`.
    #[serde(default)]
    pub open: Vec<String>,
    /// The notification that this one repeats.
    #[serde(default)]
    pub dup_of: Option<Nid>,
    /// Why it is held or returned.
    #[serde(default)]
    pub problem: Option<Problem>,
    /// Date of the certificate, `YYYY-MM-DD`.
    #[serde(default)]
    pub cert: Option<String>,
}

impl Decision {
    /// A status by the machine, nothing more.
    pub fn of(status: Status) -> Decision {
        Decision {
            status,
            by: By::Auto,
            reg_no: None,
            office: None,
            open: Vec::new(),
            dup_of: None,
            problem: None,
            cert: None,
        }
    }

    /// A status with its reason.
    pub fn because(status: Status, problem: Problem) -> Decision {
        Decision {
            problem: Some(problem),
            ..Decision::of(status)
        }
    }
}

/// A decision about a notification as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedDecision {
    /// Place in the order of decisions; 0 before it is kept.
    pub no: u64,
    /// Notification.
    pub nid: Nid,
    /// The entry that it was about.
    pub at: Revision,
    /// When it was taken, Unix milliseconds.
    pub at_ms: i64,
    /// What it changed.
    pub steps: Vec<Step>,
    /// What it rested on.
    pub evidence: Evidence,
}

/// What a decision rested on. FROZEN: kept as JSON; a reader passes over members that it does not know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// Version of the program: of its rules and weights.
    pub app: String,
    /// Number of the trust list.
    pub trust: u64,
    /// Hash of the settings, the first letters.
    pub settings: String,
    /// Role of the signer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What it was compared with and found alike, with the points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<(Nid, i32)>,
    /// How far the time of signing was borne out, where something hung on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<SigningTime>,
    /// The registrar who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
}

/// An entry as kept. The JWS is the truth; the rest is for finding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Hash of the JWS.
    pub h: EntryHash,
    /// Identifier of the entry.
    pub id: String,
    /// Journal.
    pub jid: Jid,
    /// Place in the journal.
    pub seq: u64,
    /// Hash of the entry before.
    pub prev: EntryHash,
    /// Notification.
    pub nid: Nid,
    /// Revision.
    pub rev: u32,
    /// Type, as written.
    pub t: String,
    /// Facility.
    pub fac: FacilityCode,
    /// Key that signed.
    pub kid: String,
    /// Whether the signature was verified under a key of the trust list.
    pub verified: bool,
    /// When it arrived, Unix milliseconds. Revocation counts by it.
    pub at_ms: i64,
    /// The exact text.
    pub jws: String,
    /// What was decided last; none within its own delivery.
    pub decision: Option<Decision>,
}

/// A notification through its revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Identifier.
    pub nid: Nid,
    /// `birth`, `death`, `foetal-death`.
    pub kind: String,
    /// Facility that stated it.
    pub fac: FacilityCode,
    /// Registry office addressed.
    pub office: OfficeCode,
    /// Status of the last revision that took effect.
    pub status: Status,
    /// Last revision that follows the one before, whatever was decided about it.
    pub rev: u32,
    /// Its entry.
    pub h: EntryHash,
    /// Entry whose statement took effect last.
    pub effective: EntryHash,
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
    /// Number and date (`YYYY-MM-DD`) of the certificate that the family has.
    pub cert: Option<(String, String)>,
    /// Office and year of the book in which it stood before there was this registry.
    pub earlier: Option<(OfficeCode, i32)>,
}

/// By what a notification is found as a look-alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchIndexEntry {
    /// The notification.
    pub nid: Nid,
    /// Whether it is new: it has no keys yet.
    pub new: bool,
    /// Keys that every true look-alike shares one of.
    pub keys: Vec<String>,
    /// What is compared; none: it is found no more.
    pub record: Option<MatchingRecord>,
}

/// A notification as another is compared with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchingRow {
    /// The notification.
    pub nid: Nid,
    /// What is compared.
    pub record: MatchingRecord,
    /// Where it stands.
    pub status: Status,
    /// Whether it has a number in the register.
    pub numbered: bool,
}

/// An entry by which a facility suspended a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspendedBy {
    /// When it arrived, Unix milliseconds.
    pub at_ms: i64,
    /// Its hash.
    pub h: EntryHash,
    /// Its journal.
    pub jid: Jid,
    /// Its place there.
    pub seq: u64,
}

/// A request to enrol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentRequestRow {
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
    /// Whether it proved that it knows the code of its facility.
    pub invited: bool,
}

/// A one-time code of a facility.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What is kept of the code ([`crate::seal::code_secret`]), sealed (`portal::secrets`).
    pub secret: String,
    /// The facility.
    pub fac: FacilityCode,
    /// Until when it is open, Unix milliseconds.
    pub until_ms: i64,
    /// The device that used it.
    pub device: Option<String>,
    /// The administrator that used it.
    pub person: Option<String>,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invitation({})", self.fac)
    }
}

/// The last sign of life of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatRow {
    /// Key of the device.
    pub dev: String,
    /// Facility.
    pub fac: FacilityCode,
    /// When it arrived, Unix milliseconds.
    pub at_ms: i64,
    /// Entries not yet delivered.
    pub backlog: u64,
    /// When the oldest of these was signed by the device's clock, Unix milliseconds.
    pub oldest_ms: Option<i64>,
    /// Version of the program.
    pub app: String,
    /// The exact text.
    pub jws: String,
}

/// A receipt of a facility and, for other devices, its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// The receipt's JWS.
    pub receipt: String,
    /// The entry's JWS, where the portal has it.
    pub entry: Option<String>,
    /// Device whose journal the entry stands in.
    pub dev: Option<String>,
}
