//! Journals: whose, how long, and why one is no longer written to.

use super::convert::{signed, unsigned};
use super::people::keep_key;
use super::{Recorded, Site, Store, StoreError, Urgency};
use crate::env::{Role, new_uuid};
use crate::seal::{Entry, EntryType, NO_PREV, VERSION, hash};
use crate::vital::{FacilityCode, Jid};
use crate::ward::store::projection_writer::read_entry;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value, json};

/// Version of the program, as entries name it.
pub(super) const APP: &str = concat!("ogoh ", env!("CARGO_PKG_VERSION"));

/// The portal has entries of the journal that are not here: it was restored or cut.
pub(super) const BEHIND: &str = "behind";
/// Two different entries stand at one place.
pub(super) const FORK: &str = "fork";

/// A journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// Identifier.
    pub jid: Jid,
    /// Whether it was opened on this database.
    pub own: bool,
    /// Facility.
    pub fac: FacilityCode,
    /// Thumbprint of the device's key.
    pub dev: String,
    /// The journal that it continues.
    pub continues: Option<Jid>,
    /// Why nothing more is written to it: `behind`, `fork`, `restored`, or another reason that was
    /// given; none while in use.
    pub left_for: Option<String>,
    /// Place and hash of its last entry here; 0 and 32 zero bytes where there is none.
    pub head: (u64, String),
}

/// Place and hash of the last entry of a journal.
pub(super) fn head(db: &Connection, jid: &str) -> Result<(u64, String), StoreError> {
    let mut find =
        db.prepare_cached("SELECT seq, h FROM entries WHERE jid = ?1 ORDER BY seq DESC LIMIT 1")?;
    let head = find
        .query_row([jid], |r| Ok((unsigned(r.get(0)?), r.get(1)?)))
        .optional()?;
    Ok(head.unwrap_or_else(|| (0, NO_PREV.to_owned())))
}

/// The journal that this device writes to, opened if there is none.
pub(super) fn writing_to(db: &Connection, site: &Site<'_>) -> Result<String, StoreError> {
    let device = site.device.public();
    let fac = site.settings.facility.code.as_str();
    let mut find = db.prepare_cached(
        "SELECT jid FROM journals WHERE own = 1 AND left_for IS NULL AND dev = ?1 AND fac = ?2",
    )?;
    let found: Option<String> = find
        .query_row(params![device.kid(), fac], |r| r.get(0))
        .optional()?;
    match found {
        Some(jid) => Ok(jid),
        None => open(db, site),
    }
}

/// Opens a journal. It continues the one that was written to last here, if there was one: of several that
/// no other one continues rather one of another key, which only a continuation lets this device deliver.
fn open(db: &Connection, site: &Site<'_>) -> Result<String, StoreError> {
    let device = site.device.public();
    let fac = &site.settings.facility.code;
    let last: Option<String> = db
        .prepare_cached(
            "SELECT jid FROM entries JOIN journals j USING (jid) WHERE own = 1 AND fac = ?1 AND seq = 1
             ORDER BY EXISTS (SELECT 1 FROM journals c WHERE c.own = 1 AND c.continues = j.jid),
               dev = ?2, n DESC LIMIT 1",
        )?
        .query_row(params![fac, device.kid()], |r| r.get(0))
        .optional()?;
    let mut body = Map::new();
    body.insert("device".into(), device.jwk());
    body.insert("facility".into(), Value::from(fac.as_str()));
    if let Some(last) = &last {
        let (seq, h) = head(db, last)?;
        body.insert("continues".into(), json!({"jid": last, "seq": seq, "h": h}));
    }
    let id = new_uuid();
    let jid = new_uuid();
    let entry = Entry {
        v: VERSION,
        t: EntryType::Open,
        nid: id.clone().into(),
        id,
        rev: 1,
        jid: jid.clone().into(),
        seq: 1,
        prev: NO_PREV.into(),
        rec: site.now,
        clk: site.clk,
        fac: fac.clone().into(),
        dev: device.kid().to_owned(),
        usr: device.kid().to_owned(),
        role: Role::Device,
        app: APP.to_owned(),
        body,
        reference: None,
        reason: None,
    };
    // A device writes to one journal; an earlier one of another facility or key is left.
    db.execute(
        "UPDATE journals SET left_for = 'device' WHERE own = 1 AND left_for IS NULL",
        [],
    )?;
    db.prepare_cached("INSERT INTO journals VALUES (?1, 1, ?2, ?3, ?4, NULL)")?
        .execute(params![jid, fac, device.kid(), last])?;
    keep_key(db, device.kid(), &device.x(), "", Role::Device)?;
    let jws = entry.seal(site.device)?;
    let h = hash(&jws);
    insert(db, &entry, &jws, &h)?;
    Ok(jid)
}

