//! A ward's device and a registry, both by their real commands and on the time of the machine.

use chrono::{Duration, FixedOffset, Utc};
use ogoh::portal::PortalSettings;
use serde_json::{Value, json};

use super::BOOK;
use crate::portal_support::{Browser, World, death, with};
use crate::support::ward::{WardDevice, birth};
use crate::support::{ogoh, run};

/// The facility of [`WardDevice`], and the office that it addresses.
pub const WARD: &str = "TJ-KT-BOX-01";
const OFFICE: &str = "TJ-KT-01";

/// A ward's device and a registry that runs on the time of the machine, as the device does.
pub struct Both {
    pub world: World,
    pub ward: WardDevice,
    desk: Browser,
    signed: u32,
}

/// What was signed of a notification last.
pub struct Last {
    pub nid: String,
    h: String,
}

impl Both {
    pub fn new() -> Both {
        let world = World::at(BOOK, PortalSettings::default(), now());
        let ward = WardDevice::at(&world.url(""), &world.root_x);
        ward.must(&["enrol"]);
        operator(&world, &["portal", "approve", "--all"]);
        ward.must(&["enrol"]);
        let desk = world.signed_in("registrar", "registrar", OFFICE);
        Both {
            world,
            ward,
            desk,
            signed: 0,
        }
    }

    /// The registry's clock stands still between two steps.
    fn tick(&self) {
        self.world.clock.advance(now() - self.world.now());
    }

    /// Signs what a file says.
    #[track_caller]
    pub fn sign(&self, args: &[&str], event: &Value) -> Last {
        let said = self.ward.sign_answered(args, event, "firuz");
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        Last {
            nid: text("nid"),
            h: text("h"),
        }
    }

    /// A birth so many days ago, of a mother who is nobody else.
    pub fn born(&mut self, days: i64, change: &[(&str, Value)]) -> (Value, Last) {
        let event = changed(self.birth_of(days), change);
        let last = self.sign(&["record", "birth"], &event);
        (event, last)
    }

    pub fn birth_of(&mut self, days: i64) -> Value {
        self.signed += 1;
        let (surname, n) = (SURNAMES[self.signed as usize % SURNAMES.len()], self.signed);
        let event = birth(surname, &format!("А {:07}", 3_141_592 + n * 271_829));
        let event = with(event, "birth.date", json!(day(days)));
        let event = with(
            event,
            "birth.time",
            json!(format!("{:02}:{:02}", n % 24, n * 7 % 60)),
        );
        let born = format!("{}-{:02}-{:02}", 1985 + n % 17, 1 + n % 12, 1 + n * 5 % 28);
        with(event, "mother.born", json!(born))
    }

    pub fn died(&mut self, days: i64, change: &[(&str, Value)]) -> Last {
        self.signed += 1;
        let surname = SURNAMES[self.signed as usize % SURNAMES.len()];
        let event = with(death(surname), "death.date", json!(day(days)));
        let event = with(event, "death.district", json!(OFFICE));
        let event = with(
            event,
            "deceased.document",
            json!(format!("А {:07}", 2_718_281 + self.signed * 31_415)),
        );
        let event = changed(with(event, "office", json!(OFFICE)), change);
        self.sign(&["record", "death"], &event)
    }

    pub fn amend(&self, of: &Last, event: &Value) -> Last {
        self.sign(&["amend", &of.nid, "--reason", "typing-error"], event)
    }

    pub fn annul(&self, of: &Last, attested: bool) {
        let pass = self.ward.pass("firuz");
        let by = ["--sign-as", "firuz", "--passphrase-file", &pass];
        let args = [&["void", &of.nid, "--reason", "wrong-person"], by.as_slice()].concat();
        self.ward.must(&args);
        if attested {
            let pass = self.ward.pass("mehri");
            let by = ["--sign-as", "mehri", "--passphrase-file", &pass];
            self.ward.must(&[&["attest", &of.nid], by.as_slice()].concat());
        }
    }

    /// Delivers everything and fetches every answer.
    pub fn push(&self) {
        for _ in 0..2 {
            self.tick();
            self.ward.must(&["push"]);
        }
    }

    #[track_caller]
    pub fn rule(&self, of: &Last, fields: &[(&str, &str)]) {
        self.tick();
        let mut form = vec![("h", of.h.as_str())];
        form.extend(fields);
        let (status, to) = self.desk.send("/desk/entry", &form);
        assert!(status == 303 && to.ends_with("said=desk-done"), "{status} {to}");
    }

    pub fn status(&self, of: &Last) -> String {
        let said = self.ward.must(&["show", &of.nid]);
        said[0]["status"].as_str().unwrap().to_owned()
    }

    /// The month as the ward counts it.
    pub fn at_ward(&self, month: &str) -> Value {
        self.ward.must(&["monitor", "--month", month]).pop().unwrap()
    }

    /// The facility's month as the registry counts it.
    pub fn at_registry(&self, month: &str) -> Value {
        let said = quality(&self.world, &["--month", month]);
        let own = said.into_iter().find(|line| line["fac"] == WARD);
        own.unwrap_or_else(|| panic!("{month}: no table of {WARD}"))
    }
}

/// Surnames of mothers and of the dead; invented.
const SURNAMES: [&str; 12] = [
    "Раҳимова",
    "Бобоева",
    "Зоирова",
    "Шарипова",
    "Қаландарова",
    "Юсуфзода",
    "Ҳотамова",
    "Мирзоева",
    "Собирова",
    "Ғафурова",
    "Тағоева",
    "Вализода",
];

pub fn now() -> chrono::DateTime<FixedOffset> {
    Utc::now().with_timezone(&FixedOffset::east_opt(5 * 3600).unwrap())
}

pub fn day(ago: i64) -> String {
    (now() - Duration::days(ago)).date_naive().to_string()
}

pub fn changed(event: Value, change: &[(&str, Value)]) -> Value {
    let one = |event, (path, value): &(&str, Value)| with(event, path, value.clone());
    change.iter().fold(event, one)
}

fn operator(world: &World, args: &[&str]) -> Vec<Value> {
    let ran = run(ogoh()
        .args(args)
        .args(["--json", "--lang", "en", "--dir"])
        .arg(world.dir()));
    assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.out, ran.err);
    ran.json()
}

/// What the registry's command says, whether or not a rule of the ministry finds something.
fn quality(world: &World, args: &[&str]) -> Vec<Value> {
    let mut command = ogoh();
    command.args(["portal", "quality", "--json", "--lang", "en", "--dir"]);
    let ran = run(command.arg(world.dir()).args(args));
    assert!(ran.code <= 1, "{args:?}: {} {}", ran.out, ran.err);
    ran.json()
}
