//! What an operator has to know of a portal: keys, permissions, journals, what stands for too long, the disk,
//! the database, copies, the certificate.
//!
//! Deliberately absent: texts, and a look at every signature, which `verify` has.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use super::certificate::certificate;
use super::finding::{Finding, Level};
use crate::env::{Clock, others_may_read};
use crate::lang::Msg;
use crate::portal::book::{BookResult, Copied, ReadTransaction};
use crate::portal::files::read_secret;
use crate::portal::record::State;
use crate::portal::unit::keyring::Keyring;
use crate::portal::unit::opened::Opened;
use crate::portal::{PortalError, PortalSettings};
use crate::seal::KeyUse;

/// Free bytes below which an operator should make room.
const ROOM: u64 = 1 << 30;
/// Days after which a registrar should have decided what lies on the desk.
const DESK_DAYS: i64 = 14;
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// Notifications that are looked at for what they wait for.
const MOST: usize = 1_000;

/// Looks at a portal's folder and book; works beside a running portal.
///
/// # Errors
/// The portal's, where nothing can be looked at.
pub fn doctor(dir: &Path, clock: Arc<dyn Clock>) -> Result<Vec<Finding>, PortalError> {
    // Before anything is opened, which would tighten it.
    let mut out = vec![permissions(dir)];
    let mut opened = Opened::at(dir)?;
    let settings = opened.files.load()?;
    let keyring = opened.keyring()?;
    let now = clock.now();
    out.push(key(&opened, &keyring, KeyUse::Receipt, now));
    if opened.files.trust_key().exists() {
        out.push(key(&opened, &keyring, KeyUse::Trust, now));
    }
    let root = opened.files.root_key().exists();
    out.push(found(
        "root-key",
        !root,
        Msg::new(if root {
            "doctor-root-here"
        } else {
            "doctor-root-away"
        }),
    ));
    let database = opened.book.facts()?;
    let safe = database.durable;
    out.push(found(
        "database",
        safe,
        Msg::new(if safe {
            "doctor-database"
        } else {
            "doctor-database-unsafe"
        })
        .with("version", database.version.as_str())
        .with("schema", i64::from(database.schema)),
    ));
    out.extend(opened.book.read(|tx| standing(tx, &settings, now))?);
    out.extend(copies(&mut opened, &settings, now)?);
    out.push(disk(dir));
    out.extend(certificate(&settings, dir, now));
    Ok(out)
}

fn found(what: &'static str, ok: bool, msg: Msg) -> Finding {
    Finding::new(what, if ok { Level::Good } else { Level::Bad }, msg)
}

fn permissions(dir: &Path) -> Finding {
    let names = [
        "",
        "portal.db",
        "portal.db-wal",
        "portal.db-shm",
        "portal.toml",
        "receipt.key",
        "trust.key",
        "root.key",
        "secrets.key",
    ];
    let open: Vec<String> = names
        .iter()
        .map(|name| dir.join(name))
        .filter(|path| others_may_read(path))
        .map(|path| path.display().to_string())
        .collect();
    let id = if open.is_empty() {
        "doctor-private"
    } else {
        "doctor-open"
    };
    found(
        "permissions",
        open.is_empty(),
        Msg::new(id).with("paths", open.join(", ")),
    )
}

/// Whether a key of the portal's own is the one that the trust list believes.
fn key(opened: &Opened, keyring: &Keyring, what: KeyUse, now: DateTime<FixedOffset>) -> Finding {
    let (name, path) = match what {
        KeyUse::Trust => ("trust-key", opened.files.trust_key()),
        _ => ("receipt-key", opened.files.receipt_key()),
    };
    let believed = read_secret(&path).is_ok_and(|secret| {
        let listed = keyring.find(secret.public().kid());
        listed.is_some_and(|(key, _)| key.what == what && key.in_force_at(now))
    });
    let id = if believed {
        "doctor-key"
    } else {
        "doctor-key-unknown"
    };
    found(
        name,
        believed,
        Msg::new(id).with("file", path.display().to_string()),
    )
}

