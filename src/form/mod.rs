//! A draft, an event, the JSON of the signed body and its schema, from one to the other.
//!
//! All follow from the table of [`crate::questions`]: the screen, the body ([`body`]), its schema
//! ([`schema()`]) and the documentation. Adding a field is one row there, an identifier in `vital::field`
//! if a rule names it, and its texts.
//!
//! Deliberately absent: the terminal, files, rules about plausibility (`rules`).

pub mod body;
mod draft;
mod input;
mod schema;
#[cfg(test)]
mod tests;
mod who;

pub use draft::{Amends, Draft, DraftAnswer};
pub use input::{read, show, show_stated};
pub use schema::schema;
pub use who::{causes, who_certificate};

use crate::lang::{Arg, Msg};
use crate::questions::{label_id, question};

/// The place of a fault that is the whole file's.
pub const WHOLE: &str = "$";

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
