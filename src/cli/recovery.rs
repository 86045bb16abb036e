//! `portal recovery`: a book that was set back, office by office, and what it asks its operator.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::registry::{CLOCK, dir};
use crate::lang::{Msg, text};
use crate::portal::{self, OfficeRecovery};

/// `portal recovery [--end OFFICE|all | --honour KID | --dismiss KID] [--why TEXT]`. Without any of them it shows
/// what is still to do, and exits 1 where something is.
pub fn recovery(call: &Call, out: Out) -> Result<i32, Failure> {
    let dir = dir(call);
    let why = call.value("why").unwrap_or_default();
    if let Some(office) = call.value("end") {
        return end(&dir, office, why, out);
    }
    for (option, honest) in [("honour", true), ("dismiss", false)] {
        if let Some(kid) = call.value(option) {
            return settle(&dir, (kid, honest), why, out);
        }
    }
    let offices = portal::recovery(&dir, Arc::new(CLOCK))?;
    for of in &offices {
        out.either(&json!(of), || office(of, out));
    }
    let doubted = portal::doubted(&dir)?;
    for of in &doubted {
        out.either(&json!(of), || {
            Msg::new("cli-recovery-doubted")
                .with("n", count(of.receipts))
                .with("facility", of.facility.as_str())
                .with("kid", of.kid.as_str())
                .render(out.lang)
        });
    }
    let mut staff = portal::staff(&dir)?;
    staff.retain(|row| !row.confirmed);
    let staff: Vec<String> = staff.into_iter().map(|row| row.login).collect();
    if !staff.is_empty() {
        out.either(&json!({ "unconfirmed": staff }), || {
            Msg::new("cli-recovery-staff")
                .with("who", staff.join(", "))
                .render(out.lang)
        });
    }
    if offices.is_empty() && !out.json {
        out.line(&text(out.lang, "cli-recovery-none"));
    }
    let over = offices.is_empty() && doubted.is_empty() && staff.is_empty();
    Ok(if over { fail::OK } else { fail::REFUSED })
}

fn end(dir: &Path, office: &str, why: &str, out: Out) -> Result<i32, Failure> {
    let office = Some(office).filter(|office| *office != "all");
    for office in portal::end_recovery(dir, office, why, Arc::new(CLOCK))? {
        out.either(&json!({ "office": office, "recovered": true }), || {
            Msg::new("cli-recovery-ended")
                .with("office", office.as_str())
                .render(out.lang)
        });
    }
    Ok(fail::OK)
}

fn settle(dir: &Path, (kid, honest): (&str, bool), why: &str, out: Out) -> Result<i32, Failure> {
    let (kept, left) = portal::settle_doubted(dir, kid, honest, why, Arc::new(CLOCK))?;
    out.either(&json!({ "kid": kid, "kept": kept, "left": left }), || {
        Msg::new("cli-recovery-settled")
            .with("kept", count(kept))
            .with("left", count(left))
            .render(out.lang)
    });
    Ok(fail::OK)
}

/// What an office waits for, line by line.
fn office(of: &OfficeRecovery, out: Out) -> String {
    let sum = |all: &[(_, u64)]| count(all.iter().map(|(_, n)| n).sum());
    let line = Msg::new("cli-recovery-office")
        .with("office", crate::codes::name("office", &of.office, out.lang))
        .with("code", of.office.as_str())
        .with("since", of.since.as_str())
        .with("why", text(out.lang, &format!("set-back-{}", of.why.word())))
        .with("devices", of.waits.devices.len())
        .with("entries", sum(&of.waits.entries))
        .with("receipts", sum(&of.waits.receipts));
    let mut lines = vec![line.render(out.lang)];
    let devices = of.waits.devices.iter();
    lines.extend(devices.map(|(facility, device)| format!("  {facility}  {device}")));
    for (facility, n) in &of.waits.entries {
        let missing = Msg::new("cli-recovery-entries").with("n", count(*n));
        lines.push(format!("  {facility}  {}", missing.render(out.lang)));
    }
    if of.overdue {
        let late = Msg::new("cli-recovery-overdue").with("code", of.office.as_str());
        lines.push(late.render(out.lang));
    }
    lines.join("\n")
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
