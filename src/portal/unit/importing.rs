//! Acts that were registered before there was this registry, and what already stands where they do.

use crate::env::new_uuid;
use crate::matching::fold;
use crate::portal::book::{BookError, BookResult};
use crate::portal::decide::{act_known, import, on_act};
use crate::portal::record::{ActPlace, Certificate, numbering};
use crate::portal::unit::own_entry::OwnStatement;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::SecretKey;
use crate::vital::{Event, Kind, Nid, Value, field as f};

/// An act as its book has it.
#[derive(Clone)]
pub(in crate::portal) struct EarlierAct {
    pub place: ActPlace,
    pub event: Event,
    pub certificate: Option<Certificate>,
}

/// What importing an act came to.
pub(in crate::portal) enum Imported {
    /// It stands in the register now; with what stood there already and may be the same event.
    Taken { nid: Nid, alike: Vec<Nid> },
    /// An act stood under this number already; with the first field in which the two say otherwise.
    Known { differs: Option<String> },
}

impl UnitOfWork<'_> {
    /// What stands for an act: one that was imported, or one to which this registry gave that number.
    pub fn act_at(&self, kind: Kind, act: &ActPlace) -> BookResult<Option<Nid>> {
        let Some(year) = act.year else { return Ok(None) };
        let here = self.records.values().flatten().find(|record| {
            let earlier = record.state.registration().and_then(|r| r.earlier.as_ref());
            record.kind == kind && earlier == Some(act)
        });
        if let Some(record) = here {
            return Ok(Some(record.nid.clone()));
        }
        let found = self.tx.earlier_act(&act.office, year, kind.code(), &act.number)?;
        if found.is_some() {
            return Ok(found);
        }
        let ours = self.number_of(kind, act).is_some_and(|(of, _)| of == year);
        let holder = match ours {
            true => self.tx.holder_of(&act.number)?,
            false => None,
        };
        let Some(holder) = holder else { return Ok(None) };
        Ok(self
            .find(&holder)?
            .filter(|record| record.kind == kind)
            .map(|record| record.nid))
    }

    /// Year and running number of an act whose number is written as this registry writes its own.
    fn number_of(&self, kind: Kind, act: &ActPlace) -> Option<(i32, u64)> {
        numbering::parse(&self.settings.registration, &act.office, &act.number, kind.code())
    }

    /// Puts an act into the register as it stood in its book, unless it stands there already. Its number is
    /// given to nobody else.
    pub fn import_act(&mut self, key: &SecretKey, login: &str, act: &EarlierAct) -> BookResult<Imported> {
        let kind = act.event.kind;
        if let Some(nid) = self.act_at(kind, &act.place)? {
            let differs = self.differs(&nid, &act.event)?;
            return Ok(Imported::Known { differs });
        }
        if let Some((year, number)) = self.number_of(kind, &act.place) {
            self.raise_number(&act.place.office, year, kind.code(), number)?;
        }
        self.login = Some(login.to_owned());
        let nid = new_uuid();
        let statement = OwnStatement {
            nid: &nid,
            office: act.place.office.clone(),
            login,
            event: &act.event,
            source: "act",
            amends: None,
        };
        let entry = statement.entry(key, self.now);
        let (row, entry) = self.sign_own(key, entry)?;
        let (around, evidence) = self.around(&row, &entry, None)?;
        let decided = import(&around, &act.place, act.certificate.as_ref())
            .ok_or_else(|| BookError::Failed("the registry's own key is not believed".to_owned()))?;
        let alike = around.surroundings.alike;
        self.apply(&row, decided, evidence)?;
        self.name_to_duplicates(&act.place, &row.nid)?;
        self.run()?;
        Ok(Imported::Taken { nid: row.nid, alike })
    }

    /// The first field in which an act says otherwise than what stands for it; what only one of the two says
    /// is no difference.
    fn differs(&self, nid: &Nid, event: &Event) -> BookResult<Option<String>> {
        let Some(record) = self.find(nid)? else {
            return Ok(None);
        };
        let Some(stands) = self.statement(&record.effective.h, record.kind)?.event else {
            return Ok(None);
        };
        let mut fields = event.values.keys().filter(|field| **field != f::OFFICE);
        let differs = fields.find(|field| match (event.known(field), stands.known(field)) {
            (Some(Value::Date(one)), Some(Value::Date(other))) => {
                one.earliest() > other.latest() || other.earliest() > one.latest()
            }
            (Some(Value::Text(one)), Some(Value::Text(other))) => fold(one) != fold(other),
            (Some(one), Some(other)) => one != other,
            _ => false,
        });
        Ok(differs.cloned())
    }

    /// Tells those that ended as duplicates of an act which record stands for it.
    fn name_to_duplicates(&mut self, act: &ActPlace, nid: &Nid) -> BookResult<()> {
        let Some(original) = self.find(nid)? else {
            return Ok(());
        };
        for h in self.take_waiting(&on_act(original.kind, act))? {
            let (row, _) = self.read(&h)?;
            let duplicate = self.find(&row.nid)?.filter(|record| record.newest.h == row.h);
            if let Some(decided) = duplicate.and_then(|record| act_known(&record, act, &original)) {
                self.apply(&row, decided, self.evidence())?;
            }
        }
        Ok(())
    }

    /// Whether a number that is about to be given stands in the same year's book already.
    pub(super) fn is_in_book(&mut self, kind: Kind, act: &ActPlace) -> BookResult<bool> {
        let Some(year) = act.year else { return Ok(false) };
        let book = (act.office.to_string(), year, kind.code().to_owned());
        let imported = match self.books.get(&book) {
            Some(imported) => *imported,
            None => self.tx.has_earlier_acts(&book.0, year, &book.2)?,
        };
        self.books.insert(book, imported);
        Ok(imported && self.act_at(kind, act)?.is_some())
    }
}
