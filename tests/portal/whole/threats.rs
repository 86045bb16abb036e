//! The threats to a ward and to the registry, each with what is tried and what comes of it.
//!
//! Attacks by number run 20,000 rounds, or as many as OGOH_ROUNDS says. What is tried on the register itself
//! stands in `threats_registry`, what is tried on the disk in `encrypted`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::portal_support::{self, World};
use crate::registry::Registry;
use crate::support;
use crate::support::ward::{WardDevice, birth};
use ogoh::seal::{Jws, SecretKey, Status, Typ, sign};
use serde_json::{Value, json};

/// How often an attack is tried: 20,000 times, or as OGOH_ROUNDS says.
pub fn rounds() -> u64 {
    let wanted = std::env::var("OGOH_ROUNDS").ok().and_then(|n| n.parse().ok());
    wanted.unwrap_or(20_000)
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}

/// A text made of one or two genuine ones, as somebody would who knows the form and has no key.
fn forged(dice: &mut Dice, texts: &[String]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";
    let text = &texts[dice.below(texts.len())];
    let mut bytes = text.clone().into_bytes();
    let at = dice.below(bytes.len());
    let letter = LETTERS[dice.below(LETTERS.len())];
    match dice.below(8) {
        0 => bytes[at] = letter,
        1 => bytes.insert(at, letter),
        2 => drop(bytes.remove(at)),
        3 => bytes.truncate(at),
        4 => {
            let other = dice.below(bytes.len());
            bytes.swap(at, other);
        }
        5 => {
            // Parts of two texts: another's signature, payload or header.
            let other = &texts[dice.below(texts.len())];
            let mut parts: Vec<&str> = text.split('.').collect();
            let which = dice.below(3);
            parts[which] = other.split('.').nth(which).unwrap();
            return parts.join(".");
        }
        6 => {
            // A value that pays: another weight, number, facility. Signed with the forger's own key
            // under the doctor's name.
            let jws = Jws::parse(text, Typ::Entry).unwrap();
            let mut payload = jws.payload().clone();
            payload["body"]["birth"]["weight"] = json!(dice.below(6000));
            let liar = SecretKey::from_seed(&[u8::try_from(2 + dice.below(200)).unwrap(); 32]);
            let signed = sign(Typ::Entry, &liar, &payload).unwrap();
            let header = text.split('.').next().unwrap();
            let rest = signed.split_once('.').unwrap().1;
            return format!("{header}.{rest}");
        }
        _ => {
            let bit = dice.below(8);
            bytes[at] ^= 1 << bit;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn an_outsider_who_knows_the_form_forges_no_entry() {
    let doctor = SecretKey::from_seed(&[1; 32]);
    let texts: Vec<String> = (0..20)
        .map(|n| {
            let body = json!({"birth": {"weight": 3000 + n}, "mother": {"surname": "Раҳимова"}});
            sign(
                Typ::Entry,
                &doctor,
                &json!({"v": 1, "t": "birth", "seq": n, "body": body}),
            )
            .unwrap()
        })
        .collect();
    let genuine: BTreeSet<&str> = texts.iter().map(String::as_str).collect();
    let key = doctor.public();
    let mut dice = Dice(7);
    let mut tried = 0;
    while tried < rounds() {
        let text = forged(&mut dice, &texts);
        if genuine.contains(text.as_str()) {
            continue;
        }
        tried += 1;
        let accepted = Jws::parse(&text, Typ::Entry).is_ok_and(|jws| jws.verify(&key).is_ok());
        assert!(!accepted, "round {tried}");
    }
}

#[test]
fn a_replayer_registers_nothing_twice() {
    let world = World::new();
    let mut wards = [world.ward(portal_support::FAC), world.ward("TJ-DU-BOX-02")];
    let signed: Vec<Vec<_>> = wards
        .iter_mut()
        .enumerate()
        .map(|(w, ward)| {
            let mut entries = vec![ward.open()];
            for n in 0..20 {
                let name = format!(
                    "{}{}ова",
                    ["Бек", "Дил"][w],
                    "абвгдежзиклмнопрстуф".chars().nth(n).unwrap()
                );
                entries.push(ward.birth(portal_support::birth(&name.repeat(2))));
            }
            entries
        })
        .collect();
    let mut numbers = BTreeSet::new();
    for (ward, entries) in wards.iter().zip(&signed) {
        for receipt in ward.deliver(&world, &entries.iter().collect::<Vec<_>>()) {
            numbers.extend(receipt.reg_no);
        }
    }
    let registered = numbers.len();
    let mut dice = Dice(11);
    let trust = world.trust();
    // Repeated texts are opened once.
    let mut opened = BTreeSet::new();
    let mut sent = 0;
    while sent < rounds() {
        // In any order and mixture, by the owner and by the other facility's device.
        let (by, of) = (dice.below(2), dice.below(2));
        let lines: Vec<String> = (0..100)
            .map(|_| signed[of][dice.below(signed[of].len())].jws.clone())
            .collect();
        let (status, body) = wards[by].post(lines.join("\n"));
        assert_eq!(status, 200);
        for answer in ogoh::wire::answers(&body) {
            match answer.unwrap() {
                ogoh::wire::DeliveryAnswer::Receipt(text) => {
                    if opened.contains(&text) {
                        continue;
                    }
                    let receipt = ogoh::seal::Receipt::open(&text, &trust).unwrap();
                    assert!(receipt.reg_no.is_none_or(|number| numbers.contains(&number)));
                    opened.insert(text);
                }
                ogoh::wire::DeliveryAnswer::Problem(_) => assert_ne!(by, of, "its owner may repeat itself"),
            }
        }
        sent += 100;
    }
    // What the register holds at the end.
    let again: usize = wards
        .iter()
        .zip(&signed)
        .map(|(ward, entries)| {
            let newest = entries.iter().map(|e| ward.newest(&world, e));
            newest.filter(|r| r.status == Status::Registered).count()
        })
        .sum();
    assert_eq!(again, registered);
}

/// Every file below a folder, with what stands in it.
fn files(dir: &Path, out: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push((
                path.display().to_string(),
                std::fs::read(&path).unwrap_or_default(),
            ));
        }
    }
}

#[test]
fn a_reader_of_logs_metrics_heartbeats_and_temporary_files_finds_nobody() {
    const CANARIES: [&str; 5] = [
        "Канарова",
        "Чижикбону",
        "А 7766554",
        "918776655",
        "деҳаи Булбулон",
    ];
    let logs = support::data_dir();
    let temporary = logs.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let log = std::fs::File::create(logs.path().join("portal.log")).unwrap();
    let registry = Registry::logging_to(log.into());
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    let mut body = birth(CANARIES[0], CANARIES[2]);
    body["mother"]["given"] = json!(CANARIES[1]);
    body["mother"]["phone"] = json!("+992 918 77 66 55");
    body["mother"]["address"] = json!(CANARIES[4]);
    let told: std::cell::RefCell<Vec<(String, String)>> = std::cell::RefCell::default();
    let tell = |what: &str, args: &[&str], shows_people: bool| {
        let ran = support::run(ward.command(args).env("TMPDIR", &temporary));
        let mut told = told.borrow_mut();
        if !shows_people {
            told.push((what.to_owned(), ran.out.clone()));
        }
        told.push((format!("{what}: errors"), ran.err));
        ran.out
    };
    let event = ward.file("event.json", &body.to_string());
    let pass = ward.pass("firuz");
    let record: Vec<&str> = vec![
        "record",
        "birth",
        "--from",
        &event,
        "--sign-as",
        "firuz",
        "--passphrase-file",
        &pass,
    ];
    // Before anybody is enrolled, with a wrong passphrase, with a broken file, and at last rightly.
    let wrong = ward.file("wrong.pass", "канар 11\n");
    tell("a push that is refused", &["push"], false);
    let mut guess = record.clone();
    guess[7] = &wrong;
    tell("a wrong passphrase", &guess, false);
    let broken = ward.file("broken.json", &body.to_string()[..120]);
    let mut torn = record.clone();
    torn[3] = &broken;
    tell("a broken file", &torn, false);
    tell("enrol", &["enrol"], false);
    registry.must(&["portal", "approve", "--all"]);
    let signed: Value = serde_json::from_str(tell("record", &record, false).lines().last().unwrap()).unwrap();
    let nid = signed["nid"].as_str().unwrap();
    tell("push", &["push"], false);
    for args in [
        ["monitor"].as_slice(),
        &["check"],
        &["doctor"],
        &["verify"],
        &["rebuild"],
        &["list"],
    ] {
        tell(args[0], args, args[0] == "list");
    }
    tell("show", &["show", nid], true);
    let reason = ward.file("reason.txt", &format!("не {}", CANARIES[1]));
    tell(
        "void",
        &[
            "void",
            nid,
            "--reason",
            "other",
            "--reason-file",
            &reason,
            "--sign-as",
            "firuz",
            "--passphrase-file",
            &pass,
        ],
        false,
    );
    // A book that holds what it should not: the log says so, and not what that is.
    let book = rusqlite::Connection::open(registry.dir().join("portal.db")).unwrap();
    book.execute(
        "UPDATE entry SET verdict = ?1 WHERE verdict IS NOT NULL",
        [json!(CANARIES[0]).to_string()],
    )
    .unwrap();
    drop(book);
    tell("a push into a broken book", &["push"], false);
    let mut said = told.take();
    for path in [
        "/metrics",
        "/healthz",
        "/monitor",
        "/v1/openapi.json",
        "/desk",
        "/nowhere",
    ] {
        said.push((
            path.to_owned(),
            portal_support::get(&format!("{}{path}", registry.url), None).1,
        ));
    }
    // Sent to the wrong place, and not a request at all.
    portal_support::post(&format!("{}/monitor", registry.url), None, body.to_string());
    portal_support::post(&format!("{}/v1/entries", registry.url), None, body.to_string());
    portal_support::post(&format!("{}/v1/heartbeats", registry.url), None, body.to_string());

    let mut found = Vec::new();
    files(logs.path(), &mut found);
    let log = found.iter().find(|(path, _)| path.ends_with("portal.log"));
    let log = std::str::from_utf8(&log.unwrap().1).unwrap();
    let records: Vec<Value> = log.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(records.iter().any(|r| r["event"] == "book"), "{log}");
    said.extend(
        found
            .into_iter()
            .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned())),
    );
    let mut names = Vec::new();
    files(&ward.dir(), &mut names);
    files(&registry.dir(), &mut names);
    said.extend(
        names
            .into_iter()
            .map(|(path, _)| ("names of files".to_owned(), path)),
    );
    for (what, text) in &said {
        for canary in CANARIES {
            assert!(!text.contains(canary), "{what} says {canary}: {text}");
        }
    }
    // The check itself sees a name where there is one.
    assert!(tell("show", &["show", nid], true).contains(CANARIES[0]));
}

