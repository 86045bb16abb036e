//! What deliveries remember in the store besides entries and receipts.

/// When the portal last answered (RFC 3339).
pub(super) const CONTACT: &str = "portal-contact";
/// What it said of our clock (JSON).
pub(super) const CLOCK: &str = "portal-clock";
