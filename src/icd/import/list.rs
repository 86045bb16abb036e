//! What a list holds, and what of it was not taken.

use unicode_normalization::UnicodeNormalization;

use crate::icd::{Icd, latin};
use crate::lang::{Explain, Lang, Msg};

/// What a list calls a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The code, in Latin capitals.
    pub code: String,
    /// Language of the text.
    pub lang: Lang,
    /// The text, NFC.
    pub text: String,
}

/// Why a row was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Quotes or separators are broken, so that its columns cannot be told.
    Columns,
    /// What should be a code is none.
    Code,
    /// There is no title.
    Title,
    /// It is in a language that the program does not have, and no other row names the code.
    Language,
    /// A modifier of ClaML whose codes could not be made.
    Modifier,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Line of the file, from 1.
    pub line: usize,
    /// The reason.
    pub why: Why,
    /// What stood there, shortened.
    pub found: String,
}

impl LeftOut {
    pub(super) fn new(line: usize, why: Why, found: &str) -> LeftOut {
        LeftOut {
            line,
            why,
            found: found.chars().take(40).collect(),
        }
    }

    /// The row with its reason, for a person.
    pub fn msg(&self) -> Msg {
        let id = match self.why {
            Why::Columns => "icd-left-columns",
            Why::Code => "icd-left-code",
            Why::Title => "icd-left-title",
            Why::Language => "icd-left-language",
            Why::Modifier => "icd-left-modifier",
        };
        Msg::new(id)
            .with("line", self.line.to_string())
            .with("found", self.found.as_str())
    }
}

/// A list as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// What was taken.
    pub titles: Vec<Title>,
    /// Rows that should have been taken and were not.
    pub left: Vec<LeftOut>,
    /// Chapters, blocks and rows that the list itself marks as no longer in force.
    pub headings: usize,
}

impl Imported {
    /// Whether more than so many of a hundred rows were not taken.
    pub fn lacks_more_than(&self, percent: u32) -> bool {
        let all = self.titles.len() + self.left.len();
        self.left.len() * 100 > all * percent as usize
    }

    pub(super) fn take(&mut self, line: usize, code: &str, lang: Lang, text: &str) {
        if is_heading(code) {
            self.headings += 1;
            return;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let text: String = words.join(" ").nfc().filter(|c| !c.is_control()).collect();
        match code_of(code) {
            None => self.left.push(LeftOut::new(line, Why::Code, code)),
            Some(_) if text.is_empty() => self.left.push(LeftOut::new(line, Why::Title, code)),
            Some(code) => self.titles.push(Title { code, lang, text }),
        }
    }
}

/// Why a file is no list of codes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Not the columns of any list that is known.
    #[error("unknown columns")]
    Columns(String),
    /// XML that breaks off or is none.
    #[error("broken XML at byte {0}")]
    Xml(u64),
    /// Not one code in it.
    #[error("no code")]
    Empty,
}

impl Explain for ImportError {
    fn msg(&self) -> Msg {
        match self {
            ImportError::Columns(found) => Msg::new("icd-columns").with("found", found.as_str()),
            ImportError::Xml(at) => Msg::new("icd-xml").with("at", at.to_string()),
            ImportError::Empty => Msg::new("icd-empty"),
        }
    }

    fn hint(&self) -> Option<Msg> {
        Some(Msg::new("icd-hint"))
    }
}

/// A code as the program writes it, with its dot, or none where it is no code.
pub(super) fn code_of(text: &str) -> Option<String> {
    let code: String = text
        .trim()
        .trim_end_matches(['*', '+', '†', '.', '-', '!'])
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .map(latin)
        .collect();
    let (category, rest) = code.split_at_checked(3)?;
    let code = match rest {
        "" => category.to_owned(),
        _ if rest.starts_with('.') => code,
        // Without a dot: I219.
        _ => format!("{category}.{rest}"),
    };
    Icd::parse(&code).map(|_| code)
}

/// A chapter (`IX`), a block (`I20-I25`), or a heading of the Russian list without a code.
pub(super) fn is_heading(code: &str) -> bool {
    let code = code.trim().trim_matches(['(', ')']);
    let roman = !code.is_empty() && code.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'Х' | 'І'));
    let block = code
        .split_once(['-', '–'])
        .is_some_and(|(a, b)| code_of(a).is_some() && code_of(b).is_some());
    roman || block
}
