//! Matching (record linkage) of names, dates and documents, the same at the ward and at the portal.
//!
//! People type Tajik names without Tajik letters, swap neighbouring letters, know a birth by its
//! year alone and write the letter of a passport on whichever layout is on. Here such spellings
//! are brought together for searching and comparing. What is stored or signed is never folded.
//!
//! A ward asks about a person ([`same_person`]): it has few, and who knows the answer stands there.
//! The portal asks about an event ([`same_event`]): thousands of strangers lie around it, so all that two
//! reports state is weighed, days as well as names, each point explicable.
//!
//! Deliberately absent: a decision; a look-alike is a question for a person.

mod compare;
mod person;
mod phonetic;
mod record;
mod weights;

pub use compare::{co_twins, same_event, twins_alike_in_all};
pub use person::{PersonRecord, same_birth, same_person};
pub use record::{
    MatchingRecord, REACH_DAYS, blocking_keys, days_apart, document_key, identifying_document, key_reach,
};

use strsim::osa_distance;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::is_nfc;

/// Folds a text for searching and comparing: lower case, `ғ=г ӣ=и қ=к ӯ=у ҳ=х ҷ=ч ё=е`, without
/// `ъ` and `ь`, spaces single and none at the ends.
///
/// Spellings that differ by these letters alone (шуъба and шӯъба, кумак and кӯмак) fold alike.
pub fn fold(text: &str) -> String {
    if is_nfc(text) {
        fold_chars(text.chars(), text.len())
    } else {
        fold_chars(text.nfc(), text.len())
    }
}

fn fold_chars(chars: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut out = String::with_capacity(capacity);
    let mut gap = false;
    for c in chars.flat_map(char::to_lowercase) {
        let c = match c {
            'ғ' => 'г',
            'ӣ' => 'и',
            'қ' => 'к',
            'ӯ' => 'у',
            'ҳ' => 'х',
            'ҷ' => 'ч',
            'ё' => 'е',
            'ъ' | 'ь' => continue,
            c if c.is_whitespace() => {
                gap = !out.is_empty();
                continue;
            }
            c => c,
        };
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(c);
    }
    out
}

/// Edits between two folded texts: letters added, left out, replaced, or two neighbours swapped
/// (optimal string alignment: Damerau–Levenshtein, no stretch edited twice).
pub fn edits(a: &str, b: &str) -> usize {
    osa_distance(a, b)
}

/// Whether two folded texts lie within `most` edits; cheap where their lengths say no.
pub fn near(a: &str, b: &str, most: usize) -> bool {
    a == b || (a.chars().count().abs_diff(b.chars().count()) <= most && edits(a, b) <= most)
}

/// Whether a word of the text mixes Latin and Cyrillic letters, such as `Caидов` with a Latin C.
///
/// Two words in two alphabets are no mixture.
pub fn mixed_scripts(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| {
        let latin = word.chars().any(is_latin);
        latin && word.chars().any(is_cyrillic)
    })
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') && c.is_alphabetic()
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

/// The Tajik spelling of a text that was typed for an old eight-bit font, where there is a letter
/// of such a font in it: `Тољикистон` is `Тоҷикистон`.
///
/// Other languages own these letters too (Serbian, Macedonian, Ukrainian, Belarusian), so this is
/// a proposal to a person and never done unasked.
pub fn from_old_font(text: &str) -> Option<String> {
    let letter = |c| {
        Some(match c {
            'љ' => 'ҷ',
            'Љ' => 'Ҷ',
            'њ' => 'ҳ',
            'Њ' => 'Ҳ',
            'ќ' => 'қ',
            'Ќ' => 'Қ',
            'ѓ' => 'ғ',
            'Ѓ' => 'Ғ',
            'ї' => 'ӣ',
            'Ї' => 'Ӣ',
            'ў' => 'ӯ',
            'Ў' => 'Ӯ',
            _ => return None,
        })
    };
    text.chars()
        .any(|c| letter(c).is_some())
        .then(|| text.chars().map(|c| letter(c).unwrap_or(c)).collect())
}

