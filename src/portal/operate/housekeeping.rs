//! What time makes due in a running portal.

use crate::portal::book::BookResult;
use crate::portal::operate::alerts::tell_alerts;
use crate::portal::staff::throttle;
use crate::portal::trust::request::drop_expired;
use crate::portal::unit::registry::Registry;

/// What time makes due: multiple births that stayed incomplete, drawing, counting, forgetting.
pub(in crate::portal) fn housekeeping(registry: &Registry) -> BookResult<bool> {
    let grace_period = chrono::Duration::hours(i64::from(registry.settings.limits.set_hours));
    let before = (registry.clock.now() - grace_period).timestamp_millis();
    let due = !registry.read(|tx| tx.waiting_sets(before))?.is_empty();
    if due {
        let keyring = registry.keyring()?;
        registry.unit_of_work(&keyring, |unit| unit.hold_incomplete_sets())?;
    }
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
