//! What an operator sees of the book: explained, drawn anew, verified.

use ogoh::env::Role;
use ogoh::portal;
use serde_json::json;

use super::keys::shift_head;
use super::once::OTHER;
use super::world;
use crate::portal_support::*;

/// A portal in which nearly everything has happened; the entries of its first ward.
fn eventful() -> (World, Vec<Signed>) {
    let world = world();
    let (mut first, mut second) = (world.ward(FAC), world.ward(OTHER));
    let head = shift_head(&world);
    let doctor = first.doctor.clone();
    let unnamed = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
    let (open, born) = (first.open(), first.birth(unnamed));
    let named = first.amend(&born, birth("Раҳимова"));
    let corrected = first.amend(&named, with(birth("Раҳимова"), "birth.weight", json!(3300)));
    let faulty = first.birth(with(birth("Шарипова"), "birth.weight", json!(99)));
    let wrong = first.birth(birth("Ҳакимова"));
    let void = first.void_by(&wrong, &doctor);
    let attest = first.attest_by(&void, &head);
    let died = first.death(death("Назаров"));
    let all = vec![open, born, named, corrected, faulty, wrong, void, attest, died];
    first.deliver(&world, &all.iter().collect::<Vec<_>>());
    let again = [
        second.open(),
        second.birth(birth("Раҳимова")),
        second.death(death("Назаров")),
    ];
    second.deliver(&world, &again.each_ref());
    assert!(world.rule(&again[1].h, &[("act", "duplicate"), ("of", all[1].nid.as_str())]));
    assert!(world.rule(&again[2].h, &[("act", "accept")]));
    let clerk = world.person(FAC, "clerk", Role::Clerk);
    let refused = first.void_by(&all[8], &clerk);
    first.deliver(&world, &[&refused]);
    let record = format!("/desk/record/{}", all[1].nid);
    let registrar = world.registrar();
    registrar.send(&record, &[("act", "add"), ("mother_document", "А 01410027")]);
    registrar.send(
        &record,
        &[("act", "issue"), ("number", "I-ТҶ 1"), ("date", "2026-11-23")],
    );
    let other = format!("/desk/record/{}", again[2].nid);
    registrar.send(&other, &[("act", "transfer"), ("office", "TJ-DU-02")]);
    (world, all)
}

#[test]
fn a_book_that_holds_is_drawn_anew_identically() {
    let (world, _) = eventful();
    let drawn = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
    assert!(drawn.is_identical(), "{drawn:?}");
    assert_eq!(drawn.notifications, 6);
    let found = portal::verify(world.dir()).unwrap();
    assert!(found.holds(), "{found:?}");
    assert!(found.entries >= 13 && found.receipts > found.entries, "{found:?}");
}

#[test]
fn what_was_changed_by_hand_is_found_and_put_right() {
    let (mut world, all) = eventful();
    let nid = all[1].nid.as_str();
    world.portal = None;
    let changes = [
        format!("UPDATE notification SET status = 'held' WHERE nid = '{nid}'"),
        format!("DELETE FROM word WHERE nid = '{nid}'"),
        format!("DELETE FROM alike WHERE nid = '{nid}'"),
        "UPDATE cell SET body = '{}'".to_owned(),
    ];
    for sql in &changes {
        world.execute(sql);
        let drawn = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
        assert!(!drawn.is_identical(), "{sql}");
        let drawn = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
        assert!(drawn.is_identical(), "{sql}: {drawn:?}");
    }
    assert!(portal::verify(world.dir()).unwrap().holds());
    let faults = [
        (
            format!("UPDATE entry SET fac = 'X' WHERE h = '{}'", all[1].h),
            "row",
        ),
        (
            format!(
                "UPDATE entry SET jws = replace(jws, '.', '.A') WHERE h = '{}'",
                all[2].h
            ),
            "text",
        ),
        (format!("DELETE FROM entry WHERE h = '{}'", all[3].h), "chain"),
        ("DELETE FROM receipt WHERE n = 3".to_owned(), "receipt-gap"),
        ("UPDATE facility SET n = n + 1".to_owned(), "receipt-counter"),
        ("UPDATE number SET last = 0".to_owned(), "number"),
        (format!("DELETE FROM decision WHERE nid = '{nid}'"), "cleared"),
    ];
    for (sql, fault) in faults {
        world.execute(&sql);
        let found = portal::verify(world.dir()).unwrap();
        assert!(found.faults.iter().any(|f| f.fault == fault), "{sql}: {found:?}");
    }
}

