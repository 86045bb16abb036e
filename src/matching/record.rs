//! What is compared of a report of a birth or a death, and the keys by which reports find each other.

use serde::{Deserialize, Serialize};

use super::document;
use crate::matching::phonetic::{consonant_skeleton, stem};
use crate::vital::{Event, Kind, day_number, field};

/// What matching looks at in a report. Texts are empty where nothing is known.
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
    /// Children of a multiple birth; none for a single one, and in what older versions stored.
    #[serde(default)]
    pub plurality: Option<u8>,
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
        f.write_str("MatchingRecord")
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
        let stated = event.int(field::BIRTH_PLURALITY).filter(|n| *n > 1);
        let plurality = set.map(|s| i64::from(s.n)).or(stated);
        let stated = event.int(field::BIRTH_ORDER).filter(|_| stated.is_some());
        let order = set.map(|s| i64::from(s.order)).or(stated);
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
            plurality: plurality.and_then(|n| u8::try_from(n).ok()),
            set: set.map(|s| s.id.clone()).unwrap_or_default(),
            facility: facility.to_owned(),
            district: text("district").to_owned(),
            father: own(field::FATHER_GIVEN),
            child: own(field::CHILD_GIVEN),
        })
    }
}

/// Days apart beyond which two reports are never looked at together: the month is written wrong by
/// one, or day and month stand in each other's place, and the day is off besides.
pub const REACH_DAYS: i32 = 45;

/// Days within which a key that many share is looked up: midnight, a weekend, a date from memory.
pub(super) const NEAR_DAYS: i32 = 2;

/// Fewest digits of a document that tells people apart.
const LEAST_DIGITS: usize = 5;

/// Days between the events of two reports, as near as their dates can mean.
pub fn days_apart(a: &MatchingRecord, b: &MatchingRecord) -> i32 {
    (a.day.0 - b.day.1).max(b.day.0 - a.day.1).max(0)
}

/// Keys by which reports of one event find each other: those that may be alike share one of these
/// within its [`key_reach`] unless a slip is in nearly everything, and few strangers do.
///
/// Names alone serve within a few days. Farther off a key has more: the third name, the year or the
/// day of birth. A slip in a document leaves one half of it.
pub fn blocking_keys(t: &MatchingRecord) -> Vec<String> {
    let group = group(t.kind);
    let names = [&t.surname, &t.given, &t.patronymic].map(|name| consonant_skeleton(name));
    let [surname, given, patronymic] = names.each_ref().map(String::as_str);
    let born: Vec<&str> = t.born.split('-').collect();
    let year = born.first().copied().unwrap_or_default();
    let mut out = Vec::with_capacity(MOST_KEYS);
    // Names may stand in each other's field, so no key says which it has.
    let mut key = |sign: char, names: &mut [&str], with: &[&str]| {
        if !names.contains(&"") && !with.contains(&"") {
            names.sort_unstable();
            out.push(format!("{group}{sign}{}", [names, with].concat().join("/")));
        }
    };
    for (x, y) in [(surname, given), (given, patronymic), (surname, patronymic)] {
        key(SHARED[0], &mut [x, y], &[]);
        key('j', &mut [x, y], &[year]);
    }
    key('q', &mut [surname, given, patronymic], &[]);
    for name in [surname, given] {
        key(SHARED[1], &mut [name], &[year]);
    }
    if let [_, month, day] = *born {
        let day = [month.min(day), month.max(day)].join("-");
        key('d', &mut [year], &[&day]);
        key('m', &mut [surname], &[&day]);
        key('m', &mut [given], &[&day]);
    }
    key('t', &mut [&t.phone], &[]);
    if tells_apart(&t.document) {
        let half = t.document.chars().count() / 2;
        let last: String = t.document.chars().rev().take(half).collect();
        let first: String = t.document.chars().take(half).collect();
        key('e', &mut [&last], &[]);
        // Numbers of one place and time begin alike.
        for name in [surname, given, patronymic] {
            key('f', &mut [&first], &[name]);
        }
    }
    out.extend(document_key(t));
    out
}

/// The most keys that a report has.
const MOST_KEYS: usize = 18;

/// First letters of the keys that many strangers share: two names, a name and a year.
const SHARED: [char; 2] = ['n', 'y'];

/// Days around a report for which one of its keys is looked up.
pub fn key_reach(key: &str) -> i32 {
    match key.chars().nth(1).is_some_and(|sign| SHARED.contains(&sign)) {
        true => NEAR_DAYS,
        false => REACH_DAYS,
    }
}

/// The one of the keys that reports with the same document share, whenever they happened.
pub fn document_key(t: &MatchingRecord) -> Option<String> {
    tells_apart(&t.document).then(|| format!("{}c{}/-", group(t.kind), t.document))
}

/// Whether a number of a document tells people apart: a row of zeros, or two digits, stand for none.
pub(super) fn tells_apart(document: &str) -> bool {
    let digits = || document.chars().filter(char::is_ascii_digit);
    digits().count() >= LEAST_DIGITS && digits().any(|digit| digits().next() != Some(digit))
}

/// A document's number as [`document`] writes it; empty where it tells nobody apart.
pub fn identifying_document(text: &str) -> String {
    Some(document(text))
        .filter(|number| tells_apart(number))
        .unwrap_or_default()
}

fn group(kind: Kind) -> char {
    if kind == Kind::Death { 'd' } else { 'b' }
}
