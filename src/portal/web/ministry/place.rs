//! The exact figures of a place: tables for people who signed in.

use std::collections::{BTreeMap, HashMap};

use super::ask::{View, kept};
use super::table::{Datum, Table};
use crate::env::Limits;
use crate::figures::{Concern, CountCell, first_day, month_name, month_of, undated};
use crate::lang::Lang;
use crate::portal::PortalSettings;
use crate::portal::book::{BookResult, ReadTransaction, TallyRow};
use crate::portal::projections::months::{by, region};
use crate::portal::projections::quality::{BOOK, silences, surpluses};
use crate::portal::record::HeartbeatRow;
use crate::vital::day_number;
use chrono::{DateTime, Datelike, FixedOffset};

/// Months of the course that a page shows.
const COURSE: i32 = 24;
/// Ages of what families still lack, in days.
const AGES: [i32; 3] = [30, 60, 90];
/// A device that was silent for so long shows in hours; older versions show by name.
const HOUR_MS: i64 = 3_600_000;

/// Everything that the tables of a page are made from, read in one transaction.
pub(in crate::portal::web) struct Figures {
    pub(in crate::portal::web) view: View,
    /// This place by month.
    pub(in crate::portal::web) course: BTreeMap<i32, CountCell>,
    /// The places inside it by code, this month and the one before.
    inside: BTreeMap<String, [CountCell; 2]>,
    /// Facilities inside it: code, name, district.
    facilities: Vec<(String, String, String)>,
    /// Each facility's counts of this month.
    by_facility: HashMap<String, CountCell>,
    tallies: HashMap<String, TallyRow>,
    beats: Vec<HeartbeatRow>,
    broken: Vec<String>,
    pub(in crate::portal::web) concerns: Vec<Concern>,
}

fn cell(body: &str) -> BookResult<CountCell> {
    Ok(serde_json::from_str(body)?)
}

/// Reads what the tables need.
pub(in crate::portal::web) fn read(
    tx: &ReadTransaction<'_>,
    view: &View,
    limits: &Limits,
    now: DateTime<FixedOffset>,
) -> BookResult<Figures> {
    let mut course = BTreeMap::new();
    for row in tx.cells(
        view.kept(),
        Some(&view.place),
        view.month - COURSE + 1,
        view.month,
    )? {
        course.insert(row.month, cell(&row.body)?);
    }
    let year = undated(first_day(view.month).year());
    for row in tx.cells(view.kept(), Some(&view.place), year, year)? {
        course.insert(row.month, cell(&row.body)?);
    }
    let within = |fac_district: &str| match view.by {
        by::REGION => region(fac_district) == view.place,
        by::DISTRICT => fac_district == view.place,
        _ => true,
    };
    let names: HashMap<String, String> = tx.facilities()?.into_iter().collect();
    let facilities: Vec<(String, String, String)> = tx
        .places()?
        .into_iter()
        .filter(|(fac, district, _)| match view.by {
            by::FACILITY => *fac == view.place,
            _ => within(district),
        })
        .map(|(fac, district, _)| {
            let name = names.get(&fac).cloned().unwrap_or_default();
            (fac, name, district)
        })
        .collect();
    // An office of the registry stands among the facilities of its district, and owes no count.
    let office = |code: &str| crate::codes::knows("office", code) && within(code);
    let mine = |code: &str| office(code) || facilities.iter().any(|(fac, _, _)| fac == code);
    let mut inside: BTreeMap<String, [CountCell; 2]> = BTreeMap::new();
    if let Some(kind) = view.inside() {
        for row in tx.cells(kept(kind, view.residence), None, view.month - 1, view.month)? {
            let belongs = match kind {
                by::DISTRICT => region(&row.place) == view.place,
                by::FACILITY => mine(&row.place),
                _ => true,
            };
            if belongs {
                let [now, before] = inside.entry(row.place).or_default();
                let of = if row.month == view.month { now } else { before };
                *of = cell(&row.body)?;
            }
        }
    }
    let mut by_facility = HashMap::new();
    for row in tx.cells(by::FACILITY, None, view.month, view.month)? {
        by_facility.insert(row.place, cell(&row.body)?);
    }
    let tallies = tx.tallies(view.month, view.month)?.into_iter();
    let codes: Vec<&str> = facilities.iter().map(|(fac, _, _)| fac.as_str()).collect();
    // A month that is not over is silent for nobody.
    let whole = view.month.min(month_of(now.date_naive()) - 1);
    let mut concerns = silences(tx, &codes, whole, limits)?;
    concerns.extend(surpluses(tx, &codes, whole, *now.offset())?);
    Ok(Figures {
        tallies: tallies.map(|t| (t.fac.clone(), t)).collect(),
        beats: tx.heartbeats()?.into_iter().filter(|b| mine(&b.fac)).collect(),
        broken: tx
            .broken_journals()?
            .into_iter()
            .filter(|fac| mine(fac))
            .collect(),
        view: view.clone(),
        course,
        inside,
        facilities,
        by_facility,
        concerns,
    })
}

