//! Bodies of events without any fault, and ways to spoil them.

use serde_json::{Value, json};

/// A number of its own for each surname: people differ in more than their names.
fn own(surname: &str) -> u32 {
    surname
        .chars()
        .map(u32::from)
        .fold(7, |a, c| a.wrapping_mul(31).wrapping_add(c))
}

fn document(surname: &str) -> String {
    format!("А {:08}", own(surname) % 100_000_000)
}

fn born(surname: &str, first_year: u32) -> String {
    let n = own(surname);
    format!(
        "{}-{:02}-{:02}",
        first_year + n % 15,
        1 + n / 15 % 12,
        1 + n / 180 % 28
    )
}

fn time(surname: &str) -> String {
    let n = own(surname);
    format!("{:02}:{:02}", n % 20, n / 20 % 60)
}

fn man(surname: &str) -> (&'static str, &'static str) {
    let names = [
        ("Ҷамшед", "Ҷамшедовна"),
        ("Рустам", "Рустамовна"),
        ("Фирӯз", "Фирӯзовна"),
        ("Баҳром", "Баҳромовна"),
        ("Далер", "Далеровна"),
    ];
    names[own(surname) as usize % names.len()]
}

/// A birth without any fault, of a mother of this surname.
pub fn birth(surname: &str) -> Value {
    let (father, daughter) = man(surname);
    json!({
        "child": {"sex": "female", "surname": surname, "given": "Мадина", "patronymic": daughter},
        "birth": {
            "date": "2026-11-22", "time": time(surname), "place": "facility", "district": "TJ-DU-01",
            "attendant": "midwife", "weight": 2600 + own(surname) % 1500, "length": 510, "weeks": 39,
            "plurality": 1, "apgar_1": 8, "apgar_5": 9
        },
        "mother": {
            "surname": surname, "given": "Сарвиноз", "patronymic": "Холмуродовна",
            "born": born(surname, 1988), "district": "TJ-DU-01", "address": "кӯчаи Рӯдакӣ 1",
            "document": document(surname), "phone": format!("+992 90 {:07}", own(surname) % 10_000_000),
            "marriage": "registered", "marriage_act": "12/2019", "education": "higher",
            "live_births_before": 1
        },
        "father": {
            "surname": "Саидов", "given": father, "patronymic": "Раҳимович", "born": "1985-02-03",
            "document": "А 01410028"
        },
        "informant": "модар",
        "office": "TJ-DU-01",
        "paper_certificate": {"not": "knowable"}
    })
}

/// A death without any fault.
pub fn death(surname: &str) -> Value {
    json!({
        "death": {
            "certificate": "final", "date": "2026-11-21", "time": time(surname), "place": "facility",
            "district": "TJ-DU-01", "manner": "disease"
        },
        "deceased": {
            "surname": surname, "given": "Саидмурод", "patronymic": "Каримович", "sex": "male",
            "born": born(surname, 1950), "document": document(surname), "district": "TJ-DU-01",
            "address": "деҳаи Навобод", "education": "secondary"
        },
        "cause": {
            "lang": "tg",
            "a": {"text": "сактаи мушаки дил", "interval": "PT6H"},
            "b": {"text": "фишорбаландӣ", "interval": "P10Y"}
        },
        "informant": "писар",
        "office": "TJ-DU-01",
        "paper_certificate": {"not": "knowable"}
    })
}

/// Changes a value at a JSON pointer, making objects on the way.
pub fn with(mut body: Value, path: &str, value: Value) -> Value {
    let mut at = &mut body;
    for part in path.split('.') {
        at = at
            .as_object_mut()
            .unwrap()
            .entry(part)
            .or_insert_with(|| json!({}));
    }
    *at = value;
    body
}

/// Takes a value out.
pub fn without(mut body: Value, path: &str) -> Value {
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
    let mut at = &mut body;
    for part in parent.split('.').filter(|p| !p.is_empty()) {
        at = &mut at[part];
    }
    at.as_object_mut().unwrap().remove(last);
    body
}

/// The body of an event as the page's fields: a stated unknown under `not.`, a warning's answer under
/// `checked.`; lengths in centimetres, dates as people type them.
pub fn page_fields(body: &Value) -> Vec<(String, String)> {
    fn walk(at: &str, value: &Value, out: &mut Vec<(String, String)>) {
        match value {
            Value::Object(map) => match map.get("not") {
                Some(not) => out.push((format!("not.{at}"), not.as_str().unwrap().to_owned())),
                None => {
                    for (name, value) in map {
                        let dot = if at.is_empty() { "" } else { "." };
                        walk(&format!("{at}{dot}{name}"), value, out);
                    }
                }
            },
            Value::Number(n) if at == "birth.length" => {
                out.push((at.to_owned(), (n.as_i64().unwrap() / 10).to_string()));
            }
            Value::String(text) if at.ends_with(".interval") => {
                let hours = text.replace("PT6H", "6 h").replace("P10Y", "10 y");
                out.push((at.to_owned(), hours));
            }
            Value::String(text) => out.push((at.to_owned(), text.clone())),
            other => out.push((at.to_owned(), other.to_string())),
        }
    }
    let mut out = Vec::new();
    walk("", body, &mut out);
    out
}

/// The identifier that the page of a kind gives to what is entered on it.
pub fn identifier(page: &str) -> String {
    let after = page.split("name=\"id\" value=\"").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}
