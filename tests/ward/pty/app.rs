//! The app as a person meets it: the real binary in a pseudo-terminal.

use crate::deliver_support::book::Portal;
use crate::deliver_support::registry::Registry;
use crate::pty_support::key::{ENTER, ESC, F, TAB};
use crate::pty_support::{App, at_work, focus, type_birth};
use crate::support;
use crate::support::ward::{WardDevice, birth};
use std::sync::{Arc, Mutex};

#[test]
fn tajik_is_typed_letter_by_letter_and_the_cursor_follows() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    app.sees("b", "Time of birth");
    focus(&mut app, "Mother's surname");
    let mut typed = String::new();
    for letter in "ғӣқӯҳҷҒӢҚӮҲҶ".chars() {
        typed.push(letter);
        app.sees(&letter.to_string(), &typed);
        let so_far = letter.to_string();
        support::until("the cursor behind the letter", || {
            (app.before_cursor() == so_far).then_some(())
        });
    }
    app.sees("х", &format!("{typed}х"));
    app.sees(F[8], &format!("{typed}ҳ"));
    app.sees("\x14", &format!("{typed}х"));
    // Decomposed, as some systems send it.
    app.sees("и\u{304}", &format!("{typed}хӣ"));
}

#[test]
fn a_kill_while_typing_loses_nothing_and_the_draft_is_offered() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    type_birth(&mut app, "Раҳимова");
    app.sees(TAB, "saved");
    app.send("Сомониён");
    app.shows("Сомониён");
    app.shows("saved");
    app.signal("-KILL");
    app.ends();
    let mut again = App::start(&ward.dir(), &[]);
    again.shows("Абдуллозода");
    again.send("firuz 11");
    again.sees(ENTER, "Unfinished");
    again.shows("Раҳимова Ҷамила");
    again.sees(ENTER, "Birth: Раҳимова Ҷамила");
    again.sees(F[2], "Before signing");
    again.shows("Сомониён");
}

#[test]
fn a_name_typed_in_the_app_is_in_the_database_and_nowhere_else() {
    const CANARY: &str = "Канарова";
    let ward = WardDevice::new();
    let temporary = support::data_dir();
    let mut app = at_work(&ward, &[("TMPDIR", &temporary.path().display().to_string())]);
    type_birth(&mut app, CANARY);
    app.sees(TAB, "saved");
    for part in ["cmdline", "environ"] {
        // Nobody but the system's own account may read some of it; what cannot be read tells nothing.
        let shown = std::fs::read(format!("/proc/{}/{part}", app.pid())).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&shown).contains(CANARY), "{part}");
    }
    app.signal("-KILL");
    app.ends();
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
    let mut told = Vec::new();
    for entry in std::fs::read_dir(ward.dir()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        if bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes()) {
            told.push(name);
        }
    }
    // The look finds what is there, unless it is encrypted.
    assert_eq!(told.is_empty(), ogoh::ward::store::CAN_ENCRYPT, "{told:?}");
    assert!(told.iter().all(|name| name.starts_with("ogoh.db")), "{told:?}");
}

#[test]
fn a_birth_is_signed_by_the_keyboard_alone_and_never_by_enter() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    type_birth(&mut app, "Ҳоҷиева");
    app.sees(F[2], "Before signing");
    // The clock of a test machine is not confirmed, and rules may ask: answer them on Cyrillic.
    app.send(&"м".repeat(6));
    app.sees(F[2], "Passphrase or PIN");
    app.send("mehri 11");
    app.send(&ENTER.repeat(3));
    app.shows("••••••••");
    assert!(ward.must(&["list"]).is_empty(), "Enter signed");
    app.sees(F[2], "Signed and saved here");
    let listed = ward.must(&["list"]);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["status"], "signed");
    app.shows("unsent");
    app.sees(F[7], "Search");
    app.sees("хочи", "Ҳоҷиева Ҷамила");
    app.sees(ENTER, "History");
    app.shows("signed by Қосимова Меҳринисо");
}

