//! ICD-10 codes as they are compared: a code, a range, a list of ranges.

/// The Latin capital that a Cyrillic one looks like, any other letter as it is.
pub fn latin(letter: char) -> char {
    match letter {
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'І' => 'I',
        'К' => 'K',
        'М' => 'M',
        'О' => 'O',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        'У' => 'Y',
        c => c,
    }
}

/// A code, as the stretch of four-character codes that it covers: `E10` is `E10.0` to `E10.9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icd {
    first: u32,
    last: u32,
}

impl Icd {
    /// Reads `A00`, `A00.9`, `I63.3`, `S06.50`, with `*`, `+` or `†` at the end, lower case or with
    /// a Cyrillic letter that looks Latin. `None` where the shape is another.
    pub fn parse(text: &str) -> Option<Icd> {
        let text = text.trim().trim_end_matches(['*', '+', '†']);
        let mut chars = text.chars();
        let letter = latin(chars.next()?.to_uppercase().next()?);
        if !letter.is_ascii_uppercase() {
            return None;
        }
        let tens = chars.next()?.to_digit(10)?;
        let ones = chars.next()?.to_digit(10)?;
        let category = u32::from(letter) * 1000 + tens * 100 + ones * 10;
        match chars.next() {
            None => Some(Icd {
                first: category,
                last: category + 9,
            }),
            Some('.') => {
                let rest: Vec<u32> = chars.map(|c| c.to_digit(10)).collect::<Option<_>>()?;
                let sub = rest.first().copied().filter(|_| rest.len() <= 2)?;
                Some(Icd {
                    first: category + sub,
                    last: category + sub,
                })
            }
            Some(_) => None,
        }
    }

    /// Whether the whole of the code lies in one of the ranges.
    pub fn is_in(self, list: &Ranges) -> bool {
        list.place(self).is_some()
    }
}

/// A list of codes and ranges.
#[derive(Debug)]
pub struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// From words such as `A34 B37.3 C51-C58`. A word that is no code is left out; a test looks.
    pub fn read(text: &str) -> Ranges {
        let range = |word: &str| {
            let (from, to) = word.split_once('-').unwrap_or((word, word));
            Some((Icd::parse(from)?.first, Icd::parse(to)?.last))
        };
        Ranges(text.split_whitespace().filter_map(range).collect())
    }

    /// The place of the first range in which the whole of the code lies.
    pub(super) fn place(&self, code: Icd) -> Option<usize> {
        self.0
            .iter()
            .position(|(first, last)| *first <= code.first && code.last <= *last)
    }

    /// How many codes and ranges there are.
    #[allow(clippy::len_without_is_empty, reason = "no list of codes is empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether every range begins before it ends.
    pub fn is_ordered(&self) -> bool {
        self.0.iter().all(|(a, b)| a <= b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for text in ["I46.9", "i46.9", " I46.9 ", "I46.9+", "І46.9"] {
            assert_eq!(Icd::parse(text), Icd::parse("I46.9"), "{text}");
            assert!(Icd::parse(text).is_some());
        }
        for text in [
            "", "I", "I4", "46.9", "I46.", "I46,9", "I469", "I46.9.1", "I46.123", "ғ46",
        ] {
            assert_eq!(Icd::parse(text), None, "{text}");
        }
    }
}
