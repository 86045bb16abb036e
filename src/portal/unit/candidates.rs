//! Look-alikes of a notification: kept for the delivery, written when it ends, and looked for in both.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::matching::{MatchingRecord, blocking_keys, document_key, same_event};
use crate::portal::book::{BookResult, Transaction, kind_of};
use crate::portal::record::{EntryRow, MatchIndexEntry, MatchingRow, Notification, assess};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::rules::Candidate;
use crate::seal::Status;
use crate::vital::Kind;

/// Days of events whose neighbours are asked for at once: the answer has to stay short.
const DAYS_AT_ONCE: i32 = 8;
/// Neighbours that are compared under one key and some days: ten times as many as a country of strangers has there, and
/// few enough for a flood of copies.
const MOST_UNDER_A_KEY: usize = 300;
/// Births under one mother's document that are looked at.
const MOST_OF_A_MOTHER: usize = 50;
/// Digits of a document that tells people apart.
const LEAST_DIGITS: usize = 6;
/// Look-alikes of one notification that are read whole.
const MOST_CANDIDATES: usize = 20;

/// What the book has around some events, asked for at once.
#[derive(Default)]
pub(in crate::portal) struct CandidateIndex {
    /// Keys that were asked for, each with the days.
    asked: HashSet<(String, i32)>,
    /// Day and notification under each key.
    by_key: HashMap<String, BTreeSet<(i32, String)>>,
    records: HashMap<String, MatchingRow>,
    /// Births under the document of each mother that was asked for, over months.
    by_mother: HashMap<String, BTreeSet<String>>,
}

impl CandidateIndex {
    /// Asks the book for what lies within `reach` days of each trace and shares a key with it.
    fn ask(&mut self, tx: &Transaction<'_>, records: &[&MatchingRecord], reach: i32) -> BookResult<()> {
        let mut of_days: BTreeMap<i32, Vec<&MatchingRecord>> = BTreeMap::new();
        for record in records {
            let days = record.day.0.div_euclid(DAYS_AT_ONCE);
            of_days.entry(days).or_default().push(record);
        }
        let mut unknown = BTreeSet::new();
        for records in of_days.values() {
            let from = records.iter().map(|t| t.day.0).min().unwrap_or_default();
            let to = records.iter().map(|t| t.day.1).max().unwrap_or_default();
            let mut wanted = BTreeSet::new();
            for record in records {
                for key in blocking_keys(record) {
                    self.asked.insert((key.clone(), record.day.0));
                    wanted.insert(key);
                }
            }
            let wanted: Vec<String> = wanted.into_iter().collect();
            // Days by days: a ward that was offline for months has many strangers under one key.
            for (key, day, nid) in
                tx.find_by_blocking_keys(from - reach, to + reach, &wanted, MOST_UNDER_A_KEY)?
            {
                if !self.records.contains_key(&nid) {
                    unknown.insert(nid.clone());
                }
                self.by_key.entry(key).or_default().insert((day, nid));
            }
        }
        self.read(tx, unknown)
    }

    /// Asks the book for all births of these mothers within so many days.
    fn ask_mothers(
        &mut self,
        tx: &Transaction<'_>,
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
            .filter(|nid| !self.records.contains_key(*nid))
            .cloned()
            .collect();
        self.read(tx, unknown)
    }

    fn read(&mut self, tx: &Transaction<'_>, unknown: BTreeSet<String>) -> BookResult<()> {
        let unknown: Vec<String> = unknown.into_iter().collect();
        let found = tx.matching_records(&unknown)?.into_iter();
        self.records.extend(found.map(|row| (row.nid.clone(), row)));
        Ok(())
    }

    fn knows(&self, record: &MatchingRecord, keys: &[String]) -> bool {
        keys.iter()
            .all(|key| self.asked.contains(&(key.clone(), record.day.0)))
    }

    fn sharing<'a>(
        &'a self,
        record: &MatchingRecord,
        keys: &[String],
        reach: i32,
    ) -> BTreeMap<&'a str, &'a MatchingRecord> {
        let (from, to) = (
            (record.day.0 - reach, String::new()),
            (record.day.1 + reach + 1, String::new()),
        );
        keys.iter()
            .filter_map(|key| self.by_key.get(key))
            .flat_map(|found| found.range(from.clone()..to.clone()))
            .filter_map(|(_, nid)| Some((nid.as_str(), &self.records.get(nid)?.record)))
            .collect()
    }
}

/// The key under which the births of one mother are found; none where her document is no number that
/// tells people apart, such as a row of zeros.
fn mother_key(record: &MatchingRecord) -> Option<String> {
    let digits: Vec<char> = record.document.chars().filter(char::is_ascii_digit).collect();
    let different: BTreeSet<&char> = digits.iter().collect();
    let tells = record.kind != Kind::Death && digits.len() >= LEAST_DIGITS && different.len() > 1;
    tells.then(|| document_key(record)).flatten()
}

