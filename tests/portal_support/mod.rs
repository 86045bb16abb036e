//! A portal on a real socket with a real SQLite file, and wards that talk to it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bodies;
#[path = "../support/browser.rs"]
mod browser;
mod client;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, FixedOffset};
use ogoh::env::{Clock, ClockTrust, Role, new_uuid};
use ogoh::portal::{self, PortalSettings, Running};
use ogoh::seal::{
    EnrolRequest, Entry, EntryType, FacilityClaim, Heartbeat, KeyUse, NO_PREV, PublicKey, Reason, Receipt,
    Ref, SecretKey, Status, Trust, auth_token, hash,
};
use ogoh::vital::Kind;
use ogoh::wire::{self, Answer, Problem};
use serde_json::{Value, json};

pub use bodies::*;
pub use browser::Browser;
pub use client::*;

pub const FAC: &str = "TJ-DU-BOX-01";

/// A clock that tests move.
pub struct TestClock(Mutex<DateTime<FixedOffset>>);

impl TestClock {
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<FixedOffset> {
        *self.0.lock().unwrap()
    }
}

/// A portal with its folder.
pub struct World {
    pub dir: tempfile::TempDir,
    pub portal: Option<Running>,
    pub clock: Arc<TestClock>,
    pub root_x: String,
}

impl World {
    pub fn new() -> World {
        World::with(PortalSettings::default())
    }

    pub fn with(settings: PortalSettings) -> World {
        let dir = tempfile::tempdir().unwrap();
        let now = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap();
        let clock = Arc::new(TestClock(Mutex::new(now)));
        let made = portal::init(dir.path(), &settings, clock.as_ref()).unwrap();
        let mut world = World {
            dir,
            portal: None,
            clock,
            root_x: made.root_key,
        };
        world.start();
        world
    }

    pub fn start(&mut self) {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let clock: Arc<dyn Clock> = self.clock.clone();
        self.portal = Some(portal::start(self.dir.path(), any, clock).unwrap());
    }

    /// Stops the portal and starts it again.
    pub fn restart(&mut self) {
        self.portal.take().unwrap().stop();
        self.start();
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.portal.as_ref().unwrap().addr)
    }

    pub fn now(&self) -> DateTime<FixedOffset> {
        self.clock.now()
    }

    pub fn trust(&self) -> Trust {
        let root = PublicKey::from_x(&self.root_x).unwrap();
        let body = get(&self.url(wire::path::TRUST), None).1;
        let lists: Vec<String> = wire::lines(&body)
            .map(|l| wire::jws_of_line(l).unwrap())
            .collect();
        Trust::open_chain(lists.iter().map(String::as_str), &root).unwrap()
    }

    /// Sends a request to enrol and approves it as the operator.
    pub fn enrol(&self, key: &SecretKey, request: &EnrolRequest) {
        let id = self.ask(key, request);
        portal::approve(self.dir(), &id, self.clock.as_ref()).unwrap();
    }

    /// Sends a request to enrol; its identifier.
    pub fn ask(&self, key: &SecretKey, request: &EnrolRequest) -> String {
        let (status, body) = post(
            &self.url(wire::path::ENROLMENTS),
            None,
            request.seal(key).unwrap(),
        );
        assert_eq!(status, 202, "{body}");
        let answer: wire::Enrolment = serde_json::from_str(&body).unwrap();
        answer.id
    }

    pub fn person(&self, fac: &str, usr: &str, role: Role) -> SecretKey {
        let key = SecretKey::generate().unwrap();
        self.enrol(&key, &self.person_request(&key, fac, usr, role));
        key
    }

    pub fn person_request(&self, key: &SecretKey, fac: &str, usr: &str, role: Role) -> EnrolRequest {
        EnrolRequest {
            v: 1,
            what: KeyUse::Person,
            x: key.public().x(),
            fac: fac.into(),
            facility: None,
            usr: Some(usr.into()),
            name: Some("Табиб".into()),
            role: Some(role),
            at: self.now(),
            code: None,
        }
    }

    /// A device of a facility with one doctor.
    pub fn ward(&self, fac: &str) -> Ward {
        let device = SecretKey::generate().unwrap();
        let request = EnrolRequest {
            v: 1,
            what: KeyUse::Device,
            x: device.public().x(),
            fac: fac.into(),
            facility: Some(FacilityClaim {
                name: "Таваллудхона".into(),
                district: "TJ-DU-01".into(),
                office: "TJ-DU-01".into(),
            }),
            usr: None,
            name: Some("PC".into()),
            role: None,
            at: self.now(),
            code: None,
        };
        self.enrol(&device, &request);
        let doctor = self.person(fac, "doctor", Role::Doctor);
        Ward {
            device,
            doctor,
            fac: fac.into(),
            jid: new_uuid(),
            seq: 0,
            prev: NO_PREV.into(),
            base: self.url(""),
            aud: wire::audience(&self.root_x),
            clock: self.clock.clone(),
        }
    }

    /// A registrar of the office that the wards of these tests address, newly signed in.
    pub fn registrar(&self) -> Browser {
        self.signed_in("registrar", "registrar", "TJ-DU-01")
    }

    /// Somebody newly signed in by a link; the account is made where there is none.
    pub fn signed_in(&self, login: &str, role: &str, place: &str) -> Browser {
        let new = portal::NewAccount {
            login: login.into(),
            name: "Корманд".into(),
            role: role.into(),
            place: place.into(),
        };
        match portal::staff_add(self.dir(), &new, self.clock.as_ref()) {
            Ok(_) | Err(portal::PortalError::LoginTaken(_)) => {}
            Err(e) => panic!("{e:?}"),
        }
        let token = portal::staff_link(self.dir(), login, 10, self.clock.as_ref()).unwrap();
        Browser::follow(&self.url(""), &format!("/sign-in/{token}"))
    }

    /// The page of an entry that lies on the desk; empty where it does not.
    pub fn on_desk(&self, h: &str) -> String {
        self.registrar().get(&format!("/desk/entry/{h}")).1
    }

    /// Whether an entry stands in the desk's list.
    pub fn lists(&self, h: &str) -> bool {
        self.registrar().get("/desk").1.contains(h)
    }

    /// Sends the form of the desk for an entry, as a browser would; whether it was done.
    pub fn rule(&self, h: &str, fields: &[(&str, &str)]) -> bool {
        let mut form = vec![("h", h)];
        form.extend(fields);
        let (status, to) = self.registrar().send("/desk/entry", &form);
        assert_eq!(status, 303, "{to}");
        to.ends_with("said=desk-done")
    }
}

