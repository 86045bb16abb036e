//! HTTP over the registry: the only place of the portal that knows axum and tokio.
//!
//! Handlers run on a small runtime and hand every piece of work to a blocking thread. No body, no
//! name and no token is ever logged. A handler carries the description of its call, and a route
//! stands only with it.

mod calls;
mod claims;
mod cookies;
mod describe;
mod desk;
mod extract;
pub(in crate::portal) mod listen;
mod pace;
mod pages;
mod places;
mod respond;
mod shared;
mod turns;
mod visit;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, Request, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use listen::Listen;
pub(in crate::portal) use shared::Shared;
pub(in crate::portal) use turns::Turns;

use crate::wire::{EPOCH, ProblemCode, TRUST_NUMBER};
use describe::{Contract, Document};
use respond::refuse;

/// Every address of the portal.
pub(in crate::portal) fn router(shared: Shared) -> Router {
    let (router, collected) = OpenApiRouter::with_openapi(Contract::openapi())
        .routes(routes!(calls::entries))
        .routes(routes!(calls::feed))
        .routes(routes!(calls::journal_head))
        .routes(routes!(calls::journal_entries))
        .routes(routes!(calls::enrol))
        .routes(routes!(calls::enrolment))
        .routes(routes!(calls::trust, calls::give_back_trust))
        .routes(routes!(calls::people))
        .routes(routes!(calls::heartbeat))
        .routes(routes!(calls::openapi))
        .routes(routes!(calls::healthz))
        .routes(routes!(calls::metrics))
        .routes(routes!(pages::monitor))
        .routes(routes!(pages::monitor_csv))
        .routes(routes!(pages::verify_page))
        .routes(routes!(pages::verify_file))
        .routes(routes!(pages::see_alert))
        .routes(routes!(pages::sign_in_page, pages::sign_in))
        .routes(routes!(pages::link_page, pages::sign_in_link))
        .routes(routes!(pages::sign_out))
        .routes(routes!(desk::desk_page))
        .routes(routes!(desk::find))
        .routes(routes!(desk::entry_act))
        .routes(routes!(desk::entry_page))
        .routes(routes!(desk::record_page, desk::record_act))
        .routes(routes!(desk::print_page))
        .routes(routes!(desk::new_page, desk::enter))
        .routes(routes!(desk::amend_page, desk::amend))
        .split_for_parts();
    router
        .fallback(|| async { refuse(ProblemCode::NotFound) })
        .method_not_allowed_fallback(|| async { refuse(ProblemCode::Method) })
        .layer(Extension(Document::new(&collected)))
        .layer(from_fn_with_state(shared.clone(), tell_news))
        .with_state(shared)
}

/// Tells a device the number of the newest trust list and the epoch of the book with every answer, as of the
/// answer.
async fn tell_news(State(shared): State<Shared>, request: Request<Body>, next: Next) -> Response {
    let device = request.headers().contains_key(header::AUTHORIZATION);
    let mut answer = next.run(request).await;
    if device && let Ok(number) = shared.trust_number().await {
        let name = HeaderName::from_static(TRUST_NUMBER);
        answer.headers_mut().insert(name, number.into());
    }
    if device && let Ok(epoch) = shared.epoch().await {
        answer
            .headers_mut()
            .insert(HeaderName::from_static(EPOCH), epoch.into());
    }
    answer
}
