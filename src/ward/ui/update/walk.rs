//! Walking through a form: to the next question, to another section, through the offers of a list.

use super::super::data::Shown;
use super::super::field::Field;
use super::super::model::Model;
use super::super::msg::Effect;
use super::answer::{changed, focus};
use super::causes;
use crate::lang;

/// Takes the offer at hand. None: there was nothing to take; false: what was typed fits nothing.
pub(super) fn take(model: &mut Model) -> Option<bool> {
    let lang = model.lang;
    let form = model.form_mut()?;
    if causes::take(form) {
        let here = form.focus;
        focus(form, here);
        return Some(true);
    }
    let list = form.list()?;
    let pick = form.pick.as_ref()?;
    let at = pick.at?;
    let Some(offer) = pick.offers(list, lang).into_iter().nth(at) else {
        return Some(false);
    };
    let id = form.focus;
    form.draft.put(id, offer.code);
    form.pick = None;
    form.field = Field::default();
    Some(true)
}

/// To the next or the previous question, taking the offer at hand.
pub(super) fn step(model: &mut Model, forward: bool, round: bool) -> Vec<Effect> {
    let mut effects = Vec::new();
    match take(model) {
        Some(false) => {
            model.fail(Shown::new(lang::Msg::new("ui-nothing-in-list")));
            return vec![];
        }
        Some(true) => effects = changed(model),
        None => {}
    }
    let Some(form) = model.form_mut() else {
        return effects;
    };
    let ids: Vec<&'static str> = form.questions().map(|q| q.id).collect();
    let at = ids.iter().position(|id| *id == form.focus).unwrap_or(0);
    let next = if forward {
        at.checked_add(1)
    } else {
        at.checked_sub(1)
    };
    let id = match next.and_then(|i| ids.get(i)) {
        Some(id) => Some(*id),
        None if round && forward => ids.first().copied(),
        None if round => ids.last().copied(),
        None => None,
    };
    match id {
        Some(id) => {
            focus(form, id);
            causes::offer_code(model);
        }
        None => {
            let here = form.focus;
            focus(form, here);
            model.notify(Shown::new(lang::Msg::new("ui-form-end")));
        }
    }
    effects
}

/// Arrows choose in an open list and move between questions otherwise.
pub(super) fn arrow(model: &mut Model, down: bool) -> Vec<Effect> {
    let lang = model.lang;
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    if causes::step(form, down) {
        return vec![];
    }
    if let Some(list) = form.list()
        && let Some(pick) = &mut form.pick
    {
        let offers = pick.offers(list, lang).len();
        if pick.step(down, offers) {
            return vec![];
        }
        if down {
            return vec![];
        }
        pick.at = None;
    }
    step(model, down, false)
}

/// To the first question of the next or the previous section.
pub(super) fn section(model: &mut Model, down: bool) {
    let Some(form) = model.form_mut() else {
        return;
    };
    let mut starts: Vec<(&'static str, &'static str)> = Vec::new();
    for q in form.questions() {
        if starts.last().is_none_or(|(s, _)| *s != q.section) {
            starts.push((q.section, q.id));
        }
    }
    let here = form.question().map_or("", |q| q.section);
    let at = starts.iter().position(|(s, _)| *s == here).unwrap_or(0);
    let to = if down {
        (at + 1).min(starts.len().saturating_sub(1))
    } else {
        at.saturating_sub(1)
    };
    if let Some((_, id)) = starts.get(to) {
        focus(form, id);
        causes::offer_code(model);
    }
}
