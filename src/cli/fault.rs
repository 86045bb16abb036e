//! The one shape of a fault, of form or of a rule, for programs.
//!
//! `rule` names the rule, or `form` for what cannot be read; `pointer` is the place in the file (RFC 6901);
//! `messages` holds the sentence in each language, `message` the one in the chosen language.

use serde_json::{Value, json};

use crate::form::FieldError;
use crate::lang::{Lang, Msg};
use crate::rules::{self, Finding, Severity};
use crate::vital::{Answer, Kind};

/// A finding of a rule about the event that stands `within` a file.
pub fn of_finding(finding: &Finding, within: &str, lang: Lang) -> Value {
    let place = format!("{within}{}", pointer(finding.field));
    let said = (finding.rule, finding.severity, finding.field, place);
    fault(said, &finding.msg, finding.answer, lang)
}

/// A value that cannot be read: it stops, and names the rule that it breaks where a rule speaks of such values.
#[derive(Debug)]
pub struct Fault {
    kind: Kind,
    /// Where the event stands in the file, as a JSON pointer.
    within: String,
    /// What cannot be read.
    pub error: FieldError,
}

impl Fault {
    /// A fault of an event of this kind that stands `within` a file.
    pub fn of(kind: Kind, within: &str, error: FieldError) -> Fault {
        Fault {
            kind,
            within: within.to_owned(),
            error,
        }
    }

    /// The line for a person: of a file that holds more than an event with where that stands.
    pub fn line(&self, lang: Lang) -> String {
        let said = self.error.msg.render(lang);
        match &*self.within {
            "" => said,
            within => format!("{within} {said}"),
        }
    }

    /// The object for a program.
    pub fn json(&self, lang: Lang) -> Value {
        let field = self.error.field.as_str();
        let rule = rules::of_unreadable(self.kind, field).map_or("form", |rule| rule.id);
        let place = format!("{}{}", self.within, pointer(field));
        fault((rule, Severity::E, field, place), &self.error.msg, None, lang)
    }
}

fn fault(
    (rule, severity, field, pointer): (&str, Severity, &str, String),
    msg: &Msg,
    answer: Option<Answer>,
    lang: Lang,
) -> Value {
    let said: serde_json::Map<String, Value> = Lang::ALL
        .iter()
        .map(|lang| (lang.code().to_owned(), msg.render(*lang).into()))
        .collect();
    json!({
        "rule": rule,
        "severity": severity.code(),
        "field": field,
        "pointer": pointer,
        "message": msg.render(lang),
        "messages": said,
        "answer": answer,
    })
}

/// A field as a JSON pointer; `$` is the whole file.
fn pointer(field: &str) -> String {
    match field {
        "" | "$" => String::new(),
        field => format!(
            "/{}",
            field.replace('~', "~0").replace('/', "~1").replace('.', "/")
        ),
    }
}
