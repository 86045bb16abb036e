//! Commands about the journal as a whole: `verify`, `rebuild`, `export`, `keys`, `backup`,
//! `restore`.

use serde_json::{Value, json};

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward;
use crate::form::{body, causes, who_certificate};
use crate::lang::{Msg, text};
use crate::rules::icd::MATCHER_VERSION;
use crate::seal::{Entry, EntryType, PublicKey, jwks};
use crate::vital::Kind;
use crate::ward::store::Filter;
use crate::ward::workplace::Workplace;

/// `verify`: exits 1 where anything is wrong, naming the first.
pub fn verify(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    if call.has("accept-lost") {
        ward.store.give_up_missing(&ward.paths.witness())?;
        if !out.json {
            out.message(&Msg::new("cli-verify-accepted"));
        }
    }
    let lost = ward.store.missing()?;
    let report = ward
        .store
        .verify(&ward.device.public(), ward.trust()?.as_deref())?;
    let first = report.bad.first();
    if out.json {
        let bad: Vec<Value> = report
            .bad
            .iter()
            .map(|b| json!({ "jid": b.jid, "seq": b.seq, "fault": b.fault.code() }))
            .collect();
        out.object(&json!({
            "sound": report.holds(), "journals": report.journals, "entries": report.entries,
            "receipts": report.receipts, "minimised": report.minimised, "trusted": report.trusted, "bad": bad,
            "lost": lost.iter().map(|l| json!({
                "jid": l.jid, "after": l.after, "seq": l.seq, "unsent": l.unsent,
            })).collect::<Vec<_>>(),
        }));
    } else if let Some(bad) = first {
        let fault = text(out.lang, &format!("store-fault-{}", bad.fault.code()));
        let msg = Msg::new("cli-verify-bad")
            .with("jid", bad.jid.as_str())
            .with("seq", bad.seq.to_string());
        out.message(&msg.with("fault", fault).with("n", report.bad.len()));
        for lost in &lost {
            out.message(&lost.msg());
        }
        if !lost.is_empty() {
            out.message(&Msg::new("store-missing-hint"));
        }
    } else {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        out.message(
            &Msg::new("cli-verify-sound")
                .with("entries", count(report.entries))
                .with("receipts", count(report.receipts)),
        );
    }
    Ok(if report.holds() { fail::OK } else { fail::REFUSED })
}

/// `rebuild`.
pub fn rebuild(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let n = ward.store.rebuild()?;
    let count = i64::try_from(n).unwrap_or(i64::MAX);
    out.either(&json!({ "notifications": n }), || {
        Msg::new("cli-rebuilt").with("n", count).render(out.lang)
    });
    Ok(fail::OK)
}

/// `export --format jws|json|who`: everything that was signed, in order, as JSON with where it stands and how its
/// causes came by their codes; or the certificates of death that stand, newest first, in the shape of WHO's
/// exchange format. What is annulled, also where the annulment is not confirmed yet or not sent, is no
/// certificate any more.
pub fn export(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    let format = call.value("format").unwrap_or("jws");
    if format == "who" {
        return certificates(&ward, out);
    }
    if !matches!(format, "jws" | "json") {
        return Err(Failure::usage(
            Msg::new("cli-format-unknown").with("found", format),
        ));
    }
    let mut after = 0;
    loop {
        let page = ward.store.entries_after(after, 500)?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        for (_, entry, jws) in &page {
            match format {
                "json" => out.object(&explained(&ward, entry)?),
                _ => out.exact(jws),
            }
        }
    }
    Ok(fail::OK)
}

/// An entry with where it and its notification stand, and how the causes that it states came by their codes.
fn explained(ward: &Workplace, entry: &Entry) -> Result<Value, Failure> {
    let mut json = serde_json::to_value(entry).unwrap_or_default();
    let Value::Object(map) = &mut json else {
        return Ok(json);
    };
    let (own, notification) = ward.store.standing(entry)?;
    map.insert("standing".into(), json!(own.code()));
    let Some((kind, standing)) = notification else {
        return Ok(json);
    };
    map.insert("notification_standing".into(), json!(standing.code()));
    let states = matches!(entry.t, EntryType::Notice(_) | EntryType::Amend);
    if states && kind == Kind::Death {
        let body = Value::Object(entry.body.clone());
        let event = body::from_json(kind, &body, body::Unknown::Keep).ok();
        map.insert("matcher".into(), json!(MATCHER_VERSION));
        map.insert(
            "causes".into(),
            event.map(|event| causes(&event)).unwrap_or_default().into(),
        );
    }
    Ok(json)
}

fn certificates(ward: &Workplace, out: Out) -> Result<i32, Failure> {
    let mut filter = Filter {
        kind: Some(Kind::Death),
        ..Filter::default()
    };
    loop {
        let page = ward.store.list(&filter, 500)?;
        let Some(last) = page.last() else { break };
        filter.before = Some(last.place);
        let gone = |status: &str| matches!(status, "voided" | "annulment-pending" | "duplicate");
        for row in page.iter().filter(|r| !gone(r.status.code())) {
            let found = ward.store.notification(&row.nid)?;
            let issuer = &ward.settings.facility.code;
            let standing = (row.status.code(), row.beside.map(|beside| beside.code()));
            let certificate = found
                .event
                .and_then(|e| who_certificate(&e, &row.nid, issuer, standing));
            if let Some(certificate) = certificate {
                out.object(&certificate);
            }
        }
    }
    Ok(fail::OK)
}

/// `keys`: every public key that ever signed here.
pub fn keys(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    let mut keys = vec![ward.device.public()];
    for (_, x) in ward.store.known_keys()? {
        let key = PublicKey::from_x(&x)?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if call.has("jwks") || out.json {
        out.object(&jwks(&keys));
    } else {
        for key in &keys {
            out.line(&format!("{}  {}", key.kid(), key.fingerprint()));
        }
    }
    Ok(fail::OK)
}
