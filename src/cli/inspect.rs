//! What an operator looks at: `portal explain|rebuild|verify|doctor`.

use std::sync::Arc;

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::registry::{CLOCK, dir};
use crate::lang::{Msg, text};
use crate::portal;
use crate::ward::ui::canvas::wrap;

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Columns of the narrowest terminal.
const COLUMNS: u16 = 80;
/// Most bytes of a table of acts.
const MOST_TABLE: u64 = 256 << 20;

/// `portal explain NID`: facts and decisions in their order. Exits 1 where nobody knows it.
pub fn explain(call: &Call, out: Out) -> Result<i32, Failure> {
    let nid = call.arg()?;
    let all = portal::explain(&dir(call), nid, call.has("names"))?;
    if all.is_empty() {
        return Err(Failure::refused(Msg::new("cli-explain-unknown").with("nid", nid)));
    }
    for one in all {
        out.either(&json!(one), || {
            let what = text(out.lang, &format!("explain-{}", one.what));
            // Day and minute of RFC 3339.
            let at: String = one.at.replace('T', " ").chars().take(16).collect();
            let mut lines = vec![format!("{at}  {what}")];
            for sentence in one.sentences(out.lang) {
                let wrapped = wrap(&sentence, COLUMNS - 4);
                lines.extend(wrapped.into_iter().map(|line| format!("    {line}")));
            }
            lines.join("\n")
        });
    }
    Ok(fail::OK)
}

/// `portal rebuild`. Exits 1 where something differed.
pub fn rebuild(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut told = 0;
    let made = portal::rebuild(&dir(call), Arc::new(CLOCK), &mut |done| {
        if done >= told + 10_000 && !out.json {
            told = done;
            out.line(&done.to_string());
        }
    })?;
    out.either(&json!(made), || {
        let mut line = Msg::new("cli-portal-rebuilt")
            .with("notifications", count(made.notifications))
            .with("decisions", count(made.decisions))
            .with("different", count(made.different))
            .with(
                "months",
                count(u64::try_from(made.months.len()).unwrap_or(u64::MAX)),
            )
            .render(out.lang);
        for nid in &made.differed {
            line.push_str(&format!("\n  {nid}"));
        }
        line
    });
    Ok(if made.is_identical() {
        fail::OK
    } else {
        fail::REFUSED
    })
}

/// `portal verify`. Exits 1 where something is wrong.
pub fn verify(call: &Call, out: Out) -> Result<i32, Failure> {
    let found = portal::verify(&dir(call))?;
    out.either(&json!(found), || verified(&found, out));
    Ok(if found.holds() { fail::OK } else { fail::REFUSED })
}

/// What was looked at, and what is wrong.
pub(super) fn verified(found: &portal::Verified, out: Out) -> String {
    let mut line = Msg::new("cli-verified")
        .with("entries", count(found.entries))
        .with("receipts", count(found.receipts))
        .with("journals", count(found.journals))
        .with("notifications", count(found.notifications))
        .with("wrong", count(found.wrong))
        .render(out.lang);
    if found.lost > 0 {
        let lost = Msg::new("cli-verified-lost").with("n", count(found.lost));
        line.push_str(&format!("\n  {}", lost.render(out.lang)));
    }
    for fault in &found.faults {
        let words = text(out.lang, &format!("book-fault-{}", fault.fault));
        line.push_str(&format!("\n  {words}: {}", fault.at));
    }
    line
}

/// `portal doctor`. Exits 1 where something has to be done.
pub fn doctor(call: &Call, out: Out) -> Result<i32, Failure> {
    let found = portal::doctor(&dir(call), Arc::new(CLOCK))?;
    for one in &found {
        let message = one.msg.render(out.lang);
        let mut object = json!({
            "what": one.what, "ok": one.is_ok(), "level": one.level.word(), "message": message,
        });
        if let (Some(object), Some(until)) = (object.as_object_mut(), &one.until) {
            object.insert("until".to_owned(), until.as_str().into());
        }
        out.either(&object, || {
            let mark = text(out.lang, &format!("cli-doctor-{}", one.level.word()));
            format!("{mark:<8} {message}")
        });
    }
    Ok(match found.iter().all(portal::Finding::is_ok) {
        true => fail::OK,
        false => fail::REFUSED,
    })
}

/// `portal import acts FILE.csv`. Exits 1 where a line could not be taken.
pub fn import_acts(call: &Call, out: Out) -> Result<i32, Failure> {
    let table = super::read::read_most(call.arg()?, MOST_TABLE)?;
    let found = portal::import_acts(&dir(call), &table, Arc::new(CLOCK))?;
    out.either(&json!(found), || {
        let mut lines = Vec::new();
        for fault in &found.faults {
            let why = text(out.lang, &format!("act-fault-{}", fault.why));
            let line = Msg::new("cli-act-fault")
                .with("line", fault.line.to_string())
                .with("column", fault.column)
                .with("why", why);
            lines.push(line.render(out.lang));
        }
        for act in &found.alike {
            let line = Msg::new("cli-act-alike")
                .with("line", act.line.to_string())
                .with("nid", act.nid.as_str())
                .with("others", act.alike.join(", "));
            lines.push(line.render(out.lang));
        }
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let done = Msg::new("cli-acts-imported")
            .with("taken", count(found.taken))
            .with("known", count(found.known))
            .with("faults", i64::try_from(found.faults.len()).unwrap_or(i64::MAX));
        lines.push(done.render(out.lang));
        lines.join("\n")
    });
    Ok(match found.faults.is_empty() {
        true => fail::OK,
        false => fail::REFUSED,
    })
}
