//! What a person does at a ward's device, once for the app and for the commands: set it up,
//! come to work, open a key, write, sign, give a colleague a key, hand over, restore.
//!
//! Every check that stands before a signature is made here, so that the app and the commands make the same
//! ones in the same order; how they say what came of it is theirs.
//!
//! Deliberately absent: the terminal, texts for people, the arguments of commands, and the decision what a
//! screen shows.

mod colleague;
mod device;
mod drafts;
mod error;
mod people;
mod readiness;
mod restore;
mod session;
mod set_up;
mod sign;
#[cfg(test)]
mod tests;
mod unlock;
mod waiting;

pub use colleague::IssuedKey;
pub use device::{KeyStanding, Workplace, device_key, read_key};
pub use drafts::Author;
pub use error::{DraftError, UnlockError, WorkplaceError};
pub use people::{NewPerson, PersonError, check_login, person_role};
pub use readiness::{AsOf, is_ready};
pub use restore::{Encrypted, RestoreBy, RestoreError, Restored, encrypt, restore, set_aside};
pub use set_up::{SetUpError, check_facility, check_plan, check_vacant};
pub use sign::in_words;
pub use unlock::UnlockedPerson;
pub use waiting::{WaitingList, WaitingRows};
