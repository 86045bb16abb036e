//! What handlers share, and who asks by which key.

use std::sync::Arc;

use axum::http::{HeaderMap, Request, header};
use axum::response::Response;
use tokio::sync::watch;

use super::listen::Caller;
use super::places::Source;
use super::respond::refuse;
use super::turns::Turns;
use crate::portal::unit::registry::{Device, Registry, problem_of};
use crate::wire::ProblemCode;

/// What handlers share.
#[derive(Clone)]
pub(in crate::portal) struct Shared {
    pub registry: Arc<Registry>,
    /// Counts deliveries, so that calls that wait for the feed look again.
    pub arrived: Arc<watch::Sender<u64>>,
    /// Turns at stretching passphrases.
    pub turns: Arc<Turns>,
    /// Turns true when the portal stops.
    pub stopping: watch::Receiver<bool>,
}

impl Shared {
    /// Runs work on a blocking thread.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Registry) -> Result<T, ProblemCode> + Send + 'static,
    ) -> Result<T, Response> {
        let registry = Arc::clone(&self.registry);
        match tokio::task::spawn_blocking(move || work(&registry)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(code)) => Err(refuse(code)),
            Err(_) => Err(refuse(ProblemCode::Internal)),
        }
    }

    /// Number of the newest trust list.
    pub(super) async fn trust_number(&self) -> Result<u64, Response> {
        self.work(|r| Ok(r.keyring().map_err(|e| problem_of(&e))?.trust().number()))
            .await
    }

    /// Epoch of the book.
    pub(super) async fn epoch(&self) -> Result<u32, Response> {
        self.work(|r| r.read(|tx| tx.epoch()).map_err(|e| problem_of(&e)))
            .await
    }

    /// Says that something was delivered or decided.
    pub(super) fn notify(&self) {
        self.arrived.send_modify(|n| *n += 1);
    }

    /// Where a request comes from, as it is told apart for quotas; empty behind a proxy that does not say.
    pub(super) fn origin<B>(request: &Request<B>) -> String {
        Shared::source(request).to_string()
    }

    /// Where a request comes from.
    pub(super) fn source<B>(request: &Request<B>) -> Source {
        let caller = request.extensions().get::<Caller>();
        caller.map_or(Source::Proxy, |caller| caller.source)
    }

    /// The token that a request bears.
    pub(super) fn bearer(headers: &HeaderMap) -> Result<String, Response> {
        headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.strip_prefix("Bearer "))
            .map(str::to_owned)
            .ok_or_else(|| refuse(ProblemCode::Unauthorized))
    }

    /// The device that sends a request.
    pub(super) async fn device(&self, headers: &HeaderMap) -> Result<Device, Response> {
        let token = Shared::bearer(headers)?;
        self.work(move |r| r.device(&token)).await
    }
}
