//! Invented people and events: numbers that look random and are the same for the same seed.
//!
//! Names are put together from lists; rates, seasons and errors are of a realistic size, not
//! measured in any country.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};

use crate::vital::Kind;

const SURNAMES: &[&str] = &[
    "Раҳимов",
    "Каримов",
    "Назаров",
    "Шарифов",
    "Ҳақназаров",
    "Ӯлмасов",
    "Қодиров",
    "Ғафуров",
    "Ҷӯраев",
    "Сафаров",
    "Мирзоев",
    "Холов",
    "Давлатов",
    "Исмоилов",
    "Бобоев",
    "Тоиров",
    "Одинаев",
    "Гулов",
    "Абдуллоев",
    "Юсуфов",
    "Зокиров",
    "Амонов",
    "Ёров",
    "Саидов",
    "Ҳамидов",
    "Ҷалилов",
    "Рустамов",
    "Муродов",
    "Ниёзов",
    "Файзов",
    "Ҳасанов",
    "Азизов",
    "Бердиев",
    "Валиев",
    "Искандаров",
    "Комилов",
    "Латифов",
    "Маҷидов",
    "Норов",
    "Олимов",
    "Пиров",
    "Расулов",
    "Солеҳов",
    "Толибов",
    "Умаров",
    "Фозилов",
    "Ҳотамов",
    "Чориев",
    "Шамсов",
    "Эшов",
    "Яқубов",
    "Қурбонов",
    "Ғаниев",
    "Ҷабборов",
];
const WOMEN: &[&str] = &[
    "Зарина",
    "Мадина",
    "Нигина",
    "Фарзона",
    "Шаҳноза",
    "Гулчеҳра",
    "Моҳира",
    "Парвина",
    "Сайёра",
    "Ситора",
    "Дилафрӯз",
    "Ҳусния",
    "Ойдина",
    "Рухшона",
    "Тахмина",
    "Умеда",
    "Лола",
    "Баҳор",
    "Анҷела",
    "Ганҷина",
    "Сарвиноз",
    "Меҳринисо",
    "Шабнам",
    "Манижа",
    "Насиба",
    "Фотима",
    "Зуҳро",
    "Мавҷуда",
    "Назокат",
    "Робия",
    "Сабоҳат",
    "Туҳфа",
    "Ҷамила",
    "Хуршеда",
    "Малика",
    "Нилуфар",
];
const MEN: &[&str] = &[
    "Рустам",
    "Фирдавс",
    "Ҷамшед",
    "Далер",
    "Сӯҳроб",
    "Баҳром",
    "Шодӣ",
    "Қурбон",
    "Ғулом",
    "Ҳасан",
    "Ҳусейн",
    "Умед",
    "Илҳом",
    "Парвиз",
    "Муҳаммад",
    "Абдулло",
    "Фаррух",
    "Саидмурод",
    "Толиб",
    "Азиз",
    "Комрон",
    "Исмоил",
    "Юсуф",
    "Иброҳим",
    "Сафар",
    "Раҷаб",
    "Наврӯз",
    "Шерали",
    "Бахтиёр",
    "Ҷаҳонгир",
];
/// Causes by which people die, with codes and a weight out of a hundred.
const CAUSES: &[(&str, &str, u64)] = &[
    ("бемории ишемикии дил", "I25.9", 34),
    ("сактаи мағзи сар", "I64", 18),
    ("саратони меъда", "C16.9", 14),
    ("пневмония", "J18.9", 10),
    ("диабети қанд", "E14.9", 7),
    ("сиррози ҷигар", "K74.6", 6),
    ("беморӣ, сабабаш номаълум", "R99", 5),
    ("пирӣ", "R54", 6),
];

/// Numbers that look random (splitmix64).
pub(super) struct SimulationRng(pub u64);

