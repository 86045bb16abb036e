//! The registry's side: intake, decision, desk, the ministry's page, over one [`book::Book`].
//!
//! An entry is stored first (`intake`) and decided afterwards (`decide`), both within the
//! transaction of its delivery; receipts are numbered and signed last, so that their numbers are
//! gapless in commit order. Everything is synchronous; axum lives only in `http`.
//!
//! One folder holds a portal: `portal.db`, `portal.toml`, `trust.key`, `receipt.key`,
//! `desk.token`, and `root.key`, which belongs on a medium that is locked away. The commands work
//! beside a running portal: they share its database.
//!
//! Deliberately absent: user accounts of registrars (the desk answers on the loopback interface
//! only), certificates handed to families, and any deletion.

mod error;
mod keys;
mod settings;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

pub use error::PortalError;
pub use settings::{Auto, PortalSettings};

use crate::env::Clock;

/// What a new portal's wards need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initialised {
    /// The offline root key, base64url of its 32 bytes: `portal.root_key` of a ward's settings.
    pub root_key: String,
    /// Its RFC 7638 thumbprint.
    pub root_kid: String,
}

/// A request to enrol, as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct EnrolmentRow {
    /// Identifier of the request.
    pub id: String,
    /// The key that asks.
    pub kid: String,
    /// Role that it asks for.
    pub role: String,
    /// Code of the facility.
    pub facility: String,
    /// Name of the facility, where the request brings it.
    pub facility_name: String,
    /// Login or device, for telling requests apart.
    pub who: String,
    /// Whether an administrator of the facility who stands in the trust list countersigned it.
    pub countersigned: bool,
    /// When it came (RFC 3339).
    pub at: String,
    /// How far it has come.
    pub state: crate::wire::EnrolmentState,
}

/// A running portal; stops when dropped.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Token of the desk.
    pub desk_token: String,
}

/// Sets up a portal in an empty folder: root, trust and receipt keys, trust list 1, database.
pub fn init(_dir: &Path, _settings: &PortalSettings) -> Result<Initialised, PortalError> {
    todo!()
}

/// Starts a portal on `listen` (port 0: any free one) and returns at once.
pub fn start(_dir: &Path, _listen: SocketAddr, _clock: Arc<dyn Clock>) -> Result<Running, PortalError> {
    todo!()
}

impl Running {
    /// Ends open requests and stops.
    pub fn stop(self) {}
}

/// Runs a portal until SIGTERM or Ctrl-C; `ready` is called once it listens.
pub fn serve(
    _dir: &Path,
    _listen: SocketAddr,
    _clock: Arc<dyn Clock>,
    _ready: impl FnOnce(&Running),
) -> Result<(), PortalError> {
    todo!()
}

/// Requests to enrol, newest first.
pub fn enrolments(_dir: &Path) -> Result<Vec<EnrolmentRow>, PortalError> {
    todo!()
}

/// Approves a request: its keys enter the next trust list, and what was held for them is judged
/// again. Returns the number of the trust list.
pub fn approve(_dir: &Path, _id: &str, _clock: &dyn Clock) -> Result<u64, PortalError> {
    todo!()
}

/// Revokes a key from now on. Returns the number of the trust list.
pub fn revoke(_dir: &Path, _kid: &str, _clock: &dyn Clock) -> Result<u64, PortalError> {
    todo!()
}

/// The newest trust list's JWS.
pub fn trust(_dir: &Path) -> Result<String, PortalError> {
    todo!()
}
