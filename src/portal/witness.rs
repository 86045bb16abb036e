//! The witness: epoch and highest registration numbers of a book, in a small file outside its folder.
//!
//! It is written before the receipts that name the numbers leave, so that a book that somebody put back from a
//! copy shows that it was.
//!
//! Deliberately absent: what is done then. A copy of the whole machine takes the witness along: that stays a limit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::{PortalError, PortalSettings};
use crate::env::{create_private_dir, write_private};

/// The word of the setting that does without.
const NONE: &str = "none";

/// A book of registration numbers: office, year and kind of event.
pub(in crate::portal) type Series = (String, i32, String);

/// What a witness says of a book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::portal) struct Noted {
    /// Version of the file.
    v: u32,
    /// Key of the portal's root.
    book: String,
    /// The epoch; 0 where nothing was noted yet.
    pub epoch: u32,
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

    fn raise(&mut self, epoch: u32, numbers: &[(Series, u64)]) -> bool {
        let mut raised = epoch > self.epoch;
        self.epoch = self.epoch.max(epoch);
        for ((office, year, kind), n) in numbers {
            let last = self.numbers.entry(format!("{office} {year} {kind}")).or_default();
            raised |= n > last;
            *last = (*last).max(*n);
        }
        raised
    }
}

/// The witness of a book, as this process knows it.
pub(in crate::portal) struct Witness {
    path: Option<PathBuf>,
    noted: Mutex<Noted>,
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
                create_private_dir(folder).map_err(|e| unusable(path, e.to_string()))?;
            }
            noted = match std::fs::read(path) {
                Ok(bytes) => {
                    let read: Noted =
                        serde_json::from_slice(&bytes).map_err(|e| unusable(path, e.to_string()))?;
                    Some(read).filter(|noted| noted.book == book)
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
                Err(e) => return Err(unusable(path, e.to_string())),
            };
        }
        let fresh = Noted {
            v: 1,
            book: book.to_owned(),
            ..Noted::default()
        };
        Ok(Witness {
            path,
            noted: Mutex::new(noted.unwrap_or(fresh)),
        })
    }

    /// Where it lies; none where the settings do without.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What it says now.
    pub fn noted(&self) -> Noted {
        self.lock().clone()
    }

    /// Notes what a transaction gave; on the disk when it returns.
    pub fn note(&self, epoch: u32, numbers: &[(Series, u64)]) -> Result<(), PortalError> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut noted = self.lock();
        let mut next = noted.clone();
        if next.raise(epoch, numbers) {
            let text = serde_json::to_vec(&next).unwrap_or_default();
            write_private(path, &text).map_err(|e| PortalError::Witness(path.clone(), e.to_string()))?;
            *noted = next;
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Noted> {
        self.noted
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
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

    #[test]
    fn what_is_noted_reads_back_only_rises_and_is_of_one_book() {
        let dir = tempfile::tempdir().unwrap();
        let portal = dir.path().join("portal");
        let settings = PortalSettings::default();
        let witness = Witness::open(&portal, &settings, "root").unwrap();
        assert_eq!(witness.noted().epoch, 0);
        witness.note(1, &[(series("A"), 7), (series("B"), 2)]).unwrap();
        witness.note(1, &[(series("A"), 5)]).unwrap();
        let again = Witness::open(&portal, &settings, "root").unwrap();
        assert!(
            again
                .path()
                .unwrap()
                .starts_with(dir.path().join("portal-witness"))
        );
        let noted = again.noted();
        assert_eq!((noted.epoch, noted.number("A", 2026, "birth")), (1, 7));
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
        none.note(2, &[(series("A"), 9)]).unwrap();
        assert_eq!(none.path(), None);
    }
}
