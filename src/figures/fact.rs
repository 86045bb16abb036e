//! How a notification counts: the one fact that ward and registry make of it, by one constructor.
//!
//! A fact says as what a notification counts, in which month, and when its steps were; nothing that
//! it states remains in it. Counts of places are sums of facts, so that a page reads a few rows
//! however many events there were. What belongs to a month and what does not is decided in
//! [`Fact::of`] alone: [`super::CountCell`] takes nothing else, and facts have no other constructor.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::calendar::{month_of, undated};
use super::stated::stated;
use crate::env::{ClockTrust, Limits};
use crate::vital::{Event, Kind, field as f};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Steps of a notification's way whose delay after the event is counted.
pub const STEPS: [&str; 4] = ["signed", "received", "registered", "certificate"];

/// Where a notification stands, as far as counting goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It says that the event happened: signed, received, registered, with a certificate, or with an
    /// annulment that has not taken effect.
    Stands,
    /// The same, and somebody at the registry looks at it first.
    Held,
    /// The ward has to correct it: it counts as no event until then.
    Returned,
    /// The event is counted where it was registered.
    Duplicate,
    /// It counts as annulled and as nothing else.
    Annulled,
}

impl Standing {
    /// The standing that a status stands for: the words of receipts, and `signed` for what has none yet.
    pub fn of(status: &str) -> Standing {
        match status {
            "held" => Standing::Held,
            "returned" => Standing::Returned,
            "duplicate" => Standing::Duplicate,
            "voided" => Standing::Annulled,
            _ => Standing::Stands,
        }
    }
}

/// A notification as whoever counts it has it: what [`Fact::of`] is made from.
///
/// The ward fills it from entries and receipts, the registry from the record and its decisions. What the
/// registry alone knows the ward leaves empty; no row of [`super::Month`] rests on that.
#[derive(Clone, Debug)]
pub struct Notified {
    /// Facility that stated it.
    pub fac: String,
    /// The statement in force: of the revision that the registry acted on last.
    pub event: Event,
    /// Where it stands.
    pub standing: Standing,
    /// When its first entry was signed, by the ward's clock, and how far that may be believed.
    pub signed: (DateTime<FixedOffset>, ClockTrust),
    /// When the registry received that entry, by its own clock, Unix milliseconds.
    pub received: Option<i64>,
    /// Why it was returned: a code, and a field or nothing.
    pub why: Option<(String, String)>,
    /// What only the registry knows.
    pub registry: AtRegistry,
}

/// What of a notification only the registry knows.
#[derive(Clone, Debug, Default)]
pub struct AtRegistry {
    /// Whether nothing but its own word says when it was signed.
    pub unproven: bool,
    /// When it was registered, Unix milliseconds.
    pub registered: Option<i64>,
    /// Noon of the day on which the family got the certificate, Unix milliseconds.
    pub certified: Option<i64>,
    /// Whether it is registered and still lacks a name.
    pub unnamed: bool,
    /// Whether it is registered, needs a certificate and has none.
    pub uncertified: bool,
}

/// How a notification counts in one month. Only [`Fact::of`] makes one; the registry's book keeps it as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fact {
    /// Facility that stated it.
    fac: String,
    /// District where it happened; empty for the facility's own.
    district: String,
    /// District of residence; empty where it is not known.
    residence: String,
    /// Day of its month; 0 where only the month is known.
    day: u32,
    /// What it counts as.
    counts: Vec<String>,
    /// Time of the event where the day is known, else noon of it; Unix milliseconds.
    event: Option<i64>,
    /// Times of the [`STEPS`].
    steps: [Option<i64>; 4],
    /// Days between the event and its signing, in the month in which it was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    late_days: Option<i64>,
}

/// The counts that a fact adds one to. Only [`Fact::keys`] makes them.
#[derive(Clone, Debug)]
pub struct Keys(Vec<String>);

impl Keys {
    pub(super) fn iter(&self) -> impl Iterator<Item = &String> {
        self.0.iter()
    }
}

impl Fact {
    /// How a notification counts, by month ([`month_of`]).
    ///
    /// It counts in the month of the event. A date of which only the year is known belongs to no month, and
    /// counts in its year ([`undated`]); without a date it counts in the year in which it came. How late it
    /// was signed counts in the month of the signing, whichever month the event was in.
    pub fn of(n: Notified) -> BTreeMap<i32, Fact> {
        let (rec, clk) = n.signed;
        // A clock that ran ahead signed no later than the registry received.
        let received = n.received.and_then(DateTime::from_timestamp_millis);
        let signed = received.map_or(rec, |at| rec.min(at.with_timezone(rec.offset())));
        let date = n.event.event_date();
        let month = match date {
            Some(date) if month_of(date.earliest()) == month_of(date.latest()) => month_of(date.earliest()),
            Some(date) => undated(chrono::Datelike::year(&date.earliest())),
            None => undated(chrono::Datelike::year(&signed)),
        };
        let stands = matches!(n.standing, Standing::Stands | Standing::Held);
        let late = date.map(|date| (signed.date_naive() - date.latest()).num_days());
        let late = late.filter(|days| stands && *days > 0);
        let main = Fact {
            counts: counts(&n, clk, stands),
            event: event_ms(&n.event, &signed),
            steps: [
                // Of one whose own word alone says when it was signed, nobody knows.
                Some(signed.timestamp_millis()).filter(|_| !n.registry.unproven),
                n.received,
                n.registry.registered,
                n.registry.certified,
            ],
            day: date
                .and_then(|d| d.day())
                .map_or(0, |d| chrono::Datelike::day(&d)),
            ..Fact::at(&n)
        };
        let mut out = BTreeMap::from([(month, main)]);
        if let Some(days) = late {
            let of_signing = out.entry(month_of(signed.date_naive()));
            of_signing.or_insert_with(|| Fact::at(&n)).late_days = Some(days);
        }
        out
    }

