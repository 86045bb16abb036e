//! The ministry's page and the operators' measurements: counts and delays, nothing personal.
//!
//! A cell of one to four events shows as `<5`; there are no sums from which it could be computed.

use std::collections::{BTreeMap, BTreeSet};

use maud::{DOCTYPE, Markup, html};

use super::book::{Kept, MonthCount, SignOfLife};
use super::registry::Registry;
use crate::lang::{Lang, Msg, text};
use crate::seal::Status;
use crate::vital::Kind;
use crate::wire::path;

/// Cells below this number of events are not shown.
const SMALLEST_SHOWN: u64 = 5;

pub(super) const STYLE: &str = "body{font:1rem/1.4 sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem}\
table{border-collapse:collapse;margin:.5rem 0}th,td{border:1px solid #999;padding:.2rem .5rem;text-align:left}\
article{border-top:3px solid #333;margin-top:1.5rem}.small{color:#444;font-size:.85rem}\
.differs td{background:#fff3c4}form{margin:.4rem 0}button{font:inherit}";

/// Language asked for, or Tajik.
pub(super) fn lang_of(code: Option<&str>) -> Lang {
    code.and_then(Lang::from_code).unwrap_or_default()
}

/// Links to the other languages.
pub(super) fn languages(at: &str, lang: Lang) -> Markup {
    html! {
        nav {
            @for other in Lang::ALL.into_iter().filter(|l| *l != lang) {
                a href=(format!("{at}?lang={}", other.code())) hreflang=(other.code()) { (other.autonym()) } " "
            }
        }
    }
}

/// A count as it may be shown.
fn cell(count: u64) -> String {
    match count {
        0 => "0".to_owned(),
        n if n < SMALLEST_SHOWN => format!("<{SMALLEST_SHOWN}"),
        n => n.to_string(),
    }
}

/// Median in whole hours, where enough events stand behind it.
fn median_hours(delays: &mut [i64]) -> Option<i64> {
    if u64::try_from(delays.len()).unwrap_or(0) < SMALLEST_SHOWN {
        return None;
    }
    delays.sort_unstable();
    let middle = delays.get(delays.len() / 2)?;
    Some(middle / 3_600_000)
}

/// The ministry's page.
pub(super) fn monitor(registry: &Registry, lang: Lang) -> Kept<String> {
    let (mut months, mut beats, mut facilities) = (Vec::new(), Vec::new(), Vec::new());
    registry.read(&mut |leaf| {
        months = leaf.months()?;
        beats = leaf.heartbeats()?;
        facilities = leaf.facilities()?;
        Ok(())
    })?;
    let now = registry.now().timestamp_millis();
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                title { (text(lang, "monitor-page-title")) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                (languages(path::MONITOR, lang))
                h1 { (text(lang, "monitor-page-title")) }
                p { (text(lang, "monitor-page-small")) }
                @for (fac, name) in &facilities {
                    (facility(fac, name, &months, &beats, now, lang))
                }
            }
        }
    };
    Ok(markup.into_string())
}

fn facility(
    fac: &str,
    name: &str,
    months: &[MonthCount],
    beats: &[SignOfLife],
    now: i64,
    lang: Lang,
) -> Markup {
    let own: Vec<&MonthCount> = months.iter().filter(|m| m.fac == fac).collect();
    let mut counts: BTreeMap<(&str, &str), &MonthCount> = BTreeMap::new();
    let mut rows: BTreeSet<&str> = BTreeSet::new();
    for m in &own {
        counts.insert((&m.month, &m.kind), m);
        rows.insert(&m.month);
    }
    let mut delays: Vec<i64> = own.iter().flat_map(|m| m.delays_ms.iter().copied()).collect();
    let delay = median_hours(&mut delays);
    html! {
        article {
            h2 { (name) " " span.small { (fac) } }
            table {
                tr {
                    th { (text(lang, "monitor-page-month")) }
                    @for kind in Kind::ALL { th { (text(lang, &format!("kind-{}", kind.code()))) } }
                }
                @for month in rows.iter().rev() {
                    tr {
                        td { (month) }
                        @for kind in Kind::ALL {
                            td { (cell(counts.get(&(*month, kind.code())).map_or(0, |m| m.count))) }
                        }
                    }
                }
            }
            p {
                (text(lang, "monitor-page-delay")) ": "
                @match delay {
                    Some(hours) => (Msg::new("monitor-page-hours").with("count", hours).render(lang)),
                    None => "—",
                }
            }
            @for beat in beats.iter().filter(|b| b.fac == fac) {
                @let hours = (now - beat.at_ms).max(0) / 3_600_000;
                p.small {
                    (Msg::new("monitor-page-beat").with("hours", hours)
                        .with("backlog", cell(beat.backlog)).render(lang))
                }
            }
        }
    }
}

/// Measurements in the Prometheus exposition format.
pub(super) fn metrics(registry: &Registry) -> Kept<String> {
    use std::fmt::Write as _;
    let (mut statuses, mut beats, mut waiting, mut forked, mut trust) = (Vec::new(), Vec::new(), 0, 0, 0);
    registry.read(&mut |leaf| {
        statuses = leaf.status_counts()?;
        beats = leaf.heartbeats()?;
        waiting = leaf.waiting_enrolments()?;
        forked = leaf.forked_journals()?;
        trust = leaf.trust_number()?;
        Ok(())
    })?;
    let now = registry.now().timestamp_millis();
    let mut out = String::new();
    // Writing to a String cannot fail.
    let mut put = |line: std::fmt::Arguments<'_>| {
        let _ = writeln!(out, "{line}");
    };
    put(format_args!(
        "# HELP ogoh_portal_entries Entries by what was decided last."
    ));
    put(format_args!("# TYPE ogoh_portal_entries gauge"));
    for status in Status::ALL {
        let count = statuses
            .iter()
            .find(|(s, _)| s == status.code())
            .map_or(0, |(_, n)| *n);
        put(format_args!(
            "ogoh_portal_entries{{status=\"{}\"}} {count}",
            status.code()
        ));
    }
    for (name, help, value) in [
        ("enrolments_waiting", "Requests to enrol that wait.", waiting),
        (
            "journals_forked",
            "Journals with two entries at one place.",
            forked,
        ),
        ("trust_list_number", "Number of the newest trust list.", trust),
    ] {
        put(format_args!("# HELP ogoh_portal_{name} {help}"));
        put(format_args!("# TYPE ogoh_portal_{name} gauge"));
        put(format_args!("ogoh_portal_{name} {value}"));
    }
    put(format_args!(
        "# HELP ogoh_portal_device_silent_seconds Time since a device's last sign of life."
    ));
    put(format_args!("# TYPE ogoh_portal_device_silent_seconds gauge"));
    for beat in &beats {
        let seconds = (now - beat.at_ms).max(0) / 1000;
        put(format_args!(
            "ogoh_portal_device_silent_seconds{{facility=\"{}\",device=\"{}\"}} {seconds}",
            label(&beat.fac),
            label(&beat.dev)
        ));
    }
    Ok(out)
}

/// A label's value without what would end it.
fn label(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '"' | '\\'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cells_are_not_shown() {
        let shown: Vec<String> = [0, 1, 4, 5, 12].into_iter().map(cell).collect();
        assert_eq!(shown, ["0", "<5", "<5", "5", "12"]);
        assert_eq!(median_hours(&mut [3_600_000; 4]), None);
        let mut five = [7_200_000, 3_600_000, 0, 10_800_000, 36_000_000];
        assert_eq!(median_hours(&mut five), Some(2));
    }
}
