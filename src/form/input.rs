//! What a person types, and how a value is shown back.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::FieldError;
use crate::codes;
use crate::lang::{Lang, Msg, text};
use crate::questions::{Input, Question};
use crate::vital::{
    DateError, Event, Interval, PartialDate, Stated, TimeOfDay, Value, field, is_unprintable,
};

/// Reads what a person typed. Surrounding blanks go, the rest is NFC and otherwise untouched.
pub fn read(q: &Question, typed: &str) -> Result<Value, FieldError> {
    let typed: String = typed.trim().nfc().collect();
    let wrong = |id| FieldError::new(q.id, id).with("found", typed.as_str());
    if typed.chars().any(is_unprintable) {
        return Err(FieldError::new(q.id, "form-control-character"));
    }
    let most = longest(q.input);
    if typed.chars().count() > most {
        return Err(wrong("form-too-long").with("most", most));
    }
    match q.input {
        Input::Text(_) | Input::Cause(_) | Input::Name => Ok(Value::Text(typed)),
        Input::Code(list) => match codes::list(list).and_then(|l| l.get(&typed)) {
            Some(code) => Ok(Value::Code(code.code.clone())),
            None => Err(wrong("form-not-in-list").with("allowed", some_codes(list))),
        },
        Input::Int(_) => match typed.parse::<u32>() {
            Ok(n) if typed.bytes().all(|b| b.is_ascii_digit()) => Ok(Value::Int(i64::from(n))),
            _ => Err(wrong("form-not-a-number")),
        },
        Input::Length => millimetres(&typed)
            .map(Value::Int)
            .ok_or_else(|| wrong("form-not-a-length")),
        Input::Date(_) => read_date(&typed)
            .map(Value::Date)
            .map_err(|e| wrong(date_message(e))),
        Input::Time(_) => read_time(&typed)
            .map(Value::Time)
            .ok_or_else(|| wrong("form-not-a-time")),
        // An age is years unless somebody says otherwise.
        Input::Interval if q.id == field::DECEASED_AGE && typed.bytes().all(|b| b.is_ascii_digit()) => {
            Interval::parse_iso(&format!("P{typed}Y"))
                .map(Value::Interval)
                .ok_or_else(|| wrong("form-not-an-interval"))
        }
        Input::Interval => Interval::parse_human(&typed)
            .map(Value::Interval)
            .ok_or_else(|| wrong("form-not-an-interval")),
        Input::Icd => Ok(Value::Text(typed.to_uppercase())),
    }
}

/// Most characters that an input takes.
pub(super) fn longest(input: Input) -> usize {
    match input {
        Input::Text(most) | Input::Cause(most) => most,
        Input::Name => 80,
        Input::Int(_) => 7,
        _ => 40,
    }
}

/// The first codes of a list, for a message.
pub(super) fn some_codes(list: &str) -> String {
    let codes = codes::list(list).map(|l| l.codes.as_slice()).unwrap_or_default();
    let mut shown: Vec<&str> = codes.iter().take(10).map(|c| c.code.as_str()).collect();
    if codes.len() > shown.len() {
        shown.push("…");
    }
    shown.join(", ")
}

pub(super) fn date_message(e: DateError) -> &'static str {
    match e {
        DateError::Form => "form-not-a-date",
        DateError::NoSuchDay => "form-no-such-date",
        DateError::Year => "form-date-year",
    }
}

/// `09112026`, `9.11.2026`, `..11.2026`, `112026`, `2026`, `~1950`, `2026-11-09`.
fn read_date(typed: &str) -> Result<PartialDate, DateError> {
    let typed = typed.trim_start_matches('~').trim();
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if digits(typed) {
        let number = |from: usize, to: usize| typed.get(from..to).and_then(|t| t.parse::<u32>().ok());
        let year = |from: usize| {
            number(from, typed.len())
                .and_then(|y| i32::try_from(y).ok())
                .ok_or(DateError::Form)
        };
        return match typed.len() {
            4 => PartialDate::new(year(0)?, None, None),
            6 => PartialDate::new(year(2)?, number(0, 2), None),
            8 => PartialDate::new(year(4)?, number(2, 4), number(0, 2)),
            _ => Err(DateError::Form),
        };
    }
    if let Ok(date) = PartialDate::parse(typed) {
        return Ok(date);
    }
    let parts: Vec<&str> = typed
        .split(['.', '/', '-', ' '])
        .filter(|p| !p.is_empty())
        .collect();
    if !parts.iter().all(|p| digits(p)) {
        return Err(DateError::Form);
    }
    let number = |t: &str| t.parse::<u32>().map_err(|_| DateError::Form);
    let year = |t: &str| {
        if t.len() == 4 {
            t.parse::<i32>().map_err(|_| DateError::Form)
        } else {
            Err(DateError::Form)
        }
    };
    match parts.as_slice() {
        [y] => PartialDate::new(year(y)?, None, None),
        [m, y] => PartialDate::new(year(y)?, Some(number(m)?), None),
        [d, m, y] if d.len() == 4 => PartialDate::new(year(d)?, Some(number(m)?), Some(number(y)?)),
        [d, m, y] => PartialDate::new(year(y)?, Some(number(m)?), Some(number(d)?)),
        _ => Err(DateError::Form),
    }
}

