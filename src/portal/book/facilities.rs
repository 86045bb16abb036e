//! Facilities and the signs of life of their devices.

use std::collections::BTreeMap;

use super::read::text;
use super::sql::values;
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::HeartbeatRow;

impl ReadTransaction<'_> {
    /// Codes and names of facilities.
    pub fn facilities(&self) -> BookResult<Vec<(String, String)>> {
        let sql = "SELECT fac, name FROM facility ORDER BY fac";
        self.all(sql, &[], |r| Ok((r.text(0)?, r.text(1)?)))
    }

    /// Names of a facility's enrolled people and devices, by their keys.
    pub fn names(&self, fac: &str) -> BookResult<BTreeMap<String, String>> {
        let sql = "SELECT kid, name FROM key_name WHERE fac = ?1";
        let rows = self.all(sql, values![fac], |r| Ok((r.text(0)?, r.text(1)?)))?;
        Ok(rows.into_iter().collect())
    }

    /// Names of all enrolled people and devices, by their keys.
    pub fn all_names(&self) -> BookResult<BTreeMap<String, String>> {
        let rows = self.all("SELECT kid, name FROM key_name", &[], |r| {
            Ok((r.text(0)?, r.text(1)?))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// The name of an enrolled person or device.
    pub fn name_of(&self, kid: &str) -> BookResult<Option<String>> {
        self.one("SELECT name FROM key_name WHERE kid = ?1", values![kid], text)
    }

    /// Facilities with district and office.
    pub fn places(&self) -> BookResult<Vec<(String, String, String)>> {
        let sql = "SELECT fac, district, office FROM facility ORDER BY fac";
        self.all(sql, &[], |r| Ok((r.text(0)?, r.text(1)?, r.text(2)?)))
    }

    /// The exact text of a device's newest sign of life; none where it never gave one.
    pub fn heartbeat_of(&self, dev: &str) -> BookResult<Option<String>> {
        self.one("SELECT jws FROM heartbeat WHERE dev = ?1", values![dev], text)
    }

    /// The newest sign of life of each device.
    pub fn heartbeats(&self) -> BookResult<Vec<HeartbeatRow>> {
        let sql = "SELECT dev, fac, at_ms, backlog, oldest_ms, app, jws FROM heartbeat ORDER BY fac, dev";
        self.all(sql, &[], |r| {
            Ok(HeartbeatRow {
                dev: r.text(0)?,
                fac: r.text(1)?.into(),
                at_ms: r.int(2)?,
                backlog: r.int(3)?,
                oldest_ms: r.opt_int(4)?,
                app: r.text(5)?,
                jws: r.text(6)?,
            })
        })
    }
}

impl WriteTransaction<'_> {
    /// Keeps the name of an enrolled person or device.
    pub fn put_name(&self, kid: &str, fac: &str, name: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO key_name (kid, fac, name) VALUES (?1, ?2, ?3)
             ON CONFLICT (kid) DO UPDATE SET fac = ?2, name = ?3",
            values![kid, fac, name],
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
}
