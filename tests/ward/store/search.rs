//! Search: any spelling, newest first, whatever is typed.

use crate::store_support::*;
use ogoh::seal::Status;

#[test]
fn names_are_found_with_and_without_tajik_letters() {
    let ward = Ward::new();
    let mut store = ward.store();
    let nids: Vec<String> = (0..10).map(|i| ward.birth(&mut store, i).nid.into()).collect();
    for (typed, n) in [
        ("Раҳимова", 0),
        ("рахимова", 0),
        ("РАҲИМ", 0),
        ("ҳақназарова", 4),
        ("хакназ", 4),
        ("улмасова", 5),
        ("Ӯлм", 5),
        ("кодирова", 6),
        ("Қодирова зарина", 6),
        ("зар гафур", 7),
        ("Ғафурова", 7),
        ("чураева", 8),
        ("Ҷӯраева", 8),
        // As a keyboard without composed letters sends it: и and a combining macron.
        ("Саи\u{304}д", 99),
        ("сафар рустам", 9),
        ("A12007919", 1),
        ("а 12 007 919", 1),
        ("901000003", 3),
        ("90 100 00 03", 3),
        ("+992 90 1000003", 3),
        ("992901000003", 3),
        ("ТБ-500002", 2),
        ("тб 500002", 2),
        ("ТБ500002", 2),
        ("нест", 99),
    ] {
        let found: Vec<String> = store
            .search(typed, 10)
            .unwrap()
            .into_iter()
            .map(|r| r.nid.into())
            .collect();
        let wanted: Vec<String> = nids.get(n).cloned().into_iter().collect();
        assert_eq!(found, wanted, "{typed}");
    }
    let row = &store.search("рахимова", 1).unwrap()[0];
    assert_eq!(
        row.name, "Раҳимова Зарина Рустамовна",
        "what is stored is not folded"
    );
}

#[test]
fn the_newest_come_first_and_no_more_than_asked_for() {
    let ward = Ward::new();
    let mut store = ward.store();
    let nids: Vec<String> = (0..30).map(|i| ward.birth(&mut store, i).nid.into()).collect();
    let found: Vec<String> = store
        .search("рустам", 5)
        .unwrap()
        .into_iter()
        .map(|r| r.nid.into())
        .collect();
    assert_eq!(found, nids.iter().rev().take(5).cloned().collect::<Vec<_>>());
}

#[test]
fn the_search_follows_corrections_and_numbers_of_the_register() {
    let ward = Ward::new();
    let mut registry = Registry::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let found = |store: &ogoh::ward::store::Store, typed: &str| store.search(typed, 10).unwrap().len();
    assert_eq!(found(&store, "Нозанин"), 0);
    ward.amend(&mut store, &signed.nid, |b| {
        b["child"]["given"] = "Нозанин".into()
    });
    assert_eq!((found(&store, "Нозанин"), found(&store, "Каримова")), (1, 1));
    registry.decides(&mut store, &signed.id, Status::Registered);
    assert_eq!((found(&store, "ДУ-02/00001"), found(&store, "Нозанин")), (1, 1));
}

#[test]
fn nothing_that_can_be_typed_breaks_the_search() {
    let ward = Ward::new();
    let mut store = ward.store();
    ward.birth(&mut store, 1);
    for typed in [
        "",
        " ",
        "\"",
        "'",
        "*",
        "(",
        "a OR b",
        "NOT",
        "NEAR(a b)",
        "-",
        "^a",
        "words:x",
        "a\"b",
        "\0",
        "𐐀Ⓐx",
        "xⒶy",
        "कि",
        "aे",
        "َ",
        "1",
        "😀",
        "%_",
        "%",
        "\u{202e}abc",
    ] {
        store
            .search(typed, 10)
            .unwrap_or_else(|e| panic!("{typed:?}: {e:?}"));
    }
    let long = "ҷ".repeat(100_000);
    assert!(store.search(&long, 10).unwrap().is_empty());
    let many = "а ".repeat(2_000);
    store.search(&many, 10).unwrap();
}
