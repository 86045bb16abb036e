//! A book that was put back from a copy: it is noticed, no number is given twice, nothing is lost, and the offices
//! go on by themselves.

use ogoh::env::Role;
use ogoh::portal::{self, Noticed, PortalSettings};
use ogoh::seal::{Receipt, SecretKey, Status, hash};
use ogoh::vital::Kind;
use ogoh::wire;

use super::once::{OTHER, found};
use super::trials::{again, copied, copy_now, issue, line, receipt_line, set_back, sound};
use super::{world, world_with};
use crate::portal_support::*;

fn claim_of(text: &str, receipt: &Receipt) -> String {
    format!("{} {}", receipt.number(), hash(text))
}

#[test]
fn a_copy_put_back_is_noticed_by_the_witness_and_gives_no_number_twice() {
    let (mut world, mut ward, copy) = copied(PortalSettings::default());
    let lost = ward.birth(birth("Раҳимова"));
    let before = ward.deliver(&world, &[&lost])[0].clone();
    let text = ward.newest_text(&world, &lost);
    set_back(&mut world, copy, &mut [&mut ward]);
    // The next one is taken, and waits for its family or for the end of it.
    let next = ward.birth(birth("Назарова"));
    let told = ward.deliver(&world, &[&next])[0].clone();
    assert_eq!(
        (told.status, told.reg_no.clone(), told.epoch),
        (Status::Received, None, 2)
    );
    assert!(
        world.registrar().get("/desk").1.contains("older copy"),
        "every page says so"
    );
    // A registrar with the family there gives a number above what may have been given.
    assert!(world.rule(&next.h, &[("act", "accept")]));
    let there = ward.newest(&world, &next);
    assert_eq!(there.status, Status::Registered);
    assert!(there.reg_no.unwrap() > before.reg_no.clone().unwrap());
    // The claim of what is lost is answered, and changes nothing.
    let claim = claim_of(&text, &before);
    assert_eq!(ward.head_claiming(&claim), 409);
    again(&ward, &[receipt_line(&text), line(&lost)]);
    let back = ward.newest(&world, &lost);
    assert_eq!((back.status, back.reg_no), (before.status, before.reg_no));
    assert_eq!(ward.head_claiming(&claim), 200);
    let waits = portal::recovery(world.dir(), world.clock.clone()).unwrap();
    assert!(
        waits.iter().any(|office| !office.waits.is_nothing()),
        "a device that looks for what is lacking says nothing of the rest"
    );
    assert_eq!(ward.feed_claiming(&claim), 200);
    // Everything is back and every device was heard: numbers are given again.
    let waits = portal::recovery(world.dir(), world.clock.clone()).unwrap();
    assert!(waits.iter().all(|office| office.waits.is_nothing()), "{waits:?}");
    let third = ward.birth(birth("Каримова"));
    ward.deliver(&world, &[&third]);
    world.restart();
    ward.base = world.url("");
    until("numbers are given again", || {
        ward.newest(&world, &third).status == Status::Registered
    });
    let again = portal::recovery(world.dir(), world.clock.clone()).unwrap();
    assert_eq!(again, [], "the office goes on");
    assert!(!world.registrar().get("/desk").1.contains("older copy"));
    sound(&world);
}

/// A portal and two wards of one office, a copy of its book, and what one of them delivered since.
struct SetBack {
    world: World,
    ward: Ward,
    other: Ward,
    /// A further device of the first one's facility.
    second: Ward,
    /// What the other one delivered before.
    opened: Signed,
    lost: Signed,
    text: String,
}

/// The copy put back.
fn put_back(settings: PortalSettings) -> SetBack {
    let mut world = world_with(settings);
    let (mut ward, mut other) = (world.ward(FAC), world.ward(OTHER));
    let mut second = world.device(FAC, &ward.doctor);
    let (open, opened) = (ward.open(), other.open());
    ward.deliver(&world, &[&open]);
    other.deliver(&world, &[&opened]);
    let copy = copy_now(&mut world, &mut [&mut ward, &mut other, &mut second]);
    let lost = ward.birth(birth("Раҳимова"));
    ward.deliver(&world, &[&lost]);
    let text = ward.newest_text(&world, &lost);
    set_back(&mut world, copy, &mut [&mut ward, &mut other, &mut second]);
    SetBack {
        world,
        ward,
        other,
        second,
        opened,
        lost,
        text,
    }
}

