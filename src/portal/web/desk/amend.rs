//! A correction of what was told at the office: the same questions, with what stands there now.
//!
//! It goes the way of a ward's correction. Deliberately absent: corrections of what a ward has signed, which are
//! the ward's, and of acts that were registered before.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use super::layout::Notice;
use super::paper::{Asked, Entered, PAPER, Shown, entered_at, fill, page};
use crate::form::Draft;
use crate::lang::Lang;
use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::decide::reason;
use crate::portal::record::{ActDetails, Faults, Record, State, read_event, reread};
use crate::portal::staff::sign_in::{self, Principal};
use crate::portal::unit::own_entry::{Amended, OwnStatement, came_by};
use crate::portal::unit::registry::Registry;
use crate::seal::{Entry, Ref};
use crate::vital::{Event, Nid, OfficeCode};
use crate::wire::{ProblemCode, path};

/// Its word in the log. FROZEN.
const AMEND: &str = "paper-amend";

/// How what was told at the office is corrected.
#[derive(Deserialize, ToSchema)]
pub(in crate::portal) struct AmendForm {
    /// The entry that the page showed.
    #[serde(default)]
    #[schema(required = true)]
    of: String,
    /// Why it is corrected.
    #[serde(default)]
    #[schema(required = true)]
    text: String,
    /// Answers, as where an event is entered.
    #[serde(flatten)]
    answers: BTreeMap<String, String>,
}

/// What was told at an office, as it was corrected last.
struct Told {
    nid: Nid,
    /// The office at which it was told: another one may serve it by now.
    told_at: OfficeCode,
    newest: Ref,
    event: Event,
}

/// What was told at the office and can still be corrected by this person; none of anything else.
fn told(tx: &ReadTransaction<'_>, nid: &str, person: &Principal) -> BookResult<Option<Told>> {
    let Some(record) = tx.record(nid)?.filter(|record| record.office == person.place) else {
        return Ok(None);
    };
    let ended = matches!(
        record.state,
        State::Voided { .. } | State::AnnulmentPending { .. }
    );
    let entry = |h: &str| -> BookResult<Option<Entry>> { Ok(tx.entry(h)?.as_ref().and_then(reread)) };
    let own = entry(&record.first)?.is_some_and(|first| came_by(&first, PAPER));
    let newest = entry(&record.newest.h)?.filter(|_| own && !ended);
    let event = newest.and_then(|newest| read_event(record.kind, &newest).ok());
    Ok(event.map(|event| Told {
        nid: record.nid.clone(),
        told_at: record.fac.as_str().into(),
        newest: newest_of(&record),
        event,
    }))
}

fn newest_of(record: &Record) -> Ref {
    Ref {
        nid: record.nid.clone(),
        rev: record.newest.rev,
        h: record.newest.h.clone(),
    }
}

/// Whether this person may correct a notification here.
pub(super) fn may_amend(tx: &ReadTransaction<'_>, nid: &str, person: &Principal) -> BookResult<bool> {
    Ok(told(tx, nid, person)?.is_some())
}

/// The questions about what was told, as it stands; none where it is not this office's to correct.
pub(in crate::portal) fn amend_page(
    registry: &Registry,
    person: &Principal,
    nid: &str,
    lang: Lang,
) -> BookResult<Option<String>> {
    let Some(told) = registry.read(|tx| told(tx, nid, person))? else {
        return Ok(None);
    };
    sign_in::log(registry, person, "look-record", nid)?;
    let shown = Shown {
        draft: &Draft::from_event(&told.event),
        event: &told.event,
        errors: &[],
        findings: &[],
        said: None,
        what: Asked::Correction {
            nid,
            of: &told.newest.h,
            why: "",
        },
        lang,
    };
    Ok(Some(page(person, &shown)))
}

/// What a correction came to.
enum Amendment {
    /// It is kept, or was already.
    Done,
    /// Another one came first.
    Overtaken,
}

/// Corrects what was told at the office, if nothing is wrong with it; what comes twice is entered once.
pub(in crate::portal) fn amend(
    registry: &Registry,
    person: &Principal,
    nid: &str,
    form: &AmendForm,
    lang: Lang,
) -> Result<Entered, ProblemCode> {
    let Some(told) = registry.read(|tx| told(tx, nid, person))? else {
        return Ok(Entered::At(Notice::at(path::DESK, "desk-not-here")));
    };
    let mut draft = Draft::from_event(&told.event);
    fill(&mut draft, &person.place, &form.answers);
    let (event, errors) = draft.stated();
    let why = reason(&form.text);
    let statement = OwnStatement {
        nid: &told.nid,
        office: told.told_at.clone(),
        login: &person.login,
        event: &event,
        source: PAPER,
        amends: Some(Amended {
            of: told.newest.clone(),
            why: why.as_deref().unwrap_or_default(),
        }),
    };
    let entry = statement.entry(&registry.receipt_key, registry.now());
    let faults = Faults {
        settings: &registry.settings,
        now: registry.now(),
        siblings: &[],
    };
    let again = |said, findings: &[_], of: &str| {
        let shown = Shown {
            draft: &draft,
            event: &event,
            errors: &errors,
            findings,
            said,
            what: Asked::Correction {
                nid,
                of,
                why: &form.text,
            },
            lang,
        };
        Ok(Entered::Shown(page(person, &shown)))
    };
    let Some(why) = why else {
        return again(Some("desk-reason-missing"), &[], &form.of);
    };
    if !errors.is_empty() || faults.first(&event, &entry).is_some() {
        return again(None, &faults.all(&event, &entry, &errors), &form.of);
    }
    let keyring = registry.keyring()?;
    let done = registry.unit_of_work(&keyring, |unit| -> BookResult<Amendment> {
        let (newest, stands) = unit.read(&told.newest.h)?;
        let moved = unit.find(nid)?.is_none_or(|record| record.newest.h != newest.h);
        match stands.body == entry.body {
            true if !moved => return Ok(Amendment::Done),
            _ if moved || form.of != *newest.h => return Ok(Amendment::Overtaken),
            _ => {}
        }
        let line = person.act(unit.now.timestamp_millis(), AMEND, nid);
        unit.tx.add_act_with(&line, Some(&ActDetails::because(&why)))?;
        let (row, entry) = unit.sign_own(&registry.receipt_key, entry)?;
        unit.decide(&row, Some(&entry), None)?;
        Ok(Amendment::Done)
    })?;
    match done {
        Amendment::Done => Ok(Entered::At(entered_at(registry, person, nid)?)),
        Amendment::Overtaken => again(Some("desk-amend-overtaken"), &[], &told.newest.h),
    }
}
