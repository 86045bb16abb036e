//! Copies of the registry: the table `[copies]` of `portal.toml`.

use serde::{Deserialize, Serialize};

/// To whom copies are sealed, where they go, and how old they may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Copies {
    /// Public keys, `age1…`, to which a copy is sealed; any one of their secret keys opens it. Those belong
    /// elsewhere.
    pub recipients: Vec<String>,
    /// Folder for copies, on another disk, best on another machine; empty where none is set.
    pub folder: String,
    /// Hours after which there should be a newer copy.
    pub backup_hours: u32,
    /// Days after which a copy should be restored for trial again.
    pub drill_days: u32,
}

impl Default for Copies {
    fn default() -> Self {
        Copies {
            recipients: Vec::new(),
            folder: String::new(),
            backup_hours: 26,
            drill_days: 35,
        }
    }
}
