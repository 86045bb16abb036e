//! How timely notifications are: signed and received how long after the event.

use chrono::{DateTime, Duration, FixedOffset};
use serde::Serialize;

use crate::env::Limits;

/// The times of one notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// When it happened; none where the day or the time is not known exactly.
    pub event: Option<DateTime<FixedOffset>>,
    /// When its first entry was signed, by the ward's clock.
    pub signed: DateTime<FixedOffset>,
    /// When the portal received it, by the portal's clock.
    pub received: Option<DateTime<FixedOffset>>,
}

/// How many were in time. What cannot be judged is counted apart, never as late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Timeliness {
    /// All notifications.
    pub all: u64,
    /// Without an exact time of the event.
    pub not_judged: u64,
    /// Signed within the limit.
    pub signed_in_time: u64,
    /// Received within the limit.
    pub received_in_time: u64,
    /// Not received yet, and the limit has not passed.
    pub still_open: u64,
}

/// Counts by the limits `timely_sign_hours` and `timely_receive_hours`.
pub fn timeliness(timings: &[Timing], now: DateTime<FixedOffset>, limits: &Limits) -> Timeliness {
    let sign = Duration::hours(i64::from(limits.timely_sign_hours));
    let receive = Duration::hours(i64::from(limits.timely_receive_hours));
    let mut out = Timeliness::default();
    for t in timings {
        out.all += 1;
        let Some(event) = t.event else {
            out.not_judged += 1;
            continue;
        };
        out.signed_in_time += u64::from(t.signed - event <= sign);
        match t.received {
            Some(at) => out.received_in_time += u64::from(at - event <= receive),
            None => out.still_open += u64::from(now - event <= receive),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_judged_is_not_late_and_what_is_open_is_not_yet_late() {
        let event = DateTime::parse_from_rfc3339("2026-11-20T10:00:00+05:00").unwrap();
        let after = |h| event + Duration::hours(h);
        let timing = |signed, received: Option<i64>| Timing {
            event: Some(event),
            signed: after(signed),
            received: received.map(after),
        };
        let all = [
            timing(24, Some(72)),
            timing(25, Some(73)),
            timing(1, None),
            Timing {
                event: None,
                signed: after(999),
                received: None,
            },
        ];
        let at = |h| timeliness(&all, after(h), &Limits::default());
        assert_eq!(
            at(72),
            Timeliness {
                all: 4,
                not_judged: 1,
                signed_in_time: 2,
                received_in_time: 1,
                still_open: 1
            }
        );
        assert_eq!(at(73).still_open, 0);
    }
}
