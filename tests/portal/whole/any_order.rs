//! Backups, restores, changes of key and deliveries in any order: nothing that was signed is lost.

use serde_json::Value;

use crate::registry::Registry;
use crate::support::ward::{WardDevice, birth};

const SURNAMES: [&str; 12] = [
    "Раҳимова",
    "Бобоева",
    "Зоирова",
    "Шарипова",
    "Каримова",
    "Ҳақназарова",
    "Ӯлмасова",
    "Қодирова",
    "Ғафурова",
    "Ҷӯраева",
    "Назарова",
    "Сафарова",
];

fn sign(ward: &WardDevice, n: usize) -> Value {
    let mut event = birth(
        SURNAMES[n % 12],
        &format!("А {}", 1_234_567 + 1_300_021 * (n % 6) + 7 * n),
    );
    event["birth"]["time"] = format!("{:02}:{:02}", (n * 7) % 12, (n * 13) % 60).into();
    event["birth"]["weight"] = (2600 + 97 * n).into();
    event["mother"]["born"] = format!("{}-0{}-{}", 1984 + n, 1 + n % 9, 10 + n).into();
    event["mother"]["given"] = ["Мадина", "Нигина", "Парвина", "Ситора", "Ойдина"][n % 5].into();
    ward.sign(&["record", "birth"], &event, "firuz")
}

fn rotate(ward: &WardDevice, registry: &Registry) {
    let pass = ward.pass("nigora");
    let args = ["rotate", "--sign-as", "nigora", "--passphrase-file", &pass];
    ward.must(&args);
    registry.must(&["portal", "approve", "--vouched"]);
    assert!(ward.must(&args).pop().unwrap()["device"].is_string());
}

/// A number below another, from a row that its seed decides.
fn next(state: &mut u64, below: usize) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap() % below
}

#[test]
fn nothing_that_was_signed_is_lost_in_any_order() {
    let seeds = std::env::var("OGOH_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(3);
    for seed in 1..=seeds {
        let registry = Registry::new();
        let ward = WardDevice::at(&registry.url, &registry.root_key);
        ward.must(&["enrol"]);
        registry.must(&["portal", "approve", "--all"]);
        ward.must(&["push"]);
        let mut random = seed;
        let (mut signed, mut backups, mut done) = (Vec::new(), Vec::new(), Vec::new());
        while signed.len() < 12 {
            match next(&mut random, 8) {
                0..=2 => {
                    done.push("sign".to_owned());
                    signed.push(sign(&ward, signed.len()));
                }
                3 => {
                    done.push("push".to_owned());
                    ward.must(&["push"]);
                }
                4 => {
                    done.push(format!("backup {}", backups.len()));
                    let path = ward
                        .home()
                        .join(format!("{}.db", backups.len()))
                        .display()
                        .to_string();
                    ward.must(&["backup", &path]);
                    backups.push(path);
                }
                5 => {
                    done.push("rotate".to_owned());
                    rotate(&ward, &registry);
                }
                _ if backups.is_empty() => {}
                _ => {
                    let which = next(&mut random, backups.len());
                    done.push(format!("restore {which}"));
                    ward.must(&["restore", &backups[which]]);
                }
            }
        }
        ward.must(&["push"]);
        ward.must(&["push"]);
        for one in &signed {
            let shown = ward.ran(&["show", one["nid"].as_str().unwrap()]);
            assert_eq!(shown.code, 0, "{seed}: {done:?}");
            assert_ne!(shown.json()[0]["status"], "signed", "{seed}: {done:?}");
        }
        let verified = ward.ran(&["verify"]);
        assert_eq!(verified.code, 0, "{seed}: {done:?} {}", verified.out);
        assert_eq!(
            registry.must(&["portal", "verify"]).json()[0]["wrong"],
            0,
            "{seed}: {done:?}"
        );
    }
}
