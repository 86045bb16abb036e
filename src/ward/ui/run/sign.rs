//! Opening keys and signing. A secret key lives for as long as one signature takes.

use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::super::data::{Moment, Shown};
use super::super::msg::Secret;
use super::super::{Effect, Msg};
use super::Worker;
use crate::env::{Kdf, wait_after};
use crate::form::Draft;
use crate::matching::fold;
use crate::seal::{AmendReason, KeyFile, SealError, SecretKey, passphrase};
use crate::vital::{Event, Kind, Value, field};
use crate::ward::store::{Signer, Site, Statement, StoreError, ToSign};
use crate::{lang, rules};

/// Wrong PINs after which only the passphrase counts.
const TRIES: u32 = 5;

/// A key locked with a PIN, in memory only: it dies with the program.
pub struct Pin {
    file: KeyFile,
    wrong: u32,
}

impl Worker {
    /// Opens a person's key to see that it opens; it is not kept.
    pub(super) fn unlock(&mut self, login: &str, secret: &Secret) -> Msg {
        let person = match self.store.person(login) {
            Ok(Some(person)) if person.suspended.is_none() => person,
            Ok(Some(_)) => return Msg::NotUnlocked(Shown::of(&StoreError::Suspended)),
            Ok(None) => return Msg::NotUnlocked(Shown::new(lang::Msg::new("ui-no-key"))),
            Err(error) => return Msg::NotUnlocked(Shown::of(&error)),
        };
        match self.open_key(&person, secret) {
            Ok(_) => {
                let shown = self.shown(&person);
                self.person = Some(person);
                Msg::Unlocked(shown)
            }
            Err(shown) => Msg::NotUnlocked(shown),
        }
    }

    /// The key behind a passphrase, or behind the PIN of this session.
    fn open_key(&mut self, person: &crate::ward::store::Person, secret: &Secret) -> Result<SecretKey, Shown> {
        let digits = secret.reveal().bytes().all(|b| b.is_ascii_digit());
        if digits && let Some(pin) = self.pins.get_mut(&person.login) {
            // Counted before the attempt, so that nothing can be tried for free.
            pin.wrong += 1;
            match pin.file.unlock(secret.reveal()) {
                Ok(key) => {
                    pin.wrong = 0;
                    return Ok(key);
                }
                Err(_) if pin.wrong >= TRIES => {
                    self.pins.remove(&person.login);
                    return Err(Shown::new(lang::Msg::new("ui-pin-spent")));
                }
                Err(_) => return Err(Shown::new(lang::Msg::new("ui-secret-wrong"))),
            }
        }
        let file = KeyFile::from_text(&person.key_blob).map_err(|e| Shown::of(&e))?;
        self.wait_is_over(&person.login)?;
        // Counted before the attempt and on disk, so that no power cut makes one free.
        let said = |e: StoreError| Shown::of(&e);
        self.store.count_try(&person.login).map_err(said)?;
        let opened = file.unlock(secret.reveal());
        self.tried.insert(person.login.clone(), Instant::now());
        match opened {
            Ok(key) => {
                self.store.forgive_tries(&person.login).map_err(said)?;
                Ok(key)
            }
            Err(SealError::WrongPassphrase) => Err(Shown::new(lang::Msg::new(wrong_because(secret)))),
            Err(other) => Err(Shown::of(&other)),
        }
    }

    /// Whether the wait after wrong tries is over.
    fn wait_is_over(&self, login: &str) -> Result<(), Shown> {
        let wrong = self.store.wrong_tries(login).map_err(|e| Shown::of(&e))?;
        let since = self.tried.get(login).unwrap_or(&self.began).elapsed();
        match wait_after(wrong).checked_sub(since) {
            None | Some(Duration::ZERO) => Ok(()),
            Some(left) => {
                let seconds = left.as_secs() + 1;
                Err(Shown::new(lang::Msg::new("ui-wait").with("seconds", seconds)))
            }
        }
    }

    /// A colleague gets a new key from whoever may give it; the passphrase is shown once.
    pub(super) fn issue_key(
        &mut self,
        login: &str,
        helper: (&str, &Secret),
        second: Option<&(String, Secret)>,
        now: Moment,
    ) -> Msg {
        match self.try_issue_key(login, helper, second, now) {
            Ok(msg) => msg,
            Err(shown) => Msg::NotSigned(shown),
        }
    }

    fn try_issue_key(
        &mut self,
        login: &str,
        (helper, secret): (&str, &Secret),
        second: Option<&(String, Secret)>,
        now: Moment,
    ) -> Result<Msg, Shown> {
        let said = |e: StoreError| Shown::of(&e);
        let (helper, key) = self.opened(helper, secret)?;
        let second = second
            .map(|(login, secret)| self.opened(login, secret))
            .transpose()?;
        let second = second.as_ref().map(|(person, key)| Signer {
            login: &person.login,
            role: person.role,
            key,
        });
        let phrase = Zeroizing::new(passphrase().map_err(|e| Shown::of(&e))?);
        let signer = Signer {
            login: &helper.login,
            role: helper.role,
            key: &key,
        };
        let site = Site {
            settings: &self.settings,
            device: &self.device,
            now,
            clk: self.trust(now),
        };
        let issued = self
            .store
            .issue_key(login, &phrase, (&signer, second.as_ref()), &site);
        let (person, _) = issued.map_err(said)?;
        self.pins.remove(&person.login);
        self.perform(Effect::SendNow);
        Ok(Msg::KeyIssued {
            name: person.name,
            phrase: Secret::new(&phrase),
        })
    }

