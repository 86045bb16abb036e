//! Acts that were registered before there was this registry: imported once, compared, found, never numbered anew.

use ogoh::portal;
use ogoh::seal::Status;
use ogoh::wire;

use super::paper::{assert_whole, late, place_of};
use super::world;
use crate::portal_support::*;

/// Three acts: a mother as [`birth`] has her, a death in another office's book, one of whom little is known.
fn acts() -> String {
    let mother = birth("Раҳимова")["mother"].clone();
    let (born, document) = (
        mother["born"].as_str().unwrap(),
        mother["document"].as_str().unwrap(),
    );
    format!(
        "\
kind,office,year,number,date,surname,given,patronymic,born,document,child_given,sex,certificate,certificate_date
birth,TJ-DU-01,2026,17/б,22.11.2026,Раҳимова,Сарвиноз,Холмуродовна,{born},{document},Мадина,female,I-ТҶ 004,2026-11-23
death,TJ-DU-02,2025,№ 8 дуюм,2025-10-01,Каримов,Саидмурод,Каримович,1950,,,male,,
death,TJ-DU-01,2026,8,21.11.2026,Назаров,,,,,,male,,
"
    )
}

fn import(world: &World, table: &str) -> portal::ImportedActs {
    portal::import_acts(world.dir(), table, world.clock.clone()).unwrap()
}

