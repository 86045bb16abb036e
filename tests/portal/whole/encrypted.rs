//! Private data at rest: an encrypted ward, by the real commands. Asks for the feature `sqlcipher`.

use std::path::Path;

use crate::registry::Registry;
use crate::support;
use crate::support::ward::{WardDevice, birth};
use base64ct::{Base64UrlUnpadded, Encoding};
use ogoh::env::{CREDENTIAL, Paths};
use ogoh::ward::store::{Store, is_plain};
use serde_json::{Value, json};

const CANARIES: [&str; 4] = ["Канарова", "Чижикбону", "7766554", "деҳаи Булбулон"];

fn canary() -> Value {
    let mut body = birth(CANARIES[0], "А 7766554");
    body["mother"]["given"] = json!(CANARIES[1]);
    body["mother"]["address"] = json!(CANARIES[3]);
    body
}

/// A word as it may lie in a file: as typed, folded, and inside a signed text at each of the three places
/// where base64 can cut it.
fn traces(word: &str) -> Vec<Vec<u8>> {
    let mut all = vec![word.as_bytes().to_vec(), word.to_lowercase().into_bytes()];
    for skip in 0..3 {
        let padded = [&vec![b' '; skip][..], word.as_bytes()].concat();
        let text = Base64UrlUnpadded::encode_string(&padded);
        // What hangs on the neighbours' bits is left out.
        all.push(text.as_bytes()[2 * skip..text.len() - 2].to_vec());
    }
    all
}

/// The files of a folder that show a canary.
fn seen_in(dir: &Path) -> Vec<String> {
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let shows = |part: &Vec<u8>| bytes.windows(part.len()).any(|w| w == part);
        if CANARIES.iter().flat_map(|c| traces(c)).any(|t| shows(&t)) {
            seen.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    seen
}

/// Records, drafts, sends, corrects, with the log left open as a running app leaves it.
fn busy(ward: &WardDevice, registry: &Registry) -> (Store, Value) {
    let open = Store::open_at(&Paths::new(ward.dir())).unwrap();
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    let signed = ward.sign(&["record", "birth"], &canary(), "firuz");
    ward.must(&["push"]);
    let mut body = canary();
    body["child"]["given"] = json!(CANARIES[1]);
    let nid = signed["nid"].as_str().unwrap().to_owned();
    ward.sign(&["amend", &nid, "--reason", "named"], &body, "firuz");
    ward.must(&["rebuild"]);
    assert!(
        ward.dir().join("ogoh.db-wal").exists(),
        "the log is looked at as well"
    );
    (open, signed["nid"].clone())
}

#[test]
fn a_thief_of_the_file_reads_no_name_in_database_log_or_key_files() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    let (open, _) = busy(&ward, &registry);
    assert_eq!(seen_in(&ward.dir()), Vec::<String>::new());
    drop(open);
    assert_eq!(seen_in(&ward.dir()), Vec::<String>::new());
    assert!(!is_plain(&ward.dir().join("ogoh.db")));
    let backup = ward.home().join("backup.db");
    ward.must(&["backup", backup.to_str().unwrap()]);
    let folder = support::data_dir();
    std::fs::copy(&backup, folder.path().join("backup.db")).unwrap();
    assert_eq!(seen_in(folder.path()), Vec::<String>::new());

    // The same look finds them where nothing is encrypted.
    let registry = Registry::new();
    let plain = WardDevice::set_up(&registry.url, &registry.root_key, "encrypt = false\n");
    let (open, _) = busy(&plain, &registry);
    let seen = seen_in(&plain.dir());
    assert!(seen.iter().any(|f| f.starts_with("ogoh.db")), "{seen:?}");
    drop(open);
}

#[test]
fn a_plain_device_is_encrypted_with_all_that_it_holds() {
    let registry = Registry::new();
    let ward = WardDevice::set_up(&registry.url, &registry.root_key, "encrypt = false\n");
    let (open, nid) = busy(&ward, &registry);
    let shown = ward.must(&["show", nid.as_str().unwrap()]);
    let refused = ward.ran(&["encrypt"]);
    assert!(
        refused.code == 1 && refused.out.contains("The database is open"),
        "{} {}",
        refused.out,
        refused.err
    );
    drop(open);
    let doctor = |ward: &WardDevice| {
        let lines = ward.ran(&["doctor"]).json();
        let line = lines.iter().find(|l| l["what"] == "encryption").unwrap();
        line["message"].as_str().unwrap().to_owned()
    };
    assert!(doctor(&ward).contains("not encrypted"));
    ward.must(&["encrypt"]);
    assert_eq!(seen_in(&ward.dir()), Vec::<String>::new());
    assert!(doctor(&ward).contains("is encrypted"));
    assert_eq!(ward.must(&["show", nid.as_str().unwrap()]), shown);
    assert_eq!(ward.ran(&["verify"]).code, 0);
    ward.must(&["encrypt"]);
    ward.must(&["push"]);

    // Cut off after the key was written and before the file was: it still opens, and is encrypted then.
    let half = WardDevice::set_up(&registry.url, &registry.root_key, "encrypt = false\n");
    std::fs::write(half.dir().join("database.key"), "ab".repeat(32)).unwrap();
    std::fs::write(half.dir().join("ogoh.db.encrypting"), "torn").unwrap();
    assert_eq!(half.must(&["user", "list"]).len(), 3);
    half.must(&["encrypt"]);
    assert_eq!(half.must(&["user", "list"]).len(), 3);
    assert!(!is_plain(&half.dir().join("ogoh.db")));
}

