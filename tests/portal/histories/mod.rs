//! Random histories against a plain model: whatever happens in whichever order, one event has one number,
//! and the book is what its decisions add up to.

mod alike;
mod beside;
mod desk;
mod history;
mod model;
mod order;
mod paper;
mod report;
mod ward;

use std::collections::BTreeSet;

use ogoh::env::Role;
use ogoh::portal::{self, PortalSettings};
use ogoh::seal::{SecretKey, Trust};
use ogoh::vital::Kind;
use serde_json::{Value, json};

use self::history::History;
use self::model::Model;
use crate::portal_support::*;

/// Histories in the checks; `OGOH_HISTORIES` asks for more.
const HISTORIES: u64 = 2_000;
/// Histories on one book.
const ON_A_BOOK: u64 = 100;

/// Syllables of a name.
const LONG: usize = 7;

/// A small generator with a seed that a failure names.
struct Dice {
    state: u64,
    /// Names given before on the same book, by their syllables.
    given: Vec<[usize; LONG]>,
    /// Birth dates of the people on the same book.
    born: BTreeSet<String>,
}

impl Dice {
    fn new(state: u64) -> Dice {
        Dice {
            state,
            given: Vec::new(),
            born: BTreeSet::new(),
        }
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % u64::try_from(sides).unwrap()).unwrap()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.roll(n) == 0
    }

    /// A name of which no other on the book has half of the syllables: who are alike are so on purpose.
    fn name(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "бо", "ва", "ги", "ду", "зе", "ка", "ли", "му", "но", "па", "ри", "су", "та", "фо", "ху", "ше",
        ];
        loop {
            let name: [usize; LONG] = std::array::from_fn(|_| self.roll(SYLLABLES.len()));
            let shared = |other: &[usize; LONG]| name.iter().zip(other).filter(|(a, b)| a == b).count();
            if self.given.iter().all(|other| shared(other) * 2 < LONG) {
                self.given.push(name);
                return name.map(|syllable| SYLLABLES[syllable]).concat();
            }
        }
    }

    /// Makes a death a violent one.
    fn violent(&mut self, body: Value) -> Value {
        let manner = ["accident", "assault", "undetermined"][self.roll(3)];
        let body = with(body, "death.manner", json!(manner));
        let injury = json!({
            "date": body["death"]["date"], "description": "афтидан", "place": {"not": "knowable"}
        });
        with(body, "external", injury)
    }

    /// An event of people whom nobody else is like.
    fn event(&mut self, kind: Kind) -> Value {
        let (surname, given) = (self.name(), self.name());
        let born = loop {
            let (year, month, day) = (1985 + self.roll(14), 1 + self.roll(12), 1 + self.roll(28));
            let born = format!("{year}-{month:02}-{day:02}");
            if self.born.insert(born.clone()) {
                break born;
            }
        };
        let document = format!("А {:08}", 10_000_000 + self.roll(80_000_000));
        let time = format!("{:02}:{:02}", self.roll(24), self.roll(60));
        let who = if kind == Kind::Death { "deceased" } else { "mother" };
        let body = if kind == Kind::Death {
            death("Назаров")
        } else {
            birth("Раҳимова")
        };
        let event = if kind == Kind::Death { "death" } else { "birth" };
        let mut body = without(
            body,
            if kind == Kind::Death {
                "deceased.patronymic"
            } else {
                "mother.phone"
            },
        );
        for (field, value) in [
            (format!("{who}.surname"), surname),
            (format!("{who}.given"), given),
            (format!("{who}.born"), born),
            (format!("{who}.document"), document),
            (format!("{event}.time"), time),
            (
                format!("{event}.date"),
                format!("2026-11-{:02}", 18 + self.roll(4)),
            ),
        ] {
            body = with(body, &field, json!(value));
        }
        match kind {
            Kind::Death => body,
            _ => {
                let body = with(body, "birth.weight", json!(2600 + self.roll(1400)));
                let body = with(body, "child.given", json!(self.name()));
                let body = without(body, "child.patronymic");
                with(body, "father.given", json!(self.name()))
            }
        }
    }
}

