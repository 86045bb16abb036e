//! Signing: from a statement to an entry on the disk, in one transaction.
//!
//! Under the lock the head of the journal is read, the rules are asked once more with what the
//! database holds at that moment, the entry is signed, and entry, outbox, status, search and the
//! end of the draft are written together.

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde_json::{Map, Value};

use super::convert::signed;
use super::people::find;
use super::projection::{self, Line};
use super::redraw::{lines, redraw};
use super::{Statement, Store, StoreError, ToSign, drafts, journal};
use crate::env::{ClockTrust, Role, Settings, new_uuid};
use crate::form::{body, required};
use crate::rules::{self, Candidate, Context, Finding};
use crate::seal::{Entry, EntryType, Ref, SecretKey, VERSION, hash};
use crate::vital::Event;

/// Who signs.
#[derive(Debug)]
pub struct Signer<'a> {
    /// Login.
    pub login: &'a str,
    /// In which role.
    pub role: Role,
    /// The unlocked key.
    pub key: &'a SecretKey,
}

/// Where and when it is signed.
#[derive(Debug)]
pub struct Site<'a> {
    /// Facility, limits, policy.
    pub settings: &'a Settings,
    /// The device's key: it opens a journal where there is none to write to.
    pub device: &'a SecretKey,
    /// The system's time, raw.
    pub now: DateTime<FixedOffset>,
    /// How far that may be believed.
    pub clk: ClockTrust,
}

/// A signed entry that is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The entry.
    pub id: String,
    /// Its notification.
    pub nid: String,
    /// Its revision.
    pub rev: u32,
    /// Its journal.
    pub jid: String,
    /// Its place there.
    pub seq: u64,
    /// Its hash.
    pub h: String,
    /// What the rules noted; nothing of it stops a signing.
    pub findings: Vec<Finding>,
}

/// What a test lets a COMMIT do.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommitFault {
    /// Fails, and nothing is on the disk.
    Lost,
    /// Fails, and yet everything is on the disk.
    Durable,
}

/// A statement under way to its entry.
struct Draught {
    t: EntryType,
    id: String,
    nid: String,
    rev: u32,
    body: Map<String, Value>,
    reference: Option<Ref>,
    reason: Option<crate::seal::Reason>,
    findings: Vec<Finding>,
}

impl Store {
    /// Signs one statement and stores it: when this returns, it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the findings of the rules, and whatever else keeps it from
    /// being signed; nothing is signed or changed then. [`StoreError::OutcomeUnknown`] alone says
    /// that it may have been: look the identifiers up ([`Store::recorded`]) before anything else.
    pub fn record(
        &mut self,
        what: impl Into<ToSign>,
        signer: &Signer<'_>,
        site: &Site<'_>,
    ) -> Result<Recorded, StoreError> {
        let mut all = self.record_all(vec![what.into()], signer, site)?;
        all.pop()
            .ok_or_else(|| StoreError::Damaged("nothing recorded".to_owned()))
    }

    /// Signs several statements and stores them, all or none (a multiple birth).
    ///
    /// # Errors
    /// As [`Store::record`].
    pub fn record_all(
        &mut self,
        what: Vec<ToSign>,
        signer: &Signer<'_>,
        site: &Site<'_>,
    ) -> Result<Vec<Recorded>, StoreError> {
        let process = self.process.clone();
        let ids: Vec<String> = what.iter().map(|_| new_uuid()).collect();
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        allowed(&tx, signer)?;
        let mut done = Vec::with_capacity(what.len());
        for (one, id) in what.iter().zip(&ids) {
            if let Some(draft) = &one.draft {
                drafts::finish(&tx, draft, &process)?;
            }
            let draught = prepare(&tx, one, id, &what, &ids, signer, site)?;
            done.push(sign(&tx, draught, signer, site)?);
        }
        #[cfg(test)]
        let outcome = match self.commit_fault {
            None => tx.commit(),
            Some(CommitFault::Lost) => tx.rollback().and(Err(fault())),
            Some(CommitFault::Durable) => tx.commit().and(Err(fault())),
        };
        #[cfg(not(test))]
        let outcome = tx.commit();
        match outcome {
            Ok(()) => Ok(done),
            Err(e) => self.settle(done, e.into()),
        }
    }

