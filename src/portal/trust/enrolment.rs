//! Requests to enrol: how they come in, who vouches for them, and how they are approved.
//!
//! A request is vouched for by an administrator of its facility, or by a proof that it knows the
//! one-time code which the registry gave that facility. A code lets in one device and one administrator; that
//! administrator countersigns for everybody else. Vouched for or not, an operator approves, unless
//! `admission = "vouched"` lets the running portal do it.
//!
//! A key that a colleague gave, or that takes the place of a believed one, is never approved in bulk:
//! the registry asks that person first.

use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, Duration, FixedOffset};

use crate::env::{Clock, Role};
use crate::portal::book::{BookError, Kept, Leaf};
use crate::portal::files::{self, listed};
use crate::portal::record::{EnrolmentKept, Invitation, SuspendedBy, arrived};
use crate::portal::unit::keyring::Ring;
use crate::portal::unit::opened::Opened;
use crate::portal::unit::session::Session;
use crate::portal::{EnrolmentRow, PortalError, PortalSettings};
use crate::seal::{
    Enrolment, KeyUse, SealError, SecretKey, TrustKey, code_secret, passphrase, proves_code, read_enrolment,
};
use crate::wire::EnrolmentState;

/// Days for which a device's earlier key is still believed.
const GRACE_DAYS: i64 = 7;
/// Longest time that a code is open, days.
const LONGEST_INVITATION: u32 = 90;
const DAY_MS: i64 = 86_400_000;

/// What a request says of the one-time code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Code {
    /// Nothing.
    None,
    /// The proof is right, and the code was open for it.
    Right,
    /// The code is wrong, used, too old or of another facility.
    Wrong,
}

/// A new one-time code for a facility, open for so many days. It is shown once.
///
/// # Errors
/// [`PortalError::Place`] for an empty facility, [`PortalError::Days`] outside 1 to 90.
pub fn invite(dir: &Path, fac: &str, days: u32, clock: &dyn Clock) -> Result<String, PortalError> {
    if fac.is_empty() || fac.contains(char::is_whitespace) {
        return Err(PortalError::Place(fac.to_owned()));
    }
    if !(1..=LONGEST_INVITATION).contains(&days) {
        return Err(PortalError::Days(days));
    }
    let mut opened = Opened::at(dir)?;
    let code = passphrase()?;
    let invitation = Invitation {
        secret: code_secret(&code, fac)?,
        fac: fac.to_owned(),
        until_ms: clock.now().timestamp_millis() + i64::from(days) * DAY_MS,
        device: None,
        person: None,
    };
    opened.book.write(&mut |leaf| leaf.put_invitation(&invitation))?;
    Ok(code)
}

/// Looks at the proof of a code, and lets the code be used by this key.
pub(in crate::portal) fn redeem(leaf: &Leaf<'_>, read: &Enrolment, at_ms: i64) -> Kept<Code> {
    let request = &read.request;
    if request.code.is_none() {
        return Ok(Code::None);
    }
    let open = leaf.invitations(&request.fac)?;
    let known = open
        .into_iter()
        .find(|i| i.until_ms > at_ms && proves_code(&i.secret, request));
    let Some(mut invitation) = known else {
        return Ok(Code::Wrong);
    };
    let place = match (request.what, request.role) {
        (KeyUse::Device, _) => &mut invitation.device,
        (KeyUse::Person, Some(Role::Administrator)) => &mut invitation.person,
        _ => return Ok(Code::Wrong),
    };
    let kid = read.key.kid();
    if place.get_or_insert_with(|| kid.to_owned()) != kid {
        return Ok(Code::Wrong);
    }
    leaf.put_invitation(&invitation)?;
    Ok(Code::Right)
}

/// Requests to enrol, newest first.
pub fn enrolments(dir: &Path, clock: &dyn Clock) -> Result<Vec<EnrolmentRow>, PortalError> {
    let mut opened = Opened::at(dir)?;
    let ring = opened.ring()?;
    let settings = opened.files.load()?;
    let (mut kept, mut suspended) = (Vec::new(), HashMap::new());
    opened.book.read(&mut |leaf| {
        kept = leaf.enrolments()?;
        suspended = leaf.suspensions()?;
        Ok(())
    })?;
    let beliefs = Beliefs {
        settings: &settings,
        ring: &ring,
        suspended,
        now: clock.now(),
    };
    let rows = kept.iter().filter_map(|e| Standing::of(e, &beliefs).ok()?.row());
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
    opened.book.write(&mut |leaf| {
        for (kept, read) in &mut all {
            if leaf.enrolment(&kept.id)?.is_none() {
                kept.invited = redeem(leaf, read, at_ms)? == Code::Right;
                leaf.add_enrolment(kept)?;
            }
        }
        Ok(())
    })?;
    Ok(all.len())
}

