//! Whether two reports may be of one birth or death, though facilities, spellings and papers differ.
//!
//! What agrees or differs earns [`points`], and enough of them make a question for a person. A
//! second child of one mother is told apart whatever the points say.
//!
//! Deliberately absent: a decision. Alike is not the same; someone looks.

use serde::{Deserialize, Serialize};

use super::document;
use crate::matching::phonetic::{consonant_skeleton, stem};
use crate::matching::weights::{minutes, name, points, sex, weight};
use crate::vital::{Event, Kind, day_number, field};

/// What likeness looks at in a report. Texts are empty where nothing is known.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchingRecord {
    /// What happened; births and foetal deaths are compared with each other.
    pub kind: Kind,
    /// Surname of the mother or the deceased by its sound and without its ending.
    pub surname: String,
    /// Given name, likewise.
    pub given: String,
    /// Patronymic, likewise.
    pub patronymic: String,
    /// Number of the document as [`document`] writes it.
    pub document: String,
    /// Telephone: its last nine digits, which leave out the country's code.
    pub phone: String,
    /// When the mother or the deceased was born: `YYYY[-MM[-DD]]`.
    pub born: String,
    /// First and last day on which it can have happened, in days since 1 January 1970.
    pub day: (i32, i32),
    /// Time of the day in minutes.
    pub time: Option<u16>,
    /// Sex of the child or the deceased.
    pub male: Option<bool>,
    /// Weight of the child at birth in grams.
    pub weight: Option<u16>,
    /// Place in a multiple birth; none for a single one.
    pub order: Option<u8>,
    /// Identifier that the ward gave the multiple birth.
    pub set: String,
    /// Facility that reports.
    pub facility: String,
    /// District in which the mother or the deceased lives.
    pub district: String,
    /// Given name of the child's father, likewise.
    pub father: String,
    /// Given name of the child, likewise.
    pub child: String,
}

/// Nothing of a person goes into logs.
impl std::fmt::Debug for MatchingRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trace")
    }
}

impl MatchingRecord {
    /// What a facility's report leaves; none of an event whose date nobody knows.
    pub fn of(event: &Event, facility: &str) -> Option<MatchingRecord> {
        let date = event.event_date()?;
        let who = event.kind.person();
        let text = |part: &str| event.text(&format!("{who}.{part}")).unwrap_or_default();
        let own = |id: &str| stem(event.text(id).unwrap_or_default());
        let small = |id: &str| event.int(id).and_then(|n| u16::try_from(n).ok());
        let (sex, weight) = match event.kind {
            Kind::Death => (field::DECEASED_SEX, field::INFANT_WEIGHT),
            _ => (field::CHILD_SEX, field::BIRTH_WEIGHT),
        };
        let digits: Vec<char> = text("phone").chars().filter(char::is_ascii_digit).collect();
        let set = event.set.as_ref();
        let order = set.map(|s| i64::from(s.order)).or_else(|| {
            let several = event.int(field::BIRTH_PLURALITY).is_some_and(|n| n > 1);
            event.int(field::BIRTH_ORDER).filter(|_| several)
        });
        Some(MatchingRecord {
            kind: event.kind,
            surname: stem(text("surname")),
            given: stem(text("given")),
            patronymic: stem(text("patronymic")),
            document: document(text("document")),
            phone: digits.iter().skip(digits.len().saturating_sub(9)).collect(),
            born: event
                .date(&format!("{who}.born"))
                .map(|d| d.to_string())
                .unwrap_or_default(),
            day: (day_number(date.earliest()), day_number(date.latest())),
            time: event
                .event_time()
                .and_then(|t| u16::try_from(t.hour * 60 + t.minute).ok()),
            male: match event.text(sex) {
                Some("male") => Some(true),
                Some("female") => Some(false),
                _ => None,
            },
            weight: small(weight),
            order: order.and_then(|n| u8::try_from(n).ok()),
            set: set.map(|s| s.id.clone()).unwrap_or_default(),
            facility: facility.to_owned(),
            district: text("district").to_owned(),
            father: own(field::FATHER_GIVEN),
            child: own(field::CHILD_GIVEN),
        })
    }
}

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

/// Keys by which reports of one event find each other: they share one of these, nearly always,
/// within the days of looking, and few strangers do.
pub fn blocking_keys(t: &MatchingRecord) -> Vec<String> {
    let group = group(t.kind);
    let (s, g, p) = (
        consonant_skeleton(&t.surname),
        consonant_skeleton(&t.given),
        consonant_skeleton(&t.patronymic),
    );
    let year = t.born.split('-').next().unwrap_or_default();
    let mut out = Vec::with_capacity(10);
    // Surname and given name may stand in each other's field, so no key says which it has.
    let mut pair = |sign: char, x: &str, y: &str| {
        if !x.is_empty() && !y.is_empty() {
            out.push(format!("{group}{sign}{x}/{y}"));
        }
    };
    pair('n', (&s).min(&g), (&s).max(&g));
    for name in [&s, &g] {
        pair('p', name, &p);
        pair('y', name, year);
        pair('h', name, &t.district);
    }
    pair('t', &t.phone, "-");
    if let [y, m, d] = t.born.split('-').collect::<Vec<_>>().as_slice() {
        pair('d', y, &format!("{}{}", m.min(d), m.max(d)));
    }
    out.extend(document_key(t));
    out
}

/// The one of the keys that reports with the same document share, whenever they happened.
pub fn document_key(t: &MatchingRecord) -> Option<String> {
    (!t.document.is_empty()).then(|| format!("{}c{}/-", group(t.kind), t.document))
}

fn group(kind: Kind) -> char {
    if kind == Kind::Death { 'd' } else { 'b' }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(format!("{:?}", death(text)), "Trace");
    }
}
