//! The worker: effects in, messages out, in order, on a connection to the store of its own.

use std::sync::mpsc::{Receiver, Sender};

use super::super::data::{Moment, Shown, User};
use super::super::{Effect, Msg};
use super::{Order, read};
use crate::env::ClockTrust;
use crate::form::Draft;
use crate::lang;
use crate::questions::required;
use crate::vital::Event;
use crate::ward::deliver::PushHandle;
use crate::ward::store::{Person, StoreError};
use crate::ward::workplace::{KeyStanding, Workplace};

/// Does what screens ask for.
pub struct Worker {
    pub(super) workplace: Workplace,
    pub(super) push_handle: Option<PushHandle>,
    /// Whose key was opened last.
    pub(super) person: Option<Person>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Worker")
    }
}

impl Worker {
    /// Works at an open device.
    pub fn new(workplace: Workplace, push_handle: Option<PushHandle>) -> Worker {
        Worker {
            workplace,
            push_handle,
            person: None,
        }
    }

    /// Works until told to end.
    pub(super) fn run(mut self, orders: &Receiver<Order>, inbox: &Sender<Msg>) {
        while let Ok(first) = orders.recv() {
            let mut batch = vec![first];
            batch.extend(orders.try_iter());
            let end = batch.iter().any(|o| matches!(o, Order::End));
            let batch = batch.into_iter().filter_map(|o| match o {
                Order::Do(effect) => Some(effect),
                Order::End => None,
            });
            for effect in newest(batch.collect()) {
                for msg in self.perform(effect) {
                    let _ = inbox.send(msg);
                }
            }
            if end {
                return;
            }
        }
    }

    /// Does one thing and says what came of it.
    pub fn perform(&mut self, effect: Effect) -> Vec<Msg> {
        match self.try_perform(effect) {
            Ok(msgs) => msgs,
            Err(error) => vec![Msg::Failed(Shown::of(&error))],
        }
    }

    fn try_perform(&mut self, effect: Effect) -> Result<Vec<Msg>, StoreError> {
        let now = self.workplace.clock.now();
        Ok(match effect {
            Effect::Quit => vec![],
            Effect::People => vec![Msg::People(self.people()?)],
            Effect::Time => vec![Msg::Tick(now, self.trust())],
            Effect::Queue => vec![Msg::Queue(read::queue(&self.workplace.store, now)?)],
            Effect::Unlock { login, secret } => vec![self.unlock(&login, &secret)],
            Effect::Lock => {
                self.person = None;
                vec![]
            }
            Effect::Home(list) => vec![Msg::Home(Box::new(read::home(&self.workplace.store, list, now)?))],
            Effect::NewDraft(kind, lang) => {
                let today = (self.trust() == ClockTrust::Synced).then(|| now.date_naive());
                let role = self
                    .person
                    .as_ref()
                    .map_or(crate::env::Role::Recorder, |p| p.role);
                let draft = Draft::with_defaults(kind, &self.workplace.settings.facility, role, lang, today);
                vec![Msg::Draft(Box::new(draft))]
            }
            Effect::DeathOf(nid) => vec![self.death_of(&nid, now)?],
            Effect::DeathOfDraft(birth) => self.death_of_draft(*birth, now)?,
            Effect::LeaveNaming(nid) => {
                let left = self.workplace.store.leave_naming(&nid, &self.login(), now)?;
                let id = if left {
                    "ui-naming-left"
                } else {
                    "ui-naming-taken-back"
                };
                vec![Msg::Notice(Shown::new(lang::Msg::new(id)))]
            }
            Effect::Handover => vec![Msg::Handover(read::handover(&self.workplace.store, now)?)],
            Effect::NextChild(draft, kind) => vec![self.next_child(&draft, kind, now)?],
            Effect::OpenDraft { id, over } => {
                let row = self.workplace.store.take_draft(&id, &self.login(), now, over)?;
                vec![Msg::Draft(Box::new(row.draft))]
            }
            Effect::Correct { nid, reason } => vec![self.correct(&nid, reason, now)?],
            Effect::SaveDraft(draft) => {
                let login = self.login();
                vec![match self.workplace.store.save_draft(&draft, &login, now) {
                    Ok(()) => Msg::DraftSaved(draft.id, now),
                    Err(error) => Msg::DraftUnsaved(draft.id, Shown::of(&error)),
                }]
            }
            Effect::ReleaseDraft(id) => {
                self.release(&id, now)?;
                vec![]
            }
            Effect::DropDraft(id) => {
                self.workplace.store.drop_draft(&id)?;
                self.unlink(&id, now)?;
                vec![]
            }
            Effect::EventContext(id, event) => {
                let context = read::context(
                    &self.workplace.store,
                    &id,
                    &event,
                    &self.workplace.settings.limits,
                )?;
                vec![Msg::EventContext(id, Box::new(context))]
            }
            // What waits has changed, and the header says so whatever screen comes next.
            Effect::Sign { draft, secret } => {
                let signed = self.sign(&draft, &secret);
                vec![signed, Msg::Queue(read::queue(&self.workplace.store, now)?)]
            }
            Effect::Annul { nid, reason, secret } => {
                let signed = self.annul(&nid, reason, &secret);
                vec![signed, Msg::Queue(read::queue(&self.workplace.store, now)?)]
            }
            Effect::Attest { nid, secret } => {
                let signed = self.attest(&nid, &secret);
                vec![signed, Msg::Queue(read::queue(&self.workplace.store, now)?)]
            }
            Effect::IssueKey {
                login,
                helper,
                secret,
                second,
            } => {
                let issued = self.issue_key(&login, (&helper, &secret), second.as_ref());
                vec![issued, Msg::Queue(read::queue(&self.workplace.store, now)?)]
            }
            Effect::Pin { secret, pin } => vec![self.set_pin(&secret, &pin)],
            Effect::Search(number, text) => {
                vec![Msg::Found(number, read::search(&self.workplace.store, &text)?)]
            }
            Effect::Notification(nid) => {
                let shown = read::notification(&self.workplace.store, &nid)?;
                match shown {
                    Some(shown) => vec![Msg::Notification(Box::new(shown))],
                    None => vec![Msg::Failed(Shown::new(lang::Msg::new("ui-correct-unread")))],
                }
            }
            Effect::Delivery => vec![Msg::Delivery(Box::new(read::delivery(
                &self.workplace.store,
                now,
            )?))],
            Effect::SendNow => {
                if let Some(push_handle) = &self.push_handle {
                    push_handle.push_now();
                }
                vec![]
            }
        })
    }

