//! What the cases of a ward share.

pub mod outcome;
pub mod stage;
