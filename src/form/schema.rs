//! JSON Schema (draft 2020-12) of a body, drawn from the declaration.

use serde_json::{Map, Value as Json, json};

use super::body::LINKS;
use super::input::longest;
use crate::codes;
use crate::lang::{Lang, text};
use crate::questions::{Input, Need, Question, label_id, questions, takes_estimate};
use crate::vital::Kind;

/// The schema of the signed body of a kind, as `record --from` takes it.
pub fn schema(kind: Kind) -> Json {
    let mut root = object();
    for q in questions(kind) {
        place(&mut root, q.id, of(q));
    }
    if let Some(Json::Object(properties)) = root.get_mut("properties") {
        let estimates: Vec<&str> = questions(kind)
            .filter(|q| takes_estimate(q))
            .map(|q| q.id)
            .collect();
        properties.insert(
            "approximate".into(),
            json!({
                "type": "array",
                "items": { "enum": estimates },
                "uniqueItems": true,
                "description": "Dates and times of this body that are estimates."
            }),
        );
        properties.insert(
            "checked".into(),
            json!({
                "type": "object",
                "additionalProperties": { "enum": ["verified", "unverified"] },
                "description": "Answers to warnings by rule identifier."
            }),
        );
        properties.insert(
            "links".into(),
            json!({
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": { "nid": { "type": "string" }, "kind": { "enum": LINKS } },
                    "required": ["nid", "kind"],
                    "additionalProperties": false
                },
                "description": "Notifications that belong to this one: a death names its birth by death-of-this-birth, a birth its death by birth-of-this-death."
            }),
        );
        let count = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
        properties.insert(
            "set".into(),
            json!({
                "type": "object",
                "properties": { "id": { "type": "string" }, "order": count, "n": count },
                "required": ["id", "order", "n"],
                "additionalProperties": false,
                "description": "Membership in a multiple birth that is signed together."
            }),
        );
    }
    root.insert(
        "$schema".into(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    root.insert(
        "title".into(),
        json!(text(Lang::En, &format!("kind-{}", kind.code()))),
    );
    Json::Object(root)
}

fn object() -> Map<String, Json> {
    let mut map = Map::new();
    map.insert("type".into(), json!("object"));
    map.insert("additionalProperties".into(), json!(false));
    map.insert("properties".into(), Json::Object(Map::new()));
    map
}

/// Puts a schema at a dotted path, making the objects on the way.
fn place(object_schema: &mut Map<String, Json>, path: &str, schema: Json) {
    let Some(Json::Object(properties)) = object_schema.get_mut("properties") else {
        return;
    };
    match path.split_once('.') {
        None => {
            properties.insert(path.to_owned(), schema);
        }
        Some((first, rest)) => {
            let child = properties.entry(first).or_insert_with(|| Json::Object(object()));
            if let Json::Object(child) = child {
                place(child, rest, schema);
            }
        }
    }
}

fn of(q: &Question) -> Json {
    let string = |most: usize| json!({ "type": "string", "minLength": 1, "maxLength": most });
    let pattern = |p: &str| json!({ "type": "string", "pattern": p });
    let value = match q.input {
        Input::Text(_) | Input::Cause(_) | Input::Name | Input::Icd => string(longest(q.input)),
        Input::Code(list) => {
            let codes: Vec<&str> = codes::list(list)
                .map(|l| l.codes.iter().map(|c| c.code.as_str()).collect())
                .unwrap_or_default();
            json!({ "enum": codes })
        }
        Input::Int(_) | Input::Length => json!({ "type": "integer", "minimum": 0, "maximum": 9_999_999 }),
        Input::Date(_) => pattern("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
        Input::Time(_) => pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$"),
        Input::Interval => pattern(
            "^$|^PT?$|^P(?=[0-9T])([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,4}D)?(T(?=[0-9])([0-9]{1,4}H)?([0-9]{1,4}M)?)?$",
        ),
    };
    let nots: Vec<&str> = q.nots.iter().map(|n| n.code()).collect();
    let mut schema = match nots.is_empty() {
        true => value,
        false => json!({ "anyOf": [value, {
            "type": "object",
            "properties": { "not": { "enum": nots } },
            "required": ["not"],
            "additionalProperties": false
        }] }),
    };
    if let Json::Object(map) = &mut schema {
        let label = label_id(q.id);
        map.insert("title".into(), json!(text(Lang::En, &label)));
        let help = format!("{label}-help");
        let help = if crate::lang::has(&help) {
            text(Lang::En, &help)
        } else {
            String::new()
        };
        // The help is for the screen; a file has forms and units of its own.
        let unit = match q.input {
            Input::Int("height") => " Unit: cm.".to_owned(),
            Input::Int(unit) => format!(" Unit: {unit}."),
            Input::Length => " In a file: whole millimetres.".to_owned(),
            Input::Date(_) => " In a file: YYYY, YYYY-MM or YYYY-MM-DD.".to_owned(),
            Input::Time(_) => " In a file: HH:MM.".to_owned(),
            Input::Interval => {
                " In a file: an ISO 8601 duration such as P3D; empty, P or PT is unknown.".to_owned()
            }
            _ => String::new(),
        };
        let needed = match q.need {
            Need::Required => {
                " Has to be answered, or stated as unknown where that is allowed, before signing, if it applies."
            }
            Need::Later => "",
        };
        let description = format!("{help}{unit}{needed} Source: {}.", q.source);
        map.insert("description".into(), json!(description.trim()));
    }
    schema
}
