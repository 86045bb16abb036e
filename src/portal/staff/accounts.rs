//! The registry's and the ministry's people: accounts, made at the portal's own machine.
//!
//! A passphrase of words and a code of six digits from the person's telephone (RFC 6238) sign in.
//! A link that the operator makes signs in once, for whoever lost the telephone.
//!
//! Deliberately absent: passphrases chosen by people, and any way to see one again.

use std::path::Path;

use serde::Serialize;
use totp_rs::{Builder, Secret, Totp};

use crate::env::{Clock, Kdf, random};
use crate::portal::PortalError;
use crate::portal::book::{Account, ActRow, SignInLink, StaffRole};
use crate::portal::secrets::of_second_factor;
use crate::portal::unit::opened::Opened;
use crate::seal::{PhraseMark, RestKey, hash, passphrase};

/// Longest time that a link may wait, minutes.
const LONGEST_LINK: u32 = 12 * 60;
/// Name of the portal in the telephone's list.
const ISSUER: &str = "ogoh";

/// A person to add.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Login: 2 to 32 lower-case Latin letters, digits, `-`, `.`.
    pub login: String,
    /// Name, as colleagues know it.
    pub name: String,
    /// `registrar`, `analyst`, `facility`, `officer`.
    pub role: String,
    /// Office of a registrar, facility of a facility's account; else empty.
    pub place: String,
}

/// What a new or reset account needs to be given to its owner, once.
#[derive(Clone, Serialize)]
pub struct Credentials {
    /// Login.
    pub login: String,
    /// Passphrase.
    pub passphrase: String,
    /// Secret of the second factor, base32, for typing.
    pub secret: String,
    /// The same as an address that telephones read (`otpauth://`).
    pub uri: String,
}

/// An account as an operator sees it.
#[derive(Clone, Debug, Serialize)]
pub struct StaffRow {
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Office or facility.
    pub place: String,
    /// Whether it may sign in.
    pub active: bool,
    /// False since the book was set back: it signs in once somebody confirms it.
    pub confirmed: bool,
}

/// The second factor of a person; none where its secret does not open or is damaged.
pub(in crate::portal) fn second_factor(account: &Account, secrets: &RestKey) -> Option<Totp> {
    let secret = secrets.open(&of_second_factor(&account.login), &account.second)?;
    let secret = Secret::try_from_base32(&secret).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

/// A token of so many bytes that nobody can guess.
pub(in crate::portal) fn token<const N: usize>() -> Result<String, PortalError> {
    Ok(random::<N>()?.iter().map(|b| format!("{b:02x}")).collect())
}

fn credentials(account: &mut Account, secrets: &RestKey) -> Result<Credentials, PortalError> {
    let phrase = passphrase()?;
    let secret = Secret::from(random::<20>()?.to_vec()).to_base32();
    account.phrase = PhraseMark::make(&phrase, &Kdf::default())?.to_text()?;
    account.second = secrets.seal(&of_second_factor(&account.login), &secret)?;
    account.step = 0;
    Ok(Credentials {
        login: account.login.clone(),
        passphrase: phrase,
        uri: format!(
            "otpauth://totp/{ISSUER}:{}?secret={secret}&issuer={ISSUER}",
            account.login
        ),
        secret,
    })
}

/// Adds a person.
pub fn staff_add(dir: &Path, new: &NewAccount, clock: &dyn Clock) -> Result<Credentials, PortalError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if !(2..=32).contains(&new.login.len()) || !new.login.chars().all(fits) {
        return Err(PortalError::Login(new.login.clone()));
    }
    let role = StaffRole::from_code(&new.role).ok_or_else(|| PortalError::StaffRole(new.role.clone()))?;
    let name = crate::vital::name(&new.name).ok_or(PortalError::StaffName)?;
    let mut opened = Opened::at(dir)?;
    let known = match role {
        StaffRole::Registrar => crate::codes::list("office").is_some_and(|l| l.get(&new.place).is_some()),
        StaffRole::Facility => {
            let facilities = opened.book.read(|tx| tx.facilities())?;
            facilities.iter().any(|(code, _)| *code == new.place)
        }
        StaffRole::Analyst | StaffRole::Officer => new.place.is_empty(),
    };
    // The office without a name sees what belongs to no office.
    let nobodys = role == StaffRole::Registrar && new.place.is_empty();
    if !known && !nobodys {
        return Err(PortalError::Place(new.place.clone()));
    }
    let mut account = Account {
        login: new.login.clone(),
        name,
        role,
        place: new.place.clone(),
        phrase: String::new(),
        second: String::new(),
        step: 0,
        active: true,
        confirmed: true,
    };
    let made = credentials(&mut account, &opened.secrets()?)?;
    opened.book.write(|tx| {
        if tx.account(&account.login)?.is_some() {
            return Err(PortalError::LoginTaken(new.login.clone()));
        }
        tx.put_account(&account)?;
        tx.add_act(&operator(&account.login, "staff-add", clock))?;
        Ok(made)
    })
}