/// Writes an entry that was signed here, and puts it in the outbox.
pub(super) fn insert(
    db: &Connection,
    entry: &Entry,
    jws: &str,
    h: &str,
) -> Result<(i64, Recorded), StoreError> {
    let n = insert_row(db, entry, jws, h)?;
    queue(db, n, entry, jws)?;
    let recorded = Recorded {
        id: entry.id.clone(),
        nid: entry.nid.clone(),
        rev: entry.rev,
        jid: entry.jid.clone(),
        seq: entry.seq,
        h: h.into(),
        findings: Vec::new(),
    };
    Ok((n, recorded))
}

/// Puts an entry in the outbox.
pub(super) fn queue(db: &Connection, n: i64, entry: &Entry, jws: &str) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR IGNORE INTO outbox (n, urgency, bytes, rec_s) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            n,
            Urgency::of(entry.t.code()).number(),
            signed(jws.len()),
            entry.rec.timestamp()
        ])?;
    Ok(())
}

/// Writes the row of an entry; gives its place in the order of arrival.
pub(super) fn insert_row(db: &Connection, entry: &Entry, jws: &str, h: &str) -> Result<i64, StoreError> {
    db.prepare_cached(
        "INSERT INTO entries (jid, seq, id, h, prev, t, nid, rev, rec, jws)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        entry.jid,
        signed(entry.seq),
        entry.id,
        h,
        entry.prev,
        entry.t.code(),
        entry.nid,
        entry.rev,
        entry.rec.to_rfc3339(),
        jws,
    ])?;
    Ok(db.last_insert_rowid())
}

/// Stops writing to a journal, for a reason that stays.
pub(super) fn leave(db: &Connection, jid: &str, why: &str) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE journals SET left_for = ?2 WHERE jid = ?1 AND left_for IS NULL")?
        .execute(params![jid, why])?;
    Ok(())
}

impl Store {
    /// All journals, own ones first.
    pub fn journals(&self) -> Result<Vec<Journal>, StoreError> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT jid, own, fac, dev, continues, left_for FROM journals ORDER BY own DESC, jid",
            )?;
            let rows = all.query_map([], |r| {
                Ok(Journal {
                    jid: r.get(0)?,
                    own: r.get(1)?,
                    fac: r.get(2)?,
                    dev: r.get(3)?,
                    continues: r.get(4)?,
                    left_for: r.get(5)?,
                    head: (0, String::new()),
                })
            })?;
            let mut out = Vec::new();
            for row in rows {
                let mut journal = row?;
                journal.head = head(db, &journal.jid)?;
                out.push(journal);
            }
            Ok(out)
        })
    }

    /// Opens a journal for this device unless it has one. Signing does so by itself; a new device
    /// may want to show its journal before the first signature.
    pub fn open_journal(&mut self, site: &Site<'_>) -> Result<String, StoreError> {
        let jid = self.write(|db| writing_to(db, site))?;
        self.witness_heads();
        Ok(jid)
    }

    /// Place and hash of the last entry of a journal here; 0 and 32 zero bytes where there is none.
    pub fn head(&self, jid: &str) -> Result<(u64, String), StoreError> {
        head(&self.db, jid)
    }

    /// Entries of a journal from a place on, as text, at most `limit`. Minimised ones are left out.
    pub fn entries_from(&self, jid: &str, seq: u64, limit: usize) -> Result<Vec<String>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT jws FROM entries WHERE jid = ?1 AND seq >= ?2 AND jws IS NOT NULL
             ORDER BY seq LIMIT ?3",
        )?;
        let rows = find.query_map(params![jid, signed(seq), signed(limit)], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Entries in the order of their arrival here, after place `n` of that order: place, entry,
    /// text. At most `limit`; minimised ones are left out.
    pub fn entries_after(&self, n: i64, limit: usize) -> Result<Vec<(i64, Entry, String)>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT n, jws FROM entries WHERE n > ?1 AND jws IS NOT NULL ORDER BY n LIMIT ?2",
        )?;
        let rows = find.query_map(params![n, signed(limit)], |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?))
        })?;
        let mut out = Vec::new();
        for row in rows {
            let (n, jws) = row?;
            out.push((n, read_entry(&jws)?, jws));
        }
        Ok(out)
    }

    /// Leaves our journals after a restore from a backup: the next signature opens a new one that
    /// names the old. `why` is a short code such as `restored`.
    pub fn leave_journals(&mut self, why: &str) -> Result<(), StoreError> {
        self.write(|db| {
            db.execute(
                "UPDATE journals SET left_for = ?1 WHERE own = 1 AND left_for IS NULL",
                [why],
            )?;
            Ok(())
        })
    }
}
