//! Opening keys and signing. A secret key lives for as long as one signature takes.

use super::super::data::Shown;
use super::super::msg::Secret;
use super::super::{Effect, Msg};
use super::Worker;
use crate::form::Draft;
use crate::seal::{AmendReason, SealError};
use crate::vital::{Event, Kind, Value, field};
use crate::ward::store::{Statement, StoreError, ToSign};
use crate::ward::workplace::{UnlockError, UnlockedPerson};
use crate::{lang, rules};

impl Worker {
    /// Opens a person's key to see that it opens; it is not kept.
    pub(super) fn unlock(&mut self, login: &str, secret: &Secret) -> Msg {
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
        opened.map_err(|e| locked(e, secret))
    }

    /// A colleague gets a new key from whoever may give it; the passphrase is shown once.
    pub(super) fn issue_key(
        &mut self,
        login: &str,
        helper: (&str, &Secret),
        second: Option<&(String, Secret)>,
    ) -> Msg {
        match self.try_issue_key(login, helper, second) {
            Ok(msg) => msg,
            Err(shown) => Msg::NotSigned(shown),
        }
    }

    fn try_issue_key(
        &mut self,
        login: &str,
        (helper, secret): (&str, &Secret),
        second: Option<&(String, Secret)>,
    ) -> Result<Msg, Shown> {
        let helper = self.helper(helper, secret)?;
        let second = second
            .map(|(login, secret)| self.helper(login, secret))
            .transpose()?;
        let issued = self.workplace.issue_key(login, &helper, second.as_ref());
        let issued = issued.map_err(|e| Shown::of(&e))?;
        self.perform(Effect::SendNow);
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

    /// Locks the key with a PIN, in memory.
    pub(super) fn set_pin(&mut self, secret: &Secret, pin: &Secret) -> Msg {
        let Some(person) = self.person.clone() else {
            return Msg::NotSigned(Shown::new(lang::Msg::new("ui-no-key")));
        };
        let set = self.opened(&person.login, secret).and_then(|by| {
            self.workplace
                .set_pin(&by, pin.reveal())
                .map_err(|e| Shown::of(&e))
        });
        match set {
            Ok(()) => Msg::Signed {
                nid: String::new(),
                notice: Shown::new(lang::Msg::new("ui-pin-set")),
            },
            Err(shown) => Msg::NotSigned(shown),
        }
    }

    pub(super) fn sign(&mut self, draft: &Draft, secret: &Secret) -> Msg {
        let event = match self.stated(draft) {
            Ok(event) => event,
            Err(shown) => return Msg::NotSigned(shown),
        };
        let what = match &draft.amends {
            None => Statement::Event(event),
            Some(amends) => Statement::Amend {
                nid: amends.nid.clone(),
                seen: Some(amends.h.clone()),
                event,
                reason: reason(&amends.reason),
            },
        };
        let mut all = vec![ToSign {
            what,
            draft: Some(draft.id.clone()),
        }];
        // A multiple birth is signed and stored in one transaction, or not at all; a birth and its
        // death together where one person may sign both.
        for more in [self.siblings(draft), self.linked(draft)] {
            match more {
                Ok(more) => all.extend(more),
                Err(shown) => return Msg::NotSigned(shown),
            }
        }
        // Births go first: what comes later may name them.
        all.sort_by_key(|one| one.what.event().is_some_and(|e| e.kind == Kind::Death));
        self.record(all, secret, "ui-signed")
    }

    /// What a draft states, and who else wrote at it.
    fn stated(&self, draft: &Draft) -> Result<Event, Shown> {
        let mut event = Worker::event_of(draft)?;
        let signer = self.login();
        let row = self.workplace.store.draft(&draft.id).map_err(|e| Shown::of(&e))?;
        let mut names = Vec::new();
        for login in row.into_iter().flat_map(|r| r.hands).filter(|l| *l != signer) {
            let name = self.workplace.store.name_of(&login).map_err(|e| Shown::of(&e))?;
            names.push(name.unwrap_or(login));
        }
        event.values.remove(field::PREPARED_BY);
        if !names.is_empty() {
            let names: String = names.join(", ").chars().take(200).collect();
            event.set(field::PREPARED_BY, Value::Text(names));
        }
        Ok(event)
    }

    /// The other drafts of the same delivery.
    fn siblings(&self, draft: &Draft) -> Result<Vec<ToSign>, Shown> {
        let Some(set) = draft.set.as_ref().filter(|_| draft.amends.is_none()) else {
            return Ok(vec![]);
        };
        let drafts = self.workplace.store.drafts().map_err(|e| Shown::of(&e))?;
        drafts
            .iter()
            .map(|row| &row.draft)
            .filter(|d| d.id != draft.id && d.set.as_ref().is_some_and(|s| s.id == set.id))
            .map(|d| {
                Ok(ToSign {
                    what: Statement::Event(self.stated(d)?),
                    draft: Some(d.id.clone()),
                })
            })
            .collect()
    }

    /// Drafts that name this one or that it names, as far as they are ready and this person may
    /// sign them; the others are somebody else's part, or wait.
    fn linked(&self, draft: &Draft) -> Result<Vec<ToSign>, Shown> {
        let Some(person) = self.person.as_ref().filter(|_| draft.amends.is_none()) else {
            return Ok(vec![]);
        };
        let said = |e: StoreError| Shown::of(&e);
        let rows = super::read::linked(&self.workplace.store, &draft.id, &draft.event().0).map_err(said)?;
        let site = self.workplace.site().map_err(|e| Shown::of(&e))?;
        let mut all = Vec::new();
        for row in rows
            .iter()
            .filter(|r| r.draft.set.is_none() || draft.set != r.draft.set)
        {
            let Ok(event) = self.stated(&row.draft) else {
                continue;
            };
            let id = row.draft.id.as_str();
            let mut found = self
                .workplace
                .store
                .findings(&event, None, Some(id), Some(person.role), &site)
                .map_err(said)?;
            // The other one of the two is signed in the same act.
            found.retain(|f| f.rule != rules::id::B30);
            if !rules::stops(&found) {
                all.push(ToSign {
                    what: Statement::Event(event),
                    draft: Some(row.draft.id.clone()),
                });
            }
        }
        Ok(all)
    }

    pub(super) fn annul(&mut self, nid: &str, why: String, secret: &Secret) -> Msg {
        let what = Statement::Void {
            nid: nid.to_owned(),
            reason: reason(&why),
        };
        self.record(vec![what.into()], secret, "ui-annulled")
    }

    pub(super) fn attest(&mut self, nid: &str, secret: &Secret) -> Msg {
        let what = Statement::Attest { nid: nid.to_owned() };
        self.record(vec![what.into()], secret, "ui-attested")
    }

    /// Opens the key first, then signs and stores in one transaction.
    fn record(&mut self, what: Vec<ToSign>, secret: &Secret, notice: &'static str) -> Msg {
        let Some(person) = self.person.clone() else {
            return Msg::NotSigned(Shown::new(lang::Msg::new("ui-no-key")));
        };
        let by = match self.opened(&person.login, secret) {
            Ok(by) => by,
            Err(shown) => return Msg::NotSigned(shown),
        };
        let recorded = self
            .workplace
            .at_hand()
            .map_err(|e| Shown::of(&e))
            .and_then(|(store, site)| {
                let recorded = store.record_all(what, &by.signer(), &site);
                recorded.map_err(|e| Shown::of(&e))
            });
        match recorded {
            Ok(recorded) => {
                // It goes at once; whether it arrives shows in the header.
                self.perform(Effect::SendNow);
                Msg::Signed {
                    nid: recorded.first().map(|r| r.nid.clone()).unwrap_or_default(),
                    notice: Shown::new(match recorded.len() {
                        0 | 1 => lang::Msg::new(notice),
                        n => lang::Msg::new("ui-signed-several").with("n", n),
                    }),
                }
            }
            Err(shown) => Msg::NotSigned(shown),
        }
    }
}

/// Why a key stays locked.
fn locked(e: UnlockError, secret: &Secret) -> Shown {
    let of = |id: &'static str| Shown::new(lang::Msg::new(id));
    match e {
        UnlockError::NoPerson => of("ui-no-key"),
        UnlockError::Suspended => Shown::of(&StoreError::Suspended),
        UnlockError::RevokedKey => Shown::of(&SealError::RevokedKey),
        UnlockError::Wait(seconds) => Shown::new(lang::Msg::new("ui-wait").with("seconds", seconds)),
        UnlockError::WrongPassphrase => of(wrong_because(secret)),
        UnlockError::WrongPin => of("ui-secret-wrong"),
        UnlockError::PinSpent => of("ui-pin-spent"),
        UnlockError::Failed(e) => Shown::of(&e),
    }
}

/// What may have gone wrong with a passphrase: its words are of Cyrillic letters.
fn wrong_because(secret: &Secret) -> &'static str {
    let latin = |c: char| c.is_ascii_alphabetic();
    match secret.reveal().chars().any(latin) {
        true => "ui-secret-wrong-latin",
        false => "ui-secret-wrong",
    }
}

fn reason(text: &str) -> AmendReason {
    AmendReason {
        code: "other".to_owned(),
        text: text.trim().to_owned(),
    }
}
