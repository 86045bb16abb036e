//! The calls of wards and operators: deliveries, the feed, journals, enrolment, trust lists, heartbeats,
//! health, measurements.

use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::claims::{CLAIMS, claim, compare};
use super::describe::{Document, Problem};
use super::extract::{PathParams, QueryParams, text};
use super::respond::{answer, json, ndjson, refuse};
use super::shared::Shared;
use crate::portal::book::Mark;
use crate::portal::trust::request;
use crate::portal::unit::registry::{Registry, problem_of};
use crate::portal::web::metrics;
use crate::seal::{FIRST_EPOCH, Jws, ReceiptNumber};
use crate::wire::{
    self, DeliveryAnswer, EnrolmentAnswer, FeedLine, JournalHead, MAX_BYTES, MAX_FEED, MAX_JWS, MAX_LINES,
    MAX_WAIT_SECONDS, ProblemCode, media, path,
};

/// How often the feed looks for receipts that another process wrote.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Takes entries; a receipt or a problem for each line, in order.
#[utoipa::path(
    post,
    path = path::ENTRIES,
    description = format!(
        "At most {MAX_LINES} lines, {MAX_BYTES} bytes after decompression and {MAX_JWS} bytes a line; \
         Content-Encoding gzip is understood. A line may also be a receipt of this portal, which it honours when \
         it has fallen behind. The same bytes again get the entry's newest receipt."
    ),
    security(("device" = [])),
    params(("ogoh-claim" = Option<String>, Header, nullable = false, description = CLAIMS)),
    request_body(
        content = Jws,
        content_type = media::NDJSON,
        description = "Entries, or receipts of this portal."
    ),
    responses(
        (status = 200, description = "A line each.", body = DeliveryAnswer, content_type = media::NDJSON),
        Problem,
    )
)]
pub(super) async fn entries(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let device = shared.device(request.headers()).await?;
    compare(&shared, &device, request.headers()).await?;
    let body = text(request).await?;
    let answers = shared.work(move |r| r.deliver(&device, &body)).await?;
    shared.notify();
    Ok(ndjson(answers.iter().map(DeliveryAnswer::line)))
}

/// The facility in an address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct FacilityPath {
    /// Code of the device's facility.
    fac: String,
}

/// What of a feed is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedQuery {
    /// Number of the newest receipt that is already there.
    #[serde(default)]
    #[param(default = 0)]
    after: u64,
    /// Epoch of that receipt. An older ward names none: the first is meant.
    #[serde(default = "first_epoch")]
    #[param(default = 1, minimum = 1)]
    epoch: u32,
    /// Seconds to wait for one; more than the longest wait is the longest wait.
    #[serde(default)]
    #[param(default = 0)]
    wait: u64,
}

fn first_epoch() -> u32 {
    FIRST_EPOCH
}

/// Gives receipts of the facility after a place in their order, with entries that other devices wrote.
#[utoipa::path(
    get,
    path = "/v1/facilities/{fac}/feed",
    description = format!(
        "At most {MAX_FEED} lines. Waits at most {MAX_WAIT_SECONDS} seconds, and not beyond a newer trust list."
    ),
    security(("device" = [])),
    params(FacilityPath, FeedQuery, ("ogoh-claim" = Option<String>, Header, nullable = false, description = CLAIMS)),
    responses(
        (
            status = 200,
            description = "Receipts in the order of epoch and number; none when the wait is over.",
            body = FeedLine,
            content_type = media::NDJSON
        ),
        Problem,
    )
)]
pub(super) async fn feed(
    State(shared): State<Shared>,
    PathParams(FacilityPath { fac }): PathParams<FacilityPath>,
    QueryParams(query): QueryParams<FeedQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let device = shared.device(&headers).await?;
    if device.fac != fac {
        return Err(refuse(ProblemCode::Forbidden));
    }
    compare(&shared, &device, &headers).await?;
    let after = ReceiptNumber {
        epoch: query.epoch,
        n: query.after,
    };
    let wait = Duration::from_secs(query.wait.min(MAX_WAIT_SECONDS));
    let until = tokio::time::Instant::now() + wait;
    let mut arrived = shared.arrived.subscribe();
    let mut stopping = shared.stopping.clone();
    let trust = shared.trust_number().await?;
    loop {
        arrived.mark_unchanged();
        let asking = device.clone();
        let lines = shared
            .work(move |r| r.feed(&asking, after).map_err(|e| problem_of(&e)))
            .await?;
        let now = tokio::time::Instant::now();
        // A newer trust list is news as well: the answer tells its number.
        let over = now >= until || *stopping.borrow() || shared.trust_number().await? != trust;
        if !lines.is_empty() || over {
            let lines = lines.iter().filter_map(|l| serde_json::to_string(l).ok());
            return Ok(ndjson(lines));
        }
        tokio::select! {
            _ = arrived.changed() => {}
            _ = stopping.changed() => {}
            () = tokio::time::sleep(LOOK_AGAIN.min(until - now)) => {}
        }
    }
}

