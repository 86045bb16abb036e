//! Drafts: saved at every change, common to all who work on this database.
//!
//! A draft that is open somewhere says who holds it and since when; a save from anywhere else is
//! refused, so that two windows cannot overwrite each other. Whoever needs it may take it over.

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::convert::time;
use super::{Store, StoreError, presence};
use crate::form::Draft;
use crate::matching::{document, fold};
use crate::vital::{Kind, field};

/// Who has a draft open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Login.
    pub by: String,
    /// Since when.
    pub since: DateTime<FixedOffset>,
    /// Whether it is this very program.
    pub here: bool,
}

/// A draft and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// What was typed.
    pub draft: Draft,
    /// Whether it waits for a certifier (*to sign*), or is unfinished.
    pub ready: bool,
    /// When it was begun.
    pub started: DateTime<FixedOffset>,
    /// Login of whoever began it.
    pub started_by: String,
    /// When it was last changed.
    pub changed: DateTime<FixedOffset>,
    /// Login of whoever changed it last.
    pub changed_by: String,
    /// Who has it open, if anybody; a program that has ended holds nothing.
    pub held: Option<Held>,
    /// Logins of everybody who wrote at it, in the order in which they came.
    pub hands: Vec<String>,
}

const COLUMNS: &str =
    "json, ready, started, started_by, changed, changed_by, held_by, held_since, held_in, hands";

/// Folded name by which the event of a draft is looked up.
pub(super) fn who_of(draft: &Draft) -> String {
    let person = draft.kind.person();
    let surname = draft.text(&format!("{person}.surname"));
    let given = draft.text(&format!("{person}.given"));
    fold(&format!("{surname} {given}"))
}

/// Folded number of the document by which a draft's person is known.
fn doc_of(draft: &Draft) -> String {
    document(draft.text(match draft.kind {
        Kind::Birth | Kind::FoetalDeath => field::MOTHER_DOCUMENT,
        Kind::Death => field::DECEASED_DOCUMENT,
    }))
}

fn held_elsewhere(db: &Connection, id: &str, process: &str) -> Result<Option<(String, String)>, StoreError> {
    let mut find = db.prepare_cached("SELECT held_by, held_since, held_in FROM drafts WHERE id = ?1")?;
    type Holder = (Option<String>, Option<String>, Option<String>);
    let holder: Option<Holder> = find
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    Ok(match holder {
        Some((Some(by), Some(since), Some(held_in)))
            if held_in != process && presence::may_live(&held_in) =>
        {
            Some((by, since))
        }
        _ => None,
    })
}

/// Ends a draft that is being signed.
///
/// A draft that is gone was signed or discarded from elsewhere: signing it would notify twice.
pub(super) fn finish(db: &Connection, id: &str, process: &str) -> Result<(), StoreError> {
    if let Some((by, since)) = held_elsewhere(db, id, process)? {
        return Err(StoreError::DraftHeld { by, since });
    }
    match remove(db, id)? {
        true => Ok(()),
        false => Err(StoreError::NoDraft(id.to_owned())),
    }
}

/// Saves a draft and holds it for a process.
pub(super) fn save(
    db: &Connection,
    draft: &Draft,
    by: &str,
    now: DateTime<FixedOffset>,
    process: &str,
) -> Result<(), StoreError> {
    let json = serde_json::to_string(draft).map_err(|_| StoreError::Damaged("draft".to_owned()))?;
    let (who, doc) = (who_of(draft), doc_of(draft));
    let set = draft.set.as_ref().map(|s| s.id.clone());
    if let Some((by, since)) = held_elsewhere(db, &draft.id, process)? {
        return Err(StoreError::DraftHeld { by, since });
    }
    db.prepare_cached(
        "INSERT INTO drafts (id, json, ready, started, started_by, changed, changed_by,
           held_by, held_since, held_in, who, doc, set_id, hands)
         VALUES (?1, ?2, 0, ?3, ?4, ?3, ?4, ?4, ?3, ?5, ?6, ?7, ?8, ?4)
         ON CONFLICT (id) DO UPDATE SET json = excluded.json, changed = excluded.changed,
           changed_by = excluded.changed_by, held_by = excluded.held_by,
           held_since = iif(held_in = excluded.held_in, held_since, excluded.held_since),
           held_in = excluded.held_in,
           who = excluded.who, doc = excluded.doc, set_id = excluded.set_id,
           hands = iif(instr(' ' || hands || ' ', ' ' || excluded.hands || ' '), hands,
             trim(hands || ' ' || excluded.hands))",
    )?
    .execute(params![
        draft.id,
        json,
        now.to_rfc3339(),
        by,
        process,
        who,
        doc,
        set
    ])?;
    Ok(())
}

/// Lets a draft go that this process holds.
pub(super) fn release(db: &Connection, id: &str, process: &str) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE drafts SET held_by = NULL, held_since = NULL, held_in = NULL
         WHERE id = ?1 AND held_in = ?2",
    )?
    .execute(params![id, process])?;
    Ok(())
}

