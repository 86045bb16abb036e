//! The device and its people ask the registry to believe their keys: `enrol`, over the network or
//! by a stick.

use std::path::Path;

use serde_json::json;
use zeroize::Zeroizing;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::read::read;
use super::secret;
use super::ward;
use crate::env::{Role, write_new_private};
use crate::lang::Msg;
use crate::seal::{EnrolRequest, countersign, read_enrolment};
use crate::ward::deliver;
use crate::ward::store::enrolment_request_key;
use crate::ward::workplace::{UnlockedPerson, Workplace, check_facility};
use crate::wire::{EnrolmentAnswer, EnrolmentState};

/// `enrol`: asks the registry to believe the device and every person it does not know yet.
pub fn enrol(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    if let Some(path) = call.value("trust") {
        return bring_trust(&mut ward, path, out);
    }
    // What the registry believes already need not ask again; a stick asks without knowing.
    if call.value("to").is_none() {
        ask_for_trust(&mut ward)?;
    }
    let trust = ward.trust()?;
    let believed = |kid: &str| trust.as_ref().is_some_and(|t| t.find(kid).is_some());
    let code = one_time_code(call, out)?;
    let administrator = match call.value("sign-as") {
        Some(_) => Some(ward::unlock(&mut ward, call)?).filter(|by| by.person.role == Role::Administrator),
        None => None,
    };
    if call.value("sign-as").is_some() && administrator.is_none() {
        return Err(Failure::refused(Msg::new("cli-needs-administrator")));
    }
    let second = match call.value("second") {
        Some(who) => Some(ward::unlock_with(&mut ward, who, call, "second-passphrase-file")?),
        None => None,
    };
    // Beneath the administrator's countersignature, so that two vouch.
    let seconded = |who: &str, request: String| match &second {
        Some(second) if second.person.login != who => countersign(&request, &second.key),
        _ => Ok(request),
    };
    let mut requests = Vec::new();
    if !believed(ward.device.public().kid()) {
        let who = Role::Device.code();
        let mut request = seconded(who, device_request(&ward, code.as_ref())?)?;
        // A code or a second person is one word for the machine, the administrator's is the other.
        if let Some(admin) = administrator
            .as_ref()
            .filter(|_| code.is_some() || second.is_some())
        {
            request = countersign(&request, &admin.key)?;
        }
        requests.push((who.to_owned(), request));
    }
    // Whoever countersigns for the others has to be believed first.
    if let (Some(code), Some(admin)) = (&code, &administrator)
        && !believed(&admin.person.kid)
    {
        let who = admin.person.login.clone();
        let request = seconded(&who, own_request(&ward, admin, code)?)?;
        requests.push((who, request));
    }
    for person in ward.store.people()? {
        if believed(&person.kid) || person.suspended.is_some() {
            continue;
        }
        if requests.iter().any(|(who, _)| *who == person.login) {
            continue;
        }
        let Some(own) = ward.store.meta(&enrolment_request_key(&person.kid))? else {
            continue;
        };
        let request = match &administrator {
            // What a colleague gave bears that colleague's signature already.
            Some(admin) if admin.person.login != person.login && !is_countersigned(&own) => {
                countersign(&seconded(&person.login, own)?, &admin.key)?
            }
            _ => own,
        };
        requests.push((person.login, request));
    }
    if requests.is_empty() && !out.json {
        out.message(&Msg::new("cli-enrol-nothing"));
    }
    if let Some(path) = call.value("to") {
        let lines: Vec<&str> = requests.iter().map(|(_, request)| request.as_str()).collect();
        write_new(Path::new(path), &format!("{}\n", lines.join("\n")))?;
        let fingerprint = ward.device.public().fingerprint();
        out.either(
            &json!({ "file": path, "requests": requests.len(), "fingerprint": fingerprint }),
            || {
                Msg::new("cli-enrol-written")
                    .with("path", path)
                    .with("n", requests.len())
                    .with("fingerprint", fingerprint.as_str())
                    .render(out.lang)
            },
        );
        return Ok(fail::OK);
    }
    let mut believed = false;
    for (who, request) in requests {
        let asked = ask(&ward, &request)?;
        believed |= asked.state == EnrolmentState::Approved;
        out.either(
            &json!({ "who": who, "request": asked.id, "state": asked.state }),
            || {
                Msg::new(match asked.state {
                    EnrolmentState::Approved => "cli-enrol-believed",
                    EnrolmentState::Refused => "cli-enrol-declined",
                    EnrolmentState::Waiting => "cli-enrol-sent",
                })
                .with("who", who.as_str())
                .with("id", asked.id.as_str())
                .render(out.lang)
            },
        );
    }
    if believed {
        ask_for_trust(&mut ward)?;
    }
    Ok(fail::OK)
}

