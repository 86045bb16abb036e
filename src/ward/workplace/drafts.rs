//! Drafts: begun anew or with what is known already (a correction, a child's death, the next twin), let
//! go, thrown away.

use super::device::Workplace;
use super::error::DraftError;
use super::readiness::is_ready;
use crate::env::{ClockTrust, Role};
use crate::form::{Amends, Draft};
use crate::lang::Lang;
use crate::questions::{Use, questions};
use crate::vital::{Event, Kind, Link, Set, field as f};
use crate::ward::store::{Added, DraftRow, StoreError};

/// Who writes at a draft.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    /// Login.
    pub login: &'a str,
    /// In which role.
    pub role: Role,
}

impl Workplace {
    /// Begins a draft; causes are written in this language until somebody says otherwise.
    pub fn new_draft(&self, kind: Kind, lang: Lang, role: Role) -> Draft {
        // A date that nobody typed is offered only where the clock is sure of it.
        let synced = self.trust_in_clock().is_ok_and(|clk| clk == ClockTrust::Synced);
        let today = synced.then(|| self.clock.now().date_naive());
        Draft::with_defaults(kind, &self.settings.facility, role, lang, today)
    }

    /// Begins a correction, or takes up the one that a colleague has begun.
    ///
    /// # Errors
    /// [`DraftError::NotificationUnread`]; and those of the database.
    pub fn correct(&mut self, nid: &str, reason: String, by: Author<'_>) -> Result<Draft, DraftError> {
        if let Some(row) = self.store.draft_amending(nid)? {
            let now = self.clock.now();
            return Ok(self.store.take_draft(&row.draft.id, by.login, now, false)?.draft);
        }
        let known = self.store.notification(nid)?;
        let event = known.event.as_ref().ok_or(DraftError::NotificationUnread)?;
        let mut draft = Draft::from_event(event);
        draft.amends = Some(Amends {
            nid: nid.into(),
            rev: known.row.rev,
            h: known.h,
            reason,
        });
        // What was certified for the time being is replaced by the final certificate.
        if draft.text(f::DEATH_CERTIFICATE) == "preliminary" {
            draft.put(f::DEATH_CERTIFICATE, "replaces-preliminary");
        }
        Ok(draft)
    }

    /// Begins a death from a signed birth, or takes up the one that was begun: what the two share is not
    /// typed twice.
    ///
    /// # Errors
    /// [`DraftError::NotificationUnread`]; and those of the database.
    pub fn death_of(&mut self, nid: &str, by: Author<'_>) -> Result<Draft, DraftError> {
        let known = self.store.notification(nid)?;
        let birth = known.event.ok_or(DraftError::NotificationUnread)?;
        if let Some(begun) = self.begun(nid, &birth, by)? {
            return Ok(begun);
        }
        let mut said = Draft::from_event(&birth);
        nid.clone_into(&mut said.id);
        Ok(self.death_draft(&said, by.role))
    }

    /// Begins a death from the draft of a birth. The two name each other, so that one person can sign both
    /// in one act, or each their part. Gives the birth, where it has changed, and the death.
    ///
    /// # Errors
    /// Those of the database.
    pub fn death_of_draft(
        &mut self,
        mut birth: Draft,
        by: Author<'_>,
    ) -> Result<(Option<Draft>, Draft), DraftError> {
        let now = self.clock.now();
        // Asked for again it opens the death that was begun, with what the birth says now.
        if let Some(mut begun) = self.begun(&birth.id, &birth.event().0, by)? {
            for (field, answer) in self.death_draft(&birth, by.role).answers {
                let of_birth = field.starts_with("infant.")
                    || matches!(
                        field.as_str(),
                        f::DECEASED_SURNAME
                            | f::DECEASED_SEX
                            | f::DECEASED_BORN
                            | f::DECEASED_DISTRICT
                            | f::DECEASED_ADDRESS
                    );
                let blank = begun.text(&field).is_empty() && begun.not(&field).is_none();
                if (of_birth || blank) && (!answer.text.is_empty() || answer.not.is_some()) {
                    begun.answers.insert(field, answer);
                }
            }
            self.store.save_draft(&begun, by.login, now)?;
            return Ok((None, begun));
        }
        let death = self.death_draft(&birth, by.role);
        birth.links.push(Link {
            nid: death.id.clone(),
            kind: "birth-of-this-death".to_owned(),
        });
        birth.put(f::CHILD_LIVING, "no");
        self.store.save_draft(&birth, by.login, now)?;
        self.store.save_draft(&death, by.login, now)?;
        Ok((Some(birth), death))
    }

    /// The death of this birth that somebody has begun, taken up.
    fn begun(&mut self, id: &str, birth: &Event, by: Author<'_>) -> Result<Option<Draft>, StoreError> {
        let linked = self.linked_drafts(id, birth)?;
        let Some(row) = linked.into_iter().find(|row| row.draft.kind == Kind::Death) else {
            return Ok(None);
        };
        let now = self.clock.now();
        let row = self.store.take_draft(&row.draft.id, by.login, now, false)?;
        Ok(Some(row.draft))
    }

