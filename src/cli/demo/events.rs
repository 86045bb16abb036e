//! The demo's events, as files that `record --from` takes. Invented people.

use serde_json::{Value, json};

use chrono::{DateTime, Duration, FixedOffset};

/// A birth some hours ago, the child not yet named.
pub fn birth(now: DateTime<FixedOffset>) -> Value {
    let at = now - Duration::hours(3);
    json!({
        "birth": {
            "date": at.format("%Y-%m-%d").to_string(), "time": at.format("%H:%M").to_string(),
            "weight": 3420, "length": 510, "weeks": 39, "plurality": 1, "place": "facility",
            "district": "TJ-KT-01", "attendant": "midwife", "apgar_1": 8, "apgar_5": 9
        },
        "child": { "sex": "male", "given": { "not": "yet" } },
        "mother": {
            "surname": "Раҳимзода", "given": "Сарвиноз", "patronymic": "Холмурод", "born": "1998-04-17",
            "document": "А 01410027", "district": "TJ-KT-07", "phone": "+992918123456",
            "marriage": "registered", "live_births_before": 1
        },
        "father": { "surname": "Раҳимзода", "given": "Ҷамшед", "born": "1995-01-30" },
        "office": "TJ-KT-01"
    })
}

/// A death some hours ago, with a chain of causes.
pub fn death(now: DateTime<FixedOffset>) -> Value {
    let at = now - Duration::hours(5);
    json!({
        "death": {
            "certificate": "final", "date": at.format("%Y-%m-%d").to_string(),
            "time": at.format("%H:%M").to_string(), "place": "facility", "district": "TJ-KT-01",
            "manner": "disease"
        },
        "deceased": {
            "surname": "Ғаниев", "given": "Қудратулло", "patronymic": "Ҳошимович", "sex": "male",
            "born": "1951-03-02", "document": "А 00917335", "district": "TJ-KT-01"
        },
        "cause": {
            "lang": "tg",
            "a": { "text": "Варами шуш", "code": "J81", "interval": "PT6H" },
            "b": { "text": "Инфаркти шадиди миокард", "code": "I21.9", "interval": "P2D" },
            "c": { "text": "Бемории ишемикии дил", "code": "I25.9", "interval": "P8Y" },
            "other": { "text": "Диабети қанди навъи 2", "code": "E11.9" }
        },
        "office": "TJ-KT-01"
    })
}

/// The birth again, the child named: a supplement that applies by itself.
pub fn named(birth: &Value) -> Value {
    let mut named = birth.clone();
    if let Some(child) = named.get_mut("child") {
        *child = json!({ "sex": "male", "given": "Фаридун", "surname": "Раҳимзода" });
    }
    named
}
