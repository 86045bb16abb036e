//! How each rule takes a field that has no value: not asked, not yet known, not knowable, refused.
//!
//! A stated unknown is an answer. Most rules keep still where nothing is stated; those that speak stand in
//! one table, and a test compares it with what they do.

use super::id;

/// Whether a rule says something at a field because of how it has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unknowns {
    /// Nothing was asked or answered.
    pub absent: bool,
    /// *Not yet known.*
    pub yet: bool,
    /// *Cannot be known.*
    pub knowable: bool,
    /// *Refused.*
    pub refused: bool,
}

const fn speaks(absent: bool, yet: bool, knowable: bool, refused: bool) -> Unknowns {
    Unknowns {
        absent,
        yet,
        knowable,
        refused,
    }
}

const SILENT: Unknowns = speaks(false, false, false, false);
/// An answer is missing; each stated unknown is one.
const ABSENT: Unknowns = speaks(true, false, false, false);
/// An answer is missing, and *not yet known* is none.
const OPEN: Unknowns = speaks(true, true, false, false);
/// The value is missing, whatever was stated.
const ALL: Unknowns = speaks(true, true, true, true);

/// The rules that speak of what has no value.
const TABLE: &[(&str, Unknowns)] = &[
    (id::B01, ABSENT),
    (id::B09, ABSENT),
    (id::B13, ABSENT),
    (id::C02, OPEN),
    (id::C04, ABSENT),
    // Named as where the event begins.
    (id::C06, ALL),
    (id::C08, ALL),
    (id::C13, ABSENT),
    // A cause that is awaited makes the certificate a preliminary one.
    (id::D01, speaks(true, false, true, true)),
    (id::D02, ABSENT),
    (id::D03, ABSENT),
    (id::D04, ABSENT),
    (id::D09, ALL),
    (id::D24, OPEN),
    (id::D31, OPEN),
    (id::D38, OPEN),
    (id::D43, OPEN),
    (id::D46, ALL),
    (id::D48, ALL),
    (id::S02, ALL),
    // The time of death decides what is counted: a person confirms that it is unknown, however stated.
    (id::S04, ALL),
];

/// How a rule takes what has no value.
pub fn unknowns(rule: &str) -> Unknowns {
    let row = TABLE.iter().find(|(id, _)| *id == rule);
    row.map_or(SILENT, |(_, takes)| *takes)
}
