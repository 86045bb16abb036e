//! Copies of the registry: made while it serves, put back, restored for trial.

use std::path::{Path, PathBuf};
use std::process::Command;

use ogoh::portal::{self, Copies, Noticed, PortalError, PortalSettings, Restored};
use ogoh::seal::ReceiptNumber;

use super::world_with;
use crate::portal_support::*;
use crate::support::until;

/// Keys of the tests: made by age-keygen's own library, and sealing nothing else.
const SECRET: &str = "AGE-SECRET-KEY-1AA0UYQVNJKRV4GDT8PPC9MYXTL98T79A8KHC96JR2MKD3MK5DR5SAG89UF";
const PUBLIC: &str = "age1prtg5gt8dgx0a0wlg3hf5pu5nc87kazyhf234radyq003quet9eqswn6u7";
const FOREIGN_SECRET: &str = "AGE-SECRET-KEY-1Y9Z6MNQLWY4SM439GPKWC5PD5JPJQ9VERFH2VQ0K0UAGQT5562EQJZWLER";

fn sealed_world() -> World {
    world_with(PortalSettings {
        copies: Copies {
            recipients: vec![PUBLIC.to_owned()],
            ..Copies::default()
        },
        ..PortalSettings::default()
    })
}

fn born(world: &World, ward: &mut Ward, surname: &str) -> (Signed, ogoh::seal::Receipt) {
    let entry = ward.birth(birth(surname));
    ward.deliver(world, &[&entry]);
    let receipt = ward.newest(world, &entry);
    (entry, receipt)
}

fn backup(world: &World, name: &str) -> PathBuf {
    let file = world.dir().join(name);
    portal::backup(world.dir(), Some(&file), &[], world.clock.as_ref()).unwrap();
    file
}

fn restore(world: &World, dir: &Path, file: &Path) -> Result<Restored, PortalError> {
    portal::restore(dir, file, SECRET, world.clock.as_ref())
}

/// The same where nobody has the book open. A child that another test of this program is about to start may hold
/// a lock for a moment longer.
fn restore_alone(world: &World, dir: &Path, file: &Path) -> Result<Restored, PortalError> {
    until("nobody has the book open", || match restore(world, dir, file) {
        Err(PortalError::InUse) => None,
        done => Some(done),
    })
}

/// Restores a copy in the place of a portal that stands still, also in a database.
fn put_back(world: &World, file: &Path) -> Restored {
    let done = restore_alone(world, world.dir(), file).unwrap();
    let Some(dump) = &done.dump else { return done };
    assert_eq!(done.epoch, 0, "the database is still to be restored");
    let database = postgres::database("fsync=off").unwrap();
    let restored = Command::new("pg_restore")
        .args(["--no-owner", "--dbname", &database])
        .arg(dump)
        .status();
    assert!(restored.unwrap().success());
    let path = world.dir().join("portal.toml");
    let settings = PortalSettings::load(&path).unwrap();
    PortalSettings { database, ..settings }.save(&path).unwrap();
    portal::adopt(world.dir(), world.clock.as_ref()).unwrap()
}

fn number(receipt: &ogoh::seal::Receipt) -> u64 {
    let number = receipt.reg_no.as_deref().unwrap();
    number.rsplit('-').next().unwrap().parse().unwrap()
}

