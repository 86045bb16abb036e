//! What a message does to the model, and what is to be done outside.
//!
//! Deliberately absent: everything that is not a value. No clock, no identifiers made here, no
//! files.

mod answer;
mod causes;
mod children;
mod dialog;
mod form;
mod home;
mod lists;
mod navigate;
mod review;
mod unlock;
mod walk;

pub(in crate::ward::ui) use home::offers;

use crossterm::event::KeyEvent;

use super::data::Shown;
use super::keys::{self, Act, KeyContext};
use super::model::{Model, Over, Saved, Screen, SearchScreen};
use super::msg::{Effect, Msg};
use crate::lang;
use crate::matching::from_old_font;
use answer::look;
use navigate::{refresh, stepped};

/// Takes a message; gives back what is to be done outside.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(press) => key(model, press),
        Msg::Paste(text) => paste(model, &text),
        Msg::Resize => vec![],
        Msg::Tick(now, clock) => {
            model.now = now;
            model.clock = clock;
            // Ages and waiting times on the home screen are as of now.
            let screen = match model.screen() {
                Some(Screen::Home(home)) => Some(Effect::Home(home.list())),
                Some(Screen::Delivery(_)) => Some(Effect::Delivery),
                _ => None,
            };
            // What another program brought of the registry's word on keys shows by then.
            screen.into_iter().chain([Effect::People]).collect()
        }
        Msg::Terminate => vec![Effect::Quit],
        Msg::Idle => unlock::lock(model),
        Msg::People(people) => unlock::known(model, people),
        Msg::Unlocked(person) => unlock::unlocked(model, person),
        Msg::NotUnlocked(shown) => {
            unlock::refused(model, shown);
            vec![]
        }
        Msg::Home(home) => home::arrived(model, *home),
        Msg::Draft(draft) => form::opened(model, *draft),
        Msg::Revised(draft) => {
            if let Some(form) = model.form_mut().filter(|f| f.draft.id == draft.id) {
                form.draft = *draft;
            }
            look(model);
            vec![]
        }
        Msg::DraftSaved(id, at) => {
            match model.form_mut().filter(|f| f.draft.id == id) {
                Some(form) => form.saved = Saved::At(at),
                None => {
                    let time = at.format("%H:%M").to_string();
                    model.notify(Shown::new(lang::Msg::new("ui-draft-kept").with("time", time)));
                }
            }
            vec![]
        }
        Msg::DraftUnsaved(id, shown) => {
            if let Some(form) = model.form_mut().filter(|f| f.draft.id == id) {
                form.saved = Saved::Failed(shown.clone());
            }
            model.fail(shown);
            vec![]
        }
        Msg::EventContext(id, context) => {
            if let Some(form) = model.form_mut().filter(|f| f.draft.id == id) {
                form.context = *context;
            }
            let mut wanted = false;
            if let Some(Screen::Review(review)) = model.screens.last_mut() {
                review.looked = true;
                wanted = std::mem::take(&mut review.wanted);
            }
            look(model);
            // Whoever pressed F2 too early need not press it again.
            match wanted && model.over.is_empty() {
                true => review::act(model, Act::GoOn),
                false => vec![],
            }
        }
        Msg::Signed { nid, notice } => dialog::signed(model, &nid, notice),
        Msg::KeyIssued { name, phrase } => {
            dialog::key_issued(model, name, phrase);
            vec![]
        }
        Msg::NotSigned(shown) => {
            dialog::refused(model, shown);
            vec![]
        }
        Msg::Found(number, rows) => {
            if let Some(Screen::Search(search)) = model.screens.last_mut()
                && number > search.answered
            {
                search.answered = number;
                search.rows = rows;
                search.at = 0;
            }
            vec![]
        }
        Msg::Notification(notification) => {
            let shown = model.screens.iter_mut().rev().find_map(|s| match s {
                Screen::Notification(n) if n.nid == notification.nid => Some(n),
                _ => None,
            });
            if let Some(screen) = shown {
                screen.shown = Some(notification);
            }
            vec![]
        }
        Msg::Delivery(delivery) => {
            model.queue = delivery.queue.clone();
            if let Some(Screen::Delivery(screen)) = model.screens.last_mut() {
                screen.at = screen.at.min(delivery.waiting.len().saturating_sub(1));
                screen.delivery = Some(delivery);
            }
            vec![]
        }
        Msg::Handover(lists) => {
            if let Some(Screen::Handover(screen)) = model.screens.last_mut() {
                screen.lists = Some(lists);
                screen.at = screen.at.min(screen.rows().count().saturating_sub(1));
            }
            vec![]
        }
        Msg::Queue(queue) => {
            model.queue = queue;
            refresh(model)
        }
        Msg::Sent(shown) => {
            // Only whoever asked is told; what the background does shows in the header.
            if std::mem::take(&mut model.sending) {
                model.notify(shown);
            }
            // The registry's word on keys may have come with it.
            let mut effects = refresh(model);
            effects.push(Effect::People);
            effects
        }
        Msg::Notice(shown) => {
            model.notify(shown);
            vec![]
        }
        Msg::Failed(shown) => {
            model.sending = false;
            dialog::refused(model, shown.clone());
            model.fail(shown);
            // A notification that cannot be shown is not waited for.
            if matches!(model.screen(), Some(Screen::Notification(n)) if n.shown.is_none()) {
                model.screens.pop();
            }
            vec![]
        }
    }
}

