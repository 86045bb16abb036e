//! What surrounds the program: settings, paths, the clock, identifiers, randomness.
//!
//! Deliberately absent: anything about events, keys or networks. Time, identifiers and randomness
//! enter the rest of the program from here as values, so that everything later can be tested
//! without them.

mod clock;
mod limits;
mod memory;
mod settings;
mod tries;
mod vault;

use std::path::{Path, PathBuf};

pub use clock::{Clock, ClockEvidence, ClockTrust, FixedClock, SystemClock, system_synced, trust_of};
pub use limits::Limits;
pub use memory::keep_memory_private;
pub use settings::{Facility, Kdf, Policy, PortalAt, Role, Settings};
pub use tries::wait_after;
pub use vault::{CREDENTIAL, DatabaseKey, KeptIn};

use crate::lang::{Explain, Msg};

/// What can go wrong around the program.
#[derive(Debug, thiserror::Error)]
pub enum EnvError {
    /// The settings file cannot be read.
    #[error("settings unreadable: {0}")]
    SettingsUnreadable(PathBuf, #[source] std::io::Error),
    /// The settings file is not what it should be.
    #[error("settings wrong: {0}: {1}")]
    SettingsWrong(PathBuf, String),
    /// There are no settings: the device was never set up.
    #[error("no settings at {0}")]
    NotSetUp(PathBuf),
    /// A file or folder cannot be written.
    #[error("cannot write {0}")]
    Unwritable(PathBuf, #[source] std::io::Error),
    /// A file that should hold the key of the database does not.
    #[error("database key: {0}: {1}")]
    DatabaseKey(PathBuf, String),
    /// The operating system gives no randomness.
    #[error("no randomness")]
    NoRandomness,
    /// Neither `--data-dir` nor a home folder.
    #[error("no data folder")]
    NoHome,
}

impl Explain for EnvError {
    fn msg(&self) -> Msg {
        let path = |id: &'static str, p: &Path| Msg::new(id).with("path", p.display().to_string());
        match self {
            EnvError::SettingsUnreadable(p, e) => {
                path("env-settings-unreadable", p).with("what", e.to_string())
            }
            EnvError::SettingsWrong(p, what) => path("env-settings-wrong", p).with("what", what.as_str()),
            EnvError::NotSetUp(p) => path("env-not-set-up", p),
            EnvError::Unwritable(p, e) => path("env-unwritable", p).with("what", e.to_string()),
            EnvError::DatabaseKey(p, what) => path("env-database-key", p).with("what", what.as_str()),
            EnvError::NoRandomness => Msg::new("env-no-randomness"),
            EnvError::NoHome => Msg::new("env-no-home"),
        }
    }
}

/// Where a device keeps its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    dir: PathBuf,
}

impl Paths {
    /// Everything lies in one folder.
    pub fn new(dir: impl Into<PathBuf>) -> Paths {
        Paths { dir: dir.into() }
    }

    /// `--data-dir`, else `OGOH_DATA_DIR`, else the user's data folder.
    pub fn find(given: Option<PathBuf>) -> Result<Paths, EnvError> {
        use etcetera::BaseStrategy;
        if let Some(dir) = given.or_else(|| std::env::var_os("OGOH_DATA_DIR").map(PathBuf::from)) {
            return Ok(Paths::new(dir));
        }
        let base = etcetera::choose_base_strategy().map_err(|_| EnvError::NoHome)?;
        Ok(Paths::new(base.data_dir().join("ogoh")))
    }

    /// The folder itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The ward's database.
    pub fn database(&self) -> PathBuf {
        self.dir.join("ogoh.db")
    }

    /// The device's secret key, 0600, beside the database and never in a backup.
    pub fn device_key(&self) -> PathBuf {
        self.dir.join("device.key")
    }

    /// The device's next secret key, until the registry believes it.
    pub fn next_device_key(&self) -> PathBuf {
        self.dir.join("device.key.next")
    }

    /// Key of an encrypted database, 0600, where systemd does not hand it over; never in a backup.
    pub fn database_key(&self) -> PathBuf {
        self.dir.join("database.key")
    }

    /// Lock of everybody who has the database open.
    pub fn open_lock(&self) -> PathBuf {
        self.dir.join("open.lock")
    }

    /// Settings.
    pub fn settings(&self) -> PathBuf {
        self.dir.join("ogoh.toml")
    }

    /// Lock of the process that pushes.
    pub fn push_lock(&self) -> PathBuf {
        self.dir.join("push.lock")
    }
}

/// Bytes from the operating system's generator.
pub fn random<const N: usize>() -> Result<[u8; N], EnvError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| EnvError::NoRandomness)?;
    Ok(bytes)
}

/// A new identifier: UUIDv7 (RFC 9562) as text. Its time is never read; order comes from `seq`.
pub fn new_uuid() -> String {
    uuid::Uuid::now_v7().hyphenated().to_string()
}

/// Creates a folder that only its owner can read, where the system knows such a thing.
pub fn create_private_dir(dir: &Path) -> Result<(), EnvError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(dir)
        .map_err(|e| EnvError::Unwritable(dir.to_owned(), e))
}

/// Whether other accounts of this machine may read a file or enter a folder; where the system has no
/// such bits, its own rules decide and nothing is said against it.
pub fn others_may_read(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Writes a file that only its owner can read: beside it first, then renamed over it.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), EnvError> {
    use std::io::Write;
    let fail = |e| EnvError::Unwritable(path.to_owned(), e);
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&beside).map_err(fail)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(fail)?;
    drop(file);
    std::fs::rename(&beside, path).map_err(fail)?;
    sync_dir_of(path);
    Ok(())
}

/// Brings a rename in the folder of a file to the disk, so that it survives a power cut; folders can be
/// synced only where they open.
pub fn sync_dir_of(path: &Path) {
    if let Some(dir) = path.parent().and_then(|d| std::fs::File::open(d).ok()) {
        let _ = dir.sync_all();
    }
}
