//! Decisions about notifications, what they add up to, and what waits.

use super::read::{self, NOTIFICATION, json};
use super::sql::{Row, SqlValue, parts, places, values};
use super::{BookError, BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::{LoggedDecision, Record, Revision, inherited};
use crate::vital::Nid;

const DECISION: &str = "no, nid, h, rev, at_ms, steps, evidence";

fn logged(r: &mut Row) -> BookResult<LoggedDecision> {
    Ok(LoggedDecision {
        no: r.int(0)?,
        nid: r.text(1)?.into(),
        at: Revision {
            h: r.text(2)?.into(),
            rev: r.int(3)?,
        },
        at_ms: r.int(4)?,
        steps: read::of_json(&r.text(5)?)?,
        evidence: read::of_json(&r.text(6)?)?,
    })
}

impl ReadTransaction<'_> {
    /// A notification as its decisions add up to it.
    pub fn record(&self, nid: &str) -> BookResult<Option<Record>> {
        let sql = format!("SELECT {NOTIFICATION}, record FROM notification WHERE nid = ?1");
        let found = self.one(&sql, values![nid], |r| {
            Ok((r.opt_text(22)?, read::notification(r)?))
        })?;
        let Some((kept, row)) = found else { return Ok(None) };
        if let Some(kept) = kept {
            return Ok(Some(read::of_json(&kept)?));
        }
        let newest = self.entry(&row.h)?.and_then(|entry| entry.decision);
        let record = inherited(&row, newest.as_ref());
        record
            .map(Some)
            .ok_or_else(|| BookError::Failed(format!("notification {nid} cannot be read")))
    }

    /// The notification that has a registration number.
    pub fn holder_of(&self, number: &str) -> BookResult<Option<Nid>> {
        let sql = "SELECT nid FROM notification WHERE reg_no = ?1 AND act_office IS NULL";
        self.one(sql, values![number], |r| Ok(r.text(0)?.into()))
    }

    /// The notification that stands for an act registered before, by its place in its book.
    pub fn earlier_act(&self, office: &str, year: i32, kind: &str, number: &str) -> BookResult<Option<Nid>> {
        let sql = "SELECT nid FROM notification
             WHERE act_office = ?1 AND act_year = ?2 AND kind = ?3 AND reg_no = ?4";
        self.one(sql, values![office, year, kind, number], |r| {
            Ok(r.text(0)?.into())
        })
    }

    /// Whether there is an act registered before in a book of an office.
    pub fn has_earlier_acts(&self, office: &str, year: i32, kind: &str) -> BookResult<bool> {
        let sql = "SELECT nid FROM notification
             WHERE act_office = ?1 AND act_year = ?2 AND kind = ?3 LIMIT 1";
        Ok(self
            .one(sql, values![office, year, kind], |r| r.text(0))?
            .is_some())
    }

    /// Whether decisions are kept of a notification; an older version kept none.
    pub fn has_decisions(&self, nid: &str) -> BookResult<bool> {
        let sql = "SELECT count(*) FROM decision WHERE nid = ?1";
        Ok(self.number::<u64>(sql, values![nid])? > 0)
    }

    /// The decisions about a notification, in their order.
    pub fn decisions(&self, nid: &str) -> BookResult<Vec<LoggedDecision>> {
        let sql = format!("SELECT {DECISION} FROM decision WHERE nid = ?1 ORDER BY no");
        self.all(&sql, values![nid], logged)
    }

    /// Notifications that still wait and came before, the oldest first.
    pub fn undecided_since(&self, before_ms: i64, most: usize) -> BookResult<Vec<Nid>> {
        let sql = "SELECT nid FROM notification
             WHERE status = 'received' AND first_ms < ?1 AND coalesce(hold, '') NOT LIKE '%\"prepared\"%'
             ORDER BY first_ms LIMIT ?2";
        self.all(sql, values![before_ms, most], |r| Ok(r.text(0)?.into()))
    }

    /// Notifications of an office that wait for something to come, the oldest first.
    pub fn undecided_at(&self, office: &str, most: usize) -> BookResult<Vec<Nid>> {
        let sql = "SELECT nid FROM notification
             WHERE status = 'received' AND office = ?1 AND coalesce(hold, '') NOT LIKE '%\"prepared\"%'
             ORDER BY first_ms LIMIT ?2";
        self.all(sql, values![office, most], |r| Ok(r.text(0)?.into()))
    }

    /// What stands in the register at an office while a person has something to look at, the oldest first: of
    /// the notification itself, or of a correction beside it.
    pub fn noticed_at(&self, office: &str, most: usize) -> BookResult<Vec<Nid>> {
        let sql = "SELECT nid FROM notification
             WHERE status IN ('registered', 'certificate-issued') AND hold IS NOT NULL AND office = ?1
             ORDER BY first_ms LIMIT ?2";
        self.all(sql, values![office, most], |r| Ok(r.text(0)?.into()))
    }

    /// Notifications that name this one, and as what.
    pub fn naming(&self, nid: &str) -> BookResult<Vec<(Nid, String)>> {
        let sql = "SELECT nid, kind FROM named WHERE of = ?1 ORDER BY nid";
        self.all(sql, values![nid], |r| Ok((r.text(0)?.into(), r.text(1)?)))
    }

    /// When the newest entry of a journal arrived that stands before a place and came with an earlier
    /// delivery; none where there is none.
    pub fn delivered_before(&self, jid: &str, seq: u64, at_ms: i64) -> BookResult<Option<i64>> {
        let sql = "SELECT max(at_ms) FROM entry WHERE jid = ?1 AND seq < ?2 AND at_ms < ?3";
        Ok(self
            .one(sql, values![jid, seq, at_ms], |r| r.opt_int(0))?
            .flatten())
    }

    /// Until when a registrar has ruled on the times of a journal.
    pub fn time_ruling(&self, jid: &str) -> BookResult<Option<i64>> {
        self.one(
            "SELECT until_ms FROM time_ruling WHERE jid = ?1",
            values![jid],
            |r| r.int(0),
        )
    }

    /// Entries that arrived before then and wait for one that is not here: a correction, an annulment or a
    /// confirmation without what it is about.
    pub fn orphans(&self, before_ms: i64) -> BookResult<Vec<String>> {
        let sql = "SELECT DISTINCT e.h FROM waiting w JOIN entry e ON e.h = w.h
             WHERE e.at_ms < ?1 AND e.status IN ('received', 'annulment-pending')
             AND e.t IN ('amend', 'void', 'attest')
             AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.nid = e.nid AND n.status = 'received')";
        self.all(sql, values![before_ms], |r| r.text(0))
    }

    /// How many entries have lain on the desk of each office since before then.
    pub fn on_desks_since(&self, before_ms: i64) -> BookResult<Vec<(String, u64)>> {
        let sql = "SELECT coalesce(n.office, ''), count(*) FROM entry e
             LEFT JOIN notification n ON n.nid = e.nid
             WHERE e.status IN ('held', 'annulment-pending') AND e.at_ms < ?1
             AND (n.nid IS NULL OR n.h = e.h OR n.status = 'annulment-pending') GROUP BY 1 ORDER BY 1";
        self.all(sql, values![before_ms], |r| Ok((r.text(0)?, r.int(1)?)))
    }
}

