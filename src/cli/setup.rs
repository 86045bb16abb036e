//! Setting up a device: `init`.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::people::{new_passphrase, propose};
use super::read::from_toml;
use super::secret;
use crate::codes;
use crate::env::{Facility, Kdf, Paths, PortalAt, Role, Settings};
use crate::lang::{Explain, Lang, Msg, text};
use crate::seal::PublicKey;
use crate::ward::deliver;
use crate::ward::store::CAN_ENCRYPT;
use crate::ward::workplace::{NewPerson, Workplace, check_login, check_plan, check_vacant, person_role};

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
    check_vacant(&paths)?;
    let new: NewDevice = match call.value("from") {
        Some(path) => from_toml(path)?,
        None => ask_device(out.lang)?,
    };
    let mut settings = Settings::new(new.facility, new.portal);
    settings.lang = new.lang;
    settings.kdf = new.kdf;
    let name = text(settings.lang, "cli-recovery-name");
    let sheet = new
        .recovery_sheet
        .then(|| NewPerson::administrator(RECOVERY, &name));
    let others = new.second_administrator.iter().chain(&new.users).chain(&sheet);
    check_plan(
        &settings,
        std::iter::once(&new.administrator).chain(others.clone()),
    )?;
    if let Some(path) = call.value("passphrase-file") {
        secret::first_line(path)?;
    }
    let mut ward = Workplace::begin(paths, settings, new.encrypt.unwrap_or(CAN_ENCRYPT))?;
    let phrase = new_passphrase(call, &new.administrator.login, out)?;
    let person = ward.add_person(&new.administrator, &phrase)?;
    for one in others {
        // Everybody else gets a passphrase of their own, shown once.
        let phrase = propose(&one.login, out)?;
        ward.add_person(one, &phrase)?;
    }
    if sheet.is_some() && !out.json {
        out.message(&Msg::new("cli-recovery-sheet"));
    }
    ward.finish()?;
    let (paths, device) = (&ward.paths, &ward.device);
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
    super::file::keep_key(paths, out)?;
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
        role: Role::Administrator.code().to_owned(),
    };
    // If the only administrator is gone, so is the device: a second one, or a sheet in an envelope.
    let second_administrator = match ask_login(lang, "cli-ask-second-login", &mut taken, true)?.as_str() {
        "" => None,
        login => Some(NewPerson {
            login: login.to_owned(),
            name: secret::ask_for(lang, "cli-ask-name")?,
            role: Role::Administrator.code().to_owned(),
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
                person_role(answer).map(|r| r.code().to_owned())
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
            Err(why) => secret::tell(&why.msg().render(lang)),
        }
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
