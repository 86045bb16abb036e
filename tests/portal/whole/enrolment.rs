//! A facility is let in: by a one-time code, by its administrator, by a second person where it takes
//! two. By the real commands, against a real portal.

use crate::registry::Registry;
use crate::support::ward::{WardDevice, birth};
use ogoh::env::Paths;
use ogoh::seal::{Jws, Typ};
use ogoh::ward::store::Store;
use serde_json::Value;

/// Changes a line of a settings file.
fn set(path: &std::path::Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn states(ward: &WardDevice) -> Vec<String> {
    let people = ward.must(&["user", "list"]);
    let state = |p: &Value| p["state"].as_str().unwrap().to_owned();
    people.iter().map(state).collect()
}

fn invite(registry: &Registry, ward: &WardDevice) -> String {
    let made = registry.must(&["portal", "invite", "TJ-KT-BOX-01"]).json();
    ward.file("code.txt", &format!("{}\n", made[0]["code"].as_str().unwrap()))
}

/// Asks with the code, as the administrator.
fn ask(ward: &WardDevice, code: &str) -> Vec<Value> {
    let pass = ward.pass("nigora");
    let by = ["--sign-as", "nigora", "--passphrase-file", &pass];
    ward.must(&[&["enrol", "--code-file", code][..], &by].concat())
}

#[test]
fn with_a_code_one_command_here_and_one_there_let_a_facility_in() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    let wrong = ward.file("wrong.txt", "себ барг дарё об нон 42\n");
    let refused = ward.ran(&["enrol", "--code-file", &wrong]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.out.contains("one-time code is not right"),
        "{} {}",
        refused.out,
        refused.err
    );
    assert_eq!(registry.must(&["portal", "enrolments"]).json().len(), 0);

    let code = invite(&registry, &ward);
    let asked = ask(&ward, &code);
    let who: Vec<&str> = asked.iter().map(|a| a["who"].as_str().unwrap()).collect();
    assert_eq!(who[..2], ["device", "nigora"], "whoever vouches goes first");
    assert_eq!(who.len(), 4);
    // Who countersigned is believed once the code's holder is; nobody has to compare anything.
    registry.must(&["portal", "approve", "--vouched"]);
    ward.must(&["enrol"]);
    assert_eq!(states(&ward), ["confirmed"; 3]);
    // Without a code or a countersignature nothing is approved in that way.
    let stranger = WardDevice::at(&registry.url, &registry.root_key);
    stranger.must(&["enrol"]);
    registry.must(&["portal", "approve", "--vouched"]);
    let waits = registry.must(&["portal", "enrolments"]).json();
    assert_eq!(waits.iter().filter(|r| r["state"] == "waiting").count(), 4);
}

#[test]
fn a_portal_that_may_lets_a_facility_in_while_it_waits() {
    let mut registry = Registry::new();
    set(
        &registry.dir().join("portal.toml"),
        "admission = \"by-hand\"",
        "admission = \"vouched\"",
    );
    registry.restart();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    let asked = ask(&ward, &invite(&registry, &ward));
    let of = |who: &str| asked.iter().find(|a| a["who"] == who).unwrap()["state"].clone();
    // One administrator vouches for people, and that is one: the registry looks at the first of them.
    assert_eq!(
        ["device", "nigora", "mehri", "firuz"].map(of),
        ["approved", "approved", "waiting", "waiting"]
    );
    let rows = registry.must(&["portal", "enrolments"]).json();
    let mehri = rows.iter().find(|r| r["who"] == "mehri").unwrap();
    registry.must(&["portal", "approve", mehri["id"].as_str().unwrap()]);
    // From then on two are there.
    let (nigora, mehri) = (ward.pass("nigora"), ward.pass("mehri"));
    let by = ["--sign-as", "nigora", "--passphrase-file", &nigora];
    let and = ["--second", "mehri", "--second-passphrase-file", &mehri];
    let asked = ward.must(&[&["enrol"][..], &by, &and].concat());
    assert!(asked.iter().all(|a| a["state"] == "approved"), "{asked:?}");
    assert_eq!(states(&ward), ["confirmed"; 3]);
}

#[test]
fn a_code_also_travels_by_stick() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    let code = invite(&registry, &ward);
    let stick = ward.home().join("requests.txt").display().to_string();
    let pass = ward.pass("nigora");
    let by = ["--sign-as", "nigora", "--passphrase-file", &pass];
    ward.must(&[&["enrol", "--to", &stick, "--code-file", &code][..], &by].concat());
    // The code itself is not on the stick.
    let words = std::fs::read_to_string(&code).unwrap();
    assert!(!std::fs::read_to_string(&stick).unwrap().contains(words.trim()));
    registry.must(&["portal", "enrolments", "--from", &stick]);
    registry.must(&["portal", "approve", "--vouched"]);
    let lists = registry.must(&["portal", "trust", "--all"]).out;
    ward.must(&["enrol", "--trust", &ward.file("trust.txt", &lists)]);
    assert_eq!(states(&ward), ["confirmed"; 3]);
}

