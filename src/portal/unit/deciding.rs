//! Decides entries: loads what surrounds them, has them decided, and goes on with what has become due.

use crate::portal::book::BookResult;
use crate::portal::decide::{
    Attested, Decided, Told, amendment, annulment, attestation, first_entry, forked, judge, linked_annulled,
    original_annulled, settle_annulment,
};
use crate::portal::record::{EntryRow, Linked, Record, State, Step, reduce, reread};
use crate::portal::unit::around::LONGEST_CHAIN;
use crate::portal::unit::unit_of_work::{Task, UnitOfWork};
use crate::seal::{By, Entry, EntryType, Status};
use crate::vital::{Event, Nid};
use crate::wire::Reason;

impl UnitOfWork<'_> {
    /// Decides an entry, and everything that was waiting for it. `position` is why its place in the journal
    /// is not believed.
    pub fn decide(
        &mut self,
        row: &EntryRow,
        entry: Option<&Entry>,
        position: Option<Reason>,
    ) -> BookResult<()> {
        match entry {
            None => self.record_reason(&row.h, Status::Held, position.unwrap_or(Reason::NewerVersion)),
            Some(entry) => self.decide_one(row, entry, position)?,
        }
        if position == Some(Reason::Fork) {
            self.hold_beside_fork(row)?;
        }
        self.run()
    }

    /// Decides what has become due, in the order in which it did.
    pub fn run(&mut self) -> BookResult<()> {
        while let Some(task) = self.queue.pop_front() {
            match task {
                Task::Again(h) => self.decide_again(&h)?,
                Task::CameBack(h) => {
                    let (row, entry) = self.read(&h)?;
                    self.restore_from_receipt(&row, Some(&entry))?;
                }
                Task::LinkedAnnulled { nid, annulled } => self.notice_linked(&nid, &annulled)?,
                Task::OriginalAnnulled(h) => {
                    let (row, _) = self.read(&h)?;
                    let duplicate = self.find(&row.nid)?;
                    if let Some(record) = &duplicate
                        && let Some(decided) = original_annulled(record)
                    {
                        // A correction of it may have come since.
                        let (row, _) = self.read(&record.newest.h)?;
                        self.apply(&row, decided, self.evidence())?;
                        // The registrar sees at once what else stands beside it, and what shares its place.
                        let position = self.position_of(&row)?;
                        self.judge_newest(&row.nid, position)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Gives to a person what is registered and linked to what was annulled. The ward is told nothing: it has
    /// nothing to do.
    fn notice_linked(&mut self, nid: &Nid, annulled: &Nid) -> BookResult<()> {
        let Some(record) = self.find(nid)? else {
            return Ok(());
        };
        let event = self.statement(&record.effective.h, record.kind)?.event;
        let names = |event: &Event, nid: &Nid| event.links.iter().any(|link| link.nid == **nid);
        let mut linked = event.is_some_and(|event| names(&event, annulled));
        if !linked && let Some(other) = self.find(annulled)? {
            let event = self.statement(&other.effective.h, other.kind)?.event;
            linked = event.is_some_and(|event| names(&event, nid));
        }
        if let Some(steps) = linked_annulled(&record, annulled).filter(|_| linked) {
            let (row, _) = self.read(&record.effective.h)?;
            self.apply_steps(&row, steps, self.evidence())?;
        }
        Ok(())
    }

    fn decide_one(&mut self, row: &EntryRow, entry: &Entry, position: Option<Reason>) -> BookResult<()> {
        match &entry.t {
            EntryType::Notice(_) => self.decide_first(row, entry, position),
            EntryType::Amend => {
                let (around, evidence) = self.around(row, entry, position)?;
                let decided = amendment(&around);
                self.apply(row, decided, evidence)
            }
            EntryType::Void => {
                let (around, evidence) = self.around(row, entry, position)?;
                let decided = annulment(&around);
                self.apply(row, decided, evidence)
            }
            _ if position.is_some() => {
                self.record_reason(&row.h, Status::Held, position.unwrap_or(Reason::Fork));
                Ok(())
            }
            EntryType::Attest => self.attest(row, entry),
            _ => self.decide_other(row, entry),
        }
    }

    /// The first entry of a notification: it is made, what arrived before it and annuls it is decided, and
    /// it is judged.
    fn decide_first(&mut self, row: &EntryRow, entry: &Entry, position: Option<Reason>) -> BookResult<()> {
        let (mut around, evidence) = self.around(row, entry, position)?;
        let made = first_entry(&around);
        if made.told.status != Status::Received {
            return self.apply(row, made, evidence);
        }
        let nid = row.nid.clone();
        if around
            .record
            .as_ref()
            .is_some_and(|record| record.first == row.h && record.newest.h != row.h)
        {
            return self.judge_newest(&nid, position);
        }
        let is_made = made
            .steps
            .iter()
            .any(|step| matches!(step, Step::Made { .. } | Step::Displaced));
        // An annulment that came first keeps it from being registered at all.
        if is_made && self.is_awaited(&nid) {
            self.apply(row, made, evidence)?;
            self.take_voids(&nid)?;
            return self.judge_newest(&nid, position);
        }
        around.record = reduce(around.record.take(), &nid, &around.revision(), &made.steps);
        let mut decided = judge(&around);
        // The birth of this death may be waiting for it, and is decided first, unless this death is not
        // believed or is sent back.
        let counts = around.signer.doubt.is_none() && decided.told.status != Status::Returned;
        if is_made && counts && around.surroundings.links.iter().any(Linked::is_birth_of_death) {
            self.apply(row, made, evidence)?;
            self.run()?;
            return self.judge_newest(&nid, position);
        }
        let mut steps = made.steps;
        steps.append(&mut decided.steps);
        decided.steps = steps;
        self.apply(row, decided, evidence)
    }

    /// Judges the newest statement of a notification that is not registered.
    pub fn judge_newest(&mut self, nid: &str, position: Option<Reason>) -> BookResult<()> {
        let Some(record) = self.find(nid)? else {
            return Ok(());
        };
        // What is settled has been told so, and what was sent back comes again with its correction alone.
        let settled = matches!(
            record.state,
            State::Registered(_)
                | State::Returned { .. }
                | State::AnnulmentPending { .. }
                | State::Voided { .. }
                | State::Duplicate { .. }
        );
        if settled {
            return Ok(());
        }
        let (row, entry) = self.read(&record.newest.h)?;
        let (around, evidence) = self.around(&row, &entry, position)?;
        let decided = judge(&around);
        self.apply(&row, decided, evidence)
    }

    /// Decides an entry that waited, unless that has been settled meanwhile.
    fn decide_again(&mut self, h: &str) -> BookResult<()> {
        let (row, entry) = self.read(h)?;
        let open = self.decided(&row).is_none_or(|d| {
            matches!(
                d.status,
                Status::Received | Status::Held | Status::AnnulmentPending
            )
        });
        if !open {
            return Ok(());
        }
        let position = self.position_of(&row)?;
        match self.find(&row.nid)? {
            // Another revision than the first is judged as it stands; one that a later one replaced is not
            // decided any more.
            Some(record) if record.first != row.h && self.is_revision_of(&record, &row)? => {
                self.judge_newest(&row.nid, position.filter(|_| record.newest.h == row.h))
            }
            _ => self.decide_one(&row, &entry, position),
        }
    }

    /// Whether an entry is a notification's newest revision, or one on which that follows.
    fn is_revision_of(&self, record: &Record, row: &EntryRow) -> BookResult<bool> {
        let mut h = record.newest.h.clone();
        for _ in 0..LONGEST_CHAIN {
            if h == row.h {
                return Ok(true);
            }
            let before = self.row(&h)?.and_then(|row| reread(&row)?.reference);
            match before {
                Some(before) => h = before.h,
                None => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Decides the annulments among what waits for a notification; the rest becomes due.
    fn take_voids(&mut self, nid: &str) -> BookResult<()> {
        let waiting = std::mem::take(&mut self.queue);
        for task in waiting {
            let Task::Again(h) = &task else {
                self.queue.push_back(task);
                continue;
            };
            let (row, entry) = self.read(h)?;
            let open = self.decided(&row).is_none_or(|d| d.status != Status::Returned);
            match row.t == "void" && row.nid == *nid && open {
                true => self.decide_one(&row, &entry, None)?,
                false => self.queue.push_back(task),
            }
        }
        Ok(())
    }

    /// Gives to a person what shares the place of a forked entry and is not registered.
    fn hold_beside_fork(&mut self, row: &EntryRow) -> BookResult<()> {
        for (h, _) in self.entries_at(&row.jid, row.seq)? {
            let other = self.row(&h)?.filter(|other| other.h != row.h);
            let Some(other) = other else { continue };
            match self.find(&other.nid)?.filter(|record| record.newest.h == other.h) {
                Some(record) => {
                    if let Some(decided) = forked(&record) {
                        self.apply(&other, decided, self.evidence())?;
                    }
                }
                None => {
                    let undecided = self.decided(&other).is_some_and(|d| d.status == Status::Held);
                    if undecided {
                        self.record_reason(&other.h, Status::Held, Reason::Fork);
                    }
                }
            }
        }
        Ok(())
    }

    /// A second person over an entry; over an annulment it takes effect.
    fn attest(&mut self, row: &EntryRow, entry: &Entry) -> BookResult<()> {
        let target = entry.reference.as_ref().map(|r| r.h.clone()).unwrap_or_default();
        let other = self.row(&target)?.map(|other| EntryRow {
            decision: self.decided(&other),
            ..other
        });
        if other.is_none() {
            self.wait(&row.h, &target)?;
        }
        let record = match &other {
            Some(other) => self.find(&other.nid)?,
            None => None,
        };
        let same = other
            .as_ref()
            .is_some_and(|o| o.kid == row.kid || self.same_person(&o.kid, &row.kid));
        let signer = self.signed_by(row, entry)?;
        let attested = attestation(self.settings, row, &signer, other.as_ref(), record.as_ref(), same);
        self.attested(row, other.as_ref(), attested)
    }

    /// Keeps what an attestation came to.
    pub fn attested(
        &mut self,
        row: &EntryRow,
        other: Option<&EntryRow>,
        attested: Attested,
    ) -> BookResult<()> {
        match (attested, other) {
            (Attested::Told(decided), _) => self.apply(row, decided, self.evidence()),
            (Attested::Annuls, Some(other)) => {
                let told = Decided::told(Told::of(Status::Received));
                self.apply(row, told, self.evidence())?;
                self.apply(other, settle_annulment(By::Auto, None), self.evidence())
            }
            (Attested::Annuls, None) => Ok(()),
        }
    }

    /// Whether two keys belong to one person of one facility.
    pub fn same_person(&self, a: &str, b: &str) -> bool {
        match (self.keyring.find(a), self.keyring.find(b)) {
            (Some((a, _)), Some((b, _))) => a.usr.is_some() && a.usr == b.usr && a.fac == b.fac,
            _ => false,
        }
    }
}
