//! A portal on a real socket with a real SQLite file, and wards that talk to it.

mod bodies;
mod browser;
mod client;
pub mod postgres;
mod process;
mod source;
mod ward;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, FixedOffset};
use ogoh::env::{Clock, ClockTrust, Facility, Role, new_uuid};
use ogoh::portal::{self, PortalSettings, Running};
use ogoh::seal::{EnrolRequest, Heartbeat, NO_PREV, PublicKey, Receipt, SecretKey, Status, Trust};
use ogoh::wire::{self, DeliveryAnswer, ProblemDetails};
use serde_json::Value;

pub use bodies::*;
pub use browser::Browser;
pub use client::*;
pub use process::Process;
pub use source::{Answer, post_from};
pub use ward::{Ward, first_epoch};

pub const FAC: &str = "TJ-DU-BOX-01";

/// Where a portal keeps its book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// In a file.
    Sqlite,
    /// In a database of its own on a server that this program starts; in a file where there is no
    /// server to start, which is then said by name.
    Postgres,
}

/// A copy of a book.
pub enum Copy {
    File(tempfile::TempDir),
    Database(String),
}

/// Whose keys they are: an entry names the person who signs it.
static LOGINS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

fn login_of(key: &SecretKey) -> String {
    let logins = LOGINS.lock().unwrap();
    logins
        .get(key.public().kid())
        .map_or("doctor", String::as_str)
        .to_owned()
}

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
    /// Given back once the portal has ended.
    _lent: Option<postgres::Lent>,
    pub clock: Arc<TestClock>,
    pub root_x: String,
}

impl World {
    /// With its book in a file.
    pub fn new() -> World {
        World::with(Database::Sqlite, PortalSettings::default())
    }

    /// With its book where it is wanted, and settings of its own.
    pub fn with(book: Database, settings: PortalSettings) -> World {
        let now = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap();
        World::at(book, settings, now)
    }

    /// The same at a moment of its own.
    pub fn at(book: Database, settings: PortalSettings, now: DateTime<FixedOffset>) -> World {
        let lent = match book {
            Database::Sqlite => None,
            Database::Postgres => postgres::Lent::take(),
        };
        let database = lent.as_ref().map(|lent| lent.0.clone()).unwrap_or_default();
        let world = World::on(PortalSettings { database, ..settings }, now);
        World { _lent: lent, ..world }
    }

