//! Delivery: what was signed goes to the registry's portal, and its decisions come back.
//!
//! [`push`] reads what waits in the store, asks `outbox` for a plan, sends it in batches, verifies
//! each line of the answer on its own and stores the receipts that hold. Nothing else moves a
//! status: an answer of HTTP 200 proves nothing, a captive portal gives one too. Whatever goes
//! wrong on the line leaves the store as it was, but for the note that an attempt was made, so
//! that sending again is always right.
//!
//! Several programs may push from one store at a time. A lock file makes that rare; nothing
//! depends on it, because the portal answers the same bytes with the same decision.
//!
//! This is the only module that names the HTTP client. Deliberately absent: SQL text, judging a
//! notification, following redirects, any certificate authority but the registry's own.

mod address;
mod carrier;
mod clock;
mod enrol;
mod error;
mod feed;
mod give_back;
mod http_client;
mod lock;
mod meta;
mod people;
mod push;
mod push_handle;
mod reconcile;
mod report;
mod trust;
mod watch;

use std::time::Duration;

use chrono::{DateTime, FixedOffset};

pub use carrier::Carrier;
pub use clock::{clock_evidence, clock_trust};
pub use enrol::{enrol, enrolment};
pub use error::{DeliverError, Lost};
pub use http_client::Timeouts;
pub use push_handle::PushHandle;
pub use reconcile::Reconciled;
pub use report::PushReport;
pub use trust::bring_trust;
pub use watch::watch;

use crate::env::{Clock, Paths, Settings};
use crate::seal::SecretKey;
use crate::ward::store::Store;
use lock::Taken;

/// Delivers what waits and fetches decisions, once, until nothing is due.
///
/// A pause after earlier failures is not waited for: somebody asked. What the way to the portal
/// did wrong stands in the report, with what was achieved before it.
///
/// # Errors
/// Those of this device: the store, the settings, the keys.
pub fn push(
    store: &mut Store,
    paths: &Paths,
    settings: &Settings,
    device: &SecretKey,
    clock: &dyn Clock,
) -> Result<PushReport, DeliverError> {
    let _lock = match lock::take(&paths.push_lock()) {
        Taken::Theirs => {
            let left = store.pending()?.len();
            return Ok(PushReport {
                left,
                elsewhere: true,
                ..PushReport::default()
            });
        }
        taken => taken,
    };
    let carrier = Carrier::new(settings, device, clock)?;
    let mut report = carrier.push_now(store)?;
    if report.error.is_none() {
        match carrier.feed(store, Duration::ZERO) {
            Ok(receipts) => {
                report.receipts += receipts;
                // Whatever is wrong with that shows again the next time.
                let _ = carrier.reconcile(store);
                store.minimise_daily(clock.now(), settings.limits.minimise_days)?;
            }
            Err(error) if error.is_ours() => return Err(error),
            Err(error) => report.error = Some(error),
        }
    }
    report.trust |= carrier.follow_trust(store)?;
    report.given_back += carrier.given_back.take();
    Ok(report)
}

/// Fetches the registry's trust list; gives the number of the one in force.
pub fn fetch_trust(
    store: &mut Store,
    settings: &Settings,
    device: &SecretKey,
    clock: &dyn Clock,
) -> Result<u64, DeliverError> {
    Carrier::new(settings, device, clock)?.fetch_trust(store)
}

/// Whether this can be a portal's address: `https://…`, or `http://` with a literal loopback address.
///
/// # Errors
/// [`DeliverError::BadAddress`], [`DeliverError::PlainHttp`].
pub fn check_address(url: &str) -> Result<(), DeliverError> {
    address::Address::parse(url).map(|_| ())
}

/// When the portal last answered with something that proved to be from it, by our clock.
pub fn last_contact(store: &Store) -> Result<Option<DateTime<FixedOffset>>, DeliverError> {
    Ok(store
        .meta(meta::CONTACT)?
        .and_then(|t| DateTime::parse_from_rfc3339(&t).ok()))
}

/// A fresh random number for the jitter of pauses.
fn random() -> Result<u64, DeliverError> {
    Ok(u64::from_le_bytes(crate::env::random::<8>()?))
}
