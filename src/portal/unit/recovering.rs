//! A registry whose book was set back: it compares the book with its witness and with what devices claim, and goes
//! on by itself once nothing is missing.

use std::collections::BTreeMap;

use crate::portal::PortalError;
use crate::portal::book::{ActRow, BookResult, Mark, ReadTransaction};
use crate::portal::record::ActDetails;
use crate::portal::record::recovery::{Noticed, Recovering, StillToCome, still_to_come};
use crate::portal::unit::registry::Registry;
use crate::portal::unit::set_back;
use crate::portal::witness::{Noted, Stand};
use crate::seal::{Receipt, hash};
use crate::vital::{FacilityCode, OfficeCode};
use crate::wire::{self, Claim, ProblemCode};

impl Registry {
    /// Opens the next epoch where the witness knows higher numbers than the book has, or is gone from beside a
    /// book that had one. A further portal on a database in use begins a witness of its own: the others know.
    pub fn compare_with_witness(&self, beside_others: bool) -> Result<(), PortalError> {
        if self.witness.path().is_none() {
            return Ok(());
        }
        let noted = self.witness.noted();
        let fine =
            self.read(|tx| Ok(self.differs(tx, &noted)?.is_none() && tx.mark(Mark::Witness)?.is_some()))?;
        if fine {
            return Ok(());
        }
        let stand = self.write(|tx| -> BookResult<_> {
            let why = self.differs(tx, &noted)?;
            if let Some(why) = why.filter(|why| *why != Noticed::NoWitness || !beside_others) {
                let known = (noted.epoch.max(tx.epoch()?), &*noted);
                set_back::open_epoch(tx, &self.settings, known, why, self.now())?;
            }
            tx.put_mark(Mark::Witness, "1")?;
            Stand::of(tx)
        })?;
        self.witness.note(&stand)
    }

    /// How the book differs from its witness; none where it does not.
    fn differs(&self, tx: &ReadTransaction<'_>, noted: &Noted) -> BookResult<Option<Noticed>> {
        let epoch = tx.epoch()?;
        let mut behind = noted.epoch > epoch || noted.epoch == epoch && noted.trust > tx.trust_number()?;
        for ((office, year, kind), n) in noted.series() {
            behind |= tx.last_number(&office, year, &kind)? < n;
        }
        let gone = noted.epoch == 0 && tx.mark(Mark::Witness)?.is_some();
        Ok(match (behind, gone) {
            (true, _) => Some(Noticed::Witness),
            (false, true) => Some(Noticed::NoWitness),
            (false, false) => None,
        })
    }

    /// Looks whether the book has the receipt that a device claims to hold. While it recovers, one that it has
    /// shows that the device has nothing that is missing.
    ///
    /// # Errors
    /// [`ProblemCode::Behind`] where the book lacks it. Nothing changes by that: anybody can claim anything.
    pub fn claim(&self, dev: &str, fac: &str, claim: &Claim) -> Result<(), ProblemCode> {
        self.has_claimed(fac, claim)?;
        let unheard_in = self.read(|tx| {
            let epoch = tx.epoch()?;
            let news = !tx.recovering()?.is_empty() && !tx.heard(epoch)?.contains(dev);
            Ok(news.then_some(epoch))
        })?;
        if let Some(epoch) = unheard_in {
            let at_ms = self.now().timestamp_millis();
            self.write(|tx| tx.put_heard(epoch, dev, at_ms))?;
            self.end_recovered()?;
        }
        Ok(())
    }

    /// Looks whether the book has a receipt that a device names: of any that it holds, not only of its highest. So
    /// it says nothing of what else the device holds.
    ///
    /// # Errors
    /// [`ProblemCode::Behind`] where the book lacks it.
    pub fn has_claimed(&self, fac: &str, claim: &Claim) -> Result<(), ProblemCode> {
        let held = self.read(|tx| tx.receipts_at(fac, claim.number))?;
        match held.iter().any(|text| hash(text) == claim.h) {
            true => Ok(()),
            false => Err(ProblemCode::Behind),
        }
    }

