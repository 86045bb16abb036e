//! Failures, shown in one place, and the exit codes.

pub use super::fault::Fault;
use crate::lang::{Explain, Lang, Msg};

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
    /// The faults of events in a file.
    pub faults: Vec<Fault>,
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
            faults: Vec::new(),
            exit: REFUSED,
        }
    }

    /// The command line is wrong.
    pub fn usage(msg: Msg) -> Failure {
        Failure {
            msg,
            hint: Some(Msg::new("cli-see-help")),
            details: Vec::new(),
            faults: Vec::new(),
            exit: USAGE,
        }
    }

    /// The portal cannot be reached.
    pub fn unreachable(e: &dyn Explain) -> Failure {
        Failure {
            msg: e.msg(),
            hint: e.hint(),
            details: Vec::new(),
            faults: Vec::new(),
            exit: UNREACHABLE,
        }
    }

    /// With further lines.
    #[must_use]
    pub fn with_details(mut self, details: Vec<Msg>) -> Failure {
        self.details = details;
        self
    }

    /// Events of a file cannot be read.
    pub fn of_faults(faults: Vec<Fault>) -> Failure {
        Failure {
            details: faults.iter().map(|fault| fault.error.msg.clone()).collect(),
            ..Failure::refused(Msg::new("cli-event-refused").with("n", faults.len()))
        }
        .with_faults(faults)
    }

    fn with_faults(mut self, faults: Vec<Fault>) -> Failure {
        self.faults = faults;
        self
    }

    /// The lines for a person.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines = vec![self.msg.render(lang)];
        let details: Vec<String> = match &*self.faults {
            [] => self.details.iter().map(|d| d.render(lang)).collect(),
            faults => faults.iter().map(|fault| fault.line(lang)).collect(),
        };
        lines.extend(details.iter().map(|line| format!("• {line}")));
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
        if let (false, Some(out)) = (self.faults.is_empty(), out.as_object_mut()) {
            let list = self.faults.iter().map(|fault| fault.json(lang));
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
            faults: Vec::new(),
            exit: REFUSED,
        }
    }
}
