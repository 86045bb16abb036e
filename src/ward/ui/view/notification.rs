//! One notification: where it stands, what happened to it, what it says.

use super::super::model::{Model, NotificationScreen};
use super::cursor::Cursor;
use super::doc::Doc;
use super::words;
use crate::lang::{Msg, text};
use crate::questions::{label_id, question};
use crate::ward::ui::canvas::Canvas;

pub(super) fn draw(model: &Model, screen: &NotificationScreen, canvas: &mut Canvas<'_>) -> Cursor {
    let (lang, theme) = (model.lang, &model.theme);
    let Some(shown) = &screen.shown else {
        canvas.put(1, 1, &text(lang, "ui-loading"), theme.faint);
        return None;
    };
    let columns = canvas.columns().saturating_sub(2);
    let event = &shown.event;
    let mut doc = Doc::default();
    let kind = text(lang, &format!("kind-{}", event.kind.code()));
    let name = event.name_of(event.kind.person());
    doc.line(1, &format!("{kind}: {name}"), theme.heading);
    let status = text(lang, &format!("status-{}", shown.status));
    let urgent = matches!(
        shown.status.as_str(),
        "returned" | "annulment-pending" | "duplicate"
    );
    let style = if urgent { theme.stop } else { theme.heading };
    doc.pair(&text(lang, "ui-status"), &status, (theme.faint, style), columns);
    if let Some(number) = &shown.reg_no {
        doc.pair(
            &text(lang, "ui-number"),
            number,
            (theme.faint, theme.plain),
            columns,
        );
    }
    // Registered is not yet a certificate: the family still comes.
    if shown.status == "registered" {
        doc.text(1, &text(lang, "ui-not-yet-certificate"), theme.faint, columns);
    }
    if !shown.open.is_empty() {
        let open: Vec<String> = shown
            .open
            .iter()
            .map(|o| text(lang, &format!("ui-open-{o}")))
            .collect();
        doc.pair(
            &text(lang, "ui-open"),
            &open.join(", "),
            (theme.faint, theme.ask),
            columns,
        );
    }
    doc.pair(
        &text(lang, "ui-signer"),
        &shown.signer,
        (theme.faint, theme.plain),
        columns,
    );
    doc.pair(
        &text(lang, "ui-revision"),
        &shown.rev.to_string(),
        (theme.faint, theme.plain),
        columns,
    );
    if let Some(problem) = &shown.problem {
        doc.text(1, problem.text(lang), theme.stop, columns);
        let field = problem.field.as_deref().filter(|f| question(f).is_some());
        if let Some(field) = field {
            let asks = Msg::new("ui-problem-field").with("field", text(lang, &label_id(field)));
            doc.text(1, &asks.render(lang), theme.plain, columns);
            doc.text(1, &text(lang, "ui-problem-correct"), theme.faint, columns);
        }
    }
    if shown.attestable {
        doc.text(1, &text(lang, "ui-attest-waits"), theme.stop, columns);
    }
    doc.gap();
    doc.line(0, &text(lang, "ui-timeline"), theme.heading);
    for step in &shown.steps {
        let style = if step.urgent { theme.stop } else { theme.plain };
        let line = format!("{}  {}", words::moment(step.at), step.what.render(lang));
        doc.text(1, &line, style, columns);
    }
    doc.gap();
    doc.event(event, lang, theme, columns);
    doc.draw(screen.from, canvas);
    None
}