pub fn without_witness() -> PortalSettings {
    PortalSettings {
        witness: "none".to_owned(),
        ..PortalSettings::default()
    }
}

fn recovering(world: &World) -> Vec<portal::OfficeRecovery> {
    portal::recovery(world.dir(), world.clock.clone()).unwrap()
}

/// Claims the newest receipt of an entry where a device asks for what is new, as one that has nothing else.
fn claims(ward: &Ward, world: &World, of: &Signed) -> u16 {
    let text = ward.newest_text(world, of);
    let receipt = Receipt::open(&text, &world.trust()).unwrap();
    ward.feed_claiming(&claim_of(&text, &receipt))
}

#[test]
fn without_a_witness_the_receipt_of_a_ward_shows_it() {
    let SetBack {
        world,
        mut ward,
        lost,
        text,
        ..
    } = put_back(without_witness());
    assert_eq!(recovering(&world), [], "nobody can know yet");
    let before = Receipt::open(&text, &world.trust()).unwrap();
    assert_eq!(ward.head_claiming(&claim_of(&text, &before)), 409);
    assert_eq!(recovering(&world), [], "a claim shows nothing");
    again(&ward, &[receipt_line(&text)]);
    let all = recovering(&world);
    assert!(all.iter().all(|of| of.why == Noticed::Receipt && of.epoch == 2) && !all.is_empty());
    assert_eq!(
        all[0].waits.entries,
        [(FAC.into(), 1)],
        "its entry is still to come"
    );
    let next = ward.birth(birth("Назарова"));
    assert_eq!(ward.deliver(&world, &[&next])[0].status, Status::Received);
    again(&ward, &[line(&lost)]);
    assert_eq!(ward.newest(&world, &lost).reg_no, before.reg_no);
    sound(&world);
}

#[test]
fn a_stolen_key_that_claims_the_highest_number_stops_nothing() {
    let world = world();
    let (mut ward, thief) = (world.ward(FAC), world.ward(FAC));
    let opened = ward.open();
    ward.deliver(&world, &[&opened]);
    let highest = format!("{}.{} {}", u32::MAX, u64::MAX, "A".repeat(43));
    assert_eq!(thief.head_claiming(&highest), 409);
    let forged = format!("{{\"jws\":\"{}\"}}", "A.A.A");
    assert!(thief.post(forged).1.contains("not-an-entry"));
    assert_eq!(recovering(&world), []);
    let born = ward.birth(birth("Раҳимова"));
    let receipt = &ward.deliver(&world, &[&born])[0];
    assert_eq!((receipt.status, receipt.epoch), (Status::Registered, 1));
}

#[test]
fn an_office_waits_for_whoever_was_active_and_goes_on_by_the_operators_word() {
    let SetBack {
        world,
        ward,
        mut other,
        lost,
        text,
        ..
    } = put_back(PortalSettings::default());
    let next = other.birth(birth("Назарова"));
    other.deliver(&world, &[&next]);
    again(&ward, &[receipt_line(&text), line(&lost)]);
    assert_eq!(claims(&ward, &world, &lost), 200);
    let silent: Vec<_> = recovering(&world).remove(0).waits.devices;
    assert_eq!(
        silent,
        [(other.fac.as_str().into(), other.device.public().kid().to_owned())]
    );
    for (office, why) in [(None, " - "), (Some("TJ-XX"), "ҳама шунида шуд")] {
        portal::end_recovery(world.dir(), office, why, world.clock.clone()).unwrap_err();
    }
    assert_eq!(other.newest(&world, &next).status, Status::Received);
    let ended = portal::end_recovery(world.dir(), None, "дастгоҳ гум шуд", world.clock.clone()).unwrap();
    assert!(!ended.is_empty());
    assert_eq!(other.newest(&world, &next).status, Status::Registered);
    let log = portal::acts(world.dir(), 20).unwrap();
    assert!(log.iter().any(|act| act.act == "recovered"), "{log:?}");
}