    /// A fact of the places of a notification that counts as nothing yet.
    fn at(n: &Notified) -> Fact {
        let [district, residence] = match n.event.kind {
            Kind::Death => [f::DEATH_DISTRICT, f::DECEASED_DISTRICT],
            _ => [f::BIRTH_DISTRICT, f::MOTHER_DISTRICT],
        };
        let text = |field: &str| n.event.text(field).unwrap_or_default().to_owned();
        Fact {
            fac: n.fac.clone(),
            district: text(district),
            residence: text(residence),
            ..Fact::default()
        }
    }

    /// Facility that stated it.
    pub fn facility(&self) -> &str {
        &self.fac
    }

    /// District where it happened; empty for the facility's own.
    pub fn district(&self) -> &str {
        &self.district
    }

    /// District of residence; empty where it is not known.
    pub fn residence(&self) -> &str {
        &self.residence
    }

    /// Whether it counts as this.
    pub fn is(&self, what: &str) -> bool {
        self.counts.iter().any(|c| c == what)
    }

    /// The counts of a place that it adds one to, under these limits.
    pub fn keys(&self, limits: &Limits) -> Keys {
        let mut out = Vec::with_capacity(self.counts.len() + 8);
        for what in &self.counts {
            out.push(match what.as_str() {
                // Their age is counted on the day on which somebody looks.
                "unnamed" | "no_certificate" => format!("{what}.{}", self.day),
                what => what.to_owned(),
            });
        }
        if self
            .late_days
            .is_some_and(|days| days > i64::from(limits.late_reason_days))
        {
            out.push("late".to_owned());
        }
        let Some(event) = self.event else { return Keys(out) };
        out.push("judged".to_owned());
        let limit = [limits.timely_sign_hours, limits.timely_receive_hours];
        for (i, (step, at)) in STEPS.iter().zip(self.steps).enumerate() {
            let Some(at) = at else { continue };
            // Receipts tell whole seconds.
            let delay = (at.div_euclid(1000) * 1000 - event).max(0);
            out.push(format!("{step}.{}", bucket(delay)));
            if let Some(hours) = limit.get(i) {
                let in_time = delay <= i64::from(*hours) * HOUR_MS;
                out.push(format!("{step}_{}", if in_time { "in_time" } else { "late" }));
            }
        }
        Keys(out)
    }
}

/// What a notification counts as, by where it stands and by what it states.
fn counts(n: &Notified, clk: ClockTrust, stands: bool) -> Vec<String> {
    let mut out: Vec<String> = match stands {
        true => stated(&n.event),
        false => Vec::new(),
    };
    let mut count_if = |holds: bool, what: &str| {
        if holds {
            out.push(what.to_owned());
        }
    };
    let is = |standing| n.standing == standing;
    count_if(is(Standing::Returned), "returned");
    if let Some((code, field)) = n.why.as_ref().filter(|_| is(Standing::Returned)) {
        count_if(true, &format!("returned.{code} {field}"));
    }
    count_if(is(Standing::Duplicate), "duplicates");
    count_if(is(Standing::Annulled), "annulled");
    count_if(is(Standing::Held), "held");
    count_if(n.registry.unnamed, "unnamed");
    count_if(n.registry.uncertified, "no_certificate");
    count_if(
        matches!(clk, ClockTrust::Behind | ClockTrust::Ahead),
        "wrong_clock",
    );
    out
}

/// Time of an event where its day is known, else noon of it, in the civil time of who signed.
fn event_ms(event: &Event, signed: &DateTime<FixedOffset>) -> Option<i64> {
    let day = event.event_date()?.day()?;
    let (hour, minute) = event.event_time().map_or((12, 0), |t| (t.hour, t.minute));
    let local = day
        .and_hms_opt(hour, minute, 0)?
        .and_local_timezone(*signed.offset());
    Some(local.single()?.timestamp_millis())
}

/// Delays are kept by the hour up to four days, by the day up to 120 days, then by 30 days.
fn bucket(delay_ms: i64) -> i64 {
    match (delay_ms / HOUR_MS, delay_ms / DAY_MS) {
        (hours, 0..4) => hours,
        (_, days @ 4..120) => 96 + days - 4,
        (_, days) => 212 + ((days - 120) / 30).min(200),
    }
}

/// The hours at which a bucket begins.
pub(super) fn hours(bucket: u32) -> i64 {
    match i64::from(bucket) {
        b @ ..96 => b,
        b @ 96..212 => (b - 96 + 4) * 24,
        b => (120 + (b - 212) * 30) * 24,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_begins_no_later_than_what_falls_into_it() {
        for hours_late in [0, 1, 47, 95, 96, 97, 130, 2879, 2880, 5000, 99_999] {
            let begins = hours(u32::try_from(bucket(hours_late * HOUR_MS)).unwrap());
            assert!(
                begins <= hours_late && hours_late - begins < 24 * 30,
                "{hours_late}: {begins}"
            );
        }
    }
}
