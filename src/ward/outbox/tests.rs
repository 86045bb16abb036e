use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap() + Duration::seconds(seconds)
}

fn item(n: i64, nid: &str, t: &str) -> Item {
    Item {
        id: format!("e{n}"),
        h: format!("h{n}").into(),
        nid: nid.into(),
        n,
        urgency: Urgency::of(t),
        opens: t == "open",
        of_key: t == "key",
        bytes: 1300,
        tries: Tries::default(),
    }
}

fn waiting(mut item: Item, seconds: u64) -> Item {
    item.tries = Tries {
        failures: 1,
        wait: Some(Wait { from: at(0), seconds }),
        quarantined: None,
    };
    item
}

fn sent(items: &[Item]) -> Vec<Vec<String>> {
    plan(items, &LinkState::default(), at(0)).batches
}

#[test]
fn an_annulment_goes_before_everything_but_the_opening() {
    let items = [
        item(2, "a", "birth"),
        item(3, "b", "death"),
        item(4, "a", "void"),
        item(1, "j", "open"),
    ];
    assert_eq!(sent(&items), [["e1", "e4", "e2", "e3"]]);
}

#[test]
fn of_several_openings_the_newest_goes_first_and_keys_keep_their_order() {
    let items = [
        item(1, "j", "open"),
        item(2, "k", "key"),
        item(3, "a", "birth"),
        item(4, "l", "open"),
        item(5, "m", "key"),
        item(6, "n", "open"),
    ];
    assert_eq!(sent(&items), [["e6", "e4", "e1", "e2", "e5", "e3"]]);
}

#[test]
fn a_correction_waits_for_what_it_corrects_and_holds_up_nobody_else() {
    let items = [
        waiting(item(1, "a", "birth"), 60),
        item(2, "a", "amend"),
        item(3, "b", "birth"),
    ];
    let plan = plan(&items, &LinkState::default(), at(0));
    assert_eq!(plan.batches, [["e3"]]);
    assert_eq!(plan.next_at, Some(at(60)));
}

#[test]
fn what_is_said_of_keys_arrives_in_its_order_unless_the_portal_cannot_read_it() {
    let items = [
        waiting(item(1, "k1", "key"), 60),
        item(2, "k2", "key"),
        item(3, "a", "birth"),
    ];
    assert_eq!(sent(&items), [["e3"]]);
    let later = plan(&items, &LinkState::default(), at(60));
    assert_eq!(later.batches, [["e3"], ["e1"]]);
    let mut bad = items.clone();
    bad[0].tries.quarantined = Some("signature".to_owned());
    assert_eq!(sent(&bad), [["e2", "e3"]]);
}

#[test]
fn an_annulment_that_waits_keeps_the_rest_of_its_notification_back() {
    let items = [item(1, "a", "birth"), waiting(item(2, "a", "void"), 60)];
    assert!(sent(&items).is_empty());
}

#[test]
fn an_entry_set_aside_goes_alone_and_last_when_its_day_has_passed() {
    let mut bad = item(1, "a", "birth");
    bad.tries = tries_after(&bad.tries, AttemptOutcome::Refused, "signature", None, 7, at(0));
    assert_eq!(bad.tries.quarantined.as_deref(), Some("signature"));
    let items = [bad, item(2, "a", "amend"), item(3, "b", "birth")];
    assert_eq!(sent(&items), [["e3"]]);
    let later = plan(&items, &LinkState::default(), at(24 * 3600));
    assert_eq!(later.batches, [["e3"], ["e1"]]);
}

#[test]
fn a_pause_of_the_connection_stops_everything_until_it_ends_or_is_released() {
    let items = [item(1, "a", "birth")];
    let link = link_after(
        &LinkState::default(),
        &BatchResult::Failed("timeout".into()),
        4,
        at(0),
    );
    assert_eq!(link.wait.map(|w| w.seconds), Some(5));
    let waits = plan(&items, &link, at(1));
    assert_eq!((waits.batches.len(), waits.next_at), (0, Some(at(5))));
    assert_eq!(plan(&[], &link, at(1)).next_at, None);
    assert_eq!(plan(&items, &link, at(5)).batches.len(), 1);
    assert_eq!(plan(&items, &link.released(), at(1)).batches.len(), 1);
}

#[test]
fn a_clock_set_back_does_not_lengthen_a_pause() {
    let link = link_after(&LinkState::default(), &BatchResult::Later(Some(3600)), 0, at(0));
    let items = [item(1, "a", "birth")];
    assert!(plan(&items, &link, at(10)).batches.is_empty());
    assert_eq!(plan(&items, &link, at(-86_400)).batches.len(), 1);
}