fn key(model: &mut Model, press: KeyEvent) -> Vec<Effect> {
    model.notice = None;
    let place = model.place();
    let act = keys::act(place, press);
    match (place, act) {
        (KeyContext::Help, Some(Act::Help)) => {
            model.over.pop();
            vec![]
        }
        (_, Some(Act::Help)) => {
            model.over.push(Over::Help { of: place, from: 0 });
            vec![]
        }
        (_, Some(Act::Language)) => {
            model.lang = model.lang.next();
            // The offers of a list are in the new language now; what was typed still stands.
            vec![]
        }
        (KeyContext::Search, Some(Act::Search)) => vec![],
        (_, Some(Act::Search)) => {
            model.screens.push(Screen::Search(SearchScreen::default()));
            vec![]
        }
        (_, Some(Act::SendNow)) => {
            model.sending = true;
            model.notify(Shown::new(lang::Msg::new("ui-sending")));
            vec![Effect::SendNow]
        }
        (_, Some(Act::Worklists)) => to_worklists(model),
        (KeyContext::Help, act) => {
            help(model, act);
            vec![]
        }
        (KeyContext::Bar, act) => match home::bar(model, act, press) {
            Some(chosen) => key(model, chosen),
            None => vec![],
        },
        (KeyContext::Dialog, act) => dialog::key(model, act, press),
        (KeyContext::Unlock, act) => unlock::key(model, act, press),
        (KeyContext::Home, Some(act)) => home::act(model, act),
        (KeyContext::Form, act) => form::key(model, act, press),
        (KeyContext::Review, Some(act)) => review::act(model, act),
        (KeyContext::Search, act) => lists::search(model, act, press),
        (KeyContext::Notification, Some(act)) => lists::notification(model, act),
        (KeyContext::Delivery, Some(act)) => lists::delivery(model, act),
        (KeyContext::Handover, Some(act)) => lists::handover(model, act),
        (
            KeyContext::Home
            | KeyContext::Review
            | KeyContext::Notification
            | KeyContext::Delivery
            | KeyContext::Handover,
            None,
        ) => {
            vec![]
        }
    }
}

fn help(model: &mut Model, act: Option<Act>) {
    match (act, model.over.last_mut()) {
        (Some(Act::Back | Act::Enter), _) => {
            model.over.pop();
        }
        (Some(act), Some(Over::Help { from, .. })) => *from = stepped(*from, act, 100),
        _ => {}
    }
}

fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let repaired = from_old_font(text);
    let text = repaired.as_deref().unwrap_or(text);
    model.notice = None;
    let effects = match model.place() {
        KeyContext::Form => form::typed(model, |field| field.insert(text)),
        KeyContext::Search => lists::search_typed(model, |field| field.insert(text)),
        KeyContext::Dialog => {
            dialog::typed(model, text);
            vec![]
        }
        KeyContext::Unlock => {
            unlock::typed(model, text);
            vec![]
        }
        _ => vec![],
    };
    if repaired.is_some() && !effects.is_empty() {
        model.notify(Shown::new(lang::Msg::new("ui-paste-repaired")));
    }
    effects
}

/// Back to the worklists from wherever one is; drafts stay drafts.
fn to_worklists(model: &mut Model) -> Vec<Effect> {
    if let Some(form) = model.form()
        && form::unsaved(form)
    {
        return form::stay(model);
    }
    let mut effects = Vec::new();
    while model.screens.len() > 1 {
        if let Some(Screen::Form(form)) = model.screens.pop() {
            effects.push(Effect::ReleaseDraft(form.draft.id.clone()));
        }
    }
    model.over.clear();
    effects.extend(refresh(model));
    effects
}
