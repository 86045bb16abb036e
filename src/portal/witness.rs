//! The witness: epoch, newest trust list and highest registration numbers of a book, in a small file outside its
//! folder.
//!
//! It is written before the receipts that name the numbers leave, so that a book that somebody put back from a
//! copy shows that it was.
//!
//! Deliberately absent: what is done then. A copy of the whole machine takes the witness along: that stays a limit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

use super::book::{BookResult, ReadTransaction};
use super::record::NumberSeries as Series;
use super::{PortalError, PortalSettings};
use crate::env::{EnvError, FileLock, create_private_dir, write_private};

/// The word of the setting that does without.
const NONE: &str = "none";

/// What a witness says of a book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::portal) struct Noted {
    /// Version of the file.
    v: u32,
    /// Key of the portal's root.
    book: String,
    /// The epoch; 0 where nothing was noted yet.
    pub epoch: u32,
    /// Number of the newest trust list.
    #[serde(default)]
    pub trust: u64,
    /// The highest numbers: office, year and kind of event with blanks between.
    numbers: BTreeMap<String, u64>,
}

impl Noted {
    /// The highest number of a series; 0 for none.
    pub fn number(&self, office: &str, year: i32, kind: &str) -> u64 {
        let found = self.numbers.get(&format!("{office} {year} {kind}"));
        found.copied().unwrap_or(0)
    }

    /// Every series and its highest number.
    pub fn series(&self) -> impl Iterator<Item = (Series, u64)> {
        self.numbers.iter().filter_map(|(name, n)| {
            let mut parts = name.split(' ');
            let (office, year, kind) = (parts.next()?, parts.next()?, parts.next()?);
            Some(((office.to_owned(), year.parse().ok()?, kind.to_owned()), *n))
        })
    }

    /// Whether a book has come further than what is noted.
    fn is_below(&self, state: &Stand) -> bool {
        let higher = |((office, year, kind), n): &(Series, u64)| *n > self.number(office, *year, kind);
        state.epoch > self.epoch || state.trust > self.trust || state.numbers.iter().any(higher)
    }

    /// Raises what is noted to what a book came to; says whether anything rose.
    pub fn raise(&mut self, state: &Stand) -> bool {
        let raised = self.is_below(state);
        // A later epoch begins with the lists that the book has then.
        self.trust = match state.epoch > self.epoch {
            true => state.trust,
            false => self.trust.max(state.trust),
        };
        self.epoch = self.epoch.max(state.epoch);
        for ((office, year, kind), n) in &state.numbers {
            let last = self.numbers.entry(format!("{office} {year} {kind}")).or_default();
            *last = (*last).max(*n);
        }
        raised
    }
}

/// How far a book has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::portal) struct Stand {
    pub epoch: u32,
    /// Number of the newest trust list.
    pub trust: u64,
    /// Registration numbers: all, or those that a transaction took.
    pub numbers: Vec<(Series, u64)>,
}

impl Stand {
    /// How far a whole book has come.
    pub fn of(tx: &ReadTransaction<'_>) -> BookResult<Stand> {
        Ok(Stand {
            epoch: tx.epoch()?,
            trust: tx.trust_number()?,
            numbers: tx.numbers()?,
        })
    }
}

/// What the system said where a file could not be written.
fn reason(e: &EnvError) -> String {
    std::error::Error::source(e).map_or_else(|| e.to_string(), ToString::to_string)
}

/// The witness of a book, as this process knows it.
pub(in crate::portal) struct Witness {
    path: Option<PathBuf>,
    /// Shared with whoever works by it; another one takes its place.
    noted: Mutex<Arc<Noted>>,
}

impl Witness {
    /// Reads the witness of a portal. `book` is the key of its root: another portal's says nothing.
    ///
    /// # Errors
    /// [`PortalError::Witness`] where its folder cannot be made or the file cannot be read.
    pub fn open(dir: &Path, settings: &PortalSettings, book: &str) -> Result<Witness, PortalError> {
        let path = path(dir, settings);
        let unusable = |path: &Path, why: String| PortalError::Witness(path.to_owned(), why);
        let mut noted = None;
        if let Some(path) = &path {
            if let Some(folder) = path.parent() {
                create_private_dir(folder).map_err(|e| unusable(path, reason(&e)))?;
            }
            noted = read(path, book)?;
        }
        let fresh = Noted {
            v: 1,
            book: book.to_owned(),
            ..Noted::default()
        };
        Ok(Witness {
            path,
            noted: Mutex::new(Arc::new(noted.unwrap_or(fresh))),
        })
    }

    /// Shares it with other processes that go by it, for as long as what this gives is kept.
    pub fn share(&self) -> Option<FileLock> {
        let path = self.path.as_deref()?;
        // Without the lock a restore elsewhere is not kept off; nothing else is amiss.
        FileLock::share(&path.with_extension("in-use")).ok().flatten()
    }

    /// Keeps off whoever would go by it meanwhile.
    ///
    /// # Errors
    /// [`PortalError::InUse`] where a portal goes by it.
    pub fn alone(&self) -> Result<Option<FileLock>, PortalError> {
        let Some(path) = &self.path else { return Ok(None) };
        let path = path.with_extension("in-use");
        let lock = FileLock::alone(&path).map_err(PortalError::io(&path))?;
        lock.map(Some).ok_or(PortalError::InUse)
    }

