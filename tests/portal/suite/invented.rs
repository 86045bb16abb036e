//! Invented events and real ones: never in one book without a mark that everybody sees.

use ogoh::portal::{self, PortalError, SimulationPlan, SimulationReport};
use ogoh::wire;

use super::world;
use crate::portal_support::*;

fn simulate(world: &World) -> Result<SimulationReport, PortalError> {
    let plan = SimulationPlan {
        events: 20,
        days: 5,
        seed: 3,
        twice: 0,
    };
    portal::simulate(world.dir(), &plan, world.now(), &mut |_| {})
}

fn refuses(made: &Result<SimulationReport, PortalError>) -> bool {
    made.as_ref().is_err_and(|e| format!("{e:?}") == "HoldsEntries")
}

fn health(world: &World) -> String {
    get(&world.url(wire::path::HEALTHZ), None).1
}

#[test]
fn a_book_with_real_entries_takes_no_invented_ones() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    world.portal = None;
    let refused = simulate(&world);
    assert!(refuses(&refused), "{refused:?}");
    world.start();
    // Neither a facility nor a key nor a mark came of it.
    assert_eq!(health(&world), "ok\n");
    let analyst = world.signed_in("analyst", "analyst", "");
    assert!(!analyst.get("/monitor").1.contains("id=\"invented\""));
    assert_eq!(
        world.trust().list().keys.len(),
        4,
        "the portal's two and the ward's two"
    );
}

#[test]
fn an_invented_book_says_so_for_ever_whatever_comes_later() {
    let mut world = world();
    world.portal = None;
    simulate(&world).unwrap();
    assert!(refuses(&simulate(&world)));
    world.start();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    world.restart();
    assert_eq!(health(&world), "ok\ninvented\n");
    let (_, public) = get(&world.url(wire::path::MONITOR), None);
    let exact = world.signed_in("analyst", "analyst", "").get("/monitor").1;
    for page in [public, exact] {
        assert!(page.contains("id=\"invented\""), "{page}");
    }
}
