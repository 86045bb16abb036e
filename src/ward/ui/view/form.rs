//! A form, drawn from the declaration of its questions alone.

use ratatui::layout::{Position, Rect};

use super::super::model::{Form, Model, Saved};
use super::super::pick::Pick;
use super::cursor::Cursor;
use super::words;
use crate::codes;
use crate::form::{read, show_stated};
use crate::lang::{Lang, Msg, text};
use crate::questions::{Input, Need, Question, label_id};
use crate::rules::Severity;
use crate::ward::ui::canvas::{Canvas, width};

/// A row of the form.
enum FormRow {
    Section(&'static str),
    Question(&'static Question),
}

pub(super) fn draw(model: &Model, form: &Form, canvas: &mut Canvas<'_>) -> Cursor {
    let area = canvas.area();
    let panel = if area.height >= 10 {
        (area.height / 3).clamp(4, 10)
    } else {
        0
    };
    title(model, form, canvas);
    let list = Rect::new(
        area.x,
        area.y.saturating_add(1),
        area.width,
        area.height.saturating_sub(1 + panel),
    );
    let cursor = questions(model, form, &mut canvas.within(list));
    if panel > 0 {
        let below = Rect::new(area.x, area.y + area.height - panel, area.width, panel);
        about(model, form, &mut canvas.within(below));
    }
    cursor
}

/// What is being written, and whether it is on disk.
fn title(model: &Model, form: &Form, canvas: &mut Canvas<'_>) {
    let (lang, theme) = (model.lang, &model.theme);
    let (saved, style) = match &form.saved {
        Saved::Untouched => (String::new(), theme.faint),
        Saved::Saving => (text(lang, "ui-saving"), theme.faint),
        Saved::At(at) => (
            Msg::new("ui-saved")
                .with("time", at.format("%H:%M").to_string())
                .render(lang),
            theme.well,
        ),
        Saved::Failed(_) => (text(lang, "ui-not-saved"), theme.stop),
    };
    let room = canvas.columns().saturating_sub(width(&saved) + 2);
    canvas.put_within(1, 0, room, &heading(form, lang), theme.heading);
    canvas.put_right(0, &format!("{saved} "), style);
}

/// Kind of event, whom it is about, and whether it is a correction.
pub(super) fn heading(form: &Form, lang: Lang) -> String {
    let kind = text(lang, &format!("kind-{}", form.draft.kind.code()));
    let name = form.event.name_of(form.draft.kind.person());
    let kind = match form.draft.amends {
        Some(_) => format!("{kind} ({})", text(lang, "ui-correction")),
        None => kind,
    };
    if name.is_empty() {
        kind
    } else {
        format!("{kind}: {name}")
    }
}

fn questions(model: &Model, form: &Form, canvas: &mut Canvas<'_>) -> Cursor {
    let mut rows = Vec::new();
    let mut section = "";
    for q in form.questions() {
        if q.section != section {
            section = q.section;
            rows.push(FormRow::Section(section));
        }
        rows.push(FormRow::Question(q));
    }
    let at = rows
        .iter()
        .position(|r| matches!(r, FormRow::Question(q) if q.id == form.focus))
        .unwrap_or(0);
    // The focus stays in the middle while there is something above and below.
    let room = usize::from(canvas.rows());
    let from = at.saturating_sub(room / 2).min(rows.len().saturating_sub(room));
    let mut cursor = None;
    for (y, row) in (0..canvas.rows()).zip(rows.iter().skip(from)) {
        match row {
            FormRow::Section(id) => {
                let name = text(model.lang, &format!("section-{id}"));
                let x = canvas.put(0, y, &format!("─ {name} "), model.theme.heading);
                let line = "─".repeat(usize::from(canvas.columns().saturating_sub(x)));
                canvas.put(x, y, &line, model.theme.faint);
            }
            FormRow::Question(q) => {
                let here = question(model, form, q, y, canvas);
                cursor = cursor.or(here);
            }
        }
    }
    cursor
}

fn question(model: &Model, form: &Form, q: &Question, y: u16, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    let here = q.id == form.focus;
    let columns = canvas.columns();
    let at = (columns / 5 * 2 + 2).min(38);
    let (mark, mark_style) = match state(form, q) {
        AnswerState::Wrong => ("■", theme.stop),
        AnswerState::Asks => ("?", theme.ask),
        AnswerState::Missing => ("•", theme.faint),
        AnswerState::Fine => (" ", theme.plain),
    };
    canvas.put(0, y, mark, mark_style);
    let style = if here { theme.heading } else { theme.plain };
    canvas.put_within(2, y, at.saturating_sub(3), &text(lang, &label_id(q.id)), style);
    let room = columns.saturating_sub(at + 1);
    let not = form.draft.not(q.id);
    if here {
        canvas.put(at.saturating_sub(1), y, "→", theme.heading);
        let typing = form.list().is_none() || form.pick.as_ref().is_some_and(|p| !p.typed.is_empty());
        let (shown, column) = if not.is_some() && form.field.text().is_empty() {
            (value(form, q, lang), 0)
        } else if typing && not.is_none() {
            form.field.window(room)
        } else if not.is_some() {
            (value(form, q, lang), 0)
        } else {
            (chosen(form, q, lang), 0)
        };
        let blank = " ".repeat(usize::from(room));
        canvas.put(at, y, &blank, theme.focus);
        canvas.put_within(at, y, room, &shown, theme.focus);
        let area = canvas.area();
        return Some(Position::new(area.x + at + column.min(room), area.y + y));
    }
    let style = if not.is_some() { theme.faint } else { theme.plain };
    canvas.put_within(at, y, room, &value(form, q, lang), style);
    None
}

/// The code that is chosen, or the offer at hand.
fn chosen(form: &Form, q: &Question, lang: Lang) -> String {
    let at_hand = form.pick.as_ref().zip(form.list()).and_then(|(pick, list)| {
        let at = pick.at?;
        pick.offers(list, lang)
            .into_iter()
            .nth(at)
            .map(|o| o.name.to_owned())
    });
    at_hand.unwrap_or_else(|| value(form, q, lang))
}

/// What stands at a question that is not being typed at.
fn value(form: &Form, q: &Question, lang: Lang) -> String {
    if let Some(not) = form.draft.not(q.id) {
        return format!("({})", text(lang, &format!("not-{}", not.code())));
    }
    match show_stated(q, &form.event, lang) {
        Some(stated) => stated,
        None => match q.input {
            Input::Code(list) => codes::name(list, form.draft.text(q.id), lang),
            _ => form.draft.text(q.id).to_owned(),
        },
    }
}

enum AnswerState {
    Wrong,
    Asks,
    Missing,
    Fine,
}

fn state(form: &Form, q: &Question) -> AnswerState {
    if form.errors.iter().any(|e| e.field == q.id) {
        return AnswerState::Wrong;
    }
    let empty = form.event.get(q.id).is_none();
    let mut asks = false;
    for finding in form.findings.iter().filter(|f| f.field == q.id) {
        match finding.severity {
            // What is merely missing is not wrong yet.
            Severity::E if !empty => return AnswerState::Wrong,
            Severity::W if !empty && finding.answer.is_none() => asks = true,
            _ => {}
        }
    }
    match (asks, empty && q.need == Need::Required) {
        (true, _) => AnswerState::Asks,
        (false, true) => AnswerState::Missing,
        (false, false) => AnswerState::Fine,
    }
}

/// Below: what is wrong, what was understood, the offers, the help.
fn about(model: &Model, form: &Form, canvas: &mut Canvas<'_>) {
    let (lang, theme) = (model.lang, &model.theme);
    canvas.rule(0, theme.faint);
    let Some(q) = form.question() else { return };
    let columns = canvas.columns().saturating_sub(2);
    let mut y = 1;
    let mut put_line = |canvas: &mut Canvas<'_>, line: &str, style| {
        for line in super::wrap(&crate::ward::ui::canvas::clean(line), columns)
            .iter()
            .take(2)
        {
            canvas.put(1, y, line, style);
            y += 1;
        }
    };
    for error in form.errors.iter().filter(|e| e.field == q.id) {
        put_line(canvas, &words::unreadable(error, lang), theme.stop);
    }
    if let Some(problem) = &form.context.problem
        && problem.field.as_deref() == Some(q.id)
    {
        let said = Msg::new("ui-registry-says").with("text", problem.text(lang));
        put_line(canvas, &said.render(lang), theme.stop);
    }
    let empty = form.event.get(q.id).is_none();
    if !empty {
        for finding in form.findings.iter().filter(|f| f.field == q.id).take(2) {
            let style = match finding.severity {
                Severity::E => theme.stop,
                Severity::W => theme.ask,
                Severity::N => theme.faint,
            };
            put_line(canvas, &finding.msg.render(lang), style);
        }
    }
    if let Ok(value) = read(q, form.draft.text(q.id))
        && form.draft.not(q.id).is_none()
        && let Some(echo) = words::echo(q, &form.event, &value, model.now, lang)
    {
        put_line(canvas, &echo, theme.plain);
    }
    if let (Some(list), Some(pick)) = (form.list(), &form.pick) {
        offers(model, list, pick, y, canvas);
        return;
    }
    if !form.offered.rows.is_empty() {
        causes(form, model, y, canvas);
        return;
    }
    let help = format!("{}-help", label_id(q.id));
    if crate::lang::has(&help) {
        put_line(canvas, &text(lang, &help), theme.faint);
    }
    if !q.nots.is_empty() {
        let ways: Vec<String> = q
            .nots
            .iter()
            .map(|n| text(lang, &format!("not-{}", n.code())))
            .collect();
        put_line(canvas, &format!("F9: {}", ways.join(", ")), theme.faint);
    }
    if matches!(q.input, Input::Name | Input::Text(_) | Input::Cause(_)) {
        put_line(canvas, &text(lang, "ui-twin-pairs"), theme.faint);
    }
}

/// The causes that fit what is typed, a line each.
fn causes(form: &Form, model: &Model, y: u16, canvas: &mut Canvas<'_>) {
    let theme = &model.theme;
    let rows = usize::from(canvas.rows().saturating_sub(y)).max(1);
    let from = form.offered.at.map_or(0, |at| (at + 1).saturating_sub(rows));
    for ((i, (code, name)), row) in form
        .offered
        .rows
        .iter()
        .enumerate()
        .skip(from)
        .take(rows)
        .zip(y..)
    {
        let style = if form.offered.at == Some(i) {
            theme.focus
        } else {
            theme.plain
        };
        let wide = canvas.columns().saturating_sub(2);
        canvas.put_within(1, row, wide, &format!("{code:<6} {name}"), style);
    }
}

/// The offers of a list in two columns, the one at hand in sight.
fn offers(model: &Model, list: &'static codes::List, pick: &Pick, y: u16, canvas: &mut Canvas<'_>) {
    let (lang, theme) = (model.lang, &model.theme);
    let offers = pick.offers(list, lang);
    if offers.is_empty() {
        canvas.put(1, y, &text(lang, "ui-nothing-in-list"), theme.stop);
        return;
    }
    let rows = usize::from(canvas.rows().saturating_sub(y)).max(1);
    let two = canvas.columns() >= 60;
    let wide = if two {
        canvas.columns() / 2
    } else {
        canvas.columns()
    };
    let page = rows * if two { 2 } else { 1 };
    let from = pick.at.unwrap_or(0) / page * page;
    for (i, offer) in offers.iter().enumerate().skip(from).take(page) {
        let place = i - from;
        let x = if place >= rows { wide } else { 0 };
        let row = u16::try_from(place % rows).unwrap_or(0);
        let style = if pick.at == Some(i) {
            theme.focus
        } else {
            theme.plain
        };
        let line = format!("{:>3} {}", offer.number, offer.name);
        canvas.put_within(x, y + row, wide.saturating_sub(1), &line, style);
    }
    if offers.len() > from + page {
        let more = Msg::new("ui-more")
            .with("n", offers.len() - from - page)
            .render(lang);
        canvas.put_right(0, &format!(" {more} "), theme.faint);
    }
}
