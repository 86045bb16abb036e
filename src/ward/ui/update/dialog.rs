//! Questions before something that counts: surname, reason, passphrase. F2 does it, Enter never.

use crossterm::event::KeyEvent;

use super::super::data::Shown;
use super::super::keys::Act;
use super::super::model::{Model, Over, Screen};
use super::super::msg::{Effect, Secret};
use super::navigate::{back, open_notification, refresh};
use crate::form::Draft;
use crate::lang;
use crate::matching::fold;
use crate::ward::ui::dialog::{Dialog, DialogField, Purpose};

/// Digits of a PIN.
const PIN: std::ops::RangeInclusive<usize> = 4..=12;

fn dialog(model: &mut Model) -> Option<&mut Dialog> {
    match model.over.last_mut() {
        Some(Over::Dialog(dialog)) => Some(dialog),
        _ => None,
    }
}

pub(super) fn key(model: &mut Model, act: Option<Act>, press: KeyEvent) -> Vec<Effect> {
    let Some(dialog) = dialog(model) else {
        return vec![];
    };
    if dialog.waiting {
        return vec![];
    }
    let n = dialog.lines.len();
    match act {
        // What is shown once is not closed by a finger that slipped.
        Some(Act::Back) if matches!(dialog.purpose, Purpose::KeyIssued(..)) => {}
        Some(Act::Back) => {
            model.over.pop();
        }
        Some(Act::GoOn) => return go_on(model),
        Some(Act::Enter | Act::Next | Act::Down) => dialog.at = (dialog.at + 1).min(n.saturating_sub(1)),
        Some(Act::Previous | Act::Up) => dialog.at = dialog.at.saturating_sub(1),
        Some(Act::Show) => {
            if let Some((_, field)) = dialog.lines.get_mut(dialog.at) {
                field.show();
            }
        }
        Some(Act::Twin) => {
            if let Some((_, field)) = dialog.lines.get_mut(dialog.at) {
                field.twin();
            }
        }
        _ => {
            if let Some((_, field)) = dialog.lines.get_mut(dialog.at) {
                field.key(press);
            }
        }
    }
    vec![]
}

pub(super) fn typed(model: &mut Model, text: &str) {
    if let Some(dialog) = dialog(model).filter(|a| !a.waiting)
        && let Some((_, field)) = dialog.lines.get_mut(dialog.at)
    {
        field.insert(text);
    }
}

fn go_on(model: &mut Model) -> Vec<Effect> {
    let draft = model.form().map(|f| Box::new(f.draft.clone()));
    let Some(dialog) = dialog(model) else {
        return vec![];
    };
    if let Some((at, id)) = missing(dialog) {
        dialog.at = at;
        dialog.failed = Some(Shown::new(lang::Msg::new(id)));
        return vec![];
    }
    let secret = Secret::new(dialog.text(DialogField::Secret));
    let reason = dialog.text(DialogField::Reason).trim().to_owned();
    let effect = match dialog.purpose.clone() {
        Purpose::Sign => draft.map(|draft| Effect::Sign { draft, secret }),
        Purpose::Correct(nid) => Some(Effect::Correct { nid, reason }),
        Purpose::Annul(nid) => Some(Effect::Annul { nid, reason, secret }),
        Purpose::Attest(nid) => Some(Effect::Attest { nid, secret }),
        Purpose::Drop(id) => Some(Effect::DropDraft(id)),
        Purpose::Leave => {
            model.over.clear();
            return leave(model);
        }
        Purpose::IssueKey(login) => Some(Effect::IssueKey {
            login,
            helper: dialog.text(DialogField::Helper).trim().to_owned(),
            secret,
            second: (!dialog.text(DialogField::Second).trim().is_empty()).then(|| {
                let secret = Secret::new(dialog.text(DialogField::SecondSecret));
                (dialog.text(DialogField::Second).trim().to_owned(), secret)
            }),
        }),
        Purpose::KeyIssued(..) => {
            model.over.pop();
            return vec![];
        }
        Purpose::Pin => Some(Effect::Pin {
            pin: Secret::new(dialog.text(DialogField::Pin)),
            secret,
        }),
    };
    dialog.failed = None;
    dialog.waiting = true;
    let mut effects: Vec<Effect> = effect.into_iter().collect();
    if matches!(effects.first(), Some(Effect::DropDraft(_))) {
        model.over.pop();
        effects.extend(refresh(model));
    }
    effects
}

