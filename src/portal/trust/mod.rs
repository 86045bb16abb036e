//! Who is believed: requests to enrol, invitations, approval.
//!
//! Deliberately absent: accounts of the registry's own people (`staff`).

pub(in crate::portal) mod enrolment;
pub(in crate::portal) mod invitation;
pub(in crate::portal) mod request;
