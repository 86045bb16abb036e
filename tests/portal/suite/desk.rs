//! People at the portal's pages: signing in, families, offices, what the ward hears of it.
use super::world;
use crate::portal_support::*;
use chrono::Duration;
use ogoh::portal::{self, Credentials, NewAccount, PortalError};
use ogoh::seal::{By, Status};
use serde_json::json;
use totp_rs::{Builder, Secret};

const OFFICE: &str = "TJ-DU-01";

pub fn account(world: &World, login: &str, role: &str, place: &str) -> Result<Credentials, PortalError> {
    let new = NewAccount {
        login: login.into(),
        name: "Корманд".into(),
        role: role.into(),
        place: place.into(),
    };
    portal::staff_add(world.dir(), &new, world.clock.as_ref())
}

/// The code that the person's telephone shows now.
pub fn code(world: &World, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let second = Builder::new().with_secret(secret).build().unwrap();
    let now = u64::try_from(world.now().timestamp()).unwrap();
    second.generate(now).to_string()
}

fn sign_in(world: &World, login: &str, phrase: &str, code: &str) -> (u16, Option<String>) {
    let form = [("login", login), ("phrase", phrase), ("code", code)];
    let answer = agent().post(world.url("/sign-in")).send_form(form).unwrap();
    let cookie = answer
        .headers()
        .get("set-cookie")
        .map(|c| c.to_str().unwrap().to_owned());
    (answer.status().as_u16(), cookie)
}

