//! The clock, and how far it may be believed.

use chrono::{DateTime, Duration, FixedOffset, Utc};

use super::Limits;

/// Source of the time.
pub trait Clock: Send + Sync {
    /// The system's time, raw, with the ward's offset. Never clamped.
    fn now(&self) -> DateTime<FixedOffset>;
}

/// The system's clock, shown at the offset of the ward.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    /// Minutes east of UTC (Tajikistan: 300, no summer time).
    pub utc_offset_minutes: i32,
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<FixedOffset> {
        let zone = FixedOffset::east_opt(self.utc_offset_minutes.saturating_mul(60))
            .unwrap_or_else(|| chrono::Offset::fix(&Utc));
        Utc::now().with_timezone(&zone)
    }
}

/// A clock that stands still, for tests and pictures.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub DateTime<FixedOffset>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<FixedOffset> {
        self.0
    }
}

/// How far a recorded system time may be believed (`clk` of an entry).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub enum ClockTrust {
    /// The system reports synchronisation, or the portal agreed not long ago.
    Synced,
    /// Nothing is known of it.
    Unsynced,
    /// Earlier than something that has surely happened.
    Behind,
    /// Later than the portal's time by more than the limit.
    Ahead,
}

impl ClockTrust {
    /// The word in an entry. FROZEN.
    pub fn code(self) -> &'static str {
        match self {
            ClockTrust::Synced => "synced",
            ClockTrust::Unsynced => "unsynced",
            ClockTrust::Behind => "behind",
            ClockTrust::Ahead => "ahead",
        }
    }
}

/// What speaks for or against the clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockEvidence {
    /// The operating system says that its clock is synchronised.
    pub system_synced: bool,
    /// Portal's time minus ours at its last answer in seconds, and our time then.
    pub portal: Option<(i64, DateTime<FixedOffset>)>,
    /// Latest time that has surely passed: build, newest receipt, newest entry made here.
    pub floor: Option<DateTime<FixedOffset>>,
}

/// Judges the clock.
///
/// *Behind* a floor is certain and comes first. The portal's word counts for `clock_days`, as long
/// as the clock has not been set back to before that answer.
pub fn trust_of(now: DateTime<FixedOffset>, evidence: &ClockEvidence, limits: &Limits) -> ClockTrust {
    if evidence.floor.is_some_and(|floor| now < floor) {
        return ClockTrust::Behind;
    }
    let recent = evidence
        .portal
        .filter(|(_, at)| *at <= now && now - *at <= Duration::days(i64::from(limits.clock_days)));
    if let Some((offset, _)) = recent {
        let allowed = i64::from(limits.clock_minutes) * 60;
        return match offset {
            o if o.abs() <= allowed => ClockTrust::Synced,
            o if o > 0 => ClockTrust::Behind,
            _ => ClockTrust::Ahead,
        };
    }
    if evidence.system_synced {
        ClockTrust::Synced
    } else {
        ClockTrust::Unsynced
    }
}

/// Whether the operating system reports that its clock is synchronised.
pub fn system_synced() -> bool {
    // systemd-timesyncd leaves this file once it has agreed with a server; other systems say
    // nothing that can be read without a system call of their own.
    cfg!(target_os = "linux") && std::path::Path::new("/run/systemd/timesync/synchronized").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn a_clock_is_judged_by_what_has_surely_passed_and_by_the_portal() {
        let now = at("2026-11-23T10:00:00+05:00");
        let limits = Limits::default();
        let judge = |e: ClockEvidence| trust_of(now, &e, &limits);
        let none = ClockEvidence::default();
        assert_eq!(judge(none.clone()), ClockTrust::Unsynced);
        assert_eq!(
            judge(ClockEvidence {
                system_synced: true,
                ..none.clone()
            }),
            ClockTrust::Synced
        );
        let floor = Some(at("2026-11-23T10:00:01+05:00"));
        assert_eq!(
            judge(ClockEvidence {
                system_synced: true,
                floor,
                ..none.clone()
            }),
            ClockTrust::Behind
        );
        let portal = |offset, text| ClockEvidence {
            portal: Some((offset, at(text))),
            ..none.clone()
        };
        assert_eq!(
            judge(portal(299, "2026-11-20T10:00:00+05:00")),
            ClockTrust::Synced
        );
        assert_eq!(
            judge(portal(301, "2026-11-20T10:00:00+05:00")),
            ClockTrust::Behind
        );
        assert_eq!(
            judge(portal(-301, "2026-11-20T10:00:00+05:00")),
            ClockTrust::Ahead
        );
        assert_eq!(
            judge(portal(0, "2026-10-20T10:00:00+05:00")),
            ClockTrust::Unsynced,
            "too long ago"
        );
        assert_eq!(
            judge(portal(0, "2026-11-24T10:00:00+05:00")),
            ClockTrust::Unsynced,
            "stepped back"
        );
    }
}