#[test]
fn batches_halve_when_the_line_fails_and_grow_when_it_carries() {
    let mut link = LinkState::default();
    for _ in 0..12 {
        link = link_after(&link, &BatchResult::Failed("timeout".into()), 0, at(0));
    }
    assert_eq!((link.entries, link.bytes), (1, LEAST_BYTES));
    for _ in 0..12 {
        link = link_after(&link, &BatchResult::Answered, 0, at(0));
    }
    assert_eq!((link.entries, link.bytes), (MAX_LINES, MAX_BYTES));
    assert_eq!((link.failures, link.wait), (0, None));
    let split = link_after(&LinkState::default(), &BatchResult::TooLarge, 0, at(0));
    assert_eq!((split.entries, split.wait), (16, None));
}

#[test]
fn what_the_portal_asks_for_is_kept_within_bounds() {
    let wait = |asked| {
        link_after(&LinkState::default(), &BatchResult::Later(asked), 2, at(0))
            .wait
            .unwrap()
            .seconds
    };
    assert_eq!(wait(Some(0)), 1);
    assert_eq!(wait(Some(120)), 120);
    assert_eq!(wait(Some(u64::MAX)), 6 * 3600);
    assert_eq!(wait(None), 3);
}

#[test]
fn an_entry_larger_than_a_batch_goes_alone() {
    let mut large = item(2, "b", "birth");
    large.bytes = 60 * 1024;
    let items = [item(1, "a", "birth"), large, item(3, "c", "birth")];
    assert_eq!(sent(&items), [["e1"], ["e2"], ["e3"]]);
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let one = (
        0..6_u8,
        0..5_u8,
        500..60_000_usize,
        prop::option::of(0..200_u64),
        prop::bool::weighted(0.1),
    );
    prop::collection::vec(one, 0..150).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(n, (nid, t, bytes, wait, bad))| Item {
                bytes,
                tries: Tries {
                    failures: u32::from(bad || wait.is_some()),
                    wait: wait.map(|seconds| Wait { from: at(0), seconds }),
                    quarantined: bad.then(|| "signature".to_owned()),
                },
                ..item(
                    n as i64,
                    &format!("n{nid}"),
                    ["birth", "amend", "void", "attest", "open"][usize::from(t)],
                )
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn every_plan_keeps_what_always_holds(
        items in items(),
        entries in 0..200_usize,
        bytes in 0..2_000_000_usize,
        now in -100..300_i64,
    ) {
        let link = LinkState { entries, bytes, ..LinkState::default() };
        let now = at(now);
        let plan = plan(&items, &link, now);
        let by_id: HashMap<&str, &Item> = items.iter().map(|i| (i.id.as_str(), i)).collect();
        let flat: Vec<&Item> = plan.batches.iter().flatten().map(|id| by_id[id.as_str()]).collect();

        // Once each, and nobody before the time.
        let distinct: HashSet<&str> = flat.iter().map(|i| i.id.as_str()).collect();
        prop_assert_eq!(distinct.len(), flat.len());
        for i in &flat {
            prop_assert!(i.tries.wait.is_none_or(|w| w.left(now) == 0));
        }
        // Within the bounds, and an entry that failed before goes alone.
        for batch in &plan.batches {
            let sum: usize = batch.iter().map(|id| by_id[id.as_str()].bytes).sum();
            prop_assert!(!batch.is_empty() && batch.len() <= entries.clamp(1, MAX_LINES));
            prop_assert!(batch.len() == 1 || sum <= bytes.clamp(LEAST_BYTES, MAX_BYTES));
            prop_assert!(batch.len() == 1 || batch.iter().all(|id| by_id[id.as_str()].tries.failures == 0));
        }
        // Urgency first among those that never failed; the order of a notification always.
        let fresh: Vec<_> = flat.iter().filter(|i| i.tries.failures == 0).map(|i| in_order(i)).collect();
        prop_assert!(fresh.is_sorted());
        let mut chains: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for i in &items {
            chains.entry(&i.nid).or_default().push(i);
        }
        for chain in chains.values_mut() {
            chain.sort_by_key(|i| in_order(i));
            // What goes is a beginning of the chain, in its order.
            let gone: Vec<&str> = flat.iter().filter(|i| i.nid == chain[0].nid).map(|i| i.id.as_str()).collect();
            let begin: Vec<&str> = chain.iter().take(gone.len()).map(|i| i.id.as_str()).collect();
            prop_assert_eq!(gone, begin);
            // Nobody else's trouble keeps it back: if its first is due, it goes.
            if chain[0].tries.wait.is_none_or(|w| w.left(now) == 0) {
                prop_assert!(distinct.contains(chain[0].id.as_str()));
            }
        }
        // Whatever waits has a time at which it becomes due.
        if items.iter().any(|i| i.tries.wait.is_some_and(|w| w.left(now) > 0)) {
            prop_assert!(plan.next_at.is_some_and(|t| t > now));
        }
    }

    #[test]
    fn a_pause_grows_to_an_hour_and_no_further(failures in 0..2000_u32, random: u64) {
        let pause = backoff(failures, random);
        prop_assert!((1..=CAP_SECONDS).contains(&pause));
        if failures < 9 {
            prop_assert!(pause <= BASE_SECONDS << failures);
        }
    }
}
