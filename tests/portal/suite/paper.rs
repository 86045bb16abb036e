//! What comes to the registry on paper: events told at the office, and what stands in an older book.

use chrono::Duration;
use ogoh::portal;
use ogoh::seal::{Receipt, Status};

use super::world;
use crate::portal_support::*;

/// Where a receipt says that its event is registered.
pub fn place_of(receipt: &Receipt) -> (Status, Option<&str>, Option<&str>, Option<&str>) {
    (
        receipt.status,
        receipt.office.as_deref(),
        receipt.reg_no.as_deref(),
        receipt.dup_of.as_deref(),
    )
}

/// A death that came so late that a registrar looks.
pub fn late(surname: &str) -> serde_json::Value {
    let body = with(death(surname), "death.date", "2025-10-01".into());
    let body = with(body, "late_reason", "роҳ баста буд".into());
    with(body, "checked", serde_json::json!({"C02": "verified"}))
}

#[track_caller]
pub fn assert_whole(world: &World) {
    let verified = portal::verify(world.dir()).unwrap();
    assert!(verified.holds(), "{verified:?}");
    let rebuilt = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
    assert!(rebuilt.is_identical(), "{rebuilt:?}");
}

#[test]
fn what_stands_in_an_older_book_ends_as_its_duplicate() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.death(late("Каримов"))];
    assert_eq!(ward.deliver(&world, &entries.each_ref())[1].status, Status::Held);
    let h = &entries[1].h;
    let act = |office: &'static str, year: &'static str, number: &'static str| {
        [
            ("act", "registered"),
            ("office", office),
            ("year", year),
            ("number", number),
        ]
    };
    // No such office, no such year, no number.
    for wrong in [
        act("TJ-XX", "2025", "17"),
        act("TJ-DU-02", "2031", "17"),
        act("TJ-DU-02", "2025", " - "),
    ] {
        assert!(!world.rule(h, &wrong), "{wrong:?}");
    }
    assert!(world.on_desk(h).contains("Already registered"));
    assert!(world.rule(h, &act("TJ-DU-02", "2025", "17/б")));
    let receipt = ward.newest(&world, &entries[1]);
    assert_eq!(
        place_of(&receipt),
        (Status::Duplicate, Some("TJ-DU-02"), Some("17/б"), None)
    );
    // It is settled, and no act of its own is counted or found beside it.
    assert!(!world.lists(h));
    assert!(!world.rule(h, &act("TJ-DU-02", "2025", "18")));
    world.clock.advance(Duration::hours(1));
    let again = ward.death(late("Каримов"));
    ward.deliver(&world, &[&again]);
    assert_eq!(code(&ward.newest(&world, &again)), "late");
    assert_whole(&world);
}

/// Fills in the questions of a page and sends it.
fn send(registrar: &Browser, address: &str, own: &[(&str, &str)], body: &serde_json::Value) -> (u16, String) {
    let fields = page_fields(body);
    let mut form = own.to_vec();
    form.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    registrar.send(address, &form)
}

/// Enters an event at the desk: its identifier, and what is answered.
fn told(world: &World, kind: &str, body: &serde_json::Value) -> (String, u16, String) {
    let registrar = world.registrar();
    let address = format!("/desk/new/{kind}");
    let id = identifier(&registrar.get(&address).1);
    let (status, to) = send(&registrar, &address, &[("id", &id)], body);
    (id, status, to)
}

/// The entry to which an answer leads, because somebody has to look.
#[track_caller]
fn on_desk(to: &str) -> &str {
    let h = to.strip_prefix("/desk/entry/").expect(to);
    h.split('?').next().unwrap()
}

/// A birth at home without any fault.
fn at_home(surname: &str) -> serde_json::Value {
    let body = with(birth(surname), "birth.place", "home".into());
    with(body, "birth.before_arrival", "no".into())
}

