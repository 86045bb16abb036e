//! What a stated event is worth by itself: its faults, its category, what is still missing. Pure.

use chrono::{DateTime, Duration, FixedOffset};

use super::reason::{problem, problem_of};
use super::state::About;
use crate::env::{ClockTrust, Role};
use crate::form::{FieldError, body};
use crate::portal::PortalSettings;
use crate::questions::{self, Use};
use crate::rules::{self, Context, Door, Finding, Severity, Sibling};
use crate::seal::{Entry, Problem};
use crate::vital::{Event, Kind, Not, Stated, day_number, field as f};
use crate::wire::Reason;

/// Reads the event of a body; a fault of form is the ward's to correct.
pub(in crate::portal) fn read_event(kind: Kind, entry: &Entry) -> Result<Event, Problem> {
    let json = serde_json::Value::Object(entry.body.clone());
    body::from_json(kind, &json, body::Unknown::Keep).map_err(|errors| match errors.first() {
        Some(e) => problem_of(Reason::BadField.code(), Some(&e.field), &e.msg),
        None => problem(Reason::BadField),
    })
}

/// The rules of every door, asked of a statement as the ward saw it when it signed.
pub(in crate::portal) struct Faults<'a> {
    pub settings: &'a PortalSettings,
    /// The portal's time.
    pub now: DateTime<FixedOffset>,
    /// Other members of its multiple birth.
    pub siblings: &'a [Sibling],
}

impl Faults<'_> {
    /// The first fault that the ward has to correct: an error, or a warning that nobody answered.
    pub fn first(&self, event: &Event, entry: &Entry) -> Option<Problem> {
        let findings = self.look(event, entry, entry.rec.min(self.now), entry.clk);
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
        let today = self.now.date_naive();
        if event.event_date().is_some_and(|d| d.earliest() > today) {
            let again = self.look(event, entry, self.now, ClockTrust::Synced);
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

    /// Lists what the rules find, for whoever is entering it; open warnings one by one. `faults` are of
    /// answers that could not be read.
    pub fn all(&self, event: &Event, entry: &Entry, faults: &[FieldError]) -> Vec<Finding> {
        let mut findings = self.look(event, entry, entry.rec.min(self.now), entry.clk);
        let unread: Vec<&str> = faults.iter().map(|e| e.field.as_str()).collect();
        Door::Paper.keep(&mut findings, &unread);
        findings
    }

    /// The first finding of a rule that the settings name: a person looks although it was answered.
    pub fn named(&self, event: &Event, entry: &Entry) -> Option<Problem> {
        let named = &self.settings.hold_rules;
        if named.is_empty() {
            return None;
        }
        let findings = self.look(event, entry, entry.rec.min(self.now), entry.clk);
        let found = findings.iter().find(|f| named.iter().any(|n| n == f.rule));
        found.map(of_finding)
    }

    /// Looks with the eyes of the ward: at the time of signing, so that a slow road makes no fault.
    fn look(
        &self,
        event: &Event,
        entry: &Entry,
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
            siblings: self.siblings,
            signer: Some(true),
            ..Context::new(now, &self.settings.limits)
        };
        let mut findings = rules::check(event, &ctx);
        Door::Intake.keep(&mut findings, &[]);
        findings
    }
}

fn of_finding(finding: &Finding) -> Problem {
    problem_of(finding.rule, Some(finding.field), &finding.msg)
}

/// Whether it came so late that a registrar looks.
pub(in crate::portal) fn late(
    settings: &PortalSettings,
    event: &Event,
    now: DateTime<FixedOffset>,
) -> Option<Reason> {
    let own = settings.registration.late_hold_days.get(event.kind.code());
    let days = own.unwrap_or(&settings.limits.late_hold_days);
    let date = event.event_date()?;
    (date.latest() + Duration::days(i64::from(*days)) < now.date_naive()).then_some(Reason::Late)
}

/// Whether its time of signing has to be borne out: by its own word it was signed in time, and it arrived
/// when a reason for the lateness would have been asked for.
pub(in crate::portal) fn needs_signing_time(
    settings: &PortalSettings,
    event: &Event,
    rec: DateTime<FixedOffset>,
    at: DateTime<FixedOffset>,
) -> bool {
    let Some(date) = event.event_date() else {
        return false;
    };
    let within = Duration::days(i64::from(settings.limits.late_reason_days));
    let late = |moment: DateTime<FixedOffset>| date.latest() + within < moment.date_naive();
    late(at) && !late(rec)
}

/// Whether it cannot be told which event it is: nothing is known of the mother of a birth or of the
/// deceased, neither a name nor a document, whichever unknown was stated; or no date.
pub(in crate::portal) fn is_without_identity(event: &Event) -> bool {
    if event.event_date().is_none() {
        return true;
    }
    let who = event.kind.person();
    let named = questions::used_for(event.kind, Use::Identity).any(|q| event.text(q.id).is_some());
    !named && event.text(&format!("{who}.document")).is_none()
}

/// What a notification is found and counted by, of a statement; `offset` is the registry's.
pub(in crate::portal) fn about(event: &Event, offset: &FixedOffset) -> About {
    let date = event.event_date();
    About {
        set: event.set.as_ref().map(|s| (s.id.clone(), s.n)),
        day: date.map(|d| day_number(d.earliest())),
        event_ms: date.and_then(|d| d.day()).and_then(|day| {
            let (hour, minute) = event.event_time().map_or((12, 0), |t| (t.hour, t.minute));
            let local = day.and_hms_opt(hour, minute, 0)?.and_local_timezone(*offset);
            Some(local.single()?.timestamp_millis())
        }),
        unproven: false,
    }
}

/// Categories that a human decides.
pub(in crate::portal) fn category(event: &Event, role: Option<Role>) -> Option<Reason> {
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
            let settled = event.text(f::DEATH_POLICE).is_some() || role == Some(Role::Forensic);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::tests::generator::{any_event, config, looked, now};
    use crate::seal::EntryType;

    fn entry(event: &Event) -> Entry {
        let body = match body::to_json(event) {
            serde_json::Value::Object(body) => body,
            other => panic!("{other}"),
        };
        Entry {
            v: 1,
            t: EntryType::Notice(event.kind),
            id: "n".into(),
            nid: "n".into(),
            rev: 1,
            jid: "j".into(),
            seq: 2,
            prev: "p".into(),
            rec: now(),
            clk: ClockTrust::Synced,
            fac: "TJ-DU-02-H01".into(),
            dev: "d".into(),
            usr: "doctor".into(),
            role: Role::Doctor,
            app: "test".into(),
            body,
            reference: None,
            reason: None,
        }
    }

    proptest! {
        #![proptest_config(config(500))]

        /// The registry reads what a ward signed, finds in it what the ward found, and returns the first of it.
        #[test]
        fn the_registry_is_asked_what_every_door_asks(event in any_event()) {
            let entry = entry(&event);
            let read = read_event(event.kind, &entry);
            prop_assert_eq!(read.as_ref().ok(), Some(&event));
            let settings = PortalSettings::default();
            let faults = Faults { settings: &settings, now: now() + Duration::days(3), siblings: &[] };
            let mut wanted = looked(&event);
            Door::Paper.keep(&mut wanted, &[]);
            prop_assert_eq!(faults.all(&event, &entry, &[]), wanted.clone());
            let stops = |f: &&Finding| rules::stops(std::slice::from_ref(*f));
            let first = wanted.iter().find(stops).map(of_finding);
            prop_assert_eq!(faults.first(&event, &entry), first);
        }
    }
}
