use chrono::{DateTime, Duration as Days, FixedOffset};
use std::sync::Arc;

use super::*;
use crate::env::{Facility, FixedClock, Kdf, Paths, PortalAt, Role, Settings};
use crate::seal::{KeyUse, TrustKey, TrustList};
use crate::ward::store::Store;

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
        let mut store = Store::open(&paths.database()).unwrap();
        let key = SecretKey::generate().unwrap();
        let file = KeyFile::lock(&key, "mehri", &settings.facility.code, RIGHT, &settings.kdf).unwrap();
        let person = Person {
            login: "mehri".into(),
            name: "Қосимова Меҳринисо".into(),
            role: Role::Midwife,
            kid: key.public().kid().to_owned(),
            x: key.public().x(),
            key_blob: file.to_text().unwrap(),
            since: now(),
            suspended: None,
        };
        store.add_person(&person).unwrap();
        let device = SecretKey::generate().unwrap();
        let at = Workplace::of(paths, settings, store, device, Arc::new(FixedClock(now())));
        Ward { at, root, _dir: dir }
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

#[test]
fn what_is_asked_first_is_told_first_and_costs_no_try() {
    let mut ward = Ward::new();
    ward.wrong(5);
    ward.listed(Some(now()));
    ward.suspend(true);
    let mut locked = |login: &str, secret: &str| ward.at.unlock(login, secret).unwrap_err();
    // All at once: suspended, revoked, waiting, wrong.
    assert!(matches!(locked("nobody", "не то"), UnlockError::NoPerson));
    assert!(matches!(locked("mehri", "не то"), UnlockError::Suspended));
    ward.suspend(false);
    let mut locked = |login: &str, secret: &str| ward.at.unlock(login, secret).unwrap_err();
    assert!(matches!(locked("mehri", "не то"), UnlockError::RevokedKey));
    assert!(matches!(locked("mehri", RIGHT), UnlockError::RevokedKey));
    assert_eq!(ward.tries(), 5);
}

#[test]
fn a_wait_is_told_before_the_passphrase_is_looked_at() {
    let mut ward = Ward::new();
    ward.wrong(5);
    for secret in ["не то", RIGHT] {
        match ward.at.unlock("mehri", secret) {
            Err(UnlockError::Wait(seconds)) => assert!((3..=4).contains(&seconds), "{seconds}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ward.tries(), 5, "nothing was tried");
}

#[test]
fn a_wrong_passphrase_is_counted_and_the_right_one_forgives() {
    let mut ward = Ward::new();
    assert!(matches!(
        ward.at.unlock("mehri", "не то"),
        Err(UnlockError::WrongPassphrase)
    ));
    assert_eq!(ward.tries(), 1);
    let by = ward.at.unlock("mehri", RIGHT).unwrap();
    assert_eq!(by.key.public().kid(), by.person.kid);
    assert_eq!(ward.tries(), 0);
}

#[test]
fn a_key_is_believed_until_the_moment_of_its_revocation() {
    for (revoked, opens) in [
        (None, true),
        (Some(now() + Days::seconds(1)), true),
        (Some(now()), false),
    ] {
        let mut ward = Ward::new();
        ward.listed(revoked);
        assert_eq!(ward.at.unlock("mehri", RIGHT).is_ok(), opens, "{revoked:?}");
    }
}

#[test]
fn lists_of_another_registry_open_nothing() {
    let mut ward = Ward::new();
    ward.root = SecretKey::generate().unwrap();
    ward.listed(None);
    assert!(matches!(
        ward.at.unlock("mehri", RIGHT),
        Err(UnlockError::Failed(_))
    ));
    assert_eq!(ward.tries(), 0);
}

#[test]
fn a_pin_opens_the_key_after_the_same_checks_and_not_for_ever() {
    let mut ward = Ward::new();
    let by = ward.at.unlock("mehri", RIGHT).unwrap();
    ward.at.set_pin(&by, "2580").unwrap();
    assert!(ward.at.unlock("mehri", "2580").is_ok());
    ward.suspend(true);
    assert!(matches!(
        ward.at.unlock("mehri", "2580"),
        Err(UnlockError::Suspended)
    ));
    ward.suspend(false);
    for _ in 0..4 {
        assert!(matches!(
            ward.at.unlock("mehri", "1111"),
            Err(UnlockError::WrongPin)
        ));
    }
    assert!(matches!(
        ward.at.unlock("mehri", "1111"),
        Err(UnlockError::PinSpent)
    ));
    // What is no PIN any longer is a passphrase, and a wrong one.
    assert_eq!(ward.tries(), 0);
    assert!(matches!(
        ward.at.unlock("mehri", "2580"),
        Err(UnlockError::WrongPassphrase)
    ));
    assert_eq!(ward.tries(), 1);
}
