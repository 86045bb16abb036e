//! The read-back before signing.

use ratatui::layout::Rect;

use super::super::model::{Form, Model, Review};
use super::super::theme::Theme;
use super::cursor::Cursor;
use super::doc::Doc;
use super::{form as form_view, words};
use crate::form::show_stated;
use crate::lang::{Lang, Msg, text};
use crate::questions::{label_id, questions, required};
use crate::rules::{Candidate, Context, Severity, look_alikes};
use crate::vital::{Answer, Event};
use crate::ward::ui::canvas::{Canvas, clean, fit};

pub(super) fn draw(model: &Model, review: &Review, canvas: &mut Canvas<'_>) -> Cursor {
    let form = model.form()?;
    let (lang, theme) = (model.lang, &model.theme);
    let area = canvas.area();
    let title = format!(
        "{} {}",
        text(lang, "ui-review-title"),
        form_view::heading(form, lang)
    );
    canvas.put(1, 0, &title, theme.heading);
    let total = form.errors.len() + form.findings.len();
    let most = area.height.saturating_sub(2) / 2;
    let top = u16::try_from(total.max(1))
        .unwrap_or(most)
        .saturating_mul(2)
        .min(most);
    let upper = Rect::new(area.x, area.y.saturating_add(1), area.width, top);
    findings(model, form, review, &mut canvas.within(upper));
    canvas.rule(1 + top, theme.faint);
    let lower = Rect::new(
        area.x,
        area.y.saturating_add(2 + top),
        area.width,
        area.height.saturating_sub(2 + top),
    );
    let mut canvas = canvas.within(lower);
    let columns = canvas.columns().saturating_sub(2);
    let mut doc = Doc::default();
    similar_ones(model, form, &mut doc, columns);
    for sibling in siblings(form) {
        doc.text(1, &format!("• {}", together(sibling, lang)), theme.ask, columns);
        // They are signed together or not at all: what one lacks stops all of them.
        if let n @ 1.. = missing(&sibling.event) {
            let lacks = Msg::new("ui-sibling-incomplete").with("n", n).render(lang);
            doc.text(3, &lacks, theme.stop, columns);
        }
    }
    for linked in &form.context.linked {
        let kind = text(lang, &format!("kind-{}", linked.event.kind.code()));
        let said = match missing(&linked.event) {
            0 => Msg::new("ui-linked"),
            n => Msg::new("ui-linked-incomplete").with("n", n),
        };
        let said = said.with("kind", kind.to_lowercase()).render(lang);
        doc.text(1, &format!("• {said}"), theme.ask, columns);
    }
    changes(form, lang, theme, &mut doc, columns);
    doc.event(&form.event, lang, theme, columns);
    // The other children of the delivery are signed with it, so they are read with it.
    for sibling in siblings(form) {
        doc.gap();
        doc.line(0, &together(sibling, lang), theme.heading);
        doc.event(&sibling.event, lang, theme, columns);
    }
    if let Some(amends) = &form.draft.amends {
        doc.line(0, &text(lang, "ui-correction"), theme.heading);
        doc.pair(
            &text(lang, "ui-ask-reason"),
            &amends.reason,
            (theme.faint, theme.plain),
            columns,
        );
    }
    doc.draw(review.from, &mut canvas);
    None
}

/// What a correction changes, side by side: as it was, and as it is to be.
fn changes(form: &Form, lang: Lang, theme: &Theme, doc: &mut Doc, columns: u16) {
    let Some(before) = &form.context.before else {
        return;
    };
    doc.line(0, &text(lang, "ui-changes"), theme.heading);
    let mut any = false;
    for q in questions(form.draft.kind) {
        let was = show_stated(q, before, lang);
        let now = show_stated(q, &form.event, lang);
        if was != now {
            any = true;
            let blank = || text(lang, "ui-blank");
            let said = format!("{} → {}", was.unwrap_or_else(blank), now.unwrap_or_else(blank));
            doc.pair(
                &text(lang, &label_id(q.id)),
                &said,
                (theme.faint, theme.ask),
                columns,
            );
        }
    }
    if !any {
        doc.text(1, &text(lang, "ui-no-changes"), theme.faint, columns);
    }
    doc.gap();
}

/// How many required answers it lacks.
fn missing(event: &Event) -> usize {
    let needed = required(event).into_iter();
    needed.filter(|id| event.get(id).is_none()).count()
}

/// Drafts of the same delivery.
fn siblings(form: &Form) -> impl Iterator<Item = &Candidate> {
    form.context.siblings.iter().filter(|s| s.status == "draft")
}

