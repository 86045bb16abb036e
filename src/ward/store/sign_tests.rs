use super::*;
use crate::env::{ClockTrust, Facility, PortalAt, Settings};
use crate::seal::SecretKey;
use crate::ward::store::handle::CommitFault;
use crate::ward::store::{Person, Statement, Store};
use chrono::{DateTime, FixedOffset};

struct TestWard {
    dir: tempfile::TempDir,
    settings: Settings,
    device: SecretKey,
    doctor: SecretKey,
    now: DateTime<FixedOffset>,
}

impl TestWard {
    fn new() -> TestWard {
        TestWard {
            dir: tempfile::tempdir().unwrap(),
            settings: Settings::new(
                Facility {
                    code: "TJ-DU-02-H01".into(),
                    ..Facility::default()
                },
                PortalAt::default(),
            ),
            device: SecretKey::from_seed(&[1; 32]),
            doctor: SecretKey::from_seed(&[2; 32]),
            now: DateTime::parse_from_rfc3339("2026-11-23T14:00:00+05:00").unwrap(),
        }
    }

    fn store(&self) -> Store {
        let mut store = Store::open(&self.dir.path().join("ogoh.db")).unwrap();
        if store.person("davlatova").unwrap().is_none() {
            let key = self.doctor.public();
            store
                .add_person(&Person {
                    login: "davlatova".into(),
                    name: "Давлатова Ҳусния".into(),
                    role: Role::Doctor,
                    kid: key.kid().into(),
                    x: key.x(),
                    key_blob: String::new(),
                    since: self.now,
                    suspended: None,
                })
                .unwrap();
        }
        store
    }

    fn count(&self, store: &mut Store, month: &str) -> Result<Recorded, StoreError> {
        let what = Statement::Tally {
            month: month.into(),
            births: 1,
            foetal_deaths: 0,
            deaths: 0,
        };
        let signer = Signer {
            login: "davlatova",
            role: Role::Doctor,
            key: &self.doctor,
        };
        let site = Site {
            settings: &self.settings,
            device: &self.device,
            now: self.now,
            clk: ClockTrust::Synced,
        };
        store.record(what, &signer, &site)
    }
}

#[test]
fn a_commit_that_failed_but_is_durable_is_found_and_not_signed_again() {
    let ward = TestWard::new();
    let mut store = ward.store();
    ward.count(&mut store, "2026-01").unwrap();
    store.commit_fault = Some(CommitFault::Durable);
    let signed = ward.count(&mut store, "2026-02").unwrap();
    store.commit_fault = None;
    assert_eq!(store.recorded(&signed.id).unwrap(), Some(Into::into(signed.h)));
    assert_eq!(store.head(&signed.jid).unwrap().0, 3, "once, and in its place");
    let next = ward.count(&mut store, "2026-03").unwrap();
    assert_eq!(next.seq, 4);
    assert!(store.verify(&ward.device.public(), None).unwrap().holds());
}

#[test]
fn a_commit_that_failed_and_is_lost_says_so_and_the_journal_goes_on() {
    let ward = TestWard::new();
    let mut store = ward.store();
    let before = ward.count(&mut store, "2026-01").unwrap();
    store.commit_fault = Some(CommitFault::Lost);
    let error = ward.count(&mut store, "2026-02").unwrap_err();
    assert!(matches!(error, StoreError::Disk(_)), "{error:?}");
    store.commit_fault = None;
    assert_eq!(store.head(&before.jid).unwrap(), (2, before.h.into()));
    assert_eq!(ward.count(&mut store, "2026-02").unwrap().seq, 3);
}

#[test]
fn where_nothing_can_be_found_out_the_identifiers_are_given() {
    let ward = TestWard::new();
    let mut store = ward.store();
    let before = ward.count(&mut store, "2026-01").unwrap();
    store.commit_fault = Some(CommitFault::Durable);
    // The disk is gone by the time of the second look.
    store.path = ward.dir.path().join("gone").join("ogoh.db");
    let error = ward.count(&mut store, "2026-02").unwrap_err();
    let StoreError::OutcomeUnknown(ids) = error else {
        panic!("{error:?}");
    };
    let store = ward.store();
    assert!(
        store.recorded(&ids[0]).unwrap().is_some(),
        "it was durable after all"
    );
    assert_eq!(store.head(&before.jid).unwrap().0, 3);
}
