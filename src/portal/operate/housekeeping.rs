//! What time makes due in a running portal.

use crate::portal::book::Kept;
use crate::portal::operate::alerts::tell_alerts;
use crate::portal::unit::registry::Registry;

/// What time makes due: multiple births that stayed incomplete, drawing, counting.
pub(in crate::portal) fn housekeeping(registry: &Registry) -> Kept<bool> {
    let patience = chrono::Duration::hours(i64::from(registry.settings.limits.set_hours));
    let before = (registry.clock.now() - patience).timestamp_millis();
    let mut due = false;
    registry.read(&mut |leaf| {
        due = !leaf.waiting_sets(before)?.is_empty();
        Ok(())
    })?;
    if due {
        let ring = registry.ring()?;
        registry.write(&ring, &mut |session| session.hold_incomplete_sets().map(|_| ()))?;
    }
    while registry.draw_rest()? {}
    registry.recount(u64::MAX)?;
    tell_alerts(registry)?;
    Ok(due)
}
