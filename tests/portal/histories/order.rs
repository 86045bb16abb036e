//! Entries that say nothing of one another give the same records in whichever order they arrive, but for
//! numbers and which look-alike came first.

use std::collections::{BTreeMap, BTreeSet};

use ogoh::env::Role;
use ogoh::portal::{self, PortalSettings};
use ogoh::seal::SecretKey;
use ogoh::vital::Kind;
use serde_json::{Value, json};

use super::Dice;
use super::history::spoilt;
use crate::portal_support::*;

/// Sets of entries in the checks; `OGOH_HISTORIES` asks for more.
const CASES: u64 = 200;

/// A facility whose people and device two portals know.
struct Known {
    wards: [Ward; 2],
    doctor: SecretKey,
    head: SecretKey,
    clerk: SecretKey,
    expert: SecretKey,
    /// Nobody has approved it.
    stranger: SecretKey,
}

impl Known {
    fn new(worlds: &[World; 2], fac: &str) -> Known {
        let [doctor, head, clerk, expert, stranger] = std::array::from_fn(|_| SecretKey::generate().unwrap());
        let device = SecretKey::generate().unwrap();
        let wards = worlds.each_ref().map(|world| {
            for (key, usr, role) in [
                (&doctor, "doctor", Role::Doctor),
                (&head, "head", Role::ShiftHead),
                (&clerk, "clerk", Role::Clerk),
                (&expert, "expert", Role::Forensic),
            ] {
                world.enrol(key, &world.person_request(key, fac, usr, role));
            }
            world.person_request(&stranger, fac, "stranger", Role::Doctor);
            world.device_with(device.clone(), fac, &doctor)
        });
        Known {
            wards,
            doctor,
            head,
            clerk,
            expert,
            stranger,
        }
    }

    fn sign(&mut self, key: &SecretKey, kind: Kind, body: Value) -> Signed {
        self.wards[0].notice_by(key, kind, body)
    }
}

/// One set of entries, by facility, and which notifications report one event.
#[derive(Default)]
struct Case {
    entries: Vec<(usize, Signed)>,
    alike: Vec<BTreeSet<String>>,
    /// Those that somebody asks to annul: before it arrives, it is never registered.
    annulled: BTreeSet<String>,
}

impl Case {
    fn new(dice: &mut Dice, facilities: &mut [Known; 2]) -> Case {
        let mut case = Case::default();
        for (fac, facility) in facilities.iter_mut().enumerate() {
            let ward = &mut facility.wards[0];
            ward.jid = ogoh::env::new_uuid();
            (ward.seq, ward.prev) = (0, ogoh::seal::NO_PREV.into());
            let open = ward.open();
            case.entries.push((fac, open));
        }
        for _ in 0..4 + dice.roll(4) {
            case.add(dice, facilities);
        }
        case
    }

    /// Something that happened to somebody of whom nothing else tells.
    fn add(&mut self, dice: &mut Dice, facilities: &mut [Known; 2]) {
        let fac = dice.roll(2);
        let at = &mut facilities[fac];
        let (doctor, head) = (at.doctor.clone(), at.head.clone());
        let born = dice.event(Kind::Birth);
        let died = dice.event(Kind::Death);
        let entries = match dice.roll(11) {
            0 => vec![at.sign(&doctor, Kind::Birth, born)],
            1 => {
                let killed = dice.violent(died);
                let expert = at.expert.clone();
                let by = if dice.one_in(2) { &expert } else { &doctor };
                vec![at.sign(by, Kind::Death, killed)]
            }
            2 => {
                let by = if dice.one_in(2) { &at.clerk } else { &at.stranger }.clone();
                vec![at.sign(&by, Kind::Birth, born)]
            }
            // A chain of corrections: named, corrected, corrected once more.
            3 => {
                let bare = with(born.clone(), "child.given", json!({"not": "yet"}));
                let first = at.sign(&doctor, Kind::Birth, bare);
                let named = at.wards[0].amend(&first, born.clone());
                let longer = with(born.clone(), "birth.length", json!(495));
                let longer = at.wards[0].amend(&named, longer);
                let noted = at.wards[0].amend(&longer, with(born, "note", json!("х")));
                vec![first, named, longer, noted]
            }
            4 => {
                let first = at.sign(&doctor, Kind::Birth, spoilt(Kind::Birth, born.clone()));
                let mended = at.wards[0].amend(&first, born);
                vec![first, mended]
            }
            5 => {
                let killed = dice.violent(died);
                let first = at.sign(&doctor, Kind::Death, killed.clone());
                let reported = with(killed, "death.police_number", json!("123/2026"));
                let reported = at.wards[0].amend(&first, reported);
                vec![first, reported]
            }
            6 => {
                let first = at.sign(&doctor, Kind::Birth, born);
                let void = at.wards[0].void_by(&first, &doctor);
                let attest = at.wards[0].attest_by(&void, &head);
                self.annulled.insert(first.nid.clone());
                let mut all = vec![first, void, attest];
                all.truncate(2 + dice.roll(2));
                all
            }
            // A multiple birth, sometimes not whole.
            7 => {
                let set = ogoh::env::new_uuid();
                let n = 2 + dice.roll(2);
                let members = 1..=n - usize::from(dice.one_in(3));
                let member = |order: usize| {
                    let body = with(born.clone(), "birth.plurality", json!(n));
                    let body = with(body, "birth.order", json!(order));
                    let body = with(body, "birth.weight", json!(1900 + 150 * order));
                    let body = with(body, "child.given", json!({"not": "yet"}));
                    with(body, "set", json!({"id": set, "order": order, "n": n}))
                };
                members
                    .map(|order| at.sign(&doctor, Kind::Birth, member(order)))
                    .collect()
            }
            8 => {
                let born = at.sign(&doctor, Kind::Birth, with(born, "child.living", json!("no")));
                let link = json!([{"nid": born.nid, "kind": "death-of-this-birth"}]);
                let died = at.sign(&doctor, Kind::Death, with(died, "links", link));
                vec![born, died]
            }
            // Two or three reports of one event, by either facility.
            9 => {
                let mut group = BTreeSet::new();
                for _ in 0..2 + dice.roll(2) {
                    let fac = dice.roll(2);
                    let doctor = facilities[fac].doctor.clone();
                    let report = facilities[fac].sign(&doctor, Kind::Birth, born.clone());
                    group.insert(report.nid.clone());
                    self.entries.push((fac, report));
                }
                return self.alike.push(group);
            }
            _ => {
                let link = json!([{"nid": ogoh::env::new_uuid(), "kind": "twin"}]);
                vec![at.sign(&head, Kind::Birth, with(born, "links", link))]
            }
        };
        self.entries.extend(entries.into_iter().map(|entry| (fac, entry)));
    }