#[test]
fn nothing_that_a_terminal_obeys_leaves_the_program_from_any_text_field() {
    let ward = WardDevice::new();
    let evil = "а\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\u{202e}б\u{2066}\u{200b}\u{0}";
    let obeyed = |text: &str| {
        text.chars().any(|c| {
            (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
    };
    let schema = ward.must(&["schema", "birth"]);
    assert!(!schema.is_empty());
    let mut fields = 0;
    for (person, field) in [
        ("mother", "surname"),
        ("mother", "given"),
        ("mother", "patronymic"),
        ("mother", "address"),
        ("mother", "document"),
        ("mother", "phone"),
        ("father", "surname"),
        ("father", "given"),
        ("child", "surname"),
        ("child", "given"),
        ("birth", "place"),
        ("birth", "date"),
        ("birth", "weight"),
    ] {
        let mut body = birth("Раҳимова", "А 1234567");
        body[person][field] = json!(evil);
        let file = ward.file("event.json", &body.to_string());
        let pass = ward.pass("firuz");
        let shown = |args: &[&str]| {
            let mut command = support::ogoh();
            command
                .arg("--data-dir")
                .arg(ward.dir())
                .args(args)
                .args(["--lang", "en"]);
            support::run(&mut command)
        };
        let ran = shown(&[
            "record",
            "birth",
            "--from",
            &file,
            "--sign-as",
            "firuz",
            "--passphrase-file",
            &pass,
        ]);
        let checked = shown(&["check-event", "birth", "--from", &file]);
        for (what, text) in [
            ("record", &ran.out),
            ("record", &ran.err),
            ("check-event", &checked.out),
            ("check-event", &checked.err),
        ] {
            assert!(!obeyed(text), "{person}.{field}, {what}: {text:?}");
        }
        for args in [["list"].as_slice(), &["search", "Раҳимова"], &["handover"]] {
            let ran = shown(args);
            assert!(
                !obeyed(&ran.out) && !obeyed(&ran.err),
                "{person}.{field}, {args:?}"
            );
        }
        fields += 1;
    }
    assert_eq!(fields, 13);
}

#[test]
#[cfg(target_os = "linux")]
fn a_thief_of_crash_images_finds_none() {
    let registry = Registry::new();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", registry.pid())).unwrap();
    let core = limits
        .lines()
        .find(|l| l.starts_with("Max core file size"))
        .unwrap();
    let numbers: Vec<&str> = core.split_whitespace().filter(|w| *w == "0").collect();
    assert_eq!(numbers.len(), 2, "{core}");
    // Its memory is nobody's but the system's own: the owner of its entries says so.
    use std::os::unix::fs::MetadataExt;
    assert_eq!(
        std::fs::metadata(format!("/proc/{}/mem", registry.pid()))
            .unwrap()
            .uid(),
        0
    );
}
