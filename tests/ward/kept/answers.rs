//! A ward of version 0.1, opened today, at a portal that answers what the portal of that version answered.
//!
//! Requests are matched by method and path, not by their queries: a ward may come to ask more precisely.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

use chrono::FixedOffset;
use ogoh::env::{Paths, Settings};
use ogoh::seal::{Jws, SecretKey, Typ};
use ogoh::ward::deliver::{PushHandle, PushReport, push, watch};
use ogoh::ward::store::Store;
use serde_json::{Value, json};

use crate::deliver_support::fake::{Fake, Request, Say};
use crate::support;
use crate::support::delivering::{HandClock, at};
use crate::support::kept::{Copy, Exchange, exchanges, expected};

/// A portal that gives each answer of a recording once, the next one for the same method and path. Where
/// there is none left it has no news, and waits for some as long as it is asked to.
fn portal(name: &str) -> Fake {
    let answers: VecDeque<Exchange> = exchanges(name).into();
    let answers = Mutex::new(answers);
    Fake::start(move |r| {
        let place = r.path.split('?').next().unwrap();
        let mut left = answers.lock().unwrap();
        let next = left
            .iter()
            .position(|e| e.method == r.method && e.place() == place);
        if next.is_none() && !place.ends_with("/feed") && place != "/v1/trust" {
            return Say::answer(404, &[], "");
        }
        let waits = r.path.contains("wait=") && !r.path.contains("wait=0");
        if waits {
            return Say::Silence(Vec::new());
        }
        let Some(answer) = next.and_then(|i| left.remove(i)) else {
            return Say::answer(200, &[("content-type", "application/x-ndjson")], "");
        };
        let headers: Vec<(&str, &str)> = answer
            .answered
            .headers
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        Say::answer(answer.status, &headers, &answer.answered.body)
    })
}

/// A kept ward in this process, at the time of a recording.
struct Opened {
    paths: Paths,
    settings: Settings,
    device: SecretKey,
    clock: HandClock,
}

impl Opened {
    fn at(copy: &Copy, folder: &str, portal: &Fake, recording: &str) -> Opened {
        let paths = Paths::new(copy.path(folder));
        let mut settings = Settings::load(&paths.settings()).unwrap();
        settings.portal.url = portal.url();
        let device = std::fs::read_to_string(paths.device_key()).unwrap();
        let zone = FixedOffset::east_opt(60 * settings.utc_offset_minutes).unwrap();
        let now = at(&exchanges(recording)[0].at).with_timezone(&zone);
        Opened {
            device: SecretKey::from_text(&device).unwrap(),
            clock: HandClock::new(&now.to_rfc3339()),
            paths,
            settings,
        }
    }

    fn store(&self) -> Store {
        Store::open_at(&self.paths).unwrap()
    }

    fn push(&self) -> PushReport {
        push(
            &mut self.store(),
            &self.paths,
            &self.settings,
            &self.device,
            &self.clock,
        )
        .unwrap()
    }
}

/// Lines of deliveries.
fn delivered<'a>(bodies: impl Iterator<Item = String> + 'a) -> BTreeSet<String> {
    let lines: Vec<String> = bodies.collect();
    lines.join("\n").lines().map(str::to_owned).collect()
}

/// What a signed line says, without some of its members.
fn said(typ: Typ, line: &str, left_out: &[&str]) -> Value {
    let text: String = serde_json::from_str(line.trim()).unwrap();
    let mut payload = Jws::parse(&text, typ).unwrap().payload().clone();
    payload
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !left_out.contains(&name.as_str()));
    payload
}

