//! Facilities and the signs of life of their devices.

use super::sql::values;
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::HeartbeatRow;

impl ReadTransaction<'_> {
    /// Codes and names of facilities.
    pub fn facilities(&self) -> BookResult<Vec<(String, String)>> {
        let sql = "SELECT fac, name FROM facility ORDER BY fac";
        self.all(sql, &[], |r| Ok((r.text(0)?, r.text(1)?)))
    }

    /// Facilities with district and office.
    pub fn places(&self) -> BookResult<Vec<(String, String, String)>> {
        let sql = "SELECT fac, district, office FROM facility ORDER BY fac";
        self.all(sql, &[], |r| Ok((r.text(0)?, r.text(1)?, r.text(2)?)))
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
}

impl WriteTransaction<'_> {
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
