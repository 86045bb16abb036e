//! A device that is set up again, and one that gets what is not its own.

use super::cli::plain;
use crate::support::ward::{WardDevice, birth};
use crate::support::{ogoh, run};
use ogoh::env::Paths;
use ogoh::form::Draft;
use ogoh::vital::Kind;
use ogoh::ward::store::Store;

#[test]
fn a_set_up_that_was_refused_or_cut_off_is_simply_repeated() {
    let dir = |ward: &WardDevice| ward.home().join("again");
    let ward = WardDevice::new();
    let setup = std::fs::read_to_string(ward.home().join("setup.toml")).unwrap();
    let init = |text: &str, pass: &str| {
        let file = ward.file("again.toml", text);
        run(ogoh()
            .args([
                "init",
                "--json",
                "--from",
                &file,
                "--passphrase-file",
                pass,
                "--data-dir",
            ])
            .arg(dir(&ward)))
    };
    let pass = ward.pass("nigora");
    let twice = format!("{setup}[[users]]\nlogin = \"nigora\"\nname = \"Дигар\"\nrole = \"doctor\"\n");
    let no_role = format!("{setup}[[users]]\nlogin = \"zebo\"\nname = \"Дигар\"\nrole = \"king\"\n");
    for (text, pass, said) in [
        (
            setup.replace("\"nigora\"", "\"Нигора\""),
            pass.as_str(),
            "cli-login-wrong",
        ),
        (twice, pass.as_str(), "cli-user-exists"),
        (no_role, pass.as_str(), "cli-role-unknown"),
        (setup.clone(), "nowhere.pass", "nowhere.pass"),
    ] {
        let ran = init(&text, pass);
        assert!(
            ran.code == 1 && ran.out.contains(said),
            "{said}: {} {}",
            ran.out,
            ran.err
        );
        assert!(!dir(&ward).join("device.key").exists(), "{said}");
    }
    assert_eq!(init(&setup, &pass).code, 0);
    assert_eq!(init(&setup, &pass).code, 1, "a device is set up once");
    // Cut off before the settings were there.
    std::fs::remove_file(dir(&ward).join("ogoh.toml")).unwrap();
    let draft = Draft::new(Kind::Birth);
    let mut store = Store::open_at(&Paths::new(dir(&ward))).unwrap();
    let now = chrono::Utc::now().fixed_offset();
    store.save_draft(&draft, "nigora", now).unwrap();
    assert_eq!(init(&setup, &pass).code, 1, "something is begun on it");
    store.drop_draft(&draft.id).unwrap();
    drop(store);
    assert_eq!(init(&setup, &pass).code, 0);
    // One that has signed is never touched, whatever became of its settings.
    ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    let settings = ward.dir().join("ogoh.toml");
    let kept = std::fs::read(&settings).unwrap();
    std::fs::remove_file(&settings).unwrap();
    let file = ward.file("again.toml", &setup);
    let ran = ward.ran(&["init", "--from", &file, "--passphrase-file", &pass]);
    assert!(ran.out.contains("cli-already-set-up"), "{} {}", ran.out, ran.err);
    std::fs::write(&settings, kept).unwrap();
    assert_eq!(ward.must(&["list"]).len(), 1);
}

#[test]
fn a_backup_of_another_facility_is_refused_and_changes_nothing() {
    let ward = plain();
    ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    let backup = ward.home().join("backup.db").display().to_string();
    ward.must(&["backup", &backup]);
    let setup = std::fs::read_to_string(ward.home().join("setup.toml")).unwrap();
    let file = ward.file("other.toml", &setup.replace("TJ-KT-BOX-01", "TJ-KT-BOX-02"));
    let other = ward.home().join("other").display().to_string();
    let pass = ward.pass("nigora");
    let here = |args: &[&str]| run(ogoh().args(args).args(["--json", "--data-dir", &other]));
    assert_eq!(
        here(&["init", "--from", &file, "--passphrase-file", &pass]).code,
        0
    );
    let ran = here(&["restore", &backup]);
    assert!(
        ran.code == 1 && ran.out.contains("cli-restore-other"),
        "{} {}",
        ran.out,
        ran.err
    );
    assert_eq!(here(&["list"]).json().len(), 0);
    let ran = here(&["restore", "/nowhere/at/all.db"]);
    assert!(ran.out.contains("cli-unreadable-file"), "{} {}", ran.out, ran.err);
}
