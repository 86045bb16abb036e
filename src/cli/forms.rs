//! Kinds, events and answers as a command line names them; the schema, the rules.

use serde_json::json;

use super::fail::{self, Failure};
use super::fault::Fault;
use super::out::Out;
use super::parse::Call;
use super::read::read;
use crate::figures::MINISTRY_RULES;
use crate::form::{self, body};
use crate::lang::Msg;
use crate::rules::{self, Finding};
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
    let of = |e| Fault::of(kind, "", e);
    let read = body::from_text(kind, &file(call)?);
    let mut event = read.map_err(|faults| Failure::of_faults(faults.into_iter().map(of).collect()))?;
    answer(&mut event, call)?;
    Ok(event)
}

/// Gives an event the answers of the command line.
pub fn answer(event: &mut Event, call: &Call) -> Result<(), Failure> {
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
    Ok(())
}

/// A finding as a line, about the event that stands `within` a file.
pub fn finding_line(finding: &Finding, within: &str, out: Out) -> String {
    let line = format!(
        "{} {} {}: {}",
        finding.severity.code(),
        finding.rule,
        finding.field,
        finding.msg.render(out.lang)
    );
    match within {
        "" => line,
        _ => format!("{within} {line}"),
    }
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
