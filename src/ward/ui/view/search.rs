//! Search as one types.

use ratatui::layout::Position;

use super::super::model::{Model, SearchScreen};
use super::super::pen::Pen;
use super::{Cursor, home};
use crate::lang::{Msg, text};

pub(super) fn draw(model: &Model, search: &SearchScreen, pen: &mut Pen<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    let x = pen.put(
        1,
        0,
        &format!("{}: ", text(lang, "ui-search-title")),
        theme.heading,
    );
    let (shown, column) = search.typed.window(pen.columns().saturating_sub(x + 1));
    pen.put(x, 0, &shown, theme.plain);
    pen.rule(1, theme.faint);
    let room = usize::from(pen.rows().saturating_sub(3)).max(1);
    if search.rows.is_empty() {
        let id = match search.typed.text().trim() {
            "" => "ui-search-hint",
            _ if search.answered < model.searches => "ui-loading",
            _ => "ui-search-nothing",
        };
        let mut y = 2;
        for line in super::wrap(&text(lang, id), pen.columns().saturating_sub(2)) {
            pen.put(1, y, &line, theme.faint);
            y += 1;
        }
    }
    let from = search.at.saturating_sub(room - 1);
    let mut y = 2;
    for (i, row) in search.rows.iter().enumerate().skip(from).take(room) {
        home::line(model, row, i == search.at, y, pen);
        y += 1;
    }
    let left = search.rows.len().saturating_sub(from + room);
    if left > 0 && pen.rows() > 0 {
        let more = Msg::new("ui-more").with("n", left).render(lang);
        pen.put_right(pen.rows() - 1, &format!("{more} "), theme.faint);
    }
    let area = pen.area();
    let cursor = Position::new(area.x + x + column, area.y);
    area.contains(cursor).then_some(cursor)
}
