//! What else happens in a history, to people of its own: multiple births, links, forks, keys suspended and
//! revoked. Each says where its notifications have to stand in the end.

use chrono::Duration;
use ogoh::env::Role;
use ogoh::portal;
use ogoh::seal::{EntryType, ReceiptNumber, Suspension, suspension_body};
use ogoh::vital::Kind;
use serde_json::{Value, json};

use super::history::History;
use super::report::Signer;
use crate::portal_support::*;

impl History<'_> {
    /// One of the things that happen beside the model's notifications.
    pub fn something_else(&mut self) {
        let fac = self.dice.roll(2);
        match self.dice.roll(8) {
            0 => self.twins(fac, true),
            1 => self.twins(fac, false),
            2 => self.child_that_died(fac),
            3 => self.link_to_nothing(fac),
            4 => self.copied_journal(fac),
            5 => self.suspended(fac),
            6 => self.revoked(fac),
            _ => self.told_at_the_office(),
        }
    }

    pub fn birth_of(&mut self, fac: usize, body: Value) -> Signed {
        let key = self.key(fac, Signer::Doctor);
        self.cast.facilities[fac].ward.notice_by(&key, Kind::Birth, body)
    }

    pub fn expect_at(&mut self, of: &Signed, status: &'static str, what: &str) {
        self.told.push(format!("{what}: {} {status}", of.nid));
        self.expected.push((of.nid.clone(), status));
    }

    /// Twins in either order; or one whose twin never comes.
    fn twins(&mut self, fac: usize, both: bool) {
        let (mother, set) = (self.dice.event(Kind::Birth), ogoh::env::new_uuid());
        let twin = |order: u32| {
            let body = with(mother.clone(), "birth.plurality", json!(2));
            let body = with(body, "birth.order", json!(order));
            let body = with(body, "birth.weight", json!(2300 + 150 * order));
            let body = with(body, "child.given", json!({"not": "yet"}));
            with(body, "set", json!({"id": set, "order": order, "n": 2}))
        };
        let one = self.birth_of(fac, twin(1));
        if !both {
            self.deliver(fac, &one);
            return self.expect_at(&one, "received", "a twin alone");
        }
        let two = self.birth_of(fac, twin(2));
        let order = if self.dice.one_in(2) {
            [&one, &two]
        } else {
            [&two, &one]
        };
        for entry in order {
            self.deliver(fac, entry);
        }
        self.expect_at(&one, "registered", "a twin");
        self.expect_at(&two, "registered", "a twin");
    }

    /// A child stated not to live and its death, in either order.
    fn child_that_died(&mut self, fac: usize) {
        let born = with(self.dice.event(Kind::Birth), "child.living", json!("no"));
        let born = self.birth_of(fac, born);
        let link = json!([{"nid": born.nid, "kind": "death-of-this-birth"}]);
        let died = with(self.dice.event(Kind::Death), "links", link);
        let key = self.key(fac, Signer::Doctor);
        let died = self.cast.facilities[fac].ward.notice_by(&key, Kind::Death, died);
        let order = if self.dice.one_in(2) {
            [&born, &died]
        } else {
            [&died, &born]
        };
        for entry in order {
            self.deliver(fac, entry);
        }
        self.expect_at(&born, "registered", "a child that died");
        self.expect_at(&died, "registered", "its death");
    }

    fn link_to_nothing(&mut self, fac: usize) {
        let link = json!([{"nid": ogoh::env::new_uuid(), "kind": "twin"}]);
        let linked = with(self.dice.event(Kind::Birth), "links", link);
        let linked = self.birth_of(fac, linked);
        self.deliver(fac, &linked);
        self.expect_at(&linked, "received", "a link to nothing");
    }

    /// Two entries at one place of a journal: the first stands, a person looks at the other.
    fn copied_journal(&mut self, fac: usize) {
        let ward = &self.cast.facilities[fac].ward;
        let place = (ward.seq, ward.prev.clone());
        let (one, two) = (self.dice.event(Kind::Birth), self.dice.event(Kind::Birth));
        let one = self.birth_of(fac, one);
        let ward = &mut self.cast.facilities[fac].ward;
        let after = (ward.seq, ward.prev.clone());
        (ward.seq, ward.prev) = place;
        let two = self.birth_of(fac, two);
        let ward = &mut self.cast.facilities[fac].ward;
        (ward.seq, ward.prev) = after;
        self.deliver(fac, &one);
        self.deliver(fac, &two);
        self.expect_at(&one, "registered", "the first at its place");
        self.expect_at(&two, "held", "a fork");
    }

    /// What somebody signs while suspended is held; before and after it is not.
    fn suspended(&mut self, fac: usize) {
        let head = self.key(fac, Signer::Head);
        let expert = self.dice.one_in(2);
        let facility = &self.cast.facilities[fac];
        let (key, usr) = match expert {
            true => (facility.forensic.clone(), "forensic"),
            false => (facility.locum.clone(), "locum"),
        };
        let kid = key.public().kid().to_owned();
        for (says, status) in [
            (Suspension::Begins, "held"),
            (
                Suspension::Ends {
                    heard: ReceiptNumber { epoch: 1, n: 1 << 40 },
                },
                "registered",
            ),
        ] {
            let entry = self.cast.facilities[fac].ward.sign(&head, |e| {
                e.t = EntryType::Key;
                e.body = suspension_body(usr, &kid, says);
            });
            self.deliver(fac, &entry);
            self.cast.world.clock.advance(Duration::seconds(1));
            let kind = if expert { Kind::Death } else { Kind::Birth };
            let mut body = self.dice.event(kind);
            if expert {
                body = self.dice.violent(body);
            }
            let signed = self.cast.facilities[fac].ward.notice_by(&key, kind, body);
            self.deliver(fac, &signed);
            self.expect_at(&signed, status, usr);
        }
    }

    /// What somebody signed before the key was revoked stands; what comes after is held, and a registrar may
    /// answer for it: once for the key of an expert, twice where nobody else can tell of a violent death.
    fn revoked(&mut self, fac: usize) {
        let world = &self.cast.world;
        let code = self.cast.facilities[fac].ward.fac.clone();
        let expert = self.dice.one_in(2);
        let (role, kind) = match expert {
            true => (Role::Forensic, Kind::Death),
            false => (Role::Doctor, Kind::Birth),
        };
        let key = world.person(&code, "leaver", role);
        for (status, before) in [("registered", true), ("held", false)] {
            if !before {
                let world = &self.cast.world;
                portal::revoke(world.dir(), key.public().kid(), world.clock.as_ref()).unwrap();
                world.clock.advance(Duration::seconds(1));
            }
            let mut body = self.dice.event(kind);
            if expert {
                body = self.dice.violent(body);
            }
            let signed = self.cast.facilities[fac].ward.notice_by(&key, kind, body);
            self.deliver(fac, &signed);
            if !before && self.dice.one_in(2) {
                let form = [("h", signed.h.as_str()), ("act", "accept")];
                assert!(self.send(0, "/desk/entry", &form), "{}", self.story());
                self.expect_at(&signed, "registered", "answered for");
                continue;
            }
            self.expect_at(&signed, status, "by a leaver");
        }
    }
}
