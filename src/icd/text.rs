//! Reads a line of a certificate as a code, where it is sure.
//!
//! A doctor writes a cause in words, and rules and figures look at codes. The words of a line are
//! brought to terms in whatever of the three languages they are written (doctors mix them), and a
//! line is read as a code where *every* word of it belongs to that code or says nothing of the
//! kind (left, severe, stage III, a date). A word that is not known, a negation or a doubt leaves it
//! uncoded: a wrong code is worse than none.
//!
//! Deliberately absent: the imported list in what rules and figures read. A ward may have one and
//! the registry has none, and both count alike; [`Catalogue::read`] looks in it as well.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};

use super::patterns::{Patterns, category};
use super::search::as_code;
use super::tokens::{Gap, Token, tokens};
use super::words::{Term, Words};
use super::{Catalogue, Icd, structure};

/// Version of what is read as what. A count that rests on it names it; whoever changes the words or
/// the readings counts it up.
pub const MATCHER_VERSION: u32 = 2;

/// What a line of text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// One condition, surely: a category or a subcategory.
    Sure(String),
    /// Perhaps one of these codes; a person chooses.
    Offered(Vec<String>),
    /// Nothing is known of it.
    Uncoded,
}

/// What keeps a line from being read, and is worth a word to its writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Two conditions or more.
    Several,
    /// One condition due to another.
    DueTo,
    /// A reference to another line.
    SeeAbove,
    /// An abbreviation that stands for more than one condition.
    Ambiguous,
    /// A doubt: suspected, probable, a question mark.
    Doubt,
    /// A negation.
    Negation,
}

/// A line of text as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRead {
    /// The code, if one is sure.
    pub reading: Reading,
    /// What stood in the way.
    pub notice: Option<Notice>,
}

impl TextRead {
    /// The code, where it is sure.
    pub fn code(&self) -> Option<&str> {
        match &self.reading {
            Reading::Sure(code) => Some(code),
            _ => None,
        }
    }

    fn new(reading: Reading, notice: Option<Notice>) -> TextRead {
        TextRead { reading, notice }
    }
}

/// Reads a line by what is built in. What rules and figures ask.
pub fn read_text(text: &str) -> TextRead {
    /// Lines that are remembered: those of one certificate, which every rule asks for.
    const KEPT: usize = 8;
    thread_local! {
        static LAST: RefCell<VecDeque<(String, TextRead)>> = const { RefCell::new(VecDeque::new()) };
    }
    LAST.with_borrow_mut(|last| {
        if let Some((_, read)) = last.iter().find(|(known, _)| known == text) {
            return read.clone();
        }
        let read = read_anew(text);
        last.truncate(KEPT - 1);
        last.push_front((text.to_owned(), read.clone()));
        read
    })
}

fn read_anew(text: &str) -> TextRead {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return TextRead::new(Reading::Uncoded, None);
    }
    // A code that was typed where the words go.
    if let Some(code) = as_code(text).filter(|c| Icd::parse(c).is_some_and(structure::exists)) {
        return TextRead::new(Reading::Sure(code), None);
    }
    let doubted = text.contains(['?', '¿']);
    let patterns = Patterns::get();
    let parts = Parts::of(&tokens, patterns);
    if parts.has(patterns.above) {
        return TextRead::new(Reading::Uncoded, Some(Notice::SeeAbove));
    }
    let whole = parts.whole(patterns);
    if !doubted
        && whole.is_none()
        && let Some(code) = Catalogue::built_in().names().get(&tokens)
    {
        return TextRead::new(Reading::Sure(code.to_owned()), None);
    }
    if parts.has(patterns.due) {
        return parts.due(patterns, whole.filter(|_| !doubted));
    }
    let notice = match () {
        () if doubted || parts.has(patterns.doubt) => Some(Notice::Doubt),
        () if parts.has(patterns.not) => Some(Notice::Negation),
        () if parts.has(patterns.ambiguous) => Some(Notice::Ambiguous),
        () => None,
    };
    if notice.is_some() {
        return TextRead::new(parts.offered(patterns), notice);
    }
    if let Some(code) = whole {
        return TextRead::new(Reading::Sure(code.to_owned()), None);
    }
    parts.several(patterns)
}

/// A text cut where a comma, a sentence, *and* or *with* divides it.
struct Parts {
    /// Terms and whether every word is known, of each stretch between dividers.
    stretches: Vec<Stretch>,
}

#[derive(Default)]
struct Stretch {
    terms: BTreeSet<Term>,
    known: bool,
    /// Divided from the one before by *due to*.
    due: bool,
}

