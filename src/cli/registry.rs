//! The registry's commands: `portal init|serve|enrolments|approve|invite|revoke|trust|quality`.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::secret;
use crate::env::{Clock, SystemClock};
use crate::lang::{Explain, Lang, Msg, text};
use crate::portal::{self, PortalSettings};
use crate::seal::PublicKey;
use crate::wire::EnrolmentState;

/// Where a portal listens unless told otherwise.
pub(super) const LISTEN: &str = "127.0.0.1:8741";
/// The registry's clock shows the time of Dushanbe.
pub(super) const CLOCK: SystemClock = SystemClock {
    utc_offset_minutes: 300,
};

pub(super) fn dir(call: &Call) -> PathBuf {
    call.path("dir")
        .or_else(|| call.path("data-dir"))
        .unwrap_or_else(|| PathBuf::from("ogoh-portal"))
}

/// Asks to whom copies are sealed, until the answer can be one or is empty.
fn ask_recipients(lang: Lang) -> Result<Vec<String>, Failure> {
    loop {
        let answer = secret::ask(&text(lang, "cli-ask-recipient"))?;
        let keys: Vec<String> = answer.split_whitespace().map(str::to_owned).collect();
        match keys.iter().try_for_each(|key| portal::check_recipient(key)) {
            Ok(()) => return Ok(keys),
            Err(e) => secret::tell(&e.msg().render(lang)),
        }
    }
}

/// `portal init`. On a terminal it asks for what is missing.
pub fn init(call: &Call, out: Out) -> Result<i32, Failure> {
    let dir = dir(call);
    portal::check_vacant(&dir)?;
    let recipients = match call.values("backup-recipient") {
        [] if std::io::stdin().is_terminal() && !out.json => ask_recipients(out.lang)?,
        given => given.to_vec(),
    };
    let settings = PortalSettings {
        database: call.value("database").unwrap_or_default().to_owned(),
        copies: portal::Copies {
            recipients,
            ..portal::Copies::default()
        },
        ..PortalSettings::default()
    };
    let made = portal::init(&dir, &settings, &CLOCK)?;
    // Whoever sets up a ward reads it over the telephone, and somebody here has to have it.
    let fingerprint = PublicKey::from_x(&made.root_key)?.fingerprint();
    out.either(
        &json!({ "dir": dir, "root_key": made.root_key, "root_kid": made.root_kid,
            "fingerprint": fingerprint, "recipients": settings.copies.recipients }),
        || {
            Msg::new("cli-portal-made")
                .with("dir", dir.display().to_string())
                .with("key", made.root_key.as_str())
                .with("fingerprint", fingerprint.as_str())
                .render(out.lang)
        },
    );
    if settings.copies.recipients.is_empty() && !out.json {
        let settings = dir.join("portal.toml").display().to_string();
        out.message(&Msg::new("cli-portal-no-recipient").with("settings", settings));
    }
    Ok(fail::OK)
}

/// `portal serve`: until SIGTERM or Ctrl-C.
pub fn serve(call: &Call, out: Out) -> Result<i32, Failure> {
    let text = call.value("listen").unwrap_or(LISTEN);
    let listen = portal::Listen::parse(text)
        .ok_or_else(|| Failure::usage(Msg::new("cli-listen-wrong").with("found", text)))?;
    if call.has("with-parent") {
        // Whoever started it holds the other end of standard input, and is gone when that closes. What
        // was answered is on the disk: ending needs no ceremony.
        std::thread::spawn(|| {
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            std::process::exit(fail::OK)
        });
    }
    portal::serve(
        &dir(call),
        listen,
        call.value("database"),
        Arc::new(CLOCK),
        |running| {
            let url = running.url.clone();
            out.either(&json!({ "url": url }), || {
                Msg::new("cli-portal-serves")
                    .with("url", url.as_str())
                    .render(out.lang)
            });
        },
    )?;
    Ok(fail::OK)
}

/// `portal migrate`: brings the portal's database up to date.
pub fn migrate(call: &Call, out: Out) -> Result<i32, Failure> {
    portal::migrate(&dir(call), Arc::new(CLOCK))?;
    out.either(&json!({ "migrated": true }), || {
        Msg::new("cli-portal-migrated").render(out.lang)
    });
    Ok(fail::OK)
}

