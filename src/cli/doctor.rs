//! `doctor`: looks at everything that a ward depends on, and says what to do.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward;
use crate::env::{ClockTrust, DatabaseKey, KeptIn, Role};
use crate::lang::{Explain, Msg, text};
use crate::seal::Trust;
use crate::ward::deliver;
use crate::ward::store::{CAN_ENCRYPT, is_plain};
use crate::ward::workplace::{Workplace, set_aside};

/// Free bytes below which a ward should make room: months of recording, and a backup.
const ROOM: u64 = 500 << 20;
/// Letters that a terminal's font must have.
const LETTERS: &str = "Ғ Ӣ Қ Ӯ Ҳ Ҷ  ғ ӣ қ ӯ ҳ ҷ";

/// What was looked at, and whether all of it is sound.
struct Report {
    out: Out,
    sound: bool,
}

impl Report {
    fn add(&mut self, what: &'static str, ok: bool, msg: &Msg, hint: Option<Msg>) {
        let lang = self.out.lang;
        self.sound &= ok;
        let hint = hint.map(|h| h.render(lang));
        self.out.either(
            &json!({ "what": what, "ok": ok, "message": msg.render(lang), "hint": hint }),
            || {
                let mark = text(lang, if ok { "cli-doctor-good" } else { "cli-doctor-bad" });
                let hint = hint
                    .as_deref()
                    .map(|h| format!("\n    → {h}"))
                    .unwrap_or_default();
                format!("{mark:<8} {}{hint}", msg.render(lang))
            },
        );
    }
}

/// `doctor`. Exits 1 where something has to be done. With `--json` an object a line, without anything
/// personal, for whoever supports this ward.
pub fn doctor(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let mut report = Report { out, sound: true };
    clock(&ward, &mut report)?;
    portal(&mut ward, &mut report);
    let trust = ward.trust()?;
    keys(&ward, trust.as_deref(), &mut report)?;
    let queue = ward.store.queue()?;
    let unsent = i64::try_from(queue.unsent).unwrap_or(i64::MAX);
    report.add(
        "queue",
        queue.put_aside == 0,
        &Msg::new("cli-doctor-queue").with("n", unsent),
        None,
    );
    declined(&ward, &mut report)?;
    let journal = ward.store.verify(&ward.device.public(), trust.as_deref())?;
    let entries = i64::try_from(journal.entries).unwrap_or(i64::MAX);
    let id = match journal.holds() {
        true => "cli-doctor-journal",
        false => "cli-doctor-journal-bad",
    };
    let msg = Msg::new(id).with("entries", entries);
    report.add("journal", journal.holds(), &msg, None);
    for lost in ward.store.missing()? {
        let hint = Msg::new("store-missing-hint");
        report.add("lost", false, &lost.msg(), Some(hint));
    }
    disk(ward.paths.dir(), &mut report);
    permissions(&ward, &mut report);
    encryption(&ward, &mut report)?;
    // No program can see what a person sees.
    report.add(
        "font",
        true,
        &Msg::new("cli-doctor-font").with("letters", LETTERS),
        None,
    );
    Ok(if report.sound { fail::OK } else { fail::REFUSED })
}

/// What was said of people and of months and did not count: no worklist shows it.
fn declined(ward: &Workplace, report: &mut Report) -> Result<(), Failure> {
    for one in ward.store.declined()? {
        let why = one.problem.text.get(report.out.lang.code()).cloned();
        let id = match one.held {
            true => "cli-doctor-unheeded",
            false => "cli-doctor-declined",
        };
        let msg = Msg::new(id)
            .with("type", one.t.code())
            .with("id", one.id)
            .with("why", why.unwrap_or(one.problem.code));
        report.add("declined", false, &msg, None);
    }
    Ok(())
}

fn clock(ward: &Workplace, report: &mut Report) -> Result<(), Failure> {
    let clk = ward.trust_in_clock()?;
    let hint = (clk != ClockTrust::Synced).then(|| Msg::new("cli-doctor-clock-hint"));
    let state = text(report.out.lang, &format!("clock-{}", clk.code()));
    let fine = matches!(clk, ClockTrust::Synced | ClockTrust::Unsynced);
    report.add(
        "clock",
        fine,
        &Msg::new("cli-doctor-clock").with("state", state),
        hint,
    );
    Ok(())
}

/// The line, the certificate and the trust list.
fn portal(ward: &mut Workplace, report: &mut Report) {
    match deliver::fetch_trust(&mut ward.store, &ward.settings, &ward.device, ward.clock.as_ref()) {
        Ok(number) => {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            let msg = Msg::new("cli-doctor-portal").with("number", number);
            report.add("portal", true, &msg, None);
        }
        Err(e) => report.add("portal", false, &e.msg(), e.hint()),
    }
}

