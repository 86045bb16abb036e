//! The structure of ICD-10, as bare codes: chapters, blocks, the categories that exist, and which of them
//! can be no underlying cause. Titles are WHO's text and are not here.
//!
//! Categories are those of any edition that is in use (1990 to 2019, and its Russian translation), so
//! that no ward is told that a code of its list does not exist. Which codes of four characters exist
//! below a category differs between editions; an imported list says it.

use std::sync::LazyLock;

use super::{Icd, Ranges};

/// Codes and ranges of a list by its name, as they are written.
pub(crate) fn codes(list: &str) -> &'static str {
    include_str!("lists.csv")
        .lines()
        .find_map(|line| line.strip_prefix(list)?.strip_prefix(','))
        .unwrap_or_default()
}

macro_rules! lists {
    ($($name:ident)*) => {
        $(static $name: LazyLock<Ranges> = LazyLock::new(|| Ranges::read(codes(stringify!($name))));)*
    };
}

lists! { CATEGORIES ISSUED_U NO_CAUSE MANIFESTATION INJURY CHAPTERS BLOCKS }

/// Whether the code's category exists.
pub fn exists(code: Icd) -> bool {
    code.is_in(&CATEGORIES) || code.is_in(&ISSUED_U)
}

/// Whether the code may stand as an underlying cause: neither a manifestation nor the nature of an
/// injury, nor of chapters and blocks that only add to another code (ICD-10 Volume 2).
pub fn may_be_underlying(code: Icd) -> bool {
    exists(code) && ![&MANIFESTATION, &INJURY, &NO_CAUSE].iter().any(|l| code.is_in(l))
}

/// The chapter of a code, 1 to 22.
pub fn chapter(code: Icd) -> Option<usize> {
    CHAPTERS.place(code).map(|at| at + 1)
}

/// The innermost block of a code, as its first and last category: `I20-I25`.
pub fn block(code: Icd) -> Option<&'static str> {
    codes("BLOCKS").split(' ').nth(BLOCKS.place(code)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icd(text: &str) -> Icd {
        Icd::parse(text).unwrap()
    }

    #[test]
    fn every_word_of_every_list_is_a_code_or_a_range_in_order() {
        let mut names = Vec::new();
        for line in include_str!("lists.csv").lines().skip(1) {
            let (name, written) = line.split_once(',').unwrap();
            let read = Ranges::read(written);
            assert_eq!(written.split(' ').count(), read.len(), "{name}");
            assert!(read.is_ordered(), "{name}");
            assert!(!names.contains(&name), "{name} stands twice");
            names.push(name);
        }
        assert_eq!(MANIFESTATION.len(), 83);
    }

    #[test]
    fn gaps_between_categories_are_known() {
        for code in [
            "A00.9", "A46", "B54", "I64", "J18", "O95", "P95", "R99", "X59.9", "U07.1", "Z99", "I84",
        ] {
            assert!(exists(icd(code)), "{code}");
        }
        for code in [
            "A10", "A29", "A45", "A72", "A76", "B28", "C27", "C59", "C87", "D54", "D79", "E08", "E17", "E33",
            "E47", "E57", "E62", "E69", "E81", "F08", "F26", "F46", "F49", "G15", "G42", "H07", "I03", "I14",
            "I29", "I75", "J07", "J19", "J97", "K24", "L06", "M04", "N09", "O09", "O49", "P06", "Q08", "R08",
            "T72", "U01", "V07", "W47", "Y37", "Z05",
        ] {
            assert!(!exists(icd(code)), "{code}");
        }
    }

    #[test]
    fn what_only_adds_to_another_code_is_no_underlying_cause() {
        for code in ["I21.9", "V89.2", "R99", "O72", "U07.1", "G30"] {
            assert!(may_be_underlying(icd(code)), "{code}");
        }
        for code in [
            "Z00.0", "Z99", "S06.5", "T71", "B95.6", "F00", "Y95", "U82", "A10",
        ] {
            assert!(!may_be_underlying(icd(code)), "{code}");
        }
    }

    #[test]
    fn every_category_lies_in_one_chapter_and_one_block() {
        assert_eq!(
            (chapter(icd("I21.9")), block(icd("I21.9"))),
            (Some(9), Some("I20-I25"))
        );
        assert_eq!(
            (chapter(icd("Z00")), block(icd("V89"))),
            (Some(21), Some("V80-V89"))
        );
        for letter in 'A'..='Z' {
            for number in 0..100 {
                let code = icd(&format!("{letter}{number:02}"));
                if exists(code) && letter != 'U' {
                    assert!(
                        chapter(code).is_some() && block(code).is_some(),
                        "{letter}{number:02}"
                    );
                }
            }
        }
    }
}
