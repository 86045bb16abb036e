//! Filling a form: everything from the declaration, every change on its way to disk.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::data::{EventContext, Shown, Worklist};
use super::super::field::Field;
use super::super::keys::Act;
use super::super::model::{Form, Model, Offered, Over, Review, Saved, Screen};
use super::super::msg::Effect;
use super::super::pick::Pick;
use super::answer::{changed, focus, look};
use super::navigate::back;
use super::walk::{arrow, section, step, take};
use super::{causes, children};
use crate::form::Draft;
use crate::lang;
use crate::questions::{Input, Need, Question};
use crate::vital::{Event, Kind, Not, field};
use crate::ward::ui::dialog::{Dialog, Purpose};

/// A draft came: it is opened in front of everything.
pub(super) fn opened(model: &mut Model, draft: Draft) -> Vec<Effect> {
    model.over.retain(|o| !matches!(o, Over::Dialog(_)));
    // A draft is open once: one that lies beneath comes to the front.
    let beneath = model
        .screens
        .iter()
        .position(|s| matches!(s, Screen::Form(f) if f.draft.id == draft.id));
    if let Some(at) = beneath {
        model.screens.truncate(at + 1);
        return vec![];
    }
    let queue = matches!(model.screen(), Some(Screen::Home(h)) if h.list() == Worklist::ToSign)
        && !draft.answers.is_empty()
        && draft.event().1.is_empty();
    let id = draft.id.clone();
    let event = draft.event().0;
    let mut form = Form {
        event: Event::new(draft.kind),
        errors: Vec::new(),
        findings: Vec::new(),
        context: EventContext::default(),
        focus: "",
        field: Field::default(),
        fresh: true,
        pick: None,
        offered: Offered::default(),
        saved: Saved::Untouched,
        queue,
        draft,
    };
    form.event = event.clone();
    // What the registry asks about, else the first question without an answer, the required first.
    let asked = match model.screen() {
        Some(Screen::Notification(n)) if form.draft.amends.is_some() => n.shown.as_ref(),
        _ => None,
    }
    .and_then(|n| {
        let problem = n.problem.as_ref().and_then(|p| p.field.clone());
        problem.or_else(|| {
            n.open
                .iter()
                .find_map(|o| missing(n.event.kind, o))
                .map(str::to_owned)
        })
    });
    let open = |q: &&'static Question| event.get(q.id).is_none();
    // A correction is most often what was not yet known: the cause, the name.
    let awaited = [field::CAUSE_A, field::CHILD_GIVEN]
        .into_iter()
        .find(|id| form.draft.amends.is_some() && form.draft.not(id) == Some(Not::Yet));
    let asked = asked.as_deref().or(awaited);
    let start = form
        .questions()
        .find(|q| asked == Some(q.id))
        .or_else(|| form.questions().find(|q| open(q) && q.need == Need::Required))
        .or_else(|| form.questions().find(open))
        .or_else(|| form.questions().next())
        .map_or("", |q| q.id);
    focus(&mut form, start);
    model.screens.push(Screen::Form(Box::new(form)));
    if queue {
        model.screens.push(Screen::Review(Review::default()));
    }
    look(model);
    vec![Effect::EventContext(id, Box::new(event))]
}

/// Field of what the registry still misses.
fn missing(kind: Kind, open: &str) -> Option<&'static str> {
    match (kind, open) {
        (Kind::Birth, "name") => Some(field::CHILD_GIVEN),
        (Kind::Death, "cause") => Some(field::CAUSE_A),
        _ => None,
    }
}

pub(super) fn key(model: &mut Model, act: Option<Act>, press: KeyEvent) -> Vec<Effect> {
    match act {
        Some(Act::GoOn) => go_on(model),
        Some(Act::Back) => leave(model),
        Some(Act::Next) => step(model, true, true),
        Some(Act::Enter) => step(model, true, false),
        Some(Act::Previous) => step(model, false, true),
        Some(act @ (Act::Up | Act::Down)) => arrow(model, act == Act::Down),
        Some(act @ (Act::PageUp | Act::PageDown)) => {
            section(model, act == Act::PageDown);
            vec![]
        }
        Some(Act::Twin) => {
            let effects = typed(model, Field::twin);
            if effects.is_empty() && model.form().is_some_and(|f| f.list().is_none()) {
                model.notify(Shown::new(lang::Msg::new("ui-no-twin")));
            }
            effects
        }
        Some(Act::NotKnown) => not_known(model),
        Some(Act::Today) => today(model),
        Some(Act::NextChild) => children::next_child(model, Kind::Birth),
        Some(Act::OtherKind) => children::other_kind(model),
        Some(Act::NextStillborn) => children::next_child(model, Kind::FoetalDeath),
        _ => {
            let clears = matches!(press.code, KeyCode::Backspace | KeyCode::Delete);
            if clears && let Some(effects) = clear_choice(model) {
                return effects;
            }
            anew(model, press);
            typed(model, |field| field.key(press) == Some(true))
        }
    }
}

/// A date, a time or a number is typed over as a whole: its first digit takes the old one away.
fn anew(model: &mut Model, press: KeyEvent) {
    let Some(form) = model.form_mut() else { return };
    let whole = matches!(
        form.question().map(|q| q.input),
        Some(Input::Date(_) | Input::Time(_) | Input::Int(_) | Input::Length | Input::Interval)
    );
    let digit = matches!(press.code, KeyCode::Char(c) if c.is_ascii_digit());
    if std::mem::take(&mut form.fresh) && whole && digit && !press.modifiers.contains(KeyModifiers::CONTROL) {
        form.field = Field::default();
    }
}

