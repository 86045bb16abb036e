//! Whether two reports may be of one birth or death, though facilities, spellings and papers differ.
//!
//! What agrees or differs earns [`points`], and enough of them make a question for a person. A
//! second child of one mother is told apart whatever the points say.
//!
//! Deliberately absent: a decision. Alike is not the same; someone looks.

use super::record::MatchingRecord;
use super::weights::{minutes, name, points, sex, weight};
use crate::vital::Kind;

/// Points that make a question. Within two days a birth meets 3,000 others and, once in fifty, a
/// second report of itself: with 17 points, one stranger in 130,000, a pair is worth a look.
const ENOUGH: i32 = 17;

/// Likewise of deaths, of which there are seven times fewer.
const ENOUGH_OF_A_DEATH: i32 = 14;

/// The points of two reports that may be of one event within so many days of each other; none where
/// they are of two.
pub fn same_event(a: &MatchingRecord, b: &MatchingRecord, days: i32) -> Option<i32> {
    let enough = match a.kind {
        Kind::Death => ENOUGH_OF_A_DEATH,
        _ => ENOUGH,
    };
    points(a, b, days).filter(|p| *p >= enough && !other_child(a, b))
}

/// Whether the two are different children of one mother, whatever is said of her.
fn other_child(a: &MatchingRecord, b: &MatchingRecord) -> bool {
    match (a.order, b.order) {
        // Two facilities may both report the first of the twins.
        (Some(x), Some(y)) => return x != y,
        _ if !a.set.is_empty() && a.set == b.set => return true,
        _ if a.kind == Kind::Death => return false,
        _ => {}
    }
    // A ward forgot that there are two: twins differ where a second report of one child does not.
    let mut signs = sex(a, b).min(0) / -2;
    let apart = minutes(a, b);
    signs += match apart {
        Some(0..=2) => -2,
        Some(3..) => 1,
        None => 0,
    };
    signs += match (a.weight.zip(b.weight), weight(a, b)) {
        (None, _) => 0,
        (_, 3..) => -1,
        (_, 0..) => 0,
        (_, -1) => 1,
        _ => 2,
    };
    signs += name(&a.child, &b.child).points(-2, -1, 2);
    signs += i32::from(a.kind != b.kind);
    // One ward that enters one child twice copies the same particulars.
    let heavier = a.weight.zip(b.weight).is_some_and(|(x, y)| x.abs_diff(y) > 50);
    let here = a.facility == b.facility;
    signs += i32::from(here && apart > Some(2) && heavier);
    // A twin is known as one, mostly; where one report says so, the other is of the second child
    // unless time and weight say that it is of the same.
    signs
        >= if a.order.is_some() || b.order.is_some() {
            0
        } else {
            4
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::document;
    use crate::matching::phonetic::stem;
    use crate::matching::record::blocking_keys;

    /// `surname|given|patronymic|document|born|day|time|male|weight|order|facility`.
    fn record(kind: Kind, text: &str) -> MatchingRecord {
        let part: Vec<&str> = text.split('|').collect();
        let day = part[5].parse().unwrap();
        MatchingRecord {
            kind,
            surname: stem(part[0]),
            given: stem(part[1]),
            patronymic: stem(part[2]),
            document: document(part[3]),
            phone: String::new(),
            born: part[4].to_owned(),
            day: (day, day),
            time: part[6].parse().ok(),
            male: Some(part[7] == "m"),
            weight: part[8].parse().ok(),
            order: part[9].parse().ok(),
            set: String::new(),
            facility: part[10].to_owned(),
            district: String::new(),
            father: String::new(),
            child: String::new(),
        }
    }

    const FIRST: &str = "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|615|m|3240||a";

    fn same(a: &str, b: &str) -> bool {
        let (a, b) = (record(Kind::Birth, a), record(Kind::Birth, b));
        let shared = blocking_keys(&a).iter().any(|k| blocking_keys(&b).contains(k));
        let found = same_event(&a, &b, 2);
        assert_eq!(found, same_event(&b, &a, 2));
        assert!(shared || found.is_none(), "found by no key");
        found.is_some()
    }

    #[test]
    fn one_birth_is_known_in_another_spelling_and_with_other_papers() {
        for again in [
            "Раджабова|Мехриниссо|Шарифовна||1998-04-17|20600||m|3200||b",
            "Рачабзода|Мехринисо||А 01410027|1998|20601|10|m|3250||b",
            "Меҳринисо|Раҷабова|||1998-04-17|20600|620|m|3240||b",
            "Каримова|Меҳринисо|Шариф||1998-04-17|20600|615|m|||b",
            "Rajabova|Mehriniso|Sharif||1998-17-04|20600|600|m|3240||a",
            "Раҷабова|Меҳринисо|Шариф||1998|20600|615|f|3240||b",
            // Little is stated, and all of it agrees.
            "Раҷабова|Меҳринисо|||1998|20600||m|||a",
        ] {
            assert!(same(FIRST, again), "{again}");
        }
    }

    #[test]
    fn mothers_of_one_name_on_one_day_are_two_until_more_agrees() {
        for other in [
            "Раҷабова|Меҳринисо|Шариф|||20600|||||b",
            "Раҷабова|Меҳринисо||||20600||m|||a",
            "Раҷабова|Меҳринисо|Шариф|A7700123|2001-09-02|20600|900|m|2900||b",
            "Раҷабова|Меҳринисо|||1998|20601||f|3600||b",
            "Раҷабова|Гулнора|Шариф|||20600|700|m|3440||a",
            "|||||20600|615|m|3240||a",
            "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20700|615|m|3240||a",
        ] {
            assert!(!same(FIRST, other), "{other}");
        }
    }

    #[test]
    fn twins_are_two_and_each_may_be_reported_twice() {
        let one = "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|615|m|2240|1|a";
        let two = "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|627|m|2310|2|a";
        let unmarked = "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|627|m|2310||a";
        let again = "Раджабова|Мехринисо||A01410027|1998-04-17|20600|615|m|2200|1|b";
        assert!(!same(one, two) && !same(one, unmarked));
        assert!(same(two, unmarked) && same(one, again) && !same(two, again));
        // Nobody said that there are two: a boy and a girl, a quarter of an hour and 400 g apart.
        assert!(!same(
            unmarked,
            "Раҷабова|Меҳринисо||A01410027|1998-04-17|20600|642|f|2710||a"
        ));
    }

    #[test]
    fn a_death_is_compared_with_deaths_alone() {
        let text = "Назаров|Саидмурод|Карим||1957-10-03|20600|90|m|||a";
        let again = "Назарзода|Саидмурад|||1957-03-10|20600|1430|m|||b";
        let brother = "Назаров|Холмурод|Карим||1961-05-30|20600|95|m|||a";
        let death = |t| record(Kind::Death, t);
        assert!(same_event(&death(text), &death(again), 2).is_some());
        assert!(same_event(&death(text), &death(brother), 2).is_none());
        assert!(same_event(&death(text), &record(Kind::Birth, text), 2).is_none());
        assert_eq!(format!("{:?}", death(text)), "MatchingRecord");
    }
}