#[test]
fn one_that_has_nothing_new_is_heard_as_well() {
    let SetBack {
        world,
        mut ward,
        other,
        opened,
        lost,
        text,
        ..
    } = put_back(PortalSettings::default());
    assert_eq!(claims(&other, &world, &opened), 200);
    again(&ward, &[receipt_line(&text), line(&lost)]);
    assert_eq!(claims(&ward, &world, &lost), 200);
    assert_eq!(recovering(&world), []);
    let next = ward.birth(birth("Назарова"));
    let receipt = &ward.deliver(&world, &[&next])[0];
    assert_eq!((receipt.status, receipt.epoch), (Status::Registered, 2));
    sound(&world);
}

#[test]
fn a_witness_that_is_gone_stops_the_numbers_and_nothing_else() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let (opened, first) = (ward.open(), ward.birth(birth("Раҳимова")));
    ward.deliver(&world, &[&opened, &first]);
    world.portal = None;
    std::fs::remove_dir_all(world.dir().join("outside")).unwrap();
    world.start();
    ward.base = world.url("");
    assert!(recovering(&world).iter().all(|of| of.why == Noticed::NoWitness));
    let next = ward.birth(birth("Назарова"));
    assert_eq!(ward.deliver(&world, &[&next])[0].status, Status::Received);
    assert_eq!(claims(&ward, &world, &next), 200);
    assert_eq!(ward.newest(&world, &next).status, Status::Registered);
}

#[test]
fn trust_lists_that_the_book_lacks_come_back_and_end_what_waited_for_a_key() {
    let (mut world, mut ward, copy) = copied(PortalSettings::default());
    let new = SecretKey::generate().unwrap();
    let request = world.person_request(&new, FAC, "new", Role::Doctor);
    world.enrol(&new, &request);
    let lists = get(&world.url(wire::path::TRUST), None).1;
    let born = ward.notice_by(&new, Kind::Birth, birth("Раҳимова"));
    set_back(&mut world, copy, &mut [&mut ward]);
    let told = &ward.deliver(&world, &[&born])[0];
    assert_eq!(found(told), (Status::Held, "unknown-key"));
    // Nothing is approved while a ward may hold the list of that number.
    let id = world.ask(&new, &request);
    assert!(portal::approve(world.dir(), &id, world.clock.as_ref()).is_err());
    let url = world.url(wire::path::TRUST);
    assert_eq!(post(&url, None, lists.clone()).0, 401);
    assert_eq!(post(&url, Some(&ward.token()), "{").0, 400);
    for _ in 0..2 {
        assert_eq!(post(&url, Some(&ward.token()), lists.clone()).0, 204);
    }
    assert_ne!(found(&ward.newest(&world, &born)), (Status::Held, "unknown-key"));
    sound(&world);
}

#[test]
fn any_device_of_the_facility_brings_back_what_has_a_receipt() {
    let SetBack {
        world,
        ward,
        second,
        lost,
        text,
        ..
    } = put_back(PortalSettings::default());
    assert!(second.post(line(&lost)).1.contains("foreign-journal"));
    again(&second, &[receipt_line(&text), line(&lost)]);
    assert_eq!(ward.newest(&world, &lost).status, Status::Registered);
    sound(&world);
}

#[test]
fn a_number_that_was_given_twice_is_given_anew_and_somebody_tells_the_family() {
    let SetBack {
        world,
        ward,
        mut other,
        lost,
        text,
        ..
    } = put_back(without_witness());
    let before = Receipt::open(&text, &world.trust()).unwrap();
    // Nobody knows yet, so the number is given to another child: the limit of a witness that is not there.
    let taken = other.birth(birth("Назарова"));
    let there = &other.deliver(&world, &[&taken])[0];
    assert_eq!(there.reg_no, before.reg_no);
    again(&ward, &[receipt_line(&text), line(&lost)]);
    assert_eq!(other.newest(&world, &taken).reg_no, before.reg_no);
    assert_eq!(ward.newest(&world, &lost).status, Status::Received);
    world.end_recovery();
    let newest = ward.newest(&world, &lost);
    assert_eq!(newest.status, Status::Registered);
    assert_ne!(newest.reg_no, before.reg_no);
    let record = format!("/desk/record/{}", lost.nid);
    let browser = world.registrar();
    assert!(browser.get("/desk").1.contains(&record));
    let page = browser.get(&record).1;
    assert!(
        page.contains(before.reg_no.as_deref().unwrap()) && page.contains("tell the family"),
        "{page}"
    );
    sound(&world);
}

