//! A device that keeps an entry back for ever after a set-back: the operator hears whose it is, and goes on.

use chrono::Duration;
use ogoh::lang::Lang;
use ogoh::portal;
use ogoh::seal::Status;

use super::set_back::without_witness;
use super::trials::{again, copied, receipt_line, set_back, sound};
use crate::portal_support::*;

fn doctor_says(world: &World) -> String {
    let found = portal::doctor(world.dir(), world.clock.clone()).unwrap();
    let recovery = found.iter().find(|finding| finding.what == "recovery").unwrap();
    recovery.msg.render(Lang::En)
}

#[test]
fn an_entry_that_is_withheld_for_ever_is_named_and_holds_nobody_up_for_ever() {
    let (mut world, mut ward, copy) = copied(without_witness());
    let lost = ward.birth(birth("Раҳимова"));
    ward.deliver(&world, &[&lost]);
    let text = ward.newest_text(&world, &lost);
    set_back(&mut world, copy, &mut [&mut ward]);
    // The receipt alone.
    again(&ward, &[receipt_line(&text)]);
    let next = ward.birth(birth("Назарова"));
    ward.deliver(&world, &[&next]);
    let recovering = || {
        portal::recovery(world.dir(), world.clock.clone())
            .unwrap()
            .remove(0)
    };
    let of = recovering();
    assert_eq!((of.overdue, of.waits.entries), (false, vec![(FAC.into(), 1)]));
    assert!(!doctor_says(&world).contains("7 days"));
    world.clock.advance(Duration::days(7) + Duration::seconds(1));
    let of = recovering();
    assert_eq!((of.overdue, of.waits.entries), (true, vec![(FAC.into(), 1)]));
    assert!(doctor_says(&world).contains("more than 7 days"));
    assert_eq!(ward.newest(&world, &next).status, Status::Received);
    world.end_recovery();
    assert_eq!(ward.newest(&world, &next).status, Status::Registered);
    sound(&world);
}