    /// After a COMMIT that failed: what is on the disk decides, and nothing is signed again.
    fn settle(&mut self, done: Vec<Recorded>, error: StoreError) -> Result<Vec<Recorded>, StoreError> {
        let unknown = || StoreError::OutcomeUnknown(done.iter().map(|r| r.id.clone()).collect());
        self.reopen().map_err(|_| unknown())?;
        for entry in &done {
            match self.recorded(&entry.id) {
                Ok(Some(h)) if h == entry.h => {}
                Ok(_) => return Err(error),
                Err(_) => return Err(unknown()),
            }
        }
        Ok(done)
    }

    /// Hash of the entry with this identifier, if it is on the disk.
    pub fn recorded(&self, id: &str) -> Result<Option<String>, StoreError> {
        let mut find = self.db.prepare_cached("SELECT h FROM entries WHERE id = ?1")?;
        Ok(find.query_row([id], |r| r.get(0)).optional()?)
    }

    /// What the rules say of an event with what the database holds around it.
    ///
    /// `nid` is its own notification where it is a correction, `draft` the draft it stands in,
    /// `role` whose signature is asked about; none while it is still being written.
    pub fn findings(
        &self,
        event: &Event,
        nid: Option<&str>,
        draft: Option<&str>,
        role: Option<Role>,
        site: &Site<'_>,
    ) -> Result<Vec<Finding>, StoreError> {
        let except: Vec<&str> = nid.into_iter().chain(draft).collect();
        self.read(|db| check(db, event, nid, &except, Vec::new(), role, site))
    }
}

#[cfg(test)]
fn fault() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR), None)
}

/// Whether this person may sign anything here with this key.
fn allowed(db: &Connection, signer: &Signer<'_>) -> Result<(), StoreError> {
    let person = find(db, signer.login)?.ok_or_else(|| StoreError::NoPerson(signer.login.to_owned()))?;
    if person.suspended.is_some() {
        return Err(StoreError::Suspended);
    }
    if person.kid != signer.key.public().kid() || person.role != signer.role {
        return Err(StoreError::WrongKey);
    }
    Ok(())
}

/// Asks the rules. `members` are siblings that are being signed along with it.
fn check(
    db: &Connection,
    event: &Event,
    nid: Option<&str>,
    except: &[&str],
    members: Vec<Candidate>,
    role: Option<Role>,
    site: &Site<'_>,
) -> Result<Vec<Finding>, StoreError> {
    let settings = site.settings;
    let mut around = super::candidates::around(db, event, except, &settings.limits)?;
    around.siblings.extend(members);
    let required = required(event);
    let context = Context {
        clock_trusted: site.clk == ClockTrust::Synced,
        required: &required,
        nid,
        amends: nid.is_some(),
        facility: &settings.facility.code,
        siblings: &around.siblings,
        candidates: &around.candidates,
        signer: role.map(|r| settings.policy.may_sign(r, event.kind.code())),
        ..Context::new(site.now, &settings.limits)
    };
    Ok(rules::check(event, &context))
}

