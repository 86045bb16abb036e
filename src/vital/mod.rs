//! Vital events as types: live birth, death, foetal death.
//!
//! An event is what a ward states: a kind and a value for each field that was answered. A field
//! that was not asked is absent; one that was asked and has no value says why ([`Not`]). Which
//! fields exist, in which order and with which limits is declared once, in `questions`; here are the
//! types of their values and the identifiers that the rest of the program names.
//!
//! Deliberately absent: input and output, limits, texts for people.

mod age;
pub mod field;
mod id;
mod interval;
mod line;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use age::Age;
pub use id::{EntryHash, FacilityCode, Jid, Nid, OfficeCode};
pub use interval::Interval;
pub use line::{NAME_MOST, is_code, is_unprintable, line, name};
pub use value::{DateError, Not, PartialDate, Stated, TimeOfDay, Value, day_number};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A child was born alive (WHO definition: any sign of life).
    Birth,
    /// A person died.
    Death,
    /// A foetal death (stillbirth).
    FoetalDeath,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 3] = [Kind::Birth, Kind::Death, Kind::FoetalDeath];

    /// The word used in entries, commands and files. FROZEN: it is signed.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Birth => "birth",
            Kind::Death => "death",
            Kind::FoetalDeath => "foetal-death",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.code() == code)
    }

    /// Field that holds the day of the event.
    pub fn date_field(self) -> &'static str {
        match self {
            Kind::Birth | Kind::FoetalDeath => field::BIRTH_DATE,
            Kind::Death => field::DEATH_DATE,
        }
    }

    /// Field that holds the time of the event.
    pub fn time_field(self) -> &'static str {
        match self {
            Kind::Birth | Kind::FoetalDeath => field::BIRTH_TIME,
            Kind::Death => field::DEATH_TIME,
        }
    }

    /// Prefix of the person by whose name people look the event up: the mother or the deceased.
    pub fn person(self) -> &'static str {
        match self {
            Kind::Birth | Kind::FoetalDeath => "mother",
            Kind::Death => "deceased",
        }
    }
}

/// A certifier's answer to a warning (HL7 vital records edit flags 1 and 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Queried and found right.
    Verified,
    /// Queried, could not be verified.
    Unverified,
}

/// How another notification belongs to this one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The other notification.
    pub nid: String,
    /// `twin`, `death-of-this-birth`, `birth-of-this-death`, `mothers-death`.
    pub kind: String,
}

/// Membership in a multiple birth that is signed together.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Identifier of the set (UUID).
    pub id: String,
    /// Place in the set, from 1.
    pub order: u32,
    /// How many belong to it.
    pub n: u32,
}

/// A vital event as stated by a ward.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// Answers by field identifier.
    pub values: BTreeMap<String, Stated<Value>>,
    /// Dates and times that are estimates: they are known about so, not exactly.
    pub approximate: BTreeSet<String>,
    /// Answers to warnings by rule identifier.
    pub checked: BTreeMap<String, Answer>,
    /// Notifications that belong to this one.
    pub links: Vec<Link>,
    /// Membership in a multiple birth.
    pub set: Option<Set>,
    /// Body members this version does not know; kept, never interpreted.
    pub unknown: serde_json::Map<String, serde_json::Value>,
}

/// Names the fields, never what they say: an event is about a person and must not reach a log.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Event({} {:?})",
            self.kind.code(),
            self.values.keys().collect::<Vec<_>>()
        )
    }
}

impl Event {
    /// An event nothing is known of yet.
    pub fn new(kind: Kind) -> Event {
        Event {
            kind,
            values: BTreeMap::new(),
            approximate: BTreeSet::new(),
            checked: BTreeMap::new(),
            links: Vec::new(),
            set: None,
            unknown: serde_json::Map::new(),
        }
    }

    /// What was stated for a field.
    pub fn get(&self, field: &str) -> Option<&Stated<Value>> {
        self.values.get(field)
    }

    /// The value of a field, where one was given.
    pub fn known(&self, field: &str) -> Option<&Value> {
        match self.values.get(field) {
            Some(Stated::Known(v)) => Some(v),
            _ => None,
        }
    }

    /// Why a field has no value, where that was said.
    pub fn not(&self, field: &str) -> Option<Not> {
        match self.values.get(field) {
            Some(Stated::Not(n)) => Some(*n),
            _ => None,
        }
    }

    /// Whether warnings about an empty field fire: nothing said, or *not yet known*.
    pub fn is_open(&self, field: &str) -> bool {
        matches!(self.values.get(field), None | Some(Stated::Not(Not::Yet)))
    }

    /// Sets a value.
    pub fn set(&mut self, field: &str, value: impl Into<Stated<Value>>) {
        self.values.insert(field.to_owned(), value.into());
    }

    /// Text or code of a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.known(field)? {
            Value::Text(t) | Value::Code(t) => Some(t),
            _ => None,
        }
    }

    /// Number of a field, in the unit that the field declares.
    pub fn int(&self, field: &str) -> Option<i64> {
        match self.known(field)? {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// Date of a field.
    pub fn date(&self, field: &str) -> Option<PartialDate> {
        match self.known(field)? {
            Value::Date(d) => Some(*d),
            _ => None,
        }
    }

    /// Time of day of a field.
    pub fn time(&self, field: &str) -> Option<TimeOfDay> {
        match self.known(field)? {
            Value::Time(t) => Some(*t),
            _ => None,
        }
    }

    /// Duration of a field.
    pub fn interval(&self, field: &str) -> Option<&Interval> {
        match self.known(field)? {
            Value::Interval(i) => Some(i),
            _ => None,
        }
    }

    /// Day of the event.
    pub fn event_date(&self) -> Option<PartialDate> {
        self.date(self.kind.date_field())
    }

    /// Time of the event.
    pub fn event_time(&self) -> Option<TimeOfDay> {
        self.time(self.kind.time_field())
    }

    /// Surname, given name and patronymic of a person (`mother`, `deceased`, …), as far as known.
    pub fn name_of(&self, person: &str) -> String {
        let parts: Vec<&str> = ["surname", "given", "patronymic"]
            .iter()
            .filter_map(|p| self.text(&format!("{person}.{p}")))
            .collect();
        if parts.is_empty() {
            // Nobody's name is known: what an unknown body is called by.
            return self
                .text(&format!("{person}.label"))
                .unwrap_or_default()
                .to_owned();
        }
        parts.join(" ")
    }
}
