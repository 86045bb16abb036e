//! What a stated event is worth: its faults, what needs a human, what is still missing. Pure.

use chrono::{DateTime, Duration, FixedOffset};

use crate::env::{ClockTrust, Role};
use crate::form::body;
use crate::portal::PortalSettings;
use crate::portal::record::{problem, problem_of};
use crate::questions::{self, Use};
use crate::rules::{self, Candidate, Context, Finding, Severity, Sibling};
use crate::seal::{Entry, Problem};
use crate::vital::Nid;
use crate::vital::{Event, Kind, Not, Stated, field as f};
use crate::wire::Reason;

/// What surrounds the judgement of one event.
pub(in crate::portal) struct AssessmentContext<'a> {
    pub settings: &'a PortalSettings,
    /// The portal's time.
    pub now: DateTime<FixedOffset>,
    /// Other members of its multiple birth.
    pub siblings: &'a [Sibling],
    /// Notifications that may be the same event.
    pub candidates: &'a [Candidate],
    /// Another birth of the same mother, too short a time away.
    pub too_soon: Option<&'a str>,
    /// Role of whoever signed, by the trust list.
    pub role: Option<Role>,
}

/// Reads the event of a body; a fault of form is the ward's to correct.
pub(in crate::portal) fn read_event(kind: Kind, entry: &Entry) -> Result<Event, Problem> {
    let json = serde_json::Value::Object(entry.body.clone());
    body::from_json(kind, &json, body::Unknown::Keep).map_err(|errors| match errors.first() {
        Some(e) => problem_of(Reason::BadField.code(), Some(&e.field), &e.msg),
        None => problem(Reason::BadField),
    })
}

/// The first fault that the ward has to correct: an error, or a warning that nobody answered.
pub(in crate::portal) fn fault(
    event: &Event,
    entry: &Entry,
    context: &AssessmentContext<'_>,
) -> Option<Problem> {
    let findings = look(event, entry, context, entry.rec.min(context.now), entry.clk);
    // C05 only counts the open warnings; the ward needs to know which.
    let stops = |f: &&&Finding| rules::stops(std::slice::from_ref(**f));
    let named = findings
        .iter()
        .filter(|f| f.rule != rules::id::C05)
        .find(|f| stops(&f));
    if let Some(finding) = named.or_else(|| findings.iter().find(|f| stops(&f))) {
        return Some(of_finding(finding));
    }
    // The ward's clock may have been far ahead; what lies in our future cannot have happened.
    let today = context.now.date_naive();
    if event.event_date().is_some_and(|d| d.earliest() > today) {
        let again = look(event, entry, context, context.now, ClockTrust::Synced);
        return again
            .iter()
            .find(|f| f.severity == Severity::E)
            .map(of_finding)
            .or_else(|| {
                let field = Some(event.kind.date_field());
                Some(problem_of(
                    Reason::BadField.code(),
                    field,
                    &Reason::BadField.msg(),
                ))
            });
    }
    None
}

/// Looks with the eyes of the ward: at the time of signing, so that a slow road makes no fault.
fn look(
    event: &Event,
    entry: &Entry,
    context: &AssessmentContext<'_>,
    now: DateTime<FixedOffset>,
    clk: ClockTrust,
) -> Vec<Finding> {
    let required = questions::required(event);
    let ctx = Context {
        now,
        clock_trusted: clk == ClockTrust::Synced,
        required: &required,
        nid: Some(&entry.nid),
        amends: entry.rev > 1,
        facility: &entry.fac,
        siblings: context.siblings,
        signer: Some(true),
        ..Context::new(now, &context.settings.limits)
    };
    let mut findings = rules::check(event, &ctx);
    // The death of the child travels behind its birth; the ward has seen that it is there.
    findings.retain(|f| f.rule != rules::id::B30);
    findings
}

fn of_finding(finding: &Finding) -> Problem {
    problem_of(finding.rule, Some(finding.field), &finding.msg)
}

/// Lists what speaks against registering it without a human, the gravest first, each with the
/// notification that it may repeat.
pub(in crate::portal) fn holds(
    event: &Event,
    entry: &Entry,
    context: &AssessmentContext<'_>,
) -> Vec<(Problem, Option<Nid>)> {
    let mut out: Vec<(Problem, Option<Nid>)> = Vec::new();
    out.extend(late(event, context).map(|reason| (problem(reason), None)));
    out.extend(category(event, context).map(|reason| (problem(reason), None)));
    let named = &context.settings.hold_rules;
    if !named.is_empty() {
        let findings = look(event, entry, context, entry.rec.min(context.now), entry.clk);
        let found = findings.iter().find(|f| named.iter().any(|n| n == f.rule));
        out.extend(found.map(|finding| (of_finding(finding), None)));
    }
    let ctx = Context {
        nid: Some(&entry.nid),
        facility: &entry.fac,
        candidates: context.candidates,
        siblings: context.siblings,
        ..Context::new(context.now, &context.settings.limits)
    };
    let other = rules::other_accounts(event, &ctx).next();
    out.extend(other.map(|other| (problem(Reason::LookAlike), Some(other.nid.clone()))));
    let too_soon = context.too_soon.map(Nid::from);
    out.extend(too_soon.map(|nid| (problem(Reason::BirthInterval), Some(nid))));
    out
}

