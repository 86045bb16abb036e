//! Keeps what a decision leads to: the steps of a notification, what is told of the entry, what has become
//! due by it.

use chrono::Datelike;

use crate::matching::MatchingRecord;
use crate::portal::book::BookResult;
use crate::portal::decide::{Decided, Told, on_annulment_of, on_death_of, on_lost, on_notification, on_set};
use crate::portal::record::{
    ActPlace, EntryRow, Evidence, LoggedDecision, Record, Revision, State, Step, numbering, open, reduce,
};
use crate::portal::unit::unit_of_work::{Task, UnitOfWork};
use crate::seal::Status;
use crate::vital::{Event, Kind, Nid, OfficeCode};

impl UnitOfWork<'_> {
    /// Keeps a decision about an entry: adds its steps up, gives a number where one is due, makes the
    /// notification found or found no more, tells the ward, and notes what has become due.
    pub fn apply(&mut self, row: &EntryRow, decided: Decided, evidence: Evidence) -> BookResult<()> {
        let Decided {
            steps,
            told,
            waits_for,
        } = decided;
        let (before, after) = self.apply_steps(row, steps, evidence)?;
        for on in &waits_for {
            self.wait(&row.h, on)?;
        }
        let open = match &after {
            Some(record) => self.still_open(record)?,
            None => Vec::new(),
        };
        let decision = told.decision(after.as_ref(), open);
        // Decided again and found the same: the ward has its receipt.
        if after == before && self.decided(row).as_ref() == Some(&decision) {
            return Ok(());
        }
        let came_to_nothing = row.t == "amend" && decision.status == Status::Returned;
        let refused = row.t == "void" && decision.status == Status::Returned;
        self.record_decision(&row.h, decision);
        if refused {
            self.due(&row.h)?;
        }
        match came_to_nothing {
            // What follows on it follows on the one before.
            true => self.due(&row.nid),
            false => Ok(()),
        }
    }

    /// Adds steps up to a notification and keeps them; what it was before, and what it is now.
    pub fn apply_steps(
        &mut self,
        row: &EntryRow,
        mut steps: Vec<Step>,
        evidence: Evidence,
    ) -> BookResult<(Option<Record>, Option<Record>)> {
        let before = self.find(&row.nid)?;
        let at = Revision {
            rev: row.rev,
            h: row.h.clone(),
        };
        self.give_number(before.as_ref(), &mut steps, row)?;
        let after = reduce(before.clone(), &row.nid, &at, &steps);
        if after != before
            && let Some(record) = &after
        {
            self.inherit(before.as_ref())?;
            self.keep_decision(LoggedDecision {
                no: 0,
                nid: row.nid.clone(),
                at,
                at_ms: self.now.timestamp_millis(),
                steps,
                evidence,
            });
            self.save(record.clone());
            self.index_again(before.as_ref(), record)?;
            self.wake(before.as_ref(), record, row)?;
        }
        Ok((before, after))
    }

    /// What a notification that stands in the register, or is prepared for it, still lacks.
    pub fn still_open(&self, record: &Record) -> BookResult<Vec<String>> {
        if record.registered().is_none() && !record.is_prepared() {
            return Ok(Vec::new());
        }
        let event = self.statement(&record.effective.h, record.kind)?.event;
        let Some(event) = event else { return Ok(Vec::new()) };
        match record.is_prepared() {
            true => Ok(open(&event)),
            // What the office added meanwhile is not missing any more.
            false => Ok(self.supplement(&record.nid)?.still_open(&event)),
        }
    }

    /// Gives the next number of the office where a step registers without one.
    fn give_number(&mut self, before: Option<&Record>, steps: &mut [Step], row: &EntryRow) -> BookResult<()> {
        let described = steps.iter().rev().find_map(|step| match step {
            Step::Described { office, .. } => Some(office.clone()),
            _ => None,
        });
        let office = described
            .or_else(|| Some(before?.office.clone()))
            .unwrap_or_default();
        let kind = match before {
            Some(record) => record.kind,
            None => Kind::from_code(&row.t).unwrap_or(Kind::Birth),
        };
        for step in steps {
            if let Step::Registered { number, .. } = step
                && number.is_empty()
            {
                *number = self.unused_number(&office, kind)?;
            }
        }
        Ok(())
    }

    /// The next number of an office that no act of the year's book has already.
    fn unused_number(&mut self, office: &OfficeCode, kind: Kind) -> BookResult<String> {
        let year = self.now.year();
        loop {
            let last = self.next_number(office, year, kind.code())?;
            let policy = &self.settings.registration;
            let act = ActPlace {
                office: office.clone(),
                year: Some(year),
                number: numbering::format(policy, office, year, kind.code(), last),
            };
            if !self.is_in_book(kind, &act)? {
                return Ok(act.number);
            }
        }
    }

    /// Keeps what an older version had come to, before the first decision that is kept of a notification.
    pub fn inherit(&mut self, before: Option<&Record>) -> BookResult<()> {
        let Some(record) = before else { return Ok(()) };
        if record.first.is_empty() && !self.is_new(&record.nid) && !self.tx.has_decisions(&record.nid)? {
            self.keep_decision(LoggedDecision {
                no: 0,
                nid: record.nid.clone(),
                at: record.effective.clone(),
                at_ms: self.now.timestamp_millis(),
                steps: vec![Step::Inherited(Box::new(record.clone()))],
                evidence: self.evidence(),
            });
        }
        Ok(())
    }

    /// Makes a notification findable as a look-alike while it stands, by the statement in force.
    fn index_again(&mut self, before: Option<&Record>, after: &Record) -> BookResult<()> {
        let stood = before.is_some_and(|record| record.state.stands());
        let same = before.is_some_and(|record| record.effective == after.effective);
        match after.state.stands() {
            true if !(stood && same) => {
                let event = self.statement(&after.effective.h, after.kind)?.event;
                if let Some(event) = event {
                    self.note_links(after, &event)?;
                    self.index(&after.nid, MatchingRecord::of(&event, &after.fac));
                }
            }
            false if stood => self.unindex(&after.nid),
            _ => {}
        }
        Ok(())
    }

    fn note_links(&mut self, record: &Record, event: &Event) -> BookResult<()> {
        if event.links.is_empty() {
            return Ok(());
        }
        self.tx.put_named(&record.nid, &event.links)?;
        for link in &event.links {
            let by = self.named.entry(link.nid.clone()).or_default();
            by.push((record.nid.clone(), link.kind.clone()));
            if link.kind == "death-of-this-birth" {
                self.due(&on_death_of(&link.nid))?;
            }
        }
        Ok(())
    }

    /// Notes what has become due because a notification changed.
    fn wake(&mut self, before: Option<&Record>, after: &Record, row: &EntryRow) -> BookResult<()> {
        if before.is_none_or(|before| before.newest != after.newest || before.first != after.first)
            || before.is_some_and(|before| before.status() == Status::AnnulmentPending)
        {
            self.due(&after.nid)?;
        }
        if before.is_none_or(|before| before.state != after.state) {
            self.due(&on_notification(&after.nid))?;
        }
        if before.is_none() {
            for h in self.take_waiting(&on_lost(&after.nid))? {
                self.queue.push_back(Task::CameBack(h));
            }
        }
        let set = |record: &Record| record.about.set.clone();
        if let Some((id, _)) = set(after)
            && before.and_then(set).is_none_or(|(before, _)| before != id)
        {
            self.due(&on_set(&id))?;
        }
        if let State::AnnulmentPending { .. } = &after.state {
            self.due(&row.h)?;
        }
        // Its duplicates may be the only reports of the event that still stand.
        let ended = |state: &State| {
            matches!(
                state,
                State::Voided { .. } | State::Returned { .. } | State::Duplicate { .. }
            )
        };
        if ended(&after.state) {
            for h in self.take_waiting(&on_annulment_of(&after.nid))? {
                self.queue.push_back(Task::OriginalAnnulled(h));
            }
        }
        if let State::Voided { .. } = &after.state
            && before.is_some_and(|before| before.state != after.state)
        {
            self.tell_linked(after)?;
        }
        // What a person was to look at of it has ended.
        if let State::Voided { .. } = &after.state
            && after.newest.h != row.h
            && let Some(newest) = self.row(&after.newest.h)?
            && self.decided(&newest).is_some_and(|d| d.status == Status::Held)
        {
            let told = Told::of(Status::Voided);
            self.record_decision(&newest.h, told.decision(Some(after), Vec::new()));
        }
        // What the ward asked has come about by somebody else's act.
        if let (Some(State::AnnulmentPending { annulment, .. }), State::Voided { .. }) =
            (before.map(|before| &before.state), &after.state)
            && annulment.kid.is_some()
            && annulment.h != row.h
        {
            let told = Told::of(Status::Voided).by_registrar();
            self.record_decision(&annulment.h, told.decision(Some(after), Vec::new()));
            self.due(&annulment.h)?;
        }
        Ok(())
    }

    /// What names an annulled notification, or is named by it, has become due.
    fn tell_linked(&mut self, annulled: &Record) -> BookResult<()> {
        let mut linked = self.naming(&annulled.nid, |_| true)?;
        let event = self.statement(&annulled.effective.h, annulled.kind)?.event;
        let links = event.into_iter().flat_map(|event| event.links);
        linked.extend(links.map(|link| Nid::from(link.nid)));
        self.queue
            .extend(linked.into_iter().map(|nid| Task::LinkedAnnulled {
                nid,
                annulled: annulled.nid.clone(),
            }));
        Ok(())
    }

    /// What waited for this has become due.
    pub fn due(&mut self, on: &str) -> BookResult<()> {
        for h in self.take_waiting(on)? {
            let task = Task::Again(h);
            if !self.queue.contains(&task) {
                self.queue.push_back(task);
            }
        }
        Ok(())
    }
}
