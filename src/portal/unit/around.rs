//! Loads what surrounds an entry, so that it can be decided.

use std::collections::BTreeSet;

use chrono::FixedOffset;

use crate::env::Role;
use crate::matching::MatchingRecord;
use crate::portal::book::BookResult;
use crate::portal::decide::Around;
use crate::portal::record::{
    EntryRow, Evidence, Hold, Linked, Record, Signer, SigningTime, State, Surroundings, needs_signing_time,
    reread,
};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::rules::Candidate;
use crate::seal::{Entry, EntryType, KeyUse, Problem, Status};
use crate::vital::{Event, Kind, Nid};
use crate::wire::Reason;

/// Corrections that were sent back one after another and are looked through for the revision in force.
pub(super) const LONGEST_CHAIN: usize = 64;
/// Minutes by which a ward's clock may be behind what the registry received before.
const CLOCK_MS: i64 = 5 * 60_000;

impl<'u> UnitOfWork<'u> {
    /// What surrounds an entry about a notification, and what a decision on it rests on.
    pub fn around<'e>(
        &mut self,
        row: &'e EntryRow,
        entry: &'e Entry,
        position: Option<Reason>,
    ) -> BookResult<(Around<'e>, Evidence)>
    where
        'u: 'e,
    {
        let record = self.find(&row.nid)?;
        let signer = self.signed_by(row, entry)?;
        let kind = match (&record, &entry.t) {
            (_, EntryType::Notice(kind)) => Some(*kind),
            (Some(record), EntryType::Amend) => Some(record.kind),
            _ => None,
        };
        let event: Option<Result<Event, Problem>> = kind.map(|kind| self.stated(&row.h, kind, entry));
        let before = match &record {
            Some(record) if record.effective.h != row.h && kind.is_some() => {
                self.statement(&record.effective.h, record.kind)?.event
            }
            _ => None,
        };
        // What was judged since its first entry was signed by whoever may; the first was made whoever signed it.
        let certified = match &record {
            Some(record) if before.is_some() && record.effective.h == record.first => {
                let (first, entry) = self.read(&record.first)?;
                let by = self.signed_by(&first, &entry)?;
                let may = |role| self.settings.policy.may_sign(role, record.kind.code());
                by.doubt.is_none() && by.role.is_some_and(may)
            }
            _ => true,
        };
        let mut evidence = Evidence {
            role: signer.role.map(|role| role.code().to_owned()),
            ..self.evidence()
        };
        let looked_at = signer.doubt.as_ref().is_none_or(Hold::is_answerable);
        let surroundings = match &event {
            Some(Ok(event)) if looked_at => self.surroundings(row, entry, event, &mut evidence)?,
            _ => Surroundings::default(),
        };
        if let Some(Ok(event)) = &event {
            self.remember_statement(&row.h, entry, event);
        }
        let follows = match &record {
            Some(record) if entry.t == EntryType::Amend => self.follows(record, row, entry)?,
            _ => false,
        };
        let mut around = Around {
            settings: self.settings,
            now: self.now,
            row,
            entry,
            signer,
            position,
            record,
            event,
            before,
            certified,
            surroundings,
            follows,
        };
        if let Some(Ok(event)) = &around.event {
            around.surroundings.recovering = self.recovering.contains(&around.office(event));
        }
        Ok((around, evidence))
    }

    /// Who signed, and why that is not believed.
    pub fn signed_by(&self, row: &EntryRow, entry: &Entry) -> BookResult<Signer> {
        let known = self.keyring.find(&row.kid).filter(|_| row.verified);
        // A signature means the person whose name it bears, and nobody else.
        if let Some((key, _)) = known
            && key.what == KeyUse::Person
            && key.usr.as_ref() != Some(&entry.usr)
        {
            return Ok(Signer {
                role: None,
                doubt: Some(Hold::of(Reason::ForeignName)),
            });
        }
        let role = known.and_then(|(key, _)| match key.what {
            KeyUse::Person => key.role,
            KeyUse::Receipt => Some(Role::Registrar),
            KeyUse::Trust | KeyUse::Device => None,
        });
        let doubt = match self.signer(row) {
            Ok(_) => None,
            Err(reason) => Some(self.doubt(row, reason)?),
        };
        Ok(Signer { role, doubt })
    }

    /// Role of the signer by the trust list, none for a device; or why a human has to look.
    pub fn signer(&self, row: &EntryRow) -> Result<Option<Role>, Reason> {
        let Some((key, _)) = self.keyring.find(&row.kid).filter(|_| row.verified) else {
            return Err(Reason::UnknownKey);
        };
        let received = chrono::DateTime::from_timestamp_millis(row.at_ms).unwrap_or_default();
        if !key.believed_at(received.with_timezone(self.now.offset() as &FixedOffset)) {
            return Err(Reason::RevokedKey);
        }
        // What came before the facility said so counts, and what stands before it in its journal: a
        // suspension goes ahead of what waited for a network.
        let by = self.suspended.get(&row.kid).into_iter().flatten();
        if by
            .into_iter()
            .any(|by| row.at_ms > by.at_ms && !(row.jid == by.jid && row.seq < by.seq))
        {
            return Err(Reason::KeySuspended);
        }
        // By the registry's own key its offices speak, and nobody else.
        if key.what == KeyUse::Receipt && crate::codes::knows("office", &row.fac) {
            return Ok(Some(Role::Registrar));
        }
        // A forensic expert certifies for other facilities too.
        if key.fac.as_deref() != Some(&row.fac) && key.role != Some(Role::Forensic) {
            return Err(Reason::ForeignKey);
        }
        Ok(key.role.filter(|_| key.what == KeyUse::Person))
    }

    /// What every decision rests on.
    pub fn evidence(&self) -> Evidence {
        Evidence {
            app: env!("CARGO_PKG_VERSION").to_owned(),
            trust: self.keyring.trust().number(),
            settings: self.settings_hash.to_owned(),
            login: self.login.clone(),
            ..Evidence::default()
        }
    }

    fn surroundings(
        &mut self,
        row: &EntryRow,
        entry: &Entry,
        event: &Event,
        evidence: &mut Evidence,
    ) -> BookResult<Surroundings> {
        let record = MatchingRecord::of(event, &row.fac);
        let alike = self.candidates(&row.nid, record.as_ref())?;
        let too_soon = self.too_soon(&row.nid, record.as_ref())?;
        let (siblings, members) = self.siblings(row, event)?;
        evidence.alike = alike.clone();
        evidence.signed = self.signing_time(row, entry, event)?;
        Ok(Surroundings {
            alike: {
                let mut all: Vec<Nid> = alike.into_iter().map(|(nid, _)| nid).collect();
                for other in self.same_end(&row.nid, event)? {
                    if !all.contains(&other) {
                        all.push(other);
                    }
                }
                all
            },
            too_soon: too_soon.map(Nid::from),
            links: self.links(event)?,
            death_named: self.death_named(&row.nid, event)?,
            siblings,
            members,
            signed: evidence.signed,
            recovering: false,
        })
    }

    /// The other members of a multiple birth of this facility as rules see them, and how many there are
    /// with this one.
    fn siblings(&mut self, row: &EntryRow, event: &Event) -> BookResult<(Vec<Candidate>, u32)> {
        let Some(set) = &event.set else {
            return Ok((Vec::new(), 1));
        };
        let mut siblings = Vec::new();
        let mut members = 1_u32;
        for member in self.members(&row.fac, &set.id)? {
            if member.nid == row.nid || matches!(member.state, State::Voided { .. }) {
                continue;
            }
            members = members.saturating_add(1);
            // What is sent back, or believed by nobody, has arrived and says nothing of the others.
            if !member.state.stands() {
                continue;
            }
            let statement = self.statement(&member.effective.h, member.kind)?;
            siblings.extend(statement.event.map(|event| Candidate {
                nid: member.nid.clone(),
                facility: member.fac.clone().into(),
                status: member.status().code().to_owned(),
                event,
            }));
        }
        Ok((siblings, members))
    }

    fn links(&self, event: &Event) -> BookResult<Vec<Linked>> {
        let mut out = Vec::with_capacity(event.links.len());
        for link in &event.links {
            let other = self.find(&link.nid)?;
            out.push(Linked {
                link: link.clone(),
                other: other.map(|record| (record.kind, record.state)),
            });
        }
        Ok(out)
    }

    /// Whether a death that stands names this birth.
    fn death_named(&self, nid: &Nid, event: &Event) -> BookResult<bool> {
        let died = event.text(crate::vital::field::CHILD_LIVING) == Some("no");
        if event.kind != Kind::Birth || !died {
            return Ok(false);
        }
        let by = self.standing_that_name(nid, "death-of-this-birth")?;
        Ok(by.iter().any(|other| other.kind == Kind::Death))
    }

    /// Notifications that name this one, or did once, by links of such kinds.
    pub(super) fn naming(&self, nid: &str, of_kind: impl Fn(&str) -> bool) -> BookResult<BTreeSet<Nid>> {
        let mut by = self.tx.naming(nid)?;
        by.extend(self.named.get(nid).into_iter().flatten().cloned());
        Ok(by
            .into_iter()
            .filter(|(_, kind)| of_kind(kind))
            .map(|(by, _)| by)
            .collect())
    }

    /// What stands and names a notification now, by the statement in force.
    fn standing_that_name(&self, nid: &str, kind: &str) -> BookResult<Vec<Record>> {
        let mut out = Vec::new();
        for other in self.naming(nid, |k| k == kind)? {
            let Some(other) = self.find(&other)?.filter(|other| other.state.stands()) else {
                continue;
            };
            let event = self.statement(&other.effective.h, other.kind)?.event;
            let names = |link: &crate::vital::Link| link.nid == nid && link.kind == kind;
            if event.is_some_and(|event| event.links.iter().any(names)) {
                out.push(other);
            }
        }
        Ok(out)
    }

    /// Others that say that they are the death, or the birth, of the same notification: there is one.
    fn same_end(&self, nid: &Nid, event: &Event) -> BookResult<Vec<Nid>> {
        let one = |link: &&crate::vital::Link| {
            matches!(link.kind.as_str(), "death-of-this-birth" | "birth-of-this-death")
        };
        let mut out = Vec::new();
        for link in event.links.iter().filter(one) {
            let others = self.standing_that_name(&link.nid, &link.kind)?.into_iter();
            let others = others.filter(|other| other.nid != *nid && other.kind == event.kind);
            out.extend(others.map(|other| other.nid));
        }
        Ok(out)
    }

    /// How far the time of signing is borne out, where something hangs on it: an entry is believed to be
    /// signed after what its journal had delivered before.
    fn signing_time(&self, row: &EntryRow, entry: &Entry, event: &Event) -> BookResult<Option<SigningTime>> {
        let at = chrono::DateTime::from_timestamp_millis(row.at_ms).unwrap_or_default();
        let at = at.with_timezone(self.now.offset());
        if !needs_signing_time(self.settings, event, entry.rec, at) {
            return Ok(None);
        }
        let before = self.tx.delivered_before(&row.jid, row.seq, row.at_ms)?;
        if before.is_some_and(|before| entry.rec.timestamp_millis() >= before - CLOCK_MS) {
            return Ok(Some(SigningTime::Proven));
        }
        let ruled = self.tx.time_ruling(&row.jid)?;
        Ok(Some(match ruled {
            Some(until) if row.at_ms <= until => SigningTime::Ruled,
            _ => SigningTime::Unproven,
        }))
    }

    /// Whether a correction names the newest revision, or one that was sent back after it: what came to
    /// nothing occupies no revision.
    fn follows(&self, record: &Record, row: &EntryRow, entry: &Entry) -> BookResult<bool> {
        let Some(mut named) = entry.reference.clone() else {
            return Ok(false);
        };
        if named.nid != row.nid || row.rev != named.rev.saturating_add(1) {
            return Ok(false);
        }
        for _ in 0..LONGEST_CHAIN {
            if named.h == record.newest.h {
                return Ok(named.rev == record.newest.rev);
            }
            let Some(before) = self.row(&named.h)?.filter(|before| before.nid == row.nid) else {
                return Ok(false);
            };
            let returned = self
                .decided(&before)
                .is_some_and(|d| d.status == Status::Returned);
            let reference = reread(&before).and_then(|entry| entry.reference);
            match reference {
                Some(reference) if returned && before.rev == named.rev => named = reference,
                _ => return Ok(false),
            }
        }
        Ok(false)
    }
}