#[test]
fn an_imported_act_stands_with_its_own_number_once() {
    let world = world();
    let first = import(&world, &acts());
    assert_eq!(
        (first.taken, first.known, first.faults.len()),
        (3, 0, 0),
        "{first:?}"
    );
    let again = import(&world, &acts());
    assert_eq!((again.taken, again.known, again.faults.len()), (0, 3, 0));
    // Found by number and name, with book and certificate.
    let registrar = world.registrar();
    let (_, to) = registrar.send("/desk/find", &[("q", "17/б")]);
    let (_, page) = registrar.get(&to);
    for said in ["17/б", "I-ТҶ 004", "Registered before", "Раҳимова"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(registrar.send("/desk/find", &[("q", "Раҳимова Сарвиноз")]).1, to);
    let other = world.signed_in("second", "registrar", "TJ-DU-02");
    assert!(
        other
            .send("/desk/find", &[("q", "№ 8 дуюм")])
            .1
            .starts_with("/desk/record/")
    );
    // It stands in likeness against the wards.
    let mut ward = world.ward(FAC);
    let entries = [
        ward.open(),
        ward.birth(birth("Раҳимова")),
        ward.birth(birth("Шарипова")),
    ];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(
        (receipts[1].status, code(&receipts[1])),
        (Status::Held, "look-alike")
    );
    assert_eq!(receipts[2].reg_no.as_deref(), Some("TJ-DU-01-2026-B-000001"));
    assert_whole(&world);
}

#[test]
fn a_number_that_an_act_has_is_never_given_again() {
    let world = world();
    let act = |number: &str| {
        format!("kind,office,year,number,date,surname\nbirth,TJ-DU-01,2026,{number},2026-02-03,Зоирова\n")
    };
    // Written as ours are, with fewer digits.
    assert_eq!(import(&world, &act("TJ-DU-01-2026-B-0007")).taken, 1);
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(receipts[1].reg_no.as_deref(), Some("TJ-DU-01-2026-B-000008"));
    // An act that this registry has registered itself is known.
    let same = act("TJ-DU-01-2026-B-000008").replace("2026-02-03,Зоирова", "22.11.2026,Раҳимова");
    assert_eq!(import(&world, &same).known, 1);
    assert_whole(&world);
}

#[test]
fn a_bad_line_is_named_by_line_and_column_and_stops_no_other() {
    let world = world();
    let table = "\u{feff}kind;office;year;number;date;surname;born;certificate;certificate_date\n\
        wedding;TJ-DU-01;2025;1;2025-01-01;Аминова;;;\n\
        birth;TJ-XX;1885;2;2025-01-01;Аминова;;;\n\
        birth;TJ-DU-01;2025; ;31.02.2025;;1990;;\n\
        birth;TJ-DU-01;2025;4;2027-01-01;Аминова;someday;7;\n\
        birth;TJ-DU-01;2025;5;2025-01-01;Аминова;1990;;\n";
    let found = import(&world, table);
    let faults: Vec<(u64, &str, &str)> = found.faults.iter().map(|f| (f.line, f.column, f.why)).collect();
    assert_eq!(
        faults,
        [
            (2, "kind", "unknown"),
            (3, "office", "unknown"),
            (4, "number", "missing"),
            (4, "date", "unreadable"),
            (4, "surname", "missing"),
            (5, "born", "unreadable"),
            (5, "date", "future"),
            (5, "certificate_date", "missing"),
        ]
    );
    assert_eq!(found.taken, 1);
    for columns in [
        "kind,office,year,number,date",
        "kind,office,year,number,date,surname,colour",
    ] {
        assert!(portal::import_acts(world.dir(), columns, world.clock.clone()).is_err());
    }
    // A table without column names: nothing of it is repeated.
    let bare = portal::import_acts(world.dir(), "birth,Аминова\n", world.clock.clone());
    assert!(!format!("{bare:?}").contains("Аминова"));
    assert_whole(&world);
}

#[test]
fn a_duplicate_of_a_known_act_names_it_and_comes_back_with_its_end() {
    let world = world();
    import(&world, &acts());
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.death(late("Каримов"))];
    ward.deliver(&world, &entries.each_ref());
    let act = [
        ("act", "registered"),
        ("office", "TJ-DU-02"),
        ("year", "2025"),
        ("number", "№ 8 дуюм"),
    ];
    assert!(world.rule(&entries[1].h, &act));
    let receipt = ward.newest(&world, &entries[1]);
    let known = receipt
        .dup_of
        .clone()
        .expect("the act's notification")
        .to_string();
    assert_eq!(
        place_of(&receipt),
        (
            Status::Duplicate,
            Some("TJ-DU-02"),
            Some("№ 8 дуюм"),
            Some(known.as_str())
        )
    );
    let other = world.signed_in("second", "registrar", "TJ-DU-02");
    let annul = [("act", "annul"), ("text", "сабт хато буд")];
    assert_eq!(other.send(&format!("/desk/record/{known}"), &annul).0, 303);
    let receipt = ward.newest(&world, &entries[1]);
    assert_eq!(
        (receipt.status, code(&receipt)),
        (Status::Held, "original-annulled")
    );
    // Annulled, it is not taken in again.
    assert_eq!(import(&world, &acts()).known, 3);
    assert_whole(&world);
}

#[test]
fn a_noted_act_is_linked_once_it_is_imported() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.death(late("Каримов"))];
    ward.deliver(&world, &entries.each_ref());
    let act = [
        ("act", "registered"),
        ("office", "TJ-DU-02"),
        ("year", "2025"),
        ("number", "№ 8 дуюм"),
    ];
    assert!(world.rule(&entries[1].h, &act));
    assert_eq!(ward.newest(&world, &entries[1]).dup_of, None);
    assert_eq!(import(&world, &acts()).taken, 3);
    let receipt = ward.newest(&world, &entries[1]);
    assert_eq!(
        (receipt.status, receipt.by),
        (Status::Duplicate, ogoh::seal::By::Registrar)
    );
    let known = receipt.dup_of.expect("the act's notification").to_string();
    let other = world.signed_in("second", "registrar", "TJ-DU-02");
    let annul = [("act", "annul"), ("text", "сабт хато буд")];
    assert_eq!(other.send(&format!("/desk/record/{known}"), &annul).0, 303);
    assert_eq!(code(&ward.newest(&world, &entries[1])), "original-annulled");
    assert_whole(&world);
}

