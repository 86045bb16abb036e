//! A draft: what was typed so far, kept as typed.

use std::collections::BTreeMap;
use std::fmt;

use super::input::typed;
use super::{FieldError, read};
use crate::env::{Facility, Role, new_uuid};
use crate::lang::Lang;
use crate::questions::{Question, question_of, questions, takes_estimate};
use crate::vital::{Answer, EntryHash, Event, Kind, Link, Nid, Not, Set, Stated, field};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What was typed for one question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftAnswer {
    /// The text as typed; kept while the question does not show or is stated unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Stated unknown: `yet`, `knowable`, `refused`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not: Option<String>,
}

/// The revision that a draft corrects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amends {
    /// The notification.
    pub nid: Nid,
    /// Its revision that was looked at.
    pub rev: u32,
    /// Hash of that revision's JWS.
    pub h: EntryHash,
    /// Why, in the person's words.
    #[serde(default)]
    pub reason: String,
}

/// A notification in the making.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Identifier of the draft.
    pub id: String,
    /// Kind of event.
    pub kind: Kind,
    /// Answers by field.
    pub answers: BTreeMap<String, DraftAnswer>,
    /// Answers to warnings by rule.
    #[serde(default)]
    pub checked: BTreeMap<String, Answer>,
    /// Notifications that belong to it.
    #[serde(default)]
    pub links: Vec<Link>,
    /// Membership in a multiple birth.
    #[serde(default)]
    pub set: Option<Set>,
    /// The revision that it corrects, if it is a correction.
    #[serde(default)]
    pub amends: Option<Amends>,
}

/// Names the fields, never what was typed.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Draft({} {:?})",
            self.kind.code(),
            self.answers.keys().collect::<Vec<_>>()
        )
    }
}

impl Draft {
    /// An empty draft.
    pub fn new(kind: Kind) -> Draft {
        Draft {
            id: new_uuid(),
            kind,
            answers: BTreeMap::new(),
            checked: BTreeMap::new(),
            links: Vec::new(),
            set: None,
            amends: None,
        }
    }

    /// A draft with what goes without saying: place, district and office of the facility, one
    /// child, the signer as attendant, and today where the clock is trusted.
    pub fn with_defaults(
        kind: Kind,
        facility: &Facility,
        role: Role,
        lang: Lang,
        today: Option<NaiveDate>,
    ) -> Draft {
        let mut draft = Draft::new(kind);
        let today = today
            .map(|d| d.format("%d.%m.%Y").to_string())
            .unwrap_or_default();
        draft.put(field::OFFICE, &facility.office);
        draft.put(kind.date_field(), &today);
        match kind {
            Kind::Birth | Kind::FoetalDeath => {
                draft.put(field::BIRTH_PLURALITY, "1");
                draft.put(field::BIRTH_PLACE, "facility");
                draft.put(field::BIRTH_DISTRICT, &facility.district);
                if matches!(role, Role::Doctor | Role::Midwife | Role::Feldsher) {
                    draft.put(field::BIRTH_ATTENDANT, role.code());
                }
            }
            Kind::Death => {
                draft.put(field::DEATH_CERTIFICATE, "final");
                draft.put(field::DEATH_PLACE, "facility");
                draft.put(field::DEATH_DISTRICT, &facility.district);
                draft.put(field::CAUSE_LANG, lang.code());
            }
        }
        draft
    }

    /// A draft that says what an event says, to correct it.
    pub fn from_event(event: &Event) -> Draft {
        let mut draft = Draft::new(event.kind);
        for q in questions(event.kind) {
            let answer = match event.get(q.id) {
                Some(Stated::Known(v)) => {
                    let about = if event.approximate.contains(q.id) { "~" } else { "" };
                    DraftAnswer {
                        text: format!("{about}{}", typed(v, q.input)),
                        not: None,
                    }
                }
                Some(Stated::Not(n)) => DraftAnswer {
                    text: String::new(),
                    not: Some(n.code().to_owned()),
                },
                None => continue,
            };
            draft.answers.insert(q.id.to_owned(), answer);
        }
        draft.checked = event.checked.clone();
        draft.links = event.links.clone();
        draft.set = event.set.clone();
        draft
    }