#[test]
fn what_is_known_at_night_takes_at_most_130_keys_beyond_the_letters_of_names() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    let yesterday = (chrono::Utc::now() + chrono::TimeDelta::hours(5) - chrono::TimeDelta::days(1))
        .format("%d%m%Y")
        .to_string();
    let mut keys = 0;
    let mut counted = |app: &mut App, sent: &[&str], wanted: &str| {
        // A function key is one key, and a text as many as it has characters.
        keys += sent
            .iter()
            .map(|k| {
                if k.starts_with('\x1b') {
                    1
                } else {
                    k.chars().count()
                }
            })
            .sum::<usize>();
        app.send(&sent.concat());
        app.shows(wanted);
    };
    counted(&mut app, &["b"], "Time of birth");
    counted(&mut app, &[yesterday.as_str(), "\r0312\r"], "03:12");
    counted(&mut app, &["1\r3420\r51\r39\r"], "39");
    // One child, in this facility and district, with the midwife: as it stands. Born naturally.
    counted(&mut app, &["\r\r\r\r1\r8\r9\r"], "Mother's surname");
    // Letters of names are not counted; the keys between them are.
    app.send("Раҳимзода");
    counted(&mut app, &["\r"], "Раҳимзода");
    app.send("Сарвиноз");
    counted(&mut app, &["\r\r17041998\r918123456\r7\r"], "Darvoz");
    counted(&mut app, &[F[2]], "Before signing");
    counted(&mut app, &["n"], "not yet known");
    let review = app.screen();
    let open = review.lines().filter(|l| l.contains("? ")).count();
    counted(&mut app, &["v".repeat(open).as_str()], "Before signing");
    counted(&mut app, &[F[2]], "Passphrase or PIN");
    counted(&mut app, &["mehri 11", F[2]], "Signed and saved here");
    assert!(keys <= 130, "{keys} keys");
    let listed = ward.must(&["list"]);
    assert_eq!(listed[0]["status"], "signed");
    let nid = listed[0]["nid"].as_str().unwrap();
    let shown = serde_json::Value::from(ward.must(&["show", nid])).to_string();
    for part in [
        "\"weight\":3420",
        "\"length\":510",
        "\"weeks\":39",
        "Сарвиноз",
        "1998-04-17",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let ward = WardDevice::new();
    let mut app = App::start(&ward.dir(), &[]);
    app.shows("Абдуллозода");
    app.send("firuz 12");
    app.sees(ENTER, "Wrong passphrase");
    app.shows("Who is working now?");
}

#[test]
fn the_terminal_comes_back_after_quitting_and_after_sigterm() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    assert!(app.is_alternate());
    app.send("й");
    assert_eq!(app.ends(), 0);
    assert!(!app.is_alternate());
    let mut app = at_work(&ward, &[]);
    app.signal("-TERM");
    assert_eq!(app.ends(), 0);
    assert!(!app.is_alternate());
}

#[test]
fn a_second_app_beside_the_first_sees_who_holds_the_draft() {
    let ward = WardDevice::new();
    let mut first = at_work(&ward, &[]);
    type_birth(&mut first, "Ғафурова");
    first.shows("saved");
    let mut second = App::start(&ward.dir(), &[]);
    second.shows("Абдуллозода");
    second.send("firuz 11");
    second.sees(ENTER, "Ғафурова Ҷамила");
    second.shows("open by Қосимова Меҳринисо");
    second.sees(ENTER, "again to take it over");
    second.sees(ENTER, "Birth: Ғафурова");
    first.sees("x", "NOT SAVED");
}

#[test]
fn without_colour_the_focus_is_still_seen() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[("NO_COLOR", "1")]);
    app.sees("b", "Time of birth");
    let bytes = String::from_utf8_lossy(&app.bytes()).into_owned();
    assert!(bytes.contains("\x1b[7m"), "reverse");
    assert!(bytes.contains("\x1b[1m"), "bold");
    for colour in 31..=37 {
        assert!(!bytes.contains(&format!("\x1b[{colour}m")), "{colour}");
        assert!(
            !bytes.contains(&format!("\x1b[38;5;{}m", colour - 30)),
            "{colour}"
        );
    }
}

#[test]
fn any_size_is_survived() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    app.sees("b", "Time of birth");
    for (columns, rows) in [(1, 1), (3, 2), (200, 60), (20, 5), (2, 40), (80, 24)] {
        app.resize(columns, rows);
        app.send("\x14");
    }
    app.shows("Time of birth");
    app.send(ESC);
    app.shows("Unfinished");
}

#[test]
fn whoever_comes_to_work_is_told_that_something_signed_is_missing() {
    let ward = WardDevice::new();
    let old = ward.home().join("old.db").display().to_string();
    ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    ward.must(&["backup", &old]);
    ward.sign(&["record", "birth"], &birth("Бобоева", "А 7654321"), "firuz");
    std::fs::copy(&old, ward.dir().join("ogoh.db")).unwrap();
    let mut app = App::start(&ward.dir(), &[]);
    app.shows("Абдуллозода");
    app.send("firuz 11");
    app.sees(ENTER, "One signed entry is no longer on this device");
}

#[test]
fn the_screen_says_what_was_given_back_to_the_registry() {
    let registry = Arc::new(Mutex::new(Registry::new(1, "TJ-KT-BOX-01")));
    let portal = Portal::new(registry.clone());
    let root = registry.lock().unwrap().root.public().x();
    let ward = WardDevice::set_up(&portal.fake.url(), &root, "");
    let copy = portal.copy();
    ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    ward.must(&["push"]);
    portal.set_back(copy);
    let app = App::start(&ward.dir(), &[]);
    app.shows("1 notification was given back");
}
