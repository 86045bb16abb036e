//! The worker: effects in, messages out, in order, on a connection to the store of its own.

use std::sync::mpsc::{Receiver, Sender};

use super::super::data::{Shown, User};
use super::super::msg::Secret;
use super::super::{Effect, Msg};
use super::order::Order;
use super::{read, words};
use crate::env::{ClockTrust, Role};
use crate::form::Draft;
use crate::lang;
use crate::ward::deliver::PushHandle;
use crate::ward::store::{Person, Statement, StoreError, ToSign};
use crate::ward::workplace::{Author, DraftError, KeyStanding, UnlockedPerson, Workplace, in_words};

/// Does what screens ask for.
pub struct Worker {
    workplace: Workplace,
    push_handle: Option<PushHandle>,
    /// Whose key was opened last.
    person: Option<Person>,
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
            Err(error) => vec![Msg::Failed(words::undrafted(error))],
        }
    }

    fn try_perform(&mut self, effect: Effect) -> Result<Vec<Msg>, DraftError> {
        let now = self.workplace.clock.now();
        let login = self.login();
        let by = Author {
            login: &login,
            role: self.person.as_ref().map_or(Role::Recorder, |p| p.role),
        };
        let draft = |draft: Draft| Msg::Draft(Box::new(draft));
        let here = &mut self.workplace;
        Ok(match effect {
            Effect::Quit => vec![],
            Effect::People => vec![Msg::People(self.people()?)],
            Effect::Time => {
                let trust = here.trust_in_clock().unwrap_or(ClockTrust::Unsynced);
                vec![Msg::Tick(now, trust)]
            }
            Effect::Queue => vec![Msg::Queue(read::queue(&here.store, now)?)],
            Effect::Unlock { login, secret } => {
                let missing = self.workplace.store.missing()?;
                let n: u64 = missing.iter().map(|lost| lost.seq - lost.after).sum();
                let unlocked = self.unlock(&login, &secret);
                let told = matches!(unlocked, Msg::Unlocked(_)) && n > 0;
                let n = i64::try_from(n).unwrap_or(i64::MAX);
                let shown = told.then(|| Shown::new(lang::Msg::new("ui-missing").with("n", n)));
                std::iter::once(unlocked).chain(shown.map(Msg::Failed)).collect()
            }
            Effect::Lock => {
                self.person = None;
                vec![]
            }
            Effect::Home(list) => vec![Msg::Home(Box::new(read::home(here, list, now)?))],
            Effect::NewDraft(kind, lang) => vec![draft(here.new_draft(kind, lang, by.role))],
            Effect::DeathOf(nid) => vec![draft(here.death_of(&nid, by)?)],
            Effect::DeathOfDraft(birth) => {
                let (birth, death) = here.death_of_draft(*birth, by)?;
                let revised = birth.map(|birth| Msg::Revised(Box::new(birth)));
                revised.into_iter().chain([draft(death)]).collect()
            }
            Effect::LeaveNaming(nid) => {
                let id = match here.store.leave_naming(&nid, by.login, now)? {
                    true => "ui-naming-left",
                    false => "ui-naming-taken-back",
                };
                vec![Msg::Notice(Shown::new(lang::Msg::new(id)))]
            }
            Effect::Handover => vec![Msg::Handover(read::handover(here)?)],
            Effect::NextChild(of, kind) => vec![draft(here.next_child(&of, kind, by)?)],
            Effect::OpenDraft { id, over } => {
                vec![draft(here.store.take_draft(&id, by.login, now, over)?.draft)]
            }
            Effect::Correct { nid, reason } => vec![draft(here.correct(&nid, reason, by)?)],
            Effect::SaveDraft(draft) => vec![match here.store.save_draft(&draft, by.login, now) {
                Ok(()) => Msg::DraftSaved(draft.id, now),
                Err(error) => Msg::DraftUnsaved(draft.id, Shown::of(&error)),
            }],
            Effect::ReleaseDraft(id) => {
                here.release_draft(&id, by.login)?;
                vec![]
            }
            Effect::DropDraft(id) => {
                here.drop_draft(&id, by.login)?;
                vec![]
            }
            Effect::EventContext(id, event) => {
                let context = read::context(here, &id, &event)?;
                vec![Msg::EventContext(id, Box::new(context))]
            }
            Effect::Sign { draft, secret } => {
                let signed = self.sign(&draft, &secret);
                self.signed(signed)?
            }
            Effect::Annul { nid, reason, secret } => {
                let reason = in_words(&reason);
                let signed = self.record(
                    vec![
                        Statement::Void {
                            nid: nid.into(),
                            reason,
                        }
                        .into(),
                    ],
                    &secret,
                    "ui-annulled",
                );
                self.signed(signed)?
            }
            Effect::Attest { nid, secret } => {
                let signed = self.record(
                    vec![Statement::Attest { nid: nid.into() }.into()],
                    &secret,
                    "ui-attested",
                );
                self.signed(signed)?
            }
            Effect::IssueKey {
                login,
                helper,
                secret,
                second,
            } => {
                let issued = self.issue_key(&login, (&helper, &secret), second.as_ref());
                self.signed(issued)?
            }
            Effect::Pin { secret, pin } => vec![self.set_pin(&secret, &pin).unwrap_or_else(Msg::NotSigned)],
            Effect::Search(number, text) => vec![Msg::Found(number, read::search(&here.store, &text)?)],
            Effect::Notification(nid) => match read::notification(&here.store, &nid)? {
                Some(shown) => vec![Msg::Notification(Box::new(shown))],
                None => return Err(DraftError::NotificationUnread),
            },
            Effect::Delivery => vec![Msg::Delivery(Box::new(read::delivery(&here.store, now)?))],
            Effect::SendNow => {
                self.send_now();
                vec![]
            }
        })
    }

    /// Login of whoever is at work.
    fn login(&self) -> String {
        self.person.as_ref().map(|p| p.login.clone()).unwrap_or_default()
    }

    fn send_now(&self) {
        if let Some(push_handle) = &self.push_handle {
            push_handle.push_now();
        }
    }

    fn people(&self) -> Result<Vec<User>, StoreError> {
        let people = self.workplace.store.people()?;
        let active = people.iter().filter(|p| p.suspended.is_none());
        Ok(active.map(|p| self.shown(p)).collect())
    }

    /// A person as the screen knows them.
    fn shown(&self, person: &Person) -> User {
        let standing = self.workplace.standing_of(&person.kid);
        User {
            login: person.login.clone(),
            name: person.name.clone(),
            role: person.role,
            confirmed: standing.is_ok_and(|s| s == KeyStanding::Confirmed),
        }
    }

    /// Opens a person's key to see that it opens; it is not kept.
    fn unlock(&mut self, login: &str, secret: &Secret) -> Msg {
        match self.opened(login, secret) {
            Ok(by) => {
                let shown = self.shown(&by.person);
                self.person = Some(by.person);
                Msg::Unlocked(shown)
            }
            Err(shown) => Msg::NotUnlocked(shown),
        }
    }

    fn opened(&mut self, login: &str, secret: &Secret) -> Result<UnlockedPerson, Shown> {
        let opened = self.workplace.unlock(login, secret.reveal());
        opened.map_err(|e| words::locked(&e, secret))
    }

    /// Whoever is at work.
    fn at_work(&self) -> Result<Person, Shown> {
        let none = || Shown::new(lang::Msg::new("ui-no-key"));
        self.person.clone().ok_or_else(none)
    }

    /// What came of a signature. What waits has changed, and the header says so whatever screen comes next.
    fn signed(&self, done: Result<Msg, Shown>) -> Result<Vec<Msg>, StoreError> {
        if done.is_ok() {
            // It goes at once; whether it arrives shows in the header.
            self.send_now();
        }
        let store = &self.workplace.store;
        let queue = read::queue(store, self.workplace.clock.now())?;
        Ok(vec![done.unwrap_or_else(Msg::NotSigned), Msg::Queue(queue)])
    }

    fn sign(&mut self, draft: &Draft, secret: &Secret) -> Result<Msg, Shown> {
        let what = self.workplace.statements(draft, &self.at_work()?);
        self.record(what.map_err(words::undrafted)?, secret, "ui-signed")
    }

    /// Opens the key first, then signs and stores in one transaction.
    fn record(&mut self, what: Vec<ToSign>, secret: &Secret, notice: &'static str) -> Result<Msg, Shown> {
        let person = self.at_work()?;
        let by = self.opened(&person.login, secret)?;
        let recorded = self.workplace.record(what, &by).map_err(|e| Shown::of(&e))?;
        Ok(Msg::Signed {
            nid: recorded.first().map(|r| r.nid.clone()).unwrap_or_default().into(),
            notice: Shown::new(match recorded.len() {
                0 | 1 => lang::Msg::new(notice),
                n => lang::Msg::new("ui-signed-several").with("n", n),
            }),
        })
    }

    /// A colleague gets a new key from whoever may give it; the passphrase is shown once.
    fn issue_key(
        &mut self,
        login: &str,
        (helper, secret): (&str, &Secret),
        second: Option<&(String, Secret)>,
    ) -> Result<Msg, Shown> {
        let helper = self.helper(helper, secret)?;
        let second = second.map(|(login, secret)| self.helper(login, secret));
        let second = second.transpose()?;
        let issued = self.workplace.issue_key(login, &helper, second.as_ref());
        let issued = issued.map_err(|e| Shown::of(&e))?;
        Ok(Msg::KeyIssued {
            name: issued.person.name,
            phrase: Secret::new(&issued.phrase),
        })
    }

    /// A colleague with the key opened.
    fn helper(&mut self, who: &str, secret: &Secret) -> Result<UnlockedPerson, Shown> {
        match self.workplace.colleague(who) {
            Ok(Some(person)) => self.opened(&person.login, secret),
            Ok(None) => Err(Shown::new(lang::Msg::new("ui-no-helper").with("found", who))),
            Err(e) => Err(Shown::of(&e)),
        }
    }

    /// Lets a PIN, too, sign for whoever is at work.
    fn set_pin(&mut self, secret: &Secret, pin: &Secret) -> Result<Msg, Shown> {
        let person = self.at_work()?;
        let by = self.opened(&person.login, secret)?;
        let set = self.workplace.set_pin(&by, pin.reveal());
        set.map_err(|e| Shown::of(&e))?;
        Ok(Msg::Signed {
            nid: String::new(),
            notice: Shown::new(lang::Msg::new("ui-pin-set")),
        })
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
            | (Effect::People, Effect::People)
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
