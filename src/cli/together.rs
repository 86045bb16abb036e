//! Several events in one file, signed in one act: children of one delivery, a birth and its death.
//!
//! The file is `{"events": [{"kind": "birth", "event": {…}}, …]}`. A link names another event of the file by its
//! place, `"nid": "#2"`; a birth of a child that no longer lives and the one death of the file name each other
//! without being told. Children of one plurality become one set. All are signed, or none.

use serde_json::{Map, Value as Json};

use super::fail::{Failure, Fault};
use crate::env::new_uuid;
use crate::form::{FieldError, WHOLE, body};
use crate::lang::Msg;
use crate::vital::{Event, Kind, Link, Set, field as f};

/// The word for a file of several events, in the place of a kind.
pub const EVENTS: &str = "events";

/// An event of a file.
pub struct OfFile {
    /// The identifier that its notification is to have.
    pub id: String,
    /// Where it stands in the file, as a JSON pointer.
    pub within: String,
    /// What of it can be read.
    pub event: Event,
    /// What of it cannot.
    pub faults: Vec<Fault>,
}

/// The events of a file.
pub struct Batch {
    /// In the order of the file.
    pub events: Vec<OfFile>,
    /// What stands there and is no event.
    pub faults: Vec<Fault>,
}

impl Batch {
    /// A file that is one event.
    pub fn of_one(event: Event, faults: Vec<Fault>) -> Batch {
        let one = OfFile {
            id: new_uuid(),
            within: String::new(),
            event,
            faults,
        };
        Batch {
            events: vec![one],
            faults: Vec::new(),
        }
    }

    /// Whether something in it cannot be read.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty() || self.events.iter().any(|one| !one.faults.is_empty())
    }

    /// Whatever in it cannot be read.
    pub fn into_faults(self) -> Vec<Fault> {
        let of_events = self.events.into_iter().flat_map(|one| one.faults);
        self.faults.into_iter().chain(of_events).collect()
    }
}

/// Reads a file of several events, as far as it can be read.
///
/// # Errors
/// The one fault of a file that is no list of events.
pub fn read(text: &str) -> Result<Batch, Fault> {
    let rows = json(text)?;
    list(&rows).ok_or_else(|| broken(Msg::new("cli-events-shape")))
}

/// Reads a file of several events, all of which can be read.
///
/// # Errors
/// Every fault of it.
pub fn read_whole(text: &str) -> Result<Vec<OfFile>, Failure> {
    let batch = read(text).map_err(|fault| Failure::of_faults(vec![fault]))?;
    match batch.has_faults() {
        true => Err(Failure::of_faults(batch.into_faults())),
        false => Ok(batch.events),
    }
}

/// Reads what another system handed over: an event with its kind, or several of them.
///
/// # Errors
/// The one fault of a file that is neither.
pub fn handed_over(json: &Json) -> Result<Batch, Fault> {
    if let Some(batch) = list(json) {
        return Ok(batch);
    }
    let one = event(json, "/event").ok_or_else(|| broken(Msg::new("cli-inbox-shape")))?;
    Ok(Batch {
        events: vec![one],
        faults: Vec::new(),
    })
}

/// Where the event of this place stands in a file that was handed over.
pub fn place(json: &Json, at: usize) -> String {
    match json.get(EVENTS) {
        Some(_) => format!("/{EVENTS}/{at}/event"),
        None => "/event".to_owned(),
    }
}

/// Reads JSON.
///
/// # Errors
/// The fault of a text that is none, by line and column.
pub fn json(text: &str) -> Result<Json, Fault> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| {
        let msg = Msg::new("form-broken-json").with("line", e.line());
        broken(msg.with("column", e.column()))
    })
}

/// A fault of a whole file.
pub fn broken(msg: Msg) -> Fault {
    let error = FieldError {
        field: WHOLE.to_owned(),
        msg,
    };
    Fault::of(Kind::Birth, "", error)
}

