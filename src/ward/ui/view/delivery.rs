//! What waits for delivery: what, why, since when, when it is tried next.

use super::super::data::Waiting;
use super::super::model::{DeliveryScreen, Model};
use super::cursor::Cursor;
use super::words;
use crate::lang::{Msg, text};
use crate::ward::ui::canvas::Canvas;

pub(super) fn draw(model: &Model, screen: &DeliveryScreen, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    canvas.put(1, 0, &text(lang, "ui-delivery-title"), theme.heading);
    let Some(delivery) = &screen.delivery else {
        canvas.put(1, 2, &text(lang, "ui-loading"), theme.faint);
        return None;
    };
    let mut y = 1;
    if let Some((at, what)) = &delivery.last {
        let line = format!("{}  {}", words::moment(*at), what.render(lang));
        for line in super::wrap(
            &crate::ward::ui::canvas::clean(&line),
            canvas.columns().saturating_sub(2),
        )
        .iter()
        .take(2)
        {
            canvas.put(1, y, line, theme.faint);
            y += 1;
        }
    }
    canvas.rule(y, theme.faint);
    y += 1;
    if delivery.waiting.is_empty() {
        for line in super::wrap(
            &text(lang, "ui-delivery-empty"),
            canvas.columns().saturating_sub(2),
        ) {
            canvas.put(1, y, &line, theme.well);
            y += 1;
        }
        return None;
    }
    let room = usize::from(canvas.rows().saturating_sub(y) / 2).max(1);
    let from = screen.at.saturating_sub(room - 1);
    for (i, waiting) in delivery.waiting.iter().enumerate().skip(from).take(room) {
        let style = if i == screen.at { theme.focus } else { theme.plain };
        let (first, second) = lines(model, waiting);
        canvas.put(0, y, &" ".repeat(usize::from(canvas.columns())), style);
        canvas.put(1, y, &first, style);
        canvas.put(4, y + 1, &second, theme.faint);
        y += 2;
    }
    None
}

fn lines(model: &Model, waiting: &Waiting) -> (String, String) {
    let lang = model.lang;
    let name = if waiting.name.is_empty() {
        text(lang, "ui-no-name")
    } else {
        waiting.name.clone()
    };
    let since = words::lasted(model.now, waiting.signed).render(lang);
    let id = if waiting.nid.is_empty() {
        "ui-waiting-plain"
    } else {
        "ui-waiting"
    };
    let first = Msg::new(id)
        .with("entry", text(lang, &format!("ui-entry-{}", waiting.entry)))
        .with("name", name)
        .with("when", words::moment(waiting.signed))
        .with("since", since)
        .render(lang);
    let why = match (&waiting.why, waiting.attempts) {
        (Some(why), _) => why.render(lang),
        (None, 0) => text(lang, "ui-waiting-untried"),
        (None, n) => Msg::new("ui-waiting-tried").with("n", n).render(lang),
    };
    let next = match waiting.next {
        Some(at) if at <= model.now => text(lang, "ui-next-now"),
        Some(at) => Msg::new("ui-next-at")
            .with("at", words::when(model.now, at))
            .render(lang),
        None => text(lang, "ui-next-person"),
    };
    (first, format!("{next} {why}"))
}
