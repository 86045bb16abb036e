//! A ward with a real store, a doctor and a device.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use ogoh::env::{Clock, ClockTrust, Facility, Paths, PortalAt, Role, Settings};
use ogoh::form::body::{Unknown, from_json};
use ogoh::rules::Severity;
use ogoh::seal::{AmendReason, SecretKey, Status};
use ogoh::vital::{Answer, Event, Kind};
use ogoh::ward::deliver::{Carrier, PushReport, Timeouts};
use ogoh::ward::store::{EntryStatus, Person, Recorded, Signer, Site, Statement, Store};
use serde_json::json;

pub const FACILITY: &str = "TJ-DU-02-H01";

pub fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

/// A clock that moves only when it is told to. Clones show the same time.
#[derive(Clone)]
pub struct HandClock(Arc<Mutex<DateTime<FixedOffset>>>);

impl HandClock {
    pub fn new(text: &str) -> HandClock {
        HandClock(Arc::new(Mutex::new(at(text))))
    }

    pub fn forward(&self, seconds: i64) {
        *self.0.lock().unwrap() += chrono::Duration::seconds(seconds);
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<FixedOffset> {
        *self.0.lock().unwrap()
    }
}

/// A person with a key.
pub struct Signatory {
    pub login: &'static str,
    pub role: Role,
    pub key: SecretKey,
}

pub struct Ward {
    pub dir: tempfile::TempDir,
    pub paths: Paths,
    pub settings: Settings,
    pub device: SecretKey,
    pub doctor: Signatory,
    pub second: Signatory,
    pub clock: HandClock,
    count: u32,
}

impl Ward {
    /// A ward whose portal is at `url` and whose registry has this root key; each seed has keys of its own.
    pub fn numbered(url: &str, root_key: &str, seed: u8) -> Ward {
        let dir = super::scratch_dir();
        let facility = Facility {
            code: FACILITY.to_owned(),
            name: "Таваллудхонаи №2".to_owned(),
            district: "TJ-DU-02".to_owned(),
            office: "TJ-DU-02".to_owned(),
        };
        let portal = PortalAt {
            url: url.to_owned(),
            root_key: root_key.to_owned(),
            ca_file: None,
            ..PortalAt::default()
        };
        let signatory = |login, role, n| Signatory {
            login,
            role,
            key: SecretKey::from_seed(&[n; 32]),
        };
        let ward = Ward {
            paths: Paths::new(dir.path()),
            dir,
            settings: Settings::new(facility, portal),
            device: SecretKey::from_seed(&[seed; 32]),
            doctor: signatory("davlatova", Role::Doctor, seed + 1),
            second: signatory("karimov", Role::ShiftHead, seed + 2),
            clock: HandClock::new("2026-11-23T14:00:00+05:00"),
            count: u32::from(seed),
        };
        let mut store = ward.store();
        for p in [&ward.doctor, &ward.second] {
            store
                .add_person(&Person {
                    login: p.login.to_owned(),
                    name: "Давлатова Ҳусния".to_owned(),
                    role: p.role,
                    kid: p.key.public().kid().to_owned(),
                    x: p.key.public().x(),
                    key_blob: String::new(),
                    since: at("2026-01-01T00:00:00+05:00"),
                    suspended: None,
                })
                .unwrap();
        }
        ward
    }

    pub fn store(&self) -> Store {
        Store::open(&self.paths.database()).unwrap()
    }

    pub fn carrier(&self) -> Carrier<'_> {
        // Longer than a busy machine keeps a thread waiting.
        self.with_timeouts(Duration::from_secs(20))
    }