#[test]
fn a_copy_made_while_serving_is_put_back_in_the_next_epoch_above_a_gap() {
    let mut world = sealed_world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let (_, first) = born(&world, &mut ward, "Раҳимова");
    assert_eq!((number(&first), first.safe), (1, None));
    // A file of somebody else's that has nothing to do with it.
    let other = world.dir().join("first.age.new");
    std::fs::write(&other, "нома").unwrap();
    let file = backup(&world, "first.age");
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "нома");
    let (_, second) = born(&world, &mut ward, "Шарипова");
    assert_eq!(number(&second), 2);
    assert_eq!(second.safe, Some(first.number()), "what the copy holds");

    world.portal = None;
    let done = put_back(&world, &file);
    assert_eq!(done.epoch, 2);
    assert!(portal::verify(world.dir()).unwrap().holds());
    world.start();
    let recovering = portal::recovery(world.dir(), world.clock.clone()).unwrap();
    assert!(
        !recovering.is_empty()
            && recovering
                .iter()
                .all(|of| of.epoch == 2 && of.why == Noticed::Restored)
    );
    portal::end_recovery(world.dir(), None, "The ward is heard.", world.clock.clone()).unwrap();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let (_, third) = born(&world, &mut ward, "Назарова");
    // The witness beside the folder knows the second number, which the copy lacks.
    let above = 1003;
    assert_eq!(number(&third), above);
    assert_eq!(third.number(), ReceiptNumber { epoch: 2, n: 2 });
    let found = portal::verify(world.dir()).unwrap();
    assert!(found.holds(), "{found:?}");
    // A number that was passed over is given to nobody.
    let reg_no = third.reg_no.unwrap();
    let passed = reg_no.replace(&format!("{above:06}"), "000500");
    world.portal = None;
    world.execute(&format!(
        "UPDATE notification SET reg_no = '{passed}' WHERE reg_no = '{reg_no}'"
    ));
    let found = portal::verify(world.dir()).unwrap();
    assert!(found.faults.iter().any(|f| f.fault == "passed-over"), "{found:?}");
}

#[test]
fn nothing_is_put_back_beside_a_portal_or_from_what_is_no_copy_of_it() {
    let mut world = sealed_world();
    let file = backup(&world, "copy.age");
    let again = portal::backup(world.dir(), Some(&file), &[], world.clock.as_ref());
    assert!(matches!(again, Err(PortalError::FileExists(_))));
    assert!(matches!(
        restore(&world, world.dir(), &file),
        Err(PortalError::InUse)
    ));
    let adopted = portal::adopt(world.dir(), world.clock.as_ref());
    assert!(matches!(adopted, Err(PortalError::InUse)));
    world.portal = None;
    let foreign = until("nobody has the book open", || {
        match portal::restore(world.dir(), &file, FOREIGN_SECRET, world.clock.as_ref()) {
            Err(PortalError::InUse) => None,
            done => Some(done),
        }
    });
    assert!(matches!(foreign, Err(PortalError::CopyLocked(_))));
    let bytes = std::fs::read(&file).unwrap();
    let before = folder(world.dir());
    let mut hurt: Vec<Vec<u8>> = [0, 1, 100, 300, bytes.len() / 2, bytes.len() - 1]
        .map(|n| bytes[..n].to_vec())
        .into();
    for at in (0..bytes.len()).step_by(bytes.len() / 23 + 1) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        hurt.push(changed);
    }
    let wrong = tempfile::tempdir().unwrap();
    let path = wrong.path().join("copy.age");
    for (i, bytes) in hurt.into_iter().enumerate() {
        std::fs::write(&path, bytes).unwrap();
        let refused = restore_alone(&world, world.dir(), &path);
        let damaged = matches!(
            refused,
            Err(PortalError::CopyDamaged(_) | PortalError::CopyLocked(_))
        );
        assert!(damaged, "{i}: {refused:?}");
        assert_eq!(folder(world.dir()), before, "{i}");
    }
    let other = sealed_world();
    let theirs = backup(&other, "theirs.age");
    assert!(matches!(
        restore_alone(&world, world.dir(), &theirs),
        Err(PortalError::AnotherPortal(_))
    ));
    assert_eq!(folder(world.dir()), before);
    assert!(matches!(
        restore_alone(&world, world.dir(), wrong.path()),
        Err(PortalError::CopyDamaged(_))
    ));
    let nobody = super::world();
    let unsealed = portal::backup(
        nobody.dir(),
        Some(&path.with_extension("x")),
        &[],
        nobody.clock.as_ref(),
    );
    assert!(matches!(unsealed, Err(PortalError::NoRecipient)));
}

