//! Questions before something that counts, as values.

use super::data::Shown;
use super::field::Field;
use super::msg::Secret;

/// What a question leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Sign the draft of the form beneath.
    Sign,
    /// Correct a notification.
    Correct(String),
    /// Annul a notification.
    Annul(String),
    /// Confirm a colleague's annulment.
    Attest(String),
    /// Throw a draft away.
    Drop(String),
    /// Leave a form whose last change could not be written.
    Leave,
    /// Set a PIN for this session.
    Pin,
    /// Give the person with this login a new key.
    IssueKey(String),
    /// Show whose key was given, and its passphrase.
    KeyIssued(String, Secret),
}

/// A line of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogField {
    /// The surname, typed once more.
    Surname,
    /// Why.
    Reason,
    /// Login of a colleague who helps.
    Helper,
    /// Passphrase or PIN.
    Secret,
    /// Login of a second person, where it takes two.
    Second,
    /// Passphrase of the second person.
    SecondSecret,
    /// A new PIN.
    Pin,
    /// The new PIN once more.
    PinAgain,
}

/// A question before something that counts.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// What it leads to.
    pub purpose: Purpose,
    /// What has to be typed.
    pub lines: Vec<(DialogField, Field)>,
    /// Which line has the focus.
    pub at: usize,
    /// What is taken as the right person's surname or last four digits, where one has to be retyped.
    pub retype: Vec<String>,
    /// Whether it is being done.
    pub waiting: bool,
    /// Why it was not.
    pub failed: Option<Shown>,
}

impl Dialog {
    /// A question with these lines.
    pub fn new(purpose: Purpose, lines: &[DialogField], retype: Vec<String>) -> Dialog {
        let lines = lines
            .iter()
            .map(|line| {
                let field = match line {
                    DialogField::Secret
                    | DialogField::SecondSecret
                    | DialogField::Pin
                    | DialogField::PinAgain => Field::secret(),
                    _ => Field::default(),
                };
                (*line, field)
            })
            .collect();
        Dialog {
            purpose,
            lines,
            at: 0,
            retype,
            waiting: false,
            failed: None,
        }
    }

    /// What was typed on a line.
    pub fn text(&self, line: DialogField) -> &str {
        self.lines
            .iter()
            .find(|(l, _)| *l == line)
            .map(|(_, f)| f.text())
            .unwrap_or_default()
    }
}
