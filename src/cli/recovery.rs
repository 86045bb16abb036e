//! `portal recovery`: a book that was set back, office by office.

use std::sync::Arc;

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::registry::{CLOCK, dir};
use crate::lang::{Msg, text};
use crate::portal;

/// `portal recovery [--end OFFICE|all --why TEXT]`. Without `--end` it exits 1 while an office recovers
/// or an account waits to be confirmed.
pub fn recovery(call: &Call, out: Out) -> Result<i32, Failure> {
    if let Some(office) = call.value("end") {
        let why = call.value("why").unwrap_or_default();
        let office = Some(office).filter(|office| *office != "all");
        for office in portal::end_recovery(&dir(call), office, why, Arc::new(CLOCK))? {
            out.either(&json!({ "office": office, "recovered": true }), || {
                Msg::new("cli-recovery-ended")
                    .with("office", office.as_str())
                    .render(out.lang)
            });
        }
        return Ok(fail::OK);
    }
    let all = portal::recovery(&dir(call), Arc::new(CLOCK))?;
    for of in &all {
        out.either(&json!(of), || {
            let mut line = Msg::new("cli-recovery-office")
                .with("office", crate::codes::name("office", &of.office, out.lang))
                .with("code", of.office.as_str())
                .with("since", of.since.as_str())
                .with("why", text(out.lang, &format!("set-back-{}", of.why.word())))
                .with("devices", of.waits.devices.len())
                .with("entries", i64::try_from(of.waits.entries).unwrap_or(i64::MAX))
                .render(out.lang);
            for (facility, device) in &of.waits.devices {
                line.push_str(&format!("\n  {facility}  {device}"));
            }
            line
        });
    }
    let mut waiting = portal::staff(&dir(call))?;
    waiting.retain(|row| !row.confirmed);
    let waiting: Vec<String> = waiting.into_iter().map(|row| row.login).collect();
    if !waiting.is_empty() {
        out.either(&json!({ "unconfirmed": waiting }), || {
            Msg::new("cli-recovery-staff")
                .with("who", waiting.join(", "))
                .render(out.lang)
        });
    }
    if all.is_empty() && !out.json {
        out.line(&text(out.lang, "cli-recovery-none"));
    }
    let over = all.is_empty() && waiting.is_empty();
    Ok(if over { fail::OK } else { fail::REFUSED })
}
