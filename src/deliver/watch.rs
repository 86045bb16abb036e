//! The background pusher: sends what is signed as it is signed, and waits for decisions.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::carrier::Carrier;
use super::lock::{self, Taken};
use super::{DeliverError, PushReport, Wake, random};
use crate::env::{Clock, Paths, Settings};
use crate::outbox::{self, Happened};
use crate::seal::SecretKey;
use crate::store::Store;
use crate::wire;

/// Longest pause between looks at the store: another program may have signed something.
const LOOK: Duration = Duration::from_secs(20);
/// Pause after a portal that answers at once where it was asked to wait.
const HASTE: Duration = Duration::from_secs(5);
/// Between heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(3600);

/// Pushes and listens until [`Wake::stop`]. `tell` hears of every round in which something
/// happened.
///
/// Only an error of this device ends it early; a missing network is a state, not an error.
pub fn watch(
    paths: &Paths,
    settings: &Settings,
    device: &SecretKey,
    clock: &dyn Clock,
    wake: &Wake,
    mut tell: impl FnMut(&PushReport),
) -> Result<(), DeliverError> {
    let mut store = Store::open(&paths.database())?;
    let mut carrier = Carrier::new(settings, device, clock)?;
    let mut held = None;
    let mut beat: Option<Instant> = None;
    let mut asked = false;
    while !wake.is_stopped() {
        if held.is_none() {
            held = match lock::take(&paths.push_lock()) {
                Taken::Theirs => None,
                taken => Some(taken),
            };
        }
        if held.is_none() && !asked {
            asked = wake.sleep(LOOK);
            continue;
        }
        // "Send now" goes ahead even while another program holds the lock.
        let report = if std::mem::take(&mut asked) {
            carrier.push_now(&mut store)?
        } else {
            carrier.push(&mut store)?
        };
        let failed = report.error.is_some();
        if failed || report.is_news() {
            tell(&report);
        }
        if held.is_none() {
            continue;
        }
        if !failed && beat.is_none_or(|at| at.elapsed() >= HEARTBEAT) {
            beat = Some(Instant::now());
            // Chores; whatever is wrong there shows in the next push as well.
            let _ = carrier.fetch_trust(&mut store);
            let _ = carrier.heartbeat(&store);
            let _ = carrier
                .feed(&mut store, Duration::ZERO)
                .and_then(|_| carrier.mend(&mut store));
        }
        if failed {
            asked = wake.sleep(pause(&store, clock)?);
            continue;
        }
        asked = listen(&mut carrier, &mut store, wake, &mut tell)?;
    }
    Ok(())
}

/// Waits for decisions at the portal, or for a ring. True if "send now" was rung.
fn listen(
    carrier: &mut Carrier<'_>,
    store: &mut Store,
    wake: &Wake,
    tell: &mut impl FnMut(&PushReport),
) -> Result<bool, DeliverError> {
    if !wake.wait_on(&carrier.line) {
        return Ok(wake.sleep(Duration::ZERO));
    }
    let started = Instant::now();
    let wait = Duration::from_secs(wire::MAX_WAIT_SECONDS).min(LOOK);
    let heard = carrier.feed(store, wait);
    if wake.done_waiting() {
        // Somebody rang and the line was hung up, which is no failure.
        carrier.redial()?;
        return Ok(wake.sleep(Duration::ZERO));
    }
    match heard {
        Ok(0) if started.elapsed() < wait / 2 => Ok(wake.sleep(HASTE)),
        Ok(0) => Ok(false),
        Ok(receipts) => {
            tell(&PushReport {
                receipts,
                ..PushReport::default()
            });
            Ok(false)
        }
        Err(error) if error.is_ours() => Err(error),
        Err(error) => {
            let now = carrier.now();
            let happened = Happened::Failed(error.code().to_owned());
            let after = outbox::link_after(&store.link()?, &happened, random()?, now);
            store.set_link(&after)?;
            tell(&PushReport {
                error: Some(error),
                ..PushReport::default()
            });
            Ok(wake.sleep(pause(store, carrier.clock)?))
        }
    }
}

/// How long to sleep after a failure: until the next attempt is due, but not past the next look.
fn pause(store: &Store, clock: &dyn Clock) -> Result<Duration, DeliverError> {
    let now = clock.now();
    let left = store.link()?.wait.map_or(0, |w| w.left(now));
    let left = TimeDelta::try_seconds(i64::try_from(left).unwrap_or(i64::MAX)).and_then(|d| d.to_std().ok());
    Ok(left
        .unwrap_or(LOOK)
        .clamp(Duration::from_secs(1), Duration::from_secs(3600)))
}