impl SimulationRng {
    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }

    /// True in `percent` of a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list; the first ones more often, as names are.
    pub fn name(&mut self, from: &[&str]) -> String {
        let n = u64::try_from(from.len()).unwrap_or(1);
        let at = self.below(n).min(self.below(n));
        let at = usize::try_from(at).unwrap_or(0);
        from.get(at).copied().unwrap_or_default().to_owned()
    }
}

/// An event that happened.
pub(super) struct SimulatedEvent {
    pub kind: Kind,
    pub body: Value,
    /// Minute of the day.
    pub minute: u64,
}

fn person(rng: &mut SimulationRng, woman: bool) -> (String, String, String) {
    let mut surname = rng.name(SURNAMES);
    if woman {
        surname.push('а');
    }
    let given = rng.name(if woman { WOMEN } else { MEN });
    let father = rng.name(MEN);
    let patronymic = format!("{father}{}", if woman { "овна" } else { "ович" });
    let (surname, given, patronymic) = (surname, given, patronymic);
    match rng.percent(8) {
        true => (russian(&surname), russian(&given), russian(&patronymic)),
        false => (surname, given, patronymic),
    }
}

fn document(rng: &mut SimulationRng) -> Value {
    match rng.percent(6) {
        true => json!({"not": "yet"}),
        false => json!(format!("A{:08}", rng.below(100_000_000))),
    }
}

/// A name as somebody types it who has no Tajik letters, or writes Russian.
pub(super) fn russian(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            'Ҷ' => out.push_str("Дж"),
            'ҷ' => out.push_str("дж"),
            'Ҳ' => out.push('Х'),
            'ҳ' => out.push('х'),
            'Қ' => out.push('К'),
            'қ' => out.push('к'),
            'Ғ' => out.push('Г'),
            'ғ' => out.push('г'),
            'Ӯ' => out.push('У'),
            'ӯ' => out.push('у'),
            'ӣ' => out.push('и'),
            c => out.push(c),
        }
    }
    out
}

/// A child who is called something.
pub(super) fn child(rng: &mut SimulationRng) -> String {
    let woman = rng.percent(49);
    rng.name(if woman { WOMEN } else { MEN })
}

/// What happens at a facility of a district on a day: mostly births.
pub(super) fn event(rng: &mut SimulationRng, day: NaiveDate, district: &str, office: &str) -> SimulatedEvent {
    // More children in summer, more deaths in winter.
    let summer = (6..=9).contains(&day.month());
    let deaths = if summer { 11 } else { 16 };
    match rng.below(100) {
        0 => born(rng, day, district, office, Kind::FoetalDeath),
        n if n <= deaths => died(rng, day, district, office),
        _ => born(rng, day, district, office, Kind::Birth),
    }
}