/// `portal simulate`: a country of invented events in an empty portal.
pub fn simulate(call: &Call, out: Out) -> Result<i32, Failure> {
    let plan = portal::SimulationPlan {
        events: call.number("events")?.unwrap_or(10_000).into(),
        days: call.number("days")?.unwrap_or(365),
        seed: call.number("seed")?.unwrap_or(1).into(),
        twice: call.number("twice")?.unwrap_or(0).into(),
    };
    let began = std::time::Instant::now();
    let mut told = 0;
    let made = portal::simulate(&dir(call), &plan, CLOCK.now(), &mut |so_far| {
        if so_far.entries >= told + 10_000 && !out.json {
            told = so_far.entries;
            let left = began.elapsed() * (so_far.days - so_far.day) / so_far.day.max(1);
            let progress = Msg::new("cli-portal-simulating")
                .with("entries", i64::try_from(so_far.entries).unwrap_or(i64::MAX))
                .with("percent", i64::from(so_far.day * 100 / so_far.days.max(1)))
                .with(
                    "minutes",
                    i64::try_from(left.as_secs().div_ceil(60)).unwrap_or(i64::MAX),
                );
            out.line(&progress.render(out.lang));
        }
    })?;
    out.either(&json!(made), || {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        Msg::new("cli-portal-simulated")
            .with("facilities", count(made.facilities))
            .with("entries", count(made.entries))
            .with("families", count(made.families))
            .with("corrected", count(made.corrected))
            .with("twice", count(made.twice))
            .with("found", count(made.found))
            .with("mistaken", count(made.mistaken))
            .with("twins", count(made.twins))
            .render(out.lang)
    });
    Ok(fail::OK)
}

/// `portal enrolments`, after taking those that a stick brought (`--from`).
pub fn enrolments(call: &Call, out: Out) -> Result<i32, Failure> {
    if let Some(path) = call.value("from") {
        portal::take_requests(&dir(call), &super::read::read(path)?, &CLOCK)?;
    }
    for row in portal::enrolments(&dir(call), &CLOCK)? {
        out.either(&serde_json::to_value(&row).unwrap_or_default(), || {
            let state = text(
                out.lang,
                match row.state {
                    EnrolmentState::Waiting => "cli-enrolment-waiting",
                    _ => "cli-enrolment-done",
                },
            );
            let given = match (row.given, row.second_by.as_str()) {
                (false, _) if row.invited => text(out.lang, "cli-enrolment-invited"),
                (false, _) => String::new(),
                (true, _) if row.given_by.is_empty() => text(out.lang, "cli-enrolment-replaces"),
                (true, "") => Msg::new("cli-enrolment-given")
                    .with("by", row.given_by.as_str())
                    .render(out.lang),
                (true, second) => Msg::new("cli-enrolment-given-by-two")
                    .with("by", row.given_by.as_str())
                    .with("second", second)
                    .render(out.lang),
            };
            format!(
                "{}  {}  {:<10} {:<16} {state}  {}  {given}",
                row.id, row.facility, row.role, row.who, row.fingerprint
            )
        });
    }
    Ok(fail::OK)
}

/// `portal approve ID… | --all | --vouched`.
pub fn approve(call: &Call, out: Out) -> Result<i32, Failure> {
    let dir = dir(call);
    let mut ids = call.args.clone();
    let (all, vouched) = (call.has("all"), call.has("vouched"));
    if !all && !vouched && ids.is_empty() {
        return Err(Failure::usage(Msg::new("cli-argument-missing")));
    }
    let mut code = fail::OK;
    let mut failed: Vec<String> = Vec::new();
    loop {
        if all || vouched {
            // One that is believed may vouch for the next. Oldest first: a device brings its facility.
            let next = portal::enrolments(&dir, &CLOCK)?.into_iter().rev().find(|row| {
                // What a colleague gave is confirmed with that person, one by one.
                let open = row.state == EnrolmentState::Waiting && !failed.contains(&row.id);
                open && !row.given && (all || row.vouched)
            });
            ids.extend(next.map(|row| row.id));
        }
        if ids.is_empty() {
            return Ok(code);
        }
        let id = ids.remove(0);
        let number = match portal::approve(&dir, &id, &CLOCK) {
            Ok(number) => number,
            // One that cannot be approved stands in nobody's way.
            Err(e) if all || vouched => {
                secret::tell(&format!("{id}: {}", e.msg().render(out.lang)));
                failed.push(id);
                code = fail::REFUSED;
                continue;
            }
            Err(e) => return Err(e.into()),
        };
        let count = i64::try_from(number).unwrap_or(i64::MAX);
        out.either(&json!({ "request": id, "trust": number }), || {
            Msg::new("cli-portal-approved")
                .with("id", id.as_str())
                .with("number", count)
                .render(out.lang)
        });
    }
}

