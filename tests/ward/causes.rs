//! Causes by command: words that count as a code, codes that are no cause, lists that are imported.

use crate::support::ward::WardDevice;
use crate::support::{Ran, ogoh, run};
use serde_json::{Value, json};

/// What `check-event` says of a death by this cause alone.
fn checked(cause: &Value, lang: &str) -> Ran {
    let event = json!({
        "cause": { "a": cause, "lang": "ru" },
        "death": { "certificate": "final", "date": "2026-11-25", "time": "11:00", "district": "TJ-KT-01",
            "manner": "disease", "place": "facility" },
        "deceased": { "born": "1949-07-19", "district": "TJ-KT-01", "document": "А 06662441",
            "given": "Беҳрӯз", "patronymic": "Насимович", "sex": "male", "surname": "Темуров" },
        "office": "TJ-KT-01"
    });
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("event.json");
    std::fs::write(&file, event.to_string()).unwrap();
    let at = "2026-11-26T12:00:00+05:00";
    run(ogoh()
        .args(["check-event", "death", "--lang", lang, "--at", at, "--from"])
        .arg(&file))
}

#[test]
fn words_alone_get_the_warning_of_their_code_in_each_language() {
    for (words, code, rule) in [
        ("Остановка сердца", "I46.9 (Остановка сердца)", "D17"),
        ("Неизвестно", "R99 (Неизвестно)", "D15"),
        ("пиронсолӣ", "R54 (пиронсолӣ)", "D15"),
        ("cardiac arrest", "I46.9 (cardiac arrest)", "D17"),
    ] {
        for lang in ["tg", "ru", "en"] {
            let said = checked(&json!({ "text": words }), lang).out;
            let line = said.lines().find(|l| l.starts_with(&format!("W {rule} ")));
            assert!(line.is_some_and(|l| l.contains(code)), "{words}: {said}");
        }
    }
    let said = checked(&json!({ "text": "см. выше" }), "ru").out;
    assert!(said.contains("W D49 ") && !said.contains("D15"), "{said}");
}

#[test]
fn a_code_that_is_no_cause_or_does_not_exist_is_found_with_the_built_in_list_alone() {
    for (code, start) in [
        ("Z00.0", "E D13 "),
        ("Z99", "E D13 "),
        ("A10", "W D14 "),
        ("E17.1", "W D14 "),
    ] {
        let said = checked(&json!({ "text": "Общий осмотр", "code": code }), "ru").out;
        let found = said.lines().any(|l| l.starts_with(start) && l.contains(code));
        assert!(found, "{code}: {said}");
    }
}

#[test]
fn an_import_says_what_it_took_and_loads_nothing_where_too_much_is_missing() {
    let ward = WardDevice::new();
    let good = ward.file("good.csv", "code;title;lang\nI219;Xylotic infarction;en\nA00-A09;a block;en\nA001;\"Open quote;en\nA002;next;en\n");
    let ran = ward.ran(&["icd", "import", &good]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        said,
        json!({ "loaded": true, "titles": 3, "codes": 3, "headings": 1, "left_out": 0, "first": [] })
    );
    let found = ward.ran(&["icd", "search", "xylotic"]);
    assert!(found.out.contains("I21.9"), "{found:?}");
    let bad = ward.file("bad.csv", "code,title\nA00,cholera\nnothing,here\n");
    for (lang, line) in [("en", "Line 3: "), ("ru", "Строка 3: "), ("tg", "Сатри 3: ")] {
        let dir = ward.dir();
        let ran = run(ogoh()
            .args(["icd", "import", &bad, "--json", "--lang", lang, "--data-dir"])
            .arg(dir));
        assert_eq!(ran.code, 1, "{ran:?}");
        let said: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((&said["loaded"], &said["left_out"]), (&json!(false), &json!(1)));
        assert!(said["first"][0].as_str().unwrap().starts_with(line), "{said}");
    }
    // What was loaded before stands.
    assert!(ward.ran(&["icd", "search", "xylotic"]).out.contains("I21.9"));
}
