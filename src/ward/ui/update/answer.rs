//! An answer of a form: where the cursor stands, and what follows when an answer changed.

use super::super::field::Field;
use super::super::model::{Form, Model, Offered, Saved, Screen};
use super::super::msg::Effect;
use super::super::pick::Pick;
use crate::env::ClockTrust;
use crate::lang::{Arg, Msg};
use crate::questions::{label_id, may_sign, required};
use crate::rules::{self, Context, Door, Finding, Severity, check};
use crate::vital::{Set, field};

/// Moves the focus to a question.
pub(super) fn focus(form: &mut Form, id: &'static str) {
    form.focus = id;
    form.fresh = true;
    form.offered = Offered::default();
    let unanswered = form.draft.text(id).is_empty() && form.draft.not(id).is_none();
    if form.list().is_some() {
        form.field = Field::default();
        form.pick = unanswered.then(Pick::default);
    } else {
        form.field = Field::new(form.draft.text(id));
        form.pick = None;
    }
}

/// The draft changed: read, check, write.
pub(super) fn changed(model: &mut Model) -> Vec<Effect> {
    look(model);
    if let Some(form) = model.form_mut()
        && form.draft.set.is_some()
    {
        // The set says what the questions say.
        form.draft.set = set_of(form);
        look(model);
    }
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    form.saved = Saved::Saving;
    let person = form.draft.kind.person();
    let mut effects = vec![Effect::SaveDraft(Box::new(form.draft.clone()))];
    // Who it is about decides which other notifications may be of the same event.
    if form.focus.starts_with(person) || form.focus == form.draft.kind.date_field() {
        effects.push(Effect::EventContext(
            form.draft.id.clone(),
            Box::new(form.event.clone()),
        ));
    }
    effects
}

/// The set of a multiple birth as the form states it; none for a single child.
pub(super) fn set_of(form: &Form) -> Option<Set> {
    let number = |id| form.event.int(id).and_then(|n| u32::try_from(n).ok());
    let n = number(field::BIRTH_PLURALITY).filter(|n| *n > 1)?;
    // The first child's draft lends the set its identifier.
    let id = form.draft.set.as_ref().map_or(&form.draft.id, |s| &s.id).clone();
    let order = number(field::BIRTH_ORDER).or(form.draft.set.as_ref().map(|s| s.order));
    Some(Set {
        id,
        order: order.unwrap_or(1),
        n,
    })
}

/// Reads the draft anew and checks it; at the read-back also whether this person may sign.
pub(super) fn look(model: &mut Model) {
    let signing = matches!(model.screen(), Some(Screen::Review(_)));
    let signer = model.user.as_ref().map(|u| u.role);
    let (now, trusted) = (model.now, model.clock == ClockTrust::Synced);
    let settings = model.settings.clone();
    let Some(form) = model.form_mut() else {
        return;
    };
    let (event, errors) = form.draft.event();
    let needed = required(&event);
    let nid = form.draft.amends.as_ref().map(|a| a.nid.clone());
    let context = Context {
        clock_trusted: trusted,
        required: &needed,
        nid: nid.as_deref(),
        amends: nid.is_some(),
        facility: &settings.facility.code,
        siblings: &form.context.siblings,
        candidates: &form.context.candidates,
        causes: form.context.causes.as_ref().map(|c| c.0.as_ref()),
        signer: signer
            .filter(|_| signing)
            .map(|role| may_sign(&settings.policy, role, form.context.before.as_ref(), &event)),
        ..Context::new(now, &settings.limits)
    };
    form.findings = check(&event, &context);
    let unread: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
    Door::Form.keep(&mut form.findings, &unread);
    // What was typed and is not asked any more waits in the draft, and is not signed.
    form.findings
        .extend(form.draft.left_out(&event).map(|field| Finding {
            rule: rules::id::C14,
            severity: Severity::N,
            field,
            msg: Msg::new("ui-left-out").with("field", Arg::Ref(label_id(field))),
            answer: None,
        }));
    form.event = event;
    form.errors = errors;
    // The question in focus may have gone with the answer that showed it.
    let here = form.focus;
    if !form.questions().any(|q| q.id == here) {
        let first = form.questions().next().map_or("", |q| q.id);
        focus(form, first);
    }
}
