//! The background pusher: sends what is signed as it is signed, and waits for decisions.

use std::time::{Duration, Instant};

use super::carrier::Carrier;
use super::lock::{self, Taken};
use super::{DeliverError, PushHandle, PushReport, random};
use crate::env::{Clock, Paths, Settings};
use crate::seal::SecretKey;
use crate::ward::outbox::{self, CAP_SECONDS, LinkState};
use crate::ward::store::Store;
use crate::wire;

/// Longest pause between looks at the store: another program may have signed something.
const LOOK: Duration = Duration::from_secs(20);
/// Pause after a portal that answers at once where it was asked to wait.
const HASTE: Duration = Duration::from_secs(5);
/// Between heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(3600);

/// Pushes and listens until [`PushHandle::stop`]. `on_report` hears of every round in which something
/// happened.
///
/// Neither a missing network nor a store that fails for a while ends it; both are told.
///
/// # Errors
/// Those that stand at the start: settings that lead nowhere, a database that does not open.
pub fn watch(
    paths: &Paths,
    settings: &Settings,
    device: &SecretKey,
    clock: &dyn Clock,
    push_handle: &PushHandle,
    mut on_report: impl FnMut(&PushReport),
) -> Result<(), DeliverError> {
    let mut store = Store::open_at(paths)?;
    let mut rounds = Rounds {
        carrier: Carrier::new(settings, device, clock)?,
        push_handle,
        beat: None,
        deaf: 0,
        listen_from: Instant::now(),
    };
    let mut held = None;
    let mut asked = false;
    while !push_handle.is_stopped() {
        if held.is_none() {
            held = match lock::take(&paths.push_lock()) {
                Taken::Theirs => None,
                taken => Some(taken),
            };
        }
        if held.is_none() && !asked {
            asked = push_handle.sleep(LOOK);
            continue;
        }
        asked = match rounds.round(&mut store, asked, held.is_some(), &mut on_report) {
            Ok(signalled) => signalled,
            Err(error) => {
                on_report(&PushReport::failed(error));
                let signalled = push_handle.sleep(LOOK);
                // A connection that failed is not built on.
                if let Ok(opened) = Store::open_at(paths) {
                    store = opened;
                }
                signalled
            }
        };
    }
    Ok(())
}

/// What the background pusher remembers from round to round.
struct Rounds<'a> {
    carrier: Carrier<'a>,
    push_handle: &'a PushHandle,
    beat: Option<Instant>,
    /// Failures of the feed in a row. They never hold up a delivery.
    deaf: u32,
    listen_from: Instant,
}

impl Rounds<'_> {
    /// Sends what is due, then waits for news or for a signal. True if it was "send now".
    ///
    /// "Send now" goes ahead even while another program holds the lock; waiting for news does not.
    fn round(
        &mut self,
        store: &mut Store,
        asked: bool,
        ours: bool,
        on_report: &mut impl FnMut(&PushReport),
    ) -> Result<bool, DeliverError> {
        let mut report = match asked {
            true => self.carrier.push_now(store)?,
            false => self.carrier.push(store)?,
        };
        report.trust = self.carrier.follow_trust(store)?;
        // Whoever asked wants an answer, even that nothing waited.
        if asked || report.is_news() {
            on_report(&report);
        }
        if !ours {
            return Ok(false);
        }
        if report.error.is_some() {
            let left = store.link()?.wait.map_or(1, |w| w.left(self.carrier.now()));
            return Ok(self
                .push_handle
                .sleep(Duration::from_secs(left.clamp(1, CAP_SECONDS))));
        }
        if self.beat.is_none_or(|at| at.elapsed() >= HEARTBEAT) {
            self.beat = Some(Instant::now());
            // Chores; whatever is wrong there shows in the feed as well.
            let before = store.trust_lists()?.len();
            let _ = self.carrier.fetch_trust(store);
            if store.trust_lists()?.len() > before {
                on_report(&PushReport::of_trust());
            }
            let _ = self.carrier.heartbeat(store);
            let _ = self
                .carrier
                .feed(store, Duration::ZERO)
                .and_then(|_| self.carrier.reconcile(store));
            let report = PushReport {
                given_back: self.carrier.given_back.take(),
                ..PushReport::default()
            };
            if report.is_news() {
                on_report(&report);
            }
            let days = self.carrier.settings.limits.minimise_days;
            store.minimise_daily(self.carrier.now(), days)?;
        }
        let rest = self.listen_from.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            self.listen(store, on_report)
        } else {
            Ok(self.push_handle.sleep(rest.min(LOOK)))
        }
    }

    /// Waits for decisions at the portal, or for a signal. True if it was "send now".
    fn listen(
        &mut self,
        store: &mut Store,
        on_report: &mut impl FnMut(&PushReport),
    ) -> Result<bool, DeliverError> {
        if !self.push_handle.wait_on(&self.carrier.client) {
            return Ok(self.push_handle.sleep(Duration::ZERO));
        }
        let started = Instant::now();
        let wait = Duration::from_secs(wire::MAX_WAIT_SECONDS).min(LOOK);
        let heard = self.carrier.feed(store, wait);
        if self.push_handle.done_waiting() {
            // A signal came and the connection was closed, which is no failure.
            self.carrier.reconnect()?;
            return Ok(self.push_handle.sleep(Duration::ZERO));
        }
        match heard {
            Ok(receipts) => {
                self.deaf = 0;
                end_pause(store)?;
                let report = PushReport {
                    receipts,
                    trust: self.carrier.follow_trust(store)?,
                    given_back: self.carrier.given_back.take(),
                    ..PushReport::default()
                };
                if report.is_news() {
                    on_report(&report);
                } else if started.elapsed() < wait / 2 {
                    self.listen_from = Instant::now() + HASTE;
                }
                Ok(false)
            }
            Err(error) if error.is_ours() => Err(error),
            Err(error) => {
                let rest = match &error {
                    DeliverError::Busy { seconds: Some(s), .. } => *s,
                    _ => outbox::backoff(self.deaf, random()?),
                };
                self.deaf = self.deaf.saturating_add(1);
                self.listen_from = Instant::now() + Duration::from_secs(rest);
                on_report(&PushReport::failed(error));
                Ok(false)
            }
        }
    }
}

/// The portal answered: a pause that was left from earlier failures is over, unless the portal
/// itself asked for it.
fn end_pause(store: &mut Store) -> Result<(), DeliverError> {
    let link = store.link()?;
    if link.wait.is_some() && link.code.as_deref() != Some("later") {
        store.set_link(&LinkState { wait: None, ..link })?;
    }
    Ok(())
}