/// `portal refuse ID…`: declines requests.
pub fn refuse(call: &Call, out: Out) -> Result<i32, Failure> {
    call.arg()?;
    for id in &call.args {
        portal::refuse(&dir(call), id)?;
        out.either(&json!({ "request": id, "state": "refused" }), || {
            Msg::new("cli-portal-refused")
                .with("id", id.as_str())
                .render(out.lang)
        });
    }
    Ok(fail::OK)
}

/// `portal invite FACILITY`: a one-time code, shown once.
pub fn invite(call: &Call, out: Out) -> Result<i32, Failure> {
    let facility = call.arg()?;
    let days = call.number("days")?.unwrap_or(7);
    let code = portal::invite(&dir(call), facility, days, &CLOCK)?;
    out.either(
        &json!({ "facility": facility, "code": code, "days": days }),
        || {
            Msg::new("cli-portal-invited")
                .with("facility", facility)
                .with("code", code.as_str())
                .with("days", i64::from(days))
                .render(out.lang)
        },
    );
    Ok(fail::OK)
}

/// `portal revoke KID`.
pub fn revoke(call: &Call, out: Out) -> Result<i32, Failure> {
    let kid = call.arg()?;
    let number = portal::revoke(&dir(call), kid, &CLOCK)?;
    let count = i64::try_from(number).unwrap_or(i64::MAX);
    out.either(&json!({ "kid": kid, "trust": number }), || {
        Msg::new("cli-portal-revoked")
            .with("kid", kid)
            .with("number", count)
            .render(out.lang)
    });
    Ok(fail::OK)
}

/// `portal rotate receipt|trust|secrets`: a new key in the place of the portal's own.
pub fn rotate(call: &Call, out: Out) -> Result<i32, Failure> {
    if call.arg()? == "secrets" {
        let lost = portal::rotate_secrets(&dir(call))?;
        out.either(&json!({ "rotated": "secrets", "lost": lost }), || {
            Msg::new("cli-portal-secrets-rotated")
                .with("lost", i64::try_from(lost.len()).unwrap_or(i64::MAX))
                .with("who", lost.join(", "))
                .render(out.lang)
        });
        return Ok(fail::OK);
    }
    let what = match call.arg()? {
        "receipt" => crate::seal::KeyUse::Receipt,
        "trust" => crate::seal::KeyUse::Trust,
        other => return Err(Failure::usage(Msg::new("cli-rotate-what").with("found", other))),
    };
    let number = portal::rotate(&dir(call), what, &CLOCK)?;
    let count = i64::try_from(number).unwrap_or(i64::MAX);
    out.either(&json!({ "rotated": call.arg()?, "trust": number }), || {
        Msg::new("cli-portal-rotated")
            .with("number", count)
            .render(out.lang)
    });
    Ok(fail::OK)
}

/// `portal quality`: the ministry's rules over the twelve months that end with this one, and the counts of it:
/// of all facilities together, then of each that has any. Exits 1 where a rule finds something.
pub fn quality(call: &Call, out: Out) -> Result<i32, Failure> {
    let today = CLOCK.now();
    let month = super::send::month(call)?.unwrap_or_else(|| today.date_naive());
    let facility = call.value("facility");
    let (concerns, tables) = portal::quality(&dir(call), month, facility, Arc::new(CLOCK))?;
    if let Some(code) = facility.filter(|_| tables.is_empty()) {
        return Err(Failure::usage(
            Msg::new("cli-facility-unknown").with("found", code),
        ));
    }
    let mut empty = Vec::new();
    for table in &tables {
        match &table.fac {
            Some(fac) if facility.is_none() && !out.json && table.is_empty() => empty.push(fac.as_str()),
            _ => super::send::print_month(table, out),
        }
    }
    if !empty.is_empty() {
        out.message(&Msg::new("cli-month-empty").with("which", empty.join(", ")));
    }
    for concern in &concerns {
        let message = concern.msg.render(out.lang);
        out.either(
            &json!({ "rule": concern.rule, "severity": "W", "message": message }),
            || format!("W {}: {message}", concern.rule),
        );
    }
    Ok(if concerns.is_empty() {
        fail::OK
    } else {
        fail::REFUSED
    })
}

/// `portal trust`: the newest trust list, as signed; with `--all` every one, for a stick.
pub fn trust(call: &Call, out: Out) -> Result<i32, Failure> {
    if call.has("all") {
        for list in portal::trust_lists(&dir(call))? {
            out.exact(&format!("{list}\n"));
        }
        return Ok(fail::OK);
    }
    out.exact(portal::trust(&dir(call))?.text());
    Ok(fail::OK)
}
