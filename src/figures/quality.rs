//! Rules of aggregates, at the ministry's side: what no single notification can show. Values in,
//! findings out; every limit is a setting.

use super::CountCell;
use super::stated::CORE;
use crate::env::Limits;
use crate::lang::{Arg, Msg};
use crate::rules::id;
use crate::vital::Kind;

/// A rule of aggregates. All of them warn; nothing is stopped by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinistryRule {
    /// Identifier, such as `M01`.
    pub id: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// The rules, in order.
pub const MINISTRY_RULES: [MinistryRule; 7] = [
    MinistryRule {
        id: id::M01,
        source: "Demographic norm of the sex ratio at birth, 102 to 107",
    },
    MinistryRule {
        id: id::M02,
        source: "ANACoD: share of ill-defined causes",
    },
    MinistryRule {
        id: id::M03,
        source: "ogoh: heaping of birth weights",
    },
    MinistryRule {
        id: id::M04,
        source: "ogoh: perinatal under-reporting",
    },
    MinistryRule {
        id: id::M05,
        source: "ANACoD: completeness",
    },
    MinistryRule {
        id: id::M06,
        source: "UN P&R: timeliness; NCHS: unknown-rate reviews",
    },
    MinistryRule {
        id: id::M07,
        source: "ogoh: notified events against the delivery book",
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

/// A share in whole per cent.
fn percent(part: u64, all: u64) -> u64 {
    (part * 100).checked_div(all).unwrap_or_default()
}

/// What the counts of a place show, mostly those of twelve months.
pub fn concerns(counts: &CountCell, limits: &Limits) -> Vec<Concern> {
    let mut out = Vec::new();
    sex_ratio(counts, limits, &mut out);
    ill_defined(counts, limits, &mut out);
    heaping(counts, limits, &mut out);
    perinatal(counts, limits, &mut out);
    delay(counts, limits, &mut out);
    unknowns(counts, limits, &mut out);
    out
}

fn concern(rule: &'static str, variant: &str, n: u64) -> Concern {
    Concern {
        rule,
        msg: Msg::new(format!("rule-{}{variant}", rule.to_lowercase())).with("n", n),
    }
}

fn sex_ratio(counts: &CountCell, limits: &Limits, out: &mut Vec<Concern>) {
    let (boys, girls) = (counts.get("male_births"), counts.get("female_births"));
    let n = boys + girls;
    let (least, most) = (
        u64::from(limits.sex_ratio_least),
        u64::from(limits.sex_ratio_most),
    );
    // Compared without division, so that nothing is lost by rounding.
    let outside = boys * 100 < least * girls || boys * 100 > most * girls;
    if n >= u64::from(limits.sex_ratio_births) && outside {
        let mut found = concern(id::M01, "", n);
        found.msg = found
            .msg
            .with("boys", percent(boys, girls))
            .with("least", least)
            .with("most", most);
        out.push(found);
    }
}

/// A share that is more than its limit, among enough of them.
fn too_large(part: u64, n: u64, limit: u32, limits: &Limits) -> bool {
    n >= u64::from(limits.quality_events_least) && part * 100 > u64::from(limit) * n
}

fn share(mut found: Concern, part: u64, n: u64, limit: Option<u32>) -> Concern {
    found.msg = found.msg.with("share", percent(part, n));
    if let Some(limit) = limit {
        found.msg = found.msg.with("limit", limit);
    }
    found
}

fn ill_defined(counts: &CountCell, limits: &Limits, out: &mut Vec<Concern>) {
    let (vague, n) = (counts.get("ill_defined"), counts.get("coded_causes"));
    for (variant, limit) in [
        ("-serious", limits.ill_defined_serious_percent),
        ("", limits.ill_defined_percent),
    ] {
        if too_large(vague, n, limit, limits) {
            out.push(share(concern(id::M02, variant, n), vague, n, Some(limit)));
            return;
        }
    }
}

fn heaping(counts: &CountCell, limits: &Limits, out: &mut Vec<Concern>) {
    let n = counts.get("weighed");
    let (round, exact) = (counts.get("round_weights"), counts.get("weights_2500"));
    if too_large(round, n, limits.round_weights_percent, limits) {
        let limit = Some(limits.round_weights_percent);
        out.push(share(concern(id::M03, "", n), round, n, limit));
    }
    if too_large(exact, n, limits.weight_2500_percent, limits) {
        out.push(share(concern(id::M03, "-2500", n), exact, n, None));
    }
}

fn perinatal(counts: &CountCell, limits: &Limits, out: &mut Vec<Concern>) {
    let (foetal, early) = (
        counts.get("stillbirths"),
        counts.get("deaths_early_neonatal_0_6d"),
    );
    let n = foetal + early;
    let (least, most) = (
        u64::from(limits.perinatal_ratio_least_percent),
        u64::from(limits.perinatal_ratio_most_percent),
    );
    let outside = foetal * 100 < least * early || foetal * 100 > most * early;
    if n >= u64::from(limits.perinatal_deaths_least) && outside {
        let tenths = |percent: u64| format!("{}.{}", percent / 100, percent % 100 / 10);
        let mut found = concern(id::M04, "", n);
        found.msg = found
            .msg
            .with(
                "ratio",
                match early {
                    0 => "∞".to_owned(),
                    _ => tenths(percent(foetal, early)),
                },
            )
            .with("least", tenths(least))
            .with("most", tenths(most));
        out.push(found);
    }
}

/// A facility without one event in `month` (`YYYY-MM`), where the median of the months before says
/// that there should be some. `before` begins with the first month that had any.
pub fn silence(facility: &str, month: &str, before: &[u64], limits: &Limits) -> Option<Concern> {
    let mut usual = before.to_vec();
    usual.sort_unstable();
    let median = usual.get(usual.len() / 2).copied().unwrap_or_default();
    (median >= u64::from(limits.silent_usual)).then(|| Concern {
        rule: id::M05,
        msg: Msg::new("rule-m05")
            .with("facility", facility)
            .with("month", month)
            .with("usual", median),
    })
}

/// A facility that signed more events in `month` (`YYYY-MM`) than its delivery book counts: live births,
/// foetal deaths, deaths. Somebody may have invented one.
pub fn surplus(facility: &str, month: &str, signed: [u64; 3], book: [u64; 3]) -> Option<Concern> {
    let more = signed.iter().zip(&book).any(|(s, b)| s > b);
    more.then(|| {
        let sum = |counts: [u64; 3]| counts.map(|n| n.to_string()).join("/");
        Concern {
            rule: id::M07,
            msg: Msg::new("rule-m07")
                .with("facility", facility)
                .with("month", month)
                .with("signed", sum(signed))
                .with("book", sum(book)),
        }
    })
}

fn delay(counts: &CountCell, limits: &Limits, out: &mut Vec<Concern>) {
    let limit = limits.timely_receive_hours;
    let median = counts.delay("received", 50);
    if let Some(median) = median.filter(|m| *m > i64::from(limit))
        && counts.get("judged") >= u64::from(limits.quality_events_least)
    {
        out.push(Concern {
            rule: id::M06,
            msg: Msg::new("rule-m06").with("hours", median).with("limit", limit),
        });
    }
}

fn unknowns(counts: &CountCell, limits: &Limits, out: &mut Vec<Concern>) {
    for (kind, field) in CORE {
        let n = counts.get(match kind {
            Kind::Birth => "live_births",
            Kind::FoetalDeath => "stillbirths",
            Kind::Death => "deaths",
        });
        let unknown = counts.get(&format!("unknown_{field}"));
        if too_large(unknown, n, limits.unknown_percent, limits) {
            let limit = Some(limits.unknown_percent);
            let mut found = share(concern(id::M06, "-unknown", n), unknown, n, limit);
            let label = format!("field-{}", field.replace(['.', '_'], "-"));
            found.msg = found.msg.with("field", Arg::Ref(label));
            out.push(found);
        }
    }
}

#[cfg(test)]
#[path = "quality_tests.rs"]
mod tests;