impl Figures {
    /// The counts of the place in the month.
    pub fn now(&self) -> CountCell {
        self.course.get(&self.view.month).cloned().unwrap_or_default()
    }

    /// The counts by month, oldest first, without a gap.
    pub fn course(&self) -> Vec<(i32, CountCell)> {
        let months = self.view.month - COURSE + 1..=self.view.month;
        months
            .map(|m| (m, self.course.get(&m).cloned().unwrap_or_default()))
            .collect()
    }

    /// Every table.
    pub fn tables(&self, settings: &PortalSettings, now: DateTime<FixedOffset>, lang: Lang) -> Vec<Table> {
        let mut out = vec![self.events(lang), self.months(), self.timeliness(lang)];
        out.push(self.deaths());
        if !self.view.residence {
            out.push(self.completeness(settings, lang));
        }
        out.push(self.families(now));
        out.extend([self.quality(), self.concerns(&settings.limits, lang)]);
        out.extend([self.workflow(), self.returned(lang)]);
        if !self.view.residence {
            out.push(self.devices(now.timestamp_millis()));
        }
        out
    }

    fn name(&self, place: &str, lang: Lang) -> String {
        match self.view.inside() {
            _ if place.is_empty() => crate::lang::text(lang, "figures-unknown-place"),
            Some(by::REGION) => crate::codes::name("region", place, lang),
            Some(by::DISTRICT) => crate::codes::name("district", place, lang),
            _ if crate::codes::knows("office", place) => crate::codes::name("office", place, lang),
            _ => self.facility_name(place),
        }
    }

    fn facility_name(&self, fac: &str) -> String {
        let found = self.facilities.iter().find(|(code, _, _)| code == fac);
        found.map_or_else(|| fac.to_owned(), |(code, name, _)| format!("{name} ({code})"))
    }

    /// Rows of the places inside, each a link, and one of the whole.
    fn rows(&self, lang: Lang, row: impl Fn(&CountCell, &CountCell) -> Vec<Datum>) -> Vec<Vec<Datum>> {
        let mut out = Vec::new();
        if let Some(kind) = self.view.inside() {
            for (place, [now, before]) in &self.inside {
                let name = self.name(place, lang);
                let first = match place.is_empty() {
                    true => Datum::Text(name),
                    false => Datum::Link(name, self.view.to(kind, place)),
                };
                out.push(std::iter::once(first).chain(row(now, before)).collect());
            }
        }
        let before = self
            .course
            .get(&(self.view.month - 1))
            .cloned()
            .unwrap_or_default();
        let all = Datum::Text(crate::lang::text(lang, "figures-all"));
        out.push(std::iter::once(all).chain(row(&self.now(), &before)).collect());
        out
    }

    fn events(&self, lang: Lang) -> Table {
        const WHAT: [&str; 3] = ["live_births", "stillbirths", "deaths"];
        let row = |now: &CountCell, before: &CountCell| {
            let counts = WHAT
                .iter()
                .flat_map(|w| [Datum::Count(now.get(w)), Datum::Count(before.get(w))]);
            counts.collect()
        };
        Table {
            id: "events",
            head: vec![
                "place",
                "live_births",
                "before",
                "stillbirths",
                "before",
                "deaths",
                "before",
            ],
            rows: self.rows(lang, row),
        }
    }

    fn months(&self) -> Table {
        // Events of the year whose month is not known have a row of their own.
        let undated = self.course.iter().filter(|(month, _)| **month < 0);
        let undated = undated.map(|(month, cell)| (*month, cell.clone()));
        let rows = self
            .course()
            .into_iter()
            .rev()
            .chain(undated)
            .map(|(month, cell)| {
                let name = month_name(month);
                vec![
                    match month < 0 {
                        true => Datum::Text(name),
                        false => Datum::Link(name, self.view.in_month(month)),
                    },
                    Datum::Count(cell.get("live_births")),
                    Datum::Count(cell.get("stillbirths")),
                    Datum::Count(cell.get("deaths")),
                    Datum::share(cell.get("received_in_time"), cell.get("judged")),
                    Datum::Hours(cell.delay("received", 50)),
                ]
            });
        Table {
            id: "months",
            head: vec![
                "month",
                "live_births",
                "stillbirths",
                "deaths",
                "received_in_time",
                "median",
            ],
            rows: rows.collect(),
        }
    }