/// Files of a folder and what is in them, without locks.
fn folder(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_none_or(|end| end != "lock"))
        .map(|path| (path.clone(), std::fs::read(path).unwrap_or_default()))
        .collect();
    all.sort();
    all
}

#[test]
fn every_copy_of_a_busy_portal_holds_and_nothing_waits_for_it() {
    let world = sealed_world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let entries: Vec<Signed> = (0..40)
        .map(|i| ward.birth(birth(&format!("Раҳимова{}", "а".repeat(i)))))
        .collect();
    let mut copies = Vec::new();
    std::thread::scope(|scope| {
        let delivering = scope.spawn(|| {
            for entry in &entries {
                ward.deliver(&world, &[entry]);
            }
        });
        while !delivering.is_finished() || copies.is_empty() {
            copies.push(backup(&world, &format!("{}.age", copies.len())));
        }
    });
    for file in copies {
        let drilled = portal::drill(world.dir(), Some(&file), SECRET, None, world.clock.as_ref()).unwrap();
        assert!(drilled.holds(), "{drilled:?}");
        assert_eq!(drilled.verified.is_some(), database_of(&world).is_empty());
    }
    assert!(!world.dir().join("drilling").exists() && !world.dir().join("copying").exists());
}

fn database_of(world: &World) -> String {
    PortalSettings::load(&world.dir().join("portal.toml"))
        .unwrap()
        .database
}

#[test]
fn a_drill_is_noted_and_an_operator_sees_how_old_copies_are() {
    let world = sealed_world();
    let seen = |what: &str| {
        let found = portal::doctor(world.dir(), world.clock.clone()).unwrap();
        found
            .into_iter()
            .find(|one| one.what == what)
            .map(|one| one.is_ok())
    };
    assert_eq!(
        (seen("copies"), seen("backup"), seen("drill")),
        (None, Some(false), Some(false))
    );
    let folder = world.dir().join("copies");
    std::fs::create_dir(&folder).unwrap();
    let made = portal::backup(world.dir(), Some(&folder), &[], world.clock.as_ref()).unwrap();
    assert!(made.file.ends_with("ogoh-2026-11-23T100000.age"), "{made:?}");
    assert_eq!((seen("backup"), seen("drill")), (Some(true), Some(false)));
    let mut database = None;
    if !database_of(&world).is_empty() {
        database = postgres::database("fsync=off");
    }
    world.clock.advance(chrono::Duration::hours(2));
    for _ in 0..2 {
        let clock = world.clock.as_ref();
        let drilled = portal::drill(world.dir(), Some(&folder), SECRET, database.as_deref(), clock).unwrap();
        assert_eq!(drilled.minutes_old, 120);
        assert!(drilled.verified.is_some_and(|found| found.holds()));
    }
    assert_eq!(seen("drill"), Some(true));
    world.clock.advance(chrono::Duration::hours(25));
    assert_eq!((seen("backup"), seen("drill")), (Some(false), Some(true)));
    world.clock.advance(chrono::Duration::days(35));
    assert_eq!(seen("drill"), Some(false));
    let bare = super::world();
    let found = portal::doctor(bare.dir(), bare.clock.clone()).unwrap();
    assert!(found.iter().any(|one| one.what == "copies" && !one.is_ok()));
}

