//! What surrounds the program: settings, paths, the clock, identifiers, randomness.
//!
//! Deliberately absent: anything about events, keys or networks. Time, identifiers and randomness
//! enter the rest of the program from here as values, so that everything later can be tested
//! without them.

mod clock;
mod limits;
mod lock;
mod memory;
mod private;
mod regular;
mod settings;
mod tries;
mod vault;

use std::path::{Path, PathBuf};

pub use clock::{Clock, ClockEvidence, ClockTrust, FixedClock, SystemClock, system_synced, trust_of};
pub use limits::Limits;
pub use lock::FileLock;
pub use memory::keep_memory_private;
pub use private::{
    create_private_dir, keep_private, others_may_read, private_file, rename_synced, write_as_open_as,
    write_new_private, write_private,
};
pub use regular::open_regular;
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
    /// The folder belongs to another account, or others keep files in it.
    #[error("a folder of others: {0}")]
    ForeignFolder(PathBuf),
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
            EnvError::ForeignFolder(p) => path("env-foreign-folder", p),
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

    /// What was signed last, outside the database: it makes an older copy in its place visible.
    pub fn witness(&self) -> PathBuf {
        self.dir.join("ogoh.witness")
    }

    /// Tightens the folder and what lies in it: a copy, or an older version, may have left it open.
    pub fn keep_private(&self) {
        let database = self.database();
        let companion = |end: &str| PathBuf::from(format!("{}{end}", database.display()));
        for path in [
            self.dir.clone(),
            companion("-wal"),
            companion("-shm"),
            self.database(),
            self.device_key(),
            self.next_device_key(),
            self.database_key(),
            self.open_lock(),
            self.witness(),
            self.settings(),
            self.push_lock(),
        ] {
            keep_private(&path);
        }
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