#[test]
fn both_factors_sign_in_and_a_code_counts_once() {
    let world = world();
    let made = account(&world, "sitora", "registrar", OFFICE).unwrap();
    let now = code(&world, &made.secret);
    let (status, cookie) = sign_in(&world, "sitora", &made.passphrase, &now);
    assert_eq!(status, 303);
    let cookie = cookie.unwrap();
    for word in ["HttpOnly", "Secure", "SameSite=Strict"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let desk = |cookie: &str| {
        let held = cookie.split(';').next().unwrap();
        let answer = agent().get(world.url("/desk")).header("cookie", held).call();
        answer.unwrap().status().as_u16()
    };
    assert_eq!(desk(&cookie), 200);
    assert_eq!(
        sign_in(&world, "sitora", &made.passphrase, &now).0,
        403,
        "the same code"
    );
    world.clock.advance(Duration::seconds(60));
    assert_eq!(
        sign_in(&world, "sitora", "ғалат", &code(&world, &made.secret)).0,
        403
    );
    assert_eq!(sign_in(&world, "nobody", &made.passphrase, &now).0, 403);
    // Twenty minutes without a request end a visit.
    world.clock.advance(Duration::minutes(21));
    assert_eq!(desk(&cookie), 303);
}

#[test]
fn wrong_tries_slow_down_even_for_the_right_passphrase_and_across_a_restart() {
    let mut world = world();
    let made = account(&world, "sitora", "registrar", OFFICE).unwrap();
    for _ in 0..3 {
        assert_eq!(sign_in(&world, "sitora", "ғалат", "000000").0, 403);
    }
    assert_eq!(
        sign_in(&world, "sitora", &made.passphrase, &code(&world, &made.secret)).0,
        429
    );
    world.restart();
    assert_eq!(
        sign_in(&world, "sitora", &made.passphrase, &code(&world, &made.secret)).0,
        429
    );
    world.clock.advance(Duration::seconds(6));
    assert_eq!(
        sign_in(&world, "sitora", &made.passphrase, &code(&world, &made.secret)).0,
        303
    );
}

#[test]
fn a_suspended_person_is_out_at_once_and_a_link_works_once_and_not_for_long() {
    let world = world();
    let sitora = world.registrar();
    assert_eq!(sitora.get("/desk").0, 200);
    portal::staff_active(world.dir(), "registrar", false, world.clock.as_ref()).unwrap();
    assert_eq!(sitora.get("/desk").0, 303);
    assert!(matches!(
        portal::staff_link(world.dir(), "registrar", 10, world.clock.as_ref()),
        Err(PortalError::NoSuchLogin(_))
    ));
    portal::staff_active(world.dir(), "registrar", true, world.clock.as_ref()).unwrap();
    let token = portal::staff_link(world.dir(), "registrar", 10, world.clock.as_ref()).unwrap();
    let follow = || post(&world.url(&format!("/sign-in/{token}")), None, "").0;
    assert_eq!((follow(), follow()), (303, 403));
    let late = portal::staff_link(world.dir(), "registrar", 10, world.clock.as_ref()).unwrap();
    world.clock.advance(Duration::minutes(11));
    assert_eq!(post(&world.url(&format!("/sign-in/{late}")), None, "").0, 403);
}

#[test]
fn an_account_needs_a_fitting_login_role_and_place() {
    let world = world();
    assert!(matches!(
        account(&world, "С", "registrar", OFFICE),
        Err(PortalError::Login(_))
    ));
    assert!(matches!(
        account(&world, "a-1", "boss", ""),
        Err(PortalError::StaffRole(_))
    ));
    assert!(matches!(
        account(&world, "a-1", "registrar", "TJ-XX"),
        Err(PortalError::Place(_))
    ));
    assert!(matches!(
        account(&world, "a-1", "facility", "nowhere"),
        Err(PortalError::Place(_))
    ));
    assert!(matches!(
        account(&world, "a-1", "analyst", OFFICE),
        Err(PortalError::Place(_))
    ));
    assert!(account(&world, "a-1", "analyst", "").is_ok());
    assert!(matches!(
        account(&world, "a-1", "analyst", ""),
        Err(PortalError::LoginTaken(_))
    ));
}

/// A birth of an unmarried mother whose child has no name yet.
fn nameless(surname: &str) -> serde_json::Value {
    let body = with(birth(surname), "child.given", json!({"not": "yet"}));
    let body = with(body, "mother.marriage", json!("none"));
    without(without(body, "mother.marriage_act"), "father")
}

#[test]
fn a_family_is_found_by_what_it_brings_served_and_the_ward_hears_of_it() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [
        ward.open(),
        ward.birth(nameless("Раҳимова")),
        ward.birth(birth("Бобоева")),
    ];
    let receipts = ward.deliver(&world, &entries.each_ref());
    let one = &entries[1];
    assert_eq!(receipts[1].status, Status::Registered, "{:?}", receipts[1]);
    assert_eq!(receipts[1].open, ["name", "father"]);
    let slip = ward.newest_text(&world, one);
    let sitora = world.registrar();
    let record = format!("/desk/record/{}", one.nid);
    let document = birth("Раҳимова")["mother"]["document"]
        .as_str()
        .unwrap()
        .to_owned();
    let broken = slip.chars().collect::<Vec<_>>();
    let scanned: Vec<String> = broken.chunks(70).map(|c| c.iter().collect()).collect();
    for typed in [
        "рахимова сарвиноз",
        "РАҲИМОВА 22.11.2026",
        document.as_str(),
        one.nid.as_str(),
        receipts[1].reg_no.as_deref().unwrap(),
        slip.as_str(),
        scanned.join("\n").as_str(),
    ] {
        assert_eq!(
            sitora.send("/desk/find", &[("q", typed)]),
            (303, record.clone()),
            "{typed}"
        );
    }
    // Both mothers have one given name; two are found, and a word that nobody has finds none.
    let (_, two) = sitora.send("/desk/find", &[("q", "сарвиноз")]);
    assert!(two.contains("Раҳимова") && two.contains("Бобоева"), "{two}");
    assert!(
        sitora
            .send("/desk/find", &[("q", "Сафарова")])
            .1
            .contains("Not found")
    );

    let issue = |date: &str| {
        let form = [("act", "issue"), ("number", "I-ТҶ 0012345"), ("date", date)];
        sitora.send(&record, &form).1
    };
    assert_eq!(issue("2026-11-23"), format!("{record}?said=desk-nameless"));
    let father = [
        ("act", "add"),
        ("child_given", "Мадина"),
        ("father_given", "Ҷамшед"),
    ];
    assert_eq!(
        sitora.send(&record, &father).1,
        format!("{record}?said=family-fault-father")
    );
    let brought = [
        ("act", "add"),
        ("child_given", "Мадина"),
        ("father_given", "Ҷамшед"),
        ("father_surname", "Саидов"),
        ("paternity_act", "17"),
        ("paternity_date", "2026-11-23"),
        ("applicant", "Раҳимова Сарвиноз"),
    ];
    assert_eq!(
        sitora.send(&record, &brought).1,
        format!("{record}?said=desk-done")
    );
    let receipt = ward.newest(&world, one);
    assert_eq!((receipt.status, receipt.by), (Status::Registered, By::Registrar));
    assert!(receipt.open.is_empty(), "{:?}", receipt.open);
    let text = ward.newest_text(&world, one);
    let payload = String::from_utf8(ogoh_payload(&text)).unwrap();
    assert!(
        !payload.contains("Мадина") && !payload.contains("Саидов"),
        "no names in a receipt"
    );
    assert!(sitora.get(&record).1.contains("Nothing is missing"));
    // The child is found by its new name; the record on paper has it and the father.
    assert_eq!(sitora.send("/desk/find", &[("q", "мадина рахимова")]).1, record);
    let (_, paper) = sitora.get(&format!("{record}/print"));
    for word in ["Мадина", "Саидов", "TJ-DU-01-2026-B-000001"] {
        assert!(paper.contains(word), "{word}: {paper}");
    }
    assert!(!paper.contains("3400"), "medical facts stay out of the record");

    for wrong in ["2026-11-21", "2026-12-01", "кай"] {
        assert_eq!(
            issue(wrong),
            format!("{record}?said=desk-certificate-wrong"),
            "{wrong}"
        );
    }
    assert_eq!(issue("2026-11-23"), format!("{record}?said=desk-done"));
    let receipt = ward.newest(&world, one);
    assert_eq!(receipt.status, Status::CertificateIssued);
    assert_eq!(receipt.cert.as_deref(), Some("2026-11-23"));
    // What the ward supplements later does not undo the certificate.
    let supplement = with(nameless("Раҳимова"), "child.given", json!("Мадина"));
    let supplement = ward.amend(one, supplement);
    let receipt = ward.deliver(&world, &[&supplement]).remove(0);
    assert_eq!(receipt.status, Status::CertificateIssued, "{receipt:?}");
    assert_eq!(receipt.cert.as_deref(), Some("2026-11-23"));

    let acts: Vec<String> = portal::acts(world.dir(), 100)
        .unwrap()
        .into_iter()
        .map(|a| a.act)
        .collect();
    for act in ["find", "look-record", "add", "print", "issue", "sign-in"] {
        assert!(acts.iter().any(|a| a == act), "{act}: {acts:?}");
    }
}

