//! The portal's pages in a real browser, by the keyboard alone.

use std::process::Command;

use crate::chrome::{Chrome, ENTER, TAB};
use crate::portal_support::*;
use crate::support;
use ogoh::portal::{self, Credentials, NewAccount};
use ogoh::seal::Status;
use serde_json::json;
use totp_rs::{Builder, Secret};

fn browser() -> Option<Chrome> {
    let driver = support::has_tool("ChromeDriver", Command::new("chromedriver").arg("--version"));
    let chromium = support::has_tool("Chromium", Command::new("chromium").arg("--version"));
    (driver && chromium).then(|| Chrome::start().expect("Chromium starts"))
}

fn account(world: &World, login: &str, role: &str, place: &str) -> Credentials {
    let new = NewAccount {
        login: login.into(),
        name: "Ҳакимзода <b>Ситора</b>".into(),
        role: role.into(),
        place: place.into(),
    };
    portal::staff_add(world.dir(), &new, world.clock.as_ref()).unwrap()
}

/// Signs in by typing: login, passphrase, code.
fn sign_in(chrome: &Chrome, world: &World, made: &Credentials) {
    let secret = Secret::try_from_base32(&made.secret).unwrap();
    let second = Builder::new().with_secret(secret).build().unwrap();
    let code = second.generate(u64::try_from(world.now().timestamp()).unwrap());
    chrome.go(&world.url("/sign-in?lang=en"));
    assert_eq!(chrome.focus(), "login");
    chrome.keys(&format!(
        "{}{TAB}{}{TAB}{code}{ENTER}",
        made.login, made.passphrase
    ));
}

