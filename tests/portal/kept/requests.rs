//! What a ward of version 0.1 asked, byte for byte, at the portal of today on the book that was kept.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use chrono::DateTime;
use ogoh::portal;
use ogoh::seal::{Jws, Receipt, Trust, Typ};
use ogoh::wire::{self, EnrolmentAnswer, FeedLine};
use serde_json::Value;

use crate::portal_support::{World, receipt_of};
use crate::support::kept::{Exchange, copy_into, exchanges, expected};

/// The kept portal, at the time of a recording.
fn kept_portal(recording: &str) -> World {
    let dir = tempfile::tempdir().unwrap();
    copy_into("portal", dir.path());
    let now = DateTime::parse_from_rfc3339(&exchanges(recording)[0].at).unwrap();
    let root_key = expected("sqlite")["root_key"].as_str().unwrap().to_owned();
    World::found(dir, root_key, now)
}

/// Status and body that the portal of today gives to a request, sent as it was recorded.
fn ask(world: &World, exchange: &Exchange) -> (u16, String) {
    let at = DateTime::parse_from_rfc3339(&exchange.at).unwrap();
    world.clock.advance(at - world.now());
    let mut head = format!("{} {} HTTP/1.1\r\n", exchange.method, exchange.path);
    for (name, value) in &exchange.asked.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    // So that the end of the answer is the end of the stream.
    head.push_str("connection: close\r\n\r\n");
    let mut stream = TcpStream::connect(world.portal.as_ref().unwrap().addr).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&exchange.asked.body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(!head.to_lowercase().contains("transfer-encoding"), "{head}");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// What the receipts of an answer say: entry, status, number in the register.
fn said(place: &str, body: &str, trust: &Trust) -> Vec<(String, String, Option<String>)> {
    let receipts: Vec<Receipt> = match place {
        wire::path::ENTRIES => wire::answers(body)
            .into_iter()
            .map(|line| receipt_of(&line.unwrap(), trust))
            .collect(),
        _ => fed(body, trust),
    };
    let says = |r: Receipt| (String::from(r.nh), r.status.code().to_owned(), r.reg_no);
    receipts.into_iter().map(says).collect()
}

fn fed(body: &str, trust: &Trust) -> Vec<Receipt> {
    let line = |text: &str| serde_json::from_str::<FeedLine>(text).unwrap().receipt;
    wire::lines(body)
        .map(|text| Receipt::open(&line(text), trust).unwrap())
        .collect()
}

/// The keys that trust lists bring, in no order: two that are believed at once may be so in either.
fn listed(body: &str) -> BTreeSet<String> {
    let keys = |line: &str| -> Vec<String> {
        let list = Jws::parse(&wire::jws_of_line(line).unwrap(), Typ::Trust).unwrap();
        let keys = list.payload()["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].to_string()).collect()
    };
    wire::lines(body).flat_map(keys).collect()
}

/// Sends a request as it was recorded; the answer is that of then, as far as a ward goes by it.
#[track_caller]
fn answered_as_then(world: &World, exchange: &Exchange) {
    let (status, body) = ask(world, exchange);
    let what = format!("{}: {} {}", exchange.at, exchange.method, exchange.path);
    assert_eq!(status, exchange.status, "{what}: {body}");
    let (place, then) = (exchange.place(), exchange.answered.text());
    if place == wire::path::ENTRIES || place.ends_with("/feed") {
        let trust = world.trust();
        assert_eq!(said(place, &body, &trust), said(place, &then, &trust), "{what}");
    } else if place == wire::path::TRUST {
        assert_eq!(wire::lines(&body).count(), wire::lines(&then).count(), "{what}");
        assert_eq!(listed(&body), listed(&then), "{what}");
    } else if place.ends_with("/entries") {
        assert_eq!(body, then, "{what}");
    } else if !then.is_empty() {
        let [now, then]: [Value; 2] = [&body, &then].map(|text| serde_json::from_str(text).unwrap());
        for (name, value) in then.as_object().unwrap() {
            assert_eq!(&now[name], value, "{what}: {name}");
        }
    }
}

/// Sends a recording.
#[track_caller]
fn replayed(world: &World, recording: &str) {
    // What waits for news would wait here as well.
    let at_once = |e: &Exchange| !e.path.contains("wait=20");
    for exchange in exchanges(recording).into_iter().filter(at_once) {
        answered_as_then(world, &exchange);
    }
}

/// The entry of a notification of which a recorded feed brings a receipt.
fn entry_of(world: &World, recording: &str, nid: &str) -> String {
    let feed = exchanges(recording).remove(0).answered.text();
    let found = fed(&feed, &world.trust()).into_iter().find(|r| r.nid == nid);
    found.unwrap().nh.into()
}

fn nid_of(name: &str) -> String {
    let wanted = expected("sqlite");
    let all = wanted["notifications"].as_array().unwrap();
    let named = all.iter().find(|n| n["name"] == name).unwrap();
    named["nid"].as_str().unwrap().to_owned()
}

#[test]
fn what_its_ward_asked_is_answered_as_it_was() {
    let world = kept_portal("push");
    replayed(&world, "push");
    // Between the two the registrar accepted one that lay on the desk, and a family named its child.
    let sitora = world.signed_in("sitora", "registrar", "TJ-KT-01");
    let h = entry_of(&world, "feed", &nid_of("violent-two"));
    let accepted = sitora.send("/desk/entry", &[("act", "accept"), ("h", &h)]);
    assert_eq!(accepted, (303, "/desk?said=desk-done".to_owned()));
    let record = format!("/desk/record/{}", nid_of("office"));
    let named = sitora.send(&record, &[("act", "add"), ("child_given", "Сабрина")]);
    assert_eq!(named, (303, format!("{record}?said=desk-done")));
    for recording in ["feed", "heartbeat", "restored"] {
        replayed(&world, recording);
    }
}

#[test]
fn another_device_of_it_is_let_in_and_hears_of_everything() {
    let world = kept_portal("enrol");
    let mut asked = exchanges("enrol");
    let last = asked.pop().unwrap();
    for exchange in &asked {
        answered_as_then(&world, exchange);
    }
    // The operator believed everybody who had asked.
    for exchange in asked.iter().filter(|e| e.place() == wire::path::ENROLMENTS) {
        let answer: EnrolmentAnswer = serde_json::from_str(&exchange.answered.text()).unwrap();
        portal::approve(world.dir(), &answer.id, world.clock.as_ref()).unwrap();
    }
    answered_as_then(&world, &last);
    replayed(&world, "second");
}