    /// Takes trust lists that the book lacks, one a line: they are believed where they follow the newest one here
    /// from the root key. What was held for a key that they name is judged again.
    ///
    /// # Errors
    /// [`ProblemCode::Unauthorized`] where neither the book nor these lists name the device of the token.
    pub fn take_trust(&self, token: &str, text: &str) -> Result<(), ProblemCode> {
        let lists: Option<Vec<String>> = wire::lines(text).map(wire::jws_of_line).collect();
        let lists = lists.ok_or(ProblemCode::Malformed)?;
        let before = self.keyring()?;
        let trust = lists.iter().fold(before.trust().clone(), |trust, list| {
            trust.open_next(list).unwrap_or(trust)
        });
        self.device_by(token, &trust)?;
        self.write(|tx| -> BookResult<()> {
            let newer = before.newer(tx)?;
            let mut trust = newer.as_ref().unwrap_or(&before).trust().clone();
            for list in &lists {
                // One that is here already, or does not follow, is none of ours.
                if let Ok(next) = trust.open_next(list) {
                    tx.add_trust(next.number(), list)?;
                    trust = next;
                }
            }
            Ok(())
        })?;
        let keyring = self.keyring()?;
        let all = keyring.trust().list().keys.iter().map(|key| &key.kid);
        let new: Vec<&String> = all.filter(|kid| before.find(kid).is_none()).collect();
        if !new.is_empty() {
            self.unit_of_work(&keyring, |unit| -> BookResult<()> {
                new.iter().try_for_each(|kid| unit.judge_unverified(kid))
            })?;
        }
        Ok(())
    }

    /// Takes a slip that a family shows, where the book lacks its receipt: its number is nobody else's from then on.
    /// True where its notification is still to come.
    pub fn take_slip(&self, receipt: &Receipt, text: &str) -> BookResult<bool> {
        let (here, known) = self.read(|tx| {
            let known = tx.has_receipt(&receipt.fac, receipt.number(), &receipt.nh)?;
            Ok((tx.entry(&receipt.nh)?.is_some(), known))
        })?;
        if !known {
            let keyring = self.keyring()?;
            self.unit_of_work(&keyring, |unit| unit.accept_own_receipt(receipt, text))?;
        }
        Ok(!here)
    }

    /// Offices that recover, and what each waits for.
    pub fn recovery(&self) -> BookResult<Vec<(Recovering, StillToCome)>> {
        let keyring = self.keyring()?;
        let now = self.now();
        self.read(|tx| {
            let all = tx.recovering()?;
            if all.is_empty() {
                return Ok(Vec::new());
            }
            let places = tx.places()?.into_iter();
            let serving = |office: String| OfficeCode::from(self.settings.registration.office(&office));
            let offices: BTreeMap<FacilityCode, OfficeCode> = places
                .map(|(fac, _, office)| (fac.into(), serving(office)))
                .collect();
            let mut devices = tx.devices()?;
            // One that nobody believes any more is not waited for.
            devices.retain(|device| keyring.device(&device.dev, now).is_some());
            let missing = tx.entries_missing()?;
            let doubted: Vec<_> = tx.doubted()?.into_iter().map(|(fac, _, n)| (fac, n)).collect();
            let days = self.settings.registration.recovery_days;
            let waits = |of: Recovering| {
                let heard = tx.heard(of.epoch)?;
                let waits = still_to_come(&of, &offices, &devices, &heard, (&missing, &doubted), days);
                Ok((of, waits))
            };
            all.into_iter().map(waits).collect()
        })
    }

    /// Lets offices number again for which nothing is still to come; true where one does.
    pub fn end_recovered(&self) -> BookResult<bool> {
        let all = self.recovery()?.into_iter();
        let over: Vec<OfficeCode> = all
            .filter(|(_, waits)| waits.is_nothing())
            .map(|(of, _)| of.office)
            .collect();
        over.iter()
            .try_for_each(|office| self.end_recovery(office, None))?;
        Ok(!over.is_empty())
    }

    /// Lets an office number again, and gives numbers to what waited; `why`, where an operator says so before
    /// everybody was heard.
    pub fn end_recovery(&self, office: &OfficeCode, why: Option<&str>) -> BookResult<()> {
        let keyring = self.keyring()?;
        self.unit_of_work(&keyring, |unit| -> BookResult<()> {
            unit.tx.end_recovery(office)?;
            unit.recovering.remove(office);
            for nid in unit.tx.prepared_at(office)? {
                unit.judge_newest(&nid, None)?;
                unit.run()?;
            }
            let line = ActRow {
                at_ms: unit.now.timestamp_millis(),
                login: String::new(),
                place: office.to_string(),
                act: "recovered".to_owned(),
                nid: String::new(),
            };
            unit.tx.add_act_with(&line, why.map(ActDetails::because).as_ref())
        })?;
        tracing::warn!(event = "recovered", office = %office);
        Ok(())
    }
}