#[test]
fn a_birth_told_at_the_office_is_registered_found_counted_and_verified() {
    let world = world();
    let registrar = world.registrar();
    assert!(registrar.get("/desk").1.contains("/desk/new/birth"));
    let (nid, status, to) = told(&world, "birth", &at_home("Раҳимова"));
    assert_eq!(
        (status, to.as_str()),
        (303, &*format!("/desk/record/{nid}?said=desk-done"))
    );
    let (_, page) = registrar.get(&format!("/desk/record/{nid}"));
    assert!(page.contains("TJ-DU-01-2026-B-000001"), "{page}");
    assert!(page.contains("Told at the office"));
    // By its name, and by its number.
    for typed in ["Раҳимова", "TJ-DU-01-2026-B-000001"] {
        assert_eq!(
            registrar.send("/desk/find", &[("q", typed)]).1,
            format!("/desk/record/{nid}")
        );
    }
    // Counted as notified at the office.
    let analyst = world.signed_in("analyst", "analyst", "");
    let events = "/monitor.csv?table=events&by=district&place=TJ-DU-01&month=2026-11";
    let csv = analyst.get(events).1;
    let office = csv.lines().find(|line| line.contains("Registry office, "));
    assert!(office.is_some_and(|line| line.contains("\"1\"")), "{csv}");
    let explained = portal::explain(world.dir(), &nid, false).unwrap();
    let words: Vec<(&str, &str)> = explained.iter().map(|e| (e.what, e.word.as_str())).collect();
    assert!(
        words.contains(&("act", "paper")) && words.contains(&("receipt", "registered")),
        "{words:?}"
    );
    assert_whole(&world);
}

#[test]
fn what_is_sent_twice_is_entered_once() {
    let world = world();
    let registrar = world.registrar();
    let id = identifier(&registrar.get("/desk/new/death").1);
    let enter = || send(&registrar, "/desk/new/death", &[("id", &id)], &death("Каримов"));
    let first = enter();
    assert_eq!(first, enter());
    assert_eq!(first.0, 303, "{}", first.1);
    assert_eq!(portal::verify(world.dir()).unwrap().notifications, 1);
}

#[test]
fn what_is_wrong_stands_at_its_field_and_nothing_is_lost() {
    let world = world();
    let body = with(at_home("Раҳимова"), "birth.weight", "much".into());
    let body = with(body, "mother.born", "31.02.1990".into());
    let body = without(body, "child.sex");
    let body = with(body, "mother.address", "кӯчаи <Рӯдакӣ> 1".into());
    let (id, status, page) = told(&world, "birth", &body);
    assert_eq!(status, 200);
    assert_eq!(identifier(&page), id, "the same page again");
    for field in ["birth.weight", "mother.born", "child.sex"] {
        assert!(page.contains(&format!("href=\"#{field}\"")), "{field}");
    }
    for typed in ["much", "31.02.1990", "кӯчаи &lt;Рӯдакӣ&gt; 1", "Раҳимова"] {
        assert!(page.contains(typed), "{typed}");
    }
    // A warning wants an answer, and takes one.
    let small = with(at_home("Раҳимова"), "birth.weight", 5600.into());
    let (_, status, page) = told(&world, "birth", &small);
    assert_eq!(status, 200);
    let rule = page.split("name=\"checked.").nth(1).expect(&page);
    let rule = rule.split('"').next().unwrap();
    let answered = with(small, &format!("checked.{rule}"), "verified".into());
    let (_, status, to) = told(&world, "birth", &answered);
    assert_eq!(status, 303, "{to}");
    assert_eq!(portal::verify(world.dir()).unwrap().notifications, 1);
}

#[test]
fn what_a_ward_has_notified_and_what_is_told_are_compared_both_ways() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    assert_eq!(
        ward.deliver(&world, &entries.each_ref())[1].status,
        Status::Registered
    );
    let (nid, status, to) = told(&world, "birth", &at_home("Раҳимова"));
    assert_eq!(status, 303, "{to}");
    // It lies on the desk beside the ward's, and ends as its duplicate.
    let h = on_desk(&to);
    assert!(world.on_desk(h).contains(&entries[1].nid));
    assert!(world.rule(h, &[("act", "duplicate"), ("of", &entries[1].nid)]));
    assert!(
        world
            .registrar()
            .get(&format!("/desk/record/{nid}"))
            .1
            .contains("duplicate")
    );
    // The other way round the ward's notification waits.
    let (told_first, _, _) = told(&world, "death", &death("Назаров"));
    let again = ward.death(death("Назаров"));
    let receipt = &ward.deliver(&world, &[&again])[0];
    assert_eq!(
        (receipt.status, receipt.dup_of.as_deref()),
        (Status::Held, Some(told_first.as_str()))
    );
    assert_whole(&world);
}