    /// What a death knows from the birth.
    fn death_draft(&self, birth: &Draft, role: Role) -> Draft {
        let settings = &self.settings;
        let mut draft = self.new_draft(Kind::Death, settings.lang, role);
        for (from, to) in [
            (f::CHILD_SURNAME, f::DECEASED_SURNAME),
            (f::CHILD_GIVEN, f::DECEASED_GIVEN),
            (f::CHILD_PATRONYMIC, f::DECEASED_PATRONYMIC),
            (f::CHILD_SEX, f::DECEASED_SEX),
            (f::BIRTH_DATE, f::DECEASED_BORN),
            (f::MOTHER_DISTRICT, f::DECEASED_DISTRICT),
            (f::MOTHER_ADDRESS, f::DECEASED_ADDRESS),
            (f::MOTHER_AREA, f::DECEASED_AREA),
            (f::MOTHER_CITIZENSHIP, f::DECEASED_CITIZENSHIP),
            (f::MOTHER_SURNAME, f::INFANT_MOTHER_SURNAME),
            (f::MOTHER_GIVEN, f::INFANT_MOTHER_GIVEN),
            (f::MOTHER_DOCUMENT, f::INFANT_MOTHER_DOCUMENT),
            (f::BIRTH_TIME, f::INFANT_BIRTH_TIME),
            (f::BIRTH_WEIGHT, f::INFANT_WEIGHT),
            (f::BIRTH_WEEKS, f::INFANT_WEEKS),
        ] {
            if let Some(answer) = birth.answers.get(from) {
                draft.answers.insert(to.to_owned(), answer.clone());
            }
        }
        // A child without a name of its own goes by the mother's.
        if draft.text(f::DECEASED_SURNAME).is_empty() {
            draft.put(f::DECEASED_SURNAME, birth.text(f::MOTHER_SURNAME));
        }
        let event = birth.event().0;
        if let Some(children) = event.int(f::BIRTH_PLURALITY) {
            draft.put(f::INFANT_MULTIPLE, if children > 1 { "yes" } else { "no" });
        }
        if event.text(f::BIRTH_PLACE) == Some("facility") {
            draft.put(f::INFANT_BIRTH_PLACE, &settings.facility.name);
        }
        // Of a mother whose year alone is known the age would be a guess.
        if let (Some(mother), Some(at)) = (event.date(f::MOTHER_BORN), event.event_date())
            && let (least, most) = mother.years_until(at)
            && least == most
        {
            draft.put(f::INFANT_MOTHER_AGE, &least.to_string());
        }
        draft.links.push(Link {
            nid: birth.id.clone(),
            kind: "death-of-this-birth".to_owned(),
        });
        draft
    }

    /// Begins the next child of a delivery; it is saved at once, as the set's member.
    ///
    /// # Errors
    /// [`DraftError::NotMultiple`], [`DraftError::SetFull`]; and those of the database.
    pub fn next_child(&mut self, of: &Draft, kind: Kind, by: Author<'_>) -> Result<Draft, DraftError> {
        let set = of.set.as_ref().ok_or(DraftError::NotMultiple)?;
        let taken: Vec<u32> = self
            .store
            .drafts()?
            .iter()
            .filter_map(|row| row.draft.set.as_ref())
            .filter(|s| s.id == set.id)
            .map(|s| s.order)
            .chain([set.order])
            .collect();
        let free = (1..=set.n).find(|o| !taken.contains(o));
        let order = free.ok_or(DraftError::SetFull(set.n))?;
        let mut draft = Draft::new(kind);
        for q in questions(kind).filter(|q| !q.uses.contains(&Use::OfEachChild)) {
            if let Some(answer) = of.answers.get(q.id) {
                draft.answers.insert(q.id.to_owned(), answer.clone());
            }
        }
        draft.put(f::BIRTH_ORDER, &order.to_string());
        draft.set = Some(Set {
            id: set.id.clone(),
            order,
            n: set.n,
        });
        self.store.save_draft(&draft, by.login, self.clock.now())?;
        Ok(draft)
    }

    /// Adds drafts of events, each under this identifier, all or none; of a `file` that was taken, given by the
    /// hash of what it says, those that were added then.
    pub fn add_drafts<'a>(
        &mut self,
        events: impl Iterator<Item = (&'a str, &'a Event)>,
        login: &str,
        file: Option<&str>,
    ) -> Result<Added, StoreError> {
        let drafts = events.map(|(id, event)| {
            let draft = Draft {
                id: id.to_owned(),
                ..Draft::from_event(event)
            };
            let ready = is_ready(&draft);
            (draft, ready)
        });
        let drafts: Vec<(Draft, bool)> = drafts.collect();
        self.store.add_drafts(&drafts, login, self.clock.now(), file)
    }

    /// Lists drafts that name this one or that it names: the death of a birth, the birth of a death.
    pub fn linked_drafts(&self, id: &str, event: &Event) -> Result<Vec<DraftRow>, StoreError> {
        let mut drafts = self.store.drafts()?;
        drafts.retain(|row| {
            let names = row.draft.links.iter().any(|l| l.nid == id);
            let named = event.links.iter().any(|l| l.nid == row.draft.id);
            row.draft.id != id && row.draft.amends.is_none() && (names || named)
        });
        Ok(drafts)
    }

    /// Lets a draft go; whether it waits for a certifier follows from what it says.
    pub fn release_draft(&mut self, id: &str, login: &str) -> Result<(), StoreError> {
        let Some(row) = self.store.draft(id)? else {
            return Ok(());
        };
        let ready = is_ready(&row.draft);
        if ready != row.ready {
            self.store.hand_draft(id, ready, login, self.clock.now())?;
        }
        self.store.release_draft(id)
    }

    /// Throws a draft away; no other draft names it any longer.
    pub fn drop_draft(&mut self, id: &str, login: &str) -> Result<(), StoreError> {
        self.store.drop_draft(id)?;
        for row in self.store.drafts()? {
            let mut draft = row.draft;
            let before = draft.links.len();
            draft.links.retain(|l| l.nid != id);
            if draft.links.len() < before {
                self.store.save_draft(&draft, login, self.clock.now())?;
                self.store.release_draft(&draft.id)?;
            }
        }
        Ok(())
    }
}
