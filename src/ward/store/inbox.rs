//! Drafts that came in by files, and which files they came by: none is taken twice.
//!
//! What is remembered of a file is the hash of what it said. It stays when its drafts are signed or deleted,
//! and goes along when another database takes this one's place. Deliberately absent: the files and their names.

use chrono::{DateTime, FixedOffset};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::drafts::{hand, release, save};
use super::{Store, StoreError, meta};
use crate::form::Draft;

/// What the names begin with under which files are remembered.
const NAME: &str = "inbox ";

/// Drafts that were added in one act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// When, as RFC 3339.
    pub at: String,
    /// Their identifiers and the codes of their kinds, in the order of the file.
    pub drafts: Vec<(String, String)>,
}

/// What became of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Somebody has to go on with it.
    Unfinished,
    /// It waits for a certifier.
    ToSign,
    /// It is a signed entry.
    Signed,
    /// Somebody threw it away.
    Deleted,
}

impl DraftState {
    /// The word of a command.
    pub fn code(self) -> &'static str {
        match self {
            DraftState::Unfinished => "unfinished",
            DraftState::ToSign => "to-sign",
            DraftState::Signed => "signed",
            DraftState::Deleted => "deleted",
        }
    }
}

fn taken(db: &Connection, file: &str) -> Result<Option<Added>, StoreError> {
    let kept = meta::get(db, &format!("{NAME}{file}"))?;
    let read = |text: String| serde_json::from_str(&text);
    let added = kept.map(read).transpose();
    added.map_err(|_| StoreError::Damaged("inbox".to_owned()))
}

impl Store {
    /// What was made of a file that says this, by the hash of it, if it was taken.
    pub fn taken(&self, file: &str) -> Result<Option<Added>, StoreError> {
        taken(&self.db, file)
    }

    /// Saves new drafts, all or none, held by nobody, each with whether it waits for a certifier. Those of a
    /// `file` are saved once: asked for again, what was made of it then is given.
    pub fn add_drafts(
        &mut self,
        drafts: &[(Draft, bool)],
        by: &str,
        now: DateTime<FixedOffset>,
        file: Option<&str>,
    ) -> Result<Added, StoreError> {
        let process = self.process.clone();
        let named = |(draft, _): &(Draft, bool)| (draft.id.clone(), draft.kind.code().to_owned());
        let added = Added {
            at: now.to_rfc3339(),
            drafts: drafts.iter().map(named).collect(),
        };
        self.write(|db| {
            if let Some(file) = file {
                if let Some(before) = taken(db, file)? {
                    return Ok(before);
                }
                let text = serde_json::to_string(&added);
                let text = text.map_err(|_| StoreError::Damaged("inbox".to_owned()))?;
                meta::set(db, &format!("{NAME}{file}"), &text)?;
            }
            for (draft, ready) in drafts {
                save(db, draft, by, now, &process)?;
                hand(db, &draft.id, *ready, by, now)?;
                release(db, &draft.id, &process)?;
            }
            Ok(added)
        })
    }

    /// What became of a draft that there was.
    pub fn draft_state(&self, id: &str) -> Result<DraftState, StoreError> {
        Ok(match self.draft(id)? {
            Some(row) if row.ready => DraftState::ToSign,
            Some(_) => DraftState::Unfinished,
            None if self.recorded(id)?.is_some() => DraftState::Signed,
            None => DraftState::Deleted,
        })
    }
}
