//! The read-back before signing: findings are answered, look-alikes seen.

use super::super::data::Shown;
use super::super::keys::Act;
use super::super::model::{Model, Over, Screen};
use super::super::msg::Effect;
use super::answer::{changed, focus, look};
use super::form;
use super::navigate::stepped;
use crate::lang;
use crate::questions::{Input, question_of};
use crate::rules::{Severity, stops};
use crate::vital::{Answer, Kind, Not};
use crate::ward::ui::dialog::{Dialog, DialogField, Purpose};

pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    let findings = model.form().map_or(0, |f| f.findings.len() + f.errors.len());
    let Some(Screen::Review(review)) = model.screens.last_mut() else {
        return vec![];
    };
    match act {
        Act::Up | Act::Down => {
            // Past the last finding the arrows go on through the read-back.
            let down = act == Act::Down;
            if down && review.at + 1 >= findings {
                review.from = review.from.saturating_add(1);
            } else if !down && review.from > 0 {
                review.from -= 1;
            } else {
                review.at = stepped(review.at, act, findings);
            }
            vec![]
        }
        Act::PageDown => {
            review.from = review.from.saturating_add(8);
            vec![]
        }
        Act::PageUp => {
            review.from = review.from.saturating_sub(8);
            vec![]
        }
        Act::Verified => answer(model, Answer::Verified),
        Act::Unverified => answer(model, Answer::Unverified),
        Act::RestNotYet => rest_not_yet(model),
        Act::DeathOf => death_of(model),
        Act::Uncode => uncode(model),
        Act::Enter => to_field(model),
        Act::Back => {
            model.screens.pop();
            look(model);
            vec![]
        }
        Act::GoOn => go_on(model),
        _ => vec![],
    }
}

/// The finding at hand: what could not be read comes first, then the rules' findings.
fn at(model: &Model) -> Option<usize> {
    let Some(Screen::Review(review)) = model.screen() else {
        return None;
    };
    review.at.checked_sub(model.form()?.errors.len())
}

fn answer(model: &mut Model, answer: Answer) -> Vec<Effect> {
    let at = at(model);
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let Some(finding) = at.and_then(|i| form.findings.get(i)) else {
        return vec![];
    };
    if finding.severity != Severity::W {
        // Not answered unseen: the key goes to the first warning that waits, and answers it the
        // next time.
        if !to_open_warning(model) {
            model.fail(Shown::new(lang::Msg::new("ui-only-warnings")));
        }
        return vec![];
    }
    let rule = finding.rule.to_owned();
    form.draft.checked.insert(rule, answer);
    let effects = changed(model);
    to_open_warning(model);
    effects
}

/// On to the next warning that waits for an answer, if there is one.
fn to_open_warning(model: &mut Model) -> bool {
    let next = model.form().and_then(|f| {
        f.findings
            .iter()
            .position(|x| x.severity == Severity::W && x.answer.is_none())
            .map(|i| i + f.errors.len())
    });
    match (next, model.screens.last_mut()) {
        (Some(next), Some(Screen::Review(review))) => {
            review.at = next;
            true
        }
        _ => false,
    }
}

/// What is blank becomes *not yet known*, wherever a question takes that: stage two brings it.
/// Questions about the notification itself stay blank; nobody has to know them.
fn rest_not_yet(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let blank: Vec<&str> = form
        .questions()
        .filter(|q| q.section != "notice" && q.nots.contains(&Not::Yet))
        .filter(|q| form.draft.not(q.id).is_none() && form.draft.text(q.id).trim().is_empty())
        .map(|q| q.id)
        .collect();
    if blank.is_empty() {
        model.notify(Shown::new(lang::Msg::new("ui-no-blanks")));
        return vec![];
    }
    for field in &blank {
        form.draft.state(field, Some(Not::Yet));
    }
    let switched = form::preliminary(form);
    // The question in focus may be one of them; its field reads the draft anew.
    focus(form, form.focus);
    let effects = changed(model);
    to_open_warning(model);
    let msg = if switched {
        lang::Msg::new("ui-now-preliminary")
    } else {
        lang::Msg::new("ui-rest-not-yet").with("n", blank.len())
    };
    model.notify(Shown::new(msg));
    effects
}

