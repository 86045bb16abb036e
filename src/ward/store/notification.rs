//! One notification with everything that happened to it.

use super::projection::event_of;
use super::{Attempt, EntryStatus, NotificationRow, Store, StoreError};
use crate::env::ClockTrust;
use crate::seal::{Entry, Problem, Receipt};
use crate::vital::{EntryHash, Event, FacilityCode, Kind, Nid, OfficeCode};
use crate::ward::store::projection_writer::{newest_receipt, read_entry, read_receipt};
use crate::ward::store::worklist::{COLUMNS, row};
use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, OptionalExtension};

/// A notification through all its revisions. Holds names: never for a log.
#[derive(Clone, PartialEq)]
pub struct Notification {
    /// As in lists.
    pub row: NotificationRow,
    /// What its latest revision states; none where its text was minimised.
    pub event: Option<Event>,
    /// Hash of its latest revision: what an amendment says that it has seen.
    pub h: EntryHash,
    /// Facility that stated it.
    pub fac: FacilityCode,
    /// Civil registry office of the receipt.
    pub office: Option<OfficeCode>,
    /// Date of the certificate.
    pub cert: Option<String>,
    /// The notification that it repeats.
    pub dup_of: Option<Nid>,
    /// What the registry still misses: `name`, `father`, `document`, `cause`.
    pub open: Vec<String>,
    /// Why it was returned or is held.
    pub problem: Option<Problem>,
    /// Its entries in order: revisions, annulments, attestations.
    pub revisions: Vec<Revision>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<Happening>,
}

impl std::fmt::Debug for Notification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notification")
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

/// One entry of a notification.
#[derive(Clone, PartialEq)]
pub struct Revision {
    /// What was signed; none where the text was minimised.
    pub entry: Option<Entry>,
    /// The exact text.
    pub jws: Option<String>,
    /// Its hash.
    pub h: EntryHash,
    /// Its newest receipt, with its text.
    pub receipt: Option<(Receipt, String)>,
    /// Where it stands.
    pub standing: EntryStatus,
    /// What the family's paper says of it, signed with it; none of what an older version or another
    /// device signed.
    pub slip: Option<String>,
}

impl std::fmt::Debug for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revision")
            .field("h", &self.h)
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Somebody signed.
    Signed {
        /// By the clock of the device.
        at: DateTime<FixedOffset>,
        /// How far that may be believed.
        clk: ClockTrust,
        /// Code of the entry's type.
        t: String,
        /// Revision.
        rev: u32,
        /// Login.
        usr: String,
        /// Full name, where known here.
        name: Option<String>,
        /// Why it corrects or annuls. May hold names: never for a log.
        why: Option<String>,
    },
    /// A delivery of one of its entries came to nothing.
    Attempt(Attempt),
    /// The registry answered.
    Receipt {
        /// By the portal's clock.
        at: DateTime<FixedOffset>,
        /// The portal's number.
        n: u64,
        /// Revision.
        rev: u32,
        /// Where it stands.
        standing: EntryStatus,
        /// Number in the register.
        reg_no: Option<String>,
        /// Why it was returned or is held.
        problem: Option<Problem>,
    },
}

impl Happening {
    /// When it happened, each by its own clock.
    pub fn at(&self) -> DateTime<FixedOffset> {
        match self {
            Happening::Signed { at, .. } | Happening::Receipt { at, .. } => *at,
            Happening::Attempt(a) => a.first,
        }
    }
}

type Details = (
    NotificationRow,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    Option<String>,
);

fn details(db: &Connection, nid: &str) -> Result<Details, StoreError> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {COLUMNS}, h, office, cert, dup_of, open, problem FROM notifications WHERE nid = ?1"
    ))?;
    let mut rows = find.query_and_then([nid], |r| -> Result<Details, StoreError> {
        Ok((
            row(r)?,
            r.get("h")?,
            r.get("office")?,
            r.get("cert")?,
            r.get("dup_of")?,
            r.get("open")?,
            r.get("problem")?,
        ))
    })?;
    rows.next()
        .transpose()?
        .ok_or_else(|| StoreError::NoNotification(nid.to_owned()))
}

