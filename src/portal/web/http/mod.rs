//! HTTP over the registry: the only place of the portal that knows axum and tokio.
//!
//! Handlers run on a small runtime and hand every piece of work to a blocking thread. No body, no
//! name and no token is ever logged.

mod cookies;
mod extract;
pub(in crate::portal) mod listen;
mod pages;

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tokio::sync::watch;

use extract::{QueryParams, Segment};
pub use listen::Listen;

use crate::portal::trust::request;
use crate::portal::unit::registry::{Device, Registry, problem_of};
use crate::portal::web::metrics;
use crate::wire::{self, DeliveryAnswer, ProblemCode, ProblemDetails, media, path};

/// How often the feed looks for receipts that another process wrote.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// Longest time that a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(120);

/// What handlers share.
#[derive(Clone)]
pub(in crate::portal) struct Shared {
    pub registry: Arc<Registry>,
    /// Counts deliveries, so that the feed wakes up.
    pub arrived: Arc<watch::Sender<u64>>,
    /// Turns true when the portal stops.
    pub stopping: watch::Receiver<bool>,
}

/// Every address of the portal.
pub(in crate::portal) fn router(shared: Shared) -> Router {
    Router::new()
        .route(path::ENTRIES, post(entries))
        .route("/v1/facilities/{fac}/feed", get(feed))
        .route("/v1/journals/{jid}/head", get(journal_head))
        .route("/v1/journals/{jid}/entries", get(journal_entries))
        .route(path::ENROLMENTS, post(enrol))
        .route("/v1/enrolments/{id}", get(enrolment))
        .route(path::TRUST, get(trust))
        .route(path::HEARTBEATS, post(heartbeat))
        .route(path::OPENAPI, get(openapi))
        .route(path::HEALTHZ, get(healthz))
        .route(path::METRICS, get(metrics))
        .route(path::MONITOR, get(pages::monitor))
        .route(path::MONITOR_CSV, get(pages::monitor_csv))
        .route(path::VERIFY, get(pages::verify_page))
        .route(path::VERIFY_OFFLINE, get(pages::verify_file))
        .route(path::ALERT, post(pages::see_alert))
        .route(path::SIGN_IN, get(pages::sign_in_page).post(pages::sign_in))
        .route("/sign-in/{token}", get(pages::sign_in_link))
        .route(path::SIGN_OUT, post(pages::sign_out))
        .route(path::DESK, get(pages::desk_page))
        .route("/desk/find", post(pages::find))
        .route("/desk/entry", post(pages::entry_act))
        .route("/desk/entry/{h}", get(pages::entry_page))
        .route(
            "/desk/record/{nid}",
            get(pages::record_page).post(pages::record_act),
        )
        .route("/desk/record/{nid}/print", get(pages::print_page))
        .fallback(|| async { refuse(ProblemCode::NotFound) })
        .method_not_allowed_fallback(|| async { refuse(ProblemCode::Method) })
        .with_state(shared)
}

impl Shared {
    /// Runs work on a blocking thread.
    async fn work<T: Send + 'static>(
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

    /// The device that sends a request.
    async fn device(&self, headers: &HeaderMap) -> Result<Device, Response> {
        let token = headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.strip_prefix("Bearer "))
            .map(str::to_owned)
            .ok_or_else(|| refuse(ProblemCode::Unauthorized))?;
        self.work(move |r| r.device(&token)).await
    }
}

/// A problem as an answer of its own.
fn refuse(code: ProblemCode) -> Response {
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = (status, ProblemDetails::new(code).to_json()).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media::PROBLEM));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if code == ProblemCode::Busy {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    answer
}

/// An answer that must not be kept by anybody between.
fn answer(media: &'static str, body: impl Into<Body>) -> Response {
    (
        [
            (header::CONTENT_TYPE, media),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        body.into(),
    )
        .into_response()
}

fn ndjson(lines: impl IntoIterator<Item = String>) -> Response {
    let mut body = String::new();
    for line in lines {
        body.push_str(&line);
        body.push('\n');
    }
    answer(media::NDJSON, body)
}

fn json(value: &impl serde::Serialize) -> Response {
    answer(media::JSON, serde_json::to_string(value).unwrap_or_default())
}

fn either(result: Result<Response, Response>) -> Response {
    result.unwrap_or_else(|refused| refused)
}

/// The body as text, unpacked; at most 1 MiB before and after unpacking.
async fn text(request: Request<Body>) -> Result<String, Response> {
    let packed = match request
        .headers()
        .get(header::CONTENT_ENCODING)
        .map(|v| v.as_bytes())
    {
        None | Some(b"identity") => false,
        Some(b"gzip") => true,
        Some(_) => return Err(refuse(ProblemCode::Encoding)),
    };
    let arriving = to_bytes(request.into_body(), wire::MAX_BYTES);
    let bytes = match tokio::time::timeout(BODY_TIME, arriving).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(e)) if too_long(&e) => return Err(refuse(ProblemCode::TooLarge)),
        Ok(Err(_)) | Err(_) => return Err(refuse(ProblemCode::Malformed)),
    };
    let bytes = if packed {
        unpack(&bytes).map_err(refuse)?
    } else {
        bytes.to_vec()
    };
    String::from_utf8(bytes).map_err(|_| refuse(ProblemCode::Malformed))
}

