//! The OpenAPI 3.1 document: every call of the portal, and the objects that travel.
//!
//! NDJSON has no schema of its own in OpenAPI 3.1: where a body is `application/x-ndjson`, the
//! schema is that of each line.

use serde_json::{Map, Value, json};

use super::{
    AUTH_SECONDS, MAX_BYTES, MAX_FEED, MAX_JWS, MAX_LINES, MAX_WAIT_SECONDS, ProblemCode, Reason, media, path,
};
use crate::env::Role;
use crate::form;
use crate::seal::{EntryType, Status};
use crate::vital::Kind;

/// The OpenAPI 3.1 document of the portal.
pub fn openapi() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "ogoh portal",
            "version": "1",
            "description": "Signed notifications of births, deaths and foetal deaths from wards to the civil registry. Only a receipt whose signature verifies moves a status; a plain 200 never does. Where a body is application/x-ndjson its schema is that of each line.",
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" }
        },
        "paths": paths(),
        "components": {
            "securitySchemes": {
                "device": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": format!("A JWT (typ ogoh-auth+jwt) signed by an enrolled device: iss its thumbprint, aud urn:ogoh:registry:<root key>, iat, exp at most {AUTH_SECONDS} s later. On 401 with code `clock` try again with the time of the answer's Date.")
                }
            },
            "schemas": schemas()
        }
    })
}

