//! The worklists and the command bar.

use crossterm::event::KeyEvent;

use super::super::data::{Home, Opens, Shown, Worklist};
use super::super::field::Field;
use super::super::keys::{self, Act, Binding};
use super::super::model::{HandoverScreen, HomeScreen, Model, Over, Screen};
use super::super::msg::Effect;
use super::navigate::{open, open_delivery, stepped};
use super::unlock;
use crate::lang::{self, Lang};
use crate::matching::fold;
use crate::vital::Kind;
use crate::ward::ui::dialog::{Dialog, DialogField, Purpose};

fn screen(model: &mut Model) -> Option<&mut HomeScreen> {
    model.screens.iter_mut().find_map(|s| match s {
        Screen::Home(home) => Some(home),
        _ => None,
    })
}

pub(super) fn arrived(model: &mut Model, home: Home) -> Vec<Effect> {
    model.queue = home.queue.clone();
    let front = matches!(model.screen(), Some(Screen::Home(_)));
    let Some(screen) = screen(model) else {
        return vec![];
    };
    if home.list != screen.list() {
        return vec![];
    }
    // The row at hand stays at hand when others come and go around it.
    let before = screen.rows().get(screen.at).map(|r| r.opens.clone());
    let same = before.and_then(|b| home.rows.iter().position(|r| r.opens == b));
    screen.at = same.unwrap_or(screen.at.min(home.rows.len().saturating_sub(1)));
    let go_on = std::mem::take(&mut screen.go_on) && front && home.list == Worklist::ToSign;
    let next = home.rows.first().map(|r| r.opens.clone());
    screen.home = Some(home);
    match next {
        Some(Opens::Draft(id)) if go_on => vec![Effect::OpenDraft { id, over: false }],
        _ => vec![],
    }
}

pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    let lang = model.lang;
    let Some(home) = screen(model) else {
        return vec![];
    };
    let warned = home.warned.take();
    let row = home.rows().get(home.at).cloned();
    match act {
        Act::Left | Act::Right => {
            let list = home.list().step(if act == Act::Left { -1 } else { 1 });
            home.list = Some(list);
            home.at = 0;
            vec![Effect::Home(list)]
        }
        // In an empty list the arrows have nowhere to go but to its neighbours.
        Act::Up | Act::Down if home.home.is_some() && home.rows().is_empty() => {
            let list = home.list().step(if act == Act::Up { -1 } else { 1 });
            home.list = Some(list);
            vec![Effect::Home(list)]
        }
        Act::Up | Act::Down | Act::PageUp | Act::PageDown => {
            home.at = stepped(home.at, act, home.rows().len());
            vec![]
        }
        Act::Enter => {
            let Some(row) = row else { return vec![] };
            if let (Opens::Draft(id), Some((who, since))) = (&row.opens, &row.held)
                && warned.as_ref() != Some(id)
            {
                home.warned = Some(id.clone());
                let msg = lang::Msg::new("ui-held-by")
                    .with("who", who.as_str())
                    .with("since", since.format("%d.%m %H:%M").to_string());
                model.notify(Shown::new(msg));
                return vec![];
            }
            open(model, &row, warned.is_some())
        }
        Act::Drop => match row.map(|r| r.opens) {
            Some(Opens::Draft(id)) => {
                model
                    .over
                    .push(Over::Dialog(Dialog::new(Purpose::Drop(id), &[], vec![])));
                vec![]
            }
            _ => vec![],
        },
        Act::NewBirth => vec![Effect::NewDraft(Kind::Birth, lang)],
        Act::NewDeath => vec![Effect::NewDraft(Kind::Death, lang)],
        Act::NewFoetalDeath => vec![Effect::NewDraft(Kind::FoetalDeath, lang)],
        Act::Delivery => open_delivery(model),
        Act::Handover => {
            model.screens.push(Screen::Handover(HandoverScreen::default()));
            vec![Effect::Handover]
        }
        Act::LeaveNaming => {
            let list = home.list();
            match row.map(|r| r.opens) {
                Some(Opens::Notification(nid))
                    if matches!(list, Worklist::Unnamed | Worklist::LeftToRegistry) =>
                {
                    vec![Effect::LeaveNaming(nid), Effect::Home(list)]
                }
                _ => {
                    model.fail(Shown::new(lang::Msg::new("ui-only-unnamed")));
                    vec![]
                }
            }
        }
        Act::Bar => {
            model.over.push(Over::Bar {
                typed: Field::default(),
                at: 0,
            });
            vec![]
        }
        Act::Pin => {
            let lines = [DialogField::Secret, DialogField::Pin, DialogField::PinAgain];
            model
                .over
                .push(Over::Dialog(Dialog::new(Purpose::Pin, &lines, vec![])));
            vec![]
        }
        Act::Lock => unlock::lock(model),
        Act::Quit => vec![Effect::Quit],
        _ => vec![],
    }
}

/// What the command bar offers for what was typed.
pub(in crate::ward::ui) fn offers(typed: &str, lang: Lang) -> Vec<&'static Binding> {
    let wanted = fold(typed);
    keys::commands()
        .filter(|b| {
            fold(&lang::text(lang, b.label)).contains(&wanted)
                || fold(&lang::text(lang, &format!("{}-help", b.label))).contains(&wanted)
        })
        .collect()
}

pub(super) fn bar(model: &mut Model, act: Option<Act>, press: KeyEvent) -> Option<KeyEvent> {
    let lang = model.lang;
    let Some(Over::Bar { typed, at }) = model.over.last_mut() else {
        return None;
    };
    let found = offers(typed.text(), lang);
    match act {
        Some(Act::Back) => {
            model.over.pop();
        }
        Some(Act::Enter) => {
            let chosen = found.get(*at).map(|b| (b.act, b.keys.first().copied()));
            model.over.pop();
            if let Some((act, _)) = chosen {
                return key_of(act);
            }
        }
        Some(act @ (Act::Up | Act::Down | Act::PageUp | Act::PageDown)) => {
            *at = stepped(*at, act, found.len());
        }
        Some(Act::Twin) => {
            typed.twin();
            *at = 0;
        }
        _ => {
            if typed.key(press) == Some(true) {
                *at = 0;
            }
        }
    }
    None
}

/// The key of a command, so that the bar does exactly what the key does.
fn key_of(act: Act) -> Option<KeyEvent> {
    use crossterm::event::{KeyCode, KeyModifiers};
    let stroke = keys::commands()
        .find(|b| b.act == act)
        .and_then(|b| b.keys.first());
    match stroke {
        Some(keys::Stroke::F(n)) => Some(KeyEvent::new(KeyCode::F(*n), KeyModifiers::NONE)),
        Some(keys::Stroke::Key(code)) => Some(KeyEvent::new(*code, KeyModifiers::NONE)),
        Some(keys::Stroke::Letter(c)) => Some(KeyEvent::new(KeyCode::Char(*c), KeyModifiers::NONE)),
        Some(keys::Stroke::Ctrl(c)) => Some(KeyEvent::new(KeyCode::Char(*c), KeyModifiers::CONTROL)),
        None => None,
    }
}
