//! Unlocking, locking, another person.

use crossterm::event::KeyEvent;

use super::super::data::{Shown, User, Worklist};
use super::super::field::Field;
use super::super::keys::Act;
use super::super::model::{HomeScreen, Model, Over, Screen, Unlock};
use super::super::msg::{Effect, Secret};
use super::navigate::open_drafts;
use crate::lang;
use crate::ward::ui::dialog::{Dialog, DialogField, Purpose};

fn screen(model: &mut Model) -> Option<&mut Unlock> {
    match model.screens.last_mut() {
        Some(Screen::Unlock(unlock)) => Some(unlock),
        _ => None,
    }
}

pub(super) fn key(model: &mut Model, act: Option<Act>, press: KeyEvent) -> Vec<Effect> {
    let people = model.people.len();
    let at = screen(model).map_or(0, |u| u.at);
    let login = model.people.get(at).map(|p| p.login.clone());
    let Some(unlock) = screen(model) else {
        return vec![];
    };
    if unlock.waiting {
        return vec![];
    }
    match act {
        Some(Act::Quit) => return vec![Effect::Quit],
        Some(Act::Back) => {
            unlock.secret = None;
            unlock.failed = None;
        }
        Some(Act::Up | Act::Previous) => {
            unlock.at = unlock.at.saturating_sub(1);
            unlock.secret = None;
            unlock.failed = None;
        }
        Some(Act::Down | Act::Next) => {
            unlock.at = (unlock.at + 1).min(people.saturating_sub(1));
            unlock.secret = None;
            unlock.failed = None;
        }
        Some(Act::Enter) => match (&unlock.secret, login) {
            (None, Some(_)) => unlock.secret = Some(Field::secret()),
            (Some(field), Some(login)) if !field.text().is_empty() => {
                let secret = Secret::new(field.text());
                unlock.waiting = true;
                unlock.failed = None;
                return vec![Effect::Unlock { login, secret }];
            }
            _ => {}
        },
        Some(Act::Forgotten) => {
            if let Some(login) = login {
                unlock.secret = None;
                unlock.failed = None;
                let mut lines = vec![DialogField::Helper, DialogField::Secret];
                if model.settings.limits.keys_by_two {
                    lines.extend([DialogField::Second, DialogField::SecondSecret]);
                }
                model.over.push(Over::Dialog(Dialog::new(
                    Purpose::IssueKey(login),
                    &lines,
                    vec![],
                )));
            }
        }
        Some(Act::Show) => {
            if let Some(field) = &mut unlock.secret {
                field.show();
            }
        }
        Some(Act::Twin) => {
            if let Some(field) = &mut unlock.secret {
                field.twin();
            }
        }
        _ => {
            // Typing begins the passphrase of the person at hand.
            if people > 0 {
                unlock.secret.get_or_insert_with(Field::secret).key(press);
            }
        }
    }
    vec![]
}

pub(super) fn typed(model: &mut Model, text: &str) {
    if let Some(unlock) = screen(model).filter(|u| !u.waiting) {
        unlock.secret.get_or_insert_with(Field::secret).insert(text);
    }
}

pub(super) fn refused(model: &mut Model, shown: Shown) {
    if let Some(unlock) = screen(model) {
        unlock.waiting = false;
        unlock.failed = Some(shown);
        if let Some(field) = &mut unlock.secret {
            field.wipe();
        }
    }
}

/// A key was opened: back to where that person was, or to the worklists.
pub(super) fn unlocked(model: &mut Model, person: User) -> Vec<Effect> {
    let mut effects = Vec::new();
    model.over.clear();
    model.screens = match model.resting.take() {
        Some((login, screens)) if login == person.login => screens,
        Some((_, screens)) => {
            effects.extend(open_drafts(&screens).map(|f| Effect::ReleaseDraft(f.draft.id.clone())));
            vec![Screen::Home(HomeScreen::default())]
        }
        None => vec![Screen::Home(HomeScreen::default())],
    };
    model.user = Some(person);
    let list = match model.screen() {
        Some(Screen::Home(home)) => home.list(),
        _ => Worklist::Unfinished,
    };
    effects.push(Effect::Home(list));
    effects
}

/// The people of this device as they are now. Whoever is at work and may not sign any more leaves.
pub(super) fn known(model: &mut Model, people: Vec<User>) -> Vec<Effect> {
    let before = std::mem::replace(&mut model.people, people);
    let people: Vec<String> = model.people.iter().map(|p| p.login.clone()).collect();
    if let Some(unlock) = screen(model) {
        // What is typed is typed for one person, whoever comes or goes above.
        let chosen = before.get(unlock.at).map(|p| &p.login);
        match people.iter().position(|login| Some(login) == chosen) {
            Some(at) => unlock.at = at,
            None => {
                unlock.at = unlock.at.min(people.len().saturating_sub(1));
                unlock.secret = None;
            }
        }
    }
    let Some(user) = &mut model.user else {
        return vec![];
    };
    if let Some(now) = model.people.iter().find(|p| p.login == user.login) {
        *user = now.clone();
        return vec![];
    }
    let effects = lock(model);
    refused(model, Shown::new(lang::Msg::new("store-suspended")));
    effects
}

/// Locks the screen; what was open waits for the same person.
pub(super) fn lock(model: &mut Model) -> Vec<Effect> {
    let Some(user) = model.user.take() else {
        // A passphrase that was shown does not stay on a screen that nobody looks at.
        model.over.clear();
        return vec![];
    };
    model.over.clear();
    model.notice = None;
    let at = model
        .people
        .iter()
        .position(|p| p.login == user.login)
        .unwrap_or(0);
    let screens = std::mem::replace(
        &mut model.screens,
        vec![Screen::Unlock(Unlock {
            at,
            ..Unlock::default()
        })],
    );
    model.resting = Some((user.login, screens));
    vec![Effect::Lock, Effect::People]
}
