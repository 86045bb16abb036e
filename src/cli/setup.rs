//! Setting up a device and its people: `init`, `user`, `enrol`.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward::Ward;
use super::{forms, secret};
use crate::codes;
use crate::deliver;
use crate::env::{
    Clock, Facility, Kdf, Paths, PortalAt, Role, Settings, SystemClock, create_private_dir, write_private,
};
use crate::lang::{Lang, Msg};
use crate::seal::{
    EnrolRequest, FacilityClaim, KeyFile, KeyUse, PublicKey, SecretKey, countersign, passphrase,
};
use crate::store::{Person, Store};

/// `init --from`: what a new device is to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewDevice {
    #[serde(default)]
    lang: Lang,
    facility: Facility,
    portal: PortalAt,
    administrator: NewPerson,
    #[serde(default)]
    kdf: Kdf,
}

/// `user add --from`, and the administrator of a new device.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    login: String,
    name: String,
    #[serde(default = "administrator")]
    role: String,
}

fn administrator() -> String {
    Role::Administrator.code().to_owned()
}

/// `init`: settings, device key, database and the first administrator.
pub fn init(call: &Call, out: Out) -> Result<i32, Failure> {
    let paths = Paths::find(call.path("data-dir"))?;
    if paths.settings().exists() || paths.device_key().exists() {
        let msg = Msg::new("cli-already-set-up").with("path", paths.dir().display().to_string());
        return Err(Failure::refused(msg));
    }
    let new: NewDevice = match call.value("from") {
        Some(path) => from_toml(path)?,
        None => ask_device(out.lang)?,
    };
    known_code("district", &new.facility.district, "facility.district")?;
    known_code("office", &new.facility.office, "facility.office")?;
    PublicKey::from_x(&new.portal.root_key)?;
    create_private_dir(paths.dir())?;
    let device = SecretKey::generate()?;
    write_private(&paths.device_key(), device.to_text().as_bytes())?;
    let mut settings = Settings::new(new.facility, new.portal);
    settings.lang = new.lang;
    settings.kdf = new.kdf;
    let mut store = Store::open(&paths.database())?;
    let person = add_person(&mut store, &settings, &new.administrator, call, out)?;
    // Settings last: a device that has them is one that is set up.
    settings.save(&paths.settings())?;
    out.either(
        &json!({
            "data_dir": paths.dir(), "device": device.public().kid(),
            "fingerprint": device.public().fingerprint(), "administrator": person.login,
        }),
        || {
            Msg::new("cli-set-up")
                .with("path", paths.dir().display().to_string())
                .with("fingerprint", device.public().fingerprint())
                .render(out.lang)
        },
    );
    Ok(fail::OK)
}

fn ask_device(lang: Lang) -> Result<NewDevice, Failure> {
    let facility = Facility {
        code: secret::ask_for(lang, "cli-ask-facility-code")?,
        name: secret::ask_for(lang, "cli-ask-facility-name")?,
        district: secret::ask_for(lang, "cli-ask-district")?,
        office: String::new(),
    };
    let office = secret::ask(
        &Msg::new("cli-ask-office")
            .with("default", facility.district.as_str())
            .render(lang),
    )?;
    let facility = Facility {
        office: if office.is_empty() {
            facility.district.clone()
        } else {
            office
        },
        ..facility
    };
    let url = secret::ask_for(lang, "cli-ask-portal")?;
    let ca = match url.starts_with("https://") {
        true => Some(PathBuf::from(secret::ask_for(lang, "cli-ask-ca")?)),
        false => None,
    };
    let portal = PortalAt {
        url,
        root_key: secret::ask_for(lang, "cli-ask-root-key")?,
        ca_file: ca,
    };
    let login = secret::ask_for(lang, "cli-ask-admin-login")?;
    let name = secret::ask_for(lang, "cli-ask-name")?;
    Ok(NewDevice {
        lang,
        facility,
        portal,
        administrator: NewPerson {
            login,
            name,
            role: administrator(),
        },
        kdf: Kdf::default(),
    })
}

pub(super) fn from_toml<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, Failure> {
    toml::from_str(&forms::read(path)?).map_err(|e| {
        Failure::refused(
            Msg::new("cli-toml-wrong")
                .with("path", path)
                .with("what", e.to_string()),
        )
    })
}

fn known_code(list: &'static str, code: &str, field: &'static str) -> Result<(), Failure> {
    match codes::list(list).and_then(|l| l.get(code)) {
        Some(_) => Ok(()),
        None => Err(Failure::refused(
            Msg::new("cli-code-unknown")
                .with("field", field)
                .with("found", code),
        )),
    }
}

