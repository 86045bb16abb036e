//! Who may read what the commands write: the account that ran them, and nobody else.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use ogoh::portal;

use crate::portal_support::{FAC, World};
use crate::registry::Registry;
use crate::support::ward::WardDevice;
use crate::support::{Ran, data_dir, run};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Files and folders that others may read or enter.
fn open_to_others(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut look = vec![dir.to_owned()];
    while let Some(path) = look.pop() {
        if mode(&path) & 0o077 != 0 {
            found.push(path.clone());
        }
        if path.is_dir() {
            look.extend(fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        }
    }
    found
}

/// The same command where new files are everybody's unless somebody takes care.
fn careless(command: &Command) -> Ran {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "umask 000; exec \"$0\" \"$@\""])
        .arg(command.get_program());
    shell.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    run(&mut shell)
}

#[test]
fn a_portal_in_a_folder_that_was_open_is_its_accounts_alone() {
    let home = data_dir();
    let dir = home.path().join("portal");
    fs::create_dir(&dir).unwrap();
    set_mode(&dir, 0o755);
    let portal = |args: &[&str]| {
        let mut command = crate::support::ogoh();
        command.args(args).args(["--json", "--dir"]).arg(&dir);
        let ran = careless(&command);
        assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.out, ran.err);
    };
    portal(&["portal", "init"]);
    assert_eq!(open_to_others(&dir), Vec::<PathBuf>::new());
    let person = home.path().join("sitora.toml");
    fs::write(
        &person,
        "login = \"sitora\"\nname = \"Ситора\"\nrole = \"registrar\"\nplace = \"TJ-DU-01\"\n",
    )
    .unwrap();
    portal(&["portal", "staff", "add", "--from", person.to_str().unwrap()]);
    portal(&["portal", "invite", FAC]);
    portal(&["portal", "rotate", "receipt"]);
    assert_eq!(open_to_others(&dir), Vec::<PathBuf>::new());
}

#[test]
fn a_running_portal_tightens_what_an_older_version_left_open() {
    let mut registry = Registry::new();
    let (dir, db) = (registry.dir(), registry.dir().join("portal.db"));
    set_mode(&dir, 0o755);
    set_mode(&db, 0o644);
    registry.restart();
    assert!(registry.dir().join("portal.db-wal").exists());
    assert_eq!(open_to_others(&dir), Vec::<PathBuf>::new());
}

#[test]
fn a_folder_of_others_is_refused_and_left_as_it_is() {
    let home = data_dir();
    let (shared, foreign) = (home.path().join("shared"), home.path().join("foreign"));
    fs::create_dir(&shared).unwrap();
    set_mode(&shared, 0o1777);
    fs::create_dir(&foreign).unwrap();
    let mut dirs = vec![shared];
    // Only the administrator of the machine can give a folder away.
    if std::os::unix::fs::chown(&foreign, Some(65_534), None).is_ok() {
        dirs.push(foreign);
    }
    for dir in dirs {
        let before = mode(&dir);
        let mut command = crate::support::ogoh();
        command
            .args(["portal", "init", "--lang", "en", "--dir"])
            .arg(&dir);
        let ran = run(&mut command);
        assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
        assert!(ran.err.contains("Other accounts"), "{}", ran.err);
        assert_eq!((mode(&dir), fs::read_dir(&dir).unwrap().count()), (before, 0));
    }
}

#[test]
fn a_ward_writes_no_file_that_others_may_read() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    set_mode(&ward.dir(), 0o755);
    let out = ward.home().join("out");
    fs::create_dir(&out).unwrap();
    let to = |name: &str| out.join(name).display().to_string();
    for args in [
        &["enrol", "--to", &to("requests.txt")][..],
        &["backup", &to("copy.db")],
    ] {
        let ran = careless(&ward.command(args));
        assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.out, ran.err);
    }
    let written = fs::read_dir(&out).unwrap().map(|e| e.unwrap().path());
    for path in written {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    assert_eq!(open_to_others(&ward.dir()), Vec::<PathBuf>::new());
}

/// What a thief reads who copied the book.
fn copied(dir: &Path) -> String {
    let files = ["portal.db", "portal.db-wal"].map(|name| fs::read(dir.join(name)).unwrap_or_default());
    String::from_utf8_lossy(&files.concat()).into_owned()
}

#[test]
fn a_copy_of_the_book_gives_away_neither_second_factors_nor_open_codes() {
    let world = World::new();
    let clock = world.clock.as_ref();
    let new = portal::NewAccount {
        login: "sitora".into(),
        name: "Ситора".into(),
        role: "registrar".into(),
        place: "TJ-DU-01".into(),
    };
    let made = portal::staff_add(world.dir(), &new, clock).unwrap();
    let code = portal::invite(world.dir(), FAC, 7, clock).unwrap();
    let invited = ogoh::seal::code_secret(&code, FAC).unwrap();
    let seen = copied(world.dir());
    assert!(seen.contains("sitora"), "the copy is read");
    assert!(!seen.contains(&made.secret), "the second factor");
    assert!(!seen.contains(&invited), "the open code");
    let again = portal::staff_reset(world.dir(), "sitora", clock).unwrap();
    assert!(!copied(world.dir()).contains(&again.secret));
}

