//! Passphrases that are forgotten, mistyped, shown.

use super::whole::Program;
use super::*;
use crate::seal::SecretKey;

#[test]
fn a_forgotten_passphrase_becomes_a_new_key_that_the_shift_head_signs_for() {
    let mut p = Program::new();
    p.add("nozim", "Азизов Нозим", Role::ShiftHead);
    p.perform(vec![Effect::People]);
    let before = p.store().person("gulnora").unwrap().unwrap().kid;
    // A midwife cannot give her colleague a key; nothing changes then.
    p.keys("<up><up><up><f9>")
        .shows("Ҷумъаева Гулнора has forgotten the passphrase");
    p.keys("rahim<enter>rahim як<f2>").shows("may not sign");
    p.keys("<esc>");
    assert_eq!(p.store().person("gulnora").unwrap().unwrap().kid, before);
    // By the name that the list shows; who is not there is named.
    p.keys("<f9>nozima<enter>nozim як<f2>")
        .shows("Nobody here is “nozima”");
    p.keys("<esc>");
    p.keys("<f9>азизов нозим<enter>nozim як<f2>")
        .shows("The new passphrase:");
    // A finger that slipped closes nothing that is shown once.
    p.keys("<esc>").shows("The new passphrase:");
    let phrase = match p.model.over.last() {
        Some(Over::Dialog(dialog)) => match &dialog.purpose {
            Purpose::KeyIssued(_, phrase) => phrase.reveal().to_owned(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(phrase.split(' ').count(), 6);
    p.keys("<f2>");
    assert!(!p.screen().contains(phrase.split(' ').next().unwrap()));

    // The old one opens nothing, the new one does, and what it signs is in the journal.
    p.keys("gulnora як<enter>").shows("Wrong passphrase");
    p.keys(&format!("{phrase}<enter>")).shows("Unfinished");
    p.birth("Раҳимова").keys("<f2><f2>");
    p.keys(&format!("{phrase}<f2>")).shows("Раҳимова");
    let person = p.store().person("gulnora").unwrap().unwrap();
    let report = {
        let store = p.store();
        store.entries_after(0, 10).unwrap()
    };
    let kinds: Vec<_> = report.iter().map(|(_, e, _)| e.t.code().to_owned()).collect();
    assert_eq!(kinds, ["open", "key", "birth"]);
    assert_eq!(report[1].1.usr, "nozim");
    assert_ne!(person.kid, before);
    let jws = crate::seal::Jws::parse(&report[2].2, crate::seal::Typ::Entry).unwrap();
    assert_eq!(jws.kid(), person.kid);
}

#[test]
fn wrong_passphrases_slow_down_across_a_restart_and_name_the_layout() {
    let mut p = Program::new();
    p.unlock_with("gulnora", "gulnora");
    p.shows("Latin letters");
    for _ in 0..3 {
        p.unlock_with("gulnora", "нодуруст");
    }
    p.unlock_with("gulnora", "нодуруст").shows("you have to wait");
    // Even the right one waits, and another program begins with the whole wait.
    p.unlock_with("gulnora", "gulnora як").shows("you have to wait");
    assert_eq!(p.store().wrong_tries("gulnora").unwrap(), 4);
    p.restart();
    p.unlock_with("gulnora", "gulnora як").shows("you have to wait");
    // Somebody else does not wait.
    p.unlock("rahim").shows("Unfinished");
}

#[test]
fn a_passphrase_is_shown_while_it_is_typed_when_asked_for() {
    let mut p = Program::new();
    p.keys("<up><up>асп");
    assert!(!p.screen().contains("асп"));
    p.keys("<f4>").shows("асп");
    p.keys("<f4>");
    assert!(!p.screen().contains("асп"));
}

#[test]
fn where_it_takes_two_a_second_person_signs_for_the_new_key() {
    let mut p = Program::new();
    p.add("nozim", "Азизов Нозим", Role::ShiftHead);
    p.model.settings.limits.keys_by_two = true;
    p.restart();
    p.perform(vec![Effect::People]);
    let before = p.store().person("gulnora").unwrap().unwrap().kid;
    p.keys("<up><up><up><f9>").shows("Login of the second person");
    p.keys("nozim<enter>nozim як<enter><enter><f2>")
        .shows("Who signs as the second?");
    p.keys("nozim<enter>nozim як<f2>").shows("third person");
    assert_eq!(p.store().person("gulnora").unwrap().unwrap().kid, before);
    p.keys("<esc><f9>nozim<enter>nozim як<enter>rahim<enter>нодуруст<f2>")
        .shows("Wrong passphrase");
    p.keys("<esc><f9>nozim<enter>nozim як<enter>rahim<enter>rahim як<f2>")
        .shows("The new passphrase:");
    assert_ne!(p.store().person("gulnora").unwrap().unwrap().kid, before);
}

#[test]
fn whose_key_waits_for_the_registry_is_told_before_and_at_signing() {
    let mut p = Program::new();
    p.shows("key not yet confirmed");
    p.unlock("rahim").birth("Раҳимова");
    p.keys("<f2>n<f2>").shows("until it has.");
    // What the registry believes is verified from its root on.
    let root = SecretKey::generate().unwrap();
    p.believe(&root, "rahim");
    p.perform(vec![Effect::People]);
    let confirmed: Vec<bool> = p.model.people.iter().map(|p| p.confirmed).collect();
    assert_eq!(confirmed, [false, false], "another registry's word");
    p.model.settings.portal.root_key = root.public().x();
    p.restart();
    let of = |p: &Program, login: &str| {
        p.model
            .people
            .iter()
            .any(|one| one.login == login && one.confirmed)
    };
    assert!(of(&p, "rahim") && !of(&p, "gulnora"));
    p.unlock("rahim")
        .birth("Зоирова")
        .keys("<f2>n<f2>")
        .shows("Passphrase or PIN");
    assert!(!p.screen().contains("until it has."));
}

#[test]
fn a_key_that_the_registry_has_revoked_opens_nothing_and_signs_nothing() {
    let mut p = Program::new();
    let root = SecretKey::generate().unwrap();
    p.model.settings.portal.root_key = root.public().x();
    p.restart();
    p.unlock("gulnora").birth("Раҳимова");
    p.list(&root, "gulnora", Some(now()));
    p.keys("<f2><f2>gulnora як<f2>")
        .shows("The signing key has been revoked.");
    assert_eq!(p.store().drafts().unwrap().len(), 1);
    p.keys("<esc><esc><esc><esc>k");
    p.unlock("gulnora").shows("The signing key has been revoked.");
    assert_eq!(
        p.store().wrong_tries("gulnora").unwrap(),
        0,
        "no passphrase was tried"
    );
}

#[test]
fn the_screen_follows_what_the_registry_says_of_keys_while_it_runs() {
    let mut p = Program::new();
    let root = SecretKey::generate().unwrap();
    p.model.settings.portal.root_key = root.public().x();
    p.restart();
    p.unlock("rahim").birth("Раҳимова");
    p.keys("<f2>n<f2>").shows("until it has.");
    p.believe(&root, "rahim");
    // A delivery in the background brought it.
    p.hears(Msg::Sent(Shown::new(crate::lang::Msg::new("deliver-trust"))));
    assert!(!p.screen().contains("until it has."));
    let kid = p.store().person("rahim").unwrap().unwrap().kid;
    p.store().suspend_revoked(&[(kid, now())]).unwrap();
    // Another program brought that: the next minute shows it.
    p.hears(Msg::Tick(now(), ClockTrust::Unsynced));
    p.shows("right to sign has been suspended");
    assert!(p.model.user.is_none());
    assert_eq!(p.store().drafts().unwrap().len(), 1, "what was typed is kept");
}
