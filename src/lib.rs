//! ogoh records signed birth, death and foetal-death notifications on the ward's own machine and
//! pushes them to the civil registry's portal for automatic registration.
//!
//! # The path of the data
//!
//! ```text
//! ask --> check --> sign --> store --> deliver --> receipt --> monitor
//! form    rules     seal     store     outbox      seal        monitor
//!                                      deliver
//! ```
//!
//! One way, no way back: a correction is a new signed entry that names the one it corrects. A
//! module uses only the modules named before it in this file; a test reads every `use crate::`
//! and holds that.
//!
//! # What always holds
//!
//! 1. What a user was told is saved is on disk; what shows as delivered has a verified receipt.
//! 2. One notification reaches the register once, however often it is sent, by whichever path.
//! 3. No signed entry is ever changed or deleted; `ogoh verify` names the first one that was.
//! 4. One bad notification never blocks another.
//! 5. No personal data in logs, metrics, heartbeats, file names, argv, crash messages.
//! 6. Text from data never reaches the terminal as control codes.
//! 7. Every message exists in three languages, or the tests fail.
//! 8. Recording works with no network, no portal, a wrong clock, an expired certificate, an
//!    unconfirmed key.

pub mod lang;

pub mod env;

pub mod codes;

pub mod vital;

pub mod questions;

pub mod matching;

pub mod icd;

pub mod rules;

pub mod form;

pub mod figures;

pub mod seal;

pub mod wire;

pub mod ward;

#[cfg(feature = "portal")]
pub mod portal;

pub mod cli;
