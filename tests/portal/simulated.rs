//! Invented countries, large enough for shares: how much is found of what was reported twice, and whom the
//! ministry's rules name. No database decides that, and each takes seconds; that simulations come out alike in
//! both databases is looked at in the suite.

use chrono::{Duration, NaiveDate};
use ogoh::portal::{self, SimulationPlan};

use crate::portal_support::World;

/// Facilities of which the rules say that they signed more than their delivery books count.
pub fn beyond_the_book(world: &World, month: &str) -> usize {
    let day = NaiveDate::parse_from_str(&format!("{month}-28"), "%Y-%m-%d").unwrap();
    let next = day.checked_add_months(chrono::Months::new(1)).unwrap();
    let (concerns, _) = portal::quality(world.dir(), next, None, world.clock.clone()).unwrap();
    concerns.iter().filter(|c| c.rule == "M07").count()
}

#[test]
fn reports_of_one_event_are_found_and_twins_are_two() {
    let mut world = World::new();
    world.portal = None;
    let plan = SimulationPlan {
        events: 3000,
        days: 10,
        seed: 11,
        twice: 6,
    };
    let made = portal::simulate(world.dir(), &plan, world.now(), &mut |_| {}).unwrap();
    assert!(made.twice > 50, "{made:?}");
    assert!(made.found * 100 >= made.twice * 99, "recall: {made:?}");
    assert!(
        made.found * 100 >= (made.found + made.mistaken) * 97,
        "precision: {made:?}"
    );
    assert!(made.mistaken * 1_000 <= made.entries, "strangers held: {made:?}");
    // Wards answer what their program asks: only what is late without a word comes back.
    let book = rusqlite::Connection::open(world.dir().join("portal.db")).unwrap();
    let count = |sql: &str| book.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    let returned = count("SELECT count(*) FROM notification WHERE status = 'returned'");
    assert!(
        returned.unsigned_abs() * 100 <= made.entries,
        "{returned} of {made:?}"
    );
    // The rules of the ministry look at the same counts as its tables.
    world.start();
    let analyst = world.signed_in("analyst", "analyst", "");
    let month = (world.now() - Duration::days(1)).format("%Y-%m");
    let csv = analyst
        .get(&format!("/monitor.csv?table=concerns&month={month}"))
        .1;
    let page = analyst.get("/monitor").1;
    // A month that is still to come is silent for nobody.
    let coming = (world.now() + Duration::days(62)).format("%Y-%m");
    let then = format!("/monitor.csv?table=concerns&month={coming}");
    assert!(!analyst.get(&then).1.contains("M05"));
    assert!(
        csv.contains("\"M03\"") && page.contains("id=\"concerns\""),
        "round weights: {csv}"
    );
}

#[test]
fn an_honest_country_late_as_it_is_is_not_said_to_sign_more_than_it_saw() {
    let mut world = World::new();
    world.portal = None;
    let plan = SimulationPlan {
        events: 2_500,
        days: 80,
        seed: 5,
        twice: 0,
    };
    portal::simulate(world.dir(), &plan, world.now(), &mut |_| {}).unwrap();
    let before = world.now().date_naive() - chrono::Months::new(1);
    assert_eq!(beyond_the_book(&world, &before.format("%Y-%m").to_string()), 0);
}
