//! People of a device and their keys: `user`.

use serde_json::json;
use zeroize::Zeroizing;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::read::from_toml;
use super::{secret, ward};
use crate::lang::Msg;
use crate::seal::{PublicKey, SealError, passphrase};
use crate::ward::store::{Person, Statement, StoreError};
use crate::ward::workplace::{KeyStanding, NewPerson, Workplace};

/// `user add`: a person with a key of their own.
pub fn add_user(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let new: NewPerson = match call.value("from") {
        Some(path) => from_toml(path)?,
        None => NewPerson {
            login: secret::ask_for(out.lang, "cli-ask-login")?,
            name: secret::ask_for(out.lang, "cli-ask-name")?,
            role: secret::ask_for(out.lang, "cli-ask-role")?,
        },
    };
    ward.check_person(&new)?;
    let phrase = new_passphrase(call, &new.login, out)?;
    let person = ward.add_person(&new, &phrase)?;
    out.either(
        &json!({ "login": person.login, "role": person.role.code(), "kid": person.kid }),
        || {
            Msg::new("cli-user-added")
                .with("user", person.login.as_str())
                .render(out.lang)
        },
    );
    Ok(fail::OK)
}

/// `user key LOGIN`: a colleague who has forgotten the passphrase gets a new key from a shift head
/// or an administrator, without network.
pub fn issue_key(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let login = call.arg()?;
    known_person(&ward, login)?;
    let helper = colleague(&ward, call.need("sign-as")?)?;
    let helper = ward::unlock_key_of(&mut ward, &helper.login, call)?;
    let second = match call.value("second") {
        Some(second) => {
            let second = colleague(&ward, second)?.login;
            Some(ward::unlock_with(
                &mut ward,
                &second,
                call,
                "second-passphrase-file",
            )?)
        }
        None if ward.settings.limits.keys_by_two => return Err(StoreError::SecondMissing.into()),
        None => None,
    };
    let issued = ward.issue_key(login, &helper, second.as_ref())?;
    show(login, &issued.phrase, out);
    let fingerprint = PublicKey::from_x(&issued.person.x)?.fingerprint();
    out.either(
        &json!({ "login": login, "entry": issued.recorded.id, "fingerprint": fingerprint }),
        || {
            Msg::new("cli-key-given")
                .with("user", login)
                .with("fingerprint", fingerprint.as_str())
                .render(out.lang)
        },
    );
    Ok(fail::OK)
}

/// A colleague by login, or by a name that one person alone has.
fn colleague(ward: &Workplace, who: &str) -> Result<Person, Failure> {
    let found = ward.colleague(who)?;
    found.ok_or_else(|| Failure::refused(Msg::new("cli-no-such-user").with("user", who)))
}

fn known_person(ward: &Workplace, login: &str) -> Result<Person, Failure> {
    let found = ward.store.person(login)?;
    found.ok_or_else(|| Failure::refused(Msg::new("cli-no-such-user").with("user", login)))
}

/// `user passphrase LOGIN`: another passphrase for the same key, by whoever knows the present one.
pub fn change_passphrase(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let login = call.arg()?;
    let opened = ward::unlock_key_of(&mut ward, login, call)?;
    let phrase = propose(login, out)?;
    let person = ward.change_passphrase(&opened, &phrase)?;
    out.either(&json!({ "login": login, "kid": person.kid }), || {
        Msg::new("cli-passphrase-changed")
            .with("user", login)
            .render(out.lang)
    });
    Ok(fail::OK)
}

/// `user suspend LOGIN`: this person signs here no more, and the registry is told.
pub fn suspend(call: &Call, out: Out) -> Result<i32, Failure> {
    change(call, out, true)
}

/// `user resume LOGIN`: takes a suspension back that the facility made.
pub fn resume(call: &Call, out: Out) -> Result<i32, Failure> {
    change(call, out, false)
}

fn change(call: &Call, out: Out, suspended: bool) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let login = call.arg()?;
    let person = known_person(&ward, login)?;
    if !suspended && ward.standing_of(&person.kid)? == KeyStanding::Revoked {
        return Err(SealError::RevokedKey.into());
    }
    let head = ward::unlock(&mut ward, call)?;
    let what = Statement::Suspend {
        login: login.to_owned(),
        suspended,
    };
    let done = ward.record(vec![what.into()], &head)?;
    let entry = done.first().map(|one| one.id.as_str());
    let id = match suspended {
        true => "cli-user-is-suspended",
        false => "cli-user-is-resumed",
    };
    out.either(
        &json!({ "login": login, "suspended": suspended, "kid": person.kid, "entry": entry }),
        || {
            Msg::new(id)
                .with("user", login)
                .with("kid", person.kid.as_str())
                .render(out.lang)
        },
    );
    Ok(fail::OK)
}

/// A new passphrase: from the file, or proposed and shown once.
pub(super) fn new_passphrase(call: &Call, login: &str, out: Out) -> Result<Zeroizing<String>, Failure> {
    if call.has("passphrase-file") && !call.has("generate") {
        return secret::passphrase(call, login);
    }
    propose(login, out)
}

/// Proposes a passphrase and shows it once.
pub(super) fn propose(login: &str, out: Out) -> Result<Zeroizing<String>, Failure> {
    let proposed = Zeroizing::new(passphrase()?);
    show(login, &proposed, out);
    Ok(proposed)
}

/// Shows a new passphrase once.
fn show(login: &str, phrase: &str, out: Out) {
    out.either(&json!({ "login": login, "passphrase": phrase }), || {
        Msg::new("cli-passphrase-new")
            .with("user", login)
            .with("passphrase", phrase)
            .render(out.lang)
    });
}

/// `user list`.
pub fn list_users(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    for person in ward.store.people()? {
        let state = ward.standing_of(&person.kid)?.code();
        out.either(
            &json!({
                "login": person.login, "name": person.name, "role": person.role.code(), "kid": person.kid,
                "state": state, "suspended": person.suspended,
            }),
            || {
                let role = crate::lang::text(out.lang, &format!("role-{}", person.role.code()));
                let state = crate::lang::text(out.lang, &format!("cli-key-{state}"));
                format!("{:<16} {:<28} {:<16} {}", person.login, person.name, role, state)
            },
        );
    }
    Ok(fail::OK)
}
