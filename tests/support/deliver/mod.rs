//! What the tests of deliveries share: a portal that misbehaves, a registry's keys, a ward.
pub mod book;
pub mod fake;
pub mod registry;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ogoh::seal::Status;
use ogoh::ward::deliver::Carrier;
use ogoh::ward::store::Store;

use crate::support::delivering::{FACILITY, Ward};
use fake::{Fake, Request, Say};
use registry::Registry;

/// A registry that several scripts and the test share.
pub type Shared = Arc<Mutex<Registry>>;

pub fn registry() -> Shared {
    Arc::new(Mutex::new(Registry::new(1, FACILITY)))
}

pub fn root_key(registry: &Shared) -> String {
    registry.lock().unwrap().root.public().x()
}

/// What a portal in order answers: the trust list, an empty feed, a receipt for each entry.
pub fn in_order(registry: &Shared, request: &Request, status: Status) -> Say {
    let mut registry = registry.lock().unwrap();
    let path = request.path.split('?').next().unwrap();
    match path {
        "/v1/trust" => {
            let after = request
                .path
                .split("after=")
                .nth(1)
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            Say::answer(
                200,
                &[("content-type", "application/x-ndjson")],
                registry.trust_after(after),
            )
        }
        "/v1/entries" => {
            let lines: Vec<String> = request
                .jws()
                .iter()
                .map(|jws| registry.line(jws, status))
                .collect();
            Say::lines(&lines)
        }
        _ => Say::answer(200, &[], ""),
    }
}

/// A portal that is in order but for deliveries, which the script answers.
pub fn portal(registry: &Shared, mut entries: impl FnMut(&Request) -> Say + Send + 'static) -> Fake {
    let shared = registry.clone();
    Fake::start(move |request| {
        if request.path == "/v1/entries" {
            entries(request)
        } else {
            in_order(&shared, request, Status::Received)
        }
    })
}

impl Ward {
    /// A ward whose portal is at `url` and whose registry has this root key.
    pub fn new(url: &str, root_key: &str) -> Ward {
        Ward::numbered(url, root_key, 100)
    }

    /// For portals that fall silent.
    pub fn impatient(&self) -> Carrier<'_> {
        self.with_timeouts(Duration::from_millis(500))
    }
}

/// Everything in the database that says what was signed, answered or decided, as text: what an
/// answer that proves nothing must leave alone. Attempts and the state of the line are left out.
pub fn truth(store: &Store) -> String {
    let mut out = String::new();
    for row in store.list(&Default::default(), 10_000).unwrap() {
        out.push_str(&format!(
            "{} {} {:?} {}\n",
            row.nid,
            row.status.code(),
            row.reg_no,
            row.waiting
        ));
    }
    let waiting: Vec<String> = store.pending().unwrap().into_iter().map(|i| i.id).collect();
    let receipts = store
        .receipts_after(ogoh::seal::ReceiptNumber::NONE, 10_000)
        .unwrap();
    format!(
        "{out}{waiting:?}\n{receipts:?}\n{:?}",
        store.trust_lists().unwrap().len()
    )
}
