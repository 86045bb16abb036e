//! What a line that a person enters may hold: the one rule for every door.

use unicode_normalization::UnicodeNormalization;

/// Whether a character could act on a terminal, turn or hide the text around it, or break the line: controls,
/// line and paragraph separators, marks and overrides of direction, what has no width or is invisible,
/// annotations, tags, and letters that nobody assigned (private use).
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{2028}' | '\u{2029}'
            | '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            | '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}'
            | '\u{206A}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
            | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// A line that a person entered, without blanks around it and in NFC; none where it holds what no line may,
/// or more than `most` characters.
pub fn line(entered: &str, most: usize) -> Option<String> {
    let line: String = entered.trim().nfc().collect();
    let fits = line.chars().count() <= most && !line.chars().any(is_unprintable);
    fits.then_some(line)
}

/// Most characters of the name of a person, a device or a facility.
pub const NAME_MOST: usize = 200;
/// Most characters of a code or a login.
const CODE_MOST: usize = 64;

/// A name that a person entered, as [`line()`] has it; none where it is empty.
pub fn name(entered: &str) -> Option<String> {
    line(entered, NAME_MOST).filter(|name| !name.is_empty())
}

/// Whether a text can be the code of a facility or an office, or a login: visible characters without blanks,
/// exactly as they are compared.
pub fn is_code(text: &str) -> bool {
    let same = line(text, CODE_MOST).is_some_and(|line| line == text);
    same && !text.is_empty() && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_that_a_reader_sees_whole() {
        for fine in ["", "хато: ҷинс", "Раҳимова-Зода №3 (а)", "WANG 李华", "Ӯ"] {
            assert_eq!(line(fine, 40).as_deref(), Some(fine));
        }
        assert_eq!(line("  Юсуфи\u{304} ", 40).as_deref(), Some("Юсуфӣ"));
        for c in [
            '\n',
            '\r',
            '\t',
            '\u{1b}',
            '\u{7f}',
            '\u{9b}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{202e}',
            '\u{2028}',
            '\u{2029}',
            '\u{2066}',
            '\u{feff}',
            '\u{e000}',
            '\u{e0041}',
            '\u{fe0f}',
        ] {
            assert_eq!(
                line(&format!("хато{c}registered"), 40),
                None,
                "{:x}",
                u32::from(c)
            );
        }
        assert_eq!(line("абвг", 3), None);
    }

    #[test]
    fn a_name_says_something_and_a_code_has_no_blanks() {
        assert_eq!(name(" Юсуфи\u{304} ").as_deref(), Some("Юсуфӣ"));
        assert!(is_code("TJ-DU-BOX-01") && is_code("sitora.2"));
        for bad in ["", " ", "а\nб", "а\u{ad}б", &"ҷ".repeat(201)] {
            assert!(name(bad).is_none() && !is_code(bad), "{bad:?}");
        }
        for bad in ["TJ 01", " TJ-01", "и\u{304}", &"x".repeat(65)] {
            assert!(!is_code(bad), "{bad:?}");
        }
    }
}
