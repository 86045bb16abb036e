//! The registry's own people: accounts, second factors, sign-in.
//!
//! Deliberately absent: keys of wards (`trust`), pages.

pub(in crate::portal) mod accounts;
pub(in crate::portal) mod sign_in;
pub(in crate::portal) mod throttle;
