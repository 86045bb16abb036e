//! The registry's and the ministry's people: `portal staff …`, `portal acts`.

use serde::Deserialize;
use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::registry::{CLOCK, LISTEN, dir};
use crate::lang::{Msg, text};
use crate::portal::{self, Credentials, NewAccount};

/// `portal staff add --from FILE.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    login: String,
    name: String,
    role: String,
    #[serde(default)]
    place: String,
}

fn show(made: &Credentials, out: Out) -> i32 {
    out.either(&json!(made), || {
        Msg::new("cli-staff-made")
            .with("login", made.login.as_str())
            .with("phrase", made.passphrase.as_str())
            .with("secret", made.secret.as_str())
            .with("uri", made.uri.as_str())
            .render(out.lang)
    });
    fail::OK
}

/// Adds a person; prints once what they sign in with.
pub fn add(call: &Call, out: Out) -> Result<i32, Failure> {
    let new: New = super::read::from_toml(call.need("from")?)?;
    let account = NewAccount {
        login: new.login,
        name: new.name,
        role: new.role,
        place: new.place,
    };
    Ok(show(&portal::staff_add(&dir(call), &account, &CLOCK)?, out))
}

/// Everybody who may sign in, or might once.
pub fn list(call: &Call, out: Out) -> Result<i32, Failure> {
    for row in portal::staff(&dir(call))? {
        out.either(&json!(row), || {
            let off = match (row.active, row.confirmed) {
                (true, true) => String::new(),
                (true, false) => text(out.lang, "cli-staff-line-unconfirmed"),
                (false, _) => text(out.lang, "cli-staff-line-off"),
            };
            format!(
                "{:<16} {:<10} {:<14} {} {off}",
                row.login, row.role, row.place, row.name
            )
        });
    }
    Ok(fail::OK)
}

fn done(login: &str, out: Out) -> i32 {
    out.either(&json!({ "login": login, "done": true }), || {
        Msg::new("cli-staff-done").with("login", login).render(out.lang)
    });
    fail::OK
}

/// Suspends a person or lets them in again.
pub fn active(call: &Call, out: Out, active: bool) -> Result<i32, Failure> {
    let login = call.arg()?;
    portal::staff_active(&dir(call), login, active, &CLOCK)?;
    Ok(done(login, out))
}

/// `portal staff confirm LOGIN… | --all`: says of accounts of a book that was set back that they still count.
pub fn confirm(call: &Call, out: Out) -> Result<i32, Failure> {
    let asked: Vec<Option<&str>> = match call.has("all") {
        true => vec![None],
        false => {
            call.arg()?;
            call.args.iter().map(|login| Some(login.as_str())).collect()
        }
    };
    let mut confirmed = Vec::new();
    for login in asked {
        confirmed.extend(portal::staff_confirm(&dir(call), login, &CLOCK)?);
    }
    for login in &confirmed {
        out.either(&json!({ "login": login, "confirmed": true }), || {
            Msg::new("cli-staff-confirmed")
                .with("login", login.as_str())
                .render(out.lang)
        });
    }
    if confirmed.is_empty() && !out.json {
        out.line(&text(out.lang, "cli-staff-nobody-waits"));
    }
    Ok(fail::OK)
}

/// Gives a person a new passphrase and a new second factor.
pub fn reset(call: &Call, out: Out) -> Result<i32, Failure> {
    Ok(show(&portal::staff_reset(&dir(call), call.arg()?, &CLOCK)?, out))
}

/// Makes a link that signs in once.
pub fn link(call: &Call, out: Out) -> Result<i32, Failure> {
    let minutes = call.number("minutes")?.unwrap_or(10);
    let token = portal::staff_link(&dir(call), call.arg()?, minutes, &CLOCK)?;
    let here = format!("http://{LISTEN}");
    let base = call.value("base").unwrap_or(&here);
    let url = format!(
        "{}/{token}",
        crate::wire::path::join(base, crate::wire::path::SIGN_IN)
    );
    out.either(&json!({ "url": url, "minutes": minutes }), || {
        Msg::new("cli-staff-link")
            .with("minutes", i64::from(minutes))
            .with("url", url.as_str())
            .render(out.lang)
    });
    Ok(fail::OK)
}

/// The log of what people did, newest first.
pub fn acts(call: &Call, out: Out) -> Result<i32, Failure> {
    let most = call.number("limit")?.unwrap_or(50);
    for row in portal::acts(&dir(call), usize::try_from(most).unwrap_or(usize::MAX))? {
        out.either(&json!(row), || {
            let at = chrono::DateTime::from_timestamp_millis(row.at_ms).unwrap_or_default();
            format!(
                "{} {:<16} {:<14} {:<14} {}",
                at.to_rfc3339(),
                row.login,
                row.place,
                row.act,
                row.nid
            )
        });
    }
    Ok(fail::OK)
}
