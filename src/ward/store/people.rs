//! People of the ward: who they are, what they may do, their locked keys.
//!
//! The portal's trust list decides whose signature counts; these rows let people unlock their key
//! and sign before the list has arrived.

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::convert::time;
use super::{Store, StoreError};
use crate::env::Role;

/// A person who works with the program here.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Short name to sign in with; stands in every entry (`usr`).
    pub login: String,
    /// Full name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Thumbprint of the public key.
    pub kid: String,
    /// The public key, base64url of its 32 bytes.
    pub x: String,
    /// The locked secret key (`seal::KeyFile` as text).
    pub key_blob: String,
    /// Since when.
    pub since: DateTime<FixedOffset>,
    /// Since when no longer.
    pub suspended: Option<DateTime<FixedOffset>>,
}

/// Neither the name nor the key goes into logs.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person")
            .field("kid", &self.kid)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str = "login, name, role, kid, x, key_blob, since, suspended";

fn from_row(r: &Row<'_>) -> Result<Person, StoreError> {
    let role: String = r.get(2)?;
    let suspended: Option<String> = r.get(7)?;
    Ok(Person {
        login: r.get(0)?,
        name: r.get(1)?,
        role: Role::from_code(&role).ok_or_else(|| StoreError::Damaged("role".to_owned()))?,
        kid: r.get(3)?,
        x: r.get(4)?,
        key_blob: r.get(5)?,
        since: time(&r.get::<_, String>(6)?)?,
        suspended: suspended.as_deref().map(time).transpose()?,
    })
}

/// Remembers a public key for ever.
pub(super) fn keep_key(
    db: &Connection,
    kid: &str,
    x: &str,
    login: &str,
    role: Role,
) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR IGNORE INTO keys VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![kid, x, login, role.code()])?;
    Ok(())
}

impl Store {
    /// Adds a person.
    pub fn add_person(&mut self, person: &Person) -> Result<(), StoreError> {
        self.write(|db| {
            if find(db, &person.login)?.is_some() {
                return Err(StoreError::PersonExists(person.login.clone()));
            }
            put(db, person)
        })
    }

    /// Changes a person: a new key, another role, suspended. Earlier public keys stay known.
    pub fn change_person(&mut self, person: &Person) -> Result<(), StoreError> {
        self.write(|db| {
            if find(db, &person.login)?.is_none() {
                return Err(StoreError::NoPerson(person.login.clone()));
            }
            put(db, person)
        })
    }

    /// Suspends whoever signs with a key that the registry has revoked; says who that was.
    pub fn suspend_revoked(
        &mut self,
        revoked: &[(String, DateTime<FixedOffset>)],
    ) -> Result<Vec<String>, StoreError> {
        self.write(|db| {
            let mut out = Vec::new();
            for (kid, at) in revoked {
                let mut change = db.prepare_cached(
                    "UPDATE people SET suspended = ?2 WHERE kid = ?1 AND suspended IS NULL RETURNING login",
                )?;
                let found = change.query_map(params![kid, at.to_rfc3339()], |r| r.get(0))?;
                for login in found {
                    out.push(login?);
                }
            }
            Ok(out)
        })
    }

    /// Everybody, by login.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut all = self
            .db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM people ORDER BY login"))?;
        all.query_and_then([], from_row)?.collect()
    }

    /// The person with this login.
    pub fn person(&self, login: &str) -> Result<Option<Person>, StoreError> {
        find(&self.db, login)
    }

    /// Wrong passphrases of a person since the last right one.
    pub fn wrong_tries(&self, login: &str) -> Result<u32, StoreError> {
        let mut find = self
            .db
            .prepare_cached("SELECT wrong FROM wrong_tries WHERE login = ?1")?;
        Ok(find.query_row([login], |r| r.get(0)).optional()?.unwrap_or(0))
    }

    /// Counts a try before it is made, so that a power cut makes none free.
    pub fn count_try(&mut self, login: &str) -> Result<(), StoreError> {
        self.write(|db| {
            db.prepare_cached(
                "INSERT INTO wrong_tries VALUES (?1, 1) ON CONFLICT DO UPDATE SET wrong = wrong + 1",
            )?
            .execute([login])?;
            Ok(())
        })
    }

    /// The passphrase was right.
    pub fn forgive_tries(&mut self, login: &str) -> Result<(), StoreError> {
        self.write(|db| {
            db.prepare_cached("DELETE FROM wrong_tries WHERE login = ?1")?
                .execute([login])?;
            Ok(())
        })
    }

    /// Every public key that ever signed here: thumbprint and key (base64url).
    pub fn known_keys(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut all = self.db.prepare_cached("SELECT kid, x FROM keys ORDER BY kid")?;
        let keys = all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(keys)
    }

    /// Full name behind a login: of a person of this device, else as the registry told it of a colleague at
    /// another one.
    pub fn name_of(&self, login: &str) -> Result<Option<String>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT name FROM (SELECT 0 AS place, name FROM people WHERE login = ?1
               UNION ALL SELECT 1, name FROM colleagues WHERE login = ?1) ORDER BY place LIMIT 1",
        )?;
        Ok(find.query_row([login], |r| r.get(0)).optional()?)
    }

    /// Keeps the names of the facility's people as the registry tells them: login and name.
    pub fn put_names(&mut self, names: &[(String, String)]) -> Result<(), StoreError> {
        self.write(|db| {
            let mut put = db.prepare_cached(
                "INSERT INTO colleagues (login, name) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET name = excluded.name",
            )?;
            for (login, name) in names {
                put.execute([login, name])?;
            }
            Ok(())
        })
    }
}

pub(super) fn find(db: &Connection, login: &str) -> Result<Option<Person>, StoreError> {
    let mut find = db.prepare_cached(&format!("SELECT {COLUMNS} FROM people WHERE login = ?1"))?;
    let mut rows = find.query_and_then([login], from_row)?;
    rows.next().transpose()
}

pub(super) fn put(db: &Connection, person: &Person) -> Result<(), StoreError> {
    db.prepare_cached(&format!(
        "INSERT OR REPLACE INTO people ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    ))?
    .execute(params![
        person.login,
        person.name,
        person.role.code(),
        person.kid,
        person.x,
        person.key_blob,
        person.since.to_rfc3339(),
        person.suspended.map(|t| t.to_rfc3339()),
    ])?;
    keep_key(db, &person.kid, &person.x, &person.login, person.role)
}
