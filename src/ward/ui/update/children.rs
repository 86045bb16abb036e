//! The children of one delivery: a draft each, signed together; and which kind each of them is.

use super::super::data::Shown;
use super::super::model::Model;
use super::super::msg::Effect;
use super::answer::{changed, focus, set_of};
use crate::lang;
use crate::vital::{Kind, field};

/// The next child of this delivery: what the children share is not typed twice.
pub(super) fn next_child(model: &mut Model, kind: Kind) -> Vec<Effect> {
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let set = set_of(form).filter(|_| form.draft.kind != Kind::Death && form.draft.amends.is_none());
    let Some(set) = set else {
        model.fail(Shown::new(lang::Msg::new("ui-only-multiple")));
        return vec![];
    };
    if form.draft.text(field::BIRTH_ORDER).is_empty() {
        form.draft.put(field::BIRTH_ORDER, &set.order.to_string());
    }
    form.draft.set = Some(set);
    let here = form.focus;
    focus(form, here);
    let mut effects = changed(model);
    if let Some(form) = model.form() {
        effects.push(Effect::NextChild(Box::new(form.draft.clone()), kind));
    }
    effects
}

/// A live birth that was none, or a foetal death with a sign of life: the kind changes, and what
/// was typed stays.
pub(super) fn other_kind(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let kind = match form.draft.kind {
        Kind::Birth => Kind::FoetalDeath,
        Kind::FoetalDeath => Kind::Birth,
        Kind::Death => return vec![],
    };
    if form.draft.amends.is_some() {
        // What was signed keeps its kind: it is annulled, and the right one is written.
        model.fail(Shown::new(lang::Msg::new("ui-kind-signed")));
        return vec![];
    }
    form.draft.kind = kind;
    let effects = changed(model);
    let kind = lang::text(model.lang, &format!("kind-{}", kind.code()));
    model.notify(Shown::new(lang::Msg::new("ui-kind-changed").with("kind", kind)));
    effects
}
