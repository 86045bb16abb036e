//! What the ministry counts: a fact of each notification, counts of each place and month.

use std::collections::BTreeSet;

use super::read::text;
use super::sql::{Row, SqlValue, parts, places, values};
use super::{AlertRow, BookResult, CellRow, ReadTransaction, TallyRow, WriteTransaction};
use crate::vital::Nid;

impl ReadTransaction<'_> {
    /// Lists notifications that changed since they were last projected for finding and counting.
    pub fn unprojected(&self, most: usize) -> BookResult<Vec<String>> {
        let sql = "SELECT nid FROM notification WHERE drawn = 0 ORDER BY first_ms LIMIT ?1";
        self.all(sql, values![most], text)
    }

    /// Adds the facts of a month to `into`, one at a time.
    pub fn fold_facts<A>(
        &self,
        month: i32,
        into: A,
        mut add: impl FnMut(&mut A, &str) -> BookResult<()>,
    ) -> BookResult<A> {
        let sql = "SELECT body FROM fact WHERE month = ?1";
        self.fold(sql, values![month], into, |into, row| add(into, &row.text(0)?))
    }

    /// Months whose facts changed since they were counted, with the newest change.
    pub fn changed_months(&self) -> BookResult<Vec<(i32, i64)>> {
        let sql = "SELECT month, max(no) FROM fact_change GROUP BY month ORDER BY month DESC";
        self.all(sql, &[], |r| Ok((r.int(0)?, r.int(1)?)))
    }

    /// How many facts a month has.
    pub fn count_facts(&self, month: i32) -> BookResult<u64> {
        self.number("SELECT count(*) FROM fact WHERE month = ?1", values![month])
    }

    /// Counts from month to month of one place, or of every place of a kind.
    pub fn cells(&self, by: &str, place: Option<&str>, from: i32, to: i32) -> BookResult<Vec<CellRow>> {
        let read = |r: &mut Row| {
            Ok(CellRow {
                by: r.text(0)?,
                place: r.text(1)?,
                month: r.int(2)?,
                body: r.text(3)?,
            })
        };
        let start = "SELECT kind, place, month, body FROM cell WHERE kind = ?1 AND month BETWEEN ?2 AND ?3";
        match place {
            Some(place) => self.all(
                &format!("{start} AND place = ?4 ORDER BY month"),
                values![by, from, to, place],
                read,
            ),
            None => self.all(
                &format!("{start} ORDER BY month, place"),
                values![by, from, to],
                read,
            ),
        }
    }

    /// Tallies from month to month.
    pub fn tallies(&self, from: i32, to: i32) -> BookResult<Vec<TallyRow>> {
        let sql = "SELECT fac, month, births, foetal, deaths, at_ms FROM tally
             WHERE month BETWEEN ?1 AND ?2 ORDER BY month, fac";
        self.all(sql, values![from, to], |r| {
            Ok(TallyRow {
                fac: r.text(0)?,
                month: r.int(1)?,
                counts: [r.int(2)?, r.int(3)?, r.int(4)?],
                at_ms: r.int(5)?,
            })
        })
    }

    /// Facilities of journals with a gap or a fork, once for each journal.
    pub fn broken_journals(&self) -> BookResult<Vec<String>> {
        let sql = "SELECT fac FROM journal WHERE forked = 1 OR head < highest ORDER BY fac";
        self.all(sql, &[], text)
    }

    /// All of them, oldest first.
    pub fn alerts(&self) -> BookResult<Vec<AlertRow>> {
        let sql = "SELECT nid, fac, at_ms, told, seen_by FROM alert ORDER BY at_ms";
        self.all(sql, &[], |r| {
            Ok(AlertRow {
                nid: r.text(0)?,
                fac: r.text(1)?,
                at_ms: r.int(2)?,
                told: r.truth(3)?,
                seen_by: r.text(4)?,
            })
        })
    }
}

