//! From entries and receipts to where a notification stands: the rules, without a database.
//!
//! - Of an entry's receipts the highest number wins.
//! - A notification's status is that of its last revision that took effect. A later one that is
//!   held or returned shows beside it and never takes it back.
//! - Before any took effect the latest revision speaks; a correction of what is *received* or
//!   *held* leaves that standing and shows beside it as *signed*, a correction of what was
//!   *returned* answers it.
//! - An annulment counts as pending from its signature on and as done by its receipt. It is no
//!   revision.
//! - A revision that the registry returned because another one came first, or because the
//!   notification was annulled, is not followed by the next one.

use super::EntryStatus;
use crate::form::body::{self, Unknown};
use crate::matching::{document, fold};
use crate::questions::{Use, serves_for};
use crate::seal::{Entry, EntryType, Problem, Receipt, Status};
use crate::vital::{EntryHash, Event, Kind, Nid, OfficeCode, Stated, field};
use crate::wire::Reason;
use chrono::{DateTime, FixedOffset};
use serde_json::Value;

/// An entry of a notification with its newest receipt.
#[derive(Clone, Debug)]
pub(super) struct EntryWithReceipt {
    /// Order of arrival in this store.
    pub n: i64,
    /// Whether it was signed here.
    pub own: bool,
    /// Hash.
    pub h: EntryHash,
    /// Revision.
    pub rev: u32,
    /// Type.
    pub t: EntryType,
    /// When it was signed.
    pub rec: DateTime<FixedOffset>,
    /// What was signed; none where the text was minimised.
    pub entry: Option<Entry>,
    /// Its newest receipt.
    pub receipt: Option<Receipt>,
}

impl EntryWithReceipt {
    /// Where the entry stands.
    pub fn standing(&self) -> EntryStatus {
        self.receipt
            .as_ref()
            .map_or(EntryStatus::Signed, |r| EntryStatus::At(r.status))
    }

    fn returned(&self) -> bool {
        self.standing() == EntryStatus::At(Status::Returned)
    }

    fn problem(&self) -> Option<&Problem> {
        self.receipt.as_ref().and_then(|r| r.problem.as_ref())
    }

    /// Whether the registry put it aside for good, so that the next revision does not follow it.
    fn dead(&self) -> bool {
        let dead = [Reason::RevConflict.code(), Reason::Annulled.code()];
        self.returned() && self.problem().is_some_and(|p| dead.contains(&p.code.as_str()))
    }

    fn is_revision(&self) -> bool {
        matches!(self.t, EntryType::Notice(_) | EntryType::Amend)
    }

    fn usr(&self) -> String {
        self.entry.as_ref().map(|e| e.usr.clone()).unwrap_or_default()
    }
}

/// A row of `notifications`, and what goes into the search.
#[derive(Clone, PartialEq)]
pub(super) struct Projected {
    pub first: i64,
    pub nid: Nid,
    pub kind: Kind,
    pub own: bool,
    pub status: EntryStatus,
    pub beside: Option<EntryStatus>,
    pub waiting: u32,
    pub rev: u32,
    pub h: EntryHash,
    pub name: String,
    pub child: String,
    pub day: Option<String>,
    pub time: Option<String>,
    pub day_n: Option<i32>,
    pub who: String,
    pub doc: String,
    pub set_id: Option<String>,
    pub signed_at: DateTime<FixedOffset>,
    pub signed_by: String,
    pub last_by: String,
    pub reg_no: Option<String>,
    pub office: Option<OfficeCode>,
    pub cert: Option<String>,
    pub dup_of: Option<Nid>,
    pub open: Vec<String>,
    pub problem: Option<Problem>,
    pub returned: bool,
    pub no_cause: bool,
    pub unnamed: bool,
    pub to_attest: bool,
    /// Folded words by which it is found.
    pub words: String,
}

/// The revisions in order, and the last one that the next revision follows.
pub(super) fn latest(entries: &[EntryWithReceipt]) -> Option<&EntryWithReceipt> {
    entries
        .iter()
        .filter(|l| l.is_revision() && !l.dead())
        .max_by_key(|l| (l.rev, l.n))
        .or_else(|| entries.iter().find(|l| matches!(l.t, EntryType::Notice(_))))
}

/// The annulment that is under way, if one is: signed and not refused.
pub(super) fn pending_void(entries: &[EntryWithReceipt]) -> Option<&EntryWithReceipt> {
    entries
        .iter()
        .filter(|l| l.t == EntryType::Void)
        .filter(|l| match l.standing() {
            EntryStatus::Signed => true,
            EntryStatus::At(s) => {
                matches!(s, Status::Received | Status::Held | Status::AnnulmentPending)
            }
        })
        .max_by_key(|l| l.n)
}

/// Whether the registry has annulled it.
pub(super) fn is_voided(entries: &[EntryWithReceipt]) -> bool {
    entries
        .iter()
        .any(|l| l.standing() == EntryStatus::At(Status::Voided))
}

