//! What the app says where the workplace refuses.

use super::super::data::Shown;
use super::super::msg::Secret;
use crate::lang::Msg;
use crate::seal::SealError;
use crate::ward::store::StoreError;
use crate::ward::workplace::{DraftError, UnlockError};

fn of(id: &'static str) -> Shown {
    Shown::new(Msg::new(id))
}

/// Why a key stays locked.
pub(super) fn locked(e: &UnlockError, secret: &Secret) -> Shown {
    match e {
        UnlockError::NoPerson => of("ui-no-key"),
        UnlockError::Suspended => Shown::of(&StoreError::Suspended),
        UnlockError::RevokedKey => Shown::of(&SealError::RevokedKey),
        UnlockError::Wait(seconds) => Shown::new(Msg::new("ui-wait").with("seconds", *seconds)),
        UnlockError::WrongPassphrase => of(wrong_because(secret)),
        UnlockError::WrongPin => of("ui-secret-wrong"),
        UnlockError::PinSpent => of("ui-pin-spent"),
        UnlockError::Failed(e) => Shown::of(e),
    }
}

/// What may have gone wrong with a passphrase: its words are of Cyrillic letters.
fn wrong_because(secret: &Secret) -> &'static str {
    let latin = |c: char| c.is_ascii_alphabetic();
    match secret.reveal().chars().any(latin) {
        true => "ui-secret-wrong-latin",
        false => "ui-secret-wrong",
    }
}

/// Why a draft is not begun or signed.
pub(super) fn undrafted(e: DraftError) -> Shown {
    match e {
        DraftError::Unreadable(error) => Shown::new(error.msg),
        DraftError::NotificationUnread => of("ui-correct-unread"),
        DraftError::NotMultiple => of("ui-only-multiple"),
        DraftError::SetFull(n) => Shown::new(Msg::new("ui-set-full").with("n", n)),
        DraftError::Failed(e) => Shown::of(&e),
    }
}
