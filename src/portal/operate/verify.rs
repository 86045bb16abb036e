//! Whether the book holds: every signature, chain, receipt number and registration number.
//!
//! Deliberately absent: what stands outside the book and could show that it was set back.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;

use crate::portal::PortalError;
use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::record::{NumberSeries, Record, Step, numbering, reduce};
use crate::portal::unit::keyring::Keyring;
use crate::portal::unit::opened::Opened;
use crate::portal::{PortalSettings, record::EntryRow};
use crate::seal::{Entry, Jws, NO_PREV, Receipt, ReceiptNumber, SealError, Typ, hash};
use crate::vital::{Kind, Nid};

/// Rows read at once.
const AT_ONCE: usize = 1_000;
/// Faults that are named.
const MOST: usize = 100;

/// What is wrong in a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookFault {
    /// Which kind of fault: a word of the catalogue, `book-fault-<word>`.
    pub fault: &'static str,
    /// Where: an entry's hash, a journal, a facility's number, a notification.
    pub at: String,
}

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries.
    pub entries: u64,
    /// Receipts.
    pub receipts: u64,
    /// Journals.
    pub journals: u64,
    /// Notifications.
    pub notifications: u64,
    /// Receipts of epochs that are over which wards have not given back. No fault of the book: it was set back.
    pub lost: u64,
    /// What is wrong, the first hundred.
    pub faults: Vec<BookFault>,
    /// How much is.
    pub wrong: u64,
}

impl Verified {
    /// Whether the book holds.
    pub fn holds(&self) -> bool {
        self.wrong == 0
    }

    fn add(&mut self, fault: &'static str, at: impl Into<String>) {
        self.wrong += 1;
        if self.faults.len() < MOST {
            self.faults.push(BookFault { fault, at: at.into() });
        }
    }
}

/// Checks a whole book; works beside a running portal, on one consistent state.
///
/// # Errors
/// The portal's, where the book cannot be read.
pub fn verify(dir: &Path) -> Result<Verified, PortalError> {
    let mut opened = Opened::at(dir)?;
    let settings = opened.files.load()?;
    let keyring = opened.keyring()?;
    let out = opened.book.read(|tx| {
        let mut out = Verified::default();
        entries(tx, &keyring, &mut out)?;
        receipts(tx, &keyring, &mut out)?;
        notifications(tx, &settings, &mut out)?;
        Ok(out)
    })?;
    Ok(out)
}

/// Every entry's text, hash and signature, and each journal's chain up to its head.
fn entries(tx: &ReadTransaction<'_>, keyring: &Keyring, out: &mut Verified) -> BookResult<()> {
    // What stands at each place of a journal: hash and predecessor.
    let mut places: HashMap<(String, u64), Vec<(String, String)>> = HashMap::new();
    let mut after = 0;
    loop {
        let rows = tx.entries_after(after, AT_ONCE)?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        for (_, row) in &rows {
            out.entries += 1;
            if let Some(fault) = entry(row, keyring) {
                out.add(fault, row.h.to_string());
            }
            let place = places.entry((row.jid.to_string(), row.seq)).or_default();
            place.push((row.h.to_string(), row.prev.to_string()));
        }
    }
    for journal in tx.journals()? {
        out.journals += 1;
        let mut before = NO_PREV.to_owned();
        for seq in 1..=journal.head {
            let here = places.get(&(journal.jid.to_string(), seq));
            let next = here.and_then(|here| here.iter().find(|(_, prev)| *prev == before));
            match next {
                Some((h, _)) => before.clone_from(h),
                None => {
                    out.add("chain", format!("{} {seq}", journal.jid));
                    break;
                }
            }
        }
        if journal.head_h != before.as_str() {
            out.add("head", journal.jid.to_string());
        }
    }
    Ok(())
}

fn entry(row: &EntryRow, keyring: &Keyring) -> Option<&'static str> {
    if hash(&row.jws) != row.h.as_str() {
        return Some("text");
    }
    let Ok(jws) = Jws::parse(&row.jws, Typ::Entry) else {
        return Some("text");
    };
    match Entry::from_jws(&jws) {
        Ok(entry) => {
            let same = entry.id == row.id
                && entry.jid == row.jid
                && entry.seq == row.seq
                && entry.prev == row.prev
                && entry.nid == row.nid
                && entry.rev == row.rev
                && entry.t.code() == row.t
                && entry.fac == row.fac;
            if !same || jws.kid() != row.kid {
                return Some("row");
            }
        }
        // Of a newer version nothing more can be told.
        Err(SealError::NewerVersion(_)) => {}
        Err(_) => return Some("text"),
    }
    if !row.verified {
        return None;
    }
    match keyring.find(&row.kid) {
        Some((_, key)) if jws.verify(key).is_ok() => None,
        Some(_) => Some("signature"),
        None => Some("key"),
    }
}