/// Whether it came so late that a registrar looks.
fn late(event: &Event, context: &AssessmentContext<'_>) -> Option<Reason> {
    let own = context
        .settings
        .registration
        .late_hold_days
        .get(event.kind.code());
    let days = own.unwrap_or(&context.settings.limits.late_hold_days);
    let date = event.event_date()?;
    (date.latest() + Duration::days(i64::from(*days)) < context.now.date_naive()).then_some(Reason::Late)
}

/// Categories that a human decides.
fn category(event: &Event, context: &AssessmentContext<'_>) -> Option<Reason> {
    let refused = |who: &str| {
        ["surname", "given", "born"]
            .iter()
            .any(|part| event.not(&format!("{who}.{part}")) == Some(Not::Refused))
    };
    match event.kind {
        Kind::Birth | Kind::FoetalDeath => {
            if questions::is_unidentified(event) {
                return Some(Reason::Foundling);
            }
            if refused("mother") {
                return Some(Reason::MotherRefused);
            }
            // A husband whom the mother will not name is a dispute in the making.
            let married = event.text(f::MOTHER_MARRIAGE) == Some("registered");
            (married && refused("father")).then_some(Reason::Parentage)
        }
        Kind::Death => {
            if questions::is_unidentified(event) {
                return Some(Reason::UnknownDeceased);
            }
            if event.text(f::DEATH_MANNER) == Some("pending") {
                return Some(Reason::MannerOpen);
            }
            let settled = event.text(f::DEATH_POLICE).is_some() || context.role == Some(Role::Forensic);
            (questions::is_violent(event) && !settled).then_some(Reason::ViolentDeath)
        }
    }
}

/// What a registered record still lacks: `name`, `father`, `document`, `cause`.
pub(in crate::portal) fn open(event: &Event) -> Vec<String> {
    let mut out = Vec::new();
    match event.kind {
        Kind::Birth => {
            if event.text(f::CHILD_GIVEN).is_none() {
                out.push("name");
            }
            // Without a registered marriage the father stays as stated and enters no record.
            let married = event.text(f::MOTHER_MARRIAGE) == Some("registered");
            let still_to_come = event.not(f::FATHER_SURNAME) == Some(Not::Yet);
            if !married || still_to_come || event.text(f::FATHER_GIVEN).is_none() {
                out.push("father");
            }
            if event.text(f::MOTHER_DOCUMENT).is_none() {
                out.push("document");
            }
        }
        Kind::FoetalDeath => {
            if event.text(f::MOTHER_DOCUMENT).is_none() {
                out.push("document");
            }
        }
        Kind::Death => {
            if event.text(f::DECEASED_DOCUMENT).is_none() {
                out.push("document");
            }
            let preliminary = event.text(f::DEATH_CERTIFICATE) == Some("preliminary");
            if preliminary || event.text(f::CAUSE_A).is_none() {
                out.push("cause");
            }
        }
    }
    out.into_iter().map(str::to_owned).collect()
}

/// Whether an amendment of a registered record only names or fills in what was not yet known.
pub(in crate::portal) fn only_fills_in(old: &Event, new: &Event) -> bool {
    let mut fields: Vec<&String> = old.values.keys().chain(new.values.keys()).collect();
    fields.sort_unstable();
    fields.dedup();
    let cause_was_open = old.is_open(f::CAUSE_A) || old.text(f::DEATH_CERTIFICATE) == Some("preliminary");
    let fields_fill = fields.into_iter().all(|field| {
        let (before, after) = (old.get(field), new.get(field));
        before == after
            || questions::serves_for(new.kind, field, Use::BesideRecord)
            || (old.is_open(field) && matches!(after, Some(Stated::Known(_) | Stated::Not(_))))
            || (field == f::DEATH_CERTIFICATE
                && cause_was_open
                && new.text(field) == Some("replaces-preliminary"))
    });
    fields_fill && old.set == new.set && old.links.iter().all(|l| new.links.contains(l))
}
