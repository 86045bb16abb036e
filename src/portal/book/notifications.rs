//! Notifications, what waits for them, look-alikes, numbers.

use std::collections::BTreeMap;

use super::read::{self, NOTIFICATION, json, text};
use super::sql::values;
use super::{Kept, Leaf, Likeness, Notification};

impl Leaf<'_> {
    /// A notification.
    pub fn notification(&self, nid: &str) -> Kept<Option<Notification>> {
        let sql = format!("SELECT {NOTIFICATION} FROM notification WHERE nid = ?1");
        self.one(&sql, values![nid], read::notification)
    }

    /// Keeps a notification.
    pub fn put_notification(&self, n: &Notification) -> Kept<()> {
        let hold = n.hold.as_ref().map(json).transpose()?;
        let sql = format!(
            "INSERT INTO notification ({NOTIFICATION}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
             ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) ON CONFLICT (nid) DO UPDATE
             SET kind = ?2, fac = ?3, office = ?4, status = ?5, rev = ?6, h = ?7, effective = ?8,
             reg_no = ?9, hold = ?10, set_id = ?11, set_n = ?12, day = ?13, event_ms = ?14,
             first_ms = ?15, registered_ms = ?16, void_h = ?17, void_kid = ?18, cert_no = ?19,
             cert_on = ?20, drawn = 0"
        );
        self.run(
            &sql,
            values![
                &n.nid,
                &n.kind,
                &n.fac,
                &n.office,
                n.status.code(),
                n.rev,
                &n.h,
                &n.effective,
                n.reg_no.as_deref(),
                hold.as_deref(),
                n.set.as_ref().map(|(id, _)| id.as_str()),
                n.set.as_ref().map(|(_, of)| *of),
                n.day,
                n.event_ms,
                n.first_ms,
                n.registered_ms,
                n.void.as_ref().map(|(h, _)| h.as_str()),
                n.void.as_ref().map(|(_, kid)| kid.as_str()),
                n.cert.as_ref().map(|(no, _)| no.as_str()),
                n.cert.as_ref().map(|(_, on)| on.as_str()),
            ],
        )?;
        Ok(())
    }

    /// Members of a multiple birth.
    pub fn set_members(&self, set: &str) -> Kept<Vec<Notification>> {
        let sql = format!("SELECT {NOTIFICATION} FROM notification WHERE set_id = ?1 ORDER BY nid");
        self.all(&sql, values![set], read::notification)
    }

    /// Multiple births with a member that is undecided and came before.
    pub fn waiting_sets(&self, before_ms: i64) -> Kept<Vec<String>> {
        self.all(
            "SELECT DISTINCT set_id FROM notification
             WHERE set_id IS NOT NULL AND status = 'received' AND hold IS NULL AND first_ms < ?1",
            values![before_ms],
            text,
        )
    }

    /// Notes that an entry waits for another notification (`nid`) or entry (hash).
    pub fn wait(&self, h: &str, on: &str) -> Kept<()> {
        self.run(
            "INSERT INTO waiting (waits_for, no, h)
             VALUES (?1, (SELECT coalesce(max(no), 0) + 1 FROM waiting WHERE waits_for = ?1), ?2)",
            values![on, h],
        )?;
        Ok(())
    }

    /// Takes what waits, in order of arrival.
    pub fn take_waiting(&self, on: &str) -> Kept<Vec<String>> {
        let sql = "SELECT h FROM waiting WHERE waits_for = ?1 ORDER BY no";
        let found = self.all(sql, values![on], text)?;
        if !found.is_empty() {
            self.run("DELETE FROM waiting WHERE waits_for = ?1", values![on])?;
        }
        Ok(found)
    }

    /// Replaces the keys by which look-alikes of a notification are found, and the person that
    /// they stand for; no keys: it is found no more.
    pub fn put_alike(&self, nid: &str, day: i32, keys: &[String], who: &Likeness) -> Kept<()> {
        self.run("DELETE FROM alike WHERE nid = ?1", values![nid])?;
        for key in keys {
            self.run(
                "INSERT INTO alike (key, day, nid) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                values![key, day, nid],
            )?;
        }
        let [surname, given, patronymic, document, born] = &who.parts;
        self.run(
            "INSERT INTO likeness (nid, surname, given, patronymic, document, born)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (nid) DO UPDATE
             SET surname = ?2, given = ?3, patronymic = ?4, document = ?5, born = ?6",
            values![nid, surname, given, patronymic, document, born],
        )?;
        Ok(())
    }

    /// Notifications that share a key within days.
    pub fn alike_by_keys(
        &self,
        from_day: i32,
        to_day: i32,
        keys: &[String],
    ) -> Kept<Vec<(String, Likeness)>> {
        let mut out: BTreeMap<String, Likeness> = BTreeMap::new();
        for key in keys {
            let found = self.all(
                "SELECT alike.nid, surname, given, patronymic, document, born FROM alike
                 JOIN likeness ON likeness.nid = alike.nid WHERE key = ?1 AND day BETWEEN ?2 AND ?3",
                values![key, from_day, to_day],
                |r| {
                    let parts = [r.text(1)?, r.text(2)?, r.text(3)?, r.text(4)?, r.text(5)?];
                    Ok((r.text(0)?, Likeness { parts }))
                },
            )?;
            out.extend(found);
        }
        Ok(out.into_iter().collect())
    }

    /// Takes the next number of an office, year and kind.
    pub fn next_number(&self, office: &str, year: i32, kind: &str) -> Kept<u64> {
        self.number(
            "INSERT INTO number (office, year, kind, last) VALUES (?1, ?2, ?3, 1)
             ON CONFLICT (office, year, kind) DO UPDATE SET last = number.last + 1 RETURNING last",
            values![office, year, kind],
        )
    }

    /// Lifts that number to at least `n`.
    pub fn raise_number(&self, office: &str, year: i32, kind: &str, n: u64) -> Kept<()> {
        self.run(
            "INSERT INTO number (office, year, kind, last) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (office, year, kind) DO UPDATE
             SET last = CASE WHEN number.last < ?4 THEN ?4 ELSE number.last END",
            values![office, year, kind, n],
        )?;
        Ok(())
    }
}
