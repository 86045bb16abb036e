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
}
