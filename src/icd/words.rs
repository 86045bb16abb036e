//! The words of causes, and which terms they stand for.
//!
//! A term is one notion (the heart, failure, acute) with its words in three languages. What is
//! written in between languages, with a slip, an ending or cut short is brought to a word of the
//! list; what lies equally near to two notions is no word of it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tokens::{Token, stem, tokens};
use crate::matching::edits;

/// A term by its place in the list.
pub(super) type Term = usize;

/// The terms and their words.
#[derive(Debug)]
pub(super) struct Words {
    names: Vec<&'static str>,
    /// Place of each stem.
    stems: HashMap<String, usize>,
    by_place: Vec<String>,
    /// Whole words with the place of their stem.
    whole: Vec<(String, usize)>,
    /// Phrases by the place of their first stem, the longest first.
    phrases: HashMap<usize, Vec<(Vec<usize>, Term)>>,
}

impl Words {
    pub(super) fn get() -> &'static Words {
        static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("terms.csv")));
        &WORDS
    }

    fn read(csv: &'static str) -> Words {
        let mut words = Words {
            names: Vec::new(),
            stems: HashMap::new(),
            by_place: Vec::new(),
            whole: Vec::new(),
            phrases: HashMap::new(),
        };
        for (name, list) in csv.lines().skip(1).filter_map(|l| l.split_once(',')) {
            let term = words.names.iter().position(|n| *n == name).unwrap_or_else(|| {
                words.names.push(name);
                words.names.len() - 1
            });
            for phrase in list.split(';') {
                let places: Vec<usize> = tokens(phrase)
                    .iter()
                    .map(|t| {
                        let place = words.place(stem(&t.text));
                        words.whole.push((t.text.clone(), place));
                        place
                    })
                    .collect();
                if let Some(first) = places.first() {
                    words.phrases.entry(*first).or_default().push((places, term));
                }
            }
        }
        words.whole.sort_unstable();
        words.whole.dedup();
        for list in words.phrases.values_mut() {
            list.sort_by_key(|(places, _)| std::cmp::Reverse(places.len()));
        }
        words
    }

    fn place(&mut self, stem: String) -> usize {
        *self.stems.entry(stem).or_insert_with_key(|stem| {
            self.by_place.push(stem.clone());
            self.by_place.len() - 1
        })
    }

    /// The term with this name.
    pub(super) fn term(&self, name: &str) -> Option<Term> {
        self.names.iter().position(|n| *n == name)
    }

    /// The name of a term.
    pub(super) fn name(&self, term: Term) -> &'static str {
        self.names.get(term).copied().unwrap_or_default()
    }

    /// Every term.
    pub(super) fn all(&self) -> impl Iterator<Item = Term> {
        0..self.names.len()
    }

    /// Whether a word is a whole one of the list, not one cut short.
    pub(super) fn is_whole(&self, token: &Token) -> bool {
        token.text.chars().count() > 3 && self.stems.contains_key(&stem(&token.text))
    }

    /// Terms of the phrases that consist of this stem alone.
    fn alone(&self, place: usize) -> Vec<Term> {
        let phrases = self.phrases.get(&place).map(Vec::as_slice).unwrap_or_default();
        phrases
            .iter()
            .filter(|(p, _)| p.len() == 1)
            .map(|(_, t)| *t)
            .collect()
    }

    /// The stem of the list that a word is or was meant to be.
    pub(super) fn recognise(&self, token: &Token) -> Option<usize> {
        let own = stem(&token.text);
        if let Some(place) = self.stems.get(&own) {
            return Some(*place);
        }
        let length = token.text.chars().count();
        if !token.text.chars().all(char::is_alphabetic) {
            return None;
        }
        let enough = if token.short { 3 } else { 6 };
        if length >= enough {
            let begun = self
                .whole
                .iter()
                .filter(|(word, _)| word.starts_with(&token.text));
            if let Some(place) = self.agreed(begun.map(|(_, place)| *place)) {
                return Some(place);
            }
        }
        let words = self.whole.iter().map(|(word, place)| (word.as_str(), *place));
        let stems = self
            .by_place
            .iter()
            .zip(0..)
            .map(|(stem, place)| (stem.as_str(), place));
        self.slipped(&token.text, words).or_else(|| {
            // A slip in what is left of a short word is too much.
            (own.chars().count() > 5).then(|| self.slipped(&own, stems))?
        })
    }

    /// One stem of several that all stand for the same term.
    fn agreed(&self, mut places: impl Iterator<Item = usize>) -> Option<usize> {
        let first = places.next()?;
        let terms = self.alone(first);
        places
            .all(|p| p == first || (!terms.is_empty() && self.alone(p) == terms))
            .then_some(first)
    }

    /// The nearest word within a slip or two; short words are not guessed.
    fn slipped<'a>(&self, own: &str, words: impl Iterator<Item = (&'a str, usize)> + Clone) -> Option<usize> {
        let length = own.chars().count();
        let most = match length {
            0..=4 => return None,
            5..=8 => 1,
            _ => 2,
        };
        let first = own.chars().next();
        let near: Vec<(usize, usize)> = words
            .filter(|(s, _)| {
                let other = s.chars().count();
                s.chars().next() == first && other >= 4 && other.abs_diff(length) <= most && !opposite(own, s)
            })
            .map(|(s, place)| (edits(own, s), place))
            .filter(|(far, _)| *far <= most)
            .collect();
        let least = near.iter().map(|(far, _)| *far).min()?;
        self.agreed(
            near.iter()
                .filter(|(far, _)| *far == least)
                .map(|(_, place)| *place),
        )
    }

    /// The terms of a text in its order, `None` for a word of no term; each with the place of its
    /// first word and how many words it takes.
    pub(super) fn terms(&self, tokens: &[Token]) -> Vec<(Option<Term>, usize, usize)> {
        let known: Vec<Option<usize>> = tokens.iter().map(|t| self.recognise(t)).collect();
        let mut out = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let rest = known.get(at..).unwrap_or_default();
            let fits = |(places, _): &&(Vec<usize>, Term)| {
                places.len() <= rest.len() && places.iter().zip(rest).all(|(p, k)| Some(*p) == *k)
            };
            let found = rest
                .first()
                .copied()
                .flatten()
                .and_then(|first| self.phrases.get(&first)?.iter().find(fits));
            let (term, length) = match found {
                Some((places, term)) => (Some(*term), places.len()),
                None => (None, 1),
            };
            out.push((term, at, length));
            at += length;
        }
        out
    }
}

