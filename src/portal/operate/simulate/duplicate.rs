//! Invented events told once more: by somebody else, otherwise spelled; and the other of twins.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::birth::in_russian;
use super::event::SimulatedEvent;
use super::rng::SimulationRng;
use crate::vital::Kind;

/// Puts one letter in the place of another, as fingers do.
pub(super) fn slip(rng: &mut SimulationRng, text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let n = u64::try_from(letters.len()).unwrap_or(0);
    if n < 5 {
        return text.to_owned();
    }
    let at = usize::try_from(1 + rng.below(n - 2)).unwrap_or(1);
    let mut out: Vec<char> = letters.clone();
    match rng.below(3) {
        0 => {
            out.remove(at);
        }
        1 => out.swap(at, at.saturating_sub(1).max(1)),
        _ => {
            if let (Some(to), Some(from)) = (out.get_mut(at), letters.last()) {
                *to = *from;
            }
        }
    }
    out.into_iter().collect()
}

/// The same event as somebody else writes it down: in Russian spelling, with slips, from another
/// paper, from memory.
pub(super) fn duplicate_body(rng: &mut SimulationRng, body: &Value, kind: Kind) -> Value {
    let mut body = body.clone();
    let who = if kind == Kind::Death { "deceased" } else { "mother" };
    let what = if kind == Kind::Death { "death" } else { "birth" };
    if let Some(person) = body.get_mut(who).and_then(Value::as_object_mut) {
        let spelled = rng.percent(55);
        let slipped = rng.below(6);
        if spelled {
            in_russian(person);
        }
        let part = usize::try_from(slipped).unwrap_or(0);
        if let Some(part) = ["surname", "given", "patronymic"].get(part).copied()
            && let Some(name) = person.get(part).and_then(Value::as_str).map(str::to_owned)
        {
            person.insert(part.to_owned(), json!(slip(rng, &name)));
        }
        if rng.percent(25) {
            person.remove("patronymic");
        }
        if rng.percent(45) {
            person.insert("document".into(), json!({"not": "yet"}));
        }
        if let Some(born) = person.get("born").and_then(Value::as_str).map(str::to_owned)
            && rng.percent(15)
        {
            // The year alone, as grandmothers know it.
            person.insert("born".into(), json!(born.get(..4).unwrap_or_default()));
        }
        if rng.percent(30) {
            person.remove("phone");
        }
    }
    // The other twin is not at hand, or another ward has its own number for the two.
    if let Some(all) = body.as_object_mut() {
        all.remove("set");
    }
    if let Some(event) = body.get_mut(what).and_then(Value::as_object_mut) {
        if rng.percent(30) {
            event.insert("time".into(), json!({"not": "knowable"}));
        }
        if let Some(weight) = event.get("weight").and_then(Value::as_u64) {
            event.insert("weight".into(), json!(weight / 100 * 100));
        }
        let day = event.get("date").and_then(Value::as_str).map(str::to_owned);
        let day = day.and_then(|d| NaiveDate::parse_from_str(&d, "%Y-%m-%d").ok());
        if let Some(day) = day.filter(|_| rng.percent(12)) {
            // After midnight it was the day before.
            event.insert("date".into(), json!((day - Days::new(1)).to_string()));
        }
    }
    body
}

/// The second of twins, where the first is `first`; a ward that forgets to say that there are two
/// leaves both as single births.
pub(super) fn twin(rng: &mut SimulationRng, first: &mut SimulatedEvent, set: &str) -> SimulatedEvent {
    let mut body = first.body.clone();
    let minute = (first.minute + 3 + rng.below(30)).min(24 * 60 - 1);
    let sex = if rng.percent(52) { "male" } else { "female" };
    let put = |body: &mut Value, what: &str, field: &str, value: Value| {
        if let Some(part) = body.get_mut(what).and_then(Value::as_object_mut) {
            part.insert(field.to_owned(), value);
        }
    };
    let weight = body
        .pointer("/birth/weight")
        .and_then(Value::as_u64)
        .unwrap_or(2_500);
    let time = format!("{:02}:{:02}", minute / 60, minute % 60);
    put(&mut body, "child", "sex", json!(sex));
    put(&mut body, "birth", "time", json!(time));
    put(&mut body, "birth", "weight", json!(weight - 250 + rng.below(500)));
    if rng.percent(90) {
        for (order, body) in [(1, &mut first.body), (2, &mut body)] {
            put(body, "birth", "plurality", json!(2));
            put(body, "birth", "order", json!(order));
            if let Some(all) = body.as_object_mut() {
                all.insert("set".into(), json!({"id": set, "order": order, "n": 2}));
            }
        }
    }
    SimulatedEvent {
        kind: first.kind,
        body,
        minute,
    }
}
