//! From drafts to signed entries.

use super::device::Workplace;
use super::error::{DraftError, WorkplaceError};
use super::unlock::UnlockedPerson;
use crate::form::Draft;
use crate::rules;
use crate::seal::AmendReason;
use crate::vital::{Event, Kind, Value, field};
use crate::ward::store::{Person, Recorded, Statement, ToSign};

/// Most characters of the names of those who prepared a notification.
const PREPARED_MOST: usize = 200;

impl Workplace {
    /// Gathers what this person signs with a draft, births first: what comes later may name them.
    ///
    /// A multiple birth is signed in one act, or not at all; a birth and its death together where one
    /// person may sign both.
    ///
    /// # Errors
    /// [`DraftError::Unreadable`]; and those of the database.
    pub fn statements(&self, draft: &Draft, by: &Person) -> Result<Vec<ToSign>, DraftError> {
        let event = self.stated(draft, by)?;
        let what = match &draft.amends {
            None => Statement::Event(event),
            Some(amends) => Statement::Amend {
                nid: amends.nid.clone(),
                seen: Some(amends.h.clone().into()),
                event,
                reason: in_words(&amends.reason),
            },
        };
        let mut all = vec![ToSign {
            what,
            draft: Some(draft.id.clone()),
            id: None,
        }];
        if draft.amends.is_none() {
            all.extend(self.siblings(draft, by)?);
            all.extend(self.linked(draft, by)?);
        }
        all.sort_by_key(|one| one.what.event().is_some_and(|e| e.kind == Kind::Death));
        Ok(all)
    }

    /// Signs statements and stores them, all or none: when this returns, they are on the disk.
    ///
    /// # Errors
    /// As [`Store::record`](crate::ward::store::Store::record).
    pub fn record(
        &mut self,
        what: Vec<ToSign>,
        by: &UnlockedPerson,
    ) -> Result<Vec<Recorded>, WorkplaceError> {
        let (store, site) = self.at_hand()?;
        Ok(store.record_all(what, &by.signer(), &site)?)
    }

    /// What a draft states, and who else wrote at it.
    fn stated(&self, draft: &Draft, by: &Person) -> Result<Event, DraftError> {
        let (mut event, errors) = draft.event();
        if let Some(error) = errors.into_iter().next() {
            return Err(DraftError::Unreadable(error));
        }
        let row = self.store.draft(&draft.id)?;
        let mut names = Vec::new();
        for login in row.into_iter().flat_map(|r| r.hands).filter(|l| *l != by.login) {
            names.push(self.store.name_of(&login)?.unwrap_or(login));
        }
        event.values.remove(field::PREPARED_BY);
        if !names.is_empty() {
            let names: String = names.join(", ").chars().take(PREPARED_MOST).collect();
            event.set(field::PREPARED_BY, Value::Text(names));
        }
        Ok(event)
    }

    /// The other drafts of the same delivery.
    fn siblings(&self, draft: &Draft, by: &Person) -> Result<Vec<ToSign>, DraftError> {
        let Some(set) = draft.set.as_ref() else {
            return Ok(vec![]);
        };
        let rows = self.store.drafts()?;
        let drafts = rows.iter().map(|row| &row.draft);
        drafts
            .filter(|d| d.id != draft.id && d.set.as_ref().is_some_and(|s| s.id == set.id))
            .map(|d| Ok(of_draft(self.stated(d, by)?, d)))
            .collect()
    }

    /// Drafts that name this one or that it names, as far as they are ready and this person may
    /// sign them; the others are somebody else's part, or wait.
    fn linked(&self, draft: &Draft, by: &Person) -> Result<Vec<ToSign>, DraftError> {
        let rows = self.linked_drafts(&draft.id, &draft.event().0)?;
        let mut all = Vec::new();
        for row in rows
            .iter()
            .filter(|r| r.draft.set.is_none() || draft.set != r.draft.set)
        {
            let Ok(event) = self.stated(&row.draft, by) else {
                continue;
            };
            let mut found = self.findings(&event, &row.draft.id, Some(by.role))?;
            rules::Door::Together.keep(&mut found, &[]);
            if !rules::stops(&found) {
                all.push(of_draft(event, &row.draft));
            }
        }
        Ok(all)
    }
}

fn of_draft(event: Event, draft: &Draft) -> ToSign {
    ToSign {
        what: Statement::Event(event),
        draft: Some(draft.id.clone()),
        id: None,
    }
}

/// A reason that somebody gave in words of their own.
pub fn in_words(text: &str) -> AmendReason {
    AmendReason {
        code: "other".to_owned(),
        text: text.trim().to_owned(),
    }
}
