//! Whether two descriptions may be of one person.

use super::near;
use crate::matching::phonetic::{sound, stem};
use crate::matching::record::identifying_document;
use crate::vital::{Event, PartialDate};

/// What matching looks at in a person; names by their sound, empty where nothing is known.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRecord {
    surname: String,
    family: String,
    given: String,
    patronymic: String,
    document: String,
    born: Option<PartialDate>,
}

/// Nothing of a person goes into logs.
impl std::fmt::Debug for PersonRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person")
    }
}

impl PersonRecord {
    /// The person `who` (`mother`, `father`, `deceased`, …) of an event.
    pub fn of(event: &Event, who: &str) -> PersonRecord {
        let mut path = String::with_capacity(who.len() + 12);
        let mut text = |part: &str| {
            path.clear();
            path.push_str(who);
            path.push('.');
            path.push_str(part);
            event.text(&path).unwrap_or_default()
        };
        PersonRecord {
            surname: sound(text("surname")),
            family: stem(text("surname")),
            given: sound(text("given")),
            patronymic: sound(text("patronymic")),
            document: identifying_document(text("document")),
            born: event.date(&format!("{who}.born")),
        }
    }

    /// From parts as typed; empty where unknown.
    #[cfg(test)]
    fn new(
        surname: &str,
        given: &str,
        patronymic: &str,
        doc: &str,
        born: Option<PartialDate>,
    ) -> PersonRecord {
        PersonRecord {
            surname: sound(surname),
            family: stem(surname),
            given: sound(given),
            patronymic: sound(patronymic),
            document: identifying_document(doc),
            born,
        }
    }

    /// Number of the document, as [`identifying_document`] folds it; empty where none is known.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Whether a name is known at all.
    pub fn is_named(&self) -> bool {
        !self.surname.is_empty() || !self.given.is_empty()
    }
}

/// Whether two dates may be one: they can mean the same day, differ by one edit of a digit, or
/// have day and month swapped.
pub fn same_birth(a: PartialDate, b: PartialDate) -> bool {
    if a.earliest() <= b.latest() && b.earliest() <= a.latest() {
        return true;
    }
    let (Some(x), Some(y)) = (a.day(), b.day()) else {
        return false;
    };
    use chrono::Datelike;
    let swapped = x.year() == y.year() && x.month() == y.day() && x.day() == y.month();
    swapped || near(&a.to_string(), &b.to_string(), 1)
}

/// Whether two descriptions may be of one person.
///
/// One document number says yes. Otherwise names have to agree as far as both are known (surname
/// and given name within one edit, short ones exactly; a given name may also be the other's
/// beginning), the births have to agree where both are known, and there must be two things that
/// agree: a surname or given name alone proves nothing.
pub fn same_person(a: &PersonRecord, b: &PersonRecord) -> bool {
    if !a.document.is_empty() && a.document == b.document {
        return true;
    }
    let mut agreeing = 0;
    if !a.surname.is_empty() && !b.surname.is_empty() {
        // Раҳимова in the passport, Раҳимзода at the ward.
        if !same_name(&a.surname, &b.surname) && a.family != b.family {
            return false;
        }
        agreeing += 1;
    }
    if !a.given.is_empty() && !b.given.is_empty() {
        if !same_name(&a.given, &b.given) {
            return false;
        }
        agreeing += 1;
    }
    // A patronymic is often left out or in another form; it can only speak against.
    if !a.patronymic.is_empty() && !b.patronymic.is_empty() && !same_patronymic(&a.patronymic, &b.patronymic)
    {
        return false;
    }
    if agreeing == 0 {
        return false;
    }
    if let (Some(x), Some(y)) = (a.born, b.born) {
        if !same_birth(x, y) {
            return false;
        }
        agreeing += 1;
    }
    agreeing >= 2
}

fn same_name(a: &str, b: &str) -> bool {
    let short = a.chars().count().min(b.chars().count()) < 4;
    near(a, b, usize::from(!short))
}

/// Patronymics of one father: Раҳим, Раҳимович, Раҳимӣ, Раҳимзода.
fn same_patronymic(a: &str, b: &str) -> bool {
    let stem = |t: &str| t.chars().take(4).collect::<String>();
    stem(a) == stem(b) || near(a, b, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born(text: &str) -> Option<PartialDate> {
        Some(PartialDate::parse(text).unwrap())
    }

    #[test]
    fn births_agree_as_ranges_and_within_a_slip_of_the_finger() {
        let d = |t| PartialDate::parse(t).unwrap();
        for (a, b) in [
            ("1998-04-17", "1998"),
            ("1998-04", "1998-04-30"),
            ("1998-04-17", "1998-04-71".get(..7).unwrap()),
            ("1998-04-17", "1998-04-18"),
            ("1998-04-07", "1998-07-04"),
            ("1989-04-17", "1998-04-17"),
        ] {
            assert!(same_birth(d(a), d(b)), "{a} {b}");
        }
        for (a, b) in [
            ("1998", "1999"),
            ("1957-10-03", "1954-03-10"),
            ("1998-04-17", "1998-05-18"),
        ] {
            assert!(!same_birth(d(a), d(b)), "{a} {b}");
        }
    }

    #[test]
    fn one_person_is_known_in_two_spellings() {
        let a = PersonRecord::new(
            "Раҳимзода",
            "Сарвиноз",
            "Холмурод",
            "А 01410027",
            born("1998-04-17"),
        );
        for b in [
            PersonRecord::new("Рахимзода", "Сарвиноз", "", "", born("1998")),
            PersonRecord::new("Рахимзада", "Сарвинос", "Холмуродовна", "", None),
            PersonRecord::new("", "", "", "A01410027", None),
            PersonRecord::new("", "сарвиноз", "", "", born("1998-04-17")),
        ] {
            assert!(same_person(&a, &b) && same_person(&b, &a));
        }
        for b in [
            PersonRecord::new("Раҳимзода", "Гулнора", "", "", born("1998-04-17")),
            PersonRecord::new("Раҳимзода", "Сарвиноз", "", "", born("1971-01-02")),
            PersonRecord::new("Раҳимзода", "Сарвиноз", "Иброҳим", "", born("1998-04-17")),
            PersonRecord::new("Раҳимзода", "", "", "", None),
            PersonRecord::new("", "", "", "", born("1998-04-17")),
            PersonRecord::new("", "", "", "", None),
        ] {
            assert!(!same_person(&a, &b) && !same_person(&b, &a));
        }
    }

    #[test]
    fn two_men_of_one_name_and_other_births_are_two() {
        let a = PersonRecord::new("Назаров", "Саидмурод", "", "А 16003415", born("1957-10-03"));
        let b = PersonRecord::new("Назаров", "Саидмурод", "Карим", "А 16003451", born("1954-03-10"));
        assert!(!same_person(&a, &b));
    }

    #[test]
    fn nothing_of_a_person_is_printed() {
        let a = PersonRecord::new("Назаров", "Саидмурод", "", "А 1", None);
        assert_eq!(format!("{a:?}"), "Person");
    }
}