    /// The text typed for a field.
    pub fn text(&self, field: &str) -> &str {
        self.answers
            .get(field)
            .map(|a| a.text.as_str())
            .unwrap_or_default()
    }

    /// Why a field has no value, if that was stated.
    pub fn not(&self, field: &str) -> Option<Not> {
        self.answers
            .get(field)
            .and_then(|a| a.not.as_deref())
            .and_then(Not::from_code)
    }

    /// Whether the text says that it is an estimate: `~1950`, `~0500`.
    fn is_estimate(&self, field: &str) -> bool {
        self.text(field).trim_start().starts_with('~')
    }

    /// Sets the text of a field; a stated unknown goes.
    pub fn put(&mut self, field: &str, text: &str) {
        let answer = self.answers.entry(field.to_owned()).or_default();
        answer.text = text.to_owned();
        answer.not = None;
    }

    /// States why a field has no value, or takes that back; the text stays.
    pub fn state(&mut self, field: &str, not: Option<Not>) {
        self.answers.entry(field.to_owned()).or_default().not = not.map(|n| n.code().to_owned());
    }

    /// What the draft says, without what is not asked, and what is wrong with the rest.
    ///
    /// A question that does not show is left out; its text stays in the draft.
    pub fn event(&self) -> (Event, Vec<FieldError>) {
        let (mut event, mut errors) = self.stated();
        // A question that does not show can be what a later one shows by: one by one, until all show.
        let hidden = |event: &Event| {
            let mut of_kind = questions(self.kind);
            of_kind.find(|q| event.get(q.id).is_some() && !q.shows(event))
        };
        while let Some(q) = hidden(&event) {
            event.values.remove(q.id);
            event.approximate.remove(q.id);
        }
        errors.retain(|e| question_of(self.kind, &e.field).is_none_or(|q| q.shows(&event)));
        (event, errors)
    }

    /// The fields of which something was typed that is left out, as the event of the draft does not ask them.
    pub fn left_out<'a>(&'a self, event: &'a Event) -> impl Iterator<Item = &'static str> + 'a {
        let typed = |q: &&Question| !self.text(q.id).trim().is_empty() && self.not(q.id).is_none();
        let of_kind = questions(self.kind).filter(typed);
        of_kind.filter(|q| !q.shows(event)).map(|q| q.id)
    }

    /// All that the draft says, also what is not asked, and what cannot be read.
    pub fn stated(&self) -> (Event, Vec<FieldError>) {
        let mut event = Event::new(self.kind);
        event.checked = self.checked.clone();
        event.links = self.links.clone();
        event.set = self.set.clone();
        let mut errors = Vec::new();
        for q in questions(self.kind) {
            match self.value(q) {
                Ok(Some(value)) => {
                    if takes_estimate(q) && self.is_estimate(q.id) && matches!(value, Stated::Known(_)) {
                        event.approximate.insert(q.id.to_owned());
                    }
                    event.set(q.id, value);
                }
                Ok(None) => {}
                Err(e) => errors.push(e),
            }
        }
        (event, errors)
    }

    fn value(&self, q: &Question) -> Result<Option<Stated<crate::vital::Value>>, FieldError> {
        if let Some(not) = self.not(q.id) {
            return match q.nots.contains(&not) {
                true => Ok(Some(Stated::Not(not))),
                false => Err(FieldError::new(q.id, "form-unknown-not-taken").with("found", not.code())),
            };
        }
        match self.text(q.id).trim() {
            "" => Ok(None),
            text => read(q, text).map(|v| Some(Stated::Known(v))),
        }
    }
}
