//! Tables small enough to check by hand, and many that a solver checks.

use super::*;

#[path = "suppress_audit.rs"]
mod audit;

use audit::{TestRng, audit, cells, only_small_hidden};

/// Regions and their districts' counts, in order: district `1.00` is the first of region `1`.
fn counts(regions: &[&[u64]]) -> Counts {
    let mut out = Counts::default();
    for (r, districts) in regions.iter().enumerate() {
        for (d, count) in districts.iter().enumerate() {
            out.districts
                .insert(format!("{r}.{d:02}"), (r.to_string(), *count));
        }
    }
    out
}

/// A breakdown by region, hidden cells as `-`: `[8] 3 5; [-] 2 -`.
fn drawn(sheet: &Sheet) -> String {
    let number = |n: &Option<u64>| n.map_or("-".to_owned(), |n| n.to_string());
    let region = |(code, total): (&String, &Option<u64>)| {
        let of_region = |(district, _): &(&String, &Option<u64>)| district.split('.').next() == Some(code);
        let districts = sheet.districts.iter().filter(of_region).map(|(_, n)| number(n));
        format!("[{}] {}", number(total), districts.collect::<Vec<_>>().join(" "))
    };
    sheet.regions.iter().map(region).collect::<Vec<_>>().join("; ")
}

fn same(regions: &[&[u64]]) -> Published {
    let table = counts(regions);
    let out = publish(&table, &table);
    assert_eq!(out.occurrence, out.residence);
    assert_eq!(audit(&out), None, "{out:?}");
    out
}

const MEANS: [f64; 8] = [0.02, 0.1, 0.4, 1.0, 2.5, 6.0, 12.0, 25.0];

#[test]
fn nothing_small_is_nothing_hidden_and_zeros_stay() {
    let out = same(&[&[5, 0, 9], &[0, 0], &[700]]);
    assert_eq!(drawn(&out.occurrence), "[14] 5 0 9; [0] 0 0; [700] 700");
    assert_eq!(out.country, Some(714));
}

#[test]
fn tables_done_by_hand() {
    for (regions, expected) in [
        // The smallest neighbour goes with it.
        (
            &[&[3_u64, 40, 8, 0][..], &[60, 50]][..],
            "[51] - 40 - 0; [110] 60 50",
        ),
        // Two small ones that hide each other within 3 units need a third; within 4 they do not.
        (&[&[1, 2, 40, 8], &[60, 50]], "[51] - - 40 -; [110] 60 50"),
        (&[&[1, 3, 40, 8], &[60, 50]], "[52] - - 40 8; [110] 60 50"),
        // A small region needs another total hidden, and a district in that.
        (
            &[&[2, 0], &[60, 50], &[70, 80, 0]],
            "[-] - 0; [-] 60 -; [150] 70 80 0",
        ),
        // A region that hides a small district of its own can lend it.
        (&[&[4, 0], &[2, 50], &[70, 80]], "[-] - 0; [-] - 50; [150] 70 80"),
        // ... but 1 and 2 make only 3, so what was shown beside the district goes too.
        (&[&[1, 0], &[2, 50], &[70, 80]], "[-] - 0; [-] - -; [150] 70 80"),
        // A region of one district stands and falls with it.
        (&[&[3], &[6], &[70, 80]], "[-] -; [-] -; [150] 70 80"),
        // Hardly anything happened anywhere.
        (&[&[3, 0], &[0, 0], &[0]], "[-] - 0; [0] 0 0; [0] 0"),
        (&[&[1, 0], &[1, 1], &[0]], "[-] - 0; [-] - -; [0] 0"),
        (&[&[2, 0], &[2, 1], &[0]], "[-] - 0; [-] - -; [0] 0"),
        (&[&[2, 3], &[0, 0]], "[5] - -; [0] 0 0"),
    ] {
        let out = same(regions);
        assert_eq!(drawn(&out.occurrence), expected, "{regions:?}");
        let total: u64 = regions.iter().copied().flatten().sum();
        assert_eq!(out.country, (total > 4).then_some(total), "{regions:?}");
    }
}

#[test]
fn each_breakdown_is_protected_by_itself_under_one_total() {
    let (place, home) = (counts(&[&[5, 0], &[0]]), counts(&[&[3, 0], &[2]]));
    let out = publish(&place, &home);
    assert_eq!(
        (drawn(&out.occurrence).as_str(), out.country),
        ("[5] 5 0; [0] 0", Some(5))
    );
    assert_eq!(drawn(&out.residence), "[-] - 0; [-] -");
    assert_eq!(audit(&out), None);
}

