//! How well the portal told look-alikes of an invented country, of which it is known what is what.

use std::collections::{HashMap, HashSet};

use super::happening::TWIN;
use crate::portal::PortalError;
use crate::portal::unit::registry::Registry;
use crate::seal::Status;

/// What became of look-alikes.
pub(super) struct Judged {
    /// Events that were reported twice, both times without a fault.
    pub twice: usize,
    /// Those among them of which the portal held one as a look-alike of the other.
    pub found: usize,
    /// Notifications that it held as look-alikes of what they are not.
    pub mistaken: usize,
    /// Twins of whom the ward did not say that they are two, held as one.
    pub twins: usize,
}

/// How well the portal told look-alikes.
pub(super) fn judge_matching(
    registry: &Registry,
    truth: &HashMap<String, u64>,
) -> Result<Judged, PortalError> {
    let (reports, held) = registry.read(|tx| {
        let mut reports: HashMap<u64, u64> = HashMap::new();
        for (nid, of) in truth {
            // What was sent back is still with the ward.
            let faultless = tx
                .notification(nid)?
                .is_some_and(|n| n.status != Status::Returned);
            *reports.entry(*of).or_default() += u64::from(faultless);
        }
        Ok((reports, tx.held()?))
    })?;
    let mut found: HashSet<u64> = HashSet::new();
    let (mut mistaken, mut twins) = (0, 0);
    for (nid, decision) in held {
        let other = decision.dup_of.and_then(|of| truth.get(of.as_str()));
        match (truth.get(&nid), other) {
            (Some(a), Some(b)) if a == b => {
                found.insert(*a);
            }
            (Some(a), Some(b)) if a ^ b == TWIN => twins += 1,
            (Some(_), Some(_)) => mistaken += 1,
            _ => {}
        }
    }
    let twice = |n: &&u64| **n > 1;
    let pairs = found.iter().filter(|of| reports.get(of).is_some_and(|n| *n > 1));
    Ok(Judged {
        twice: reports.values().filter(twice).count(),
        found: pairs.count(),
        mistaken,
        twins,
    })
}
