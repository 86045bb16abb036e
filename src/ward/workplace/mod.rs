//! What a person does at a ward's device, once for the app and for the commands: come to work, open a
//! key, sign, hand over.
//!
//! Every check that stands before a signature is asked here, so that both doors ask the same ones in the
//! same order; what they say about it is theirs.
//!
//! Deliberately absent: the terminal, texts for people, the arguments of commands, and the decision what a
//! screen shows.

mod colleague;
mod device;
mod error;
mod session;
mod unlock;

pub use colleague::IssuedKey;
pub use device::{KeyStanding, Workplace, device_key, read_key};
pub use error::{UnlockError, WorkplaceError};
pub use unlock::UnlockedPerson;
