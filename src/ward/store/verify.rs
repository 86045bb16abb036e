//! Whether everything that was signed is still there and unchanged.
//!
//! Every text is read again, hashed, and its signature verified; journals are followed from their
//! first entry; what receipts name has to be here; every projection has to be what it would be now.
//!
//! The removal of a journal's last entries that no receipt names is seen by the witness beside the
//! database alone: nothing in this file could prove that they were there.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::convert::{signed, unsigned};
use super::projection::project;
use super::receipts::place;
use super::{Bad, Fault, Store, StoreError, VerifyReport};
use crate::seal::{
    Chain, ChainFault, Entry, EntryType, Jws, KeyUse, PublicKey, Receipt, Slip, Trust, Typ, hash,
};
use crate::ward::store::projection_writer::{is_projected, newest_receipt, raw_entries, read_receipt};

/// Faults after which the list ends: whoever reads it has seen enough.
const MOST: usize = 100;
/// Entries that are read before the processors share them.
const CHUNK: usize = 2048;

/// A public key, whose it is, and whether the trust list names it.
struct KnownKey {
    key: PublicKey,
    /// Login of a person; none for a device, and where nobody says.
    login: Option<String>,
    trusted: bool,
}

type Keys = HashMap<String, KnownKey>;

/// A row of `entries`.
struct StoredEntry {
    seq: u64,
    id: String,
    h: String,
    prev: String,
    t: String,
    nid: String,
    rev: u32,
    rec: String,
    jws: Option<String>,
}

fn stored(r: &Row<'_>) -> rusqlite::Result<StoredEntry> {
    Ok(StoredEntry {
        seq: unsigned(r.get(0)?),
        id: r.get(1)?,
        h: r.get(2)?,
        prev: r.get(3)?,
        t: r.get(4)?,
        nid: r.get(5)?,
        rev: r.get(6)?,
        rec: r.get(7)?,
        jws: r.get(8)?,
    })
}

impl StoredEntry {
    /// What is wrong with the entry itself; where nothing is, whether its key is trusted. A colleague's
    /// entry may come before the registry has confirmed the colleague's key: it is not trusted, and
    /// nothing here is damaged.
    fn check(&self, jid: &str, own: bool, keys: &Keys) -> Result<bool, Fault> {
        let Some(text) = &self.jws else {
            return Ok(false);
        };
        if hash(text) != self.h {
            return Err(Fault::Hash);
        }
        let jws = Jws::parse(text, Typ::Entry).map_err(|_| Fault::Unreadable)?;
        let entry = Entry::from_jws(&jws).map_err(|_| Fault::Unreadable)?;
        let same = entry.jid == jid
            && entry.seq == self.seq
            && entry.id == self.id
            && entry.prev == self.prev
            && entry.t.code() == self.t
            && entry.nid == self.nid
            && entry.rev == self.rev
            && entry.rec.to_rfc3339() == self.rec;
        if !same {
            return Err(Fault::Columns);
        }
        let Some(known) = keys.get(jws.kid()) else {
            return match own {
                true => Err(Fault::UnknownKey),
                false => Ok(false),
            };
        };
        // A key that is known for another person, or a person's key in the device's place.
        let whose = match entry.t {
            EntryType::Open => entry.dev == jws.kid(),
            _ => known.login.as_ref().is_none_or(|login| *login == entry.usr),
        };
        if !whose {
            return Err(Fault::UnknownKey);
        }
        jws.verify(&known.key).map_err(|_| Fault::Signature)?;
        Ok(known.trusted)
    }
}

fn keys(db: &Connection, device: &PublicKey, trust: Option<&Trust>) -> Result<Keys, StoreError> {
    let mut out = Keys::new();
    let mut put = |key: PublicKey, login: Option<String>, trusted: bool| {
        let kid = key.kid().to_owned();
        out.insert(kid, KnownKey { key, login, trusted });
    };
    let mut find = db.prepare("SELECT x, login FROM keys")?;
    let rows = find.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
    for row in rows {
        let (x, login) = row?;
        // A damaged key is one that is not known: what it signed says so.
        if let Ok(key) = PublicKey::from_x(&x) {
            put(key, Some(login).filter(|l| !l.is_empty()), false);
        }
    }
    put(device.clone(), None, false);
    for listed in trust.map(|t| t.list().keys.as_slice()).unwrap_or_default() {
        if let (KeyUse::Person | KeyUse::Device, Ok(key)) = (listed.what, listed.public()) {
            put(key, listed.usr.clone(), true);
        }
    }
    Ok(out)
}

/// The checks under way.
struct Check<'a> {
    db: &'a Connection,
    keys: Keys,
    device: &'a PublicKey,
    trust: Option<&'a Trust>,
    report: VerifyReport,
}

