//! Setting up a device: `init`.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::people::{NewPerson, add_person, administrator, known_role, valid_login};
use super::{forms, secret};
use crate::codes;
use crate::env::{
    DatabaseKey, EnvError, Facility, Kdf, Paths, PortalAt, Role, Settings, create_private_dir, write_private,
};
use crate::lang::{Explain, Lang, Msg, text};
use crate::seal::{PublicKey, SecretKey};
use crate::ward::deliver;
use crate::ward::store::{CAN_ENCRYPT, Store, StoreError};

/// Login of the administrator whose passphrase lies sealed in a safe.
const RECOVERY: &str = "recovery";

/// `init --from`: what a new device is to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewDevice {
    #[serde(default)]
    lang: Lang,
    facility: Facility,
    portal: PortalAt,
    administrator: NewPerson,
    /// Who helps where the first one is away.
    second_administrator: Option<NewPerson>,
    /// Whether an administrator without a person is made, whose passphrase lies sealed in a safe.
    #[serde(default)]
    recovery_sheet: bool,
    /// Those who begin at once.
    #[serde(default)]
    users: Vec<NewPerson>,
    /// Whether the database is encrypted; by default where this program can.
    encrypt: Option<bool>,
    #[serde(default)]
    kdf: Kdf,
}

/// `init`: settings, device key, database and the first administrator.
pub fn init(call: &Call, out: Out) -> Result<i32, Failure> {
    let paths = Paths::find(call.path("data-dir"))?;
    if paths.settings().exists() {
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
    deliver::check_address(&new.portal.url)?;
    check_people(&new, call)?;
    let encrypt = new.encrypt.unwrap_or(CAN_ENCRYPT);
    if encrypt && !CAN_ENCRYPT {
        return Err(StoreError::NoEncryption(paths.database()).into());
    }
    create_private_dir(paths.dir())?;
    clear_unfinished(&paths)?;
    if encrypt {
        DatabaseKey::find_or_make(&paths)?;
    }
    let device = SecretKey::generate()?;
    write_private(&paths.device_key(), device.to_text().as_bytes())?;
    let mut settings = Settings::new(new.facility, new.portal);
    settings.lang = new.lang;
    settings.kdf = new.kdf;
    let mut store = Store::open_at(&paths)?;
    let person = add_person(&mut store, &settings, &new.administrator, Some(call), out)?;
    let sheet = new.recovery_sheet.then(|| NewPerson {
        login: RECOVERY.to_owned(),
        name: text(settings.lang, "cli-recovery-name"),
        role: administrator(),
    });
    let others = new.second_administrator.iter().chain(&new.users).chain(&sheet);
    for one in others {
        // Everybody else gets a passphrase of their own, shown once.
        add_person(&mut store, &settings, one, None, out)?;
    }
    if sheet.is_some() && !out.json {
        out.say(&Msg::new("cli-recovery-sheet"));
    }
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
    super::file::keep_key(&paths, out)?;
    Ok(fail::OK)
}

/// Asks for everything, and asks again where an answer cannot be.
fn ask_device(shown: Lang) -> Result<NewDevice, Failure> {
    let lang = ask_until(shown, "cli-ask-lang", |answer| match answer {
        "" => Some(shown),
        code => Lang::from_code(code),
    })?;
    let code = |list: &'static str| {
        move |answer: &str| {
            let known = codes::list(list).and_then(|l| l.get(answer));
            known.map(|_| answer.to_owned())
        }
    };
    let mut facility = Facility {
        code: secret::ask_for(lang, "cli-ask-facility-code")?,
        name: secret::ask_for(lang, "cli-ask-facility-name")?,
        district: ask_until(lang, "cli-ask-district", code("district"))?,
        office: String::new(),
    };
    let district = facility.district.clone();
    facility.office = ask_until(lang, "cli-ask-office", |answer| match answer {
        // Most districts have an office of the same code.
        "" => code("office")(&district),
        other => code("office")(other),
    })?;
    let url = loop {
        let url = secret::ask_for(lang, "cli-ask-portal")?;
        match deliver::check_address(&url) {
            Ok(()) => break url,
            Err(e) => secret::tell(&e.msg().render(lang)),
        }
    };
    let ca_file = match url.starts_with("https://") {
        true => Some(PathBuf::from(secret::ask_for(lang, "cli-ask-ca")?)),
        false => None,
    };
    let portal = PortalAt {
        url,
        root_key: ask_root_key(lang)?,
        ca_file,
        ..PortalAt::default()
    };
    let mut taken = vec![RECOVERY.to_owned()];
    let administrator = NewPerson {
        login: ask_login(lang, "cli-ask-admin-login", &mut taken, false)?,
        name: secret::ask_for(lang, "cli-ask-name")?,
        role: administrator(),
    };
    // If the only administrator is gone, so is the device: a second one, or a sheet in an envelope.
    let second_administrator = match ask_login(lang, "cli-ask-second-login", &mut taken, true)?.as_str() {
        "" => None,
        login => Some(NewPerson {
            login: login.to_owned(),
            name: secret::ask_for(lang, "cli-ask-name")?,
            role: super::people::administrator(),
        }),
    };
    let mut users = Vec::new();
    loop {
        let login = ask_login(lang, "cli-ask-next-login", &mut taken, true)?;
        if login.is_empty() {
            break;
        }
        users.push(NewPerson {
            login,
            name: secret::ask_for(lang, "cli-ask-name")?,
            role: ask_until(lang, "cli-ask-role", |answer| {
                let role = Role::from_code(answer).filter(|r| *r != Role::Device);
                role.map(|r| r.code().to_owned())
            })?,
        });
    }
    Ok(NewDevice {
        lang,
        facility,
        portal,
        administrator,
        recovery_sheet: second_administrator.is_none(),
        second_administrator,
        users,
        encrypt: None,
        kdf: Kdf::default(),
    })
}

