//! A second witness of what was signed: the head of each own journal in a file of its own, beside the
//! database and not in it.
//!
//! An older copy of the database that somebody put back, a log that was deleted with entries that were
//! never sent, a tail that was cut off: each is sound in itself, and the witness knows of more. It is
//! written and brought to the disk after the COMMIT, so it never knows of what the database does not
//! have by the disk's word. It holds no personal data. Where it cannot be written nothing is refused: it
//! says less then, and the next entry writes it again.
//!
//! Deliberately absent: the entries themselves; and any proof against a copy of the whole folder, which
//! only the registry's receipts give.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::convert::unsigned;
use super::journal::{self, BEHIND};
use super::receipts::place;
use super::{Store, StoreError};
use crate::env::write_private;
use crate::lang::Msg;

/// First line of the file. FROZEN.
const FIRST_LINE: &str = "ogoh-witness 1";

/// The head of a journal as the witness has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    seq: u64,
    h: String,
    /// Entries of the journal that were without a receipt then.
    unsent: u64,
}

/// Entries that were signed on this device and are not in its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Their journal.
    pub jid: String,
    /// Place of the last entry before them that is here; 0 where there is none.
    pub after: u64,
    /// Place of the last of them.
    pub seq: u64,
    /// How many of them, at the most, the registry never got.
    pub unsent: u64,
}

impl Missing {
    /// What is missing, for a person.
    pub fn msg(&self) -> Msg {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        Msg::new("store-missing")
            .with("n", number(self.seq - self.after))
            .with("jid", self.jid.as_str())
            .with("after", self.after.to_string())
            .with("unsent", number(self.unsent))
    }
}

type Heads = BTreeMap<String, Head>;

/// Reads the file; none where there is none that can be read.
fn read(path: &Path) -> Option<Heads> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut lines = text.lines();
    if lines.next() != Some(FIRST_LINE) {
        return None;
    }
    let line = |line: &str| {
        let mut words = line.split(' ');
        let (jid, seq, h) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
        let unsent = words.next()?.parse().ok()?;
        let h = h.to_owned();
        Some((jid.to_owned(), Head { seq, h, unsent }))
    };
    Some(lines.filter_map(line).collect())
}

/// The heads of the own journals of a database.
fn heads(db: &Connection) -> Result<Heads, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT e.jid, e.seq, e.h,
           (SELECT count(*) FROM outbox JOIN entries o USING (n) WHERE o.jid = e.jid)
         FROM journals j JOIN entries e ON e.jid = j.jid
           AND e.seq = (SELECT max(seq) FROM entries m WHERE m.jid = j.jid)
         WHERE j.own = 1",
    )?;
    let rows = find.query_map([], |r| {
        let (seq, unsent) = (unsigned(r.get(1)?), unsigned(r.get(3)?));
        Ok((
            r.get(0)?,
            Head {
                seq,
                h: r.get(2)?,
                unsent,
            },
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What of the witness a database lacks.
fn lacking(db: &Connection, witnessed: &Heads) -> Result<Vec<Missing>, StoreError> {
    let mut missing = Vec::new();
    for (jid, head) in witnessed {
        if place(db, jid, head.seq)?.is_some_and(|h| h == head.h) {
            continue;
        }
        // Another entry at that place: at least the one that stood there is missing.
        let after = journal::head(db, jid)?.0.min(head.seq.saturating_sub(1));
        missing.push(Missing {
            jid: jid.clone(),
            after,
            seq: head.seq,
            unsent: head.unsent.min(head.seq - after),
        });
    }
    Ok(missing)
}

/// Writes the heads of a database down; what it lacks stays as it was witnessed, unless `all` is given up.
fn write_down(db: &Connection, path: &Path, all: bool) -> Result<(), StoreError> {
    let before = read(path);
    let mut now = heads(db)?;
    let kept = before.clone().filter(|_| !all).unwrap_or_default();
    for lost in lacking(db, &kept)? {
        if let Some(head) = kept.get(&lost.jid) {
            now.insert(lost.jid, head.clone());
        }
    }
    if before.clone().unwrap_or_default() == now {
        return Ok(());
    }
    let mut text = format!("{FIRST_LINE}\n");
    for (jid, Head { seq, h, unsent }) in &now {
        text.push_str(&format!("{jid} {seq} {h} {unsent}\n"));
    }
    Ok(write_private(path, text.as_bytes())?)
}

impl Store {
    /// Opens the witness of a device's database. A database that lacks what the witness knows of was set
    /// back: nothing more is written to a journal of which something is missing.
    pub(super) fn open_witness(&mut self, path: PathBuf) -> Result<(), StoreError> {
        let known = read(&path);
        self.witness = Some(path);
        let Some(known) = known else {
            self.witness_heads();
            return Ok(());
        };
        let missing = lacking(&self.db, &known)?;
        let mut in_use = self
            .db
            .prepare_cached("SELECT 1 FROM journals WHERE jid = ?1 AND left_for IS NULL")?;
        let mut left = Vec::new();
        for lost in missing {
            if in_use.exists(params![lost.jid])? {
                left.push(lost.jid);
            }
        }
        drop(in_use);
        if !left.is_empty() {
            self.write(|db| left.iter().try_for_each(|jid| journal::leave(db, jid, BEHIND)))?;
        }
        Ok(())
    }

    /// Writes down what was signed up to now. What is saved is saved, whatever comes of this.
    pub(super) fn witness_heads(&mut self) {
        let Some(path) = self.witness.clone() else {
            return;
        };
        // Under the lock of the database: of two programs the later one writes what both of them signed.
        let _ = self.write(|db| write_down(db, &path, false));
    }

    /// What was signed on this device and is not in its database.
    pub fn missing(&self) -> Result<Vec<Missing>, StoreError> {
        let known = self.witness.as_deref().and_then(read);
        lacking(&self.db, &known.unwrap_or_default())
    }

    /// Gives up what is missing: somebody said that it is lost for good.
    pub fn give_up_missing(&mut self, witness: &Path) -> Result<(), StoreError> {
        self.write(|db| write_down(db, witness, true))
    }

    /// What a database that is to take the place of the device's would lack of what was signed here; none
    /// where there is no witness.
    pub fn lacking_of(&self, witness: &Path) -> Result<Option<Vec<Missing>>, StoreError> {
        read(witness).map(|known| lacking(&self.db, &known)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_none_of_ours_says_nothing_and_a_cut_line_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ogoh.witness");
        assert_eq!(read(&path), None);
        for (text, lines) in [
            ("", None),
            ("something else\n", None),
            ("ogoh-witness 2\nj 1 h 0\n", None),
            ("ogoh-witness 1\n", Some(0)),
            ("ogoh-witness 1\nj 1 h 0\nk 2 h", Some(1)),
            ("ogoh-witness 1\nj x h 0\nk 2 h 1\n", Some(1)),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read(&path).map(|heads| heads.len()), lines, "{text}");
        }
    }
}
