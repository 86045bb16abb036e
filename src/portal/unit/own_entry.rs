//! What the registry states itself: a registrar's word is signed by the key of receipts into the journal of
//! the office, and decided as a ward's is.
//!
//! So it is added up, compared, found, counted, explained and verified by what does so for wards. The office's
//! code stands where a ward's entry names its facility; no facility may enrol under one.

use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value};

use crate::env::{ClockTrust, Role, new_uuid};
use crate::form::body;
use crate::portal::book::{BookError, BookResult};
use crate::portal::record::{EntryRow, JournalRow};
use crate::portal::unit::intake::entry_row;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::{AmendReason, Entry, EntryType, Jws, NO_PREV, Ref, SealError, SecretKey, Typ};
use crate::vital::{Event, OfficeCode};

/// Member of a body that says how it came to the registry. FROZEN.
const SOURCE: &str = "source";
/// Code of the reason of a correction that is told in words. FROZEN.
const OTHER: &str = "other";

/// What a registrar states for an office.
pub(in crate::portal) struct OwnStatement<'a> {
    /// Identifier of the notification: a UUID.
    pub nid: &'a str,
    pub office: OfficeCode,
    /// Who states it.
    pub login: &'a str,
    pub event: &'a Event,
    /// How it came to the registry: a word that is signed. FROZEN: `paper`, `act`.
    pub source: &'static str,
    /// What it corrects; none of a first statement.
    pub amends: Option<Amended<'a>>,
}

/// What a registrar corrects, and why.
pub(in crate::portal) struct Amended<'a> {
    pub of: Ref,
    /// In the registrar's words.
    pub why: &'a str,
}

impl OwnStatement<'_> {
    /// The entry, before it has its place in the journal.
    pub fn entry(&self, key: &SecretKey, now: DateTime<FixedOffset>) -> Entry {
        let mut body = match body::to_json(self.event) {
            Value::Object(body) => body,
            _ => Map::new(),
        };
        body.insert(SOURCE.to_owned(), self.source.into());
        let (t, id, rev) = match &self.amends {
            None => (EntryType::Notice(self.event.kind), self.nid.to_owned(), 1),
            Some(amended) => (EntryType::Amend, new_uuid(), amended.of.rev.saturating_add(1)),
        };
        Entry {
            v: crate::seal::VERSION,
            t,
            id,
            nid: self.nid.into(),
            rev,
            jid: String::new().into(),
            seq: 0,
            prev: NO_PREV.into(),
            rec: now,
            clk: ClockTrust::Synced,
            fac: self.office.as_str().into(),
            dev: key.public().kid().to_owned(),
            usr: self.login.to_owned(),
            role: Role::Registrar,
            app: env!("CARGO_PKG_VERSION").to_owned(),
            body,
            reference: self.amends.as_ref().map(|amended| amended.of.clone()),
            reason: self.amends.as_ref().map(|amended| AmendReason {
                code: OTHER.to_owned(),
                text: amended.why.to_owned(),
            }),
        }
    }
}

/// Whether a registrar stated an entry, and it came to the registry in this way.
pub(in crate::portal) fn came_by(entry: &Entry, source: &str) -> bool {
    let says = entry.body.get(SOURCE).and_then(Value::as_str);
    entry.role == Role::Registrar && says == Some(source)
}

impl UnitOfWork<'_> {
    /// Puts an entry of the registry's own next into its office's journal, and signs and keeps it.
    pub fn sign_own(&mut self, key: &SecretKey, mut entry: Entry) -> BookResult<(EntryRow, Entry)> {
        let mut journal = self.own_journal(&entry)?;
        entry.jid = journal.jid.clone();
        entry.seq = journal.head + 1;
        entry.prev = journal.head_h.clone();
        let failed = |e: SealError| BookError::Failed(format!("own entry: {}", e.code()));
        let text = entry.seal(key).map_err(failed)?;
        let jws = Jws::parse(&text, Typ::Entry).map_err(failed)?;
        let mut row = entry_row(&jws, entry.clone(), self.now.timestamp_millis()).row;
        row.verified = true;
        journal.head = row.seq;
        journal.highest = row.seq;
        journal.head_h = row.h.clone();
        self.save_journal(journal);
        self.add_entry(&row);
        self.remember(row.clone());
        Ok((row, entry))
    }

    fn own_journal(&self, entry: &Entry) -> BookResult<JournalRow> {
        let mut here = self.journals.values();
        let here = here.find(|journal| journal.fac == entry.fac && journal.dev == entry.dev);
        let found = match here {
            Some(journal) => Some(journal.clone()),
            None => self.tx.journal_of(&entry.fac, &entry.dev)?,
        };
        Ok(found.unwrap_or_else(|| JournalRow {
            jid: new_uuid().into(),
            dev: entry.dev.clone(),
            fac: entry.fac.clone(),
            continues: None,
            head: 0,
            head_h: NO_PREV.into(),
            highest: 0,
            forked: false,
        }))
    }
}
