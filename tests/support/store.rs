//! A ward with people and a device, and a registry that answers as it is told.

use chrono::{DateTime, Duration, FixedOffset};
use ogoh::env::{ClockTrust, Facility, PortalAt, Role, Settings};
use ogoh::form::body::{Unknown, from_json};
use ogoh::rules::Severity;
use ogoh::seal::{
    AmendReason, By, Entry, Head, Jws, KeyUse, NO_PREV, Problem, PublicKey, Receipt, ReceiptNumber,
    SecretKey, Status, Trust, TrustKey, TrustList, Typ, hash,
};
use ogoh::vital::{Answer, Event, Kind};
use ogoh::ward::store::{EntryStatus, Person, Recorded, Signer, Site, Statement, Store};
use serde_json::{Value, json};

pub fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

pub struct Certifier {
    pub login: &'static str,
    pub role: Role,
    pub key: SecretKey,
}

pub struct Ward {
    pub dir: tempfile::TempDir,
    pub settings: Settings,
    pub device: SecretKey,
    pub doctor: Certifier,
    pub midwife: Certifier,
    pub now: DateTime<FixedOffset>,
}

impl Ward {
    pub fn new() -> Ward {
        let facility = Facility {
            code: "TJ-DU-02-H01".into(),
            name: "Таваллудхонаи №2".into(),
            district: "TJ-DU-02".into(),
            office: "TJ-DU-02".into(),
        };
        let portal = PortalAt {
            url: "http://127.0.0.1:1".into(),
            root_key: String::new(),
            ca_file: None,
            ..PortalAt::default()
        };
        let certifier = |login, role, n| Certifier {
            login,
            role,
            key: SecretKey::from_seed(&[n; 32]),
        };
        let ward = Ward {
            dir: tempfile::tempdir().unwrap(),
            settings: Settings::new(facility, portal),
            device: SecretKey::from_seed(&[1; 32]),
            doctor: certifier("davlatova", Role::Doctor, 2),
            midwife: certifier("karimova", Role::Midwife, 3),
            now: at("2026-11-23T14:00:00+05:00"),
        };
        let mut store = ward.store();
        for c in [&ward.doctor, &ward.midwife] {
            store.add_person(&ward.person(c)).unwrap();
        }
        ward
    }

    pub fn person(&self, c: &Certifier) -> Person {
        Person {
            login: c.login.into(),
            name: format!("{} Ҳусния", c.login),
            role: c.role,
            kid: c.key.public().kid().into(),
            x: c.key.public().x(),
            key_blob: "{}".into(),
            since: at("2026-01-01T00:00:00+05:00"),
            suspended: None,
        }
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("ogoh.db")
    }

    pub fn store(&self) -> Store {
        Store::open(&self.path()).unwrap()
    }

    /// The file as somebody with an SQLite shell opens it, guards taken away.
    pub fn shell(&self) -> rusqlite::Connection {
        let db = rusqlite::Connection::open(self.path()).unwrap();
        db.execute_batch(
            "DROP TRIGGER IF EXISTS entries_stay; DROP TRIGGER IF EXISTS entries_unchanged;
             DROP TRIGGER IF EXISTS receipts_stay; DROP TRIGGER IF EXISTS receipts_unchanged;
             PRAGMA foreign_keys = OFF;",
        )
        .unwrap();
        db
    }

