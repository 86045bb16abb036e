//! A text of styled lines that is scrolled as a whole.

use ratatui::style::Style;

use super::super::theme::Theme;
use crate::form::show_stated;
use crate::lang::{Lang, text};
use crate::questions::{label_id, questions};
use crate::vital::Event;
use crate::ward::ui::canvas::{Canvas, clean, width, wrap};

/// Lines with their indentation.
#[derive(Debug, Default)]
pub(super) struct Doc {
    lines: Vec<(u16, String, Style)>,
}

impl Doc {
    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.lines.push((0, String::new(), Style::new()));
    }

    /// A line that is cut where it does not fit.
    pub(super) fn line(&mut self, indent: u16, text: &str, style: Style) {
        self.lines.push((indent, clean(text), style));
    }

    /// A text in as many lines as it needs.
    pub(super) fn text(&mut self, indent: u16, text: &str, style: Style, columns: u16) {
        for line in wrap(&clean(text), columns.saturating_sub(indent)) {
            self.lines.push((indent, line, style));
        }
    }

    /// A label with its value beside it, the value in as many lines as it needs.
    pub(super) fn pair(&mut self, label: &str, value: &str, styles: (Style, Style), columns: u16) {
        self.pair_at((columns / 5 * 2 + 2).min(38), label, value, styles, columns);
    }

    /// The same with the value from this column on.
    pub(super) fn pair_at(
        &mut self,
        at: u16,
        label: &str,
        value: &str,
        styles: (Style, Style),
        columns: u16,
    ) {
        let at = at.min(columns / 2);
        let lines = wrap(&clean(value), columns.saturating_sub(at));
        let label = crate::ward::ui::canvas::fit(&clean(label), at.saturating_sub(2));
        let pad = " ".repeat(usize::from(at.saturating_sub(1 + width(&label))));
        let mut lines = lines.into_iter();
        let first = lines.next().unwrap_or_default();
        self.lines.push((1, format!("{label}{pad}{first}"), styles.1));
        for line in lines {
            self.lines.push((at, line, styles.1));
        }
    }

    /// Everything that an event states, section by section.
    pub(super) fn event(&mut self, event: &Event, lang: Lang, theme: &Theme, columns: u16) {
        let mut section = "";
        for q in questions(event.kind) {
            let Some(stated) = show_stated(q, event, lang) else {
                continue;
            };
            if q.section != section {
                section = q.section;
                self.line(0, &text(lang, &format!("section-{section}")), theme.heading);
            }
            let label = text(lang, &label_id(q.id));
            self.pair(&label, &stated, (theme.faint, theme.plain), columns);
        }
    }

    /// Draws from a line on; says which line is really first, so that the end stays in sight.
    pub(super) fn draw(&self, from: usize, canvas: &mut Canvas<'_>) -> usize {
        let rows = usize::from(canvas.rows());
        let from = from.min(self.lines.len().saturating_sub(rows));
        for (y, (indent, text, style)) in (0..canvas.rows()).zip(self.lines.iter().skip(from)) {
            canvas.put(*indent, y, text, *style);
        }
        // A mark in the last column tells how far down one is.
        let hidden = self.lines.len().saturating_sub(rows);
        if hidden > 0 && rows > 1 {
            let y = from * (rows - 1) / hidden;
            let edge = canvas.columns().saturating_sub(1);
            canvas.put(edge, u16::try_from(y).unwrap_or(0), "█", Style::new());
        }
        from
    }
}
