//! The declaration of every question, and what follows from it.
//!
//! One table ([`questions`]) says for each question its field, order, section, kind of input,
//! whether it must be answered, which ways of having no answer it takes, when it shows and where
//! it comes from. The screen, the JSON of the signed body ([`body`]), its schema ([`schema()`]) and
//! the documentation are all drawn from it: adding a field is one row there, an identifier in
//! `vital::field` if a rule names it, and its texts.
//!
//! Deliberately absent: the terminal, files, rules about plausibility (`rules`).

pub mod body;
mod declare;
mod draft;
mod input;
mod schema;
#[cfg(test)]
mod tests;
mod who;

pub use declare::{Input, Need, Question, question, question_of, questions, takes_estimate};
pub use draft::{Amends, Draft, DraftAnswer};
pub use input::{read, show, show_stated};
pub use schema::schema;
pub use who::who_certificate;

use crate::env::{Policy, Role};
use crate::lang::{Arg, Msg};
use crate::vital::Event;

/// What is wrong with one field, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Path of the field, or of the place in a file.
    pub field: String,
    /// What was found and what is allowed.
    pub msg: Msg,
}

impl FieldError {
    fn new(field: &str, id: &'static str) -> FieldError {
        let label = if question(field).is_some() {
            Arg::Ref(label_id(field))
        } else {
            Arg::from(field)
        };
        FieldError {
            field: field.to_owned(),
            msg: Msg {
                id: id.into(),
                args: vec![("field", label), ("path", Arg::from(field))],
            },
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<Arg>) -> FieldError {
        self.msg = self.msg.with(name, value);
        self
    }
}

/// Identifier of a field's label in the catalogue; its help is the same with `-help`.
pub fn label_id(field: &str) -> String {
    format!("field-{}", field.replace(['.', '_'], "-"))
}

/// Whether a correction touches what only a certifier may state: anything but people's
/// particulars, names, papers and the notification itself.
pub fn changes_medical(old: &Event, new: &Event) -> bool {
    const ADMINISTRATIVE: &[&str] = &["mother", "father", "child", "deceased", "found", "notice"];
    let mut fields = old.values.keys().chain(new.values.keys());
    fields.any(|field| {
        let section = question_of(new.kind, field).map_or("", |q| q.section);
        old.get(field) != new.get(field) && !ADMINISTRATIVE.contains(&section)
    })
}

/// Whether a role may sign a statement: what the policy says of the kind of event, and a clerk the
/// administrative supplement of what a certifier has signed (`before`).
pub fn may_sign(policy: &Policy, role: Role, before: Option<&Event>, event: &Event) -> bool {
    policy.may_sign(role, event.kind.code())
        || role == Role::Clerk && before.is_some_and(|before| !changes_medical(before, event))
}

/// Mandatory fields that apply to an event (rule C04 asks for each a value or a stated unknown).
///
/// Somebody of whom a given name is known may have no surname: then its field stays empty, and a
/// note (C13) says so.
pub fn required(event: &Event) -> Vec<&'static str> {
    let only_name = |q: &Question| {
        q.id.ends_with(".surname") && event.text(&q.id.replace(".surname", ".given")).is_some()
    };
    questions(event.kind)
        .filter(|q| q.need == Need::Required && (q.shows)(event) && !only_name(q))
        .map(|q| q.id)
        .collect()
}