/// `03:12`, `3:12`, `0312`, `312`, `3.12`, `~0500`.
fn read_time(typed: &str) -> Option<TimeOfDay> {
    let typed = typed.trim_start_matches('~').trim();
    let (h, m) = match typed.split_once([':', '.', ' ']) {
        Some((h, m)) => (h, m),
        None if (3..=4).contains(&typed.len()) => typed.split_at_checked(typed.len().checked_sub(2)?)?,
        None => return None,
    };
    let number = |t: &str, most: usize| {
        (!t.is_empty() && t.len() <= most && t.bytes().all(|b| b.is_ascii_digit()))
            .then(|| t.parse().ok())
            .flatten()
    };
    if m.len() != 2 {
        return None;
    }
    TimeOfDay::new(number(h, 2)?, number(m, 2)?)
}

/// Centimetres with at most one decimal, as millimetres.
fn millimetres(typed: &str) -> Option<i64> {
    let (whole, tenth) = typed.split_once(['.', ',']).unwrap_or((typed, "0"));
    let digits =
        |t: &str, most: usize| !t.is_empty() && t.len() <= most && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 3) || !digits(tenth, 1) {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 10 + tenth.parse::<i64>().ok()?)
}

/// A value for a person's eyes; [`read`] of what `typed` gives is the value again.
pub fn show(q: &Question, value: &Value, lang: Lang) -> String {
    match (q.input, value) {
        (Input::Code(list), Value::Code(code)) => codes::name(list, code, lang),
        (Input::Int(unit), Value::Int(n)) => Msg::new(format!("unit-{unit}")).with("n", *n).render(lang),
        (Input::Length, Value::Int(_)) => {
            format!("{} {}", typed(value, Input::Length), text(lang, "unit-cm"))
        }
        (_, Value::Interval(i)) => {
            let parts: Vec<String> = i
                .units()
                .into_iter()
                .map(|(u, n)| Msg::new(format!("interval-{u}")).with("n", n).render(lang))
                .collect();
            parts.join(" ")
        }
        (input, value) => typed(value, input),
    }
}

/// What an event states for a question, for a person's eyes: an estimate with `~` before it, a
/// stated unknown in words; none where nothing was stated.
pub fn show_stated(q: &Question, event: &Event, lang: Lang) -> Option<String> {
    Some(match event.get(q.id)? {
        Stated::Known(value) => {
            let about = if event.approximate.contains(q.id) { "~" } else { "" };
            format!("{about}{}", show(q, value, lang))
        }
        Stated::Not(not) => text(lang, &format!("not-{}", not.code())),
    })
}

/// A value as one would type it: the text of a draft's answer.
pub(super) fn typed(value: &Value, input: Input) -> String {
    match value {
        Value::Text(t) | Value::Code(t) => t.clone(),
        Value::Int(n) if input == Input::Length && n % 10 != 0 => format!("{},{}", n / 10, n % 10),
        Value::Int(n) if input == Input::Length => format!("{}", n / 10),
        Value::Int(n) => n.to_string(),
        Value::Date(PartialDate::Year(y)) => format!("{y:04}"),
        Value::Date(PartialDate::Month(y, m)) => format!("{m:02}.{y:04}"),
        Value::Date(PartialDate::Day(d)) => format_day(*d),
        Value::Time(t) => t.to_string(),
        Value::Interval(i) => i.to_string(),
    }
}

fn format_day(d: NaiveDate) -> String {
    d.format("%d.%m.%Y").to_string()
}
