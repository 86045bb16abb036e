//! Whether two reports may be of one birth or death, though facilities, spellings and papers differ.
//!
//! What agrees or differs earns [`points`], and enough of them make a question for a person. Children
//! of one multiple birth are told apart where both records say so, and by nothing else.
//!
//! Deliberately absent: a decision. Alike is not the same; someone looks.

use super::record::{MatchingRecord, days_apart, tells_apart};
use super::weights::{AgreementLevel, name, points};
use crate::vital::Kind;

/// Points that make a question. Within two days a birth meets 3,000 others and, once in fifty, a
/// second report of itself: with 17 points, one stranger in 130,000, a pair is worth a look. Days
/// farther off have more strangers, and fewer points.
const ENOUGH: i32 = 17;

/// Likewise of deaths, of which there are seven times fewer.
const ENOUGH_OF_A_DEATH: i32 = 12;

/// Days between the first and the last child of one delivery.
const DAYS_OF_A_DELIVERY: i32 = 1;

/// The points of two reports that may be of one event; none where they are of two.
pub fn same_event(a: &MatchingRecord, b: &MatchingRecord) -> Option<i32> {
    let enough = match a.kind {
        Kind::Death => ENOUGH_OF_A_DEATH,
        _ => ENOUGH,
    };
    let apart = co_twins(a, b) && !twins_alike_in_all(a, b);
    points(a, b).filter(|points| *points >= enough && !apart)
}

/// Whether both records say that they are of different children of one multiple birth: the number of
/// children is the same, the places differ, the set or the mother is one, and so is the day or night.
///
/// What one record says of itself alone tells nobody apart: a single birth has no second child.
pub fn co_twins(a: &MatchingRecord, b: &MatchingRecord) -> bool {
    let births = a.kind != Kind::Death && b.kind != Kind::Death;
    let several = a.plurality.is_some() && a.plurality == b.plurality;
    let within = |t: &MatchingRecord| t.order.is_some_and(|n| n > 0) && t.order <= t.plurality;
    let places = within(a) && within(b) && a.order != b.order;
    let set = !a.set.is_empty() && a.set == b.set;
    births && several && places && days_apart(a, b) <= DAYS_OF_A_DELIVERY && (set || same_mother(a, b))
}

/// Whether minute of birth, weight and sex are stated and the same: twins have not all three alike,
/// one child that is entered twice has, so that a registrar looks.
pub fn twins_alike_in_all(a: &MatchingRecord, b: &MatchingRecord) -> bool {
    fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
        a.is_some() && a == b
    }
    days_apart(a, b) == 0 && same(a.time, b.time) && same(a.weight, b.weight) && same(a.male, b.male)
}

