//! Causes offered while somebody types one.

use super::super::model::{Form, Model, Offered};
use crate::icd::{Catalogue, Reading};
use crate::lang::Lang;
use crate::questions::{Input, question_of};
use crate::vital::field;

/// Most causes that are offered.
const MOST: usize = 8;

fn catalogue(form: &Form) -> &Catalogue {
    match &form.context.causes {
        Some(causes) => &causes.0,
        None => Catalogue::built_in(),
    }
}

/// The language in which the causes are written; of a form that does not ask, the screen's.
fn language(form: &Form, screen: Lang) -> Lang {
    Lang::from_code(form.draft.text(field::CAUSE_LANG)).unwrap_or(screen)
}

/// The fields of text and code that belong together, where the question in focus is one of them.
fn pair(form: &Form) -> Option<(String, String)> {
    let id = form.focus;
    match form.question()?.input {
        Input::Cause(_) => Some((id.to_owned(), id.replace(".text", ".code"))),
        Input::Icd => Some((id.replace(".code", ".text"), id.to_owned())),
        _ => None,
    }
}

/// Offers what fits what was typed.
pub(super) fn offer(model: &mut Model) {
    let screen = model.lang;
    let Some(form) = model.form_mut() else { return };
    let typed = form.field.text().to_owned();
    offer_for(form, &typed, screen);
}

/// Offers the codes of a line that was written in words, where the focus came to its code and that is blank.
pub(super) fn offer_code(model: &mut Model) {
    let screen = model.lang;
    let Some(form) = model.form_mut() else { return };
    if let Some((text, code)) = pair(form)
        && code == form.focus
        && form.draft.text(&code).is_empty()
        && form.draft.not(form.focus).is_none()
    {
        let written = form.draft.text(&text).to_owned();
        offer_for(form, &written, screen);
    }
}

/// Offers what a line is read as, surely or perhaps, and then what is found by its words.
fn offer_for(form: &mut Form, line: &str, screen: Lang) {
    let line = line.trim();
    let mut rows: Vec<(String, String)> = Vec::new();
    if pair(form).is_some() && line.chars().count() >= 2 {
        let (causes, lang) = (catalogue(form), language(form, screen));
        let read = match causes.read(line).reading {
            Reading::Sure(code) => vec![code],
            Reading::Offered(codes) => codes,
            Reading::Uncoded => vec![],
        };
        let read = read.iter().filter_map(|code| causes.get(code));
        let found = causes.search(line, lang, MOST).into_iter().map(|hit| hit.cause);
        for cause in read.chain(found) {
            if rows.len() < MOST && rows.iter().all(|(code, _)| *code != cause.code) {
                rows.push((cause.code.clone(), cause.name(lang).to_owned()));
            }
        }
    }
    form.offered = Offered { rows, at: None };
}

/// Up or down among the offers; says whether there was one to go to.
pub(super) fn step(form: &mut Form, down: bool) -> bool {
    let last = form.offered.rows.len().checked_sub(1);
    let at = match (form.offered.at, down, last) {
        (_, _, None) | (None, false, _) => return false,
        (None, true, _) => Some(0),
        (Some(0), false, _) => None,
        (Some(at), false, _) => Some(at - 1),
        (Some(at), true, Some(last)) => Some((at + 1).min(last)),
    };
    form.offered.at = at;
    true
}

/// Takes the offer at hand: its name into the text, its code beside it. A text that somebody wrote
/// in other words stays where only a code was looked for.
pub(super) fn take(form: &mut Form) -> bool {
    let Some((code, name)) = form.offered.at.and_then(|at| form.offered.rows.get(at)).cloned() else {
        return false;
    };
    let Some((text_field, code_field)) = pair(form) else {
        return false;
    };
    let by_code = code_field == form.focus;
    if !by_code || form.draft.text(&text_field).trim().is_empty() {
        // An anomaly has a code and no words.
        if question_of(form.draft.kind, &text_field).is_some() {
            form.draft.put(&text_field, &name);
        }
    }
    form.draft.put(&code_field, &code);
    form.offered = Offered::default();
    true
}

/// The code that an offer brought goes with the words that it brought.
pub(super) fn forget_code(form: &mut Form, before: &str) {
    let Some((text_field, code_field)) = pair(form) else {
        return;
    };
    if text_field != form.focus || before.is_empty() {
        return;
    }
    let code = form.draft.text(&code_field).to_owned();
    let brought = catalogue(form)
        .get(&code)
        .is_some_and(|cause| Lang::ALL.into_iter().any(|l| cause.name(l) == before));
    if brought {
        form.draft.put(&code_field, "");
    }
}
