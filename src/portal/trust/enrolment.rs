//! Requests to enrol: how they come in, who vouches for them, and how they are approved.
//!
//! A request is vouched for by an administrator of its facility, or by a proof that it knows the
//! one-time code which the registry gave that facility. A code lets in one device and one administrator; that
//! administrator countersigns for everybody else. Vouched for or not, an operator approves, unless
//! `admission = "vouched"` lets the running portal do it. Then two have to vouch, the code counting as one of
//! them: by itself it lets in only the first device and the first administrator of a facility, neither of whom
//! signs a notification. A forensic expert, who certifies for other facilities too, is never vouched for by one.
//!
//! A key that a colleague gave, or that takes the place of a believed one, is never approved in bulk:
//! the registry asks that person first.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Duration, FixedOffset};

use crate::env::{Clock, Role};
use crate::portal::book::{BookError, BookResult, ReadTransaction, WriteTransaction};
use crate::portal::files::{self, listed};
use crate::portal::record::{EnrolmentRequestRow, SuspendedBy, arrived, names_in_lines};
use crate::portal::trust::invitation::{CodeCheck, redeem};
use crate::portal::unit::keyring::Keyring;
use crate::portal::unit::opened::Opened;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::portal::witness::Noted;
use crate::portal::{Admit, EnrolmentRow, PortalError, PortalSettings};
use crate::seal::{KeyUse, SealError, SecretKey, TrustKey, VerifiedEnrolment, read_enrolment};
use crate::vital::name;
use crate::wire::EnrolmentState;

/// Days for which a device's earlier key is still believed.
const GRACE_DAYS: i64 = 7;

/// Requests to enrol, newest first.
pub fn enrolments(dir: &Path, clock: &dyn Clock) -> Result<Vec<EnrolmentRow>, PortalError> {
    let mut opened = Opened::at(dir)?;
    let keyring = opened.keyring()?;
    let settings = opened.files.load()?;
    let (kept, suspended, names) = opened
        .book
        .read(|tx| Ok((tx.enrolments()?, tx.suspensions()?, tx.all_names()?)))?;
    let context = TrustContext {
        settings: &settings,
        keyring: &keyring,
        suspended,
        now: clock.now(),
    };
    let rows = kept
        .iter()
        .filter_map(|e| ReviewedRequest::of(e, &context).ok()?.row(&names));
    Ok(rows.collect())
}

/// Takes requests to enrol that a stick brought, one a line; says how many there were. One with a
/// wrong code is kept as one without.
///
/// # Errors
/// [`PortalError::RequestBad`] where a line is none: nothing is kept then.
pub fn take_requests(dir: &Path, text: &str, clock: &dyn Clock) -> Result<usize, PortalError> {
    let mut opened = Opened::at(dir)?;
    let at_ms = clock.now().timestamp_millis();
    let mut all = Vec::new();
    for line in crate::wire::lines(text) {
        let jws = crate::wire::jws_of_line(line).ok_or(PortalError::RequestBad)?;
        all.push(arrived(jws, at_ms).map_err(|_| PortalError::RequestBad)?);
    }
    let count = all.len();
    let secrets = opened.secrets()?;
    opened.book.write(|tx| {
        for (mut kept, read) in all {
            if tx.enrolment(&kept.id)?.is_none() {
                kept.invited = redeem(tx, &secrets, &read, at_ms)? == CodeCheck::Right;
                tx.add_enrolment(&kept)?;
            }
        }
        Ok(count)
    })
}

/// A request as it stands, with what the trust list says of whoever vouches for it.
struct ReviewedRequest<'a> {
    kept: &'a EnrolmentRequestRow,
    read: VerifiedEnrolment,
    /// Who of the same facility, believed now, countersigned it.
    by: Option<&'a TrustKey>,
    /// Who besides did, as the two-person rule wants.
    second: Option<&'a TrustKey>,
    /// Whether it takes the place of another key of the same person or device.
    replaces: bool,
    /// The key as the trust list has it.
    listed: Option<&'a TrustKey>,
    /// Whether it takes two to let somebody in.
    two: bool,
    /// Who lets a new key in.
    admission: Admit,
    /// Whether nobody at the facility could vouch for it yet.
    first: bool,
}

