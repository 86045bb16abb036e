//! Receipts that came back under a key that the newest trust list revokes: whoever stole the key may have signed
//! them. They change nothing and wait for the operator, who knows since when the key was in whose hands.

use crate::portal::PortalError;
use crate::portal::book::{ActRow, BookResult, DoubtedRow};
use crate::portal::record::ActDetails;
use crate::portal::unit::registry::Registry;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::{Jws, Receipt, Typ, hash};

/// Most receipts of a facility that wait: no device fills the book with what somebody forged.
const MOST: u64 = 20_000;

impl UnitOfWork<'_> {
    /// Lets a receipt wait for the operator, unless that one has decided on it.
    pub(super) fn doubt_receipt(&mut self, receipt: &Receipt, text: &str) -> BookResult<()> {
        let Ok(jws) = Jws::parse(text, Typ::Receipt) else {
            return Ok(());
        };
        if self.tx.doubted_of(&receipt.fac)? < MOST {
            self.tx.add_doubted(&DoubtedRow {
                h: hash(text),
                kid: jws.kid().to_owned(),
                fac: receipt.fac.clone(),
                jws: text.to_owned(),
                at_ms: self.now.timestamp_millis(),
            })?;
        }
        Ok(())
    }
}

impl Registry {
    /// Takes the receipts that wait under a revoked key as those of a retired one, where `honest`, or else never
    /// again; `why` stands in the log. Gives how many were kept, and how many were not.
    ///
    /// # Errors
    /// [`PortalError::NoneDoubted`] where none waits under that key.
    pub fn settle_doubted(&self, kid: &str, honest: bool, why: &str) -> Result<(u64, u64), PortalError> {
        let keyring = self.keyring()?;
        let settled = self.unit_of_work(&keyring, |unit| -> Result<_, PortalError> {
            let waiting = unit.tx.doubted_under(kid)?;
            if waiting.is_empty() {
                return Err(PortalError::NoneDoubted(kid.to_owned()));
            }
            let (mut kept, mut left) = (0, 0);
            let opened = waiting
                .iter()
                .map(|text| (Receipt::open(text, unit.keyring.trust()).ok(), text));
            let mut opened: Vec<_> = opened.collect();
            opened.sort_by_key(|(receipt, _)| receipt.as_ref().map(Receipt::number));
            for (receipt, text) in opened {
                match receipt.filter(|_| honest) {
                    Some(receipt) if unit.is_borne_out(&receipt)? => {
                        unit.keep_receipt(&receipt, text)?;
                        unit.run()?;
                        kept += 1;
                    }
                    _ => left += 1,
                }
            }
            unit.tx.settle_doubted_under(kid)?;
            let line = ActRow {
                at_ms: unit.now.timestamp_millis(),
                login: String::new(),
                place: String::new(),
                act: if honest {
                    "receipts-honoured"
                } else {
                    "receipts-dismissed"
                }
                .to_owned(),
                nid: String::new(),
            };
            unit.tx.add_act_with(&line, Some(&ActDetails::because(why)))?;
            Ok((kept, left))
        })?;
        self.end_recovered()?;
        Ok(settled)
    }
}
