//! A fortnight of a hospital: three shifts, six people in sessions side by side on one store, a second
//! machine apart, days without network; a passphrase forgotten at night, a key revoked, a machine that
//! burned and was enrolled anew by stick, a backup restored. At the end every document verifies and
//! the register is right.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::country::Country;
use crate::support::delivering::{REGISTERED, Signatory, Ward, standing};
use ogoh::env::{Clock as _, Role};
use ogoh::portal::{self, PortalSettings};
use ogoh::seal::{EnrolRequest, KeyFile, PublicKey, SecretKey, Status, Trust};
use ogoh::ward::store::{EntryStatus, Person, Recorded, Signer, Statement, Store};

const SHIFT: i64 = 8 * 3600;

fn signatory(login: &'static str, role: Role, seed: u8) -> Signatory {
    Signatory {
        login,
        role,
        key: SecretKey::from_seed(&[seed; 32]),
    }
}

fn join(ward: &Ward, who: &Signatory) {
    let person = Person {
        login: who.login.to_owned(),
        name: format!("Ҳамкор {}", who.login),
        role: who.role,
        kid: who.key.public().kid().to_owned(),
        x: who.key.public().x(),
        key_blob: String::new(),
        since: ward.clock.now(),
        suspended: None,
    };
    ward.store().add_person(&person).unwrap();
}

/// Delivers and fetches what the registry and other machines say.
fn talk(ward: &Ward) {
    let mut store = ward.store();
    let carrier = ward.carrier();
    carrier.fetch_trust(&mut store).unwrap();
    for _ in 0..3 {
        let report = ward.push(&mut store);
        assert!(report.error.is_none(), "{report:?}");
        carrier.feed(&mut store, Duration::ZERO).unwrap();
        carrier.reconcile(&mut store).unwrap();
    }
}

/// A shift: two people at two terminals of one machine, side by side.
fn shift(ward: &mut Ward, people: [&Signatory; 2], signed: &mut Vec<Recorded>) {
    let events: Vec<_> = people.iter().map(|_| ward.birth(&ward.store())).collect();
    let (ward, done) = (&*ward, std::sync::Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for (who, event) in people.iter().zip(events) {
            let done = &done;
            scope.spawn(move || {
                let mut store = ward.store();
                let what = Statement::Event(event);
                let recorded = store.record(what, &ward.signer(who), &ward.site()).unwrap();
                done.lock().unwrap().push(recorded);
            });
        }
    });
    signed.extend(done.into_inner().unwrap());
}

/// The shift head gives a colleague a new key; gives the key that the colleague opens with the new
/// passphrase.
fn forgotten(ward: &Ward, head: &Signatory, login: &'static str) -> SecretKey {
    let phrase = "об нон чой шаб рӯз 11";
    let given = ward
        .store()
        .issue_key(login, phrase, (&ward.signer(head), None), &ward.site());
    let (person, _) = given.unwrap();
    let file = KeyFile::from_text(&person.key_blob).unwrap();
    file.unlock(phrase).unwrap()
}

/// A machine whose device and people are enrolled by stick both ways.
fn by_stick(country: &Country, ward: &Ward, people: &[&Signatory]) {
    let (facility, now) = (&ward.settings.facility, ward.clock.now());
    let device = EnrolRequest::of_device(&ward.device.public(), facility, now);
    let mut lines = vec![device.seal(&ward.device).unwrap()];
    for who in people {
        let person = (who.login, who.login, who.role);
        let request = EnrolRequest::of_person(&who.key.public(), &facility.code, person, now);
        lines.push(request.seal(&who.key).unwrap());
    }
    let dir = country.portal_dir();
    portal::take_requests(&dir, &lines.join("\n"), &country.clock).unwrap();
    for row in portal::enrolments(&dir, &country.clock)
        .unwrap()
        .into_iter()
        .rev()
    {
        if row.state == ogoh::wire::EnrolmentState::Waiting && row.given_by.is_empty() {
            portal::approve(&dir, &row.id, &country.clock).unwrap();
        }
    }
    let lists = portal::trust_lists(&dir).unwrap().join("\n");
    ogoh::ward::deliver::bring_trust(&mut ward.store(), &ward.settings, &lists).unwrap();
}

fn trust(country: &Country, store: &Store) -> Trust {
    let root = PublicKey::from_x(&country.root_key).unwrap();
    let lists = store.trust_lists().unwrap();
    Trust::open_chain(lists.iter().map(String::as_str), &root).unwrap()
}

