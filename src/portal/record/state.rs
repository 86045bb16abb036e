//! A notification at the registry: its states as types.

use chrono::{DateTime, Datelike, FixedOffset};
use serde::{Deserialize, Serialize};

use super::hold::{Answer, Hold};
use super::reason::problem;
use crate::portal::PortalSettings;
use crate::seal::{Problem, Status};
use crate::vital::{EntryHash, FacilityCode, Kind, Nid, OfficeCode};
use crate::wire::Reason;

/// A revision of a notification: its number and its entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// From 1.
    pub rev: u32,
    /// Hash of the entry.
    pub h: EntryHash,
}

/// What a notification waits for that is nobody's fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waits {
    /// It has arrived and is not decided yet: what arrived before it forbids that.
    Decision,
    /// The other children of its multiple birth.
    Set,
    /// A notification that it names.
    Link(Nid),
    /// The death of a child that is stated not to live.
    Death,
}

impl Waits {
    /// The reason as receipts carry it, where they carry one.
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Waits::Decision | Waits::Set => None,
            Waits::Link(_) => Some(problem(Reason::LinkMissing)),
            Waits::Death => Some(problem(Reason::DeathAwaited)),
        }
    }

    /// Whether what arrived then has waited for longer than the setting allows.
    pub fn is_overdue(&self, settings: &PortalSettings, first_ms: i64, now: DateTime<FixedOffset>) -> bool {
        let hours = match self {
            Waits::Set | Waits::Decision => settings.limits.set_hours,
            Waits::Link(_) | Waits::Death => settings.registration.link_hours,
        };
        now.timestamp_millis() - first_ms > i64::from(hours) * 3_600_000
    }

    /// The reason for a person once it has waited too long.
    pub fn overdue(&self) -> Hold {
        match self {
            Waits::Decision | Waits::Set => Hold::of(Reason::SetIncomplete),
            Waits::Link(of) => Hold::beside(Reason::LinkMissing, of.clone()),
            Waits::Death => Hold::of(Reason::DeathAwaited),
        }
    }
}

/// An act in a book of records, by where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActPlace {
    /// The office whose book it is.
    pub office: OfficeCode,
    /// The book's year; none where only a receipt told of the act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Its number as written there.
    pub number: String,
}

/// Longest number of an act.
const LONGEST_NUMBER: usize = 40;
/// The year of the oldest book.
const FIRST_YEAR: i32 = 1900;

impl ActPlace {
    /// Reads a place as people write it; none where there is no such office, no such year by `now`, or no
    /// number.
    pub fn read(office: &str, year: &str, number: &str, now: DateTime<FixedOffset>) -> Option<ActPlace> {
        let year: i32 = year.parse().ok()?;
        let number = crate::vital::line(number, LONGEST_NUMBER)?;
        let says = number.chars().any(char::is_alphanumeric);
        let fits = (FIRST_YEAR..=now.year()).contains(&year);
        (crate::codes::knows("office", office) && says && fits).then(|| ActPlace {
            office: office.into(),
            year: Some(year),
            number,
        })
    }
}

/// What a duplicate repeats. FROZEN: a text is a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Original {
    /// A notification at this registry.
    Notification(Nid),
    /// An act that the registry knows by its place alone.
    Act(ActPlace),
}

impl Original {
    /// The notification, where it is one.
    pub fn nid(&self) -> Option<&Nid> {
        match self {
            Original::Notification(nid) => Some(nid),
            Original::Act(_) => None,
        }
    }
}

/// A certificate that a family has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Its number; empty where only its date came back from a receipt.
    pub number: String,
    /// Its date, `YYYY-MM-DD`.
    pub on: String,
}

/// An act in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Registration number.
    pub number: String,
    /// When it was given, Unix milliseconds.
    pub at_ms: i64,
    /// The certificate, once the family has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    /// Where it stood before there was this registry; none of a number that this registry gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<ActPlace>,
}

/// Who asked for an annulment, and who has decided on it so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annulment {
    /// The entry by which the ward asks, or the one in force where a registrar does.
    pub h: EntryHash,
    /// Key of whoever asks at the ward; none where a registrar does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The registrar who decided that it is right, where a second one has to confirm it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// That registrar's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Where a notification stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Waits for what is still to come.
    Received(Waits),
    /// A person at the registry looks at it; the gravest reason first, never none.
    Held(Vec<Hold>),
    /// The ward has to correct it; what a person had reason to look at stays.
    Returned { kept: Vec<Hold> },
    /// A complete file that waits for the family.
    Prepared(Problem),
    /// It stands in the register.
    Registered(Registration),
    /// The event stands in the register already.
    Duplicate { of: Original },
    /// Somebody asked to annul it; until that takes effect it stands as it stood.
    AnnulmentPending { annulment: Annulment, stood: Box<State> },
    /// Annulled; a number that it had is not given again.
    Voided { registration: Option<Registration> },
}