/// Whether the mother is the same by her document, or by her names and the whole date of her birth.
fn same_mother(a: &MatchingRecord, b: &MatchingRecord) -> bool {
    let agree = |x, y| matches!(name(x, y), AgreementLevel::Same | AgreementLevel::Near);
    let names = (agree(&a.surname, &b.surname) && agree(&a.given, &b.given))
        || (agree(&a.surname, &b.given) && agree(&a.given, &b.surname));
    let born = a.born == b.born && a.born.split('-').count() == 3;
    let document = tells_apart(&a.document) && a.document == b.document;
    document || (names && born)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::document;
    use crate::matching::phonetic::stem;
    use crate::matching::record::{blocking_keys, key_reach};
    use crate::vital::day_number;
    use proptest::prelude::*;

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
            plurality: part[9].parse::<u8>().ok().map(|_| 2),
            set: String::new(),
            facility: part[10].to_owned(),
            district: String::new(),
            father: String::new(),
            child: String::new(),
        }
    }

    const FIRST: &str = "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|615|m|3240||a";

    fn same(a: &str, b: &str) -> bool {
        alike(&record(Kind::Birth, a), &record(Kind::Birth, b))
    }

    fn alike(a: &MatchingRecord, b: &MatchingRecord) -> bool {
        let found = same_event(a, b);
        assert_eq!(found, same_event(b, a));
        assert!(meet(a, b) || found.is_none(), "found by no key");
        found.is_some()
    }

    fn meet(a: &MatchingRecord, b: &MatchingRecord) -> bool {
        let others = blocking_keys(b);
        let shared = blocking_keys(a).into_iter().filter(|key| others.contains(key));
        shared.map(|key| key_reach(&key)).max() >= Some(days_apart(a, b))
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

    const ONE: &str = "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|615|m|2240|1|a";
    const TWO: &str = "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|627|m|2310|2|a";
    const UNMARKED: &str = "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|627|m|2310||a";

    #[test]
    fn twins_are_two_and_each_may_be_reported_twice() {
        assert!(!same(ONE, TWO) && same(TWO, UNMARKED));
        for again in [
            "Раджабова|Мехринисо||A01410027|1998-04-17|20600|615|m|2200|1|b",
            "Раджабова|Мехринисо|||1998-04-17|20601|5|m|2200|1|b",
        ] {
            assert!(same(ONE, again) && !same(TWO, again), "{again}");
        }
    }

    #[test]
    fn what_one_record_says_of_itself_tells_nobody_apart() {
        // Nobody said that there are two, or one record alone does: another order, sex, time, weight
        // are easily made up.
        for other in [
            UNMARKED,
            "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|642|f|2710||a",
            "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|642|f|2710||b",
        ] {
            assert!(same(other, ONE) && same(other, TWO), "{other}");
        }
        assert!(same(
            FIRST,
            "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20600|642|f|2710|2|b"
        ));
        // Another mother is not the mother, and what is days off is another delivery.
        for other in [
            "Раҷабова|Меҳринисо|Шариф||1998|20600|642|f|2710|2|b",
            "Раҷабова|Меҳринисо|Шариф|A01410027|1998-04-17|20602|642|f|2710|2|b",
        ] {
            assert!(same(ONE, other), "{other}");
        }
    }

    #[test]
    fn places_count_within_one_number_of_children() {
        let (one, two) = (record(Kind::Birth, ONE), record(Kind::Birth, TWO));
        let numbered = |n, order| MatchingRecord {
            plurality: n,
            order,
            ..two.clone()
        };
        assert!(co_twins(&one, &two) && co_twins(&two, &one));
        for other in [
            numbered(Some(2), Some(3)),
            numbered(Some(3), Some(3)),
            numbered(Some(2), Some(0)),
            numbered(None, Some(2)),
            numbered(Some(2), None),
        ] {
            assert!(!co_twins(&one, &other) && alike(&one, &other));
        }
        // A set is one delivery whatever became of the mother's papers.
        let of_a_set = |t: &MatchingRecord, document: &str| MatchingRecord {
            set: "s".to_owned(),
            document: document.to_owned(),
            born: String::new(),
            ..t.clone()
        };
        assert!(co_twins(&of_a_set(&one, "A01410027"), &of_a_set(&two, "")));
    }

    #[test]
    fn twins_of_one_minute_weight_and_sex_are_looked_at() {
        let one = record(Kind::Birth, ONE);
        let copy = MatchingRecord {
            order: Some(2),
            ..one.clone()
        };
        assert!(co_twins(&one, &copy) && twins_alike_in_all(&one, &copy) && alike(&one, &copy));
        for other in [
            MatchingRecord {
                time: Some(616),
                ..copy.clone()
            },
            MatchingRecord {
                weight: None,
                ..copy.clone()
            },
            MatchingRecord {
                male: Some(false),
                ..copy.clone()
            },
        ] {
            assert!(!twins_alike_in_all(&one, &other) && !alike(&one, &other));
        }
    }

    #[test]
    fn the_day_is_a_weight_and_no_wall() {
        let report = |day: i32, rest: &str| format!("Раҷабова|Меҳринисо|Шариф|{rest}|{day}|||||b");
        for day in [
            20607 - 45,
            20607 - 31,
            20597,
            20604,
            20609,
            20610,
            20617,
            20637,
            20652,
        ] {
            for rest in [
                "A01410027|1998-04-17",
                "|1998-04-17",
                "A01410072|1998-04-17",
                "A01410127|1998",
            ] {
                let (a, b) = (report(20607, rest), report(day, rest));
                assert!(same(&a, &b), "{day} {rest}");
            }
            // A name and a year are shared with many in a month.
            let (a, b) = (report(20607, "|1998"), report(day, "|1998").replace("Шариф", ""));
            assert!(!same(&a, &b), "{day}");
        }
        assert!(!same(
            &report(20607, "A01410027|1998-04-17"),
            &report(20607 + 46, "A01410027|1998-04-17")
        ));
    }

    #[test]
    fn days_that_one_slip_makes_of_each_other_weigh_more() {
        let points = |a: i32, b: i32| {
            let report = |day: i32| format!("Раҷабова|Меҳринисо|Шариф||1998-04-17|{day}|||||b");
            let (a, b) = (record(Kind::Death, &report(a)), record(Kind::Death, &report(b)));
            same_event(&a, &b).unwrap()
        };
        let day = |text: &str| day_number(text.parse().unwrap());
        let near = points(day("2026-06-12"), day("2026-06-11"));
        let far = points(day("2026-06-12"), day("2026-06-05"));
        for slip in [
            "2026-06-17",
            "2026-06-22",
            "2026-06-21",
            "2026-05-12",
            "2026-07-12",
        ] {
            let slipped = points(day("2026-06-12"), day(slip));
            assert!(near > slipped && slipped > far, "{slip}");
        }
        assert!(points(day("2026-06-05"), day("2026-05-06")) > points(day("2026-06-05"), day("2026-05-07")));
        assert!(points(day("2026-12-20"), day("2027-01-20")) > points(day("2026-12-20"), day("2027-01-19")));
    }

    #[test]
    fn one_wrong_digit_of_a_document_is_half_an_agreement() {
        let with = |document: &str| {
            let text = format!("Раҷабова|Меҳринисо|Шариф|{document}|1998-04-17|20600|||||b");
            record(Kind::Birth, &text)
        };
        let points = |document| same_event(&with("A01410027"), &with(document)).unwrap();
        for slip in [
            "A01410028",
            "A91410027",
            "A01401027",
            "A0141027",
            "01410027",
            "A014100272",
        ] {
            assert!(
                points("A01410027") > points(slip) && points(slip) > points(""),
                "{slip}"
            );
        }
        assert!(points("") > points("A77001230"));
        // A row of zeros is no number.
        let zeros = with("A00000000");
        let other = "Каримова|Гулнора|Сафар|A00000000|2001-09-02|20600|||||b";
        assert!(!alike(&zeros, &record(Kind::Birth, other)));
    }

    fn slip(part: usize, how: u32, text: &str) -> String {
        let mut parts: Vec<String> = text.split('|').map(str::to_owned).collect();
        let was = parts[part].clone();
        parts[part] = match (part, how % 4) {
            (0..=2, 0 | 1) => was.replacen(['о', 'и', 'а'], "", 1),
            (0..=2, 2) => "Саидов".to_owned(),
            (3, n) => ["A01410072", "A0141027", "A81410027"]
                .get(n as usize)
                .map(|t| (*t).to_owned())
                .unwrap_or_default(),
            (4, n) => ["1998", "1998-04-18", "1999-04-17"]
                .get(n as usize)
                .map(|t| (*t).to_owned())
                .unwrap_or_default(),
            (5, _) => (20600 + (how % 91) as i32 - 45).to_string(),
            (6 | 8, 0) => (was.parse::<u32>().unwrap_or(600) + how % 300).to_string(),
            (7, 0) => "f".to_owned(),
            _ => String::new(),
        };
        parts.join("|")
    }

    proptest! {
        #[test]
        fn what_may_be_alike_is_found_by_a_key(
            slips in proptest::collection::vec((0..9_usize, any::<u32>()), 0..4),
            district in any::<[bool; 2]>(),
            death in any::<bool>(),
        ) {
            let kind = if death { Kind::Death } else { Kind::Birth };
            let again = slips.iter().fold(FIRST.to_owned(), |text, (part, how)| slip(*part, *how, &text));
            let (mut a, mut b) = (record(kind, FIRST), record(kind, &again));
            for (t, known) in [&mut a, &mut b].into_iter().zip(district) {
                t.district = if known { "TJ-KT-BOX".to_owned() } else { String::new() };
            }
            prop_assert!(same_event(&a, &b).is_none() || meet(&a, &b), "{again}");
        }
    }

    #[test]
    fn a_death_is_compared_with_deaths_alone() {
        let text = "Назаров|Саидмурод|Карим||1957-10-03|20600|90|m|||a";
        let again = "Назарзода|Саидмурад|||1957-03-10|20600|1430|m|||b";
        let brother = "Назаров|Холмурод|Карим||1961-05-30|20600|95|m|||a";
        let death = |t| record(Kind::Death, t);
        assert!(same_event(&death(text), &death(again)).is_some());
        assert!(same_event(&death(text), &death(brother)).is_none());
        assert!(same_event(&death(text), &record(Kind::Birth, text)).is_none());
        assert_eq!(format!("{:?}", death(text)), "MatchingRecord");
    }
}