#[test]
fn a_device_gets_a_new_key_and_what_the_old_one_left_is_delivered() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    ask(&ward, &invite(&registry, &ward));
    registry.must(&["portal", "approve", "--vouched"]);
    ward.must(&["push"]);
    let signed = ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    let pass = ward.pass("nigora");
    let rotate = || {
        let args = ["rotate", "--sign-as", "nigora", "--passphrase-file", &pass];
        ward.must(&args).pop().unwrap()
    };
    let key = ward.dir().join("device.key");
    let old = std::fs::read(&key).unwrap();
    let asked = rotate();
    assert_eq!(asked["state"], "waiting");
    assert_eq!(
        rotate()["request"],
        asked["request"],
        "one key is asked for, however often"
    );
    assert!(
        std::fs::read(&key).unwrap() == old,
        "until then the old one works"
    );
    registry.must(&["portal", "approve", "--vouched"]);
    // Somebody has the app open, with the old key in memory.
    let open = Store::open_at(&Paths::new(ward.dir())).unwrap();
    ward.must(&["enrol"]);
    let refused = ward.ran(&["rotate"]);
    assert!(
        refused.code == 1 && refused.out.contains("The database is open"),
        "{}",
        refused.out
    );
    drop(open);
    let done = ward.must(&["rotate"]).pop().unwrap();
    assert_eq!(done["fingerprint"], asked["fingerprint"]);
    assert!(std::fs::read(&key).unwrap() != old);
    // Signed in the old journal and never sent: it goes by way of the new key.
    ward.must(&["push"]);
    let shown = ward.must(&["show", signed["nid"].as_str().unwrap()]);
    assert_eq!(shown[0]["status"], "registered");
    assert_eq!(ward.ran(&["verify"]).code, 0);
    let list = registry.must(&["portal", "trust"]).out;
    let newest = Jws::parse(&ogoh::wire::jws_of_line(&list).unwrap(), Typ::Trust).unwrap();
    let keys = newest.payload()["keys"].as_array().unwrap().clone();
    assert!(
        keys.iter()
            .any(|k| k["what"] == "device" && k["revoked"].is_string()),
        "{keys:?}"
    );
}

#[test]
fn where_it_takes_two_a_new_key_is_signed_by_two() {
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    ask(&ward, &invite(&registry, &ward));
    registry.must(&["portal", "approve", "--vouched"]);
    let settings = ward.dir().join("ogoh.toml");
    set(&settings, "# keys_by_two = false", "keys_by_two = true");
    let pass = |login: &str| ward.pass(login);
    let give = |second: Option<&str>| {
        let (by, other) = (pass("nigora"), second.map(pass));
        let mut args = vec![
            "user",
            "key",
            "firuz",
            "--sign-as",
            "nigora",
            "--passphrase-file",
            &by,
        ];
        if let (Some(second), Some(file)) = (second, &other) {
            args.extend(["--second", second, "--second-passphrase-file", file]);
        }
        ward.ran(&args)
    };
    let kid = || {
        ward.must(&["user", "list"])
            .into_iter()
            .find(|p| p["login"] == "firuz")
            .unwrap()["kid"]
            .clone()
    };
    let before = kid();
    let alone = give(None);
    assert!(
        alone.code == 1 && alone.out.contains("by two people"),
        "{}",
        alone.out
    );
    for nobody in ["nigora", "firuz"] {
        let ran = give(Some(nobody));
        assert!(ran.code == 1 && ran.out.contains("third person"), "{}", ran.out);
    }
    assert_eq!(kid(), before, "nothing changed");
    let given = give(Some("mehri"));
    assert_eq!(given.code, 0, "{} {}", given.out, given.err);
    assert_ne!(kid(), before);
    // Asking once more, as an administrator does in the morning, changes nothing of the two.
    let morning = ask(&ward, &ward.home().join("code.txt").display().to_string());
    assert_eq!(morning.len(), 1, "{morning:?}");
    ward.must(&["push"]);
    let rows = registry.must(&["portal", "enrolments"]).json();
    assert_eq!(rows.iter().filter(|r| r["state"] == "waiting").count(), 1);
    let row = rows.iter().find(|r| r["given"] == true).unwrap();
    assert_eq!(
        (&row["given_by"], &row["second_by"]),
        (&"Назарзода Нигора".into(), &"Қосимова Меҳринисо".into())
    );
}

#[test]
fn a_resume_that_comes_too_late_is_told_and_said_again() {
    let registry = Registry::new();
    let [here, apart] = [0, 1].map(|_| WardDevice::at(&registry.url, &registry.root_key));
    for ward in [&here, &apart] {
        ward.must(&["enrol"]);
    }
    // Whoever works on two machines has a key on each: the second is approved one by one.
    registry.must(&["portal", "approve", "--all"]);
    for row in registry.must(&["portal", "enrolments"]).json() {
        registry.must(&["portal", "approve", row["id"].as_str().unwrap()]);
    }
    let change = |ward: &WardDevice, what: &str| {
        let ran = ward.ran_as(&["user", what, "firuz"], "nigora");
        assert_eq!(ran.code, 0, "{what}: {} {}", ran.out, ran.err);
    };
    let declined = || {
        let lines = apart.ran(&["doctor"]).json();
        let mut lines = lines.into_iter().filter(|l| l["what"] == "declined");
        lines.next().map(|l| l["message"].as_str().unwrap().to_owned())
    };
    // Suspended and resumed without a network, and suspended on another machine before that arrives.
    change(&apart, "suspend");
    change(&apart, "resume");
    change(&here, "suspend");
    here.must(&["push"]);
    apart.must(&["push"]);
    let told = declined().unwrap();
    assert!(
        told.contains("(key)") && told.contains("restore the right once more"),
        "{told}"
    );
    let signed = apart.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    apart.must(&["push"]);
    let show = |signed: &Value| apart.must(&["show", signed["nid"].as_str().unwrap()])[0]["status"].clone();
    assert_eq!(show(&signed), "held");
    change(&apart, "resume");
    apart.must(&["push"]);
    assert_eq!(declined(), None);
    let signed = apart.sign(&["record", "birth"], &birth("Зоирова", "А 7654321"), "firuz");
    apart.must(&["push"]);
    assert_eq!(show(&signed), "registered");
}
