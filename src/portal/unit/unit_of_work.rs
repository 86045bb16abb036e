//! One delivery's work on one transaction: what was decided is gathered, then numbered and signed.
//!
//! Receipts are written last so that their numbers follow the order of commits without a gap, and
//! each says the journal's head as it is when the delivery ends.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use crate::env::ClockTrust;
use crate::portal::PortalSettings;
use crate::portal::book::{BookError, BookResult, WriteTransaction};
use crate::portal::decide::on_notification;
use crate::portal::record::{
    Decision, EntryRow, JournalRow, LoggedDecision, MatchIndexEntry, Record, Step, SuspendedBy, problem,
    read_event, reread,
};
use crate::portal::unit::candidate_index::CandidateIndex;
use crate::portal::unit::keyring::Keyring;
use crate::portal::witness::Noted;
use crate::seal::{By, Entry, Problem, Status};
use crate::vital::{EntryHash, Jid, Nid, OfficeCode};
use crate::vital::{Event, Kind};
use crate::wire::Reason;

/// Something that has become due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Task {
    /// An entry that waited is decided again.
    Again(String),
    /// What came back before its notification did.
    CameBack(String),
    /// A duplicate whose original was annulled.
    OriginalAnnulled(String),
    /// A notification that is named by an annulled one, or names it.
    LinkedAnnulled { nid: Nid, annulled: Nid },
}

/// Work in progress on one transaction.
pub(in crate::portal) struct UnitOfWork<'a> {
    pub tx: &'a WriteTransaction<'a>,
    pub settings: &'a PortalSettings,
    pub keyring: &'a Keyring,
    /// The epoch of the book in this transaction.
    pub(super) epoch: u32,
    /// Offices that give no number by themselves while the book recovers.
    pub(super) recovering: BTreeSet<OfficeCode>,
    /// What stands in the witness outside the book.
    pub(super) noted: Arc<Noted>,
    /// The portal's time of this delivery.
    pub now: DateTime<FixedOffset>,
    /// Keys that their facilities suspended, and by which entries.
    pub suspended: HashMap<String, Vec<SuspendedBy>>,
    pub(super) journals: HashMap<Jid, JournalRow>,
    rows: HashMap<EntryHash, EntryRow>,
    pub(super) decisions: Vec<(String, Decision)>,
    /// Decisions about notifications, to be kept.
    pub(super) log: Vec<LoggedDecision>,
    /// Entries that have become due to be decided again.
    pub queue: VecDeque<Task>,
    /// Notifications as this delivery has them; none: there is no such one.
    pub records: HashMap<Nid, Option<Record>>,
    /// Those among them that are not written yet.
    unwritten: BTreeSet<Nid>,
    /// Those that changed.
    pub(super) changed: BTreeSet<Nid>,
    /// Notifications that were named in this delivery, and by which.
    pub named: HashMap<String, Vec<(Nid, String)>>,
    /// Who decides, where a registrar does.
    pub login: Option<String>,
    /// What evidence names the settings by.
    pub settings_hash: &'a str,
    pub(super) numbers: BTreeMap<(String, i32, String), u64>,
    /// Whether acts that were registered before stand in a book: by office, year and kind.
    pub(super) books: HashMap<(String, i32, String), bool>,
    known: Preloaded,
    /// New entries that are not written yet, in the order of arrival.
    unwritten_entries: Vec<EntryRow>,
    /// Look-alikes that are not written yet.
    pub indexed: BTreeMap<String, MatchIndexEntry>,
    /// Notifications under each of their keys.
    pub indexed_by_key: HashMap<String, Vec<String>>,
    /// Look-alikes that the book has.
    pub candidate_index: CandidateIndex,
    /// Events that were read before the transaction, by the hash of their entry.
    stated: Arc<StatedEvents>,
    /// What entries state, as far as somebody read it.
    statements: HashMap<EntryHash, StatedEvent>,
}

/// Events, or why they cannot be read, by the hash of their entry.
pub(in crate::portal) type StatedEvents = HashMap<EntryHash, Result<Event, Problem>>;

/// What an entry states, and when it was signed by which clock.
#[derive(Clone)]
pub(in crate::portal) struct StatedEvent {
    /// The event; none where it cannot be read.
    pub event: Option<Event>,
    pub rec: DateTime<FixedOffset>,
    pub clk: ClockTrust,
}

/// What was looked up for a whole delivery at once; nothing where it was not.
#[derive(Default)]
struct Preloaded {
    looked: bool,
    /// Notifications that were not there before.
    absent: HashSet<Nid>,
    entries: HashSet<EntryHash>,
    receipts: HashSet<EntryHash>,
    /// What was asked after: it is waited for, or it is not.
    asked: HashSet<String>,
    awaited: HashSet<String>,
}

