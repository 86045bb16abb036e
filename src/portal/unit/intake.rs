//! Intake: what a line is, whose it is, and where it belongs in its journal.
//!
//! Reading and verifying need no transaction and happen before it; [`UnitOfWork::take`] stores an
//! entry and puts it into its journal. Nothing here looks at what an entry states.

use serde_json::Value;

use crate::portal::book::BookResult;
use crate::portal::record::{EntryRow, JournalRow};
use crate::portal::unit::keyring::Keyring;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::{Entry, Jws, NO_PREV, Receipt, SealError, Typ};
use crate::wire::{self, ProblemCode, ProblemDetails, Reason};

/// A line of a delivery, read and verified as far as the trust list goes.
pub(in crate::portal) enum DeliveryLine {
    /// An entry.
    Entry(Box<Incoming>),
    /// A receipt that this portal gave once, and its text.
    Receipt(Box<Receipt>, String),
    /// Neither.
    Problem(ProblemDetails),
}

/// An entry that was read.
pub(in crate::portal) struct Incoming {
    /// As it will be kept.
    pub row: EntryRow,
    /// What it says; none of a newer version.
    pub entry: Option<Entry>,
    /// Key of the device in whose journal it stands.
    pub dev: String,
}

/// Reads a line. `number` counts from 1.
pub(in crate::portal) fn read_line(line: &str, number: usize, keyring: &Keyring, at_ms: i64) -> DeliveryLine {
    let problem = |code| DeliveryLine::Problem(ProblemDetails::new(code).at_line(number));
    if line.len() > wire::MAX_JWS + 2 {
        return problem(ProblemCode::TooLarge);
    }
    let Some(text) = wire::jws_of_line(line) else {
        return problem(ProblemCode::NotAnEntry);
    };
    let jws = match Jws::parse(&text, Typ::Entry) {
        Ok(jws) => jws,
        Err(SealError::WrongType) => {
            return match Receipt::open(&text, keyring.trust()) {
                Ok(receipt) => DeliveryLine::Receipt(Box::new(receipt), text),
                Err(SealError::WrongType) => problem(ProblemCode::NotAnEntry),
                Err(_) => problem(ProblemCode::ForeignReceipt),
            };
        }
        Err(_) => return problem(ProblemCode::NotAnEntry),
    };
    let read = match Entry::from_jws(&jws) {
        Ok(entry) => Some(entry_row(&jws, entry, at_ms)),
        Err(SealError::NewerVersion(_)) => outline(&jws, at_ms),
        Err(_) => None,
    };
    let Some(mut incoming) = read else {
        return problem(ProblemCode::NotAnEntry);
    };
    if let Some((_, key)) = keyring.find(jws.kid()) {
        if jws.verify(key).is_err() {
            return problem(ProblemCode::BadSignature);
        }
        incoming.row.verified = true;
    }
    DeliveryLine::Entry(Box::new(incoming))
}

/// An entry as it will be kept; nobody has verified it yet.
pub(super) fn entry_row(jws: &Jws, entry: Entry, at_ms: i64) -> Incoming {
    let row = EntryRow {
        h: jws.hash().into(),
        id: entry.id.clone(),
        jid: entry.jid.clone(),
        seq: entry.seq,
        prev: entry.prev.clone(),
        nid: entry.nid.clone(),
        rev: entry.rev,
        t: entry.t.code().to_owned(),
        fac: entry.fac.clone(),
        kid: jws.kid().to_owned(),
        verified: false,
        at_ms,
        jws: jws.text().to_owned(),
        decision: None,
    };
    Incoming {
        dev: entry.dev.clone(),
        row,
        entry: Some(entry),
    }
}

/// What can be kept of an entry of a newer version: where it belongs, not what it says.
fn outline(jws: &Jws, at_ms: i64) -> Option<Incoming> {
    let payload = jws.payload();
    let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
    let uuid = |name: &str| text(name).filter(|t| uuid::Uuid::try_parse(t).is_ok());
    let row = EntryRow {
        h: jws.hash().into(),
        id: uuid("id")?,
        jid: uuid("jid")?.into(),
        seq: payload.get("seq").and_then(Value::as_u64).filter(|s| *s > 0)?,
        prev: text("prev")?.into(),
        nid: uuid("nid")?.into(),
        rev: payload.get("rev").and_then(Value::as_u64)?.try_into().ok()?,
        t: text("t")?,
        fac: text("fac")?.into(),
        kid: jws.kid().to_owned(),
        verified: false,
        at_ms,
        jws: jws.text().to_owned(),
        decision: None,
    };
    Some(Incoming {
        dev: text("dev")?,
        row,
        entry: None,
    })
}

