//! Key of an encrypted database, and where it lies.
//!
//! systemd hands a sealed key over in a folder of the process (`LoadCredentialEncrypted=`,
//! `$CREDENTIALS_DIRECTORY`); without one it is a file beside the database that only its owner reads.
//! What each protects from stands in the README.
//!
//! Deliberately absent: a key derived from somebody's passphrase. The program that pushes works at
//! night with nobody logged in.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{EnvError, Paths, random, write_private};

/// Name of the credential.
pub const CREDENTIAL: &str = "ogoh-database-key";
/// Bytes of a key.
const BYTES: usize = 32;

/// A key of 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseKey(Zeroizing<String>);

/// Where a key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptIn {
    /// Handed over by systemd.
    Credential,
    /// `database.key`.
    File,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseKey")
    }
}

impl DatabaseKey {
    /// A new key.
    pub fn generate() -> Result<DatabaseKey, EnvError> {
        let bytes = Zeroizing::new(random::<BYTES>()?);
        let hex = bytes.iter().map(|b| format!("{b:02x}"));
        Ok(DatabaseKey(Zeroizing::new(hex.collect())))
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_text(text: &str) -> Option<DatabaseKey> {
        let hex = text.trim();
        let whole = hex.len() == 2 * BYTES && hex.bytes().all(|b| b.is_ascii_hexdigit());
        whole.then(|| DatabaseKey(Zeroizing::new(hex.to_ascii_lowercase())))
    }

    /// 64 hexadecimal digits.
    pub fn hex(&self) -> &str {
        &self.0
    }

    /// The key of this device's database, where it has one.
    ///
    /// # Errors
    /// [`EnvError::DatabaseKey`]: there is a file, and no key can be read from it.
    pub fn find(paths: &Paths) -> Result<Option<(DatabaseKey, KeptIn)>, EnvError> {
        let sealed = std::env::var_os("CREDENTIALS_DIRECTORY");
        let sealed = sealed.map(|dir| (PathBuf::from(dir).join(CREDENTIAL), KeptIn::Credential));
        let places = sealed.into_iter().chain([(paths.database_key(), KeptIn::File)]);
        for (path, kept) in places {
            if let Some(key) = DatabaseKey::read(&path)? {
                return Ok(Some((key, kept)));
            }
        }
        Ok(None)
    }

    /// Reads a key file; none where there is no such file.
    pub fn read(path: &std::path::Path) -> Result<Option<DatabaseKey>, EnvError> {
        let bad = |what: String| EnvError::DatabaseKey(path.to_owned(), what);
        match std::fs::read_to_string(path).map(Zeroizing::new) {
            Ok(text) => match DatabaseKey::from_text(&text) {
                Some(key) => Ok(Some(key)),
                None => Err(bad("64 hexadecimal digits are expected".to_owned())),
            },
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(bad(e.to_string())),
        }
    }

    /// The key of this device's database; made and kept in a file where there is none.
    pub fn find_or_make(paths: &Paths) -> Result<DatabaseKey, EnvError> {
        if let Some((key, _)) = DatabaseKey::find(paths)? {
            return Ok(key);
        }
        let key = DatabaseKey::generate()?;
        write_private(&paths.database_key(), format!("{}\n", key.hex()).as_bytes())?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_a_damaged_one_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths::new(dir.path());
        assert_eq!(DatabaseKey::find(&paths).unwrap(), None);
        let key = DatabaseKey::find_or_make(&paths).unwrap();
        assert_eq!(key.hex().len(), 64);
        assert_eq!(DatabaseKey::find_or_make(&paths).unwrap(), key);
        assert_eq!(
            DatabaseKey::find(&paths).unwrap(),
            Some((key.clone(), KeptIn::File))
        );
        assert_ne!(DatabaseKey::generate().unwrap(), key);
        assert!(!super::super::others_may_read(&paths.database_key()));
        assert_eq!(format!("{key:?}"), "DatabaseKey");
        for torn in ["", "ab", &"g".repeat(64), &"a".repeat(65)] {
            std::fs::write(paths.database_key(), torn).unwrap();
            assert!(
                matches!(DatabaseKey::find(&paths), Err(EnvError::DatabaseKey(..))),
                "{torn}"
            );
        }
    }
}
