//! The rest of a transaction in SQLite: what waits, look-alikes, numbers, enrolments, counts.

use std::collections::BTreeMap;

use rusqlite::{Row, params};

use super::leaf::SqliteLeaf;
use super::rows::{signed, unsigned};
use crate::portal::book::{BookError, EnrolmentKept, Kept, Likeness, MonthCount, SignOfLife, StatedRow};
use crate::wire::EnrolmentState;

fn state_code(state: EnrolmentState) -> &'static str {
    match state {
        EnrolmentState::Waiting => "waiting",
        EnrolmentState::Approved => "approved",
        EnrolmentState::Refused => "refused",
    }
}

fn enrolment(r: &Row<'_>) -> Kept<EnrolmentKept> {
    let state: String = r.get(4)?;
    Ok(EnrolmentKept {
        id: r.get(0)?,
        kid: r.get(1)?,
        jws: r.get(2)?,
        at_ms: r.get(3)?,
        state: match state.as_str() {
            "waiting" => EnrolmentState::Waiting,
            "approved" => EnrolmentState::Approved,
            "refused" => EnrolmentState::Refused,
            other => return Err(BookError::Failed(format!("enrolment state {other}"))),
        },
    })
}

impl SqliteLeaf<'_> {
    pub(super) fn waiting_sets_before(&self, before_ms: i64) -> Kept<Vec<String>> {
        self.all(
            "SELECT DISTINCT set_id FROM notification
             WHERE set_id IS NOT NULL AND status = 'received' AND hold IS NULL AND first_ms < ?1",
            [before_ms],
            |r| Ok(r.get(0)?),
        )
    }

    pub(super) fn note_waiting(&self, h: &str, on: &str) -> Kept<()> {
        self.run(
            "INSERT INTO waiting (waits_for, no, h)
             VALUES (?1, (SELECT coalesce(max(no), 0) + 1 FROM waiting WHERE waits_for = ?1), ?2)",
            [on, h],
        )?;
        Ok(())
    }

    pub(super) fn waiting_on(&self, on: &str) -> Kept<Vec<String>> {
        let found = self.all(
            "SELECT h FROM waiting WHERE waits_for = ?1 ORDER BY no",
            [on],
            |r| Ok(r.get(0)?),
        )?;
        if !found.is_empty() {
            self.run("DELETE FROM waiting WHERE waits_for = ?1", [on])?;
        }
        Ok(found)
    }

    pub(super) fn replace_keys(&self, nid: &str, day: i32, keys: &[String], who: &Likeness) -> Kept<()> {
        self.run("DELETE FROM alike WHERE nid = ?1", [nid])?;
        for key in keys {
            self.run(
                "INSERT OR IGNORE INTO alike (key, day, nid) VALUES (?1, ?2, ?3)",
                params![key, day, nid],
            )?;
        }
        let [surname, given, patronymic, document, born] = &who.parts;
        self.run(
            "INSERT OR REPLACE INTO likeness (nid, surname, given, patronymic, document, born)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            [nid, surname, given, patronymic, document, born],
        )?;
        Ok(())
    }

    pub(super) fn sharing_a_key(&self, from: i32, to: i32, keys: &[String]) -> Kept<Vec<(String, Likeness)>> {
        let mut out: BTreeMap<String, Likeness> = BTreeMap::new();
        for key in keys {
            let found = self.all(
                "SELECT nid, surname, given, patronymic, document, born FROM alike
                 JOIN likeness USING (nid) WHERE key = ?1 AND day BETWEEN ?2 AND ?3",
                params![key, from, to],
                |r| {
                    let parts = [r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?];
                    Ok((r.get(0)?, Likeness { parts }))
                },
            )?;
            out.extend(found);
        }
        Ok(out.into_iter().collect())
    }

    pub(super) fn number_after(&self, office: &str, year: i32, kind: &str) -> Kept<u64> {
        self.number(
            "INSERT INTO number (office, year, kind, last) VALUES (?1, ?2, ?3, 1)
             ON CONFLICT (office, year, kind) DO UPDATE SET last = last + 1 RETURNING last",
            params![office, year, kind],
        )
        .map(unsigned)
    }

    pub(super) fn number_at_least(&self, office: &str, year: i32, kind: &str, n: u64) -> Kept<()> {
        self.run(
            "INSERT INTO number (office, year, kind, last) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (office, year, kind) DO UPDATE SET last = max(last, ?4)",
            params![office, year, kind, signed(n)],
        )?;
        Ok(())
    }

    pub(super) fn keep_enrolment(&self, e: &EnrolmentKept) -> Kept<()> {
        self.run(
            "INSERT OR IGNORE INTO enrolment (id, kid, jws, at_ms, state) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![e.id, e.kid, e.jws, e.at_ms, state_code(e.state)],
        )?;
        Ok(())
    }

    pub(super) fn find_enrolment(&self, id: &str) -> Kept<Option<EnrolmentKept>> {
        let sql = "SELECT id, kid, jws, at_ms, state FROM enrolment WHERE id = ?1";
        self.one(sql, [id], enrolment)
    }

    pub(super) fn list_enrolments(&self) -> Kept<Vec<EnrolmentKept>> {
        let sql = "SELECT id, kid, jws, at_ms, state FROM enrolment ORDER BY at_ms DESC, id";
        self.all(sql, [], enrolment)
    }

    pub(super) fn change_enrolment(&self, id: &str, state: EnrolmentState) -> Kept<()> {
        self.run(
            "UPDATE enrolment SET state = ?2 WHERE id = ?1",
            [id, state_code(state)],
        )?;
        Ok(())
    }

    pub(super) fn keep_heartbeat(&self, s: &SignOfLife) -> Kept<()> {
        self.run(
            "INSERT OR REPLACE INTO heartbeat (dev, fac, at_ms, backlog, app, jws)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![s.dev, s.fac, s.at_ms, signed(s.backlog), s.app, s.jws],
        )?;
        Ok(())
    }

    pub(super) fn list_heartbeats(&self) -> Kept<Vec<SignOfLife>> {
        let sql = "SELECT dev, fac, at_ms, backlog, app, jws FROM heartbeat ORDER BY fac, dev";
        self.all(sql, [], |r| {
            Ok(SignOfLife {
                dev: r.get(0)?,
                fac: r.get(1)?,
                at_ms: r.get(2)?,
                backlog: unsigned(r.get(3)?),
                app: r.get(4)?,
                jws: r.get(5)?,
            })
        })
    }

    pub(super) fn hand_over_stated(
        &self,
        from: i32,
        to: i32,
        each: &mut dyn FnMut(StatedRow) -> Kept<()>,
    ) -> Kept<()> {
        let mut statement = self.0.prepare_cached(
            "SELECT n.fac, n.kind, n.status = 'voided', n.event_ms, n.first_ms, e.jws
             FROM notification n JOIN entry e ON e.h = n.effective
             WHERE n.day BETWEEN ?1 AND ?2 AND n.status NOT IN ('returned', 'duplicate')",
        )?;
        let mut found = statement.query([from, to])?;
        while let Some(r) = found.next()? {
            each(StatedRow {
                fac: r.get(0)?,
                kind: r.get(1)?,
                voided: r.get(2)?,
                event_ms: r.get(3)?,
                first_ms: r.get(4)?,
                jws: r.get(5)?,
            })?;
        }
        Ok(())
    }

    pub(super) fn count_months(&self) -> Kept<Vec<MonthCount>> {
        let rows = self.all(
            "SELECT fac, kind, strftime('%Y-%m', day * 86400, 'unixepoch'), registered_ms - event_ms
             FROM notification
             WHERE day IS NOT NULL AND status NOT IN ('voided', 'returned', 'duplicate')",
            [],
            |r| {
                let delay: Option<i64> = r.get(3)?;
                Ok((
                    r.get::<_, String>(0)?,
                    r.get::<_, String>(1)?,
                    r.get::<_, String>(2)?,
                    delay,
                ))
            },
        )?;
        let mut counts: BTreeMap<(String, String, String), (u64, Vec<i64>)> = BTreeMap::new();
        for (fac, kind, month, delay) in rows {
            let (count, delays) = counts.entry((fac, month, kind)).or_default();
            *count += 1;
            delays.extend(delay);
        }
        Ok(counts
            .into_iter()
            .map(|((fac, month, kind), (count, delays_ms))| MonthCount {
                fac,
                kind,
                month,
                count,
                delays_ms,
            })
            .collect())
    }
}