/// Every receipt's signature, and that each facility's numbers have no gap in the epoch in force.
fn receipts(tx: &ReadTransaction<'_>, keyring: &Keyring, out: &mut Verified) -> BookResult<()> {
    let epoch = tx.epoch()?;
    let mut highest: BTreeMap<(String, u32), u64> = BTreeMap::new();
    let mut after = (String::new(), ReceiptNumber { epoch: 0, n: 0 }, String::new());
    loop {
        let rows = tx.receipts_after((&after.0, after.1, &after.2), AT_ONCE)?;
        let Some(last) = rows.last() else { break };
        after = (last.0.clone(), last.1, last.2.to_string());
        for (fac, number, h, text) in &rows {
            out.receipts += 1;
            let at = || format!("{fac} {} {}", number.epoch, number.n);
            match Receipt::open(text, keyring.trust()) {
                Ok(receipt) if receipt.number() == *number && receipt.nh == *h && *receipt.fac == **fac => {}
                Ok(_) => out.add("receipt-row", at()),
                Err(_) => out.add("receipt", at()),
            }
            let before = highest.entry((fac.clone(), number.epoch)).or_default();
            match number.n {
                // An epoch ends where a copy was put back: what was given after it may come twice, or never.
                n if number.epoch < epoch => out.lost += n.saturating_sub(*before + 1),
                n if n == *before => out.add("receipt-twice", at()),
                n if n != *before + 1 => out.add("receipt-gap", at()),
                _ => {}
            }
            *before = number.n;
        }
    }
    for (fac, counter) in tx.receipt_counters()? {
        let newest = highest.get(&(fac.clone(), counter.epoch)).copied().unwrap_or(0);
        if newest != counter.n {
            out.add(
                "receipt-counter",
                format!("{fac} {} {}", counter.epoch, counter.n),
            );
        }
    }
    Ok(())
}

/// Every registration number: of its office's form, within what was given, given once, and only by a
/// decision that cleared it.
fn notifications(tx: &ReadTransaction<'_>, settings: &PortalSettings, out: &mut Verified) -> BookResult<()> {
    let given: HashMap<NumberSeries, u64> = tx.numbers()?.into_iter().collect();
    let passed_over = tx.not_given()?;
    let mut holders: HashMap<String, Nid> = HashMap::new();
    let mut after = Nid::default();
    loop {
        let rows = tx.kept_after(&after, AT_ONCE)?;
        let Some((last, _)) = rows.last() else { break };
        after = last.nid.clone();
        for (row, record) in &rows {
            out.notifications += 1;
            let mut drawn: Option<Record> = None;
            let (mut cleared, mut upheld) = (false, false);
            for decision in tx.decisions(&row.nid)? {
                cleared |= decision.steps.iter().any(|step| {
                    matches!(
                        step,
                        Step::Registered { .. } | Step::Imported { .. } | Step::Inherited(_)
                    )
                });
                upheld |= decision
                    .steps
                    .iter()
                    .any(|step| matches!(step, Step::Registered { cleared, .. } if cleared.is_upheld()));
                drawn = reduce(drawn, &row.nid, &decision.at, &decision.steps);
            }
            if record.is_some() && *record != drawn {
                out.add("record", row.nid.to_string());
            }
            let Some(number) = &row.reg_no else { continue };
            if record.is_some() && !cleared {
                out.add("cleared", row.nid.to_string());
            }
            // Its book gave it, and another book may have the same.
            if row.earlier.is_some() {
                continue;
            }
            match place(settings, &given, number, row.kind.as_str()) {
                None => out.add("number", row.nid.to_string()),
                // Given before the book was put back, and come back with its receipt.
                Some(_) if upheld => {}
                Some(((office, year, kind), n)) => {
                    if passed_over.iter().any(|p| p.holds((&office, year, &kind), n)) {
                        out.add("passed-over", row.nid.to_string());
                    }
                }
            }
            if holders.insert(number.clone(), row.nid.clone()).is_some() {
                out.add("number-twice", row.nid.to_string());
            }
        }
    }
    Ok(())
}

/// The row and the place of a registration number among those that were given.
fn place(
    settings: &PortalSettings,
    given: &HashMap<NumberSeries, u64>,
    number: &str,
    kind: &str,
) -> Option<(NumberSeries, u64)> {
    let kind = Kind::from_code(kind)?;
    let offices = crate::codes::list("office")
        .into_iter()
        .flat_map(|list| &list.codes);
    let mut read = offices.filter_map(|office| {
        let (year, n) = numbering::parse(&settings.registration, &office.code, number, kind.code())?;
        let series = (office.code.clone(), year, kind.code().to_owned());
        (n <= *given.get(&series)?).then_some((series, n))
    });
    read.next()
}
