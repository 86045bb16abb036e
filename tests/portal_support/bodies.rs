//! Bodies of events without any fault, and ways to spoil them.

use serde_json::{Value, json};

/// A document number of its own for each surname.
fn document(surname: &str) -> String {
    let sum: u32 = surname
        .chars()
        .map(u32::from)
        .fold(7, |a, c| a.wrapping_mul(31).wrapping_add(c));
    format!("А {:08}", sum % 100_000_000)
}

/// A birth without any fault, of a mother of this surname.
pub fn birth(surname: &str) -> Value {
    json!({
        "child": {"sex": "female", "surname": surname, "given": "Мадина", "patronymic": "Ҷамшедовна"},
        "birth": {
            "date": "2026-11-22", "time": "03:12", "place": "facility", "district": "TJ-DU-01",
            "attendant": "midwife", "weight": 3400, "length": 510, "weeks": 39, "plurality": 1,
            "apgar_1": 8, "apgar_5": 9
        },
        "mother": {
            "surname": surname, "given": "Сарвиноз", "patronymic": "Холмуродовна", "born": "1998-04-17",
            "district": "TJ-DU-01", "address": "кӯчаи Рӯдакӣ 1", "document": document(surname),
            "phone": "+992 900 00 00 00", "marriage": "registered", "marriage_act": "12/2019",
            "education": "higher", "live_births_before": 1
        },
        "father": {
            "surname": "Саидов", "given": "Ҷамшед", "patronymic": "Раҳимович", "born": "1995-02-03",
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
            "certificate": "final", "date": "2026-11-21", "time": "14:05", "place": "facility",
            "district": "TJ-DU-01", "manner": "disease"
        },
        "deceased": {
            "surname": surname, "given": "Саидмурод", "patronymic": "Каримович", "sex": "male",
            "born": "1957-10-03", "document": document(surname), "district": "TJ-DU-01",
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
