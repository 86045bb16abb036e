//! A new key for a colleague who has forgotten the passphrase: made and countersigned, then signed into
//! the journal and put in the place of the old one in one transaction.

use super::{Person, Recorded, Signer, Site, Statement, Store, StoreError};
use crate::seal::{countersign, person_key};

impl Store {
    /// Gives the person with this login a new key under a new passphrase; gives the person as they are
    /// from now on, and the entry.
    ///
    /// # Errors
    /// [`StoreError::NoPerson`], [`StoreError::Suspended`], [`StoreError::SamePerson`],
    /// [`StoreError::MayNotSign`]: whoever signs may not give keys by the policy; and those of
    /// [`Store::record`].
    pub fn give_key(
        &mut self,
        login: &str,
        phrase: &str,
        signer: &Signer<'_>,
        site: &Site<'_>,
    ) -> Result<(Person, Recorded), StoreError> {
        let known = self
            .person(login)?
            .ok_or_else(|| StoreError::NoPerson(login.to_owned()))?;
        let who = (login, known.name.as_str(), known.role);
        let settings = site.settings;
        let new = person_key(who, &settings.facility.code, phrase, &settings.kdf, site.now)?;
        let request = countersign(&new.request, signer.key)?;
        let person = Person {
            kid: new.public.kid().to_owned(),
            x: new.public.x(),
            key_blob: new.blob,
            since: site.now,
            ..known
        };
        let what = Statement::Key {
            person: Box::new(person.clone()),
            request: request.clone(),
        };
        let recorded = self.record(what, signer, site)?;
        // The entry brings the request to the registry; a stick can bring it as well.
        self.set_meta(&request_name(&person.kid), &request)?;
        self.forgive_tries(login)?;
        Ok((person, recorded))
    }
}

/// Under which name (`meta`) a person's request waits until the registry believes the key.
pub fn request_name(kid: &str) -> String {
    format!("enrol:{kid}")
}