fn revisions(db: &Connection, nid: &str) -> Result<Vec<Revision>, StoreError> {
    let mut find = db.prepare_cached("SELECT h, jws FROM entries WHERE nid = ?1 ORDER BY n")?;
    let rows = find.query_map([nid], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let mut out = Vec::new();
    for found in rows {
        let (h, jws): (String, Option<String>) = found?;
        let receipt = newest_receipt(db, &h)?;
        out.push(Revision {
            entry: jws.as_deref().map(read_entry).transpose()?,
            standing: receipt
                .as_ref()
                .map_or(EntryStatus::Signed, |(r, _)| EntryStatus::At(r.status)),
            slip: super::slips::of_entry(db, &h)?,
            jws,
            h: h.into(),
            receipt,
        });
    }
    Ok(out)
}

fn receipts(db: &Connection, nid: &str) -> Result<Vec<Happening>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT r.jws FROM entries e JOIN receipts r ON r.nh = e.h WHERE e.nid = ?1 ORDER BY r.epoch, r.n, r.r",
    )?;
    let rows = find.query_map([nid], |r| r.get::<_, String>(0))?;
    let mut out = Vec::new();
    for jws in rows {
        let receipt = read_receipt(&jws?)?;
        out.push(Happening::Receipt {
            at: receipt.at,
            n: receipt.n,
            rev: receipt.rev,
            standing: EntryStatus::At(receipt.status),
            reg_no: receipt.reg_no,
            problem: receipt.problem,
        });
    }
    Ok(out)
}

impl Store {
    /// A notification with everything that happened to it.
    ///
    /// # Errors
    /// [`StoreError::NoNotification`].
    pub fn notification(&self, nid: &str) -> Result<Notification, StoreError> {
        self.read(|db| {
            let (row, h, office, cert, dup_of, open, problem) = details(db, nid)?;
            let revisions = revisions(db, nid)?;
            let mut timeline = Vec::new();
            for entry in revisions.iter().filter_map(|r| r.entry.as_ref()) {
                timeline.push(Happening::Signed {
                    at: entry.rec,
                    clk: entry.clk,
                    t: entry.t.code().to_owned(),
                    rev: entry.rev,
                    usr: entry.usr.clone(),
                    name: self.name_of(&entry.usr)?,
                    why: entry.reason.as_ref().map(|r| r.text.clone()),
                });
            }
            timeline.extend(self.attempts_of(nid)?.into_iter().map(Happening::Attempt));
            timeline.extend(receipts(db, nid)?);
            // Each by its own clock; what has the same time keeps the order of cause and effect.
            timeline.sort_by_key(Happening::at);
            let shown = revisions.iter().find(|r| r.h == h).and_then(|r| r.entry.as_ref());
            let first = revisions.iter().find_map(|r| r.entry.as_ref());
            Ok(Notification {
                event: shown.and_then(|e| event_of(row.kind, e)),
                fac: first.map(|e| e.fac.clone()).unwrap_or_default(),
                open: serde_json::from_str(&open).unwrap_or_default(),
                problem: problem.as_deref().and_then(|p| serde_json::from_str(p).ok()),
                row,
                h: h.into(),
                office: office.map(Into::into),
                cert,
                dup_of: dup_of.map(Into::into),
                revisions,
                timeline,
            })
        })
    }

    /// Full identifier of the one notification that begins like this.
    ///
    /// # Errors
    /// [`StoreError::NoNotification`] where there is none or more than one.
    pub fn find_nid(&self, begin: &str) -> Result<String, StoreError> {
        let none = || StoreError::NoNotification(begin.to_owned());
        if begin.is_empty() || !begin.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
            return Err(none());
        }
        let begin = begin.to_ascii_lowercase();
        let mut find = self
            .db
            .prepare_cached("SELECT nid FROM notifications WHERE nid >= ?1 AND nid < ?1 || 'g' LIMIT 2")?;
        let found: Vec<String> = find
            .query_map([&begin], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        match found.as_slice() {
            [one] => Ok(one.clone()),
            _ => Err(none()),
        }
    }

    /// The notification that an entry with this hash belongs to.
    pub fn nid_of_hash(&self, h: &str) -> Result<Option<String>, StoreError> {
        let mut find = self.db.prepare_cached("SELECT nid FROM entries WHERE h = ?1")?;
        Ok(find.query_row([h], |r| r.get(0)).optional()?)
    }

    /// Where an entry stands, and kind and status of the notification that it belongs to; none where it
    /// belongs to none, as the opening of a journal.
    pub fn standing(&self, entry: &Entry) -> Result<(EntryStatus, Option<(Kind, EntryStatus)>), StoreError> {
        self.read(|db| {
            let mut find = db.prepare_cached("SELECT h FROM entries WHERE id = ?1")?;
            let h: Option<String> = find.query_row([&entry.id], |r| r.get(0)).optional()?;
            let receipt = h.map(|h| newest_receipt(db, &h)).transpose()?.flatten();
            let own = receipt.map_or(EntryStatus::Signed, |(r, _)| EntryStatus::At(r.status));
            let mut find = db.prepare_cached("SELECT kind, status FROM notifications WHERE nid = ?1")?;
            let row: Option<(String, String)> = find
                .query_row([&entry.nid], |r| Ok((r.get(0)?, r.get(1)?)))
                .optional()?;
            let of = row
                .and_then(|(kind, status)| Some((Kind::from_code(&kind)?, EntryStatus::from_code(&status)?)));
            Ok((own, of))
        })
    }
}