/// A facility with its people.
struct Facility {
    ward: Ward,
    /// Another device, with a journal of its own.
    other: Ward,
    doctor: SecretKey,
    head: SecretKey,
    clerk: SecretKey,
    /// Are suspended now and then: a doctor, an expert.
    locum: SecretKey,
    forensic: SecretKey,
}

/// Two portals on one book, and who works with them.
struct Cast {
    world: World,
    second: portal::Running,
    facilities: Vec<Facility>,
    registrars: [Browser; 2],
    /// A forensic expert, who signs for every facility.
    expert: SecretKey,
    /// By which receipts are read: their key stays the same.
    trust: Trust,
}

impl Cast {
    fn new() -> Cast {
        let world = World::with(Database::Sqlite, PortalSettings::default());
        let facilities = ["TJ-DU-BOX-01", "TJ-DU-BOX-02"].map(|fac| {
            let ward = world.ward(fac);
            let mut other = world.device(fac, &ward.doctor);
            let open = other.open();
            other.deliver(&world, &[&open]);
            Facility {
                other,
                doctor: ward.doctor.clone(),
                head: world.person(fac, "head", Role::ShiftHead),
                clerk: world.person(fac, "clerk", Role::Clerk),
                locum: world.person(fac, "locum", Role::Doctor),
                forensic: world.person(fac, "forensic", Role::Forensic),
                ward,
            }
        });
        let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
        let second = portal::start(world.dir(), any, None, world.clock.clone()).unwrap();
        let registrars = ["one", "two"].map(|login| world.signed_in(login, "registrar", "TJ-DU-01"));
        Cast {
            expert: world.person("TJ-DU-BOX-03", "expert", Role::Forensic),
            trust: world.trust(),
            world,
            second,
            facilities: facilities.into(),
            registrars,
        }
    }

    /// The first entry of a notification.
    fn entry_of(&self, nid: &str) -> String {
        let book = rusqlite::Connection::open(self.world.dir().join("portal.db")).unwrap();
        let sql = "SELECT h FROM entry WHERE nid = ?1 ORDER BY no";
        book.query_row(sql, [nid], |row| row.get(0)).unwrap()
    }
}

/// Runs histories on one book, and looks at the book as a whole.
fn on_a_book(seeds: std::ops::Range<u64>) {
    let mut cast = Cast::new();
    let (mut given, mut born) = (Vec::new(), BTreeSet::new());
    for seed in seeds.clone() {
        let mut history = History {
            cast: &mut cast,
            dice: Dice {
                given,
                born,
                ..Dice::new((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
            },
            seed,
            model: Model::default(),
            known: Vec::new(),
            at: 0,
            events: Vec::new(),
            newcomer: None,
            told: Vec::new(),
            expected: Vec::new(),
        };
        history.run();
        (given, born) = (history.dice.given, history.dice.born);
    }
    let world = &cast.world;
    let numbers: Vec<String> = world
        .statuses()
        .into_values()
        .filter_map(|(_, number)| number)
        .collect();
    let different: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!(numbers.len(), different.len());
    let found = portal::verify(world.dir()).unwrap();
    assert!(found.holds(), "{seeds:?} {found:?}");
    let drawn = portal::rebuild(world.dir(), world.clock.clone(), &mut |_| {}).unwrap();
    assert!(drawn.is_identical(), "{seeds:?} {drawn:?}");
    alike::counted_alike(&cast, &format!("{seeds:?}"));
}

#[test]
fn one_event_has_one_number_whatever_happens_in_whichever_order() {
    let asked = std::env::var("OGOH_HISTORIES").ok().and_then(|n| n.parse().ok());
    let all: u64 = asked.unwrap_or(HISTORIES);
    let next = std::sync::atomic::AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let from = next.fetch_add(ON_A_BOOK, std::sync::atomic::Ordering::SeqCst);
                    if from >= all {
                        break;
                    }
                    on_a_book(from..(from + ON_A_BOOK).min(all));
                }
            });
        }
    });
}
