//! Rows from SQLite to plain values.

use rusqlite::Row;

use crate::portal::book::{BookError, EntryRow, Journal, Kept, Notification, Verdict};
use crate::seal::{Problem, Status};

pub(super) const ENTRY: &str = "h, jid, seq, prev, nid, rev, t, fac, kid, verified, at_ms, jws, verdict, id";
pub(super) const NOTIFICATION: &str = "nid, kind, fac, office, status, rev, h, effective, reg_no, hold, \
     set_id, set_n, day, event_ms, first_ms, registered_ms, void_h, void_kid";

/// A number that SQLite keeps signed.
pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A number that was never negative.
pub(super) fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

pub(super) fn status(code: &str) -> Kept<Status> {
    Status::from_code(code).ok_or_else(|| BookError::Failed(format!("status {code}")))
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Kept<String> {
    serde_json::to_string(value).map_err(|e| BookError::Failed(e.to_string()))
}

fn of_json<T: serde::de::DeserializeOwned>(text: &str) -> Kept<T> {
    serde_json::from_str(text).map_err(|e| BookError::Failed(e.to_string()))
}

pub(super) fn journal(r: &Row<'_>) -> rusqlite::Result<Journal> {
    Ok(Journal {
        jid: r.get(0)?,
        dev: r.get(1)?,
        fac: r.get(2)?,
        continues: r.get(3)?,
        head: unsigned(r.get(4)?),
        head_h: r.get(5)?,
        highest: unsigned(r.get(6)?),
        forked: r.get(7)?,
    })
}

pub(super) fn entry(r: &Row<'_>) -> Kept<EntryRow> {
    let verdict: Option<String> = r.get(12)?;
    Ok(EntryRow {
        h: r.get(0)?,
        id: r.get(13)?,
        jid: r.get(1)?,
        seq: unsigned(r.get(2)?),
        prev: r.get(3)?,
        nid: r.get(4)?,
        rev: r.get(5)?,
        t: r.get(6)?,
        fac: r.get(7)?,
        kid: r.get(8)?,
        verified: r.get(9)?,
        at_ms: r.get(10)?,
        jws: r.get(11)?,
        verdict: verdict.map(|v| of_json::<Verdict>(&v)).transpose()?,
    })
}

pub(super) fn notification(r: &Row<'_>) -> Kept<Notification> {
    let code: String = r.get(4)?;
    let hold: Option<String> = r.get(9)?;
    let set: Option<String> = r.get(10)?;
    let set_n: Option<u32> = r.get(11)?;
    let void_h: Option<String> = r.get(16)?;
    let void_kid: Option<String> = r.get(17)?;
    Ok(Notification {
        nid: r.get(0)?,
        kind: r.get(1)?,
        fac: r.get(2)?,
        office: r.get(3)?,
        status: status(&code)?,
        rev: r.get(5)?,
        h: r.get(6)?,
        effective: r.get(7)?,
        reg_no: r.get(8)?,
        hold: hold.map(|p| of_json::<Problem>(&p)).transpose()?,
        set: set.zip(set_n),
        day: r.get(12)?,
        event_ms: r.get(13)?,
        first_ms: r.get(14)?,
        registered_ms: r.get(15)?,
        void: void_h.zip(void_kid),
    })
}
