//! The ward's database: drafts, journal, outbox, receipts, people, search.
//!
//! The exact text of signed entries and receipts is the truth; every status, list and counter is
//! projected from it in the same transaction, and [`Store::rebuild`] does so again. Several programs
//! work on one database at a time: each write takes the lock first and reads what it rests on
//! under it. What this module says is saved has been through COMMIT with the disk's word for it
//! (`synchronous=FULL`); where COMMIT failed, the identifier is looked up and nothing is signed
//! twice.
//!
//! This is the only module of the ward that names rusqlite. Deliberately absent: HTTP, the
//! decision what is delivered when (`outbox`), texts for people, the secret keys themselves (they
//! come with a call and go with it).

mod attempts;
mod backup;
mod carry;
mod causes;
mod cipher;
mod comparison_set;
mod connect;
mod convert;
mod drafts;
mod entry_status;
mod error;
mod give_back;
mod handle;
mod in_force;
mod inbox;
mod journal;
mod key_issuance;
mod meta;
mod minimise;
mod month;
mod naming;
mod notification;
mod open;
mod outbox_item;
mod people;
mod presence;
mod projection;
mod projection_writer;
mod rebuild;
mod receipts;
mod schema;
mod search;
mod sign;
mod signer;
mod slips;
mod statement;
mod unsigned_entry;
mod verify;
mod verify_report;
mod witness;
mod worklist;

pub use attempts::Attempt;
pub use carry::Carried;
pub use cipher::{
    CAN_ENCRYPT, beside, change_key, encrypt, encrypt_copy, is_plain, remove_with_companions, settle,
};
pub use comparison_set::ComparisonSet;
pub use drafts::{DraftRow, Held};
pub use entry_status::EntryStatus;
pub use error::StoreError;
pub use give_back::ToGive;
pub use handle::Store;
pub use inbox::{Added, DraftState};
pub use journal::Journal;
pub use key_issuance::enrolment_request_key;
pub use month::WardMonth;
pub use notification::{Happening, Notification, Revision};
pub use open::{Hold, alone};
pub use outbox_item::{AttemptOutcome, FIRST_BYTES, FIRST_ENTRIES, Item, LinkState, Tries, Urgency, Wait};
pub use people::Person;
pub use receipts::Declined;
pub use signer::{Recorded, Signer, Site};
pub use statement::{Statement, ToSign};
pub use verify_report::{Bad, Fault, VerifyReport};
pub use witness::Missing;
pub use worklist::{Filter, NotificationList, NotificationRow, OutboxSummary, WorklistCounts};
