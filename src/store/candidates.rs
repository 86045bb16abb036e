//! What surrounds an event: members of its set, and notifications that may be the same.

use super::{Store, StoreError};
use crate::env::Limits;
use crate::rules::Candidate;
use crate::vital::Event;

/// What rules compare an event with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Other members of its set, drafts too.
    pub siblings: Vec<Candidate>,
    /// Notifications and drafts of persons that may be the same.
    pub candidates: Vec<Candidate>,
}

impl Store {
    /// What surrounds an event. `except` names its own notification or draft.
    pub fn around(&self, _event: &Event, _except: &[&str], _limits: &Limits) -> Result<Around, StoreError> {
        todo!()
    }
}
