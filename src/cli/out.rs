//! What a command prints. A closed pipe ends the output, never the work.

use std::io::Write;

use serde_json::Value;

use crate::lang::{Lang, Msg};

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
        let clean: String = text
            .chars()
            .map(|c| if is_unsafe(c) { '\u{fffd}' } else { c })
            .collect();
        let _ = writeln!(std::io::stdout(), "{clean}");
    }

    /// A message.
    pub fn say(&self, msg: &Msg) {
        self.line(&msg.render(self.lang));
    }

    /// Bytes that are exact, such as a JWS, and a line end.
    pub fn exact(&self, text: &str) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// One JSON object on a line.
    pub fn object(&self, value: &Value) {
        let _ = writeln!(std::io::stdout(), "{value}");
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

/// Characters of data that could act on a terminal: controls, bidi overrides, zero width.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
