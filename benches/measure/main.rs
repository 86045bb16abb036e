//! Measures the program against raw limits that are measured in the same run.
//!
//! ```text
//! cargo bench --bench measure                  all, long
//! cargo bench --bench measure -- --short       all, in under half a minute, with generous bounds
//! cargo bench --bench measure -- durable push  some of them
//! ```
//!
//! Absolute figures differ from machine to machine and from hour to hour; what counts is `ratio`,
//! ours through limit. Blocks of both alternate in one process, because disks drift; printed are
//! both medians, and the median, least and most of the ratios of the pairs. A ratio beyond its
//! bound fails the run: the bounds of the short form are generous, for shared machines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod durable;
#[cfg(feature = "sqlcipher")]
mod encrypted;
mod harness;
mod icd;
#[cfg(feature = "portal")]
mod ingest;
#[cfg(feature = "portal")]
#[path = "../../tests/support/portal/mod.rs"]
#[allow(dead_code, unused_imports)] // measurements use a part of what the tests share
mod portal_support;
#[cfg(feature = "portal")]
mod push;
mod sample;
mod start;
#[cfg(feature = "portal")]
#[path = "../../tests/support/mod.rs"]
#[allow(dead_code, unused_imports)] // measurements use a part of what the tests share
mod support;

use harness::{Bench, Length};

type Measure = fn(&mut Bench);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if args.iter().any(|a| a == start::SMALLEST) {
        return start::smallest();
    }
    let length = if args.iter().any(|a| a == "--short") {
        Length::Short
    } else {
        Length::Long
    };
    let wanted: Vec<&str> = args
        .iter()
        .map(String::as_str)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let benches: &[(&str, Measure)] = &[
        ("durable", durable::measure),
        ("icd", icd::measure),
        ("start", start::measure),
        #[cfg(feature = "sqlcipher")]
        ("encrypted", encrypted::measure),
        #[cfg(feature = "portal")]
        ("push", push::measure),
        #[cfg(feature = "portal")]
        ("ingest", ingest::measure),
    ];
    if let Some(unknown) = wanted
        .iter()
        .find(|w| !benches.iter().any(|(name, _)| name == *w))
    {
        eprintln!(
            "there is no {unknown}; there are: {}",
            benches
                .iter()
                .map(|(name, _)| *name)
                .collect::<Vec<_>>()
                .join(", ")
        );
        std::process::exit(2);
    }
    let mut bench = Bench::new(length);
    for (name, measure) in benches {
        if wanted.is_empty() || wanted.contains(name) {
            measure(&mut bench);
        }
    }
    if !bench.holds() {
        std::process::exit(1);
    }
}
