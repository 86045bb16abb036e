//! Files sealed to a public key: age, version 1 (age-encryption.org/v1), with X25519 recipients. What is sealed
//! here opens with the program `age` of every system, and the other way round.
//!
//! The format is written here over the ciphers that the portal has anyway: the crate `age` would bring 66 more
//! (a second generation of each cipher, translations, macros). Files that the crate made are among the tests.
//!
//! Deliberately absent: passphrases, SSH keys, plugins, text armour.

mod header;
mod stream;

pub(in crate::portal) use header::{Identity, Recipient};
pub(in crate::portal) use stream::{Opener, Sealer};
