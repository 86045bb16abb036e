//! Whatever the order, the batches and the repetitions, the register ends up the same.
use std::collections::{BTreeMap, BTreeSet};

use super::world;
use crate::portal_support::*;
use ogoh::env::Role;
use ogoh::seal::{Receipt, Status};
use serde_json::json;

/// A small generator with a seed that a failure names.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

#[test]
fn any_order_of_delivery_ends_in_the_same_register() {
    let world = world();
    for seed in 1..=12 {
        let fac = format!("TJ-DU-BOX-{seed:02}");
        any_order(&world, &fac, seed);
    }
}

fn any_order(world: &World, fac: &str, seed: u64) {
    let mut ward = world.ward(fac);
    let colleague = world.person(fac, "colleague", Role::ShiftHead);
    let doctor = ward.doctor.clone();
    // Surnames differ by facility, so that nobody looks like a mother elsewhere.
    const LETTERS: [char; 16] = [
        'б', 'в', 'г', 'д', 'з', 'к', 'л', 'м', 'п', 'р', 'с', 'т', 'ф', 'х', 'ч', 'ш',
    ];
    let letter = |n: u64| LETTERS[usize::try_from(n).unwrap()];
    let surname = |n: u64| format!("{0}ун{0}ур{1}уш{1}ова", letter(n), letter(seed));
    let mother = |n: u64| {
        let body = with(
            birth(&surname(n)),
            "mother.born",
            json!(format!("{}-01-0{}", 1980 + seed, n + 1)),
        );
        with(
            body,
            "mother.given",
            json!(format!("{0}ун{0}уш{1}ур{1}на", letter(n + 9), letter(seed))),
        )
    };
    let unnamed = |n: u64| with(mother(n), "child.given", json!({"not": "yet"}));
    let set = ogoh::env::new_uuid();
    let twin = |order: u32| {
        let body = with(mother(4), "birth.plurality", json!(2));
        let body = with(body, "birth.order", json!(order));
        let body = with(body, "birth.weight", json!(2400 + order));
        with(body, "set", json!({"id": set, "order": order, "n": 2}))
    };

    let open = ward.open();
    let plain = ward.birth(mother(0));
    let first = ward.birth(unnamed(1));
    let second = ward.amend(&first, mother(1));
    let third = ward.amend(&second, with(mother(1), "note", json!("х")));
    let faulty = ward.birth(with(mother(2), "birth.weight", json!(99)));
    let mended = ward.amend(&faulty, mother(2));
    let wrong = ward.birth(mother(3));
    let void = ward.void_by(&wrong, &doctor);
    let attest = ward.attest_by(&void, &colleague);
    let (one, two) = (ward.birth(twin(1)), ward.birth(twin(2)));
    let all = [
        &open, &plain, &first, &second, &third, &faulty, &mended, &wrong, &void, &attest, &one, &two,
    ];

    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut order: Vec<usize> = (0..all.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, dice.roll(i + 1));
    }
    // Some are sent more than once.
    for _ in 0..5 {
        let again = order[dice.roll(order.len())];
        order.insert(dice.roll(order.len() + 1), again);
    }
    let mut rest = &order[..];
    while !rest.is_empty() {
        let (batch, later) = rest.split_at(1 + dice.roll(rest.len()));
        let entries: Vec<&Signed> = batch.iter().map(|i| all[*i]).collect();
        ward.deliver(world, &entries);
        rest = later;
    }

    let feed: Vec<Receipt> = ward.feed(world, 0).into_iter().map(|(r, _)| r).collect();
    let numbered: Vec<u64> = feed.iter().map(|r| r.n).collect();
    let gapless: Vec<u64> = (1..=u64::try_from(feed.len()).unwrap()).collect();
    assert_eq!(numbered, gapless, "seed {seed}");
    let mut newest: BTreeMap<&str, &Receipt> = BTreeMap::new();
    for r in &feed {
        newest.insert(&r.nh, r);
    }
    let status = |of: &Signed| newest[of.h.as_str()].status;
    let told = |of: &Signed| format!("seed {seed}: {order:?}: {:?}", newest[of.h.as_str()]);
    for of in [&plain, &first, &second, &third, &mended, &one, &two] {
        assert_eq!(status(of), Status::Registered, "{}", told(of));
    }
    assert_eq!(status(&faulty), Status::Returned, "{}", told(&faulty));
    assert_eq!(status(&void), Status::Voided, "{}", told(&void));
    assert_eq!(status(&attest), Status::Received, "{}", told(&attest));

    // One number for each notification, whatever was sent how often.
    let mut numbers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for r in &feed {
        numbers.entry(&r.nid).or_default().extend(r.reg_no.as_deref());
    }
    let given: Vec<&str> = numbers.values().flatten().copied().collect();
    assert!(numbers.values().all(|n| n.len() <= 1), "seed {seed}: {numbers:?}");
    assert_eq!(
        given.iter().collect::<BTreeSet<_>>().len(),
        given.len(),
        "seed {seed}"
    );
    let last = feed.last().unwrap();
    assert_eq!(last.head.seq, 12, "seed {seed}");
    assert_eq!(last.head.h, two.h, "seed {seed}");
}