/// A line of the log about what an operator did to an account.
fn operator(login: &str, act: &str, clock: &dyn Clock) -> ActRow {
    ActRow {
        at_ms: clock.now().timestamp_millis(),
        login: login.to_owned(),
        place: String::new(),
        act: act.to_owned(),
        nid: String::new(),
    }
}

/// Everybody who may sign in, or might once.
pub fn staff(dir: &Path) -> Result<Vec<StaffRow>, PortalError> {
    let accounts = Opened::at(dir)?.book.read(|tx| tx.accounts())?;
    let row = |a: Account| StaffRow {
        login: a.login,
        name: a.name,
        role: a.role.code().to_owned(),
        place: a.place,
        active: a.active,
        confirmed: a.confirmed,
    };
    Ok(accounts.into_iter().map(row).collect())
}

/// Changes an account: whoever is signed in is out at once, and open links sign in no more. Whoever changes it knows
/// of it, so that it is confirmed.
fn change<T>(
    dir: &Path,
    login: &str,
    act: &str,
    clock: &dyn Clock,
    change: impl FnOnce(&mut Account, &RestKey) -> Result<T, PortalError>,
) -> Result<T, PortalError> {
    let mut opened = Opened::at(dir)?;
    let secrets = opened.secrets()?;
    opened.book.write(|tx| {
        let mut account = tx
            .account(login)?
            .ok_or_else(|| PortalError::NoSuchLogin(login.to_owned()))?;
        let value = change(&mut account, &secrets)?;
        account.confirmed = true;
        tx.put_account(&account)?;
        tx.end_web_sessions_of(login)?;
        tx.end_sign_in_links_of(login)?;
        tx.add_act(&operator(login, act, clock))?;
        Ok(value)
    })
}

/// Suspends a person or lets them in again; whoever is signed in is out at once.
pub fn staff_active(dir: &Path, login: &str, active: bool, clock: &dyn Clock) -> Result<(), PortalError> {
    let act = if active { "staff-resume" } else { "staff-suspend" };
    change(dir, login, act, clock, |account, _| {
        account.active = active;
        Ok(())
    })
}

/// Says that somebody, or everybody, of a book that was set back still works here; gives whom it waited for.
///
/// # Errors
/// [`PortalError::NoSuchLogin`] where nobody has that login.
pub fn staff_confirm(dir: &Path, login: Option<&str>, clock: &dyn Clock) -> Result<Vec<String>, PortalError> {
    Opened::at(dir)?.book.write(|tx| {
        let mut waiting = match login {
            None => tx.accounts()?,
            Some(login) => {
                let account = tx.account(login)?;
                vec![account.ok_or_else(|| PortalError::NoSuchLogin(login.to_owned()))?]
            }
        };
        waiting.retain(|account| !account.confirmed);
        for account in &mut waiting {
            account.confirmed = true;
            tx.put_account(account)?;
            tx.add_act(&operator(&account.login, "staff-confirm", clock))?;
        }
        Ok(waiting.into_iter().map(|account| account.login).collect())
    })
}

/// Gives a person a new passphrase and a new second factor.
pub fn staff_reset(dir: &Path, login: &str, clock: &dyn Clock) -> Result<Credentials, PortalError> {
    change(dir, login, "staff-reset", clock, credentials)
}

/// Makes the token of a link that signs a person in once, within `minutes`, at most twelve hours.
pub fn staff_link(dir: &Path, login: &str, minutes: u32, clock: &dyn Clock) -> Result<String, PortalError> {
    // Short enough for a line of a terminal, from which it is copied.
    let token = token::<16>()?;
    let link = SignInLink {
        h: hash(&token),
        login: login.to_owned(),
        until_ms: clock.now().timestamp_millis() + i64::from(minutes.min(LONGEST_LINK)) * 60_000,
    };
    Opened::at(dir)?.book.write(|tx| {
        let account = tx.account(login)?.filter(|a| a.active);
        let account = account.ok_or_else(|| PortalError::NoSuchLogin(login.to_owned()))?;
        if !account.confirmed {
            return Err(PortalError::Unconfirmed(account.login));
        }
        tx.put_sign_in_link(&link)?;
        tx.add_act(&operator(login, "staff-link", clock))?;
        Ok(token)
    })
}

/// The log of what people did, newest first.
pub fn acts(dir: &Path, most: usize) -> Result<Vec<ActRow>, PortalError> {
    Ok(Opened::at(dir)?.book.read(|tx| tx.acts(most))?)
}
