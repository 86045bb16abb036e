//! What the next shift has to know: every list with something on it, with age and author.

use super::super::data::Row;
use super::super::model::{HandoverScreen, Model};
use super::super::pen::Pen;
use super::{Cursor, home, words};
use crate::lang::{Msg, text};

enum Line<'a> {
    Heading(String),
    Row(usize, &'a Row),
}

pub(super) fn draw(model: &Model, screen: &HandoverScreen, pen: &mut Pen<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    pen.put(1, 0, &text(lang, "ui-handover-title"), theme.heading);
    let Some(lists) = &screen.lists else {
        pen.put(1, 2, &text(lang, "ui-loading"), theme.faint);
        return None;
    };
    if lists.is_empty() {
        pen.put(1, 2, &text(lang, "ui-handover-empty"), theme.well);
        return None;
    }
    let mut lines = Vec::new();
    let mut at = 0;
    for (list, rows) in lists {
        let name = text(lang, &format!("ui-list-{}", list.code()));
        lines.push(Line::Heading(format!("{name}: {}", rows.len())));
        for row in rows {
            lines.push(Line::Row(at, row));
            at += 1;
        }
    }
    let room = usize::from(pen.rows().saturating_sub(3)).max(1);
    let here = lines
        .iter()
        .position(|l| matches!(l, Line::Row(i, _) if *i == screen.at))
        .unwrap_or(0);
    let from = (here + 1).saturating_sub(room);
    for (y, line) in (1..).zip(lines.iter().skip(from).take(room)) {
        match line {
            Line::Heading(name) => {
                pen.put(1, y, name, theme.heading);
            }
            Line::Row(i, row) => home::line(model, row, *i == screen.at, y, pen),
        }
    }
    if let Some(row) = screen.rows().nth(screen.at) {
        let y = pen.rows().saturating_sub(1);
        let said = Msg::new("ui-handover-row")
            .with("who", row.author.as_str())
            .with("when", words::moment(row.since))
            .with("age", words::lasted(model.now, row.since).render(lang));
        pen.put(1, y, &said.render(lang), theme.faint);
    }
    None
}
