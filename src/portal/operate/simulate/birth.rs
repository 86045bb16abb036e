//! Invented births and stillbirths: mothers by age and order, weights and weeks as they are spread.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};

use super::event::SimulatedEvent;
use super::names::{Names, gendered, of_men, patronymic, russian};
use super::people::{address, document, person, phone, stated};
use super::population::District;
use super::rng::SimulationRng;
use crate::vital::Kind;

/// Mothers by age, from 16 on, of a thousand (shape of public age-specific fertility of Tajikistan: most between
/// 20 and 29).
const AGES: [u64; 31] = [
    2, 6, 14, 32, 55, 68, 74, 76, 74, 70, 65, 60, 54, 48, 43, 38, 33, 29, 26, 23, 20, 17, 14, 12, 10, 8, 6,
    4, 3, 2, 1,
];
/// Completed weeks from 28 on, of a thousand live births.
const WEEKS: [u64; 15] = [2, 2, 3, 3, 5, 6, 10, 14, 30, 70, 190, 270, 310, 75, 10];

/// Where a birth happens, and what about it is known beforehand.
pub(super) struct Birth<'a> {
    pub day: NaiveDate,
    /// Where the mother lives.
    pub home: &'a District,
    /// District of the facility, whose office registers it.
    pub facility: &'a str,
    pub kind: Kind,
    /// Whether it happened at home.
    pub at_home: bool,
}

/// How heavy a child of so many weeks is, in grams.
pub(super) fn weight(rng: &mut SimulationRng, weeks: u64) -> u64 {
    let mean = match weeks {
        0..28 => 900,
        28..37 => 1_150 + (weeks - 28) * 190,
        _ => 3_050 + (weeks - 37) * 110,
    };
    let grams = rng.around(mean, mean / 9).clamp(500, 5_400);
    // Scales that are read in round hundreds.
    match rng.percent(35) {
        true => grams / 100 * 100,
        false => grams,
    }
}

/// Weeks at birth.
pub(super) fn weeks(rng: &mut SimulationRng) -> u64 {
    28 + u64::try_from(rng.share(&WEEKS)).unwrap_or(11)
}

/// A child is born, or is born dead.
pub(super) fn born(rng: &mut SimulationRng, of: &Birth<'_>) -> SimulatedEvent {
    let minute = rng.below(24 * 60);
    let age = 16 + u64::try_from(rng.share(&AGES)).unwrap_or(10);
    let born = of.day - Days::new(age * 365 + age / 4 + 1 + rng.below(363));
    let before = rng.below(1 + (age.saturating_sub(17)) / 3).min(rng.below(9));
    let weeks = match of.kind {
        Kind::FoetalDeath => 24 + rng.below(16),
        _ => weeks(rng),
    };
    let grams = weight(rng, weeks);
    let (manner, name) = person(rng, of.home, true);
    let attendant = match of.at_home {
        true => rng.any(&["relative", "relative", "none", "midwife", "feldsher"]),
        false => rng.any(&["midwife", "midwife", "midwife", "doctor"]),
    };
    let mut mother = stated(rng, &name);
    let married = rng.percent(84);
    for (field, value) in [
        ("born", json!(born.to_string())),
        ("district", json!(of.home.code)),
        ("address", json!(address(rng, of.home.region))),
        ("document", document(rng)),
        (
            "education",
            json!(rng.any(&["secondary", "secondary", "basic", "vocational", "higher"])),
        ),
        (
            "marriage",
            json!(if married {
                "registered"
            } else {
                rng.any(&["none", "religious", "religious"])
            }),
        ),
        ("live_births_before", json!(before)),
    ] {
        mother.insert(field.to_owned(), value);
    }
    if let Some(phone) = phone(rng) {
        mother.insert("phone".into(), phone);
    }
    if married {
        let year = of.day.year() - i32::try_from(rng.below(1 + age.saturating_sub(17).min(12))).unwrap_or(0);
        mother.insert(
            "marriage_act".into(),
            json!(format!("{}/{}", 1 + rng.below(2_900), year - 1)),
        );
    }
    let mut body = json!({
        "child": {"sex": if rng.below(2_050) < 1_058 { "male" } else { "female" }},
        "birth": {
            "date": of.day.to_string(), "time": format!("{:02}:{:02}", minute / 60, minute % 60),
            "place": if of.at_home { "home" } else { "facility" }, "district": of.facility,
            "attendant": attendant, "weight": grams,
            "length": (grams / 18 + 330).clamp(270, 580), "weeks": weeks, "plurality": 1,
        },
        "mother": mother,
        "informant": "модар", "office": of.facility, "paper_certificate": {"not": "knowable"},
    });
    let Some(all) = body.as_object_mut() else {
        return SimulatedEvent {
            kind: of.kind,
            body,
            minute,
        };
    };
    let names = Names::get();
    if of.kind == Kind::Birth {
        let father = names.given(rng, manner, false);
        let family = of_men(&name.surname).to_owned();
        // Four families of five bear one surname.
        let surname = match rng.percent(80) {
            true => family,
            false => gendered(&names.person(rng, manner, false).surname, false),
        };
        let girl = all.get("child").and_then(|c| c.get("sex")) == Some(&json!("female"));
        if let Some(child) = all.get_mut("child").and_then(Value::as_object_mut) {
            child.insert("surname".into(), json!(gendered(&surname, girl)));
            child.insert("given".into(), json!({"not": "yet"}));
        }
        if !of.at_home
            && let Some(birth) = all.get_mut("birth").and_then(Value::as_object_mut)
        {
            let weak = u64::from(weeks < 35) * 2;
            birth.insert("apgar_1".into(), json!(6 + rng.below(4) - weak));
            birth.insert("apgar_5".into(), json!(8 + rng.below(2) - weak));
        }
        if rng.percent(if married { 97 } else { 45 }) {
            let of_father = patronymic(&names.given(rng, manner, false), false);
            let written = json!({"surname": surname, "given": father, "patronymic": of_father});
            all.insert("father".into(), written);
        }
    } else {
        let (text, code, maternal, maternal_code) = match rng.below(4) {
            0 => ("гипоксияи дохилибатнӣ", "P20.0", "фишорбаландии модар", "P00.0"),
            1 => ("асфиксия", "P21.9", "пеш аз вақт ҷудо шудани ҳамроҳак", "P02.1"),
            2 => ("нуқсони модарзодии дил", "Q24.9", "диабети модар", "P70.1"),
            _ => ("гипоксияи вақти зоиш", "P20.1", "печидани банди ноф", "P02.5"),
        };
        let when = rng.any(&["antepartum", "antepartum", "intrapartum"]);
        all.insert(
            "foetus".into(),
            json!({"signs_of_life": "none", "died_when": when}),
        );
        let main = json!({"text": text, "code": code});
        let mut cause = json!({"main": main});
        if maternal_code != "P70.1"
            && let Some(cause) = cause.as_object_mut()
        {
            cause.insert(
                "maternal".into(),
                json!({"text": maternal, "code": maternal_code}),
            );
        }
        all.insert("foetal_cause".into(), cause);
    }
    SimulatedEvent {
        kind: of.kind,
        body,
        minute,
    }
}

/// As somebody writes it who writes Russian.
pub(super) fn in_russian(person: &mut serde_json::Map<String, Value>) {
    for part in ["surname", "given", "patronymic"] {
        if let Some(name) = person.get(part).and_then(Value::as_str).map(russian) {
            person.insert(part.to_owned(), json!(name));
        }
    }
}