/// The journal in an address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct JournalPath {
    /// Journal.
    jid: String,
}

/// Says how much of a journal the portal holds.
#[utoipa::path(
    get,
    path = "/v1/journals/{jid}/head",
    security(("device" = [])),
    params(JournalPath, ("ogoh-claim" = Option<String>, Header, nullable = false, description = CLAIMS)),
    responses(
        (
            status = 200,
            description = "The head; seq 0 for an unknown journal.",
            body = JournalHead,
            content_type = media::JSON
        ),
        Problem,
    )
)]
pub(super) async fn journal_head(
    State(shared): State<Shared>,
    PathParams(JournalPath { jid }): PathParams<JournalPath>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let device = shared.device(&headers).await?;
    let claim = claim(&headers)?;
    let head = shared
        .work(move |r| {
            // A device looks here for the first receipt that is lacking.
            claim.map_or(Ok(()), |claim| r.has_claimed(&device.fac, &claim))?;
            r.head(&device, &jid)
        })
        .await?;
    Ok(json(&head))
}

/// Which entries of a journal are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FromQuery {
    /// First sequence number.
    #[serde(default)]
    #[param(default = 0)]
    from: u64,
}

/// Gives entries of a journal of the own facility, to be given back to it.
#[utoipa::path(
    get,
    path = "/v1/journals/{jid}/entries",
    security(("device" = [])),
    params(JournalPath, FromQuery),
    responses(
        (
            status = 200,
            description = "Entries in order; as many as fit into one answer.",
            body = Jws,
            content_type = media::NDJSON
        ),
        Problem,
    )
)]
pub(super) async fn journal_entries(
    State(shared): State<Shared>,
    PathParams(JournalPath { jid }): PathParams<JournalPath>,
    QueryParams(query): QueryParams<FromQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let device = shared.device(&headers).await?;
    let found = shared.work(move |r| r.entries(&device, &jid, query.from)).await?;
    Ok(ndjson(found.iter().map(|jws| wire::jws_line(jws))))
}

/// Takes a request to be enrolled, of a device or a person.
///
/// A wrong one-time code is refused with 422 and the code `enrol-code`; nothing is kept then. Of one source
/// only so many may wait that nobody vouches for: more are refused with 429 and the code `quota`.
#[utoipa::path(
    post,
    path = path::ENROLMENTS,
    request_body(
        content = Jws,
        content_type = media::NDJSON,
        description = "A request signed by its own key, perhaps countersigned."
    ),
    responses(
        (
            status = 202,
            description = "Kept; the same request again changes nothing.",
            body = EnrolmentAnswer,
            content_type = media::JSON
        ),
        Problem,
    )
)]
pub(super) async fn enrol(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let source = Shared::origin(&request);
    let body = text(request).await?;
    let enrolment = shared
        .work(move |r| request::enrol(r, &source, body.trim()))
        .await?;
    Ok((StatusCode::ACCEPTED, json(&enrolment)).into_response())
}

/// The request to enrol in an address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct EnrolmentPath {
    /// Identifier of the request.
    id: String,
}

/// Says how far a request has come.
#[utoipa::path(
    get,
    path = "/v1/enrolments/{id}",
    params(EnrolmentPath),
    responses(
        (status = 200, description = "Its state.", body = EnrolmentAnswer, content_type = media::JSON),
        Problem,
    )
)]
pub(super) async fn enrolment(
    State(shared): State<Shared>,
    PathParams(EnrolmentPath { id }): PathParams<EnrolmentPath>,
) -> Result<Response, Response> {
    let enrolment = shared.work(move |r| request::enrolment(r, &id)).await?;
    Ok(json(&enrolment))
}

