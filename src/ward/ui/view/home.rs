//! The worklists.

use ratatui::layout::Rect;

use super::super::data::{Opens, Worklist, WorklistRow};
use super::super::keys::{self, Act, KeyContext};
use super::super::model::{HomeScreen, Model};
use super::cursor::Cursor;
use super::words;
use crate::lang::{Msg, text};
use crate::ward::ui::canvas::{Canvas, width};

pub(super) fn draw(model: &Model, home: &HomeScreen, canvas: &mut Canvas<'_>) -> Cursor {
    let area = canvas.area();
    let left = if area.width >= 60 {
        (area.width / 3).clamp(27, 34)
    } else {
        area.width / 2
    };
    lists(
        model,
        home,
        &mut canvas.within(Rect::new(area.x, area.y, left, area.height)),
    );
    for y in 0..area.height {
        canvas.put(left, y, "│", model.theme.faint);
    }
    let right = Rect::new(
        area.x.saturating_add(left + 1),
        area.y,
        area.width.saturating_sub(left + 1),
        area.height,
    );
    rows(model, home, &mut canvas.within(right));
    None
}

fn lists(model: &Model, home: &HomeScreen, canvas: &mut Canvas<'_>) {
    let (lang, theme) = (model.lang, &model.theme);
    let mut y = 1;
    for (i, list) in Worklist::ALL.into_iter().enumerate() {
        let here = list == home.list();
        let style = if here { theme.focus } else { theme.plain };
        let count = home
            .home
            .as_ref()
            .and_then(|h| h.counts.get(i))
            .map_or_else(String::new, usize::to_string);
        let name = text(lang, &format!("ui-list-{}", list.code()));
        let mark = if here { "→" } else { " " };
        let columns = canvas.columns();
        if here {
            canvas.put(0, y, &" ".repeat(usize::from(columns)), style);
        }
        canvas.put_within(0, y, columns.saturating_sub(6), &format!("{mark} {name}"), style);
        let x = columns.saturating_sub(width(&count) + 1);
        canvas.put(x, y, &count, style);
        y += 1;
    }
    y += 1;
    for act in [
        Act::NewBirth,
        Act::NewDeath,
        Act::NewFoetalDeath,
        Act::Search,
        Act::Delivery,
        Act::Handover,
        Act::Lock,
        Act::Quit,
    ] {
        let Some(binding) = keys::help(KeyContext::Home).find(|b| b.act == act) else {
            continue;
        };
        let key = binding.keys.first().map(|k| k.name()).unwrap_or_default();
        let x = canvas.put(1, y, &key, theme.heading);
        canvas.put(x.max(4) + 1, y, &text(lang, binding.label), theme.plain);
        y += 1;
    }
    if let Some(seen) = home.home.as_ref().and_then(|h| h.others_seen) {
        let msg = Msg::new("ui-others-seen").with("at", words::moment(seen));
        let lines = super::wrap(&msg.render(lang), canvas.columns().saturating_sub(2));
        for line in lines {
            y += 1;
            canvas.put(1, y, &line, theme.faint);
        }
    }
}

fn rows(model: &Model, home: &HomeScreen, canvas: &mut Canvas<'_>) {
    let (lang, theme) = (model.lang, &model.theme);
    let rows = home.rows();
    let title = text(lang, &format!("ui-list-{}", home.list().code()));
    canvas.put(1, 0, &title, theme.heading);
    let detail = if canvas.rows() >= 10 { 4 } else { 0 };
    let room = usize::from(canvas.rows().saturating_sub(1 + detail));
    if rows.is_empty() {
        let id = match &home.home {
            Some(h) if h.list == home.list() => format!("ui-list-{}-empty", home.list().code()),
            _ => "ui-loading".to_owned(),
        };
        let mut y = 2;
        for line in super::wrap(&text(lang, &id), canvas.columns().saturating_sub(2)) {
            canvas.put(1, y, &line, theme.faint);
            y += 1;
        }
        return;
    }
    let from = home.at.saturating_sub(room.saturating_sub(1));
    let mut y = 1;
    for (i, row) in rows.iter().enumerate().skip(from).take(room) {
        line(model, row, i == home.at, y, canvas);
        y += 1;
    }
    if detail > 0
        && let Some(row) = rows.get(home.at)
    {
        let top = canvas.rows() - detail;
        canvas.rule(top, theme.faint);
        details(model, row, top + 1, canvas);
    }
}

/// One row: day, kind, name, status.
pub(super) fn line(model: &Model, row: &WorklistRow, here: bool, y: u16, canvas: &mut Canvas<'_>) {
    let (lang, theme) = (model.lang, &model.theme);
    let style = if here { theme.focus } else { theme.plain };
    let columns = canvas.columns();
    if here {
        canvas.put(0, y, &" ".repeat(usize::from(columns)), style);
    }
    let date = row.date.map(|d| match d.day() {
        Some(day) if columns < 70 => day.format("%d.%m").to_string(),
        _ => words::date(d),
    });
    let wide = if columns < 70 { 5 } else { 10 };
    let mark = if row.held.is_some() { "•" } else { " " };
    canvas.put(0, y, mark, style);
    canvas.put_within(1, y, wide, &date.unwrap_or_default(), style);
    let x = 1 + wide + 1;
    let kind = text(lang, &format!("ui-kind-{}", row.kind.code()));
    canvas.put_within(x, y, 10, &kind, style);
    let x = x + 11;
    let status = text(lang, &format!("status-{}", row.status));
    let rest = columns.saturating_sub(x + 1);
    let for_status = width(&status).min(rest * 2 / 5);
    let name = if row.name.is_empty() {
        text(lang, "ui-no-name")
    } else {
        row.name.clone()
    };
    canvas.put_within(x, y, rest.saturating_sub(for_status + 1), &name, style);
    canvas.put_within(
        columns.saturating_sub(for_status + 1),
        y,
        for_status,
        &status,
        style,
    );
}

fn details(model: &Model, row: &WorklistRow, y: u16, canvas: &mut Canvas<'_>) {
    let (lang, theme) = (model.lang, &model.theme);
    let name = if row.name.is_empty() {
        text(lang, "ui-no-name")
    } else {
        row.name.clone()
    };
    let kind = text(lang, &format!("kind-{}", row.kind.code()));
    canvas.put(1, y, &format!("{name}: {}", kind.to_lowercase()), theme.heading);
    let status = text(lang, &format!("status-{}", row.status));
    let by = Msg::new(match row.opens {
        Opens::Draft(_) => "ui-row-draft",
        Opens::Notification(_) => "ui-row-notification",
    })
    .with("status", status)
    .with("who", row.author.as_str())
    .with("when", words::moment(row.since));
    canvas.put(1, y + 1, &by.render(lang), theme.plain);
    if let Some((who, since)) = &row.held {
        let msg = Msg::new("ui-row-held")
            .with("who", who.as_str())
            .with("since", words::when(model.now, *since));
        canvas.put(1, y + 2, &msg.render(lang), theme.ask);
    }
}