/// A device and its journal.
pub struct Ward {
    pub device: SecretKey,
    pub doctor: SecretKey,
    pub fac: String,
    pub jid: String,
    pub seq: u64,
    pub prev: String,
    pub base: String,
    pub aud: String,
    pub clock: Arc<TestClock>,
}

impl Ward {
    pub fn token(&self) -> String {
        auth_token(&self.device, &self.aud, self.clock.now()).unwrap()
    }

    /// Signs the next entry of the journal.
    pub fn sign(&mut self, key: &SecretKey, change: impl FnOnce(&mut Entry)) -> Signed {
        let id = new_uuid();
        let mut entry = Entry {
            v: 1,
            t: EntryType::Open,
            nid: id.clone(),
            id,
            rev: 1,
            jid: self.jid.clone(),
            seq: self.seq + 1,
            prev: self.prev.clone(),
            rec: self.clock.now(),
            clk: ClockTrust::Synced,
            fac: self.fac.clone(),
            dev: self.device.public().kid().to_owned(),
            usr: "doctor".into(),
            role: Role::Doctor,
            app: "test".into(),
            body: serde_json::Map::new(),
            reference: None,
            reason: None,
        };
        change(&mut entry);
        let jws = entry.seal(key).unwrap();
        self.seq = entry.seq;
        self.prev = hash(&jws);
        Signed {
            h: hash(&jws),
            jws,
            nid: entry.nid,
            rev: entry.rev,
        }
    }

    pub fn open(&mut self) -> Signed {
        let device = self.device.clone();
        let body = json!({"device": device.public().kid(), "facility": self.fac});
        self.sign(&device, |e| {
            e.usr = e.dev.clone();
            e.role = Role::Device;
            e.body = object(body);
        })
    }

    pub fn notice_by(&mut self, key: &SecretKey, kind: Kind, body: Value) -> Signed {
        self.sign(key, |e| {
            e.t = EntryType::Notice(kind);
            e.body = object(body);
        })
    }

    pub fn birth(&mut self, body: Value) -> Signed {
        self.notice_by(&self.doctor.clone(), Kind::Birth, body)
    }

    pub fn death(&mut self, body: Value) -> Signed {
        self.notice_by(&self.doctor.clone(), Kind::Death, body)
    }

    pub fn amend(&mut self, of: &Signed, body: Value) -> Signed {
        self.about(EntryType::Amend, of, body, &self.doctor.clone())
    }

    pub fn void_by(&mut self, of: &Signed, key: &SecretKey) -> Signed {
        self.about(EntryType::Void, of, json!({}), key)
    }

    pub fn attest_by(&mut self, of: &Signed, key: &SecretKey) -> Signed {
        self.about(EntryType::Attest, of, json!({}), key)
    }