/// Which trust lists are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AfterQuery {
    /// Only lists with a higher number.
    #[serde(default)]
    #[param(default = 0)]
    after: u64,
}

/// Gives the trust lists, oldest first; each names its predecessor's hash.
#[utoipa::path(
    get,
    path = path::TRUST,
    params(AfterQuery),
    responses(
        (status = 200, description = "A list on each line.", body = Jws, content_type = media::NDJSON),
        Problem,
    )
)]
pub(super) async fn trust(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<AfterQuery>,
) -> Result<Response, Response> {
    let lists = shared
        .work(move |r| r.trust_lists(query.after).map_err(|e| problem_of(&e)))
        .await?;
    Ok(ndjson(lists.iter().map(|jws| wire::jws_line(jws))))
}

/// Takes trust lists that the book lacks because it was set back, from any device, before anything else; also from
/// one that only these lists name.
///
/// They are believed only where they follow the newest one here, list by list, from the root key.
#[utoipa::path(
    post,
    path = path::TRUST,
    security(("device" = [])),
    request_body(
        content = Jws,
        content_type = media::NDJSON,
        description = "A list on each line, in their order; those that are here already are passed over."
    ),
    responses((status = 204, description = "The newest of them is in force."), Problem)
)]
pub(super) async fn give_back_trust(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let token = Shared::bearer(request.headers())?;
    let body = text(request).await?;
    shared.work(move |r| r.take_trust(&token, &body)).await?;
    shared.notify();
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Gives the names of the facility's people and devices, signed with a receipt key; the trust list has none.
#[utoipa::path(
    get,
    path = path::PEOPLE,
    security(("device" = [])),
    responses(
        (status = 200, description = "One signed object.", body = Jws, content_type = media::NDJSON),
        Problem,
    )
)]
pub(super) async fn people(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Response> {
    let device = shared.device(&headers).await?;
    let people = shared.work(move |r| r.people(&device)).await?;
    Ok(ndjson([wire::jws_line(&people)]))
}

/// Takes a device's signed state; no personal data.
///
/// One whose time is further from the portal's than the limit of the clock is refused with the code `clock`;
/// one that is no newer than the last one of the device changes nothing.
#[utoipa::path(
    post,
    path = path::HEARTBEATS,
    params(("ogoh-claim" = Option<String>, Header, nullable = false, description = CLAIMS)),
    request_body(
        content = Jws,
        content_type = media::NDJSON,
        description = "One heartbeat; its own signature is enough."
    ),
    responses((status = 204, description = "Kept."), Problem)
)]
pub(super) async fn heartbeat(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let claim = claim(request.headers())?;
    let body = text(request).await?;
    shared.work(move |r| r.heartbeat(&body, claim.as_ref())).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Gives this document.
#[utoipa::path(
    get,
    path = path::OPENAPI,
    responses(
        (status = 200, description = "OpenAPI 3.1.", body = Object, content_type = media::JSON),
        Problem,
    )
)]
pub(super) async fn openapi(Extension(document): Extension<Document>) -> Response {
    answer(media::JSON, document.0)
}

/// Says whether the portal works; further lines say that its book holds invented events, or was set back and
/// recovers.
#[utoipa::path(
    get,
    path = path::HEALTHZ,
    responses(
        (status = 200, description = "It does.", body = String, content_type = "text/plain"),
        Problem,
    )
)]
pub(super) async fn healthz(State(shared): State<Shared>) -> Result<Response, Response> {
    let state = |r: &Registry| {
        let state = r.read(|tx| Ok((tx.mark(Mark::Invented)?.is_some(), !tx.recovering()?.is_empty())));
        state.map_err(|e| problem_of(&e))
    };
    let (invented, recovering) = shared.work(state).await?;
    let mut said = "ok\n".to_owned();
    said.push_str(if invented { "invented\n" } else { "" });
    said.push_str(if recovering { "recovering\n" } else { "" });
    Ok(answer(media::TEXT, said))
}

/// Gives measurements in the Prometheus exposition format; no personal data.
#[utoipa::path(
    get,
    path = path::METRICS,
    responses(
        (status = 200, description = "Measurements.", body = String, content_type = "text/plain"),
        Problem,
    )
)]
pub(super) async fn metrics(State(shared): State<Shared>) -> Result<Response, Response> {
    let made = shared.work(|r| metrics::metrics(r).map_err(|e| problem_of(&e)));
    Ok(answer(media::METRICS, made.await?))
}