impl UnitOfWork<'_> {
    /// Makes a notification findable as a look-alike; one without a date is found by nobody.
    pub fn index(&mut self, nid: &str, record: Option<MatchingRecord>) {
        if let Some(record) = record {
            let indexed = MatchIndexEntry {
                nid: nid.to_owned(),
                new: self.is_new(nid),
                keys: blocking_keys(&record),
                record: Some(record),
            };
            for key in &indexed.keys {
                let under = self.indexed_by_key.entry(key.clone()).or_default();
                under.push(nid.to_owned());
            }
            self.indexed.insert(nid.to_owned(), indexed);
        }
    }

    /// A notification that is found as a look-alike no more.
    pub fn unindex(&mut self, nid: &str) {
        let indexed = MatchIndexEntry {
            nid: nid.to_owned(),
            new: false,
            keys: Vec::new(),
            record: None,
        };
        self.indexed.insert(nid.to_owned(), indexed);
    }

    /// Writes what was indexed.
    pub fn write_match_index(&mut self) -> BookResult<()> {
        let all: Vec<MatchIndexEntry> = std::mem::take(&mut self.indexed).into_values().collect();
        self.indexed_by_key.clear();
        self.tx.put_match_index(&all)
    }

    /// Looks up the neighbours of a whole delivery, so that its entries ask one by one no more.
    pub fn load_candidates(&mut self, records: &[&MatchingRecord]) -> BookResult<()> {
        let (reach, months) = (self.reach(), self.months());
        self.candidate_index.ask(self.tx, records, reach)?;
        self.candidate_index.ask_mothers(self.tx, records, months)
    }

    /// Another birth of the same mother, by her document, too short a time before or after this one.
    pub fn too_soon(&mut self, nid: &str, record: Option<&MatchingRecord>) -> BookResult<Option<String>> {
        let Some((record, key)) = record.and_then(|t| Some((t, mother_key(t)?))) else {
            return Ok(None);
        };
        let (near, far) = (self.reach(), self.months());
        if !self.candidate_index.by_mother.contains_key(&key) {
            self.candidate_index.ask_mothers(self.tx, &[record], far)?;
        }
        let known = self.candidate_index.by_mother.get(&key).into_iter().flatten();
        let here = self.indexed_by_key.get(&key).into_iter().flatten();
        let found = known.chain(here).filter(|other| *other != nid).filter(|other| {
            // What this delivery brought or changed counts as it is now.
            let theirs = match self.indexed.get(*other) {
                Some(indexed) => indexed.record.as_ref(),
                None => self.candidate_index.records.get(*other).map(|t| &t.record),
            };
            theirs.is_some_and(|theirs| {
                let apart = (record.day.0 - theirs.day.1).max(theirs.day.0 - record.day.1);
                let set = !record.set.is_empty() && record.set == theirs.set;
                // Children of one delivery are the affair of likeness.
                mother_key(theirs).as_ref() == Some(&key) && !set && (near + 1..far).contains(&apart)
            })
        });
        let found: Vec<String> = found.cloned().collect();
        for other in found {
            if self.standing(&other)?.is_some_and(counts) {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    /// Where a notification stands by now, and whether it has a number.
    fn standing(&self, nid: &str) -> BookResult<Option<(Status, bool)>> {
        // What this delivery brought or changed counts as it is now.
        if let (None, Some(known)) = (self.notifications.get(nid), self.candidate_index.records.get(nid)) {
            return Ok(Some((known.status, known.numbered)));
        }
        Ok(self.find(nid)?.map(|n| (n.status, n.reg_no.is_some())))
    }

    /// Notifications that may be the same event: those with a number before those that are only held as
    /// well, so that a registrar sees what is in the register; then the likeliest.
    pub fn candidates(&mut self, nid: &str, record: Option<&MatchingRecord>) -> BookResult<Vec<Candidate>> {
        let Some(record) = record else {
            return Ok(Vec::new());
        };
        let (keys, reach) = (blocking_keys(record), self.reach());
        if !self.candidate_index.knows(record, &keys) {
            self.candidate_index.ask(self.tx, &[record], reach)?;
        }
        let mut found = self.candidate_index.sharing(record, &keys, reach);
        // What this delivery brought or changed counts as it is now.
        found.retain(|nid, _| !self.indexed.contains_key(*nid));
        let here = keys
            .iter()
            .filter_map(|key| self.indexed_by_key.get(key))
            .flatten();
        // One that lost the key since has another trace, which is what counts.
        let here = here.filter_map(|nid| self.indexed.get(nid));
        found.extend(here.filter_map(|a| Some((a.nid.as_str(), a.record.as_ref()?))));
        found.remove(nid);
        let similar = found
            .into_iter()
            .filter_map(|(nid, other)| Some((same_event(record, other, reach)?, nid.to_owned())));
        let mut ranked = Vec::new();
        for (points, nid) in similar.collect::<Vec<_>>() {
            if let Some(standing) = self.standing(&nid)?.filter(|s| counts(*s)) {
                ranked.push((standing.1, points, nid));
            }
        }
        ranked.sort_by_key(|(numbered, points, _)| std::cmp::Reverse((*numbered, *points)));
        // One is enough to ask a person; a flood of copies must not cost more with each of them.
        let likeliest = ranked.into_iter().take(MOST_CANDIDATES);
        likeliest
            .filter_map(|(_, _, nid)| self.candidate(&nid).transpose())
            .collect()
    }

    /// Makes what an entry states findable, and says which notification it most resembles.
    pub fn best_match(&mut self, n: &Notification, row: &EntryRow) -> BookResult<Option<String>> {
        let (_, entry) = self.read(&row.h)?;
        let Ok(event) = assess::read_event(kind_of(n)?, &entry) else {
            return Ok(None);
        };
        let record = MatchingRecord::of(&event, &n.fac);
        let candidates = self.candidates(&n.nid, record.as_ref())?;
        self.index(&n.nid, record);
        Ok(candidates.into_iter().next().map(|candidate| candidate.nid))
    }

    /// Days that lie between two births of one mother at least.
    fn months(&self) -> i32 {
        i32::try_from(self.settings.limits.birth_interval_least_months * 30).unwrap_or(0)
    }

    /// Days between two reports of one event, at most.
    fn reach(&self) -> i32 {
        i32::try_from(self.settings.limits.alike_days).unwrap_or(0)
    }
}

/// Whether a notification says that something happened: one that is annulled, or about to be, does not.
fn counts((status, _): (Status, bool)) -> bool {
    !matches!(status, Status::Voided | Status::AnnulmentPending)
}