/// Asks until an answer can be read.
fn ask_until<T>(lang: Lang, id: &'static str, mut read: impl FnMut(&str) -> Option<T>) -> Result<T, Failure> {
    loop {
        let answer = secret::ask(&text(lang, id))?;
        if let Some(value) = read(&answer) {
            return Ok(value);
        }
        secret::tell(&Msg::new("cli-ask-again").with("found", answer).render(lang));
    }
}

/// Asks for a login until it does and nobody has it; empty where that ends the asking.
fn ask_login(lang: Lang, id: &'static str, taken: &mut Vec<String>, empty: bool) -> Result<String, Failure> {
    loop {
        let login = secret::ask(&text(lang, id))?;
        match check_login(&login, taken) {
            _ if empty && login.is_empty() => return Ok(login),
            Ok(()) => {
                taken.push(login.clone());
                return Ok(login);
            }
            Err(why) => secret::tell(&why.render(lang)),
        }
    }
}

/// Whether a login does, and nobody has it.
fn check_login(login: &str, taken: &[String]) -> Result<(), Msg> {
    match valid_login(login) {
        false => Err(Msg::new("cli-login-wrong").with("found", login)),
        true if taken.iter().any(|other| other == login) => {
            Err(Msg::new("cli-user-exists").with("user", login))
        }
        true => Ok(()),
    }
}

/// What is wrong with the people of a new device, before anything of it is made.
fn check_people(new: &NewDevice, call: &Call) -> Result<(), Failure> {
    let mut taken = Vec::new();
    if new.recovery_sheet {
        taken.push(RECOVERY.to_owned());
    }
    let others = new.second_administrator.iter().chain(&new.users);
    for person in std::iter::once(&new.administrator).chain(others) {
        check_login(&person.login, &taken).map_err(Failure::refused)?;
        known_role(&person.role)?;
        taken.push(person.login.clone());
    }
    if let Some(path) = call.value("passphrase-file") {
        secret::first_line(path)?;
    }
    Ok(())
}

/// What a set-up that was cut off left, before the settings were written: nobody worked with it. A device
/// with anything signed or begun on it is never touched.
fn clear_unfinished(paths: &Paths) -> Result<(), Failure> {
    if !paths.device_key().exists() && !paths.database().exists() {
        return Ok(());
    }
    let set_up =
        || Failure::refused(Msg::new("cli-already-set-up").with("path", paths.dir().display().to_string()));
    let unused = Store::open_at(paths)
        .and_then(|store| Ok(store.entries_after(i64::MIN, 1)?.is_empty() && store.drafts()?.is_empty()));
    if !unused.is_ok_and(|unused| unused) {
        return Err(set_up());
    }
    crate::ward::store::remove_with_companions(&paths.database());
    match std::fs::remove_file(paths.device_key()) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(EnvError::Unwritable(paths.device_key(), e).into())
        }
        _ => Ok(()),
    }
}

/// The registry's root key: all trust hangs on it, so its fingerprint is read aloud.
fn ask_root_key(lang: Lang) -> Result<String, Failure> {
    loop {
        let key = ask_until(lang, "cli-ask-root-key", |answer| PublicKey::from_x(answer).ok())?;
        let question = Msg::new("cli-ask-root-fingerprint").with("fingerprint", key.fingerprint());
        let yes = [
            "y", "yes", "д", "да", "da", "ҳ", "ҳа", "х", "ха", "ha", "бале", "bale",
        ];
        if yes.contains(&secret::ask(&question.render(lang))?.to_lowercase().as_str()) {
            return Ok(key.x());
        }
    }
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
