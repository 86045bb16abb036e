//! One entry that waits for a decision: why, what it states beside the look-alike or the record,
//! and the ways to decide.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::paper::amend_address;
use crate::form;
use crate::lang::{Lang, text};
use crate::portal::Registration;
use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::decide::{Ruling, Unfit, reason};
use crate::portal::record::{ActDetails, ActPlace, EntryRow, Hold, read_event, reread};
use crate::portal::staff::sign_in::{self, Principal};
use crate::portal::unit::registry::Registry;
use crate::portal::web::desk::layout::{Notice, frame};
use crate::portal::web::recovering::recovering;
use crate::questions::{self, label_id};
use crate::seal::Status;
use crate::vital::{Event, Kind, Nid, Stated};
use crate::wire::{ProblemCode, Reason, path};

/// One entry as the desk shows it.
struct Card {
    row: EntryRow,
    kind: Option<Kind>,
    event: Option<Event>,
    beside: Option<Event>,
    /// Facility and number of the other one.
    other: String,
    reg_no: Option<String>,
    /// Every reason for which a person looks at it, the gravest first.
    holds: Vec<Hold>,
}

/// What a registrar may decide.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::portal) enum EntryAct {
    Accept,
    Return,
    Duplicate,
    Registered,
}

/// A registrar's decision about an entry.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::portal) struct EntryForm {
    /// The entry's hash.
    #[serde(default)]
    #[schema(required = true)]
    h: String,
    act: EntryAct,
    /// Which field is wrong, of what is returned.
    #[serde(default)]
    field: String,
    /// Why it is returned.
    #[serde(default)]
    text: String,
    /// Of which notification it is a duplicate.
    #[serde(default)]
    of: String,
    /// The office in whose book the event stands already.
    #[serde(default)]
    office: String,
    /// The year of that book.
    #[serde(default)]
    year: String,
    /// The number of the act there.
    #[serde(default)]
    number: String,
}

/// Applies the form of an entry: the address to go to.
pub(in crate::portal) fn act(
    registry: &Registry,
    person: &Principal,
    form: &EntryForm,
) -> Result<String, ProblemCode> {
    let h = &form.h;
    let here = format!("{}/entry/{h}", path::DESK);
    let ruling = match form.act {
        EntryAct::Accept => Ruling::Accept,
        EntryAct::Return => {
            let Some(text) = reason(&form.text) else {
                return Ok(Notice::at(&here, "desk-reason-missing"));
            };
            Ruling::Return {
                field: Some(form.field.clone()).filter(|f| questions::question(f).is_some()),
                text,
            }
        }
        EntryAct::Duplicate => Ruling::Duplicate {
            of: form.of.as_str().into(),
        },
        EntryAct::Registered => {
            match ActPlace::read(&form.office, &form.year, &form.number, registry.now()) {
                Some(act) => Ruling::AlreadyRegistered { act },
                None => return Ok(Notice::at(&here, "desk-act-wrong")),
            }
        }
    };
    let keyring = registry.keyring()?;
    let ruled = registry.unit_of_work(&keyring, |unit| -> BookResult<Result<(), Unfit>> {
        // An office decides what is addressed to it, and nothing else.
        let Some(row) = unit.row(h)? else {
            return Ok(Err(Unfit::TooLate));
        };
        let office = unit.office_of(&row)?;
        let confirms = unit.settings.registration.confirms(&person.place, &office);
        if *office != *person.place && !(confirms && super::needs_second(&row)) {
            return Ok(Err(Unfit::TooLate));
        }
        let ruled = unit.rule(h, &ruling, &person.login)?;
        if ruled.is_ok() {
            let line = person.act(unit.now.timestamp_millis(), ruling.code(), &row.nid);
            let details = match &ruling {
                Ruling::Accept => None,
                Ruling::Return { text, .. } => Some(ActDetails::because(text)),
                Ruling::Duplicate { of } => Some(ActDetails::changed(None, json!({ "duplicate_of": of }))),
                Ruling::AlreadyRegistered { act } => {
                    Some(ActDetails::changed(None, json!({ "duplicate_of": act })))
                }
            };
            unit.tx.add_act_with(&line, details.as_ref())?;
        }
        Ok(ruled)
    })?;
    Ok(match ruled {
        Ok(()) => Notice::at(path::DESK, "desk-done"),
        Err(unfit) => Notice::at(path::DESK, unfit.id()),
    })
}