    /// Login of whoever is at work.
    pub(super) fn login(&self) -> String {
        self.person.as_ref().map(|p| p.login.clone()).unwrap_or_default()
    }

    /// How far the clock may be believed.
    pub(super) fn trust(&self) -> ClockTrust {
        self.workplace.trust_in_clock().unwrap_or(ClockTrust::Unsynced)
    }

    fn people(&self) -> Result<Vec<User>, StoreError> {
        let people = self.workplace.store.people()?;
        let active = people.iter().filter(|p| p.suspended.is_none());
        Ok(active.map(|p| self.shown(p)).collect())
    }

    /// A person as the screen knows them.
    pub(super) fn shown(&self, person: &Person) -> User {
        let standing = self.workplace.standing_of(&person.kid);
        User {
            login: person.login.clone(),
            name: person.name.clone(),
            role: person.role,
            confirmed: standing.is_ok_and(|s| s == KeyStanding::Confirmed),
        }
    }

    /// A draft that is gone is named by no other draft any longer.
    fn unlink(&mut self, id: &str, now: Moment) -> Result<(), StoreError> {
        let login = self.login();
        for row in self.workplace.store.drafts()? {
            let mut draft = row.draft;
            let before = draft.links.len();
            draft.links.retain(|l| l.nid != id);
            if draft.links.len() < before {
                self.workplace.store.save_draft(&draft, &login, now)?;
                self.workplace.store.release_draft(&draft.id)?;
            }
        }
        Ok(())
    }

    /// Lets a draft go; whether it waits for a certifier follows from what it says.
    fn release(&mut self, id: &str, now: Moment) -> Result<(), StoreError> {
        let Some(row) = self.workplace.store.draft(id)? else {
            return Ok(());
        };
        let (event, errors) = row.draft.event();
        let ready = errors.is_empty() && required(&event).iter().all(|f| event.get(f).is_some());
        if ready != row.ready {
            self.workplace.store.hand_draft(id, ready, &self.login(), now)?;
        }
        self.workplace.store.release_draft(id)
    }

    /// Reads what a draft says, or tells what cannot be read.
    pub(super) fn event_of(draft: &Draft) -> Result<Event, Shown> {
        let (event, mut errors) = draft.event();
        match errors.is_empty() {
            true => Ok(event),
            false => Err(Shown::new(errors.remove(0).msg)),
        }
    }
}

/// Leaves out what a later order of the batch makes needless: older states of one draft, older
/// searches, lists asked for twice. Whatever stands between two saves and needs the first of them
/// keeps it.
fn newest(batch: Vec<Effect>) -> Vec<Effect> {
    let mut kept: Vec<Effect> = Vec::with_capacity(batch.len());
    for effect in batch.into_iter().rev() {
        let needless = kept.iter().rev().any(|later| match (&effect, later) {
            (Effect::SaveDraft(old), Effect::SaveDraft(new)) => old.id == new.id,
            (Effect::EventContext(old, _), Effect::EventContext(new, _)) => old == new,
            (Effect::Search(..), Effect::Search(..))
            | (Effect::Home(_), Effect::Home(_))
            | (Effect::Queue, Effect::Queue)
            | (Effect::Delivery, Effect::Delivery) => true,
            _ => false,
        });
        let acts = kept.iter().any(|later| {
            matches!(
                later,
                Effect::ReleaseDraft(_)
                    | Effect::DropDraft(_)
                    | Effect::Sign { .. }
                    | Effect::OpenDraft { .. }
                    | Effect::Lock
                    | Effect::Unlock { .. }
            )
        });
        if !needless || acts {
            kept.push(effect);
        }
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vital::Kind;

    #[test]
    fn only_the_newest_state_of_a_draft_is_written_unless_something_needs_the_older_one() {
        let mut draft = Draft::new(Kind::Birth);
        let save = |d: &Draft| Effect::SaveDraft(Box::new(d.clone()));
        let first = save(&draft);
        draft.put("note", "a");
        let second = save(&draft);
        assert_eq!(
            newest(vec![first.clone(), second.clone()]),
            std::slice::from_ref(&second)
        );
        let release = Effect::ReleaseDraft(draft.id.clone());
        let all = vec![first, release, second];
        assert_eq!(newest(all.clone()), all);
        let two = vec![Effect::Search(1, "а".into()), Effect::Search(2, "аб".into())];
        assert_eq!(newest(two), [Effect::Search(2, "аб".into())]);
    }
}
