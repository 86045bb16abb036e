//! Power cuts at the registry: while it copies, archives, restores, and while it registers.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::{Holds, PowerCuts, must, strace};
use crate::portal_support::*;
use crate::registry::Registry;
use crate::support::ward::{WardDevice, birth as event};
use crate::support::{copied, data_dir, ogoh, run, until};
use crate::whole::copied::has_strace;
use ogoh::env::SystemClock;
use ogoh::portal::{self, Copies, PortalSettings, Verified};
use ogoh::seal::{Jws, Typ};

const SECRET: &str = "AGE-SECRET-KEY-1AA0UYQVNJKRV4GDT8PPC9MYXTL98T79A8KHC96JR2MKD3MK5DR5SAG89UF";
const PUBLIC: &str = "age1prtg5gt8dgx0a0wlg3hf5pu5nc87kazyhf234radyq003quet9eqswn6u7";
/// Entries in the book of a portal that stands still.
const ALL: u64 = 3;

/// A command of an operator on a folder.
fn command(args: &[&str], dir: &Path) -> Command {
    let mut command = ogoh();
    command
        .args(args)
        .args(["--json", "--lang", "en", "--dir"])
        .arg(dir);
    command
}

fn done(command: &mut Command) -> Holds {
    let ran = run(command);
    must(ran.code == 0, || format!("{command:?}: {} {}", ran.out, ran.err))
}

/// The book of a folder holds, and has so many entries.
fn book(dir: &Path, entries: u64) -> Holds {
    let holds = |found: &Verified| found.holds() && found.entries == entries;
    let found = portal::verify(dir);
    must(found.as_ref().is_ok_and(holds), || format!("{found:?}"))
}

/// A copy can be restored, and has so many entries.
fn copy(dir: &Path, file: &Path, entries: &[u64], clock: &TestClock) -> Holds {
    let drilled = portal::drill(dir, Some(file), SECRET, None, clock);
    let of_it = drilled
        .as_ref()
        .ok()
        .and_then(|drilled| drilled.verified.as_ref());
    let holds = of_it.is_some_and(|found| found.holds() && entries.contains(&found.entries));
    must(holds, || format!("{file:?}: {drilled:?}"))
}

