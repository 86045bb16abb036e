//! Draws every projection anew from facts and decisions, and says what differed.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::env::Clock;
use crate::portal::PortalError;
use crate::portal::book::BookResult;
use crate::portal::record::{Record, reduce};
use crate::portal::unit::registry::Registry;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::vital::Nid;

/// Notifications drawn in one transaction.
const AT_ONCE: usize = 500;
/// Notifications that are named.
const MOST_NAMED: usize = 100;

/// What drawing anew came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Notifications.
    pub notifications: u64,
    /// Decisions that were added up.
    pub decisions: u64,
    /// Notifications of which something differed, the first hundred.
    pub differed: Vec<String>,
    /// How many there were.
    pub different: u64,
    /// Months of which a count differed.
    pub months: Vec<i32>,
}

impl Rebuilt {
    /// Whether everything was as it is drawn now.
    pub fn is_identical(&self) -> bool {
        self.different == 0 && self.months.is_empty()
    }
}

/// Draws every projection of a book anew; works beside a running portal. `told` hears how many
/// notifications are done.
///
/// # Errors
/// The portal's.
pub fn rebuild(dir: &Path, clock: Arc<dyn Clock>, told: &mut dyn FnMut(u64)) -> Result<Rebuilt, PortalError> {
    let registry = Registry::open(dir, None, clock)?;
    // What an older version left stale is no difference.
    while registry.project_stale()? {}
    registry.recount(u64::MAX)?;
    let keyring = registry.keyring()?;
    let mut out = Rebuilt::default();
    for month in registry.read(|tx| tx.counted_months())? {
        if registry.recount_month(month)? {
            out.months.push(month);
        }
    }
    let mut after = Nid::default();
    loop {
        let last = registry.unit_of_work(&keyring, |unit| draw(unit, &after, &mut out))?;
        told(out.notifications);
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    registry.recount(u64::MAX)?;
    Ok(out)
}

/// Draws some notifications after one; gives the last of them, none where there was none.
fn draw(unit: &mut UnitOfWork<'_>, after: &Nid, out: &mut Rebuilt) -> BookResult<Option<Nid>> {
    let kept = unit.tx.kept_after(after, AT_ONCE)?;
    let nids: Vec<Nid> = kept.iter().map(|(row, _)| row.nid.clone()).collect();
    let before = unit.tx.projections_of(&nids)?;
    let mut differed: BTreeSet<&Nid> = BTreeSet::new();
    for ((row, record), nid) in kept.iter().zip(&nids) {
        let decisions = unit.tx.decisions(nid)?;
        out.decisions += u64::try_from(decisions.len()).unwrap_or(u64::MAX);
        let mut drawn: Option<Record> = None;
        for decision in &decisions {
            drawn = reduce(drawn, nid, &decision.at, &decision.steps);
        }
        let Some(drawn) = drawn else {
            differed.insert(nid);
            continue;
        };
        if record.as_ref() != Some(&drawn) || *row != drawn.row() {
            differed.insert(nid);
        }
        unit.draw(drawn)?;
    }
    unit.project_changed()?;
    let now = unit.tx.projections_of(&nids)?;
    differed.extend(
        nids.iter()
            .filter(|nid| before.get(nid.as_str()) != now.get(nid.as_str())),
    );
    out.notifications += u64::try_from(nids.len()).unwrap_or(u64::MAX);
    out.different += u64::try_from(differed.len()).unwrap_or(u64::MAX);
    let room = MOST_NAMED.saturating_sub(out.differed.len());
    out.differed
        .extend(differed.into_iter().take(room).map(|nid| nid.to_string()));
    Ok(nids.into_iter().next_back())
}
