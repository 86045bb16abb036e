//! A text cut into words, and words without their endings.

use crate::matching::fold;

/// What stands between a word and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing but space, hyphen or slash.
    None,
    /// A full stop: the end of a sentence or of a shortened word.
    Stop,
    /// A comma, semicolon, plus, colon, bracket or line.
    Part,
}

/// A word of a text as it was written, folded.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) before: Gap,
    /// Cut short: a full stop or a slash follows.
    pub(super) short: bool,
}

/// Letters of the Latin alphabet inside a Cyrillic word, as the Cyrillic ones they look like.
fn cyrillic(c: char) -> char {
    match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        c => c,
    }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

/// Cuts a text into words.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut word = String::new();
    let mut gap = Gap::None;
    let end = |word: &mut String, gap: &mut Gap, by: char, out: &mut Vec<Token>| {
        if !word.is_empty() {
            let mut text = std::mem::take(word);
            if text.chars().count() > 1 && text.chars().any(is_cyrillic) {
                text = text.chars().map(cyrillic).collect();
            }
            out.push(Token {
                text,
                before: *gap,
                short: matches!(by, '.' | '/'),
            });
            *gap = Gap::None;
        }
        match by {
            ',' | ';' | '+' | ':' | '(' | ')' | '\n' => *gap = Gap::Part,
            '.' if *gap == Gap::None => *gap = Gap::Stop,
            _ => {}
        }
    };
    for c in fold(&text.replace('%', " percent ")).chars() {
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            end(&mut word, &mut gap, c, &mut out);
        }
    }
    end(&mut word, &mut gap, ' ', &mut out);
    out
}

/// Endings of Russian and Tajik words, folded; the longest that fits is left out.
const ENDINGS: &[&str] = &[
    "ияхои",
    "ахои",
    "ияхо",
    "иями",
    "иях",
    "ияи",
    "ией",
    "хои",
    "ахо",
    "яхо",
    "аву",
    "ами",
    "ями",
    "ого",
    "его",
    "ому",
    "ему",
    "ыми",
    "ими",
    "хо",
    "ах",
    "ях",
    "ов",
    "ев",
    "ей",
    "ой",
    "ий",
    "ый",
    "ая",
    "яя",
    "ое",
    "ее",
    "ые",
    "ие",
    "ым",
    "им",
    "ом",
    "ем",
    "ую",
    "юю",
    "ых",
    "их",
    "ам",
    "ям",
    "ия",
    "ии",
    "ию",
    "ью",
    "аи",
    "яи",
    "ею",
    "а",
    "я",
    "о",
    "е",
    "ы",
    "и",
    "у",
    "ю",
    "й",
];

/// Words that another one would be without their ending: дарё (river) and дар (in).
const WHOLE: &[&str] = &["даре"];

/// A word without its ending. Three letters at least stay.
pub(super) fn stem(word: &str) -> String {
    if WHOLE.contains(&word) {
        return word.to_owned();
    }
    if word.chars().any(is_cyrillic) {
        let length = word.chars().count();
        let ending = ENDINGS
            .iter()
            .filter(|e| length >= e.chars().count() + 3)
            .filter_map(|e| word.strip_suffix(e))
            .min_by_key(|s| s.len());
        return ending.unwrap_or(word).to_owned();
    }
    // British and American spelling, and the plural.
    let word = word.replace("ae", "e").replace("oe", "e").replace("our", "or");
    match word.strip_suffix('s') {
        Some(one) if one.len() >= 4 && !one.ends_with('s') => one.to_owned(),
        _ => word,
    }
}
