//! A ward's device and its people, as a command line names them.

use super::fail::Failure;
use super::parse::Call;
use super::secret;
use crate::env::Paths;
use crate::lang::Msg;
use crate::seal::SealError;
use crate::ward::workplace::{UnlockError, UnlockedPerson, Workplace};

/// Opens the device named by `--data-dir`, `OGOH_DATA_DIR` or the user's data folder.
pub fn open(call: &Call) -> Result<Workplace, Failure> {
    Ok(Workplace::open(Paths::find(call.path("data-dir"))?)?)
}

/// The person named by `--sign-as`, with the key unlocked.
pub fn unlock(ward: &mut Workplace, call: &Call) -> Result<UnlockedPerson, Failure> {
    unlock_key_of(ward, call.need("sign-as")?, call)
}

/// A person's key, unlocked with the passphrase of the call.
pub fn unlock_key_of(ward: &mut Workplace, login: &str, call: &Call) -> Result<UnlockedPerson, Failure> {
    unlock_with(ward, login, call, "passphrase-file")
}

/// The same with the passphrase from another option, else asked for. Where wrong tries cost a wait, it is
/// waited for.
pub fn unlock_with(
    ward: &mut Workplace,
    login: &str,
    call: &Call,
    option: &str,
) -> Result<UnlockedPerson, Failure> {
    // Nobody types a passphrase that cannot help.
    ward.admitted(login).map_err(|e| locked(e, login))?;
    let phrase = secret::passphrase_by(call, option, login)?;
    loop {
        match ward.unlock(login, &phrase) {
            Ok(person) => return Ok(person),
            Err(UnlockError::Wait(seconds)) => {
                let lang = call.lang().unwrap_or(ward.settings.lang);
                secret::tell(&Msg::new("cli-wait").with("seconds", seconds).render(lang));
                std::thread::sleep(std::time::Duration::from_secs(seconds));
            }
            Err(e) => return Err(locked(e, login)),
        }
    }
}

/// Why a key stays locked.
pub fn locked(e: UnlockError, login: &str) -> Failure {
    let of = |id: &'static str| Failure::refused(Msg::new(id).with("user", login));
    match e {
        UnlockError::NoPerson => of("cli-no-such-user"),
        UnlockError::Suspended => of("cli-user-suspended"),
        UnlockError::RevokedKey => SealError::RevokedKey.into(),
        UnlockError::Wait(seconds) => Failure::refused(Msg::new("cli-wait").with("seconds", seconds)),
        // A command is a session of its own: nobody has set a PIN in it.
        UnlockError::WrongPassphrase | UnlockError::WrongPin | UnlockError::PinSpent => {
            SealError::WrongPassphrase.into()
        }
        UnlockError::Failed(e) => e.into(),
    }
}