/// Number of a document for comparing: capital letters and digits alone, with Cyrillic letters
/// that look like Latin ones (А, В, С …) taken for these. `А 01410027` and `A01410027` are one.
pub fn document(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .map(|c| match c {
            'А' => 'A',
            'В' => 'B',
            'Е' => 'E',
            'І' => 'I',
            'К' => 'K',
            'М' => 'M',
            'Н' => 'H',
            'О' => 'O',
            'Р' => 'P',
            'С' => 'C',
            'Т' => 'T',
            'У' => 'Y',
            'Х' => 'X',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn distance(a: &str, b: &str) -> usize {
        edits(&fold(a), &fold(b))
    }

    #[test]
    fn spellings_without_tajik_letters_fold_alike() {
        for (a, b) in [
            ("Ҷамшед", "Чамшед"),
            ("Қурбонов", "КУРБОНОВ"),
            ("шӯъба", "шуъба"),
            ("шуъба", "шуба"),
            ("кӯмак", "кумак"),
            ("Ҳикматуллоҳ", "Хикматуллох"),
            ("Ғаффорӣ", "Гаффори"),
            ("Юсуфи\u{304}", "Юсуфӣ"),
            ("Фёдор", "Федор"),
            ("  Раҳимзода   Сарвиноз ", "рахимзода сарвиноз"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        assert_ne!(fold("Раҳимов"), fold("Раҷабов"));
    }

    #[test]
    fn an_edit_is_a_letter_more_less_other_or_swapped() {
        for (a, b, n) in [
            ("", "", 0),
            ("", "абв", 3),
            ("Саидов", "Сайдов", 1),
            ("Саидов", "Садиов", 1),
            ("Саидов", "Саидова", 1),
            ("Раҳимова", "Рахимова", 0),
            ("1998-04-17", "1998-04-71", 1),
            ("1998-04-17", "1989-04-71", 2),
            ("абв", "где", 3),
            ("са", "абс", 3),
        ] {
            assert_eq!(distance(a, b), n, "{a} {b}");
            assert_eq!(distance(b, a), n, "{b} {a}");
            assert!(near(&fold(a), &fold(b), n));
        }
    }

    #[test]
    fn a_latin_letter_in_a_cyrillic_word_is_seen() {
        for mixed in ["Caидов", "Раҳимoв", "Ali Вaлиев"] {
            assert!(mixed_scripts(mixed), "{mixed}");
        }
        for plain in [
            "WANG LIHUA",
            "Саидов",
            "Ҳошим II",
            "Çelik",
            "",
            "Раҳимзода-Ӣ",
            "Али (Ali)",
        ] {
            assert!(!mixed_scripts(plain), "{plain}");
        }
    }

    #[test]
    fn a_document_is_the_same_on_both_layouts() {
        assert_eq!(document("А 01410027"), document("A01410027"));
        assert_eq!(document("а-01410027"), "A01410027");
        assert_ne!(document("А 16003415"), document("А 16003451"));
    }

    #[test]
    fn letters_of_an_old_font_are_proposed_as_tajik_ones() {
        assert_eq!(from_old_font("Тољикистон").as_deref(), Some("Тоҷикистон"));
        assert_eq!(from_old_font("Ќурбонњољї").as_deref(), Some("Қурбонҳоҷӣ"));
        assert_eq!(from_old_font("Тоҷикистон"), None);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(s in "\\PC{0,40}") {
            let once = fold(&s);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn distance_is_a_measure(a in "[а-г]{0,8}", b in "[а-г]{0,8}") {
            let d = distance(&a, &b);
            prop_assert_eq!(d, distance(&b, &a));
            prop_assert_eq!(d == 0, fold(&a) == fold(&b));
            prop_assert!(d <= a.chars().count().max(b.chars().count()));
        }

        #[test]
        fn any_text_can_be_looked_at(s in "\\PC{0,60}") {
            let _ = (mixed_scripts(&s), document(&s));
        }
    }
}
