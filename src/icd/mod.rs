//! The classification of causes: codes ([`Icd`]), common causes in our own words, and the search in
//! them and in the list that the ministry supplies.
//!
//! About 170 common causes are built in, with their ICD-10 codes, in Tajik, Russian and English.
//! [`import`] reads a full list; the store keeps it, and [`Catalogue::with_list`] puts both
//! together. A search forgives: any word or part of a word in any language, in any order, typed
//! without Tajik letters or with a slip, or a code.
//!
//! [`structure`] says which categories exist and which can be no underlying cause; [`read_text`] reads
//! a line of words as a code where it is sure.
//!
//! Deliberately absent: WHO's titles (they are WHO's text), the choice of an underlying cause
//! (that is coding by WHO's rules), input and output. A code is never required.

mod catalogue;
mod cause;
mod code;
mod import;
mod names;
mod patterns;
mod search;
pub mod structure;
mod text;
mod tokens;
mod words;

pub use catalogue::{Catalogue, SearchHit};
pub use cause::Cause;
pub use code::{Icd, Ranges, latin};
pub use import::{ImportError, Imported, LeftOut, Title, Why, import};
pub use text::{MATCHER_VERSION, Notice, Reading, TextRead, read_text};