/// Several events; none of what is no list of them.
fn list(json: &Json) -> Option<Batch> {
    let rows = json.get(EVENTS)?.as_array().filter(|rows| !rows.is_empty())?;
    let (mut events, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        match event(row, &format!("/{EVENTS}/{at}/event")) {
            Some(one) => events.push(one),
            None => faults.push(astray(
                Kind::Birth,
                format!("/{EVENTS}/{at}"),
                Msg::new("cli-events-row").with("n", at + 1),
            )),
        }
    }
    // Places are those of the file: with a row left out nobody knows whom a link means.
    if faults.is_empty() {
        name_each_other(&mut events);
        pair_birth_and_death(&mut events);
        gather_sets(&mut events);
    }
    Some(Batch { events, faults })
}

/// A fault of a place that is no field.
fn astray(kind: Kind, place: String, msg: Msg) -> Fault {
    let field = String::new();
    Fault::of(kind, &place, FieldError { field, msg })
}

fn event(row: &Json, within: &str) -> Option<OfFile> {
    let row: &Map<String, Json> = row.as_object()?;
    let kind = Kind::from_code(row.get("kind")?.as_str()?)?;
    let event = row.get("event").filter(|_| row.len() == 2)?;
    let (event, errors) = body::read_json(kind, event, body::Unknown::Refuse);
    let faults = errors.into_iter().map(|e| Fault::of(kind, within, e)).collect();
    Some(OfFile {
        id: new_uuid(),
        within: within.to_owned(),
        event,
        faults,
    })
}

/// Puts the identifier of an event of the file where a link names its place.
fn name_each_other(all: &mut [OfFile]) {
    let ids: Vec<String> = all.iter().map(|one| one.id.clone()).collect();
    for (at, one) in all.iter_mut().enumerate() {
        for (n, link) in one.event.links.iter_mut().enumerate() {
            let Some(place) = link.nid.strip_prefix('#') else {
                continue;
            };
            let named = place
                .parse::<usize>()
                .ok()
                .and_then(|n| n.checked_sub(1))
                .filter(|n| *n != at);
            match named.and_then(|n| ids.get(n)) {
                Some(id) => link.nid.clone_from(id),
                None => one.faults.push(astray(
                    one.event.kind,
                    format!("{}/links/{n}/nid", one.within),
                    Msg::new("cli-events-link").with("found", link.nid.as_str()),
                )),
            }
        }
    }
}

/// The one child of the file that no longer lives and the one death name each other.
fn pair_birth_and_death(all: &mut [OfFile]) {
    let places = |all: &[OfFile], is: fn(&Event) -> bool| -> Vec<usize> {
        let places = all.iter().enumerate().filter(|(_, one)| is(&one.event));
        places.map(|(at, _)| at).collect()
    };
    let births = places(all, |e| {
        e.kind == Kind::Birth && e.text(f::CHILD_LIVING) == Some("no")
    });
    let deaths = places(all, |e| e.kind == Kind::Death);
    let ([birth], [death]) = (&*births, &*deaths) else {
        return;
    };
    for (from, to, kind) in [
        (*birth, *death, "birth-of-this-death"),
        (*death, *birth, "death-of-this-birth"),
    ] {
        let Some(nid) = all.get(to).map(|one| one.id.clone()) else {
            return;
        };
        if let Some(one) = all.get_mut(from)
            && !one.event.links.iter().any(|link| link.nid == nid)
        {
            let kind = kind.to_owned();
            one.event.links.push(Link { nid, kind });
        }
    }
}

/// Makes one set of the children of one plurality above one, as far as the file names none.
fn gather_sets(all: &mut [OfFile]) {
    let several = |event: &Event| {
        event
            .int(f::BIRTH_PLURALITY)
            .filter(|n| *n > 1 && event.set.is_none())
    };
    let mut wanted: Vec<i64> = all.iter().filter_map(|one| several(&one.event)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    for plurality in wanted {
        let of_it = |event: &Event| several(event) == Some(plurality);
        let n = all.iter().filter(|one| of_it(&one.event)).count();
        let Some(n) = u32::try_from(n).ok().filter(|n| *n > 1) else {
            continue;
        };
        let id = new_uuid();
        let members = all.iter_mut().filter(|one| of_it(&one.event));
        for (one, place) in members.zip(1..) {
            let order = one.event.int(f::BIRTH_ORDER).and_then(|n| u32::try_from(n).ok());
            one.event.set = Some(Set {
                id: id.clone(),
                order: order.unwrap_or(place),
                n,
            });
        }
    }
}