/// A code is never required: the one that the finding at hand is about goes, the words stay.
fn uncode(model: &mut Model) -> Vec<Effect> {
    let field = at(model)
        .and_then(|i| model.form()?.findings.get(i))
        .map(|finding| finding.field);
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let code = field
        .and_then(|f| question_of(form.draft.kind, f))
        .filter(|q| q.input == Input::Icd && !form.draft.text(q.id).is_empty());
    let Some(code) = code else {
        model.fail(Shown::new(lang::Msg::new("ui-only-codes")));
        return vec![];
    };
    form.draft.put(code.id, "");
    focus(form, form.focus);
    let effects = changed(model);
    model.notify(Shown::new(lang::Msg::new("ui-uncoded")));
    effects
}

/// The child of the birth that is being read back died: its death is written, linked with it.
fn death_of(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    if form.draft.kind != Kind::Birth || form.draft.amends.is_some() {
        model.fail(Shown::new(lang::Msg::new("ui-only-of-birth")));
        return vec![];
    }
    let draft = form.draft.clone();
    model.screens.pop();
    look(model);
    vec![Effect::DeathOfDraft(Box::new(draft))]
}

/// Enter goes to the field of the finding; it never signs.
fn to_field(model: &mut Model) -> Vec<Effect> {
    let Some(Screen::Review(review)) = model.screen() else {
        return vec![];
    };
    let at = review.at;
    let Some(form) = model.form() else {
        return vec![];
    };
    let field = match form.errors.get(at) {
        Some(error) => Some(error.field.clone()),
        None => form
            .findings
            .get(at.saturating_sub(form.errors.len()))
            .map(|f| f.field.to_owned()),
    };
    let target = form
        .questions()
        .find(|q| field.as_deref() == Some(q.id))
        .map(|q| q.id);
    let Some(target) = target else {
        return vec![];
    };
    model.screens.pop();
    look(model);
    if let Some(form) = model.form_mut() {
        focus(form, target);
    }
    vec![]
}

fn go_on(model: &mut Model) -> Vec<Effect> {
    look(model);
    let Some(form) = model.form() else {
        return vec![];
    };
    let looked = matches!(model.screen(), Some(Screen::Review(r)) if r.looked);
    if !looked {
        if let Some(Screen::Review(review)) = model.screens.last_mut() {
            review.wanted = true;
        }
        model.notify(Shown::new(lang::Msg::new("ui-looking")));
        return vec![];
    }
    if form::unsaved(form) {
        return form::stay(model);
    }
    if !form.errors.is_empty() || stops(&form.findings) {
        let errors = form.findings.iter().filter(|f| f.severity == Severity::E).count() + form.errors.len();
        let open = form
            .findings
            .iter()
            .filter(|f| f.severity == Severity::W && f.answer.is_none())
            .count();
        let msg = lang::Msg::new("ui-cannot-sign")
            .with("errors", errors)
            .with("warnings", open);
        model.fail(Shown::new(msg));
        return vec![];
    }
    // A multiple birth is signed together or not at all.
    if let Some(set) = &form.draft.set {
        let there = form.context.siblings.len() + 1;
        if usize::try_from(set.n).is_ok_and(|n| there < n) {
            let msg = lang::Msg::new("ui-set-incomplete")
                .with("there", there)
                .with("n", set.n);
            model.fail(Shown::new(msg));
            return vec![];
        }
    }
    let retype = form::retype(&form.event);
    let mut lines = Vec::new();
    if !retype.is_empty() {
        lines.push(DialogField::Surname);
    }
    lines.push(DialogField::Secret);
    model
        .over
        .push(Over::Dialog(Dialog::new(Purpose::Sign, &lines, retype)));
    vec![]
}
