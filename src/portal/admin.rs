//! What an operator does from the command line: set up, approve, revoke. Works beside a running
//! portal, on the same database.

use std::path::Path;
use std::sync::Arc;

use super::book::{Book, BookError, EnrolmentKept, Kept};
use super::keys::{self, Files, Ring, listed};
use super::registry::Registry;
use super::session::Session;
use super::shelf::Shelf;
use super::{EnrolmentRow, Initialised, PortalError, PortalSettings};
use crate::env::{Clock, Role, create_private_dir, write_private};
use crate::seal::{Enrolment, KeyUse, PublicKey, Status, TrustKey, TrustList, read_enrolment};
use crate::wire::{EnrolmentState, Reason};

/// Sets up a portal in a folder that holds none yet: root, trust and receipt keys, trust list 1,
/// settings and database.
///
/// `root.key` signs list 1 and is needed again only for a new trust key: it belongs on a medium
/// that is locked away.
pub fn init(dir: &Path, settings: &PortalSettings, clock: &dyn Clock) -> Result<Initialised, PortalError> {
    let files = Files(dir.to_owned());
    if files.database().exists() || files.is_portal() {
        return Err(PortalError::Exists(dir.to_owned()));
    }
    create_private_dir(dir)?;
    let mut book = Shelf::of(&files, settings, None).create()?;
    let mut taken = false;
    book.read(&mut |leaf| {
        taken = leaf.trust_number()? > 0;
        Ok(())
    })?;
    if taken {
        // The database belongs to another portal's keys.
        return Err(PortalError::Exists(dir.to_owned()));
    }
    let now = clock.now();
    let root = keys::new_secret(&files.root_key())?;
    let trust_key = keys::new_secret(&files.trust_key())?;
    let receipt_key = keys::new_secret(&files.receipt_key())?;
    let first = TrustList {
        number: 1,
        prev: None,
        at: now,
        keys: vec![
            listed(&trust_key.public(), KeyUse::Trust, now),
            listed(&receipt_key.public(), KeyUse::Receipt, now),
        ],
    };
    let list = first.seal(&root)?;
    settings.save(&files.settings())?;
    book.write(&mut |leaf| leaf.add_trust(1, &list))?;
    // Last: without it the folder is no portal yet.
    let public = root.public();
    write_private(&files.root_public(), format!("{}\n", public.x()).as_bytes())?;
    Ok(Initialised {
        root_key: public.x(),
        root_kid: public.kid().to_owned(),
    })
}

/// A portal's folder, opened for a command.
pub(super) struct Opened {
    pub files: Files,
    pub book: Box<dyn Book>,
    root: PublicKey,
}

impl Opened {
    pub fn at(dir: &Path) -> Result<Opened, PortalError> {
        let files = Files(dir.to_owned());
        let settings = files.load()?;
        Ok(Opened {
            book: Shelf::of(&files, &settings, None).open()?,
            root: files.root()?,
            files,
        })
    }

    pub fn ring(&mut self) -> Result<Ring, PortalError> {
        let mut ring = None;
        let root = &self.root;
        self.book.read(&mut |leaf| {
            ring = Some(Ring::load(leaf, root)?);
            Ok(())
        })?;
        ring.ok_or_else(|| BookError::Failed("no trust list".to_owned()).into())
    }
}

/// Brings a portal's database up to date, with all that is drawn from what it keeps: a portal that
/// begins to serve before that would miss look-alikes.
pub fn migrate(dir: &Path, clock: Arc<dyn Clock>) -> Result<(), PortalError> {
    let files = Files(dir.to_owned());
    let settings = files.load()?;
    Shelf::of(&files, &settings, None).migrate()?;
    let registry = Registry::open(dir, None, clock)?;
    while registry.draw_rest()? {}
    registry.recount(u64::MAX)?;
    Ok(())
}

/// Requests to enrol, newest first.
pub fn enrolments(dir: &Path) -> Result<Vec<EnrolmentRow>, PortalError> {
    let mut opened = Opened::at(dir)?;
    let ring = opened.ring()?;
    let mut kept = Vec::new();
    opened.book.read(&mut |leaf| {
        kept = leaf.enrolments()?;
        Ok(())
    })?;
    Ok(kept.into_iter().filter_map(|e| row(&e, &ring)).collect())
}