#[test]
fn what_the_registry_alone_had_kept_is_entered_again() {
    let (mut world, mut ward, copy) = copied(PortalSettings::default());
    let nameless = with(
        birth("Раҳимова"),
        "child.given",
        serde_json::json!({"not": "yet"}),
    );
    let (named, certified) = (ward.birth(nameless), ward.birth(birth("Назарова")));
    ward.deliver(&world, &[&named, &certified]);
    let add = [("act", "add"), ("child_given", "Меҳрона")];
    let record = |of: &Signed| format!("/desk/record/{}", of.nid);
    assert!(
        world
            .registrar()
            .send(&record(&named), &add)
            .1
            .ends_with("desk-done")
    );
    issue(&world, &certified.nid);
    let lines: Vec<String> = [&named, &certified]
        .iter()
        .flat_map(|of| [receipt_line(&ward.newest_text(&world, of)), line(of)])
        .collect();
    set_back(&mut world, copy, &mut [&mut ward]);
    again(&ward, &lines);
    let browser = world.registrar();
    let list = browser.get("/desk").1;
    for (of, words) in [(&named, "Enter it again"), (&certified, "its number is lost")] {
        assert!(list.contains(&record(of)), "{words}");
        assert!(browser.get(&record(of)).1.contains(words), "{words}");
    }
    // The certificate in hand, and it is whole again.
    issue(&world, &certified.nid);
    assert!(!browser.get("/desk").1.contains(&record(&certified)));
    sound(&world);
}

#[test]
fn a_slip_that_a_family_shows_keeps_its_number() {
    let SetBack {
        world, lost, text, ..
    } = put_back(without_witness());
    let slip = Receipt::open(&text, &world.trust()).unwrap();
    let page = world.registrar().send("/desk/find", &[("q", &text)]).1;
    assert!(
        page.contains("has not come back yet") && page.contains(slip.reg_no.as_deref().unwrap()),
        "{page}"
    );
    let all = recovering(&world);
    assert!(
        all.iter().all(|of| of.why == Noticed::Receipt) && !all.is_empty(),
        "{lost:?}"
    );
}

#[test]
fn a_number_that_came_back_without_its_entry_is_nobody_elses() {
    let mut settings = without_witness();
    settings.registration.gap = 1;
    let (mut world, mut ward, copy) = copied(settings);
    let lost = [ward.birth(birth("Раҳимова")), ward.birth(birth("Шарипова"))];
    ward.deliver(&world, &lost.each_ref());
    let text = ward.newest_text(&world, &lost[1]);
    let before = Receipt::open(&text, &world.trust()).unwrap();
    set_back(&mut world, copy, &mut [&mut ward]);
    again(&ward, &[receipt_line(&text)]);
    let next = ward.birth(birth("Назарова"));
    ward.deliver(&world, &[&next]);
    assert!(world.rule(&next.h, &[("act", "accept")]));
    assert_ne!(ward.newest(&world, &next).reg_no, before.reg_no);
    again(&ward, &[line(&lost[1])]);
    assert_eq!(ward.newest(&world, &lost[1]).reg_no, before.reg_no);
    sound(&world);
}

#[test]
fn a_further_portal_on_a_database_in_use_begins_a_witness_and_stops_nothing() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let settings = PortalSettings::load(&world.dir().join("portal.toml")).unwrap();
    if settings.database.is_empty() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("portal");
    std::fs::create_dir(&dir).unwrap();
    for file in std::fs::read_dir(world.dir()).unwrap().map(Result::unwrap) {
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), dir.join(file.file_name())).unwrap();
        }
    }
    let own = PortalSettings {
        witness: String::new(),
        ..settings
    };
    own.save(&dir.join("portal.toml")).unwrap();
    let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
    let clock = world.clock.clone();
    let start = || portal::start(&dir, any, None, clock.clone()).unwrap();
    start().stop();
    assert_eq!(recovering(&world), []);
    assert!(place.path().join("portal-witness/witness.json").exists());
    // Where nobody else serves, one that is gone is noticed.
    std::fs::remove_dir_all(place.path().join("portal-witness")).unwrap();
    world.portal.take().unwrap().stop();
    start().stop();
    assert!(
        recovering(&world).iter().all(|of| of.why == Noticed::NoWitness) && !recovering(&world).is_empty()
    );
}
