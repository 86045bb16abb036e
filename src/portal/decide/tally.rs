//! The tally of a delivery book, signed by the ward.

use crate::seal::Entry;

/// What a delivery book counts in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) struct Tally {
    /// `YYYY-MM`.
    pub month: String,
    /// Births, foetal deaths, deaths.
    pub counts: [u64; 3],
}

/// Reads the tally of an entry; none where it does not count what a tally counts.
pub(in crate::portal) fn tally(entry: &Entry) -> Option<Tally> {
    let count = |name: &str| entry.body.get(name).and_then(serde_json::Value::as_u64);
    Some(Tally {
        month: entry.body.get("month")?.as_str()?.to_owned(),
        counts: [count("births")?, count("foetal_deaths")?, count("deaths")?],
    })
}