/// Takes requests to enrol that a stick brought, one a line; says how many there were.
///
/// # Errors
/// [`PortalError::RequestBad`] where a line is none: nothing is kept then.
pub fn take_requests(dir: &Path, text: &str, clock: &dyn Clock) -> Result<usize, PortalError> {
    let mut opened = Opened::at(dir)?;
    let at_ms = clock.now().timestamp_millis();
    let mut all = Vec::new();
    for line in crate::wire::lines(text) {
        let jws = crate::wire::jws_of_line(line).ok_or(PortalError::RequestBad)?;
        let read = read_enrolment(&jws).map_err(|_| PortalError::RequestBad)?;
        all.push(EnrolmentKept {
            id: crate::seal::hash(&jws),
            kid: read.key.kid().to_owned(),
            jws,
            at_ms,
            state: EnrolmentState::Waiting,
        });
    }
    opened
        .book
        .write(&mut |leaf| all.iter().try_for_each(|request| leaf.add_enrolment(request)))?;
    Ok(all.len())
}

/// Every trust list, as signed, from the first: what a stick brings to a ward.
pub fn trust_lists(dir: &Path) -> Result<Vec<String>, PortalError> {
    let mut opened = Opened::at(dir)?;
    let mut lists = Vec::new();
    opened.book.read(&mut |leaf| {
        lists = leaf.trust_lists(0)?;
        Ok(())
    })?;
    Ok(lists)
}

fn row(kept: &EnrolmentKept, ring: &Ring) -> Option<EnrolmentRow> {
    let read = read_enrolment(&kept.jws).ok()?;
    let at = chrono::DateTime::from_timestamp_millis(kept.at_ms)?;
    let claim = read.request.facility.as_ref();
    let role = match read.request.what {
        KeyUse::Person => read.request.role.unwrap_or(Role::Recorder),
        _ => Role::Device,
    };
    Some(EnrolmentRow {
        id: kept.id.clone(),
        kid: kept.kid.clone(),
        fingerprint: read.key.fingerprint(),
        role: role.code().to_owned(),
        facility: read.request.fac.clone(),
        facility_name: claim.map(|c| c.name.clone()).unwrap_or_default(),
        who: read
            .request
            .usr
            .clone()
            .or_else(|| read.request.name.clone())
            .unwrap_or_default(),
        countersigned: countersigned_by(&read, ring).is_some_and(|k| k.role == Some(Role::Administrator)),
        given_by: countersigned_by(&read, ring)
            .filter(|k| k.role != Some(Role::Administrator))
            .and_then(|k| k.name.clone().or_else(|| k.usr.clone()))
            .unwrap_or_default(),
        at: at.to_rfc3339(),
        state: kept.state,
    })
}

/// Who of the same facility, believed now, countersigned the request.
fn countersigned_by<'r>(read: &Enrolment, ring: &'r Ring) -> Option<&'r TrustKey> {
    let jws = read.countersigned.as_ref()?;
    let (key, public) = ring.find(jws.kid())?;
    let own = key.fac.as_deref() == Some(&read.request.fac) && key.revoked.is_none();
    (own && jws.verify(public).is_ok()).then_some(key)
}

/// Approves a request: its key enters the next trust list, a device's facility becomes known, and
/// what was held for the key is judged again. Returns the number of the trust list.
pub fn approve(dir: &Path, id: &str, clock: &dyn Clock) -> Result<u64, PortalError> {
    let mut opened = Opened::at(dir)?;
    let mut ring = opened.ring()?;
    let trust_key = keys::read_secret(&opened.files.trust_key())?;
    let receipt_key = keys::read_secret(&opened.files.receipt_key())?;
    let settings = PortalSettings::load(&opened.files.settings())?;
    let now = clock.now();
    let mut result = Err(PortalError::NoSuchEnrolment(id.to_owned()));
    opened.book.write(&mut |leaf| {
        ring.refresh(leaf)?;
        let Some(kept) = leaf.enrolment(id)? else {
            return Ok(());
        };
        let Ok(read) = read_enrolment(&kept.jws) else {
            result = Err(PortalError::RequestBad);
            return Ok(());
        };
        if kept.state == EnrolmentState::Approved {
            result = Ok(ring.trust().number());
            return Ok(());
        }
        let entry = trust_key_of(&read, now);
        if let Some(claim) = &read.request.facility {
            leaf.put_facility(&read.request.fac, &claim.name, &claim.district, &claim.office)?;
        }
        let number = ring.extend(leaf, &trust_key, now, |keys| {
            keys.retain(|k| k.kid != entry.kid);
            keys.push(entry);
        });
        leaf.set_enrolment(id, EnrolmentState::Approved)?;
        let failed = number.is_err();
        result = number;
        if failed {
            return Err(BookError::Failed("trust list".to_owned()));
        }
        let mut session = Session::new(leaf, &settings, &ring, now);
        session.judge_unverified(read.key.kid())?;
        session.finish(&receipt_key)
    })?;
    result
}

