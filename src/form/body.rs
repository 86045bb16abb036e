//! The signed body: an event as JSON and back.
//!
//! A field is found under its path: `mother.surname` is `{"mother": {"surname": …}}`. A value is
//! written bare, a stated unknown as `{"not": "yet" | "knowable" | "refused"}`, an unasked field
//! not at all. `approximate` lists the dates and times that are estimates. Lengths are in millimetres, weights in grams, gestation in completed weeks, dates
//! `YYYY[-MM[-DD]]`, times `HH:MM`, intervals ISO 8601. Beside the fields stand `checked` (answers
//! to warnings by rule), `links` and `set`. FROZEN: this is what people sign.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use unicode_normalization::UnicodeNormalization;

use super::FieldError;
use super::input::{date_message, longest, some_codes};
use crate::lang::Msg;
use crate::questions::{Input, Question, question_of, questions, takes_estimate};
use crate::vital::{
    Answer, Event, Interval, Kind, Link, Not, PartialDate, Set, Stated, TimeOfDay, Value, is_unprintable,
};
use crate::{codes, rules};

/// Ways in which a notification names another.
pub(super) const LINKS: [&str; 4] = [
    "twin",
    "death-of-this-birth",
    "birth-of-this-death",
    "mothers-death",
];

/// What to do with members that this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Refuse them by name: a file that somebody wrote.
    Refuse,
    /// Keep them untouched: an entry that a newer version signed.
    Keep,
}

/// The body of an event.
pub fn to_json(event: &Event) -> Json {
    let mut root = event.unknown.clone();
    for (path, stated) in &event.values {
        let json = match stated {
            Stated::Not(n) => serde_json::json!({ "not": n.code() }),
            Stated::Known(Value::Int(n)) => Json::from(*n),
            Stated::Known(Value::Text(t) | Value::Code(t)) => Json::from(t.as_str()),
            Stated::Known(Value::Date(d)) => Json::from(d.to_string()),
            Stated::Known(Value::Time(t)) => Json::from(t.to_string()),
            Stated::Known(Value::Interval(i)) => Json::from(i.to_string()),
        };
        insert(&mut root, path, json);
    }
    if !event.approximate.is_empty() {
        root.insert("approximate".into(), serde_json::json!(event.approximate));
    }
    if !event.checked.is_empty() {
        root.insert("checked".into(), serde_json::json!(event.checked));
    }
    if !event.links.is_empty() {
        root.insert("links".into(), serde_json::json!(event.links));
    }
    if let Some(set) = &event.set {
        root.insert("set".into(), serde_json::json!(set));
    }
    Json::Object(root)
}

/// Puts a value at a dotted path.
fn insert(root: &mut Map<String, Json>, path: &str, json: Json) {
    match path.split_once('.') {
        None => {
            root.insert(path.to_owned(), json);
        }
        Some((first, rest)) => {
            let child = root.entry(first).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(map) = child {
                insert(map, rest, json);
            }
        }
    }
}

/// Reads a body. Every fault is reported, not only the first.
pub fn from_json(kind: Kind, json: &Json, unknown: Unknown) -> Result<Event, Vec<FieldError>> {
    let (event, errors) = read_json(kind, json, unknown);
    if errors.is_empty() { Ok(event) } else { Err(errors) }
}