    /// Its carrier, as patient with a portal that falls silent as is wanted.
    pub fn with_timeouts(&self, read: Duration) -> Carrier<'_> {
        let timeouts = Timeouts {
            connect: Duration::from_secs(20),
            send: Duration::from_secs(20),
            read,
            total: Duration::from_secs(40),
        };
        Carrier::with_timeouts(&self.settings, &self.device, &self.clock, timeouts).unwrap()
    }

    /// One push, without a lock and without the feed.
    pub fn push(&self, store: &mut Store) -> PushReport {
        self.carrier().push(store).unwrap()
    }

    pub fn site(&self) -> Site<'_> {
        Site {
            settings: &self.settings,
            device: &self.device,
            now: self.clock.now(),
            clk: ClockTrust::Synced,
        }
    }

    pub fn signer<'a>(&'a self, who: &'a Signatory) -> Signer<'a> {
        Signer {
            login: who.login,
            role: who.role,
            key: &who.key,
        }
    }

    /// A birth unlike every other; its warnings are answered.
    pub fn birth(&mut self, store: &Store) -> Event {
        const NAMES: [&str; 10] = [
            "Зарина",
            "Мадина",
            "Нигина",
            "Фарзона",
            "Шаҳноза",
            "Гулчеҳра",
            "Моҳира",
            "Парвина",
            "Ситора",
            "Ойдина",
        ];
        const SURNAMES: [&str; 10] = [
            "Раҳимова",
            "Каримова",
            "Назарова",
            "Шарипова",
            "Ҳақназарова",
            "Ӯлмасова",
            "Қодирова",
            "Ғафурова",
            "Ҷӯраева",
            "Сафарова",
        ];
        const MEN: [&str; 10] = [
            "Рустам",
            "Далер",
            "Фирӯз",
            "Ҷамшед",
            "Баҳром",
            "Сӯҳроб",
            "Парвиз",
            "Шариф",
            "Нозим",
            "Умед",
        ];
        self.count += 1;
        let n = self.count;
        // Far apart for neighbours, as people are.
        let far = n.wrapping_mul(2_654_435_761) >> 7;
        // Before noon of a day whose noon has passed.
        let day = (self.clock.now() - chrono::Duration::hours(13)).date_naive();
        let pick = |list: &[&'static str; 10], by: u32| list[usize::try_from(by % 10).unwrap()];
        let (given, surname) = (pick(&NAMES, n / 10), pick(&SURNAMES, n));
        let body = json!({
            "birth": {
                "date": day.to_string(), "time": format!("{:02}:{:02}", far % 12, far % 60),
                "weight": 2600 + far % 1400, "length": 500, "weeks": 39, "plurality": 1, "place": "facility",
                "district": "TJ-DU-02", "attendant": "doctor", "apgar_1": 8, "apgar_5": 9,
            },
            "child": {"sex": "female", "surname": surname, "given": {"not": "yet"}},
            "mother": {
                "surname": surname, "given": given, "patronymic": pick(&MEN, far / 10),
                "born": format!("{}-{:02}-{:02}", 1988 + far % 15, 1 + far / 15 % 12, 1 + far / 180 % 28), "district": "TJ-DU-02",
                "address": format!("кӯчаи Рӯдакӣ {n}"), "document": format!("A{:08}", 10_000_000 + far % 80_000_000),
                "phone": format!("+99290{:07}", far % 10_000_000), "marriage": "registered",
                "education": "higher", "marriage_act": format!("{n:06}"), "live_births_before": 0,
            },
            "father": {"surname": surname.trim_end_matches('а'), "given": pick(&MEN, far)},
            "office": "TJ-DU-02",
        });
        let event = from_json(Kind::Birth, &body, Unknown::Refuse).unwrap();
        self.answered(store, event, None)
    }

    /// The same event with every warning answered.
    pub fn answered(&self, store: &Store, mut event: Event, nid: Option<&str>) -> Event {
        for finding in store
            .findings(&event, nid, None, Some(Role::Doctor), &self.site())
            .unwrap()
        {
            // That warnings are open is what is being mended here.
            assert!(
                finding.severity != Severity::E || finding.rule == "C05",
                "the sample is wrong: {} {}",
                finding.rule,
                finding.field
            );
            if finding.severity == Severity::W {
                event.checked.insert(finding.rule.to_owned(), Answer::Verified);
            }
        }
        event
    }

    /// Signs `count` births.
    pub fn record(&mut self, store: &mut Store, count: usize) -> Vec<Recorded> {
        (0..count)
            .map(|_| {
                let event = self.birth(store);
                store
                    .record(Statement::Event(event), &self.signer(&self.doctor), &self.site())
                    .unwrap()
            })
            .collect()
    }

    pub fn void(&self, store: &mut Store, nid: &str) -> Recorded {
        let reason = AmendReason {
            code: "twice".to_owned(),
            text: String::new(),
        };
        let what = Statement::Void {
            nid: nid.into(),
            reason,
        };
        store
            .record(what, &self.signer(&self.doctor), &self.site())
            .unwrap()
    }
}

/// Where a notification stands.
pub fn standing(store: &Store, nid: &str) -> EntryStatus {
    let all = store.list(&Default::default(), 1000).unwrap();
    all.iter()
        .find(|r| r.nid == nid)
        .unwrap_or_else(|| panic!("{nid} is not listed"))
        .status
}

pub const REGISTERED: EntryStatus = EntryStatus::At(Status::Registered);
