//! The tally of a delivery book, signed by the ward.

use crate::portal::book::{BookResult, TallyRow, WriteTransaction};
use crate::portal::projections::months::read_month;
use crate::seal::Entry;

/// Keeps the tally of a delivery book. What it does not count is not kept.
pub(in crate::portal) fn save_tally(
    tx: &WriteTransaction<'_>,
    fac: &str,
    entry: &Entry,
    at_ms: i64,
) -> BookResult<()> {
    let text = |name: &str| entry.body.get(name).and_then(serde_json::Value::as_str);
    let count = |name: &str| entry.body.get(name).and_then(serde_json::Value::as_u64);
    let month = text("month").and_then(read_month);
    let counts = (count("births"), count("foetal_deaths"), count("deaths"));
    if let (Some(month), (Some(births), Some(foetal), Some(deaths))) = (month, counts) {
        tx.put_tally(&TallyRow {
            fac: fac.to_owned(),
            month,
            counts: [births, foetal, deaths],
            at_ms,
        })?;
    }
    Ok(())
}
