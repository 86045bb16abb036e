//! Copies of the registry by the real program, killed at every step that leaves something on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::portal_support::*;
use crate::support::{has_tool, ogoh};
use ogoh::portal::{self, Copies, PortalSettings};

const SECRET: &str = "AGE-SECRET-KEY-1AA0UYQVNJKRV4GDT8PPC9MYXTL98T79A8KHC96JR2MKD3MK5DR5SAG89UF";
const PUBLIC: &str = "age1prtg5gt8dgx0a0wlg3hf5pu5nc87kazyhf234radyq003quet9eqswn6u7";
/// Every call that changes what a power cut would leave.
const CALLS: [&str; 9] = [
    "rename",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "fsync",
    "fdatasync",
    "ftruncate",
    "pwrite64",
];

/// A portal that stands still, with two births, the second of them after the copy `copy.age`.
fn stopped() -> (World, PathBuf) {
    let mut world = World::with(
        Database::Sqlite,
        PortalSettings {
            copies: Copies {
                recipients: vec![PUBLIC.to_owned()],
                ..Copies::default()
            },
            ..PortalSettings::default()
        },
    );
    let mut ward = world.ward(FAC);
    let (open, first, second) = (
        ward.open(),
        ward.birth(birth("Раҳимова")),
        ward.birth(birth("Шарипова")),
    );
    ward.deliver(&world, &[&open, &first]);
    let file = world.dir().join("copy.age");
    portal::backup(world.dir(), Some(&file), &[], world.clock.as_ref()).unwrap();
    ward.deliver(&world, &[&second]);
    world.portal = None;
    std::fs::write(world.dir().join("identity"), SECRET).unwrap();
    (world, file)
}

fn copy_folder(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
        }
    }
    to
}

/// Runs a command that is killed at the `step`th of these calls; whether it came to its end before.
fn killed_at(call: &str, step: usize, args: &[&str], dir: &Path) -> bool {
    let status = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e"])
        .arg(format!("trace={call}"))
        .arg("-e")
        .arg(format!("inject={call}:signal=KILL:when={step}"))
        .arg(env!("CARGO_BIN_EXE_ogoh"))
        .args(args)
        .arg("--dir")
        .arg(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    status.success()
}

/// Tries every step of every call, until the command comes to its end before; how many of each there were.
fn every_step(mut ended_at: impl FnMut(&str, usize) -> bool) -> BTreeMap<&'static str, usize> {
    let steps = |call| (1..).take_while(|step| !ended_at(call, *step)).count();
    CALLS.into_iter().zip(CALLS.map(steps)).collect()
}

/// A command that nobody kills.
fn run(args: &[&str], dir: &Path) {
    let done = ogoh().args(args).arg("--dir").arg(dir).output().unwrap();
    assert!(
        done.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

pub(super) fn has_strace() -> bool {
    let mut probe = Command::new("strace");
    has_tool("strace", probe.args(["-f", "-qq", "-o", "/dev/null", "true"]))
}

fn count(book: &Path, sql: &str) -> i64 {
    let db = rusqlite::Connection::open(book).unwrap();
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_restore_that_is_killed_anywhere_is_repeated_and_loses_neither_book() {
    if !has_strace() {
        return;
    }
    let (world, file) = stopped();
    let identity = world.dir().join("identity");
    let args = [
        "portal",
        "restore",
        file.to_str().unwrap(),
        "--identity",
        identity.to_str().unwrap(),
    ];
    let entries = "SELECT count(*) FROM entry";
    let all = count(&world.dir().join("portal.db"), entries);
    let kills = every_step(|call, step| {
        let dir = copy_folder(world.dir());
        let dir = dir.path();
        if killed_at(call, step, &args, dir) {
            return true;
        }
        // What stands there opens as a whole book or not at all.
        if dir.join("portal.db").exists() {
            let found = portal::verify(dir).unwrap();
            assert!(
                found.holds() && (found.entries == 2 || found.entries == 3),
                "{call} {step}: {found:?}"
            );
        } else {
            assert!(portal::verify(dir).is_err(), "{call} {step}");
        }
        run(&args, dir);
        let found = portal::verify(dir).unwrap();
        assert!(found.holds(), "{call} {step}: {found:?}");
        let book = dir.join("portal.db");
        assert_eq!(count(&book, entries), all - 1, "{call} {step}");
        let last = "SELECT last FROM number WHERE office = 'TJ-DU-01' AND kind = 'birth'";
        assert!(count(&book, last) >= 1002, "{call} {step}");
        assert!(count(&book, "SELECT max(epoch) FROM epoch") >= 2, "{call} {step}");
        let asides = (1..9).map(|n| dir.join(format!("set-aside-{n}/portal.db")));
        let kept: Vec<i64> = asides
            .filter(|book| book.exists())
            .map(|book| count(&book, entries))
            .collect();
        assert!(
            kept.contains(&all),
            "{call} {step}: the old book is there: {kept:?}"
        );
        assert!(!dir.join("restoring").exists(), "{call} {step}");
        false
    });
    assert!(kills["rename"] > 5, "{kills:?}");
}

#[test]
fn a_copy_that_is_killed_anywhere_leaves_the_one_before() {
    if !has_strace() {
        return;
    }
    let (world, file) = stopped();
    let to = world.dir().join("archive");
    let archive = ["portal", "archive", to.to_str().unwrap(), "--once"];
    run(&archive, world.dir());
    let kept = to.join("ogoh-archive.age");
    let drill =
        |file: &Path| portal::drill(world.dir(), Some(file), SECRET, None, world.clock.as_ref()).unwrap();
    let kills = every_step(|call, step| {
        let ended = killed_at(call, step, &archive, world.dir());
        assert_eq!(drill(&kept).verified.unwrap().entries, 3, "{call} {step}");
        ended
    });
    assert!(kills["rename"] > 0 && kills["fsync"] > 0, "{kills:?}");
    assert!(drill(&file).holds());
    run(&archive, world.dir());
    let left: Vec<_> = std::fs::read_dir(&to)
        .unwrap()
        .map(|f| f.unwrap().file_name())
        .collect();
    assert_eq!(left, ["ogoh-archive.age"]);
    assert!(!world.dir().join("copying").exists());
}

#[test]
fn a_served_book_is_copied_by_the_program_and_not_replaced() {
    let (world, file) = stopped();
    let identity = world.dir().join("identity");
    let process = Process::start(world.dir(), "127.0.0.1:0", Stdio::null());
    run(
        &[
            "portal",
            "backup",
            "--json",
            world.dir().join("new.age").to_str().unwrap(),
        ],
        world.dir(),
    );
    let restore = [
        "portal",
        "restore",
        file.to_str().unwrap(),
        "--identity",
        identity.to_str().unwrap(),
    ];
    let refused = ogoh()
        .args(restore)
        .args(["--lang", "en", "--dir"])
        .arg(world.dir())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        refused.status.code() == Some(1) && said.contains("has the registry’s book open"),
        "{said}"
    );
    drop(process);
    run(&restore, world.dir());
    let process = Process::start(world.dir(), "127.0.0.1:0", Stdio::null());
    assert!(!process.url.is_empty());
}