#[test]
fn secrets_that_the_first_version_kept_in_plain_are_sealed_and_go_on_working() {
    let mut world = World::new();
    let new = portal::NewAccount {
        login: "sitora".into(),
        name: "Ситора".into(),
        role: "registrar".into(),
        place: "TJ-DU-01".into(),
    };
    let made = portal::staff_add(world.dir(), &new, world.clock.as_ref()).unwrap();
    let code = portal::invite(world.dir(), FAC, 7, world.clock.as_ref()).unwrap();
    let invited = ogoh::seal::code_secret(&code, FAC).unwrap();
    world.portal.take().unwrap().stop();
    // As that version left them.
    fs::remove_file(world.dir().join("secrets.key")).unwrap();
    let db = rusqlite::Connection::open(world.dir().join("portal.db")).unwrap();
    db.execute("UPDATE account SET second = ?1", [&made.secret])
        .unwrap();
    db.execute("UPDATE invitation SET secret = ?1", [&invited])
        .unwrap();
    db.execute("DELETE FROM mark", []).unwrap();
    drop(db);
    assert!(copied(world.dir()).contains(&made.secret));
    world.start();
    let seen = copied(world.dir());
    assert!(!seen.contains(&made.secret) && !seen.contains(&invited));
    assert_eq!(open_to_others(world.dir()), Vec::<PathBuf>::new());
    assert_eq!(sign_in(&world, &made), 303);
    let key = ogoh::seal::SecretKey::generate().unwrap();
    let request = world.person_request(&key, FAC, "zebo", ogoh::env::Role::Administrator);
    world.ask(&key, &request.with_code(&code).unwrap());

    // Without its key the portal says so, and makes none in its place.
    world.portal.take().unwrap().stop();
    fs::rename(world.dir().join("secrets.key"), world.dir().join("moved.key")).unwrap();
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let started = portal::start(world.dir(), any, None, world.clock.clone());
    assert!(matches!(started, Err(portal::PortalError::SecretsKey(_))));
    assert!(!world.dir().join("secrets.key").exists());
    // Lost for good: whoever signed in by it gets a new one, and the portal goes on.
    assert_eq!(portal::rotate_secrets(world.dir()).unwrap(), ["sitora"]);
    world.start();
    let again = portal::staff_reset(world.dir(), "sitora", world.clock.as_ref()).unwrap();
    assert_eq!(sign_in(&world, &again), 303);
}

#[test]
fn a_new_key_of_the_secrets_takes_them_over_also_where_the_change_was_cut_off() {
    let mut world = World::new();
    let new = portal::NewAccount {
        login: "sitora".into(),
        name: "Ситора".into(),
        role: "registrar".into(),
        place: "TJ-DU-01".into(),
    };
    let made = portal::staff_add(world.dir(), &new, world.clock.as_ref()).unwrap();
    let code = portal::invite(world.dir(), FAC, 7, world.clock.as_ref()).unwrap();
    let file = world.dir().join("secrets.key");
    let old = fs::read(&file).unwrap();
    assert!(portal::rotate_secrets(world.dir()).unwrap().is_empty());
    assert_ne!(fs::read(&file).unwrap(), old);
    // As a power cut before the last step leaves them, also where a damaged key was to be replaced.
    for left in [old.as_slice(), b"damaged"] {
        fs::rename(&file, world.dir().join("secrets.key.next")).unwrap();
        fs::write(&file, left).unwrap();
        world.restart();
        assert_eq!(sign_in(&world, &made), 303);
        world.clock.advance(chrono::Duration::minutes(1));
    }
    let key = ogoh::seal::SecretKey::generate().unwrap();
    let request = world.person_request(&key, FAC, "zebo", ogoh::env::Role::Administrator);
    world.ask(&key, &request.with_code(&code).unwrap());
}

/// Signs in with both factors: the status.
fn sign_in(world: &World, made: &portal::Credentials) -> u16 {
    let digits = code_now(world, &made.secret);
    let form = [
        ("login", "sitora"),
        ("phrase", &made.passphrase),
        ("code", &digits),
    ];
    let answer = crate::portal_support::agent()
        .post(world.url("/sign-in"))
        .send_form(form);
    answer.unwrap().status().as_u16()
}

/// The code that the person's telephone shows now.
fn code_now(world: &World, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let second = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    second
        .generate(u64::try_from(world.now().timestamp()).unwrap())
        .to_string()
}