/// What an entry states of an event of a kind.
pub(super) fn event_of(kind: Kind, entry: &Entry) -> Option<Event> {
    body::from_json(kind, &Value::Object(entry.body.clone()), Unknown::Keep).ok()
}

/// Kind of the notification that these entries belong to.
pub(super) fn kind_of(entries: &[EntryWithReceipt]) -> Option<Kind> {
    entries.iter().find_map(|l| match l.t {
        EntryType::Notice(kind) => Some(kind),
        _ => None,
    })
}

/// Status, and what stands beside it.
fn stand(entries: &[EntryWithReceipt]) -> (EntryStatus, Option<EntryStatus>) {
    let mut revisions: Vec<&EntryWithReceipt> = entries.iter().filter(|l| l.is_revision()).collect();
    revisions.sort_by_key(|l| (l.rev, l.n));
    let (status, beside) = match revisions.iter().rposition(|l| l.standing().took_effect()) {
        Some(at) => {
            let status = revisions.get(at).map_or(EntryStatus::Signed, |l| l.standing());
            let later = revisions.get(at + 1..).unwrap_or_default();
            (status, later.last().map(|l| l.standing()))
        }
        None => before_effect(&revisions, entries),
    };
    if is_voided(entries) {
        return (EntryStatus::At(Status::Voided), None);
    }
    let pending = EntryStatus::At(Status::AnnulmentPending);
    if status != pending && pending_void(entries).is_some() {
        return (pending, Some(status));
    }
    (status, beside)
}

fn before_effect(
    revisions: &[&EntryWithReceipt],
    entries: &[EntryWithReceipt],
) -> (EntryStatus, Option<EntryStatus>) {
    let Some(last) = latest(entries) else {
        return (EntryStatus::Signed, None);
    };
    let standing = last.standing();
    // A revision that lost against another one still has to be seen.
    let lost = revisions.last().filter(|l| l.dead()).map(|l| l.standing());
    if standing == EntryStatus::Signed {
        let before = revisions
            .iter()
            .rev()
            .filter(|l| (l.rev, l.n) < (last.rev, last.n) && !l.dead())
            .map(|l| l.standing())
            .find(|s| *s != EntryStatus::Signed);
        if let Some(EntryStatus::At(s @ (Status::Received | Status::Held))) = before {
            return (EntryStatus::At(s), Some(EntryStatus::Signed));
        }
    }
    (standing, lost)
}

/// The problem that somebody has to read: of the newest receipt that holds or returns something
/// that nothing later has answered.
fn problem(entries: &[EntryWithReceipt]) -> Option<Problem> {
    let answered = |l: &EntryWithReceipt| {
        l.is_revision()
            && entries
                .iter()
                .any(|o| o.is_revision() && !o.dead() && (o.rev, o.n) > (l.rev, l.n))
    };
    entries
        .iter()
        .filter(|l| {
            matches!(
                l.standing(),
                // A registrar says why a record was annulled.
                EntryStatus::At(Status::Returned | Status::Held | Status::AnnulmentPending | Status::Voided)
            )
        })
        .filter(|l| !answered(l))
        .filter_map(|l| l.receipt.as_ref())
        .filter(|r| r.problem.is_some())
        .max_by_key(|r| r.n)
        .and_then(|r| r.problem.clone())
}

