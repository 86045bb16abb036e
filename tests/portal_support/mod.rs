//! A portal on a real socket with a real SQLite file, and wards that talk to it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, FixedOffset};
use ogoh::env::{Clock, ClockTrust, Role, new_uuid};
use ogoh::portal::{self, PortalSettings, Running};
use ogoh::seal::{
    EnrolRequest, Entry, EntryType, FacilityClaim, KeyUse, NO_PREV, PublicKey, Reason, Receipt, Ref,
    SecretKey, Status, Trust, auth_token, hash,
};
use ogoh::vital::Kind;
use ogoh::wire::{self, Answer, Problem};
use serde_json::{Value, json};

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
    /// From the first page of the desk that had a form.
    csrf: std::cell::RefCell<Option<String>>,
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
            csrf: std::cell::RefCell::default(),
        };
        world.start();
        world
    }

    pub fn start(&mut self) {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let clock: Arc<dyn Clock> = self.clock.clone();
        self.portal = Some(portal::start(self.dir.path(), any, clock).unwrap());
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

    /// The desk's cookie.
    pub fn cookie(&self) -> String {
        let agent = agent();
        let answer = agent
            .get(self.portal.as_ref().unwrap().desk_url())
            .call()
            .unwrap();
        assert_eq!(answer.status(), 303);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// The desk's page.
    pub fn desk(&self) -> String {
        let answer = agent()
            .get(self.url("/desk?lang=en"))
            .header("cookie", self.cookie())
            .call();
        answer.unwrap().body_mut().read_to_string().unwrap()
    }

    /// Sends the form of the desk for an entry, as a browser would; the status.
    pub fn rule(&self, h: &str, fields: &[(&str, &str)]) -> u16 {
        let csrf = self
            .csrf
            .borrow_mut()
            .get_or_insert_with(|| {
                let page = self.desk();
                let after = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
                after.split('"').next().unwrap().to_owned()
            })
            .clone();
        let mut form = vec![("csrf", csrf.as_str()), ("h", h), ("lang", "en")];
        form.extend(fields);
        let answer = agent()
            .post(self.url("/desk"))
            .header("cookie", self.cookie())
            .send_form(form);
        answer.unwrap().status().as_u16()
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
    pub fn newest(&self, world: &World, of: &Signed) -> Receipt {
        let found = self.feed(world, 0).into_iter().map(|(r, _)| r);
        found.filter(|r| r.nh == of.h).max_by_key(|r| r.n).unwrap()
    }
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

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(std::time::Duration::from_secs(30)))
        .build()
        .into()
}

pub fn get(url: &str, token: Option<&str>) -> (u16, String) {
    let mut request = agent().get(url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut answer = request.call().unwrap();
    (
        answer.status().as_u16(),
        answer.body_mut().read_to_string().unwrap(),
    )
}

pub fn post(url: &str, token: Option<&str>, body: impl Into<Vec<u8>>) -> (u16, String) {
    let mut request = agent().post(url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut answer = request.send(&body.into()[..]).unwrap();
    (
        answer.status().as_u16(),
        answer.body_mut().read_to_string().unwrap(),
    )
}

/// A document number of its own for each surname.
fn document(surname: &str) -> String {
    let sum: u32 = surname
        .chars()
        .map(u32::from)
        .fold(7, |a, c| a.wrapping_mul(31).wrapping_add(c));
    format!("А {:08}", sum % 100_000_000)
}

/// A birth without any fault, of a mother of this surname.
pub fn birth(surname: &str) -> Value {
    json!({
        "child": {"sex": "female", "surname": surname, "given": "Мадина", "patronymic": "Ҷамшедовна"},
        "birth": {
            "date": "2026-11-22", "time": "03:12", "place": "facility", "district": "TJ-DU-01",
            "attendant": "midwife", "weight": 3400, "length": 510, "weeks": 39, "plurality": 1,
            "apgar_1": 8, "apgar_5": 9
        },
        "mother": {
            "surname": surname, "given": "Сарвиноз", "patronymic": "Холмуродовна", "born": "1998-04-17",
            "district": "TJ-DU-01", "address": "кӯчаи Рӯдакӣ 1", "document": document(surname),
            "phone": "+992 900 00 00 00", "marriage": "registered", "marriage_act": "12/2019",
            "education": "higher", "live_births_before": 1
        },
        "father": {
            "surname": "Саидов", "given": "Ҷамшед", "patronymic": "Раҳимович", "born": "1995-02-03",
            "document": "А 01410028"
        },
        "informant": "модар",
        "office": "TJ-DU-01",
        "paper_certificate": {"not": "knowable"}
    })
}

/// A death without any fault.
pub fn death(surname: &str) -> Value {
    json!({
        "death": {
            "certificate": "final", "date": "2026-11-21", "time": "14:05", "place": "facility",
            "district": "TJ-DU-01", "manner": "disease"
        },
        "deceased": {
            "surname": surname, "given": "Саидмурод", "patronymic": "Каримович", "sex": "male",
            "born": "1957-10-03", "document": document(surname), "district": "TJ-DU-01",
            "address": "деҳаи Навобод", "education": "secondary"
        },
        "cause": {
            "lang": "tg",
            "a": {"text": "сактаи мушаки дил", "interval": "PT6H"},
            "b": {"text": "фишорбаландӣ", "interval": "P10Y"}
        },
        "informant": "писар",
        "office": "TJ-DU-01",
        "paper_certificate": {"not": "knowable"}
    })
}

/// Changes a value at a JSON pointer, making objects on the way.
pub fn with(mut body: Value, path: &str, value: Value) -> Value {
    let mut at = &mut body;
    for part in path.split('.') {
        at = at
            .as_object_mut()
            .unwrap()
            .entry(part)
            .or_insert_with(|| json!({}));
    }
    *at = value;
    body
}

/// Takes a value out.
pub fn without(mut body: Value, path: &str) -> Value {
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
    let mut at = &mut body;
    for part in parent.split('.').filter(|p| !p.is_empty()) {
        at = &mut at[part];
    }
    at.as_object_mut().unwrap().remove(last);
    body
}

/// Waits for something with a deadline.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "{what} did not come");
        std::thread::yield_now();
    }
}
