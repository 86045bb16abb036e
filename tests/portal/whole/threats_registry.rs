//! Threats to the register: invented births, floods, a portal that is not the registry's.
//!
//! Attacks by number are made as often as OGOH_ROUNDS says, 20,000 where it says nothing.

use std::collections::BTreeSet;

use super::threats::rounds;
use crate::portal_support::{self, World};
use crate::registry::Registry;
use crate::support::ward::{WardDevice, birth};
use ogoh::env::Role;
use ogoh::seal::{EntryType, SecretKey, Status};
use ogoh::vital::Kind;
use serde_json::{Value, json};

/// The birth of a mother of whom there is one for each number, on a day of November.
fn born(n: usize) -> Value {
    const SYLLABLES: [&str; 16] = [
        "бар", "дил", "зар", "кам", "лут", "мир", "наз", "ор", "пур", "раҳ", "саф", "таб", "фай", "хол",
        "ҷум", "шук",
    ];
    const GIVEN: [&str; 13] = [
        "Гулнора",
        "Меҳринисо",
        "Зебо",
        "Нигина",
        "Парвина",
        "Ситора",
        "Тахмина",
        "Фотима",
        "Шаҳло",
        "Мадина",
        "Олимахон",
        "Баҳор",
        "Лола",
    ];
    const FATHERS: [&str; 11] = [
        "Раҳим",
        "Холмурод",
        "Давлат",
        "Исмоил",
        "Карим",
        "Юсуф",
        "Наим",
        "Сафар",
        "Темур",
        "Мирзо",
        "Анвар",
    ];
    let part = |at: u32| SYLLABLES[n * 7 / 16_usize.pow(at) % 16];
    // Nothing of two mothers of one day goes together.
    let mixed = n.wrapping_mul(2_654_435_761) >> 7;
    let surname = format!("{}{}{}ова", part(0), part(1), part(2));
    let body = portal_support::birth(&surname);
    let body = portal_support::with(body, "mother.given", json!(GIVEN[mixed % 13]));
    let body = portal_support::with(
        body,
        "mother.patronymic",
        json!(format!("{}овна", FATHERS[mixed / 13 % 11])),
    );
    let body = portal_support::with(body, "child.given", json!(GIVEN[mixed / 143 % 13]));
    portal_support::with(body, "birth.date", json!(format!("2026-11-{:02}", 1 + n % 22)))
}

/// One in a hundred births is invented for the sake of benefits, in the three ways there are.
#[test]
fn an_insider_who_invents_births_is_found_and_hardly_anybody_else_is_held() {
    const FACILITIES: usize = 12;
    const BIRTHS: usize = 99;
    let world = World::new();
    let (mut honest, mut false_alarms) = (0, 0);
    let mut books = Vec::new();
    let (mut by_clerk, mut again, mut beyond) = (0, 0, BTreeSet::new());
    for f in 0..FACILITIES {
        let mut ward = world.ward(&format!("TJ-DU-BOX-{:02}", 10 + f));
        let open = ward.open();
        ward.deliver(&world, &[&open]);
        let births: Vec<_> = (0..BIRTHS).map(|n| ward.birth(born(f * BIRTHS + n))).collect();
        for receipt in ward.deliver(&world, &births.iter().collect::<Vec<_>>()) {
            honest += 1;
            false_alarms += usize::from(receipt.status != Status::Registered);
        }
        let invented = born(4001 + f);
        let (ghost, counted) = match f % 3 {
            // A clerk signs what only a doctor or a midwife may.
            0 => {
                let clerk = world.person(&ward.fac.clone(), "clerk", Role::Clerk);
                (ward.notice_by(&clerk, Kind::Birth, invented), BIRTHS)
            }
            // A real mother is delivered once more, some days before or after, of a child with another name.
            1 => {
                let mother = born(f * BIRTHS)["mother"].clone();
                let early = (f * BIRTHS) % 22 < 11;
                let date = json!(if early { "2026-11-22" } else { "2026-11-01" });
                let mut body = portal_support::with(invented, "mother", mother);
                body = portal_support::with(body, "birth.date", date);
                (ward.birth(body), BIRTHS + 1)
            }
            // An invented mother: only the delivery book, which somebody else keeps, says that she is not.
            _ => (ward.birth(invented), BIRTHS),
        };
        let receipt = ward.deliver(&world, &[&ghost]).pop().unwrap();
        match f % 3 {
            0 => by_clerk += usize::from(portal_support::code(&receipt) == "role"),
            1 => {
                // By her papers; or because she resembles somebody of that day besides.
                let why = portal_support::code(&receipt);
                again += usize::from(matches!(why, "birth-interval" | "look-alike"));
            }
            _ => drop(beyond.insert(ward.fac.clone())),
        }
        books.push((ward, counted));
    }
    world.clock.advance(chrono::Duration::days(10));
    for (ward, counted) in &mut books {
        let head = world.person(&ward.fac.clone(), "head", Role::ShiftHead);
        let clerk = world.person(&ward.fac.clone(), "clerk-too", Role::Clerk);
        let mut count = |by: &SecretKey, births: usize| {
            let tally = ward.sign(by, |e| {
                e.t = EntryType::Tally;
                let counts = json!({"month": "2026-11", "births": births, "foetal_deaths": 0, "deaths": 0});
                e.body = portal_support::object(counts);
            });
            ward.deliver(&world, &[&tally]).pop().unwrap()
        };
        assert_eq!(count(&head, *counted).status, Status::Received);
        // Whoever invented it makes the book agree, as far as the policy lets them.
        assert_eq!(portal_support::code(&count(&clerk, BIRTHS + 9)), "role");
    }
    let month = world.now().date_naive();
    let (concerns, _) = ogoh::portal::quality(world.dir(), month, None, world.clock.clone()).unwrap();
    let told: BTreeSet<String> = concerns
        .iter()
        .filter(|c| c.rule == "M07")
        .map(|c| c.msg.render(ogoh::lang::Lang::En))
        .filter_map(|text| text.split(' ').nth(1).map(str::to_owned))
        .collect();
    assert_eq!((by_clerk, again), (FACILITIES / 3, FACILITIES / 3));
    assert_eq!(told, beyond, "facilities whose book counts fewer");
    assert_eq!(honest, FACILITIES * BIRTHS);
    // Of two hundred honest ones at most one waits because of somebody else of that day.
    assert!(false_alarms * 200 <= honest, "{false_alarms}");
}

