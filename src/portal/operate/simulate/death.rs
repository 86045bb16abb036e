//! Invented deaths: by age as a life table has them, with causes of that age.
//!
//! The shares by age follow public life tables of Tajikistan of about 2020 in shape, not in every figure; causes
//! are in `deaths.csv`, with a weight within their ages.

use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Map, Value, json};

use super::birth::{self, Birth, born};
use super::event::SimulatedEvent;
use super::people::{address, document, person, stated};
use super::population::District;
use super::rng::SimulationRng;
use crate::vital::Kind;

/// Where violent deaths begin.
const PLACES: [&str; 3] = ["home", "street", "farm"];

/// People who die at an age: its name in `deaths.csv`, days of life from and below, of a thousand deaths, men of
/// a hundred of them.
const AGES: [(&str, u64, u64, u64, u64); 9] = [
    ("newborn", 0, 28, 45, 55),
    ("infant", 28, 360, 30, 53),
    ("child", 370, 1_820, 18, 53),
    ("young", 1_830, 5_470, 14, 57),
    ("grown", 5_480, 14_600, 62, 66),
    ("middle", 14_600, 21_900, 175, 61),
    ("old", 21_900, 27_400, 330, 54),
    ("aged", 27_400, 32_900, 256, 46),
    ("aged", 32_900, 36_400, 70, 38),
];

/// A line of a certificate.
struct Line {
    code: String,
    tg: String,
    ru: String,
}

/// A cause of `deaths.csv`.
struct Cause {
    ages: Vec<String>,
    sex: String,
    weight: u64,
    manner: String,
    a: Line,
    b: Option<Line>,
}

fn causes() -> &'static [Cause] {
    static ALL: LazyLock<Vec<Cause>> = LazyLock::new(|| {
        let mut rows = csv::Reader::from_reader(include_str!("deaths.csv").as_bytes());
        let cause = |row: csv::StringRecord| {
            let of = |i: usize| row.get(i).unwrap_or_default().to_owned();
            let line = |i| Line {
                code: of(i),
                tg: of(i + 1),
                ru: of(i + 2),
            };
            Cause {
                ages: of(0).split('/').map(str::to_owned).collect(),
                sex: of(1),
                weight: of(2).parse().unwrap_or(0),
                manner: of(3),
                a: line(4),
                b: Some(line(7)).filter(|b| !b.code.is_empty()),
            }
        };
        rows.records().filter_map(Result::ok).map(cause).collect()
    });
    &ALL
}

fn cause_of(rng: &mut SimulationRng, age: &str, sex: &str) -> Option<&'static Cause> {
    let fits = |c: &&Cause| c.ages.iter().any(|a| a == age) && (c.sex.is_empty() || c.sex == sex);
    let fitting: Vec<&'static Cause> = causes().iter().filter(fits).collect();
    let shares: Vec<u64> = fitting.iter().map(|c| c.weight).collect();
    fitting.get(rng.share(&shares)).copied()
}

