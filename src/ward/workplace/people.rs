//! People of a device: who is added, and under which passphrase their key lies.

use serde::Deserialize;

use super::device::Workplace;
use super::error::WorkplaceError;
use super::unlock::UnlockedPerson;
use crate::env::Role;
use crate::lang::{Explain, Msg};
use crate::seal::{KeyFile, person_key};
use crate::vital::{NAME_MOST, name};
use crate::ward::store::{Person, StoreError, enrolment_request_key};

/// Most bytes of a login.
const LOGIN_MOST: usize = 32;

/// Who is to be added, as a file says it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// Login.
    pub login: String,
    /// Full name.
    pub name: String,
    /// Code of the role.
    #[serde(default = "administrator")]
    pub role: String,
}

/// Code of the role of whoever sets a device up.
fn administrator() -> String {
    Role::Administrator.code().to_owned()
}

impl NewPerson {
    /// An administrator.
    pub fn administrator(login: &str, name: &str) -> NewPerson {
        NewPerson {
            login: login.to_owned(),
            name: name.to_owned(),
            role: administrator(),
        }
    }

    /// The role, where a person can have it.
    ///
    /// # Errors
    /// [`PersonError::Role`].
    pub fn known_role(&self) -> Result<Role, PersonError> {
        person_role(&self.role).ok_or_else(|| PersonError::Role(self.role.clone()))
    }

    /// The name, where it is a line that a reader sees whole.
    ///
    /// # Errors
    /// [`PersonError::Name`].
    pub fn clean_name(&self) -> Result<String, PersonError> {
        name(&self.name).ok_or(PersonError::Name)
    }
}

/// The role of a person with this code; a device's is none.
pub fn person_role(code: &str) -> Option<Role> {
    Role::from_code(code).filter(|r| *r != Role::Device)
}

/// What keeps a person from being added.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The role is none of a person.
    #[error("unknown role {0}")]
    Role(String),
    /// A login stands in settings, key files and entries; this one does not do.
    #[error("no login {0}")]
    Login(String),
    /// The name is no line that a reader sees whole, or none.
    #[error("no name")]
    Name,
    /// Somebody has it.
    #[error("login {0} taken")]
    Taken(String),
    /// The device.
    #[error(transparent)]
    Failed(#[from] WorkplaceError),
}

impl From<StoreError> for PersonError {
    fn from(e: StoreError) -> PersonError {
        PersonError::Failed(e.into())
    }
}

impl Explain for PersonError {
    fn msg(&self) -> Msg {
        match self {
            PersonError::Role(found) => Msg::new("cli-role-unknown").with("found", found.as_str()),
            PersonError::Login(found) => Msg::new("cli-login-wrong").with("found", found.as_str()),
            PersonError::Name => Msg::new("name-wrong")
                .with("field", "name")
                .with("most", NAME_MOST),
            PersonError::Taken(login) => Msg::new("cli-user-exists").with("user", login.as_str()),
            PersonError::Failed(e) => e.msg(),
        }
    }

    fn hint(&self) -> Option<Msg> {
        match self {
            PersonError::Failed(e) => e.hint(),
            _ => None,
        }
    }
}

/// Checks that a login does, and that it is none of those that are taken.
///
/// # Errors
/// [`PersonError::Login`], [`PersonError::Taken`].
pub fn check_login(login: &str, taken: &[String]) -> Result<(), PersonError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    if login.is_empty() || login.len() > LOGIN_MOST || !login.chars().all(plain) {
        return Err(PersonError::Login(login.to_owned()));
    }
    match taken.iter().any(|other| other == login) {
        true => Err(PersonError::Taken(login.to_owned())),
        false => Ok(()),
    }
}

impl Workplace {
    /// Checks that a person can be added, before anybody thinks of a passphrase.
    ///
    /// # Errors
    /// [`PersonError::Role`], [`PersonError::Name`], [`PersonError::Login`], [`PersonError::Taken`].
    pub fn check_person(&self, new: &NewPerson) -> Result<(), PersonError> {
        new.known_role()?;
        new.clean_name()?;
        check_login(&new.login, &[])?;
        match self.store.person(&new.login)? {
            Some(_) => Err(PersonError::Taken(new.login.clone())),
            None => Ok(()),
        }
    }

    /// Adds a person with a key of their own under this passphrase; the key's request to be believed
    /// waits for the next time that the registry is asked.
    ///
    /// # Errors
    /// As [`Workplace::check_person`].
    pub fn add_person(&mut self, new: &NewPerson, phrase: &str) -> Result<Person, PersonError> {
        self.check_person(new)?;
        let (role, name, now) = (new.known_role()?, new.clean_name()?, self.clock.now());
        let settings = &self.settings;
        let who = (new.login.as_str(), name.as_str(), role);
        let key = person_key(who, &settings.facility.code, phrase, &settings.kdf, now);
        let key = key.map_err(WorkplaceError::from)?;
        let person = Person {
            login: new.login.clone(),
            name,
            role,
            kid: key.public.kid().to_owned(),
            x: key.public.x(),
            key_blob: key.blob,
            since: now,
            suspended: None,
        };
        self.store
            .set_meta(&enrolment_request_key(&person.kid), &key.request)?;
        self.store.add_person(&person)?;
        Ok(person)
    }

    /// Locks a person's key with another passphrase.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`]: the person has been given another key meanwhile.
    pub fn change_passphrase(&mut self, by: &UnlockedPerson, phrase: &str) -> Result<Person, WorkplaceError> {
        let (login, settings) = (by.person.login.as_str(), &self.settings);
        let file = KeyFile::lock(&by.key, login, &settings.facility.code, phrase, &settings.kdf)?;
        // As they are now: somebody may have been suspended or given another key meanwhile.
        let known = self.store.person(login)?;
        let person = Person {
            key_blob: file.to_text()?,
            ..known.ok_or_else(|| StoreError::NoPerson(login.to_owned()))?
        };
        if person.kid != by.person.kid {
            return Err(StoreError::WrongKey.into());
        }
        self.store.change_person(&person)?;
        Ok(person)
    }
}
