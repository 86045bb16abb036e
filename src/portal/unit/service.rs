//! What a registrar does for a family, and with a notification that lies on no desk: add, issue,
//! annul, transfer.
//!
//! Every act ends in a receipt, so that the ward sees it, and stands in the log.

use crate::portal::book::{BookResult, kind_of};
use crate::portal::record::supplement::Supplement;
use crate::portal::record::{Decision, EntryRow, Notification, assess, problem_of};
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::{By, Status};
use crate::vital::{Event, Kind, PartialDate};
use crate::wire::Reason;

/// What a registrar does with a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Service {
    /// Keeps what the family brought.
    Add(Supplement),
    /// Notes the certificate that was handed over.
    Issue { number: String, date: String },
    /// Annuls the record, with a reason.
    Annul { text: String },
    /// Gives it to another office.
    Transfer { office: String },
}

/// Why an act was not done; sentences of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) enum NotDone {
    /// There is no such notification at this office.
    Unknown,
    /// It is not registered.
    NotRegistered,
    /// A child without a name gets no certificate.
    Nameless,
    /// Number or date of the certificate is missing, or the date lies before the event or ahead.
    Certificate,
    /// There is no such office, or it is this one.
    Office,
    /// Already annulled or a duplicate.
    Ended,
}

impl NotDone {
    /// Its sentence in the catalogue.
    pub fn id(self) -> &'static str {
        match self {
            NotDone::Unknown => "desk-not-here",
            NotDone::NotRegistered => "desk-not-registered",
            NotDone::Nameless => "desk-nameless",
            NotDone::Certificate => "desk-certificate-wrong",
            NotDone::Office => "desk-office-wrong",
            NotDone::Ended => "desk-ended",
        }
    }
}

impl UnitOfWork<'_> {
    /// The office that an entry belongs to: the notification's, else its facility's.
    pub fn office_of(&self, row: &EntryRow) -> BookResult<String> {
        let own = self.find(&row.nid)?.map(|n| n.office);
        if let Some(office) = own.filter(|o| !o.is_empty()) {
            return Ok(office.into());
        }
        let places = self.tx.places()?;
        let facility = places.into_iter().find(|(fac, _, _)| *fac == row.fac);
        Ok(facility.map(|(_, _, office)| office).unwrap_or_default())
    }

    /// Does it, for an office.
    pub fn serve(&mut self, nid: &str, office: &str, service: &Service) -> BookResult<Result<(), NotDone>> {
        let found = self.find(nid)?.filter(|n| n.office == office);
        let Some(n) = found else {
            return Ok(Err(NotDone::Unknown));
        };
        if matches!(n.status, Status::Voided | Status::Duplicate) {
            return Ok(Err(NotDone::Ended));
        }
        let (row, entry) = self.read(&n.effective)?;
        let Ok(event) = assess::read_event(kind_of(&n)?, &entry) else {
            return Ok(Err(NotDone::NotRegistered));
        };
        match service {
            Service::Add(supplement) => self.add(n, &row, &event, supplement),
            Service::Issue { number, date } => self.issue(n, &row, &event, number, date),
            Service::Annul { text } => self.annul_record(n, &row, text),
            Service::Transfer { office } => self.transfer(n, &row, office),
        }
    }

    fn add(
        &mut self,
        n: Notification,
        row: &EntryRow,
        event: &Event,
        supplement: &Supplement,
    ) -> BookResult<Result<(), NotDone>> {
        self.tx.put_supplement(&n.nid, supplement)?;
        // Its words changed, and nothing else of it.
        self.save(&n);
        let mut decision = self.word(row);
        if is_registered(&n) {
            decision.status = n.status;
            decision.open = supplement.still_open(event);
        }
        self.record_decision(&row.h, decision);
        Ok(Ok(()))
    }

    fn issue(
        &mut self,
        mut n: Notification,
        row: &EntryRow,
        event: &Event,
        number: &str,
        date: &str,
    ) -> BookResult<Result<(), NotDone>> {
        if !is_registered(&n) {
            return Ok(Err(NotDone::NotRegistered));
        }
        let open = self.tx.supplement(&n.nid)?.still_open(event);
        if event.kind == Kind::Birth && open.iter().any(|what| what == "name") {
            return Ok(Err(NotDone::Nameless));
        }
        let day = PartialDate::parse(date).ok().and_then(PartialDate::day);
        let fits = day.is_some_and(|day| {
            day <= self.now.date_naive() && event.event_date().is_none_or(|e| e.earliest() <= day)
        });
        let number: String = number.trim().chars().take(40).collect();
        if !fits || number.is_empty() || number.chars().any(char::is_control) {
            return Ok(Err(NotDone::Certificate));
        }
        n.status = Status::CertificateIssued;
        n.cert = Some((number, date.to_owned()));
        self.save(&n);
        let mut decision = self.word(row);
        decision.status = Status::CertificateIssued;
        decision.cert = Some(date.to_owned());
        decision.open = open;
        decision.reg_no = n.reg_no;
        self.record_decision(&row.h, decision);
        Ok(Ok(()))
    }

    fn annul_record(
        &mut self,
        mut n: Notification,
        row: &EntryRow,
        text: &str,
    ) -> BookResult<Result<(), NotDone>> {
        let words: String = text.chars().take(500).collect();
        let why = Reason::AnnulledByRegistrar.msg().with("what", words);
        n.status = Status::Voided;
        n.hold = None;
        self.save(&n);
        self.unindex(&n.nid);
        let mut decision = Decision::because(
            Status::Voided,
            problem_of(Reason::AnnulledByRegistrar.code(), None, &why),
        );
        decision.by = By::Registrar;
        // A number that was given is not given again.
        decision.reg_no = n.reg_no;
        decision.office = Some(n.office);
        self.record_decision(&row.h, decision);
        self.annulled(&n.nid)?;
        Ok(Ok(()))
    }

    fn transfer(&mut self, mut n: Notification, row: &EntryRow, to: &str) -> BookResult<Result<(), NotDone>> {
        let known = crate::codes::list("office").is_some_and(|l| l.get(to).is_some());
        if !known || n.office == to {
            return Ok(Err(NotDone::Office));
        }
        n.office = to.into();
        // What is held lies on the desk by its newest entry.
        let held = n.status == Status::Held && n.h != n.effective;
        let row = match held {
            true => self.row(&n.h)?.unwrap_or_else(|| row.clone()),
            false => row.clone(),
        };
        self.save(&n);
        let mut decision = self.word(&row);
        decision.office = Some(n.office);
        self.record_decision(&row.h, decision);
        Ok(Ok(()))
    }

    /// The last word on an entry, now said by a registrar.
    fn word(&self, row: &EntryRow) -> Decision {
        let mut decision = row
            .decision
            .clone()
            .unwrap_or_else(|| Decision::of(Status::Received));
        decision.by = By::Registrar;
        decision
    }
}

fn is_registered(n: &Notification) -> bool {
    matches!(n.status, Status::Registered | Status::CertificateIssued)
}
