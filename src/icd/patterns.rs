//! Which terms together are which code: the list of readings.
//!
//! A row is a code, the terms that must all stand in the line (alternatives divided by semicolons) and
//! those that may stand there as well. `=TERM` names terms that together are another one.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::words::{Term, Words};

/// Terms that together are a code.
#[derive(Debug)]
struct Pattern {
    code: &'static str,
    all: BTreeSet<Term>,
    also: BTreeSet<Term>,
}

/// The readings, and the terms that the reading of a line asks for.
#[derive(Debug)]
pub(super) struct Patterns {
    rows: Vec<Pattern>,
    /// Terms that together are another term: a malignant tumour is a cancer.
    same: Vec<(BTreeSet<Term>, Term)>,
    pub(super) noise: Vec<Term>,
    pub(super) not: Option<Term>,
    pub(super) doubt: Option<Term>,
    pub(super) due: Option<Term>,
    pub(super) above: Option<Term>,
    pub(super) ambiguous: Option<Term>,
    pub(super) cancer: Option<Term>,
    pub(super) metastasis: Option<Term>,
    /// Where a cancer spreads to.
    pub(super) sites: BTreeSet<Term>,
}

impl Patterns {
    pub(super) fn get() -> &'static Patterns {
        static ALL: LazyLock<Patterns> = LazyLock::new(|| {
            let words = Words::get();
            let terms = |list: &str| -> BTreeSet<Term> {
                let long = |w| match w {
                    "a" => "ACUTE",
                    "c" => "CHRONIC",
                    w => w,
                };
                list.split_whitespace()
                    .filter_map(|w| words.term(long(w)))
                    .collect()
            };
            let (mut rows, mut same) = (Vec::new(), Vec::new());
            for line in include_str!("readings.csv").lines().skip(1) {
                let mut columns = line.splitn(3, ',');
                let (Some(code), Some(alls)) = (columns.next(), columns.next()) else {
                    continue;
                };
                let also = terms(columns.next().unwrap_or_default());
                if let Some(term) = code.strip_prefix('=').and_then(|t| words.term(t)) {
                    same.push((terms(alls), term));
                    continue;
                }
                for all in alls.split(';') {
                    rows.push(Pattern {
                        code,
                        all: terms(all),
                        also: also.clone(),
                    });
                }
            }
            Patterns {
                rows,
                same,
                noise: words.all().filter(|t| words.name(*t).starts_with('-')).collect(),
                not: words.term("!NOT"),
                doubt: words.term("!MAYBE"),
                due: words.term("!DUE"),
                above: words.term("!ABOVE"),
                ambiguous: words.term("!AMBIGUOUS"),
                cancer: words.term("CANCER"),
                metastasis: words.term("METASTASIS"),
                sites: terms(
                    "LIVER LUNG BRAIN BONE LYMPH_NODE PERITONEUM PLEURA VERTEBRA SKIN ADRENAL OVARY",
                ),
            }
        });
        &ALL
    }

    /// The code of a set of terms: what fits it with most of its terms, and fits alone.
    pub(super) fn code_of(&self, set: &BTreeSet<Term>) -> Option<&'static str> {
        let mut set: BTreeSet<Term> = set.iter().copied().filter(|t| Some(*t) != self.due).collect();
        for (terms, one) in &self.same {
            if terms.is_subset(&set) {
                set.retain(|t| !terms.contains(t));
                set.insert(*one);
            }
        }
        let set = &set;
        let says = |t: &Term| !self.noise.contains(t);
        let fits = |p: &&Pattern| {
            p.all.is_subset(set)
                && set
                    .iter()
                    .filter(|t| says(t))
                    .all(|t| p.all.contains(t) || p.also.contains(t))
        };
        self.best(self.rows.iter().filter(fits))
    }

    fn best<'a>(&self, found: impl Iterator<Item = &'a Pattern>) -> Option<&'static str> {
        let found: Vec<&Pattern> = found.collect();
        let most = found.iter().map(|p| p.all.len()).max()?;
        let mut best = found.iter().filter(|p| p.all.len() == most);
        let first = best.next()?;
        best.all(|p| category(p.code) == category(first.code))
            .then_some(first.code)
    }

    /// Codes whose terms all stand in the set, whatever else does; the fullest ones.
    pub(super) fn within(&self, set: &BTreeSet<Term>) -> Vec<String> {
        let found: Vec<&Pattern> = self.rows.iter().filter(|p| p.all.is_subset(set)).collect();
        let most = found.iter().map(|p| p.all.len()).max().unwrap_or_default();
        let codes = found.iter().filter(|p| p.all.len() == most).map(|p| p.code);
        let codes: BTreeSet<&str> = codes.collect();
        codes.into_iter().map(str::to_owned).collect()
    }
}

/// The category of a code.
pub(super) fn category(code: &str) -> &str {
    code.get(..3).unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_of_a_reading_is_in_the_list_of_terms() {
        let words = Words::get();
        for line in include_str!("readings.csv").lines().skip(1) {
            let columns: Vec<&str> = line.split(',').collect();
            assert_eq!(columns.len(), 3, "{line}");
            let code = columns[0].trim_start_matches('=');
            assert!(
                words.term(code).is_some() || crate::icd::Icd::parse(code).is_some(),
                "{line}"
            );
            for all in columns[1].split(';') {
                assert!(!all.trim().is_empty(), "{line}");
                for term in all.split_whitespace() {
                    assert!(words.term(term).is_some(), "{line}: {term}");
                }
            }
            for term in columns[2].split_whitespace().filter(|t| !["a", "c"].contains(t)) {
                assert!(words.term(term).is_some(), "{line}: {term}");
            }
        }
    }
}
