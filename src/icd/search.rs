//! Search as one types: words, parts of words, slips, codes.
//!
//! Every folded word of every name is kept once, with the causes that bear it. Each word of a
//! query is looked for as a whole word, as the beginning of one, inside one, and only where none
//! of these is found with a slip or two. Causes that answer more of the query's words come first,
//! then closer words, then common causes, then shorter names.

use std::collections::BTreeMap;

use super::cause::{Cause, place};
use super::code::latin;
use crate::lang::Lang;
use crate::matching::{edits, fold};

/// A word, and where it stands.
#[derive(Debug)]
struct Word {
    text: String,
    /// Characters of the text.
    length: usize,
    /// Which letters it has, a bit each (letters share bits): words that differ in more of them
    /// than there may be slips cannot be near.
    letters: u64,
    /// Causes that bear it, by their place, with the languages in which they do.
    borne: Vec<(u32, u8)>,
}

/// The words of a catalogue.
#[derive(Debug, Default)]
pub struct Index {
    /// In alphabetical order.
    words: Vec<Word>,
    /// Words in the names of each cause.
    pub(super) lengths: Vec<u32>,
}

/// Languages of a synonym: it counts in every one.
const EVERY: u8 = 0b111;

impl Index {
    pub(super) fn of(causes: &[Cause], synonyms: &[String]) -> Index {
        let mut words: BTreeMap<String, Vec<(u32, u8)>> = BTreeMap::new();
        let mut lengths = Vec::with_capacity(causes.len());
        for (at, (cause, more)) in (0u32..).zip(causes.iter().zip(synonyms)) {
            let names = cause.names.iter().zip(0u8..).map(|(n, l)| (n, 1 << l));
            let mut longest = 0;
            for (text, langs) in names.chain([(more, EVERY)]) {
                let mut count = 0;
                for word in split(&fold(text)) {
                    count += 1;
                    let borne = words.entry(word.to_owned()).or_default();
                    match borne.last_mut() {
                        Some((last, l)) if *last == at => *l |= langs,
                        _ => borne.push((at, langs)),
                    }
                }
                if langs != EVERY {
                    longest = longest.max(count);
                }
            }
            lengths.push(longest);
        }
        let words = words
            .into_iter()
            .map(|(text, borne)| Word {
                length: text.chars().count(),
                letters: letters(&text),
                text,
                borne,
            })
            .collect();
        Index { words, lengths }
    }

    /// What each cause gains by one word of the query.
    pub(super) fn gains(&self, wanted: &str, lang: Lang, gains: &mut BTreeMap<u32, u32>) {
        let length = wanted.chars().count();
        let own = 1u8 << place(lang);
        let mut give = |word: &Word, worth: u32| {
            for (at, langs) in &word.borne {
                // In the language of the person a word weighs a little more.
                let worth = worth + if langs & own != 0 { 4 } else { 0 };
                let best = gains.entry(*at).or_default();
                *best = (*best).max(worth);
            }
        };
        let from = self.words.partition_point(|w| w.text.as_str() < wanted);
        let mut found = false;
        let beginnings = self.words.iter().skip(from);
        for word in beginnings.take_while(|w| w.text.starts_with(wanted)) {
            found = true;
            let missing = word.length - length;
            give(
                word,
                if missing == 0 {
                    100
                } else {
                    84_u32.saturating_sub(small(missing))
                },
            );
        }
        if length >= 3 {
            for word in self.words.iter().filter(|w| w.length > length) {
                if word.text.contains(wanted) && !word.text.starts_with(wanted) {
                    found = true;
                    give(word, 50);
                }
            }
        }
        // A word that somebody put something before or behind.
        for word in self.words.iter().filter(|w| (6..length).contains(&w.length)) {
            if wanted.contains(&word.text) {
                found = true;
                give(word, 40);
            }
        }
        if found {
            return;
        }
        let slips = match length {
            0..=3 => return,
            4..=6 => 1,
            _ => 2,
        };
        let mask = letters(wanted);
        for word in &self.words {
            let beyond = word.length.saturating_sub(length);
            // The end of a word need not have been typed: its beginning is compared.
            let whole = beyond <= slips;
            if word.length + slips < length
                || (mask & !word.letters).count_ones() as usize > slips
                || (whole && (word.letters & !mask).count_ones() as usize > slips)
            {
                continue;
            }
            let least = if whole {
                edits(wanted, &word.text)
            } else {
                (length.saturating_sub(1)..=length + 1)
                    .map(|n| edits(wanted, start(&word.text, n)))
                    .min()
                    .unwrap_or(usize::MAX)
            };
            if least <= slips {
                give(word, 60 - 15 * small(least) - small(beyond).min(15));
            }
        }
    }
}

/// A count that is small by its nature.
fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX).min(40)
}

/// The first characters of a text.
fn start(text: &str, n: usize) -> &str {
    let end = text.char_indices().nth(n).map_or(text.len(), |(i, _)| i);
    text.get(..end).unwrap_or(text)
}

pub(super) fn split(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
}

fn letters(word: &str) -> u64 {
    word.chars().fold(0, |mask, c| mask | 1 << (u32::from(c) % 64))
}

/// What was typed as a code: `i219`, `I21.9`, `И` is none; a Cyrillic look-alike counts as Latin.
pub(super) fn as_code(typed: &str) -> Option<String> {
    let text: String = typed
        .trim()
        .chars()
        .flat_map(char::to_uppercase)
        .map(latin)
        .filter(|c| *c != ' ')
        .collect();
    let mut chars = text.chars();
    let shaped = chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars.next().is_some_and(|c| c.is_ascii_digit())
        && chars.all(|c| c.is_ascii_digit() || c == '.');
    if !shaped {
        return None;
    }
    match (text.contains('.'), text.get(..3), text.get(3..)) {
        (false, Some(category), Some(rest)) if !rest.is_empty() => Some(format!("{category}.{rest}")),
        _ => Some(text),
    }
}
