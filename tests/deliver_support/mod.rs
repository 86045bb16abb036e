//! What the tests of deliveries share: a portal that misbehaves, a registry's keys, a ward.
#![allow(dead_code)]

#[cfg(feature = "portal")]
#[path = "../support/browser.rs"]
pub mod browser;
#[cfg(feature = "portal")]
pub mod country;
pub mod fake;
pub mod registry;
pub mod ward;

use std::sync::{Arc, Mutex};

use ogoh::seal::Status;

use fake::{Fake, Request, Say};
use registry::Registry;

/// A registry that several scripts and the test share.
pub type Shared = Arc<Mutex<Registry>>;

pub fn registry() -> Shared {
    Arc::new(Mutex::new(Registry::new(1, ward::FACILITY)))
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
