//! What can keep a statement from being signed, and what its entry will say.
//!
//! Everything here is asked under the lock of the transaction that signs.

use super::convert::signed;
use super::people::find;
use super::projection::{self, EntryWithReceipt};
use super::slips::SlipFacts;
use super::{Person, Signer, Site, Statement, StoreError, ToSign};
use crate::env::ClockTrust;
use crate::form::body;
use crate::questions::{may_sign, required};
use crate::rules::{self, Candidate, Context, Finding};
use crate::seal::{AmendReason, Entry, EntryType, Ref, Suspension, key_body, suspension_body};
use crate::vital::{Event, Nid};
use crate::ward::store::projection_writer::entries_with_receipts;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};

/// A statement under way to its entry.
pub(super) struct UnsignedEntry {
    pub t: EntryType,
    pub id: String,
    pub nid: Nid,
    pub rev: u32,
    pub body: Map<String, Value>,
    pub reference: Option<Ref>,
    pub reason: Option<AmendReason>,
    pub findings: Vec<Finding>,
    /// Who has a new key by it.
    pub person: Option<Person>,
    /// What the family's paper says of it, where it states an event.
    pub slip: Option<SlipFacts>,
}

/// Whether this person may sign here with this key. Of a statement about an event a suspended
/// person's rules say no (C06), beside what else is to be corrected.
pub(super) fn allowed(db: &Connection, signer: &Signer<'_>) -> Result<bool, StoreError> {
    let person = find(db, signer.login)?.ok_or_else(|| StoreError::NoPerson(signer.login.to_owned()))?;
    if person.kid != signer.key.public().kid() || person.role != signer.role {
        return Err(StoreError::WrongKey);
    }
    Ok(person.suspended.is_none())
}

/// Asks the rules. `nid` is the notification that is amended, `own` the identifier that a new one
/// will have; `members` are those that are being signed along with it; `may` says whether
/// the signer may certify this kind, none while it is being written.
pub(super) fn check(
    db: &Connection,
    event: &Event,
    (nid, own): (Option<&str>, Option<&str>),
    except: &[&str],
    members: Vec<Candidate>,
    may: Option<bool>,
    site: &Site<'_>,
) -> Result<Vec<Finding>, StoreError> {
    let settings = site.settings;
    let mut comparison =
        crate::ward::store::comparison_set::comparison_set(db, event, except, &settings.limits)?;
    comparison.siblings.extend(members);
    let required = required(event);
    let causes = super::causes::loaded(db)?;
    let context = Context {
        causes: causes.as_deref(),
        clock_trusted: site.clk == ClockTrust::Synced,
        required: &required,
        nid: nid.or(own),
        amends: nid.is_some(),
        facility: &settings.facility.code,
        siblings: &comparison.siblings,
        candidates: &comparison.candidates,
        signer: may,
        ..Context::new(site.now, &settings.limits)
    };
    Ok(rules::check(event, &context))
}

