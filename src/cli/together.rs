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

/// Reads a file of several events, each with the identifier that its notification is to have.
pub fn read(text: &str) -> Result<Vec<(String, Event)>, Failure> {
    let broken = |msg: Msg| {
        let error = FieldError {
            field: WHOLE.to_owned(),
            msg,
        };
        Failure::of_faults(vec![Fault::of(Kind::Birth, "", error)])
    };
    let json: Json = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| {
        let msg = Msg::new("form-broken-json").with("line", e.line());
        broken(msg.with("column", e.column()))
    })?;
    let Some(rows) = json
        .get(EVENTS)
        .and_then(Json::as_array)
        .filter(|rows| !rows.is_empty())
    else {
        return Err(broken(Msg::new("cli-events-shape")));
    };
    let (mut all, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        let within = format!("/{EVENTS}/{at}/event");
        match event(row) {
            None => faults.push(Fault::of(
                Kind::Birth,
                &format!("/{EVENTS}/{at}"),
                FieldError {
                    field: String::new(),
                    msg: Msg::new("cli-events-row").with("n", at + 1),
                },
            )),
            Some((kind, (event, errors))) => {
                faults.extend(errors.into_iter().map(|e| Fault::of(kind, &within, e)));
                all.push((new_uuid(), event));
            }
        }
    }
    if faults.is_empty() {
        faults = name_each_other(&mut all);
    }
    if !faults.is_empty() {
        return Err(Failure::of_faults(faults));
    }
    pair_birth_and_death(&mut all);
    gather_sets(&mut all);
    Ok(all)
}

fn event(row: &Json) -> Option<(Kind, (Event, Vec<FieldError>))> {
    let row: &Map<String, Json> = row.as_object()?;
    let kind = Kind::from_code(row.get("kind")?.as_str()?)?;
    let event = row.get("event").filter(|_| row.len() == 2)?;
    Some((kind, body::read_json(kind, event, body::Unknown::Refuse)))
}

/// Puts the identifier of an event of the file where a link names its place.
fn name_each_other(all: &mut [(String, Event)]) -> Vec<Fault> {
    let ids: Vec<String> = all.iter().map(|(id, _)| id.clone()).collect();
    let mut faults = Vec::new();
    for (at, (_, event)) in all.iter_mut().enumerate() {
        for (n, link) in event.links.iter_mut().enumerate() {
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
                None => faults.push(Fault::of(
                    event.kind,
                    &format!("/{EVENTS}/{at}/event/links/{n}/nid"),
                    FieldError {
                        field: String::new(),
                        msg: Msg::new("cli-events-link").with("found", link.nid.as_str()),
                    },
                )),
            }
        }
    }
    faults
}

/// The one child of the file that no longer lives and the one death name each other.
fn pair_birth_and_death(all: &mut [(String, Event)]) {
    let places = |all: &[(String, Event)], is: fn(&Event) -> bool| -> Vec<usize> {
        let places = all.iter().enumerate().filter(|(_, (_, event))| is(event));
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
        let Some(nid) = all.get(to).map(|(id, _)| id.clone()) else {
            return;
        };
        if let Some((_, event)) = all.get_mut(from)
            && !event.links.iter().any(|link| link.nid == nid)
        {
            let kind = kind.to_owned();
            event.links.push(Link { nid, kind });
        }
    }
}

/// Makes one set of the children of one plurality above one, as far as the file names none.
fn gather_sets(all: &mut [(String, Event)]) {
    let several = |event: &Event| {
        event
            .int(f::BIRTH_PLURALITY)
            .filter(|n| *n > 1 && event.set.is_none())
    };
    let mut wanted: Vec<i64> = all.iter().filter_map(|(_, event)| several(event)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    for plurality in wanted {
        let of_it = |event: &Event| several(event) == Some(plurality);
        let n = all.iter().filter(|(_, event)| of_it(event)).count();
        let Some(n) = u32::try_from(n).ok().filter(|n| *n > 1) else {
            continue;
        };
        let id = new_uuid();
        let members = all.iter_mut().filter(|(_, event)| of_it(event));
        for ((_, event), place) in members.zip(1..) {
            let order = event.int(f::BIRTH_ORDER).and_then(|n| u32::try_from(n).ok());
            event.set = Some(Set {
                id: id.clone(),
                order: order.unwrap_or(place),
                n,
            });
        }
    }
}
