//! Drafts from a script: `draft`, `draft add`, `draft show`, `draft sign`, `draft delete`.

use serde_json::json;

use super::fail::{self, Failure, Fault};
use super::forms;
use super::out::Out;
use super::parse::Call;
use super::record;
use super::together::{self, Batch, OfFile};
use super::ward::{self, locked};
use crate::form::{FieldError, body};
use crate::lang::{Arg, Msg, text};
use crate::questions::{applying, label_id};
use crate::ward::store::{DraftRow, StoreError};
use crate::ward::workplace::{DraftError, Workplace};

/// `draft`: every draft.
pub fn list(call: &Call, out: Out) -> Result<i32, Failure> {
    print_all(&ward::open(call)?.store.drafts()?, out);
    Ok(fail::OK)
}

/// Prints drafts, a line each.
pub fn print_all(drafts: &[DraftRow], out: Out) {
    for row in drafts {
        let state = if row.ready { "to-sign" } else { "unfinished" };
        let (event, _) = row.draft.event();
        let name = event.name_of(event.kind.person());
        let value = json!({
            "id": row.draft.id, "kind": row.draft.kind.code(), "state": state, "name": name,
            "started": row.started, "started_by": row.started_by, "changed": row.changed,
            "changed_by": row.changed_by, "held_by": row.held.as_ref().map(|h| &h.by),
        });
        out.either(&value, || {
            let kind = text(out.lang, &format!("kind-{}", row.draft.kind.code()));
            format!(
                "{}  {:<12} {:<30} {}",
                row.started.format("%d.%m.%Y %H:%M"),
                kind,
                name,
                row.started_by
            )
        });
    }
}

/// `draft add KIND`: what a file says becomes a draft, finished or not; of `events` a draft each.
pub fn add(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut events = match call.arg()? {
        together::EVENTS => together::read_whole(&forms::file(call)?)?,
        _ => {
            let kind = forms::kind(call)?;
            Batch::of_one(forms::event(call, kind)?, Vec::new()).events
        }
    };
    for one in &mut events {
        forms::answer(&mut one.event, call)?;
    }
    let faults: Vec<Fault> = events.iter().flat_map(misapplied).collect();
    if !faults.is_empty() {
        return Err(Failure::of_faults(faults));
    }
    let mut ward = ward::open(call)?;
    let by = author(&ward, call)?;
    let added = ward.add_drafts(events.iter().map(|one| (&*one.id, &one.event)), by, None)?;
    for (id, kind) in &added.drafts {
        out.either(&json!({ "id": id, "kind": kind }), || {
            Msg::new("cli-draft-added")
                .with("id", id.as_str())
                .render(out.lang)
        });
    }
    Ok(fail::OK)
}

/// Who adds drafts: the login given by `--by`, of somebody who may sign here.
pub fn author<'a>(ward: &Workplace, call: &'a Call) -> Result<&'a str, Failure> {
    let by = call.need("by")?;
    ward.admitted(by).map_err(|e| locked(e, by))?;
    Ok(by)
}

/// The answers of an event that a form would not ask, each as a fault: a draft would leave them out.
pub fn misapplied(one: &OfFile) -> Vec<Fault> {
    let left_out = applying(&one.event).1.into_iter();
    left_out
        .map(|field| {
            let msg = Msg::new("cli-draft-not-asked").with("field", Arg::Ref(label_id(field)));
            let error = FieldError {
                field: field.to_owned(),
                msg,
            };
            Fault::of(one.event.kind, &one.within, error)
        })
        .collect()
}

/// `draft show ID`: what it says, as a file says it.
pub fn show(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    let row = named(&ward, call)?;
    let (event, errors) = row.draft.event();
    let said = body::to_json(&event);
    let faults: Vec<_> = errors
        .into_iter()
        .map(|e| Fault::of(row.draft.kind, "", e).json(out.lang))
        .collect();
    out.object(&json!({
        "id": row.draft.id, "kind": row.draft.kind.code(), "ready": row.ready, "event": said, "findings": faults,
    }));
    Ok(fail::OK)
}

/// `draft sign ID`: it and what belongs to it, in one act.
pub fn sign(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let row = named(&ward, call)?;
    let login = call.need("sign-as")?;
    let person = ward
        .store
        .person(login)?
        .ok_or_else(|| StoreError::NoPerson(login.to_owned()))?;
    let all = match ward.statements(&row.draft, &person) {
        Ok(all) => all,
        Err(DraftError::Unreadable(error)) => {
            return Err(Failure::of_faults(vec![Fault::of(row.draft.kind, "", error)]));
        }
        Err(DraftError::Failed(e)) => return Err(e.into()),
        // Nothing else keeps a draft that is there from being signed.
        Err(_) => return Err(StoreError::NoDraft(row.draft.id).into()),
    };
    record::sign_all(&mut ward, all, &record::Places::new(), call, out)
}

/// `draft delete ID`.
pub fn delete(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let row = named(&ward, call)?;
    let id = row.draft.id;
    ward.drop_draft(&id, &row.changed_by)?;
    out.either(&json!({ "deleted": id }), || {
        Msg::new("cli-draft-deleted")
            .with("id", id.as_str())
            .render(out.lang)
    });
    Ok(fail::OK)
}

/// The draft whose identifier is named, or begins so alone.
fn named(ward: &Workplace, call: &Call) -> Result<DraftRow, Failure> {
    let id = call.arg()?;
    let mut found = ward
        .store
        .drafts()?
        .into_iter()
        .filter(|row| row.draft.id.starts_with(id));
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(row),
        _ => Err(StoreError::NoDraft(id.to_owned()).into()),
    }
}
