//! A colleague who has forgotten the passphrase gets a new key from whoever may give it.

use zeroize::Zeroizing;

use super::device::Workplace;
use super::error::WorkplaceError;
use super::unlock::UnlockedPerson;
use crate::matching::fold;
use crate::seal::passphrase;
use crate::ward::store::{Person, Recorded, StoreError};

/// A colleague's new key.
pub struct IssuedKey {
    /// The person as they are from now on.
    pub person: Person,
    /// The entry that says so.
    pub recorded: Recorded,
    /// The passphrase, to be shown once.
    pub phrase: Zeroizing<String>,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for IssuedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IssuedKey")
    }
}

impl Workplace {
    /// Finds a colleague by login, or by the name or surname that lists show, where one person alone has it.
    pub fn colleague(&self, who: &str) -> Result<Option<Person>, StoreError> {
        let people = self.store.people()?;
        if let Some(person) = people.iter().find(|p| p.login == who) {
            return Ok(Some(person.clone()));
        }
        let typed = fold(who);
        let mut named = people.into_iter().filter(|p| {
            let surname = p.name.split(' ').next().unwrap_or_default();
            [p.name.as_str(), surname].map(fold).contains(&typed)
        });
        let first = named.next();
        Ok(first.filter(|_| named.next().is_none()))
    }

    /// Gives the person with this login a new key under a proposed passphrase; `second` signs as well,
    /// where it takes two.
    ///
    /// # Errors
    /// As [`Store::issue_key`](crate::ward::store::Store::issue_key).
    pub fn issue_key(
        &mut self,
        login: &str,
        by: &UnlockedPerson,
        second: Option<&UnlockedPerson>,
    ) -> Result<IssuedKey, WorkplaceError> {
        let phrase = Zeroizing::new(passphrase()?);
        let second = second.map(UnlockedPerson::signer);
        let (store, site) = self.at_hand()?;
        let (person, recorded) = store.issue_key(login, &phrase, (&by.signer(), second.as_ref()), &site)?;
        self.session.forget_pin(&person.login);
        Ok(IssuedKey {
            person,
            recorded,
            phrase,
        })
    }
}
