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