    fn timeliness(&self, lang: Lang) -> Table {
        let row = |now: &CountCell, _: &CountCell| {
            let mut out = vec![
                Datum::Count(now.get("judged")),
                Datum::share(now.get("signed_in_time"), now.get("judged")),
                Datum::share(now.get("received_in_time"), now.get("judged")),
            ];
            for step in crate::figures::STEPS {
                out.extend([
                    Datum::Hours(now.delay(step, 50)),
                    Datum::Hours(now.delay(step, 90)),
                ]);
            }
            out
        };
        Table {
            id: "timeliness",
            head: vec![
                "place",
                "judged",
                "signed_in_time",
                "received_in_time",
                "signed_50",
                "signed_90",
                "received_50",
                "received_90",
                "registered_50",
                "registered_90",
                "certificate_50",
                "certificate_90",
            ],
            rows: self.rows(lang, row),
        }
    }

    fn deaths(&self) -> Table {
        const BANDS: [&str; 9] = [
            "early_neonatal_0_6d",
            "late_neonatal_7_27d",
            "post_neonatal_28_364d",
            "age_1_4",
            "age_5_14",
            "age_15_49",
            "age_50_69",
            "age_70_plus",
            "age_unknown",
        ];
        let recent = self.course().into_iter().rev().take(12);
        let rows = recent.map(|(month, cell)| {
            let mut row = vec![Datum::Link(month_name(month), self.view.in_month(month))];
            row.extend(
                BANDS
                    .iter()
                    .map(|b| Datum::Count(cell.get(&format!("deaths_{b}")))),
            );
            row.extend(
                ["maternal_deaths", "late_maternal_deaths", "causes_awaited"]
                    .map(|w| Datum::Count(cell.get(w))),
            );
            row
        });
        let mut head = vec!["month"];
        head.extend(BANDS);
        head.extend(["maternal_deaths", "late_maternal_deaths", "causes_awaited"]);
        Table {
            id: "ages",
            head,
            rows: rows.collect(),
        }
    }

    /// What the delivery book says against what was signed, and what was to be expected.
    fn completeness(&self, settings: &PortalSettings, lang: Lang) -> Table {
        let mut rows = Vec::new();
        for (fac, _, district) in &self.facilities {
            let signed = self.by_facility.get(fac).cloned().unwrap_or_default();
            let tally = self.tallies.get(fac);
            let said = |i: usize| {
                tally
                    .and_then(|t| t.counts.get(i))
                    .map_or(Datum::Empty, |n| Datum::Count(*n))
            };
            let expected = settings
                .expected_births
                .get(district)
                .map(|year| u64::from(*year) / 12);
            // Silence is neither a signed event nor a signed zero.
            let state = match (signed.events(), tally) {
                (0, None) => "figures-silent",
                (0, Some(t)) if t.counts == [0; 3] => "figures-zero",
                (_, None) => "figures-no-tally",
                (_, Some(t)) if t.counts == BOOK.map(|w| signed.get(w)) => "figures-complete",
                _ => "figures-differs",
            };
            let mut row = vec![
                Datum::Link(self.facility_name(fac), self.view.to(by::FACILITY, fac)),
                Datum::Text(crate::codes::name("district", district, lang)),
            ];
            for (i, what) in BOOK.into_iter().enumerate() {
                row.extend([Datum::Count(signed.get(what)), said(i)]);
            }
            row.push(expected.map_or(Datum::Empty, Datum::Count));
            row.push(Datum::Word(state));
            row.push(Datum::Count(
                self.broken.iter().filter(|f| *f == fac).count() as u64
            ));
            rows.push(row);
        }
        Table {
            id: "completeness",
            head: vec![
                "place",
                "district",
                "live_births",
                "by_book",
                "stillbirths",
                "by_book",
                "deaths",
                "by_book",
                "expected_births",
                "state",
                "gaps",
            ],
            rows,
        }
    }

    /// What families still lack, by the age of the event.
    fn families(&self, now: DateTime<FixedOffset>) -> Table {
        let today = day_number(now.date_naive());
        let course = self.course();
        let row = |what: &str, word: &'static str| {
            let mut row = vec![Datum::Word(word)];
            row.extend(AGES.map(|days| {
                let older = course
                    .iter()
                    .map(|(month, cell)| cell.older(what, day_number(first_day(*month)), today, days));
                Datum::Count(older.sum())
            }));
            row
        };
        Table {
            id: "families",
            head: vec!["what", "days_30", "days_60", "days_90"],
            rows: vec![
                row("unnamed", "figures-unnamed"),
                row("no_certificate", "figures-no_certificate"),
            ],
        }
    }

    fn devices(&self, now_ms: i64) -> Table {
        let rows = self.beats.iter().map(|b| {
            vec![
                Datum::Text(self.facility_name(&b.fac)),
                Datum::Count(b.backlog),
                Datum::Hours(b.oldest_ms.map(|ms| (now_ms - ms).max(0) / HOUR_MS)),
                Datum::Hours(Some((now_ms - b.at_ms).max(0) / HOUR_MS)),
                Datum::Text(b.app.clone()),
            ]
        });
        Table {
            id: "devices",
            head: vec!["place", "unsent", "oldest_unsent", "last_sign", "version"],
            rows: rows.collect(),
        }
    }
}