    /// A portal whose settings are given whole, at a moment of its own.
    pub fn on(settings: PortalSettings, now: DateTime<FixedOffset>) -> World {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(Mutex::new(now)));
        let beside = dir.path().join("outside/witness.json").display().to_string();
        let witness = Some(settings.witness.clone())
            .filter(|w| !w.is_empty())
            .unwrap_or(beside);
        let settings = PortalSettings { witness, ..settings };
        let made = portal::init(dir.path(), &settings, clock.as_ref()).unwrap();
        let mut world = World {
            dir,
            portal: None,
            _lent: None,
            clock,
            root_x: made.root_key,
        };
        world.start();
        world
    }

    /// A portal that somebody left in a folder, brought to today's form.
    pub fn found(dir: tempfile::TempDir, root_x: String, now: DateTime<FixedOffset>) -> World {
        let clock = Arc::new(TestClock(Mutex::new(now)));
        portal::migrate(dir.path(), clock.clone()).unwrap();
        let mut world = World {
            dir,
            portal: None,
            _lent: None,
            clock,
            root_x,
        };
        world.start();
        world
    }

    pub fn start(&mut self) {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let clock: Arc<dyn Clock> = self.clock.clone();
        self.portal = Some(portal::start(self.dir.path(), any, None, clock).unwrap());
    }

    fn settings(&self) -> PortalSettings {
        PortalSettings::load(&self.dir().join("portal.toml")).unwrap()
    }

    /// A copy of the book of a portal that stands still.
    pub fn copy_book(&self) -> Copy {
        let database = self.settings().database;
        if !database.is_empty() {
            return Copy::Database(postgres::copy(&database));
        }
        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(self.dir().join("portal.db"), copy.path().join("portal.db")).unwrap();
        Copy::File(copy)
    }

    /// Changes the book of a portal by hand, past the program.
    pub fn execute(&self, sql: &str) {
        let database = self.settings().database;
        if database.is_empty() {
            let book = rusqlite::Connection::open(self.dir().join("portal.db")).unwrap();
            book.execute_batch(sql).unwrap();
        } else {
            let mut client = ::postgres::Client::connect(&database, ::postgres::NoTls).unwrap();
            client.batch_execute(sql).unwrap();
        }
    }

    /// Status and registration number of every notification in the book.
    pub fn statuses(&self) -> BTreeMap<String, (String, Option<String>)> {
        let sql = "SELECT nid, status, reg_no FROM notification";
        let database = self.settings().database;
        if !database.is_empty() {
            let mut client = ::postgres::Client::connect(&database, ::postgres::NoTls).unwrap();
            let rows = client.query(sql, &[]).unwrap();
            return rows.iter().map(|r| (r.get(0), (r.get(1), r.get(2)))).collect();
        }
        let book = rusqlite::Connection::open(self.dir().join("portal.db")).unwrap();
        let mut statement = book.prepare(sql).unwrap();
        let rows = statement.query_map([], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))));
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// Puts a copy in the place of the book.
    pub fn restore_book(&self, copy: Copy) {
        match copy {
            Copy::Database(database) => {
                let settings = PortalSettings {
                    database,
                    ..self.settings()
                };
                settings.save(&self.dir().join("portal.toml")).unwrap();
            }
            Copy::File(copy) => {
                for name in ["portal.db-wal", "portal.db-shm"] {
                    let _ = std::fs::remove_file(self.dir().join(name));
                }
                std::fs::copy(copy.path().join("portal.db"), self.dir().join("portal.db")).unwrap();
            }
        }
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

    /// Lets every office number again that recovers, as the operator.
    pub fn end_recovery(&self) {
        portal::end_recovery(self.dir(), None, "ҳама шунида шуд", self.clock.clone()).unwrap();
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
        let answer: wire::EnrolmentAnswer = serde_json::from_str(&body).unwrap();
        answer.id
    }

    pub fn person(&self, fac: &str, usr: &str, role: Role) -> SecretKey {
        let key = SecretKey::generate().unwrap();
        self.enrol(&key, &self.person_request(&key, fac, usr, role));
        key
    }

    pub fn person_request(&self, key: &SecretKey, fac: &str, usr: &str, role: Role) -> EnrolRequest {
        LOGINS
            .lock()
            .unwrap()
            .insert(key.public().kid().to_owned(), usr.to_owned());
        EnrolRequest::of_person(&key.public(), fac, (usr, "Табиб", role), self.now())
    }

    /// A device of a facility with one doctor.
    pub fn ward(&self, fac: &str) -> Ward {
        let doctor = SecretKey::generate().unwrap();
        let ward = self.device(fac, &doctor);
        self.enrol(
            &doctor,
            &self.person_request(&doctor, fac, "doctor", Role::Doctor),
        );
        ward
    }

    /// A further device of a facility.
    pub fn device(&self, fac: &str, doctor: &SecretKey) -> Ward {
        self.device_with(SecretKey::generate().unwrap(), fac, doctor)
    }

    /// A device of a facility by its key.
    pub fn device_with(&self, device: SecretKey, fac: &str, doctor: &SecretKey) -> Ward {
        let facility = Facility {
            code: fac.into(),
            name: "Таваллудхона".into(),
            district: "TJ-DU-01".into(),
            office: "TJ-DU-01".into(),
        };
        let request = EnrolRequest::of_device(&device.public(), &facility, self.now());
        self.enrol(&device, &request);
        Ward {
            device,
            doctor: doctor.clone(),
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
        Browser::signed_in(&self.url(""), self.dir(), &new, self.clock.as_ref())
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

/// A device's sign of life.
pub fn beat(ward: &Ward, unsent: u64) -> String {
    beat_at(ward, unsent, ward.clock.now())
}

/// The same with the time that the device's clock shows.
pub fn beat_at(ward: &Ward, unsent: u64, at: DateTime<FixedOffset>) -> String {
    let beat = Heartbeat {
        fac: ward.fac.clone().into(),
        dev: ward.device.public().kid().into(),
        at,
        clk: ClockTrust::Synced,
        app: "test".into(),
        unsent,
        // Signed ten hours ago.
        oldest: (unsent > 0).then(|| ward.clock.now() - Duration::hours(10)),
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

pub fn receipt_of(answer: &DeliveryAnswer, trust: &Trust) -> Receipt {
    match answer {
        DeliveryAnswer::Receipt(jws) => Receipt::open(jws, trust).unwrap(),
        DeliveryAnswer::Problem(p) => panic!("{p:?}"),
    }
}

pub fn problem_of(answer: &DeliveryAnswer) -> &ProblemDetails {
    match answer {
        DeliveryAnswer::Problem(p) => p,
        DeliveryAnswer::Receipt(_) => panic!("a receipt"),
    }
}

pub fn code(receipt: &Receipt) -> &str {
    receipt.problem.as_ref().map_or("", |p| p.code.as_str())
}

pub fn statuses(receipts: &[Receipt]) -> Vec<Status> {
    receipts.iter().map(|r| r.status).collect()
}

/// Waits until something holds.
#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    crate::support::until(what, || holds().then_some(()));
}
