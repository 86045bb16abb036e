//! What a name or a line of text may say: one function for every door.

use std::sync::LazyLock;

use super::common::label;
use super::{Context, Findings, Rule, Severity, id};
use crate::lang::Msg;
use crate::matching::{fold, from_old_font, mixed_scripts};
use crate::questions::{Input, Question, questions};
use crate::vital::{Event, Kind};

fn fields(of: fn(&Question) -> bool) -> Vec<&'static str> {
    let asked = |kind| questions(kind).filter(move |q| of(q));
    let mut fields: Vec<&str> = Kind::ALL.into_iter().flat_map(asked).map(|q| q.id).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| fields(|q| q.input == Input::Name));
static TEXTS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| fields(|q| matches!(q.input, Input::Text(_) | Input::Cause(_))));

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule {
            id: id::C09,
            kinds: &Kind::ALL,
            severity: Severity::W,
            fields: &NAMES,
            source: "ogoh: a name has letters, of one alphabet, and says who somebody is",
            look: names,
        },
        Rule {
            id: id::C16,
            kinds: &Kind::ALL,
            severity: Severity::E,
            fields: &TEXTS,
            source: "ogoh: a text has a letter or a digit; what is not known is stated",
            look: texts,
        },
    ]
}

/// What is wrong with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// It has no letter.
    NoLetter,
    /// It is a word for *unknown*.
    Unknown,
    /// It holds a digit.
    Digit,
    /// A word of it has letters of two alphabets.
    Mixed,
    /// It is typed with letters of an old font; perhaps this was meant.
    Font(String),
}

impl NameFault {
    /// What is wrong with a name, if anything is.
    pub fn of(name: &str) -> Option<NameFault> {
        if !name.chars().any(char::is_alphabetic) {
            Some(NameFault::NoLetter)
        } else if is_unknown(name) {
            Some(NameFault::Unknown)
        } else if name.chars().any(char::is_numeric) {
            Some(NameFault::Digit)
        } else if mixed_scripts(name) {
            Some(NameFault::Mixed)
        } else {
            from_old_font(name).map(NameFault::Font)
        }
    }

    /// Its words; `value` is the name.
    pub fn msg(&self, name: &str) -> Msg {
        let variant = |variant: &str| Msg::new(format!("{}-{variant}", super::message_id(id::C09)));
        let msg = match self {
            NameFault::NoLetter => variant("letter"),
            NameFault::Unknown => variant("unknown"),
            NameFault::Digit => variant("digit"),
            NameFault::Mixed => Msg::new(super::message_id(id::C09)),
            NameFault::Font(better) => variant("font").with("better", better.as_str()),
        };
        msg.with("value", name.trim())
    }
}

/// Whether a text is a word for *unknown*, in one of three languages.
fn is_unknown(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "номаълум",
        "маълум нест",
        "беном",
        "бе ном",
        "номи номаълум",
        "дониста нест",
        "неизвестно",
        "неизвестен",
        "неизвестна",
        "неизвестный",
        "неизвестная",
        "не известно",
        "неизв",
        "не знаю",
        "нет имени",
        "без имени",
        "б и",
        "безымянный",
        "безымянная",
        "не установлено",
        "не установлена",
        "не установлен",
        "unknown",
        "not known",
        "no name",
        "unnamed",
        "n a",
        "na",
        "none",
        "тест",
        "test",
        "н д",
        "нд",
        "xxx",
        "ххх",
    ];
    static FOLDED: LazyLock<Vec<String>> = LazyLock::new(|| WORDS.iter().map(|word| bare(word)).collect());
    let text = bare(text);
    FOLDED.contains(&text)
}

/// The words of a text, folded, with single blanks between.
fn bare(text: &str) -> String {
    let letters: String = fold(text)
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    for field in NAMES.iter() {
        let Some(name) = event.text(field) else { continue };
        if let Some(fault) = NameFault::of(name) {
            let severity = match fault {
                NameFault::NoLetter => Severity::E,
                _ => Severity::W,
            };
            findings.add_as(severity, field, fault.msg(name).with("field", label(field)));
        }
    }
}

fn texts(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    for field in TEXTS.iter() {
        let empty = |text: &str| !text.chars().any(char::is_alphanumeric);
        if let Some(text) = event.text(field).filter(|text| empty(text)) {
            let msg = findings
                .msg()
                .with("field", label(field))
                .with("value", text.trim());
            findings.add(field, msg);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_letters_and_says_who_somebody_is() {
        for name in ["", " ", "?", "-", "...", "\u{a0}", "\u{304}", "123", "№"] {
            assert_eq!(NameFault::of(name), Some(NameFault::NoLetter), "{name:?}");
        }
        for name in [
            "Номаълум",
            "НЕИЗВЕСТНО",
            "не известно",
            "(unknown)",
            "n/a",
            "Н/Д",
            "Без имени.",
            "неизвестная",
        ] {
            assert_eq!(NameFault::of(name), Some(NameFault::Unknown), "{name}");
        }
        assert_eq!(NameFault::of("Сарвиноз2"), Some(NameFault::Digit));
        assert_eq!(NameFault::of("Cарвиноз"), Some(NameFault::Mixed));
        for name in [
            "Сарвиноз",
            "Нест",
            "О",
            "Ҷӯраева-Зода",
            "Юсуфи\u{304}",
            "Nah",
            "李华",
            "Тестова",
        ] {
            assert_eq!(NameFault::of(name), None, "{name}");
        }
    }
}
