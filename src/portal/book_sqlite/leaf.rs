//! One transaction in SQLite: trust, facilities, journals, entries, receipts, notifications.

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::rows::{self, ENTRY, NOTIFICATION, json, signed, unsigned};
use crate::portal::book::{
    EnrolmentKept, EntryRow, FeedRow, Journal, Kept, Leaf, Likeness, MonthCount, Notification, SignOfLife,
    StatedRow, Verdict,
};
use crate::wire::EnrolmentState;

/// A transaction on a connection.
pub(super) struct SqliteLeaf<'a>(pub &'a Connection);

impl SqliteLeaf<'_> {
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Kept<usize> {
        Ok(self.0.prepare_cached(sql)?.execute(params)?)
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Kept<T>,
    ) -> Kept<Option<T>> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut found = statement.query(params)?;
        found.next()?.map(read).transpose()
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> Kept<T>,
    ) -> Kept<Vec<T>> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut found = statement.query(params)?;
        let mut out = Vec::new();
        while let Some(row) = found.next()? {
            out.push(read(row)?);
        }
        Ok(out)
    }

    pub(super) fn text(&self, sql: &str, params: impl Params) -> Kept<Option<String>> {
        Ok(self
            .0
            .prepare_cached(sql)?
            .query_row(params, |r| r.get(0))
            .optional()?)
    }

    pub(super) fn number(&self, sql: &str, params: impl Params) -> Kept<i64> {
        Ok(self.0.prepare_cached(sql)?.query_row(params, |r| r.get(0))?)
    }
}

fn first(r: &Row<'_>) -> Kept<String> {
    Ok(r.get(0)?)
}

