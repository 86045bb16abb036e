//! Rules of aggregates, at the ministry's side: what no single notification can show. Values in,
//! findings out; every limit is a setting.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::month::{Counted, Month, month};
use crate::env::Limits;
use crate::lang::{Arg, Msg};
use crate::rules::icd;
use crate::vital::{Kind, Not, field as f};

/// A rule of aggregates. All of them warn; nothing is stopped by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinistryRule {
    /// Identifier, such as `M01`.
    pub id: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// The rules, in order.
pub const MINISTRY_RULES: [MinistryRule; 6] = [
    MinistryRule {
        id: "M01",
        source: "Demographic norm of the sex ratio at birth, 102 to 107",
    },
    MinistryRule {
        id: "M02",
        source: "ANACoD: share of ill-defined causes",
    },
    MinistryRule {
        id: "M03",
        source: "ogoh: heaping of birth weights",
    },
    MinistryRule {
        id: "M04",
        source: "ogoh: perinatal under-reporting",
    },
    MinistryRule {
        id: "M05",
        source: "ANACoD: completeness",
    },
    MinistryRule {
        id: "M06",
        source: "UN P&R: timeliness; NCHS: unknown-rate reviews",
    },
];

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// Identifier of the rule.
    pub rule: &'static str,
    /// What was found, with its numbers.
    pub msg: Msg,
}

/// A notification of a facility as the rules look at it.
#[derive(Clone, Debug)]
pub struct Reported {
    /// Facility.
    pub fac: String,
    /// What counts of it.
    pub counted: Counted,
    /// Hours from the event to the receipt, where both are known.
    pub delay_hours: Option<i64>,
}

/// Fields that nearly every notification should know, by kind.
const CORE: &[(Kind, &str)] = &[
    (Kind::Birth, f::BIRTH_WEIGHT),
    (Kind::Birth, f::BIRTH_WEEKS),
    (Kind::Birth, f::BIRTH_TIME),
    (Kind::Birth, f::MOTHER_BORN),
    (Kind::Birth, f::MOTHER_DOCUMENT),
    (Kind::FoetalDeath, f::FOETUS_WHEN),
    (Kind::Death, f::CAUSE_A),
    (Kind::Death, f::DECEASED_BORN),
    (Kind::Death, f::DECEASED_DOCUMENT),
];

/// A share in whole per cent.
fn percent(part: usize, all: usize) -> usize {
    (part * 100).checked_div(all).unwrap_or_default()
}

/// Looks at what was reported. `until` is the last day that is looked at: the month before its
/// month is the last complete one.
pub fn concerns(all: &[Reported], until: NaiveDate, limits: &Limits) -> Vec<Concern> {
    let mut out = Vec::new();
    let living: Vec<&Reported> = all.iter().filter(|r| !r.counted.annulled).collect();
    sex_ratio(&living, limits, &mut out);
    ill_defined(&living, limits, &mut out);
    heaping(&living, limits, &mut out);
    perinatal(&living, limits, &mut out);
    silence(&living, until, limits, &mut out);
    delay(&living, limits, &mut out);
    unknowns(&living, limits, &mut out);
    out
}

