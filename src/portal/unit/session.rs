//! One delivery's work on one transaction: what was decided is gathered, then numbered and signed.
//!
//! Receipts are written last so that their numbers follow the order of commits without a gap, and
//! each says the journal's head as it is when the delivery ends.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use crate::env::ClockTrust;
use crate::portal::PortalSettings;
use crate::portal::book::{BookError, Kept, Leaf};
use crate::portal::record::{Alike, EntryRow, Journal, Notification, SuspendedBy, Verdict, problem};
use crate::portal::unit::keyring::Ring;
use crate::portal::unit::likeness::Neighbours;
use crate::seal::{By, Entry, Head, NO_PREV, Problem, Receipt, SecretKey, Status};
use crate::vital::{Event, Kind};
use crate::wire::Reason;

/// Work in progress on one transaction.
pub(in crate::portal) struct Session<'a> {
    pub leaf: &'a Leaf<'a>,
    pub settings: &'a PortalSettings,
    pub ring: &'a Ring,
    /// The portal's time of this delivery.
    pub now: DateTime<FixedOffset>,
    /// Keys that their facilities suspended, and by which entries.
    pub suspended: HashMap<String, Vec<SuspendedBy>>,
    journals: HashMap<String, Journal>,
    rows: HashMap<String, EntryRow>,
    verdicts: Vec<(String, Verdict)>,
    /// Notifications as this delivery has them; none: there is no such one.
    pub notifications: HashMap<String, Option<Notification>>,
    /// Those among them that are not written yet.
    unwritten: BTreeSet<String>,
    numbers: BTreeMap<(String, i32, String), u64>,
    known: Known,
    /// New entries that are not written yet, in the order of arrival.
    unwritten_entries: Vec<EntryRow>,
    /// Look-alikes that are not written yet.
    pub alike: BTreeMap<String, Alike>,
    /// Notifications under each of their keys.
    pub alike_here: HashMap<String, Vec<String>>,
    /// Look-alikes that the book has.
    pub neighbours: Neighbours,
    /// Events that were read before the transaction, by the hash of their entry.
    stated: Arc<Statements>,
    /// What entries state, as far as somebody read it.
    statements: HashMap<String, Statement>,
}

/// Events, or why they cannot be read, by the hash of their entry.
pub(in crate::portal) type Statements = HashMap<String, Result<Event, Problem>>;

/// What an entry states, and when it was signed by which clock.
#[derive(Clone)]
pub(in crate::portal) struct Statement {
    /// The event; none where it cannot be read.
    pub event: Option<Event>,
    pub rec: DateTime<FixedOffset>,
    pub clk: ClockTrust,
}

/// What was looked up for a whole delivery at once; nothing where it was not.
#[derive(Default)]
struct Known {
    looked: bool,
    /// Notifications that were not there before.
    absent: HashSet<String>,
    entries: HashSet<String>,
    receipts: HashSet<String>,
    /// What was asked after: it is waited for, or it is not.
    asked: HashSet<String>,
    awaited: HashSet<String>,
}

