//! What another database of the same device holds and this one lacks: nothing that was signed is lost when
//! a backup takes its place.
//!
//! Taken over are entries with their journals, receipts, slips and keys; people and drafts; and trust lists
//! that follow those that are here. What of the other one cannot be read is passed over and told. A receipt that
//! does not verify is none: its entry is sent again.

use rusqlite::types::Value;
use rusqlite::{Connection, Params, Row, params, params_from_iter};

use super::convert::signed;
use super::receipts::{keep_receipt, place};
use super::{Store, StoreError};
use crate::seal::{Entry, Jws, PublicKey, Receipt, Trust, Typ, hash};

/// What was taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Signed entries.
    pub entries: usize,
    /// Of these, own ones without a receipt: they wait for delivery.
    pub unsent: usize,
    /// Drafts, also those on which somebody went on working.
    pub drafts: usize,
    /// Own entries without a receipt that could not be taken over: their place has another entry here.
    pub left: usize,
    /// Whether something could not be read.
    pub unread: bool,
}

impl std::ops::AddAssign for Carried {
    fn add_assign(&mut self, other: Carried) {
        self.entries += other.entries;
        self.unsent += other.unsent;
        self.drafts += other.drafts;
        self.left += other.left;
        self.unread |= other.unread;
    }
}

/// The values of a row.
type Values = Vec<Value>;

