//! What time makes due in a running portal.

use crate::portal::book::BookResult;
use crate::portal::operate::alerts::tell_alerts;
use crate::portal::staff::throttle;
use crate::portal::trust::request::drop_expired;
use crate::portal::unit::registry::Registry;

/// What time makes due: what has waited for too long, drawing, counting, forgetting.
pub(in crate::portal) fn housekeeping(registry: &Registry) -> BookResult<bool> {
    let due = registry.hold_overdue()? | registry.end_recovered()?;
    while registry.project_stale()? {}
    registry.recount(u64::MAX)?;
    tell_alerts(registry)?;
    let now = registry.now().timestamp_millis();
    registry.write(|tx| {
        tx.forget_settled_strangers()?;
        throttle::forget(tx, now)
    })?;
    drop_expired(registry)?;
    Ok(due)
}