fn together(sibling: &Candidate, lang: Lang) -> String {
    let order = sibling.event.set.as_ref().map_or(0, |s| s.order);
    Msg::new("ui-sibling")
        .with("order", order)
        .with("kind", text(lang, &format!("kind-{}", sibling.event.kind.code())))
        .render(lang)
}

fn findings(model: &Model, form: &Form, review: &Review, canvas: &mut Canvas<'_>) {
    let (lang, theme) = (model.lang, &model.theme);
    let total = form.errors.len() + form.findings.len();
    if total == 0 {
        canvas.put(1, 0, &text(lang, "ui-review-clean"), theme.well);
        return;
    }
    let columns = canvas.columns();
    let mut lines: Vec<(usize, String, ratatui::style::Style)> = Vec::new();
    for (i, error) in form.errors.iter().enumerate() {
        push(
            &mut lines,
            i,
            "■",
            &words::unreadable(error, lang),
            theme.stop,
            columns,
        );
    }
    for (i, finding) in form.findings.iter().enumerate() {
        let (mark, style) = match (finding.severity, finding.answer) {
            (Severity::E, _) => ("■".to_owned(), theme.stop),
            (Severity::W, None) => ("?".to_owned(), theme.ask),
            (Severity::W, Some(Answer::Verified)) => (text(lang, "ui-verified"), theme.plain),
            (Severity::W, Some(Answer::Unverified)) => (text(lang, "ui-unverified"), theme.plain),
            (Severity::N, _) => ("•".to_owned(), theme.faint),
        };
        let said = format!("{}: {}", finding.rule, finding.msg.render(lang));
        push(&mut lines, form.errors.len() + i, &mark, &said, style, columns);
    }
    let rows = usize::from(canvas.rows());
    let first = lines.iter().position(|(i, ..)| *i == review.at).unwrap_or(0);
    let last = lines.iter().rposition(|(i, ..)| *i == review.at).unwrap_or(0);
    let from = (last + 1).saturating_sub(rows).min(first);
    for (y, (i, line, style)) in (0..canvas.rows()).zip(lines.iter().skip(from)) {
        let style = if *i == review.at {
            style.patch(theme.focus)
        } else {
            *style
        };
        canvas.put(0, y, line, style);
    }
    let left = total.saturating_sub(review.at + 1);
    if lines.len() > from + rows && left > 0 && rows > 0 {
        let more = Msg::new("ui-more").with("n", left).render(lang);
        canvas.put_right(canvas.rows() - 1, &format!(" {more} "), theme.faint);
    }
}

/// A finding in at most two lines, its mark before it.
fn push(
    lines: &mut Vec<(usize, String, ratatui::style::Style)>,
    i: usize,
    mark: &str,
    said: &str,
    style: ratatui::style::Style,
    columns: u16,
) {
    let wrapped = super::wrap(&clean(&format!("{mark} {said}")), columns.saturating_sub(3));
    let cut = wrapped.len() > 2;
    for (n, line) in wrapped.iter().take(2).enumerate() {
        let line = if n == 1 && cut {
            let rest: Vec<&str> = wrapped.iter().skip(1).map(String::as_str).collect();
            fit(&rest.join(" "), columns.saturating_sub(3))
        } else {
            line.clone()
        };
        let indent = if n == 0 { " " } else { "   " };
        lines.push((i, format!("{indent}{line}"), style));
    }
}

/// Notifications that may be of the same event.
fn similar_ones(model: &Model, form: &Form, doc: &mut Doc, columns: u16) {
    let (lang, theme) = (model.lang, &model.theme);
    let limits = &model.settings.limits;
    let nid = form.draft.amends.as_ref().map(|a| a.nid.as_str());
    let context = Context {
        nid,
        facility: &model.settings.facility.code,
        siblings: &form.context.siblings,
        candidates: &form.context.candidates,
        ..Context::new(model.now, limits)
    };
    let found = look_alikes(&form.event, &context);
    if found.is_empty() {
        return;
    }
    doc.line(0, &text(lang, "ui-look-alikes"), theme.heading);
    for candidate in found {
        let event = &candidate.event;
        let name = event.name_of(event.kind.person());
        let date = event.event_date().map(words::date).unwrap_or_default();
        let line = format!(
            "• {name}, {date}, {}, {}",
            text(lang, &format!("kind-{}", event.kind.code())).to_lowercase(),
            text(lang, &format!("status-{}", candidate.status))
        );
        doc.text(1, &line, theme.ask, columns);
    }
    doc.gap();
}
