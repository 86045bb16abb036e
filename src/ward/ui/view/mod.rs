//! Drawing the model. Every screen draws through a [`Canvas`], which keeps to its area and lets
//! nothing through that a terminal could obey.

mod cursor;
mod delivery;
mod dialog;
mod doc;
mod form;
mod handover;
mod help;
mod home;
mod notification;
mod review;
mod search;
mod unlock;
mod words;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::keys::{self, KeyContext};
use super::model::{Model, Over, Screen};
use crate::env::ClockTrust;
use crate::lang::{Lang, Msg, text};
use crate::ward::ui::canvas::{Canvas, width, wrap};
use cursor::Cursor;

/// Draws the model.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut canvas = Canvas::new(frame.buffer_mut(), area);
    if let Some(cursor) = draw(model, &mut canvas)
        && area.contains(cursor)
    {
        frame.set_cursor_position(cursor);
    }
}

fn draw(model: &Model, canvas: &mut Canvas<'_>) -> Cursor {
    let area = canvas.area();
    if area.is_empty() {
        return None;
    }
    // A screen too low for everything gives up the footer last.
    let head = if area.height >= 8 {
        2
    } else {
        u16::from(area.height >= 4)
    };
    let foot = u16::from(area.height >= 2);
    let notice: Vec<String> = model
        .notice
        .as_ref()
        .map(|t| {
            wrap(
                &crate::ward::ui::canvas::clean(&t.shown.render(model.lang)),
                area.width.saturating_sub(2),
            )
        })
        .unwrap_or_default();
    let body_rows = area.height.saturating_sub(head + foot);
    let said = u16::try_from(notice.len()).unwrap_or(0).min(3).min(body_rows / 2);
    header(
        model,
        &mut canvas.within(Rect::new(area.x, area.y, area.width, head)),
    );
    let body = Rect::new(area.x, area.y + head, area.width, body_rows - said);
    let cursor = screen(model, &mut canvas.within(body));
    let cursor = match model.over.last() {
        None => cursor,
        Some(over) => self::over(model, over, &mut canvas.within(body)),
    };
    let style = match &model.notice {
        Some(t) if t.failed => model.theme.stop,
        _ => model.theme.well,
    };
    for (y, line) in (0..said).zip(&notice) {
        canvas.put(1, head + body.height + y, line, style);
    }
    if foot == 1 {
        let y = area.height - 1;
        canvas.shade(y, model.theme.bar);
        canvas.put(0, y, &footer_line(model.place(), model.lang), model.theme.bar);
    }
    cursor
}

fn screen(model: &Model, canvas: &mut Canvas<'_>) -> Cursor {
    match model.screen() {
        None => None,
        Some(Screen::Unlock(s)) => unlock::draw(model, s, canvas),
        Some(Screen::Home(s)) => home::draw(model, s, canvas),
        Some(Screen::Form(s)) => form::draw(model, s, canvas),
        Some(Screen::Review(s)) => review::draw(model, s, canvas),
        Some(Screen::Search(s)) => search::draw(model, s, canvas),
        Some(Screen::Notification(s)) => notification::draw(model, s, canvas),
        Some(Screen::Delivery(s)) => delivery::draw(model, s, canvas),
        Some(Screen::Handover(s)) => handover::draw(model, s, canvas),
    }
}

fn over(model: &Model, over: &Over, canvas: &mut Canvas<'_>) -> Cursor {
    match over {
        Over::Help { of, from } => help::draw(model, *of, *from, canvas),
        Over::Bar { typed, at } => help::bar(model, typed, *at, canvas),
        Over::Dialog(question) => dialog::draw(model, question, canvas),
    }
}

/// Facility and person; the truth about sending, and the clock.
fn header(model: &Model, canvas: &mut Canvas<'_>) {
    let lang = model.lang;
    let bar = model.theme.bar;
    for y in 0..canvas.rows() {
        canvas.shade(y, bar);
    }
    let clock = format!(
        "{} {}",
        words::weekday_short(lang, model.now.date_naive()),
        model.now.format("%d.%m.%Y %H:%M")
    );
    let columns = canvas.columns();
    let room = columns.saturating_sub(width(&clock) + 2);
    let who = match &model.user {
        Some(user) => format!(
            "{} │ {} ({})",
            model.settings.facility.name,
            user.name,
            text(lang, &format!("role-{}", user.role.code())).to_lowercase()
        ),
        None => model.settings.facility.name.clone(),
    };
    canvas.put_within(0, 0, room, &format!(" {who}"), bar);
    canvas.put_right(0, &format!("{clock} "), bar);
    let trust = match model.clock {
        ClockTrust::Synced => String::new(),
        other => text(lang, &format!("ui-clock-{}", other.code())),
    };
    let room = columns.saturating_sub(width(&trust) + 2);
    // A wrong notification on its way out of the register comes before all numbers.
    let mut x = 0;
    if model.queue.annulling > 0 {
        let msg = Msg::new("ui-annulling").with("n", model.queue.annulling);
        let style = bar.patch(model.theme.stop);
        x = canvas.put_within(0, 1, room, &format!(" ■ {} ", msg.render(lang)), style);
    }
    canvas.put_within(
        x,
        1,
        room.saturating_sub(x),
        &format!(" {}", words::queue(model)),
        bar,
    );
    canvas.put_right(1, &format!("{trust} "), bar);
}

/// The footer of a place: keys and their names from the key table.
pub(in crate::ward::ui) fn footer_line(place: KeyContext, lang: Lang) -> String {
    let parts: Vec<String> = keys::footer(place)
        .filter_map(|b| {
            b.keys
                .first()
                .map(|k| format!("{} {}", k.name(), text(lang, b.label)))
        })
        .collect();
    format!(" {}", parts.join("  "))
}
