//! Passphrases that people can type: words of plain Cyrillic syllables.

use super::SealError;
use crate::env::random;

/// Open syllables of letters that every Cyrillic layout has in the same place; no two sound alike
/// when read aloud. 64 of them carry 6 bits each.
const SYLLABLES: [&str; 64] = [
    "ба", "бе", "би", "бо", "бу", "ва", "ве", "ви", "во", "га", "ги", "го", "гу", "да", "де", "ди", "до",
    "ду", "за", "зе", "зи", "зо", "ка", "ке", "ки", "ко", "ку", "ла", "ле", "ли", "ло", "лу", "ма", "ме",
    "ми", "мо", "му", "на", "не", "ни", "но", "ну", "па", "пе", "пи", "по", "ра", "ре", "ри", "ро", "ру",
    "са", "се", "си", "со", "су", "та", "те", "ти", "то", "ту", "фа", "фи", "фо",
];

/// Words of a proposed passphrase.
const WORDS: usize = 4;
/// Syllables of a word.
const PER_WORD: usize = 2;

/// Proposes a passphrase: four words of two syllables (12 bits each) and a number of two digits (6
/// bits), 54 bits together.
pub fn passphrase() -> Result<String, SealError> {
    let bytes = random::<{ WORDS * PER_WORD + 1 }>().map_err(|_| SealError::NoRandomness)?;
    let (syllables, last) = bytes.split_at(WORDS * PER_WORD);
    let words: Vec<String> = syllables
        .chunks(PER_WORD)
        .map(|pair| {
            pair.iter()
                .filter_map(|b| SYLLABLES.get(usize::from(b % 64)).copied())
                .collect()
        })
        .collect();
    // 64 numbers from 10 to 73, so that no value is likelier than another.
    let number = last.first().map_or(10, |b| 10 + b % 64);
    Ok(format!("{} {number}", words.join(" ")))
}
