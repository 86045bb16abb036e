//! `check-event`: what the rules say of an event, or of several that are to be signed in one act.

use chrono::{DateTime, FixedOffset};

use super::fail::{self, Failure};
use super::fault::{Fault, of_finding};
use super::forms::{self, finding_line};
use super::out::Out;
use super::parse::Call;
use super::record;
use super::together::{self, Batch, OfFile};
use super::ward;
use crate::env::{Clock, Limits, Policy, Role, SystemClock};
use crate::form::{WHOLE, body};
use crate::lang::Msg;
use crate::questions;
use crate::rules::{self, Context, Door, Finding};
use crate::vital::Event;
use crate::ward::workplace::{AsOf, Workplace};

/// `check-event`: the findings for what a file says, without storing it.
///
/// With a data folder it looks as the ward would: with its limits, its list of causes and what lies
/// around the event there. `--at` looks as of another moment, for events that were written then; `--amends` as
/// a correction of a notification there, `--role` as somebody who is to sign it.
pub fn check_event(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut batch = match read(call)? {
        Ok(batch) => batch,
        // Of a file that is no JSON there is nothing more to say.
        Err(broken) if out.json => {
            out.object(&broken.json(out.lang));
            return Ok(fail::REFUSED);
        }
        Err(broken) => return Err(Failure::of_faults(vec![broken])),
    };
    if !out.json && batch.has_faults() {
        return Err(Failure::of_faults(batch.into_faults()));
    }
    let from = Standpoint::of(call)?;
    for one in &mut batch.events {
        forms::answer(&mut one.event, call)?;
        if let (Some(ward), None) = (&from.ward, &from.amended) {
            record::address(&mut one.event, ward);
        }
    }
    for fault in &batch.faults {
        out.object(&fault.json(out.lang));
    }
    let mut refused = batch.has_faults();
    let all: Vec<(&str, &Event)> = batch.events.iter().map(|one| (&*one.id, &one.event)).collect();
    for one in &batch.events {
        let findings = from.findings(one, &all)?;
        for unread in &one.faults {
            out.object(&unread.json(out.lang));
        }
        for finding in &findings {
            out.either(&of_finding(finding, &one.within, out.lang), || {
                finding_line(finding, &one.within, out)
            });
        }
        refused |= rules::stops(&findings);
    }
    Ok(if refused { fail::REFUSED } else { fail::OK })
}

/// What the file says; the fault of one that cannot be read at all.
fn read(call: &Call) -> Result<Result<Batch, Fault>, Failure> {
    if call.arg()? == together::EVENTS {
        if call.has("amends") {
            return Err(Failure::usage(Msg::new("cli-amends-one")));
        }
        return Ok(together::read(&forms::file(call)?));
    }
    let kind = forms::kind(call)?;
    let (event, mut faults) = body::read_text(kind, &forms::file(call)?);
    if faults.len() == 1
        && let Some(broken) = faults.pop_if(|fault| fault.field == WHOLE)
    {
        return Ok(Err(Fault::of(kind, "", broken)));
    }
    let faults = faults.into_iter().map(|e| Fault::of(kind, "", e)).collect();
    Ok(Ok(Batch::of_one(event, faults)))
}

/// As where and when it is looked at, and by whom it is to be signed.
struct Standpoint {
    ward: Option<Workplace>,
    amended: Option<String>,
    role: Option<Role>,
    at: (DateTime<FixedOffset>, bool),
}

impl Standpoint {
    fn of(call: &Call) -> Result<Standpoint, Failure> {
        let role = call.value("role").map(|code| {
            Role::from_code(code)
                .ok_or_else(|| Failure::usage(Msg::new("cli-role-unknown").with("found", code)))
        });
        let role = role.transpose()?;
        let clock = SystemClock {
            utc_offset_minutes: 300,
        };
        let now = match call.value("at") {
            None => clock.now(),
            Some(text) => DateTime::parse_from_rfc3339(text)
                .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z"))
                .map_err(|_| Failure::usage(Msg::new("cli-not-a-moment").with("found", text)))?,
        };
        let ward = call.has("data-dir").then(|| ward::open(call)).transpose()?;
        let amended = match (&ward, call.value("amends")) {
            (_, None) => None,
            (Some(ward), Some(id)) => Some(ward.store.find_nid(id)?),
            (None, Some(_)) => return Err(Failure::usage(Msg::new("cli-amends-where"))),
        };
        Ok(Standpoint {
            ward,
            amended,
            role,
            at: (now, !call.has("clock-untrusted")),
        })
    }

    /// What is said of an event of a file, of which some values could not be read.
    fn findings(&self, one: &OfFile, all: &[(&str, &Event)]) -> Result<Vec<Finding>, Failure> {
        let mut findings = self.found(one, all)?;
        let unread: Vec<&str> = one.faults.iter().map(|f| f.error.field.as_str()).collect();
        Door::File.keep(&mut findings, &unread);
        Ok(findings)
    }

    fn found(&self, one: &OfFile, all: &[(&str, &Event)]) -> Result<Vec<Finding>, Failure> {
        let own = (&*one.id, &one.event);
        if let Some(ward) = &self.ward {
            let event = match &self.amended {
                Some(nid) => AsOf::Correction(nid, &one.event),
                None => AsOf::Notice(own, all),
            };
            return Ok(ward.findings_as_of(event, self.role, self.at)?);
        }
        let (required, limits) = (questions::required(&one.event), Limits::default());
        let siblings = rules::signed_along(own, all.iter().copied(), "");
        let may = |role| Policy::default().may_sign(role, one.event.kind.code());
        let context = Context {
            required: &required,
            clock_trusted: self.at.1,
            signer: self.role.map(may),
            nid: Some(&one.id),
            siblings: &siblings,
            ..Context::new(self.at.0, &limits)
        };
        Ok(rules::check(&one.event, &context))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::tests::generator::{any_event, config, looked, now};

    proptest! {
        #![proptest_config(config(500))]

        /// A file says what was written into it, and the rules find in it what they find in the event.
        #[test]
        fn a_file_is_asked_what_every_door_asks(event in any_event()) {
            let text = serde_json::to_string(&body::to_json(&event)).unwrap();
            let (read, faults) = body::read_text(event.kind, &text);
            prop_assert_eq!((&read, &faults), (&event, &vec![]));
            let from = Standpoint { ward: None, amended: None, role: None, at: (now(), true) };
            let batch = Batch::of_one(read, vec![]);
            let one = &batch.events[0];
            let found = from.findings(one, &[(&one.id, &one.event)]);
            prop_assert_eq!(found.ok(), Some(looked(&event)));
        }
    }
}