#[test]
fn every_question_page_speaks_three_languages_and_is_for_registrars_alone() {
    let world = world();
    let registrar = world.registrar();
    for kind in ["birth", "death", "foetal-death"] {
        for lang in ["tg", "ru", "en"] {
            let (status, page) = registrar.get(&format!("/desk/new/{kind}?lang={lang}"));
            assert_eq!(status, 200);
            assert!(
                page.contains("<fieldset>") && !page.contains("<script"),
                "{kind} {lang}"
            );
        }
    }
    assert_eq!(registrar.get("/desk/new/wedding").0, 404);
    let analyst = world.signed_in("analyst", "analyst", "");
    assert_eq!(analyst.get("/desk/new/birth").0, 403);
    // Whoever has no office is told so before anything is typed.
    let nobodys = world.signed_in("nobodys", "registrar", "");
    assert_eq!(nobodys.get("/desk/new/birth").0, 303);
    assert!(nobodys.get("/desk").1.find("/desk/new/birth").is_none());
    let bare: Vec<(&str, &str)> = vec![("id", "x")];
    assert_eq!(registrar.send_bare("/desk/new/birth", &bare).0, 403);
}

#[test]
fn no_facility_speaks_as_an_office_and_nobody_there_as_a_registrar() {
    use ogoh::env::Role;
    use ogoh::seal::SecretKey;
    let world = world();
    let key = SecretKey::generate().unwrap();
    let request = world.person_request(&key, "TJ-DU-01", "doctor", Role::Doctor);
    let id = world.ask(&key, &request);
    assert!(portal::approve(world.dir(), &id, world.clock.as_ref()).is_err());
    let request = world.person_request(&key, FAC, "doctor", Role::Registrar);
    let sent = post(
        &world.url(ogoh::wire::path::ENROLMENTS),
        None,
        request.seal(&key).unwrap(),
    );
    assert_ne!(sent.0, 202);
}

#[test]
fn a_page_that_a_browser_kept_enters_another_event_and_drops_none() {
    let world = world();
    let registrar = world.registrar();
    let id = identifier(&registrar.get("/desk/new/death").1);
    let enter = |id: &str, body: &serde_json::Value| send(&registrar, "/desk/new/death", &[("id", id)], body);
    assert_eq!(enter(&id, &death("Каримов")).0, 303);
    // Back in the browser, and another person's particulars into the same page.
    let (status, page) = enter(&id, &death("Назаров"));
    assert_eq!(status, 200);
    let next = identifier(&page);
    assert_ne!(next, id);
    assert!(
        page.contains("Назаров") && page.contains("entered already"),
        "{page}"
    );
    assert_eq!(enter(&next, &death("Назаров")).0, 303);
    assert_eq!(portal::verify(world.dir()).unwrap().notifications, 2);
}

/// The entry that a page of corrections shows.
fn shown(page: &str) -> &str {
    let of = page.split("name=\"of\" value=\"").nth(1).unwrap();
    of.split('"').next().unwrap()
}

/// Corrects what was told at the office: what the page came to.
fn amended(world: &World, nid: &str, body: &serde_json::Value, why: &str) -> (u16, String) {
    let registrar = world.registrar();
    let address = format!("/desk/amend/{nid}");
    let (status, page) = registrar.get(&address);
    assert_eq!(status, 200, "{page}");
    let amend = || send(&registrar, &address, &[("of", shown(&page)), ("text", why)], body);
    let first = amend();
    // Sent twice, it is entered once.
    assert_eq!(first.0, amend().0);
    first
}

