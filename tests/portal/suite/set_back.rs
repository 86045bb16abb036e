//! A book that was put back from a copy: it is noticed, no number is given twice, nothing is lost, and the offices
//! go on by themselves.

use ogoh::portal;
use ogoh::seal::{Receipt, Status, hash};

use super::trials::{again, copy_now, line, receipt_line, set_back, sound};
use super::world;
use crate::portal_support::*;

fn claim_of(text: &str, receipt: &Receipt) -> String {
    format!("{} {}", receipt.number(), hash(text))
}

#[test]
fn a_copy_put_back_is_noticed_by_the_witness_and_gives_no_number_twice() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let opened = ward.open();
    ward.deliver(&world, &[&opened]);
    let copy = copy_now(&mut world, &mut [&mut ward]);
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
