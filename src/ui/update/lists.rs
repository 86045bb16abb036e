//! Search, one notification, what waits.

use crossterm::event::KeyEvent;

use super::super::data::Shown;
use super::super::field::Field;
use super::super::keys::Act;
use super::super::model::{Ask, Line, Model, Over, Purpose, Screen};
use super::super::msg::Effect;
use super::{back, open, open_notification, stepped};
use crate::lang;
use crate::vital::{Kind, field};

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
    let ask = |model: &mut Model, purpose, lines: &[Line], surname| {
        model.over.push(Over::Ask(Ask::new(purpose, lines, surname)));
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
        Act::Correct if ours && !gone => ask(model, Purpose::Correct(nid), &[Line::Reason], None),
        Act::Annul if ours && !gone => {
            let surname = screen
                .shown
                .as_ref()
                .filter(|n| n.event.kind == Kind::Death)
                .and_then(|n| n.event.text(field::DECEASED_SURNAME))
                .map(str::to_owned);
            let mut lines = vec![Line::Reason];
            if surname.is_some() {
                lines.push(Line::Surname);
            }
            lines.push(Line::Secret);
            ask(model, Purpose::Annul(nid), &lines, surname)
        }
        Act::Correct | Act::Annul => refuse(model, "ui-not-from-here"),
        Act::Attest if attestable => ask(model, Purpose::Attest(nid), &[Line::Secret], None),
        Act::Attest => refuse(model, "ui-nothing-to-attest"),
        Act::DeathOf if kind == Some(Kind::Birth) => vec![Effect::DeathOf(nid)],
        Act::DeathOf => refuse(model, "ui-only-of-birth"),
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
