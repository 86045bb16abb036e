//! Trust lists, requests to enrol, suspended keys, one-time codes.

use std::collections::HashMap;

use super::read::{enrolment, state_code, text};
use super::sql::{Row, values};
use super::{BookResult, ReadTransaction, WriteTransaction};
use crate::portal::record::{EnrolmentRequestRow, Invitation, SuspendedBy};
use crate::wire::EnrolmentState;

impl ReadTransaction<'_> {
    /// All trust lists with a higher number, oldest first.
    pub fn trust_lists(&self, after: u64) -> BookResult<Vec<String>> {
        let sql = "SELECT jws FROM trust WHERE number > ?1 ORDER BY number";
        self.all(sql, values![after], text)
    }

    /// The newest trust list's number; 0 for none.
    pub fn trust_number(&self) -> BookResult<u64> {
        self.number("SELECT coalesce(max(number), 0) FROM trust", &[])
    }

    /// A request to enrol.
    pub fn enrolment(&self, id: &str) -> BookResult<Option<EnrolmentRequestRow>> {
        let sql = "SELECT id, kid, jws, at_ms, state, invited FROM enrolment WHERE id = ?1";
        self.one(sql, values![id], enrolment)
    }

    /// All requests, newest first.
    pub fn enrolments(&self) -> BookResult<Vec<EnrolmentRequestRow>> {
        let sql = "SELECT id, kid, jws, at_ms, state, invited FROM enrolment ORDER BY at_ms DESC, id";
        self.all(sql, &[], enrolment)
    }

    /// The requests of a key.
    pub fn enrolments_of(&self, kid: &str) -> BookResult<Vec<EnrolmentRequestRow>> {
        let sql =
            "SELECT id, kid, jws, at_ms, state, invited FROM enrolment WHERE kid = ?1 ORDER BY at_ms, id";
        self.all(sql, values![kid], enrolment)
    }

    /// How many requests wait.
    pub fn waiting_enrolments(&self) -> BookResult<u64> {
        self.number("SELECT count(*) FROM enrolment WHERE state = 'waiting'", &[])
    }

    /// Keys that facilities suspended, and by which entries.
    pub fn suspensions(&self) -> BookResult<HashMap<String, Vec<SuspendedBy>>> {
        let sql = "SELECT kid, at_ms, h, jid, seq FROM suspension";
        let all = self.all(sql, &[], |r| {
            let by = SuspendedBy {
                at_ms: r.int(1)?,
                h: r.text(2)?.into(),
                jid: r.text(3)?.into(),
                seq: r.int(4)?,
            };
            Ok((r.text(0)?, by))
        })?;
        let mut out: HashMap<String, Vec<SuspendedBy>> = HashMap::new();
        for (kid, by) in all {
            out.entry(kid).or_default().push(by);
        }
        Ok(out)
    }

    /// The one-time codes of a facility.
    pub fn invitations(&self, fac: &str) -> BookResult<Vec<Invitation>> {
        let sql = "SELECT secret, fac, until_ms, device, person FROM invitation WHERE fac = ?1";
        self.all(sql, values![fac], invitation)
    }

    /// The one-time codes of all facilities.
    pub fn all_invitations(&self) -> BookResult<Vec<Invitation>> {
        let sql = "SELECT secret, fac, until_ms, device, person FROM invitation ORDER BY fac, until_ms";
        self.all(sql, &[], invitation)
    }
}

fn invitation(r: &mut Row) -> BookResult<Invitation> {
    Ok(Invitation {
        secret: r.text(0)?,
        fac: r.text(1)?.into(),
        until_ms: r.int(2)?,
        device: r.opt_text(3)?,
        person: r.opt_text(4)?,
    })
}

impl WriteTransaction<'_> {
    /// Adds a trust list.
    pub fn add_trust(&self, number: u64, jws: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO trust (number, jws) VALUES (?1, ?2)",
            values![number, jws],
        )?;
        Ok(())
    }

    /// Keeps a request to enrol; the same one again changes nothing.
    pub fn add_enrolment(&self, e: &EnrolmentRequestRow) -> BookResult<()> {
        self.run(
            "INSERT INTO enrolment (id, kid, jws, at_ms, state, invited) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            values![&e.id, &e.kid, &e.jws, e.at_ms, state_code(e.state), e.invited],
        )?;
        Ok(())
    }

    /// Changes the state of a request.
    pub fn set_enrolment(&self, id: &str, state: EnrolmentState) -> BookResult<()> {
        self.run(
            "UPDATE enrolment SET state = ?2 WHERE id = ?1",
            values![id, state_code(state)],
        )?;
        Ok(())
    }

    /// Suspends a key by an entry.
    pub fn suspend(&self, kid: &str, by: &SuspendedBy) -> BookResult<()> {
        self.run(
            "INSERT INTO suspension (kid, at_ms, h, jid, seq) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            values![kid, by.at_ms, &by.h, &by.jid, by.seq],
        )?;
        Ok(())
    }

    /// Resumes a key.
    pub fn resume(&self, kid: &str) -> BookResult<()> {
        self.run("DELETE FROM suspension WHERE kid = ?1", values![kid])?;
        Ok(())
    }

    /// Puts the secret of a one-time code in the place of the one that is kept.
    pub fn replace_invitation_secret(&self, kept: &str, secret: &str) -> BookResult<()> {
        self.run(
            "UPDATE invitation SET secret = ?2 WHERE secret = ?1",
            values![kept, secret],
        )?;
        Ok(())
    }

    /// Drops a one-time code: nobody uses it any more.
    pub fn drop_invitation(&self, secret: &str) -> BookResult<()> {
        self.run("DELETE FROM invitation WHERE secret = ?1", values![secret])?;
        Ok(())
    }

    /// Keeps a one-time code, and who used it.
    pub fn put_invitation(&self, i: &Invitation) -> BookResult<()> {
        self.run(
            "INSERT INTO invitation (secret, fac, until_ms, device, person) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (secret) DO UPDATE SET device = ?4, person = ?5",
            values![
                &i.secret,
                &i.fac,
                i.until_ms,
                i.device.as_deref(),
                i.person.as_deref()
            ],
        )?;
        Ok(())
    }
}