fn trust_key_of(read: &Enrolment, now: chrono::DateTime<chrono::FixedOffset>) -> TrustKey {
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

/// Revokes a key: what arrives from now on under it is held. Returns the number of the trust list.
pub fn revoke(dir: &Path, kid: &str, clock: &dyn Clock) -> Result<u64, PortalError> {
    let mut opened = Opened::at(dir)?;
    let mut ring = opened.ring()?;
    let trust_key = keys::read_secret(&opened.files.trust_key())?;
    let now = clock.now();
    let mut result = Err(PortalError::NoSuchKey(kid.to_owned()));
    opened.book.write(&mut |leaf| {
        ring.refresh(leaf)?;
        match ring.find(kid) {
            None => return Ok(()),
            Some((key, _)) if key.revoked.is_some() => {
                result = Ok(ring.trust().number());
                return Ok(());
            }
            Some(_) => {}
        }
        result = ring.extend(leaf, &trust_key, now, |keys| {
            for key in keys.iter_mut().filter(|k| k.kid == kid) {
                key.revoked = Some(now);
            }
        });
        match &result {
            Ok(_) => Ok(()),
            Err(_) => Err(BookError::Failed("trust list".to_owned())),
        }
    })?;
    result
}

/// Puts a new key in the place of the one that signs receipts or trust lists; gives the number of the
/// trust list that says so. What the old one signed verifies for ever. A portal that runs goes on with
/// the old receipt key until it is started again; each copy of the folder needs the new files.
///
/// # Errors
/// [`PortalError::NoSuchKey`] for any other use of a key.
pub fn rotate(dir: &Path, what: KeyUse, clock: &dyn Clock) -> Result<u64, PortalError> {
    let mut opened = Opened::at(dir)?;
    let file = match what {
        KeyUse::Receipt => opened.files.receipt_key(),
        KeyUse::Trust => opened.files.trust_key(),
        KeyUse::Device | KeyUse::Person => return Err(PortalError::NoSuchKey(format!("{what:?}"))),
    };
    let mut ring = opened.ring()?;
    // The new key is on the disk before a list names it: a list cannot be taken back.
    let beside = file.with_extension("key.next");
    if beside.exists() && ring.find(keys::read_secret(&beside)?.public().kid()).is_some() {
        // An earlier call was cut off after its list: that key is the one in force.
        std::fs::rename(&beside, &file).map_err(PortalError::io(&file))?;
        return Ok(ring.trust().number());
    }
    let trust_key = keys::read_secret(&opened.files.trust_key())?;
    let old = keys::read_secret(&file)?;
    let new = keys::new_secret(&beside)?;
    let now = clock.now();
    let mut result = Err(PortalError::NoSuchKey(old.public().kid().to_owned()));
    opened.book.write(&mut |leaf| {
        ring.refresh(leaf)?;
        result = ring.extend(leaf, &trust_key, now, |keys| {
            for key in keys.iter_mut().filter(|k| k.kid == old.public().kid()) {
                key.revoked = Some(now);
            }
            keys.push(listed(&new.public(), what, now));
        });
        match &result {
            Ok(_) => Ok(()),
            Err(_) => Err(BookError::Failed("trust list".to_owned())),
        }
    })?;
    std::fs::rename(&beside, &file).map_err(PortalError::io(&file))?;
    result
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

/// The newest trust list, verified from the root.
pub fn trust(dir: &Path) -> Result<crate::seal::Trust, PortalError> {
    Ok(Opened::at(dir)?.ring()?.trust().clone())
}

impl Session<'_> {
    /// Judges again what was held because nobody knew its key.
    pub fn judge_unverified(&mut self, kid: &str) -> Kept<()> {
        for mut row in self.leaf.unverified(kid)? {
            let Some((_, public)) = self.ring.find(kid) else {
                return Ok(());
            };
            let genuine = crate::seal::Jws::parse(&row.jws, crate::seal::Typ::Entry)
                .is_ok_and(|jws| jws.verify(public).is_ok());
            // A wrong signature stays held: somebody sent it, and a human should know.
            let by_key = row.verdict.as_ref().is_some_and(|v| {
                v.status == Status::Held
                    && v.problem.as_ref().is_some_and(|p| {
                        [Reason::UnknownKey, Reason::KeyUnconfirmed]
                            .iter()
                            .any(|r| r.code() == p.code)
                    })
            });
            if !genuine {
                continue;
            }
            self.leaf.set_verified(&row.h)?;
            row.verified = true;
            self.remember(row.clone());
            if by_key {
                let entry = super::intake::reread(&row);
                self.decide(&row, entry.as_ref())?;
            }
        }
        Ok(())
    }
}
