//! People of a device and their keys: `user`.

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::secret;
use super::setup::from_toml;
use super::ward;
use crate::env::{Clock, Role, Settings, SystemClock};
use crate::lang::Msg;
use crate::seal::{KeyFile, PublicKey, SealError, passphrase, person_key};
use crate::ward::store::{Person, Statement, Store, StoreError, enrolment_request_key};
use crate::ward::workplace::{KeyStanding, Workplace};

/// `user add --from`, and the administrator of a new device.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    pub login: String,
    pub name: String,
    #[serde(default = "administrator")]
    pub role: String,
}

pub(super) fn administrator() -> String {
    Role::Administrator.code().to_owned()
}

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
    let person = add_person(&mut ward.store, &ward.settings, &new, Some(call), out)?;
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

/// Makes a person; the passphrase is the call's, or proposed and shown once.
pub(super) fn add_person(
    store: &mut Store,
    settings: &Settings,
    new: &NewPerson,
    call: Option<&Call>,
    out: Out,
) -> Result<Person, Failure> {
    let role = known_role(&new.role)?;
    if !valid_login(&new.login) {
        return Err(Failure::refused(
            Msg::new("cli-login-wrong").with("found", new.login.as_str()),
        ));
    }
    if store.person(&new.login)?.is_some() {
        return Err(Failure::refused(
            Msg::new("cli-user-exists").with("user", new.login.as_str()),
        ));
    }
    let phrase = match call {
        Some(call) => new_passphrase(call, &new.login, out)?,
        None => propose(&new.login, out)?,
    };
    let clock = SystemClock {
        utc_offset_minutes: settings.utc_offset_minutes,
    };
    let name = new.name.trim();
    let (person, request) = with_key(settings, (&new.login, name, role), &phrase, clock.now())?;
    store.set_meta(&enrolment_request_key(&person.kid), &request)?;
    store.add_person(&person)?;
    Ok(person)
}

/// Whether a login does: it stands in settings, key files and entries.
pub(super) fn valid_login(login: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    !login.is_empty() && login.len() <= 32 && login.chars().all(plain)
}

/// A person's role by its code.
pub(super) fn known_role(code: &str) -> Result<Role, Failure> {
    Role::from_code(code)
        .filter(|r| *r != Role::Device)
        .ok_or_else(|| Failure::refused(Msg::new("cli-role-unknown").with("found", code)))
}

/// A person with a new key, and the key's request to be believed.
fn with_key(
    settings: &Settings,
    who: (&str, &str, Role),
    phrase: &str,
    now: DateTime<FixedOffset>,
) -> Result<(Person, String), Failure> {
    let key = person_key(who, &settings.facility.code, phrase, &settings.kdf, now)?;
    let person = Person {
        login: who.0.to_owned(),
        name: who.1.to_owned(),
        role: who.2,
        kid: key.public.kid().to_owned(),
        x: key.public.x(),
        key_blob: key.blob,
        since: now,
        suspended: None,
    };
    Ok((person, key.request))
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
    let facility = &ward.settings.facility.code;
    let key_blob = KeyFile::lock(&opened.key, login, facility, &phrase, &ward.settings.kdf)?.to_text()?;
    // As they are now: somebody may have been suspended or given another key meanwhile.
    let person = Person {
        key_blob,
        ..known_person(&ward, login)?
    };
    if person.kid != opened.person.kid {
        return Err(StoreError::WrongKey.into());
    }
    ward.store.change_person(&person)?;
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
fn new_passphrase(call: &Call, login: &str, out: Out) -> Result<Zeroizing<String>, Failure> {
    if call.has("passphrase-file") && !call.has("generate") {
        return secret::passphrase(call, login);
    }
    propose(login, out)
}

/// Proposes a passphrase and shows it once.
fn propose(login: &str, out: Out) -> Result<Zeroizing<String>, Failure> {
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
