//! Failures, shown in one place, and the exit codes.

use crate::form::FieldError;
use crate::lang::{Explain, Lang, Msg};
use crate::vital::Kind;

/// Everything went as asked.
pub const OK: i32 = 0;
/// Refused, or found wrong.
pub const REFUSED: i32 = 1;
/// The command line is wrong.
pub const USAGE: i32 = 2;
/// The portal cannot be reached.
pub const UNREACHABLE: i32 = 3;

/// Why a command ends without having done what was asked.
#[derive(Debug)]
pub struct Failure {
    /// What happened.
    pub msg: Msg,
    /// What to do.
    pub hint: Option<Msg>,
    /// Further lines, such as each fault of a file.
    pub details: Vec<Msg>,
    /// The faults of an event in a file, and its kind.
    pub faults: Option<(Kind, Vec<FieldError>)>,
    /// Exit code.
    pub exit: i32,
}

impl Failure {
    /// Something was refused or is wrong.
    pub fn refused(msg: Msg) -> Failure {
        Failure {
            msg,
            hint: None,
            details: Vec::new(),
            faults: None,
            exit: REFUSED,
        }
    }

    /// The command line is wrong.
    pub fn usage(msg: Msg) -> Failure {
        Failure {
            msg,
            hint: Some(Msg::new("cli-see-help")),
            details: Vec::new(),
            faults: None,
            exit: USAGE,
        }
    }

    /// The portal cannot be reached.
    pub fn unreachable(e: &dyn Explain) -> Failure {
        Failure {
            msg: e.msg(),
            hint: e.hint(),
            details: Vec::new(),
            faults: None,
            exit: UNREACHABLE,
        }
    }

    /// With further lines.
    #[must_use]
    pub fn with_details(mut self, details: Vec<Msg>) -> Failure {
        self.details = details;
        self
    }

    /// The lines for a person.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines = vec![self.msg.render(lang)];
        lines.extend(self.details.iter().map(|d| format!("• {}", d.render(lang))));
        lines.extend(self.hint.iter().map(|h| format!("→ {}", h.render(lang))));
        lines
    }

    /// The object for a program.
    pub fn json(&self, lang: Lang) -> serde_json::Value {
        let details: Vec<String> = self.details.iter().map(|d| d.render(lang)).collect();
        let mut out = serde_json::json!({
            "error": self.msg.id,
            "message": self.msg.render(lang),
            "details": details,
            "hint": self.hint.as_ref().map(|h| h.render(lang)),
        });
        if let (Some((kind, faults)), Some(out)) = (&self.faults, out.as_object_mut()) {
            let list = faults.iter().map(|e| super::fault::of_form(*kind, e, lang));
            out.insert("findings".to_owned(), list.collect());
        }
        out
    }
}

impl<E: Explain> From<E> for Failure {
    fn from(e: E) -> Failure {
        Failure {
            msg: e.msg(),
            hint: e.hint(),
            details: Vec::new(),
            faults: None,
            exit: REFUSED,
        }
    }
}
