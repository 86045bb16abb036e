//! Commands that can do without a data folder: the schema, the rules, the check of an event.

use chrono::{DateTime, FixedOffset};
use serde_json::json;

use super::fail::{self, Failure};
use super::fault::{Fault, of_finding};
use super::out::Out;
use super::parse::Call;
use super::read::read;
use super::ward;
use crate::env::{Clock, Limits, Policy, Role, SystemClock};
use crate::figures::MINISTRY_RULES;
use crate::form::{self, FieldError, body};
use crate::lang::Msg;
use crate::questions;
use crate::rules::{self, Context, Door, Finding};
use crate::vital::{Answer, Event, Kind};

/// The kind named by the first argument.
pub fn kind(call: &Call) -> Result<Kind, Failure> {
    let word = call.arg()?;
    Kind::from_code(word).ok_or_else(|| Failure::usage(Msg::new("cli-kind-unknown").with("found", word)))
}

/// Text of the file named by `--from`; `-` is standard input.
pub fn file(call: &Call) -> Result<String, Failure> {
    read(call.need("from")?)
}

/// The event in the file named by `--from`, or every fault of it.
pub fn event(call: &Call, kind: Kind) -> Result<Event, Failure> {
    let event = body::from_text(kind, &file(call)?).map_err(|faults| field_faults(kind, faults))?;
    answered(event, call)
}

/// The event with the answers given on the command line.
pub fn answered(mut event: Event, call: &Call) -> Result<Event, Failure> {
    for answer in call.values("answer") {
        let (rule, word) = answer.split_once('=').unwrap_or((answer, ""));
        let given = match word {
            "verified" => Answer::Verified,
            "unverified" => Answer::Unverified,
            _ => {
                return Err(Failure::usage(
                    Msg::new("cli-answer-unknown").with("found", answer.as_str()),
                ));
            }
        };
        event.checked.insert(rule.to_owned(), given);
    }
    Ok(event)
}

/// Faults of fields as one failure.
fn field_faults(kind: Kind, faults: Vec<FieldError>) -> Failure {
    Failure::of_faults(faults.into_iter().map(|e| Fault::of(kind, "", e)).collect())
}

/// A finding as a line.
pub fn finding_line(finding: &Finding, out: Out) -> String {
    format!(
        "{} {} {}: {}",
        finding.severity.code(),
        finding.rule,
        finding.field,
        finding.msg.render(out.lang)
    )
}

/// `check-event`: the findings for an event, without storing it.
///
/// With a data folder it looks as the ward would: with its limits, its list of causes and what lies
/// around the event there. `--at` looks as of another moment, for events that were written then; `--amends` as
/// a correction of a notification there, `--role` as somebody who is to sign it.
pub fn check_event(call: &Call, out: Out) -> Result<i32, Failure> {
    let kind = kind(call)?;
    let (event, faults) = body::read_text(kind, &file(call)?);
    if !out.json && !faults.is_empty() {
        return Err(field_faults(kind, faults));
    }
    let event = answered(event, call)?;
    // Of a file that is no JSON there is nothing more to say.
    if let [broken] = &*faults
        && broken.field == form::WHOLE
    {
        out.object(&Fault::of(kind, "", broken.clone()).json(out.lang));
        return Ok(fail::REFUSED);
    }
    let role = match call.value("role") {
        None => None,
        Some(code) => Some(
            Role::from_code(code)
                .ok_or_else(|| Failure::usage(Msg::new("cli-role-unknown").with("found", code)))?,
        ),
    };
    let clock = SystemClock {
        utc_offset_minutes: 300,
    };
    let now = match call.value("at") {
        None => clock.now(),
        Some(text) => DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z"))
            .map_err(|_| Failure::usage(Msg::new("cli-not-a-moment").with("found", text)))?,
    };
    let trusted = !call.has("clock-untrusted");
    let findings = if call.has("data-dir") {
        let ward = ward::open(call)?;
        let amended = call
            .value("amends")
            .map(|id| ward.store.find_nid(id))
            .transpose()?;
        let mut findings = ward.findings_as_of(&event, amended.as_deref(), role, (now, trusted))?;
        readable(&mut findings, &faults);
        findings
    } else if call.has("amends") {
        return Err(Failure::usage(Msg::new("cli-amends-where")));
    } else {
        look(&event, &faults, role, (now, trusted))
    };
    for unread in &faults {
        out.object(&Fault::of(kind, "", unread.clone()).json(out.lang));
    }
    for finding in &findings {
        out.either(&of_finding(finding, out.lang), || finding_line(finding, out));
    }
    Ok(if !faults.is_empty() || rules::stops(&findings) {
        fail::REFUSED
    } else {
        fail::OK
    })
}

/// The findings for an event with nothing around it.
fn look(
    event: &Event,
    faults: &[FieldError],
    role: Option<Role>,
    (now, trusted): (DateTime<FixedOffset>, bool),
) -> Vec<Finding> {
    let (required, limits) = (questions::required(event), Limits::default());
    let context = Context {
        required: &required,
        clock_trusted: trusted,
        signer: role.map(|role| Policy::default().may_sign(role, event.kind.code())),
        ..Context::new(now, &limits)
    };
    let mut findings = rules::check(event, &context);
    readable(&mut findings, faults);
    findings
}

/// Leaves in what is said of a file of which some values could not be read.
fn readable(findings: &mut Vec<Finding>, faults: &[FieldError]) {
    let unread: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    Door::File.keep(findings, &unread);
}

/// `rules`: every rule, those of aggregates last.
pub fn rules(out: Out) -> Result<i32, Failure> {
    let mut all: Vec<serde_json::Value> = rules::all()
        .iter()
        .map(|r| {
            let kinds: Vec<&str> = r.kinds.iter().map(|k| k.code()).collect();
            json!({
                "id": r.id, "event": kinds, "severity": r.severity.code(), "field": r.fields, "source": r.source,
                "unknown": rules::unknowns(r.id),
            })
        })
        .collect();
    all.extend(MINISTRY_RULES.iter().map(
        |r| json!({ "id": r.id, "event": ["ministry"], "severity": "W", "field": [], "source": r.source }),
    ));
    if out.json {
        out.object(&json!(all));
        return Ok(fail::OK);
    }
    let word = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    for row in &all {
        let fields: Vec<&str> = row["field"].as_array().map_or(Vec::new(), |f| {
            f.iter().filter_map(serde_json::Value::as_str).collect()
        });
        out.line(&format!(
            "{} {} {} — {}",
            word(row, "id"),
            word(row, "severity"),
            fields.join(", "),
            word(row, "source")
        ));
    }
    Ok(fail::OK)
}

/// `schema`: JSON Schema of a kind's body.
pub fn schema(call: &Call, out: Out) -> Result<i32, Failure> {
    let schema = form::schema(kind(call)?);
    out.exact(&serde_json::to_string_pretty(&schema).unwrap_or_default());
    Ok(fail::OK)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::tests::generator::{any_event, config, looked, now};

    proptest! {
        #![proptest_config(config(500))]

        /// A file says what was written into it, and the rules find in it what they find in the event.
        #[test]
        fn a_file_is_asked_what_every_door_asks(event in any_event()) {
            let text = serde_json::to_string(&body::to_json(&event)).unwrap();
            let (read, faults) = body::read_text(event.kind, &text);
            prop_assert_eq!((&read, &faults), (&event, &vec![]));
            prop_assert_eq!(look(&read, &faults, None, (now(), true)), looked(&event));
        }
    }
}
