//! What a request brings, refused in our own words where it makes no sense.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::FromRequestParts;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::{Request, header};
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::respond::refuse;
use crate::portal::web::desk::FormData;
use crate::wire::{self, ProblemCode};

/// Longest time that a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(120);

/// The part of the address after the question mark.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(BadAddress))]
pub(super) struct QueryParams<T>(pub T);

/// The parts of the address that its path names.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(BadAddress))]
pub(super) struct PathParams<T>(pub T);

/// An address that makes no sense.
pub(super) struct BadAddress;

impl From<QueryRejection> for BadAddress {
    fn from(_: QueryRejection) -> BadAddress {
        BadAddress
    }
}

impl From<PathRejection> for BadAddress {
    fn from(_: PathRejection) -> BadAddress {
        BadAddress
    }
}

impl IntoResponse for BadAddress {
    fn into_response(self) -> Response {
        refuse(ProblemCode::Malformed)
    }
}

/// The body as text, unpacked; at most 1 MiB before and after unpacking.
pub(super) async fn text(request: Request<Body>) -> Result<String, Response> {
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
    std::error::Error::source(e).is_some_and(|e| e.is::<LengthLimitError>())
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

/// A form that one of our own pages sends once somebody has signed in.
#[derive(Deserialize, ToSchema)]
pub(super) struct PageForm<T> {
    /// What the page was given, so that no other site can send its form.
    #[serde(default)]
    #[schema(required = true)]
    pub csrf: String,
    #[serde(flatten)]
    pub fields: T,
}

/// The fields of a form.
pub(super) async fn form<T: DeserializeOwned>(request: Request<Body>) -> Result<T, Response> {
    let body = text(request).await?;
    FormData::read(&body)
        .and_then(FormData::typed)
        .ok_or_else(|| refuse(ProblemCode::Malformed))
}