impl WriteTransaction<'_> {
    /// Notes that every notification has to be projected again.
    pub fn set_all_unprojected(&self) -> BookResult<()> {
        self.run("UPDATE notification SET drawn = 0 WHERE drawn = 1", &[])?;
        Ok(())
    }

    /// Notes that notifications were projected.
    pub fn set_projected(&self, nids: &[Nid]) -> BookResult<()> {
        for part in parts(nids) {
            let sql = format!(
                "UPDATE notification SET drawn = 1 WHERE nid IN {}",
                places(1, part.len())
            );
            self.run(&sql, &part.iter().map(SqlValue::from).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Replaces what the ministry counts of notifications, by month; without a fact one is counted no more.
    /// Notes the months that changed by it. Months count from year 0.
    pub fn put_facts(&self, facts: &[(Nid, Vec<(i32, String)>)]) -> BookResult<()> {
        let mut changed: BTreeSet<i32> = BTreeSet::new();
        for part in parts(facts) {
            let these = places(1, part.len());
            let nids: Vec<SqlValue<'_>> = part.iter().map(|(nid, _)| nid.into()).collect();
            let sql = format!("SELECT DISTINCT month FROM fact WHERE nid IN {these}");
            changed.extend(self.all(&sql, &nids, |r| r.int::<i32>(0))?);
            self.run(&format!("DELETE FROM fact WHERE nid IN {these}"), &nids)?;
        }
        let mut rows: Vec<[SqlValue<'_>; 3]> = Vec::with_capacity(facts.len());
        for (nid, by_month) in facts {
            for (month, body) in by_month {
                changed.insert(*month);
                rows.push([nid.into(), (*month).into(), body.into()]);
            }
        }
        self.insert("fact (nid, month, body)", &rows)?;
        let rows: Vec<[SqlValue<'_>; 1]> = changed.iter().map(|month| [(*month).into()]).collect();
        self.insert("fact_change (month)", &rows)
    }

    /// Forgets the changes of a month up to one; how many there were.
    pub fn forget_changes(&self, month: i32, newest: i64) -> BookResult<u64> {
        self.run(
            "DELETE FROM fact_change WHERE month = ?1 AND no <= ?2",
            values![month, newest],
        )
    }

    /// Replaces the counts of a month.
    pub fn put_cells(&self, month: i32, cells: &[CellRow]) -> BookResult<()> {
        self.run("DELETE FROM cell WHERE month = ?1", values![month])?;
        let rows: Vec<[SqlValue<'_>; 4]> = cells
            .iter()
            .map(|c| [(&c.by).into(), (&c.place).into(), month.into(), (&c.body).into()])
            .collect();
        self.insert("cell (kind, place, month, body)", &rows)
    }

    /// Keeps what a facility's delivery book counts in a month; the newest statement counts.
    pub fn put_tally(&self, t: &TallyRow) -> BookResult<()> {
        let [births, foetal, deaths] = t.counts;
        self.run(
            "INSERT INTO tally (fac, month, births, foetal, deaths, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (fac, month) DO UPDATE SET births = ?3, foetal = ?4, deaths = ?5, at_ms = ?6",
            values![&t.fac, t.month, births, foetal, deaths, t.at_ms],
        )?;
        Ok(())
    }

    /// Notes that an officer has to know of a notification; noted once.
    pub fn put_alert(&self, nid: &str, fac: &str, at_ms: i64) -> BookResult<()> {
        self.run(
            "INSERT INTO alert (nid, fac, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            values![nid, fac, at_ms],
        )?;
        Ok(())
    }

    /// Notes that it was told.
    pub fn set_told(&self, nid: &str) -> BookResult<()> {
        self.run("UPDATE alert SET told = 1 WHERE nid = ?1", values![nid])?;
        Ok(())
    }

    /// Notes who knows.
    pub fn see_alert(&self, nid: &str, login: &str) -> BookResult<()> {
        self.run(
            "UPDATE alert SET seen_by = ?2 WHERE nid = ?1",
            values![nid, login],
        )?;
        Ok(())
    }
}