/// Says whether a draft waits for a certifier.
pub(super) fn hand(
    db: &Connection,
    id: &str,
    ready: bool,
    by: &str,
    now: DateTime<FixedOffset>,
) -> Result<(), StoreError> {
    let changed = db
        .prepare_cached("UPDATE drafts SET ready = ?2, changed = ?3, changed_by = ?4 WHERE id = ?1")?
        .execute(params![id, ready, now.to_rfc3339(), by])?;
    match changed {
        0 => Err(StoreError::NoDraft(id.to_owned())),
        _ => Ok(()),
    }
}

/// Removes a draft; says whether there was one.
fn remove(db: &Connection, id: &str) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached("DELETE FROM drafts WHERE id = ?1")?
        .execute([id])?
        > 0)
}

impl Store {
    fn draft_row(&self, r: &Row<'_>) -> Result<DraftRow, StoreError> {
        let json: String = r.get(0)?;
        let held_by: Option<String> = r.get(6)?;
        let held_since: Option<String> = r.get(7)?;
        let held_in: Option<String> = r.get(8)?;
        let held = match (held_by, held_since, held_in) {
            (Some(by), Some(since), Some(process)) if presence::may_live(&process) => Some(Held {
                by,
                since: time(&since)?,
                here: process == self.process,
            }),
            _ => None,
        };
        Ok(DraftRow {
            draft: serde_json::from_str(&json).map_err(|_| StoreError::Damaged("draft".to_owned()))?,
            ready: r.get(1)?,
            started: time(&r.get::<_, String>(2)?)?,
            started_by: r.get(3)?,
            changed: time(&r.get::<_, String>(4)?)?,
            changed_by: r.get(5)?,
            held,
            hands: r
                .get::<_, String>(9)?
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }

    /// Saves a draft as it stands and holds it for this program. On return it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::DraftHeld`] where somebody else has it open.
    pub fn save_draft(
        &mut self,
        draft: &Draft,
        by: &str,
        now: DateTime<FixedOffset>,
    ) -> Result<(), StoreError> {
        let process = self.process.clone();
        self.write(|db| save(db, draft, by, now, &process))
    }

    /// All drafts, the last changed first.
    pub fn drafts(&self) -> Result<Vec<DraftRow>, StoreError> {
        let mut all = self
            .db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM drafts ORDER BY changed DESC, id"))?;
        all.query_and_then([], |r| self.draft_row(r))?.collect()
    }

    /// One draft, without holding it.
    pub fn draft(&self, id: &str) -> Result<Option<DraftRow>, StoreError> {
        let mut find = self
            .db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM drafts WHERE id = ?1"))?;
        let mut rows = find.query_and_then([id], |r| self.draft_row(r))?;
        rows.next().transpose()
    }

    /// The draft that corrects a notification, if somebody has begun one.
    pub fn draft_amending(&self, nid: &str) -> Result<Option<DraftRow>, StoreError> {
        let all = self.drafts()?;
        let amends = |d: &DraftRow| d.draft.amends.as_ref().is_some_and(|a| a.nid == nid);
        Ok(all.into_iter().find(amends))
    }

    /// Opens a draft for this program; `over` takes it from whoever holds it.
    ///
    /// # Errors
    /// [`StoreError::DraftHeld`], [`StoreError::NoDraft`].
    pub fn take_draft(
        &mut self,
        id: &str,
        by: &str,
        now: DateTime<FixedOffset>,
        over: bool,
    ) -> Result<DraftRow, StoreError> {
        let process = self.process.clone();
        self.write(|db| {
            if !over && let Some((by, since)) = held_elsewhere(db, id, &process)? {
                return Err(StoreError::DraftHeld { by, since });
            }
            db.prepare_cached("UPDATE drafts SET held_by = ?2, held_since = ?3, held_in = ?4 WHERE id = ?1")?
                .execute(params![id, by, now.to_rfc3339(), process])?;
            Ok(())
        })?;
        self.draft(id)?.ok_or_else(|| StoreError::NoDraft(id.to_owned()))
    }

    /// Lets a draft go that this program holds.
    pub fn release_draft(&mut self, id: &str) -> Result<(), StoreError> {
        let process = self.process.clone();
        self.write(|db| release(db, id, &process))
    }

    /// Says whether a draft waits for a certifier.
    ///
    /// # Errors
    /// [`StoreError::NoDraft`].
    pub fn hand_draft(
        &mut self,
        id: &str,
        ready: bool,
        by: &str,
        now: DateTime<FixedOffset>,
    ) -> Result<(), StoreError> {
        self.write(|db| hand(db, id, ready, by, now))
    }

    /// Discards a draft; says whether there was one. Signing discards it by itself.
    ///
    /// # Errors
    /// [`StoreError::DraftHeld`] where somebody else has it open.
    pub fn drop_draft(&mut self, id: &str) -> Result<bool, StoreError> {
        let process = self.process.clone();
        self.write(|db| {
            if let Some((by, since)) = held_elsewhere(db, id, &process)? {
                return Err(StoreError::DraftHeld { by, since });
            }
            remove(db, id)
        })
    }
}
