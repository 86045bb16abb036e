//! The registry's people after its book was set back: accounts are those of the copy, and each waits for the
//! operator's word.

use chrono::Duration;
use ogoh::portal::{self, PortalError};

use super::desk::{account, code};
use super::trials::{again, copy_now, receipt_line, set_back};
use super::world;
use crate::portal_support::*;

const OFFICE: &str = "TJ-DU-01";

/// Signs in with everything: the answer's status, and its page in English.
fn sign_in(world: &World, made: &portal::Credentials) -> (u16, String) {
    let code = code(world, &made.secret);
    let form = [
        ("login", &made.login),
        ("phrase", &made.passphrase),
        ("code", &code),
    ];
    let call = agent()
        .post(world.url("/sign-in"))
        .header("cookie", "ogoh-lang=en");
    let mut answer = call.send_form(form).unwrap();
    let page = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), page)
}

fn link(world: &World, login: &str) -> Result<String, PortalError> {
    portal::staff_link(world.dir(), login, 10, world.clock.as_ref())
}

fn unconfirmed(world: &World) -> Vec<String> {
    let mut all = portal::staff(world.dir()).unwrap();
    all.retain(|row| !row.confirmed);
    all.into_iter().map(|row| row.login).collect()
}

fn doctor_is_content(world: &World) -> bool {
    let found = portal::doctor(world.dir(), world.clock.clone()).unwrap();
    found.iter().find(|f| f.what == "staff").unwrap().level == portal::Level::Good
}

#[test]
fn whoever_left_since_the_copy_comes_in_by_nothing_and_the_others_are_confirmed() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    let made = account(&world, "sitora", "registrar", OFFICE).unwrap();
    let left = account(&world, "daler", "registrar", OFFICE).unwrap();
    let browser = world.signed_in("sitora", "registrar", OFFICE);
    let copy = copy_now(&mut world, &mut [&mut ward]);
    portal::staff_active(world.dir(), "daler", false, world.clock.as_ref()).unwrap();
    let (open, lost) = (ward.open(), ward.birth(birth("Раҳимова")));
    ward.deliver(&world, &[&open, &lost]);
    set_back(&mut world, copy, &mut [&mut ward]);
    assert_eq!(unconfirmed(&world), ["daler", "sitora"]);
    assert!(!doctor_is_content(&world));
    // Neither a visit of before, nor passphrase and code, nor a link.
    let (status, to) = Browser::at(&world.url(""), &browser).get("/desk");
    assert_eq!(status, 303, "{to}");
    let page = Browser::at(&world.url(""), &browser).get("/sign-in").1;
    assert!(
        page.contains("Everybody who was signed in is signed out"),
        "{page}"
    );
    for who in [&made, &left] {
        let (status, page) = sign_in(&world, who);
        assert_eq!(status, 403);
        assert!(page.contains("nobody has confirmed your account"), "{page}");
        assert!(matches!(
            link(&world, &who.login),
            Err(PortalError::Unconfirmed(_))
        ));
    }
    let confirm = |login| portal::staff_confirm(world.dir(), login, world.clock.as_ref());
    assert!(matches!(
        confirm(Some("nobody")),
        Err(PortalError::NoSuchLogin(_))
    ));
    assert_eq!(confirm(Some("sitora")).unwrap(), ["sitora"]);
    portal::staff_active(world.dir(), "daler", false, world.clock.as_ref()).unwrap();
    assert_eq!(unconfirmed(&world), [""; 0]);
    assert!(doctor_is_content(&world));
    world.clock.advance(Duration::seconds(60));
    assert_eq!(sign_in(&world, &made).0, 303);
    assert_eq!(sign_in(&world, &left).0, 403);
    assert!(link(&world, "sitora").is_ok());
    assert!(
        !get(&world.url("/sign-in?lang=en"), None)
            .1
            .contains("is signed out")
    );
    let log = portal::acts(world.dir(), 20).unwrap();
    for act in ["staff-confirm", "unconfirmed-try"] {
        assert!(log.iter().any(|line| line.act == act), "{act}");
    }
}

#[test]
fn an_account_that_is_made_or_changed_after_it_is_confirmed_by_that() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    for login in ["sitora", "daler", "zarina"] {
        account(&world, login, "registrar", OFFICE).unwrap();
    }
    let copy = copy_now(&mut world, &mut [&mut ward]);
    let (open, lost) = (ward.open(), ward.birth(birth("Раҳимова")));
    ward.deliver(&world, &[&open, &lost]);
    let text = ward.newest_text(&world, &lost);
    set_back(&mut world, copy, &mut [&mut ward]);
    account(&world, "farida", "analyst", "").unwrap();
    let made = portal::staff_reset(world.dir(), "sitora", world.clock.as_ref()).unwrap();
    assert_eq!(unconfirmed(&world), ["daler", "zarina"]);
    assert_eq!(sign_in(&world, &made).0, 303);
    let all = portal::staff_confirm(world.dir(), None, world.clock.as_ref()).unwrap();
    assert_eq!(all, ["daler", "zarina"]);
    // What wards give back in this epoch asks nobody a second time.
    again(&ward, &[receipt_line(&text)]);
    assert_eq!(unconfirmed(&world), [""; 0]);
}