/// What a notification is found and counted by, of the statement in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Multiple birth: set and number of members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<(String, u32)>,
    /// First day of the event that its date can mean, days from 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<i32>,
    /// Time of the event where day and hour are known, else noon of its day; Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_ms: Option<i64>,
    /// Whether nothing but its own word says when it was signed, long after the event: it counts as received
    /// late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unproven: bool,
}

/// A notification at the registry, as facts and decisions add up to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Identifier.
    pub nid: Nid,
    /// What happened.
    pub kind: Kind,
    /// Facility that stated it.
    pub fac: FacilityCode,
    /// Registry office that serves it.
    pub office: OfficeCode,
    /// When its first entry arrived, Unix milliseconds.
    pub first_ms: i64,
    /// Its first entry; empty where an older version kept the record.
    #[serde(default)]
    pub first: EntryHash,
    /// The last revision that took effect or may still.
    pub newest: Revision,
    /// The revision whose statement is in force.
    pub effective: Revision,
    /// Of the statement in force.
    pub about: About,
    /// Where it stands.
    pub state: State,
    /// Why its newest revision waits beside what is registered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Hold>,
    /// What a person looks at although it is registered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Hold>,
    /// What registrars have answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

impl State {
    /// Its word on the wire.
    pub fn status(&self) -> Status {
        match self {
            State::Received(_) | State::Prepared(_) => Status::Received,
            State::Held(_) => Status::Held,
            State::Returned { .. } => Status::Returned,
            State::Registered(Registration {
                certificate: None, ..
            }) => Status::Registered,
            State::Registered(_) => Status::CertificateIssued,
            State::Duplicate { .. } => Status::Duplicate,
            State::AnnulmentPending { .. } => Status::AnnulmentPending,
            State::Voided { .. } => Status::Voided,
        }
    }

    /// The act in the register, annulled or not.
    pub fn registration(&self) -> Option<&Registration> {
        match self {
            State::Registered(registration) => Some(registration),
            State::AnnulmentPending { stood, .. } => stood.registration(),
            State::Voided { registration } => registration.as_ref(),
            _ => None,
        }
    }

    /// Whether it says that an event happened, so that another report is compared with it.
    pub fn stands(&self) -> bool {
        match self {
            State::Received(_) | State::Prepared(_) | State::Registered(_) => true,
            State::Held(why) => !why.iter().any(Hold::doubts_key),
            State::AnnulmentPending { stood, .. } => stood.stands(),
            State::Returned { .. } | State::Duplicate { .. } | State::Voided { .. } => false,
        }
    }
}

impl Record {
    /// Its word on the wire.
    pub fn status(&self) -> Status {
        self.state.status()
    }

    /// The act in the register while it is in force.
    pub fn registered(&self) -> Option<&Registration> {
        match &self.state {
            State::Registered(registration) => Some(registration),
            _ => None,
        }
    }

    /// Whether a registrar has answered this reason against an entry's statement.
    pub fn is_answered(&self, hold: &Hold, entry: &EntryHash) -> bool {
        let same = |a: &Answer| a.code == hold.problem.code && a.of == hold.of && a.entry == *entry;
        self.answers.iter().any(same)
    }

    /// What a person looks at: of the notification, or of a revision beside what is registered.
    pub fn holds(&self) -> &[Hold] {
        match &self.state {
            State::Held(why) => why,
            State::Returned { kept } => kept,
            _ => &self.beside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_duplicate_repeats_is_frozen() {
        let act = ActPlace {
            office: "TJ-DU-02".into(),
            year: Some(2019),
            number: "17/б".to_owned(),
        };
        let told = ActPlace {
            year: None,
            ..act.clone()
        };
        for (of, text) in [
            (Original::Notification("nid".into()), r#""nid""#),
            (
                Original::Act(act),
                r#"{"office":"TJ-DU-02","year":2019,"number":"17/б"}"#,
            ),
            (Original::Act(told), r#"{"office":"TJ-DU-02","number":"17/б"}"#),
        ] {
            assert_eq!(serde_json::to_string(&of).unwrap(), text);
            assert_eq!(serde_json::from_str::<Original>(text).unwrap(), of);
        }
    }
}
