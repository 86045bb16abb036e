//! Search, one notification, what waits.

use crossterm::event::KeyEvent;

use super::super::data::Shown;
use super::super::field::Field;
use super::super::keys::Act;
use super::super::model::{Model, Over, Screen};
use super::super::msg::Effect;
use super::form;
use super::navigate::{back, open, open_notification, stepped};
use crate::lang;
use crate::vital::{Kind, field};
use crate::ward::ui::dialog::{Dialog, DialogField, Purpose};

pub(super) fn search(model: &mut Model, act: Option<Act>, press: KeyEvent) -> Vec<Effect> {
    let Some(Screen::Search(search)) = model.screens.last_mut() else {
        return vec![];
    };
    match act {
        Some(Act::Back) => back(model),
        Some(Act::Enter) => match search.rows.get(search.at).cloned() {
            Some(row) => open(model, &row, false),
            None => vec![],
        },
        Some(act @ (Act::Up | Act::Down | Act::PageUp | Act::PageDown)) => {
            search.at = stepped(search.at, act, search.rows.len());
            vec![]
        }
        Some(Act::Twin) => search_typed(model, Field::twin),
        _ => search_typed(model, |f| f.key(press) == Some(true)),
    }
}

pub(super) fn search_typed(model: &mut Model, edit: impl FnOnce(&mut Field) -> bool) -> Vec<Effect> {
    let number = model.searches + 1;
    let Some(Screen::Search(search)) = model.screens.last_mut() else {
        return vec![];
    };
    if !edit(&mut search.typed) {
        return vec![];
    }
    let text = search.typed.text().trim().to_owned();
    model.searches = number;
    if text.is_empty() {
        search.rows.clear();
        search.answered = number;
        return vec![];
    }
    vec![Effect::Search(number, text)]
}

pub(super) fn notification(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some(Screen::Notification(screen)) = model.screens.last_mut() else {
        return vec![];
    };
    let nid = screen.nid.clone();
    let ours = screen.shown.as_ref().is_some_and(|n| n.ours);
    let attestable = screen.shown.as_ref().is_some_and(|n| n.attestable);
    let kind = screen.shown.as_ref().map(|n| n.event.kind);
    let gone = screen.shown.as_ref().is_some_and(|n| n.status == "voided");
    let unnamed = screen.shown.as_ref().is_some_and(|n| {
        let counts = !matches!(n.status.as_str(), "voided" | "duplicate");
        n.event.kind == Kind::Birth && n.event.is_open(field::CHILD_GIVEN) && counts
    });
    let problem = screen
        .shown
        .as_ref()
        .filter(|n| n.status == "returned")
        .and_then(|n| n.problem.as_ref())
        .map(|p| p.text(model.lang).to_owned());
    let dialog = |model: &mut Model, purpose, lines: &[DialogField], retype| {
        model.over.push(Over::Dialog(Dialog::new(purpose, lines, retype)));
        vec![]
    };
    let refuse = |model: &mut Model, id: &'static str| {
        model.fail(Shown::new(lang::Msg::new(id)));
        vec![]
    };
    match act {
        Act::Back => back(model),
        Act::Up | Act::Down | Act::PageUp | Act::PageDown => {
            screen.from = stepped(screen.from, act, 500);
            vec![]
        }
        Act::Correct if ours && !gone => dialog(model, Purpose::Correct(nid), &[DialogField::Reason], vec![]),
        Act::Annul if ours && !gone => {
            let retype = screen
                .shown
                .as_ref()
                .map(|n| form::retype(&n.event))
                .unwrap_or_default();
            let mut lines = vec![DialogField::Reason];
            if !retype.is_empty() {
                lines.push(DialogField::Surname);
            }
            lines.push(DialogField::Secret);
            dialog(model, Purpose::Annul(nid), &lines, retype)
        }
        Act::Correct | Act::Annul => refuse(model, "ui-not-from-here"),
        Act::Attest if attestable => dialog(model, Purpose::Attest(nid), &[DialogField::Secret], vec![]),
        Act::Attest => refuse(model, "ui-nothing-to-attest"),
        Act::LeaveNaming if unnamed => vec![Effect::LeaveNaming(nid.clone()), Effect::Notification(nid)],
        Act::LeaveNaming => refuse(model, "ui-only-unnamed"),
        // What the registry sent back is corrected where it says; its words are the reason.
        Act::Enter if ours && !gone => match problem {
            Some(reason) => vec![Effect::Correct { nid, reason }],
            None => vec![],
        },
        Act::DeathOf if kind == Some(Kind::Birth) => vec![Effect::DeathOf(nid)],
        Act::DeathOf => refuse(model, "ui-only-of-birth"),
        _ => vec![],
    }
}

pub(super) fn handover(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some(Screen::Handover(screen)) = model.screens.last_mut() else {
        return vec![];
    };
    match act {
        Act::Back => back(model),
        Act::Up | Act::Down | Act::PageUp | Act::PageDown => {
            screen.at = stepped(screen.at, act, screen.rows().count());
            vec![]
        }
        Act::Enter => {
            let row = screen.rows().nth(screen.at).cloned();
            row.map_or_else(Vec::new, |row| open(model, &row, false))
        }
        _ => vec![],
    }
}

pub(super) fn delivery(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some(Screen::Delivery(screen)) = model.screens.last_mut() else {
        return vec![];
    };
    let waiting = screen
        .delivery
        .as_ref()
        .map(|d| d.waiting.as_slice())
        .unwrap_or_default();
    match act {
        Act::Back => back(model),
        Act::Up | Act::Down | Act::PageUp | Act::PageDown => {
            screen.at = stepped(screen.at, act, waiting.len());
            vec![]
        }
        Act::Enter => match waiting.get(screen.at).map(|w| w.nid.clone()) {
            Some(nid) if !nid.is_empty() => open_notification(model, &nid),
            _ => vec![],
        },
        _ => vec![],
    }
}
