//! One line of text with a cursor.
//!
//! `tui-input` counts characters and columns, not bytes, so that Cyrillic stays where it was
//! typed. What is added here: NFC, and the twin key for Tajik letters.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};
use unicode_normalization::UnicodeNormalization;

/// Most characters that a field takes; a paste beyond it is cut.
const MOST: usize = 2000;

/// The Tajik twin of a letter, or the plain letter of a Tajik one: г↔ғ и↔ӣ к↔қ у↔ӯ х↔ҳ ч↔ҷ.
pub fn twin(letter: char) -> Option<char> {
    const PAIRS: [(char, char); 12] = [
        ('г', 'ғ'),
        ('и', 'ӣ'),
        ('к', 'қ'),
        ('у', 'ӯ'),
        ('х', 'ҳ'),
        ('ч', 'ҷ'),
        ('Г', 'Ғ'),
        ('И', 'Ӣ'),
        ('К', 'Қ'),
        ('У', 'Ӯ'),
        ('Х', 'Ҳ'),
        ('Ч', 'Ҷ'),
    ];
    PAIRS.iter().find_map(|&(plain, tajik)| match letter {
        c if c == plain => Some(tajik),
        c if c == tajik => Some(plain),
        _ => None,
    })
}

/// A line of text with a cursor.
#[derive(Clone, Default)]
pub struct Field {
    input: Input,
    /// Drawn as dots.
    pub hidden: bool,
    /// Whether it holds a secret, which can be shown and hidden again.
    secret: bool,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What people type may be a passphrase or a name.
        f.write_str("Field")
    }
}

impl Field {
    /// A field with this text, the cursor behind it.
    pub fn new(text: &str) -> Field {
        Field {
            input: Input::new(text.to_owned()),
            hidden: false,
            secret: false,
        }
    }

    /// An empty field whose text is drawn as dots.
    pub fn secret() -> Field {
        Field {
            input: Input::default(),
            hidden: true,
            secret: true,
        }
    }

