//! From the signature on the ward to the register and back.

mod any_order;
mod cases;
mod copied;
mod copies_at_random;
mod dice;
#[cfg(feature = "sqlcipher")]
mod encrypted;
mod enrolment;
mod fortnight;
mod path;
mod people;
#[cfg(target_os = "linux")] // where there is strace
mod power_cuts;
mod private_files;
mod restored;
mod rotated;
mod set_back;
mod threats;
mod threats_registry;
mod trust;