    fn about(&mut self, t: EntryType, of: &Signed, body: Value, key: &SecretKey) -> Signed {
        let reference = Ref {
            nid: of.nid.clone(),
            rev: of.rev,
            h: of.h.clone(),
        };
        self.sign(key, |e| {
            if t != EntryType::Attest {
                e.nid = reference.nid.clone();
                e.rev = reference.rev + 1;
                e.reason = Some(Reason {
                    code: "new-information".into(),
                    text: String::new(),
                });
            }
            e.t = t;
            e.body = object(body);
            e.reference = Some(reference);
        })
    }

    /// Delivers raw lines.
    pub fn post(&self, body: impl Into<Vec<u8>>) -> (u16, String) {
        post(
            &format!("{}{}", self.base, wire::path::ENTRIES),
            Some(&self.token()),
            body.into(),
        )
    }

    /// Delivers entries and reads the answers.
    pub fn push(&self, entries: &[&Signed]) -> Vec<Answer> {
        let lines: Vec<String> = entries.iter().map(|e| wire::jws_line(&e.jws)).collect();
        let (status, body) = self.post(lines.join("\n"));
        assert_eq!(status, 200, "{body}");
        let answers: Vec<Answer> = wire::answers(&body).into_iter().map(Option::unwrap).collect();
        assert_eq!(answers.len(), entries.len());
        answers
    }

    /// Delivers entries that all get receipts.
    pub fn deliver(&self, world: &World, entries: &[&Signed]) -> Vec<Receipt> {
        let trust = world.trust();
        let answers = self.push(entries);
        answers
            .iter()
            .zip(entries)
            .map(|(answer, entry)| {
                let receipt = receipt_of(answer, &trust);
                assert_eq!(receipt.nh, entry.h);
                receipt
            })
            .collect()
    }

    pub fn feed(&self, world: &World, after: u64) -> Vec<(Receipt, Option<String>)> {
        let url = format!("{}{}", self.base, wire::path::feed(&self.fac, after, 0));
        let (status, body) = get(&url, Some(&self.token()));
        assert_eq!(status, 200, "{body}");
        let trust = world.trust();
        wire::lines(&body)
            .map(|l| serde_json::from_str::<wire::FeedLine>(l).unwrap())
            .map(|l| (Receipt::open(&l.receipt, &trust).unwrap(), l.entry))
            .collect()
    }

    /// The newest receipt of an entry, by the feed.
    /// The newest receipt of an entry as the portal signed it.
    pub fn newest_text(&self, world: &World, of: &Signed) -> String {
        let url = world.url(&wire::path::feed(&self.fac, 0, 0));
        let body = get(&url, Some(&self.token())).1;
        let lines = wire::lines(&body).map(|l| serde_json::from_str::<wire::FeedLine>(l).unwrap().receipt);
        let trust = world.trust();
        lines
            .filter(|text| Receipt::open(text, &trust).unwrap().nh == of.h)
            .last()
            .unwrap()
    }

    pub fn newest(&self, world: &World, of: &Signed) -> Receipt {
        let found = self.feed(world, 0).into_iter().map(|(r, _)| r);
        found.filter(|r| r.nh == of.h).max_by_key(|r| r.n).unwrap()
    }
}

/// A device's sign of life.
pub fn beat(ward: &Ward, unsent: u64) -> String {
    let beat = Heartbeat {
        fac: ward.fac.clone(),
        dev: ward.device.public().kid().into(),
        at: ward.clock.now(),
        clk: ClockTrust::Synced,
        app: "test".into(),
        unsent,
        oldest: None,
        returned: 0,
        drafts: 0,
    };
    beat.seal(&ward.device).unwrap()
}

/// A signed entry.
#[derive(Clone, Debug)]
pub struct Signed {
    pub jws: String,
    pub h: String,
    pub nid: String,
    pub rev: u32,
}

pub fn object(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => panic!("not an object"),
    }
}

pub fn receipt_of(answer: &Answer, trust: &Trust) -> Receipt {
    match answer {
        Answer::Receipt(jws) => Receipt::open(jws, trust).unwrap(),
        Answer::Problem(p) => panic!("{p:?}"),
    }
}

pub fn problem_of(answer: &Answer) -> &Problem {
    match answer {
        Answer::Problem(p) => p,
        Answer::Receipt(_) => panic!("a receipt"),
    }
}

pub fn code(receipt: &Receipt) -> &str {
    receipt.problem.as_ref().map_or("", |p| p.code.as_str())
}

pub fn statuses(receipts: &[Receipt]) -> Vec<Status> {
    receipts.iter().map(|r| r.status).collect()
}

/// Waits for something with a deadline.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "{what} did not come");
        std::thread::yield_now();
    }
}