impl<'a> UnitOfWork<'a> {
    pub fn new(
        tx: &'a WriteTransaction<'a>,
        (settings, fingerprint): (&'a PortalSettings, &'a str),
        keyring: &'a Keyring,
        (noted, now): (Arc<Noted>, DateTime<FixedOffset>),
    ) -> BookResult<UnitOfWork<'a>> {
        let recovering = tx.recovering()?.into_iter().map(|of| of.office);
        Ok(UnitOfWork {
            recovering: recovering.collect(),
            noted,
            suspended: tx.suspensions()?,
            epoch: tx.epoch()?,
            tx,
            settings,
            keyring,
            now,
            journals: HashMap::new(),
            rows: HashMap::new(),
            decisions: Vec::new(),
            log: Vec::new(),
            queue: VecDeque::new(),
            records: HashMap::new(),
            unwritten: BTreeSet::new(),
            changed: BTreeSet::new(),
            named: HashMap::new(),
            login: None,
            settings_hash: fingerprint,
            numbers: BTreeMap::new(),
            books: HashMap::new(),
            known: Preloaded::default(),
            unwritten_entries: Vec::new(),
            indexed: BTreeMap::new(),
            indexed_by_key: HashMap::new(),
            candidate_index: CandidateIndex::default(),
            stated: Arc::default(),
            statements: HashMap::new(),
        })
    }

    /// Looks up what a whole delivery needs, so that its entries ask one by one no more.
    pub fn look_up(&mut self, rows: &[&EntryRow]) -> BookResult<()> {
        let hashes: Vec<EntryHash> = rows.iter().map(|row| row.h.clone()).collect();
        let nids: Vec<Nid> = rows.iter().map(|row| row.nid.clone()).collect();
        let nid_texts = nids.iter().map(|nid| String::from(nid.clone()));
        let hash_texts = hashes.iter().map(|h| String::from(h.clone()));
        let named = nids.iter().map(|nid| on_notification(nid));
        let on: Vec<String> = nid_texts.chain(hash_texts).chain(named).collect();
        self.known = Preloaded {
            looked: true,
            absent: HashSet::new(),
            entries: self.tx.kept_entries(&hashes)?,
            receipts: self.tx.newest_receipts(&hashes)?.into_keys().collect(),
            awaited: self.tx.awaited(&on)?,
            asked: on.into_iter().collect(),
        };
        let there = self.tx.kept_notifications(&nids)?;
        self.known.absent = nids.into_iter().filter(|nid| !there.contains(nid)).collect();
        let absent = self.known.absent.iter().cloned();
        self.records.extend(absent.map(|nid| (nid, None)));
        Ok(())
    }

    /// Adds an entry; it is written before somebody asks the book for it.
    pub fn add_entry(&mut self, row: &EntryRow) {
        self.unwritten_entries.push(row.clone());
    }

    /// Writes the entries that are not written yet.
    pub fn write_entries(&mut self) -> BookResult<()> {
        let rows = std::mem::take(&mut self.unwritten_entries);
        self.tx.add_entries(&rows)
    }

    /// Hash and predecessor of each entry at a place of a journal.
    pub fn entries_at(&mut self, jid: &str, seq: u64) -> BookResult<Vec<(String, String)>> {
        self.write_entries()?;
        self.tx.entries_at(jid, seq)
    }

    /// Whether a notification came with this delivery.
    pub fn is_new(&self, nid: &str) -> bool {
        self.known.absent.contains(nid)
    }

    /// Whether an entry is kept already.
    pub fn has_entry(&self, h: &str) -> BookResult<bool> {
        if self.rows.contains_key(h) || self.known.entries.contains(h) {
            return Ok(true);
        }
        Ok(!self.known.looked && self.tx.entry(h)?.is_some())
    }

    /// Whether an entry has a receipt already.
    pub fn has_receipt(&self, h: &str) -> BookResult<bool> {
        Ok(self.known.receipts.contains(h) || (!self.known.looked && self.tx.newest_receipt(h)?.is_some()))
    }

    /// Notes that an entry has a receipt.
    pub fn receipted(&mut self, h: &str) {
        self.known.receipts.insert(h.into());
    }

    /// A notification as this delivery has it.
    pub fn find(&self, nid: &str) -> BookResult<Option<Record>> {
        match self.records.get(nid) {
            Some(found) => Ok(found.clone()),
            None => self.tx.record(nid),
        }
    }

    /// Keeps a notification; it is written before somebody asks the book for it.
    pub fn save(&mut self, record: Record) {
        self.unwritten.insert(record.nid.clone());
        self.changed.insert(record.nid.clone());
        self.records.insert(record.nid.clone(), Some(record));
    }

    /// Notes that what is found and counted of a notification changed, and nothing else of it.
    pub fn touch(&mut self, nid: &Nid) {
        self.changed.insert(nid.clone());
    }

    /// Writes the notifications that are not written yet.
    pub fn write_records(&mut self) -> BookResult<()> {
        let nids = std::mem::take(&mut self.unwritten);
        let rows: Vec<&Record> = nids
            .iter()
            .filter_map(|nid| self.records.get(nid)?.as_ref())
            .collect();
        self.tx.put_records(&rows)
    }

    /// Members of a multiple birth of a facility.
    pub fn members(&mut self, fac: &str, set: &str) -> BookResult<Vec<Record>> {
        self.write_records()?;
        let nids = self.tx.set_members(fac, set)?;
        nids.iter().filter_map(|nid| self.find(nid).transpose()).collect()
    }

    /// Keeps a decision about a notification. Steps that follow at once about the same entry are one
    /// decision.
    pub fn keep_decision(&mut self, decision: LoggedDecision) {
        match self.log.last_mut() {
            Some(last) if last.nid == decision.nid && last.at == decision.at => {
                last.steps.extend(decision.steps);
                last.evidence = decision.evidence;
            }
            _ => self.log.push(decision),
        }
    }

    /// Notes that an entry waits for another notification (`nid`) or entry (hash).
    pub fn wait(&mut self, h: &str, on: &str) -> BookResult<()> {
        self.known.awaited.insert(on.to_owned());
        self.tx.wait(h, on)
    }

    /// Whether something may wait for this.
    pub fn is_awaited(&self, on: &str) -> bool {
        self.known.awaited.contains(on) || !self.known.asked.contains(on)
    }

    /// Takes what waits, in order of arrival.
    pub fn take_waiting(&mut self, on: &str) -> BookResult<Vec<String>> {
        if self.known.asked.contains(on) && !self.known.awaited.contains(on) {
            return Ok(Vec::new());
        }
        self.tx.take_waiting(on)
    }

    /// A journal as this delivery has it.
    pub fn journal(&self, jid: &str) -> BookResult<Option<JournalRow>> {
        match self.journals.get(jid) {
            Some(journal) => Ok(Some(journal.clone())),
            None => self.tx.journal(jid),
        }
    }

    /// Keeps a journal until the end of the delivery.
    pub fn save_journal(&mut self, journal: JournalRow) {
        self.journals.insert(journal.jid.clone(), journal);
    }

    /// Remembers a row, to save reading it again.
    pub fn remember(&mut self, row: EntryRow) {
        self.rows.insert(row.h.clone(), row);
    }

    /// An entry as kept.
    pub fn row(&self, h: &str) -> BookResult<Option<EntryRow>> {
        match self.rows.get(h) {
            Some(row) => Ok(Some(row.clone())),
            None => self.tx.entry(h),
        }
    }

    /// Remembers what an entry states, to save reading it again.
    pub fn remember_statement(&mut self, h: &str, entry: &Entry, event: &Event) {
        let statement = StatedEvent {
            event: Some(event.clone()),
            rec: entry.rec,
            clk: entry.clk,
        };
        self.statements.insert(h.into(), statement);
    }

    /// Takes events that were read before the transaction.
    pub fn take_statements(&mut self, stated: Arc<StatedEvents>) {
        self.stated = stated;
    }

    /// The event of an entry's body, read once.
    pub fn stated(&self, h: &str, kind: Kind, entry: &Entry) -> Result<Event, Problem> {
        match self.stated.get(h) {
            Some(stated) => stated.clone(),
            None => read_event(kind, entry),
        }
    }

    /// What an entry states.
    pub fn statement(&self, h: &str, kind: Kind) -> BookResult<StatedEvent> {
        if let Some(found) = self.statements.get(h) {
            return Ok(found.clone());
        }
        let (_, entry) = self.read(h)?;
        Ok(StatedEvent {
            event: read_event(kind, &entry).ok(),
            rec: entry.rec,
            clk: entry.clk,
        })
    }

    /// An entry that must be there, and what it says.
    pub fn read(&self, h: &str) -> BookResult<(EntryRow, Entry)> {
        let missing = || BookError::Failed(format!("entry {h} is missing or unreadable"));
        let row = self.row(h)?.ok_or_else(missing)?;
        let entry = reread(&row).ok_or_else(missing)?;
        Ok((row, entry))
    }

    /// Decides an entry; a later word within the delivery replaces an earlier one.
    pub fn record_decision(&mut self, h: &str, decision: Decision) {
        match self.decisions.iter_mut().find(|(of, _)| of == h) {
            Some((_, recorded)) => *recorded = decision,
            None => self.decisions.push((h.to_owned(), decision)),
        }
    }

    /// The steps that decisions of this delivery about a notification took, the newest first.
    pub fn decided_here(&self, nid: &str) -> impl Iterator<Item = &[Step]> {
        let of = self
            .log
            .iter()
            .rev()
            .filter(move |decision| *decision.nid == *nid);
        of.map(|decision| decision.steps.as_slice())
    }

    /// What was decided last of an entry, in this delivery or before.
    pub fn decided(&self, row: &EntryRow) -> Option<Decision> {
        let here = self.decisions.iter().find(|(of, _)| row.h == *of);
        here.map(|(_, decision)| decision.clone())
            .or_else(|| row.decision.clone())
    }

    /// What was decided of an entry just now was a registrar's doing.
    pub fn attribute_to_registrar(&mut self, h: &str) {
        if let Some((_, recorded)) = self.decisions.iter_mut().find(|(of, _)| of == h) {
            recorded.by = By::Registrar;
        }
    }

    /// Decides with a status and its reason.
    pub fn record_reason(&mut self, h: &str, status: Status, reason: Reason) {
        self.record_decision(h, Decision::because(status, problem(reason)));
    }
}
