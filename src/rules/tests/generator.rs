//! Any event, drawn from the declaration of the questions.
//!
//! Each question is left out, stated unknown in each way that it takes, or answered with one of the values
//! of its kind of input: plain ones, those at and beside every limit, and those that contradict others. Only
//! what a door can read is drawn, so that each property speaks of what can happen.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::*;
use crate::codes;
use crate::questions::{Question, questions};
use crate::vital::{Link, Set};

/// How a property is run: the same events each time, as many as are asked for.
///
/// `OGOH_EVENTS` asks for more than the checks run.
pub(crate) fn config(few: u32) -> Config {
    let asked = std::env::var("OGOH_EVENTS").ok().and_then(|n| n.parse().ok());
    Config {
        cases: asked.unwrap_or(few),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(16),
        ..Config::default()
    }
}

/// The moment at which the events are looked at.
pub(crate) fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap()
}

/// What the rules find in an event before it is signed, with nothing around it: what every door finds.
pub(crate) fn looked(event: &Event) -> Vec<Finding> {
    let (limits, required) = (Limits::default(), crate::questions::required(event));
    let ctx = Context {
        required: &required,
        ..Context::new(now(), &limits)
    };
    check(event, &ctx)
}

/// The plain event of a kind, of which nothing is found.
pub(crate) fn plain(kind: Kind) -> Event {
    event(kind, &[])
}

/// Days about the plain events, about now and about every age that rules ask of; whole and in part.
const DATES: &[&str] = &[
    "1850",
    "1900-11-11",
    "1901",
    "1921-11-11",
    "1926",
    "1961",
    "1966-11-09",
    "1971-11",
    "1976-11-11",
    "1986-11-09",
    "1990-03-14",
    "1998-04-17",
    "2004",
    "2008",
    "2011-11-10",
    "2012-11-09",
    "2014-11",
    "2016-11-12",
    "2018",
    "2021-11-11",
    "2024-02-29",
    "2024-12-31",
    "2025-11",
    "2025-11-11",
    "2025-11-12",
    "2025-12-30",
    "2026",
    "2026-01",
    "2026-02-09",
    "2026-02-10",
    "2026-05-09",
    "2026-06-10",
    "2026-10",
    "2026-10-11",
    "2026-10-12",
    "2026-10-13",
    "2026-10-14",
    "2026-10-15",
    "2026-10-30",
    "2026-11",
    "2026-11-03",
    "2026-11-04",
    "2026-11-08",
    "2026-11-09",
    "2026-11-10",
    "2026-11-11",
    "2026-11-12",
    "2026-11-22",
    "2026-11-23",
    "2026-11-24",
    "2026-12",
    "2027",
    "2031-05-05",
    "2199-12-31",
];

const TIMES: &[&str] = &[
    "00:00", "03:11", "03:12", "03:13", "10:00", "19:32", "22:49", "22:50", "22:51", "23:59",
];

const INTERVALS: &[&str] = &[
    "PT1M",
    "PT23H",
    "PT24H",
    "PT25H",
    "PT6H30M",
    "P1D",
    "P3D",
    "P6D",
    "P2W",
    "P27D",
    "P28D",
    "P1M",
    "P11M",
    "P1Y",
    "P1Y6M",
    "P4Y",
    "P10Y",
    "P15Y",
    "P54Y",
    "P55Y",
    "P106Y",
    "P127Y",
    "P9999Y9999M9999W9999D",
];

/// Names as in a document, and what is written where a name is not known or not well typed.
const NAMES: &[&str] = &[
    "Раҳимзода",
    "Сарвиноз",
    "Ҷамшед",
    "Қодирова",
    "Рустамович",
    "О",
    "李华",
    "?",
    "-",
    "2",
    "Неизвестно",
    "Номаълум",
    "Unknown",
    "Сарвиноз2",
    "Cарвиноз",
    "Гулшод Ќодир",
];

/// Lines of text, numbers of documents and telephones.
const TEXTS: &[&str] = &[
    "кӯчаи Рӯдакӣ 1",
    "А 01410027",
    "А 1",
    "0000000",
    "AB 12345678901",
    "+992 91 812 3456",
    "+7 912 345 67 89",
    "12",
    "12/2019",
    "?",
    "...",
    "дар роҳ",
];

