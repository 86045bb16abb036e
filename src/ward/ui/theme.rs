//! How things look. Meaning is never carried by colour alone: a sign or a word goes with it.

use ratatui::style::{Color, Modifier, Style};

/// A set of styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Ordinary text.
    pub plain: Style,
    /// Labels, hints, what is less important.
    pub faint: Style,
    /// Headings.
    pub heading: Style,
    /// Header and footer.
    pub bar: Style,
    /// The row or field that has the focus.
    pub focus: Style,
    /// What stops.
    pub stop: Style,
    /// What asks.
    pub ask: Style,
    /// What is well.
    pub well: Style,
}

impl Theme {
    /// Eight colours, which every terminal and console has.
    pub fn colour() -> Theme {
        let plain = Style::new();
        Theme {
            plain,
            faint: plain.fg(Color::Cyan),
            heading: plain.add_modifier(Modifier::BOLD),
            bar: plain.add_modifier(Modifier::REVERSED),
            focus: plain.add_modifier(Modifier::REVERSED),
            stop: plain.fg(Color::Red).add_modifier(Modifier::BOLD),
            ask: plain.fg(Color::Yellow),
            well: plain.fg(Color::Green),
        }
    }

    /// For `NO_COLOR`: bold, reverse and underline only.
    pub fn mono() -> Theme {
        let plain = Style::new();
        Theme {
            plain,
            faint: plain,
            heading: plain.add_modifier(Modifier::BOLD),
            bar: plain.add_modifier(Modifier::REVERSED),
            focus: plain.add_modifier(Modifier::REVERSED),
            stop: plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            ask: plain.add_modifier(Modifier::UNDERLINED),
            well: plain,
        }
    }
}
