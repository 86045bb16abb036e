//! What encryption at rest costs: the same work on an encrypted ward and on a plain one.

use std::path::Path;
use std::time::Duration;

use ogoh::env::DatabaseKey;
use ogoh::ward::store::{Store, is_plain};

use crate::harness::{Bench, timed};
use crate::sample::{Dice, Ward, now};

/// Signing, opening, searching and counting, with as many notifications as a year of a large ward has.
pub fn measure(bench: &mut Bench) {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [plain, encrypted] = [0, 1].map(|n| ward(folders[n].path(), n == 1));
    let mut stores = [plain.store(), encrypted.store()];
    for (ward, store) in [&plain, &encrypted].into_iter().zip(&mut stores) {
        let mut dice = Dice(1);
        for _ in 0..bench.choose(300, 3000) {
            sign(ward, store, &mut dice);
        }
    }
    assert!(is_plain(stores[0].path()) && !is_plain(stores[1].path()));
    let (pairs, block) = bench.choose((10, 20), (40, 100));

    let [first, second] = &mut stores;
    let mut dice = [Dice(2), Dice(2)];
    let [one, other] = &mut dice;
    bench.pairs(
        "sign and store: encrypted / plain",
        pairs,
        1.5,
        10.0,
        || (0..block).map(|_| sign(&plain, first, one)).collect(),
        || (0..block).map(|_| sign(&encrypted, second, other)).collect(),
    );
    let [first, second] = &stores;
    let look = |store: &Store| {
        let look = || {
            let found = store.search("рах", 20).unwrap().len();
            found + usize::try_from(store.counts(now().date_naive()).unwrap().queue.unsent).unwrap()
        };
        (0..block).map(|_| timed(look).0).collect::<Vec<Duration>>()
    };
    bench.pairs(
        "search and count: encrypted / plain",
        pairs,
        1.5,
        10.0,
        || look(first),
        || look(second),
    );
    let open = |ward: &Ward| {
        (0..block)
            .map(|_| timed(|| ward.store()).0)
            .collect::<Vec<Duration>>()
    };
    bench.pairs(
        "open the database: encrypted / plain",
        pairs,
        1.5,
        10.0,
        || open(&plain),
        || open(&encrypted),
    );
}

fn ward(folder: &Path, encrypted: bool) -> Ward {
    if encrypted {
        DatabaseKey::find_or_make(&ogoh::env::Paths::new(folder)).unwrap();
    }
    Ward::new(folder)
}

/// Signs one and says how long that took.
fn sign(ward: &Ward, store: &mut Store, dice: &mut Dice) -> Duration {
    let day = 1 + dice.below(360);
    let statement = ward.passable(store, dice, day);
    timed(|| store.record(statement, &ward.signer(), &ward.site()).unwrap()).0
}
