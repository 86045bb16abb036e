//! People and their keys on a device, by the real commands, against a real portal.

use std::io::Write as _;
use std::process::Stdio;

use crate::registry::Registry;
use crate::support::ward::{WardDevice, birth};
use crate::support::{Ran, data_dir, ogoh, run};
use ogoh::env::Paths;
use ogoh::ward::store::Store;
use serde_json::Value;

/// Adds a shift head.
fn shift_head(ward: &WardDevice) {
    ward.file("sadbarg.pass", "sadbarg 11\n");
    let text = "login = \"sadbarg\"\nname = \"Раҷабова Садбарг\"\nrole = \"shift-head\"\n";
    let file = ward.file("person.toml", text);
    let pass = ward.pass("sadbarg");
    ward.must(&["user", "add", "--from", &file, "--passphrase-file", &pass]);
}

fn status(ward: &WardDevice, nid: &Value) -> String {
    let shown = ward.must(&["show", nid.as_str().unwrap()]);
    shown[0]["status"].as_str().unwrap().to_owned()
}

#[test]
fn a_device_and_its_people_are_enrolled_by_stick_both_ways() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    let stick = ward.home().join("requests.txt").display().to_string();
    let made = ward.must(&["enrol", "--to", &stick]);
    assert_eq!(made[0]["requests"], 4, "the device and three people");
    // A file that is there is not written over.
    assert_eq!(ward.ran(&["enrol", "--to", &stick]).code, 1);

    let rows = registry.must(&["portal", "enrolments", "--from", &stick]).json();
    assert_eq!(rows.len(), 4);
    let device = rows.iter().find(|r| r["role"] == "device").unwrap();
    assert_eq!(
        device["fingerprint"], made[0]["fingerprint"],
        "what is read over the telephone"
    );
    registry.must(&["portal", "approve", "--all"]);
    let lists = registry.must(&["portal", "trust", "--all"]).out;
    let file = ward.file("trust.txt", &lists);
    let brought = ward.must(&["enrol", "--trust", &file]);
    assert_eq!(brought[0]["device"], true);
    // An older stick changes nothing and is told.
    let first = lists.lines().next().unwrap();
    let old = ward.file("old.txt", first);
    let ran = ward.ran(&["enrol", "--trust", &old]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for nonsense in [lists.replace("eyJ", "eyK"), "<html>".to_owned()] {
        let file = ward.file("forged.txt", &nonsense);
        let ran = ward.ran(&["enrol", "--trust", &file]);
        assert!(
            ran.code == 1 && ran.out.contains("deliver-trust-refused"),
            "{}",
            ran.out
        );
    }

    let states: Vec<Value> = ward.must(&["user", "list"]);
    assert!(states.iter().all(|p| p["state"] == "confirmed"), "{states:?}");
    let signed = ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    ward.must(&["push"]);
    assert_eq!(status(&ward, &signed["nid"]), "registered");
}

#[test]
fn a_new_key_at_night_without_network_and_the_morning_after() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    shift_head(&ward);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    let before = ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");

    // Only a shift head or an administrator gives one, and to a colleague.
    let by_midwife = ward.ran_as(&["user", "key", "firuz"], "mehri");
    assert_eq!(by_midwife.code, 1, "{}", by_midwife.err);
    let given = |login: &str| ward.ran_as(&["user", "key", login], "sadbarg");
    assert_eq!(given("sadbarg").code, 1);
    let lines = given("firuz").json();
    let phrase = lines[0]["passphrase"].as_str().unwrap();
    ward.file("firuz.pass", &format!("{phrase}\n"));
    let mut other = birth("Бобоева", "А 7654321");
    other["mother"]["born"] = "2001-09-02".into();
    other["birth"]["time"] = "11:40".into();
    let after = ward.sign(&["record", "birth"], &other, "firuz");

    ward.must(&["push"]);
    assert_eq!(status(&ward, &before["nid"]), "registered");
    assert_eq!(status(&ward, &after["nid"]), "held");
    let shown = ward.must(&["show", after["nid"].as_str().unwrap()]);
    let why = shown[0]["problem_detail"]["text"]["en"].as_str().unwrap();
    assert!(
        why.contains("Абдуллозода Фирӯз") && why.contains("Раҷабова Садбарг"),
        "{why}"
    );

    // The registry rings the doctor up; "all" does not include what has to be asked.
    registry.must(&["portal", "approve", "--all"]);
    ward.must(&["push"]);
    assert_eq!(status(&ward, &after["nid"]), "held");
    let rows = registry.must(&["portal", "enrolments"]).json();
    let row = rows.iter().find(|r| r["given_by"] != "").unwrap();
    assert_eq!(row["fingerprint"], lines[1]["fingerprint"]);
    registry.must(&["portal", "approve", row["id"].as_str().unwrap()]);
    ward.must(&["push"]);
    assert_eq!(status(&ward, &after["nid"]), "registered");
    // Old documents still verify.
    let verified = ward.must(&["verify"]);
    assert_eq!(
        verified.last().unwrap()["faults"].as_array().map_or(0, Vec::len),
        0
    );
}

