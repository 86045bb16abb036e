//! Writes what `projection` computes: the row of a notification and its words for the search.

use rusqlite::{Connection, OptionalExtension, params};

use super::convert::time;
use super::projection::{EntryWithReceipt, Projected, project};
use super::{EntryStatus, StoreError};
use crate::seal::{Entry, EntryType, Jws, Problem, Receipt, Typ};

/// Reads an entry from its text.
pub(super) fn read_entry(jws: &str) -> Result<Entry, StoreError> {
    Ok(Entry::from_jws(&Jws::parse(jws, Typ::Entry)?)?)
}

/// Reads a receipt from its text; it was verified before it was kept.
pub(super) fn read_receipt(jws: &str) -> Result<Receipt, StoreError> {
    let jws = Jws::parse(jws, Typ::Receipt)?;
    serde_json::from_value(jws.payload().clone()).map_err(|_| StoreError::Damaged("receipt".to_owned()))
}

/// The newest receipt of an entry, with its text. Of one number given twice the later one counts.
pub(super) fn newest_receipt(db: &Connection, h: &str) -> Result<Option<(Receipt, String)>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT jws FROM receipts WHERE nh = ?1 ORDER BY epoch DESC, n DESC, r DESC LIMIT 1",
    )?;
    let jws: Option<String> = find.query_row([h], |r| r.get(0)).optional()?;
    jws.map(|jws| Ok((read_receipt(&jws)?, jws))).transpose()
}

/// An entry of a notification as the database keeps it, with the text of its newest receipt.
pub(super) struct RawEntry {
    n: i64,
    own: bool,
    h: String,
    rev: u32,
    t: String,
    rec: String,
    jws: Option<String>,
    receipt: Option<String>,
}

impl RawEntry {
    /// Reads the texts. `fresh` is an entry that was signed just now and need not be read again.
    pub fn read(self, fresh: Option<(&str, &Entry)>) -> Result<EntryWithReceipt, StoreError> {
        let entry = match (fresh, &self.jws) {
            (Some((h, entry)), _) if h == self.h => Some(entry.clone()),
            (_, Some(jws)) => Some(read_entry(jws)?),
            (_, None) => None,
        };
        Ok(EntryWithReceipt {
            n: self.n,
            own: self.own,
            h: self.h.into(),
            rev: self.rev,
            t: EntryType::from_code(&self.t),
            rec: time(&self.rec)?,
            entry,
            receipt: self.receipt.as_deref().map(read_receipt).transpose()?,
        })
    }
}