/// Rows that can be read, and whether these are all.
fn rows<T>(
    db: &Connection,
    sql: &str,
    with: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> (Vec<T>, bool) {
    let mut out = Vec::new();
    let whole = db.prepare(sql).and_then(|mut find| {
        for row in find.query_map(with, read)? {
            out.push(row?);
        }
        Ok(())
    });
    (out, whole.is_ok())
}

/// Copies rows of a table that are not here yet.
fn copy(from: &Connection, to: &Connection, select: &str, insert: &str) -> Result<bool, StoreError> {
    let mut put = to.prepare(insert)?;
    let columns = put.parameter_count();
    let (all, whole) = rows(from, select, [], |r| {
        (0..columns)
            .map(|i| r.get(i))
            .collect::<rusqlite::Result<Values>>()
    });
    for row in all {
        put.execute(params_from_iter(row))?;
    }
    Ok(whole)
}

/// A row of `entries`, as another database has it.
struct Other {
    jid: String,
    seq: i64,
    id: String,
    h: String,
    jws: Option<String>,
    all: Values,
}

fn other(r: &Row<'_>) -> rusqlite::Result<Other> {
    Ok(Other {
        jid: r.get(0)?,
        seq: r.get(1)?,
        id: r.get(2)?,
        h: r.get(3)?,
        jws: r.get(9)?,
        all: (0..10).map(|i| r.get(i)).collect::<rusqlite::Result<_>>()?,
    })
}

/// Entries that are read at a time.
const PAGE: usize = 500;

const ENTRY: &str = "jid, seq, id, h, prev, t, nid, rev, rec, jws";

impl Other {
    /// Whether the text is the one that was signed under this hash.
    fn is_whole(&self) -> bool {
        self.jws.as_ref().is_none_or(|text| {
            hash(text) == self.h
                && Jws::parse(text, Typ::Entry).is_ok_and(|jws| Entry::from_jws(&jws).is_ok())
        })
    }
}

impl Store {
    /// Takes over what another database of this facility holds and this one lacks. Lists and statuses are drawn
    /// anew by [`Store::rebuild`] once everything was taken over. `root` is the key that signs the first trust list.
    pub fn carry_over(
        &mut self,
        from: &Store,
        facility: &str,
        root: &PublicKey,
    ) -> Result<Carried, StoreError> {
        let mut carried = Carried::default();
        let (own, read) = rows(
            &from.db,
            "SELECT DISTINCT fac FROM journals WHERE own = 1",
            [],
            |r| r.get::<_, String>(0),
        );
        carried.unread |= !read;
        // Another facility's people would sign here in that one's name.
        if !own.is_empty() && !own.iter().any(|fac| fac == facility) {
            return Ok(carried);
        }
        let from = &from.db;
        self.write(|db| {
            journals(from, db, facility, &mut carried)?;
            let mut whole = trust(from, db)?;
            // By them it is known of an entry whether it was sent.
            whole &= receipts(from, db, root)?;
            entries(from, db, facility, &mut carried)?;
            whole &= papers(from, db)?;
            whole &= people(from, db, !own.is_empty())?;
            whole &= drafts(from, db, &mut carried)?;
            carried.unread |= !whole;
            Ok(())
        })?;
        Ok(carried)
    }
}

fn journals(
    from: &Connection,
    to: &Connection,
    facility: &str,
    carried: &mut Carried,
) -> Result<(), StoreError> {
    let (all, whole) = rows(
        from,
        "SELECT jid, own, fac, dev, continues, coalesce(left_for, 'restored') FROM journals WHERE fac = ?1",
        [facility],
        |r| (0..6).map(|i| r.get(i)).collect::<rusqlite::Result<Values>>(),
    );
    carried.unread |= !whole;
    // One that was written here waits here for delivery, even where the backup knows it as another's.
    let mut put = to.prepare(
        "INSERT INTO journals VALUES (?1, ?2, ?3, ?4, ?5, iif(?2 = 1, ?6, NULL))
         ON CONFLICT DO UPDATE SET own = max(own, excluded.own), continues = coalesce(continues, excluded.continues),
           left_for = coalesce(left_for, excluded.left_for)",
    )?;
    for row in all {
        put.execute(params_from_iter(row))?;
    }
    Ok(())
}

fn entries(
    from: &Connection,
    to: &Connection,
    facility: &str,
    carried: &mut Carried,
) -> Result<(), StoreError> {
    let page = |sql: &str, n: i64| {
        let sql = format!(
            "SELECT {ENTRY}, n FROM entries JOIN journals USING (jid) WHERE fac = ?1 AND {sql} LIMIT ?3"
        );
        rows(from, &sql, params![facility, n, signed(PAGE)], |r| {
            Ok((other(r)?, r.get::<_, i64>(10)?))
        })
    };
    let mut n = i64::MIN;
    loop {
        let (found, whole) = page("n > ?2 ORDER BY n", n);
        let last = found.last().map(|(_, n)| *n);
        for (entry, _) in found {
            keep(to, &entry, carried)?;
        }
        match last {
            _ if !whole => break,
            Some(last) => n = last,
            None => return Ok(()),
        }
    }
    carried.unread = true;
    // Behind a page that cannot be read lie the newest, which nobody else may have.
    let (found, _) = page("n > ?2 ORDER BY n DESC", n);
    for (entry, _) in found.into_iter().rev() {
        keep(to, &entry, carried)?;
    }
    Ok(())
}

/// Keeps an entry that is not here, unless its place is taken.
fn keep(to: &Connection, entry: &Other, carried: &mut Carried) -> Result<(), StoreError> {
    if to
        .prepare_cached("SELECT 1 FROM entries WHERE h = ?1")?
        .exists([&entry.h])?
    {
        return Ok(());
    }
    if !entry.is_whole() {
        carried.unread = true;
        return Ok(());
    }
    let own = to
        .prepare_cached("SELECT 1 FROM journals WHERE jid = ?1 AND own = 1")?
        .exists([&entry.jid])?;
    let receipted = "SELECT 1 FROM receipts WHERE nh = ?1";
    // A receipt that cannot be read is none: the same bytes may be sent twice.
    let unsent = own && !to.prepare_cached(receipted)?.exists([&entry.h])?;
    let taken = place(to, &entry.jid, super::convert::unsigned(entry.seq))?.is_some()
        || to
            .prepare_cached("SELECT 1 FROM entries WHERE id = ?1")?
            .exists([&entry.id])?;
    if taken {
        carried.left += usize::from(unsent);
        return Ok(());
    }
    to.prepare_cached(&format!(
        "INSERT INTO entries ({ENTRY}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    ))?
    .execute(params_from_iter(&entry.all))?;
    carried.entries += 1;
    carried.unsent += usize::from(unsent);
    Ok(())
}

/// Receipts that verify by the trust lists that are here now.
fn receipts(from: &Connection, to: &Connection, root: &PublicKey) -> Result<bool, StoreError> {
    let (lists, _) = rows(to, "SELECT jws FROM trust ORDER BY number", [], |r| {
        r.get::<_, String>(0)
    });
    // Without a list that verifies the device believes no receipt.
    let Ok(trust) = Trust::open_chain(lists.iter().map(String::as_str), root) else {
        return Ok(true);
    };
    let (all, whole) = rows(from, "SELECT jws FROM receipts ORDER BY r", [], |r| {
        r.get::<_, String>(0)
    });
    for jws in all {
        if let Ok(receipt) = Receipt::open(&jws, &trust) {
            keep_receipt(to, &receipt, &jws)?;
        }
    }
    Ok(whole)
}

/// Public keys, what families' papers say, what was left to the registry, and files that were taken as drafts.
fn papers(from: &Connection, to: &Connection) -> Result<bool, StoreError> {
    let mut whole = true;
    for (select, insert) in [
        (
            "SELECT kid, x, login, role FROM keys",
            "INSERT OR IGNORE INTO keys VALUES (?1, ?2, ?3, ?4)",
        ),
        (
            "SELECT h, jws FROM slips",
            "INSERT OR IGNORE INTO slips SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM entries WHERE h = ?1)",
        ),
        (
            "SELECT nid, since, by FROM left_to_registry",
            "INSERT OR IGNORE INTO left_to_registry VALUES (?1, ?2, ?3)",
        ),
        (
            "SELECT key, value FROM meta WHERE key LIKE 'inbox %'",
            "INSERT OR IGNORE INTO meta VALUES (?1, ?2)",
        ),
    ] {
        whole &= copy(from, to, select, insert)?;
    }
    Ok(whole)
}

/// People that are not here, and keys that people got since; of a database in which nothing was signed only
/// the former: it was set up a moment ago.
fn people(from: &Connection, to: &Connection, worked: bool) -> Result<bool, StoreError> {
    let select = "SELECT login, name, role, kid, x, key_blob, since, suspended FROM people";
    let insert = "INSERT INTO people VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO ";
    let newer = "UPDATE SET name = excluded.name, role = excluded.role, kid = excluded.kid, x = excluded.x,
           key_blob = excluded.key_blob, since = excluded.since, suspended = excluded.suspended
         WHERE unixepoch(excluded.since) > unixepoch(since)";
    let mut whole = copy(
        from,
        to,
        select,
        &format!("{insert}{}", if worked { newer } else { "NOTHING" }),
    )?;
    // Whoever was suspended under this key stays so.
    whole &= copy(
        from,
        to,
        "SELECT login, kid, suspended FROM people WHERE suspended IS NOT NULL",
        "UPDATE people SET suspended = coalesce(suspended, ?3) WHERE login = ?1 AND kid = ?2",
    )?;
    Ok(whole)
}

/// Lists that follow the last one here.
fn trust(from: &Connection, to: &Connection) -> Result<bool, StoreError> {
    let lists = |db| {
        rows(db, "SELECT number, jws FROM trust ORDER BY number", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
    };
    let (theirs, whole): (Vec<(i64, String)>, bool) = lists(from);
    let (ours, _) = lists(to);
    if theirs.starts_with(&ours) {
        for (number, jws) in theirs.get(ours.len()..).unwrap_or_default() {
            to.execute("INSERT INTO trust VALUES (?1, ?2)", params![number, jws])?;
        }
    }
    Ok(whole)
}

/// Drafts that are not here or on which somebody went on working; one that was signed is none any more.
fn drafts(from: &Connection, to: &Connection, carried: &mut Carried) -> Result<bool, StoreError> {
    let columns = "id, json, ready, started, started_by, changed, changed_by, who, doc, set_id, hands";
    let (all, whole) = rows(from, &format!("SELECT {columns} FROM drafts"), [], |r| {
        (0..11).map(|i| r.get(i)).collect::<rusqlite::Result<Values>>()
    });
    let mut put = to.prepare(&format!(
        "INSERT INTO drafts ({columns})
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 WHERE NOT EXISTS (SELECT 1 FROM entries WHERE id = ?1)
         ON CONFLICT (id) DO UPDATE SET json = excluded.json, ready = excluded.ready, changed = excluded.changed,
           changed_by = excluded.changed_by, who = excluded.who, doc = excluded.doc, set_id = excluded.set_id,
           hands = excluded.hands WHERE unixepoch(excluded.changed) > unixepoch(changed)"
    ))?;
    for row in all {
        carried.drafts += put.execute(params_from_iter(row))?;
    }
    to.execute("DELETE FROM drafts WHERE id IN (SELECT id FROM entries)", [])?;
    Ok(whole)
}
