//! What else happens in a history, to people of its own: multiple births, links, forks, keys suspended and
//! revoked, paper. Each says where its notifications have to stand in the end.

use chrono::Duration;
use ogoh::env::Role;
use ogoh::portal;
use ogoh::seal::{EntryType, ReceiptNumber, Suspension, suspension_body};
use ogoh::vital::Kind;
use serde_json::{Value, json};

use super::history::History;
use super::model::Signer;
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

    fn birth_of(&mut self, fac: usize, body: Value) -> Signed {
        let key = self.key(fac, Signer::Doctor);
        self.cast.facilities[fac].ward.notice_by(&key, Kind::Birth, body)
    }

    fn expect_at(&mut self, of: &Signed, status: &'static str, what: &str) {
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

    fn by_locum(&mut self, fac: usize) -> Signed {
        let body = self.dice.event(Kind::Birth);
        let facility = &mut self.cast.facilities[fac];
        let key = facility.locum.clone();
        facility.ward.notice_by(&key, Kind::Birth, body)
    }

    /// What somebody signs while suspended is held; before and after it is not.
    fn suspended(&mut self, fac: usize) {
        let head = self.key(fac, Signer::Head);
        let kid = self.cast.facilities[fac].locum.public().kid().to_owned();
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
                e.body = suspension_body("locum", &kid, says);
            });
            self.deliver(fac, &entry);
            self.cast.world.clock.advance(Duration::seconds(1));
            let signed = self.by_locum(fac);
            self.deliver(fac, &signed);
            self.expect_at(&signed, status, "by a locum");
        }
    }

    fn revoked(&mut self, fac: usize) {
        let world = &self.cast.world;
        let code = self.cast.facilities[fac].ward.fac.clone();
        let key = world.person(&code, "leaver", Role::Doctor);
        portal::revoke(world.dir(), key.public().kid(), world.clock.as_ref()).unwrap();
        world.clock.advance(Duration::seconds(1));
        let body = self.dice.event(Kind::Birth);
        let signed = self.cast.facilities[fac].ward.notice_by(&key, Kind::Birth, body);
        self.deliver(fac, &signed);
        self.expect_at(&signed, "held", "under a revoked key");
    }

    /// A birth told at the office, and the same from a ward.
    fn told_at_the_office(&mut self) {
        let body = with(self.dice.event(Kind::Birth), "birth.place", json!("home"));
        let body = with(body, "birth.before_arrival", json!("no"));
        let registrar = &self.cast.registrars[0];
        let id = identifier(&registrar.get("/desk/new/birth").1);
        let fields = page_fields(&body);
        let mut form: Vec<(&str, &str)> = vec![("id", &id)];
        form.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let (status, to) = registrar.send("/desk/new/birth", &form);
        assert_eq!((status, to.ends_with("desk-done")), (303, true), "{to}");
        self.told.push(format!("told at the office: {id}"));
        self.expected.push((id, "registered"));
        let fac = self.dice.roll(2);
        let again = self.birth_of(fac, body);
        self.deliver(fac, &again);
        self.expect_at(&again, "held", "what was told at the office");
    }
}
