//! Passphrases that people can remember and type: words of everyday Tajik.

use std::sync::OnceLock;

use super::SealError;
use crate::env::random;

/// 512 words that carry 9 bits each, without ғӣқӯҳҷё (which half of the keyboards of a ward cannot
/// type) and without letters of Russian alone.
const WORDS: &str = include_str!("words.txt");

/// Words of a proposal.
const COUNT: usize = 5;

/// Proposes a passphrase: five words (45 bits) and a number of two digits (6 bits).
///
/// 51 bits under Argon2id at its default cost are some millions of core-years to go through.
pub fn passphrase() -> Result<String, SealError> {
    let bytes = random::<{ 2 * COUNT + 1 }>().map_err(|_| SealError::NoRandomness)?;
    Ok(phrase(&bytes))
}

fn phrase(bytes: &[u8; 2 * COUNT + 1]) -> String {
    let (choices, number) = bytes.split_at(2 * COUNT);
    let mut parts: Vec<String> = choices
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |n, b| (n << 8) | usize::from(*b)) % 512)
        .filter_map(|n| words().get(n).map(|w| (*w).to_owned()))
        .collect();
    // 64 numbers from 10 to 73, so that none is likelier than another.
    parts.extend(number.iter().map(|b| (10 + b % 64).to_string()));
    parts.join(" ")
}

fn words() -> &'static [&'static str] {
    static LIST: OnceLock<Vec<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| WORDS.lines().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_512_different_words_that_every_cyrillic_layout_can_type() {
        let words = words();
        let different: std::collections::BTreeSet<_> = words.iter().collect();
        assert_eq!((words.len(), different.len()), (512, 512));
        for word in words {
            let length = word.chars().count();
            assert!((3..=8).contains(&length), "{word}");
            assert!(
                word.chars()
                    .all(|c| ('а'..='я').contains(&c) && !"щцыьъ".contains(c)),
                "{word}"
            );
        }
    }

    #[test]
    fn every_bit_of_the_randomness_that_is_used_chooses_another_phrase() {
        let zero = [0; 2 * COUNT + 1];
        assert_eq!(phrase(&zero).split(' ').count(), COUNT + 1);
        assert!(phrase(&zero).ends_with(" 10"));
        for i in 0..zero.len() {
            let bits = match i {
                10 => 6,
                even if even % 2 == 0 => 1,
                _ => 8,
            };
            for bit in 0..bits {
                let mut bytes = zero;
                bytes[i] = 1 << bit;
                assert_ne!(phrase(&bytes), phrase(&zero), "byte {i} bit {bit}");
            }
        }
        assert_ne!(passphrase().unwrap(), passphrase().unwrap());
    }
}