/// The device's key and those of its people.
fn keys(ward: &Workplace, trust: Option<&Trust>, report: &mut Report) -> Result<(), Failure> {
    let now = ward.clock.now();
    let believed = |kid: &str| {
        let key = trust.and_then(|t| t.find(kid));
        key.is_some_and(|key| key.believed_at(now))
    };
    let device = believed(ward.device.public().kid());
    let (id, hint) = match device {
        true => ("cli-doctor-device", None),
        false => (
            "cli-doctor-device-unknown",
            Some(Msg::new("seal-unknown-key-hint")),
        ),
    };
    report.add("device", device, &Msg::new(id), hint);
    let people = ward.store.people()?;
    let active: Vec<_> = people.iter().filter(|p| p.suspended.is_none()).collect();
    let waiting = active.iter().filter(|p| !believed(&p.kid)).count();
    let hint = (waiting > 0).then(|| Msg::new("cli-doctor-people-hint"));
    let msg = Msg::new("cli-doctor-people")
        .with("n", active.len())
        .with("waiting", waiting);
    report.add("people", true, &msg, hint);
    let administrators = active.iter().filter(|p| p.role == Role::Administrator).count();
    let hint = (administrators < 2).then(|| Msg::new("cli-doctor-administrators-hint"));
    let msg = Msg::new("cli-doctor-administrators").with("n", administrators);
    report.add("administrators", administrators > 0, &msg, hint);
    Ok(())
}

fn disk(dir: &Path, report: &mut Report) {
    match fs4::available_space(dir) {
        Ok(free) => {
            let megabytes = i64::try_from(free >> 20).unwrap_or(i64::MAX);
            let hint = (free < ROOM).then(|| Msg::new("cli-doctor-disk-hint"));
            let msg = Msg::new("cli-doctor-disk").with("free", megabytes);
            report.add("disk", free >= ROOM, &msg, hint);
        }
        Err(e) => report.add(
            "disk",
            false,
            &Msg::new("cli-doctor-disk-unknown").with("what", e.to_string()),
            None,
        ),
    }
}

/// Whether others on this machine can read what is kept here.
fn permissions(ward: &Workplace, report: &mut Report) {
    let paths = [
        ward.paths.dir().to_owned(),
        ward.paths.device_key(),
        ward.paths.database(),
        ward.paths.database_key(),
    ];
    let open: Vec<String> = paths
        .iter()
        .filter(|path| crate::env::others_may_read(path))
        .map(|path| path.display().to_string())
        .collect();
    let (id, hint) = match open.is_empty() {
        true => ("cli-doctor-private", None),
        false => ("cli-doctor-open", Some(Msg::new("cli-doctor-open-hint"))),
    };
    let msg = Msg::new(id).with("paths", open.join(", "));
    report.add("permissions", open.is_empty(), &msg, hint);
}

/// Whether the database is encrypted, and where its key lies.
fn encryption(ward: &Workplace, report: &mut Report) -> Result<(), Failure> {
    let database = ward.paths.database();
    let key = DatabaseKey::find(&ward.paths)?.map(|(_, kept)| kept);
    let (id, hint) = match (is_plain(&database), key) {
        (false, Some(KeptIn::Credential)) => ("cli-doctor-sealed", None),
        (false, _) => ("cli-doctor-encrypted", Some("cli-doctor-encrypted-hint")),
        (true, _) if CAN_ENCRYPT => ("cli-doctor-plain", Some("cli-doctor-plain-hint")),
        (true, _) => ("cli-doctor-plain", Some("cli-doctor-disk-encryption-hint")),
    };
    // Plain is a choice: the disk may be encrypted, which no program can be sure of.
    report.add("encryption", true, &Msg::new(id), hint.map(Msg::new));
    if is_plain(&database) {
        return Ok(());
    }
    // What was moved aside before it was encrypted, and the key of a sealed machine as a file.
    let mut open: Vec<PathBuf> = set_aside(&database);
    open.retain(|path| is_plain(path));
    if key == Some(KeptIn::Credential) && ward.paths.database_key().exists() {
        open.push(ward.paths.database_key());
    }
    if !open.is_empty() {
        let names: Vec<String> = open.iter().map(|p| p.display().to_string()).collect();
        let msg = Msg::new("cli-doctor-left-open").with("paths", names.join(", "));
        let hint = Msg::new("cli-doctor-left-open-hint");
        report.add("encryption-left-open", false, &msg, Some(hint));
    }
    Ok(())
}