fn line_of(schema: &str) -> Value {
    json!({ media::NDJSON: { "schema": reference(schema) } })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// Answers of a call: the good one, and a problem for everything else.
pub(super) fn answers(status: &str, description: &str, content: Value) -> Value {
    let mut good = json!({ "description": description });
    if let (Value::Object(good), false) = (&mut good, content.is_null()) {
        good.insert("content".into(), content);
    }
    json!({
        status: good,
        "default": {
            "description": "A problem (RFC 9457) with a stable code.",
            "content": { media::PROBLEM: { "schema": reference("Problem") } }
        }
    })
}

pub(super) fn parameter(name: &str, place: &str, schema: Value, description: &str) -> Value {
    json!({
        "name": name, "in": place, "required": place == "path", "schema": schema, "description": description
    })
}

fn number(name: &str, description: &str) -> Value {
    parameter(
        name,
        "query",
        json!({ "type": "integer", "minimum": 0, "default": 0 }),
        description,
    )
}

fn text(name: &str, description: &str) -> Value {
    parameter(name, "path", json!({ "type": "string" }), description)
}

fn paths() -> Value {
    let device = json!([{ "device": [] }]);
    let jws_body = |what: &str| {
        json!({
            "required": true,
            "description": what,
            "content": { media::NDJSON: { "schema": reference("Jws") } }
        })
    };
    let plain = json!({ "text/plain": { "schema": { "type": "string" } } });
    let any_json = json!({ media::JSON: { "schema": { "type": "object" } } });
    let as_json = |schema: &str| json!({ media::JSON: { "schema": reference(schema) } });
    let mut paths = Map::new();
    let mut put = |at: &str, method: &str, call: Value| {
        let entry = paths.entry(at).or_insert_with(|| json!({}));
        if let Value::Object(methods) = entry {
            methods.insert(method.to_owned(), call);
        }
    };
    put(
        path::ENTRIES,
        "post",
        json!({
            "summary": "Deliver entries; a receipt or a problem for each line, in order.",
            "description": format!("At most {MAX_LINES} lines, {MAX_BYTES} bytes after decompression and {MAX_JWS} bytes a line; Content-Encoding gzip is understood. A line may also be a receipt of this portal, which it honours when it has fallen behind. The same bytes again get the entry's newest receipt."),
            "security": device,
            "requestBody": jws_body("Entries, or receipts of this portal."),
            "responses": answers("200", "A line each.", line_of("Answer"))
        }),
    );
    put(
        "/v1/facilities/{fac}/feed",
        "get",
        json!({
            "summary": "Receipts of the facility after a number, with entries that other devices wrote.",
            "description": format!("At most {MAX_FEED} lines."),
            "security": device,
            "parameters": [
                text("fac", "Code of the device's facility."),
                number("after", "Number of the newest receipt that is already there."),
                number("wait", &format!("Seconds to wait for one, at most {MAX_WAIT_SECONDS}."))
            ],
            "responses": answers("200", "Receipts in the order of their numbers; none when the wait is over.", line_of("FeedLine"))
        }),
    );
    put(
        "/v1/journals/{jid}/head",
        "get",
        json!({
            "summary": "How much of a journal the portal holds.",
            "security": device,
            "parameters": [text("jid", "Journal.")],
            "responses": answers("200", "The head; seq 0 for an unknown journal.", as_json("JournalHead"))
        }),
    );
    put(
        "/v1/journals/{jid}/entries",
        "get",
        json!({
            "summary": "Entries of a journal of the own facility, to be given back to it.",
            "security": device,
            "parameters": [text("jid", "Journal."), number("from", "First sequence number.")],
            "responses": answers("200", "Entries in order; as many as fit into one answer.", line_of("Jws"))
        }),
    );
    put(
        path::ENROLMENTS,
        "post",
        json!({
            "summary": "Ask to be enrolled: a device or a person. A wrong one-time code is refused with 422 and the code `enrol-code`; nothing is kept then.",
            "requestBody": jws_body("A request signed by its own key, perhaps countersigned."),
            "responses": answers("202", "Kept; the same request again changes nothing.", as_json("Enrolment"))
        }),
    );
    put(
        "/v1/enrolments/{id}",
        "get",
        json!({
            "summary": "How far a request has come.",
            "parameters": [text("id", "Identifier of the request.")],
            "responses": answers("200", "Its state.", as_json("Enrolment"))
        }),
    );
    put(
        path::TRUST,
        "get",
        json!({
            "summary": "Trust lists, oldest first; each names its predecessor's hash.",
            "parameters": [number("after", "Only lists with a higher number.")],
            "responses": answers("200", "A list on each line.", line_of("Jws"))
        }),
    );
    put(
        path::HEARTBEATS,
        "post",
        json!({
            "summary": "A device's signed state; no personal data.",
            "requestBody": jws_body("One heartbeat; its own signature is enough."),
            "responses": answers("204", "Kept.", Value::Null)
        }),
    );
    put(
        path::OPENAPI,
        "get",
        json!({
            "summary": "This document.",
            "responses": answers("200", "OpenAPI 3.1.", any_json)
        }),
    );
    put(
        path::HEALTHZ,
        "get",
        json!({
            "summary": "Whether the portal works.",
            "responses": answers("200", "It does.", plain.clone())
        }),
    );
    put(
        path::METRICS,
        "get",
        json!({
            "summary": "Measurements in the Prometheus exposition format; no personal data.",
            "responses": answers("200", "Measurements.", plain)
        }),
    );
    super::openapi_pages::collect(&mut paths);
    Value::Object(paths)
}

fn object(properties: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

fn schemas() -> Value {
    let hash = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$" });
    let uuid = json!({ "type": "string", "format": "uuid" });
    let time = json!({ "type": "string", "format": "date-time" });
    let string = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let from_one = json!({ "type": "integer", "minimum": 1 });
    let statuses: Vec<&str> = Status::ALL.iter().map(|s| s.code()).collect();
    let roles: Vec<&str> = Role::ALL.iter().map(|r| r.code()).collect();
    let codes: Vec<&str> = ProblemCode::ALL.iter().map(|c| c.code()).collect();
    let reasons: Vec<&str> = Reason::ALL.iter().map(|r| r.code()).collect();
    let head = object(json!({ "seq": count, "h": hash }), &["seq", "h"]);
    let key_use = json!({ "enum": ["trust", "receipt", "device", "person"] });
    let clk = json!({ "enum": ["synced", "unsynced", "behind", "ahead"] });
    let types: Vec<String> = [
        "open",
        "birth",
        "death",
        "foetal-death",
        "amend",
        "void",
        "attest",
        "key",
        "tally",
    ]
    .iter()
    .map(|t| EntryType::from_code(t).code().to_owned())
    .collect();
    json!({
        "Jws": {
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
            "maxLength": MAX_JWS,
            "description": "A compact JWS (RFC 7515, 8037): header exactly alg EdDSA, kid, typ; payload an object of this document. A line may also be the bare JWS without quotation marks."
        },
        "Answer": { "anyOf": [reference("Jws"), reference("Problem")] },
        "Problem": object(json!({
            "type": { "type": "string", "pattern": "^urn:ogoh:problem:" },
            "title": string, "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "code": { "enum": codes }, "field": string, "line": from_one
        }), &["type", "title", "status", "code"]),
        "FeedLine": object(json!({ "receipt": reference("Jws"), "entry": reference("Jws") }), &["receipt"]),
        "JournalHead": object(json!({
            "jid": string, "seq": count, "h": hash, "highest": count, "forked": { "type": "boolean" }
        }), &["jid", "seq", "h", "highest", "forked"]),
        "Enrolment": object(json!({
            "id": hash, "kid": hash, "state": { "enum": ["waiting", "approved", "refused"] }
        }), &["id", "kid", "state"]),
        "Entry": object(json!({
            "v": from_one,
            "t": { "type": "string", "description": format!("One of {}; others are kept and held.", types.join(", ")) },
            "id": uuid, "nid": uuid, "rev": from_one, "jid": uuid, "seq": from_one, "prev": hash,
            "rec": time, "clk": clk, "fac": string, "dev": hash, "usr": string, "role": { "enum": roles },
            "app": string,
            "body": { "type": "object", "description": "BodyBirth, BodyDeath or BodyFoetalDeath in a notification and its amendments." },
            "ref": object(json!({ "nid": uuid, "rev": from_one, "h": hash }), &["nid", "rev", "h"]),
            "reason": object(json!({ "code": string, "text": string }), &["code"])
        }), &["v", "t", "id", "nid", "rev", "jid", "seq", "prev", "rec", "clk", "fac", "dev", "usr", "role", "app", "body"]),
        "Receipt": object(json!({
            "n": from_one, "fac": string, "nid": uuid, "rev": from_one, "id": uuid, "nh": hash,
            "jid": uuid, "seq": from_one, "status": { "enum": statuses }, "by": { "enum": ["auto", "registrar"] },
            "reg_no": string, "office": string, "at": time,
            "open": { "type": "array", "items": { "enum": ["name", "father", "document", "cause"] } },
            "cert": { "type": "string", "format": "date" }, "dup_of": uuid,
            "problem": object(json!({
                "code": { "type": "string", "description": format!("One of {}, or the identifier of a rule of data quality.", reasons.join(", ")) },
                "field": string,
                "text": object(json!({ "tg": string, "ru": string, "en": string }), &["tg", "ru", "en"])
            }), &["code", "text"]),
            "head": head
        }), &["n", "fac", "nid", "rev", "id", "nh", "jid", "seq", "status", "by", "at", "head"]),
        "TrustList": object(json!({
            "number": from_one, "prev": hash, "at": time,
            "keys": { "type": "array", "items": object(json!({
                "kid": hash, "alg": { "enum": ["EdDSA", "Ed25519"] }, "x": hash, "what": key_use, "fac": string,
                "usr": string, "name": string, "role": { "enum": roles }, "from": time, "revoked": time
            }), &["kid", "alg", "x", "what", "from"]) }
        }), &["number", "at", "keys"]),
        "EnrolRequest": object(json!({
            "v": from_one, "what": key_use, "x": hash, "fac": string, "usr": string, "name": string,
            "role": { "enum": roles }, "at": time, "code": string,
            "facility": object(json!({ "name": string, "district": string, "office": string }), &["name", "district", "office"])
        }), &["v", "what", "x", "fac", "at"]),
        "Heartbeat": object(json!({
            "fac": string, "dev": hash, "at": time, "clk": clk, "app": string, "unsent": count,
            "oldest": time, "returned": count, "drafts": count
        }), &["fac", "dev", "at", "clk", "app", "unsent", "returned", "drafts"]),
        "BodyBirth": form::schema(Kind::Birth),
        "BodyDeath": form::schema(Kind::Death),
        "BodyFoetalDeath": form::schema(Kind::FoetalDeath)
    })
}