fn too_long(e: &axum::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(e);
    while let Some(e) = source {
        if e.to_string().contains("length limit exceeded") {
            return true;
        }
        source = e.source();
    }
    false
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, ProblemCode> {
    let mut out = Vec::new();
    let limit = u64::try_from(wire::MAX_BYTES).unwrap_or(u64::MAX);
    let read = flate2::read::MultiGzDecoder::new(bytes)
        .take(limit + 1)
        .read_to_end(&mut out);
    match read {
        Ok(_) if out.len() > wire::MAX_BYTES => Err(ProblemCode::TooLarge),
        Ok(_) => Ok(out),
        Err(_) => Err(ProblemCode::Malformed),
    }
}

async fn entries(State(shared): State<Shared>, request: Request<Body>) -> Response {
    let handled = async {
        let device = shared.device(request.headers()).await?;
        let body = text(request).await?;
        let answers = shared.work(move |r| r.deliver(&device, &body)).await?;
        shared.arrived.send_modify(|n| *n += 1);
        Ok(ndjson(answers.iter().map(DeliveryAnswer::line)))
    };
    either(handled.await)
}

#[derive(Deserialize)]
struct FeedQuery {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    wait: u64,
}

async fn feed(
    State(shared): State<Shared>,
    Segment(fac): Segment,
    QueryParams(query): QueryParams<FeedQuery>,
    headers: HeaderMap,
) -> Response {
    let handled = async {
        let device = shared.device(&headers).await?;
        if device.fac != fac {
            return Err(refuse(ProblemCode::Forbidden));
        }
        let wait = Duration::from_secs(query.wait.min(wire::MAX_WAIT_SECONDS));
        let until = tokio::time::Instant::now() + wait;
        let mut arrived = shared.arrived.subscribe();
        let mut stopping = shared.stopping.clone();
        loop {
            arrived.mark_unchanged();
            let asking = device.clone();
            let lines = shared
                .work(move |r| r.feed(&asking, query.after).map_err(|e| problem_of(&e)))
                .await?;
            let now = tokio::time::Instant::now();
            if !lines.is_empty() || now >= until || *stopping.borrow() {
                let lines = lines.iter().filter_map(|l| serde_json::to_string(l).ok());
                return Ok(ndjson(lines));
            }
            tokio::select! {
                _ = arrived.changed() => {}
                _ = stopping.changed() => {}
                () = tokio::time::sleep(LOOK_AGAIN.min(until - now)) => {}
            }
        }
    };
    either(handled.await)
}

async fn journal_head(State(shared): State<Shared>, Segment(jid): Segment, headers: HeaderMap) -> Response {
    let handled = async {
        let device = shared.device(&headers).await?;
        let head = shared.work(move |r| r.head(&device, &jid)).await?;
        Ok(json(&head))
    };
    either(handled.await)
}

#[derive(Deserialize)]
struct FromQuery {
    #[serde(default)]
    from: u64,
}

async fn journal_entries(
    State(shared): State<Shared>,
    Segment(jid): Segment,
    QueryParams(query): QueryParams<FromQuery>,
    headers: HeaderMap,
) -> Response {
    let handled = async {
        let device = shared.device(&headers).await?;
        let found = shared.work(move |r| r.entries(&device, &jid, query.from)).await?;
        Ok(ndjson(found.iter().map(|jws| wire::jws_line(jws))))
    };
    either(handled.await)
}

async fn enrol(State(shared): State<Shared>, request: Request<Body>) -> Response {
    let handled = async {
        let body = text(request).await?;
        let enrolment = shared.work(move |r| request::enrol(r, body.trim())).await?;
        Ok((StatusCode::ACCEPTED, json(&enrolment)).into_response())
    };
    either(handled.await)
}

async fn enrolment(State(shared): State<Shared>, Segment(id): Segment) -> Response {
    either(
        shared
            .work(move |r| request::enrolment(r, &id))
            .await
            .map(|e| json(&e)),
    )
}

#[derive(Deserialize)]
struct AfterQuery {
    #[serde(default)]
    after: u64,
}

async fn trust(State(shared): State<Shared>, QueryParams(query): QueryParams<AfterQuery>) -> Response {
    let handled = async {
        let lists = shared
            .work(move |r| r.trust_lists(query.after).map_err(|e| problem_of(&e)))
            .await?;
        Ok(ndjson(lists.iter().map(|jws| wire::jws_line(jws))))
    };
    either(handled.await)
}

async fn heartbeat(State(shared): State<Shared>, request: Request<Body>) -> Response {
    let handled = async {
        let body = text(request).await?;
        shared.work(move |r| r.heartbeat(&body)).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    either(handled.await)
}

async fn openapi() -> Response {
    json(&wire::openapi())
}

async fn healthz(State(shared): State<Shared>) -> Response {
    let looked = shared
        .work(|r| r.trust_lists(u64::MAX >> 1).map_err(|e| problem_of(&e)))
        .await;
    either(looked.map(|_| answer(media::TEXT, "ok\n")))
}

async fn metrics(State(shared): State<Shared>) -> Response {
    let made = shared.work(|r| metrics::metrics(r).map_err(|e| problem_of(&e)));
    either(made.await.map(|text| answer(media::METRICS, text)))
}

/// A page for people: nothing from elsewhere, no scripts, no frames.
fn page(html: String) -> Response {
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    );
    page_under(html, policy)
}

/// A page under a policy of its own.
fn page_under(html: String, policy: HeaderValue) -> Response {
    let mut answer = answer(media::HTML, html);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}
