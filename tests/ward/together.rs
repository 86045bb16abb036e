//! Several events of one file, signed in one act or not at all.

use serde_json::{Value, json};

use crate::support::ward::{WardDevice, birth};
use crate::support::{ogoh, run};

fn record(ward: &WardDevice, events: &[(&str, Value)]) -> (i32, Vec<Value>) {
    let rows: Vec<Value> = events
        .iter()
        .map(|(kind, event)| json!({"kind": kind, "event": event}))
        .collect();
    let file = ward.file("events.json", &json!({"events": rows}).to_string());
    let ran = ward.ran_as(&["record", "events", "--from", &file], "firuz");
    (ran.code, ran.json())
}

fn bodies(ward: &WardDevice) -> Vec<Value> {
    let listed = ward.must(&["list"]);
    let ids = listed.iter().map(|row| row["nid"].as_str().unwrap().to_owned());
    ids.map(|nid| ward.must(&["show", &nid]).pop().unwrap()).collect()
}

pub fn twin(order: i64) -> Value {
    let mut event = birth("Раҳимзода", "А 01410041");
    event["birth"]["plurality"] = json!(2);
    event["birth"]["order"] = json!(order);
    event["birth"]["weight"] = json!(2300 + 100 * order);
    event["birth"]["time"] = json!(format!("03:{}", 10 + order));
    event["birth"]["weeks"] = json!(37);
    event
}

fn death_of(born: &Value) -> Value {
    json!({
        "death": {
            "certificate": "final", "date": born["birth"]["date"], "time": "09:40", "place": "facility",
            "district": "TJ-KT-01", "manner": "disease"
        },
        "deceased": {
            "surname": "Раҳимзода", "given": {"not": "knowable"}, "sex": "male", "born": born["birth"]["date"],
            "district": "TJ-KT-07"
        },
        "infant": {"birth_weight": 900, "weeks": 26, "multiple": "no", "mother_age": 28},
        "cause": {"lang": "ru", "a": {"text": "Респираторный дистресс-синдром", "interval": "PT6H"}},
        "office": "TJ-KT-01", "checked": {"D46": "verified"}
    })
}

#[test]
fn twins_of_a_file_are_one_set() {
    let ward = WardDevice::new();
    let (code, said) = record(&ward, &[("birth", twin(2)), ("birth", twin(1))]);
    assert_eq!((code, said.len()), (0, 2), "{said:?}");
    let all = bodies(&ward);
    let sets: Vec<&Value> = all.iter().map(|shown| &shown["body"]["set"]).collect();
    assert!(
        sets.iter().all(|set| set["n"] == 2 && set["id"] == sets[0]["id"]),
        "{all:?}"
    );
}

#[test]
fn a_birth_and_its_death_of_a_file_name_each_other() {
    let ward = WardDevice::new();
    let mut born = birth("Раҳимзода", "А 01410042");
    born["child"]["living"] = json!("no");
    born["birth"]["weight"] = json!(900);
    born["birth"]["weeks"] = json!(26);
    born["birth"]["length"] = json!(340);
    let (code, said) = record(&ward, &[("death", death_of(&born)), ("birth", born.clone())]);
    assert_eq!((code, said.len()), (0, 2), "{said:?}");
    let (first, second) = (&said[0], &said[1]);
    let links = |one: &Value| {
        ward.must(&["show", one["nid"].as_str().unwrap()]).pop().unwrap()["body"]["links"].clone()
    };
    assert_eq!(
        links(first),
        json!([{"nid": second["nid"], "kind": "birth-of-this-death"}])
    );
    assert_eq!(
        links(second),
        json!([{"nid": first["nid"], "kind": "death-of-this-birth"}])
    );
}

