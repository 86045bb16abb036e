//! A device's key is changed, several times or cut off in its middle, before anything is delivered.

use serde_json::Value;

use crate::registry::Registry;
use crate::support::ward::{WardDevice, birth};
use crate::support::{copied, killed_at};

/// A ward that the registry knows, and what it signed and never sent.
fn ward(registry: &Registry) -> (WardDevice, Vec<String>) {
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    ward.must(&["enrol"]);
    let signed = sign(&ward, "Раҳимова", "А 1234567", "03:12");
    (ward, vec![signed])
}

fn sign(ward: &WardDevice, surname: &str, document: &str, time: &str) -> String {
    let mut event = birth(surname, document);
    event["birth"]["time"] = time.into();
    event["mother"]["born"] = format!("1991-02-{}", &document[document.len() - 2..].replace('0', "1")).into();
    if event["mother"]["born"].as_str().unwrap() > "1991-02-28" {
        event["mother"]["born"] = "1991-03-01".into();
    }
    ward.sign(&["record", "birth"], &event, "firuz")["nid"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn rotate(ward: &WardDevice) -> Value {
    let pass = ward.pass("nigora");
    let args = ["rotate", "--sign-as", "nigora", "--passphrase-file", &pass];
    ward.must(&args).pop().unwrap()
}

fn statuses(ward: &WardDevice, all: &[String]) -> Vec<String> {
    let status = |nid: &String| {
        ward.must(&["show", nid])[0]["status"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    all.iter().map(status).collect()
}

/// Changes the key: asked for, approved, taken.
fn rotated(ward: &WardDevice, registry: &Registry) {
    assert_eq!(rotate(ward)["state"], "waiting");
    registry.must(&["portal", "approve", "--vouched"]);
    assert!(rotate(ward)["device"].is_string());
}

#[test]
fn three_keys_in_a_row_before_a_push_and_everything_arrives() {
    let registry = Registry::new();
    let (ward, mut signed) = ward(&registry);
    let backup = ward.home().join("backup.db").display().to_string();
    ward.must(&["backup", &backup]);
    for (surname, document, time) in [
        ("Бобоева", "А 7654321", "05:40"),
        ("Зоирова", "А 5555513", "09:20"),
        ("Шарипова", "А 2222225", "13:05"),
    ] {
        rotated(&ward, &registry);
        signed.push(sign(&ward, surname, document, time));
    }
    // In the middle of it somebody restores what was there before the first change.
    ward.must(&["restore", &backup]);
    ward.must(&["push"]);
    assert_eq!(statuses(&ward, &signed), ["registered"; 4]);
    assert_eq!(ward.ran(&["verify"]).code, 0);
    let waiting = ward.ran(&["monitor"]).out;
    assert!(waiting.contains("ogoh_unsent_entries 0"), "{waiting}");
}

#[test]
fn a_change_of_key_that_is_killed_at_any_call_is_finished_by_repeating_it() {
    if !crate::support::has_tool("strace", std::process::Command::new("strace").arg("-V")) {
        return;
    }
    let registry = Registry::new();
    let (ward, signed) = ward(&registry);
    let asked = rotate(&ward);
    registry.must(&["portal", "approve", "--vouched"]);
    ward.must(&["enrol"]);
    let fresh = ward.home().join("fresh");
    copied(&ward.dir(), &fresh);
    let mut killed = 0;
    for call in ["rename", "unlink", "fsync", "fdatasync", "ftruncate"] {
        for when in 1.. {
            std::fs::remove_dir_all(ward.dir()).unwrap();
            copied(&fresh, &ward.dir());
            let ran = killed_at(&ward.command(&["rotate"]), call, when);
            if ran.code == 0 {
                break;
            }
            killed += 1;
            if ran.out.contains("fingerprint") {
                // It was done, and told.
                continue;
            }
            let done = ward.must(&["rotate"]).pop().unwrap();
            assert_eq!(done["fingerprint"], asked["fingerprint"], "{call} {when}");
            assert!(done["device"].is_string(), "{call} {when}: {done}");
            assert!(!ward.dir().join("device.key.next").exists(), "{call} {when}");
        }
    }
    assert!(killed > 5, "{killed}");
    ward.must(&["push"]);
    assert_eq!(statuses(&ward, &signed), ["registered"]);
}