/// Only the portal was asked for anything, and the browser had nothing to complain of.
fn kept_to_itself(chrome: &Chrome, world: &World) {
    for url in chrome.requests() {
        let own = ["data:", "chrome:"].iter().any(|start| url.starts_with(start));
        assert!(url.starts_with(&world.url("/")) || own, "{url}");
    }
    let complaints = chrome.complaints();
    let others: Vec<&String> = complaints.iter().filter(|c| !c.contains("favicon")).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn a_registrar_serves_three_families_and_decides_five_held_ones_by_keyboard() {
    let Some(chrome) = browser() else { return };
    let world = World::new();
    let mut ward = world.ward(FAC);
    let mut entries = vec![ward.open()];
    let families = ["Раҳимова", "Бобоева", "Зоирова"];
    for surname in families {
        let body = with(birth(surname), "child.given", json!({"not": "yet"}));
        entries.push(ward.birth(body));
    }
    for surname in [
        "Назаров",
        "Олимов",
        "Саидов<script>document.title='!'</script>",
        "Қосимов",
    ] {
        entries.push(ward.death(with(death(surname), "death.manner", json!("pending"))));
    }
    let mut other = world.ward("TJ-DU-BOX-02");
    ward.deliver(&world, &entries.iter().collect::<Vec<_>>());
    // The fifth resembles the first family's birth, typed without Tajik letters.
    let again = with(birth("Раҳимова"), "mother.surname", json!("Рахимова"));
    let again = with(again, "mother.document", json!("А 07654321"));
    let twice = [other.open(), other.birth(again)];
    other.deliver(&world, &twice.each_ref());

    let made = account(&world, "sitora", "registrar", "TJ-DU-01");
    chrome.size(1280, 800);
    sign_in(&chrome, &world, &made);
    chrome.wait_for("Waiting for a decision: 5");
    assert!(
        chrome.says().contains("<b>Ситора</b>"),
        "a name with HTML in it stays text"
    );
    chrome.picture("desk-list");

    for (i, surname) in families.iter().enumerate() {
        chrome.alt('f');
        // One of them has a look-alike: the paper that the mother brings tells them apart.
        let paper = birth(surname)["mother"]["document"].as_str().unwrap().to_owned();
        chrome.keys(&format!("{} {paper}{ENTER}", surname.to_lowercase()));
        chrome.wait_for(&format!("{surname} Сарвиноз"));
        if i == 0 {
            chrome.picture("desk-family");
            chrome.size(390, 844);
            assert!(chrome.fits(), "on a telephone");
            chrome.picture("desk-family-phone");
            chrome.size(1280, 800);
        }
        // What is missing first has the focus.
        assert_eq!(chrome.focus(), "child_given");
        chrome.keys("Ҷамила");
        chrome.alt('s');
        chrome.wait_for("Nothing is missing");
        chrome.alt('c');
        chrome.keys(&format!("I-ТҶ 00{i}{TAB}11232026{ENTER}"));
        chrome.wait_for("certificate issued");
    }
    for signed in &entries[1..4] {
        let receipt = ward.newest(&world, signed);
        assert_eq!(
            (receipt.status, receipt.cert.as_deref()),
            (Status::CertificateIssued, Some("2026-11-23"))
        );
    }

    chrome.alt('d');
    chrome.wait_for("Waiting for a decision: 5");
    for left in (0..5).rev() {
        // The first of the list has the focus.
        chrome.keys(&ENTER.to_string());
        chrome.wait_for("Return for correction");
        if chrome.says().contains("Рахимова") {
            chrome.picture("desk-side-by-side");
            chrome.alt('u');
        } else if left == 4 {
            chrome.alt('b');
            chrome.keys(&format!("манера?{ENTER}"));
        } else {
            chrome.keys(&ENTER.to_string());
        }
        chrome.wait_for(&format!("Waiting for a decision: {left}"));
    }
    let decided: Vec<Status> = entries[4..]
        .iter()
        .map(|s| ward.newest(&world, s).status)
        .collect();
    assert_eq!(decided[0], Status::Returned);
    assert!(
        decided[1..].iter().all(|s| *s == Status::Registered),
        "{decided:?}"
    );
    assert_eq!(other.newest(&world, &twice[1]).status, Status::Duplicate);
    assert_eq!(chrome.script("return document.title"), json!("Registrar's desk"));
    kept_to_itself(&chrome, &world);
}

#[test]
fn the_ministry_drills_down_from_the_country_to_a_facility() {
    let Some(chrome) = browser() else { return };
    let world = World::new();
    let mut ward = world.ward(FAC);
    let mut entries = vec![ward.open()];
    for surname in ["Раҳимова", "Бобоева", "Зоирова"] {
        entries.push(ward.birth(birth(surname)));
    }
    entries.push(ward.death(death("Назаров")));
    ward.deliver(&world, &entries.iter().collect::<Vec<_>>());
    let made = account(&world, "daler", "analyst", "");
    chrome.size(1280, 800);
    sign_in(&chrome, &world, &made);
    chrome.wait_for("Completeness by facility");
    chrome.picture("figures-country");
    for (link, next) in [
        ("Dushanbe", "Ismoili Somoni"),
        ("Ismoili Somoni", FAC),
        (FAC, "24 months"),
    ] {
        let code = format!(
            "const all = [...document.querySelectorAll('#events ~ .wide a, section td a')];\
             all.find(a => a.innerText.includes({link:?})).focus()"
        );
        chrome.script(&code);
        chrome.keys(&ENTER.to_string());
        chrome.wait_for(next);
    }
    assert!(
        chrome.at().contains(&format!("by=facility&place={FAC}")),
        "{}",
        chrome.at()
    );
    chrome.picture("figures-facility");
    assert!(!chrome.says().contains("Раҳимова") && !chrome.says().contains("Назаров"));
    chrome.alt('b');
    chrome.wait_for("2026-10");
    chrome.size(390, 844);
    chrome.go(&world.url("/monitor?lang=tg"));
    assert!(chrome.fits(), "on a telephone");
    chrome.picture("figures-phone");
    kept_to_itself(&chrome, &world);
}

#[test]
fn anybody_checks_a_slip_in_the_browser_without_the_portal_seeing_it() {
    let Some(chrome) = browser() else { return };
    let world = World::new();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    let slip = ward.newest_text(&world, &entries[1]);
    chrome.size(390, 844);
    chrome.go(&world.url("/verify?lang=en"));
    let type_it = |text: &str| {
        chrome.script("const t = document.querySelector('textarea'); t.value = ''; t.focus()");
        chrome.keys(&format!("{text}{ENTER}"));
    };
    type_it(&slip);
    chrome.wait_for("TJ-DU-01-2026-B-000001");
    chrome.picture("verify-genuine");
    let genuine = chrome.says();
    let mut forged = slip.clone().into_bytes();
    let last = forged.len() - 10;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    type_it(std::str::from_utf8(&forged).unwrap());
    chrome.wait_for("Not confirmed");
    assert_ne!(genuine, chrome.says());
    let asked: Vec<String> = chrome.requests();
    assert!(asked.iter().all(|url| !url.contains(&slip[..40])), "{asked:?}");
    assert!(chrome.complaints().iter().all(|c| c.contains("favicon")));
    // The policy lets this very script run, and no other.
    let answer = agent().get(world.url("/verify/offline")).call().unwrap();
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("script-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(
        answer.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains("ogoh-verify.html")
    );
}

/// Enters a birth at home at the desk: the address of its corrections.
fn told_at_the_office(world: &World) -> String {
    let registrar = world.registrar();
    let body = with(birth("Раҳимова"), "birth.place", json!("home"));
    let fields = page_fields(&with(body, "birth.before_arrival", json!("no")));
    let id = identifier(&registrar.get("/desk/new/birth").1);
    let mut form: Vec<(&str, &str)> = vec![("id", &id)];
    form.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    assert_eq!(registrar.send("/desk/new/birth", &form).0, 303);
    format!("/desk/amend/{id}")
}

/// Looks at a page as it stands on a desk and on a telephone.
fn looks_at(chrome: &Chrome, name: &str) {
    for (width, height) in [(360, 1400), (1280, 1000)] {
        chrome.size(width, height);
        chrome.picture(&format!("{name}-{width}"));
        assert!(chrome.fits(), "{name} at {width}");
    }
}

#[test]
fn what_a_book_that_was_set_back_asks_of_a_registrar_can_be_read_everywhere() {
    let Some(chrome) = browser() else { return };
    let mut world = World::new();
    let mut ward = world.ward(FAC);
    let made = account(&world, "sitora", "registrar", "TJ-DU-01");
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let amend = told_at_the_office(&world);
    world.portal = None;
    let copy = world.copy_book();
    world.start();
    ward.base = world.url("");
    // What only the registry knew of them is lost.
    let nameless = |surname| with(birth(surname), "child.given", json!({"not": "yet"}));
    let lost = ["Бобоева", "Зоирова"].map(|surname| ward.birth(nameless(surname)));
    ward.deliver(&world, &lost.each_ref());
    let mut lines = Vec::new();
    for born in &lost {
        let add = [("act", "add"), ("child_given", "Меҳрона")];
        let record = format!("/desk/record/{}", born.nid);
        assert_eq!(world.registrar().send(&record, &add).0, 303);
        for jws in [&ward.newest_text(&world, born), &born.jws] {
            lines.push(ogoh::wire::jws_line(jws));
        }
    }
    world.portal = None;
    world.restore_book(copy);
    world.start();
    ward.base = world.url("");
    assert_eq!(ward.post(lines.join("\n")).0, 200);

    sign_in(&chrome, &world, &made);
    chrome.wait_for("nobody has confirmed your account");
    looks_at(&chrome, "set-back-refused");
    assert!(chrome.complaints().iter().all(|c| c.contains("403")));
    chrome.go(&world.url("/sign-in?lang=tg"));
    looks_at(&chrome, "set-back-sign-in");
    portal::staff_confirm(world.dir(), Some("sitora"), world.clock.as_ref()).unwrap();
    world.clock.advance(chrono::Duration::seconds(60));
    sign_in(&chrome, &world, &made);
    chrome.wait_for("Enter it again");
    looks_at(&chrome, "set-back-desk");
    chrome.go(&world.url(&format!("{amend}?lang=en")));
    chrome.wait_for("Informant");
    looks_at(&chrome, "set-back-amend");
    kept_to_itself(&chrome, &world);
}
