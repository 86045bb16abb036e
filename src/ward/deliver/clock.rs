//! What the portal's `Date` says about this computer's clock.

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::{DeliverError, meta};
use crate::env::{ClockEvidence, ClockTrust, Limits, system_synced, trust_of};
use crate::ward::store::Store;

/// Seconds by which the clock may drift from the time since boot before it counts as stepped,
/// besides what a month of a cheap quartz loses.
const STEP_SECONDS: i64 = 120;

/// How the clock compared with the portal's at its last answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Agreement {
    /// Portal's time minus ours, in seconds.
    pub offset: i64,
    /// Our time then.
    pub at: DateTime<FixedOffset>,
    /// The boot and the seconds since it, where the system says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<Boot>,
}

/// A running of the computer, and how long it had run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Boot {
    /// The system's identifier of the boot.
    pub id: String,
    /// Seconds since then, sleep included.
    pub seconds: i64,
}

impl Boot {
    /// Of this moment. None on systems that do not say.
    pub fn now() -> Option<Boot> {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
        let seconds = uptime.split(['.', ' ']).next()?.parse().ok()?;
        Some(Boot {
            id: id.trim().to_owned(),
            seconds,
        })
    }
}

impl Agreement {
    /// Compares the portal's time with ours at the moment its answer came.
    pub fn noted(portal: DateTime<Utc>, now: DateTime<FixedOffset>, boot: Option<Boot>) -> Agreement {
        Agreement {
            offset: (portal - now.with_timezone(&Utc)).num_seconds(),
            at: now,
            boot,
        }
    }

    /// Remembers it in the store.
    pub fn keep(&self, store: &mut Store) -> Result<(), DeliverError> {
        if let Ok(text) = serde_json::to_string(self) {
            store.set_meta(meta::CLOCK, &text)?;
        }
        Ok(())
    }

    /// The pair that `env::ClockEvidence` wants, unless the clock has been stepped since: within
    /// one boot it must have advanced as far as the time since boot has.
    pub fn evidence(
        &self,
        now: DateTime<FixedOffset>,
        boot: Option<&Boot>,
    ) -> Option<(i64, DateTime<FixedOffset>)> {
        if let (Some(then), Some(this)) = (&self.boot, boot)
            && then.id == this.id
        {
            let ran = this.seconds - then.seconds;
            let showed = (now - self.at).num_seconds();
            // 50 parts in a million is a poor clock that nobody corrects.
            if (showed - ran).abs() > STEP_SECONDS + ran / 20_000 {
                return None;
            }
        }
        (self.at <= now).then_some((self.offset, self.at))
    }
}

/// What the portal's last answer says about this computer's clock now: portal's time minus ours
/// in seconds, and our time then. For `env::ClockEvidence`; none where the clock has been stepped
/// since.
pub fn clock_evidence(
    store: &Store,
    now: DateTime<FixedOffset>,
) -> Result<Option<(i64, DateTime<FixedOffset>)>, DeliverError> {
    let kept = store
        .meta(meta::CLOCK)?
        .and_then(|text| serde_json::from_str::<Agreement>(&text).ok());
    Ok(kept.and_then(|a| a.evidence(now, Boot::now().as_ref())))
}

/// How far this computer's clock may be believed: what `clk` of an entry signed now says.
pub fn clock_trust(
    store: &Store,
    now: DateTime<FixedOffset>,
    limits: &Limits,
) -> Result<ClockTrust, DeliverError> {
    let evidence = ClockEvidence {
        system_synced: system_synced(),
        portal: clock_evidence(store, now)?,
        floor: store.queue()?.last_receipt,
    };
    Ok(trust_of(now, &evidence, limits))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    fn boot(id: &str, seconds: i64) -> Boot {
        Boot {
            id: id.into(),
            seconds,
        }
    }

    #[test]
    fn the_portals_word_counts_until_the_clock_is_stepped() {
        let now = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap();
        let portal = now.with_timezone(&Utc) + Duration::seconds(7);
        let noted = Agreement::noted(portal, now, Some(boot("a", 1000)));
        assert_eq!(noted.offset, 7);
        let said = Some((7, now));
        let day = Duration::days(1);
        assert_eq!(noted.evidence(now + day, Some(&boot("a", 1000 + 86_400))), said);
        let stepped = now + day + Duration::hours(1);
        assert_eq!(
            noted.evidence(stepped, Some(&boot("a", 1000 + 86_400))),
            None,
            "set forward"
        );
        assert_eq!(
            noted.evidence(now - day, Some(&boot("a", 1000 + 86_400))),
            None,
            "set back"
        );
        assert_eq!(
            noted.evidence(now + day, Some(&boot("b", 5))),
            said,
            "another boot says nothing"
        );
        assert_eq!(noted.evidence(now - day, None), None, "before that answer");
    }

    #[test]
    fn what_is_stored_reads_back() {
        let now = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap();
        let noted = Agreement::noted(now.with_timezone(&Utc), now, Boot::now());
        let text = serde_json::to_string(&noted).unwrap();
        assert_eq!(serde_json::from_str::<Agreement>(&text).unwrap(), noted);
    }
}