impl<'a> Session<'a> {
    pub fn new(
        leaf: &'a Leaf<'a>,
        settings: &'a PortalSettings,
        ring: &'a Ring,
        now: DateTime<FixedOffset>,
    ) -> Kept<Session<'a>> {
        Ok(Session {
            suspended: leaf.suspensions()?,
            leaf,
            settings,
            ring,
            now,
            journals: HashMap::new(),
            rows: HashMap::new(),
            verdicts: Vec::new(),
            notifications: HashMap::new(),
            unwritten: BTreeSet::new(),
            numbers: BTreeMap::new(),
            known: Known::default(),
            unwritten_entries: Vec::new(),
            alike: BTreeMap::new(),
            alike_here: HashMap::new(),
            neighbours: Neighbours::default(),
            stated: Arc::default(),
            statements: HashMap::new(),
        })
    }

    /// Looks up what a whole delivery needs, so that its entries ask one by one no more.
    pub fn look_up(&mut self, rows: &[&EntryRow]) -> Kept<()> {
        let hashes: Vec<String> = rows.iter().map(|row| row.h.clone()).collect();
        let nids: Vec<String> = rows.iter().map(|row| row.nid.clone()).collect();
        let on = [nids.clone(), hashes.clone()].concat();
        self.known = Known {
            looked: true,
            absent: HashSet::new(),
            entries: self.leaf.kept_entries(&hashes)?,
            receipts: self.leaf.newest_receipts(&hashes)?.into_keys().collect(),
            awaited: self.leaf.awaited(&on)?,
            asked: on.into_iter().collect(),
        };
        let there = self.leaf.kept_notifications(&nids)?;
        self.known.absent = nids.into_iter().filter(|nid| !there.contains(nid)).collect();
        let absent = self.known.absent.iter().cloned();
        self.notifications.extend(absent.map(|nid| (nid, None)));
        Ok(())
    }

    /// Adds an entry; it is written before somebody asks the book for it.
    pub fn add_entry(&mut self, row: &EntryRow) {
        self.unwritten_entries.push(row.clone());
    }

    /// Writes the entries that are not written yet.
    pub fn write_entries(&mut self) -> Kept<()> {
        let rows = std::mem::take(&mut self.unwritten_entries);
        self.leaf.add_entries(&rows)
    }

    /// Hash and predecessor of each entry at a place of a journal.
    pub fn entries_at(&mut self, jid: &str, seq: u64) -> Kept<Vec<(String, String)>> {
        self.write_entries()?;
        self.leaf.entries_at(jid, seq)
    }

    /// Whether a notification came with this delivery.
    pub fn is_new(&self, nid: &str) -> bool {
        self.known.absent.contains(nid)
    }

    /// Whether an entry is kept already.
    pub fn has_entry(&self, h: &str) -> Kept<bool> {
        if self.rows.contains_key(h) || self.known.entries.contains(h) {
            return Ok(true);
        }
        Ok(!self.known.looked && self.leaf.entry(h)?.is_some())
    }

    /// Whether an entry has a receipt already.
    pub fn has_receipt(&self, h: &str) -> Kept<bool> {
        Ok(self.known.receipts.contains(h) || (!self.known.looked && self.leaf.newest_receipt(h)?.is_some()))
    }

    /// Notes that an entry has a receipt.
    pub fn receipted(&mut self, h: &str) {
        self.known.receipts.insert(h.to_owned());
    }

    /// A notification as this delivery has it.
    pub fn find(&self, nid: &str) -> Kept<Option<Notification>> {
        match self.notifications.get(nid) {
            Some(found) => Ok(found.clone()),
            None => self.leaf.notification(nid),
        }
    }

    /// Keeps a notification; it is written before somebody asks the book for it.
    pub fn put(&mut self, n: &Notification) {
        self.notifications.insert(n.nid.clone(), Some(n.clone()));
        self.unwritten.insert(n.nid.clone());
    }

    /// Writes the notifications that are not written yet.
    fn write_notifications(&mut self) -> Kept<()> {
        let nids = std::mem::take(&mut self.unwritten);
        let rows: Vec<&Notification> = nids
            .iter()
            .filter_map(|nid| self.notifications.get(nid)?.as_ref())
            .collect();
        self.leaf.put_notifications(&rows)
    }

    /// Members of a multiple birth.
    pub fn members(&mut self, set: &str) -> Kept<Vec<Notification>> {
        self.write_notifications()?;
        self.leaf.set_members(set)
    }

    /// Notes that an entry waits for another notification (`nid`) or entry (hash).
    pub fn wait(&mut self, h: &str, on: &str) -> Kept<()> {
        self.known.awaited.insert(on.to_owned());
        self.leaf.wait(h, on)
    }

    /// Takes what waits, in order of arrival.
    pub fn take_waiting(&mut self, on: &str) -> Kept<Vec<String>> {
        if self.known.asked.contains(on) && !self.known.awaited.contains(on) {
            return Ok(Vec::new());
        }
        self.leaf.take_waiting(on)
    }

    /// Takes the next number of an office, year and kind. Nobody else takes one meanwhile: writers
    /// exclude each other.
    pub fn next_number(&mut self, office: &str, year: i32, kind: &str) -> Kept<u64> {
        let last = self.number(office, year, kind)? + 1;
        self.numbers
            .insert((office.to_owned(), year, kind.to_owned()), last);
        Ok(last)
    }

    /// Lifts that number to at least `n`.
    pub fn raise_number(&mut self, office: &str, year: i32, kind: &str, n: u64) -> Kept<()> {
        let last = self.number(office, year, kind)?.max(n);
        self.numbers
            .insert((office.to_owned(), year, kind.to_owned()), last);
        Ok(())
    }

    fn number(&self, office: &str, year: i32, kind: &str) -> Kept<u64> {
        match self.numbers.get(&(office.to_owned(), year, kind.to_owned())) {
            Some(last) => Ok(*last),
            None => self.leaf.last_number(office, year, kind),
        }
    }

    /// A journal as this delivery has it.
    pub fn journal(&self, jid: &str) -> Kept<Option<Journal>> {
        match self.journals.get(jid) {
            Some(journal) => Ok(Some(journal.clone())),
            None => self.leaf.journal(jid),
        }
    }

    /// Keeps a journal until the end of the delivery.
    pub fn keep_journal(&mut self, journal: Journal) {
        self.journals.insert(journal.jid.clone(), journal);
    }

    /// Whether a device has a journal that continues this one.
    pub fn continues(&self, dev: &str, jid: &str) -> Kept<bool> {
        let here = self
            .journals
            .values()
            .any(|j| j.dev == dev && j.continues.as_deref() == Some(jid));
        Ok(here || self.leaf.continues(dev, jid)?)
    }

    /// Remembers a row, to save reading it again.
    pub fn remember(&mut self, row: EntryRow) {
        self.rows.insert(row.h.clone(), row);
    }

    /// An entry as kept.
    pub fn row(&self, h: &str) -> Kept<Option<EntryRow>> {
        match self.rows.get(h) {
            Some(row) => Ok(Some(row.clone())),
            None => self.leaf.entry(h),
        }
    }

    /// Remembers what an entry states, to save reading it again.
    pub fn remember_statement(&mut self, h: &str, entry: &Entry, event: &Event) {
        let statement = Statement {
            event: Some(event.clone()),
            rec: entry.rec,
            clk: entry.clk,
        };
        self.statements.insert(h.to_owned(), statement);
    }

    /// Takes events that were read before the transaction.
    pub fn take_statements(&mut self, stated: Arc<Statements>) {
        self.stated = stated;
    }

    /// The event of an entry's body, read once.
    pub fn stated(&self, h: &str, kind: Kind, entry: &Entry) -> Result<Event, Problem> {
        match self.stated.get(h) {
            Some(stated) => stated.clone(),
            None => crate::portal::record::assess::read_event(kind, entry),
        }
    }

    /// What an entry states.
    pub fn statement(&self, h: &str, kind: Kind) -> Kept<Statement> {
        if let Some(found) = self.statements.get(h) {
            return Ok(found.clone());
        }
        let (_, entry) = self.read(h)?;
        Ok(Statement {
            event: crate::portal::record::assess::read_event(kind, &entry).ok(),
            rec: entry.rec,
            clk: entry.clk,
        })
    }

    /// An entry that must be there, and what it says.
    pub fn read(&self, h: &str) -> Kept<(EntryRow, Entry)> {
        let missing = || BookError::Failed(format!("entry {h} is missing or unreadable"));
        let row = self.row(h)?.ok_or_else(missing)?;
        let entry = crate::portal::record::reread(&row).ok_or_else(missing)?;
        Ok((row, entry))
    }

    /// Decides an entry; a later word within the delivery replaces an earlier one.
    pub fn say(&mut self, h: &str, verdict: Verdict) {
        match self.verdicts.iter_mut().find(|(of, _)| of == h) {
            Some((_, said)) => *said = verdict,
            None => self.verdicts.push((h.to_owned(), verdict)),
        }
    }

    /// What was decided of an entry just now was a registrar's doing.
    pub fn said_by_registrar(&mut self, h: &str) {
        if let Some((_, said)) = self.verdicts.iter_mut().find(|(of, _)| of == h) {
            said.by = By::Registrar;
        }
    }

    /// Decides with a status and its reason.
    pub fn say_why(&mut self, h: &str, status: Status, reason: Reason) {
        self.say(h, Verdict::because(status, problem(reason)));
    }

    /// Writes journals and verdicts, numbers and signs the receipts, draws what changed.
    pub fn finish(mut self, key: &SecretKey) -> Kept<()> {
        self.write_entries()?;
        self.write_alike()?;
        for journal in self.journals.values() {
            self.leaf.put_journal(journal)?;
        }
        for ((office, year, kind), last) in &self.numbers {
            self.leaf.raise_number(office, *year, kind, *last)?;
        }
        self.write_notifications()?;
        let verdicts = std::mem::take(&mut self.verdicts);
        self.leaf.set_verdicts(&verdicts)?;
        let mut said = Vec::with_capacity(verdicts.len());
        let mut of_facility: BTreeMap<String, u64> = BTreeMap::new();
        for (h, verdict) in verdicts {
            let row = self
                .row(&h)?
                .ok_or_else(|| BookError::Failed(format!("entry {h} is missing")))?;
            *of_facility.entry(row.fac.clone()).or_default() += 1;
            said.push((row, verdict));
        }
        // The numbers that each facility's receipts have before this delivery.
        for (fac, count) in &mut of_facility {
            *count = self.leaf.next_n(fac, *count)? - *count;
        }
        let mut touched = BTreeSet::new();
        let mut receipts = Vec::with_capacity(said.len());
        for (row, verdict) in said {
            let n = of_facility.entry(row.fac.clone()).or_default();
            *n += 1;
            touched.insert(row.nid.clone());
            let text = self.receipt(*n, &row, verdict)?.seal(key);
            let text = text.map_err(|e| BookError::Failed(format!("receipt: {}", e.code())))?;
            receipts.push((row.fac, *n, row.h, text));
        }
        self.leaf.add_receipts(&receipts)?;
        self.draw(&touched)
    }

    fn receipt(&self, n: u64, row: &EntryRow, verdict: Verdict) -> Kept<Receipt> {
        let head = match self.journal(&row.jid)? {
            Some(journal) => Head {
                seq: journal.head,
                h: journal.head_h,
            },
            None => Head {
                seq: 0,
                h: NO_PREV.to_owned(),
            },
        };
        Ok(Receipt {
            n,
            fac: row.fac.clone(),
            nid: row.nid.clone(),
            rev: row.rev,
            id: row.id.clone(),
            nh: row.h.clone(),
            jid: row.jid.clone(),
            seq: row.seq,
            status: verdict.status,
            by: verdict.by,
            reg_no: verdict.reg_no,
            office: verdict.office,
            at: self.now,
            open: verdict.open,
            cert: verdict.cert,
            dup_of: verdict.dup_of,
            problem: verdict.problem,
            head,
        })
    }
}
