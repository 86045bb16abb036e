//! What a request brings in its address, refused in our own words where it makes no sense.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::refuse;
use crate::wire::ProblemCode;

/// The part of the address after the question mark.
pub(in crate::portal::web) struct QueryParams<T>(pub T);

/// A segment of the address.
pub(in crate::portal::web) struct Segment(pub String);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryParams<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<QueryParams<T>, Response> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(asked)| QueryParams(asked))
            .map_err(|_| refuse(ProblemCode::Malformed))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Segment, Response> {
        let read = Path::<String>::from_request_parts(parts, state).await;
        read.map(|Path(text)| Segment(text))
            .map_err(|_| refuse(ProblemCode::Malformed))
    }
}
