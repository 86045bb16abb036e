//! Key files of the portal.