fn of_kind<'a>(all: &'a [&'a Reported], kind: Kind) -> impl Iterator<Item = &'a Reported> {
    all.iter().copied().filter(move |r| r.counted.event.kind == kind)
}

fn concern(rule: &'static str, variant: &str, n: usize) -> Concern {
    Concern {
        rule,
        msg: Msg::new(format!("rule-{}{variant}", rule.to_lowercase())).with("n", n),
    }
}

fn sex_ratio(all: &[&Reported], limits: &Limits, out: &mut Vec<Concern>) {
    let of = |sex| of_kind(all, Kind::Birth).filter(move |r| r.counted.event.text(f::CHILD_SEX) == Some(sex));
    let (boys, girls) = (of("male").count(), of("female").count());
    let n = boys + girls;
    let (least, most) = (limits.sex_ratio_least as usize, limits.sex_ratio_most as usize);
    // Compared without division, so that nothing is lost by rounding.
    let outside = boys * 100 < least * girls || boys * 100 > most * girls;
    if n >= limits.sex_ratio_births as usize && outside {
        let mut found = concern("M01", "", n);
        found.msg = found
            .msg
            .with("boys", percent(boys, girls))
            .with("least", least)
            .with("most", most);
        out.push(found);
    }
}

/// A share that is more than its limit, among enough of them.
fn too_large(part: usize, n: usize, limit: u32, limits: &Limits) -> bool {
    n >= limits.quality_events_least as usize && part * 100 > limit as usize * n
}

fn share(mut found: Concern, part: usize, n: usize, limit: Option<u32>) -> Concern {
    found.msg = found.msg.with("share", percent(part, n));
    if let Some(limit) = limit {
        found.msg = found.msg.with("limit", limit);
    }
    found
}

fn ill_defined(all: &[&Reported], limits: &Limits, out: &mut Vec<Concern>) {
    let lowest: Vec<_> = of_kind(all, Kind::Death)
        .filter_map(|r| icd::underlying(&r.counted.event)?.code)
        .collect();
    let vague = lowest.iter().filter(|c| c.is_in(&icd::ILL_DEFINED)).count();
    let n = lowest.len();
    for (variant, limit) in [
        ("-serious", limits.ill_defined_serious_percent),
        ("", limits.ill_defined_percent),
    ] {
        if too_large(vague, n, limit, limits) {
            out.push(share(concern("M02", variant, n), vague, n, Some(limit)));
            return;
        }
    }
}

fn heaping(all: &[&Reported], limits: &Limits, out: &mut Vec<Concern>) {
    let weights: Vec<i64> = of_kind(all, Kind::Birth)
        .filter_map(|r| r.counted.event.int(f::BIRTH_WEIGHT))
        .collect();
    let n = weights.len();
    let round = weights.iter().filter(|g| *g % 100 == 0).count();
    let exact = weights.iter().filter(|g| **g == 2500).count();
    if too_large(round, n, limits.round_weights_percent, limits) {
        out.push(share(
            concern("M03", "", n),
            round,
            n,
            Some(limits.round_weights_percent),
        ));
    }
    if too_large(exact, n, limits.weight_2500_percent, limits) {
        out.push(share(concern("M03", "-2500", n), exact, n, None));
    }
}

fn perinatal(all: &[&Reported], limits: &Limits, out: &mut Vec<Concern>) {
    let foetal = of_kind(all, Kind::FoetalDeath).count();
    let early = of_kind(all, Kind::Death)
        .filter(|r| Month::is_early_neonatal(&r.counted.event))
        .count();
    let n = foetal + early;
    let (least, most) = (
        limits.perinatal_ratio_least_percent as usize,
        limits.perinatal_ratio_most_percent as usize,
    );
    let outside = foetal * 100 < least * early || foetal * 100 > most * early;
    if n >= limits.perinatal_deaths_least as usize && outside {
        let tenths = |percent: usize| format!("{}.{}", percent / 100, percent % 100 / 10);
        let mut found = concern("M04", "", n);
        found.msg = found
            .msg
            .with("ratio", tenths(percent(foetal, early)))
            .with("least", tenths(least))
            .with("most", tenths(most));
        out.push(found);
    }
}

/// The median of the months before; the last complete month without one event is silence.
fn silence(all: &[&Reported], until: NaiveDate, limits: &Limits, out: &mut Vec<Concern>) {
    use chrono::{Datelike, Months};
    let Some(last) = until
        .with_day(1)
        .and_then(|d| d.checked_sub_months(Months::new(1)))
    else {
        return;
    };
    let mut facilities: BTreeMap<&str, BTreeMap<NaiveDate, usize>> = BTreeMap::new();
    for one in all {
        let first = one.counted.event.event_date().and_then(|d| d.day()?.with_day(1));
        if let Some(first) = first {
            *facilities.entry(&one.fac).or_default().entry(first).or_default() += 1;
        }
    }
    for (fac, months) in facilities {
        // Twelve months before, empty ones too.
        let mut usual: Vec<usize> = (1..=12)
            .filter_map(|back| last.checked_sub_months(Months::new(back)))
            .filter(|m| months.keys().next().is_some_and(|first| first <= m))
            .map(|m| months.get(&m).copied().unwrap_or_default())
            .collect();
        usual.sort_unstable();
        let median = usual.get(usual.len() / 2).copied().unwrap_or_default();
        if median >= limits.silent_usual as usize && !months.contains_key(&last) {
            out.push(Concern {
                rule: "M05",
                msg: Msg::new("rule-m05")
                    .with("facility", fac)
                    .with("month", last.format("%Y-%m").to_string())
                    .with("usual", median),
            });
        }
    }
}

fn delay(all: &[&Reported], limits: &Limits, out: &mut Vec<Concern>) {
    let mut hours: Vec<i64> = all.iter().filter_map(|r| r.delay_hours).collect();
    hours.sort_unstable();
    let limit = limits.timely_receive_hours;
    let median = hours.get(hours.len() / 2).copied();
    if let Some(median) = median.filter(|m| *m > i64::from(limit))
        && hours.len() >= limits.quality_events_least as usize
    {
        out.push(Concern {
            rule: "M06",
            msg: Msg::new("rule-m06").with("hours", median).with("limit", limit),
        });
    }
}

fn unknowns(all: &[&Reported], limits: &Limits, out: &mut Vec<Concern>) {
    for (kind, field) in CORE {
        let n = of_kind(all, *kind).count();
        let unknown = of_kind(all, *kind)
            .filter(|r| {
                let event = &r.counted.event;
                matches!(event.not(field), Some(Not::Yet | Not::Knowable)) || event.get(field).is_none()
            })
            .count();
        if too_large(unknown, n, limits.unknown_percent, limits) {
            let mut found = share(
                concern("M06", "-unknown", n),
                unknown,
                n,
                Some(limits.unknown_percent),
            );
            let label = format!("field-{}", field.replace(['.', '_'], "-"));
            found.msg = found.msg.with("field", Arg::Ref(label));
            out.push(found);
        }
    }
}

/// The counts of one month of a facility or of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacilityMonth {
    /// Facility.
    pub fac: String,
    /// Counts.
    #[serde(flatten)]
    pub month: Month,
}

/// Each facility's counts of a month, those without any event left out.
pub fn by_facility(all: &[Reported], of: (i32, u32), limits: &Limits) -> Vec<FacilityMonth> {
    let mut facilities: BTreeMap<&str, Vec<Counted>> = BTreeMap::new();
    for one in all {
        facilities.entry(&one.fac).or_default().push(one.counted.clone());
    }
    facilities
        .into_iter()
        .map(|(fac, counted)| FacilityMonth {
            fac: fac.to_owned(),
            month: month(&counted, of, limits),
        })
        .filter(|f| f.month != Month::default())
        .collect()
}

#[cfg(test)]
#[path = "quality_tests.rs"]
mod tests;
