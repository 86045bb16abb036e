//! A new key for a colleague who has forgotten the passphrase: made and countersigned, then signed into
//! the journal and put in the place of the old one in one transaction.

use super::{Person, Recorded, Signer, Site, Statement, Store, StoreError};
use crate::seal::{countersign, person_key};

impl Store {
    /// Gives the person with this login a new key under a new passphrase; gives the person as they are
    /// from now on, and the entry. The second person countersigns beneath the signer, where one is asked for
    /// (setting `keys_by_two`) or offers it.
    ///
    /// # Errors
    /// [`StoreError::NoPerson`], [`StoreError::Suspended`], [`StoreError::OwnKey`],
    /// [`StoreError::SecondMissing`], [`StoreError::MayNotSign`]: whoever signs may not give keys by
    /// the policy; and those of [`Store::record`].
    pub fn issue_key(
        &mut self,
        login: &str,
        phrase: &str,
        (signer, second): (&Signer<'_>, Option<&Signer<'_>>),
        site: &Site<'_>,
    ) -> Result<(Person, Recorded), StoreError> {
        let known = self
            .person(login)?
            .ok_or_else(|| StoreError::NoPerson(login.to_owned()))?;
        let who = (login, known.name.as_str(), known.role);
        let settings = site.settings;
        let new = person_key(who, &settings.facility.code, phrase, &settings.kdf, site.now)?;
        let request = match second {
            None if settings.limits.keys_by_two => return Err(StoreError::SecondMissing),
            None => new.request,
            Some(second) => self.countersigned_by_second(&new.request, login, signer, second, site)?,
        };
        let request = countersign(&request, signer.key)?;
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
        // The key is on the disk: nothing that fails from here on may keep its passphrase from being shown.
        let _ = self.set_meta(&enrolment_request_key(&person.kid), &request);
        let _ = self.forgive_tries(login);
        Ok((person, recorded))
    }

    /// The request with the second person's countersignature.
    fn countersigned_by_second(
        &self,
        request: &str,
        login: &str,
        signer: &Signer<'_>,
        second: &Signer<'_>,
        site: &Site<'_>,
    ) -> Result<String, StoreError> {
        if [login, signer.login].contains(&second.login) {
            return Err(StoreError::OwnKey);
        }
        let policy = &site.settings.policy;
        // Whoever may confirm an annulment, or give keys, may be the second here.
        if !["attest", "key"].iter().any(|t| policy.may_sign(second.role, t)) {
            return Err(StoreError::MayNotSign {
                role: second.role.code(),
                what: "key".to_owned(),
            });
        }
        let known = self.person(second.login)?;
        match known.is_some_and(|p| p.kid == second.key.public().kid() && p.suspended.is_none()) {
            true => Ok(countersign(request, second.key)?),
            false => Err(StoreError::WrongKey),
        }
    }
}

/// Under which name (`meta`) a person's request waits until the registry believes the key.
pub fn enrolment_request_key(kid: &str) -> String {
    format!("enrol:{kid}")
}
