//! What a command prints. A closed pipe ends the output, never the work.

use std::io::Write;

use serde_json::Value;

use crate::lang::{Lang, Msg};
use crate::vital::is_unprintable;

/// Where a command prints: text for people, or one JSON object a line.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    /// Language of texts.
    pub lang: Lang,
    /// JSON instead of text.
    pub json: bool,
}

impl Out {
    /// One line of text, cleaned of control characters.
    pub fn line(&self, text: &str) {
        let _ = writeln!(std::io::stdout(), "{}", clean(text));
    }

    /// A message.
    pub fn message(&self, msg: &Msg) {
        self.line(&msg.render(self.lang));
    }

    /// Bytes that are exact, such as a JWS, and a line end.
    pub fn exact(&self, text: &str) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// One JSON object on a line.
    pub fn object(&self, value: &Value) {
        let _ = writeln!(std::io::stdout(), "{}", escaped(value));
    }

    /// JSON where it was asked for, the text otherwise.
    pub fn either(&self, value: &Value, text: impl FnOnce() -> String) {
        if self.json {
            self.object(value);
        } else {
            self.line(&text());
        }
    }
}

/// A text that a terminal shows and does not obey.
pub fn clean(text: &str) -> String {
    let harmless = |c| match c {
        '\n' | '\t' => c,
        c if is_unprintable(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(harmless).collect()
}

/// JSON that says the same and that a terminal does not obey either.
pub(super) fn escaped(value: &Value) -> String {
    use std::fmt::Write as _;
    let text = value.to_string();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unprintable(c) {
            // All of them are of the first plane: one unit of UTF-16.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_without_a_character_that_a_terminal_obeys() {
        let value = serde_json::json!({"а": "б\u{9b}31m\u{202e}\u{1b}[2J\n\u{feff}", "n": 1});
        let text = escaped(&value);
        assert!(!text.chars().any(is_unprintable), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(clean("а\u{1b}[2J\nб\u{9b}"), "а\u{fffd}[2J\nб\u{fffd}");
    }
}