/// What decides whose word counts.
struct TrustContext<'r> {
    settings: &'r PortalSettings,
    keyring: &'r Keyring,
    /// Keys that their facilities suspended.
    suspended: HashMap<String, Vec<SuspendedBy>>,
    now: DateTime<FixedOffset>,
}

impl<'a> ReviewedRequest<'a> {
    fn of(
        kept: &'a EnrolmentRequestRow,
        context: &'a TrustContext<'_>,
    ) -> Result<ReviewedRequest<'a>, SealError> {
        let read = read_enrolment(&kept.jws)?;
        let request = &read.request;
        let trust = context.keyring.trust();
        // Whoever vouched and is revoked or suspended by now vouches no more; nor does one whom the policy lets
        // give no keys. The second one may be anybody who confirms what others sign.
        let listens = |found: Result<Option<&'a TrustKey>, SealError>, to: &[&str]| {
            let found = found.ok().flatten();
            found.filter(|key| {
                let policy = &context.settings.policy;
                let may = |role| to.iter().any(|t| policy.may_sign(role, t));
                !context.suspended.contains_key(&key.kid) && key.role.is_some_and(may)
            })
        };
        let by = listens(read.vouched_by(trust, context.now), &["key"]);
        let second = listens(read.seconded_by(trust, context.now), &["key", "attest"]);
        let could = |k: &TrustKey| {
            let here = k.fac.as_deref() == Some(&request.fac) && k.kid != read.key.kid();
            here && k.role == Some(Role::Administrator)
        };
        let first = !trust.list().keys.iter().any(could);
        let listed = |k: &&TrustKey| k.kid == read.key.kid();
        let own = |k: &TrustKey| k.fac.as_deref() == Some(&request.fac) && k.what == request.what;
        // A revoked key as well: somebody was asked about that person before, or should have been.
        let replaces = match request.what {
            KeyUse::Person => {
                let mut others = trust.list().keys.iter().filter(|k| !listed(k));
                others.any(|k| own(k) && k.usr == request.usr)
            }
            _ => request.replaces.is_some(),
        };
        Ok(ReviewedRequest {
            second: second.filter(|_| by.is_some()),
            by,
            replaces,
            listed: trust.find(read.key.kid()),
            two: context.settings.limits.keys_by_two,
            admission: context.settings.admission,
            first,
            kept,
            read,
        })
    }

    fn by_administrator(&self) -> bool {
        self.by.is_some_and(|k| k.role == Some(Role::Administrator))
    }

    /// Whether the registry asks that person before it believes the key.
    fn needs_confirmation(&self) -> bool {
        let person = self.read.request.what == KeyUse::Person;
        person && (self.replaces || self.by.is_some() && !self.by_administrator())
    }

    /// Whether it may be approved without anybody looking.
    fn vouched(&self) -> bool {
        let revoked = self.listed.is_some_and(|k| k.revoked.is_some());
        // Such a person certifies for other facilities too: the registry looks.
        let forensic = self.read.request.role == Some(Role::Forensic);
        !revoked && !forensic && !self.needs_confirmation() && self.enough_vouch()
    }

    fn enough_vouch(&self) -> bool {
        // A code lets a device in; that it ends another one's key, an administrator says.
        let invited = self.kept.invited && !self.replaces;
        let (by_administrator, second) = (self.by_administrator(), self.second.is_some());
        match self.admission {
            Admit::ByHand => {
                // Where it takes two, one administrator alone lets nobody new in.
                let person = self.read.request.what == KeyUse::Person;
                invited || by_administrator && (!self.two || !person || second)
            }
            Admit::Vouched => invited && self.first || by_administrator && (invited || second),
        }
    }

    fn row(&self, names: &BTreeMap<String, String>) -> Option<EnrolmentRow> {
        let (kept, request) = (self.kept, &self.read.request);
        let at = DateTime::from_timestamp_millis(kept.at_ms)?;
        let claim = request.facility.as_ref();
        let role = match request.what {
            KeyUse::Person => request.role.unwrap_or(Role::Recorder),
            _ => Role::Device,
        };
        let name = |key: Option<&TrustKey>| {
            let key = key.filter(|_| self.needs_confirmation());
            key.and_then(|k| {
                let name = names.get(&k.kid).cloned();
                name.or_else(|| k.name.clone()).or_else(|| k.usr.clone())
            })
        };
        Some(EnrolmentRow {
            id: kept.id.clone(),
            kid: kept.kid.clone(),
            fingerprint: self.read.key.fingerprint(),
            role: role.code().to_owned(),
            facility: request.fac.clone(),
            facility_name: claim.map(|c| c.name.clone()).unwrap_or_default(),
            who: request
                .usr
                .clone()
                .or_else(|| request.name.clone())
                .unwrap_or_default(),
            countersigned: self.by_administrator(),
            invited: kept.invited,
            vouched: self.vouched(),
            given: self.needs_confirmation(),
            given_by: name(self.by).unwrap_or_default(),
            second_by: name(self.second).unwrap_or_default(),
            at: at.to_rfc3339(),
            state: kept.state,
        })
    }
}

