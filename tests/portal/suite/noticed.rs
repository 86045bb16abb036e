//! What stands in the register and gives a person something to look at all the same.

use ogoh::seal::Status;
use serde_json::json;

use super::paper::assert_whole;
use super::trials::{again, copy_now, line, linked, receipt_line, set_back, status_of};
use super::world;
use crate::portal_support::*;

/// Whether the desk's first page names a notification, and what its own page says.
fn looks_at(world: &World, nid: &str) -> (bool, String) {
    let browser = world.registrar();
    let listed = browser.get("/desk").1.contains(&format!("/desk/record/{nid}"));
    (listed, browser.get(&format!("/desk/record/{nid}")).1)
}

fn settle(world: &World, nid: &str, why: &str) -> String {
    let record = format!("/desk/record/{nid}");
    world
        .registrar()
        .send(&record, &[("act", "settle"), ("text", why)])
        .1
}

#[test]
fn what_comes_back_like_another_one_is_looked_at() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let mut other = world.ward("TJ-DU-02-H02");
    let opened = ward.open();
    ward.deliver(&world, &[&opened]);
    let copy = copy_now(&mut world, &mut [&mut ward, &mut other]);
    let (first, born) = (ward.birth(birth("Назарова")), ward.birth(birth("Раҳимова")));
    ward.deliver(&world, &[&first, &born]);
    let before = ward.newest(&world, &born);
    let receipt = receipt_line(&ward.newest_text(&world, &born));
    // While the book lacks it, the same event comes from elsewhere, and its family as well.
    set_back(&mut world, copy, &mut [&mut ward, &mut other]);
    let open = other.open();
    let twice = other.birth(birth("Раҳимова"));
    let told = other.deliver(&world, &[&open, &twice]);
    assert_eq!(told[1].status, Status::Received);
    assert!(world.rule(&twice.h, &[("act", "accept")]));
    assert_eq!(other.newest(&world, &twice).status, Status::Registered);
    again(&ward, &[receipt, line(&born)]);
    assert_eq!(
        status_of(&world, &born.nid),
        ("registered".to_owned(), before.reg_no)
    );
    let (listed, page) = looks_at(&world, &born.nid);
    assert!(listed && page.contains("may be the same event"), "{page}");
    // A dash says nothing.
    assert!(settle(&world, &born.nid, "-").ends_with("desk-reason-missing"));
    assert!(settle(&world, &born.nid, "ду кӯдаки гуногун").ends_with("desk-done"));
    let (listed, page) = looks_at(&world, &born.nid);
    assert!(!listed && !page.contains("may be the same event"), "{page}");
    assert!(settle(&world, &born.nid, "бори дигар").ends_with("desk-nothing-to-settle"));
}

#[test]
fn a_registered_death_whose_birth_is_annulled_is_looked_at_and_the_birth_of_an_annulled_death() {
    for annulled in ["birth", "death"] {
        let world = world();
        let mut ward = world.ward(FAC);
        let open = ward.open();
        let born = ward.birth(with(birth("Раҳимова"), "child.living", json!("no")));
        let died = ward.death(linked(death("Раҳимов"), &born.nid, "death-of-this-birth"));
        ward.deliver(&world, &[&open, &born, &died]);
        for of in [&born, &died] {
            assert_eq!(ward.newest(&world, of).status, Status::Registered, "{annulled}");
            assert!(!looks_at(&world, &of.nid).0);
        }
        let (gone, stays) = match annulled {
            "birth" => (&born, &died),
            _ => (&died, &born),
        };
        let record = format!("/desk/record/{}", gone.nid);
        let annul = [("act", "annul"), ("text", "хато буд")];
        assert!(world.registrar().send(&record, &annul).1.ends_with("desk-done"));
        let (listed, page) = looks_at(&world, &stays.nid);
        assert!(listed && page.contains("was annulled"), "{annulled}: {page}");
        assert!(
            !looks_at(&world, &gone.nid).0,
            "what is annulled waits for nobody"
        );
        assert_eq!(ward.newest(&world, stays).status, Status::Registered);
        assert!(settle(&world, &stays.nid, "воқеа дуруст аст").ends_with("desk-done"));
        assert!(!looks_at(&world, &stays.nid).0);
        assert_whole(&world);
    }
}
