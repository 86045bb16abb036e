//! From screen to screen: forward, back, and what the one in front asks anew.

use super::super::data::{Opens, WorklistRow};
use super::super::keys::Act;
use super::super::model::{DeliveryScreen, Form, Model, NotificationScreen, Screen};
use super::super::msg::Effect;

/// Asks anew for what the screen in front shows.
pub(super) fn refresh(model: &Model) -> Vec<Effect> {
    match model.screen() {
        Some(Screen::Home(home)) => vec![Effect::Home(home.list())],
        Some(Screen::Delivery(_)) => vec![Effect::Delivery],
        Some(Screen::Notification(n)) => vec![Effect::Notification(n.nid.clone())],
        Some(Screen::Handover(_)) => vec![Effect::Handover],
        _ => vec![],
    }
}

/// A position after an arrow or page key, within `0..n`.
pub(super) fn stepped(at: usize, act: Act, n: usize) -> usize {
    let last = n.saturating_sub(1);
    match act {
        Act::Up => at.saturating_sub(1),
        Act::Down => (at + 1).min(last),
        Act::PageUp => at.saturating_sub(10),
        Act::PageDown => (at + 10).min(last),
        _ => at,
    }
}

/// Takes the screen in front away and asks anew for what comes to the front.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.screens.len() > 1
        && let Some(Screen::Form(form)) = model.screens.pop()
    {
        effects.push(Effect::ReleaseDraft(form.draft.id.clone()));
    }
    effects.extend(refresh(model));
    effects
}

/// Opens what a row stands for.
pub(super) fn open(model: &mut Model, row: &WorklistRow, over: bool) -> Vec<Effect> {
    match &row.opens {
        Opens::Draft(id) => vec![Effect::OpenDraft { id: id.clone(), over }],
        Opens::Notification(nid) => open_notification(model, nid),
    }
}

pub(super) fn open_notification(model: &mut Model, nid: &str) -> Vec<Effect> {
    model.screens.push(Screen::Notification(NotificationScreen {
        nid: nid.to_owned(),
        shown: None,
        from: 0,
    }));
    vec![Effect::Notification(nid.to_owned())]
}

pub(super) fn open_delivery(model: &mut Model) -> Vec<Effect> {
    model.screens.push(Screen::Delivery(DeliveryScreen::default()));
    vec![Effect::Delivery]
}

/// Drafts that are open in a stack of screens.
pub(super) fn open_drafts(screens: &[Screen]) -> impl Iterator<Item = &Form> {
    screens.iter().filter_map(|s| match s {
        Screen::Form(form) => Some(form.as_ref()),
        _ => None,
    })
}
