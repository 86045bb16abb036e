//! The record of an act on paper: what enters the book of records, for the family to read and
//! sign.
//!
//! The layout is the project's own until the ministry of justice gives the form of the act; that
//! is an assumption and the page says so.

use maud::{DOCTYPE, PreEscaped, html};

use super::record::at_office;
use crate::form;
use crate::lang::{Lang, text};
use crate::portal::book::BookResult;
use crate::portal::staff::sign_in::{self, Principal};
use crate::portal::unit::registry::Registry;
use crate::portal::web::desk::layout::STYLE;
use crate::questions::{self, Use, family_questions, label_id};
use crate::vital::{Kind, Stated, field as f};

/// The page to print; none where the record is not this office's.
pub(in crate::portal) fn print_page(
    registry: &Registry,
    person: &Principal,
    nid: &str,
    lang: Lang,
) -> BookResult<Option<String>> {
    let found = registry.read(|tx| match at_office(tx, nid, person)? {
        Some((n, event)) => Ok(Some((n, event, tx.supplement(nid)?))),
        None => Ok(None),
    })?;
    let Some((n, event, supplement)) = found else {
        return Ok(None);
    };
    sign_in::log(registry, person, "print", nid)?;
    // A father without marriage or act is stated and enters no record.
    let father = event.kind != Kind::Death && !supplement.still_open(&event).iter().any(|w| w == "father");
    let title = text(lang, &format!("desk-record-{}", n.kind));
    let page = html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head { meta charset="utf-8"; title { (title) } style { (PreEscaped(STYLE)) } }
            body {
                h1 { (title) }
                p { (text(lang, "desk-number")) ": " strong { (n.reg_no.clone().unwrap_or_else(|| "—".to_owned())) } " · " (crate::codes::name("office", &n.office, lang)) }
                table { tbody {
                    @for q in questions::used_for(event.kind, Use::Printed) {
                        @let added = supplement.get(&q.id.replace('.', "_"));
                        @let stated = match event.get(q.id) { Some(Stated::Known(v)) => form::show(q, v, lang), _ => String::new() };
                        tr { th { (text(lang, &label_id(q.id))) } td { (added.unwrap_or(&stated)) } }
                    }
                    @if father {
                        @for (question, field) in [("father_surname", f::FATHER_SURNAME), ("father_given", f::FATHER_GIVEN), ("father_patronymic", f::FATHER_PATRONYMIC)] {
                            tr { th { (text(lang, &label_id(field))) } td { (supplement.get(question).or(event.text(field)).unwrap_or_default()) } }
                        }
                    }
                    @for q in family_questions(event.kind).filter(|q| q.beside.is_none() || q.id.starts_with("applicant")) {
                        @if let Some(answer) = supplement.get(q.id) {
                            tr { th { (text(lang, &format!("family-{}", q.id.replace('_', "-")))) } td { (answer) } }
                        }
                    }
                    @if let Some((number, on)) = &n.cert {
                        tr { th { (text(lang, "desk-certificate-number")) } td { (number) " · " (on) } }
                    }
                } }
                p { (text(lang, "desk-print-signatures")) }
                p.small { (person.name) " · " (registry.now().date_naive()) " · " (text(lang, "desk-print-assumption")) }
            }
        }
    };
    Ok(Some(page.into_string()))
}
