//! What can go wrong at the portal, for its operator.
//!
//! Deliberately absent: texts; they stand in the catalogue.

use std::path::{Path, PathBuf};

use super::book::BookError;
use crate::lang::{Explain, Msg};
use crate::vital::NAME_MOST;

/// What can go wrong at the portal.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// A file cannot be read or written.
    #[error("file {0}")]
    Io(PathBuf, #[source] std::io::Error),
    /// Randomness, a private file or the settings failed.
    #[error(transparent)]
    Env(#[from] crate::env::EnvError),
    /// There is no portal in the folder.
    #[error("no portal at {0}")]
    NotAPortal(PathBuf),
    /// There is already one.
    #[error("a portal exists at {0}")]
    Exists(PathBuf),
    /// Another program listens there.
    #[error("{0} is in use")]
    PortInUse(String),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Address(String, #[source] std::io::Error),
    /// The database failed.
    #[error("book: {0}")]
    Book(#[from] super::book::BookError),
    /// A key file or a signature failed.
    #[error(transparent)]
    Seal(#[from] crate::seal::SealError),
    /// There is no such request.
    #[error("no such enrolment")]
    NoSuchEnrolment(String),
    /// The trust list has no such key.
    #[error("no such key")]
    NoSuchKey(String),
    /// No receipt waits under that key.
    #[error("none waits")]
    NoneDoubted(String),
    /// A certificate or its key cannot be read.
    #[error("certificate {0}")]
    Certificate(PathBuf),
    /// A key is not the one of the certificate.
    #[error("certificate {0} and key {1}")]
    CertificateKey(PathBuf, PathBuf),
    /// A login of other letters, or too short or long.
    #[error("login")]
    Login(String),
    /// A name that is no line that a reader sees whole, or none.
    #[error("name")]
    StaffName,
    /// Somebody has this login.
    #[error("login taken")]
    LoginTaken(String),
    /// Nobody has this login.
    #[error("no such login")]
    NoSuchLogin(String),
    /// The account waits to be confirmed.
    #[error("unconfirmed")]
    Unconfirmed(String),
    /// A table of acts lacks this column, or nobody knows it.
    #[error("column")]
    ActColumn(String),
    /// There is no such role.
    #[error("role")]
    StaffRole(String),
    /// No such office or facility, or one that does not fit the role.
    #[error("place")]
    Place(String),
    /// The key was revoked: it is never believed again.
    #[error("revoked")]
    KeyRevoked(String),
    /// A number of days that a code cannot be open.
    #[error("days")]
    Days(u32),
    /// The two-person rule asks for a second countersignature.
    #[error("a second person is missing")]
    SecondMissing,
    /// The book holds entries, and invented ones would stand among them.
    #[error("the book holds entries")]
    HoldsEntries,
    /// The key that the secrets of the book are sealed under is missing, damaged or another one.
    #[error("secrets key {0}")]
    SecretsKey(PathBuf),
    /// Nobody is set to whom copies are sealed.
    #[error("no recipient")]
    NoRecipient,
    /// A public key that is none.
    #[error("recipient")]
    Recipient(String),
    /// A file without a secret key.
    #[error("no secret key")]
    Identity,
    /// Neither a file or folder nor a folder in the settings.
    #[error("no folder")]
    NoCopyFolder,
    /// There is no copy in the folder.
    #[error("no copy in {0}")]
    NoCopy(PathBuf),
    /// A file stands where a new one should be.
    #[error("{0} exists")]
    FileExists(PathBuf),
    /// None of the secret keys opens the copy.
    #[error("{0} is sealed to others")]
    CopyLocked(PathBuf),
    /// The copy is damaged, or no copy.
    #[error("{0} is damaged")]
    CopyDamaged(PathBuf),
    /// Root key, trust lists and keys of the copy do not belong together.
    #[error("{0} has keys that its trust lists do not name")]
    CopyForged(PathBuf),
    /// A newer version wrote the copy.
    #[error("{0} is newer")]
    CopyNewer(PathBuf),
    /// The copy is of another portal than the folder.
    #[error("{0} is of another portal")]
    AnotherPortal(PathBuf),
    /// Somebody has the book open.
    #[error("in use")]
    InUse,
    /// Keys were changed over and over while they were copied.
    #[error("keys change")]
    KeysChanging,
    /// The witness of the book cannot be read or written: where it lies, and what was found.
    #[error("witness {0}")]
    Witness(PathBuf, String),
    /// A reason that says nothing.
    #[error("reason")]
    Reason,
    /// The book was set back and recovers.
    #[error("the book recovers")]
    Recovering,
    /// The request's signature or form is wrong.
    #[error("the request is not valid")]
    RequestBad,
}

impl PortalError {
    /// Attaches the path to an input or output error.
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> PortalError + use<> {
        let path = path.to_owned();
        move |e| PortalError::Io(path, e)
    }
}

impl Explain for PortalError {
    fn msg(&self) -> Msg {
        let path = |id: &'static str, p: &Path| Msg::new(id).with("path", p.display().to_string());
        match self {
            PortalError::Io(p, e) => path("portal-io", p).with("what", e.to_string()),
            PortalError::Env(e) => e.msg(),
            PortalError::Seal(e) => e.msg(),
            PortalError::NotAPortal(p) => path("portal-not-a-portal", p),
            PortalError::Exists(p) => path("portal-exists", p),
            PortalError::PortInUse(addr) => Msg::new("portal-port-in-use").with("addr", addr.as_str()),
            PortalError::Address(addr, e) => Msg::new("portal-address")
                .with("addr", addr.as_str())
                .with("what", e.to_string()),
            PortalError::Book(BookError::Newer(_)) => Msg::new("portal-newer-database"),
            PortalError::Book(BookError::Older(_)) => Msg::new("portal-older-database"),
            PortalError::Book(e) => Msg::new("portal-book").with("what", e.to_string()),
            PortalError::NoSuchEnrolment(id) => Msg::new("portal-no-such-enrolment").with("id", id.as_str()),
            PortalError::NoSuchKey(kid) => Msg::new("portal-no-such-key").with("kid", kid.as_str()),
            PortalError::NoneDoubted(kid) => Msg::new("portal-none-doubted").with("kid", kid.as_str()),
            PortalError::Certificate(p) => path("portal-certificate", p),
            PortalError::CertificateKey(p, key) => {
                path("portal-certificate-key", p).with("key", key.display().to_string())
            }
            PortalError::Login(login) => Msg::new("portal-login-wrong").with("login", login.as_str()),
            PortalError::StaffName => Msg::new("name-wrong")
                .with("field", "name")
                .with("most", NAME_MOST),
            PortalError::LoginTaken(login) => Msg::new("portal-login-taken").with("login", login.as_str()),
            PortalError::NoSuchLogin(login) => Msg::new("portal-no-such-login").with("login", login.as_str()),
            PortalError::Unconfirmed(login) => Msg::new("portal-unconfirmed").with("login", login.as_str()),
            PortalError::ActColumn(column) => Msg::new("portal-act-column").with("column", column.as_str()),
            PortalError::StaffRole(role) => Msg::new("portal-staff-role-wrong").with("role", role.as_str()),
            PortalError::Place(place) => Msg::new("portal-place-wrong").with("place", place.as_str()),
            PortalError::KeyRevoked(kid) => Msg::new("portal-key-revoked").with("kid", kid.as_str()),
            PortalError::Days(days) => Msg::new("portal-invite-days").with("days", i64::from(*days)),
            PortalError::SecondMissing => Msg::new("portal-second-missing"),
            PortalError::HoldsEntries => Msg::new("portal-holds-entries"),
            PortalError::SecretsKey(p) => path("portal-secrets-key", p),
            PortalError::NoRecipient => Msg::new("portal-no-recipient"),
            PortalError::Recipient(key) => Msg::new("portal-recipient-wrong").with("key", key.as_str()),
            PortalError::Identity => Msg::new("portal-identity-wrong"),
            PortalError::NoCopyFolder => Msg::new("portal-no-copy-folder"),
            PortalError::NoCopy(p) => path("portal-no-copy", p),
            PortalError::FileExists(p) => path("portal-file-exists", p),
            PortalError::CopyLocked(p) => path("portal-copy-locked", p),
            PortalError::CopyDamaged(p) => path("portal-copy-damaged", p),
            PortalError::CopyForged(p) => path("portal-copy-forged", p),
            PortalError::CopyNewer(p) => path("portal-copy-newer", p),
            PortalError::AnotherPortal(p) => path("portal-another", p),
            PortalError::InUse => Msg::new("portal-in-use"),
            PortalError::KeysChanging => Msg::new("portal-keys-changing"),
            PortalError::Witness(p, why) => path("portal-witness", p).with("what", why.as_str()),
            PortalError::Reason => Msg::new("cli-recovery-why"),
            PortalError::Recovering => Msg::new("portal-recovering"),
            PortalError::RequestBad => Msg::new("portal-request-bad"),
        }
    }
}
