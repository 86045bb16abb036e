//! Signing: from a statement to an entry on the disk, in one transaction.

use chrono::{DateTime, FixedOffset};

use super::{Statement, Store, StoreError, ToSign};
use crate::env::{ClockTrust, Role, Settings};
use crate::rules::Finding;
use crate::seal::SecretKey;

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

impl Store {
    /// Signs one statement and stores it: when this returns, it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the findings of the rules; nothing is signed then.
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
    pub fn record_all(
        &mut self,
        _what: Vec<ToSign>,
        _signer: &Signer<'_>,
        _site: &Site<'_>,
    ) -> Result<Vec<Recorded>, StoreError> {
        todo!()
    }

    /// What the rules say of a statement before it is signed; the same that `record` will ask.
    pub fn findings(
        &self,
        _what: &Statement,
        _role: Option<Role>,
        _site: &Site<'_>,
    ) -> Result<Vec<Finding>, StoreError> {
        todo!()
    }
}