/// Codes of causes: of every list that rules look at, of no category, of no shape, with a mark.
const ICD: &[&str] = &[
    "I85.0", "K74.6", "B18.1", "E11.9", "I46.9", "I50", "I95.9", "J96", "R99", "R54", "R95", "A41", "I10",
    "G02*", "G02", "B95", "Z00.0", "Z99", "C78", "U50", "U07.1", "S06.5", "T58", "V44.5", "V87", "W13",
    "X68", "X85", "Y12", "Y35", "Y36", "C61", "C56", "O72.1", "O96.0", "O97", "A34", "P95", "P96.9", "P07.2",
    "P02.1", "A33", "Q21.0", "Q52", "Q53", "I21", "J44", "F01", "A00", "B03", "A37.0", "I219", "I23",
    "X99.99", "ABC", "12",
];

/// Causes in words, besides those of the built-in list.
const CAUSES: &[&str] = &[
    "сактаи дил",
    "сактаи мағзи сар",
    "сироят",
    "марги ногаҳонӣ",
    "илтиҳоби шуш",
    "ҷароҳати сар дар садама",
    "старость",
    "остановка сердца",
    "ОНМК",
    "ХОБЛ",
    "ИБС. ПИКС",
    "инфаркт миокарда вследствие ИБС",
    "см. выше",
    "сепсис; пневмония",
    "1) пневмония 2) сепсис",
    "падение с высоты",
    "ДТП",
    "отравление угарным газом",
    "не установлена",
    "асфиксия плода",
    "преждевременная отслойка плаценты",
    "утопление",
    "повешение",
    "cardiac arrest",
    "old age",
    "sepsis due to pneumonia",
    "see above",
    "head injury",
    "pneumonia",
    "hanging",
    "suspected measles",
    "no malaria",
    "cholera",
    "smallpox",
    "eclampsia",
    "prematurity",
    "zqxv",
    "?",
    "д",
];

const LINKS: &[&str] = &[
    "twin",
    "death-of-this-birth",
    "birth-of-this-death",
    "mothers-death",
];

/// A number of each limit of the settings whose name says this unit, one less and one more.
fn limits(unit: &str) -> Vec<i64> {
    let all = serde_json::to_value(Limits::default()).unwrap();
    let of_unit = |name: &str| match unit {
        "g" => name.ends_with("_g"),
        "mm" => name.ends_with("_mm"),
        "kg" => name.ends_with("_kg"),
        "height" => name.ends_with("_cm"),
        "weeks" => name.contains("weeks"),
        "years" => name.contains("age_"),
        "visits" => name.contains("visits"),
        "children" => name.contains("live_births"),
        _ => false,
    };
    let named = all.as_object().unwrap().iter().filter(|(name, _)| of_unit(name));
    let numbers = named.filter_map(|(_, value)| value.as_i64());
    numbers
        .flat_map(|n| [n - 1, n, n + 1])
        .filter(|n| *n >= 0)
        .collect()
}

fn numbers(unit: &str) -> Vec<Value> {
    let more: &[i64] = match unit {
        "g" => &[999, 1000, 1960, 2500, 2501, 3420],
        "mm" => &[430, 510, 515],
        "weeks" => &[27, 28, 34, 36, 37, 39],
        "kg" => &[55, 60, 70],
        "height" => &[165],
        "hours" => &[22, 23, 24],
        _ => &[3, 4, 5, 6, 9, 10, 11, 12, 40, 41],
    };
    // A file may state ten metres and more; a form reads no such length, and asks to correct it.
    let most = if unit == "mm" { 9_999 } else { 9_999_999 };
    let few = [0, 1, 2, most];
    let all = limits(unit).into_iter().chain(more.iter().copied()).chain(few);
    all.map(Value::Int).collect()
}

/// The values of a question: plain, at and beside each limit, and such as contradict others.
pub(crate) fn values(q: &Question) -> Vec<Value> {
    let texts = |all: &[&str]| all.iter().map(|t| Value::Text((*t).to_owned())).collect();
    match q.input {
        Input::Name => texts(NAMES),
        Input::Text(_) => texts(TEXTS),
        Input::Icd => texts(ICD),
        Input::Cause(_) => {
            let listed = Catalogue::built_in().causes().iter().step_by(7);
            let named = Lang::ALL.into_iter().cycle().zip(listed);
            let named = named.map(|(l, cause)| Value::Text(cause.name(l).to_owned()));
            named.chain(texts(CAUSES)).collect()
        }
        Input::Code(list) => {
            let codes = &codes::list(list).unwrap().codes;
            // Of districts and countries a few are enough.
            codes
                .iter()
                .take(12)
                .map(|c| Value::Code(c.code.clone()))
                .collect()
        }
        Input::Int(unit) => numbers(unit),
        Input::Length => numbers("mm"),
        Input::Date(_) => DATES
            .iter()
            .map(|d| Value::Date(PartialDate::parse(d).unwrap()))
            .collect(),
        Input::Time(_) => TIMES
            .iter()
            .map(|t| Value::Time(TimeOfDay::parse(t).unwrap()))
            .collect(),
        Input::Interval => {
            let read = |i: &&str| Value::Interval(Interval::parse_iso(i).unwrap());
            INTERVALS.iter().map(read).collect()
        }
    }
}

