//! "Family is here": finding a notification and serving the family.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::notices::to_look_at;
use super::paper::amend_address;
use super::{amend, find_box};
use crate::lang::{Lang, Msg, text};
use crate::portal::book::{BookResult, ReadTransaction, kind_of};
use crate::portal::decide::Service;
use crate::portal::projections::search;
use crate::portal::record::ActDetails;
use crate::portal::record::supplement::Supplement;
use crate::portal::record::{Notification, read_event, reread};
use crate::portal::staff::sign_in::{self, Principal};
use crate::portal::unit::registry::Registry;
use crate::portal::web::desk::entry::facts;
use crate::portal::web::desk::layout::{Notice, frame, record_address};
use crate::portal::web::recovering::recovering;
use crate::questions::{FamilyQuestion, family_questions};
use crate::seal::{Receipt, Status};
use crate::vital::{Event, Kind};
use crate::wire::{ProblemCode, path};

/// What a search came to.
pub(in crate::portal) enum FindResult {
    /// Exactly one: its address.
    One(String),
    /// A page with several, or with none.
    Page(String),
}

/// What a family is looked for by.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::portal) struct FindForm {
    /// What was typed, or scanned from a slip.
    #[serde(default)]
    #[schema(required = true)]
    q: String,
}

/// Looks for what was typed or scanned.
pub(in crate::portal) fn find_page(
    registry: &Registry,
    person: &Principal,
    form: &FindForm,
    lang: Lang,
) -> Result<FindResult, ProblemCode> {
    let typed = &form.q;
    let keyring = registry.keyring()?;
    // A slip's QR text is a receipt: without blanks, in three parts. A scanner may break lines.
    let joined: String = typed.split_whitespace().collect();
    let slip = Receipt::open(&joined, keyring.trust()).ok();
    let mut reserved = None;
    if let Some(receipt) = &slip
        && registry.take_slip(receipt, &joined)?
    {
        reserved = Some(receipt.reg_no.clone().unwrap_or_default());
    }
    let named = slip.map(|receipt| receipt.nid).or_else(|| {
        uuid::Uuid::try_parse(typed)
            .ok()
            .map(|u| u.to_string())
            .map(Into::into)
    });
    let (elsewhere, rows) = registry.read(|tx| {
        Ok(match &named {
            Some(nid) => match tx.notification(nid)? {
                Some(n) if n.office == person.place => (None, vec![n]),
                Some(n) => (Some(n.office), Vec::new()),
                None => (None, Vec::new()),
            },
            None if typed.is_empty() => (None, Vec::new()),
            None => (None, search::find(tx, &person.place, typed)?),
        })
    })?;
    sign_in::log(registry, person, "find", "")?;
    if let [only] = rows.as_slice() {
        return Ok(FindResult::One(record_address(&only.nid)));
    }
    let lines = registry.read(|tx| {
        let line = |n: Notification| event_of(tx, &n).map(|event| (n, event));
        rows.into_iter().map(line).collect::<BookResult<Vec<_>>>()
    })?;
    let kept = if named.is_some() { "" } else { typed };
    let body = html! {
        (recovering(registry, lang)?)
        (find_box(person, kept, lines.is_empty(), lang))
        @if let Some(number) = reserved {
            p.said { (Msg::new("desk-slip-lost").with("number", number).render(lang)) }
        } @else if let Some(office) = elsewhere {
            p.said { (Msg::new("desk-elsewhere").with("office", crate::codes::name("office", &office, lang)).render(lang)) }
        } @else if lines.is_empty() {
            p.said { (text(lang, "desk-found-none")) }
        } @else {
            @if lines.len() >= search::MOST_SHOWN { p { (text(lang, "desk-found-many")) } }
            (found_table(&lines, lang))
        }
    };
    let title = text(lang, "desk-family-here");
    Ok(FindResult::Page(frame(
        &title,
        path::DESK,
        Some(person),
        None,
        &body,
        lang,
    )))
}

fn found_table(lines: &[(Notification, Option<Event>)], lang: Lang) -> Markup {
    html! {
        div.wide { table {
            thead { tr {
                th { (text(lang, "desk-person")) }
                th { (text(lang, "desk-what")) }
                th { (text(lang, "desk-date")) }
                th { (text(lang, "desk-status")) }
                th { (text(lang, "desk-number")) }
            } }
            tbody {
                @for (i, (n, event)) in lines.iter().enumerate() {
                    tr {
                        td { a href=(record_address(&n.nid)) autofocus[i == 0] {
                            (event.as_ref().map(|e| e.name_of(e.kind.person())).filter(|t| !t.is_empty()).unwrap_or_else(|| "—".to_owned()))
                        } }
                        td { (text(lang, &format!("kind-{}", n.kind))) }
                        td { (event.as_ref().and_then(Event::event_date).map(|d| d.to_string()).unwrap_or_default()) }
                        td { (text(lang, &format!("status-{}", n.status.code()))) }
                        td { (n.reg_no.clone().unwrap_or_default()) }
                    }
                }
            }
        } }
    }
}