#[test]
fn a_file_with_one_bad_event_signs_none_and_says_where() {
    let ward = WardDevice::new();
    let mut bad = twin(2);
    bad["birth"]["weight"] = json!("heavy");
    let mut astray = twin(1);
    astray["links"] = json!([{"nid": "#7", "kind": "twin"}]);
    let mut absurd = twin(2);
    absurd["birth"]["weight"] = json!(33500);
    let pointer = "/events/1/event/birth/weight";
    for second in [bad, absurd] {
        let (code, said) = record(&ward, &[("birth", twin(1)), ("birth", second)]);
        assert_eq!(code, 1);
        let found = said[0]["findings"].as_array().unwrap();
        assert!(found.iter().any(|f| f["pointer"] == pointer), "{said:?}");
        // A person reads where it stands as well.
        let file = ward.home().join("events.json").display().to_string();
        let command = ward.command_as(&["record", "events", "--from", &file], "firuz");
        let args: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        let text = run(ogoh().args(args.into_iter().filter(|arg| arg != "--json")));
        assert!(
            format!("{}{}", text.out, text.err).contains("/events/1/event"),
            "{text:?}"
        );
    }
    let (_, said) = record(&ward, &[("birth", astray)]);
    assert_eq!(
        said[0]["findings"][0]["pointer"], "/events/0/event/links/0/nid",
        "{said:?}"
    );
    let (_, said) = record(&ward, &[("wedding", twin(1))]);
    assert_eq!(said[0]["findings"][0]["pointer"], "/events/0", "{said:?}");
    assert!(ward.must(&["list"]).is_empty());
}

/// Checks a file of several events, with the ward's data folder or without.
fn check(ward: &WardDevice, events: &[(&str, Value)], at_ward: bool) -> (i32, Vec<Value>) {
    let rows: Vec<Value> = events
        .iter()
        .map(|(kind, event)| json!({"kind": kind, "event": event}))
        .collect();
    let file = ward.file("events.json", &json!({ "events": rows }).to_string());
    let args = ["check-event", "events", "--from", &file];
    let ran = match at_ward {
        true => ward.ran(&args),
        false => run(ogoh().args(args).args(["--lang", "en", "--json"])),
    };
    (ran.code, ran.json())
}

