//! Invented people: names, documents, phones and addresses.

use serde_json::{Map, Value, json};

use super::names::{Manner, Names, PersonName, russian};
use super::population::{District, Region};
use super::rng::SimulationRng;

const VILLAGES: &[&str] = &[
    "Навобод",
    "Чорбоғ",
    "Сариосиё",
    "Обшорон",
    "Гулистон",
    "Сангтӯда",
    "Дашти Гул",
    "Пахтаобод",
    "Боғи Ҳабиб",
    "Чашмасор",
    "Тутзор",
    "Кӯҳдоман",
    "Лангар",
    "Мазор",
    "Қалъача",
    "Работ",
    "Селга",
    "Хонако",
    "Янгиобод",
    "Зарбдор",
];
const STREETS: &[&str] = &[
    "Рӯдакӣ",
    "Сомониён",
    "Айнӣ",
    "Турсунзода",
    "Фирдавсӣ",
    "Борбад",
    "Ҳофиз",
    "Навоӣ",
    "Истиқлол",
    "Ваҳдат",
    "Наврӯз",
    "Меҳнат",
    "Дӯстӣ",
    "Лоҳутӣ",
    "Садои Шарқ",
];
/// Beginnings of mobile numbers of the country's operators.
const OPERATORS: &[&str] = &["90", "91", "92", "93", "98", "50", "55", "88", "00", "77"];

/// A person of a district; the names as they are written there.
pub(super) fn person(rng: &mut SimulationRng, at: &District, woman: bool) -> (Manner, PersonName) {
    let names = Names::get();
    let manner = names.manner(rng, at.region);
    let mut name = names.person(rng, manner, woman);
    if rng.percent(at.region.russian_spelling()) {
        name = PersonName {
            surname: russian(&name.surname),
            given: russian(&name.given),
            patronymic: russian(&name.patronymic),
        };
    }
    (manner, name)
}

/// A person as the form has them. Some have no patronymic.
pub(super) fn stated(rng: &mut SimulationRng, name: &PersonName) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("surname".into(), json!(name.surname));
    out.insert("given".into(), json!(name.given));
    if rng.percent(93) {
        out.insert("patronymic".into(), json!(name.patronymic));
    }
    out
}

/// A passport's number, which some do not have at hand.
pub(super) fn document(rng: &mut SimulationRng) -> Value {
    match rng.percent(6) {
        true => json!({"not": "yet"}),
        false => json!(format!("A{:08}", rng.below(100_000_000))),
    }
}

/// A phone; one of four families gives none.
pub(super) fn phone(rng: &mut SimulationRng) -> Option<Value> {
    let operator = rng.any(OPERATORS);
    let number = rng.below(10_000_000);
    rng.percent(75)
        .then(|| json!(format!("+992{operator}{number:07}")))
}

/// Where somebody lives.
pub(super) fn address(rng: &mut SimulationRng, region: Region) -> String {
    let (street, house) = (rng.any(STREETS), 1 + rng.below(180));
    match region == Region::Dushanbe || rng.percent(25) {
        true => format!("кӯчаи {street} {house}, ҳуҷраи {}", 1 + rng.below(90)),
        false => format!("деҳаи {}, кӯчаи {street} {house}", rng.any(VILLAGES)),
    }
}

/// A child who is called something.
pub(super) fn child(rng: &mut SimulationRng, district: &str) -> String {
    let names = Names::get();
    let region = super::population::Population::get().region(district);
    let manner = names.manner(rng, region);
    let girl = rng.percent(49);
    names.given(rng, manner, girl)
}
