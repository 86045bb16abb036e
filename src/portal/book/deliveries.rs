//! Trust, facilities, journals, entries, receipts, enrolments, signs of life.

use std::collections::{HashMap, HashSet};

use super::read::{self, ENTRY, enrolment, json, state_code, text};
use super::sql::{parts, places, values};
use super::{BookResult, SqlValue, Transaction};
use crate::portal::record::{
    Decision, EnrolmentRequestRow, EntryRow, FeedRow, HeartbeatRow, Invitation, JournalRow, SuspendedBy,
};
use crate::wire::EnrolmentState;

impl Transaction<'_> {
    /// All trust lists with a higher number, oldest first.
    pub fn trust_lists(&self, after: u64) -> BookResult<Vec<String>> {
        let sql = "SELECT jws FROM trust WHERE number > ?1 ORDER BY number";
        self.all(sql, values![after], text)
    }

    /// The newest trust list's number; 0 for none.
    pub fn trust_number(&self) -> BookResult<u64> {
        self.number("SELECT coalesce(max(number), 0) FROM trust", &[])
    }

    /// Adds a trust list.
    pub fn add_trust(&self, number: u64, jws: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO trust (number, jws) VALUES (?1, ?2)",
            values![number, jws],
        )?;
        Ok(())
    }

    /// Makes a facility known; a known one keeps its receipts and gets the name.
    pub fn put_facility(&self, fac: &str, name: &str, district: &str, office: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO facility (fac, name, district, office) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (fac) DO UPDATE SET name = ?2, district = ?3, office = ?4",
            values![fac, name, district, office],
        )?;
        Ok(())
    }

    /// Codes and names of facilities.
    pub fn facilities(&self) -> BookResult<Vec<(String, String)>> {
        let sql = "SELECT fac, name FROM facility ORDER BY fac";
        self.all(sql, &[], |r| Ok((r.text(0)?, r.text(1)?)))
    }

    /// Takes the next receipt numbers of a facility, so many of them; gives the last one.
    pub fn next_n(&self, fac: &str, count: u64) -> BookResult<u64> {
        self.number(
            "INSERT INTO facility (fac, n) VALUES (?1, ?2)
             ON CONFLICT (fac) DO UPDATE SET n = facility.n + ?2 RETURNING n",
            values![fac, count],
        )
    }

    /// Lifts a facility's receipt number to at least `n`.
    pub fn raise_n(&self, fac: &str, n: u64) -> BookResult<()> {
        self.run(
            "INSERT INTO facility (fac, n) VALUES (?1, ?2) ON CONFLICT (fac) DO UPDATE
             SET n = CASE WHEN facility.n < ?2 THEN ?2 ELSE facility.n END",
            values![fac, n],
        )?;
        Ok(())
    }

    /// A journal.
    pub fn journal(&self, jid: &str) -> BookResult<Option<JournalRow>> {
        let sql =
            "SELECT jid, dev, fac, continues, head, head_h, highest, forked FROM journal WHERE jid = ?1";
        self.one(sql, values![jid], read::journal)
    }

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

    /// Whether a device has a journal that continues this one.
    pub fn continues(&self, dev: &str, jid: &str) -> BookResult<bool> {
        let sql = "SELECT count(*) FROM journal WHERE dev = ?1 AND continues = ?2";
        Ok(self.number::<u64>(sql, values![dev, jid])? > 0)
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

    /// Adds entries in the order of their arrival; their verdicts are not kept by this.
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

    /// Keeps what was decided about entries: their hashes and verdicts.
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
             AND coalesce(nullif(n.office, ''), f.office, '') = ?1 ORDER BY entry.no LIMIT ?2"
        );
        self.all(&sql, values![office, most], read::entry)
    }

    /// Hands over notification and verdict of every entry that is held.
    pub fn each_held(&self, each: &mut dyn FnMut(String, Decision) -> BookResult<()>) -> BookResult<()> {
        let sql = "SELECT nid, verdict FROM entry WHERE status = 'held'";
        self.0.rows(sql, &[], &mut |mut row| {
            let (nid, text) = (row.text(0)?, row.text(1)?);
            each(nid, read::of_json(&text)?)
        })
    }

    /// Unverified entries that are held, of one key.
    pub fn unverified(&self, kid: &str) -> BookResult<Vec<EntryRow>> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE kid = ?1 AND verified = 0 ORDER BY no");
        self.all(&sql, values![kid], read::entry)
    }

    /// Adds a receipt; the same one again changes nothing.
    pub fn add_receipt(&self, fac: &str, n: u64, h: &str, jws: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO receipt (fac, n, h, jws) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            values![fac, n, h, jws],
        )?;
        Ok(())
    }

    /// Adds receipts of facilities: facility, number, hash of the entry, text.
    pub fn add_receipts(&self, all: &[(String, u64, String, String)]) -> BookResult<()> {
        let rows: Vec<[SqlValue<'_>; 4]> = all
            .iter()
            .map(|(fac, n, h, jws)| [fac.into(), (*n).into(), h.into(), jws.into()])
            .collect();
        self.insert("receipt (fac, n, h, jws)", &rows)
    }

    /// The newest receipts of entries, by their hashes.
    pub fn newest_receipts(&self, hashes: &[String]) -> BookResult<HashMap<String, String>> {
        let mut out = HashMap::new();
        for part in parts(hashes) {
            let sql = format!(
                "SELECT h, jws FROM receipt WHERE h IN {} ORDER BY n",
                places(1, part.len())
            );
            let wanted: Vec<SqlValue<'_>> = part.iter().map(SqlValue::from).collect();
            out.extend(self.all(&sql, &wanted, |r| Ok((r.text(0)?, r.text(1)?)))?);
        }
        Ok(out)
    }

    /// Which of these hashes belong to entries that are kept.
    pub fn kept_entries(&self, hashes: &[String]) -> BookResult<HashSet<String>> {
        self.among("SELECT h FROM entry WHERE h IN", hashes)
    }

    /// Which of these identifiers belong to notifications that are kept.
    pub fn kept_notifications(&self, nids: &[String]) -> BookResult<HashSet<String>> {
        self.among("SELECT nid FROM notification WHERE nid IN", nids)
    }

    /// Which of these are waited for.
    pub fn awaited(&self, on: &[String]) -> BookResult<HashSet<String>> {
        self.among("SELECT DISTINCT waits_for FROM waiting WHERE waits_for IN", on)
    }

    fn among(&self, sql: &str, these: &[String]) -> BookResult<HashSet<String>> {
        let mut out = HashSet::new();
        for part in parts(these) {
            let sql = format!("{sql} {}", places(1, part.len()));
            let wanted: Vec<SqlValue<'_>> = part.iter().map(SqlValue::from).collect();
            out.extend(self.all(&sql, &wanted, text)?);
        }
        Ok(out)
    }

    /// Whether this receipt is kept.
    pub fn has_receipt(&self, fac: &str, n: u64, h: &str) -> BookResult<bool> {
        let sql = "SELECT count(*) FROM receipt WHERE fac = ?1 AND n = ?2 AND h = ?3";
        Ok(self.number::<u64>(sql, values![fac, n, h])? > 0)
    }

    /// Number of the first receipt of an entry.
    pub fn first_receipt(&self, h: &str) -> BookResult<Option<u64>> {
        let sql = "SELECT n FROM receipt WHERE h = ?1 ORDER BY n LIMIT 1";
        self.one(sql, values![h], |r| r.int(0))
    }

    /// The newest receipt of an entry.
    pub fn newest_receipt(&self, h: &str) -> BookResult<Option<String>> {
        let sql = "SELECT jws FROM receipt WHERE h = ?1 ORDER BY n DESC LIMIT 1";
        self.one(sql, values![h], text)
    }

    /// Receipts of a facility after a number.
    pub fn feed(&self, fac: &str, after: u64, most: usize) -> BookResult<Vec<FeedRow>> {
        self.all(
            "SELECT r.n, r.jws, e.jws, j.dev FROM receipt r
             LEFT JOIN entry e ON e.h = r.h LEFT JOIN journal j ON j.jid = e.jid
             WHERE r.fac = ?1 AND r.n > ?2 ORDER BY r.n LIMIT ?3",
            values![fac, after, most],
            |r| {
                Ok(FeedRow {
                    n: r.int(0)?,
                    receipt: r.text(1)?,
                    entry: r.opt_text(2)?,
                    dev: r.opt_text(3)?,
                })
            },
        )
    }

    /// Keeps a request to enrol; the same one again changes nothing.
    pub fn add_enrolment(&self, e: &EnrolmentRequestRow) -> BookResult<()> {
        self.run(
            "INSERT INTO enrolment (id, kid, jws, at_ms, state, invited) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            values![&e.id, &e.kid, &e.jws, e.at_ms, state_code(e.state), e.invited],
        )?;
        Ok(())
    }

    /// A request to enrol.
    pub fn enrolment(&self, id: &str) -> BookResult<Option<EnrolmentRequestRow>> {
        let sql = "SELECT id, kid, jws, at_ms, state, invited FROM enrolment WHERE id = ?1";
        self.one(sql, values![id], enrolment)
    }

    /// All requests, newest first.
    pub fn enrolments(&self) -> BookResult<Vec<EnrolmentRequestRow>> {
        let sql = "SELECT id, kid, jws, at_ms, state, invited FROM enrolment ORDER BY at_ms DESC, id";
        self.all(sql, &[], enrolment)
    }

    /// The requests of a key.
    pub fn enrolments_of(&self, kid: &str) -> BookResult<Vec<EnrolmentRequestRow>> {
        let sql =
            "SELECT id, kid, jws, at_ms, state, invited FROM enrolment WHERE kid = ?1 ORDER BY at_ms, id";
        self.all(sql, values![kid], enrolment)
    }

    /// How many requests wait.
    pub fn waiting_enrolments(&self) -> BookResult<u64> {
        self.number("SELECT count(*) FROM enrolment WHERE state = 'waiting'", &[])
    }

    /// Changes the state of a request.
    pub fn set_enrolment(&self, id: &str, state: EnrolmentState) -> BookResult<()> {
        self.run(
            "UPDATE enrolment SET state = ?2 WHERE id = ?1",
            values![id, state_code(state)],
        )?;
        Ok(())
    }

    /// Keys that facilities suspended, and by which entries.
    pub fn suspensions(&self) -> BookResult<HashMap<String, Vec<SuspendedBy>>> {
        let sql = "SELECT kid, at_ms, h, jid, seq FROM suspension";
        let all = self.all(sql, &[], |r| {
            let by = SuspendedBy {
                at_ms: r.int(1)?,
                h: r.text(2)?,
                jid: r.text(3)?,
                seq: r.int(4)?,
            };
            Ok((r.text(0)?, by))
        })?;
        let mut out: HashMap<String, Vec<SuspendedBy>> = HashMap::new();
        for (kid, by) in all {
            out.entry(kid).or_default().push(by);
        }
        Ok(out)
    }

    /// Suspends a key by an entry.
    pub fn suspend(&self, kid: &str, by: &SuspendedBy) -> BookResult<()> {
        self.run(
            "INSERT INTO suspension (kid, at_ms, h, jid, seq) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            values![kid, by.at_ms, &by.h, &by.jid, by.seq],
        )?;
        Ok(())
    }

    /// Resumes a key.
    pub fn resume(&self, kid: &str) -> BookResult<()> {
        self.run("DELETE FROM suspension WHERE kid = ?1", values![kid])?;
        Ok(())
    }

    /// Keeps a one-time code, and who used it.
    pub fn put_invitation(&self, i: &Invitation) -> BookResult<()> {
        self.run(
            "INSERT INTO invitation (secret, fac, until_ms, device, person) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (secret) DO UPDATE SET device = ?4, person = ?5",
            values![
                &i.secret,
                &i.fac,
                i.until_ms,
                i.device.as_deref(),
                i.person.as_deref()
            ],
        )?;
        Ok(())
    }

    /// The one-time codes of a facility.
    pub fn invitations(&self, fac: &str) -> BookResult<Vec<Invitation>> {
        let sql = "SELECT secret, fac, until_ms, device, person FROM invitation WHERE fac = ?1";
        self.all(sql, values![fac], |r| {
            Ok(Invitation {
                secret: r.text(0)?,
                fac: r.text(1)?,
                until_ms: r.int(2)?,
                device: r.opt_text(3)?,
                person: r.opt_text(4)?,
            })
        })
    }

    /// Keeps the newest sign of life of a device.
    pub fn put_heartbeat(&self, s: &HeartbeatRow) -> BookResult<()> {
        self.run(
            "INSERT INTO heartbeat (dev, fac, at_ms, backlog, oldest_ms, app, jws)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (dev) DO UPDATE
             SET fac = ?2, at_ms = ?3, backlog = ?4, oldest_ms = ?5, app = ?6, jws = ?7",
            values![&s.dev, &s.fac, s.at_ms, s.backlog, s.oldest_ms, &s.app, &s.jws],
        )?;
        Ok(())
    }

    /// The newest sign of life of each device.
    pub fn heartbeats(&self) -> BookResult<Vec<HeartbeatRow>> {
        let sql = "SELECT dev, fac, at_ms, backlog, oldest_ms, app, jws FROM heartbeat ORDER BY fac, dev";
        self.all(sql, &[], |r| {
            Ok(HeartbeatRow {
                dev: r.text(0)?,
                fac: r.text(1)?,
                at_ms: r.int(2)?,
                backlog: r.int(3)?,
                oldest_ms: r.opt_int(4)?,
                app: r.text(5)?,
                jws: r.text(6)?,
            })
        })
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
