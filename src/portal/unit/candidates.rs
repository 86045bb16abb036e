//! Look-alikes of a notification: kept for the delivery, written when it ends, and looked for in both.

use crate::matching::{MatchingRecord, blocking_keys, same_event};
use crate::portal::book::BookResult;
use crate::portal::record::MatchIndexEntry;
use crate::portal::unit::candidate_index::mother_key;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::vital::Nid;

/// Days within which children of one mother are of one delivery, so that matching alone looks at them.
const DAYS_OF_A_DELIVERY: i32 = 2;
/// Look-alikes of one notification that a person is shown.
const MOST_CANDIDATES: usize = 5;

impl UnitOfWork<'_> {
    /// Makes a notification findable as a look-alike; one without a date is found by nobody.
    pub fn index(&mut self, nid: &str, record: Option<MatchingRecord>) {
        if let Some(record) = record {
            let indexed = MatchIndexEntry {
                nid: nid.into(),
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
            nid: nid.into(),
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
        let months = self.months();
        self.candidate_index.ask(self.tx, records)?;
        self.candidate_index.ask_mothers(self.tx, records, months)
    }

    /// Another birth of the same mother, by her document, too short a time before or after this one.
    pub fn too_soon(&mut self, nid: &str, record: Option<&MatchingRecord>) -> BookResult<Option<String>> {
        let Some((record, key)) = record.and_then(|t| Some((t, mother_key(t)?))) else {
            return Ok(None);
        };
        let far = self.months();
        if self.candidate_index.births_of(&key).is_none() {
            self.candidate_index.ask_mothers(self.tx, &[record], far)?;
        }
        let known = self.candidate_index.births_of(&key).into_iter().flatten();
        let here = self.indexed_by_key.get(&key).into_iter().flatten();
        let found = known.chain(here).filter(|other| *other != nid).filter(|other| {
            // What this delivery brought or changed counts as it is now.
            let theirs = match self.indexed.get(*other) {
                Some(indexed) => indexed.record.as_ref(),
                None => self.candidate_index.row(other).map(|t| &t.record),
            };
            theirs.is_some_and(|theirs| {
                let apart = (record.day.0 - theirs.day.1).max(theirs.day.0 - record.day.1);
                let set = !record.set.is_empty() && record.set == theirs.set;
                // Children of one delivery are left to matching.
                mother_key(theirs).as_ref() == Some(&key)
                    && !set
                    && (DAYS_OF_A_DELIVERY + 1..far).contains(&apart)
            })
        });
        let found: Vec<String> = found.cloned().collect();
        // What is indexed stands.
        Ok(found.into_iter().next())
    }

    /// Whether a notification has a number by now.
    fn is_numbered(&self, nid: &str) -> BookResult<bool> {
        // What this delivery brought or changed counts as it is now.
        if let (None, Some(known)) = (self.records.get(nid), self.candidate_index.row(nid)) {
            return Ok(known.numbered);
        }
        Ok(self
            .find(nid)?
            .is_some_and(|record| record.state.registration().is_some()))
    }

    /// Notifications that stand and may be the same event, with the points of the comparison: those with a
    /// number before those that are only held as well, so that a registrar sees what is in the register;
    /// then the likeliest.
    pub fn candidates(&mut self, nid: &str, record: Option<&MatchingRecord>) -> BookResult<Vec<(Nid, i32)>> {
        let Some(record) = record else {
            return Ok(Vec::new());
        };
        let keys = blocking_keys(record);
        if !self.candidate_index.knows(record, &keys) {
            self.candidate_index.ask(self.tx, &[record])?;
        }
        let mut found = self.candidate_index.sharing(record, &keys);
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
            .filter_map(|(nid, other)| Some((same_event(record, other)?, nid.to_owned())));
        let mut ranked = Vec::new();
        for (points, nid) in similar.collect::<Vec<_>>() {
            ranked.push((self.is_numbered(&nid)?, points, nid));
        }
        ranked.sort_by_key(|(numbered, points, _)| std::cmp::Reverse((*numbered, *points)));
        // One is enough to ask a person; a flood of copies must not cost more with each of them.
        let likeliest = ranked.into_iter().take(MOST_CANDIDATES);
        Ok(likeliest.map(|(_, points, nid)| (nid.into(), points)).collect())
    }

    /// Days that lie between two births of one mother at least.
    fn months(&self) -> i32 {
        i32::try_from(self.settings.limits.birth_interval_least_months * 30).unwrap_or(0)
    }
}