/// An entry that waits at an office, with what stands beside it; none where it does not.
fn card_of(
    tx: &ReadTransaction<'_>,
    policy: &Registration,
    (office, h): (&str, &str),
    lang: Lang,
) -> BookResult<Option<Card>> {
    let waiting = super::on_desk(tx, policy, office, usize::MAX)?;
    let Some(row) = waiting.into_iter().find(|row| row.h == h) else {
        return Ok(None);
    };
    let entry = reread(&row);
    let n = tx.notification(&row.nid)?;
    let record = tx.record(&row.nid)?.filter(|record| record.newest.h == row.h);
    let annuls = row.t == "void";
    let kind = super::kind_of(&row, n.as_ref());
    let read = |h: &str| {
        let row = tx.entry(h).ok()??;
        read_event(kind?, &reread(&row)?).ok()
    };
    let of = row.decision.as_ref().and_then(|v| v.dup_of.clone());
    let other = match of {
        Some(nid) => tx.notification(&nid)?,
        None => n.clone().filter(|n| n.effective != row.h),
    };
    let other_is = other.as_ref().map(|n| {
        let number = n.reg_no.clone().unwrap_or_default();
        let status = text(lang, &format!("status-{}", n.status.code()));
        format!("{} {number} ({status})", super::source(n, lang))
    });
    let event = match (&entry, kind) {
        (Some(e), Some(kind)) if !annuls => read_event(kind, e).ok(),
        _ => None,
    };
    Ok(Some(Card {
        event,
        beside: other.and_then(|n| read(&n.effective)),
        other: other_is.unwrap_or_default(),
        reg_no: n.and_then(|n| n.reg_no),
        holds: record.map(|record| record.holds().to_vec()).unwrap_or_default(),
        kind,
        row,
    }))
}

/// The page of an entry; none where it is not this office's.
pub(in crate::portal) fn entry_page(
    registry: &Registry,
    person: &Principal,
    h: &str,
    said: Option<Notice>,
    lang: Lang,
) -> BookResult<Option<String>> {
    let card = registry.read(|tx| card_of(tx, &registry.settings.registration, (&person.place, h), lang))?;
    let Some(card) = card else { return Ok(None) };
    sign_in::log(registry, person, "look-entry", &card.row.nid)?;
    let title = super::what(&card.row, card.kind, lang);
    let at = format!("{}/entry/{h}", path::DESK);
    let body = html! {
        (recovering(registry, lang)?)
        (show(&card, person, lang))
    };
    Ok(Some(frame(&title, &at, Some(person), said, &body, lang)))
}