/// Backspace on a chosen code or a stated unknown takes it back.
fn clear_choice(model: &mut Model) -> Option<Vec<Effect>> {
    let form = model.form_mut()?;
    let stated = form.draft.not(form.focus).is_some();
    let chosen = form.list().is_some() && form.pick.is_none();
    if !stated && !chosen {
        return None;
    }
    let id = form.focus;
    if chosen && !stated {
        form.draft.put(id, "");
    } else {
        form.draft.state(id, None);
    }
    focus(form, id);
    Some(changed(model))
}

/// Lets something happen to the text in focus and keeps what came of it.
pub(super) fn typed(model: &mut Model, edit: impl FnOnce(&mut Field) -> bool) -> Vec<Effect> {
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let stated = form.draft.not(form.focus).is_some();
    if stated && form.list().is_none() {
        // What is typed over a stated unknown begins anew.
        form.field = Field::default();
    }
    if !edit(&mut form.field) {
        if stated && form.list().is_none() {
            form.field = Field::new(form.draft.text(form.focus));
        }
        return vec![];
    }
    let text = form.field.text().to_owned();
    if form.list().is_some() {
        form.pick.get_or_insert_with(Pick::default).narrow(&text);
        return vec![];
    }
    let id = form.focus;
    let before = form.draft.text(id).to_owned();
    form.draft.put(id, &text);
    causes::forget_code(form, before.trim());
    let effects = changed(model);
    causes::offer(model);
    effects
}

/// Not yet known, cannot be known, refused, as far as the question takes them, and back.
fn not_known(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let Some(q) = form.question() else {
        return vec![];
    };
    if q.nots.is_empty() {
        model.fail(Shown::new(lang::Msg::new("ui-needs-answer")));
        return vec![];
    }
    let next = match form.draft.not(q.id) {
        None => q.nots.first().copied(),
        Some(now) => {
            let at = q.nots.iter().position(|n| *n == now).unwrap_or(q.nots.len());
            q.nots.get(at + 1).copied()
        }
    };
    form.draft.state(q.id, next);
    focus(form, q.id);
    let switched = preliminary(form);
    let effects = changed(model);
    if switched {
        model.notify(Shown::new(lang::Msg::new("ui-now-preliminary")));
    }
    effects
}

/// A death whose cause is awaited is certified for the time being.
pub(super) fn preliminary(form: &mut Form) -> bool {
    let awaited = form.draft.not(field::CAUSE_A) == Some(Not::Yet);
    let certificate = form.draft.text(field::DEATH_CERTIFICATE);
    let switch = form.draft.kind == Kind::Death && awaited && matches!(certificate, "" | "final");
    if switch {
        form.draft.put(field::DEATH_CERTIFICATE, "preliminary");
    }
    switch
}

/// Today's date or the time now.
fn today(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let text = match form.question().map(|q| q.input) {
        Some(Input::Date(_)) => now.format("%d.%m.%Y").to_string(),
        Some(Input::Time(_)) => now.format("%H:%M").to_string(),
        _ => return vec![],
    };
    let id = form.focus;
    form.draft.put(id, &text);
    focus(form, id);
    changed(model)
}

/// On to the read-back.
fn go_on(model: &mut Model) -> Vec<Effect> {
    let mut effects = match take(model) {
        Some(true) => changed(model),
        _ => vec![],
    };
    if let Some(form) = model.form_mut() {
        let here = form.focus;
        focus(form, here);
        effects.push(Effect::EventContext(
            form.draft.id.clone(),
            Box::new(form.event.clone()),
        ));
    }
    model.screens.push(Screen::Review(Review::default()));
    look(model);
    effects
}

/// Whether leaving would lose something.
pub(super) fn unsaved(form: &Form) -> bool {
    matches!(form.saved, Saved::Failed(_))
}

/// The last change is not on disk: try once more, and ask whether to leave without it.
pub(super) fn stay(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let draft = form.draft.clone();
    let mut dialog = Dialog::new(Purpose::Leave, &[], vec![]);
    if let Saved::Failed(shown) = form.saved.clone() {
        dialog.failed = Some(shown);
    }
    model.over.push(Over::Dialog(dialog));
    vec![Effect::SaveDraft(Box::new(draft))]
}

/// Esc: an open search in a list closes first; then one leaves, and the draft stays.
fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form_mut() else {
        return vec![];
    };
    let searching = form
        .pick
        .as_ref()
        .is_some_and(|p| !p.typed.is_empty() || p.at.is_some());
    if searching || !form.offered.rows.is_empty() {
        let here = form.focus;
        focus(form, here);
        return vec![];
    }
    if unsaved(form) {
        return stay(model);
    }
    if let Saved::At(at) = form.saved {
        let time = at.format("%H:%M").to_string();
        model.notify(Shown::new(lang::Msg::new("ui-draft-kept").with("time", time)));
    }
    back(model)
}

/// What has to be typed again before a death is signed: the surname, or the last four digits of
/// the document.
pub(super) fn retype(event: &Event) -> Vec<String> {
    if event.kind != Kind::Death {
        return vec![];
    }
    let surname = event.text(field::DECEASED_SURNAME).map(str::to_owned);
    let digits = event.text(field::DECEASED_DOCUMENT).and_then(|document| {
        let digits: Vec<char> = document.chars().filter(char::is_ascii_digit).collect();
        let last = digits.get(digits.len().checked_sub(4)?..)?;
        Some(last.iter().collect::<String>())
    });
    surname.into_iter().chain(digits).collect()
}
