//! The registry of a history: how it is copied and put back, and what is in its book.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ogoh::portal;
use ogoh::seal::{Entry, Jws, Typ};

use super::model::Row;
use crate::country::Country;
use crate::support::copied;

const SECRET: &str = "AGE-SECRET-KEY-1AA0UYQVNJKRV4GDT8PPC9MYXTL98T79A8KHC96JR2MKD3MK5DR5SAG89UF";
const PUBLIC: &str = "age1prtg5gt8dgx0a0wlg3hf5pu5nc87kazyhf234radyq003quet9eqswn6u7";

/// How a copy is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyBy {
    /// Somebody copies the folders of a portal that stands still.
    Hand,
    /// `ogoh portal backup`, while it serves.
    Backup,
    /// `ogoh portal archive`, of which there is one.
    Archive,
}

/// A copy of the registry.
pub struct BookCopy {
    at: PathBuf,
    pub by: CopyBy,
    /// What its witness would say.
    pub stand: Stand,
    /// Entries in the book at that moment.
    entries: usize,
}

/// How far a book has come, as its witness knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Stand {
    pub epoch: u32,
    trust_lists: usize,
    /// Registration numbers that were given or passed over.
    numbers: i64,
}

/// How far a book has come.
pub fn stand(dir: &Path) -> Stand {
    let numbers = "SELECT coalesce(sum(last), 0) FROM number";
    Stand {
        epoch: epoch(dir),
        trust_lists: trust_lists(dir),
        numbers: book(dir).query_row(numbers, [], |row| row.get(0)).unwrap(),
    }
}

/// What is done with the witness when a copy is put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WitnessIs {
    Kept,
    PutBackToo,
    Gone,
}

/// Makes a copy; one of an archive takes the place of the one before.
pub fn copy_book(country: &mut Country, by: CopyBy, n: usize) -> BookCopy {
    let dir = country.portal_dir();
    let (stand, entries) = (stand(&dir), count(&dir));
    let recipients = [PUBLIC.to_owned()];
    let at = match by {
        CopyBy::Hand => country.dir.path().join(format!("copy-{n}")),
        CopyBy::Backup => country.dir.path().join(format!("copy-{n}.age")),
        CopyBy::Archive => country.dir.path().join("archive"),
    };
    match by {
        CopyBy::Hand => {
            country.stop();
            for name in ["portal", "portal-witness"] {
                files(&country.dir.path().join(name), &at.join(name));
            }
            country.start();
        }
        CopyBy::Backup => {
            portal::backup(&dir, Some(&at), &recipients, &country.clock).unwrap();
        }
        CopyBy::Archive => {
            portal::archive(&dir, &at, &recipients, true, &country.clock, &mut |_| {}).unwrap();
        }
    }
    BookCopy {
        at,
        by,
        stand,
        entries,
    }
}

/// Copies the files of a folder: what restores set aside lies in folders of their own.
fn files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}

/// Puts a copy back as it was made: by hand, or by `ogoh portal restore`, where `emptied` into an empty folder.
pub fn put_book_back(country: &mut Country, copy: &BookCopy, witness: WitnessIs, emptied: bool) {
    country.stop();
    let (dir, of_witness) = (country.portal_dir(), country.dir.path().join("portal-witness"));
    if witness == WitnessIs::Gone {
        std::fs::remove_dir_all(&of_witness).unwrap();
    }
    if copy.by == CopyBy::Hand || emptied {
        std::fs::remove_dir_all(&dir).unwrap();
    }
    match copy.by {
        CopyBy::Hand => copied(&copy.at.join("portal"), &dir),
        CopyBy::Backup | CopyBy::Archive => {
            portal::restore(&dir, &copy.at, SECRET, &country.clock).unwrap();
        }
    }
    if witness == WitnessIs::PutBackToo {
        std::fs::remove_dir_all(&of_witness).unwrap();
        copied(&copy.at.join("portal-witness"), &of_witness);
    }
    assert_eq!(count(&dir), copy.entries, "what was in the book is in its copy");
    country.start();
}

pub fn book(dir: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(dir.join("portal.db")).unwrap()
}

pub fn epoch(dir: &Path) -> u32 {
    let highest = "SELECT max(epoch) FROM epoch";
    book(dir).query_row(highest, [], |row| row.get(0)).unwrap()
}

/// How many trust lists a book has.
pub fn trust_lists(dir: &Path) -> usize {
    let count = "SELECT count(*) FROM trust";
    let all: i64 = book(dir).query_row(count, [], |row| row.get(0)).unwrap();
    usize::try_from(all).unwrap()
}

/// How many entries a book has.
pub fn count(dir: &Path) -> usize {
    let all: i64 = book(dir)
        .query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
        .unwrap();
    usize::try_from(all).unwrap()
}

/// Entries of a book, by their hashes.
pub fn entries(dir: &Path) -> BTreeMap<String, Entry> {
    let book = book(dir);
    let mut find = book.prepare("SELECT h, jws FROM entry").unwrap();
    let rows = find.query_map([], |r| Ok((r.get(0)?, r.get::<_, String>(1)?)));
    let read = |(h, text): (String, String)| {
        let jws = Jws::parse(&text, Typ::Entry).unwrap();
        (h, serde_json::from_value(jws.payload().clone()).unwrap())
    };
    rows.unwrap().map(Result::unwrap).map(read).collect()
}

/// Births as a book has them.
pub fn rows(dir: &Path) -> BTreeMap<String, Row> {
    let book = book(dir);
    let mut find = book
        .prepare("SELECT nid, status, reg_no, hold, h, effective FROM notification")
        .unwrap();
    let rows = find.query_map([], |r| {
        let row = Row {
            status: r.get(1)?,
            reg_no: r.get(2)?,
            hold: r.get(3)?,
            h: r.get(4)?,
            effective: r.get(5)?,
        };
        Ok((r.get(0)?, row))
    });
    rows.unwrap().map(Result::unwrap).collect()
}