    pub fn site(&self) -> Site<'_> {
        Site {
            settings: &self.settings,
            device: &self.device,
            now: self.now,
            clk: ClockTrust::Synced,
        }
    }

    pub fn signs(c: &Certifier) -> Signer<'_> {
        Signer {
            login: c.login,
            role: c.role,
            key: &c.key,
        }
    }

    /// Signs with the doctor's key.
    pub fn sign(&self, store: &mut Store, what: Statement) -> Recorded {
        store
            .record(what, &Ward::signs(&self.doctor), &self.site())
            .unwrap()
    }

    /// Signs the `n`th birth, its warnings answered.
    pub fn birth(&self, store: &mut Store, n: u32) -> Recorded {
        let event = self.answered(store, birth(n), None);
        self.sign(store, Statement::Event(event))
    }

    pub fn answered(&self, store: &Store, mut event: Event, nid: Option<&str>) -> Event {
        let findings = store
            .findings(&event, nid, None, Some(Role::Doctor), &self.site())
            .unwrap();
        for f in findings {
            // C05 only says that warnings are open.
            let open = f.rule == "C05";
            assert!(
                open || f.severity != Severity::E,
                "the sample is wrong: {} {}",
                f.rule,
                f.field
            );
            if f.severity == Severity::W {
                event.checked.insert(f.rule.into(), Answer::Verified);
            }
        }
        event
    }

    pub fn amend(&self, store: &mut Store, nid: &str, change: impl FnOnce(&mut Value)) -> Recorded {
        let seen = store.notification(nid).unwrap();
        let mut body = ogoh::form::body::to_json(seen.event.as_ref().unwrap());
        change(&mut body);
        let event = from_json(seen.row.kind, &body, Unknown::Refuse).unwrap();
        let event = self.answered(store, event, Some(nid));
        self.sign(
            store,
            Statement::Amend {
                nid: nid.into(),
                seen: Some(seen.h.into()),
                event,
                reason: reason("named"),
            },
        )
    }

    pub fn void(&self, store: &mut Store, nid: &str) -> Recorded {
        let what = Statement::Void {
            nid: nid.into(),
            reason: reason("twice"),
        };
        self.sign(store, what)
    }
}

pub fn reason(code: &str) -> AmendReason {
    AmendReason {
        code: code.into(),
        text: String::new(),
    }
}

/// A birth unlike every other one.
pub fn birth(n: u32) -> Event {
    from_json(Kind::Birth, &birth_body(n), Unknown::Refuse).unwrap()
}