/// A portal that stands still, in a folder beside which copies are kept: `copy.age` lacks its last birth.
fn beside_copies() -> (World, tempfile::TempDir) {
    let copies = Copies {
        recipients: vec![PUBLIC.to_owned()],
        ..Copies::default()
    };
    let settings = PortalSettings {
        copies,
        ..PortalSettings::default()
    };
    let mut world = World::with(Database::Sqlite, settings);
    let mut ward = world.ward(FAC);
    let (open, first, second) = (
        ward.open(),
        ward.birth(birth("Раҳимова")),
        ward.birth(birth("Шарипова")),
    );
    ward.deliver(&world, &[&open, &first]);
    world.portal.take().unwrap().stop();
    let home = data_dir();
    let portal = home.path().join("portal");
    files_copied(world.dir(), &portal);
    // Its witness lies where the settings do not say otherwise.
    let settings = portal.join("portal.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("witness ="));
    std::fs::write(&settings, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let witness = home.path().join("portal-witness");
    files_copied(&world.dir().join("outside"), &witness);
    portal::backup(&portal, Some(&home.path().join("copy.age")), &[], &*world.clock).unwrap();
    world.start();
    ward.base = world.url("");
    ward.deliver(&world, &[&second]);
    world.portal.take().unwrap().stop();
    std::fs::copy(world.dir().join("portal.db"), portal.join("portal.db")).unwrap();
    files_copied(&world.dir().join("outside"), &witness);
    std::fs::write(home.path().join("identity"), SECRET).unwrap();
    (world, home)
}

/// Copies the files of a folder.
fn files_copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}

fn number(book: &Path, sql: &str) -> i64 {
    let db = rusqlite::Connection::open(book).unwrap();
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_backup_that_was_told_is_there_after_a_power_cut() {
    if !has_strace() {
        return;
    }
    let (world, home) = beside_copies();
    let new = |home: &Path| home.join("copies/new.age");
    let portal = |home: &Path| home.join("portal");
    std::fs::create_dir(home.path().join("copies")).unwrap();
    let backup = |home: &Path| {
        let to = new(home).display().to_string();
        command(&["portal", "backup", &to], &portal(home))
    };
    PowerCuts::of(home.path(), &backup(home.path())).hold(|cut| {
        book(&portal(cut.dir), ALL)?;
        let file = new(cut.dir);
        must(file.exists() || !cut.was_told("bytes"), || {
            "the backup is gone".to_owned()
        })?;
        if !file.exists() {
            done(&mut backup(cut.dir))?;
        }
        copy(&portal(cut.dir), &file, &[ALL], &world.clock)
    });
}

#[test]
fn an_archive_has_the_copy_before_or_the_new_one_after_a_power_cut() {
    if !has_strace() {
        return;
    }
    let (world, home) = beside_copies();
    let portal = |home: &Path| home.join("portal");
    for archive in ["first", "further"] {
        let name = format!("{archive}/ogoh-archive.age");
        let before = archive == "further";
        if before {
            std::fs::create_dir(home.path().join(archive)).unwrap();
            std::fs::copy(home.path().join("copy.age"), home.path().join(&name)).unwrap();
        }
        let once = |home: &Path| {
            let mut command = command(&["portal", "archive", archive, "--once"], &portal(home));
            command.current_dir(home);
            command
        };
        PowerCuts::of(home.path(), &once(home.path())).hold(|cut| {
            let dir = portal(cut.dir);
            book(&dir, ALL)?;
            let file = cut.dir.join(&name);
            match cut.was_told("bytes") {
                true => copy(&dir, &file, &[ALL], &world.clock)?,
                false if before => copy(&dir, &file, &[ALL, ALL - 1], &world.clock)?,
                false => {}
            }
            done(&mut once(cut.dir))?;
            copy(&dir, &file, &[ALL], &world.clock)
        });
    }
}

#[test]
fn a_restore_is_whole_or_repeated_after_a_power_cut() {
    if !has_strace() {
        return;
    }
    let (_world, home) = beside_copies();
    let portal = |home: &Path| home.join("portal");
    let restore = |home: &Path| {
        let (file, identity) = (home.join("copy.age"), home.join("identity"));
        let mut command = command(&["portal", "restore"], &portal(home));
        command.arg("--identity").arg(identity).arg(file);
        command
    };
    PowerCuts::of(home.path(), &restore(home.path())).hold(|cut| {
        let dir = portal(cut.dir);
        let here = dir.join("portal.db");
        match here.exists() {
            true => book(&dir, ALL).or_else(|_| book(&dir, ALL - 1))?,
            false => must(portal::verify(&dir).is_err(), || "half a folder opens".to_owned())?,
        }
        if cut.was_told("passed_over") {
            book(&dir, ALL - 1)?;
            let epoch = number(&here, "SELECT max(epoch) FROM epoch");
            must(epoch == 2, || format!("epoch {epoch}"))?;
            let noted = std::fs::read_to_string(cut.dir.join("portal-witness/witness.json"));
            let noted = noted.unwrap_or_default();
            must(noted.contains("\"epoch\":2"), || format!("the witness: {noted}"))?;
        }
        done(&mut restore(cut.dir))?;
        book(&dir, ALL - 1)?;
        let last = "SELECT last FROM number WHERE office = 'TJ-DU-01' AND kind = 'birth'";
        must(number(&here, last) >= 1002, || "no gap".to_owned())?;
        let asides = (1..9).map(|n| dir.join(format!("set-aside-{n}/portal.db")));
        let mut old = asides.filter(|book| book.exists());
        let whole = |book: std::path::PathBuf| number(&book, "SELECT count(*) FROM entry") == 3;
        must(old.any(whole), || "the old book is gone".to_owned())
    });
}

#[test]
fn a_new_key_of_a_registry_that_was_told_is_in_its_place_after_a_power_cut() {
    if !has_strace() {
        return;
    }
    let (_world, home) = beside_copies();
    for (what, file) in [("receipt", "receipt.key"), ("trust", "trust.key")] {
        let rotate = |home: &Path| command(&["portal", "rotate", what], &home.join("portal"));
        let key = |home: &Path| std::fs::read(home.join("portal").join(file)).unwrap();
        let old = key(home.path());
        let cuts = PowerCuts::of(home.path(), &rotate(home.path()));
        let new = key(home.path());
        cuts.hold(|cut| {
            book(&cut.dir.join("portal"), ALL)?;
            match cut.was_told("rotated") {
                true => must(key(cut.dir) == new, || "the new key is gone".to_owned()),
                false => {
                    done(&mut rotate(cut.dir))?;
                    must(key(cut.dir) != old, || "the old key is in its place".to_owned())
                }
            }
        });
    }
}

#[test]
fn a_restore_on_a_new_machine_that_was_told_is_there_after_a_power_cut() {
    if !has_strace() {
        return;
    }
    let (_world, home) = beside_copies();
    for name in ["portal", "portal-witness"] {
        std::fs::remove_dir_all(home.path().join(name)).unwrap();
    }
    let portal = |home: &Path| home.join("srv/portal");
    let restore = |home: &Path| {
        let mut command = command(&["portal", "restore", "copy.age"], Path::new("srv/portal"));
        command.args(["--identity", "identity"]).current_dir(home);
        command
    };
    PowerCuts::of(home.path(), &restore(home.path())).hold(|cut| {
        if !cut.was_told("passed_over") {
            done(&mut restore(cut.dir))?;
        }
        book(&portal(cut.dir), ALL - 1)?;
        let witness = cut.dir.join("srv/portal-witness/witness.json");
        must(witness.exists(), || "the witness is gone".to_owned())
    });
}

/// Texts of receipts in what was told.
fn receipts(told: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(told);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let words = text.split(|c| !is_part(c));
    let receipt = |word: &&str| Jws::parse(word, Typ::Receipt).is_ok();
    words.filter(receipt).map(str::to_owned).collect()
}

#[test]
fn what_a_registry_answered_is_in_its_book_after_a_power_cut_and_its_witness_fits() {
    if !has_strace() {
        return;
    }
    let registry = Registry::new();
    let mut ward = WardDevice::at(&registry.url, &registry.root_key);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    ward.must(&["push"]);
    let home = registry.dir().parent().unwrap().to_owned();
    let fresh = data_dir();
    let here = fresh.path().join("portal");
    for name in ["portal", "portal-witness"] {
        copied(&home.join(name), &fresh.path().join(name));
    }
    drop(registry);
    let cuts = PowerCuts::while_running(fresh.path(), |trace| {
        let mut launcher = vec!["strace".to_owned(), "-D".to_owned()];
        launcher.extend(strace::arguments(trace));
        let launcher: Vec<&str> = launcher.iter().map(String::as_str).collect();
        let process = Process::under(&launcher, &here, "127.0.0.1:0", Stdio::null(), &[]);
        ward.move_to(&process.url);
        for (surname, document, born) in [
            ("Раҳимова", "А 1234567", "1990-02-11"),
            ("Бобоева", "А 7654321", "1993-05-14"),
        ] {
            let mut event = event(surname, document);
            event["mother"]["born"] = born.into();
            ward.sign(&["record", "birth"], &event, "firuz");
            ward.must(&["push"]);
        }
        drop(process);
        until("strace ends", || {
            std::fs::read_to_string(trace)
                .unwrap()
                .contains("+++ killed")
                .then_some(())
        });
    });
    cuts.hold(|cut| {
        let dir = cut.dir.join("portal");
        let found = portal::verify(&dir);
        must(found.as_ref().is_ok_and(Verified::holds), || format!("{found:?}"))?;
        let db = rusqlite::Connection::open(dir.join("portal.db")).unwrap();
        let mut there = db.prepare("SELECT 1 FROM receipt WHERE jws = ?1").unwrap();
        let mut lost = receipts(cut.told);
        lost.retain(|text| !there.exists([text]).unwrap());
        must(lost.is_empty(), || format!("{} receipts are lost", lost.len()))?;
        let clock = Arc::new(SystemClock {
            utc_offset_minutes: 300,
        });
        let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
        portal::start(&dir, any, None, clock.clone())
            .map_err(|e| e.to_string())?
            .stop();
        let waits = portal::recovery(&dir, clock).map_err(|e| e.to_string())?;
        must(waits.is_empty(), || "takes itself for set back".to_owned())
    });
    assert!(receipts(&cuts.all_told()).len() >= 2, "receipts were told");
}