/// A request as it stands, with what the trust list says of whoever vouches for it.
struct Standing<'a> {
    kept: &'a EnrolmentKept,
    read: Enrolment,
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
}

/// What decides whose word counts.
struct Beliefs<'r> {
    settings: &'r PortalSettings,
    ring: &'r Ring,
    /// Keys that their facilities suspended.
    suspended: HashMap<String, Vec<SuspendedBy>>,
    now: DateTime<FixedOffset>,
}

impl<'a> Standing<'a> {
    fn of(kept: &'a EnrolmentKept, beliefs: &'a Beliefs<'_>) -> Result<Standing<'a>, SealError> {
        let read = read_enrolment(&kept.jws)?;
        let request = &read.request;
        let trust = beliefs.ring.trust();
        // Whoever vouched and is revoked or suspended by now vouches no more; nor does one whom the policy lets
        // give no keys. The second one may be anybody who confirms what others sign.
        let listens = |found: Result<Option<&'a TrustKey>, SealError>, to: &[&str]| {
            let found = found.ok().flatten();
            found.filter(|key| {
                let policy = &beliefs.settings.policy;
                let may = |role| to.iter().any(|t| policy.may_sign(role, t));
                !beliefs.suspended.contains_key(&key.kid) && key.role.is_some_and(may)
            })
        };
        let by = listens(read.vouched_by(trust, beliefs.now), &["key"]);
        let second = listens(read.seconded_by(trust, beliefs.now), &["key", "attest"]);
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
        Ok(Standing {
            second: second.filter(|_| by.is_some()),
            by,
            replaces,
            listed: trust.find(read.key.kid()),
            two: beliefs.settings.limits.keys_by_two,
            kept,
            read,
        })
    }

    fn by_administrator(&self) -> bool {
        self.by.is_some_and(|k| k.role == Some(Role::Administrator))
    }

    /// Whether the registry asks that person before it believes the key.
    fn given(&self) -> bool {
        let person = self.read.request.what == KeyUse::Person;
        person && (self.replaces || self.by.is_some() && !self.by_administrator())
    }

    /// Whether it may be approved without anybody looking.
    fn vouched(&self) -> bool {
        let revoked = self.listed.is_some_and(|k| k.revoked.is_some());
        // Where it takes two, one administrator alone lets nobody new in.
        let person = self.read.request.what == KeyUse::Person;
        let by_administrator = self.by_administrator() && (!self.two || !person || self.second.is_some());
        // A code lets a device in; that it ends another one's key, an administrator says.
        let invited = self.kept.invited && !self.replaces;
        !revoked && !self.given() && (invited || by_administrator)
    }

