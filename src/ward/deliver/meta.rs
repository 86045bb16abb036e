//! What deliveries remember in the store besides entries and receipts.

/// When the portal last answered (RFC 3339).
pub(super) const CONTACT: &str = "portal-contact";
/// What it said of our clock (JSON).
pub(super) const CLOCK: &str = "portal-clock";
/// The epoch of the book with which everything was compared last.
pub(super) const EPOCH: &str = "reconciled-epoch";
/// The claim of the highest receipt that was given back and that the portal lacks all the same: it refused
/// one or more on the way there.
pub(super) const IN_VAIN: &str = "given-back-in-vain";
/// How often giving back was begun since it last came to its end; none where it did.
pub(super) const GIVING: &str = "giving-back";

/// Up to which entry of a journal the portal had everything when it was filled up last.
pub(super) fn gap(jid: &str) -> String {
    format!("gap-{jid}")
}