#[test]
fn each_event_of_a_file_is_checked_in_its_own_place_and_beside_the_others() {
    let ward = WardDevice::new();
    for at_ward in [true, false] {
        // What is signed together is no fault of either.
        let mut born = birth("Раҳимзода", "А 01410044");
        born["child"]["living"] = json!("no");
        born["birth"]["weight"] = json!(900);
        born["birth"]["weeks"] = json!(26);
        born["birth"]["length"] = json!(340);
        let pair = [("death", death_of(&born)), ("birth", born.clone())];
        assert_eq!(check(&ward, &pair, at_ward).0, 0);
        let alone = check(&ward, &pair[1..], at_ward);
        assert!(alone.1.iter().any(|f| f["rule"] == "B30"), "{alone:?}");
        let (code, found) = check(&ward, &[("birth", twin(1)), ("birth", twin(2))], at_ward);
        assert_eq!(code, 0, "{found:?}");
        // What of one can be read is checked, whatever is wrong with the other; and each where it stands.
        let (mut unread, mut absurd) = (twin(1), twin(2));
        unread["birth"]["weight"] = json!("heavy");
        absurd["birth"]["weight"] = json!(33500);
        let (code, found) = check(&ward, &[("birth", unread), ("birth", absurd)], at_ward);
        assert_eq!(code, 1);
        let at = |pointer: &str| {
            let at = found.iter().filter(|f| f["pointer"] == pointer);
            at.map(|f| f["rule"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(at("/events/0/event/birth/weight").len(), 1, "{found:?}");
        assert!(
            at("/events/1/event/birth/weight").contains(&"B02".to_owned()),
            "{found:?}"
        );
        let (_, found) = check(&ward, &[("wedding", twin(1)), ("birth", twin(2))], at_ward);
        assert_eq!(found[0]["pointer"], "/events/0", "{found:?}");
    }
    // What a set is refused for at the signing is found before.
    let (mut first, mut second) = (twin(1), twin(2));
    first["birth"]["order"] = json!(1);
    second["birth"]["order"] = json!(1);
    let events = [("birth", first), ("birth", second)];
    let (code, refused) = record(&ward, &events);
    assert_eq!(code, 1, "{refused:?}");
    let (code, found) = check(&ward, &events, true);
    assert_eq!(code, 1);
    for fault in refused[0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["severity"] == "E")
    {
        let pointer = &fault["pointer"];
        assert!(
            found
                .iter()
                .any(|f| f["rule"] == fault["rule"] && f["pointer"] == *pointer),
            "{fault}: {found:?}"
        );
    }
    // A correction is of one.
    let file = ward.home().join("events.json").display().to_string();
    let ran = ward.ran(&["check-event", "events", "--from", &file, "--amends", "x"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    let file = ward.file("broken.json", "{\"events\": [,]}");
    let ran = ward.ran(&["check-event", "events", "--from", &file]);
    let said = ran.json();
    assert_eq!(
        (ran.code, said.len(), &said[0]["pointer"]),
        (1, 1, &json!("")),
        "{}",
        ran.out
    );
    assert!(
        said[0]["message"].as_str().unwrap().contains("line 1, column 13"),
        "{}",
        ran.out
    );
}

#[test]
fn drafts_are_added_shown_signed_and_deleted_by_commands() {
    let ward = WardDevice::new();
    let add = |event: &Value, kind: &str| {
        let file = ward.file("draft.json", &event.to_string());
        ward.ran(&["draft", "add", kind, "--from", &file, "--by", "mehri"])
    };
    // Unfinished is no fault of a draft.
    let mut begun = birth("Назарова", "А 01410051");
    begun["mother"]["given"] = json!("Гулнора");
    begun["mother"]["born"] = json!("1991-02-03");
    begun["birth"].as_object_mut().unwrap().remove("weight");
    let one = add(&begun, "birth").json()[0]["id"].as_str().unwrap().to_owned();
    let shown = ward.must(&["draft", "show", &one]).pop().unwrap();
    assert_eq!(shown["event"]["mother"]["surname"], "Назарова");
    // Two children of a file are signed together.
    let twins = json!({"events": [{"kind": "birth", "event": twin(1)}, {"kind": "birth", "event": twin(2)}]});
    let two = add(&twins, "events").json();
    assert_eq!((two.len(), ward.must(&["draft"]).len()), (2, 3));
    let sign = |id: &str| ward.ran_as(&["draft", "sign", id], "firuz");
    let signed = sign(two[1]["id"].as_str().unwrap());
    assert_eq!(
        (signed.code, signed.json().len()),
        (0, 2),
        "{}{}",
        signed.out,
        signed.err
    );
    // What is missing stops the other one, and nothing of it is lost.
    let refused = sign(&one);
    assert_eq!(refused.code, 1);
    assert!(
        refused.json()[0]["findings"].to_string().contains("birth.weight"),
        "{}",
        refused.out
    );
    assert_eq!(ward.must(&["draft"]).len(), 1);
    ward.must(&["draft", "delete", &one]);
    assert!(ward.must(&["draft"]).is_empty());
    assert_eq!(sign(&one).code, 1);
    // An answer that a form would not ask is not dropped in silence.
    let mut married = birth("Раҳимзода", "А 01410052");
    married["mother"]["marriage"] = json!("none");
    married["mother"]["marriage_act"] = json!("12");
    let refused = add(&married, "birth");
    assert_eq!(refused.code, 1);
    assert_eq!(
        refused.json()[0]["findings"][0]["pointer"],
        "/mother/marriage_act",
        "{}",
        refused.out
    );
    assert_eq!(add(&twin(1), "wedding").code, 2);
}