/// Projects the row of a notification; none where its first entry is not here yet.
pub(super) fn project(nid: &str, entries: &[EntryWithReceipt]) -> Option<Projected> {
    let first = entries.iter().find(|l| matches!(l.t, EntryType::Notice(_)))?;
    let kind = kind_of(entries)?;
    let last = latest(entries)?;
    let (status, beside) = stand(entries);
    let event = last
        .entry
        .as_ref()
        .and_then(|e| event_of(kind, e))
        .unwrap_or_else(|| Event::new(kind));

    let mut receipts: Vec<&Receipt> = entries.iter().filter_map(|l| l.receipt.as_ref()).collect();
    receipts.sort_by_key(|r| std::cmp::Reverse(r.number()));
    let newest =
        |of: &dyn Fn(&Receipt) -> Option<String>| -> Option<String> { receipts.iter().find_map(|r| of(r)) };
    let reg_no = newest(&|r| r.reg_no.clone());
    // What is missing follows the revision that the registry acted on last.
    let acted = entries
        .iter()
        .filter(|l| l.is_revision() && l.standing().took_effect())
        .max_by_key(|l| (l.rev, l.n))
        .unwrap_or(last);
    let open = acted.receipt.as_ref().map(|r| r.open.clone()).unwrap_or_default();
    // The family may have named the child at the registry office: then its receipt misses no name.
    let named_there = acted.receipt.as_ref().is_some_and(|r| {
        matches!(r.status, Status::Registered | Status::CertificateIssued)
            && !r.open.iter().any(|o| o == "name")
    });

    let returned = EntryStatus::At(Status::Returned);
    let gone = matches!(
        status,
        EntryStatus::At(Status::Voided | Status::AnnulmentPending | Status::Duplicate)
    );
    let void_returned = |l: &EntryWithReceipt| {
        matches!(l.t, EntryType::Void | EntryType::Attest) && l.returned() && !l.dead()
    };
    let attested = entries
        .iter()
        .any(|l| l.t == EntryType::Attest && l.standing() != returned);
    let voided = status == EntryStatus::At(Status::Voided);
    Some(Projected {
        first: first.n,
        nid: nid.into(),
        kind,
        own: first.own,
        status,
        beside,
        waiting: count(entries.iter().filter(|l| l.own && l.receipt.is_none())),
        rev: last.rev,
        h: last.h.clone(),
        name: event.name_of(kind.person()),
        child: event.name_of("child"),
        day: event.event_date().map(|d| d.to_string()),
        time: event.event_time().map(|t| t.to_string()),
        day_n: event.event_date().map(|d| day_number(d.earliest())),
        who: who_of(&event),
        doc: doc_of(&event),
        set_id: event.set.as_ref().map(|s| s.id.clone()),
        signed_at: first.rec,
        signed_by: first.usr(),
        last_by: last.usr(),
        office: newest(&|r| r.office.clone().map(String::from)).map(OfficeCode::from),
        cert: newest(&|r| r.cert.clone()),
        dup_of: newest(&|r| r.dup_of.clone().map(String::from)).map(Nid::from),
        open,
        problem: problem(entries),
        returned: !voided
            && (status == returned || beside == Some(returned) || entries.iter().any(void_returned)),
        no_cause: !gone && cause_awaited(&event),
        unnamed: !gone
            && !named_there
            && kind == Kind::Birth
            && event.is_open(field::CHILD_GIVEN)
            && event.text(field::CHILD_LIVING) != Some("no"),
        to_attest: !voided && !attested && pending_void(entries).is_some(),
        words: words(&event, reg_no.as_deref()),
        reg_no,
    })
}

fn count<T>(of: impl Iterator<Item = T>) -> u32 {
    u32::try_from(of.count()).unwrap_or(u32::MAX)
}

/// Days since 0001-01-01.
pub(super) fn day_number(day: chrono::NaiveDate) -> i32 {
    chrono::Datelike::num_days_from_ce(&day)
}

/// A cause that somebody still has to bring: not yet known, or certified for the time being.
fn cause_awaited(event: &Event) -> bool {
    event.kind == Kind::Death
        && (event.is_open(field::CAUSE_A) || event.text(field::DEATH_CERTIFICATE) == Some("preliminary"))
}

/// Folded surname and given name by which look-alikes are found.
pub(super) fn who_of(event: &Event) -> String {
    let person = event.kind.person();
    let part = |p: &str| {
        event
            .text(&format!("{person}.{p}"))
            .unwrap_or_default()
            .to_owned()
    };
    fold(&format!("{} {}", part("surname"), part("given")))
}

/// Folded number of the document by which look-alikes are found.
pub(super) fn doc_of(event: &Event) -> String {
    event
        .text(document_field(event.kind))
        .map(document)
        .unwrap_or_default()
}

/// The field of the document of the person by whom the event is looked up.
pub(super) fn document_field(kind: Kind) -> &'static str {
    match kind {
        Kind::Birth | Kind::FoetalDeath => field::MOTHER_DOCUMENT,
        Kind::Death => field::DECEASED_DOCUMENT,
    }
}

/// Folded words of all names, documents, phones, the paper certificate and the register's number.
fn words(event: &Event, reg_no: Option<&str>) -> String {
    let mut out = String::new();
    let mut add = |text: &str| {
        if !text.is_empty() {
            out.push_str(text);
            out.push(' ');
        }
    };
    for (field, value) in &event.values {
        let Stated::Known(crate::vital::Value::Text(text)) = value else {
            continue;
        };
        let serves = |what| serves_for(event.kind, field, what);
        if serves(Use::SearchedName) {
            add(&fold(text));
        } else if serves(Use::SearchedDocument) {
            let number = fold(&document(text));
            add(&number);
            // People read the digits out, without the letters of the series.
            let digits = number.trim_start_matches(|c: char| !c.is_ascii_digit());
            if digits.len() < number.len() {
                add(digits);
            }
        } else if serves(Use::SearchedPhone) {
            super::search::phone_words(text).iter().for_each(|w| add(w));
        } else if serves(Use::SearchedPaper) {
            add(&fold(&document(text)));
            add(&fold(text));
        }
    }
    if let Some(no) = reg_no {
        add(&fold(no));
    }
    out
}

#[cfg(test)]
#[path = "projection_tests.rs"]
mod tests;
