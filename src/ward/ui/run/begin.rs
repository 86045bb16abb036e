//! Drafts that begin with what is known already: corrections, a child's death, the next twin.

use super::super::Msg;
use super::super::data::{Moment, Shown};
use super::Worker;
use crate::env::ClockTrust;
use crate::form::Draft;
use crate::lang;
use crate::questions::questions;
use crate::vital::{Event, Kind, Link, Set, field as f};
use crate::ward::store::StoreError;

/// What each child of a delivery has of its own.
const OWN: &[&str] = &[
    f::CHILD_SEX,
    f::CHILD_GIVEN,
    f::BIRTH_TIME,
    f::BIRTH_WEIGHT,
    f::BIRTH_LENGTH,
    f::BIRTH_ORDER,
    f::BIRTH_APGAR_1,
    f::BIRTH_APGAR_5,
    f::BIRTH_APGAR_10,
    f::FOETUS_SIGNS,
    f::FOETUS_WHEN,
    f::PAPER,
];

impl Worker {
    /// The draft of a correction: one that a colleague has begun, or a new one.
    pub(super) fn correct(&mut self, nid: &str, reason: String, now: Moment) -> Result<Msg, StoreError> {
        if let Some(row) = self.workplace.store.draft_amending(nid)? {
            let row = self
                .workplace
                .store
                .take_draft(&row.draft.id, &self.login(), now, false)?;
            return Ok(Msg::Draft(Box::new(row.draft)));
        }
        let known = self.workplace.store.notification(nid)?;
        let Some(event) = &known.event else {
            return Ok(Msg::Failed(Shown::new(lang::Msg::new("ui-correct-unread"))));
        };
        let mut draft = Draft::from_event(event);
        draft.amends = Some(crate::form::Amends {
            nid: nid.to_owned(),
            rev: known.row.rev,
            h: known.h,
            reason,
        });
        // What was certified for the time being is replaced by the final certificate.
        if draft.text(f::DEATH_CERTIFICATE) == "preliminary" {
            draft.put(f::DEATH_CERTIFICATE, "replaces-preliminary");
        }
        Ok(Msg::Draft(Box::new(draft)))
    }

    /// The draft of a death from a signed birth: what the two share is not typed twice.
    pub(super) fn death_of(&mut self, nid: &str, now: Moment) -> Result<Msg, StoreError> {
        let known = self.workplace.store.notification(nid)?;
        let Some(birth) = known.event else {
            return Ok(Msg::Failed(Shown::new(lang::Msg::new("ui-correct-unread"))));
        };
        if let Some(begun) = self.begun(nid, &birth, now)? {
            return Ok(Msg::Draft(Box::new(begun)));
        }
        let mut said = Draft::from_event(&birth);
        nid.clone_into(&mut said.id);
        Ok(Msg::Draft(Box::new(self.death_draft(&said, now))))
    }

    /// The draft of a death from the draft of a birth. The two name each other, so that one person
    /// can sign both in one act, or each their part.
    pub(super) fn death_of_draft(&mut self, mut birth: Draft, now: Moment) -> Result<Vec<Msg>, StoreError> {
        // Pressed again it opens the death that was begun, with what the birth says now.
        if let Some(mut begun) = self.begun(&birth.id, &birth.event().0, now)? {
            for (field, answer) in self.death_draft(&birth, now).answers {
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
            let login = self.login();
            self.workplace.store.save_draft(&begun, &login, now)?;
            return Ok(vec![Msg::Draft(Box::new(begun))]);
        }
        let death = self.death_draft(&birth, now);
        birth.links.push(Link {
            nid: death.id.clone(),
            kind: "birth-of-this-death".to_owned(),
        });
        birth.put(f::CHILD_LIVING, "no");
        let login = self.login();
        self.workplace.store.save_draft(&birth, &login, now)?;
        self.workplace.store.save_draft(&death, &login, now)?;
        Ok(vec![Msg::Revised(Box::new(birth)), Msg::Draft(Box::new(death))])
    }

    /// The death of this birth that somebody has begun, taken up.
    fn begun(&mut self, id: &str, birth: &Event, now: Moment) -> Result<Option<Draft>, StoreError> {
        let linked = super::read::linked(&self.workplace.store, id, birth)?;
        let Some(row) = linked.into_iter().find(|row| row.draft.kind == Kind::Death) else {
            return Ok(None);
        };
        let row = self
            .workplace
            .store
            .take_draft(&row.draft.id, &self.login(), now, false)?;
        Ok(Some(row.draft))
    }

    /// What a death knows from the birth.
    fn death_draft(&self, birth: &Draft, now: Moment) -> Draft {
        let role = self
            .person
            .as_ref()
            .map_or(crate::env::Role::Recorder, |p| p.role);
        let today = (self.trust() == ClockTrust::Synced).then(|| now.date_naive());
        let settings = &self.workplace.settings;
        let mut draft = Draft::with_defaults(Kind::Death, &settings.facility, role, settings.lang, today);
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

    /// The draft of the next child of a delivery; it is saved at once, as the set's member.
    pub(super) fn next_child(&mut self, of: &Draft, kind: Kind, now: Moment) -> Result<Msg, StoreError> {
        let Some(set) = &of.set else {
            return Ok(Msg::Failed(Shown::new(lang::Msg::new("ui-only-multiple"))));
        };
        let taken: Vec<u32> = self
            .workplace
            .store
            .drafts()?
            .iter()
            .filter_map(|row| row.draft.set.as_ref())
            .filter(|s| s.id == set.id)
            .map(|s| s.order)
            .chain([set.order])
            .collect();
        let Some(order) = (1..=set.n).find(|o| !taken.contains(o)) else {
            return Ok(Msg::Failed(Shown::new(
                lang::Msg::new("ui-set-full").with("n", set.n),
            )));
        };
        let mut draft = Draft::new(kind);
        for q in questions(kind).filter(|q| !OWN.contains(&q.id)) {
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
        self.workplace.store.save_draft(&draft, &self.login(), now)?;
        Ok(Msg::Draft(Box::new(draft)))
    }
}
