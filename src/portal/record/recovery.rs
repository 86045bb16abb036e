//! A book that was set back: how it was noticed, which numbers wait, and when that is over. Pure.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::vital::{FacilityCode, OfficeCode};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// How it was noticed that a book was set back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Noticed {
    /// The witness outside the folder knows higher numbers.
    Witness,
    /// The witness that the book had is gone: perhaps it was set back.
    NoWitness,
    /// Somebody brought a receipt of the registry's own that the book lacks.
    Receipt,
    /// An operator restored it.
    Restored,
}

impl Noticed {
    /// Its word. FROZEN: kept in books.
    pub fn word(self) -> &'static str {
        match self {
            Noticed::Witness => "witness",
            Noticed::NoWitness => "no-witness",
            Noticed::Receipt => "receipt",
            Noticed::Restored => "restored",
        }
    }

    /// The one with this word; a later version's is taken for the most general.
    pub fn from_word(word: &str) -> Noticed {
        let all = [Noticed::Witness, Noticed::NoWitness, Noticed::Receipt];
        all.into_iter()
            .find(|noticed| noticed.word() == word)
            .unwrap_or(Noticed::Restored)
    }
}

/// An office whose numbers wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recovering {
    /// The office.
    pub office: OfficeCode,
    /// The epoch that was opened for it.
    pub epoch: u32,
    /// How it was noticed.
    pub why: Noticed,
    /// Since when, Unix milliseconds.
    pub since_ms: i64,
}

impl Recovering {
    /// Whether it has lasted longer than so many days: what is missing may never come.
    pub fn is_overdue(&self, now_ms: i64, days: u32) -> bool {
        now_ms - self.since_ms > i64::from(days) * DAY_MS
    }
}

/// A device and when its newest entry arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveDevice {
    /// Its key.
    pub dev: String,
    /// Its facility.
    pub fac: FacilityCode,
    /// Unix milliseconds.
    pub last_ms: i64,
}

/// A facility, and how many of something are its own.
pub type OfFacility = (FacilityCode, u64);

/// What a recovering office still waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StillToCome {
    /// Devices that delivered in the last days before it was noticed and have not been heard since: facility
    /// and key.
    pub devices: Vec<(FacilityCode, String)>,
    /// Entries whose receipts came back without them: of which facility, and how many.
    pub entries: Vec<OfFacility>,
    /// Receipts under a revoked key, on which the operator decides: of which facility, and how many.
    pub receipts: Vec<OfFacility>,
}

impl StillToCome {
    /// Whether it is over.
    pub fn is_nothing(&self) -> bool {
        self.devices.is_empty() && self.entries.is_empty() && self.receipts.is_empty()
    }
}

/// What an office waits for: the devices of its facilities (`office_of`) that were active in the last `days` of
/// the book before it was noticed and have not been heard in its epoch, entries that are `missing`, and receipts that
/// are `doubted`.
pub fn still_to_come(
    of: &Recovering,
    office_of: &BTreeMap<FacilityCode, OfficeCode>,
    devices: &[ActiveDevice],
    heard: &HashSet<String>,
    (missing, doubted): (&[OfFacility], &[OfFacility]),
    days: u32,
) -> StillToCome {
    let own = |fac: &FacilityCode| office_of.get(fac) == Some(&of.office);
    let before = devices.iter().filter(|device| device.last_ms < of.since_ms);
    let newest = before.map(|device| device.last_ms).max().unwrap_or(of.since_ms);
    let active = |device: &&ActiveDevice| device.last_ms >= newest - i64::from(days) * DAY_MS;
    let silent = devices
        .iter()
        .filter(|device| own(&device.fac) && !heard.contains(&device.dev))
        .filter(active);
    StillToCome {
        devices: silent
            .map(|device| (device.fac.clone(), device.dev.clone()))
            .collect(),
        entries: missing.iter().filter(|(fac, _)| own(fac)).cloned().collect(),
        receipts: doubted.iter().filter(|(fac, _)| own(fac)).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(dev: &str, fac: &str, day: i64) -> ActiveDevice {
        ActiveDevice {
            dev: dev.to_owned(),
            fac: fac.into(),
            last_ms: day * DAY_MS,
        }
    }

    #[test]
    fn an_office_waits_for_its_own_active_devices_and_for_entries() {
        let of = Recovering {
            office: "O1".into(),
            epoch: 2,
            why: Noticed::Receipt,
            since_ms: 100 * DAY_MS,
        };
        let office_of = BTreeMap::from([
            ("F1".into(), "O1".into()),
            ("F2".into(), "O1".into()),
            ("F3".into(), "O2".into()),
        ]);
        // The copy is ten days old: what counts is the last days that it knows.
        let devices = [
            device("a", "F1", 89),
            device("b", "F2", 84),
            device("old", "F2", 70),
            device("elsewhere", "F3", 90),
        ];
        let waits = |heard: &[&str], missing: &[(FacilityCode, u64)], doubted: &[(FacilityCode, u64)]| {
            let heard = heard.iter().map(|d| (*d).to_owned()).collect();
            still_to_come(&of, &office_of, &devices, &heard, (missing, doubted), 7)
        };
        let of_facility = |fac: &str| [(fac.into(), 5)];
        let all = waits(&[], &[], &[]);
        assert_eq!(
            all.devices,
            [("F1".into(), "a".to_owned()), ("F2".into(), "b".to_owned())]
        );
        assert_eq!(waits(&["a"], &[], &[]).devices.len(), 1);
        let heard = ["a", "b"];
        assert!(waits(&heard, &[], &[]).is_nothing());
        let elsewhere = of_facility("F3");
        assert!(waits(&heard, &elsewhere, &elsewhere).is_nothing());
        let here = of_facility("F2");
        assert_eq!(waits(&heard, &here, &[]).entries, here);
        assert_eq!(waits(&heard, &[], &here).receipts, here);
        assert!(!waits(&heard, &[], &here).is_nothing());
        assert!(!of.is_overdue(107 * DAY_MS, 7) && of.is_overdue(107 * DAY_MS + 1, 7));
        assert_eq!(Noticed::from_word(Noticed::NoWitness.word()), Noticed::NoWitness);
    }
}
