//! Signing in, and those who try without being asked: robots, strangers, guessers.

use chrono::Duration;
use ogoh::portal;

use super::desk::{account, code};
use super::world;
use crate::portal_support::*;

const FORM: &str = "application/x-www-form-urlencoded";
/// Where the registrar sits.
const OFFICE_PC: &str = "127.0.0.1";
/// Where somebody guesses.
const STRANGER: &str = "127.0.0.9";

fn try_from(world: &World, source: &str, login: &str, phrase: &str, code: &str) -> Answer {
    let phrase: String = form_urlencoded::byte_serialize(phrase.as_bytes()).collect();
    let body = format!("login={login}&phrase={phrase}&code={code}");
    post_from(source, &world.url("/sign-in"), FORM, &body)
}

fn link(world: &World, login: &str) -> String {
    let token = portal::staff_link(world.dir(), login, 30, world.clock.as_ref()).unwrap();
    world.url(&format!("/sign-in/{token}"))
}

#[test]
fn a_robot_that_looks_at_a_link_signs_nobody_in_and_a_button_does_once() {
    let world = world();
    account(&world, "sitora", "registrar", "TJ-DU-01").unwrap();
    let link = link(&world, "sitora");
    for _ in 0..2 {
        let seen = agent().get(&link).call().unwrap();
        assert_eq!(seen.status(), 200);
        assert!(seen.headers().get("set-cookie").is_none());
    }
    // A page that looks the same for a link that nobody made.
    let (_, page) = get(&link, None);
    let (_, guess) = get(&world.url("/sign-in/guess"), None);
    let path = |url: &str| url.rsplit('/').next().unwrap().to_owned();
    assert_eq!(page.replace(&path(&link), ""), guess.replace("guess", ""));
    assert!(
        page.contains("<button>") && page.contains("method=\"post\""),
        "{page}"
    );
    assert_eq!(post_from(OFFICE_PC, &link, FORM, "").status, 303);
    assert_eq!(post_from(OFFICE_PC, &link, FORM, "").status, 403);
}

#[test]
fn links_and_visits_end_with_every_change_of_the_account() {
    let world = world();
    account(&world, "sitora", "registrar", "TJ-DU-01").unwrap();
    let clock = world.clock.as_ref();
    let changes: [&dyn Fn(); 2] = [
        &|| drop(portal::staff_reset(world.dir(), "sitora", clock).unwrap()),
        &|| {
            portal::staff_active(world.dir(), "sitora", false, clock).unwrap();
            portal::staff_active(world.dir(), "sitora", true, clock).unwrap();
        },
    ];
    for change in changes {
        let (open, visit) = (link(&world, "sitora"), link(&world, "sitora"));
        let signed_in = post_from(OFFICE_PC, &visit, FORM, "");
        let cookie = signed_in
            .header("set-cookie")
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let desk = || {
            let answer = agent().get(world.url("/desk")).header("cookie", &cookie).call();
            answer.unwrap().status().as_u16()
        };
        assert_eq!(desk(), 200);
        change();
        assert_eq!(desk(), 303);
        assert_eq!(post_from(OFFICE_PC, &open, FORM, "").status, 403);
    }
}

#[test]
fn answers_do_not_tell_who_has_an_account() {
    let world = world();
    account(&world, "sitora", "registrar", "TJ-DU-01").unwrap();
    account(&world, "daler", "analyst", "").unwrap();
    portal::staff_active(world.dir(), "daler", false, world.clock.as_ref()).unwrap();
    let heard = |login: &str| -> Vec<(u16, String)> {
        let one = |_| {
            let answer = try_from(&world, STRANGER, login, "ғалат", "000000");
            let page = answer.text.split_once("\r\n\r\n").unwrap().1.to_owned();
            (answer.status, page)
        };
        (0..5).map(one).collect()
    };
    let known = heard("sitora");
    let statuses: Vec<u16> = known.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [403, 403, 403, 429, 429]);
    assert!(known == heard("nobody"), "no such account");
    assert!(known == heard("daler"), "suspended");
}

#[test]
fn strangers_who_guess_keep_the_right_person_out_nowhere() {
    let world = world();
    let made = account(&world, "sitora", "registrar", "TJ-DU-01").unwrap();
    let right = |source: &str| {
        let now = code(&world, &made.secret);
        try_from(&world, source, "sitora", &made.passphrase, &now).status
    };
    assert_eq!(right(OFFICE_PC), 303);
    // From many addresses, and from one until it has to wait.
    let guess = |source: &str| try_from(&world, source, "sitora", "ғалат", "000000").status;
    for n in 20..32 {
        guess(&format!("127.0.0.{n}"));
    }
    assert_eq!([(); 4].map(|()| guess(STRANGER)).last(), Some(&429));
    world.clock.advance(Duration::seconds(60));
    assert_eq!(right(OFFICE_PC), 303, "where she has signed in before");
    // From a new place she waits once, whatever others do meanwhile.
    assert_eq!(right("127.0.0.5"), 429);
    world.clock.advance(Duration::seconds(40));
    for n in 20..32 {
        guess(&format!("127.0.0.{n}"));
    }
    assert_eq!(right("127.0.0.5"), 303);
}
