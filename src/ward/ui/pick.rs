//! A list of codes to choose from, narrowed by what is typed.

use crate::codes::List;
use crate::lang::Lang;
use crate::matching::fold;

/// A choice in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    /// What was typed: the start of a word of the name, or a number of the list.
    pub typed: String,
    /// Which of the offers is taken by Enter; none until something was typed or an arrow pressed.
    pub at: Option<usize>,
}

/// One offer: its number in the whole list, from 1, its code and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Number in the whole list, from 1.
    pub number: usize,
    /// The code.
    pub code: &'static str,
    /// Its name in the language asked for.
    pub name: &'static str,
}

impl Pick {
    /// What is offered, given what was typed. Names are found in all three languages.
    pub fn offers(&self, list: &'static List, lang: Lang) -> Vec<Offer> {
        let wanted = fold(self.typed.trim());
        let number = self.typed.trim().parse::<usize>().ok();
        list.codes
            .iter()
            .enumerate()
            .filter(|(i, code)| {
                if wanted.is_empty() || number == Some(i + 1) {
                    return true;
                }
                if number.is_some() {
                    return false;
                }
                Lang::ALL.into_iter().any(|l| {
                    let name = fold(code.name(l));
                    name.starts_with(&wanted)
                        || name
                            .split(|c: char| !c.is_alphanumeric())
                            .any(|word| word.starts_with(&wanted))
                }) || fold(&code.code).starts_with(&wanted)
            })
            .map(|(i, code)| Offer {
                number: i + 1,
                code: &code.code,
                name: code.name(lang),
            })
            .collect()
    }

    /// Something was typed or taken back: the first offer is at hand.
    pub fn narrow(&mut self, typed: &str) {
        typed.clone_into(&mut self.typed);
        self.at = (!typed.trim().is_empty()).then_some(0);
    }

    /// One up or down; at the top, up leaves the list and says so.
    pub fn step(&mut self, down: bool, offers: usize) -> bool {
        match (self.at, down) {
            (_, _) if offers == 0 => false,
            (None, true) => {
                self.at = Some(0);
                true
            }
            (None, false) => false,
            (Some(at), true) => {
                self.at = Some((at + 1).min(offers - 1));
                true
            }
            (Some(0), false) => {
                self.at = None;
                !self.typed.is_empty()
            }
            (Some(at), false) => {
                self.at = Some(at - 1);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    fn codes_for(list: &str, typed: &str) -> Vec<&'static str> {
        let mut pick = Pick::default();
        pick.narrow(typed);
        let list = codes::list(list).unwrap();
        pick.offers(list, Lang::Tg).into_iter().map(|o| o.code).collect()
    }

    #[test]
    fn an_offer_is_found_by_number_by_folded_word_and_in_any_language() {
        assert_eq!(codes_for("sex", "2"), ["female"]);
        assert_eq!(codes_for("sex", "зан"), ["female"]);
        assert_eq!(codes_for("sex", "ЖЕН"), ["female"]);
        assert_eq!(codes_for("sex", "fem"), ["female"]);
        assert_eq!(codes_for("sex", ""), ["male", "female", "undetermined"]);
        assert!(codes_for("sex", "xyz").is_empty());
        // Typed without the Tajik letters.
        let folded = codes_for("district", "хуч");
        let proper = codes_for("district", "Хуҷ");
        assert_eq!(folded, proper);
        assert!(!proper.is_empty());
    }

    #[test]
    fn nothing_is_at_hand_until_somebody_points_at_it() {
        let mut pick = Pick::default();
        assert_eq!(pick.at, None);
        assert!(!pick.step(false, 3), "up at the top leaves the list");
        assert!(pick.step(true, 3));
        assert_eq!(pick.at, Some(0));
        pick.step(true, 3);
        pick.step(true, 3);
        pick.step(true, 3);
        assert_eq!(pick.at, Some(2));
        assert!(!Pick::default().step(true, 0));
    }
}
