//! ogoh records signed birth, death and foetal-death notifications on the ward's own machine and
//! pushes them to the civil registry's portal for automatic registration.
//!
//! # The path of the data
//!
//! ```text
//! ask --> check --> sign --> store --> deliver --> receipt --> monitor
//! form    rules     seal     store     outbox      seal        monitor
//!                                      deliver
//! ```
//!
//! One way, no way back: a correction is a new signed entry that names the one it corrects.
//!
//! # Where to find what
//!
//! Three floors: what both sides share, the two sides, the commands. [`ward`] and `portal` never name
//! each other; only [`cli`] (for the demonstration) knows both. A module uses only the modules declared
//! before it in this file, in `ward/mod.rs` and in `portal/mod.rs`; files form no circles. A test reads
//! the source and holds that.
//!
//! | looking for | go to |
//! |---|---|
//! | a sentence that users see, in three languages | [`lang`], `src/lang/{tg,ru,en}/*.ftl`; terms in `docs/terms.md` |
//! | settings, paths, the clock, identifiers, randomness | [`mod@env`] |
//! | districts, offices, other code lists | [`codes`] |
//! | a birth, a death, a partial date, the name of a field | [`vital`] |
//! | which questions are asked, when, of whom, and what an answer serves for | [`questions`] |
//! | when two reports may be of one event, spellings, sounds (record linkage) | [`matching`] |
//! | ICD-10 codes, common causes, their search | [`icd`] |
//! | a data-quality rule | [`rules`], one file a subject; identifiers in [`rules::id`] |
//! | a draft, the JSON of a body, its schema | [`form`] |
//! | what a month or a place adds up to, small numbers hidden | [`figures`] |
//! | signatures, keys, journals, receipts, the trust list, slips | [`seal`] |
//! | addresses, problem codes, limits of the portal's contract | [`wire`] |
//! | the ward's database, its delivery, its screens | [`ward`]: `store`, `outbox`, `deliver`, `monitor`, `ui` |
//! | what a person does at a ward, for the app and for the commands alike | [`ward::workplace`] |
//! | the registry: record, book, units of work, pages, operation | `portal` |
//! | a command, its options, its exit code | [`cli`] |
//!
//! # What always holds
//!
//! 1. What a user was told is saved is on disk; what shows as delivered has a verified receipt.
//! 2. One notification reaches the register once, however often it is sent, by whichever path.
//! 3. No signed entry is ever changed or deleted; `ogoh verify` names the first one that was.
//! 4. One bad notification never blocks another.
//! 5. No personal data in logs, metrics, heartbeats, file names, argv, crash messages.
//! 6. Text from data never reaches the terminal as control codes.
//! 7. Every message exists in three languages, or the tests fail.
//! 8. Recording works with no network, no portal, a wrong clock, an expired certificate, an
//!    unconfirmed key.
//!
//! Bytes that are signed, members on the wire and released migrations carry the word FROZEN and golden
//! files; each says what an older reader does with what is new.

pub mod lang;

pub mod env;

pub mod codes;

pub mod vital;

pub mod questions;

pub mod matching;

pub mod icd;

pub mod rules;

pub mod form;

pub mod figures;

pub mod seal;

pub mod wire;

pub mod ward;

#[cfg(feature = "portal")]
pub mod portal;

pub mod cli;
