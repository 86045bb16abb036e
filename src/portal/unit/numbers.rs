//! Registration numbers: each taken once, above what the witness knows, and lifted where the book was set back.

use crate::portal::book::{BookError, BookResult};
use crate::portal::record::recovery::Noticed;
use crate::portal::unit::set_back;
use crate::portal::unit::unit_of_work::UnitOfWork;

impl UnitOfWork<'_> {
    /// Takes the next number of an office, year and kind. Nobody else takes one meanwhile: writers
    /// exclude each other.
    pub fn next_number(&mut self, office: &str, year: i32, kind: &str) -> BookResult<u64> {
        let last = self.number(office, year, kind)? + 1;
        self.numbers
            .insert((office.to_owned(), year, kind.to_owned()), last);
        Ok(last)
    }

    /// Lifts that number to at least `n`.
    pub fn raise_number(&mut self, office: &str, year: i32, kind: &str, n: u64) -> BookResult<()> {
        let last = self.number(office, year, kind)?.max(n);
        self.numbers
            .insert((office.to_owned(), year, kind.to_owned()), last);
        Ok(())
    }

    fn number(&self, office: &str, year: i32, kind: &str) -> BookResult<u64> {
        if let Some(last) = self.numbers.get(&(office.to_owned(), year, kind.to_owned())) {
            return Ok(*last);
        }
        let last = self.tx.last_number(office, year, kind)?;
        match self.noted.number(office, year, kind) > last {
            true => Err(BookError::SetBack),
            false => Ok(last),
        }
    }

    /// Opens the next epoch, because a receipt of the registry's own came that the book lacks.
    pub fn open_epoch(&mut self, lost: u32) -> BookResult<()> {
        for ((office, year, kind), last) in std::mem::take(&mut self.numbers) {
            self.tx.raise_number(&office, year, &kind, last)?;
        }
        let known = (lost, &*self.noted);
        self.epoch = set_back::open_epoch(self.tx, self.settings, known, Noticed::Receipt, self.now)?;
        let recovering = self.tx.recovering()?.into_iter().map(|of| of.office);
        self.recovering = recovering.collect();
        Ok(())
    }
}