impl Check<'_> {
    fn bad(&mut self, jid: &str, seq: u64, fault: Fault) {
        if self.report.bad.len() < MOST {
            self.report.bad.push(Bad {
                jid: jid.to_owned(),
                seq,
                fault,
            });
        }
    }

    fn file(&mut self) -> Result<(), StoreError> {
        let word: String = self.db.query_row("PRAGMA quick_check(1)", [], |r| r.get(0))?;
        if word != "ok" {
            self.bad("", 0, Fault::File);
        }
        Ok(())
    }

    fn journal(&mut self, jid: &str, own: bool) -> Result<(), StoreError> {
        self.report.journals += 1;
        let mut find = self.db.prepare_cached(
            "SELECT seq, id, h, prev, t, nid, rev, rec, jws FROM entries
             WHERE jid = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )?;
        let mut chain = Chain::new();
        loop {
            let rows = find.query_map(params![jid, signed(chain.seq()), signed(CHUNK)], stored)?;
            let chunk: Vec<StoredEntry> = rows.collect::<Result<_, _>>()?;
            if chunk.is_empty() {
                return Ok(());
            }
            let keys = &self.keys;
            let checked = shared(chunk, |stored| (stored.check(jid, own, keys), stored));
            for (checked, stored) in checked {
                let opens = stored.t == EntryType::Open.code();
                match chain.follow_links(opens, jid, stored.seq, &stored.prev, &stored.h) {
                    Ok(()) => {}
                    // Of another device only what the feed brought is here.
                    Err(ChainFault::Seq) if own => self.bad(jid, stored.seq, Fault::Gap),
                    Err(ChainFault::Seq) => {}
                    Err(_) => self.bad(jid, stored.seq, Fault::Chain),
                }
                self.report.entries += 1;
                match checked {
                    Ok(trusted) => self.report.trusted += u64::from(trusted),
                    Err(fault) => self.bad(jid, stored.seq, fault),
                }
                if stored.jws.is_none() {
                    self.report.minimised += 1;
                    if newest_receipt(self.db, &stored.h)?.is_none() {
                        self.bad(jid, stored.seq, Fault::Minimised);
                    }
                }
                chain = Chain::after(jid, stored.seq, &stored.h);
            }
        }
    }

    fn receipts(&mut self) -> Result<(), StoreError> {
        let mut find = self
            .db
            .prepare("SELECT r, rh, epoch, n, nh, nid, jid, seq, status, at, jws FROM receipts ORDER BY r")?;
        let mut rows = find.query([])?;
        while let Some(r) = rows.next()? {
            self.report.receipts += 1;
            let jws: String = r.get("jws")?;
            let jid: String = r.get("jid")?;
            let seq = unsigned(r.get("seq")?);
            let read = match self.trust {
                Some(trust) => Receipt::open(&jws, trust).ok(),
                None => read_receipt(&jws).ok(),
            };
            let Some(receipt) = read else {
                self.bad(&jid, seq, Fault::Receipt);
                continue;
            };
            let same = hash(&jws) == r.get::<_, String>("rh")?
                && receipt.epoch == r.get::<_, u32>("epoch")?
                && signed(receipt.n) == r.get::<_, i64>("n")?
                && receipt.nh == r.get::<_, String>("nh")?
                && receipt.nid == r.get::<_, String>("nid")?
                && receipt.jid == jid
                && receipt.seq == seq
                && receipt.status.code() == r.get::<_, String>("status")?
                && receipt.at.to_rfc3339() == r.get::<_, String>("at")?;
            if !same {
                self.bad(&jid, seq, Fault::Receipt);
            }
            self.named(&receipt)?;
        }
        Ok(())
    }

    /// What a family's paper says was signed by the key that signed its entry, and names that entry.
    fn slips(&mut self) -> Result<(), StoreError> {
        let mut find = self.db.prepare(
            "SELECT e.jid, e.seq, e.nid, s.h, s.jws FROM slips s LEFT JOIN entries e ON e.h = s.h ORDER BY s.h",
        )?;
        let mut rows = find.query([])?;
        while let Some(r) = rows.next()? {
            let jid: Option<String> = r.get(0)?;
            let seq = r.get::<_, Option<i64>>(1)?.map_or(0, unsigned);
            let (nid, h): (Option<String>, String) = (r.get(2)?, r.get(3)?);
            let text: String = r.get(4)?;
            let key = Jws::parse(&text, Typ::Slip).ok();
            let key = key.and_then(|jws| self.keys.get(jws.kid()));
            let slip = key.and_then(|known| Slip::open(&text, &known.key).ok());
            if slip.is_none_or(|slip| Some(slip.nid) != nid.map(Into::into) || slip.h != h) {
                self.bad(&jid.unwrap_or_default(), seq, Fault::Slip);
            }
        }
        Ok(())
    }

    /// What a receipt names of a journal of ours has to be here.
    fn named(&mut self, receipt: &Receipt) -> Result<(), StoreError> {
        let mut find = self
            .db
            .prepare_cached("SELECT own, dev FROM journals WHERE jid = ?1")?;
        let mut rows = find.query([&receipt.jid])?;
        let ours = match rows.next()? {
            // A journal that nothing is left of may well have been ours.
            None => true,
            Some(r) => r.get::<_, bool>(0)? || r.get::<_, String>(1)? == self.device.kid(),
        };
        if !ours {
            return Ok(());
        }
        for (seq, h) in [(receipt.seq, &receipt.nh), (receipt.head.seq, &receipt.head.h)] {
            if seq > 0 && place(self.db, &receipt.jid, seq)?.is_none_or(|here| here != *h) {
                self.bad(&receipt.jid, seq, Fault::Removed);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Checks that every projection is what it would be if it were computed now.
    fn check_projections(&mut self) -> Result<(), StoreError> {
        let mut find = self
            .db
            .prepare("SELECT DISTINCT nid FROM entries WHERE nid > ?1 ORDER BY nid LIMIT ?2")?;
        let mut last = String::new();
        loop {
            let rows = find.query_map(params![last, signed(CHUNK)], |r| r.get(0))?;
            let chunk: Vec<String> = rows.collect::<Result<_, _>>()?;
            let Some(end) = chunk.last() else { break };
            end.clone_into(&mut last);
            let mut raw = Vec::with_capacity(chunk.len());
            for nid in chunk {
                let entries = raw_entries(self.db, &nid)?;
                raw.push((nid, entries));
            }
            let projected = shared(raw, |(nid, raw)| {
                let entries: Result<Vec<_>, _> = raw.into_iter().map(|r| r.read(None)).collect();
                // What cannot be read was named among the entries and receipts.
                entries.ok().map(|entries| (project(&nid, &entries), nid))
            });
            for (projected, nid) in projected.into_iter().flatten() {
                if !is_projected(self.db, &nid, projected.as_ref())? {
                    self.bad(&nid, 0, Fault::Projection);
                }
            }
        }
        for differs in [
            // Rows that no entry stands behind.
            "SELECT EXISTS (SELECT 1 FROM notifications p
               WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.n = p.first AND e.nid = p.nid))",
            // Counters.
            "SELECT EXISTS (SELECT 1 FROM
               (SELECT kind, status, count(*) AS found FROM notifications GROUP BY kind, status)
               FULL JOIN (SELECT * FROM totals WHERE count <> 0) AS t USING (kind, status)
               WHERE found IS NOT t.count)",
            // The search knows each notification.
            "SELECT (SELECT count(*) FROM search_docsize) <> (SELECT count(*) FROM notifications)",
            // The outbox holds just what waits.
            "SELECT EXISTS (SELECT 1 FROM entries e JOIN journals j USING (jid) WHERE j.own = 1
               AND (EXISTS (SELECT 1 FROM outbox o WHERE o.n = e.n)
                 = EXISTS (SELECT 1 FROM receipts r WHERE r.nh = e.h)))",
        ] {
            if self.db.query_row(differs, [], |r| r.get::<_, bool>(0))? {
                self.bad("", 0, Fault::Projection);
            }
        }
        Ok(())
    }
}

