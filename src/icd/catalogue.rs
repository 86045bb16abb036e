//! Causes and what they are called.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Title;
use super::search::Index;
use crate::lang::Lang;

/// A cause: a code and its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// ICD-10 code, such as `I21.9`.
    pub code: String,
    /// Names in the order tg, ru, en; empty where a list has none.
    pub(super) names: [String; 3],
    /// Whether it is one of the common ones that are built in.
    pub common: bool,
}

impl Cause {
    /// Its name in this language, or in the first one that has one.
    pub fn name(&self, lang: Lang) -> &str {
        let own = self.names.get(place(lang)).map(String::as_str);
        own.filter(|n| !n.is_empty())
            .or_else(|| self.names.iter().map(String::as_str).find(|n| !n.is_empty()))
            .unwrap_or_default()
    }
}

/// Place of a language in a row of names.
pub(super) fn place(lang: Lang) -> usize {
    match lang {
        Lang::Tg => 0,
        Lang::Ru => 1,
        Lang::En => 2,
    }
}

/// Every cause that is known, ready to be searched.
#[derive(Debug)]
pub struct Catalogue {
    /// In the order of their codes, each code once.
    causes: Vec<Cause>,
    /// Whether a full list was loaded beside what is built in.
    full: bool,
    pub(super) index: Index,
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
        }
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
