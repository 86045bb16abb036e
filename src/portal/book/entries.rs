//! Journals and their entries, and what was decided of them.

use std::collections::HashSet;

use super::read::{self, ENTRY, json, text};
use super::sql::{SqlValue, parts, places, values};
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::{Decision, EntryRow, JournalRow};
use crate::vital::{EntryHash, Jid};

impl ReadTransaction<'_> {
    /// A journal.
    pub fn journal(&self, jid: &str) -> BookResult<Option<JournalRow>> {
        let sql =
            "SELECT jid, dev, fac, continues, head, head_h, highest, forked FROM journal WHERE jid = ?1";
        self.one(sql, values![jid], read::journal)
    }

    /// The journal that a key writes for a facility.
    pub fn journal_of(&self, fac: &str, dev: &str) -> BookResult<Option<JournalRow>> {
        let sql = "SELECT jid, dev, fac, continues, head, head_h, highest, forked FROM journal
             WHERE fac = ?1 AND dev = ?2 ORDER BY jid LIMIT 1";
        self.one(sql, values![fac, dev], read::journal)
    }

    /// The journals that those of a device of a facility continue.
    pub fn continued_by(&self, fac: &str, dev: &str) -> BookResult<Vec<Jid>> {
        let sql = "SELECT continues FROM journal WHERE dev = ?1 AND fac = ?2 AND continues IS NOT NULL ORDER BY jid";
        self.all(sql, values![dev, fac], |r| Ok(r.text(0)?.into()))
    }

    /// An entry.
    pub fn entry(&self, h: &str) -> BookResult<Option<EntryRow>> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE h = ?1");
        self.one(&sql, values![h], read::entry)
    }

    /// Hash and predecessor of each entry at a place of a journal.
    pub fn entries_at(&self, jid: &str, seq: u64) -> BookResult<Vec<(String, String)>> {
        let sql = "SELECT h, prev FROM entry WHERE jid = ?1 AND seq = ?2 ORDER BY no";
        self.all(sql, values![jid, seq], |r| Ok((r.text(0)?, r.text(1)?)))
    }

    /// Entries of a journal from a place on, in order, as text.
    pub fn journal_entries(&self, jid: &str, from: u64, most: usize) -> BookResult<Vec<String>> {
        let sql = "SELECT jws FROM entry WHERE jid = ?1 AND seq >= ?2 ORDER BY seq, no LIMIT ?3";
        self.all(sql, values![jid, from, most], text)
    }

    /// Entries that an office has to look at: held, prepared, annulment pending; oldest first. What
    /// names no office belongs to its facility's, else to the office without a name.
    pub fn on_desk(&self, office: &str, most: usize) -> BookResult<Vec<EntryRow>> {
        let sql = format!(
            "SELECT {ENTRY} FROM entry LEFT JOIN notification n ON n.nid = entry.nid
             LEFT JOIN facility f ON f.fac = entry.fac
             WHERE entry.status IN ('held', 'prepared', 'annulment-pending')
             AND (entry.t = 'void' OR n.nid IS NULL OR n.h = entry.h OR n.rev <= entry.rev)
             AND coalesce(nullif(n.office, ''), f.office, '') = ?1 ORDER BY entry.no LIMIT ?2"
        );
        self.all(&sql, values![office, most], read::entry)
    }

    /// Lists notification and decision of every entry that is held.
    pub fn held(&self) -> BookResult<Vec<(String, Decision)>> {
        let sql = "SELECT nid, verdict FROM entry WHERE status = 'held'";
        self.all(sql, &[], |r| Ok((r.text(0)?, read::of_json(&r.text(1)?)?)))
    }

    /// Unverified entries that are held, of one key.
    pub fn unverified(&self, kid: &str) -> BookResult<Vec<EntryRow>> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE kid = ?1 AND verified = 0 ORDER BY no");
        self.all(&sql, values![kid], read::entry)
    }

    /// Which of these hashes belong to entries that are kept.
    pub fn kept_entries(&self, hashes: &[EntryHash]) -> BookResult<HashSet<EntryHash>> {
        self.among("SELECT h FROM entry WHERE h IN", hashes)
    }

    /// How many entries have each status.
    pub fn status_counts(&self) -> BookResult<Vec<(String, u64)>> {
        let sql = "SELECT coalesce(status, 'received'), count(*) FROM entry GROUP BY 1 ORDER BY 1";
        self.all(sql, &[], |r| Ok((r.text(0)?, r.int(1)?)))
    }

    /// How many journals are forked.
    pub fn forked_journals(&self) -> BookResult<u64> {
        self.number("SELECT count(*) FROM journal WHERE forked = 1", &[])
    }
}

impl WriteTransaction<'_> {
    /// Keeps a journal.
    pub fn put_journal(&self, j: &JournalRow) -> BookResult<()> {
        self.run(
            "INSERT INTO journal (jid, dev, fac, continues, head, head_h, highest, forked)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (jid) DO UPDATE
             SET dev = ?2, fac = ?3, continues = ?4, head = ?5, head_h = ?6, highest = ?7, forked = ?8",
            values![
                &j.jid,
                &j.dev,
                &j.fac,
                j.continues.as_deref(),
                j.head,
                &j.head_h,
                j.highest,
                j.forked
            ],
        )?;
        Ok(())
    }

    /// Adds entries in the order of their arrival; decisions about them are not kept by this.
    pub fn add_entries(&self, all: &[EntryRow]) -> BookResult<()> {
        let rows: Vec<[SqlValue<'_>; 13]> = all
            .iter()
            .map(|e| {
                [
                    (&e.h).into(),
                    (&e.jid).into(),
                    e.seq.into(),
                    (&e.prev).into(),
                    (&e.nid).into(),
                    e.rev.into(),
                    (&e.t).into(),
                    (&e.fac).into(),
                    (&e.kid).into(),
                    e.verified.into(),
                    e.at_ms.into(),
                    (&e.jws).into(),
                    (&e.id).into(),
                ]
            })
            .collect();
        let into = "entry (h, jid, seq, prev, nid, rev, t, fac, kid, verified, at_ms, jws, id)";
        self.insert(into, &rows)
    }

    /// Keeps the decisions about entries, by their hashes.
    pub fn set_decisions(&self, all: &[(String, Decision)]) -> BookResult<()> {
        let prepared = crate::wire::Reason::Prepared.code();
        let status = |decision: &Decision| match &decision.problem {
            Some(p) if p.code == prepared => prepared,
            _ => decision.status.code(),
        };
        for part in parts(all) {
            let texts = part
                .iter()
                .map(|(_, v)| json(v))
                .collect::<BookResult<Vec<_>>>()?;
            let rows: Vec<[SqlValue<'_>; 3]> = part
                .iter()
                .zip(&texts)
                .map(|((h, v), text)| [h.into(), status(v).into(), text.into()])
                .collect();
            let sql = format!(
                "WITH said (h, status, verdict) AS (VALUES {}) UPDATE entry
                 SET status = said.status, verdict = said.verdict FROM said WHERE entry.h = said.h",
                places(rows.len(), 3)
            );
            self.run(&sql, rows.as_flattened())?;
        }
        Ok(())
    }

    /// Notes that an entry's signature was verified.
    pub fn set_verified(&self, h: &str) -> BookResult<()> {
        self.run("UPDATE entry SET verified = 1 WHERE h = ?1", values![h])?;
        Ok(())
    }
}
