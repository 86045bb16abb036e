//! A cause of death: a code and what it is called.

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
