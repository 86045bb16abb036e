//! Help and the command bar, both from the key table.

use ratatui::layout::{Position, Rect};

use super::super::field::Field;
use super::super::keys::{self, Binding, KeyContext};
use super::super::model::Model;
use super::super::update::offers;
use super::cursor::Cursor;
use super::doc::Doc;
use crate::lang::{has, text};
use crate::ward::ui::canvas::{Canvas, width};

pub(super) fn draw(model: &Model, of: KeyContext, from: usize, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    let area = canvas.area();
    let frame = Rect::new(area.x, area.y, area.width, area.height);
    let mut canvas = canvas.within(frame);
    let inside = canvas.frame(&text(lang, "ui-help-title"), theme.heading);
    let mut canvas = canvas.within(inside);
    let columns = canvas.columns().saturating_sub(2);
    let mut doc = Doc::default();
    for binding in keys::help(of) {
        doc.pair_at(
            14,
            &names(binding),
            &said(binding, model),
            (theme.heading, theme.plain),
            columns,
        );
    }
    doc.gap();
    for id in ["ui-help-marks", "ui-help-letters", "ui-help-status"] {
        doc.text(1, &text(lang, id), theme.faint, columns);
    }
    doc.gap();
    for note in &model.notes {
        doc.text(1, note, theme.plain, columns);
    }
    doc.draw(from, &mut canvas);
    None
}

fn names(binding: &Binding) -> String {
    let names: Vec<String> = binding.keys.iter().map(|k| k.name()).collect();
    names.join(", ")
}

fn said(binding: &Binding, model: &Model) -> String {
    let help = format!("{}-help", binding.label);
    if has(&help) {
        text(model.lang, &help)
    } else {
        text(model.lang, binding.label)
    }
}

pub(super) fn bar(model: &Model, typed: &Field, at: usize, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    let area = canvas.area();
    let found = offers(typed.text(), lang);
    let columns = area.width.min(70);
    let rows = u16::try_from(found.len() + 4)
        .unwrap_or(area.height)
        .min(area.height);
    let frame = Rect::new(area.x + (area.width - columns) / 2, area.y, columns, rows);
    let mut canvas = canvas.within(frame);
    let inside = canvas.frame(&text(lang, "ui-bar-title"), theme.heading);
    let mut canvas = canvas.within(inside);
    canvas.put(0, 0, "→", theme.heading);
    let (shown, column) = typed.window(canvas.columns().saturating_sub(3));
    canvas.put(2, 0, &shown, theme.plain);
    canvas.rule(1, theme.faint);
    let room = usize::from(canvas.rows().saturating_sub(2)).max(1);
    let from = at.saturating_sub(room - 1);
    let mut y = 2;
    for (i, binding) in found.iter().enumerate().skip(from).take(room) {
        let style = if i == at { theme.focus } else { theme.plain };
        let keys = names(binding);
        let edge = canvas.columns().saturating_sub(width(&keys) + 1);
        canvas.put(0, y, &" ".repeat(usize::from(canvas.columns())), style);
        canvas.put_within(1, y, edge.saturating_sub(2), &said(binding, model), style);
        canvas.put(edge, y, &keys, style);
        y += 1;
    }
    let cursor = Position::new(inside.x + 2 + column, inside.y);
    frame.contains(cursor).then_some(cursor)
}
