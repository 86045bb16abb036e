//! Tables of a place by month, and what they show: quality, the rules' findings, what became of
//! notifications and why.

use super::place::Figures;
use super::table::{Datum, Table};
use crate::env::Limits;
use crate::figures::{Concern, CountCell, month_name};
use crate::lang::Lang;
use crate::portal::projections::quality::YEAR;
use crate::rules::icd::MATCHER_VERSION;

impl Figures {
    pub(in crate::portal::web) fn quality(&self) -> Table {
        let rows = self.course().into_iter().rev().take(12).map(|(month, c)| {
            vec![
                Datum::Link(month_name(month), self.view.in_month(month)),
                Datum::share(c.get("answered"), c.events()),
                Datum::share(c.get("ill_defined"), c.get("deaths")),
                Datum::share(c.get("uncoded_causes"), c.get("deaths")),
                Datum::share(c.get("matched_causes"), c.get("deaths")),
                Datum::Count(MATCHER_VERSION.into()),
                Datum::share(c.get("round_weights"), c.get("weighed")),
                Datum::share(c.get("low_birth_weight"), c.get("weighed")),
                Datum::share(c.get("male_births"), c.get("female_births")),
                Datum::share(c.get("stillbirths"), c.get("deaths_early_neonatal_0_6d")),
            ]
        });
        Table {
            id: "quality",
            head: vec![
                "month",
                "answered",
                "ill_defined",
                "uncoded_causes",
                "matched_causes",
                "matcher",
                "round_weights",
                "low_birth_weight",
                "boys_to_girls",
                "stillbirths_to_early",
            ],
            rows: rows.collect(),
        }
    }

    /// What the ministry's rules find in the twelve months that end with this one.
    pub(in crate::portal::web) fn concerns(&self, limits: &Limits, lang: Lang) -> Table {
        let mut year = CountCell::default();
        for (month, cell) in &self.course {
            if *month > self.view.month - YEAR {
                year.merge(cell);
            }
        }
        let mut found = crate::figures::concerns(&year, limits);
        found.extend(self.concerns.iter().cloned());
        found.sort_by_key(|c| c.rule);
        let row = |c: &Concern| vec![Datum::Text(c.rule.to_owned()), Datum::Text(c.msg.render(lang))];
        Table {
            id: "concerns",
            head: vec!["rule", "found"],
            rows: found.iter().map(row).collect(),
        }
    }

    /// Why notifications are with their wards, at which field, this month and the one before.
    pub(in crate::portal::web) fn returned(&self, lang: Lang) -> Table {
        let (now, last) = (self.now(), self.view.month - 1);
        let before = self.course.get(&last).cloned().unwrap_or_default();
        let mut why: Vec<(&str, u64)> = now.beginning("returned.").collect();
        why.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let row = |(why, n): (&str, u64)| {
            let (code, field) = why.split_once(' ').unwrap_or((why, ""));
            let label = format!("field-{}", field.replace(['.', '_'], "-"));
            let label = match crate::lang::has(&label) {
                true => crate::lang::text(lang, &label),
                false => field.to_owned(),
            };
            let before = before.get(&format!("returned.{why}"));
            vec![
                Datum::Text(code.to_owned()),
                Datum::Text(label),
                Datum::Count(n),
                Datum::Count(before),
            ]
        };
        Table {
            id: "returned-why",
            head: vec!["rule", "field", "returned", "before"],
            rows: why.into_iter().map(row).collect(),
        }
    }

    pub(in crate::portal::web) fn workflow(&self) -> Table {
        const WHAT: [&str; 5] = ["held", "returned", "duplicates", "annulled", "wrong_clock"];
        let rows = self.course().into_iter().rev().take(12).map(|(month, c)| {
            let mut row = vec![Datum::Link(month_name(month), self.view.in_month(month))];
            row.extend(WHAT.map(|w| Datum::Count(c.get(w))));
            row
        });
        let mut head = vec!["month"];
        head.extend(WHAT);
        Table {
            id: "workflow",
            head,
            rows: rows.collect(),
        }
    }
}