#[test]
fn a_fortnight_of_a_hospital() {
    let country = Country::at("2026-11-02T06:00:00+05:00", PortalSettings::default());
    let mut main = country.ward(10);
    let head = signatory("karimov", Role::ShiftHead, 12);
    let mut people = [
        signatory("davlatova", Role::Doctor, 11),
        signatory("salima", Role::Midwife, 31),
        signatory("zebo", Role::Midwife, 32),
        signatory("umed", Role::Feldsher, 33),
        signatory("rustam", Role::Doctor, 34),
    ];
    for who in &people[1..] {
        join(&main, who);
        country.enrol_person(&main, who);
    }
    let mut apart = country.ward(150);
    let (mut signed, mut by_umed_late, mut by_zebo) = (Vec::new(), Vec::new(), Vec::new());
    let backup = country.dir.path().join("backup.db");

    for day in 1..=14 {
        for turn in 0..3 {
            country.clock.forward(SHIFT);
            let on = [(day + turn) % 5, (day + turn + 2) % 5];
            // Whom the registry has revoked is off the rota from the ninth day on.
            let on = on.map(|i| if i == 3 && day >= 9 { 4 } else { i });
            let on = if on[0] == on[1] { [0, 4] } else { on };
            shift(&mut main, [&people[on[0]], &people[on[1]]], &mut signed);
            match (day, turn) {
                (1..=9, 1) => signed.extend(apart.record(&mut apart.store(), 1)),
                // Night, no network, a forgotten passphrase.
                (5, 2) => {
                    people[2].key = forgotten(&main, &head, "zebo");
                    let event = main.birth(&main.store());
                    let signer = Signer {
                        login: "zebo",
                        role: Role::Midwife,
                        key: &people[2].key,
                    };
                    let mut store = main.store();
                    let what = Statement::Event(event);
                    by_zebo.push(store.record(what, &signer, &main.site()).unwrap());
                }
                // Revoked at the registry; the ward does not know yet, and signs once more.
                (9, 2) => {
                    portal::revoke(
                        &country.portal_dir(),
                        people[3].key.public().kid(),
                        &country.clock,
                    )
                    .unwrap();
                    let event = main.birth(&main.store());
                    let what = Statement::Event(event);
                    let mut store = main.store();
                    let late = store
                        .record(what, &main.signer(&people[3]), &main.site())
                        .unwrap();
                    by_umed_late.push(late);
                }
                _ => {}
            }
            // The line is down from the fourth day to the sixth.
            if !(4..=6).contains(&day) {
                talk(&main);
                talk(&apart);
            }
        }
        match day {
            7 => {
                // What zebo signed waits until somebody at the registry has asked her.
                for one in &by_zebo {
                    assert_eq!(standing(&main.store(), &one.nid), EntryStatus::At(Status::Held));
                }
                let rows = portal::enrolments(&country.portal_dir(), &country.clock).unwrap();
                let row = rows.iter().find(|r| !r.given_by.is_empty()).unwrap();
                assert_eq!(row.kid, people[2].key.public().kid());
                portal::approve(&country.portal_dir(), &row.id, &country.clock).unwrap();
                talk(&main);
            }
            // The machine apart burns; its successor comes with a key of its own and asks by stick.
            10 => {
                apart = country.unknown_ward(200);
                by_stick(&country, &apart, &[&apart.doctor, &apart.second]);
                signed.extend(apart.record(&mut apart.store(), 2));
                talk(&apart);
            }
            11 => {
                let _ = std::fs::remove_file(&backup);
                main.store().backup(&backup).unwrap();
            }
            // The disk of the hospital's machine dies; yesterday's backup goes back in its place.
            12 => {
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{suffix}", main.paths.database().display()));
                }
                std::fs::copy(&backup, main.paths.database()).unwrap();
                talk(&main);
                talk(&main);
            }
            _ => {}
        }
    }
    talk(&main);
    talk(&apart);
    signed.extend(by_zebo);

    let store = main.store();
    for one in &signed {
        let why = store.notification(&one.nid).unwrap().problem;
        assert_eq!(standing(&store, &one.nid), REGISTERED, "{why:?}");
    }
    for one in &by_umed_late {
        assert_eq!(standing(&store, &one.nid), EntryStatus::At(Status::Held));
    }
    let rows = store.list(&Default::default(), 10_000).unwrap();
    let numbers: Vec<String> = rows.iter().filter_map(|r| r.reg_no.clone()).collect();
    let different: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!(different.len(), numbers.len(), "a number given twice");
    assert_eq!(numbers.len(), signed.len());
    assert_eq!(
        country.status("registered"),
        signed.len(),
        "the portal counts as many"
    );
    assert!(signed.len() > 90, "{}", signed.len());
    for ward in [&main, &apart] {
        let store = ward.store();
        assert!(store.pending().unwrap().is_empty());
        let trust = trust(&country, &store);
        let report = store.verify(&ward.device.public(), Some(&trust)).unwrap();
        assert!(report.holds(), "{:?}", report.bad);
    }
    // The restored machine went on in a journal of its own, and the old one is whole again.
    let own: Vec<_> = store.journals().unwrap().into_iter().filter(|j| j.own).collect();
    assert!(own.len() >= 2, "{own:?}");
}
