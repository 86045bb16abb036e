//! What can go wrong at a device, and what keeps a key from being opened.

use std::path::PathBuf;

use crate::env::EnvError;
use crate::form::FieldError;
use crate::lang::{Explain, Msg};
use crate::seal::SealError;
use crate::ward::deliver::DeliverError;
use crate::ward::store::StoreError;

/// What keeps a device from opening or working.
#[derive(Debug, thiserror::Error)]
pub enum WorkplaceError {
    /// A key of the device cannot be read.
    #[error("device key unreadable: {0}")]
    DeviceKey(PathBuf, #[source] std::io::Error),
    /// Settings or folders.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// A key or a trust list is none.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the portal last said cannot be read.
    #[error(transparent)]
    Deliver(#[from] DeliverError),
}

impl Explain for WorkplaceError {
    fn msg(&self) -> Msg {
        match self {
            WorkplaceError::DeviceKey(path, e) => Msg::new("cli-device-key-unreadable")
                .with("path", path.display().to_string())
                .with("what", e.to_string()),
            WorkplaceError::Env(e) => e.msg(),
            WorkplaceError::Seal(e) => e.msg(),
            WorkplaceError::Store(e) => e.msg(),
            WorkplaceError::Deliver(e) => e.msg(),
        }
    }

    fn hint(&self) -> Option<Msg> {
        match self {
            WorkplaceError::DeviceKey(..) => None,
            WorkplaceError::Env(e) => e.hint(),
            WorkplaceError::Seal(e) => e.hint(),
            WorkplaceError::Store(e) => e.hint(),
            WorkplaceError::Deliver(e) => e.hint(),
        }
    }
}

/// What keeps a person's key from being opened, in the order in which it is asked. The sentences are those
/// of whoever asks.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// Nobody here has this login.
    #[error("no such person")]
    NoPerson,
    /// The facility or the registry has suspended the person.
    #[error("suspended")]
    Suspended,
    /// The registry's trust list revokes the key.
    #[error("revoked key")]
    RevokedKey,
    /// After wrong tries there is a wait, of so many seconds more; nothing was tried.
    #[error("wait for {0} s")]
    Wait(u64),
    /// The passphrase does not open the key. It is counted.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The PIN of this session is another.
    #[error("wrong PIN")]
    WrongPin,
    /// It was wrong too often: from now on the passphrase alone counts.
    #[error("too many wrong PINs")]
    PinSpent,
    /// It could not be found out.
    #[error(transparent)]
    Failed(#[from] WorkplaceError),
}

/// What keeps a draft from being begun or signed. The sentences are those of whoever asks.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// Something that was typed cannot be read.
    #[error("field {} cannot be read", .0.field)]
    Unreadable(FieldError),
    /// The notification's own text cannot be read, or was minimised.
    #[error("notification cannot be read")]
    NotificationUnread,
    /// It is no draft of a multiple birth.
    #[error("not of a multiple birth")]
    NotMultiple,
    /// Every child of the delivery, so many, has a draft.
    #[error("all {0} children have a draft")]
    SetFull(u32),
    /// The device.
    #[error(transparent)]
    Failed(#[from] WorkplaceError),
}

impl From<StoreError> for DraftError {
    fn from(e: StoreError) -> DraftError {
        DraftError::Failed(e.into())
    }
}

impl From<StoreError> for UnlockError {
    fn from(e: StoreError) -> UnlockError {
        UnlockError::Failed(e.into())
    }
}

impl From<SealError> for UnlockError {
    fn from(e: SealError) -> UnlockError {
        match e {
            SealError::WrongPassphrase => UnlockError::WrongPassphrase,
            other => UnlockError::Failed(other.into()),
        }
    }
}
