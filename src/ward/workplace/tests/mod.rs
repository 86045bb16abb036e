//! The workplace over a real store, with a clock that stands still.

mod people;
mod sign;
mod unlock;

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use super::{NewPerson, Workplace};
use crate::env::{Facility, FixedClock, Kdf, Paths, PortalAt, Role, Settings};
use crate::seal::{KeyUse, SecretKey, TrustKey, TrustList};
use crate::ward::store::{Person, Store};

/// The midwife's passphrase.
const RIGHT: &str = "себ барг дарё";

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-23T14:05:00+05:00").unwrap()
}

/// A device with a midwife, whose registry may revoke her key.
struct Ward {
    at: Workplace,
    root: SecretKey,
    _dir: tempfile::TempDir,
}

impl Ward {
    fn new() -> Ward {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths::new(dir.path());
        let root = SecretKey::generate().unwrap();
        let facility = Facility {
            code: "TJ-KT-BOX-01".into(),
            name: "Беморхона".into(),
            district: "TJ-KT-01".into(),
            office: "TJ-KT-01".into(),
        };
        let portal = PortalAt {
            url: "http://127.0.0.1:9".into(),
            root_key: root.public().x(),
            ..PortalAt::default()
        };
        let mut settings = Settings::new(facility, portal);
        settings.kdf = Kdf {
            m_kib: 19_456,
            t: 2,
            p: 1,
        };
        let store = Store::open(&paths.database()).unwrap();
        let device = SecretKey::generate().unwrap();
        let at = Workplace::of(paths, settings, store, device, Arc::new(FixedClock(now())));
        let mut ward = Ward { at, root, _dir: dir };
        ward.add("mehri", "Қосимова Меҳринисо", Role::Midwife);
        ward
    }

    fn add(&mut self, login: &str, name: &str, role: Role) {
        let new = NewPerson {
            login: login.into(),
            name: name.into(),
            role: role.code().into(),
        };
        self.at.add_person(&new, RIGHT).unwrap();
    }

    fn person(&self) -> Person {
        self.at.store.person("mehri").unwrap().unwrap()
    }

    fn suspend(&mut self, suspended: bool) {
        let person = Person {
            suspended: suspended.then(now),
            ..self.person()
        };
        self.at.store.change_person(&person).unwrap();
    }

    fn listed(&mut self, revoked: Option<DateTime<FixedOffset>>) {
        let person = self.person();
        let list = TrustList {
            number: 1,
            prev: None,
            at: now(),
            keys: vec![TrustKey {
                kid: person.kid,
                alg: "EdDSA".into(),
                x: person.x,
                what: KeyUse::Person,
                fac: None,
                usr: Some(person.login),
                name: None,
                role: Some(person.role),
                from: now(),
                revoked,
                retired: None,
            }],
        };
        self.at
            .store
            .add_trust_list(1, &list.seal(&self.root).unwrap())
            .unwrap();
    }

    fn wrong(&mut self, times: u32) {
        for _ in 0..times {
            self.at.store.count_try("mehri").unwrap();
        }
    }

    fn tries(&self) -> u32 {
        self.at.store.wrong_tries("mehri").unwrap()
    }
}
