//! A month as ward and registry show it: one table, one order of rows, one rendering.
//!
//! A month is the month of the event; lateness of signing counts in the month of the signing. What was
//! annulled, ruled a duplicate or returned counts as that and as no event; what is held counts as what it
//! states, and as held. A month in which nothing happened shows zeros. The counts say nothing about anybody,
//! but small ones may still point to a person: whoever publishes them suppresses small cells.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::calendar::month_name;
use super::{BANDS, CountCell, Fact, Notified};
use crate::env::Limits;
use crate::lang::{Lang, Msg, text};
use crate::rules::icd::MATCHER_VERSION;

/// Rows in the order in which they are printed, and how deep each stands. Their names are those of the JSON.
const ROWS: [(&str, usize); 33] = [
    ("live_births", 0),
    ("female_births", 1),
    ("male_births", 1),
    ("sex_unknown_births", 1),
    ("low_birth_weight", 1),
    ("adolescent_mothers", 1),
    ("home_births", 1),
    ("born_before_arrival", 1),
    ("foundlings", 1),
    ("stillbirths", 0),
    ("caesareans", 0),
    (DEATHS, 0),
    ("pregnancy_related_deaths", 0),
    ("maternal_deaths", 1),
    ("late_maternal_deaths", 0),
    ("suicides", 0),
    ("homicides", 0),
    ("road_deaths", 0),
    ("notifiable_causes", 0),
    ("unidentified", 0),
    ("coded_causes", 0),
    ("matched_causes", 1),
    ("ill_defined", 1),
    ("uncoded_causes", 0),
    ("causes_awaited", 0),
    ("late", 0),
    ("judged", 0),
    ("received_late", 1),
    ("held", 0),
    ("returned", 0),
    ("duplicates", 0),
    ("annulled", 0),
    ("wrong_clock", 0),
];
/// All deaths; in the JSON `deaths` holds them by age.
const DEATHS: &str = "deaths_total";

/// Columns of a line of text: the row's name, the registry's count, the ward's.
const WIDTHS: [usize; 3] = [44, 14, 20];

/// The counts of one month, every row of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Month {
    /// Counts by what was counted, such as `live_births`.
    #[serde(flatten)]
    counts: BTreeMap<&'static str, u64>,
    /// Deaths by band of age.
    deaths: BTreeMap<&'static str, u64>,
}

impl Month {
    /// The month that these counts are.
    pub fn of(cell: &CountCell) -> Month {
        let count = |name: &'static str| match name {
            DEATHS => (name, cell.get("deaths")),
            name => (name, cell.get(name)),
        };
        let band = |band: &'static str| (band, cell.get(&format!("deaths_{band}")));
        Month {
            counts: ROWS.iter().map(|(name, _)| count(name)).collect(),
            deaths: BANDS.into_iter().map(band).collect(),
        }
    }

    /// The rows in order: the message of each, how deep it stands, its count.
    fn rows(&self) -> Vec<(String, usize, u64)> {
        let mut out = Vec::with_capacity(ROWS.len() + BANDS.len());
        let count = |of: &BTreeMap<&'static str, u64>, name| of.get(name).copied().unwrap_or_default();
        for (name, depth) in ROWS {
            out.push((format!("month-{name}"), depth, count(&self.counts, name)));
            if name == DEATHS {
                let bands = BANDS.map(|band| (format!("figures-{band}"), 1, count(&self.deaths, band)));
                out.extend(bands);
            }
        }
        out
    }
}

/// What of a ward's month the registry has received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The counts of what has an answer: those that the registry gives for this facility.
    pub month: Month,
    /// Notifications signed in the month whose text is not kept on this device any more: they count nowhere.
    pub not_kept: u64,
}

/// A month of a facility, or of all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthTable {
    /// Facility; none for all of them.
    pub fac: Option<String>,
    /// The month, counted from year 0.
    pub of: i32,
    /// The counts: at the ward with what it has not sent yet.
    pub month: Month,
    /// What the registry has of it, at the ward. The registry cannot tell what wards have not sent.
    pub received: Option<Received>,
    /// Days after which a signing is late, hours after which a receipt is.
    pub limits: (u32, u32),
}

