//! Look-alikes that the book has around the events of a delivery, asked for at once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::matching::{MatchingRecord, blocking_keys, document_key, key_reach};
use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::record::MatchingRow;
use crate::vital::Kind;
use crate::vital::Nid;

/// Days of events whose neighbours are asked for at once: the answer has to stay short.
const DAYS_AT_ONCE: i32 = 8;
/// Neighbours that are compared under one key and some days: ten times as many as a country of strangers has there, and
/// few enough for a flood of copies.
const MOST_UNDER_A_KEY: usize = 300;
/// Births under one mother's document that are looked at.
const MOST_OF_A_MOTHER: usize = 50;
/// Digits of a document that tells people apart.
const LEAST_DIGITS: usize = 6;

/// What the book has around some events, asked for at once.
#[derive(Default)]
pub(in crate::portal) struct CandidateIndex {
    /// Keys that were asked for, each with the days.
    asked: HashSet<(String, i32)>,
    /// Day and notification under each key.
    by_key: HashMap<String, BTreeSet<(i32, String)>>,
    records: HashMap<Nid, MatchingRow>,
    /// Births under the document of each mother that was asked for, over months.
    by_mother: HashMap<String, BTreeSet<String>>,
}

impl CandidateIndex {
    /// Asks the book for what shares a key with each trace within the reach of the key.
    pub fn ask(&mut self, tx: &ReadTransaction<'_>, records: &[&MatchingRecord]) -> BookResult<()> {
        let mut of_days: BTreeMap<i32, Vec<&MatchingRecord>> = BTreeMap::new();
        for record in records {
            let days = record.day.0.div_euclid(DAYS_AT_ONCE);
            of_days.entry(days).or_default().push(record);
        }
        let mut unknown = BTreeSet::new();
        for records in of_days.values() {
            let from = records.iter().map(|t| t.day.0).min().unwrap_or_default();
            let to = records.iter().map(|t| t.day.1).max().unwrap_or_default();
            let mut wanted: BTreeMap<i32, BTreeSet<String>> = BTreeMap::new();
            for record in records {
                for key in blocking_keys(record) {
                    self.asked.insert((key.clone(), record.day.0));
                    wanted.entry(key_reach(&key)).or_default().insert(key);
                }
            }
            // Days by days: a ward that was offline for months has many strangers under one key.
            for (reach, keys) in wanted {
                let keys: Vec<String> = keys.into_iter().collect();
                let found = tx.find_by_blocking_keys(from - reach, to + reach, &keys, MOST_UNDER_A_KEY)?;
                for (key, day, nid) in found {
                    if !self.records.contains_key(nid.as_str()) {
                        unknown.insert(nid.clone());
                    }
                    self.by_key.entry(key).or_default().insert((day, nid));
                }
            }
        }
        self.read(tx, unknown)
    }

    /// Asks the book for all births of these mothers within so many days.
    pub fn ask_mothers(
        &mut self,
        tx: &ReadTransaction<'_>,
        records: &[&MatchingRecord],
        reach: i32,
    ) -> BookResult<()> {
        let asked: Vec<(String, (i32, i32))> = records
            .iter()
            .filter_map(|t| Some((mother_key(t)?, t.day)))
            .collect();
        let (Some(from), Some(to)) = (
            asked.iter().map(|(_, day)| day.0).min(),
            asked.iter().map(|(_, day)| day.1).max(),
        ) else {
            return Ok(());
        };
        let keys: BTreeSet<String> = asked.into_iter().map(|(key, _)| key).collect();
        let keys: Vec<String> = keys.into_iter().collect();
        for key in &keys {
            self.by_mother.entry(key.clone()).or_default();
        }
        for (key, _, nid) in tx.find_by_blocking_keys(from - reach, to + reach, &keys, MOST_OF_A_MOTHER)? {
            self.by_mother.entry(key).or_default().insert(nid);
        }
        let wanted = keys.iter().filter_map(|key| self.by_mother.get(key)).flatten();
        let unknown: BTreeSet<String> = wanted
            .filter(|nid| !self.records.contains_key(nid.as_str()))
            .cloned()
            .collect();
        self.read(tx, unknown)
    }

    fn read(&mut self, tx: &ReadTransaction<'_>, unknown: BTreeSet<String>) -> BookResult<()> {
        let unknown: Vec<String> = unknown.into_iter().collect();
        let found = tx.matching_records(&unknown)?.into_iter();
        self.records.extend(found.map(|row| (row.nid.clone(), row)));
        Ok(())
    }

    /// Births under a mother's key; none where nobody asked for them.
    pub fn births_of(&self, key: &str) -> Option<&BTreeSet<String>> {
        self.by_mother.get(key)
    }

    /// A notification as the book has it, if it came up.
    pub fn row(&self, nid: &str) -> Option<&MatchingRow> {
        self.records.get(nid)
    }

    /// Whether it was asked for what has these keys around the record's day.
    pub fn knows(&self, record: &MatchingRecord, keys: &[String]) -> bool {
        keys.iter()
            .all(|key| self.asked.contains(&(key.clone(), record.day.0)))
    }

    /// What has one of these keys within its reach of the record.
    pub fn sharing<'a>(
        &'a self,
        record: &MatchingRecord,
        keys: &[String],
    ) -> BTreeMap<&'a str, &'a MatchingRecord> {
        keys.iter()
            .filter_map(|key| Some((key_reach(key), self.by_key.get(key)?)))
            .flat_map(|(reach, found)| {
                let from = (record.day.0 - reach, String::new());
                found.range(from..(record.day.1 + reach + 1, String::new()))
            })
            .filter_map(|(_, nid)| Some((nid.as_str(), &self.records.get(nid.as_str())?.record)))
            .collect()
    }
}

/// The key under which the births of one mother are found; none where her document is no number that
/// tells people apart, such as a row of zeros.
pub(in crate::portal) fn mother_key(record: &MatchingRecord) -> Option<String> {
    let digits: Vec<char> = record.document.chars().filter(char::is_ascii_digit).collect();
    let different: BTreeSet<&char> = digits.iter().collect();
    let tells = record.kind != Kind::Death && digits.len() >= LEAST_DIGITS && different.len() > 1;
    tells.then(|| document_key(record)).flatten()
}