/// Everything that can keep a statement from being signed, and what the entry will say.
pub(super) fn prepare(
    db: &Connection,
    one: &ToSign,
    id: &str,
    all: &[ToSign],
    ids: &[String],
    signer: &Signer<'_>,
    site: &Site<'_>,
) -> Result<UnsignedEntry, StoreError> {
    let active = allowed(db, signer)?;
    if one.what.event().is_none() && !active {
        return Err(StoreError::Suspended);
    }
    let code = one.what.policy_code();
    if one.what.event().is_none() && !site.settings.policy.may_sign(signer.role, code) {
        return Err(StoreError::MayNotSign {
            role: signer.role.code(),
            what: code.to_owned(),
        });
    }
    let mut unsigned_entry = UnsignedEntry {
        t: one.what.entry_type(),
        id: id.to_owned(),
        nid: id.into(),
        rev: 1,
        body: Map::new(),
        reference: None,
        reason: None,
        findings: Vec::new(),
        person: None,
        slip: one.what.event().map(SlipFacts::of),
    };
    match &one.what {
        Statement::Event(_) => {}
        Statement::Amend {
            nid,
            seen,
            event,
            reason,
        } => {
            let entries = living(db, nid)?;
            let last = revision(&entries, nid)?;
            if projection::kind_of(&entries) != Some(event.kind) {
                return Err(StoreError::OtherKind);
            }
            if seen.as_ref().is_some_and(|h| *h != last.h) {
                return Err(StoreError::Moved { now: last.rev });
            }
            unsigned_entry.rev = last.rev.saturating_add(1);
            about(&mut unsigned_entry, nid, last);
            unsigned_entry.reason = Some(reason.clone());
        }
        Statement::Void { nid, reason } => {
            let entries = living(db, nid)?;
            let last = revision(&entries, nid)?;
            // An annulment is no revision: it bears the number of the one that it annuls.
            unsigned_entry.rev = last.rev;
            about(&mut unsigned_entry, nid, last);
            unsigned_entry.reason = Some(reason.clone());
        }
        Statement::Attest { nid } => {
            let entries = entries_with_receipts(db, nid, None)?;
            let void = projection::pending_void(&entries).ok_or(StoreError::NothingToAttest)?;
            if void.entry.as_ref().is_none_or(|e| e.usr == signer.login) {
                return Err(StoreError::SamePerson);
            }
            unsigned_entry.rev = void.rev;
            about(&mut unsigned_entry, nid, void);
        }
        Statement::Key { person, request } => {
            let known = find(db, &person.login)?;
            if known
                .ok_or_else(|| StoreError::NoPerson(person.login.clone()))?
                .suspended
                .is_some()
            {
                return Err(StoreError::Suspended);
            }
            if person.login == signer.login {
                return Err(StoreError::OwnKey);
            }
            unsigned_entry.body = key_body(&person.login, request);
            unsigned_entry.person = Some(person.as_ref().clone());
        }
        Statement::Suspend { login, suspended } => {
            let known = find(db, login)?.ok_or_else(|| StoreError::NoPerson(login.clone()))?;
            if *login == signer.login {
                return Err(StoreError::OwnKey);
            }
            let says = match suspended {
                true => Suspension::Begins,
                false => Suspension::Ends {
                    heard: super::meta::heard(db)?,
                },
            };
            unsigned_entry.body = suspension_body(login, &known.kid, says);
            unsigned_entry.person = Some(Person {
                suspended: suspended.then_some(site.now),
                ..known
            });
        }
        Statement::Tally {
            month,
            births,
            foetal_deaths,
            deaths,
        } => {
            tally(db, &mut unsigned_entry, month)?;
            unsigned_entry
                .body
                .insert("month".into(), Value::from(month.as_str()));
            unsigned_entry.body.insert("births".into(), Value::from(*births));
            unsigned_entry
                .body
                .insert("foetal_deaths".into(), Value::from(*foetal_deaths));
            unsigned_entry.body.insert("deaths".into(), Value::from(*deaths));
        }
    }
    if let Some(event) = one.what.event() {
        let before = match &one.what {
            Statement::Amend { nid, .. } => {
                let entries = entries_with_receipts(db, nid, None)?;
                let last = revision(&entries, nid)?;
                last.entry
                    .as_ref()
                    .and_then(|e| projection::event_of(event.kind, e))
            }
            _ => None,
        };
        let may = may_sign(&site.settings.policy, signer.role, before.as_ref(), event);
        let nid = (unsigned_entry.nid != unsigned_entry.id).then_some(unsigned_entry.nid.as_str());
        // Members of the call are siblings as they are about to be signed, not as their drafts say.
        let mut except: Vec<&str> = all.iter().filter_map(|o| o.draft.as_deref()).collect();
        except.extend(nid);
        except.extend(ids.iter().map(String::as_str));
        let along = all.iter().zip(ids);
        let along = along.filter_map(|(o, other)| Some((other.as_str(), o.what.event()?)));
        let members = rules::signed_along((id, event), along, &site.settings.facility.code);
        let findings = check(
            db,
            event,
            (nid, Some(id)),
            &except,
            members,
            Some(may && active),
            site,
        )?;
        if rules::stops(&findings) {
            let id = id.to_owned();
            return Err(StoreError::Refused { id, findings });
        }
        unsigned_entry.findings = findings;
        if let Value::Object(map) = body::to_json(event) {
            unsigned_entry.body = map;
        }
    }
    Ok(unsigned_entry)
}

/// The entries of a notification that still can be amended or annulled.
fn living(db: &Connection, nid: &str) -> Result<Vec<EntryWithReceipt>, StoreError> {
    let entries = entries_with_receipts(db, nid, None)?;
    if projection::is_voided(&entries) || projection::pending_void(&entries).is_some() {
        return Err(StoreError::Annulled);
    }
    Ok(entries)
}

fn revision<'a>(entries: &'a [EntryWithReceipt], nid: &str) -> Result<&'a EntryWithReceipt, StoreError> {
    projection::kind_of(entries)
        .and(projection::latest(entries))
        .ok_or_else(|| StoreError::NoNotification(nid.to_owned()))
}

fn about(unsigned_entry: &mut UnsignedEntry, nid: &str, entry: &EntryWithReceipt) {
    unsigned_entry.nid = nid.into();
    unsigned_entry.reference = Some(Ref {
        nid: nid.into(),
        rev: entry.rev,
        h: entry.h.clone(),
    });
}

/// A month counted again is a new revision of the same count.
fn tally(db: &Connection, unsigned_entry: &mut UnsignedEntry, month: &str) -> Result<(), StoreError> {
    let date = format!("{month}-01");
    if month.len() != 7 || chrono::NaiveDate::parse_from_str(&date, "%Y-%m-%d").is_err() {
        return Err(StoreError::NotAMonth(month.to_owned()));
    }
    let before: Option<(String, u32)> = db
        .prepare_cached(
            "SELECT e.nid, e.rev FROM tallies t JOIN entries e USING (n) WHERE t.month = ?1 AND t.own = 1",
        )?
        .query_row([month], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    if let Some((nid, rev)) = before {
        unsigned_entry.nid = nid.into();
        unsigned_entry.rev = rev.saturating_add(1);
    }
    Ok(())
}

/// Puts a tally where the month is looked up.
pub(super) fn save_tally(db: &Connection, n: i64, own: bool, entry: &Entry) -> Result<(), StoreError> {
    let number = |name: &str| entry.body.get(name).and_then(Value::as_u64).map(signed);
    let month = entry.body.get("month").and_then(Value::as_str);
    // A count that cannot be read stays an entry; there is nothing to look up.
    if let (Some(month), Some(births), Some(foetal), Some(deaths)) =
        (month, number("births"), number("foetal_deaths"), number("deaths"))
    {
        db.prepare_cached(
            "INSERT INTO tallies VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET n = excluded.n, births = excluded.births,
               foetal_deaths = excluded.foetal_deaths, deaths = excluded.deaths",
        )?
        .execute(params![month, own, n, births, foetal, deaths])?;
    }
    Ok(())
}
