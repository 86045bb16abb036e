//! What is true of the book as a whole: whether it holds entries, and marks that stay.

use super::read::text;
use super::sql::values;
use super::{BookResult, ReadTransaction, WriteTransaction};

/// A mark of the whole book. Nothing takes one away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Mark {
    /// It was filled with invented events: since when, Unix milliseconds.
    Invented,
    /// The key under which its secrets are sealed: its name.
    SecretsKey,
    /// Its numbers are noted in a witness outside its folder.
    Witness,
    /// The version by which causes in words were read when its counts were made.
    Matcher,
}

impl Mark {
    fn name(self) -> &'static str {
        match self {
            Mark::Invented => "invented",
            Mark::SecretsKey => "secrets-key",
            Mark::Witness => "witness",
            Mark::Matcher => "matcher",
        }
    }
}

impl ReadTransaction<'_> {
    /// Says whether the book holds any entry.
    pub fn holds_entries(&self) -> BookResult<bool> {
        let first = self.one("SELECT h FROM entry LIMIT 1", &[], text)?;
        Ok(first.is_some())
    }

    /// Gives what a mark of the book says; none where it does not carry it.
    pub fn mark(&self, mark: Mark) -> BookResult<Option<String>> {
        self.one(
            "SELECT value FROM mark WHERE name = ?1",
            values![mark.name()],
            text,
        )
    }
}

impl WriteTransaction<'_> {
    /// Gives a mark that the book carries another value.
    pub fn replace_mark(&self, mark: Mark, value: &str) -> BookResult<()> {
        self.run(
            "UPDATE mark SET value = ?2 WHERE name = ?1",
            values![mark.name(), value],
        )?;
        Ok(())
    }

    /// Marks the book. A mark that it carries stays.
    pub fn put_mark(&self, mark: Mark, value: &str) -> BookResult<()> {
        self.run(
            "INSERT INTO mark (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            values![mark.name(), value],
        )?;
        Ok(())
    }
}