fn ogoh_payload(jws: &str) -> Vec<u8> {
    use base64ct::{Base64UrlUnpadded, Encoding};
    Base64UrlUnpadded::decode_vec(jws.split('.').nth(1).unwrap()).unwrap()
}

#[test]
fn an_office_sees_its_own_until_it_is_given_another_ones() {
    let world = world();
    let mut ward = world.ward(FAC);
    let violent = with(death("Назаров"), "death.manner", json!("pending"));
    let entries = [ward.open(), ward.birth(birth("Раҳимова")), ward.death(violent)];
    ward.deliver(&world, &entries.each_ref());
    let (born, died) = (&entries[1], &entries[2]);
    let there = world.signed_in("other", "registrar", "TJ-DU-02");
    let here = world.registrar();
    let record = format!("/desk/record/{}", born.nid);
    let entry = format!("/desk/entry/{}", died.h);
    assert_eq!((there.get(&record).0, there.get(&entry).0), (303, 303));
    assert!(
        there
            .send("/desk/find", &[("q", "рахимова")])
            .1
            .contains("Not found")
    );
    let (_, page) = there.send("/desk/find", &[("q", &born.nid)]);
    assert!(
        page.contains("another office") && !page.contains("Раҳимова"),
        "{page}"
    );
    let rule = [("act", "accept"), ("h", died.h.as_str())];
    assert!(there.send("/desk/entry", &rule).1.ends_with("desk-too-late"));
    let annul = [("act", "annul"), ("text", "хато")];
    assert!(there.send(&record, &annul).1.ends_with("desk-not-here"));

    // Given to the other office, both the registered and the held one.
    let give = [("act", "transfer"), ("office", "TJ-DU-02")];
    for signed in [born, died] {
        let to = here.send(&format!("/desk/record/{}", signed.nid), &give);
        assert_eq!(to.1, "/desk?said=desk-done");
        assert_eq!(ward.newest(&world, signed).office.as_deref(), Some("TJ-DU-02"));
    }
    assert_eq!(
        ward.newest(&world, born).reg_no.as_deref(),
        Some("TJ-DU-01-2026-B-000001")
    );
    assert_eq!(here.get(&record).0, 303);
    assert_eq!(there.get(&record).0, 200);
    assert!(there.send("/desk/entry", &rule).1.ends_with("desk-done"));
    assert_eq!(ward.newest(&world, died).status, Status::Registered);
    // Annulled by the registrar with a reason: the ward reads it, the number is not given again.
    assert!(there.send(&record, &annul).1.ends_with("desk-done"));
    let receipt = ward.newest(&world, born);
    assert_eq!((receipt.status, receipt.by), (Status::Voided, By::Registrar));
    assert!(receipt.problem.unwrap().text["tg"].contains("хато"));
    let next = ward.birth(birth("Бобоева"));
    let receipt = ward.deliver(&world, &[&next]).remove(0);
    assert_eq!(receipt.reg_no.as_deref(), Some("TJ-DU-01-2026-B-000002"));
}

#[test]
fn no_form_works_without_the_pages_own_token() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    let sitora = world.registrar();
    let record = format!("/desk/record/{}", entries[1].nid);
    for (path, act) in [
        (record.as_str(), "annul"),
        ("/desk/entry", "accept"),
        ("/desk/find", ""),
        ("/sign-out", ""),
    ] {
        for token in ["", "guess"] {
            let form = [("csrf", token), ("act", act), ("text", "x"), ("q", "x")];
            assert_eq!(sitora.send_bare(path, &form).0, 403, "{path}");
        }
    }
    assert_eq!(ward.newest(&world, &entries[1]).status, Status::Registered);
    // Somebody of the ministry has no desk, and a registrar no exact figures.
    let analyst = world.signed_in("analyst", "analyst", "");
    assert_eq!(analyst.get("/desk").0, 403);
    assert!(!sitora.get("/monitor").1.contains("timeliness"));
    assert_eq!(sitora.send("/sign-out", &[]), (303, "/sign-in".to_owned()));
    assert_eq!(sitora.get("/desk").0, 303);
}
