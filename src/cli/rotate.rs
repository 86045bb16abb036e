//! A new key for this device, in the place of the one it has: `rotate`.
//!
//! The new key asks to be believed, countersigned by an administrator; once the registry believes it,
//! the device signs with it, in a new journal that continues the old one. The registry revokes the old
//! key some days later, so that nothing on its way is held.

use serde_json::json;

use super::enrol::{ask, ask_for_trust, write_new};
use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward;
use crate::env::{DatabaseKey, EnvError, Role, rename_synced, write_private};
use crate::lang::Msg;
use crate::seal::{EnrolRequest, PublicKey, SecretKey, countersign};
use crate::ward::store::{self, Site, Store, enrolment_request_key};
use crate::ward::workplace::{KeyStanding, Workplace, check_facility, read_key};
use crate::wire::EnrolmentState;

/// Thumbprint of the key that is just taking its place, kept in the database until its journal is open.
const TAKING: &str = "rotating";

/// `rotate`: asks for the new key, or takes it where the registry believes it by now.
pub fn rotate(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    let next = ward.paths.next_device_key();
    // An earlier call may have been cut off before its journal was opened.
    let (store, site) = ward.at_hand()?;
    store.open_journal(&site)?;
    let device = ward.device.public();
    if ward.store.meta(TAKING)?.as_deref() == Some(device.kid()) {
        // The key had its place already: another one would be asked for otherwise.
        return taken(&mut ward.store, &device, out);
    }
    // The same new key and request until it is believed: whoever asks twice asks for one.
    let new = match next.exists() {
        true => read_key(&next)?,
        false => {
            let new = SecretKey::generate()?;
            write_private(&next, new.to_text().as_bytes())?;
            new
        }
    };
    if call.value("to").is_none() {
        ask_for_trust(&mut ward)?;
    }
    if believed(&ward, &new)? {
        return take(ward, &new, out);
    }
    let name = enrolment_request_key(new.public().kid());
    let mut request = match ward.store.meta(&name)? {
        Some(request) => request,
        None => {
            let facility = &ward.settings.facility;
            check_facility(facility)?;
            let request = EnrolRequest::of_device(&new.public(), facility, ward.clock.now());
            let request = request.instead_of(&ward.device.public()).seal(&new)?;
            ward.store.set_meta(&name, &request)?;
            request
        }
    };
    if call.value("sign-as").is_some() {
        let administrator = ward::unlock(&mut ward, call)?;
        if administrator.person.role != Role::Administrator {
            return Err(Failure::refused(Msg::new("cli-needs-administrator")));
        }
        request = countersign(&request, &administrator.key)?;
    }
    let fingerprint = new.public().fingerprint();
    if let Some(path) = call.value("to") {
        write_new(std::path::Path::new(path), &format!("{request}\n"))?;
        out.either(&json!({ "file": path, "fingerprint": fingerprint }), || {
            Msg::new("cli-enrol-written")
                .with("path", path)
                .with("n", 1_usize)
                .with("fingerprint", fingerprint.as_str())
                .render(out.lang)
        });
        return Ok(fail::OK);
    }
    let asked = ask(&ward, &request)?;
    if asked.state == EnrolmentState::Approved {
        ask_for_trust(&mut ward)?;
        return take(ward, &new, out);
    }
    out.either(
        &json!({ "request": asked.id, "state": asked.state, "fingerprint": fingerprint }),
        || {
            Msg::new("cli-rotate-waits")
                .with("id", asked.id.as_str())
                .with("fingerprint", fingerprint.as_str())
                .render(out.lang)
        },
    );
    Ok(fail::OK)
}

fn believed(ward: &Workplace, key: &SecretKey) -> Result<bool, Failure> {
    Ok(ward.standing_of(key.public().kid())? == KeyStanding::Confirmed)
}

/// The new key from now on. Whoever has the app open holds the old one in memory, so nobody may.
fn take(ward: Workplace, new: &SecretKey, out: Out) -> Result<i32, Failure> {
    let clk = ward.trust_in_clock()?;
    let Workplace {
        paths,
        settings,
        mut store,
        clock,
        ..
    } = ward;
    store.set_meta(TAKING, new.public().kid())?;
    drop(store);
    let alone = store::alone(&paths.open_lock())?;
    let (key, next) = (paths.device_key(), paths.next_device_key());
    rename_synced(&next, &key).map_err(|e| EnvError::Unwritable(key.clone(), e))?;
    // What the old key's journal still has to deliver goes by way of the new one, which names it.
    let site = Site {
        settings: &settings,
        device: new,
        now: clock.now(),
        clk,
    };
    let database = DatabaseKey::find(&paths)?.map(|(key, _)| key);
    let mut store = Store::open_with(&paths.database(), database.as_ref())?;
    store.open_journal(&site)?;
    taken(&mut store, &new.public(), out)?;
    drop(alone);
    Ok(fail::OK)
}

/// The key is in its place, and its journal is open. Told first: who was cut off may ask again.
fn taken(store: &mut Store, device: &PublicKey, out: Out) -> Result<i32, Failure> {
    let fingerprint = device.fingerprint();
    out.either(
        &json!({ "device": device.kid(), "fingerprint": fingerprint }),
        || {
            Msg::new("cli-rotated")
                .with("fingerprint", fingerprint.as_str())
                .render(out.lang)
        },
    );
    store.set_meta(TAKING, "")?;
    Ok(fail::OK)
}