#[test]
fn a_suspended_person_signs_nothing_until_resumed() {
    let ward = WardDevice::new();
    let change = |what: &str, login: &str, by: &str| ward.ran_as(&["user", what, login], by);
    // Not by anybody, and not oneself.
    assert_eq!(change("suspend", "firuz", "mehri").code, 1);
    assert_eq!(change("suspend", "nigora", "nigora").code, 1);
    assert_eq!(change("suspend", "firuz", "nigora").code, 0);
    let file = ward.file("event.json", &birth("Раҳимова", "А 1234567").to_string());
    let record = || ward.ran_as(&["record", "birth", "--from", &file], "firuz");
    let ran = record();
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("cli-user-suspended"), "{}", ran.out);
    // Nor does anybody begin a draft in that name.
    let begun = || ward.ran(&["draft", "add", "birth", "--from", &file, "--by", "firuz"]);
    let ran = begun();
    assert_eq!(
        (ran.code, ran.out.contains("cli-user-suspended")),
        (1, true),
        "{}",
        ran.out
    );
    assert_eq!(change("resume", "firuz", "nigora").code, 0);
    let ran = record();
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    assert_eq!(begun().code, 0);
    assert_eq!(change("suspend", "nobody", "nigora").code, 1);
    assert_eq!(ward.ran(&["verify"]).code, 0);
}

