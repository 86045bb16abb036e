//! What is drawn of a notification for finding and counting, and the counts of places and months.
//!
//! Drawing happens at the end of the transaction that changed the notification; what an older
//! version left undrawn is drawn by housekeeping. Counting happens later, a month at a time, from
//! facts alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate};

use super::book::{CellRow, Kept, Leaf, Notification, TallyRow};
use super::decide::kind_of;
use super::family::Family;
use super::find;
use super::registry::Registry;
use super::session::{Session, Statement};
use crate::alike::Trace;
use crate::env::{ClockTrust, Limits};
use crate::monitor::{Cell, Fact, measures};
use crate::seal::{Entry, Problem, Status};
use crate::vital::{Event, Kind, field as f};

/// Kinds of place that are counted.
pub(super) mod by {
    pub const COUNTRY: &str = "country";
    pub const REGION: &str = "region";
    pub const DISTRICT: &str = "district";
    pub const FACILITY: &str = "facility";
    pub const REGION_OF_RESIDENCE: &str = "region-residence";
    pub const DISTRICT_OF_RESIDENCE: &str = "district-residence";
}

/// Notifications drawn in one piece of housekeeping.
const AT_ONCE: usize = 500;
/// Facts of a month that are counted anew before a page shows; what has more is left to housekeeping,
/// half a minute later.
pub(super) const BEFORE_A_PAGE: u64 = 2_000;

/// A month counted from year 0.
pub(super) fn month_of(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

/// The first day of a month.
pub(super) fn first_day(month: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12).cast_unsigned() + 1, 1)
        .unwrap_or_default()
}

/// `YYYY-MM`.
pub(super) fn month_name(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// The month of `YYYY-MM`.
pub(super) fn read_month(text: &str) -> Option<i32> {
    NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
        .ok()
        .map(month_of)
}

impl Session<'_> {
    /// Draws notifications for finding and counting.
    pub fn draw(&self, nids: &BTreeSet<String>) -> Kept<()> {
        let (mut words, mut facts, mut drawn) = (Vec::new(), Vec::new(), Vec::new());
        for nid in nids {
            let Some(n) = self.find(nid)? else { continue };
            let Statement { event, rec, clk } = self.statement(&n.effective, kind_of(&n)?)?;
            let family = self.family(&n)?;
            let found = event.as_ref().map(|event| find::words(&n, event, &family));
            words.push((nid.clone(), n.office.clone(), found.unwrap_or_default()));
            let why = match n.status {
                Status::Returned => self.why(&n.h)?,
                _ => None,
            };
            let fact = event.and_then(|event| fact(&n, &event, (rec, clk), &family, why.as_ref()));
            if fact
                .as_ref()
                .is_some_and(|(_, f)| f.counts.iter().any(|c| c == super::alert::TELLS))
            {
                self.leaf.put_alert(nid, &n.fac, self.now.timestamp_millis())?;
            }
            let fact = fact.and_then(|(month, fact)| Some((month, serde_json::to_string(&fact).ok()?)));
            facts.push((nid.clone(), fact));
            drawn.push(nid.clone());
        }
        self.leaf.put_words(&words)?;
        self.leaf.put_facts(&facts)?;
        self.leaf.set_drawn(&drawn)
    }
}

impl Session<'_> {
    /// Why an entry was returned.
    fn why(&self, h: &str) -> Kept<Option<Problem>> {
        Ok(self.leaf.entry(h)?.and_then(|row| row.verdict?.problem))
    }

    /// Makes a notification findable as a look-alike once more, unless it is none any more.
    fn index_again(&mut self, nid: &str) -> Kept<()> {
        let Some(n) = self.find(nid)? else { return Ok(()) };
        let ended = matches!(n.status, Status::Returned | Status::Duplicate | Status::Voided);
        let event = self.statement(&n.effective, kind_of(&n)?)?.event;
        if let Some(event) = event.filter(|_| !ended) {
            self.index(nid, Trace::of(&event, &n.fac));
        }
        Ok(())
    }
}

/// The month in which a notification counts, and how. A date of which only the year is known
/// belongs to no month. `why` it was returned, if it was.
fn fact(
    n: &Notification,
    event: &Event,
    (rec, clk): (DateTime<FixedOffset>, ClockTrust),
    family: &Family,
    why: Option<&Problem>,
) -> Option<(i32, Fact)> {
    let date = event.event_date()?;
    let month = month_of(date.earliest());
    if month != month_of(date.latest()) {
        return None;
    }
    let mut counts = match n.status {
        Status::Returned | Status::Duplicate | Status::Voided => Vec::new(),
        _ => measures(event),
    };
    let mut count_if = |holds: bool, what: &str| {
        if holds {
            counts.push(what.to_owned());
        }
    };
    count_if(n.status == Status::Returned, "returned");
    if let Some(why) = why {
        let field = why.field.as_deref().unwrap_or_default();
        count_if(true, &format!("returned.{} {field}", why.code));
    }
    count_if(n.status == Status::Duplicate, "duplicates");
    count_if(n.status == Status::Voided, "annulled");
    count_if(n.status == Status::Held, "held");
    let registered = n.status == Status::Registered;
    let unnamed = family.still_open(event).iter().any(|what| what == "name");
    count_if(registered && unnamed, "unnamed");
    count_if(registered && event.kind != Kind::FoetalDeath, "no_certificate");
    count_if(
        matches!(clk, ClockTrust::Behind | ClockTrust::Ahead),
        "wrong_clock",
    );
    let district = match event.kind {
        Kind::Death => f::DEATH_DISTRICT,
        _ => f::BIRTH_DISTRICT,
    };
    let residence = match event.kind {
        Kind::Death => f::DECEASED_DISTRICT,
        _ => f::MOTHER_DISTRICT,
    };
    let text = |field: &str| event.text(field).unwrap_or_default().to_owned();
    let certificate = n.cert.as_ref().and_then(|(_, on)| {
        let noon = NaiveDate::parse_from_str(on, "%Y-%m-%d")
            .ok()?
            .and_hms_opt(12, 0, 0)?;
        Some(noon.and_utc().timestamp_millis())
    });
    Some((
        month,
        Fact {
            fac: n.fac.clone(),
            district: text(district),
            residence: text(residence),
            day: date.day().map_or(0, |d| d.day()),
            counts,
            event: n.event_ms,
            steps: [
                Some(rec.timestamp_millis().min(n.first_ms)),
                Some(n.first_ms),
                n.registered_ms,
                certificate,
            ],
        },
    ))
}