/// Approves a request: its key enters the next trust list, a device's facility becomes known, and
/// what was held for the key is judged again. Returns the number of the trust list.
pub fn approve(dir: &Path, id: &str, clock: &dyn Clock) -> Result<u64, PortalError> {
    let mut opened = Opened::at(dir)?;
    let keyring = opened.keyring()?;
    let trust_key = files::read_secret(&opened.files.trust_key())?;
    let receipt_key = files::read_secret(&opened.files.receipt_key())?;
    let settings = PortalSettings::load(&opened.files.settings())?;
    let witness = opened.witness(&settings)?;
    let admission = Admission {
        settings: &settings,
        trust_key: &trust_key,
        receipt_key: &receipt_key,
        noted: witness.noted(),
        now: clock.now(),
    };
    let number = opened.book.write(|tx| {
        let keyring = keyring.newer(tx)?.unwrap_or(keyring);
        let kept = tx.enrolment(id)?;
        let kept = kept.ok_or_else(|| PortalError::NoSuchEnrolment(id.to_owned()))?;
        admission.approve(tx, &keyring, &kept)
    })?;
    // What was held for the key may have got its number.
    opened.note_stand()?;
    Ok(number)
}

/// What it takes to approve.
pub(in crate::portal) struct Admission<'a> {
    pub settings: &'a PortalSettings,
    pub trust_key: &'a SecretKey,
    pub receipt_key: &'a SecretKey,
    /// What stands in the witness outside the book.
    pub noted: Arc<Noted>,
    pub now: DateTime<FixedOffset>,
}