#[test]
fn a_device_is_set_up_by_answering_questions() {
    use ogoh::seal::SecretKey;
    let home = data_dir();
    let dir = home.path().join("ward");
    let root = SecretKey::from_seed(&[7; 32]).public();
    let ask = |answers: &[&str]| {
        let mut child = ogoh()
            .args(["init", "--lang", "en", "--json", "--data-dir"])
            .arg(&dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(answers.join("\n").as_bytes()).unwrap();
        stdin.write_all(b"\n").unwrap();
        drop(stdin);
        let out = child.wait_with_output().unwrap();
        Ran {
            code: out.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&out.stdout).into_owned(),
            err: String::from_utf8_lossy(&out.stderr).into_owned(),
        }
    };
    let key = root.x();
    let answers = [
        "en",
        "TJ-KT-BOX-01",
        "Беморхона",
        "TJ-XX-99",
        "TJ-KT-01",
        "",
        "portal.example",
        "http://127.0.0.1:9",
        "nonsense",
        &key,
        "n",
        &key,
        "Ha",
        "Нигора",
        "nigora",
        "Назарзода Нигора",
        "",
        "nigora",
        "mehri",
        "Қосимова Меҳринисо",
        "nurse",
        "midwife",
        "",
    ];
    let ran = ask(&answers);
    assert_eq!(ran.code, 0, "{}", ran.err);
    // What cannot be is asked again, and the fingerprint is read aloud before it counts.
    for part in [
        "“TJ-XX-99”",
        "“portal.example”",
        "“nonsense”",
        "“Нигора”",
        "“nigora”",
        "“nurse”",
        &root.fingerprint(),
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    let people: Vec<Value> = ran
        .json()
        .into_iter()
        .filter(|l| l["passphrase"].is_string())
        .collect();
    let logins: Vec<&str> = people.iter().map(|p| p["login"].as_str().unwrap()).collect();
    assert_eq!(logins, ["nigora", "mehri", "recovery"]);
    let listed = run(ogoh().args(["user", "list", "--json", "--data-dir"]).arg(&dir)).json();
    let roles: Vec<&str> = listed.iter().map(|p| p["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["midwife", "administrator", "administrator"]);
    // A device that is set up is not set up again.
    assert_eq!(ask(&["en"]).code, 1);
}

#[test]
fn a_backup_goes_back_in_its_place_and_what_it_lacks_comes_from_the_registry() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    let first = ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    let backup = ward.home().join("backup.db").display().to_string();
    ward.must(&["backup", &backup]);
    let mut other = birth("Бобоева", "А 7654321");
    other["mother"]["born"] = "2001-09-02".into();
    other["birth"]["time"] = "11:40".into();
    let later = ward.sign(&["record", "birth"], &other, "firuz");
    ward.must(&["push"]);

    // Whoever has it open would go on writing to the old file: it has to be closed first.
    let open = Store::open_at(&Paths::new(ward.dir())).unwrap();
    let refused = ward.ran(&["restore", &backup]);
    assert!(
        refused.code == 1 && refused.out.contains("The database is open"),
        "{}",
        refused.out
    );
    drop(open);
    // What is no backup changes nothing.
    let junk = ward.file("junk.db", "no database");
    assert_eq!(ward.ran(&["restore", &junk]).code, 1);
    assert_eq!(status(&ward, &later["nid"]), "registered");

    // Not even a database that no longer opens stands in the way.
    std::fs::write(ward.dir().join("ogoh.db"), "damaged").unwrap();
    ward.must(&["restore", &backup]);
    assert_eq!(ward.ran(&["show", later["nid"].as_str().unwrap()]).code, 1);
    // Nobody has told this device yet that the registry has more of its journal; it signs all the same,
    // and not at a place that is taken.
    let mut third = birth("Зоирова", "А 5555555");
    third["mother"]["born"] = "1990-01-02".into();
    third["birth"]["time"] = "17:05".into();
    let next = ward.sign(&["record", "birth"], &third, "firuz");
    ward.must(&["push"]);
    ward.must(&["push"]);
    assert_eq!(status(&ward, &first["nid"]), "registered");
    assert_eq!(status(&ward, &later["nid"]), "registered", "fetched back");
    assert_eq!(status(&ward, &next["nid"]), "registered");
    assert_eq!(ward.ran(&["verify"]).code, 0);
    let moved = std::fs::read_dir(ward.dir()).unwrap();
    let names: Vec<String> = moved
        .map(|f| f.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().any(|n| n.contains(".before-")), "{names:?}");
}

#[test]
fn the_portals_own_keys_are_replaced_and_old_receipts_still_verify() {
    let mut registry = Registry::new();
    let mut ward = WardDevice::at(&registry.url, &registry.root_key);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    let first = ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    ward.must(&["push"]);
    registry.must(&["portal", "rotate", "receipt"]);
    registry.must(&["portal", "rotate", "trust"]);
    registry.restart();
    ward.move_to(&registry.url);
    let mut other = birth("Бобоева", "А 7654321");
    other["mother"]["born"] = "2001-09-02".into();
    other["birth"]["time"] = "11:40".into();
    let later = ward.sign(&["record", "birth"], &other, "firuz");
    ward.must(&["push"]);
    assert_eq!(status(&ward, &first["nid"]), "registered");
    assert_eq!(status(&ward, &later["nid"]), "registered");
    assert_eq!(ward.ran(&["verify"]).code, 0);
    // Cut off between its list and its file, a rotation is ended by the next call, not begun anew.
    let (key, next) = (
        registry.dir().join("trust.key"),
        registry.dir().join("trust.key.next"),
    );
    let before = std::fs::read(&key).unwrap();
    registry.must(&["portal", "rotate", "trust"]);
    let after = std::fs::read(&key).unwrap();
    std::fs::rename(&key, &next).unwrap();
    std::fs::write(&key, &before).unwrap();
    registry.must(&["portal", "rotate", "trust"]);
    assert!(std::fs::read(&key).unwrap() == after && !next.exists());
    // The new trust key signs the next list.
    shift_head(&ward);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    ward.must(&["enrol"]);
    let people = ward.must(&["user", "list"]);
    assert!(people.iter().all(|p| p["state"] == "confirmed"), "{people:?}");
}

#[test]
fn a_person_changes_the_passphrase_and_keeps_the_key() {
    let ward = WardDevice::new();
    let kid = |ward: &WardDevice| {
        let people = ward.must(&["user", "list"]);
        people.iter().find(|p| p["login"] == "firuz").unwrap()["kid"].clone()
    };
    let before = kid(&ward);
    let wrong = ward.pass("mehri");
    assert_eq!(
        ward.ran(&["user", "passphrase", "firuz", "--passphrase-file", &wrong])
            .code,
        1
    );
    let pass = ward.pass("firuz");
    let lines = ward.must(&["user", "passphrase", "firuz", "--passphrase-file", &pass]);
    let file = ward.file("event.json", &birth("Раҳимова", "А 1234567").to_string());
    let record = [
        "record",
        "birth",
        "--from",
        &file,
        "--sign-as",
        "firuz",
        "--passphrase-file",
        &pass,
    ];
    assert_eq!(ward.ran(&record).code, 1, "the old one opens nothing");
    ward.file("firuz.pass", lines[0]["passphrase"].as_str().unwrap());
    ward.must(&record);
    assert_eq!(kid(&ward), before);
}