#[test]
fn facts_and_decisions_are_explained_in_order_and_without_names() {
    let (world, all) = eventful();
    let told = portal::explain(world.dir(), &all[1].nid, false).unwrap();
    let words: Vec<&str> = told.iter().map(|e| e.what).collect();
    assert_eq!(words[0], "entry");
    let text = serde_json::to_string(&told).unwrap();
    for said in [
        "\"birth\"",
        "made",
        "registered",
        "TJ-DU-01-2026-B-0000",
        "correction",
        "\"trust\":",
        "issue",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for name in ["Раҳимова", "Сарвиноз", "Мадина"] {
        assert!(!text.contains(name), "{name}");
    }
    assert!(portal::explain(world.dir(), "nobody", false).unwrap().is_empty());
}

#[test]
fn every_fact_and_decision_is_told_in_whole_sentences_of_three_languages_and_without_names() {
    use ogoh::lang::Lang;
    let (world, all) = eventful();
    for nid in all.iter().skip(1).map(|entry| entry.nid.as_str()) {
        let told = portal::explain(world.dir(), nid, false).unwrap();
        for one in &told {
            for lang in Lang::ALL {
                let sentences = one.sentences(lang);
                assert!(!sentences.is_empty(), "{one:?}");
                for sentence in &sentences {
                    let gap =
                        sentence.contains('{') || sentence.starts_with("explain-") || sentence.is_empty();
                    assert!(!gap, "{} {}: {sentence}", one.what, one.word);
                    for name in ["Раҳимова", "Шарипова", "Назаров", "Сарвиноз"]
                    {
                        assert!(!sentence.contains(name), "{sentence}");
                    }
                }
            }
        }
    }
    let first = portal::explain(world.dir(), &all[1].nid, false).unwrap();
    let english: Vec<String> = first.iter().flat_map(|one| one.sentences(Lang::En)).collect();
    let text = english.join("\n");
    for said in [
        "An entry arrived from TJ-DU-BOX-01: Birth, version 1.",
        "Signed as: Doctor. Key ",
        "A key of the trust list confirms the signature.",
        "It was registered under number TJ-DU-01-2026-B-0000",
        "The rules decided it, without a person.",
        "A registrar has to look at the correction; what is registered stands meanwhile.",
        "told the sender of version 1: registered.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn an_operator_sees_what_stands_for_too_long() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (open, first) = (ward.open(), ward.birth(birth("Раҳимова")));
    let orphan = ward.amend(&first, birth("Раҳимова"));
    let alive = ward.birth(with(birth("Шарипова"), "child.living", json!("no")));
    ward.deliver(&world, &[&open, &orphan, &alive]);
    let seen = |what: &str| {
        let found = portal::doctor(world.dir(), world.clock.clone()).unwrap();
        let one = found.into_iter().find(|one| one.what == what).unwrap();
        (one.is_ok(), one.msg.render(ogoh::lang::Lang::En))
    };
    for what in ["receipt-key", "trust-key", "waiting", "orphans", "desk"] {
        assert!(seen(what).0, "{:?}", seen(what));
    }
    // The server of these tests does not sync, and is told so.
    let (safe, database) = seen("database");
    assert_eq!(safe, database.contains("SQLite"), "{database}");
    assert!(
        !seen("root-key").0 && !seen("journals").0,
        "root.key lies there, and an entry is missing"
    );
    // Nobody runs the portal's housekeeping: what it would have held stands too long.
    world.clock.advance(chrono::Duration::days(20));
    let (ok, text) = seen("orphans");
    assert!(!ok && text.contains(&orphan.h), "{text}");
    let (ok, text) = seen("waiting");
    let held = ward.newest(&world, &alive).status == ogoh::seal::Status::Held;
    assert!(held || (!ok && text.contains(&alive.nid)), "{text}");
}
