//! What an operator sees and says of a book that was set back: which offices recover, what each waits for, and
//! that one may go on without it.

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use serde::Serialize;

use crate::env::Clock;
use crate::portal::PortalError;
use crate::portal::decide::reason;
use crate::portal::record::recovery::{Noticed, StillToCome};
use crate::portal::unit::opened::Opened;
use crate::portal::unit::registry::Registry;
use crate::vital::FacilityCode;

/// An office that recovers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfficeRecovery {
    /// Its code.
    pub office: String,
    /// The epoch that was opened for it.
    pub epoch: u32,
    /// How it was noticed that the book was set back.
    pub why: Noticed,
    /// Since when (RFC 3339).
    pub since: String,
    /// Whether it has lasted longer than the days of the settings: what is missing may never come.
    pub overdue: bool,
    /// What it waits for.
    #[serde(flatten)]
    pub waits: StillToCome,
}

/// Lists the offices that recover; works beside a running portal.
pub fn recovery(dir: &Path, clock: Arc<dyn Clock>) -> Result<Vec<OfficeRecovery>, PortalError> {
    let registry = Registry::open(dir, None, clock)?;
    let (offset, now_ms) = (*registry.now().offset(), registry.now().timestamp_millis());
    let days = registry.settings.registration.recovery_days;
    let all = registry.recovery()?.into_iter().map(|(of, waits)| {
        let since = DateTime::from_timestamp_millis(of.since_ms).unwrap_or_default();
        OfficeRecovery {
            overdue: of.is_overdue(now_ms, days),
            office: of.office.into(),
            epoch: of.epoch,
            why: of.why,
            since: since.with_timezone(&offset).to_rfc3339(),
            waits,
        }
    });
    Ok(all.collect())
}

/// Receipts that came back under a key that the trust list revokes: they change nothing until the operator decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DoubtedReceipts {
    /// Facility.
    pub facility: FacilityCode,
    /// The key.
    pub kid: String,
    /// How many.
    pub receipts: u64,
}

/// Lists receipts that wait for the operator's decision, by facility and key.
pub fn doubted(dir: &Path) -> Result<Vec<DoubtedReceipts>, PortalError> {
    let all = Opened::at(dir)?.book.read(|tx| tx.doubted())?.into_iter();
    let row = |(facility, kid, receipts)| DoubtedReceipts {
        facility,
        kid,
        receipts,
    };
    Ok(all.map(row).collect())
}

/// Decides on receipts that wait under a revoked key: honours them as those of a retired one, where `honest`, or else
/// leaves them out for ever. `why` stands in the log. Gives how many were kept, and how many were not.
///
/// # Errors
/// [`PortalError::NoneDoubted`] where none waits under that key; [`PortalError::Reason`] where `why` says nothing.
pub fn settle_doubted(
    dir: &Path,
    kid: &str,
    honest: bool,
    why: &str,
    clock: Arc<dyn Clock>,
) -> Result<(u64, u64), PortalError> {
    let why = reason(why).ok_or(PortalError::Reason)?;
    Registry::open(dir, None, clock)?.settle_doubted(kid, honest, &why)
}

/// Lets offices number again although something is still to come: one, or all. `why` stands in the log. Gives
/// their codes.
///
/// # Errors
/// [`PortalError::Place`] where that office does not recover; [`PortalError::Reason`] where `why` says nothing.
pub fn end_recovery(
    dir: &Path,
    office: Option<&str>,
    why: &str,
    clock: Arc<dyn Clock>,
) -> Result<Vec<String>, PortalError> {
    let why = reason(why).ok_or(PortalError::Reason)?;
    let registry = Registry::open(dir, None, clock)?;
    let all = registry
        .read(|tx| tx.recovering())?
        .into_iter()
        .map(|of| of.office);
    let asked: Vec<_> = all
        .filter(|of| office.is_none_or(|office| **of == *office))
        .collect();
    if let (Some(office), true) = (office, asked.is_empty()) {
        return Err(PortalError::Place(office.to_owned()));
    }
    for office in &asked {
        registry.end_recovery(office, Some(&why))?;
    }
    Ok(asked.into_iter().map(String::from).collect())
}