impl Admission<'_> {
    /// Approves a request where somebody vouches for it.
    pub fn approve_vouched(
        &self,
        tx: &WriteTransaction<'_>,
        keyring: &Keyring,
        kept: &EnrolmentRequestRow,
    ) -> BookResult<()> {
        let vouched = self.review(tx, keyring, kept, |s| s.vouched())?;
        if vouched != Ok(true) || !tx.recovering()?.is_empty() {
            return Ok(());
        }
        let done = self.approve(tx, keyring, kept);
        done.map(|_| ()).map_err(|e| match e {
            PortalError::Book(e) => e,
            _ => BookError::Failed("trust list".to_owned()),
        })
    }

    fn review<T>(
        &self,
        tx: &ReadTransaction<'_>,
        keyring: &Keyring,
        kept: &EnrolmentRequestRow,
        what: impl FnOnce(&ReviewedRequest<'_>) -> T,
    ) -> BookResult<Result<T, SealError>> {
        let context = TrustContext {
            settings: self.settings,
            keyring,
            suspended: tx.suspensions()?,
            now: self.now,
        };
        Ok(ReviewedRequest::of(kept, &context).map(|request| what(&request)))
    }

    fn approve(
        &self,
        tx: &WriteTransaction<'_>,
        keyring: &Keyring,
        kept: &EnrolmentRequestRow,
    ) -> Result<u64, PortalError> {
        if kept.state == EnrolmentState::Approved {
            return Ok(keyring.trust().number());
        }
        // Wards may hold lists that the book has lost: another one with their number would end all belief.
        if !tx.recovering()?.is_empty() {
            return Err(PortalError::Recovering);
        }
        let alone = self.review(tx, keyring, kept, |s| {
            s.needs_confirmation() && s.second.is_none()
        })?;
        let alone = alone.map_err(|_| PortalError::RequestBad)?;
        if self.settings.limits.keys_by_two && alone {
            return Err(PortalError::SecondMissing);
        }
        let read = read_enrolment(&kept.jws).map_err(|_| PortalError::RequestBad)?;
        // An office's code stands for the registry's own entries; an earlier version kept any name.
        if crate::codes::knows("office", &read.request.fac) || !names_in_lines(&read.request) {
            return Err(PortalError::RequestBad);
        }
        let kid = read.key.kid();
        match keyring.find(kid) {
            Some((key, _)) if key.revoked.is_some() => return Err(PortalError::KeyRevoked(kid.to_owned())),
            // Asked for once more: nothing has to be signed again.
            Some(_) => {
                tx.set_enrolment(&kept.id, EnrolmentState::Approved)?;
                return Ok(keyring.trust().number());
            }
            None => {}
        }
        let entry = trust_key_of(&read, self.now);
        if let Some(name) = read.request.name.as_deref().and_then(name) {
            tx.put_name(kid, &read.request.fac, &name)?;
        }
        if let Some(claim) = &read.request.facility {
            let name = name(&claim.name).unwrap_or_default();
            tx.put_facility(&read.request.fac, &name, &claim.district, &claim.office)?;
        }
        let keyring = keyring.extend(tx, self.trust_key, self.now, |keys| {
            // A device's own earlier key: what it sent off still arrives.
            for key in keys
                .iter_mut()
                .filter(|k| k.what == entry.what && k.fac == entry.fac)
            {
                if Some(&key.kid) == read.request.replaces.as_ref() && entry.what == KeyUse::Device {
                    key.revoked.get_or_insert(self.now + Duration::days(GRACE_DAYS));
                }
            }
            keys.push(entry);
        })?;
        tx.set_enrolment(&kept.id, EnrolmentState::Approved)?;
        let fingerprint = self.settings.fingerprint();
        let mut unit = UnitOfWork::new(
            tx,
            (self.settings, &fingerprint),
            &keyring,
            (Arc::clone(&self.noted), self.now),
        )?;
        unit.judge_unverified(kid)?;
        unit.finish(self.receipt_key)?;
        Ok(keyring.trust().number())
    }
}

fn trust_key_of(read: &VerifiedEnrolment, now: DateTime<FixedOffset>) -> TrustKey {
    let request = &read.request;
    TrustKey {
        fac: Some(request.fac.clone()),
        usr: request.usr.clone(),
        // The list is for everybody: names travel to the facility's own devices alone.
        name: None,
        role: match request.what {
            KeyUse::Person => request.role,
            _ => None,
        },
        ..listed(&read.key, request.what, now)
    }
}

/// Declines a request.
pub fn refuse(dir: &Path, id: &str) -> Result<(), PortalError> {
    Opened::at(dir)?.book.write(|tx| match tx.enrolment(id)? {
        Some(e) if e.state == EnrolmentState::Waiting => {
            tx.set_enrolment(id, EnrolmentState::Refused)?;
            Ok(())
        }
        _ => Err(PortalError::NoSuchEnrolment(id.to_owned())),
    })
}
