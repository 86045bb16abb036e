use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::body::{Unknown, from_json, from_text, to_json};
use super::*;
use crate::codes;
use crate::lang::{Lang, has, text};
use crate::questions::{Input, Question, questions, takes_estimate};
use crate::vital::{Answer, Event, Interval, Kind, Not, PartialDate, Stated, TimeOfDay, Value, field};

#[test]
fn every_field_that_the_program_names_is_declared_once() {
    for id in field::ALL {
        assert!(question(id).is_some(), "{id}");
    }
    for kind in Kind::ALL {
        let ids: Vec<&str> = questions(kind).map(|q| q.id).collect();
        let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{kind:?}");
        for a in &ids {
            assert!(
                !ids.iter().any(|b| b.starts_with(&format!("{a}."))),
                "{a} is a value and an object"
            );
        }
    }
}

#[test]
fn every_question_has_its_texts_and_its_list() {
    for q in Kind::ALL.into_iter().flat_map(questions) {
        let label = label_id(q.id);
        assert!(has(&label) && has(&format!("{label}-help")), "{}", q.id);
        assert!(has(&format!("section-{}", q.section)), "{}", q.section);
        if let Input::Code(list) = q.input {
            assert!(codes::list(list).is_some(), "{list}");
        }
        if let Input::Int(unit) = q.input {
            assert!(has(&format!("unit-{unit}")), "{unit}");
        }
        for lang in Lang::ALL {
            assert!(
                text(lang, &label).chars().count() <= 34,
                "label too long: {}",
                text(lang, &label)
            );
        }
    }
}

#[test]
fn what_is_typed_becomes_a_value() {
    let typed = |id: &str, text: &str| read(question(id).unwrap(), text).ok();
    let date = |t: &str| Some(Value::Date(PartialDate::parse(t).unwrap()));
    for (text, iso) in [
        ("09112026", "2026-11-09"),
        ("9.11.2026", "2026-11-09"),
        ("9/11/2026", "2026-11-09"),
        ("..11.2026", "2026-11"),
        ("112026", "2026-11"),
        ("11.2026", "2026-11"),
        ("2026", "2026"),
        ("~1950", "1950"),
        ("2026-11-09", "2026-11-09"),
        (" 2026-11 ", "2026-11"),
    ] {
        assert_eq!(typed(field::BIRTH_DATE, text), date(iso), "{text}");
    }
    for text in [
        "0911",
        "31.02.2026",
        "9.11.26",
        "9.11",
        "32012026",
        "x",
        "1.2.3.2026",
    ] {
        let value = typed(field::BIRTH_DATE, text);
        assert!(
            value.is_none() || text == "0911" && value == date("0911"),
            "{text}: {value:?}"
        );
    }
    for (text, time) in [
        ("0312", "03:12"),
        ("312", "03:12"),
        ("3:12", "03:12"),
        ("3.12", "03:12"),
        ("23:59", "23:59"),
    ] {
        assert_eq!(
            typed(field::BIRTH_TIME, text),
            Some(Value::Time(TimeOfDay::parse(time).unwrap())),
            "{text}"
        );
    }
    for text in ["2460", "24:00", "3", "3:1", "::", "99999"] {
        assert_eq!(typed(field::BIRTH_TIME, text), None, "{text}");
    }
    for (text, mm) in [("51", 510), ("51,5", 515), ("51.5", 515)] {
        assert_eq!(typed(field::BIRTH_LENGTH, text), Some(Value::Int(mm)), "{text}");
    }
    for text in ["51,55", "-5", "", "5 1", "9999"] {
        assert_eq!(typed(field::BIRTH_LENGTH, text), None, "{text}");
    }
    assert_eq!(
        typed(field::BIRTH_WEIGHT, "33500"),
        Some(Value::Int(33500)),
        "rules judge, not the form"
    );
    assert_eq!(typed(field::BIRTH_WEIGHT, "+3500"), None);
    let decomposed = "Ра\u{0445}имз\u{043E}да и\u{0304}";
    assert_eq!(
        typed(field::MOTHER_SURNAME, decomposed),
        Some(Value::Text("Рахимзода ӣ".into()))
    );
    assert_eq!(typed(field::MOTHER_SURNAME, "a\u{1b}[2J"), None);
}