/// Leaves the form without its last change.
fn leave(model: &mut Model) -> Vec<Effect> {
    while matches!(model.screen(), Some(Screen::Review(_))) {
        model.screens.pop();
    }
    back(model)
}

/// The first line that is not as it should be, and the message about it.
fn missing(dialog: &Dialog) -> Option<(usize, &'static str)> {
    dialog.lines.iter().enumerate().find_map(|(i, (line, field))| {
        let text = field.text().trim();
        let id = match line {
            DialogField::Surname => {
                let same = dialog.retype.iter().any(|stated| fold(text) == fold(stated));
                (!same).then_some("ui-surname-differs")
            }
            DialogField::Reason => text.is_empty().then_some("ui-reason-needed"),
            DialogField::Helper => text.is_empty().then_some("ui-helper-needed"),
            DialogField::Second => text.is_empty().then_some("ui-second-needed"),
            DialogField::Secret | DialogField::SecondSecret => text.is_empty().then_some("ui-secret-needed"),
            DialogField::Pin => {
                let fine = PIN.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
                (!fine).then_some("ui-pin-digits")
            }
            DialogField::PinAgain => {
                (text != dialog.text(DialogField::Pin).trim()).then_some("ui-pin-differs")
            }
        };
        id.map(|id| (i, id))
    })
}

/// It was not done: the question stays, the secret goes.
pub(super) fn refused(model: &mut Model, shown: Shown) {
    if let Some(dialog) = dialog(model).filter(|a| a.waiting) {
        dialog.waiting = false;
        dialog.failed = Some(shown);
        for (line, field) in &mut dialog.lines {
            if matches!(line, DialogField::Secret | DialogField::SecondSecret) {
                field.wipe();
            }
        }
    }
}

/// A colleague has a new key: its passphrase is shown once.
pub(super) fn key_issued(model: &mut Model, name: String, phrase: Secret) {
    model.over.pop();
    model.over.push(Over::Dialog(Dialog::new(
        Purpose::KeyIssued(name, phrase),
        &[],
        vec![],
    )));
}

/// Whether two drafts are children of one delivery, or a birth and its death.
fn belong(one: &Draft, other: &Draft) -> bool {
    let set = |d: &Draft| d.set.as_ref().map(|s| s.id.clone());
    let names = |a: &Draft, b: &Draft| a.links.iter().any(|l| l.nid == b.id);
    set(one).is_some() && set(one) == set(other) || names(one, other) || names(other, one)
}

/// It was done and is on disk.
pub(super) fn signed(model: &mut Model, nid: &str, notice: Shown) -> Vec<Effect> {
    let purpose = match model.over.pop() {
        Some(Over::Dialog(dialog)) => Some(dialog.purpose),
        Some(other) => {
            model.over.push(other);
            None
        }
        None => None,
    };
    model.notify(notice);
    if purpose != Some(Purpose::Sign) {
        let mut effects = refresh(model);
        if effects.is_empty() && !nid.is_empty() {
            effects.push(Effect::Notification(nid.to_owned()));
        }
        return effects;
    }
    if matches!(model.screen(), Some(Screen::Review(_))) {
        model.screens.pop();
    }
    let mut queue = false;
    // Forms of other children of the delivery, and of the birth of this death, lie beneath: they
    // were signed with it, or wait in their lists.
    let mut signed: Option<Draft> = None;
    while let Some(Screen::Form(form)) = model.screens.last() {
        if signed.as_ref().is_some_and(|one| !belong(one, &form.draft)) {
            break;
        }
        queue = form.queue;
        signed.get_or_insert_with(|| form.draft.clone());
        model.screens.pop();
    }
    if let Some(Screen::Home(home)) = model.screens.last_mut() {
        home.go_on = queue;
        // Whoever signs one thing wants to see the registry's number come; whoever works through
        // the queue wants the next.
        if !queue && !nid.is_empty() {
            return open_notification(model, nid);
        }
    }
    refresh(model)
}