/// Reads what can be read of a body, and says what is wrong with the rest.
pub fn read_json(kind: Kind, json: &Json, unknown: Unknown) -> (Event, Vec<FieldError>) {
    let Json::Object(root) = json else {
        return (Event::new(kind), vec![wrong("", json, "{ … }")]);
    };
    let mut event = Event::new(kind);
    let mut errors = Vec::new();
    let mut rest = root.clone();
    for q in questions(kind) {
        match take(&mut rest, q.id) {
            None => {}
            Some(json) => match value(q, &json) {
                Ok(stated) => event.set(q.id, stated),
                Err(e) => errors.push(e),
            },
        }
    }
    if let Some(json) = rest.remove("approximate") {
        match approximate(&event, &json, unknown) {
            Ok(fields) => event.approximate = fields,
            Err(e) => errors.push(e),
        }
    }
    if let Some(json) = rest.remove("checked") {
        match checked(&json, unknown) {
            Ok(answers) => event.checked = answers.into_iter().collect(),
            Err(e) => errors.push(e),
        }
    }
    if let Some(json) = rest.remove("links") {
        // A newer version may link in further ways.
        let known = |l: &Link| unknown == Unknown::Keep || LINKS.contains(&l.kind.as_str());
        match serde_json::from_value::<Vec<Link>>(json.clone()) {
            Ok(links) if links.iter().all(known) => event.links = links,
            _ => {
                let allowed = format!(r#"[{{"nid": …, "kind": {}}}]"#, LINKS.join(" | "));
                errors.push(wrong("links", &json, &allowed));
            }
        }
    }
    if let Some(json) = rest.remove("set") {
        match serde_json::from_value::<Set>(json.clone()) {
            Ok(set) => event.set = Some(set),
            Err(_) => errors.push(wrong("set", &json, r#"{"id": …, "order": 1, "n": 2}"#)),
        }
    }
    match unknown {
        Unknown::Keep => event.unknown = rest,
        Unknown::Refuse => {
            let mut left = Vec::new();
            leaves(kind, &rest, String::new(), &mut left);
            errors.extend(
                left.iter()
                    .map(|path| FieldError::new(path, "form-unknown-field")),
            );
        }
    }
    (event, errors)
}

/// Takes the value at a dotted path out; objects that become empty go with it.
fn take(map: &mut Map<String, Json>, path: &str) -> Option<Json> {
    match path.split_once('.') {
        None => map.remove(path),
        Some((first, rest)) => {
            let Json::Object(child) = map.get_mut(first)? else {
                return None;
            };
            let found = take(child, rest);
            if child.is_empty() && found.is_some() {
                map.remove(first);
            }
            found
        }
    }
}

/// Whether fields of this kind lie in an object at this path.
fn is_object(kind: Kind, path: &str) -> bool {
    questions(kind).any(|q| q.id.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// Paths of everything that is left.
fn leaves(kind: Kind, map: &Map<String, Json>, prefix: String, out: &mut Vec<String>) {
    for (name, json) in map {
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match json {
            Json::Object(child) if !child.is_empty() && !child.contains_key("not") => {
                leaves(kind, child, path, out)
            }
            // An empty object of fields that there are says nothing; programs write such.
            Json::Object(child) if child.is_empty() && is_object(kind, &path) => {}
            _ => out.push(path),
        }
    }
}

/// Fields of dates and times that have a value here; of a newer version's entry any field.
fn approximate(event: &Event, json: &Json, unknown: Unknown) -> Result<BTreeSet<String>, FieldError> {
    let takes = |q: &&Question| takes_estimate(q) && event.known(q.id).is_some();
    let allowed: Vec<&str> = questions(event.kind).filter(takes).map(|q| q.id).collect();
    let allowed = format!("{allowed:?}");
    let fields: BTreeSet<String> =
        serde_json::from_value(json.clone()).map_err(|_| wrong("approximate", json, &allowed))?;
    let taken = |f: &String| question_of(event.kind, f).as_ref().is_some_and(takes);
    match fields.iter().find(|f| !taken(f)) {
        Some(_) if unknown == Unknown::Refuse => Err(wrong("approximate", json, &allowed)),
        _ => Ok(fields),
    }
}

fn checked(json: &Json, unknown: Unknown) -> Result<Vec<(String, Answer)>, FieldError> {
    let allowed = r#"{"B06": "verified" | "unverified"}"#;
    let Json::Object(map) = json else {
        return Err(wrong("checked", json, allowed));
    };
    if unknown == Unknown::Refuse
        && let Some(rule) = map.keys().find(|r| rules::rule(r).is_none())
    {
        return Err(FieldError::new(&format!("checked.{rule}"), "form-no-such-rule"));
    }
    map.iter()
        .map(|(rule, answer)| match serde_json::from_value(answer.clone()) {
            Ok(a) => Ok((rule.clone(), a)),
            Err(_) => Err(wrong(&format!("checked.{rule}"), answer, "verified, unverified")),
        })
        .collect()
}

fn value(q: &Question, json: &Json) -> Result<Stated<Value>, FieldError> {
    if let Json::Object(map) = json {
        let not = match (map.len(), map.get("not").and_then(Json::as_str)) {
            (1, Some(code)) => Not::from_code(code),
            _ => None,
        };
        return match not {
            Some(n) if q.nots.contains(&n) => Ok(Stated::Not(n)),
            _ => Err(wrong(q.id, json, &shape(q))),
        };
    }
    // WHO's exchange format writes an unknown interval so.
    if q.input == Input::Interval && matches!(json.as_str(), Some("" | "P" | "PT")) {
        return Ok(Stated::Not(Not::Knowable));
    }
    let text = || match json.as_str() {
        Some("") => Err(FieldError::new(q.id, "form-empty-text")),
        Some(t) if !t.nfc().eq(t.chars()) => Err(FieldError::new(q.id, "form-not-nfc")),
        Some(t) if t.chars().any(is_unprintable) => Err(FieldError::new(q.id, "form-control-character")),
        Some(t) if t.chars().count() > longest(q.input) => Err(FieldError::new(q.id, "form-too-long")
            .with("found", brief(json))
            .with("most", longest(q.input))),
        Some(t) => Ok(t),
        None => Err(wrong(q.id, json, &shape(q))),
    };
    let refuse = |id: &'static str| {
        let found = brief(json);
        FieldError::new(q.id, id).with("found", found.trim_matches('"'))
    };
    let value = match q.input {
        Input::Text(_) | Input::Cause(_) | Input::Name | Input::Icd => Value::Text(text()?.to_owned()),
        Input::Code(list) => {
            let code = text()?;
            match codes::list(list).and_then(|l| l.get(code)) {
                Some(c) => Value::Code(c.code.clone()),
                None => return Err(refuse("form-not-in-list").with("allowed", some_codes(list))),
            }
        }
        Input::Int(_) | Input::Length => match json.as_i64() {
            Some(n) if (0..=9_999_999).contains(&n) => Value::Int(n),
            _ => return Err(wrong(q.id, json, &shape(q))),
        },
        Input::Date(_) => match PartialDate::parse(text()?) {
            Ok(d) => Value::Date(d),
            Err(e) => return Err(refuse(date_message(e))),
        },
        Input::Time(_) => Value::Time(TimeOfDay::parse(text()?).ok_or_else(|| refuse("form-not-a-time"))?),
        Input::Interval => {
            Value::Interval(Interval::parse_iso(text()?).ok_or_else(|| refuse("form-not-an-interval"))?)
        }
    };
    Ok(Stated::Known(value))
}

/// What a question takes, in the notation of the schema.
fn shape(q: &Question) -> String {
    let value = match q.input {
        Input::Text(most) | Input::Cause(most) => format!("\"…\" (1–{most})"),
        Input::Name => "\"…\" (1–80)".to_owned(),
        Input::Icd => "\"I21.9\"".to_owned(),
        Input::Code(list) => some_codes(list),
        Input::Int(_) => "0–9999999".to_owned(),
        Input::Length => "0–9999999 mm".to_owned(),
        Input::Date(_) => "\"YYYY[-MM[-DD]]\"".to_owned(),
        Input::Time(_) => "\"HH:MM\"".to_owned(),
        Input::Interval => "\"P3D\"".to_owned(),
    };
    let nots: Vec<String> = q
        .nots
        .iter()
        .map(|n| format!("{{\"not\": \"{}\"}}", n.code()))
        .collect();
    if nots.is_empty() {
        value
    } else {
        format!("{value}, {}", nots.join(", "))
    }
}

fn wrong(field: &str, json: &Json, allowed: &str) -> FieldError {
    let field_or_root = if field.is_empty() { "$" } else { field };
    FieldError::new(field_or_root, "form-wrong-type")
        .with("found", brief(json))
        .with("allowed", allowed)
}

/// A value cut to what fits a message.
fn brief(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(40) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text,
    }
}

/// Reads a file's text as a body: broken JSON is a fault with its line and column.
pub fn from_text(kind: Kind, text: &str) -> Result<Event, Vec<FieldError>> {
    let (event, errors) = read_text(kind, text);
    if errors.is_empty() { Ok(event) } else { Err(errors) }
}

/// Reads what can be read of a file's text; the mark that some editors put first is nothing.
pub fn read_text(kind: Kind, text: &str) -> (Event, Vec<FieldError>) {
    match serde_json::from_str::<Json>(text.trim_start_matches('\u{feff}')) {
        Ok(json) => read_json(kind, &json, Unknown::Refuse),
        Err(e) => {
            let fault = FieldError {
                field: "$".to_owned(),
                msg: Msg::new("form-broken-json")
                    .with("line", e.line())
                    .with("column", e.column()),
            };
            (Event::new(kind), vec![fault])
        }
    }
}
