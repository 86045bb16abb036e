//! What a person does at a ward's device, once for the app and for the commands: come to work, open a
//! key, write, sign, give a colleague a key.
//!
//! Every check that stands before a signature is asked here, so that both doors ask the same ones in the
//! same order; what they say about it is theirs.
//!
//! Deliberately absent: the terminal, texts for people, the arguments of commands, and the decision what a
//! screen shows.

mod colleague;
mod device;
mod drafts;
mod error;
mod readiness;
mod session;
mod sign;
mod unlock;

pub use colleague::IssuedKey;
pub use device::{KeyStanding, Workplace, device_key, read_key};
pub use drafts::Author;
pub use error::{DraftError, UnlockError, WorkplaceError};
pub use readiness::is_ready;
pub use sign::in_words;
pub use unlock::UnlockedPerson;