#[test]
fn a_question_that_does_not_show_keeps_its_text_and_stays_out_of_the_event() {
    let mut draft = Draft::new(Kind::Death);
    draft.put(field::DECEASED_SEX, "female");
    draft.put(field::PREGNANT, "yes");
    draft.put(field::PREGNANCY_WHEN, "at-death");
    assert_eq!(draft.event().0.text(field::PREGNANCY_WHEN), Some("at-death"));
    draft.put(field::DECEASED_SEX, "male");
    let (event, errors) = draft.event();
    assert!(errors.is_empty());
    assert!(event.get(field::PREGNANT).is_none() && event.get(field::PREGNANCY_WHEN).is_none());
    assert_eq!(draft.text(field::PREGNANCY_WHEN), "at-death");
}

#[test]
fn an_estimate_is_typed_with_a_tilde_and_said_beside_the_value() {
    let mut draft = Draft::new(Kind::Birth);
    draft.put(field::BIRTH_TIME, "~0500");
    draft.put(field::MOTHER_BORN, "~1950");
    let (event, errors) = draft.event();
    assert!(errors.is_empty(), "{errors:?}");
    let body = to_json(&event);
    assert_eq!(body["birth"]["time"], "05:00");
    assert_eq!(body["approximate"], json!(["birth.time", "mother.born"]));
    assert_eq!(Draft::from_event(&event).text(field::MOTHER_BORN), "~1950");
    let shown = show_stated(question(field::BIRTH_TIME).unwrap(), &event, Lang::Tg);
    assert_eq!(shown.as_deref(), Some("~05:00"));
    draft.put(field::BIRTH_TIME, "0500");
    assert!(!draft.event().0.approximate.contains(field::BIRTH_TIME));
    // Only of what is there, and only of dates and times.
    for wrong in [r#"["birth.weight"]"#, r#"["mother.born"]"#, r#"[1]"#, r#"{}"#] {
        let text = format!(r#"{{"birth": {{"weight": 3420}}, "approximate": {wrong}}}"#);
        assert!(from_text(Kind::Birth, &text).is_err(), "{wrong}");
    }
}

#[test]
fn an_estimated_age_is_years_where_nothing_else_is_said() {
    let read = |text: &str| {
        let value = read(question(field::DECEASED_AGE).unwrap(), text).ok()?;
        match value {
            Value::Interval(i) => Some(i.to_string()),
            _ => None,
        }
    };
    assert_eq!(read("55").as_deref(), Some("P55Y"));
    assert_eq!(read("3 рӯз").as_deref(), Some("P3D"));
    assert_eq!(read("0"), None);
}

#[test]
fn an_interval_that_is_unknown_is_read_as_who_writes_it() {
    for text in ["", "P", "PT"] {
        let body = json!({"cause": {"a": {"interval": text}}});
        let event = from_json(Kind::Death, &body, Unknown::Refuse).unwrap();
        assert_eq!(event.not(field::CAUSE_A_INTERVAL), Some(Not::Knowable), "{text}");
        let validator = jsonschema::validator_for(&schema(Kind::Death)).unwrap();
        assert!(validator.is_valid(&body), "{text}");
    }
    let body = json!({"cause": {"a": {"interval": "3 days"}}});
    assert!(from_json(Kind::Death, &body, Unknown::Refuse).is_err());
}

#[test]
fn a_stated_unknown_is_taken_only_where_it_makes_sense() {
    let mut draft = Draft::new(Kind::Birth);
    draft.put(field::MOTHER_SURNAME, "Раҳимзода");
    draft.state(field::MOTHER_SURNAME, Some(Not::Refused));
    draft.state(field::CHILD_SEX, Some(Not::Yet));
    let (event, errors) = draft.event();
    assert_eq!(event.not(field::MOTHER_SURNAME), Some(Not::Refused));
    assert_eq!(
        errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(),
        ["child.sex"]
    );
    draft.state(field::MOTHER_SURNAME, None);
    assert_eq!(
        draft.event().0.text(field::MOTHER_SURNAME),
        Some("Раҳимзода"),
        "the text was kept"
    );
}

#[test]
fn a_wrong_file_is_refused_by_place_with_what_was_found_and_what_is_allowed() {
    let faults = |text: &str| -> Vec<(String, String)> {
        from_text(Kind::Birth, text)
            .unwrap_err()
            .into_iter()
            .map(|e| (e.field.clone(), e.msg.render(Lang::En)))
            .collect()
    };
    for (text, place, says) in [
        (
            r#"{"birth": {"weight": "3420"}}"#,
            "birth.weight",
            "found \"3420\"",
        ),
        (r#"{"birth": {"weight": 3.5}}"#, "birth.weight", "3.5"),
        (r#"{"birth": {"weight": null}}"#, "birth.weight", "null"),
        (r#"{"birth": {"date": "2026-02-30"}}"#, "birth.date", "no “"),
        (r#"{"birth": {"date": "9.11.2026"}}"#, "birth.date", "YYYY-MM-DD"),
        (
            r#"{"child": {"sex": "boy"}}"#,
            "child.sex",
            "male, female, undetermined",
        ),
        (
            r#"{"child": {"sex": {"not": "yet"}}}"#,
            "child.sex",
            "male, female",
        ),
        (
            r#"{"child": {"haircolour": "x"}}"#,
            "child.haircolour",
            "no such field",
        ),
        (r#"{"colour": 1}"#, "colour", "no such field"),
        (r#"{"mother": {"surname": ""}}"#, "mother.surname", "empty"),
        (r#"{"mother": 3}"#, "mother", "no such field"),
        (r#"{"checked": {"B06": "yes"}}"#, "checked.B06", "verified"),
        (r#"[]"#, "$", "found []"),
        ("{\n  \"birth\": }", "$", "line 2"),
    ] {
        let found = faults(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].0, place, "{text}");
        assert!(found[0].1.contains(says), "{text}: {}", found[0].1);
    }
    assert_eq!(
        faults(r#"{"birth": {"weight": "x", "time": "25:00"}, "x": 1}"#).len(),
        3,
        "all at once"
    );
}

#[test]
fn what_programs_write_beside_is_read_or_refused_by_name() {
    assert!(
        from_text(
            Kind::Birth,
            "\u{feff}{\"child\": {\"sex\": \"male\"}, \"mother\": {}}"
        )
        .is_ok()
    );
    for (text, place) in [
        (r#"{"nobody": {}}"#, "nobody"),
        (r#"{"checked": {"ZZ": "verified"}}"#, "checked.ZZ"),
        (r#"{"links": [{"nid": "x", "kind": "friend"}]}"#, "links"),
        ("{\"mother\": {\"surname\": \"a\u{202e}b\"}}", "mother.surname"),
    ] {
        let faults = from_text(Kind::Birth, text).unwrap_err();
        assert_eq!(faults[0].field, place, "{text}");
    }
    let (event, faults) = body::read_text(Kind::Birth, r#"{"birth": {"weight": "x", "weeks": 39}}"#);
    assert_eq!(
        (faults.len(), event.int(field::BIRTH_WEEKS)),
        (1, Some(39)),
        "the rest is read"
    );
}

#[test]
fn members_of_a_newer_version_are_kept_where_they_are_signed() {
    let json = json!({"child": {"sex": "male", "haircolour": "dark"}, "future": [1]});
    let event = from_json(Kind::Birth, &json, Unknown::Keep).unwrap();
    assert_eq!(event.text(field::CHILD_SEX), Some("male"));
    assert_eq!(to_json(&event), json);
}

#[test]
fn a_length_and_a_date_are_shown_as_people_write_them() {
    let shown = |id: &str, v: Value, lang| show(question(id).unwrap(), &v, lang);
    assert_eq!(shown(field::BIRTH_LENGTH, Value::Int(515), Lang::Tg), "51,5 см");
    assert_eq!(shown(field::BIRTH_WEIGHT, Value::Int(3420), Lang::Ru), "3420 г");
    let d = Value::Date(PartialDate::parse("2026-11").unwrap());
    assert_eq!(shown(field::BIRTH_DATE, d, Lang::Tg), "11.2026");
    let i = Value::Interval(Interval::parse_iso("P1Y3D").unwrap());
    assert_eq!(shown(field::CAUSE_A_INTERVAL, i.clone(), Lang::Ru), "1 год 3 дня");
    assert_eq!(shown(field::CAUSE_A_INTERVAL, i, Lang::Tg), "1 сол 3 рӯз");
}

fn any_value(q: &'static Question) -> BoxedStrategy<Value> {
    match q.input {
        Input::Text(_) | Input::Cause(_) | Input::Name => "[А-Яа-яA-Za-zӣӯғқҳҷ0-9][а-я ]{0,8}[а-яӣ]"
            .prop_map(Value::Text)
            .boxed(),
        Input::Icd => "[A-Z][0-9]{2}(\\.[0-9])?".prop_map(Value::Text).boxed(),
        Input::Code(list) => {
            let codes = codes::list(list)
                .unwrap()
                .codes
                .iter()
                .map(|c| c.code.clone())
                .collect::<Vec<_>>();
            proptest::sample::select(codes).prop_map(Value::Code).boxed()
        }
        Input::Int(_) => (0i64..=9_999_999).prop_map(Value::Int).boxed(),
        Input::Length => (0i64..=9_999).prop_map(Value::Int).boxed(),
        Input::Date(_) => (
            1850i32..2199,
            proptest::option::of((1u32..=12, proptest::option::of(1u32..=28))),
        )
            .prop_map(|(y, rest)| {
                let (m, d) = rest.map_or((None, None), |(m, d)| (Some(m), d));
                Value::Date(PartialDate::new(y, m, d).unwrap())
            })
            .boxed(),
        Input::Time(_) => (0u32..24, 0u32..60)
            .prop_map(|(h, m)| Value::Time(TimeOfDay::new(h, m).unwrap()))
            .boxed(),
        Input::Interval => (
            1u32..9999,
            proptest::sample::select(vec!["P%Y", "P%M", "P%W", "P%D", "PT%H", "PT%M"]),
        )
            .prop_map(|(n, p)| Value::Interval(Interval::parse_iso(&p.replace('%', &n.to_string())).unwrap()))
            .boxed(),
    }
}

/// A field and what is stated for it, or a question left alone.
type AnyAnswer = BoxedStrategy<Option<(String, Stated<Value>)>>;

/// Any event that the form could make: what does not show is left out.
fn any_event() -> impl Strategy<Value = Event> {
    proptest::sample::select(Kind::ALL.to_vec()).prop_flat_map(|kind| {
        let answers: Vec<AnyAnswer> = questions(kind)
            .map(|q| {
                let known = any_value(q).prop_map(Stated::Known);
                let stated = match q.nots {
                    [] => known.boxed(),
                    nots => prop_oneof![3 => known, 1 => proptest::sample::select(nots.to_vec()).prop_map(Stated::Not)].boxed(),
                };
                proptest::option::weighted(0.7, stated.prop_map(|s| (q.id.to_owned(), s))).boxed()
            })
            .collect();
        answers.prop_map(move |answers| {
            let mut event = Event::new(kind);
            event.values = answers.into_iter().flatten().collect();
            event.checked.insert("B06".into(), Answer::Verified);
            // Every other date or time is an estimate.
            event.approximate = questions(kind)
                .filter(|q| takes_estimate(q) && event.known(q.id).is_some())
                .map(|q| q.id.to_owned())
                .step_by(2)
                .collect();
            Draft::from_event(&event).event().0
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_event_survives_draft_and_json(event in any_event()) {
        let (again, errors) = Draft::from_event(&event).event();
        prop_assert!(errors.is_empty(), "{errors:?}");
        prop_assert_eq!(&again, &event);
        let json = to_json(&event);
        let text = serde_json::to_string(&json).unwrap();
        prop_assert_eq!(from_text(event.kind, &text).unwrap(), event.clone());
        let validator = jsonschema::validator_for(&schema(event.kind)).unwrap();
        prop_assert!(validator.is_valid(&json), "{:?}", validator.iter_errors(&json).next());
    }

    #[test]
    fn the_schema_refuses_what_the_form_refuses(event in any_event(), pick in any::<proptest::sample::Index>(), swap in 0usize..6) {
        let mut json = to_json(&event);
        let paths: Vec<&String> = event.values.keys().collect();
        prop_assume!(!paths.is_empty());
        let pointer = format!("/{}", pick.get(&paths).replace('.', "/"));
        let wrong = [json!(null), json!(-1), json!([]), json!({"not": "maybe"}), json!({"x": 1}), json!(true)];
        *json.pointer_mut(&pointer).unwrap() = wrong[swap].clone();
        let by_form = from_json(event.kind, &json, Unknown::Refuse).is_err();
        let by_schema = !jsonschema::validator_for(&schema(event.kind)).unwrap().is_valid(&json);
        prop_assert_eq!(by_form, by_schema, "{} {}", pointer, json);
        prop_assert!(by_form);
    }

    #[test]
    fn any_json_gets_an_answer(text in "\\PC{0,60}") {
        let _ = from_text(Kind::Death, &text);
        let _ = from_json(Kind::Birth, &Json::from(text), Unknown::Keep);
    }

    #[test]
    fn anything_typed_gets_an_answer(text in "\\PC{0,20}|[0-9.,:/ -]{0,12}") {
        for q in Kind::ALL.into_iter().flat_map(questions) {
            if let Ok(v) = read(q, &text) {
                for lang in Lang::ALL { show(q, &v, lang); }
            }
        }
    }
}
