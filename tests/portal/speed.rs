//! How many entries a second the portal takes in, judges and answers. Run it optimised:
//! `cargo test --release --test portal speed:: -- --ignored --nocapture`.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use crate::portal_support::*;
use ogoh::seal::Status;
use ogoh::wire;
use serde_json::json;

/// Births of one journal.
const BIRTHS: usize = 2500;
/// Journals that deliver at once.
const WARDS: usize = 4;

/// Names that differ as real ones do.
fn name(n: usize) -> String {
    let syllables = ["са", "ра", "ҷа", "но", "ма", "ҳи", "қу", "ба", "зо", "ди"];
    let mut out = String::new();
    let mut rest = n;
    for _ in 0..5 {
        out.push_str(syllables[rest % 10]);
        rest /= 10;
    }
    let (first, others) = out.split_at('с'.len_utf8());
    format!("{}{others}ва", first.to_uppercase())
}

#[test]
#[ignore = "a measurement"]
fn entries_a_second() {
    let world = World::new();
    let mut deliveries = Vec::new();
    for w in 0..WARDS {
        let mut ward = world.ward(&format!("TJ-DU-BOX-{w:02}"));
        let mut lines = vec![ward.open().jws];
        for i in 0..BIRTHS {
            let n = w * BIRTHS + i;
            let body = with(
                birth(&name(n)),
                "birth.date",
                json!(format!("2026-11-{:02}", 1 + n % 22)),
            );
            let body = with(body, "mother.given", json!(name(n * 7919 % 99_991)));
            let born = format!("{}-{:02}-{:02}", 1980 + n % 25, 1 + n % 12, 1 + n % 28);
            let body = with(body, "mother.born", json!(born));
            lines.push(ward.birth(with(body, "birth.time", json!("03:12"))).jws);
        }
        deliveries.push((ward, lines));
    }
    let start = Instant::now();
    std::thread::scope(|scope| {
        for (ward, lines) in &deliveries {
            scope.spawn(move || {
                for batch in lines.chunks(wire::MAX_LINES) {
                    let (status, body) = ward.post(batch.join("\n"));
                    assert_eq!(status, 200, "{body}");
                }
            });
        }
    });
    let took = start.elapsed().as_secs_f64();
    let total = WARDS * (BIRTHS + 1);
    let metrics = get(&world.url(wire::path::METRICS), None).1;
    for status in [Status::Registered, Status::Held, Status::Returned] {
        let code = status.code();
        let line = metrics
            .lines()
            .find(|l| l.contains(&format!("\"{code}\"")))
            .unwrap();
        println!("{line}");
    }
    println!(
        "{total} entries in {took:.2} s: {:.0} a second",
        f64::from(u32::try_from(total).unwrap()) / took
    );
}
