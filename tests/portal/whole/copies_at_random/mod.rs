//! Random histories in which the registry and the wards are copied and put back: nothing that somebody still has
//! is lost, no number is given twice but where nobody could know, nobody is stuck.
//!
//! Each history begins with the same country, copied from a template: a registry, two devices of one facility and
//! one of another, of one office. A failure names its seed; `OGOH_COPIES_SEED` runs that one alone.

mod history;
mod model;
mod parties;

use std::sync::atomic::{AtomicU64, Ordering};

use self::history::History;
use self::parties::Template;

/// Histories in the checks; `OGOH_COPIES` asks for more.
const HISTORIES: u64 = 200;
/// Histories at once.
const AT_ONCE: usize = 2;

/// A small generator with a seed that a failure names.
struct Dice(u64);

impl Dice {
    fn of(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 20) % u64::try_from(sides).unwrap()).unwrap()
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn nothing_is_lost_nor_given_twice_whoever_is_set_back_in_whatever_order() {
    let template = Template::new();
    if let Some(seed) = number("OGOH_COPIES_SEED") {
        return History::of(&template, seed).run();
    }
    let all = number("OGOH_COPIES").unwrap_or(HISTORIES);
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