    /// Shows a secret, or hides it again: nobody types five words blind without a slip.
    pub fn show(&mut self) {
        self.hidden = self.secret && !self.hidden;
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Characters before the cursor.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Replaces the text.
    pub fn set(&mut self, text: &str) {
        let text: String = text.nfc().take(MOST).collect();
        self.input = Input::new(text);
    }

    /// Empties the field; what it held leaves memory as far as we hold it.
    pub fn wipe(&mut self) {
        let mut text = self.input.value_and_reset();
        zeroize::Zeroize::zeroize(&mut text);
    }

    /// Takes a key of editing; says whether the text changed, or none if it is no such key.
    pub fn key(&mut self, key: KeyEvent) -> Option<bool> {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let request = match key.code {
            KeyCode::Char('w' | 'W') if ctrl => InputRequest::DeletePrevWord,
            KeyCode::Char('u' | 'U') if ctrl => InputRequest::DeleteFromStart,
            KeyCode::Char('k' | 'K') if ctrl => InputRequest::DeleteTillEnd,
            KeyCode::Char('a' | 'A') if ctrl => InputRequest::GoToStart,
            KeyCode::Char('e' | 'E') if ctrl => InputRequest::GoToEnd,
            KeyCode::Char(_) if ctrl => return None,
            KeyCode::Char(c) if !c.is_control() && !alt => return Some(self.insert(&c.to_string())),
            KeyCode::Backspace if ctrl || alt => InputRequest::DeletePrevWord,
            KeyCode::Backspace => InputRequest::DeletePrevChar,
            KeyCode::Delete => InputRequest::DeleteNextChar,
            KeyCode::Left if ctrl => InputRequest::GoToPrevWord,
            KeyCode::Right if ctrl => InputRequest::GoToNextWord,
            KeyCode::Left => InputRequest::GoToPrevChar,
            KeyCode::Right => InputRequest::GoToNextChar,
            KeyCode::Home => InputRequest::GoToStart,
            KeyCode::End => InputRequest::GoToEnd,
            _ => return None,
        };
        let before = self.text().len();
        self.input.handle(request);
        Some(self.text().len() != before)
    }

    /// Inserts text at the cursor; blanks of other sorts become blanks, the rest is kept in NFC.
    pub fn insert(&mut self, text: &str) -> bool {
        let before = self.text().to_owned();
        let head: String = before.chars().take(self.cursor()).collect();
        let tail: String = before.chars().skip(self.cursor()).collect();
        let typed: String = text
            .chars()
            .map(|c| {
                if matches!(c, '\n' | '\r' | '\t' | '\u{a0}') {
                    ' '
                } else {
                    c
                }
            })
            .filter(|c| !c.is_control())
            .collect();
        // A combining macron typed after и or у joins it: normalise across the seam.
        let head: String = format!("{head}{typed}").nfc().collect();
        let at = head.chars().count();
        let whole: String = format!("{head}{tail}").nfc().take(MOST).collect();
        let changed = whole != before;
        self.input = Input::new(whole).with_cursor(at);
        changed
    }

    /// Turns the letter before the cursor into its twin; says whether there was one.
    pub fn twin(&mut self) -> bool {
        let Some(at) = self.cursor().checked_sub(1) else {
            return false;
        };
        let Some(other) = self.text().chars().nth(at).and_then(twin) else {
            return false;
        };
        let text: String = self
            .text()
            .chars()
            .enumerate()
            .map(|(i, c)| if i == at { other } else { c })
            .collect();
        self.input = Input::new(text).with_cursor(at + 1);
        true
    }

    /// What to draw in so many columns, and the column of the cursor within it.
    pub fn window(&self, columns: u16) -> (String, u16) {
        if columns == 0 {
            return (String::new(), 0);
        }
        let text: String = if self.hidden {
            "•".repeat(self.text().chars().count())
        } else {
            crate::ward::ui::canvas::clean(self.text())
        };
        let before: String = if self.hidden {
            "•".repeat(self.cursor())
        } else {
            crate::ward::ui::canvas::clean(&self.text().chars().take(self.cursor()).collect::<String>())
        };
        let mut cut = 0;
        let mut column = crate::ward::ui::canvas::width(&before);
        // The cursor may stand behind the last letter, so one column stays free for it.
        for c in before.chars() {
            if column < columns {
                break;
            }
            column = column.saturating_sub(crate::ward::ui::canvas::width(&c.to_string()));
            cut += 1;
        }
        (text.chars().skip(cut).collect(), column)
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Field) -> bool {
        self.text() == other.text() && self.cursor() == other.cursor() && self.hidden == other.hidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: &str = "ғӣқӯҳҷҒӢҚӮҲҶ";

    /// `|` marks the cursor; keys: plain letters are typed, `<..>` are named keys.
    fn run(start: &str, keys: &str) -> String {
        let at = start.chars().position(|c| c == '|').unwrap();
        let text: String = start.chars().filter(|c| *c != '|').collect();
        let mut field = Field::new(&text);
        field.input = Input::new(text).with_cursor(at);
        let mut rest = keys.chars().peekable();
        while let Some(c) = rest.next() {
            let (code, ctrl) = if c == '<' {
                let name: String = rest.by_ref().take_while(|c| *c != '>').collect();
                match name.as_str() {
                    "twin" => {
                        field.twin();
                        continue;
                    }
                    "left" => (KeyCode::Left, false),
                    "right" => (KeyCode::Right, false),
                    "home" => (KeyCode::Home, false),
                    "end" => (KeyCode::End, false),
                    "bs" => (KeyCode::Backspace, false),
                    "del" => (KeyCode::Delete, false),
                    "c-w" => (KeyCode::Char('w'), true),
                    "c-u" => (KeyCode::Char('u'), true),
                    other => panic!("{other}"),
                }
            } else {
                (KeyCode::Char(c), false)
            };
            let modifiers = if ctrl {
                KeyModifiers::CONTROL
            } else {
                KeyModifiers::NONE
            };
            field.key(KeyEvent::new(code, modifiers));
        }
        let mut out: Vec<char> = field.text().chars().collect();
        out.insert(field.cursor(), '|');
        out.into_iter().collect()
    }

    #[test]
    fn keys_do_to_a_text_what_they_say() {
        for (start, keys, end) in [
            ("|", "Рахмон", "Рахмон|"),
            ("|", "Рах<twin>мон", "Раҳмон|"),
            ("Рах|мон", "<twin>", "Раҳ|мон"),
            ("Раҳ|мон", "<twin>", "Рах|мон"),
            ("Ҷумъ|агул", "<bs><bs>", "Ҷу|агул"),
            ("Ҷумъ|агул", "<left><del>", "Ҷум|агул"),
            ("Ҳоҷӣ |Раҳим", "<home>Ғ", "Ғ|Ҳоҷӣ Раҳим"),
            ("Ҳоҷӣ Раҳим|", "<c-w>", "Ҳоҷӣ |"),
            ("Ҳоҷӣ Ра|ҳим", "<c-u>", "|ҳим"),
            ("|абв", "<twin>", "|абв"),
            ("б|в", "<twin>", "б|в"),
            ("Қӯ|", "<left><left><right>ӣ", "Қӣ|ӯ"),
        ] {
            assert_eq!(run(start, keys), end, "{start} {keys}");
        }
    }

    #[test]
    fn every_tajik_letter_is_typed_by_its_twin_and_back_with_its_case() {
        for tajik in LETTERS.chars() {
            let plain = twin(tajik).unwrap();
            assert_eq!(plain.is_uppercase(), tajik.is_uppercase());
            assert_eq!(run("|", &format!("{plain}<twin>")), format!("{tajik}|"));
            assert_eq!(run("|", &format!("{tajik}<twin>")), format!("{plain}|"));
            assert_eq!(run("|", &format!("{tajik}")), format!("{tajik}|"));
            assert_eq!(run(&format!("а{tajik}|б"), "<bs>"), "а|б");
        }
        assert_eq!(twin('й'), None);
    }

    #[test]
    fn a_decomposed_letter_becomes_one_letter_across_the_seam() {
        assert_eq!(run("|", "и\u{304}"), "ӣ|");
        assert_eq!(run("Ҷу|б", "\u{304}"), "Ҷӯ|б");
    }

    #[test]
    fn the_cursor_stands_at_the_column_of_its_letter_for_every_tajik_letter() {
        for tajik in LETTERS.chars() {
            let field = Field::new(&format!("{tajik}{tajik}"));
            assert_eq!(field.window(10), (format!("{tajik}{tajik}"), 2));
        }
        let long = Field::new("абвгдежзик");
        let (shown, column) = long.window(5);
        assert_eq!((shown.as_str(), column), ("жзик", 4));
        assert!(column < 5);
        assert_eq!(long.window(0), (String::new(), 0));
        assert_eq!(
            Field {
                hidden: true,
                ..Field::new("ҷон")
            }
            .window(9)
            .0,
            "•••"
        );
    }

    #[test]
    fn a_control_character_never_gets_into_a_field() {
        let mut field = Field::default();
        field.insert("a\u{1b}[31m\tb\r\n");
        assert_eq!(field.text(), "a[31m b  ");
    }
}
