//! Search as one types.

use ratatui::layout::Position;

use super::super::model::{Model, SearchScreen};
use super::cursor::Cursor;
use super::home;
use crate::lang::{Msg, text};
use crate::ward::ui::canvas::Canvas;

pub(super) fn draw(model: &Model, search: &SearchScreen, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    let x = canvas.put(
        1,
        0,
        &format!("{}: ", text(lang, "ui-search-title")),
        theme.heading,
    );
    let (shown, column) = search.typed.window(canvas.columns().saturating_sub(x + 1));
    canvas.put(x, 0, &shown, theme.plain);
    canvas.rule(1, theme.faint);
    let room = usize::from(canvas.rows().saturating_sub(3)).max(1);
    if search.rows.is_empty() {
        let id = match search.typed.text().trim() {
            "" => "ui-search-hint",
            _ if search.answered < model.searches => "ui-loading",
            _ => "ui-search-nothing",
        };
        let mut y = 2;
        for line in super::wrap(&text(lang, id), canvas.columns().saturating_sub(2)) {
            canvas.put(1, y, &line, theme.faint);
            y += 1;
        }
    }
    let from = search.at.saturating_sub(room - 1);
    let mut y = 2;
    for (i, row) in search.rows.iter().enumerate().skip(from).take(room) {
        home::line(model, row, i == search.at, y, canvas);
        y += 1;
    }
    let left = search.rows.len().saturating_sub(from + room);
    if left > 0 && canvas.rows() > 0 {
        let more = Msg::new("ui-more").with("n", left).render(lang);
        canvas.put_right(canvas.rows() - 1, &format!("{more} "), theme.faint);
    }
    let area = canvas.area();
    let cursor = Position::new(area.x + x + column, area.y);
    area.contains(cursor).then_some(cursor)
}