/// Keeps the tally of a delivery book. What it does not count is not kept.
pub(super) fn keep_tally(leaf: &Leaf<'_>, fac: &str, entry: &Entry, at_ms: i64) -> Kept<()> {
    let text = |name: &str| entry.body.get(name).and_then(serde_json::Value::as_str);
    let count = |name: &str| entry.body.get(name).and_then(serde_json::Value::as_u64);
    let month = text("month").and_then(read_month);
    let counts = (count("births"), count("foetal_deaths"), count("deaths"));
    if let (Some(month), (Some(births), Some(foetal), Some(deaths))) = (month, counts) {
        leaf.put_tally(&TallyRow {
            fac: fac.to_owned(),
            month,
            counts: [births, foetal, deaths],
            at_ms,
        })?;
    }
    Ok(())
}

/// Region of a district; empty where it is not in the list.
pub(super) fn region(district: &str) -> String {
    crate::codes::region_of(district).unwrap_or_default().to_owned()
}

/// Counts a month of every place from its facts.
fn count(leaf: &Leaf<'_>, month: i32, limits: &Limits) -> Kept<Vec<CellRow>> {
    let home: HashMap<String, String> = leaf.places()?.into_iter().map(|(fac, d, _)| (fac, d)).collect();
    let mut cells: BTreeMap<(&'static str, String), Cell> = BTreeMap::new();
    leaf.facts(month, &mut |body| {
        let fact: Fact =
            serde_json::from_str(body).map_err(|e| super::book::BookError::Failed(e.to_string()))?;
        let district = match fact.district.as_str() {
            "" => home.get(&fact.fac).cloned().unwrap_or_default(),
            stated => stated.to_owned(),
        };
        let places = [
            (by::COUNTRY, String::new()),
            (by::REGION, region(&district)),
            (by::DISTRICT, district),
            (by::FACILITY, fact.fac.clone()),
            (by::REGION_OF_RESIDENCE, region(&fact.residence)),
            (by::DISTRICT_OF_RESIDENCE, fact.residence.clone()),
        ];
        let keys = fact.keys(limits);
        for place in places {
            cells.entry(place).or_default().add(&keys);
        }
        Ok(())
    })?;
    cells
        .into_iter()
        .map(|((kind, place), cell)| {
            Ok(CellRow {
                month,
                by: kind.to_owned(),
                place,
                body: serde_json::to_string(&cell)
                    .map_err(|e| super::book::BookError::Failed(e.to_string()))?,
            })
        })
        .collect()
}

impl Registry {
    /// Counts months anew that changed and have at most so many facts, the newest first. True where it
    /// did.
    ///
    /// The counting is done beside writers; only the result is written.
    pub fn recount(&self, most: u64) -> Kept<bool> {
        let mut changed = Vec::new();
        self.read(&mut |leaf| {
            changed = leaf.changed_months()?;
            Ok(())
        })?;
        for (month, newest) in &changed {
            let mut cells = None;
            self.read(&mut |leaf| {
                cells = match leaf.count_facts(*month)? <= most {
                    true => Some(count(leaf, *month, &self.settings.limits)?),
                    false => None,
                };
                Ok(())
            })?;
            let Some(cells) = cells else { continue };
            self.keep(&mut |leaf| {
                // What changed since stays noted. Where nothing is left to forget, another portal has
                // counted this and perhaps more.
                match leaf.forget_changes(*month, *newest)? {
                    0 => Ok(()),
                    _ => leaf.put_cells(*month, &cells),
                }
            })?;
        }
        Ok(!changed.is_empty())
    }

    /// Draws what was left undrawn, some at a time. True where it did.
    pub fn draw_rest(&self) -> Kept<bool> {
        let mut rest = Vec::new();
        self.read(&mut |leaf| {
            rest = leaf.undrawn(AT_ONCE)?;
            Ok(())
        })?;
        if rest.is_empty() {
            return Ok(false);
        }
        let ring = self.ring()?;
        let rest: BTreeSet<String> = rest.into_iter().collect();
        self.write(&ring, &mut |session| {
            // An older version may have kept other keys of look-alikes.
            for nid in &rest {
                session.index_again(nid)?;
            }
            session.draw(&rest)
        })?;
        Ok(true)
    }
}

/// Whether a month ended so long ago that its notifications may be complete: shown to everybody
/// only then, so that no later look tells what came in between.
pub(super) fn is_closed(month: i32, today: DateTime<chrono::FixedOffset>, days: u32) -> bool {
    let ends = first_day(month + 1);
    today.date_naive() >= ends.checked_add_days(Days::new(days.into())).unwrap_or(ends)
}