#[test]
fn what_was_told_at_the_office_is_corrected_there_by_the_same_rules() {
    let world = world();
    let registrar = world.registrar();
    let (nid, _, _) = told(&world, "birth", &at_home("Раҳимова"));
    let record = format!("/desk/record/{nid}");
    let amend = format!("/desk/amend/{nid}");
    assert!(registrar.get(&record).1.contains(&amend));
    let (_, page) = registrar.get(&amend);
    assert!(page.contains("value=\"Раҳимова\""), "what stands there is shown");
    let heavier = with(at_home("Раҳимова"), "birth.weight", 3300.into());
    // Without a reason, and with a fault, nothing is entered and nothing lost.
    let (status, page) = amended(&world, &nid, &heavier, " . ");
    assert!(status == 200 && page.contains("value=\"3300\""), "{page}");
    let faulty = with(at_home("Раҳимова"), "birth.weight", "much".into());
    let (status, page) = amended(&world, &nid, &faulty, "хатои чоп");
    assert!(
        status == 200 && page.contains("much") && page.contains("хатои чоп"),
        "{page}"
    );
    assert_eq!(portal::verify(world.dir()).unwrap().entries, 1);
    // It changes what is registered: somebody looks, as at a ward's.
    let (status, to) = amended(&world, &nid, &heavier, "хатои чоп");
    assert_eq!(status, 303, "{to}");
    let h = on_desk(&to);
    assert!(world.lists(h));
    assert!(world.rule(h, &[("act", "accept")]));
    assert!(registrar.get(&record).1.contains("3300"));
    assert_eq!(
        portal::verify(world.dir()).unwrap().entries,
        2,
        "sent twice, entered once"
    );
    let explained = serde_json::to_string(&portal::explain(world.dir(), &nid, false).unwrap()).unwrap();
    assert!(
        explained.contains("\"amend\"") && !explained.contains("хатои чоп"),
        "{explained}"
    );
    // Another office does not reach it; nor does anybody amend what a ward has signed.
    let other = world.signed_in("second", "registrar", "TJ-DU-02");
    assert_eq!(other.get(&amend).0, 303);
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Шарипова"))];
    ward.deliver(&world, &entries.each_ref());
    assert_eq!(registrar.get(&format!("/desk/amend/{}", entries[1].nid)).0, 303);
    assert!(
        !registrar
            .get(&format!("/desk/record/{}", entries[1].nid))
            .1
            .contains("/desk/amend/")
    );
    // Annulled, it is corrected no more.
    assert_eq!(
        registrar
            .send(&record, &[("act", "annul"), ("text", "сабт хато буд")])
            .0,
        303
    );
    assert_eq!(registrar.get(&amend).0, 303);
    assert_whole(&world);
}

#[test]
fn what_an_office_told_itself_is_not_sent_back_but_corrected() {
    let world = world();
    let registrar = world.registrar();
    let (nid, _, to) = told(&world, "death", &late("Каримов"));
    let h = on_desk(&to);
    let back = [
        ("act", "return"),
        ("field", "death.date"),
        ("text", "санаро бипурсед"),
    ];
    assert!(!world.rule(h, &back), "there is nobody to whom it could go back");
    let page = world.on_desk(h);
    assert!(
        page.contains(&format!("/desk/amend/{nid}")) && !page.contains("value=\"return\""),
        "{page}"
    );
    let (status, to) = amended(&world, &nid, &death("Каримов"), "сана хато буд");
    assert_eq!(status, 303, "{to}");
    let h = on_desk(&to);
    assert!(world.rule(h, &[("act", "accept")]));
    assert!(
        registrar
            .get(&format!("/desk/record/{nid}"))
            .1
            .contains("-2026-D-000001")
    );
    assert_whole(&world);
}

#[test]
fn a_correction_made_beside_another_one_is_shown_again() {
    let world = world();
    let registrar = world.registrar();
    let (nid, _, _) = told(&world, "birth", &at_home("Раҳимова"));
    let address = format!("/desk/amend/{nid}");
    let page = registrar.get(&address).1;
    let of = shown(&page);
    let (status, _) = amended(
        &world,
        &nid,
        &with(at_home("Раҳимова"), "birth.weight", 3300.into()),
        "хатои чоп",
    );
    assert_eq!(status, 303);
    let body = with(at_home("Раҳимова"), "birth.weight", 3400.into());
    let own = [("of", of), ("text", "хатои чоп")];
    let (status, page) = send(&registrar, &address, &own, &body);
    assert!(status == 200 && page.contains("value=\"3400\""), "{page}");
    assert!(!page.contains(of), "the page goes on from the newest statement");
    assert_eq!(portal::verify(world.dir()).unwrap().entries, 2);
}