pub fn birth_body(n: u32) -> Value {
    const GIVEN: [&str; 10] = [
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
    const SURNAME: [&str; 10] = [
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
    let surname = SURNAME[(n % 10) as usize];
    json!({
        "birth": {
            "date": "2026-11-23", "time": format!("{:02}:{:02}", n % 12, n % 60), "weight": 3000 + n % 900,
            "length": 500, "weeks": 39, "plurality": 1, "place": "facility", "district": "TJ-DU-02",
            "attendant": "doctor", "apgar_1": 8, "apgar_5": 9,
        },
        "child": {"sex": "female", "surname": surname, "given": {"not": "yet"}},
        "mother": {
            "surname": surname, "given": GIVEN[(n / 10 % 10) as usize], "patronymic": "Рустамовна",
            "born": format!("{}-0{}-1{}", 1990 + n % 10, 1 + n % 9, n % 10), "district": "TJ-DU-02",
            "address": format!("кӯчаи Рӯдакӣ {n}"), "document": format!("A{:08}", 12_000_000 + n * 7919),
            "phone": format!("+992 90 {:07}", 1_000_000 + n), "marriage": "registered",
            "education": "higher", "marriage_act": format!("{n:06}"), "live_births_before": 0,
        },
        "father": {"surname": surname.trim_end_matches('а'), "given": "Рустам"},
        "office": "TJ-DU-02",
        "paper_certificate": format!("ТБ-{:06}", 500_000 + n),
    })
}

/// The registry: signs receipts and lists its key.
pub struct Registry {
    pub key: SecretKey,
    pub root: SecretKey,
    pub epoch: u32,
    pub n: u64,
}

impl Registry {
    pub fn new() -> Registry {
        Registry {
            key: SecretKey::from_seed(&[9; 32]),
            root: SecretKey::from_seed(&[8; 32]),
            epoch: 1,
            n: 0,
        }
    }

    /// The trust list with everybody of a ward.
    pub fn trust(&self, ward: &Ward) -> Trust {
        let listed = |key: &PublicKey, what, usr: Option<&str>| TrustKey {
            kid: key.kid().into(),
            alg: "EdDSA".into(),
            x: key.x(),
            what,
            fac: Some("TJ-DU-02-H01".into()),
            usr: usr.map(str::to_owned),
            name: None,
            role: None,
            from: at("2026-01-01T00:00:00+05:00"),
            revoked: None,
            retired: None,
        };
        let list = TrustList {
            number: 1,
            prev: None,
            at: at("2026-01-01T00:00:00+05:00"),
            keys: vec![
                listed(&self.key.public(), KeyUse::Receipt, None),
                listed(&ward.device.public(), KeyUse::Device, None),
                listed(&ward.doctor.key.public(), KeyUse::Person, Some("davlatova")),
                listed(&ward.midwife.key.public(), KeyUse::Person, Some("karimova")),
            ],
        };
        Trust::open_first(&list.seal(&self.root).unwrap(), &self.root.public()).unwrap()
    }

    /// A receipt for an entry of this store.
    pub fn answer(&mut self, store: &Store, id: &str, status: Status) -> (Receipt, String) {
        self.answer_with(store, id, status, |_| {})
    }

    pub fn answer_with(
        &mut self,
        store: &Store,
        id: &str,
        status: Status,
        change: impl FnOnce(&mut Receipt),
    ) -> (Receipt, String) {
        self.receipt(&store.entry_text(id).unwrap(), status, change)
    }

    pub fn receipt(
        &mut self,
        jws: &str,
        status: Status,
        change: impl FnOnce(&mut Receipt),
    ) -> (Receipt, String) {
        let entry = Entry::from_jws(&Jws::parse(jws, Typ::Entry).unwrap()).unwrap();
        self.n += 1;
        let head = match entry.seq {
            0 => (0, NO_PREV.to_owned()),
            seq => (seq, hash(jws)),
        };
        let registered = matches!(status, Status::Registered | Status::CertificateIssued);
        let mut receipt = Receipt {
            epoch: self.epoch,
            n: self.n,
            fac: entry.fac.clone(),
            nid: entry.nid.clone(),
            rev: entry.rev,
            id: entry.id.clone(),
            nh: hash(jws).into(),
            jid: entry.jid.clone(),
            seq: entry.seq,
            status,
            by: By::Auto,
            reg_no: registered.then(|| format!("ДУ-02/{:05}", self.n)),
            office: Some("TJ-DU-02".into()),
            at: at("2026-11-23T15:00:00+05:00") + Duration::seconds(self.n as i64),
            open: vec!["name".into()],
            cert: None,
            dup_of: None,
            problem: None,
            head: Head {
                seq: head.0,
                h: head.1.into(),
            },
            safe: None,
        };
        change(&mut receipt);
        let text = receipt.seal(&self.key).unwrap();
        (receipt, text)
    }

    /// Answers and stores.
    pub fn decides(&mut self, store: &mut Store, id: &str, status: Status) {
        let answer = self.answer(store, id, status);
        assert_eq!(store.add_receipts(&[answer]).unwrap(), 1);
    }

    /// Says again what it said of an entry, and up to which receipt everything lies in a backup.
    pub fn says_safe(&mut self, store: &mut Store, id: &str, n: u64) {
        let epoch = self.epoch;
        let safe = Some(ReceiptNumber { epoch, n });
        let answer = self.answer_with(store, id, Status::Registered, |r| r.safe = safe);
        assert_eq!(store.add_receipts(&[answer]).unwrap(), 1);
    }

    pub fn decides_because(&mut self, store: &mut Store, id: &str, status: Status, code: &str) {
        let answer = self.answer_with(store, id, status, |r| {
            r.problem = Some(Problem {
                code: code.into(),
                field: None,
                text: [("tg".to_owned(), "сабаб".to_owned())].into(),
            });
        });
        assert_eq!(store.add_receipts(&[answer]).unwrap(), 1);
    }
}

/// Where a notification stands, and what stands beside it.
pub fn stands(store: &Store, nid: &str) -> (&'static str, Option<&'static str>) {
    let row = store.notification(nid).unwrap().row;
    (row.status.code(), row.beside.map(EntryStatus::code))
}
