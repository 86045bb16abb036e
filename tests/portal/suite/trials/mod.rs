//! Trials by hostile and unlucky wards: each shows a way in which something was registered twice, forged or
//! stuck before it was mended.

mod annulled;
mod came_back;
mod desk;
mod forks;
mod linked;
mod sets;

use chrono::Duration;
use ogoh::env::Role;
use ogoh::portal::{self, PortalSettings};
use ogoh::seal::{By, EntryType, KeyUse, Receipt, SecretKey, Status};
use ogoh::vital::Kind;
use ogoh::wire;
use serde_json::{Value, json};

use super::keys::shift_head;
use super::once::{OTHER, found};
use super::{world, world_with};
use crate::portal_support::*;

/// The book is drawn anew identically and holds.
#[track_caller]
pub fn sound(world: &World) {
    let drawn = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
    assert!(drawn.is_identical(), "{drawn:?}");
    let mut verified = portal::verify(world.dir()).unwrap();
    // A receipt that came back under a retired key stands far from the others.
    verified.faults.retain(|fault| fault.fault != "receipt-gap");
    assert_eq!(verified.faults, [], "{verified:?}");
}

pub fn member(surname: &str, set: &str, order: u32, n: u32) -> Value {
    let body = with(birth(surname), "birth.plurality", json!(n));
    let body = with(body, "birth.order", json!(order));
    let body = with(body, "birth.weight", json!(2300 + 40 * order));
    let body = with(body, "birth.time", json!(format!("03:{:02}", 10 * order)));
    with(body, "set", json!({"id": set, "order": order, "n": n}))
}

pub fn linked(body: Value, nid: &str, kind: &str) -> Value {
    with(body, "links", json!([{"nid": nid, "kind": kind}]))
}

/// Signs at the place of the entry before: a copied journal.
pub fn beside(ward: &mut Ward, sign: impl FnOnce(&mut Ward) -> Signed) -> Signed {
    let (seq, prev) = (ward.seq, ward.prev.clone());
    let signed = sign(ward);
    (ward.seq, ward.prev) = (seq, prev);
    signed
}

pub fn issue(world: &World, nid: &str) {
    let record = format!("/desk/record/{nid}");
    let number = format!("I {nid}");
    let issue = [("act", "issue"), ("number", &*number), ("date", "2026-11-23")];
    let (_, to) = world.registrar().send(&record, &issue);
    assert!(to.ends_with("desk-done"), "{to}");
}

pub fn set_back(world: &mut World, copy: Copy, wards: &mut [&mut Ward]) {
    world.portal = None;
    world.restore_book(copy);
    world.start();
    for ward in wards {
        ward.base = world.url("");
    }
}

/// A portal with a ward whose journal is open, and a copy of its book.
pub fn copied(settings: PortalSettings) -> (World, Ward, Copy) {
    let mut world = world_with(settings);
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let copy = copy_now(&mut world, &mut [&mut ward]);
    (world, ward, copy)
}

pub fn copy_now(world: &mut World, wards: &mut [&mut Ward]) -> Copy {
    world.portal = None;
    let copy = world.copy_book();
    world.start();
    for ward in wards {
        ward.base = world.url("");
    }
    copy
}

pub fn again(ward: &Ward, lines: &[String]) {
    let (status, body) = ward.post(lines.join("\n"));
    assert_eq!(status, 200, "{body}");
}

pub fn line(of: &Signed) -> String {
    wire::jws_line(&of.jws)
}

pub fn receipt_line(text: &str) -> String {
    wire::jws_line(text)
}

pub fn status_of(world: &World, nid: &str) -> (String, Option<String>) {
    world.statuses().remove(nid).unwrap()
}
