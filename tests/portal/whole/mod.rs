//! From the signature on the ward to the register and back.

mod cases;
mod copied;
#[cfg(feature = "sqlcipher")]
mod encrypted;
mod enrolment;
mod fortnight;
mod path;
mod people;
mod private_files;
mod restored;
mod threats;
mod threats_registry;
mod trust;
