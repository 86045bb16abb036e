//! Reads the whole book, some rows at a time, for whoever checks it or draws its projections anew.

use std::collections::BTreeMap;

use super::read::{self, ENTRY, NOTIFICATION};
use super::sql::{SqlValue, parts, places, values};
use super::{ActRow, BookResult, ReadTransaction};
use crate::portal::record::{ActDetails, EntryRow, JournalRow, Notification, NumberSeries, Record};
use crate::seal::ReceiptNumber;
use crate::vital::{EntryHash, Nid};

/// A receipt as kept: facility, number, hash of the entry, text.
pub(in crate::portal) type KeptReceipt = (String, ReceiptNumber, EntryHash, String);

impl ReadTransaction<'_> {
    /// Entries after a place in the order of arrival, with their places.
    pub fn entries_after(&self, no: i64, most: usize) -> BookResult<Vec<(i64, EntryRow)>> {
        let sql =
            format!("SELECT {ENTRY}, entry.no FROM entry WHERE entry.no > ?1 ORDER BY entry.no LIMIT ?2");
        self.all(&sql, values![no, most], |r| Ok((r.int(14)?, read::entry(r)?)))
    }

    /// Entries about a notification, in the order of arrival.
    pub fn entries_about(&self, nid: &str) -> BookResult<Vec<EntryRow>> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE nid = ?1 ORDER BY entry.no");
        self.all(&sql, values![nid], read::entry)
    }

    /// Receipts after one, by facility, epoch, number and entry.
    pub fn receipts_after(
        &self,
        (fac, number, h): (&str, ReceiptNumber, &str),
        most: usize,
    ) -> BookResult<Vec<KeptReceipt>> {
        self.all(
            "SELECT fac, epoch, n, h, jws FROM receipt
             WHERE (fac, epoch, n, h) > (?1, ?2, ?3, ?4) ORDER BY fac, epoch, n, h LIMIT ?5",
            values![fac, number.epoch, number.n, h, most],
            |r| {
                let number = ReceiptNumber {
                    epoch: r.int(1)?,
                    n: r.int(2)?,
                };
                Ok((r.text(0)?, number, r.text(3)?.into(), r.text(4)?))
            },
        )
    }

    /// Newest receipt number of each facility, and its epoch.
    pub fn receipt_counters(&self) -> BookResult<BTreeMap<String, ReceiptNumber>> {
        let rows = self.all("SELECT fac, epoch, n FROM facility", &[], |r| {
            let number = ReceiptNumber {
                epoch: r.int(1)?,
                n: r.int(2)?,
            };
            Ok((r.text(0)?, number))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Every journal.
    pub fn journals(&self) -> BookResult<Vec<JournalRow>> {
        let sql = "SELECT jid, dev, fac, continues, head, head_h, highest, forked FROM journal ORDER BY jid";
        self.all(sql, &[], read::journal)
    }

    /// Notifications after one: the row by which lists find each, and its record where one is kept.
    pub fn kept_after(&self, nid: &str, most: usize) -> BookResult<Vec<(Notification, Option<Record>)>> {
        let sql =
            format!("SELECT {NOTIFICATION}, record FROM notification WHERE nid > ?1 ORDER BY nid LIMIT ?2");
        self.all(&sql, values![nid, most], |r| {
            let record = r.opt_text(22)?.map(|text| read::of_json(&text)).transpose()?;
            Ok((read::notification(r)?, record))
        })
    }

    /// What is kept of these notifications for finding, comparing and counting, a text for each row.
    pub fn projections_of(&self, nids: &[Nid]) -> BookResult<BTreeMap<String, Vec<String>>> {
        let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for part in parts(nids) {
            let among = places(1, part.len());
            let wanted: Vec<SqlValue<'_>> = part.iter().map(SqlValue::from).collect();
            for sql in [
                "SELECT nid, 'look-alike ' || day || ' ' || key FROM alike WHERE nid IN",
                "SELECT nid, 'compared ' || body FROM trace WHERE nid IN",
                "SELECT nid, 'word ' || office || ' ' || word FROM word WHERE nid IN",
                "SELECT nid, 'counted ' || month || ' ' || body FROM fact WHERE nid IN",
            ] {
                let sql = format!("{sql} {among}");
                for (nid, row) in self.all(&sql, &wanted, |r| Ok((r.text(0)?, r.text(1)?)))? {
                    out.entry(nid).or_default().push(row);
                }
            }
        }
        for rows in out.values_mut() {
            rows.sort_unstable();
        }
        Ok(out)
    }

    /// Every count of a month, a text each.
    pub fn cells_of(&self, month: i32) -> BookResult<Vec<String>> {
        let sql =
            "SELECT kind || ' ' || place || ' ' || body FROM cell WHERE month = ?1 ORDER BY kind, place";
        self.all(sql, values![month], |r| r.text(0))
    }

    /// Months in which something is counted.
    pub fn counted_months(&self) -> BookResult<Vec<i32>> {
        let sql = "SELECT month FROM fact GROUP BY month UNION SELECT month FROM cell GROUP BY month";
        self.all(sql, &[], |r| r.int(0))
    }

    /// What people of the registry did with a notification, in order, and why where they said so.
    pub fn acts_about(&self, nid: &str) -> BookResult<Vec<(ActRow, Option<ActDetails>)>> {
        let sql = "SELECT at_ms, login, place, act, nid, details FROM act WHERE nid = ?1 ORDER BY no";
        self.all(sql, values![nid], |r| {
            let details = r.opt_text(5)?.map(|text| read::of_json(&text)).transpose()?;
            let act = ActRow {
                at_ms: r.int(0)?,
                login: r.text(1)?,
                place: r.text(2)?,
                act: r.text(3)?,
                nid: r.text(4)?,
            };
            Ok((act, details))
        })
    }

    /// The last registration number of every office, year and kind.
    pub fn numbers(&self) -> BookResult<Vec<(NumberSeries, u64)>> {
        self.all("SELECT office, year, kind, last FROM number", &[], |r| {
            Ok(((r.text(0)?, r.int(1)?, r.text(2)?), r.int(3)?))
        })
    }
}