/// Pushes a kept ward to the portal of a recording: it sends what was sent then, and believes what it was
/// told then.
#[track_caller]
fn replayed(copy: &Copy, folder: &str, recording: &str) {
    let portal = portal(recording);
    let ward = Opened::at(copy, folder, &portal, recording);
    let report = ward.push();
    let mut wanted = expected("exchanges")[recording].take();
    assert!(report.error.is_none(), "{report:?}");
    let counts = json!([report.sent, report.receipts, report.refused, report.left]);
    let then = &wanted["report"];
    let then = json!([then["sent"], then["receipts"], then["refused"], then["left"]]);
    assert_eq!(counts, then, "{recording}");
    let sent = portal.asked_at("/v1/entries");
    let kept = exchanges(recording);
    let kept = kept.iter().filter(|e| e.place() == "/v1/entries");
    assert_eq!(
        delivered(sent.iter().map(Request::text)),
        delivered(kept.map(|e| e.asked.text())),
        "{recording}"
    );
    copy.stands_as(folder, &wanted["after"], None);
    let found = copy.ran(folder, &["verify"]).json().remove(0);
    for (name, then) in wanted["verify"].as_object_mut().unwrap() {
        assert_eq!(&found[name], then, "{recording}: {name} of {found}");
    }
}

#[test]
fn what_it_had_not_delivered_goes_out_as_it_went_and_the_old_answers_are_believed() {
    let copy = Copy::of(&["ward"]);
    replayed(&copy, "ward", "push");
    replayed(&copy, "ward", "feed");

    // Its sign of life after that, and nothing that it did not say then.
    let portal = portal("heartbeat");
    let ward = Opened::at(&copy, "ward", &portal, "heartbeat");
    let handle = PushHandle::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (paths, settings) = (&ward.paths, &ward.settings);
            watch(paths, settings, &ward.device, &ward.clock, &handle, |_| ())
        });
        support::until("it waits for news", || {
            let asked = portal.asked();
            asked.iter().any(|r| r.path.contains("wait=20")).then_some(())
        });
        handle.stop();
    });
    let told = portal.asked_at("/v1/heartbeats")[0].text();
    let kept = exchanges("heartbeat");
    let kept = kept.iter().find(|e| e.place() == "/v1/heartbeats").unwrap();
    // The version is another one now, and what the clock is worth depends on the machine.
    let left_out = ["app", "at", "clk"];
    assert_eq!(
        said(Typ::Heartbeat, &told, &left_out),
        said(Typ::Heartbeat, &kept.asked.text(), &left_out)
    );
}

#[test]
fn restored_from_an_old_backup_it_gets_its_entries_back() {
    replayed(&Copy::of(&["restored"]), "restored", "restored");
}

#[test]
fn another_device_is_let_in_and_hears_of_everything() {
    let copy = Copy::of(&["second"]);
    let portal = portal("enrol");
    copy.set(
        "second/ogoh.toml",
        expected("proxy_url").as_str().unwrap(),
        &portal.url(),
    );
    let people = expected("second")["people"].take();
    let phrase = people[0]["passphrase"].as_str().unwrap().to_owned();
    std::fs::write(copy.path("pass.txt"), format!("{phrase}\n")).unwrap();
    let pass = copy.path("pass.txt").display().to_string();
    let asks = ["enrol", "--sign-as", "nigora", "--passphrase-file", &pass];
    copy.must("second", &asks);
    let asked = portal.asked_at("/v1/enrolments");
    let kept = exchanges("enrol");
    let kept = kept.iter().filter(|e| e.place() == "/v1/enrolments");
    // Only the device says anew when it asks.
    let says = |body: String| said(Typ::Enrol, &body, &["at"]);
    assert_eq!(
        asked.iter().map(Request::text).map(says).collect::<Vec<_>>(),
        kept.map(|e| e.asked.text()).map(says).collect::<Vec<_>>()
    );
    copy.must("second", &["enrol"]);
    drop(portal);
    let users = copy.must("second", &["user", "list"]);
    for (found, then) in users
        .iter()
        .zip(expected("exchanges")["enrol"]["users"].as_array().unwrap())
    {
        for name in ["login", "kid", "role", "state"] {
            assert_eq!(found[name], then[name], "{name}");
        }
    }
    replayed(&copy, "second", "second");
}