    /// Delivers everything in an order of its own, in batches, some of it twice.
    fn deliver(&self, dice: &mut Dice, facilities: &[Known; 2], world: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, dice.roll(i + 1));
        }
        for _ in 0..dice.roll(3) {
            let again = order[dice.roll(order.len())];
            order.insert(dice.roll(order.len() + 1), again);
        }
        let mut rest = &order[..];
        while let Some(first) = rest.first() {
            let fac = self.entries[*first].0;
            let same = rest.iter().take_while(|i| self.entries[**i].0 == fac).count();
            let (batch, later) = rest.split_at(1 + dice.roll(same));
            let entries: Vec<&Signed> = batch.iter().map(|i| &self.entries[*i].1).collect();
            facilities[fac].wards[world].push(&entries);
            rest = later;
        }
        order
    }

    /// What a book says of this set: every record and the newest decision on every entry, without numbers.
    fn read(&self, world: &World) -> BTreeMap<String, Value> {
        let book = rusqlite::Connection::open(world.dir().join("portal.db")).unwrap();
        let text = |sql: &str, key: &str| -> Option<String> {
            let mut statement = book.prepare_cached(sql).unwrap();
            let mut rows = statement.query([key]).unwrap();
            rows.next().unwrap().and_then(|row| row.get(0).unwrap())
        };
        let mut out = BTreeMap::new();
        for (_, entry) in &self.entries {
            let record = text("SELECT record FROM notification WHERE nid = ?1", &entry.nid);
            let decision = text("SELECT verdict FROM entry WHERE h = ?1", &entry.h);
            for (key, found) in [(&entry.nid, record), (&entry.h, decision)] {
                let found = found.map(|text| serde_json::from_str(&text).unwrap());
                out.insert(key.clone(), without_numbers(found.unwrap_or_default()));
            }
        }
        for (nid, (status, _)) in world.statuses() {
            if self.annulled.contains(&nid) {
                let entries = self.entries.iter().filter(|(_, entry)| entry.nid == nid);
                for (_, entry) in entries {
                    out.remove(&entry.h);
                }
                out.insert(nid, json!(status));
            }
        }
        // Of look-alikes one is the first, whichever.
        for group in &self.alike {
            let entries = self.entries.iter().map(|(_, entry)| entry);
            let entries = entries.filter(|entry| group.contains(&entry.nid));
            let mut told: Vec<String> = entries
                .map(|entry| {
                    out.remove(&entry.nid);
                    let decision = out.remove(&entry.h).unwrap_or_default();
                    format!("{} {}", decision["status"], decision["problem"]["code"])
                })
                .collect();
            told.sort_unstable();
            out.insert(group.iter().cloned().collect(), json!(told));
        }
        out
    }
}

fn without_numbers(mut found: Value) -> Value {
    match &mut found {
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                *value = match name.as_str() {
                    "number" | "reg_no" => json!("a number"),
                    _ => without_numbers(value.take()),
                };
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| *one = without_numbers(one.take())),
        _ => {}
    }
    found
}

#[test]
fn the_order_in_which_independent_entries_arrive_changes_nothing_but_numbers() {
    let asked = std::env::var("OGOH_HISTORIES").ok().and_then(|n| n.parse().ok());
    let cases: u64 = asked.map_or(CASES, |n: u64| n / 10);
    let worlds = [0, 1].map(|_| World::with(Database::Sqlite, PortalSettings::default()));
    let mut facilities = ["TJ-DU-BOX-01", "TJ-DU-BOX-02"].map(|fac| Known::new(&worlds, fac));
    for seed in 0..cases {
        let mut dice = Dice::new((seed + 1).wrapping_mul(0xD1B5_4A32_D192_ED03));
        let case = Case::new(&mut dice, &mut facilities);
        let orders = [0, 1].map(|world| case.deliver(&mut dice, &facilities, world));
        let [one, two] = worlds.each_ref().map(|world| case.read(world));
        for (key, found) in &one {
            let about: Vec<usize> = (0..case.entries.len())
                .filter(|i| [&case.entries[*i].1.nid, &case.entries[*i].1.h].contains(&key))
                .collect();
            assert_eq!(Some(found), two.get(key), "seed {seed}: {about:?} in {orders:?}");
        }
    }
    for world in &worlds {
        assert!(portal::verify(world.dir()).unwrap().holds());
        let drawn = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
        assert!(drawn.is_identical(), "{drawn:?}");
    }
}
