//! The one key table. Dispatch, footer and help are drawn from it.
//!
//! F-keys, Enter, Esc, Tab and the arrows carry everything. A command by letter also takes the
//! Cyrillic letter of that key (ЙЦУКЕН, and the Tajik layout), and exists only where nothing is
//! typed.

mod table;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub use table::TABLE;

/// Where the keys go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyContext {
    /// Choosing a person, typing the passphrase.
    Unlock,
    /// The worklists.
    Home,
    /// A form.
    Form,
    /// Read-back before signing.
    Review,
    /// A question that asks for passphrase, reason or surname.
    Dialog,
    /// The search.
    Search,
    /// One notification.
    Notification,
    /// What waits for delivery.
    Delivery,
    /// What the next shift has to know.
    Handover,
    /// Help.
    Help,
    /// The command bar.
    Bar,
}

impl KeyContext {
    /// All places.
    pub const ALL: [KeyContext; 11] = [
        KeyContext::Unlock,
        KeyContext::Home,
        KeyContext::Form,
        KeyContext::Review,
        KeyContext::Dialog,
        KeyContext::Search,
        KeyContext::Notification,
        KeyContext::Delivery,
        KeyContext::Handover,
        KeyContext::Help,
        KeyContext::Bar,
    ];

    /// Whether text is typed there, so that letters are letters.
    pub fn types(self) -> bool {
        matches!(
            self,
            KeyContext::Unlock | KeyContext::Form | KeyContext::Dialog | KeyContext::Search | KeyContext::Bar
        )
    }
}

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Show the keys.
    Help,
    /// Go on: to the read-back, to the signature, sign.
    GoOn,
    /// To the worklists.
    Worklists,
    /// Today, or the time now.
    Today,
    /// Deliver now.
    SendNow,
    /// The next language.
    Language,
    /// Search.
    Search,
    /// The Tajik twin of the letter before the cursor.
    Twin,
    /// Not yet known, cannot be known, refused, and back.
    NotKnown,
    /// Back, with everything kept.
    Back,
    /// Next field, or open.
    Enter,
    /// Next field.
    Next,
    /// Previous field.
    Previous,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// A page up, or the section before.
    PageUp,
    /// A page down, or the next section.
    PageDown,
    /// The command bar.
    Bar,
    /// A birth.
    NewBirth,
    /// A death.
    NewDeath,
    /// A foetal death.
    NewFoetalDeath,
    /// What waits.
    Delivery,
    /// Lock, or another person.
    Lock,
    /// Set a PIN for this session.
    Pin,
    /// A colleague has forgotten the passphrase.
    Forgotten,
    /// Show the passphrase that is being typed, or hide it.
    Show,
    /// Leave.
    Quit,
    /// A warning was checked and is right.
    Verified,
    /// A warning was checked and could not be verified.
    Unverified,
    /// Every blank that may say so becomes *not yet known*.
    RestNotYet,
    /// Correct a notification.
    Correct,
    /// Annul a notification.
    Annul,
    /// Confirm a colleague's annulment.
    Attest,
    /// The child of this birth died.
    DeathOf,
    /// The code that a finding is about goes; a code is never required.
    Uncode,
    /// A live birth becomes a foetal death, or back.
    OtherKind,
    /// The family names the child at the registry office.
    LeaveNaming,
    /// What the next shift has to know.
    Handover,
    /// Throw a draft away.
    Drop,
    /// The next child of this delivery.
    NextChild,
    /// The next child of this delivery, stillborn.
    NextStillborn,
}

/// A key as the table names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// A function key.
    F(u8),
    /// A key without a letter.
    Key(KeyCode),
    /// A letter of the Latin layout, small, and what lies on that key elsewhere.
    Letter(char),
    /// Ctrl with a letter.
    Ctrl(char),
}

