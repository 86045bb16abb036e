//! The one shape of a fault, of form or of a rule, for programs.
//!
//! `rule` names the rule, or `form` for what cannot be read; `pointer` is the place in the file (RFC 6901);
//! `messages` holds the sentence in each language, `message` the one in the chosen language.

use serde_json::{Value, json};

use crate::form::FieldError;
use crate::lang::{Lang, Msg};
use crate::rules::{self, Finding, Severity};
use crate::vital::{Answer, Kind};

/// A finding of a rule.
pub fn of_finding(finding: &Finding, lang: Lang) -> Value {
    let said = (finding.rule, finding.severity, finding.field);
    fault(said, &finding.msg, finding.answer, lang)
}

/// A value that cannot be read: it stops, and names the rule that it breaks where a rule speaks of such values.
pub fn of_form(kind: Kind, error: &FieldError, lang: Lang) -> Value {
    let rule = rules::of_unreadable(kind, &error.field).map_or("form", |rule| rule.id);
    fault((rule, Severity::E, &error.field), &error.msg, None, lang)
}

fn fault(
    (rule, severity, field): (&str, Severity, &str),
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
        "pointer": pointer(field),
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
