//! The journal: a chain of entries of one device.

use super::{Entry, EntryType, NO_PREV};

/// What is wrong with a link of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFault {
    /// The first entry does not open a journal, or a later one does.
    Open,
    /// Of another journal.
    Journal,
    /// Not the next number: an entry is missing, or two are exchanged.
    Seq,
    /// Does not name the hash of the entry before: one of the two was changed.
    Prev,
}

/// Follows a journal entry by entry.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    jid: Option<String>,
    seq: u64,
    h: Option<String>,
}

impl Chain {
    /// Before the first entry.
    pub fn new() -> Chain {
        Chain::default()
    }

    /// Takes the next entry and the hash of its JWS. An entry at fault is not taken: the chain
    /// stands where it stood, and the caller names this entry as the first bad one.
    pub fn follow(&mut self, entry: &Entry, h: &str) -> Result<(), ChainFault> {
        self.follow_links(entry.t == EntryType::Open, &entry.jid, entry.seq, &entry.prev, h)
    }

    /// Goes on after an entry, whatever was before it: to look at what follows one at fault.
    pub fn after(jid: &str, seq: u64, h: &str) -> Chain {
        Chain {
            jid: Some(jid.to_owned()),
            seq,
            h: Some(h.to_owned()),
        }
    }

    /// Takes the next entry by its links alone: also one whose text was minimised.
    pub fn follow_links(
        &mut self,
        opens: bool,
        jid: &str,
        seq: u64,
        prev: &str,
        h: &str,
    ) -> Result<(), ChainFault> {
        if self.jid.as_ref().is_some_and(|ours| ours != jid) {
            return Err(ChainFault::Journal);
        }
        if Some(seq) != self.seq.checked_add(1) {
            return Err(ChainFault::Seq);
        }
        if opens != (self.seq == 0) {
            return Err(ChainFault::Open);
        }
        if prev != self.h.as_deref().unwrap_or(NO_PREV) {
            return Err(ChainFault::Prev);
        }
        self.jid.get_or_insert_with(|| jid.to_owned());
        self.seq = seq;
        self.h = Some(h.to_owned());
        Ok(())
    }

    /// Number of the last entry taken, 0 before the first.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Hash of the last entry taken.
    pub fn head(&self) -> Option<&str> {
        self.h.as_deref()
    }
}