/// Does something with each of many, on all processors, in their order.
fn shared<T: Send, R: Send>(mut all: Vec<T>, one: impl Fn(T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = all.len().div_ceil(cores).max(64);
    let mut parts = Vec::new();
    while !all.is_empty() {
        let rest = all.split_off(share.min(all.len()));
        parts.push(std::mem::replace(&mut all, rest));
    }
    let one = &one;
    std::thread::scope(|scope| {
        let parts: Vec<_> = parts
            .into_iter()
            .map(|part| scope.spawn(move || part.into_iter().map(one).collect::<Vec<R>>()))
            .collect();
        // A part that panicked must not look like one with nothing to say.
        let joined = parts
            .into_iter()
            .map(|part| part.join().unwrap_or_else(|e| std::panic::resume_unwind(e)));
        joined.flatten().collect()
    })
}

impl Store {
    /// Checks everything. `device` is this device's key; `trust` the verified trust list, if there
    /// is one yet: without it signatures are checked against the keys that are known here, and
    /// receipts are not verified again.
    pub fn verify(&self, device: &PublicKey, trust: Option<&Trust>) -> Result<VerifyReport, StoreError> {
        self.read(|db| {
            let mut check = Check {
                db,
                keys: keys(db, device, trust)?,
                device,
                trust,
                report: VerifyReport::default(),
            };
            check.file()?;
            let mut find = db.prepare("SELECT jid, own FROM journals ORDER BY own DESC, jid")?;
            let journals: Vec<(String, bool)> = find
                .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
                .collect::<Result<_, _>>()?;
            for (jid, own) in journals {
                check.journal(&jid, own)?;
            }
            check.receipts()?;
            check.slips()?;
            check.check_projections()?;
            for lost in self.missing()? {
                check.bad(&lost.jid, lost.after + 1, Fault::Lost);
            }
            Ok(check.report)
        })
    }
}