/// What stands in the book for longer than its reason allows.
fn standing(
    tx: &ReadTransaction<'_>,
    settings: &PortalSettings,
    now: DateTime<FixedOffset>,
) -> BookResult<Vec<Finding>> {
    let now_ms = now.timestamp_millis();
    let (mut gaps, mut forks) = (0, 0);
    for journal in tx.journals()? {
        gaps += usize::from(journal.head < journal.highest);
        forks += usize::from(journal.forked);
    }
    let mut overdue = Vec::new();
    for nid in tx.undecided_since(now_ms, MOST)? {
        let Some(record) = tx.record(&nid)? else { continue };
        if let State::Received(waits) = &record.state
            && waits.is_overdue(settings, record.first_ms, now)
        {
            overdue.push(nid.to_string());
        }
    }
    let days = settings.registration.recovery_days;
    let all = tx.recovering()?;
    let late = all.iter().any(|of| of.is_overdue(now_ms, days));
    let recovering: Vec<String> = all.into_iter().map(|of| of.office.into()).collect();
    let doubted: u64 = tx.doubted()?.iter().map(|(_, _, n)| n).sum();
    let unconfirmed = tx.unconfirmed()?;
    let orphans = tx.orphans(now_ms - DAY_MS)?;
    let old = tx.on_desks_since(now_ms - DESK_DAYS * DAY_MS)?;
    let list = |all: &[String]| all.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    Ok(vec![
        found(
            "journals",
            gaps + forks == 0,
            Msg::new("doctor-journals")
                .with("gaps", gaps)
                .with("forks", forks),
        ),
        found(
            "waiting",
            overdue.is_empty(),
            Msg::new("doctor-waiting")
                .with("n", overdue.len())
                .with("which", list(&overdue)),
        ),
        found(
            "recovery",
            recovering.is_empty(),
            Msg::new(if late {
                "doctor-recovering-late"
            } else {
                "doctor-recovering"
            })
            .with("n", recovering.len())
            .with("days", i64::from(days))
            .with("which", list(&recovering)),
        ),
        found(
            "receipts",
            doubted == 0,
            Msg::new("doctor-receipts").with("n", i64::try_from(doubted).unwrap_or(i64::MAX)),
        ),
        found(
            "staff",
            unconfirmed.is_empty(),
            Msg::new("doctor-staff")
                .with("n", unconfirmed.len())
                .with("who", list(&unconfirmed)),
        ),
        found(
            "orphans",
            orphans.is_empty(),
            Msg::new("doctor-orphans")
                .with("n", orphans.len())
                .with("which", list(&orphans)),
        ),
        found(
            "desk",
            old.is_empty(),
            Msg::new("doctor-desk").with("days", DESK_DAYS).with(
                "offices",
                old.iter()
                    .map(|(office, n)| format!("{office} {n}"))
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
        ),
    ])
}

/// Whether there is a copy that is new enough, and whether one was restored for trial.
fn copies(
    opened: &mut Opened,
    settings: &PortalSettings,
    now: DateTime<FixedOffset>,
) -> Result<Vec<Finding>, PortalError> {
    let mut out = Vec::new();
    if settings.copies.recipients.is_empty() {
        out.push(found("copies", false, Msg::new("doctor-copies-unset")));
    }
    let (backup, drill) = opened
        .book
        .read(|tx| Ok((tx.copied(Copied::Backup)?, tx.copied(Copied::Drill)?)))?;
    // How old what is copied is, not when it was tried.
    let of = |copied: Option<(i64, i64)>| copied.map(|(_, of_ms)| (now.timestamp_millis() - of_ms) / HOUR_MS);
    let at = |copied: Option<(i64, i64)>| copied.map(|(at_ms, _)| (now.timestamp_millis() - at_ms) / DAY_MS);
    let (hours, days) = (settings.copies.backup_hours, settings.copies.drill_days);
    out.push(aged("backup", of(backup), hours.into()));
    out.push(aged("drill", at(drill), days.into()));
    if let Some(state) = opened.book.archiving()? {
        let id = match state.follows() {
            true => "doctor-archive",
            false => "doctor-archive-missing",
        };
        let seconds = state.seconds.unwrap_or(-1);
        out.push(found(
            "archive",
            state.follows(),
            Msg::new(id).with("seconds", seconds),
        ));
    }
    Ok(out)
}

/// Whether something was done, and not too long ago.
fn aged(what: &'static str, age: Option<i64>, most: i64) -> Finding {
    let msg = match (what, age) {
        ("backup", None) => Msg::new("doctor-backup-never"),
        ("backup", Some(age)) => Msg::new("doctor-backup").with("hours", age).with("most", most),
        (_, None) => Msg::new("doctor-drill-never"),
        (_, Some(age)) => Msg::new("doctor-drill").with("days", age).with("most", most),
    };
    found(what, age.is_some_and(|age| age <= most), msg)
}

fn disk(dir: &Path) -> Finding {
    let free = fs4::available_space(dir).unwrap_or(0);
    let megabytes = i64::try_from(free >> 20).unwrap_or(i64::MAX);
    found(
        "disk",
        free >= ROOM,
        Msg::new("doctor-disk").with("free", megabytes),
    )
}