impl UnitOfWork<'_> {
    /// Stores an entry brought by a device and decides it. `Some` where the line gets a problem
    /// and nothing was kept.
    pub fn take(&mut self, incoming: &Incoming, device: &str, fac: &str) -> BookResult<Option<ProblemCode>> {
        let row = &incoming.row;
        // Receipts go to the facility whose entry it is.
        if row.fac != fac {
            return Ok(Some(ProblemCode::ForeignJournal));
        }
        if self.has_entry(&row.h)? {
            return Ok(None);
        }
        let Some(mut journal) = self.journal_for(incoming, device)? else {
            return Ok(Some(ProblemCode::ForeignJournal));
        };
        let has_receipt = self.has_receipt(&row.h)?;
        if !has_receipt && self.over_quota(row, device)? {
            return Ok(Some(ProblemCode::Quota));
        }
        self.add_entry(row);
        let place = self.place(&mut journal, incoming)?;
        self.save_journal(journal);
        self.remember(row.clone());
        match (has_receipt, place) {
            (true, _) => self.restore_from_receipt(row, incoming.entry.as_ref())?,
            (false, position) => self.decide(row, incoming.entry.as_ref(), position)?,
        }
        Ok(None)
    }

    /// The journal that an entry stands in, if this device may bring it: the device's own, or one that it
    /// continues. What the registry gave a receipt for once, any device of the facility may bring back.
    fn journal_for(&mut self, incoming: &Incoming, device: &str) -> BookResult<Option<JournalRow>> {
        let jid = &incoming.row.jid;
        let found = self.journal(jid)?;
        // Whoever claims to continue the journal of another facility writes nothing into it.
        if found.as_ref().is_some_and(|j| j.fac != incoming.row.fac) {
            return Ok(None);
        }
        let owner = found.as_ref().map_or(&incoming.dev, |j| &j.dev);
        let own = owner == device
            || self.continues((device, &incoming.row.fac), jid)?
            || self.has_receipt(&incoming.row.h)?;
        if owner != &incoming.dev || !own {
            return Ok(None);
        }
        Ok(Some(found.unwrap_or_else(|| JournalRow {
            jid: jid.clone(),
            dev: incoming.dev.clone(),
            fac: incoming.row.fac.clone(),
            continues: None,
            head: 0,
            head_h: NO_PREV.into(),
            highest: 0,
            forked: false,
        })))
    }

    /// Why an entry's place in its journal is not believed.
    pub fn position_of(&mut self, row: &EntryRow) -> BookResult<Option<Reason>> {
        let here = self.entries_at(&row.jid, row.seq)?;
        if here.iter().any(|(h, _)| *h != row.h) {
            return Ok(Some(Reason::Fork));
        }
        let before = match row.seq {
            1 => vec![(NO_PREV.to_owned(), String::new())],
            seq => self.entries_at(&row.jid, seq - 1)?,
        };
        let after = self.entries_at(&row.jid, row.seq.saturating_add(1))?;
        let follows = before.is_empty() || before.iter().any(|(h, _)| *h == row.prev);
        let followed = after.is_empty() || after.iter().any(|(_, prev)| *prev == row.h);
        Ok((!follows || !followed).then_some(Reason::BrokenChain))
    }

    /// Puts an entry into its journal and moves the head as far as nothing is missing. Says why its place is
    /// not believed: beside another one, or not after the one before.
    fn place(&mut self, journal: &mut JournalRow, incoming: &Incoming) -> BookResult<Option<Reason>> {
        let row = &incoming.row;
        if let Some(continues) = incoming.entry.as_ref().and_then(continued) {
            journal.continues = Some(continues.into());
        }
        let is_last = journal.highest < row.seq;
        journal.highest = journal.highest.max(row.seq);
        if row.seq == journal.head + 1 && row.prev == journal.head_h && is_last {
            // The usual case: the next one, and nothing at its place or beyond it.
            journal.head = row.seq;
            journal.head_h = row.h.clone();
            return Ok(None);
        }
        if let Some(position) = self.position_of(row)? {
            journal.forked = true;
            return Ok(Some(position));
        }
        loop {
            let next = self.entries_at(&row.jid, journal.head + 1)?;
            let Some((h, _)) = next.into_iter().find(|(_, prev)| *prev == journal.head_h) else {
                return Ok(None);
            };
            journal.head += 1;
            journal.head_h = h.into();
        }
    }
}

/// The journal that an `open` continues.
fn continued(entry: &Entry) -> Option<String> {
    let open = entry.t == crate::seal::EntryType::Open;
    let continues = entry.body.get("continues").filter(|_| open)?;
    // Either the journal's identifier or an object that also names its last entry.
    let jid = continues.as_str().or_else(|| continues.get("jid")?.as_str())?;
    Some(jid.to_owned())
}
