//! Rows of the database to plain values.

use super::sql::Row;
use super::{Account, BookError, BookResult, StaffRole};
use crate::portal::record::{Decision, EnrolmentRequestRow, EntryRow, JournalRow, Notification};
use crate::seal::{Problem, Status};
use crate::wire::EnrolmentState;

pub(super) const ENTRY: &str = "entry.h, entry.jid, entry.seq, entry.prev, entry.nid, entry.rev, entry.t, \
     entry.fac, entry.kid, entry.verified, entry.at_ms, entry.jws, entry.verdict, entry.id";
pub(super) const NOTIFICATION: &str = "nid, kind, fac, office, status, rev, h, effective, reg_no, hold, \
     set_id, set_n, day, event_ms, first_ms, registered_ms, void_h, void_kid, cert_no, cert_on, \
     act_office, act_year";
pub(super) const ACCOUNT: &str = "login, name, role, place, phrase, second, step, active, confirmed";

pub(super) fn text(r: &mut Row) -> BookResult<String> {
    r.text(0)
}

pub(super) fn status(code: &str) -> BookResult<Status> {
    Status::from_code(code).ok_or_else(|| BookError::Failed(format!("status {code}")))
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> BookResult<String> {
    Ok(serde_json::to_string(value)?)
}

pub(super) fn of_json<T: serde::de::DeserializeOwned>(text: &str) -> BookResult<T> {
    Ok(serde_json::from_str(text)?)
}

pub(super) fn journal(r: &mut Row) -> BookResult<JournalRow> {
    Ok(JournalRow {
        jid: r.text(0)?.into(),
        dev: r.text(1)?,
        fac: r.text(2)?.into(),
        continues: r.opt_text(3)?.map(Into::into),
        head: r.int(4)?,
        head_h: r.text(5)?.into(),
        highest: r.int(6)?,
        forked: r.truth(7)?,
    })
}

pub(super) fn entry(r: &mut Row) -> BookResult<EntryRow> {
    Ok(EntryRow {
        h: r.text(0)?.into(),
        id: r.text(13)?,
        jid: r.text(1)?.into(),
        seq: r.int(2)?,
        prev: r.text(3)?.into(),
        nid: r.text(4)?.into(),
        rev: r.int(5)?,
        t: r.text(6)?,
        fac: r.text(7)?.into(),
        kid: r.text(8)?,
        verified: r.truth(9)?,
        at_ms: r.int(10)?,
        jws: r.text(11)?,
        decision: r.opt_text(12)?.map(|v| of_json::<Decision>(&v)).transpose()?,
    })
}

pub(super) fn notification(r: &mut Row) -> BookResult<Notification> {
    Ok(Notification {
        nid: r.text(0)?.into(),
        kind: r.text(1)?,
        fac: r.text(2)?.into(),
        office: r.text(3)?.into(),
        status: status(&r.text(4)?)?,
        rev: r.int(5)?,
        h: r.text(6)?.into(),
        effective: r.text(7)?.into(),
        reg_no: r.opt_text(8)?,
        hold: r.opt_text(9)?.map(|p| of_json::<Problem>(&p)).transpose()?,
        set: r.opt_text(10)?.zip(r.opt_int(11)?),
        day: r.opt_int(12)?,
        event_ms: r.opt_int(13)?,
        first_ms: r.int(14)?,
        registered_ms: r.opt_int(15)?,
        void: r.opt_text(16)?.zip(r.opt_text(17)?),
        cert: r.opt_text(18)?.zip(r.opt_text(19)?),
        earlier: r.opt_text(20)?.map(Into::into).zip(r.opt_int(21)?),
    })
}

pub(super) fn state_code(state: EnrolmentState) -> &'static str {
    match state {
        EnrolmentState::Waiting => "waiting",
        EnrolmentState::Approved => "approved",
        EnrolmentState::Refused => "refused",
    }
}

pub(super) fn enrolment(r: &mut Row) -> BookResult<EnrolmentRequestRow> {
    Ok(EnrolmentRequestRow {
        id: r.text(0)?,
        kid: r.text(1)?,
        jws: r.text(2)?,
        at_ms: r.int(3)?,
        state: match r.text(4)?.as_str() {
            "waiting" => EnrolmentState::Waiting,
            "approved" => EnrolmentState::Approved,
            "refused" => EnrolmentState::Refused,
            other => return Err(BookError::Failed(format!("enrolment state {other}"))),
        },
        invited: r.truth(5)?,
    })
}

pub(super) fn account(r: &mut Row) -> BookResult<Account> {
    let role = r.text(2)?;
    Ok(Account {
        login: r.text(0)?,
        name: r.text(1)?,
        role: StaffRole::from_code(&role).ok_or_else(|| BookError::Failed(format!("role {role}")))?,
        place: r.text(3)?,
        phrase: r.text(4)?,
        second: r.text(5)?,
        step: r.int(6)?,
        active: r.truth(7)?,
        confirmed: r.truth(8)?,
    })
}