/// `user add`: a person with a key of their own.
pub fn add_user(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = Ward::open(call)?;
    let new: NewPerson = match call.value("from") {
        Some(path) => from_toml(path)?,
        None => NewPerson {
            login: secret::ask_for(out.lang, "cli-ask-login")?,
            name: secret::ask_for(out.lang, "cli-ask-name")?,
            role: secret::ask_for(out.lang, "cli-ask-role")?,
        },
    };
    let person = add_person(&mut ward.store, &ward.settings, &new, call, out)?;
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

fn add_person(
    store: &mut Store,
    settings: &Settings,
    new: &NewPerson,
    call: &Call,
    out: Out,
) -> Result<Person, Failure> {
    let role = Role::from_code(&new.role)
        .filter(|r| *r != Role::Device)
        .ok_or_else(|| Failure::refused(Msg::new("cli-role-unknown").with("found", new.role.as_str())))?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    if new.login.is_empty() || new.login.len() > 32 || !new.login.chars().all(plain) {
        return Err(Failure::refused(
            Msg::new("cli-login-wrong").with("found", new.login.as_str()),
        ));
    }
    if store.person(&new.login)?.is_some() {
        return Err(Failure::refused(
            Msg::new("cli-user-exists").with("user", new.login.as_str()),
        ));
    }
    let phrase = new_passphrase(call, &new.login, out)?;
    let key = SecretKey::generate()?;
    let file = KeyFile::lock(&key, &new.login, &settings.facility.code, &phrase, &settings.kdf)?;
    let clock = SystemClock {
        utc_offset_minutes: settings.utc_offset_minutes,
    };
    let person = Person {
        login: new.login.clone(),
        name: new.name.trim().to_owned(),
        role,
        kid: key.public().kid().to_owned(),
        x: key.public().x(),
        key_blob: file.to_text()?,
        since: clock.now(),
        suspended: None,
    };
    // Proof that the key is held: signed while it is open, sent by `enrol` later.
    let request = EnrolRequest {
        v: 1,
        what: KeyUse::Person,
        x: person.x.clone(),
        fac: settings.facility.code.clone(),
        facility: None,
        usr: Some(person.login.clone()),
        name: Some(person.name.clone()),
        role: Some(role),
        at: person.since,
        code: None,
    };
    store.set_meta(&request_name(&person.kid), &request.seal(&key)?)?;
    store.add_person(&person)?;
    Ok(person)
}

/// A new passphrase: from the file, or proposed and shown once.
fn new_passphrase(call: &Call, login: &str, out: Out) -> Result<Zeroizing<String>, Failure> {
    if call.has("passphrase-file") && !call.has("generate") {
        return secret::passphrase(call, login);
    }
    let proposed = Zeroizing::new(passphrase()?);
    out.either(&json!({ "login": login, "passphrase": *proposed }), || {
        Msg::new("cli-passphrase-new")
            .with("user", login)
            .with("passphrase", proposed.as_str())
            .render(out.lang)
    });
    Ok(proposed)
}

/// `user list`.
pub fn list_users(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = Ward::open(call)?;
    let trust = ward.trust()?;
    for person in ward.store.people()? {
        let state = match trust.as_ref().and_then(|t| t.find(&person.kid)) {
            Some(key) if key.believed_at(ward.clock.now()) => "confirmed",
            Some(_) => "revoked",
            None => "unconfirmed",
        };
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

/// Under which name a person's own request waits until the registry believes the key.
fn request_name(kid: &str) -> String {
    format!("enrol:{kid}")
}

/// `enrol`: asks the registry to believe the device and every person it does not know yet.
pub fn enrol(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = Ward::open(call)?;
    // What the registry believes already need not ask again.
    match deliver::fetch_trust(&mut ward.store, &ward.settings, &ward.device, &ward.clock) {
        Err(e) if e.is_unreachable() => return Err(Failure::unreachable(&e)),
        Err(e) => return Err(e.into()),
        Ok(_) => {}
    }
    let trust = ward.trust()?;
    let believed = |kid: &str| trust.as_ref().is_some_and(|t| t.find(kid).is_some());
    let administrator = match call.value("sign-as") {
        Some(_) => Some(ward.unlock(call)?),
        None => None,
    };
    let mut requests = Vec::new();
    if !believed(ward.device.public().kid()) {
        requests.push((Role::Device.code().to_owned(), device_request(&ward)?));
    }
    for person in ward.store.people()? {
        if believed(&person.kid) || person.suspended.is_some() {
            continue;
        }
        let Some(own) = ward.store.meta(&request_name(&person.kid))? else {
            continue;
        };
        let request = match &administrator {
            Some((admin, key)) if admin.login != person.login => countersign(&own, key)?,
            _ => own,
        };
        requests.push((person.login, request));
    }
    if requests.is_empty() && !out.json {
        out.say(&Msg::new("cli-enrol-nothing"));
    }
    for (who, request) in requests {
        let asked = deliver::enrol(&ward.settings, &request).map_err(|e| {
            if e.is_unreachable() {
                Failure::unreachable(&e)
            } else {
                e.into()
            }
        })?;
        out.either(
            &json!({ "who": who, "request": asked.id, "state": asked.state }),
            || {
                Msg::new("cli-enrol-sent")
                    .with("who", who.as_str())
                    .with("id", asked.id.as_str())
                    .render(out.lang)
            },
        );
    }
    Ok(fail::OK)
}

/// The device asks to be believed, and says what facility it stands in.
fn device_request(ward: &Ward) -> Result<String, Failure> {
    let facility = &ward.settings.facility;
    let request = EnrolRequest {
        v: 1,
        what: KeyUse::Device,
        x: ward.device.public().x(),
        fac: facility.code.clone(),
        facility: Some(FacilityClaim {
            name: facility.name.clone(),
            district: facility.district.clone(),
            office: facility.office.clone(),
        }),
        usr: None,
        name: None,
        role: None,
        at: ward.clock.now(),
        code: None,
    };
    Ok(request.seal(&ward.device)?)
}