    /// A colleague with the key opened: by login, or by the name or surname that the screen shows, where
    /// one person alone has it.
    fn opened(
        &mut self,
        who: &str,
        secret: &Secret,
    ) -> Result<(crate::ward::store::Person, SecretKey), Shown> {
        let none = || Shown::new(lang::Msg::new("ui-no-helper").with("found", who));
        let people = self.store.people().map_err(|e| Shown::of(&e))?;
        let typed = fold(who);
        let named = |p: &&crate::ward::store::Person| {
            let surname = p.name.split(' ').next().unwrap_or_default();
            [p.name.as_str(), surname].map(fold).contains(&typed)
        };
        let mut by_name = people.iter().filter(named);
        let found = match (
            people.iter().find(|p| p.login == who),
            by_name.next(),
            by_name.next(),
        ) {
            (Some(person), _, _) | (None, Some(person), None) => Some(person.clone()),
            _ => None,
        };
        let person = found.ok_or_else(none)?;
        let key = self.open_key(&person, secret)?;
        Ok((person, key))
    }

    /// Locks the key with a PIN, in memory.
    pub(super) fn set_pin(&mut self, secret: &Secret, pin: &Secret) -> Msg {
        let Some(person) = self.person.clone() else {
            return Msg::NotSigned(Shown::new(lang::Msg::new("ui-no-key")));
        };
        let key = match self.open_key(&person, secret) {
            Ok(key) => key,
            Err(shown) => return Msg::NotSigned(shown),
        };
        // Who can read this process's memory has the key anyway; the cost only slows guessing here.
        let kdf = Kdf {
            m_kib: 19_456,
            t: 2,
            p: 1,
        };
        let facility = &self.settings.facility.code;
        match KeyFile::lock(&key, &person.login, facility, pin.reveal(), &kdf) {
            Ok(file) => {
                self.pins.insert(person.login, Pin { file, wrong: 0 });
                Msg::Signed {
                    nid: String::new(),
                    notice: Shown::new(lang::Msg::new("ui-pin-set")),
                }
            }
            Err(error) => Msg::NotSigned(Shown::of(&error)),
        }
    }

    pub(super) fn sign(&mut self, draft: &Draft, secret: &Secret, now: Moment) -> Msg {
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
        for more in [self.siblings(draft), self.linked(draft, now)] {
            match more {
                Ok(more) => all.extend(more),
                Err(shown) => return Msg::NotSigned(shown),
            }
        }
        // Births go first: what comes later may name them.
        all.sort_by_key(|one| one.what.event().is_some_and(|e| e.kind == Kind::Death));
        self.record(all, secret, now, "ui-signed")
    }

    /// What a draft states, and who else wrote at it.
    fn stated(&self, draft: &Draft) -> Result<Event, Shown> {
        let mut event = Worker::event_of(draft)?;
        let signer = self.login();
        let row = self.store.draft(&draft.id).map_err(|e| Shown::of(&e))?;
        let mut names = Vec::new();
        for login in row.into_iter().flat_map(|r| r.hands).filter(|l| *l != signer) {
            let name = self.store.name_of(&login).map_err(|e| Shown::of(&e))?;
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
        let drafts = self.store.drafts().map_err(|e| Shown::of(&e))?;
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
    fn linked(&self, draft: &Draft, now: Moment) -> Result<Vec<ToSign>, Shown> {
        let Some(person) = self.person.as_ref().filter(|_| draft.amends.is_none()) else {
            return Ok(vec![]);
        };
        let said = |e: StoreError| Shown::of(&e);
        let rows = super::read::linked(&self.store, &draft.id, &draft.event().0).map_err(said)?;
        let site = Site {
            settings: &self.settings,
            device: &self.device,
            now,
            clk: self.trust(now),
        };
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

    pub(super) fn annul(&mut self, nid: &str, why: String, secret: &Secret, now: Moment) -> Msg {
        let what = Statement::Void {
            nid: nid.to_owned(),
            reason: reason(&why),
        };
        self.record(vec![what.into()], secret, now, "ui-annulled")
    }

    pub(super) fn attest(&mut self, nid: &str, secret: &Secret, now: Moment) -> Msg {
        let what = Statement::Attest { nid: nid.to_owned() };
        self.record(vec![what.into()], secret, now, "ui-attested")
    }

    /// Opens the key first, then signs and stores in one transaction.
    fn record(&mut self, what: Vec<ToSign>, secret: &Secret, now: Moment, notice: &'static str) -> Msg {
        let Some(person) = self.person.clone() else {
            return Msg::NotSigned(Shown::new(lang::Msg::new("ui-no-key")));
        };
        let key = match self.open_key(&person, secret) {
            Ok(key) => key,
            Err(shown) => return Msg::NotSigned(shown),
        };
        let signer = Signer {
            login: &person.login,
            role: person.role,
            key: &key,
        };
        let clk = self.trust(now);
        let site = Site {
            settings: &self.settings,
            device: &self.device,
            now,
            clk,
        };
        match self.store.record_all(what, &signer, &site) {
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
            Err(error) => Msg::NotSigned(Shown::of(&error)),
        }
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
