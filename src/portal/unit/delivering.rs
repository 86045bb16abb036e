//! A delivery: its lines are read and verified before the transaction, receipts are kept before entries are decided, and
//! each line is answered.

use std::sync::Arc;

use super::intake::{self, DeliveryLine};
use crate::matching::MatchingRecord;
use crate::portal::book::BookResult;
use crate::portal::record::read_event;
use crate::portal::unit::registry::{Device, Registry};
use crate::portal::unit::unit_of_work::StatedEvents;
use crate::seal::{Entry, EntryType};
use crate::vital::EntryHash;
use crate::wire::{self, DeliveryAnswer, ProblemCode, ProblemDetails};

impl Registry {
    /// Takes a delivery: one answer for each line, in order.
    pub fn deliver(&self, device: &Device, body: &str) -> Result<Vec<DeliveryAnswer>, ProblemCode> {
        let texts: Vec<&str> = wire::lines(body).take(wire::MAX_LINES + 1).collect();
        if texts.len() > wire::MAX_LINES {
            return Err(ProblemCode::TooManyLines);
        }
        let keyring = self.keyring()?;
        let at_ms = self.clock.now().timestamp_millis();
        let lines: Vec<DeliveryLine> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| intake::read_line(text, i + 1, &keyring, at_ms))
            .collect();
        let (stated, records) = read_statements(&lines);
        let records: Vec<&MatchingRecord> = records.iter().collect();
        // A line that is refused keeps no other from being taken.
        let refused = self.unit_of_work(&keyring, |unit| -> BookResult<_> {
            let mut refused: Vec<Option<ProblemCode>> = vec![None; lines.len()];
            let rows: Vec<_> = lines
                .iter()
                .filter_map(|line| match line {
                    DeliveryLine::Entry(incoming) => Some(&incoming.row),
                    _ => None,
                })
                .collect();
            unit.look_up(&rows)?;
            unit.take_statements(Arc::clone(&stated));
            unit.load_candidates(&records)?;
            // Receipts first: an entry that has one is not decided again.
            for (line, refused) in lines.iter().zip(&mut refused) {
                if let DeliveryLine::Receipt(receipt, text) = line
                    && receipt.fac == device.fac
                    && !unit.accept_own_receipt(receipt, text)?
                {
                    *refused = Some(ProblemCode::ForeignReceipt);
                }
            }
            // And what opens a journal before all else: it says whose unsent entries a new key may bring.
            let opens = |e: &Option<Entry>| e.as_ref().is_some_and(|e| e.t == EntryType::Open);
            for opening in [true, false] {
                for (line, refused) in lines.iter().zip(&mut refused) {
                    if let DeliveryLine::Entry(incoming) = line
                        && opens(&incoming.entry) == opening
                    {
                        *refused = unit.take(incoming, &device.kid, &device.fac)?;
                    }
                }
            }
            Ok(refused)
        })?;
        let hashes: Vec<EntryHash> = lines
            .iter()
            .filter_map(|line| match line {
                DeliveryLine::Entry(incoming) => Some(incoming.row.h.clone()),
                _ => None,
            })
            .collect();
        let receipts = self.read(|tx| tx.newest_receipts(&hashes))?;
        let answer = |(i, (line, refused)): (usize, (&DeliveryLine, &Option<ProblemCode>))| {
            let problem = |code| DeliveryAnswer::Problem(ProblemDetails::new(code).at_line(i + 1));
            match (line, refused) {
                (DeliveryLine::Problem(p), _) => DeliveryAnswer::Problem(p.clone()),
                (_, Some(code)) => problem(*code),
                (DeliveryLine::Receipt(r, _), _) if r.fac != device.fac => problem(ProblemCode::Forbidden),
                (DeliveryLine::Receipt(_, text), _) => DeliveryAnswer::Receipt(text.clone()),
                (DeliveryLine::Entry(incoming), None) => match receipts.get(&incoming.row.h) {
                    Some(text) => DeliveryAnswer::Receipt(text.clone()),
                    None => problem(ProblemCode::Internal),
                },
            }
        };
        Ok(lines.iter().zip(&refused).enumerate().map(answer).collect())
    }
}

/// Reads what the first entries of notifications state, by their hashes, and what matching looks at in it,
/// before the transaction, which others wait for.
fn read_statements(lines: &[DeliveryLine]) -> (Arc<StatedEvents>, Vec<MatchingRecord>) {
    let (mut stated, mut records) = (StatedEvents::new(), Vec::new());
    for line in lines {
        let DeliveryLine::Entry(incoming) = line else {
            continue;
        };
        let Some(entry) = &incoming.entry else { continue };
        if let EntryType::Notice(kind) = entry.t {
            let event = read_event(kind, entry);
            records.extend(
                event
                    .iter()
                    .filter_map(|event| MatchingRecord::of(event, &entry.fac)),
            );
            stated.insert(incoming.row.h.clone(), event);
        }
    }
    (Arc::new(stated), records)
}
