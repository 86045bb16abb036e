//! Answers: problems, JSON and its lines, pages, and the way to another page.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::wire::{ProblemCode, ProblemDetails, media};

/// A problem as an answer of its own.
pub(super) fn refuse(code: ProblemCode) -> Response {
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = (status, ProblemDetails::new(code).to_json()).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media::PROBLEM));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = code.retry_after() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// An answer that must not be kept by anybody between.
pub(super) fn answer(media: &'static str, body: impl Into<Body>) -> Response {
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

/// Lines of JSON.
pub(super) fn ndjson(lines: impl IntoIterator<Item = String>) -> Response {
    let mut body = String::new();
    for line in lines {
        body.push_str(&line);
        body.push('\n');
    }
    answer(media::NDJSON, body)
}

/// One object of JSON.
pub(super) fn json(value: &impl serde::Serialize) -> Response {
    answer(media::JSON, serde_json::to_string(value).unwrap_or_default())
}

/// A page for people: nothing from elsewhere, no scripts, no frames.
pub(super) fn page(html: String) -> Response {
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    );
    page_under(html, policy)
}

/// A page under a policy of its own.
pub(super) fn page_under(html: String, policy: HeaderValue) -> Response {
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

/// The file that an answer is, for a browser to keep.
pub(super) fn as_file(mut answer: Response, name: &str) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    if let Ok(value) = disposition {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    answer
}

/// The way to another page.
pub(super) fn go(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response()
}
