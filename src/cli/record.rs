//! Commands that sign: `record`, `amend`, `void`, `attest`, `tally`.

use std::collections::BTreeMap;

use serde_json::json;

use super::fail::{self, Failure};
use super::fault::of_finding;
use super::forms::{self, finding_line};
use super::out::Out;
use super::parse::Call;
use super::read::read;
use super::together::{self, Batch};
use super::ward;
use crate::lang::Msg;
use crate::seal::AmendReason;
use crate::vital::{Event, Kind, Stated, Value, field};
use crate::ward::store::{Recorded, Statement, StoreError, ToSign};
use crate::ward::workplace::{Workplace, WorkplaceError};

/// Reasons that an amendment or annulment can have.
pub const REASONS: [&str; 7] = [
    "typing-error",
    "completed",
    "named",
    "new-information",
    "wrong-person",
    "twice",
    "other",
];

/// `record KIND`: an event from a file, checked, signed and stored; `record events` several in one act.
pub fn record(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut events = match call.arg()? {
        together::EVENTS => together::read_whole(&forms::file(call)?)?,
        _ => {
            let kind = forms::kind(call)?;
            Batch::of_one(forms::event(call, kind)?, Vec::new()).events
        }
    };
    let mut ward = ward::open(call)?;
    for one in &mut events {
        forms::answer(&mut one.event, call)?;
        address(&mut one.event, &ward);
    }
    // What comes later may name what went before.
    events.sort_by_key(|one| one.event.kind == Kind::Death);
    let places: Places = events
        .iter()
        .map(|one| (one.id.clone(), one.within.clone()))
        .collect();
    let all = events.into_iter().map(|one| ToSign {
        what: Statement::Event(one.event),
        draft: None,
        id: Some(one.id),
    });
    sign_all(&mut ward, all.collect(), &places, call, out)
}

/// Addresses an event that names no office to that of the facility.
pub fn address(event: &mut Event, ward: &Workplace) {
    if event.get(field::OFFICE).is_none() {
        let office = Value::Code(ward.settings.facility.office.clone());
        event.set(field::OFFICE, Stated::Known(office));
    }
}

/// `amend ID`: a notification is to say what the file says.
pub fn amend(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let nid = ward.store.find_nid(call.arg()?)?;
    let now = ward.store.notification(&nid)?;
    let event = forms::event(call, now.row.kind)?;
    let what = Statement::Amend {
        nid: nid.into(),
        seen: Some(now.h.into()),
        event,
        reason: reason(call)?,
    };
    sign(&mut ward, what, call, out)
}

/// `void ID`: a notification is to be annulled; a second person attests it.
pub fn void(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let nid = ward.store.find_nid(call.arg()?)?;
    let what = Statement::Void {
        nid: nid.into(),
        reason: reason(call)?,
    };
    sign(&mut ward, what, call, out)
}

/// `attest ID`: the second person of an annulment.
pub fn attest(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let nid = ward.store.find_nid(call.arg()?)?;
    sign(&mut ward, Statement::Attest { nid: nid.into() }, call, out)
}

/// `tally MONTH`: the delivery book's counts.
pub fn tally(call: &Call, out: Out) -> Result<i32, Failure> {
    let month = call.arg()?.to_owned();
    if !matches!(
        crate::vital::PartialDate::parse(&month),
        Ok(crate::vital::PartialDate::Month(..))
    ) {
        return Err(Failure::usage(Msg::new("cli-month-wrong").with("found", month)));
    }
    let count = |name: &'static str| -> Result<u32, Failure> {
        call.need(name)?;
        Ok(call.number(name)?.unwrap_or_default())
    };
    let what = Statement::Tally {
        month,
        births: count("births")?,
        foetal_deaths: count("foetal-deaths")?,
        deaths: count("deaths")?,
    };
    let mut ward = ward::open(call)?;
    sign(&mut ward, what, call, out)
}

fn reason(call: &Call) -> Result<AmendReason, Failure> {
    let code = call.need("reason")?;
    if !REASONS.contains(&code) {
        let msg = Msg::new("cli-reason-unknown")
            .with("found", code)
            .with("allowed", REASONS.join(", "));
        return Err(Failure::usage(msg));
    }
    let text = match call.value("reason-file") {
        Some(path) => read(path)?.trim().to_owned(),
        None => String::new(),
    };
    Ok(AmendReason {
        code: code.to_owned(),
        text,
    })
}

fn sign(ward: &mut Workplace, what: Statement, call: &Call, out: Out) -> Result<i32, Failure> {
    sign_all(ward, vec![what.into()], &Places::new(), call, out)
}

/// Where the events stand in a file, as JSON pointers, by the identifiers that their entries are to have.
pub type Places = BTreeMap<String, String>;

/// Signs statements in one act, and prints what became of them.
pub fn sign_all(
    ward: &mut Workplace,
    all: Vec<ToSign>,
    places: &Places,
    call: &Call,
    out: Out,
) -> Result<i32, Failure> {
    let by = ward::unlock(ward, call)?;
    match ward.record(all, &by) {
        Ok(done) => {
            done.iter().for_each(|one| print(one, out));
            Ok(fail::OK)
        }
        Err(WorkplaceError::Store(StoreError::Refused { id, findings })) => {
            let within = places.get(&id).map_or("", String::as_str);
            if out.json {
                let list: Vec<_> = findings.iter().map(|f| of_finding(f, within, out.lang)).collect();
                out.object(&json!({
                    "error": "refused",
                    "message": Msg::new("cli-rules-refused").render(out.lang),
                    "findings": list,
                }));
                return Ok(fail::REFUSED);
            }
            for finding in &findings {
                out.line(&finding_line(finding, within, out));
            }
            let mut failure = Failure::refused(Msg::new("cli-rules-refused"));
            failure.hint = Some(Msg::new("cli-rules-refused-hint"));
            Err(failure)
        }
        Err(e) => Err(e.into()),
    }
}

fn print(done: &Recorded, out: Out) {
    let notes: Vec<_> = done
        .findings
        .iter()
        .map(|f| of_finding(f, "", out.lang))
        .collect();
    out.either(
        &json!({
            "id": done.id, "nid": done.nid, "rev": done.rev, "jid": done.jid, "seq": done.seq, "h": done.h,
            "status": "signed", "findings": notes,
        }),
        || {
            Msg::new("cli-recorded")
                .with("nid", done.nid.as_str())
                .with("seq", done.seq.to_string())
                .render(out.lang)
        },
    );
}
