//! The state for a monitoring plugin (Nagios, Icinga, Zabbix and what speaks like them).
//!
//! A dead network is a warning or critical by the age of what waits, never UNKNOWN: that word is
//! left to whoever could not look at all.

use serde::{Deserialize, Serialize};

use super::WardStatus;
use crate::env::ClockTrust;
use crate::lang::{Lang, Msg};

/// How bad it is. The number is the exit code of the plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// All is well.
    Ok,
    /// Somebody should look at it today.
    Warning,
    /// Somebody should look at it now.
    Critical,
    /// It could not be looked at.
    Unknown,
}

impl Level {
    /// Exit code.
    pub fn exit_code(self) -> i32 {
        match self {
            Level::Ok => 0,
            Level::Warning => 1,
            Level::Critical => 2,
            Level::Unknown => 3,
        }
    }

    /// The word that plugins print. Not translated: programs read it.
    pub fn word(self) -> &'static str {
        match self {
            Level::Ok => "OK",
            Level::Warning => "WARNING",
            Level::Critical => "CRITICAL",
            Level::Unknown => "UNKNOWN",
        }
    }
}

/// From where on something is a warning, and critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Entries without a receipt.
    pub unsent: (u64, u64),
    /// Age in hours of the oldest entry without a receipt.
    pub oldest_hours: (i64, i64),
    /// Notifications that the registry returned and nobody corrected.
    pub returned: (u64, u64),
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            unsent: (50, 500),
            oldest_hours: (24, 72),
            returned: (1, 20),
        }
    }
}

/// What a plugin prints and returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// How bad it is.
    pub level: Level,
    /// The reasons, worst first; empty if all is well.
    pub reasons: Vec<(Level, Msg)>,
    /// `label=value[unit];warn;crit;min`, apart by blanks.
    pub perfdata: String,
    summary: Msg,
}

impl CheckResult {
    /// A device that could not be looked at.
    pub fn unknown(why: Msg) -> CheckResult {
        let reasons = vec![(Level::Unknown, why.clone())];
        CheckResult {
            level: Level::Unknown,
            reasons,
            perfdata: String::new(),
            summary: why,
        }
    }

    /// The one line.
    pub fn line(&self, lang: Lang) -> String {
        let mut text = if self.reasons.is_empty() {
            self.summary.render(lang)
        } else {
            let reasons: Vec<String> = self.reasons.iter().map(|(_, m)| m.render(lang)).collect();
            reasons.join("; ")
        };
        // A bar would start the performance data, a line break end the line.
        text = text.replace(['|', '\n', '\r'], " ");
        let mut line = format!("OGOH {} - {text}", self.level.word());
        if !self.perfdata.is_empty() {
            line.push_str(" | ");
            line.push_str(&self.perfdata);
        }
        line
    }
}

/// Judges a ward's device.
pub fn check(ward: &WardStatus, at: &Thresholds) -> CheckResult {
    let mut reasons = Vec::new();
    let mut graded = |value: u64, (warning, critical): (u64, u64), msg: Msg| {
        let level = match value {
            v if v >= critical => Level::Critical,
            v if v >= warning => Level::Warning,
            _ => return,
        };
        reasons.push((level, msg));
    };
    let oldest = ward.oldest_unsent_seconds().unwrap_or(0);
    let hours = oldest / 3600;
    let returned = ward.with_status("returned");
    let age = |h: i64| u64::try_from(h).unwrap_or(0);
    graded(
        ward.unsent,
        at.unsent,
        Msg::new("monitor-unsent").with("n", number(ward.unsent)),
    );
    graded(
        age(hours),
        (age(at.oldest_hours.0), age(at.oldest_hours.1)),
        Msg::new("monitor-oldest").with("hours", hours),
    );
    graded(
        returned,
        at.returned,
        Msg::new("monitor-returned").with("n", number(returned)),
    );
    graded(
        ward.put_aside,
        (1, u64::MAX),
        Msg::new("monitor-put-aside").with("n", number(ward.put_aside)),
    );
    graded(
        ward.lost,
        (1, 1),
        Msg::new("monitor-lost").with("n", number(ward.lost)),
    );
    if ward.journal_verified == Some(false) {
        reasons.push((Level::Critical, Msg::new("monitor-journal")));
    }
    match ward.clk {
        ClockTrust::Synced | ClockTrust::Unsynced => {}
        ClockTrust::Behind => reasons.push((Level::Warning, Msg::new("monitor-clock-behind"))),
        ClockTrust::Ahead => reasons.push((Level::Warning, Msg::new("monitor-clock-ahead"))),
    }
    reasons.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let level = reasons.first().map_or(Level::Ok, |(level, _)| *level);
    let mut perfdata = format!(
        "unsent={};{};{};0 oldest={oldest}s;{};{};0 returned={returned};{};{};0 drafts={};;;0",
        ward.unsent,
        at.unsent.0,
        at.unsent.1,
        at.oldest_hours.0 * 3600,
        at.oldest_hours.1 * 3600,
        at.returned.0,
        at.returned.1,
        ward.drafts,
    );
    if let Some(verified) = ward.journal_verified {
        perfdata.push_str(if verified { " journal=1" } else { " journal=0" });
    }
    let summary = Msg::new("monitor-well").with("n", number(ward.unsent));
    CheckResult {
        level,
        reasons,
        perfdata,
        summary,
    }
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration};

    use super::*;
    use crate::vital::Kind;

    fn ward() -> WardStatus {
        WardStatus::new(
            "F",
            DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap(),
        )
    }

    #[test]
    fn an_empty_queue_is_well_and_an_old_one_is_not() {
        let mut w = ward();
        assert_eq!(check(&w, &Thresholds::default()).level, Level::Ok);
        w.unsent = 3;
        for (hours, level) in [
            (23, Level::Ok),
            (24, Level::Warning),
            (71, Level::Warning),
            (72, Level::Critical),
        ] {
            w.oldest_unsent = Some(w.at - Duration::hours(hours));
            assert_eq!(check(&w, &Thresholds::default()).level, level, "{hours} h");
        }
        w.oldest_unsent = Some(w.at + Duration::hours(5));
        assert_eq!(
            check(&w, &Thresholds::default()).level,
            Level::Ok,
            "the clock was set back"
        );
    }

    #[test]
    fn the_worst_reason_stands_first_and_names_the_level() {
        let mut w = ward();
        w.notifications.insert((Kind::Birth, "returned"), 2);
        w.journal_verified = Some(false);
        w.clk = ClockTrust::Behind;
        let result = check(&w, &Thresholds::default());
        assert_eq!(result.level, Level::Critical);
        assert_eq!(result.reasons.len(), 3);
        assert_eq!(result.reasons[0].1.id, "monitor-journal");
        for lang in Lang::ALL {
            let line = result.line(lang);
            assert!(line.starts_with("OGOH CRITICAL - "), "{line}");
            assert!(
                line.ends_with("journal=0") && line.matches('|').count() == 1,
                "{line}"
            );
        }
    }

    #[test]
    fn a_line_is_one_line() {
        let line = CheckResult::unknown(Msg::new("x|y\nz")).line(Lang::En);
        assert_eq!(line, "OGOH UNKNOWN - x y z");
        assert_eq!(Level::Unknown.exit_code(), 3);
    }
}
