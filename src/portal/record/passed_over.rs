//! Which registration numbers a book that was put back passes over: those that it may have given since its copy
//! was made. Pure.

use std::collections::{BTreeMap, BTreeSet};

/// A row of registration numbers: office, year, kind of event.
pub(in crate::portal) type NumberSeries = (String, i32, String);

/// Registration numbers of a row that are given to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) struct NotGiven {
    pub office: String,
    pub year: i32,
    pub kind: String,
    pub from: u64,
    pub to: u64,
}

impl NotGiven {
    /// Whether a number of this row is among them.
    pub fn holds(&self, (office, year, kind): (&str, i32, &str), n: u64) -> bool {
        self.office == office && self.year == year && self.kind == kind && (self.from..=self.to).contains(&n)
    }
}

/// Passes over `gap` numbers of each row above the highest that is known: of the copy, of the books that were
/// set aside, and of every row that may have been begun in `years` since.
pub(in crate::portal) fn passed_over(
    copy: &[(NumberSeries, u64)],
    aside: &[(NumberSeries, u64)],
    offices: &BTreeSet<String>,
    years: std::ops::RangeInclusive<i32>,
    gap: u64,
) -> Vec<NotGiven> {
    let mut rows: BTreeMap<NumberSeries, (u64, u64)> = BTreeMap::new();
    for year in years {
        for office in offices {
            for kind in crate::vital::Kind::ALL {
                rows.entry((office.clone(), year, kind.code().to_owned()))
                    .or_default();
            }
        }
    }
    for (row, last) in copy {
        let (given, highest) = rows.entry(row.clone()).or_default();
        (*given, *highest) = (*last, (*highest).max(*last));
    }
    for (row, last) in aside {
        let (_, highest) = rows.entry(row.clone()).or_default();
        *highest = (*highest).max(*last);
    }
    let passed = rows
        .into_iter()
        .map(|((office, year, kind), (given, highest))| NotGiven {
            office,
            year,
            kind,
            from: given.saturating_add(1),
            to: highest.saturating_add(gap),
        });
    passed.filter(|row| row.from <= row.to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_that_may_have_gone_on_is_lifted_above_what_may_have_been_given() {
        let row = |office: &str, year, kind: &str| (office.to_owned(), year, kind.to_owned());
        let copy = [(row("O", 2026, "birth"), 7), (row("O", 2025, "death"), 3)];
        let aside = [(row("O", 2026, "birth"), 12), (row("P", 2026, "death"), 2)];
        let offices = BTreeSet::from(["O".to_owned()]);
        let passed = passed_over(&copy, &aside, &offices, 2026..=2027, 10);
        let range = |office: &str, year, kind: &str| {
            let found = passed
                .iter()
                .find(|p| (&*p.office, p.year, &*p.kind) == (office, year, kind));
            found.map(|p| (p.from, p.to))
        };
        assert_eq!(
            range("O", 2026, "birth"),
            Some((8, 22)),
            "above the book set aside"
        );
        assert_eq!(range("O", 2025, "death"), Some((4, 13)));
        assert_eq!(range("P", 2026, "death"), Some((1, 12)));
        assert_eq!(
            range("O", 2027, "birth"),
            Some((1, 10)),
            "a year that began since"
        );
        assert_eq!(range("P", 2027, "birth"), None);
        assert!(passed[0].holds(("O", 2025, "death"), 4) && !passed[0].holds(("O", 2025, "death"), 3));
        assert!(passed_over(&copy, &[], &BTreeSet::new(), 2026..=2026, 0).is_empty());
    }
}