impl Parts {
    fn of(tokens: &[Token], patterns: &Patterns) -> Parts {
        const DIVIDERS: &[&str] = &["и", "ва", "and", "с", "со", "бо", "with"];
        let words = Words::get();
        let fresh = |due| Stretch {
            terms: BTreeSet::new(),
            known: true,
            due,
        };
        let mut stretches = vec![fresh(false)];
        let mut whole_word = false;
        let mut spread = false;
        for (term, at, length) in words.terms(tokens) {
            let Some(token) = tokens.get(at) else { continue };
            let divides = DIVIDERS.contains(&token.text.as_str()) && length == 1;
            let due = term.is_some() && term == patterns.due;
            let sentence = token.before == Gap::Stop && whole_word;
            if token.before == Gap::Part || sentence || divides || due {
                stretches.push(fresh(due));
            }
            // Where a cancer has spread to says nothing of where it began.
            spread |= term == patterns.metastasis
                && term.is_some()
                && stretches
                    .iter()
                    .any(|s| s.terms.iter().any(|t| Some(*t) == patterns.cancer));
            // Also where it is said before: bone metastases.
            if spread
                && term == patterns.metastasis
                && let Some(last) = stretches.last_mut()
                && (last.terms.iter()).all(|t| patterns.sites.contains(t) || patterns.noise.contains(t))
            {
                last.terms.clear();
            }
            if spread && term.is_some_and(|t| patterns.sites.contains(&t)) {
                continue;
            }
            if let Some(last) = stretches.last_mut() {
                match term {
                    Some(term) => _ = last.terms.insert(term),
                    None if says_nothing(&token.text) => {}
                    None => last.known = false,
                }
            }
            let end = tokens.get(at + length - 1).unwrap_or(token);
            // A number with a full stop counts conditions; a word with one may be cut short.
            let number = end.text.chars().all(|c| c.is_ascii_digit());
            whole_word = !end.short || number || words.is_whole(end);
        }
        Parts { stretches }
    }

    fn has(&self, term: Option<Term>) -> bool {
        term.is_some_and(|t| self.stretches.iter().any(|s| s.terms.contains(&t)))
    }

    fn union<'a>(stretches: impl Iterator<Item = &'a Stretch>) -> Option<BTreeSet<Term>> {
        let mut all = BTreeSet::new();
        for stretch in stretches {
            if !stretch.known {
                return None;
            }
            all.extend(&stretch.terms);
        }
        Some(all)
    }

    fn whole(&self, patterns: &Patterns) -> Option<&'static str> {
        patterns.code_of(&Self::union(self.stretches.iter())?)
    }

    /// What the stretches that can be read say, each for itself.
    fn codes(&self, patterns: &Patterns) -> Vec<&'static str> {
        let mut codes: Vec<&str> = Vec::new();
        for stretch in self.stretches.iter().filter(|s| s.known) {
            if let Some(code) = patterns.code_of(&stretch.terms)
                && !codes.iter().any(|c| category(c) == category(code))
            {
                codes.push(code);
            }
        }
        codes
    }

    /// Whether each stretch that says something can be read.
    fn all_read(&self, patterns: &Patterns) -> bool {
        self.stretches.iter().all(|s| {
            s.known
                && (patterns.code_of(&s.terms).is_some()
                    || s.terms.iter().all(|t| patterns.noise.contains(t)))
        })
    }

    fn offered(&self, patterns: &Patterns) -> Reading {
        let mut all: BTreeSet<Term> = BTreeSet::new();
        for stretch in &self.stretches {
            all.extend(&stretch.terms);
        }
        let mut codes: Vec<String> = self.codes(patterns).iter().map(|c| (*c).to_owned()).collect();
        if codes.is_empty() {
            codes = patterns.within(&all);
        }
        if codes.is_empty() {
            Reading::Uncoded
        } else {
            Reading::Offered(codes)
        }
    }

    fn several(&self, patterns: &Patterns) -> TextRead {
        let codes = self.codes(patterns);
        match codes.as_slice() {
            [code] if self.all_read(patterns) => TextRead::new(Reading::Sure((*code).to_owned()), None),
            [_, _, ..] => TextRead::new(self.offered(patterns), Some(Notice::Several)),
            _ => TextRead::new(self.offered(patterns), None),
        }
    }

    /// *Due to* inside a line. Where one code takes in both sides it names one condition (anaemia
    /// due to iron deficiency); otherwise they are two.
    fn due(&self, patterns: &Patterns, whole: Option<&'static str>) -> TextRead {
        let at = self.stretches.iter().position(|s| s.due).unwrap_or_default();
        let read = |side: &[Stretch]| patterns.code_of(&Self::union(side.iter())?);
        let (above, below) = self.stretches.split_at_checked(at).unwrap_or((&[], &[]));
        match whole {
            Some(code) if read(above).is_none() || read(below).is_none() => {
                TextRead::new(Reading::Sure(code.to_owned()), None)
            }
            _ => TextRead::new(self.offered(patterns), Some(Notice::DueTo)),
        }
    }
}

/// Numbers, sizes and stages, which are of no condition.
fn says_nothing(word: &str) -> bool {
    const LETTERS: &[&str] = &[
        "a", "b", "c", "s", "t", "n", "m", "d", "а", "б", "в", "г", "д", "с", "т", "н", "м",
    ];
    let roman = word
        .chars()
        .all(|c| matches!(c, 'i' | 'v' | 'x' | 'і' | 'х' | 'а' | 'б' | 'a' | 'b' | 'c'));
    LETTERS.contains(&word) || word.chars().any(|c| c.is_ascii_digit()) || roman
}

impl Catalogue {
    /// Reads a line by what is built in and, where that is not sure, by the names of the imported list.
    pub fn read(&self, text: &str) -> TextRead {
        let read = read_text(text);
        if read.code().is_some() || read.notice.is_some() {
            return read;
        }
        match self.names().get(&tokens(text)) {
            Some(code) => TextRead::new(Reading::Sure(code.to_owned()), None),
            None => read,
        }
    }
}
