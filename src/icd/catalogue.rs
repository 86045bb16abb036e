//! Causes and what they are called.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use super::Title;
use super::cause::{Cause, place};
use super::names::Names;
use super::search::{Index, as_code, split};
use crate::lang::Lang;
use crate::matching::fold;

/// A cause that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchHit<'a> {
    /// The cause.
    pub cause: &'a Cause,
    /// How near it lies to what was typed; more is nearer. Comparable within one search only.
    pub score: u32,
}

/// Every cause that is known, ready to be searched.
#[derive(Debug)]
pub struct Catalogue {
    /// In the order of their codes, each code once.
    causes: Vec<Cause>,
    /// Whether a full list was loaded beside what is built in.
    full: bool,
    pub(super) index: Index,
    /// Names by their words; made when first asked.
    names: OnceLock<Names>,
}

impl Catalogue {
    /// The common causes that are built in.
    pub fn built_in() -> &'static Catalogue {
        static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::with_list(&[]));
        &BUILT_IN
    }

    /// The built-in causes together with a full list; a code that both have is one cause and keeps
    /// the built-in names.
    pub fn with_list(list: &[Title]) -> Catalogue {
        let mut rows: BTreeMap<String, (Cause, String)> = BTreeMap::new();
        for row in csv::Reader::from_reader(include_str!("causes.csv").as_bytes())
            .records()
            .filter_map(Result::ok)
        {
            let get = |i| row.get(i).unwrap_or_default().to_owned();
            let cause = Cause {
                code: get(0),
                names: [get(1), get(2), get(3)],
                common: true,
            };
            rows.insert(get(0), (cause, get(4)));
        }
        for title in list {
            let (cause, words) = rows.entry(title.code.clone()).or_insert_with(|| {
                let cause = Cause {
                    code: title.code.clone(),
                    names: Default::default(),
                    common: false,
                };
                (cause, String::new())
            });
            match cause.names.get_mut(place(title.lang)) {
                Some(name) if name.is_empty() => name.clone_from(&title.text),
                // What a list calls it is found as well.
                _ => {
                    words.push(';');
                    words.push_str(&title.text);
                }
            }
        }
        let (causes, words): (Vec<Cause>, Vec<String>) = rows.into_values().unzip();
        let index = Index::of(&causes, &words);
        Catalogue {
            causes,
            full: !list.is_empty(),
            index,
            names: OnceLock::new(),
        }
    }

    pub(super) fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(self.causes.iter()))
    }

    /// Its causes in the order of their codes.
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Whether a full list was loaded: only then is a code that is not here an unknown one.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// The cause with this code.
    pub fn get(&self, code: &str) -> Option<&Cause> {
        let at = self.causes.binary_search_by(|c| c.code.as_str().cmp(code)).ok()?;
        self.causes.get(at)
    }

    /// Whether there are longer codes below this one, so that it is a heading.
    pub fn is_divided(&self, code: &str) -> bool {
        let below = format!("{code}.");
        let at = self.causes.partition_point(|c| c.code.as_str() < below.as_str());
        self.causes.get(at).is_some_and(|c| c.code.starts_with(&below))
    }
}

impl Catalogue {
    /// The causes that are nearest to what was typed, at most so many, the nearest first.
    pub fn search(&self, typed: &str, lang: Lang, most: usize) -> Vec<SearchHit<'_>> {
        if let Some(code) = as_code(typed) {
            let causes = self.causes();
            let from = causes.partition_point(|c| c.code.as_str() < code.as_str());
            let mut found: Vec<&Cause> = causes
                .iter()
                .skip(from)
                .take_while(|c| c.code.starts_with(&code))
                .collect();
            // Of a category in a full list, what is common comes first.
            found.sort_by_key(|c| !c.common);
            return found
                .into_iter()
                .take(most)
                .map(|cause| SearchHit { cause, score: 100 })
                .collect();
        }
        let folded = fold(typed);
        // Answered words, worth of them; by the place of the cause.
        let mut scores: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for wanted in split(&folded) {
            let mut gains = BTreeMap::new();
            self.index.gains(wanted, lang, &mut gains);
            for (at, worth) in gains {
                let (words, sum) = scores.entry(at).or_default();
                *words += 1;
                *sum += worth;
            }
        }
        let mut found: Vec<(u32, u32, &Cause)> = scores
            .into_iter()
            .filter_map(|(at, (words, sum))| {
                let place = usize::try_from(at).ok()?;
                let cause = self.causes().get(place)?;
                let longer = self.index.lengths.get(place).copied().unwrap_or_default();
                let common = if cause.common { 12 } else { 0 };
                let near = (sum * 4 + common).saturating_sub(longer.min(12));
                Some((words, near, cause))
            })
            .collect();
        found.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| a.2.code.cmp(&b.2.code)));
        found
            .into_iter()
            .take(most)
            .map(|(words, near, cause)| SearchHit {
                cause,
                score: words * 1000 + near,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icd::Icd;

    #[test]
    fn the_common_causes_are_codes_with_three_names() {
        let all = Catalogue::built_in().causes();
        assert!(all.len() >= 150, "{}", all.len());
        for cause in all {
            assert!(Icd::parse(&cause.code).is_some(), "{}", cause.code);
            for lang in Lang::ALL {
                assert!(!cause.name(lang).is_empty() && cause.common, "{}", cause.code);
            }
            let tajik = cause.name(Lang::Tg).to_lowercase();
            assert!(!tajik.contains(['ц', 'щ', 'ы', 'ь']), "{tajik}");
        }
        assert!(!Catalogue::built_in().is_full());
    }

    #[test]
    fn a_list_adds_its_codes_and_its_words_and_a_heading_is_known_as_one() {
        let title = |code: &str, text: &str| Title {
            code: code.to_owned(),
            lang: Lang::En,
            text: text.to_owned(),
        };
        let all = Catalogue::with_list(&[
            title("I21.9", "a list's own word for it: xylotic"),
            title("Q99", "heading"),
            title("Q99.2", "below it"),
        ]);
        assert!(all.is_full());
        assert!(all.is_divided("Q99") && !all.is_divided("Q99.2") && all.is_divided("I21"));
        assert!(all.get("I21.9").unwrap().common, "the built-in names stay");
        assert_eq!(all.get("Q99.2").unwrap().name(Lang::Tg), "below it");
        assert_eq!(
            all.search("xylotic", Lang::En, 5).first().unwrap().cause.code,
            "I21.9"
        );
        assert_eq!(all.get("Z00"), None);
    }
}