/// What may stand at a question: nothing, an unknown that it takes, a value.
pub(crate) fn answers(q: &Question) -> Vec<Option<Stated<Value>>> {
    let nots = q.nots.iter().map(|not| Some(Stated::Not(*not)));
    let known = values(q).into_iter().map(|value| Some(Stated::Known(value)));
    std::iter::once(None).chain(nots).chain(known).collect()
}

/// Whether a form and a file can state this at a question; of blanks around a text a form takes none.
fn is_readable(q: &Question, stated: &Stated<Value>) -> bool {
    match (q.input, stated) {
        (_, Stated::Not(not)) => q.nots.contains(not),
        (Input::Code(list), Stated::Known(Value::Code(code))) => {
            codes::list(list).is_some_and(|l| l.get(code).is_some())
        }
        (
            Input::Text(_) | Input::Name | Input::Cause(_) | Input::Icd,
            Stated::Known(Value::Text(text) | Value::Code(text)),
        ) => {
            // A form writes codes in capitals.
            let written = q.input != Input::Icd || text.to_uppercase() == *text;
            !text.is_empty() && text.trim() == text && written
        }
        (Input::Int(_) | Input::Length, Stated::Known(Value::Int(n))) => (0..=9_999_999).contains(n),
        (Input::Date(_), Stated::Known(Value::Date(_)))
        | (Input::Time(_), Stated::Known(Value::Time(_)))
        | (Input::Interval, Stated::Known(Value::Interval(_))) => true,
        _ => false,
    }
}

fn answer(q: &'static Question) -> impl Strategy<Value = (&'static str, Option<Stated<Value>>)> {
    let nots: Vec<_> = q.nots.iter().map(|not| Some(Stated::Not(*not))).collect();
    let unknown = if nots.is_empty() { vec![None] } else { nots };
    let known: Vec<_> = values(q).into_iter().map(|v| Some(Stated::Known(v))).collect();
    let one = prop_oneof![
        1 => Just(None),
        2 => prop::sample::select(unknown),
        6 => prop::sample::select(known),
    ];
    one.prop_map(move |answer| (q.id, answer))
}

/// The answers of a row of the tables of rules: what makes a rule speak, or just not.
fn of_a_row(kind: Kind) -> impl Strategy<Value = &'static [(&'static str, &'static str)]> {
    let rows: Vec<_> = tables()
        .into_iter()
        .filter(|c| c.kind == kind)
        .map(|c| c.changes)
        .collect();
    prop::sample::select(rows)
}

fn of_kind(kind: Kind) -> impl Strategy<Value = Event> {
    let all: Vec<&'static Question> = questions(kind).collect();
    let most = all.len();
    let some =
        move |range| prop::collection::vec(prop::sample::select(all.clone()).prop_flat_map(answer), range);
    let changes = prop_oneof![
        6 => some(0..4),
        3 => some(4..20),
        1 => some(most / 2..most),
    ];
    let base = prop_oneof![5 => Just(plain(kind)), 1 => Just(Event::new(kind))];
    let rows = prop::collection::vec(of_a_row(kind), 0..3);
    let set = prop::option::weighted(0.1, (1u32..4, 2u32..4));
    let link = prop::option::weighted(0.2, prop::sample::select(LINKS.to_vec()));
    (base, rows, changes, set, link).prop_map(|(mut event, rows, changes, set, link)| {
        for (field, text) in rows.into_iter().flatten() {
            put(&mut event, field, text);
        }
        for (field, answer) in changes {
            match answer {
                Some(stated) => event.set(field, stated),
                None => drop(event.values.remove(field)),
            }
        }
        let id = "0198f2c0-0000-7000-8000-000000000001";
        event.set = set.map(|(order, n)| Set {
            id: id.into(),
            order,
            n,
        });
        event.links.extend(link.map(|kind| Link {
            nid: id.into(),
            kind: kind.into(),
        }));
        // A row may state what no form and no file can.
        let (kind, all) = (event.kind, std::mem::take(&mut event.values));
        event.values = all
            .into_iter()
            .filter(|(field, stated)| question_of(kind, field).is_some_and(|q| is_readable(q, stated)))
            .collect();
        event
    })
}

/// Any event of any kind.
pub(crate) fn any_event() -> impl Strategy<Value = Event> {
    prop::sample::select(Kind::ALL.to_vec()).prop_flat_map(of_kind)
}
