//! What the next shift has to know: every list with something on it, with age and author.

use super::super::data::WorklistRow;
use super::super::model::{HandoverScreen, Model};
use super::cursor::Cursor;
use super::{home, words};
use crate::lang::{Msg, text};
use crate::ward::ui::canvas::Canvas;

enum HandoverLine<'a> {
    Heading(String),
    Row(usize, &'a WorklistRow),
}

pub(super) fn draw(model: &Model, screen: &HandoverScreen, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    canvas.put(1, 0, &text(lang, "ui-handover-title"), theme.heading);
    let Some(lists) = &screen.lists else {
        canvas.put(1, 2, &text(lang, "ui-loading"), theme.faint);
        return None;
    };
    if lists.is_empty() {
        canvas.put(1, 2, &text(lang, "ui-handover-empty"), theme.well);
        return None;
    }
    let mut lines = Vec::new();
    let mut at = 0;
    for (list, rows) in lists {
        let name = text(lang, &format!("ui-list-{}", list.code()));
        lines.push(HandoverLine::Heading(format!("{name}: {}", rows.len())));
        for row in rows {
            lines.push(HandoverLine::Row(at, row));
            at += 1;
        }
    }
    let room = usize::from(canvas.rows().saturating_sub(3)).max(1);
    let here = lines
        .iter()
        .position(|l| matches!(l, HandoverLine::Row(i, _) if *i == screen.at))
        .unwrap_or(0);
    let from = (here + 1).saturating_sub(room);
    for (y, line) in (1..).zip(lines.iter().skip(from).take(room)) {
        match line {
            HandoverLine::Heading(name) => {
                canvas.put(1, y, name, theme.heading);
            }
            HandoverLine::Row(i, row) => home::line(model, row, *i == screen.at, y, canvas),
        }
    }
    if let Some(row) = screen.rows().nth(screen.at) {
        let y = canvas.rows().saturating_sub(1);
        let said = Msg::new("ui-handover-row")
            .with("who", row.author.as_str())
            .with("when", words::moment(row.since))
            .with("age", words::lasted(model.now, row.since).render(lang));
        canvas.put(1, y, &said.render(lang), theme.faint);
    }
    None
}
