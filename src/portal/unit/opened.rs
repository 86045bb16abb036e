//! A portal's folder, opened for a command beside a running portal.

use std::path::Path;

use super::keyring::Keyring;
use crate::portal::book::Book;
use crate::portal::book::database::Database;
use crate::portal::files::Files;
use crate::portal::secrets;
use crate::portal::witness::{Stand, Witness};
use crate::portal::{PortalError, PortalSettings};
use crate::seal::{PublicKey, RestKey};

/// A portal's folder, opened for a command.
pub(in crate::portal) struct Opened {
    pub files: Files,
    pub book: Book,
    root: PublicKey,
}

impl Opened {
    pub fn at(dir: &Path) -> Result<Opened, PortalError> {
        let files = Files(dir.to_owned());
        let settings = files.load()?;
        Ok(Opened {
            book: Database::of(files.database(), &settings, None).open()?,
            root: files.root()?,
            files,
        })
    }

    /// The key under which the secrets of the book are sealed.
    pub fn secrets(&mut self) -> Result<RestKey, PortalError> {
        secrets::unlock(&self.files, &mut self.book)
    }

    /// The witness of the book.
    pub fn witness(&self, settings: &PortalSettings) -> Result<Witness, PortalError> {
        Witness::open(&self.files.0, settings, self.root.kid())
    }

    /// Notes in the witness how far the book has come.
    pub fn note_stand(&mut self) -> Result<(), PortalError> {
        let settings = self.files.load()?;
        let stand = self.book.read(Stand::of)?;
        self.witness(&settings)?.note(&stand)
    }

    pub fn keyring(&mut self) -> Result<Keyring, PortalError> {
        Ok(self.book.read(|tx| Keyring::load(tx, &self.root))?)
    }
}
