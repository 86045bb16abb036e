//! What a registrar does for a family, and with a notification that lies on no desk: add, issue,
//! annul, transfer.
//!
//! Every act ends in a receipt, so that the ward sees it, and stands in the log.

use chrono::{DateTime, FixedOffset};

use super::{Decided, Told};
use crate::portal::record::supplement::Supplement;
use crate::portal::record::{
    Annulment, Answer, Certificate, Decision, Record, State, Step, problem, problem_of,
};
use crate::seal::Status;
use crate::vital::{Event, Kind, OfficeCode, PartialDate, line};
use crate::wire::Reason;

/// Longest reason, characters.
const LONGEST_REASON: usize = 500;

/// What a registrar does with a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Service {
    /// Keeps what the family brought.
    Add(Supplement),
    /// Notes the certificate that was handed over.
    Issue { number: String, date: String },
    /// Annuls the record, with a reason.
    Annul { text: String },
    /// Says, with a reason, that what it was looked at for changes nothing.
    Settle { text: String },
    /// Gives it to another office.
    Transfer { office: OfficeCode },
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
    /// Another record of the office has a certificate of this number.
    CertificateTaken,
    /// Number or date of the certificate is missing, or the date lies before the registration or ahead.
    Certificate,
    /// There is no such office, or it is this one.
    Office,
    /// Already annulled or a duplicate.
    Ended,
    /// The reason says nothing.
    Reason,
    /// There is nothing to look at.
    NothingToSettle,
}

impl NotDone {
    /// Its sentence in the catalogue.
    pub fn id(self) -> &'static str {
        match self {
            NotDone::Unknown => "desk-not-here",
            NotDone::NotRegistered => "desk-not-registered",
            NotDone::Nameless => "desk-nameless",
            NotDone::CertificateTaken => "desk-certificate-taken",
            NotDone::Certificate => "desk-certificate-wrong",
            NotDone::Office => "desk-office-wrong",
            NotDone::Ended => "desk-ended",
            NotDone::Reason => "desk-reason-missing",
            NotDone::NothingToSettle => "desk-nothing-to-settle",
        }
    }
}

/// A notification at an office, the statement in force, what the office added, and what was told last of the
/// entry that states it.
pub(in crate::portal) struct AtOffice<'a> {
    pub now: DateTime<FixedOffset>,
    pub record: &'a Record,
    pub event: &'a Event,
    pub supplement: &'a Supplement,
    pub last: Option<&'a Decision>,
    /// Who acts.
    pub login: &'a str,
}

/// Decides what a registrar's act does. The supplement itself is kept by whoever asks.
pub(in crate::portal) fn serve(at: &AtOffice<'_>, service: &Service) -> Result<Decided, NotDone> {
    if matches!(at.record.state, State::Voided { .. } | State::Duplicate { .. }) {
        return Err(NotDone::Ended);
    }
    match service {
        Service::Add(_) => Ok(Decided::told(Told::again(at.last))),
        Service::Issue { number, date } => issue(at, number, date),
        Service::Annul { text } => annul(at, text),
        Service::Settle { text } => settle(at, text),
        Service::Transfer { office } => transfer(at, office),
    }
}

fn issue(at: &AtOffice<'_>, number: &str, date: &str) -> Result<Decided, NotDone> {
    let Some(registration) = at.record.registered() else {
        return Err(NotDone::NotRegistered);
    };
    let open = at.supplement.still_open(at.event);
    if at.event.kind == Kind::Birth && open.iter().any(|what| what == "name") {
        return Err(NotDone::Nameless);
    }
    let day = PartialDate::parse(date).ok().and_then(PartialDate::day);
    let offset = at.now.offset();
    // An act that was registered before may have had its certificate before it was imported.
    let from = match registration.earlier {
        Some(_) => at.event.event_date().map(|date| date.earliest()),
        None => DateTime::from_timestamp_millis(registration.at_ms)
            .map(|moment| moment.with_timezone(offset).date_naive()),
    };
    let fits = day.is_some_and(|day| day <= at.now.date_naive() && from.is_none_or(|from| from <= day));
    let number = line(number, 40).filter(|number| fits && number.chars().any(char::is_alphanumeric));
    let Some(number) = number else {
        return Err(NotDone::Certificate);
    };
    let certificate = Certificate {
        number,
        on: date.to_owned(),
    };
    let told = Told::of(Status::Registered).by_registrar();
    Ok(Decided::with(vec![Step::Certified(certificate)], told))
}

/// Annuls at once what no family has a certificate of; otherwise a second registrar confirms it.
fn annul(at: &AtOffice<'_>, text: &str) -> Result<Decided, NotDone> {
    let Some(words) = reason(text) else {
        return Err(NotDone::Reason);
    };
    let certified = at
        .record
        .state
        .registration()
        .is_some_and(|r| r.certificate.is_some());
    let asked = Step::AnnulmentAsked(Annulment {
        h: at.record.effective.h.clone(),
        kid: None,
        decided_by: Some(at.login.to_owned()),
        reason: Some(words.clone()),
    });
    let pending = matches!(at.record.state, State::AnnulmentPending { .. });
    if certified && pending {
        return Err(NotDone::Ended);
    }
    if certified {
        let told = Told::because(Status::AnnulmentPending, problem(Reason::SecondRegistrar));
        return Ok(Decided::with(vec![asked], told.by_registrar()));
    }
    let why = Reason::AnnulledByRegistrar.msg().with("what", words);
    let told = Told::because(
        Status::Voided,
        problem_of(Reason::AnnulledByRegistrar.code(), None, &why),
    );
    let mut steps = vec![Step::Annulled];
    if !pending {
        steps.insert(0, asked);
    }
    Ok(Decided::with(steps, told.by_registrar()))
}

/// Answers everything that a registered one is looked at for; the log keeps the reason.
fn settle(at: &AtOffice<'_>, text: &str) -> Result<Decided, NotDone> {
    if at.record.notices.is_empty() {
        return Err(NotDone::NothingToSettle);
    }
    if reason(text).is_none() {
        return Err(NotDone::Reason);
    }
    let answers = at.record.notices.iter().map(|hold| Answer {
        code: hold.problem.code.clone(),
        of: hold.of.clone(),
        entry: at.record.effective.h.clone(),
    });
    let steps = vec![Step::Answered(answers.collect())];
    Ok(Decided::with(steps, Told::again(at.last)))
}

/// A reason as it is kept: one line that says something, a few letters at least, not a dash or a dot.
pub(in crate::portal) fn reason(text: &str) -> Option<String> {
    line(text, LONGEST_REASON).filter(|text| text.chars().filter(|c| c.is_alphabetic()).count() >= 3)
}

fn transfer(at: &AtOffice<'_>, to: &OfficeCode) -> Result<Decided, NotDone> {
    let known = crate::codes::list("office").is_some_and(|l| l.get(to).is_some());
    if !known || at.record.office == *to {
        return Err(NotDone::Office);
    }
    let steps = vec![Step::Transferred { office: to.clone() }];
    Ok(Decided::with(steps, Told::again(at.last)))
}