impl MonthTable {
    /// The table of counts.
    pub fn of(fac: Option<&str>, of: i32, cell: &CountCell, limits: &Limits) -> MonthTable {
        MonthTable {
            fac: fac.map(str::to_owned),
            of,
            month: Month::of(cell),
            received: None,
            limits: (limits.late_reason_days, limits.timely_receive_hours),
        }
    }

    /// The table of a ward: of what the registry has received, and of everything that is signed.
    pub fn of_ward(
        fac: &str,
        of: i32,
        [received, signed]: [Vec<Notified>; 2],
        not_kept: u64,
        limits: &Limits,
    ) -> MonthTable {
        let cell = |all: Vec<Notified>| {
            let own = all.into_iter().filter(|n| n.fac == fac);
            let facts: Vec<Fact> = own.filter_map(|n| Fact::of(n).remove(&of)).collect();
            CountCell::of(&facts, limits)
        };
        MonthTable {
            received: Some(Received {
                month: Month::of(&cell(received)),
                not_kept,
            }),
            ..MonthTable::of(Some(fac), of, &cell(signed), limits)
        }
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.month == Month::of(&CountCell::default())
    }

    /// The table as text: lines of at most 80 columns.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let [label, first, second] = WIDTHS;
        let all = text(lang, "month-all-facilities");
        let title = self.fac.as_deref().unwrap_or(&all);
        let mut out = vec![format!("{title} · {}", month_name(self.of))];
        let line = |name: &str, at_registry: &str, at_ward: Option<&str>| {
            let mut line = format!("  {name:<label$}{at_registry:>first$}");
            if let Some(at_ward) = at_ward {
                line.push_str(&format!("{at_ward:>second$}"));
            }
            line
        };
        let heads = ["month-at-registry", "month-with-unsent"].map(|id| text(lang, id));
        let ward = self.received.as_ref();
        out.push(line("", &heads[0], ward.map(|_| heads[1].as_str())));
        let signed = self.month.rows();
        let at_registry = ward.map_or_else(|| signed.clone(), |r| r.month.rows());
        for ((id, depth, n), (_, _, all)) in at_registry.into_iter().zip(signed) {
            let name = Msg::new(id)
                .with("days", self.limits.0)
                .with("hours", self.limits.1)
                .with("version", MATCHER_VERSION)
                .render(lang);
            let name = format!("{}{name}", "  ".repeat(depth));
            out.push(line(
                &name,
                &n.to_string(),
                ward.map(|_| all.to_string()).as_deref(),
            ));
        }
        out.push(text(
            lang,
            match ward {
                Some(_) => "month-note-ward",
                None => "month-note-registry",
            },
        ));
        if let Some(n) = ward.map(|r| r.not_kept).filter(|n| *n > 0) {
            out.push(Msg::new("month-not-kept").with("n", n).render(lang));
        }
        out
    }
}

/// One object: `fac` (null for all), `month`, the rows; `received` and `not_kept` at the ward alone; the version
/// by which words were read as causes, and the limits by which something is late.
impl Serialize for MonthTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Limits {
            late_reason_days: u32,
            timely_receive_hours: u32,
        }
        #[derive(Serialize)]
        struct Shape<'a> {
            fac: Option<&'a str>,
            month: String,
            #[serde(flatten)]
            counts: &'a Month,
            #[serde(skip_serializing_if = "Option::is_none")]
            received: Option<&'a Month>,
            #[serde(skip_serializing_if = "Option::is_none")]
            not_kept: Option<u64>,
            matcher: u32,
            limits: Limits,
        }
        Shape {
            fac: self.fac.as_deref(),
            month: month_name(self.of),
            counts: &self.month,
            received: self.received.as_ref().map(|r| &r.month),
            not_kept: self.received.as_ref().map(|r| r.not_kept),
            matcher: MATCHER_VERSION,
            limits: Limits {
                late_reason_days: self.limits.0,
                timely_receive_hours: self.limits.1,
            },
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
#[path = "month_tests.rs"]
mod tests;
