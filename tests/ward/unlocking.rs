//! The two doors to a person's key, the app and the commands, ask the same and answer alike.

use crate::support::ward::WardDevice;
use chrono::{DateTime, FixedOffset, Utc};
use ogoh::env::Paths;
use ogoh::lang::Lang;
use ogoh::seal::{KeyUse, SecretKey, TrustKey, TrustList};
use ogoh::ward::store::{Person, Store};
use ogoh::ward::ui::msg::Secret;
use ogoh::ward::ui::run::Worker;
use ogoh::ward::ui::{Effect, Msg};
use ogoh::ward::workplace::Workplace;

/// What stands in the way of the midwife's key.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Free,
    Suspended,
    Revoked,
    /// She was wrong so often.
    Tried(u32),
}

fn put(ward: &WardDevice, way: Way) {
    let mut store = Store::open_at(&Paths::new(ward.dir())).unwrap();
    let person = store.person("mehri").unwrap().unwrap();
    let now: DateTime<FixedOffset> = Utc::now().into();
    match way {
        Way::Free => {}
        Way::Suspended => {
            let suspended = Person {
                suspended: Some(now),
                ..person
            };
            store.change_person(&suspended).unwrap();
        }
        Way::Tried(times) => (0..times).for_each(|_| store.count_try("mehri").unwrap()),
        Way::Revoked => {
            // Not by way of a delivery, which would suspend her as well.
            let key = TrustKey {
                kid: person.kid,
                alg: "EdDSA".into(),
                x: person.x,
                what: KeyUse::Person,
                fac: None,
                usr: Some("mehri".into()),
                name: None,
                role: Some(person.role),
                from: now,
                revoked: Some(now),
                retired: None,
            };
            let list = TrustList {
                number: 1,
                prev: None,
                at: now,
                keys: vec![key],
            };
            let root = SecretKey::from_seed(&[7; 32]);
            store.add_trust_list(1, &list.seal(&root).unwrap()).unwrap();
        }
    }
}

fn tries(ward: &WardDevice) -> u32 {
    let store = Store::open_at(&Paths::new(ward.dir())).unwrap();
    store.wrong_tries("mehri").unwrap()
}

/// What the app says, or nothing where the key opened.
fn by_app(ward: &WardDevice, login: &str, secret: &str) -> String {
    let workplace = Workplace::open(Paths::new(ward.dir())).unwrap();
    let mut worker = Worker::new(workplace, None);
    let said = worker.perform(Effect::Unlock {
        login: login.into(),
        secret: Secret::new(secret),
    });
    match said.as_slice() {
        [Msg::Unlocked(user)] => {
            assert_eq!(user.login, login);
            String::new()
        }
        [Msg::NotUnlocked(shown)] => shown.msg.render(Lang::En),
        other => panic!("{other:?}"),
    }
}

/// The same of the command that does no more than open the key and lock it anew.
fn by_command(ward: &WardDevice, login: &str, secret: &str) -> (String, String) {
    let file = ward.file("typed.pass", secret);
    let ran = ward.ran(&["user", "passphrase", login, "--passphrase-file", &file]);
    let said = match ran.code {
        0 => String::new(),
        _ => ran.json()[0]["message"].as_str().unwrap().to_owned(),
    };
    (said, ran.err)
}

#[test]
fn both_doors_ask_the_same_in_the_same_order() {
    // Who comes, what stands in the way, what is typed: what either door says, and whether it was tried.
    const RIGHT: &str = "mehri 11";
    const WRONG: &str = "не то";
    let cases = [
        (
            "nobody",
            Way::Free,
            WRONG,
            "no key of this person",
            "no user “nobody”",
            0,
        ),
        ("mehri", Way::Suspended, RIGHT, "suspended", "is suspended", 0),
        (
            "mehri",
            Way::Revoked,
            RIGHT,
            "has been revoked",
            "has been revoked",
            0,
        ),
        (
            "mehri",
            Way::Free,
            WRONG,
            "Wrong passphrase",
            "passphrase is wrong",
            1,
        ),
        // Of a wait the app says how long it is, and the command waits for its end.
        (
            "mehri",
            Way::Tried(4),
            WRONG,
            "you have to wait: 2 s",
            "passphrase is wrong",
            1,
        ),
        ("mehri", Way::Tried(3), RIGHT, "", "", 0),
        ("mehri", Way::Free, RIGHT, "", "", 0),
    ];
    for (login, way, typed, app, command, tried) in cases {
        let ward = WardDevice::new();
        put(&ward, way);
        let before = tries(&ward);
        let said = by_app(&ward, login, typed);
        assert!(
            said.contains(app) && said.is_empty() == app.is_empty(),
            "{way:?} {typed}: {said}"
        );
        let waits = said.contains("wait");
        let told = match (app.is_empty(), waits) {
            (true, _) => 0,
            (_, true) => before,
            _ => before + tried,
        };
        assert_eq!(tries(&ward), told, "{way:?} {typed} by the app");

        let ward = WardDevice::new();
        put(&ward, way);
        let (said, beside) = by_command(&ward, login, typed);
        assert!(
            said.contains(command) && said.is_empty() == command.is_empty(),
            "{way:?} {typed}: {said}"
        );
        assert_eq!(
            beside.contains("you have to wait: 2 s"),
            waits,
            "{way:?} {typed}: {beside}"
        );
        let told = if command.is_empty() { 0 } else { before + tried };
        assert_eq!(tries(&ward), told, "{way:?} {typed} by the command");
    }
}
