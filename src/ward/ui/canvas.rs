//! The one place through which text reaches the terminal.
//!
//! Whatever comes from data is made harmless here: control characters, escape sequences,
//! characters that turn the direction of writing and ones without width never arrive.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::vital::is_unprintable;

/// Text without anything that a terminal could obey or that a reader could not see.
pub fn clean(text: &str) -> String {
    text.chars().filter_map(harmless).collect()
}

fn harmless(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() => Some('?'),
        // Marks of direction, and what has no width or is invisible.
        c if is_unprintable(c) => None,
        c => Some(c),
    }
}

/// Columns of a text.
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// The text in at most `columns`; two dots show that something was left out.
pub fn fit(text: &str, columns: u16) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let dots = if columns >= 4 { ".." } else { "" };
    let room = usize::from(columns).saturating_sub(dots.len());
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        out.push(c);
    }
    out.push_str(dots);
    out
}

/// The text in lines of at most `columns`, broken at blanks, words that are too long in pieces.
pub fn wrap(text: &str, columns: u16) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        loop {
            let gap = u16::from(!line.is_empty());
            if width(&line) + gap + width(&word) <= columns {
                if gap == 1 {
                    line.push(' ');
                }
                line.push_str(&word);
                break;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                continue;
            }
            let head: String = take_columns(&word, columns);
            let rest = word.strip_prefix(head.as_str()).unwrap_or_default().to_owned();
            lines.push(head);
            if rest.is_empty() {
                break;
            }
            word = rest;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn take_columns(text: &str, columns: u16) -> String {
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > usize::from(columns) && !out.is_empty() {
            break;
        }
        out.push(c);
    }
    out
}

/// Draws within an area; nothing outside of it is ever touched, at any size.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
}

impl<'a> Canvas<'a> {
    /// Makes a canvas for this area of the buffer.
    pub fn new(buffer: &'a mut Buffer, area: Rect) -> Canvas<'a> {
        let area = area.intersection(buffer.area);
        Canvas { buffer, area }
    }

    /// Gives the canvas of a part of the area.
    pub fn within(&mut self, area: Rect) -> Canvas<'_> {
        let area = area.intersection(self.area);
        Canvas {
            buffer: self.buffer,
            area,
        }
    }

    /// The area.
    pub fn area(&self) -> Rect {
        self.area
    }

    /// Columns.
    pub fn columns(&self) -> u16 {
        self.area.width
    }

    /// Rows.
    pub fn rows(&self) -> u16 {
        self.area.height
    }

    /// Writes from a column of a row, cut to what fits; gives the column after it.
    pub fn put(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let room = self.area.width.saturating_sub(x);
        self.put_within(x, y, room, text, style)
    }

    /// The same within so many columns.
    pub fn put_within(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let room = columns.min(self.area.width.saturating_sub(x));
        if y >= self.area.height || room == 0 {
            return x;
        }
        let text = fit(&clean(text), room);
        self.buffer
            .set_stringn(self.area.x + x, self.area.y + y, &text, usize::from(room), style);
        x + width(&text).min(room)
    }

    /// Writes so that the text ends at the right edge.
    pub fn put_right(&mut self, y: u16, text: &str, style: Style) -> u16 {
        let text = clean(text);
        let x = self.area.width.saturating_sub(width(&text));
        self.put(x, y, &text, style);
        x
    }

    /// Gives a whole row a style.
    pub fn shade(&mut self, y: u16, style: Style) {
        if y < self.area.height {
            let row = Rect::new(self.area.x, self.area.y + y, self.area.width, 1);
            self.buffer.set_style(row, style);
        }
    }

    /// A line across.
    pub fn rule(&mut self, y: u16, style: Style) {
        let line = "─".repeat(usize::from(self.area.width));
        self.put(0, y, &line, style);
    }

    /// Blank, with a frame and a title; gives the inside.
    pub fn frame(&mut self, title: &str, style: Style) -> Rect {
        let a = self.area;
        for y in 0..a.height {
            self.put(0, y, &" ".repeat(usize::from(a.width)), Style::reset());
        }
        if a.width < 2 || a.height < 2 {
            return Rect::new(a.x, a.y, 0, 0);
        }
        let across = "─".repeat(usize::from(a.width - 2));
        self.put(0, 0, &format!("┌{across}┐"), style);
        for y in 1..a.height - 1 {
            self.put(0, y, "│", style);
            self.put(a.width - 1, y, "│", style);
        }
        self.put(0, a.height - 1, &format!("└{across}┘"), style);
        if a.width > 6 {
            self.put_within(2, 0, a.width - 4, &format!(" {title} "), style);
        }
        Rect::new(a.x + 1, a.y + 1, a.width - 2, a.height - 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_or_a_reader_cannot_see_passes() {
        for (from, to) in [
            ("Раҳимов\u{1b}[2J", "Раҳимов?[2J"),
            ("a\u{9b}31mb", "a?31mb"),
            ("\u{202e}abc\u{2066}", "abc"),
            ("А\u{200b}ли\u{feff}", "Али"),
            ("one\ntwo\tthree", "one two three"),
            ("\u{7f}\0", "??"),
            ("Ҷ ҷ Ӣ ӣ Ӯ ӯ Ғ ғ Қ қ Ҳ ҳ", "Ҷ ҷ Ӣ ӣ Ӯ ӯ Ғ ғ Қ қ Ҳ ҳ"),
        ] {
            assert_eq!(clean(from), to, "{from:?}");
        }
    }

    #[test]
    fn a_text_is_cut_by_columns_and_says_so() {
        assert_eq!(fit("Ҷумъагул", 8), "Ҷумъагул");
        assert_eq!(fit("Ҷумъагул", 6), "Ҷумъ..");
        assert_eq!(fit("日本語", 4), "日..");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn a_long_text_is_broken_at_blanks_and_a_long_word_in_pieces() {
        assert_eq!(
            wrap("Номи кӯдак ҳанӯз маълум нест", 12),
            ["Номи кӯдак", "ҳанӯз маълум", "нест"]
        );
        assert_eq!(wrap("абвгдежз", 3), ["абв", "где", "жз"]);
        assert_eq!(wrap("日本", 1), ["日", "本"]);
        assert!(wrap("", 5).is_empty());
    }
}
