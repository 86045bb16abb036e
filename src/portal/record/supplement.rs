//! What the registry office adds when the family stands there: the child's name, papers, the
//! marriage or paternity act, the applicant.
//!
//! It is the registry's own record, kept beside the ward's signed statement and never in it. The
//! ward learns what is no longer missing (`open` of a receipt), not what it is.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::event::open;
use crate::questions::{FamilyInput, family_questions};
use crate::rules::{Breach, NameFault, breach};
use crate::vital::{Event, PartialDate, field as f, line};

/// Longest answer.
const LONGEST: usize = 120;

/// What an office added to a notification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::portal) struct Supplement(BTreeMap<String, String>);

/// Why the office's form was not taken: the question and a sentence of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) struct SupplementFault {
    pub question: &'static str,
    pub why: &'static str,
}

impl Supplement {
    /// An answer.
    pub fn get(&self, question: &str) -> Option<&str> {
        self.0.get(question).map(String::as_str)
    }

    /// Reads the office's form; `now` is the office's civil time.
    pub fn read(
        event: &Event,
        now: NaiveDateTime,
        get: impl Fn(&str) -> String,
    ) -> Result<Supplement, SupplementFault> {
        let mut out = BTreeMap::new();
        for q in family_questions(event.kind) {
            let fault = |why| SupplementFault { question: q.id, why };
            let entered = get(q.id);
            let Some(text) = line(&entered, LONGEST) else {
                return Err(fault("family-fault-text"));
            };
            if text.is_empty() {
                continue;
            }
            match q.input {
                FamilyInput::Name => match NameFault::of(&text) {
                    // A hint alone, which the desk cannot ask back.
                    None | Some(NameFault::Font(_)) => {}
                    Some(_) => return Err(fault("family-fault-name")),
                },
                FamilyInput::Text if !text.chars().any(char::is_alphanumeric) => {
                    return Err(fault("family-fault-text"));
                }
                FamilyInput::Text => {}
                FamilyInput::Day(moment) => {
                    let date = PartialDate::parse(&text).ok().filter(|date| date.day().is_some());
                    let date = date.ok_or_else(|| fault("family-fault-date"))?;
                    match breach(event, moment, (date, None), now) {
                        Some(Breach::After(bound)) if bound.may_be => {}
                        Some(_) => return Err(fault("family-fault-moment")),
                        None => {}
                    }
                }
            }
            out.insert(q.id.to_owned(), text);
        }
        let supplement = Supplement(out);
        let father = ["father_surname", "father_given"]
            .iter()
            .any(|q| supplement.get(q).is_some());
        // A father enters the record by an act, not by a word.
        if father && !supplement.has_act() && event.text(f::MOTHER_MARRIAGE) != Some("registered") {
            return Err(SupplementFault {
                question: "paternity_act",
                why: "family-fault-father",
            });
        }
        Ok(supplement)
    }

    fn has_act(&self) -> bool {
        self.get("marriage_act").is_some() || self.get("paternity_act").is_some()
    }

    /// What a record still lacks once the office has added this.
    pub fn still_open(&self, event: &Event) -> Vec<String> {
        let known = |question: &str, field: &str| self.get(question).or(event.text(field)).is_some();
        let settled = |what: &str| match what {
            "name" => self.get("child_given").is_some(),
            "father" => self.has_act() && known("father_given", f::FATHER_GIVEN),
            "document" => self.get("mother_document").is_some() || self.get("deceased_document").is_some(),
            _ => false,
        };
        open(event).into_iter().filter(|what| !settled(what)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::{Input, question_of, questions};
    use crate::rules::tests::generator::{looked, now, plain, values};
    use crate::rules::{Finding, Severity, id};
    use crate::vital::{Kind, Value};

    /// Where the office takes what the ward's form asks about, or the reverse, and why.
    const DIFFERS: &[(&str, &str)] = &[
        // A hint alone, which the desk cannot ask back; the registrar has the paper in hand.
        (id::C09, "font"),
        (id::C10, ""),
        // A marriage after the birth: an answer is wanted, and the act is the answer.
        (id::C15, "after"),
    ];

    /// The field of the ward's form that a question of the office's form answers.
    fn field_of(id: &str, beside: Option<&'static str>) -> Option<&'static str> {
        beside.or((id == "marriage_date").then_some(f::MOTHER_MARRIAGE_DATE))
    }

    fn stops(finding: &Finding) -> bool {
        let differs = |(rule, words): &(&str, &str)| {
            finding.rule == *rule && finding.severity == Severity::W && finding.msg.id.ends_with(words)
        };
        finding.severity != Severity::N && !DIFFERS.iter().any(differs)
    }

    /// Each value of the generator, at each question that both forms ask: the office refuses what the ward's
    /// form finds wrong, and takes the rest.
    #[test]
    fn the_office_refuses_what_the_ward_s_form_finds_wrong() {
        let mut asked = 0;
        for kind in Kind::ALL {
            let mut event = plain(kind);
            // What the asked answers hang on.
            event.set(f::RECIPIENT, Value::Text("Раҳимова".into()));
            if kind != Kind::Death {
                event.set(f::MOTHER_MARRIAGE, Value::Code("registered".into()));
            }
            for q in family_questions(kind) {
                let Some(field) = field_of(q.id, q.beside) else {
                    continue;
                };
                let Some(question) = question_of(kind, field) else {
                    continue;
                };
                for value in values(question) {
                    let typed = match &value {
                        Value::Text(text) => text.clone(),
                        // The office knows its day.
                        Value::Date(date) if date.day().is_some() => date.to_string(),
                        _ => continue,
                    };
                    let mut with = event.clone();
                    with.set(field, value);
                    let wrong = looked(&with).iter().any(|x| x.field == field && stops(x));
                    let get = |id: &str| if id == q.id { typed.clone() } else { String::new() };
                    let taken = Supplement::read(&event, now().naive_local(), get);
                    assert_eq!(taken.is_err(), wrong, "{} {typed}: {taken:?}", q.id);
                    asked += 1;
                }
            }
        }
        assert!(asked > 200, "{asked}");
    }

    /// What the family's form asks beside a field, it asks in the same way.
    #[test]
    fn a_question_of_the_office_s_form_is_of_the_kind_that_the_ward_s_is() {
        for kind in Kind::ALL {
            for q in family_questions(kind) {
                let beside = q.beside.and_then(|field| questions(kind).find(|x| x.id == field));
                let same = beside.is_none_or(|x| match q.input {
                    FamilyInput::Name => x.input == Input::Name,
                    FamilyInput::Text => matches!(x.input, Input::Text(_)),
                    FamilyInput::Day(moment) => x.input == Input::Date(moment),
                });
                assert!(same, "{}", q.id);
            }
        }
    }
}