fn born(rng: &mut SimulationRng, day: NaiveDate, district: &str, office: &str, kind: Kind) -> SimulatedEvent {
    let (surname, given, patronymic) = person(rng, true);
    let minute = rng.below(24 * 60);
    let born = day - Days::new(6_800 + rng.below(21 * 365));
    let early = rng.percent(7);
    let weight = if early {
        1_500 + rng.below(900)
    } else {
        2_600 + rng.below(1_600)
    };
    // Scales that are read in round hundreds.
    let weight = if rng.percent(35) {
        weight / 100 * 100
    } else {
        weight
    };
    let married = rng.percent(86);
    let mut body = json!({
        "child": {"sex": if rng.percent(52) { "male" } else { "female" }},
        "birth": {
            "date": day.to_string(), "time": format!("{:02}:{:02}", minute / 60, minute % 60),
            "place": "facility", "district": district, "attendant": "midwife", "weight": weight,
            "length": if early { 400 + rng.below(50) } else { 470 + rng.below(70) },
            "weeks": if early { 31 + rng.below(5) } else { 37 + rng.below(5) }, "plurality": 1,
        },
        "mother": {
            "surname": surname, "given": given, "patronymic": patronymic, "born": born.to_string(),
            "district": district, "address": format!("деҳаи Навобод {}", 1 + rng.below(300)),
            "document": document(rng), "phone": format!("+99290{:07}", rng.below(10_000_000)),
            "marriage": if married { "registered" } else { "none" }, "education": "secondary",
            "live_births_before": rng.below(4),
        },
        "informant": "модар", "office": office, "paper_certificate": {"not": "knowable"},
    });
    if married && let Some(mother) = body.get_mut("mother").and_then(Value::as_object_mut) {
        mother.insert("marriage_act".into(), json!(format!("{}/2019", rng.below(9_000))));
    }
    let Some(all) = body.as_object_mut() else {
        return SimulatedEvent { kind, body, minute };
    };
    if kind == Kind::Birth {
        if let Some(child) = all.get_mut("child").and_then(Value::as_object_mut) {
            child.insert("surname".into(), json!(surname));
            child.insert("given".into(), json!({"not": "yet"}));
        }
        if let Some(birth) = all.get_mut("birth").and_then(Value::as_object_mut) {
            birth.insert("apgar_1".into(), json!(7 + rng.below(3)));
            birth.insert("apgar_5".into(), json!(8 + rng.below(2)));
        }
        let (father, _, patronymic) = person(rng, false);
        all.insert(
            "father".into(),
            json!({"surname": father, "given": rng.name(MEN), "patronymic": patronymic}),
        );
    } else {
        all.insert(
            "foetus".into(),
            json!({"signs_of_life": "none", "died_when": "antepartum"}),
        );
        all.insert(
            "foetal_cause".into(),
            json!({"main": {"text": "гипоксияи дохилибатнӣ", "code": "P20.0"}, "maternal": {"text": "фишорбаландӣ", "code": "P00.0"}}),
        );
    }
    SimulatedEvent { kind, body, minute }
}

fn died(rng: &mut SimulationRng, day: NaiveDate, district: &str, office: &str) -> SimulatedEvent {
    let woman = rng.percent(47);
    let (surname, given, patronymic) = person(rng, woman);
    let minute = rng.below(24 * 60);
    let years = 30 + rng.below(35) + rng.below(35);
    let born = day - Days::new(years * 365 + rng.below(365));
    let mut roll = rng.below(100);
    let cause = CAUSES.iter().find(|(_, _, weight)| {
        let hit = roll < *weight;
        roll = roll.saturating_sub(*weight);
        hit
    });
    let (text, code, _) = cause.copied().unwrap_or(("пирӣ", "R54", 0));
    let mut body = json!({
        "death": {
            "certificate": "final", "date": day.to_string(),
            "time": format!("{:02}:{:02}", minute / 60, minute % 60), "place": "facility",
            "district": district, "manner": "disease",
        },
        "deceased": {
            "surname": surname, "given": given, "patronymic": patronymic,
            "sex": if woman { "female" } else { "male" }, "born": born.to_string(),
            "document": document(rng), "district": district,
            "address": format!("деҳаи Навобод {}", 1 + rng.below(300)), "education": "secondary",
        },
        "cause": {"lang": "tg", "a": {"text": text, "code": code, "interval": "P1Y"}},
        "informant": "писар", "office": office, "paper_certificate": {"not": "knowable"},
        // One line is all that is known, and whoever signed says so.
        "checked": {"D46": "verified", "D15": "verified", "D17": "verified", "D18": "verified", "D37": "verified"},
    });
    if woman
        && years < 60
        && let Some(all) = body.as_object_mut()
    {
        let pregnancy = match years < 45 && rng.percent(2) {
            true => json!({"pregnant": "yes", "when": "within-42-days", "contributed": "yes"}),
            false => json!({"pregnant": "no"}),
        };
        all.insert("pregnancy".into(), pregnancy);
    }
    SimulatedEvent {
        kind: Kind::Death,
        body,
        minute,
    }
}