#[test]
fn an_archive_follows_what_changes_and_nothing_else() {
    let world = sealed_world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let to = world.dir().join("archive");
    let once = || {
        let mut told = Vec::new();
        portal::archive(world.dir(), &to, &[], true, world.clock.as_ref(), &mut |done| {
            told.push(done.clone())
        })
        .unwrap();
        told
    };
    if !database_of(&world).is_empty() {
        // The server of these tests archives nothing, and that is said.
        let told = once();
        let [portal::Archived::Server(state)] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert!(!state.on && !state.follows());
        return;
    }
    for surname in ["Раҳимова", "Шарипова"] {
        let (_, newest) = born(&world, &mut ward, surname);
        assert!(matches!(once().as_slice(), [portal::Archived::Copied(_)]));
        let drilled = portal::drill(world.dir(), Some(&to), SECRET, None, world.clock.as_ref()).unwrap();
        assert!(drilled.verified.is_some_and(|found| found.holds()));
        let (_, next) = born(&world, &mut ward, "Назарова");
        assert_eq!(next.safe, Some(newest.number()));
    }
}

#[test]
fn a_copy_in_an_empty_folder_serves_and_holds_what_belongs_to_it() {
    let mut world = sealed_world();
    if !database_of(&world).is_empty() {
        return;
    }
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    born(&world, &mut ward, "Раҳимова");
    let file = backup(&world, "copy.age");
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("portal");
    // A portal that serves with the same witness would take itself for set back.
    assert!(matches!(restore(&world, &dir, &file), Err(PortalError::InUse)));
    assert!(!dir.join("portal.db").exists());
    world.portal.take().unwrap().stop();
    let done = restore_alone(&world, &dir, &file).unwrap();
    assert_eq!((done.epoch, done.aside), (2, None));
    for name in [
        "portal.db",
        "portal.toml",
        "root.pub",
        "trust.key",
        "receipt.key",
        "secrets.key",
    ] {
        assert!(dir.join(name).exists(), "{name}");
        assert!(!ogoh::env::others_may_read(&dir.join(name)), "{name}");
    }
    assert!(!dir.join("root.key").exists());
    let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
    let running = portal::start(&dir, any, None, world.clock.clone()).unwrap();
    assert!(matches!(restore(&world, &dir, &file), Err(PortalError::InUse)));
    running.stop();
    // Restored once more, it opens an epoch that nobody had.
    let again = restore_alone(&world, &dir, &file).unwrap();
    assert_eq!(again.epoch, 3);
    assert!(again.aside.unwrap().join("portal.db").exists());
    assert_eq!(restore_alone(&world, &dir, &file).unwrap().epoch, 4);
}

#[test]
fn a_copy_that_somebody_else_sealed_is_refused() {
    let mut world = sealed_world();
    let lists = get(&world.url(ogoh::wire::path::TRUST), None).1;
    world.portal = None;
    let before = folder(world.dir());
    // The recipient and the root key are no secrets, and neither are the trust lists.
    let mut other = sealed_world();
    other.portal = None;
    let root = world.dir().join("root.pub");
    std::fs::copy(&root, other.dir().join("root.pub")).unwrap();
    let refused = |file: &Path| {
        if database_of(&world).is_empty() {
            let done = restore_alone(&world, world.dir(), file);
            assert!(matches!(done, Err(PortalError::CopyForged(_))), "{done:?}");
            assert_eq!(folder(world.dir()), before);
            return;
        }
        // A dump shows it once it is restored.
        restore_alone(&world, world.dir(), file).unwrap();
        let path = world.dir().join("portal.toml");
        let settings = PortalSettings::load(&path).unwrap();
        let database = postgres::copy(&database_of(&other));
        PortalSettings { database, ..settings }.save(&path).unwrap();
        let done = portal::adopt(world.dir(), world.clock.as_ref());
        assert!(matches!(done, Err(PortalError::CopyForged(_))), "{done:?}");
    };
    refused(&backup(&other, "lists-of-its-own.age"));
    other.execute("DELETE FROM trust");
    for (i, list) in ogoh::wire::lines(&lists).enumerate() {
        let text = ogoh::wire::jws_of_line(list).unwrap();
        other.execute(&format!(
            "INSERT INTO trust (number, jws) VALUES ({}, '{text}')",
            i + 1
        ));
    }
    refused(&backup(&other, "keys-of-its-own.age"));
}