/// Whether one word says what the other does not: hyper- and hypo-, or a word and its negation.
fn opposite(a: &str, b: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("гипер", "гипо"),
        ("hyper", "hypo"),
        ("анте", "инте"),
        ("ante", "inte"),
    ];
    const NOT: &[&str] = &["не", "без", "бе", "но", "non", "un", "in", "а"];
    let pair = |a: &str, b: &str| PAIRS.iter().any(|(x, y)| a.starts_with(x) && b.starts_with(y));
    let denied = |a: &str, b: &str| {
        NOT.iter()
            .any(|n| a.starts_with(n) && !b.starts_with(n) && a.len() > b.len())
    };
    pair(a, b) || pair(b, a) || denied(a, b) || denied(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_slips_and_shortened_words_come_to_one_term() {
        let words = Words::get();
        let term = |text: &str| {
            let found = words.terms(&tokens(text));
            assert_eq!(found.len(), 1, "{text}");
            found.first().and_then(|f| f.0).map(|t| words.name(t))
        };
        for (texts, name) in [
            (
                &["пневмония", "пневмонии", "пневмонияи", "пневманния", "пневм."][..],
                Some("PNEUMONIA"),
            ),
            (
                &["гурда", "гурдаҳо", "почки", "почечной", "kidneys"],
                Some("KIDNEY"),
            ),
            (&["anaemia", "anemia", "анемией"], Some("ANAEMIA")),
            (&["гипогликемия"], Some("HYPOGLYCAEMIA")),
            (&["гипергликемия"], Some("HYPERGLYCAEMIA")),
            (&["кот", "велосипед", "недиабетический"], None),
        ] {
            for text in texts {
                assert_eq!(term(text), name, "{text}");
            }
        }
    }

    #[test]
    fn no_words_stand_for_two_terms() {
        let words = Words::get();
        for list in words.phrases.values() {
            for (i, (places, term)) in list.iter().enumerate() {
                for (others, other) in list.iter().skip(i + 1) {
                    let text: Vec<&str> = places.iter().map(|p| words.by_place[*p].as_str()).collect();
                    assert!(
                        places != others || term == other,
                        "{text:?} stands for {} and {}",
                        words.name(*term),
                        words.name(*other)
                    );
                }
            }
        }
    }
}
