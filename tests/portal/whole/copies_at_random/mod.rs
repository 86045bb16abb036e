//! Random histories in which the registry and the wards are copied and put back: nothing that somebody still has
//! is lost, no number is given twice but where nobody could know, nobody is stuck.
//!
//! A registry is copied by hand, by `portal backup` and by `portal archive`, and put back by hand or by `portal
//! restore`; a device by hand, with its witness or without, and by `restore`; one is cloned, and both go on.
//!
//! Each history begins with the same country, copied from a template: a registry, two devices of one facility and
//! one of another, of one office. A failure names its seed; `OGOH_COPIES_SEED` runs that one alone.

mod history;
mod model;
mod parties;
mod registry;

use std::sync::atomic::{AtomicU64, Ordering};

use self::history::History;
use self::parties::Template;
use super::dice::asked;

/// Histories in the checks; `OGOH_COPIES` asks for more.
const HISTORIES: u64 = 1_000;
/// Histories at once.
const AT_ONCE: usize = 2;

#[test]
fn nothing_is_lost_nor_given_twice_whoever_is_set_back_in_whatever_order() {
    let template = Template::new();
    if let Some(seed) = asked("OGOH_COPIES_SEED") {
        return History::of(&template, seed).run();
    }
    let all = asked("OGOH_COPIES").unwrap_or(HISTORIES);
    let next = AtomicU64::new(1);
    let failed = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > all || failed.lock().unwrap().len() >= MOST_NAMED {
                        return;
                    }
                    let run = std::panic::AssertUnwindSafe(|| History::of(&template, seed).run());
                    if std::panic::catch_unwind(run).is_err() {
                        failed.lock().unwrap().push(seed);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "OGOH_COPIES_SEED: {failed:?}");
}

/// Seeds that fail before it is given up.
const MOST_NAMED: usize = 12;