/// What a notification states, as it took effect last.
fn event_of(tx: &ReadTransaction<'_>, n: &Notification) -> BookResult<Option<Event>> {
    let Some(row) = tx.entry(&n.effective)? else {
        return Ok(None);
    };
    let kind = kind_of(n)?;
    let entry = reread(&row);
    Ok(entry.and_then(|e| read_event(kind, &e).ok()))
}

/// A notification and what it states; none where it is not the person's office's.
pub(in crate::portal::web) fn at_office(
    tx: &ReadTransaction<'_>,
    nid: &str,
    person: &Principal,
) -> BookResult<Option<(Notification, Event)>> {
    let Some(n) = tx.notification(nid)?.filter(|n| n.office == person.place) else {
        return Ok(None);
    };
    Ok(event_of(tx, &n)?.map(|event| (n, event)))
}

/// What a registrar may do for a family.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::portal) enum RecordAct {
    Add,
    Issue,
    Annul,
    Settle,
    Transfer,
}

impl RecordAct {
    /// Its word in the log. FROZEN.
    fn code(self) -> &'static str {
        match self {
            RecordAct::Add => "add",
            RecordAct::Issue => "issue",
            RecordAct::Annul => "annul",
            RecordAct::Settle => "settle",
            RecordAct::Transfer => "transfer",
        }
    }
}

/// What a registrar does for a family. `add` takes the fields of the page's form as well.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::portal) struct RecordForm {
    act: RecordAct,
    /// Number of the certificate.
    #[serde(default)]
    number: String,
    /// Date of the certificate.
    #[serde(default)]
    date: String,
    /// Why it is annulled, or stands although somebody had to look.
    #[serde(default)]
    text: String,
    /// Office to which it goes.
    #[serde(default)]
    office: String,
    /// What the family adds, by field.
    #[serde(flatten)]
    added: BTreeMap<String, String>,
}

/// Applies the forms of a record: the address to go to.
pub(in crate::portal) fn serve(
    registry: &Registry,
    person: &Principal,
    nid: &str,
    form: &RecordForm,
) -> Result<String, ProblemCode> {
    let here = record_address(nid);
    let service = match form.act {
        RecordAct::Add => {
            let Some((_, event)) = registry.read(|tx| at_office(tx, nid, person))? else {
                return Ok(Notice::at(path::DESK, "desk-not-here"));
            };
            let now = registry.now().naive_local();
            match Supplement::read(&event, now, |q| form.added.get(q).cloned().unwrap_or_default()) {
                Ok(supplement) => Service::Add(supplement),
                Err(fault) => return Ok(Notice::at(&here, fault.why)),
            }
        }
        RecordAct::Issue => Service::Issue {
            number: form.number.clone(),
            date: form.date.clone(),
        },
        RecordAct::Annul => Service::Annul {
            text: form.text.clone(),
        },
        RecordAct::Settle => Service::Settle {
            text: form.text.clone(),
        },
        RecordAct::Transfer => Service::Transfer {
            office: form.office.as_str().into(),
        },
    };
    let keyring = registry.keyring()?;
    let done = registry.unit_of_work(&keyring, |unit| -> BookResult<_> {
        let before = unit.tx.supplement(nid)?;
        let done = unit.serve(nid, &person.place, &service, &person.login)?;
        if done.is_ok() {
            let line = person.act(unit.now.timestamp_millis(), form.act.code(), nid);
            let details = details_of(&service, &before, &person.place)?;
            unit.tx.add_act_with(&line, Some(&details))?;
        }
        Ok(done)
    })?;
    Ok(match (done, &service) {
        (Ok(()), Service::Transfer { .. }) => Notice::at(path::DESK, "desk-done"),
        (Ok(()), _) => Notice::at(&here, "desk-done"),
        (Err(why), _) => Notice::at(&here, why.id()),
    })
}

/// Why a service was done and what it changed, as it is kept.
fn details_of(service: &Service, before: &Supplement, office: &str) -> BookResult<ActDetails> {
    Ok(match service {
        Service::Add(added) => {
            let before = serde_json::to_value(before)?;
            ActDetails::changed(Some(before), serde_json::to_value(added)?)
        }
        Service::Issue { number, date } => {
            ActDetails::changed(None, json!({ "certificate": number, "date": date }))
        }
        Service::Annul { text } | Service::Settle { text } => ActDetails::because(text),
        Service::Transfer { office: to } => {
            ActDetails::changed(Some(json!({ "office": office })), json!({ "office": to }))
        }
    })
}