impl WriteTransaction<'_> {
    /// Keeps records, and the rows by which lists find them.
    pub fn put_records(&self, all: &[&Record]) -> BookResult<()> {
        for part in parts(all) {
            let rows: Vec<_> = part.iter().map(|record| record.row()).collect();
            let texts = part
                .iter()
                .zip(&rows)
                .map(|(record, row)| Ok((json(record)?, row.hold.as_ref().map(json).transpose()?)))
                .collect::<BookResult<Vec<_>>>()?;
            let values: Vec<[SqlValue<'_>; 23]> = rows
                .iter()
                .zip(&texts)
                .map(|(n, (record, hold))| {
                    [
                        (&n.nid).into(),
                        (&n.kind).into(),
                        (&n.fac).into(),
                        (&n.office).into(),
                        n.status.code().into(),
                        n.rev.into(),
                        (&n.h).into(),
                        (&n.effective).into(),
                        n.reg_no.as_deref().into(),
                        hold.as_deref().into(),
                        n.set.as_ref().map(|(id, _)| id.as_str()).into(),
                        n.set.as_ref().map(|(_, of)| *of).into(),
                        n.day.into(),
                        n.event_ms.into(),
                        n.first_ms.into(),
                        n.registered_ms.into(),
                        n.void.as_ref().map(|(h, _)| h.as_str()).into(),
                        n.void.as_ref().map(|(_, kid)| kid.as_str()).into(),
                        n.cert.as_ref().map(|(no, _)| no.as_str()).into(),
                        n.cert.as_ref().map(|(_, on)| on.as_str()).into(),
                        n.earlier.as_ref().map(|(office, _)| office.as_str()).into(),
                        n.earlier.as_ref().map(|(_, year)| *year).into(),
                        record.into(),
                    ]
                })
                .collect();
            let sql = format!(
                "INSERT INTO notification ({NOTIFICATION}, record) VALUES {} ON CONFLICT (nid) DO UPDATE
                 SET kind = excluded.kind, fac = excluded.fac, office = excluded.office,
                 status = excluded.status, rev = excluded.rev, h = excluded.h,
                 effective = excluded.effective, reg_no = excluded.reg_no, hold = excluded.hold,
                 set_id = excluded.set_id, set_n = excluded.set_n, day = excluded.day,
                 event_ms = excluded.event_ms, first_ms = excluded.first_ms,
                 registered_ms = excluded.registered_ms, void_h = excluded.void_h,
                 void_kid = excluded.void_kid, cert_no = excluded.cert_no, cert_on = excluded.cert_on,
                 act_office = excluded.act_office, act_year = excluded.act_year,
                 record = excluded.record, drawn = 0",
                places(values.len(), 23)
            );
            self.run(&sql, values.as_flattened())?;
        }
        Ok(())
    }

    /// Adds decisions in the order in which they were taken.
    pub fn add_decisions(&self, all: &[LoggedDecision]) -> BookResult<()> {
        let texts = all
            .iter()
            .map(|d| Ok((json(&d.steps)?, json(&d.evidence)?)))
            .collect::<BookResult<Vec<_>>>()?;
        let rows: Vec<[SqlValue<'_>; 6]> = all
            .iter()
            .zip(&texts)
            .map(|(d, (steps, evidence))| {
                [
                    (&d.nid).into(),
                    (&d.at.h).into(),
                    d.at.rev.into(),
                    d.at_ms.into(),
                    steps.into(),
                    evidence.into(),
                ]
            })
            .collect();
        self.insert("decision (nid, h, rev, at_ms, steps, evidence)", &rows)
    }

    /// Notes that a notification names others.
    pub fn put_named(&self, nid: &Nid, links: &[crate::vital::Link]) -> BookResult<()> {
        let rows: Vec<[SqlValue<'_>; 3]> = links
            .iter()
            .map(|link| [(&link.nid).into(), nid.into(), (&link.kind).into()])
            .collect();
        self.insert("named (of, nid, kind)", &rows)
    }

    /// Notes that a registrar ruled on the times of a journal up to a moment.
    pub fn put_time_ruling(&self, jid: &str, until_ms: i64, login: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO time_ruling (jid, until_ms, login) VALUES (?1, ?2, ?3)
             ON CONFLICT (jid) DO UPDATE SET until_ms = ?2, login = ?3",
            values![jid, until_ms, login],
        )?;
        Ok(())
    }
}
