//! One name in Tajik and in Russian spelling, brought to one text by its sound.
//!
//! A passport says Джамшед Рахимов where the ward types Ҷамшед Раҳимов or Раҳимзода. The rules are
//! about letters, so they hold for names that nobody has listed. For comparing only.
//!
//! Deliberately absent: a dictionary of names, and Latin writing.

/// Sequences of folded letters and what stands for them, in this order.
const SEQUENCES: &[(&str, &str)] = &[
    ("дж", "ч"),            // Ҷ folds to ч; Russian writes it дж
    ("йу", "ю"),            // Йусуф, Юсуф
    ("йо", "е"),            // Ёр folds to ер; Йор
    ("магомед", "мухамад"), // the one name with forms of its own in Russian
    ("мухаммед", "мухамад"),
    ("ау", "ав"), // Фирдаус, Фирдавс
    ("нб", "мб"), // Шанбе, Шамбе
];

/// Endings of surnames: son or daughter of, in Tajik and in Russian; the longer first.
const ENDINGS: &[&str] = &["зада", "зад", "ава", "ива", "пур", "ав", "ив", "ин", "и"];

/// Fewest letters that an ending leaves, so that Али stays a name.
const SHORTEST: usize = 3;

/// Brings folded text to its sound.
pub fn sound(folded: &str) -> String {
    let mut text = folded.to_owned();
    for (from, to) in SEQUENCES {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut last = None;
    for c in text.chars() {
        let c = match c {
            'о' => 'а',                   // Фотима, Фатима
            'е' | 'э' | 'ы' | 'й' => 'и', // Хуршед, Хуршид; Сайид, Саид
            'ц' => 'с',
            'щ' => 'ш',
            c => c,
        };
        // Саттор, Сатор.
        if last != Some(c) {
            out.push(c);
        }
        last = Some(c);
    }
    // Абдуллоҳ, Абдулло: the last х is not heard.
    if out.ends_with("лах") {
        out.pop();
    }
    out
}

/// What is left of a surname that [`sound`] gave without its ending: Раҳимов and Раҳимзода are of
/// one family more often than not.
pub fn stem(sounded: &str) -> &str {
    let found = ENDINGS.iter().find_map(|ending| {
        let rest = sounded.strip_suffix(ending)?;
        (rest.chars().count() >= SHORTEST).then_some(rest)
    });
    found.unwrap_or(sounded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alike::fold;

    #[test]
    fn one_name_in_two_spellings_sounds_alike_and_two_names_do_not() {
        for (a, b) in [
            ("Ҷамшед", "Джамшед"),
            ("Ҷамшед", "Джамшид"),
            ("Ҳақназар", "Хакназар"),
            ("Ғулом", "Гулам"),
            ("Раҷабова", "Раджабова"),
            ("Фотима", "Фатима"),
            ("Хуршед", "Хуршид"),
            ("Юсуф", "Йусуф"),
            ("Абдуллоҳ", "Абдулло"),
            ("Саттор", "Сатор"),
            ("Сайид", "Саид"),
            ("Муҳаммад", "Магомед"),
            ("Фирдавс", "Фирдаус"),
            ("Меҳринисо", "Мехринисо"),
            ("Ӯлмасова", "Улмасова"),
            ("Шӯҳрат", "Шухрат"),
            ("Нурӣ", "Нури"),
        ] {
            assert_eq!(sound(&fold(a)), sound(&fold(b)), "{a} {b}");
        }
        for (a, b) in [
            ("Нигора", "Нигина"),
            ("Саида", "Саид"),
            ("Раҳим", "Карим"),
            ("Зарина", "Зарифа"),
            ("Баҳром", "Баҳор"),
        ] {
            assert_ne!(sound(&fold(a)), sound(&fold(b)), "{a} {b}");
        }
    }

    #[test]
    fn a_surname_loses_its_ending_and_a_short_name_keeps_it() {
        let of = |name: &str| stem(&sound(&fold(name))).to_owned();
        assert_eq!(of("Раҳимов"), of("Раҳимзода"));
        assert_eq!(of("Рахимова"), of("Раҳимиён"));
        assert_eq!(of("Раҳимӣ"), of("Раҳимов"));
        assert_eq!(of("Шарифпур"), of("Шарифов"));
        assert_ne!(of("Раҳимов"), of("Каримов"));
        assert_eq!(of("Али"), sound(&fold("Али")));
    }
}