#[test]
fn breakdowns_of_different_events_have_no_common_total() {
    let (place, home) = (counts(&[&[3, 40, 8], &[60, 50]]), counts(&[&[2, 0], &[60, 50]]));
    let out = publish(&place, &home);
    assert_eq!(out.country, None);
    assert_eq!(drawn(&out.occurrence), "[51] - 40 -; [110] 60 50");
    // Nobody knows what these two add up to.
    assert_eq!(drawn(&out.residence), "[-] - 0; [110] 60 50");
    assert_eq!(publish(&Counts::default(), &Counts::default()).country, Some(0));
}

#[test]
fn a_solver_places_no_hidden_cell_within_four_units() {
    let mut rng = TestRng(2026);
    for case in 0..320 {
        let mean = MEANS[case % MEANS.len()];
        let [place, home] = rng.country(mean);
        let out = publish(&place, &home);
        for (truth, shown) in cells([&place, &home], &out) {
            assert!(
                shown.is_none_or(|n| n == truth && !SMALL.contains(&n)),
                "{case}: {truth} {shown:?}"
            );
        }
        assert_eq!(audit(&out), None, "case {case}, mean {mean}: {out:?}");
    }
}

#[test]
fn a_solver_gets_no_further_in_small_crowded_countries() {
    let mut rng = TestRng(11);
    for case in 0..600 {
        let [place, home] = rng.crowded();
        let out = publish(&place, &home);
        for (truth, shown) in cells([&place, &home], &out) {
            assert!(
                shown.is_none_or(|n| n == truth && !SMALL.contains(&n)),
                "{case}: {truth} {shown:?}"
            );
        }
        assert_eq!(audit(&out), None, "case {case}: {out:?}");
        let total = place.districts.values().map(|(_, n)| *n).sum();
        assert_eq!(
            out.country,
            Some(total).filter(|n| !SMALL.contains(n)),
            "case {case}"
        );
    }
}

#[test]
fn the_audit_finds_what_hiding_only_the_small_counts_gives_away() {
    let mut rng = TestRng(2026);
    let mut caught = |mean| {
        let [place, home] = rng.country(mean);
        audit(&only_small_hidden([&place, &home])).is_some()
    };
    let caught = (0..40).filter(|_| caught(6.0)).count();
    assert!(caught > 20, "{caught}");
    let table = counts(&[&[3, 40, 8], &[60, 50]]);
    let found = audit(&only_small_hidden([&table, &table]));
    assert_eq!(found.as_deref(), Some("0/0.00 is 3 to 3"));
    // Two hidden cells that make 3 are within 3 units of each other.
    let table = counts(&[&[1, 2, 40, 8], &[60, 50]]);
    let found = audit(&only_small_hidden([&table, &table]));
    assert_eq!(found.as_deref(), Some("0/0.00 is 0 to 3"));
}

#[test]
fn nothing_is_hidden_in_vain() {
    let mut rng = TestRng(3);
    let mut tables: Vec<_> = [0.4, 2.5, 12.0].map(|mean| rng.country(mean)).into();
    tables.extend((0..400).map(|_| rng.crowded()));
    for [place, home] in tables {
        let out = publish(&place, &home);
        let naive = only_small_hidden([&place, &home]);
        for n in [0, 1] {
            let wanted = [&naive.occurrence, &naive.residence][n];
            for (code, count) in wanted.districts.iter().chain(&wanted.regions) {
                let mut more = out.clone();
                let sheet = [&mut more.occurrence, &mut more.residence]
                    .into_iter()
                    .nth(n)
                    .unwrap();
                for cells in [&mut sheet.districts, &mut sheet.regions] {
                    cells.entry(code.clone()).and_modify(|cell| *cell = *count);
                }
                assert!(more == out || audit(&more).is_some(), "{n}/{code} {out:?}");
            }
        }
    }
}

#[test]
fn dense_counts_are_shown_whole() {
    let mut rng = TestRng(7);
    for _ in 0..20 {
        let [mut place, mut home] = rng.country(6.0);
        for (_, count) in place.districts.values_mut().chain(home.districts.values_mut()) {
            *count += 5;
        }
        let out = publish(&place, &home);
        assert!(
            cells([&place, &home], &out)
                .iter()
                .all(|(truth, shown)| *shown == Some(*truth))
        );
    }
}
