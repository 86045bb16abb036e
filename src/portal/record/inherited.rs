//! Records of a version that kept no decisions, and the row that stands for a record in lists.

use super::hold::Hold;
use super::rows::{Decision, Notification};
use super::state::{About, Annulment, Certificate, Original, Record, Registration, Revision, State, Waits};
use crate::seal::Status;
use crate::vital::{Kind, Nid};
use crate::wire::Reason;

/// What a row of an older version had come to; `newest` is what was decided last of its newest entry.
/// None where its kind is none.
pub(in crate::portal) fn inherited(n: &Notification, newest: Option<&Decision>) -> Option<Record> {
    let certificate = n.cert.clone().map(|(number, on)| Certificate { number, on });
    let registration = n.reg_no.clone().map(|number| Registration {
        number,
        at_ms: n.registered_ms.unwrap_or(n.first_ms),
        certificate,
        earlier: None,
    });
    let other = newest.and_then(|d| d.dup_of.clone());
    let kept: Vec<Hold> = n
        .hold
        .clone()
        .map(|problem| Hold {
            problem,
            of: other.clone(),
        })
        .into_iter()
        .collect();
    let looked_at = || match kept.is_empty() {
        true => vec![Hold::of(Reason::Correction)],
        false => kept.clone(),
    };
    let state = match n.status {
        Status::Received => match kept.first() {
            Some(hold) if hold.is(Reason::Prepared) => State::Prepared(hold.problem.clone()),
            _ if n.set.is_some() => State::Received(Waits::Set),
            _ => State::Received(Waits::Decision),
        },
        Status::Held => State::Held(looked_at()),
        Status::Returned => State::Returned { kept: kept.clone() },
        Status::Registered | Status::CertificateIssued => State::Registered(registration.clone()?),
        Status::Duplicate => State::Duplicate {
            of: Original::Notification(other.unwrap_or_default()),
        },
        Status::AnnulmentPending => {
            let (h, kid) = n.void.clone()?;
            let stood = registration
                .clone()
                .map_or_else(|| State::Held(looked_at()), State::Registered);
            State::AnnulmentPending {
                annulment: Annulment {
                    h: h.into(),
                    kid: Some(kid),
                    decided_by: None,
                    reason: None,
                },
                stood: Box::new(stood),
            }
        }
        Status::Voided => State::Voided { registration },
    };
    let beside = match (n.h == n.effective, &state) {
        (false, State::Registered(_)) => newest
            .filter(|d| d.status == Status::Held)
            .and_then(|d| d.problem.clone())
            .map(|problem| Hold { problem, of: None }),
        _ => None,
    };
    let effective = Revision {
        rev: n.rev.saturating_sub(u32::from(n.h != n.effective)).max(1),
        h: n.effective.clone(),
    };
    let newest = Revision {
        rev: n.rev,
        h: n.h.clone(),
    };
    Some(Record {
        nid: n.nid.clone(),
        kind: Kind::from_code(&n.kind)?,
        fac: n.fac.clone(),
        office: n.office.clone(),
        first_ms: n.first_ms,
        first: crate::vital::EntryHash::default(),
        // What was sent back occupies no revision.
        newest: match (&state, beside.is_some()) {
            (State::Registered(_), false) => effective.clone(),
            _ => newest,
        },
        effective,
        about: About {
            set: n.set.clone(),
            day: n.day,
            event_ms: n.event_ms,
            unproven: false,
        },
        state,
        beside: beside.into_iter().collect(),
        notices: Vec::new(),
        answers: Vec::new(),
    })
}

impl Record {
    /// The row by which lists and searches find it.
    pub(in crate::portal) fn row(&self) -> Notification {
        let registration = self.state.registration();
        let annulment = match &self.state {
            State::AnnulmentPending { annulment, .. } => Some(annulment),
            _ => None,
        };
        let prepared = match &self.state {
            State::Prepared(why) => Some(why.clone()),
            State::Received(waits) => waits.problem(),
            _ => None,
        };
        let earlier = registration.and_then(|r| r.earlier.as_ref());
        Notification {
            nid: self.nid.clone(),
            kind: self.kind.code().to_owned(),
            fac: self.fac.clone(),
            office: self.office.clone(),
            status: self.status(),
            rev: self.newest.rev,
            h: self.newest.h.clone(),
            effective: self.effective.h.clone(),
            reg_no: registration.map(|r| r.number.clone()),
            hold: prepared.or_else(|| {
                let first = self.holds().first().or_else(|| self.notices.first());
                Some(first?.problem.clone())
            }),
            set: self.about.set.clone(),
            day: self.about.day,
            event_ms: self.about.event_ms,
            first_ms: self.first_ms,
            registered_ms: registration.map(|r| r.at_ms),
            void: annulment.map(|a| (a.h.clone().into(), a.kid.clone().unwrap_or_default())),
            cert: registration
                .and_then(|r| r.certificate.clone())
                .map(|c| (c.number, c.on)),
            earlier: earlier.and_then(|act| Some((act.office.clone(), act.year?))),
        }
    }

    /// The other notification that a person looks at first, where there is one.
    pub(in crate::portal) fn other(&self) -> Option<Nid> {
        match &self.state {
            State::Duplicate { of } => of.nid().cloned(),
            _ => self.holds().iter().find_map(|hold| hold.of.clone()),
        }
    }

    /// Whether its family applies before it gets a number.
    pub(in crate::portal) fn is_prepared(&self) -> bool {
        matches!(self.state, State::Prepared(_))
    }
}
