//! The registry's side: deliveries, decisions, the registrar's desk, the ministry's page, over one book.
//!
//! A delivery or a person's act is one unit of work on one transaction: an entry is stored first
//! (`unit::intake`) and decided afterwards (`decide`); receipts are numbered and signed last, so that
//! their numbers are gapless in commit order.
//!
//! | looking for | go to |
//! |---|---|
//! | what is set in `portal.toml` | `settings` |
//! | states of a notification, what decisions add up to, whether it may be registered | `record` |
//! | what follows from an entry or a registrar's act, without a database | `decide` |
//! | a statement of SQL, a transaction, a migration | `book` |
//! | what is computed again from records: search, facts, months | `projections` |
//! | what is loaded for a decision and kept of it, a delivery, a receipt | `unit` |
//! | whether the book was set back, what is noted outside it | `record::recovery`, `unit::set_back`, `witness` |
//! | requests to enrol, one-time codes, approval | `trust` |
//! | accounts of the registry's own people, signing in | `staff` |
//! | calls and pages; axum only in `web::http`, all else is synchronous | `web` |
//! | commands of an operator, housekeeping, the log | `operate` |
//!
//! One folder holds a portal: `portal.db`, `portal.toml`, `trust.key`, `receipt.key`,
//! `secrets.key`,
//! and `root.key`, which belongs on a medium that is locked away. The commands work
//! beside a running portal: they share its database.
//!
//! Deliberately absent: certificates on the registry's forms, and any deletion.

mod age;

mod settings;

pub mod record;

mod decide;

pub mod book;

mod error;

mod files;

mod secrets;

mod witness;

mod projections;

mod unit;

mod trust;

mod staff;

mod web;

mod operate;

pub use book::Archiving;
pub use error::PortalError;
pub use operate::acts::{ActAlike, ActFault, ImportedActs, import_acts};
pub use operate::admin::{check_vacant, init, migrate, revoke, rotate, rotate_secrets, trust, trust_lists};
pub use operate::copies::archive::{Archived, archive};
pub use operate::copies::backup::{BackedUp, backup, check_recipient};
pub use operate::copies::drill::{Drilled, drill};
pub use operate::copies::restore::{Restored, adopt, restore};
pub use operate::doctor::doctor;
pub use operate::explain::{Explained, explain};
pub use operate::finding::{Finding, Level};
pub use operate::log::log_to_stderr;
pub use operate::quality::quality;
pub use operate::rebuild::{Rebuilt, rebuild};
pub use operate::recovery::{
    DoubtedReceipts, OfficeRecovery, doubted, end_recovery, recovery, settle_doubted,
};
pub use operate::serve::{Running, serve, start};
pub use operate::simulate::{InventedBirths, SimulationPlan, SimulationProgress, SimulationReport, simulate};
pub use operate::verify::{BookFault, Verified, verify};
pub use record::recovery::{Noticed, StillToCome};
pub use settings::{Admit, Auto, Category, Copies, PortalSettings, Quotas, Registration, Serving};
pub use staff::accounts::{
    Credentials, NewAccount, StaffRow, acts, staff, staff_active, staff_add, staff_confirm, staff_link,
    staff_reset,
};
pub use trust::enrolment::{approve, enrolments, refuse, take_requests};
pub use trust::invitation::invite;
pub use web::http::Listen;

/// What a new portal's wards need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initialised {
    /// The offline root key, base64url of its 32 bytes: `portal.root_key` of a ward's settings.
    pub root_key: String,
    /// Its RFC 7638 thumbprint.
    pub root_kid: String,
}

/// A request to enrol, as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct EnrolmentRow {
    /// Identifier of the request.
    pub id: String,
    /// The key that asks.
    pub kid: String,
    /// The key's fingerprint, to be compared with the ward over the telephone.
    pub fingerprint: String,
    /// Role that it asks for; `device` for a machine.
    pub role: String,
    /// Code of the facility.
    pub facility: String,
    /// Name of the facility, where the request brings it.
    pub facility_name: String,
    /// Login of the person or name of the device.
    pub who: String,
    /// Whether an administrator of the facility who stands in the trust list countersigned it.
    pub countersigned: bool,
    /// Whether it proved that it knows the one-time code of its facility.
    pub invited: bool,
    /// Whether somebody vouches for it, so that it may be approved without anybody looking.
    pub vouched: bool,
    /// Whether it takes the place of a believed key of the same person, or a colleague who is no administrator
    /// gave it: somebody has to ask the person first.
    pub given: bool,
    /// Name of the colleague who gave the key, where it was given.
    pub given_by: String,
    /// Name of the second person who countersigned it, where it was given.
    pub second_by: String,
    /// When it came (RFC 3339).
    pub at: String,
    /// How far it has come.
    pub state: crate::wire::EnrolmentState,
}