/// The entries of a notification in the order of their revisions.
pub(super) fn raw_entries(db: &Connection, nid: &str) -> Result<Vec<RawEntry>, StoreError> {
    // Of one number given twice the later receipt counts.
    let mut find = db.prepare_cached(
        "SELECT e.n, j.own, e.h, e.rev, e.t, e.rec, e.jws,
           (SELECT r.jws FROM receipts r WHERE r.nh = e.h ORDER BY r.epoch DESC, r.n DESC, r.r DESC LIMIT 1)
         FROM entries e JOIN journals j USING (jid) WHERE e.nid = ?1 ORDER BY e.rev, e.n",
    )?;
    let rows = find.query_map([nid], |r| {
        Ok(RawEntry {
            n: r.get(0)?,
            own: r.get(1)?,
            h: r.get(2)?,
            rev: r.get(3)?,
            t: r.get(4)?,
            rec: r.get(5)?,
            jws: r.get(6)?,
            receipt: r.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entries of a notification in the order of their revisions, with their newest receipts.
pub(super) fn entries_with_receipts(
    db: &Connection,
    nid: &str,
    fresh: Option<(&str, &Entry)>,
) -> Result<Vec<EntryWithReceipt>, StoreError> {
    raw_entries(db, nid)?
        .into_iter()
        .map(|raw| raw.read(fresh))
        .collect()
}

/// Refreshes the projection of one notification. Entries that belong to none (openings, tallies) have none.
pub(super) fn refresh_projection(
    db: &Connection,
    nid: &str,
    fresh: Option<(&str, &Entry)>,
) -> Result<(), StoreError> {
    let entries = entries_with_receipts(db, nid, fresh)?;
    if let Some(p) = project(nid, &entries) {
        write(db, &p)?;
    }
    Ok(())
}

/// The columns in the order of [`values!`].
const COLUMNS: &str = "first, nid, kind, own, status, beside, waiting, rev, h, name, child, day, time,
    day_n, who, doc, set_id, signed_at, signed_on, signed_by, last_by, reg_no, office, cert, dup_of,
    open, problem, returned, no_cause, unnamed, to_attest";

fn write(db: &Connection, p: &Projected) -> Result<(), StoreError> {
    let open = serde_json::to_string(&p.open).unwrap_or_default();
    let problem = p.problem.as_ref().and_then(problem_json);
    // The words follow the latest revision and the number; a receipt alone seldom changes them.
    let before: Option<(String, Option<String>)> = db
        .prepare_cached("SELECT h, reg_no FROM notifications WHERE first = ?1")?
        .query_row([p.first], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let sql = match before {
        None => insert_sql(),
        Some(_) => update_sql(),
    };
    db.prepare_cached(sql)?.execute(params![
        p.first,
        p.nid,
        p.kind.code(),
        p.own,
        p.status.code(),
        p.beside.map(EntryStatus::code),
        p.waiting,
        p.rev,
        p.h,
        p.name,
        p.child,
        p.day,
        p.time,
        p.day_n,
        p.who,
        p.doc,
        p.set_id,
        p.signed_at.to_rfc3339(),
        p.signed_at.date_naive().to_string(),
        p.signed_by,
        p.last_by,
        p.reg_no,
        p.office,
        p.cert,
        p.dup_of,
        open,
        problem,
        p.returned,
        p.no_cause,
        p.unnamed,
        p.to_attest,
    ])?;
    match before {
        Some((h, reg_no)) if h == p.h && reg_no == p.reg_no => return Ok(()),
        Some(_) => {
            db.prepare_cached("DELETE FROM search WHERE rowid = ?1")?
                .execute([p.first])?;
        }
        None => {}
    }
    db.prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![p.first, p.words])?;
    Ok(())
}

fn problem_json(problem: &Problem) -> Option<String> {
    serde_json::to_string(problem).ok()
}

fn insert_sql() -> &'static str {
    static SQL: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    SQL.get_or_init(|| {
        let marks: Vec<String> = (1..=names().count()).map(|i| format!("?{i}")).collect();
        format!(
            "INSERT INTO notifications ({COLUMNS}) VALUES ({})",
            marks.join(", ")
        )
    })
}

fn update_sql() -> &'static str {
    static SQL: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    SQL.get_or_init(|| {
        let sets: Vec<String> = names()
            .enumerate()
            .map(|(i, c)| format!("{c} = ?{}", i + 1))
            .collect();
        format!("UPDATE notifications SET {} WHERE first = ?1", sets.join(", "))
    })
}

fn names() -> impl Iterator<Item = &'static str> {
    COLUMNS.split(',').map(str::trim)
}

/// Says, for `verify`, whether the table holds just the row that would be projected now.
pub(super) fn is_projected(
    db: &Connection,
    nid: &str,
    projected: Option<&Projected>,
) -> Result<bool, StoreError> {
    let Some(p) = projected else {
        let n: i64 = db
            .prepare_cached("SELECT count(*) FROM notifications WHERE nid = ?1")?
            .query_row([nid], |r| r.get(0))?;
        return Ok(n == 0);
    };
    let open = serde_json::to_string(&p.open).unwrap_or_default();
    let same: Option<bool> = db
        .prepare_cached(
            "SELECT nid = ?2 AND kind = ?3 AND own = ?4 AND status = ?5 AND beside IS ?6
               AND waiting = ?7 AND rev = ?8 AND h = ?9 AND name = ?10 AND child = ?11
               AND day IS ?12 AND time IS ?13 AND reg_no IS ?14 AND office IS ?15 AND cert IS ?16
               AND dup_of IS ?17 AND open = ?18 AND problem IS ?19 AND returned = ?20
               AND no_cause = ?21 AND unnamed = ?22 AND to_attest = ?23 AND who = ?24 AND doc = ?25
               AND signed_at = ?26 AND signed_on = ?27 AND signed_by = ?28 AND last_by = ?29
               AND set_id IS ?30 AND day_n IS ?31
             FROM notifications WHERE first = ?1",
        )?
        .query_row(
            params![
                p.first,
                p.nid,
                p.kind.code(),
                p.own,
                p.status.code(),
                p.beside.map(EntryStatus::code),
                p.waiting,
                p.rev,
                p.h,
                p.name,
                p.child,
                p.day,
                p.time,
                p.reg_no,
                p.office,
                p.cert,
                p.dup_of,
                open,
                p.problem.as_ref().and_then(problem_json),
                p.returned,
                p.no_cause,
                p.unnamed,
                p.to_attest,
                p.who,
                p.doc,
                p.signed_at.to_rfc3339(),
                p.signed_at.date_naive().to_string(),
                p.signed_by,
                p.last_by,
                p.set_id,
                p.day_n,
            ],
            |r| r.get(0),
        )
        .optional()?;
    Ok(same == Some(true))
}
