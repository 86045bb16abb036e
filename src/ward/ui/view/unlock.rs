//! Who works here, and the passphrase.

use ratatui::layout::Position;

use super::super::model::{Model, Unlock};
use super::cursor::Cursor;
use crate::lang::text;
use crate::ward::ui::canvas::Canvas;

/// Letters that the terminal's font must have; a person sees at once if it has not.
const LETTERS: &str = "Ғ Ӣ Қ Ӯ Ҳ Ҷ  ғ ӣ қ ӯ ҳ ҷ";

pub(super) fn draw(model: &Model, unlock: &Unlock, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    let origin = canvas.area();
    let mut y = 1;
    canvas.put(2, y, &text(lang, "ui-unlock-title"), theme.heading);
    y += 2;
    if model.people.is_empty() {
        canvas.put(2, y, &text(lang, "ui-unlock-nobody"), theme.plain);
        y += 1;
    }
    // As many people as fit, the one at hand among them.
    let room = usize::from(canvas.rows().saturating_sub(11)).max(1);
    let from = unlock.at.saturating_sub(room - 1);
    for (i, person) in model.people.iter().enumerate().skip(from).take(room) {
        let style = if i == unlock.at { theme.focus } else { theme.plain };
        let role = text(lang, &format!("role-{}", person.role.code()));
        let mark = if i == unlock.at { "→" } else { " " };
        let line = format!(" {mark} {} ({}) ", person.name, role.to_lowercase());
        let x = canvas.put_within(2, y, canvas.columns().saturating_sub(4), &line, style);
        if !person.confirmed {
            let room = canvas.columns().saturating_sub(x + 2);
            canvas.put_within(x + 1, y, room, &text(lang, "ui-key-unconfirmed"), theme.faint);
        }
        y += 1;
    }
    y += 1;
    let mut cursor = None;
    if let Some(field) = &unlock.secret {
        let x = canvas.put(3, y, &format!("{}: ", text(lang, "ui-passphrase")), theme.plain);
        let (shown, column) = field.window(canvas.columns().saturating_sub(x + 2));
        canvas.put(x, y, &shown, theme.plain);
        cursor = (y < canvas.rows()).then(|| Position::new(origin.x + x + column, origin.y + y));
    } else if !model.people.is_empty() {
        canvas.put(3, y, &text(lang, "ui-unlock-choose"), theme.faint);
    }
    y += 2;
    if unlock.waiting {
        canvas.put(3, y, &text(lang, "ui-unlock-waiting"), theme.faint);
    } else if let Some(failed) = &unlock.failed {
        let lines = super::wrap(&failed.render(lang), canvas.columns().saturating_sub(5));
        for line in lines.iter().take(3) {
            canvas.put(3, y, line, theme.stop);
            y += 1;
        }
    } else if model.resting.is_some() {
        canvas.put(3, y, &text(lang, "ui-unlock-resting"), theme.faint);
    }
    let rows = canvas.rows();
    let notes: Vec<String> = model
        .notes
        .iter()
        .flat_map(|n| {
            super::wrap(
                &crate::ward::ui::canvas::clean(n),
                canvas.columns().saturating_sub(4),
            )
        })
        .collect();
    let wanted = u16::try_from(notes.len()).unwrap_or(rows);
    if rows > y + 3 + wanted {
        for (at, note) in (rows - 3 - wanted..).zip(&notes) {
            canvas.put(2, at, note, theme.faint);
        }
    }
    if rows > y + 2 {
        let x = canvas.put(
            2,
            rows - 2,
            &format!("{} ", text(lang, "ui-font-line")),
            theme.faint,
        );
        canvas.put(x, rows - 2, LETTERS, theme.plain);
    }
    cursor
}