    /// Where it lies; none where the settings do without.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What it says now.
    pub fn noted(&self) -> Arc<Noted> {
        Arc::clone(&self.lock())
    }

    /// Notes what a transaction gave; on the disk when it returns. What other processes noted meanwhile stays.
    pub fn note(&self, stand: &Stand) -> Result<(), PortalError> {
        let Some(path) = &self.path else { return Ok(()) };
        let unusable = |why: String| PortalError::Witness(path.clone(), why);
        let mut noted = self.lock();
        if !noted.is_below(stand) {
            return Ok(());
        }
        let _alone = FileLock::wait(&path.with_extension("lock")).map_err(|e| unusable(e.to_string()))?;
        let mut next = read(path, &noted.book)?.unwrap_or_else(|| Noted::clone(&noted));
        if next.raise(stand) {
            let text = serde_json::to_vec(&next).unwrap_or_default();
            write_private(path, &text).map_err(|e| unusable(reason(&e)))?;
        }
        *noted = Arc::new(next);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Noted>> {
        self.noted
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Reads the witness of a book; none where there is none, or another portal's.
fn read(path: &Path, book: &str) -> Result<Option<Noted>, PortalError> {
    let unusable = |why: String| PortalError::Witness(path.to_owned(), why);
    match std::fs::read(path) {
        Ok(bytes) => {
            let read: Noted = serde_json::from_slice(&bytes).map_err(|e| unusable(e.to_string()))?;
            Ok(Some(read).filter(|noted| noted.book == book))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(unusable(e.to_string())),
    }
}

/// Where the witness of a portal lies: where the settings say, else in a folder beside the portal's own.
fn path(dir: &Path, settings: &PortalSettings) -> Option<PathBuf> {
    match settings.witness.as_str() {
        NONE => None,
        "" => {
            // A relative folder has a name only once it is whole.
            let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
            let mut beside = whole.into_os_string();
            beside.push("-witness");
            Some(PathBuf::from(beside).join("witness.json"))
        }
        path => Some(PathBuf::from(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(office: &str) -> Series {
        (office.to_owned(), 2026, "birth".to_owned())
    }

    fn stand(epoch: u32, trust: u64, numbers: &[(&str, u64)]) -> Stand {
        Stand {
            epoch,
            trust,
            numbers: numbers.iter().map(|(office, n)| (series(office), *n)).collect(),
        }
    }

    #[test]
    fn processes_that_note_at_once_take_nothing_from_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let portal = dir.path().join("portal");
        let settings = PortalSettings::default();
        let open = || Witness::open(&portal, &settings, "root").unwrap();
        let offices = ["A", "B", "C", "D"];
        std::thread::scope(|scope| {
            for office in offices {
                let witness = open();
                scope.spawn(move || {
                    for n in 1..=25 {
                        witness.note(&stand(1, n, &[(office, n)])).unwrap();
                    }
                });
            }
        });
        let noted = open().noted();
        assert_eq!(noted.trust, 25);
        assert!(
            offices
                .iter()
                .all(|office| noted.number(office, 2026, "birth") == 25),
            "{noted:?}"
        );
    }

    #[test]
    fn what_is_noted_reads_back_only_rises_and_is_of_one_book() {
        let dir = tempfile::tempdir().unwrap();
        let portal = dir.path().join("portal");
        let settings = PortalSettings::default();
        let witness = Witness::open(&portal, &settings, "root").unwrap();
        assert_eq!(witness.noted().epoch, 0);
        witness.note(&stand(1, 4, &[("A", 7), ("B", 2)])).unwrap();
        witness.note(&stand(1, 3, &[("A", 5)])).unwrap();
        let again = Witness::open(&portal, &settings, "root").unwrap();
        assert!(
            again
                .path()
                .unwrap()
                .starts_with(dir.path().join("portal-witness"))
        );
        let noted = again.noted();
        assert_eq!(
            (noted.epoch, noted.trust, noted.number("A", 2026, "birth")),
            (1, 4, 7)
        );
        assert_eq!(
            noted.series().collect::<Vec<_>>(),
            [(series("A"), 7), (series("B"), 2)]
        );
        assert_eq!(
            Witness::open(&portal, &settings, "another")
                .unwrap()
                .noted()
                .epoch,
            0
        );
        again.note(&stand(2, 3, &[])).unwrap();
        assert_eq!(
            again.noted().trust,
            3,
            "a later epoch begins with what the book has"
        );
        // A damaged one is no missing one.
        std::fs::write(again.path().unwrap(), "{").unwrap();
        assert!(matches!(
            Witness::open(&portal, &settings, "root"),
            Err(PortalError::Witness(..))
        ));
        let without = PortalSettings {
            witness: NONE.to_owned(),
            ..settings
        };
        let none = Witness::open(&portal, &without, "root").unwrap();
        none.note(&stand(2, 1, &[("A", 9)])).unwrap();
        assert_eq!(none.path(), None);
    }
}
