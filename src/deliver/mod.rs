//! Delivery: what was signed goes to the registry's portal, and its decisions come back.
//!
//! [`push`] reads what waits in the store, asks `outbox` for a plan, sends it in batches, verifies
//! each line of the answer on its own and stores the receipts that hold. Nothing else moves a
//! status: an answer of HTTP 200 proves nothing, a captive portal gives one too. Whatever goes
//! wrong on the line leaves the store as it was, but for the note that an attempt was made, so
//! that sending again is always right.
//!
//! Several programs may push from one store at a time. A lock file makes that rare; nothing
//! depends on it, because the portal answers the same bytes with the same decision.
//!
//! This is the only module that names the HTTP client. Deliberately absent: SQL text, judging a
//! notification, following redirects, any certificate authority but the registry's own.

mod address;
mod error;
#[allow(dead_code, reason = "used by push, which follows")]
mod http;

pub use error::{DeliverError, Lost};
pub use http::Patience;
