//! What a request brings, refused in our own words where it makes no sense.

use std::io::Read;
use std::time::Duration;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::{Request, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::listen::Caller;
use super::pace::{Pace, Unread, arriving};
use super::respond::refuse;
use crate::portal::Serving;
use crate::portal::web::desk::FormData;
use crate::wire::{self, ProblemCode};

/// Longest time that a body may take to arrive, however steadily it comes.
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
    let caller = request.extensions().get::<Caller>();
    let pace = caller.map_or_else(|| Pace::of(&Serving::default()), |caller| caller.pace);
    let bytes = match arriving(request.into_body(), wire::MAX_BYTES, pace, BODY_TIME).await {
        Ok(bytes) => bytes,
        Err(Unread::TooLong) => return Err(refuse(ProblemCode::TooLarge)),
        // Nothing is wrong with what came; it may come again over a better line.
        Err(Unread::TooSlow) => return Err(refuse(ProblemCode::Busy)),
        Err(Unread::Broken) => return Err(refuse(ProblemCode::Malformed)),
    };
    let bytes = if packed {
        unpack(&bytes).map_err(refuse)?
    } else {
        bytes
    };
    String::from_utf8(bytes).map_err(|_| refuse(ProblemCode::Malformed))
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
