//! Drafts that begin with what is known already: corrections, a child's death, the next twin.

use super::super::Msg;
use super::super::data::{Moment, Shown};
use super::Worker;
use crate::form::{Draft, questions};
use crate::lang;
use crate::store::StoreError;
use crate::vital::{Kind, Link, Set, field as f};

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
        if let Some(row) = self.store.draft_amending(nid)? {
            let row = self.store.take_draft(&row.draft.id, &self.login(), now, false)?;
            return Ok(Msg::Draft(Box::new(row.draft)));
        }
        let known = self.store.notification(nid)?;
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
        Ok(Msg::Draft(Box::new(draft)))
    }

    /// The draft of a death from a birth: what the two share is not typed twice.
    pub(super) fn death_of(&mut self, nid: &str) -> Result<Msg, StoreError> {
        let known = self.store.notification(nid)?;
        let Some(birth) = known.event else {
            return Ok(Msg::Failed(Shown::new(lang::Msg::new("ui-correct-unread"))));
        };
        let role = self
            .person
            .as_ref()
            .map_or(crate::env::Role::Recorder, |p| p.role);
        let mut draft = Draft::with_defaults(
            Kind::Death,
            &self.settings.facility,
            role,
            self.settings.lang,
            None,
        );
        let said = Draft::from_event(&birth);
        for (from, to) in [
            (f::CHILD_SURNAME, f::DECEASED_SURNAME),
            (f::CHILD_GIVEN, f::DECEASED_GIVEN),
            (f::CHILD_PATRONYMIC, f::DECEASED_PATRONYMIC),
            (f::CHILD_SEX, f::DECEASED_SEX),
            (f::BIRTH_DATE, f::DECEASED_BORN),
            (f::MOTHER_DISTRICT, f::DECEASED_DISTRICT),
            (f::MOTHER_ADDRESS, f::DECEASED_ADDRESS),
        ] {
            if let Some(answer) = said.answers.get(from) {
                draft.answers.insert(to.to_owned(), answer.clone());
            }
        }
        // A child without a name of its own goes by the mother's.
        if draft.text(f::DECEASED_SURNAME).is_empty() {
            draft.put(f::DECEASED_SURNAME, said.text(f::MOTHER_SURNAME));
        }
        draft.links.push(Link {
            nid: nid.to_owned(),
            kind: "death-of-this-birth".to_owned(),
        });
        Ok(Msg::Draft(Box::new(draft)))
    }

    /// The draft of the next child of a delivery; it is saved at once, as the set's member.
    pub(super) fn next_child(&mut self, of: &Draft, kind: Kind, now: Moment) -> Result<Msg, StoreError> {
        let Some(set) = &of.set else {
            return Ok(Msg::Failed(Shown::new(lang::Msg::new("ui-only-multiple"))));
        };
        let taken: Vec<u32> = self
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
        self.store.save_draft(&draft, &self.login(), now)?;
        Ok(Msg::Draft(Box::new(draft)))
    }
}