/// A defect or a grudge: one event under ever new notifications, from two facilities.
#[test]
fn a_flood_of_one_event_registers_it_once() {
    let world = World::new();
    let mut wards = [world.ward(portal_support::FAC), world.ward("TJ-DU-BOX-02")];
    let mut registered = 0;
    for ward in &mut wards {
        let open = ward.open();
        ward.deliver(&world, &[&open]);
    }
    let floods = rounds() / 400;
    for n in 0..floods {
        let ward = &mut wards[usize::from(n % 3 == 0)];
        let copies: Vec<_> = (0..10)
            .map(|_| ward.birth(portal_support::birth("Раҳимова")))
            .collect();
        let receipts = ward.deliver(&world, &copies.iter().collect::<Vec<_>>());
        registered += receipts.iter().filter(|r| r.reg_no.is_some()).count();
    }
    assert_eq!(registered, 1, "of {}", floods * 10);
}

/// The copies are annulled by half, and the true report comes once more: nothing of them may hide the
/// one that is registered.
#[test]
fn a_flood_that_is_being_annulled_hides_no_duplicate() {
    let world = World::new();
    let (mut first, mut second) = (world.ward(portal_support::FAC), world.ward("TJ-DU-BOX-02"));
    let true_one = [first.open(), first.birth(portal_support::birth("Раҳимова"))];
    let receipts = first.deliver(&world, &true_one.each_ref());
    assert_eq!(receipts[1].status, Status::Registered);
    let open = second.open();
    let copies: Vec<_> = (0..40)
        .map(|_| second.birth(portal_support::birth("Раҳимова")))
        .collect();
    let doctor = second.doctor.clone();
    let voids: Vec<_> = copies.iter().map(|one| second.void_by(one, &doctor)).collect();
    second.deliver(&world, &[&open]);
    second.deliver(&world, &copies.iter().collect::<Vec<_>>());
    for receipt in second.deliver(&world, &voids.iter().collect::<Vec<_>>()) {
        assert_ne!(receipt.status, Status::Registered);
    }
    let again = second.birth(portal_support::birth("Раҳимова"));
    let receipt = second.deliver(&world, &[&again]).pop().unwrap();
    assert_eq!(
        (receipt.status, portal_support::code(&receipt)),
        (Status::Held, "look-alike")
    );
}

/// A portal that is not the registry's, or was broken into: what it says counts only under the pinned root.
#[test]
fn a_rogue_portal_moves_no_status_and_gets_no_key_believed() {
    let registry = Registry::new();
    let mut ward = WardDevice::at(&registry.url, &registry.root_key);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    ward.must(&["enrol"]);
    let signed = ward.sign(&["record", "birth"], &birth("Раҳимова", "А 1234567"), "firuz");
    // Another portal, complete with keys of its own, in the place of the registry's.
    let rogue = Registry::new();
    for _ in 0..2 {
        WardDevice::at(&rogue.url, &rogue.root_key).must(&["enrol"]);
    }
    rogue.must(&["portal", "approve", "--all"]);
    ward.move_to(&rogue.url);
    let ran = ward.ran(&["push"]);
    assert_ne!(ran.code, 0, "{}", ran.out);
    let ran = ward.ran(&["enrol"]);
    assert!(ran.code != 0 && ran.out.contains("trust"), "{}", ran.out);
    let shown = ward.must(&["show", signed["nid"].as_str().unwrap()]);
    assert_eq!(shown[0]["status"], "signed");
    // Nothing was sent to it, and nothing is lost.
    assert_eq!(rogue.must(&["portal", "acts"]).json().len(), 0);
    ward.move_to(&registry.url);
    ward.must(&["push"]);
    let shown = ward.must(&["show", signed["nid"].as_str().unwrap()]);
    assert_eq!(shown[0]["status"], "registered");
}