fn show(card: &Card, person: &Principal, lang: Lang) -> Markup {
    let csrf = &person.csrf;
    let row = &card.row;
    let decision = row.decision.as_ref();
    let own = crate::codes::knows("office", &row.fac);
    let pending = decision.is_some_and(|v| v.status == Status::AnnulmentPending);
    let mut others: Vec<Nid> = card.holds.iter().filter_map(|hold| hold.of.clone()).collect();
    others.extend(decision.and_then(|v| v.dup_of.clone()));
    others.sort_unstable();
    others.dedup();
    let several = others.len() > 1;
    let answerable = card.holds.iter().all(Hold::is_answerable) && row.verified;
    let accept = match pending {
        true => "desk-annul",
        _ if row.t == "amend" && card.reg_no.is_some() => "desk-apply",
        _ => "desk-register",
    };
    let prepared = decision
        .and_then(|v| v.problem.as_ref())
        .is_some_and(|p| p.code == Reason::Prepared.code());
    html! {
        p {
            strong { (super::why(row, lang)) }
        }
        p.small {
            (super::stated_by(&row.fac, lang)) " · " (row.nid) " · " (row.rev)
            @if let Some(no) = &card.reg_no { " · " (no) }
            @if !card.other.is_empty() { " · " (text(lang, "desk-other-one")) ": " (card.other) }
            @if !row.verified { " · " (text(lang, "desk-unverified")) }
        }
        @if card.holds.len() > 1 {
            ul {
                @for hold in card.holds.iter().skip(1) {
                    li {
                        (hold.problem.text.get(lang.code()).cloned().unwrap_or_default())
                        @if let Some(of) = &hold.of { " " span.small { (of) } }
                    }
                }
            }
        }
        @if answerable {
            form.inline method="post" action=(format!("{}/entry", path::DESK)) {
                (hidden(csrf, row))
                button name="act" value="accept" accesskey="r" autofocus[!prepared] { (text(lang, accept)) }
            }
        } @else { p { (text(lang, "desk-signature")) } }
        @for of in others {
            form.inline method="post" action=(format!("{}/entry", path::DESK)) {
                (hidden(csrf, row))
                input type="hidden" name="of" value=(of);
                button name="act" value="duplicate" accesskey="u" { (text(lang, "desk-duplicate")) }
                @if several { " " span.small { (of) } }
            }
        }
        @if own && !pending {
            p { a href=(amend_address(&row.nid)) accesskey="k" { (text(lang, "desk-amend")) } }
        }
        @if !own || pending || card.reg_no.is_some() { form method="post" action=(format!("{}/entry", path::DESK)) {
            (hidden(csrf, row))
            label { (text(lang, "desk-field")) " "
                select name="field" {
                    option value="" { "—" }
                    @for q in card.kind.into_iter().flat_map(questions::questions) {
                        option value=(q.id) { (text(lang, &label_id(q.id))) }
                    }
                }
            } " "
            label { (text(lang, "desk-reason")) " " input name="text" required maxlength="500" size="40" accesskey="b"; } " "
            button name="act" value="return" { (text(lang, "desk-return")) }
        } }
        @if !pending && card.kind.is_some() { (already_registered(row, person, lang)) }
        @if let Some(event) = &card.event { (facts(event, card.beside.as_ref(), lang)) }
    }
}

/// The form that says where the event stands in a book of records already.
fn already_registered(row: &EntryRow, person: &Principal, lang: Lang) -> Markup {
    let offices = crate::codes::list("office")
        .into_iter()
        .flat_map(|list| &list.codes);
    html! {
        details {
            summary { (text(lang, "desk-already-registered")) }
            form method="post" action=(format!("{}/entry", path::DESK)) {
                (hidden(&person.csrf, row))
                label { (text(lang, "desk-office")) " "
                    select name="office" {
                        @for office in offices {
                            option value=(office.code) selected[office.code == person.place] { (office.name(lang)) }
                        }
                    }
                } " "
                label { (text(lang, "desk-act-year")) " " input name="year" required inputmode="numeric" maxlength="4" size="4"; } " "
                label { (text(lang, "desk-number")) " " input name="number" required maxlength="40" autocomplete="off"; } " "
                button name="act" value="registered" { (text(lang, "desk-already-registered")) }
            }
        }
    }
}

fn hidden(csrf: &str, row: &EntryRow) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(csrf);
        input type="hidden" name="h" value=(row.h);
    }
}

/// What is stated, beside the other event or the record where there is one; what differs comes
/// first.
pub(in crate::portal::web) fn facts(event: &Event, beside: Option<&Event>, lang: Lang) -> Markup {
    let said = |event: &Event, q: &'static questions::Question| match event.get(q.id) {
        Some(Stated::Known(value)) => form::show(q, value, lang),
        Some(Stated::Not(not)) => text(lang, &format!("not-{}", not.code())),
        None => String::new(),
    };
    let rows = questions::questions(event.kind).map(|q| {
        let there = beside.map(|b| said(b, q)).unwrap_or_default();
        (q, said(event, q), there)
    });
    let rows = rows.filter(|(_, here, there)| !here.is_empty() || !there.is_empty());
    let (differ, agree): (Vec<_>, Vec<_>) =
        rows.partition(|(_, here, there)| beside.is_some() && here != there);
    html! {
        div.wide { table {
            @if beside.is_some() {
                thead { tr { th {} th { (text(lang, "desk-this-one")) } th { (text(lang, "desk-other-one")) } } }
            }
            tbody {
                @for (differs, rows) in [(true, &differ), (false, &agree)] {
                    @for (q, here, there) in rows {
                        tr.differs[differs] {
                            th { (text(lang, &label_id(q.id))) }
                            td { (here) }
                            @if beside.is_some() { td { (there) } }
                        }
                    }
                }
            }
        } }
    }
}