/// Everything that can keep a statement from being signed, and what the entry will say.
fn prepare(
    db: &Connection,
    one: &ToSign,
    id: &str,
    all: &[ToSign],
    ids: &[String],
    signer: &Signer<'_>,
    site: &Site<'_>,
) -> Result<Draught, StoreError> {
    let code = one.what.policy_code();
    if one.what.event().is_none() && !site.settings.policy.may_sign(signer.role, code) {
        return Err(StoreError::MayNotSign {
            role: signer.role.code(),
            what: code.to_owned(),
        });
    }
    let mut draught = Draught {
        t: one.what.entry_type(),
        id: id.to_owned(),
        nid: id.to_owned(),
        rev: 1,
        body: Map::new(),
        reference: None,
        reason: None,
        findings: Vec::new(),
    };
    match &one.what {
        Statement::Event(_) => {}
        Statement::Amend {
            nid,
            seen,
            event,
            reason,
        } => {
            let lines = living(db, nid)?;
            let last = revision(&lines, nid)?;
            if projection::kind_of(&lines) != Some(event.kind) {
                return Err(StoreError::OtherKind);
            }
            if seen.as_ref().is_some_and(|h| *h != last.h) {
                return Err(StoreError::Moved { now: last.rev });
            }
            draught.rev = last.rev.saturating_add(1);
            about(&mut draught, nid, last);
            draught.reason = Some(reason.clone());
        }
        Statement::Void { nid, reason } => {
            let lines = living(db, nid)?;
            let last = revision(&lines, nid)?;
            // An annulment is no revision: it bears the number of the one that it annuls.
            draught.rev = last.rev;
            about(&mut draught, nid, last);
            draught.reason = Some(reason.clone());
        }
        Statement::Attest { nid } => {
            let lines = lines(db, nid, None)?;
            let void = projection::pending_void(&lines).ok_or(StoreError::NothingToAttest)?;
            if void.entry.as_ref().is_none_or(|e| e.usr == signer.login) {
                return Err(StoreError::SamePerson);
            }
            draught.rev = void.rev;
            about(&mut draught, nid, void);
        }
        Statement::Tally {
            month,
            births,
            foetal_deaths,
            deaths,
        } => {
            tally(db, &mut draught, month)?;
            draught.body.insert("month".into(), Value::from(month.as_str()));
            draught.body.insert("births".into(), Value::from(*births));
            draught
                .body
                .insert("foetal_deaths".into(), Value::from(*foetal_deaths));
            draught.body.insert("deaths".into(), Value::from(*deaths));
        }
    }
    if let Some(event) = one.what.event() {
        let nid = (draught.nid != draught.id).then_some(draught.nid.as_str());
        // Members of the call are siblings as they are about to be signed, not as their drafts say.
        let mut except: Vec<&str> = all.iter().filter_map(|o| o.draft.as_deref()).collect();
        except.extend(nid);
        except.extend(ids.iter().map(String::as_str));
        let members = all.iter().zip(ids).filter(|(o, other)| {
            let set = |e: &Event| e.set.as_ref().map(|s| s.id.clone());
            *other != id && set(event).is_some() && o.what.event().and_then(set) == set(event)
        });
        let members = members
            .filter_map(|(o, other)| {
                Some(Candidate {
                    nid: other.clone(),
                    facility: site.settings.facility.code.clone(),
                    status: "signed".to_owned(),
                    event: o.what.event()?.clone(),
                })
            })
            .collect();
        let findings = check(db, event, nid, &except, members, Some(signer.role), site)?;
        if rules::stops(&findings) {
            return Err(StoreError::Refused(findings));
        }
        draught.findings = findings;
        if let Value::Object(map) = body::to_json(event) {
            draught.body = map;
        }
    }
    Ok(draught)
}

/// The entries of a notification that still can be amended or annulled.
fn living(db: &Connection, nid: &str) -> Result<Vec<Line>, StoreError> {
    let lines = lines(db, nid, None)?;
    if projection::is_voided(&lines) || projection::pending_void(&lines).is_some() {
        return Err(StoreError::Annulled);
    }
    Ok(lines)
}

fn revision<'a>(lines: &'a [Line], nid: &str) -> Result<&'a Line, StoreError> {
    projection::kind_of(lines)
        .and(projection::latest(lines))
        .ok_or_else(|| StoreError::NoNotification(nid.to_owned()))
}

fn about(draught: &mut Draught, nid: &str, line: &Line) {
    nid.clone_into(&mut draught.nid);
    draught.reference = Some(Ref {
        nid: nid.to_owned(),
        rev: line.rev,
        h: line.h.clone(),
    });
}

/// A month counted again is a new revision of the same count.
fn tally(db: &Connection, draught: &mut Draught, month: &str) -> Result<(), StoreError> {
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
        draught.nid = nid;
        draught.rev = rev.saturating_add(1);
    }
    Ok(())
}

/// Puts a tally where the month is looked up.
pub(super) fn keep_tally(db: &Connection, n: i64, own: bool, entry: &Entry) -> Result<(), StoreError> {
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

/// Signs an entry at the head of the journal and writes all that belongs to it.
fn sign(
    db: &Connection,
    draught: Draught,
    signer: &Signer<'_>,
    site: &Site<'_>,
) -> Result<Recorded, StoreError> {
    let jid = journal::writing_to(db, site)?;
    let (seq, prev) = journal::head(db, &jid)?;
    let entry = Entry {
        v: VERSION,
        t: draught.t,
        id: draught.id,
        nid: draught.nid,
        rev: draught.rev,
        jid,
        seq: seq + 1,
        prev,
        rec: site.now,
        clk: site.clk,
        fac: site.settings.facility.code.clone(),
        dev: site.device.public().kid().to_owned(),
        usr: signer.login.to_owned(),
        role: signer.role,
        app: journal::APP.to_owned(),
        body: draught.body,
        reference: draught.reference,
        reason: draught.reason,
    };
    let jws = entry.seal(signer.key)?;
    let h = hash(&jws);
    let (n, recorded) = journal::insert(db, &entry, &jws, &h)?;
    match entry.t {
        EntryType::Tally => keep_tally(db, n, true, &entry)?,
        _ => redraw(db, &entry.nid, Some((&h, &entry)))?,
    }
    Ok(Recorded {
        findings: draught.findings,
        ..recorded
    })
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
