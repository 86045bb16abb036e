//! The OpenAPI document, held true against a running portal.
use super::world;
use crate::portal_support::*;
use ogoh::seal::{Jws, SecretKey, Typ};
use ogoh::wire;
use serde_json::{Value, json};

/// Validates a value against a schema of the document.
fn holds(document: &Value, schema: &Value, value: &Value) {
    let mut root = schema.clone();
    root["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&root).unwrap();
    let errors: Vec<String> = validator.iter_errors(value).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{value}");
}

#[test]
fn the_openapi_document_is_true() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (status, text) = get(&world.url(wire::path::OPENAPI), None);
    assert_eq!(status, 200);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    // What is not stated is absent; no member is ever null.
    assert!(!text.contains("\"null\""));

    let faulty = ward_entries(&mut ward);
    let (_, entries) = ward.post(faulty.join("\n"));
    let token = ward.token();
    let enrol = SecretKey::generate().unwrap();
    let request = world.person_request(&enrol, FAC, "new", ogoh::env::Role::Midwife);
    let enrolment = post(
        &world.url(wire::path::ENROLMENTS),
        None,
        request.seal(&enrol).unwrap(),
    )
    .1;
    let id = serde_json::from_str::<wire::EnrolmentAnswer>(&enrolment)
        .unwrap()
        .id;
    let fetch = |path: &str, token: Option<&str>| get(&world.url(path), token).1;
    let feed = fetch(&wire::path::feed(FAC, first_epoch(0), 0), Some(&token));
    let head = fetch(&wire::path::journal_head(&ward.jid), Some(&token));
    let kept = fetch(&wire::path::journal_entries(&ward.jid, 1), Some(&token));
    let trust = fetch(wire::path::TRUST, None);
    let people = fetch(wire::path::PEOPLE, Some(&token));
    let state = fetch(&wire::path::enrolment(&id), None);
    post(&world.url(wire::path::HEARTBEATS), None, beat(&ward, 0));

    // Every real answer is what the document says.
    for (path, method, status, body) in [
        (wire::path::ENTRIES, "post", "200", &entries),
        ("/v1/facilities/{fac}/feed", "get", "200", &feed),
        ("/v1/journals/{jid}/head", "get", "200", &head),
        ("/v1/journals/{jid}/entries", "get", "200", &kept),
        (wire::path::ENROLMENTS, "post", "202", &enrolment),
        ("/v1/enrolments/{id}", "get", "200", &state),
        (wire::path::TRUST, "get", "200", &trust),
        (wire::path::PEOPLE, "get", "200", &people),
        (wire::path::OPENAPI, "get", "200", &text),
    ] {
        let content = &document["paths"][path][method]["responses"][status]["content"];
        assert!(content.is_object(), "{path}");
        let (media, schema) = content.as_object().unwrap().iter().next().unwrap();
        let values: Vec<Value> = match media.as_str() {
            wire::media::NDJSON => wire::lines(body)
                .map(|l| serde_json::from_str(l).unwrap())
                .collect(),
            _ => vec![serde_json::from_str(body).unwrap()],
        };
        assert!(!values.is_empty(), "{path}");
        for value in &values {
            holds(&document, &schema["schema"], value);
        }
    }
    // So is what is signed.
    let signed = |text: &str, typ: Typ, schema: &str| {
        let jws = Jws::parse(text, typ).unwrap();
        let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
        holds(&document, &reference, jws.payload());
    };
    for line in wire::lines(&feed) {
        let line: wire::FeedLine = serde_json::from_str(line).unwrap();
        signed(&line.receipt, Typ::Receipt, "Receipt");
    }
    for line in wire::lines(&kept) {
        signed(&wire::jws_of_line(line).unwrap(), Typ::Entry, "Entry");
    }
    for line in wire::lines(&trust) {
        signed(&wire::jws_of_line(line).unwrap(), Typ::Trust, "TrustList");
    }
    signed(&request.seal(&enrol).unwrap(), Typ::Enrol, "EnrolRequest");
    signed(&beat(&ward, 3), Typ::Heartbeat, "Heartbeat");
    for (schema, body) in [("BodyBirth", birth("Раҳимова")), ("BodyDeath", death("Назаров"))] {
        let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
        holds(&document, &reference, &body);
    }

    // Every documented call exists, refuses what it must in the documented form, and no other
    // method is taken.
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    for (path, methods) in document["paths"].as_object().unwrap() {
        let named: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        let address = named.iter().fold(path.clone(), |address, name| {
            address.replace(&format!("{{{name}}}"), "x")
        });
        for (method, call) in methods.as_object().unwrap() {
            let (status, body) = match method.as_str() {
                "get" => get(&world.url(&address), None),
                _ => post(&world.url(&address), None, "x"),
            };
            assert_ne!(status, 405, "{method} {path}");
            let parameters = call["parameters"].as_array().cloned().unwrap_or_default();
            let in_path = parameters.iter().filter(|p| p["in"] == "path");
            let in_path: Vec<&str> = in_path.map(|p| p["name"].as_str().unwrap()).collect();
            assert_eq!(in_path, named, "{method} {path}");
            if call["security"].is_array() {
                assert_eq!(status, 401, "{method} {path}");
            }
            let html = call["responses"][status.to_string()]["content"]["text/html"].is_object();
            if status >= 400 && !html {
                let said = serde_json::from_str(&body);
                let said = said.unwrap_or_else(|e| panic!("{method} {path} {status}: {e}: {body}"));
                holds(&document, &problem, &said);
            } else {
                let documented = &call["responses"][status.to_string()];
                assert!(documented.is_object(), "{method} {path} {status}");
            }
        }
        let answer = agent().delete(world.url(&address)).call().unwrap();
        assert_eq!(answer.status(), 405, "DELETE {path}");
    }
}

/// Lines that get receipts of several kinds, and one problem.
fn ward_entries(ward: &mut Ward) -> Vec<String> {
    let one = ward.birth(birth("Раҳимова"));
    let open_late = one.jws.clone();
    let bad = ward.birth(with(birth("Каримова"), "birth.weight", json!(99)));
    let held = ward.death(with(death("Назаров"), "death.manner", json!("pending")));
    let named = ward.amend(&one, with(birth("Раҳимова"), "note", json!("х")));
    vec![open_late, bad.jws, held.jws, named.jws, "garbage".to_owned()]
}
