//! Names of invented people, made as names in Tajikistan are made: of single words, of two parts, and surnames of
//! a forefather's name and an ending. The words are in `names.csv`, no list of anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::population::Region;
use super::rng::{SimulationRng, Weighted};

/// Those whose manner of naming somebody follows; their order is that of [`Region::peoples`].
const PEOPLES: [&str; 5] = ["tj", "uz", "pa", "kg", "ru"];

/// Given names and stems of surnames of one people.
struct People {
    men: Weighted<String>,
    women: Weighted<String>,
    /// Forefathers; or whole surnames, of Russians.
    stems: Weighted<String>,
    whole: bool,
}

/// The names of a person.
#[derive(Clone, Debug)]
pub(super) struct PersonName {
    pub surname: String,
    pub given: String,
    pub patronymic: String,
}

/// What a family passes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner(usize);

/// Everybody's names.
pub(super) struct Names(Vec<People>);

impl Names {
    pub fn get() -> &'static Names {
        static ALL: LazyLock<Names> = LazyLock::new(|| {
            let mut parts: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
            let mut rows = csv::Reader::from_reader(include_str!("names.csv").as_bytes());
            for row in rows.records().filter_map(Result::ok) {
                let of = |i: usize| row.get(i).unwrap_or_default().to_owned();
                let words = of(2).split_whitespace().map(str::to_owned).collect();
                parts.insert((of(0), of(1)), words);
            }
            Names(PEOPLES.iter().map(|group| People::of(group, &parts)).collect())
        });
        &ALL
    }

    /// Whose manner somebody of a region follows.
    pub fn manner(&self, rng: &mut SimulationRng, region: Region) -> Manner {
        Manner(rng.share(&region.peoples()))
    }

    fn people(&self, manner: Manner) -> Option<&People> {
        self.0.get(manner.0)
    }

    /// A given name.
    pub fn given(&self, rng: &mut SimulationRng, manner: Manner, woman: bool) -> String {
        let people = self.people(manner);
        let from = people.map(|p| if woman { &p.women } else { &p.men });
        from.and_then(|names| names.one(rng)).cloned().unwrap_or_default()
    }

    /// A forefather, by whom a family may be called.
    fn stem(&self, rng: &mut SimulationRng, manner: Manner) -> String {
        let stems = self.people(manner).map(|p| &p.stems);
        stems.and_then(|s| s.one(rng)).cloned().unwrap_or_default()
    }

    /// A person's names.
    pub fn person(&self, rng: &mut SimulationRng, manner: Manner, woman: bool) -> PersonName {
        let stem = self.stem(rng, manner);
        let whole = self.people(manner).is_some_and(|p| p.whole);
        let surname = match rng.below(100) {
            _ if whole => stem,
            _ if manner.0 > 0 => ended(&stem),
            0..64 => ended(&stem),
            64..88 => format!("{stem}зода"),
            88..95 => stem,
            95..98 => format!("{}ӣ", stem.trim_end_matches(['а', 'о', 'ӣ', 'ӯ'])),
            _ => format!("{}иён", stem.trim_end_matches(['а', 'о', 'ӣ', 'ӯ'])),
        };
        let father = self.given(rng, manner, false);
        PersonName {
            surname: gendered(&surname, woman),
            given: self.given(rng, manner, woman),
            patronymic: patronymic(&father, woman),
        }
    }
}

impl People {
    fn of(group: &str, parts: &BTreeMap<(String, String), Vec<String>>) -> People {
        let words = |part: &str| -> &[String] {
            let found = parts.get(&(group.to_owned(), part.to_owned()));
            found.map_or(&[], Vec::as_slice)
        };
        let joined = |first: &[String], second: &[String]| -> Vec<String> {
            let mut out = Vec::new();
            // Through both lists at once, so that no first part has all the frequent ones.
            for skip in 0..second.len() {
                for (at, one) in first.iter().enumerate() {
                    let other = second.iter().cycle().nth(at + skip);
                    out.extend(other.map(|other| format!("{one}{other}")));
                }
            }
            out
        };
        let abdu: Vec<String> = words("god").iter().map(|god| format!("Абду{god}")).collect();
        let men = [
            words("man").to_vec(),
            abdu,
            joined(words("first"), words("second")),
        ]
        .concat();
        let women = [
            words("woman").to_vec(),
            joined(words("woman_first"), words("woman_second")),
        ]
        .concat();
        let whole = words("surname");
        let stems = match whole {
            [] => shuffled(&men),
            surnames => surnames.to_vec(),
        };
        People {
            men: Weighted::by_rank(unique(men)),
            women: Weighted::by_rank(unique(women)),
            stems: Weighted::by_rank(unique(stems)),
            whole: !whole.is_empty(),
        }
    }
}