    fn row(&self) -> Option<EnrolmentRow> {
        let (kept, request) = (self.kept, &self.read.request);
        let at = DateTime::from_timestamp_millis(kept.at_ms)?;
        let claim = request.facility.as_ref();
        let role = match request.what {
            KeyUse::Person => request.role.unwrap_or(Role::Recorder),
            _ => Role::Device,
        };
        let name = |key: Option<&TrustKey>| {
            let key = key.filter(|_| self.given());
            key.and_then(|k| k.name.clone().or_else(|| k.usr.clone()))
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
            given: self.given(),
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
    let mut ring = opened.ring()?;
    let trust_key = files::read_secret(&opened.files.trust_key())?;
    let receipt_key = files::read_secret(&opened.files.receipt_key())?;
    let settings = PortalSettings::load(&opened.files.settings())?;
    let admission = Admission {
        settings: &settings,
        trust_key: &trust_key,
        receipt_key: &receipt_key,
        now: clock.now(),
    };
    let mut result = Err(PortalError::NoSuchEnrolment(id.to_owned()));
    opened.book.write(&mut |leaf| {
        ring.refresh(leaf)?;
        if let Some(kept) = leaf.enrolment(id)? {
            result = admission.approve(leaf, &mut ring, &kept);
        }
        match &result {
            // Nothing of it stays.
            Err(PortalError::Seal(_) | PortalError::Book(_)) => {
                Err(BookError::Failed("trust list".to_owned()))
            }
            _ => Ok(()),
        }
    })?;
    result
}

/// What it takes to approve.
pub(in crate::portal) struct Admission<'a> {
    pub settings: &'a PortalSettings,
    pub trust_key: &'a SecretKey,
    pub receipt_key: &'a SecretKey,
    pub now: DateTime<FixedOffset>,
}

impl Admission<'_> {
    /// Approves a request where somebody vouches for it.
    pub fn approve_vouched(&self, leaf: &Leaf<'_>, ring: &mut Ring, kept: &EnrolmentKept) -> Kept<()> {
        let vouched = self.standing(leaf, ring, kept, |s| s.vouched())?;
        if vouched != Ok(true) {
            return Ok(());
        }
        let done = self.approve(leaf, ring, kept);
        done.map(|_| ()).map_err(|e| match e {
            PortalError::Book(e) => e,
            _ => BookError::Failed("trust list".to_owned()),
        })
    }

    fn standing<T>(
        &self,
        leaf: &Leaf<'_>,
        ring: &Ring,
        kept: &EnrolmentKept,
        what: impl FnOnce(&Standing<'_>) -> T,
    ) -> Kept<Result<T, SealError>> {
        let beliefs = Beliefs {
            settings: self.settings,
            ring,
            suspended: leaf.suspensions()?,
            now: self.now,
        };
        Ok(Standing::of(kept, &beliefs).map(|standing| what(&standing)))
    }

    fn approve(&self, leaf: &Leaf<'_>, ring: &mut Ring, kept: &EnrolmentKept) -> Result<u64, PortalError> {
        if kept.state == EnrolmentState::Approved {
            return Ok(ring.trust().number());
        }
        let alone = self.standing(leaf, ring, kept, |s| s.given() && s.second.is_none())?;
        let alone = alone.map_err(|_| PortalError::RequestBad)?;
        if self.settings.limits.keys_by_two && alone {
            return Err(PortalError::SecondMissing);
        }
        let read = read_enrolment(&kept.jws).map_err(|_| PortalError::RequestBad)?;
        let kid = read.key.kid();
        match ring.find(kid) {
            Some((key, _)) if key.revoked.is_some() => return Err(PortalError::KeyRevoked(kid.to_owned())),
            // Asked for once more: nothing has to be signed again.
            Some(_) => {
                leaf.set_enrolment(&kept.id, EnrolmentState::Approved)?;
                return Ok(ring.trust().number());
            }
            None => {}
        }
        let entry = trust_key_of(&read, self.now);
        if let Some(claim) = &read.request.facility {
            leaf.put_facility(&read.request.fac, &claim.name, &claim.district, &claim.office)?;
        }
        let number = ring.extend(leaf, self.trust_key, self.now, |keys| {
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
        leaf.set_enrolment(&kept.id, EnrolmentState::Approved)?;
        let mut session = Session::new(leaf, self.settings, ring, self.now)?;
        session.judge_unverified(kid)?;
        session.finish(self.receipt_key)?;
        Ok(number)
    }
}

fn trust_key_of(read: &Enrolment, now: DateTime<FixedOffset>) -> TrustKey {
    let request = &read.request;
    TrustKey {
        fac: Some(request.fac.clone()),
        usr: request.usr.clone(),
        name: request.name.clone(),
        role: match request.what {
            KeyUse::Person => request.role,
            _ => None,
        },
        ..listed(&read.key, request.what, now)
    }
}

/// Declines a request.
pub fn refuse(dir: &Path, id: &str) -> Result<(), PortalError> {
    let mut opened = Opened::at(dir)?;
    let mut found = false;
    opened.book.write(&mut |leaf| {
        found = leaf
            .enrolment(id)?
            .is_some_and(|e| e.state == EnrolmentState::Waiting);
        if found {
            leaf.set_enrolment(id, EnrolmentState::Refused)?;
        }
        Ok(())
    })?;
    if found {
        Ok(())
    } else {
        Err(PortalError::NoSuchEnrolment(id.to_owned()))
    }
}