fn most(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Leaf for SqliteLeaf<'_> {
    fn trust_lists(&self, after: u64) -> Kept<Vec<String>> {
        let sql = "SELECT jws FROM trust WHERE number > ?1 ORDER BY number";
        self.all(sql, [signed(after)], first)
    }

    fn trust_number(&self) -> Kept<u64> {
        self.number("SELECT coalesce(max(number), 0) FROM trust", [])
            .map(unsigned)
    }

    fn add_trust(&self, number: u64, jws: &str) -> Kept<()> {
        self.run(
            "INSERT INTO trust (number, jws) VALUES (?1, ?2)",
            params![signed(number), jws],
        )?;
        Ok(())
    }

    fn put_facility(&self, fac: &str, name: &str, district: &str, office: &str) -> Kept<()> {
        self.run(
            "INSERT INTO facility (fac, name, district, office) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (fac) DO UPDATE SET name = ?2, district = ?3, office = ?4",
            params![fac, name, district, office],
        )?;
        Ok(())
    }

    fn facilities(&self) -> Kept<Vec<(String, String)>> {
        self.all("SELECT fac, name FROM facility ORDER BY fac", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
    }

    fn next_n(&self, fac: &str) -> Kept<u64> {
        self.number(
            "INSERT INTO facility (fac, n) VALUES (?1, 1)
             ON CONFLICT (fac) DO UPDATE SET n = n + 1 RETURNING n",
            [fac],
        )
        .map(unsigned)
    }

    fn raise_n(&self, fac: &str, n: u64) -> Kept<()> {
        self.run(
            "INSERT INTO facility (fac, n) VALUES (?1, ?2)
             ON CONFLICT (fac) DO UPDATE SET n = max(n, ?2)",
            params![fac, signed(n)],
        )?;
        Ok(())
    }

    fn journal(&self, jid: &str) -> Kept<Option<Journal>> {
        let sql =
            "SELECT jid, dev, fac, continues, head, head_h, highest, forked FROM journal WHERE jid = ?1";
        self.one(sql, [jid], |r| Ok(rows::journal(r)?))
    }

    fn put_journal(&self, j: &Journal) -> Kept<()> {
        self.run(
            "INSERT OR REPLACE INTO journal (jid, dev, fac, continues, head, head_h, highest, forked)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                j.jid,
                j.dev,
                j.fac,
                j.continues,
                signed(j.head),
                j.head_h,
                signed(j.highest),
                j.forked
            ],
        )?;
        Ok(())
    }

    fn continues(&self, dev: &str, jid: &str) -> Kept<bool> {
        let sql = "SELECT count(*) FROM journal WHERE dev = ?1 AND continues = ?2";
        Ok(self.number(sql, [dev, jid])? > 0)
    }

    fn entry(&self, h: &str) -> Kept<Option<EntryRow>> {
        self.one(
            &format!("SELECT {ENTRY} FROM entry WHERE h = ?1"),
            [h],
            rows::entry,
        )
    }

    fn entries_at(&self, jid: &str, seq: u64) -> Kept<Vec<(String, String)>> {
        let sql = "SELECT h, prev FROM entry WHERE jid = ?1 AND seq = ?2 ORDER BY no";
        self.all(sql, params![jid, signed(seq)], |r| Ok((r.get(0)?, r.get(1)?)))
    }

    fn add_entry(&self, e: &EntryRow) -> Kept<()> {
        self.run(
            "INSERT INTO entry (h, jid, seq, prev, nid, rev, t, fac, kid, verified, at_ms, jws, id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                e.h,
                e.jid,
                signed(e.seq),
                e.prev,
                e.nid,
                e.rev,
                e.t,
                e.fac,
                e.kid,
                e.verified,
                e.at_ms,
                e.jws,
                e.id
            ],
        )?;
        Ok(())
    }

    fn set_verdict(&self, h: &str, verdict: &Verdict) -> Kept<()> {
        let prepared = crate::wire::Reason::Prepared.code();
        let status = match &verdict.problem {
            Some(p) if p.code == prepared => prepared,
            _ => verdict.status.code(),
        };
        self.run(
            "UPDATE entry SET status = ?2, verdict = ?3 WHERE h = ?1",
            params![h, status, json(verdict)?],
        )?;
        Ok(())
    }

    fn set_verified(&self, h: &str) -> Kept<()> {
        self.run("UPDATE entry SET verified = 1 WHERE h = ?1", [h])?;
        Ok(())
    }

    fn journal_entries(&self, jid: &str, from: u64, limit: usize) -> Kept<Vec<String>> {
        let sql = "SELECT jws FROM entry WHERE jid = ?1 AND seq >= ?2 ORDER BY seq, no LIMIT ?3";
        self.all(sql, params![jid, signed(from), most(limit)], first)
    }

    fn on_desk(&self, limit: usize) -> Kept<Vec<EntryRow>> {
        let sql = format!(
            "SELECT {ENTRY} FROM entry WHERE status IN ('held', 'prepared', 'annulment-pending') ORDER BY no LIMIT ?1"
        );
        self.all(&sql, [most(limit)], rows::entry)
    }

    fn unverified(&self, kid: &str) -> Kept<Vec<EntryRow>> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE kid = ?1 AND verified = 0 ORDER BY no");
        self.all(&sql, [kid], rows::entry)
    }

    fn add_receipt(&self, fac: &str, n: u64, h: &str, jws: &str) -> Kept<()> {
        self.run(
            "INSERT OR IGNORE INTO receipt (fac, n, h, jws) VALUES (?1, ?2, ?3, ?4)",
            params![fac, signed(n), h, jws],
        )?;
        Ok(())
    }

    fn has_receipt(&self, fac: &str, n: u64, h: &str) -> Kept<bool> {
        let sql = "SELECT count(*) FROM receipt WHERE fac = ?1 AND n = ?2 AND h = ?3";
        Ok(self.number(sql, params![fac, signed(n), h])? > 0)
    }

    fn newest_receipt(&self, h: &str) -> Kept<Option<String>> {
        self.text(
            "SELECT jws FROM receipt WHERE h = ?1 ORDER BY n DESC LIMIT 1",
            [h],
        )
    }

    fn feed(&self, fac: &str, after: u64, limit: usize) -> Kept<Vec<FeedRow>> {
        self.all(
            "SELECT r.n, r.jws, e.jws, j.dev FROM receipt r
             LEFT JOIN entry e ON e.h = r.h LEFT JOIN journal j ON j.jid = e.jid
             WHERE r.fac = ?1 AND r.n > ?2 ORDER BY r.n LIMIT ?3",
            params![fac, signed(after), most(limit)],
            |r| {
                Ok(FeedRow {
                    n: unsigned(r.get(0)?),
                    receipt: r.get(1)?,
                    entry: r.get(2)?,
                    dev: r.get(3)?,
                })
            },
        )
    }

    fn notification(&self, nid: &str) -> Kept<Option<Notification>> {
        let sql = format!("SELECT {NOTIFICATION} FROM notification WHERE nid = ?1");
        self.one(&sql, [nid], rows::notification)
    }

    fn put_notification(&self, n: &Notification) -> Kept<()> {
        let hold = n.hold.as_ref().map(json).transpose()?;
        let sql = format!(
            "INSERT OR REPLACE INTO notification ({NOTIFICATION}) VALUES
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"
        );
        self.run(
            &sql,
            params![
                n.nid,
                n.kind,
                n.fac,
                n.office,
                n.status.code(),
                n.rev,
                n.h,
                n.effective,
                n.reg_no,
                hold,
                n.set.as_ref().map(|(id, _)| id),
                n.set.as_ref().map(|(_, of)| of),
                n.day,
                n.event_ms,
                n.first_ms,
                n.registered_ms,
                n.void.as_ref().map(|(h, _)| h),
                n.void.as_ref().map(|(_, kid)| kid),
            ],
        )?;
        Ok(())
    }

    fn set_members(&self, set: &str) -> Kept<Vec<Notification>> {
        let sql = format!("SELECT {NOTIFICATION} FROM notification WHERE set_id = ?1 ORDER BY nid");
        self.all(&sql, [set], rows::notification)
    }

    fn waiting_sets(&self, before_ms: i64) -> Kept<Vec<String>> {
        self.waiting_sets_before(before_ms)
    }
    fn wait(&self, h: &str, on: &str) -> Kept<()> {
        self.note_waiting(h, on)
    }
    fn take_waiting(&self, on: &str) -> Kept<Vec<String>> {
        self.waiting_on(on)
    }
    fn put_alike(&self, nid: &str, day: i32, keys: &[String], who: &Likeness) -> Kept<()> {
        self.replace_keys(nid, day, keys, who)
    }
    fn alike_by_keys(&self, from_day: i32, to_day: i32, keys: &[String]) -> Kept<Vec<(String, Likeness)>> {
        self.sharing_a_key(from_day, to_day, keys)
    }
    fn next_number(&self, office: &str, year: i32, kind: &str) -> Kept<u64> {
        self.number_after(office, year, kind)
    }
    fn raise_number(&self, office: &str, year: i32, kind: &str, n: u64) -> Kept<()> {
        self.number_at_least(office, year, kind, n)
    }
    fn add_enrolment(&self, enrolment: &EnrolmentKept) -> Kept<()> {
        self.keep_enrolment(enrolment)
    }
    fn enrolment(&self, id: &str) -> Kept<Option<EnrolmentKept>> {
        self.find_enrolment(id)
    }
    fn enrolments(&self) -> Kept<Vec<EnrolmentKept>> {
        self.list_enrolments()
    }
    fn waiting_enrolments(&self) -> Kept<u64> {
        let sql = "SELECT count(*) FROM enrolment WHERE state = 'waiting'";
        self.number(sql, []).map(unsigned)
    }
    fn set_enrolment(&self, id: &str, state: EnrolmentState) -> Kept<()> {
        self.change_enrolment(id, state)
    }
    fn put_heartbeat(&self, sign: &SignOfLife) -> Kept<()> {
        self.keep_heartbeat(sign)
    }
    fn heartbeats(&self) -> Kept<Vec<SignOfLife>> {
        self.list_heartbeats()
    }
    fn months(&self) -> Kept<Vec<MonthCount>> {
        self.count_months()
    }
    fn each_stated(&self, from: i32, to: i32, each: &mut dyn FnMut(StatedRow) -> Kept<()>) -> Kept<()> {
        self.hand_over_stated(from, to, each)
    }
    fn status_counts(&self) -> Kept<Vec<(String, u64)>> {
        let sql = "SELECT coalesce(status, 'received'), count(*) FROM entry GROUP BY 1 ORDER BY 1";
        self.all(sql, [], |r| Ok((r.get(0)?, unsigned(r.get(1)?))))
    }
    fn forked_journals(&self) -> Kept<u64> {
        self.number("SELECT count(*) FROM journal WHERE forked = 1", [])
            .map(unsigned)
    }
}