/// The page of a notification for the family that stands there; none where it is not this
/// office's.
pub(in crate::portal) fn record_page(
    registry: &Registry,
    person: &Principal,
    nid: &str,
    said: Option<Notice>,
    lang: Lang,
) -> BookResult<Option<String>> {
    let Some((n, event)) = registry.read(|tx| at_office(tx, nid, person))? else {
        return Ok(None);
    };
    let (supplement, record, may_amend) = registry.read(|tx| {
        let may_amend = amend::may_amend(tx, nid, person)?;
        Ok((tx.supplement(nid)?, tx.record(nid)?, may_amend))
    })?;
    let notices = record.map(|record| record.notices).unwrap_or_default();
    sign_in::log(registry, person, "look-record", nid)?;
    let body = html! {
        (recovering(registry, lang)?)
        (find_box(person, "", false, lang))
        (to_look_at(&n, &notices, person, lang))
        @if may_amend { p { a href=(amend_address(nid)) accesskey="k" { (text(lang, "desk-amend")) } } }
        (show(&n, &event, &supplement, person, lang))
    };
    let title = text(lang, &format!("kind-{}", n.kind));
    Ok(Some(frame(
        &title,
        &record_address(nid),
        Some(person),
        said,
        &body,
        lang,
    )))
}

fn show(n: &Notification, event: &Event, supplement: &Supplement, person: &Principal, lang: Lang) -> Markup {
    let here = record_address(&n.nid);
    let in_register = matches!(n.status, Status::Registered | Status::CertificateIssued);
    let ended = matches!(n.status, Status::Voided | Status::Duplicate);
    let open = supplement.still_open(event);
    let answer = |q: &FamilyQuestion| {
        let stated = q
            .beside
            .and_then(|f| event.text(f))
            .filter(|_| q.id.starts_with("child"));
        supplement.get(q.id).or(stated).unwrap_or_default().to_owned()
    };
    let first_blank = family_questions(event.kind)
        .find(|q| answer(q).is_empty())
        .map(|q| q.id);
    let hidden = html! { input type="hidden" name="csrf" value=(person.csrf); };
    html! {
        p {
            strong { (event.name_of(event.kind.person())) } " · " (text(lang, &format!("status-{}", n.status.code())))
            @if let Some(no) = &n.reg_no { " · " (no) }
            @if let Some((no, on)) = &n.cert { " · " (Msg::new("desk-certificate").with("number", no.as_str()).with("date", on.as_str()).render(lang)) }
        }
        @if !ended {
            @if open.is_empty() { p { (text(lang, "desk-open-none")) } }
            @else {
                p { (text(lang, "desk-open")) ": " (open.iter().map(|w| text(lang, &format!("ui-open-{w}"))).collect::<Vec<_>>().join(", ")) }
            }
            form.rows method="post" action=(here) {
                (hidden)
                @for q in family_questions(event.kind) {
                    label {
                        span { (text(lang, &format!("family-{}", q.id.replace('_', "-")))) }
                        input name=(q.id) maxlength="120" autocomplete="off" autofocus[first_blank == Some(q.id)]
                            type=(if matches!(q.input, crate::questions::FamilyInput::Day(_)) { "date" } else { "text" })
                            value=(answer(q));
                    }
                }
                button name="act" value="add" accesskey="s" { (text(lang, "desk-save")) }
            }
            @if in_register {
                form method="post" action=(here) {
                    (hidden)
                    label { (text(lang, "desk-certificate-number")) " " input name="number" required maxlength="40" accesskey="c" autocomplete="off"; } " "
                    label { (text(lang, "desk-certificate-date")) " " input type="date" name="date" required; } " "
                    button name="act" value="issue" { (text(lang, "desk-issue")) }
                }
            }
            p { a href=(format!("{here}/print")) accesskey="p" { (text(lang, "desk-print")) } }
            details {
                summary { (text(lang, "desk-more")) }
                form method="post" action=(here) {
                    (hidden)
                    label { (text(lang, "desk-office")) " "
                        select name="office" {
                            @for office in crate::codes::list("office").into_iter().flat_map(|l| &l.codes) {
                                @if office.code != n.office { option value=(office.code) { (office.name(lang)) } }
                            }
                        }
                    } " "
                    button name="act" value="transfer" { (text(lang, "desk-transfer")) }
                }
                form method="post" action=(here) {
                    (hidden)
                    label { (text(lang, "desk-reason")) " " input name="text" required maxlength="500" size="40"; } " "
                    button name="act" value="annul" { (text(lang, "desk-annul")) }
                }
            }
        }
        h2 {
            @if crate::codes::knows("office", &n.fac) { (super::source(n, lang)) }
            @else { (text(lang, "desk-stated")) }
        }
        @if event.kind == Kind::Birth { p.small { (text(lang, "desk-stated-father")) } }
        (facts(event, None, lang))
    }
}