impl Stroke {
    /// Whether this press is it.
    pub fn is(self, press: KeyEvent) -> bool {
        let ctrl = press.modifiers.contains(KeyModifiers::CONTROL);
        let alt = press.modifiers.contains(KeyModifiers::ALT);
        match self {
            Stroke::F(n) => press.code == KeyCode::F(n),
            Stroke::Key(KeyCode::BackTab) => {
                press.code == KeyCode::BackTab
                    || (press.code == KeyCode::Tab && press.modifiers.contains(KeyModifiers::SHIFT))
            }
            Stroke::Key(KeyCode::Tab) => {
                press.code == KeyCode::Tab && !press.modifiers.contains(KeyModifiers::SHIFT)
            }
            Stroke::Key(code) => press.code == code && !ctrl && !alt,
            Stroke::Letter(letter) => !ctrl && !alt && of_press(press) == Some(letter),
            Stroke::Ctrl(letter) => ctrl && of_press(press) == Some(letter),
        }
    }

    /// As footer and help name it: `F1`, `Enter`, `B/И`.
    pub fn name(self) -> String {
        match self {
            Stroke::F(n) => format!("F{n}"),
            Stroke::Ctrl(c) => format!("Ctrl+{}", c.to_uppercase()),
            Stroke::Letter(c) => match cyrillic(c) {
                Some(other) => format!("{}/{}", c.to_uppercase(), other.to_uppercase()),
                None => c.to_uppercase().to_string(),
            },
            Stroke::Key(code) => match code {
                KeyCode::Enter => "Enter".into(),
                KeyCode::Esc => "Esc".into(),
                KeyCode::Tab => "Tab".into(),
                KeyCode::BackTab => "Shift+Tab".into(),
                KeyCode::Up => "Up".into(),
                KeyCode::Down => "Down".into(),
                KeyCode::Left => "Left".into(),
                KeyCode::Right => "Right".into(),
                KeyCode::PageUp => "PgUp".into(),
                KeyCode::PageDown => "PgDn".into(),
                KeyCode::Delete => "Del".into(),
                other => format!("{other:?}"),
            },
        }
    }
}

/// Latin key and what the Russian layout has there.
const LAYOUT: [(char, char); 26] = [
    ('q', 'й'),
    ('w', 'ц'),
    ('e', 'у'),
    ('r', 'к'),
    ('t', 'е'),
    ('y', 'н'),
    ('u', 'г'),
    ('i', 'ш'),
    ('o', 'щ'),
    ('p', 'з'),
    ('a', 'ф'),
    ('s', 'ы'),
    ('d', 'в'),
    ('f', 'а'),
    ('g', 'п'),
    ('h', 'р'),
    ('j', 'о'),
    ('k', 'л'),
    ('l', 'д'),
    ('z', 'я'),
    ('x', 'ч'),
    ('c', 'с'),
    ('v', 'м'),
    ('b', 'и'),
    ('n', 'т'),
    ('m', 'ь'),
];

/// Where the Tajik layout differs from the Russian one.
const TAJIK: [(char, char); 4] = [('w', 'қ'), ('o', 'ҳ'), ('s', 'ҷ'), ('m', 'ӣ')];

/// The Russian letter on a Latin key.
pub fn cyrillic(latin: char) -> Option<char> {
    LAYOUT.iter().find(|(l, _)| *l == latin).map(|(_, c)| *c)
}

/// The Latin letter of the key that was pressed, whatever the layout.
fn of_press(press: KeyEvent) -> Option<char> {
    let KeyCode::Char(c) = press.code else {
        return None;
    };
    let c = c.to_lowercase().next()?;
    if c.is_ascii_lowercase() {
        return Some(c);
    }
    LAYOUT
        .iter()
        .chain(&TAJIK)
        .find(|(_, cyr)| *cyr == c)
        .map(|(latin, _)| *latin)
}

