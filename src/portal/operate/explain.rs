//! Facts and decisions of a notification in their order, and why each was taken, from the evidence kept
//! with it.
//!
//! Deliberately absent, unless asked for: names, and words that people wrote.

use std::path::Path;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::narrative::{self, Sentence};
use crate::lang::Lang;
use crate::portal::PortalError;
use crate::portal::record::{EntryRow, Hold, LoggedDecision, Step};
use crate::portal::unit::opened::Opened;
use crate::seal::{Problem, Receipt};

/// One fact or decision of a notification.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// When it came or was taken (RFC 3339).
    pub at: String,
    /// `entry`, `decision`, `act` or `receipt`.
    pub what: &'static str,
    /// The word for it: the type of the entry, the steps of the decision, the act, the status.
    pub word: String,
    /// Particulars, by name.
    pub details: Value,
    #[serde(skip)]
    order: (i64, u8, u64),
    #[serde(skip)]
    told: Vec<Sentence>,
}

impl Explained {
    /// The same in whole sentences.
    pub fn sentences(&self, lang: Lang) -> Vec<String> {
        self.told.iter().map(|sentence| sentence.render(lang)).collect()
    }
}

/// Lists what is known of a notification, the oldest first; nothing where nobody knows it. With `names` also
/// what people wrote.
///
/// # Errors
/// The portal's.
pub fn explain(dir: &Path, nid: &str, names: bool) -> Result<Vec<Explained>, PortalError> {
    let mut opened = Opened::at(dir)?;
    let keyring = opened.keyring()?;
    let (entries, decisions, acts, receipts) = opened.book.read(|tx| {
        let entries = tx.entries_about(nid)?;
        let mut receipts = Vec::new();
        for entry in &entries {
            receipts.extend(tx.receipts_of(&entry.h)?);
        }
        Ok((entries, tx.decisions(nid)?, tx.acts_about(nid)?, receipts))
    })?;
    let mut out: Vec<Explained> = Vec::new();
    for (i, row) in (0..).zip(&entries) {
        out.push(entry(row, i));
    }
    out.extend(decisions.iter().map(|decision| decided(decision, names)));
    for (i, (act, details)) in (0..).zip(acts) {
        let reason = details.and_then(|d| d.reason).filter(|_| names);
        out.push(Explained {
            at: rfc3339(act.at_ms),
            told: narrative::of_act(&act.act, &act.login, &act.place, reason.as_deref()),
            what: "act",
            word: act.act,
            details: json!({ "login": act.login, "place": act.place, "reason": reason }),
            order: (act.at_ms, 3, i),
        });
    }
    for text in receipts {
        let Ok(receipt) = Receipt::open(&text, keyring.trust()) else {
            continue;
        };
        let at_ms = receipt.at.timestamp_millis();
        out.push(Explained {
            at: rfc3339(at_ms),
            told: narrative::of_receipt(&receipt, names),
            what: "receipt",
            word: receipt.status.code().to_owned(),
            details: json!({
                "epoch": receipt.epoch, "n": receipt.n, "rev": receipt.rev, "number": receipt.reg_no,
                "problem": receipt.problem.as_ref().map(|p| told(p, names)),
                "other": receipt.dup_of,
            }),
            order: (at_ms, 2, receipt.n),
        });
    }
    out.sort_by_key(|e| e.order);
    Ok(out)
}

fn entry(row: &EntryRow, i: u64) -> Explained {
    Explained {
        at: rfc3339(row.at_ms),
        told: narrative::of_entry(row),
        what: "entry",
        word: row.t.clone(),
        details: json!({
            "h": row.h, "rev": row.rev, "facility": row.fac, "journal": row.jid, "seq": row.seq,
            "key": row.kid, "verified": row.verified,
        }),
        order: (row.at_ms, 0, i),
    }
}

fn decided(decision: &LoggedDecision, names: bool) -> Explained {
    let words: Vec<&str> = decision.steps.iter().map(Step::word).collect();
    let holds = |holds: &[Hold]| -> Vec<Value> {
        let each = holds
            .iter()
            .map(|hold| json!({ "reason": told(&hold.problem, names), "other": hold.of }));
        each.collect()
    };
    let mut why: Vec<Value> = Vec::new();
    let mut number = None;
    for step in &decision.steps {
        match step {
            Step::Held(all) | Step::HeldBeside(all) => why.extend(holds(all)),
            Step::Returned { why: problem, .. } | Step::Prepared { why: problem, .. } => {
                why.push(json!({ "reason": told(problem, names) }));
            }
            Step::Waits(waits) => why.extend(waits.problem().map(|p| json!({ "reason": told(&p, names) }))),
            Step::Registered { number: given, .. } => number = Some(given.clone()),
            Step::Imported { act, .. } => number = Some(act.number.clone()),
            Step::Answered(answers) => {
                why.extend(
                    answers
                        .iter()
                        .map(|a| json!({ "answered": a.code, "other": a.of })),
                );
            }
            Step::Duplicate { of } => why.push(json!({ "other": of })),
            _ => {}
        }
    }
    Explained {
        at: rfc3339(decision.at_ms),
        told: narrative::of_decision(decision, names),
        what: "decision",
        word: words.join(" "),
        details: json!({
            "h": decision.at.h, "rev": decision.at.rev, "why": why, "number": number,
            "evidence": decision.evidence,
        }),
        order: (decision.at_ms, 1, decision.no),
    }
}

/// A reason by its code and field; with `names` in words, which may be a person's.
fn told(problem: &Problem, names: bool) -> Value {
    let field = problem.field.as_ref();
    match names {
        true => json!({ "code": problem.code, "field": field, "text": problem.text }),
        false => json!({ "code": problem.code, "field": field }),
    }
}

fn rfc3339(ms: i64) -> String {
    let at: DateTime<Utc> = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    let dushanbe = FixedOffset::east_opt(5 * 3600);
    match dushanbe {
        Some(offset) => at
            .with_timezone(&offset)
            .to_rfc3339_opts(SecondsFormat::Secs, false),
        None => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}
