//! Copies of the registry: `portal backup|restore|archive|drill`.

use std::path::{Path, PathBuf};

use serde_json::json;
use zeroize::Zeroizing;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::registry::{CLOCK, dir};
use crate::lang::{Msg, text};
use crate::portal::{self, Archived, BackedUp, Restored};

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `portal backup [FILE]`: a sealed copy while the portal serves.
pub fn backup(call: &Call, out: Out) -> Result<i32, Failure> {
    let file = call.args.first().map(PathBuf::from);
    let made = portal::backup(&dir(call), file.as_deref(), call.values("recipient"), &CLOCK)?;
    tell_backup(&made, out);
    Ok(fail::OK)
}

fn tell_backup(made: &BackedUp, out: Out) {
    out.either(&json!(made), || {
        Msg::new("cli-portal-backed-up")
            .with("path", made.file.display().to_string())
            .with("at", made.at.as_str())
            .with("mebibytes", count(made.bytes >> 20))
            .with(
                "facilities",
                count(u64::try_from(made.facilities).unwrap_or(u64::MAX)),
            )
            .render(out.lang)
    });
}

/// The secret keys that open a copy: the file of `--identity`, else asked for.
fn identities(call: &Call) -> Result<Zeroizing<String>, Failure> {
    match call.value("identity") {
        Some(path) => Ok(Zeroizing::new(super::read::read(path)?)),
        None => {
            let question = text(call.lang().unwrap_or_default(), "cli-portal-identity");
            super::secret::ask_hidden(&question)
        }
    }
}

/// `portal restore FILE`, or `portal restore --adopt` after a restore by other means.
pub fn restore(call: &Call, out: Out) -> Result<i32, Failure> {
    let dir = dir(call);
    let done = match call.has("adopt") {
        true => portal::adopt(&dir, &CLOCK)?,
        false => portal::restore(&dir, Path::new(call.arg()?), &identities(call)?, &CLOCK)?,
    };
    out.either(&json!(done), || told(&done, &dir, out).join("\n"));
    Ok(fail::OK)
}

fn told(done: &Restored, dir: &Path, out: Out) -> Vec<String> {
    let mut lines = Vec::new();
    if !done.at.is_empty() {
        lines.push(Msg::new("cli-portal-restored").with("at", done.at.as_str()));
    }
    if let Some(dump) = &done.dump {
        let dump = dump.display().to_string();
        let dir = dir.display().to_string();
        lines.push(
            Msg::new("cli-portal-restore-dump")
                .with("path", dump)
                .with("dir", dir),
        );
    } else {
        let epoch = Msg::new("cli-portal-epoch").with("epoch", i64::from(done.epoch));
        lines.push(epoch.with("n", count(done.passed_over)));
    }
    if let Some(aside) = &done.aside {
        lines.push(Msg::new("cli-portal-aside").with("path", aside.display().to_string()));
    }
    for book in &done.unread {
        lines.push(Msg::new("cli-portal-unread").with("path", book.display().to_string()));
    }
    lines.iter().map(|msg| msg.render(out.lang)).collect()
}

/// `portal archive DIR`: keeps the newest copy there, until it is ended. With `--once` only looks once.
pub fn archive(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut follows = true;
    let to = PathBuf::from(call.arg()?);
    let told = &mut |done: &Archived| match done {
        Archived::Copied(made) => tell_backup(made, out),
        Archived::Unchanged => {}
        Archived::Failed(what) => {
            let msg = Msg::new("cli-portal-archive-failed").with("what", what.as_str());
            super::secret::tell(&msg.render(out.lang));
        }
        Archived::Server(state) => {
            follows = state.follows();
            let id = match follows {
                true => "doctor-archive",
                false => "doctor-archive-missing",
            };
            out.either(&json!(state), || {
                Msg::new(id)
                    .with("seconds", state.seconds.unwrap_or(-1))
                    .render(out.lang)
            });
        }
    };
    let recipients = call.values("recipient");
    portal::archive(&dir(call), &to, recipients, call.has("once"), &CLOCK, told)?;
    Ok(if follows { fail::OK } else { fail::REFUSED })
}

/// `portal drill [FILE|DIR]`. Exits 1 where the copy would not do.
pub fn drill(call: &Call, out: Out) -> Result<i32, Failure> {
    let from = call.args.first().map(PathBuf::from);
    let identities = identities(call)?;
    let database = call.value("database");
    let done = portal::drill(&dir(call), from.as_deref(), &identities, database, &CLOCK)?;
    out.either(&json!(done), || {
        let line = Msg::new("cli-portal-drilled")
            .with("path", done.file.display().to_string())
            .with("at", done.at.as_str())
            .with("minutes", done.minutes_old)
            .with("seconds", count(done.took_ms / 1000))
            .render(out.lang);
        let found = match &done.verified {
            Some(found) => super::inspect::verified(found, out),
            None => text(out.lang, "cli-portal-drill-read"),
        };
        format!("{line}\n{found}")
    });
    Ok(if done.holds() { fail::OK } else { fail::REFUSED })
}
