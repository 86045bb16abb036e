//! Questions before something that counts.

use ratatui::layout::{Position, Rect};

use super::super::model::Model;
use super::cursor::Cursor;
use crate::lang::{Msg, text};
use crate::ward::ui::canvas::{Canvas, width};
use crate::ward::ui::dialog::{Dialog, DialogField, Purpose};

pub(super) fn draw(model: &Model, dialog: &Dialog, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    let area = canvas.area();
    let columns = area.width.min(74);
    let title = text(lang, title(&dialog.purpose));
    let mut before = vec![];
    if let Some(intro) = intro(model, dialog) {
        before = super::wrap(&crate::ward::ui::canvas::clean(&intro), columns.saturating_sub(4));
    }
    let after = match (&dialog.failed, dialog.waiting) {
        (_, true) => vec![text(lang, "ui-ask-waiting")],
        (Some(shown), _) => super::wrap(&shown.render(lang), columns.saturating_sub(4)),
        (None, false) => super::wrap(&text(lang, "ui-ask-f2"), columns.saturating_sub(4)),
    };
    let wanted = 2 + before.len() + 1 + dialog.lines.len() + 1 + after.len();
    let rows = u16::try_from(wanted).unwrap_or(area.height).min(area.height);
    let frame = Rect::new(
        area.x + (area.width - columns) / 2,
        area.y + (area.height - rows) / 2,
        columns,
        rows,
    );
    let mut canvas = canvas.within(frame);
    let inside = canvas.frame(&title, theme.heading);
    let mut canvas = canvas.within(inside);
    let mut y = 0;
    for line in &before {
        canvas.put(1, y, line, theme.plain);
        y += 1;
    }
    y += u16::from(!before.is_empty());
    let mut cursor = None;
    let at = dialog
        .lines
        .iter()
        .map(|(l, _)| width(&text(lang, label(*l))))
        .max()
        .unwrap_or(0)
        + 4;
    for (i, (line, field)) in dialog.lines.iter().enumerate() {
        let here = i == dialog.at;
        let style = if here { theme.heading } else { theme.plain };
        let mark = if here { "→" } else { " " };
        canvas.put(1, y, &format!("{mark} {}", text(lang, label(*line))), style);
        let room = canvas.columns().saturating_sub(at + 1);
        let (shown, column) = field.window(room);
        canvas.put(
            at,
            y,
            &" ".repeat(usize::from(room)),
            if here { theme.focus } else { theme.plain },
        );
        canvas.put_within(at, y, room, &shown, if here { theme.focus } else { theme.plain });
        if here && y < canvas.rows() {
            cursor = Some(Position::new(inside.x + at + column, inside.y + y));
        }
        y += 1;
    }
    y += u16::from(!dialog.lines.is_empty());
    let style = if dialog.failed.is_some() && !dialog.waiting {
        theme.stop
    } else {
        theme.faint
    };
    for line in &after {
        canvas.put(1, y, line, style);
        y += 1;
    }
    cursor.filter(|c| frame.contains(*c))
}

fn title(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Sign => "ui-ask-sign",
        Purpose::Correct(_) => "ui-ask-correct",
        Purpose::Annul(_) => "ui-ask-annul",
        Purpose::Attest(_) => "ui-ask-attest",
        Purpose::Drop(_) => "ui-ask-drop",
        Purpose::Leave => "ui-ask-leave",
        Purpose::Pin => "ui-ask-pin",
        Purpose::IssueKey(_) => "ui-ask-key",
        Purpose::KeyIssued(..) => "ui-ask-given",
    }
}

fn label(line: DialogField) -> &'static str {
    match line {
        DialogField::Surname => "ui-ask-surname",
        DialogField::Reason => "ui-ask-reason",
        DialogField::Helper => "ui-ask-helper",
        DialogField::Secret => "ui-ask-secret",
        DialogField::Second => "ui-ask-second",
        DialogField::SecondSecret => "ui-ask-second-secret",
        DialogField::Pin => "ui-ask-new-pin",
        DialogField::PinAgain => "ui-ask-pin-again",
    }
}

/// What happens by it.
fn intro(model: &Model, dialog: &Dialog) -> Option<String> {
    let lang = model.lang;
    let id = match &dialog.purpose {
        Purpose::Sign => {
            let form = model.form()?;
            let retyped = dialog.lines.iter().any(|(line, _)| *line == DialogField::Surname);
            let id = if retyped {
                "ui-ask-sign-death"
            } else {
                "ui-ask-sign-birth"
            };
            let user = model.user.as_ref().map(|u| u.name.clone()).unwrap_or_default();
            let name = match form.event.name_of(form.draft.kind.person()) {
                unnamed if unnamed.is_empty() => text(lang, &format!("kind-{}", form.draft.kind.code())),
                name => name,
            };
            let mut said = Msg::new(id).with("who", user).with("name", name).render(lang);
            // It is sent all the same; whoever signs should know why no number comes.
            if model.user.as_ref().is_some_and(|u| !u.confirmed) {
                said = format!("{said} {}", text(lang, "ui-ask-sign-unconfirmed"));
            }
            return Some(said);
        }
        Purpose::Correct(_) => "ui-ask-correct-intro",
        Purpose::Annul(_) => "ui-ask-annul-intro",
        Purpose::Attest(_) => "ui-ask-attest-intro",
        Purpose::Drop(_) => "ui-ask-drop-intro",
        Purpose::Leave => "ui-ask-leave-intro",
        Purpose::Pin => "ui-ask-pin-intro",
        Purpose::IssueKey(login) => {
            let person = model.people.iter().find(|p| p.login == *login);
            let name = person.map(|p| p.name.clone()).unwrap_or_default();
            return Some(Msg::new("ui-ask-key-intro").with("name", name).render(lang));
        }
        Purpose::KeyIssued(name, phrase) => {
            let msg = Msg::new("ui-ask-given-intro").with("name", name.as_str());
            return Some(msg.with("passphrase", phrase.reveal()).render(lang));
        }
    };
    Some(text(lang, id))
}