#[test]
fn what_a_restore_moved_aside_is_no_less_private() {
    let registry = Registry::new();
    let ward = WardDevice::set_up(&registry.url, &registry.root_key, "encrypt = false\n");
    let (open, nid) = busy(&ward, &registry);
    drop(open);
    let backup = ward.home().join("plain.db").display().to_string();
    ward.must(&["backup", &backup]);
    // A plain device was restored once, and is encrypted later: the copy that lies aside as well.
    ward.must(&["restore", &backup]);
    let aside = |dir: &Path| {
        let files = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().file_name());
        files.filter(|f| f.to_string_lossy().contains(".before-")).count()
    };
    assert_eq!(aside(&ward.dir()), 1);
    assert!(!seen_in(&ward.dir()).is_empty());
    ward.must(&["encrypt"]);
    assert_eq!(seen_in(&ward.dir()), Vec::<String>::new());
    let doctor = || {
        let lines = ward.ran(&["doctor"]).json();
        lines.iter().any(|l| l["what"] == "encryption-left-open")
    };
    assert!(!doctor());
    // A plain backup comes back to it: nothing of it is plain here, not even for a moment that stays.
    for torn in [
        "ogoh.db.restoring",
        "ogoh.db.restoring-wal",
        "ogoh.db.restoring-journal",
    ] {
        std::fs::write(ward.dir().join(torn), CANARIES[0]).unwrap();
    }
    ward.must(&["restore", &backup]);
    assert_eq!(seen_in(&ward.dir()), Vec::<String>::new());
    assert_eq!(ward.must(&["show", nid.as_str().unwrap()]).len(), 1);
    assert_eq!(
        ward.must(&["search", CANARIES[0]]).len(),
        1,
        "the index came along"
    );
    assert_eq!(ward.ran(&["verify"]).code, 0);
    std::fs::copy(&backup, ward.dir().join("ogoh.db.before-somewhere")).unwrap();
    assert!(doctor());

    // An encrypted backup comes to a device without a key: that key is its own from then on.
    let backup = ward.home().join("sealed.db").display().to_string();
    ward.must(&["backup", &backup]);
    let plain = WardDevice::set_up(&registry.url, &registry.root_key, "encrypt = false\n");
    let wrong = plain.file("wrong.key", &"cd".repeat(32));
    for args in [
        &["restore", &backup, "--key-file", &wrong][..],
        &["restore", &backup, "--key-file", "nowhere"],
    ] {
        assert_eq!(plain.ran(args).code, 1);
        assert!(
            !plain.dir().join("database.key").exists(),
            "no key that opens nothing is kept"
        );
    }
    let key = ward.dir().join("database.key").display().to_string();
    plain.must(&["restore", &backup, "--key-file", &key]);
    assert_eq!(plain.must(&["show", nid.as_str().unwrap()]).len(), 1);
    assert_eq!(seen_in(&plain.dir()), Vec::<String>::new());
    // A restore that was cut off between its two steps is told, instead of an empty database.
    std::fs::rename(plain.dir().join("ogoh.db"), plain.dir().join("ogoh.db.restoring")).unwrap();
    let told = plain.ran(&["user", "list"]);
    assert!(
        told.code == 1 && told.out.contains("A restore was interrupted"),
        "{}",
        told.out
    );
    plain.must(&["restore", &backup]);
    assert_eq!(plain.must(&["user", "list"]).len(), 3);
}

#[test]
fn without_its_key_it_does_not_open_and_nothing_is_lost() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    let key = ward.dir().join("database.key");
    let right = std::fs::read_to_string(&key).unwrap();
    for (wrong, said) in [
        (Some("cd".repeat(32)), "does not open"),
        (Some("nonsense".to_owned()), "64 hexadecimal digits"),
        (None, "database.key"),
    ] {
        match &wrong {
            Some(text) => std::fs::write(&key, text).unwrap(),
            None => std::fs::remove_file(&key).unwrap(),
        }
        let ran = ward.ran(&["user", "list"]);
        assert!(
            ran.code == 1 && ran.out.contains(said),
            "{said}: {} {}",
            ran.out,
            ran.err
        );
        assert!(!ran.out.contains(right.trim()));
    }
    // systemd hands it over in a folder of the process.
    let sealed = support::data_dir();
    std::fs::write(sealed.path().join(CREDENTIAL), &right).unwrap();
    let mut listed = ward.command(&["user", "list"]);
    let ran = support::run(listed.env("CREDENTIALS_DIRECTORY", sealed.path()));
    assert_eq!((ran.code, ran.json().len()), (0, 3), "{}", ran.err);
    std::fs::write(&key, right).unwrap();
    assert_eq!(ward.must(&["user", "list"]).len(), 3);
}

#[test]
fn a_backup_goes_home_and_to_another_device_that_is_given_its_key() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    let (open, nid) = busy(&ward, &registry);
    drop(open);
    let backup = ward.home().join("backup.db").display().to_string();
    ward.must(&["backup", &backup]);
    ward.must(&["restore", &backup]);
    assert_eq!(ward.must(&["show", nid.as_str().unwrap()]).len(), 1);

    let other = WardDevice::at(&registry.url, &registry.root_key);
    let key = ward.dir().join("database.key").display().to_string();
    let ran = other.ran(&["restore", &backup]);
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("--key-file"), "{}", ran.out);
    // The library keeps quiet: what it would say is for programmers.
    assert!(!ran.err.contains("sqlcipher"), "{}", ran.err);
    assert_eq!(other.must(&["user", "list"]).len(), 3, "what was there is there");
    other.must(&["restore", &backup, "--key-file", &key]);
    assert_eq!(other.must(&["show", nid.as_str().unwrap()]).len(), 1);
    let keys = [&ward, &other].map(|w| std::fs::read(w.dir().join("database.key")).unwrap());
    assert_ne!(keys[0], keys[1], "under its own key from now on");
    assert_eq!(seen_in(&other.dir()), Vec::<String>::new());
}
