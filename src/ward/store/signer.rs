//! Who signs, where and when; and what came of it.

use crate::env::{ClockTrust, Role, Settings};
use crate::rules::Finding;
use crate::seal::SecretKey;
use crate::vital::{EntryHash, Jid, Nid};
use chrono::{DateTime, FixedOffset};

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
    pub nid: Nid,
    /// Its revision.
    pub rev: u32,
    /// Its journal.
    pub jid: Jid,
    /// Its place there.
    pub seq: u64,
    /// Its hash.
    pub h: EntryHash,
    /// What the rules noted; nothing of it stops a signing.
    pub findings: Vec<Finding>,
}