/// One line of the table.
#[derive(Debug)]
pub struct Binding {
    /// The command.
    pub act: Act,
    /// Its keys; the first is the one that is shown.
    pub keys: &'static [Stroke],
    /// Where it works.
    pub places: &'static [KeyContext],
    /// Where the footer shows it.
    pub footer: &'static [KeyContext],
    /// What it is called (`ui-key-…`); in the help `…-help` follows where there is one.
    pub label: &'static str,
}

/// The command of a key press at a place.
pub fn act(place: KeyContext, press: KeyEvent) -> Option<Act> {
    TABLE
        .iter()
        .find(|b| b.places.contains(&place) && b.keys.iter().any(|k| k.is(press)))
        .map(|b| b.act)
}

/// What the footer of a place shows.
pub fn footer(place: KeyContext) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |b| b.footer.contains(&place)).take(6)
}

/// What the help of a place lists.
pub fn help(place: KeyContext) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |b| b.places.contains(&place))
}

/// What the command bar offers on the home screen.
pub fn commands() -> impl Iterator<Item = &'static Binding> {
    help(KeyContext::Home).filter(|b| {
        !matches!(
            b.act,
            Act::Enter
                | Act::Bar
                | Act::Back
                | Act::Up
                | Act::Down
                | Act::Left
                | Act::Right
                | Act::PageUp
                | Act::PageDown
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, has};

    fn press(c: char) -> KeyEvent {
        KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)
    }

    #[test]
    fn a_letter_command_takes_the_letter_of_that_key_on_every_layout() {
        for (latin, russian) in LAYOUT {
            let stroke = Stroke::Letter(latin);
            assert!(
                stroke.is(press(latin)) && stroke.is(press(russian)),
                "{latin} {russian}"
            );
            let big = russian.to_uppercase().next().unwrap();
            assert!(stroke.is(press(big)), "{big}");
        }
        for (latin, tajik) in TAJIK {
            assert!(Stroke::Letter(latin).is(press(tajik)), "{tajik}");
        }
        assert_eq!(act(KeyContext::Home, press('и')), Some(Act::NewBirth));
        assert_eq!(act(KeyContext::Notification, press('Ф')), Some(Act::Annul));
        assert_eq!(act(KeyContext::Notification, press('ҷ')), Some(Act::Attest));
    }

    #[test]
    fn no_key_does_two_things_at_one_place() {
        for place in KeyContext::ALL {
            let mut seen: Vec<Stroke> = Vec::new();
            for key in help(place).flat_map(|b| b.keys) {
                assert!(!seen.contains(key), "{place:?} {key:?}");
                seen.push(*key);
            }
        }
    }

    #[test]
    fn where_text_is_typed_letters_are_letters() {
        for place in KeyContext::ALL.into_iter().filter(|p| p.types()) {
            for binding in help(place) {
                for key in binding.keys {
                    assert!(!matches!(key, Stroke::Letter(_)), "{place:?} {:?}", binding.act);
                }
            }
        }
    }

    #[test]
    fn enter_is_never_the_key_that_goes_on_to_sign() {
        for binding in TABLE.iter().filter(|b| b.act == Act::GoOn) {
            assert_eq!(binding.keys, [Stroke::F(2)]);
        }
    }

    #[test]
    fn a_footer_has_at_most_six_keys_and_every_key_a_name() {
        for place in KeyContext::ALL {
            let shown = TABLE.iter().filter(|b| b.footer.contains(&place)).count();
            assert!((1..=6).contains(&shown), "{place:?} {shown}");
        }
        for binding in TABLE {
            assert!(has(binding.label), "{}", binding.label);
        }
    }

    #[test]
    fn every_footer_fits_eighty_columns_in_every_language() {
        for lang in Lang::ALL {
            for place in KeyContext::ALL {
                let line = crate::ward::ui::canvas::clean(&super::super::view::footer_line(place, lang));
                assert!(
                    crate::ward::ui::canvas::width(&line) <= 80,
                    "{place:?} {lang:?} {line}"
                );
            }
        }
    }
}