/// In another order, the same each time: who was frequent among forefathers is not who is now.
fn shuffled(names: &[String]) -> Vec<String> {
    let mut rng = SimulationRng(1929);
    let mut keyed: Vec<(u64, &String)> = names.iter().map(|n| (rng.below(u64::MAX), n)).collect();
    keyed.sort();
    keyed.into_iter().map(|(_, name)| name.clone()).collect()
}

fn unique(names: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.into_iter().filter(|n| seen.insert(n.clone())).collect()
}

/// A surname of a forefather's name, of a man.
fn ended(stem: &str) -> String {
    match stem.chars().last() {
        Some('й' | 'ӣ' | 'и') => {
            let start = stem.trim_end_matches(['й', 'ӣ', 'и']);
            format!("{start}иев")
        }
        Some('а' | 'о' | 'е' | 'ё' | 'ӯ' | 'у' | 'ў' | 'ь') => format!("{stem}ев"),
        _ => format!("{stem}ов"),
    }
}

/// The surname that men of her family bear.
pub(super) fn of_men(surname: &str) -> &str {
    let declined = ["ова", "ева", "ёва", "ина"]
        .iter()
        .any(|end| surname.ends_with(end));
    match surname.strip_suffix('а') {
        Some(start) if declined => start,
        _ => surname,
    }
}

/// A surname of a man or a woman: those in -ов, -ев and -ин are declined.
pub(super) fn gendered(surname: &str, woman: bool) -> String {
    let declined = ["ов", "ев", "ёв", "ин"].iter().any(|end| surname.ends_with(end));
    match woman && declined {
        true => format!("{surname}а"),
        false => surname.to_owned(),
    }
}

/// A patronymic of a father's name.
pub(super) fn patronymic(father: &str, woman: bool) -> String {
    let (start, soft) = match father.chars().last() {
        Some('й' | 'ӣ' | 'и') => (format!("{}и", father.trim_end_matches(['й', 'ӣ', 'и'])), true),
        Some('а' | 'о' | 'е' | 'ё' | 'ӯ' | 'у' | 'ў' | 'ь') => (father.to_owned(), true),
        _ => (father.to_owned(), false),
    };
    let end = match (soft, woman) {
        (true, true) => "евна",
        (true, false) => "евич",
        (false, true) => "овна",
        (false, false) => "ович",
    };
    format!("{start}{end}")
}

/// A name as somebody types it who has no Tajik letters, or writes Russian.
pub(super) fn russian(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            'Ҷ' => out.push_str("Дж"),
            'ҷ' => out.push_str("дж"),
            'Ҳ' => out.push('Х'),
            'ҳ' => out.push('х'),
            'Қ' => out.push('К'),
            'қ' => out.push('к'),
            'Ғ' => out.push('Г'),
            'ғ' => out.push('г'),
            'Ӯ' | 'Ў' | 'Ү' => out.push('У'),
            'ӯ' | 'ў' | 'ү' => out.push('у'),
            'Ө' => out.push('О'),
            'ө' => out.push('о'),
            'ң' => out.push('н'),
            'ӣ' => out.push('и'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_and_patronymics_are_made_as_registrars_write_them() {
        for (father, man, surname) in [
            ("Раҳим", "Раҳимович", "Раҳимов"),
            ("Мирзо", "Мирзоевич", "Мирзоев"),
            ("Шодӣ", "Шодиевич", "Шодиев"),
            ("Турди", "Турдиевич", "Турдиев"),
        ] {
            assert_eq!(patronymic(father, false), man);
            assert_eq!(ended(father), surname);
            assert_eq!(gendered(surname, true), format!("{surname}а"));
        }
        assert_eq!(gendered("Раҳимзода", true), "Раҳимзода");
        assert_eq!(
            (of_men("Раҳимзода"), of_men("Раҳимова")),
            ("Раҳимзода", "Раҳимов")
        );
    }

    #[test]
    fn a_country_has_thousands_of_surnames_and_no_stranger_in_ten_shares_one() {
        let (names, mut rng) = (Names::get(), SimulationRng(7));
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for _ in 0..50_000 {
            let manner = names.manner(&mut rng, Region::Khatlon);
            *found
                .entry(names.person(&mut rng, manner, false).surname)
                .or_default() += 1;
        }
        let commonest = found.values().max().unwrap();
        let shared: u64 = found.values().map(|n| n * n).sum();
        assert!(found.len() > 2_500, "{}", found.len());
        assert!(*commonest < 1_000, "{commonest}");
        assert!(shared / 50_000 < 400, "{shared}");
    }
}
