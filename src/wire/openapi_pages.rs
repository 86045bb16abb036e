//! The pages for people in the OpenAPI document.

use serde_json::{Map, Value, json};

use super::openapi::{answers, parameter};
use super::path;

fn lang() -> Value {
    let tongues = json!({ "type": "string" });
    parameter(
        "lang",
        "query",
        tongues,
        "`tg`, `ru` or `en`; anything else is Tajik. A cookie keeps it.",
    )
}

fn said() -> Value {
    parameter(
        "said",
        "query",
        json!({ "type": "string" }),
        "A sentence of the catalogue that the page begins with.",
    )
}

fn text(name: &str, description: &str) -> Value {
    parameter(name, "query", json!({ "type": "string" }), description)
}

/// What is asked of figures.
fn figures() -> Vec<Value> {
    vec![
        lang(),
        text(
            "month",
            "`YYYY-MM`; this month, or the newest that everybody may see.",
        ),
        text("by", "`country`, `region`, `district` or `facility`."),
        text("place", "Code of the region, district or facility."),
        text(
            "basis",
            "`residence` counts by residence, anything else by occurrence.",
        ),
    ]
}

/// A page, or the way to where one signs in.
fn page(summary: &str, parameters: Vec<Value>) -> Value {
    let html = json!({ "text/html": { "schema": { "type": "string" } } });
    let mut responses = answers("200", "A page.", html);
    add(
        &mut responses,
        "303",
        json!({ "description": "To sign in first, or back to the desk." }),
    );
    json!({ "summary": summary, "parameters": parameters, "responses": responses })
}

/// A form: what it sends, and where it leads.
fn form(summary: &str, parameters: Vec<Value>, fields: Value, required: &[&str]) -> Value {
    let html = json!({ "text/html": { "schema": { "type": "string" } } });
    let mut responses = answers("303", "Done or not, as the page that follows says.", Value::Null);
    add(
        &mut responses,
        "200",
        json!({ "description": "A page.", "content": html }),
    );
    json!({
        "summary": summary,
        "parameters": parameters,
        "requestBody": {
            "required": true,
            "content": { "application/x-www-form-urlencoded": { "schema": {
                "type": "object", "properties": fields, "required": required
            } } }
        },
        "responses": responses
    })
}

fn add(responses: &mut Value, status: &str, answer: Value) {
    if let Value::Object(all) = responses {
        all.insert(status.to_owned(), answer);
    }
}

/// Adds the pages.
pub(super) fn collect(paths: &mut Map<String, Value>) {
    let mut put = |path: &str, method: &str, call: Value| {
        let entry = paths.entry(path.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(methods) = entry {
            methods.insert(method.to_owned(), call);
        }
    };
    let string = json!({ "type": "string" });
    let id = |name: &str| {
        parameter(
            name,
            "path",
            json!({ "type": "string" }),
            "What the page is about.",
        )
    };
    put(
        path::MONITOR,
        "get",
        page(
            "Figures: public ones without small cells, exact ones for those who signed in.",
            figures(),
        ),
    );
    let mut table = figures();
    table.push(text("table", "Name of a table of the page."));
    let csv = json!({ "text/csv": { "schema": { "type": "string" } } });
    put(
        path::MONITOR_CSV,
        "get",
        json!({ "summary": "A table of the figures.", "parameters": table, "responses": answers("200", "CSV.", csv) }),
    );
    put(
        path::ALERT,
        "post",
        form(
            "An officer knows of a maternal death.",
            vec![],
            json!({ "csrf": string, "nid": string }),
            &["csrf", "nid"],
        ),
    );
    put(
        path::VERIFY,
        "get",
        page("Checks a slip's QR text in the browser.", vec![lang()]),
    );
    put(
        path::VERIFY_OFFLINE,
        "get",
        page("The same as a file, for places without a network.", vec![lang()]),
    );
    put(
        path::SIGN_IN,
        "get",
        page("Where people sign in.", vec![lang(), said()]),
    );
    let mut sign_in = form(
        "Signs in: passphrase and the six digits of the second factor.",
        vec![],
        json!({ "login": string, "phrase": string, "code": string }),
        &["login", "phrase", "code"],
    );
    refused(&mut sign_in);
    put(path::SIGN_IN, "post", sign_in);
    let mut link = page("Signs in by a link, once.", vec![id("token"), lang()]);
    refused(&mut link);
    put("/sign-in/{token}", "get", link);
    put(
        path::SIGN_OUT,
        "post",
        form("Signs out.", vec![], json!({ "csrf": string }), &["csrf"]),
    );
    put(
        path::DESK,
        "get",
        page(
            "A registrar's desk: the office's entries that wait, and the box for families.",
            vec![lang(), said()],
        ),
    );
    put(
        "/desk/find",
        "post",
        form(
            "Looks for a family's notification.",
            vec![],
            json!({ "csrf": string, "q": string }),
            &["csrf", "q"],
        ),
    );
    put(
        "/desk/entry/{h}",
        "get",
        page(
            "An entry that waits, beside what it resembles.",
            vec![id("h"), lang(), said()],
        ),
    );
    put(
        "/desk/entry",
        "post",
        form(
            "A registrar's decision about an entry.",
            vec![],
            json!({
                "csrf": string, "h": string, "act": { "enum": ["accept", "return", "duplicate"] },
                "field": string, "text": string, "of": string
            }),
            &["csrf", "h", "act"],
        ),
    );
    put(
        "/desk/record/{nid}",
        "get",
        page(
            "A notification, for the family that stands there.",
            vec![id("nid"), lang(), said()],
        ),
    );
    put(
        "/desk/record/{nid}",
        "post",
        form(
            "What a registrar does for a family. `add` takes the fields of the page's form as well.",
            vec![id("nid")],
            json!({
                "csrf": string, "act": { "enum": ["add", "issue", "annul", "transfer"] },
                "number": string, "date": string, "text": string, "office": string
            }),
            &["csrf", "act"],
        ),
    );
    put(
        "/desk/record/{nid}/print",
        "get",
        page("The record on paper.", vec![id("nid"), lang()]),
    );
}

/// Answers of somebody who is not let in: a page that says why.
fn refused(call: &mut Value) {
    let html = json!({ "text/html": { "schema": { "type": "string" } } });
    for (status, why) in [
        (
            "403",
            "Something is wrong; what, is not said. Of a form that is not ours: a problem.",
        ),
        ("429", "Too many wrong tries."),
        ("503", "Too many people sign in at once."),
    ] {
        let answer = json!({ "description": why, "content": html });
        if let Some(responses) = call.get_mut("responses") {
            add(responses, status, answer);
        }
    }
}