/// Somebody dies; with a newborn's death comes its birth, which the same ward notifies.
pub(super) fn died(
    rng: &mut SimulationRng,
    day: NaiveDate,
    home: &District,
    facility: &str,
) -> (Option<(NaiveDate, SimulatedEvent)>, SimulatedEvent) {
    let shares = AGES.map(|age| age.3);
    let (age, from, below, _, men) = AGES.get(rng.share(&shares)).copied().unwrap_or(AGES[6]);
    let man = rng.percent(men);
    let sex = if man { "male" } else { "female" };
    let mut days = from + rng.below(below - from);
    if age == "newborn" {
        // Three of four in the first week, most of these on the first days.
        days = if rng.percent(75) {
            1 + rng.below(6).min(rng.below(6))
        } else {
            7 + rng.below(20)
        };
    }
    let birthday = day - Days::new(days);
    let minute = rng.below(24 * 60);
    let (_, name) = person(rng, home, !man);
    let cause = cause_of(rng, age, sex);
    let manner = cause.map_or("disease", |c| c.manner.as_str());
    let place = match manner {
        "disease" if age == "newborn" => "facility",
        "disease" => rng.any(&["facility", "facility", "home", "home", "home"]),
        _ => rng.any(&["facility", "scene", "scene"]),
    };
    let mut deceased = stated(rng, &name);
    let infant = days < 366;
    for (field, value) in [
        ("sex", json!(sex)),
        ("born", json!(birthday.to_string())),
        (
            "document",
            if days < 5_800 {
                json!({"not": "knowable"})
            } else {
                document(rng)
            },
        ),
        ("district", json!(home.code)),
        ("address", json!(address(rng, home.region))),
    ] {
        deceased.insert(field.to_owned(), value);
    }
    if days > 6_600 {
        let education = rng.any(&["secondary", "secondary", "basic", "primary", "higher"]);
        deceased.insert("education".into(), json!(education));
    }
    let mut body = json!({
        "death": {
            "certificate": "final", "date": day.to_string(),
            "time": format!("{:02}:{:02}", minute / 60, minute % 60), "place": place,
            "district": facility, "manner": manner,
        },
        "informant": rng.any(&["писар", "духтар", "ҳамсар", "бародар"]),
        "office": facility, "paper_certificate": {"not": "knowable"},
    });
    let Some(all) = body.as_object_mut() else {
        return (
            None,
            SimulatedEvent {
                kind: Kind::Death,
                body,
                minute,
            },
        );
    };
    let newborn = (age == "newborn").then(|| of_newborn(rng, birthday, home, facility, sex));
    if let Some(birth) = &newborn
        && let Some(mother) = birth.body.get("mother")
    {
        let of = |field: &str| mother.get(field).cloned().unwrap_or(json!({"not": "yet"}));
        let surname = birth.body.pointer("/child/surname").cloned();
        deceased.insert("surname".into(), surname.unwrap_or(of("surname")));
        deceased.insert("district".into(), of("district"));
        let years = of("born").as_str().and_then(|b| b.get(..4)?.parse::<i32>().ok());
        let mut infant = json!({
            "mother_surname": of("surname"), "mother_given": of("given"), "multiple": "no",
            "birth_weight": birth.body.pointer("/birth/weight"), "weeks": birth.body.pointer("/birth/weeks"),
        });
        if let Some(infant) = infant.as_object_mut() {
            infant.extend(years.map(|year| ("mother_age".to_owned(), json!(birthday.year() - year))));
            infant.extend(
                Some(of("document"))
                    .filter(Value::is_string)
                    .map(|d| ("mother_document".to_owned(), d)),
            );
        }
        all.insert("infant".into(), infant);
    } else if infant {
        let (_, mother) = person(rng, home, true);
        let weeks = birth::weeks(rng);
        all.insert(
            "infant".into(),
            json!({
                "mother_surname": mother.surname, "mother_given": mother.given, "multiple": "no",
                "birth_weight": birth::weight(rng, weeks), "weeks": weeks, "mother_age": 19 + rng.below(20),
            }),
        );
    }
    let maternal = !man && (5_900..17_000).contains(&days) && rng.in_ten_thousand(400);
    all.insert("deceased".into(), Value::Object(deceased));
    all.insert("cause".into(), certified(rng, cause, maternal, days));
    if !man && (3_700..20_000).contains(&days) {
        let pregnancy = match maternal {
            true => json!({"pregnant": "yes", "when": "within-42-days", "contributed": "yes"}),
            false => json!({"pregnant": "no"}),
        };
        all.insert("pregnancy".into(), pregnancy);
    }
    if manner != "disease" && !maternal {
        violent(rng, all, day);
    }
    if maternal && let Some(death) = all.get_mut("death").and_then(Value::as_object_mut) {
        death.insert("manner".into(), json!("disease"));
        death.insert("place".into(), json!("facility"));
    }
    let death = SimulatedEvent {
        kind: Kind::Death,
        body,
        minute,
    };
    (newborn.map(|birth| (birthday, birth)), death)
}

fn of_newborn(
    rng: &mut SimulationRng,
    birthday: NaiveDate,
    home: &District,
    facility: &str,
    sex: &str,
) -> SimulatedEvent {
    let of = Birth {
        day: birthday,
        home,
        facility,
        kind: Kind::Birth,
        at_home: false,
    };
    let mut birth = born(rng, &of);
    if let Some(child) = birth.body.get_mut("child").and_then(Value::as_object_mut) {
        child.insert("sex".into(), json!(sex));
    }
    birth
}

/// The certificate's lines; one of ten doctors writes words alone.
fn certified(rng: &mut SimulationRng, cause: Option<&Cause>, maternal: bool, days: u64) -> Value {
    let lang = if rng.percent(70) { "tg" } else { "ru" };
    let coded = rng.percent(90);
    let line = |tg: &str, ru: &str, code: &str, interval: &str| {
        let mut line = json!({"text": if lang == "tg" { tg } else { ru }, "interval": interval});
        if coded && let Some(line) = line.as_object_mut() {
            line.insert("code".into(), json!(code));
        }
        line
    };
    let mut out = Map::new();
    out.insert("lang".into(), json!(lang));
    if maternal {
        out.insert(
            "a".into(),
            line(
                "хунравии баъди зоиш",
                "послеродовое кровотечение",
                "O72.1",
                "PT6H",
            ),
        );
        return Value::Object(out);
    }
    let violent = cause.is_some_and(|c| c.manner != "disease");
    // No illness is longer than the life.
    let (long, short) = match days {
        _ if violent => ("PT2H", "PT2H"),
        0..28 => ("PT12H", "PT6H"),
        28..2_000 => ("P5D", "P2D"),
        _ => ("P3Y", "P2D"),
    };
    if let Some(cause) = cause {
        let first = if cause.b.is_some() || days < 28 {
            short
        } else {
            "P5D"
        };
        out.insert("a".into(), line(&cause.a.tg, &cause.a.ru, &cause.a.code, first));
        if let Some(b) = &cause.b {
            out.insert("b".into(), line(&b.tg, &b.ru, &b.code, long));
        }
    }
    Value::Object(out)
}

/// What a violent death asks for.
fn violent(rng: &mut SimulationRng, all: &mut Map<String, Value>, day: NaiveDate) {
    if let Some(death) = all.get_mut("death").and_then(Value::as_object_mut) {
        death.insert(
            "police_number".into(),
            json!(format!("{}/{}", 1 + rng.below(900), day.format("%y"))),
        );
        death.insert("time".into(), json!({"not": "knowable"}));
    }
    let place =
        json!({"date": day.to_string(), "place": rng.any(&PLACES), "description": "аз рӯйи санади милитсия"});
    all.insert("external".into(), place);
    all.insert(
        "autopsy".into(),
        json!({"requested": "yes", "findings_used": "yes"}),
    );
    all.insert("surgery".into(), json!({"performed": "no"}));
}