fn is_countersigned(request: &str) -> bool {
    read_enrolment(request).is_ok_and(|read| read.countersigned.is_some())
}

/// Brings a request to the registry.
pub(super) fn ask(ward: &Workplace, request: &str) -> Result<EnrolmentAnswer, Failure> {
    deliver::enrol(&ward.settings, request).map_err(|e| match e.is_unreachable() {
        true => Failure::unreachable(&e),
        false => e.into(),
    })
}

/// The registry's one-time code: the first line of `--code-file`, or asked for with `--code`.
fn one_time_code(call: &Call, out: Out) -> Result<Option<Zeroizing<String>>, Failure> {
    match call.value("code-file") {
        Some(path) => secret::first_line(path).map(Some),
        None if call.has("code") => {
            secret::ask_for(out.lang, "cli-ask-code").map(|c| Some(Zeroizing::new(c)))
        }
        None => Ok(None),
    }
}

/// The device asks to be believed.
fn device_request(ward: &Workplace, code: Option<&Zeroizing<String>>) -> Result<String, Failure> {
    check_facility(&ward.settings.facility)?;
    let device = ward.device.public();
    let request = EnrolRequest::of_device(&device, &ward.settings.facility, ward.clock.now());
    let request = match code {
        Some(code) => request.with_code(code)?,
        None => request,
    };
    Ok(request.seal(&ward.device)?)
}

/// An administrator asks anew, with the proof of the code.
fn own_request(ward: &Workplace, by: &UnlockedPerson, code: &str) -> Result<String, Failure> {
    let who = (by.person.login.as_str(), by.person.name.as_str(), by.person.role);
    let fac = &ward.settings.facility.code;
    let request = EnrolRequest::of_person(&by.key.public(), fac, who, ward.clock.now());
    Ok(request.with_code(code)?.seal(&by.key)?)
}

/// What the registry believes by now.
pub(super) fn ask_for_trust(ward: &mut Workplace) -> Result<(), Failure> {
    match deliver::fetch_trust(&mut ward.store, &ward.settings, &ward.device, ward.clock.as_ref()) {
        Err(e) if e.is_unreachable() => Err(Failure::unreachable(&e)),
        Err(e) => Err(e.into()),
        Ok(_) => Ok(()),
    }
}

/// `enrol --trust FILE`: the registry's lists, brought on a stick.
fn bring_trust(ward: &mut Workplace, path: &str, out: Out) -> Result<i32, Failure> {
    let text = read(path)?;
    let number = deliver::bring_trust(&mut ward.store, &ward.settings, &text)?;
    let believed = ward
        .trust()?
        .is_some_and(|t| t.find(ward.device.public().kid()).is_some());
    let count = i64::try_from(number).unwrap_or(i64::MAX);
    out.either(&json!({ "trust": number, "device": believed }), || {
        let id = if believed {
            "cli-trust-brought"
        } else {
            "cli-trust-without-us"
        };
        Msg::new(id).with("number", count).render(out.lang)
    });
    Ok(fail::OK)
}

/// Writes a file for a stick; one that is there stays.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    Ok(write_new_private(path, text.as_bytes())?)
}
