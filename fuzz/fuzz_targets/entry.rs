//! An entry: strict JWS, its members, its body as an event, what it may do.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ogoh::form::body::{Unknown, from_json};
use ogoh::seal::{Entry, EntryType, Jws, Typ, read_enrolment, read_key_request};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    // A request to enrol has the same outer form.
    let _ = read_enrolment(text);
    let Ok(jws) = Jws::parse(text, Typ::Entry) else {
        return;
    };
    let Ok(entry) = Entry::from_jws(&jws) else { return };
    let _ = read_key_request(&entry, jws.kid());
    if let EntryType::Notice(kind) = entry.t {
        let _ = from_json(kind, &serde_json::Value::Object(entry.body), Unknown::Keep);
    }
});