#[test]
fn a_duplicate_of_a_noted_act_comes_back_with_its_receipt() {
    let mut world = world();
    let mut ward = world.ward(FAC);
    world.portal = None;
    let copy = world.copy_book();
    world.start();
    ward.base = world.url("");
    let entries = [ward.open(), ward.death(late("Каримов"))];
    ward.deliver(&world, &entries.each_ref());
    let act = [
        ("act", "registered"),
        ("office", "TJ-DU-02"),
        ("year", "2025"),
        ("number", "17/б"),
    ];
    assert!(world.rule(&entries[1].h, &act));
    // The ward has its receipt, and the registry is set back.
    let (_, receipt) = ward.post(entries[1].jws.clone());
    world.portal = None;
    world.restore_book(copy);
    world.start();
    ward.base = world.url("");
    let lines = format!(
        "{}\n{}\n{}\n",
        receipt.trim(),
        wire::jws_line(&entries[0].jws),
        wire::jws_line(&entries[1].jws)
    );
    assert_eq!(ward.post(lines).0, 200);
    let receipt = ward.newest(&world, &entries[1]);
    assert_eq!(
        place_of(&receipt),
        (Status::Duplicate, Some("TJ-DU-02"), Some("17/б"), None)
    );
    assert!(!world.lists(&entries[1].h));
}

#[test]
fn a_number_of_an_act_is_a_line_that_a_reader_sees_whole() {
    let world = world();
    for c in ["\u{61c}", "\u{ad}", "\u{2028}"] {
        let table = format!(
            "kind,office,year,number,date,surname,certificate,certificate_date\n\
             birth,TJ-DU-01,2026,1{c}7,2026-02-03,Зоирова,,\n\
             birth,TJ-DU-01,2026,18,2026-02-03,Зоирова,I{c}4,2026-02-04\n"
        );
        let found = import(&world, &table);
        let faults: Vec<(u64, &str)> = found.faults.iter().map(|f| (f.line, f.column)).collect();
        assert_eq!(faults, [(2, "number"), (3, "certificate")], "{c:?}");
        assert_eq!(found.taken, 0);
    }
}

#[test]
fn no_line_of_a_table_is_lost_or_moved_without_a_word() {
    let world = world();
    let head = "kind,office,year,number,date,surname,given\n";
    let faults = |lines: &str| {
        let found = import(&world, &format!("{head}{lines}"));
        assert_eq!(found.taken, 0, "{lines}");
        let faults = found.faults.iter();
        faults.map(|f| (f.line, f.why)).collect::<Vec<_>>()
    };
    // A comma in a name moves what follows it into the next column.
    let moved = "birth,TJ-DU-01,2026,1,2026-02-03,Зоирова, вдова,Мадина\n";
    assert_eq!(faults(moved), [(2, "cells")]);
    // A file that was cut off.
    assert_eq!(faults("birth,TJ-DU-01,2026,1,2026-02-03,Зои"), [(2, "cells")]);
    // A quotation mark that nobody closed.
    let open =
        "birth,TJ-DU-01,2026,1,2026-02-03,Зоирова,\"Мадина\nbirth,TJ-DU-01,2026,2,2026-02-03,Аминова,\n";
    assert_eq!(faults(open), [(2, "quote")]);
    // One column twice: nobody knows which of the two is meant.
    let twice = "kind,office,year,number,date,surname,number\nbirth,TJ-DU-01,2026,1,2026-02-03,Зоирова,2\n";
    assert!(portal::import_acts(world.dir(), twice, world.clock.clone()).is_err());
    // Two people under one number: the second is told of.
    let line = |who: &str| format!("birth,TJ-DU-01,2026,9,2026-02-03,{who},\n");
    let both = format!("{head}{}{}", line("Зоирова"), line("Аминова"));
    let found = import(&world, &both);
    assert_eq!((found.taken, found.known), (1, 0), "{found:?}");
    let faults: Vec<(u64, &str, &str)> = found.faults.iter().map(|f| (f.line, f.column, f.why)).collect();
    assert_eq!(faults, [(3, "surname", "other-act")]);
    assert_whole(&world);
}
