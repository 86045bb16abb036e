//! The OpenAPI 3.1 document: what the types and handlers say of themselves, and what only the whole
//! contract can say.
//!
//! It is made here and not in `wire`: a call's description stands at its handler, and the router takes
//! the two together. NDJSON has no schema of its own in OpenAPI 3.1: where a body is
//! `application/x-ndjson`, the schema is that of each line.

use std::collections::BTreeMap;

use axum::body::Bytes;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder, ResponsesBuilder};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

use crate::form;
use crate::seal::{EnrolRequest, Entry, Heartbeat, Receipt, TrustList};
use crate::vital::Kind;
use crate::wire::{AUTH_SECONDS, DeliveryAnswer, ProblemDetails, Reason, media};

/// Media type of the forms of pages.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";
/// Media type of pages.
const HTML: &str = "text/html";

/// The document without calls: the router adds each with its route.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "ogoh portal",
        version = "1",
        description = "Signed notifications of births, deaths and foetal deaths from wards to the civil registry. \
            Only a receipt whose signature verifies moves a status; a plain 200 never does. \
            Where a body is application/x-ndjson its schema is that of each line.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")
    ),
    // What is signed travels as a JWS, and no call names it.
    components(schemas(
        DeliveryAnswer,
        ProblemDetails,
        Reason,
        Entry,
        Receipt,
        TrustList,
        EnrolRequest,
        Heartbeat
    )),
    modifiers(&DeviceToken)
)]
pub(super) struct Contract;

/// How a device says who it is.
struct DeviceToken;

impl Modify for DeviceToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(format!(
                "A JWT (typ ogoh-auth+jwt) signed by an enrolled device: iss its thumbprint, aud \
                 urn:ogoh:registry:<root key>, iat, exp at most {AUTH_SECONDS} s later. On 401 with code `clock` \
                 try again with the time of the answer's Date. Every answer tells the number of the newest trust \
                 list in the header ogoh-trust."
            )));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("device", SecurityScheme::Http(token.build()));
    }
}

/// The document as it is served.
#[derive(Clone)]
pub(super) struct Document(pub Bytes);

impl Document {
    /// Completes what the router collected by the schemas of bodies, which follow from the questions.
    pub fn new(collected: &utoipa::openapi::OpenApi) -> Document {
        let mut document = serde_json::to_value(collected).unwrap_or_default();
        if let Some(schemas) = document.pointer_mut("/components/schemas")
            && let Some(schemas) = schemas.as_object_mut()
        {
            for (name, kind) in [
                ("BodyBirth", Kind::Birth),
                ("BodyDeath", Kind::Death),
                ("BodyFoetalDeath", Kind::FoetalDeath),
            ] {
                schemas.insert(name.to_owned(), form::schema(kind));
            }
        }
        Document(document.to_string().into())
    }
}

type Described = BTreeMap<String, RefOr<Response>>;

fn described<const N: usize>(answers: [(&str, Response); N]) -> Described {
    let all = answers
        .into_iter()
        .fold(ResponsesBuilder::new(), |all, (status, answer)| {
            all.response(status, answer)
        });
    all.build().into()
}

fn plain(description: &str) -> Response {
    ResponseBuilder::new().description(description).build()
}

fn html(description: &str) -> Response {
    let text = utoipa::openapi::Object::with_type(utoipa::openapi::Type::String);
    ResponseBuilder::new()
        .description(description)
        .content(HTML, Content::builder().schema(Some(text)).build())
        .build()
}

/// What every call may answer instead: a problem.
pub(super) enum Problem {}

impl IntoResponses for Problem {
    fn responses() -> Described {
        let schema = Ref::from_schema_name(ProblemDetails::name());
        let problem = ResponseBuilder::new()
            .description("A problem (RFC 9457) with a stable code.")
            .content(media::PROBLEM, Content::builder().schema(Some(schema)).build())
            .build();
        described([("default", problem)])
    }
}

/// What a page answers.
pub(super) enum Page {}

impl IntoResponses for Page {
    fn responses() -> Described {
        described([
            ("200", html("A page.")),
            ("303", plain("To sign in first, or back to the desk.")),
        ])
    }
}

/// What a page's form answers.
pub(super) enum Submitted {}

impl IntoResponses for Submitted {
    fn responses() -> Described {
        described([
            ("303", plain("Done or not, as the page that follows says.")),
            ("200", html("A page.")),
        ])
    }
}

/// What somebody is answered who is not let in: a page that says why.
pub(super) enum NotLetIn {}

impl IntoResponses for NotLetIn {
    fn responses() -> Described {
        described([
            (
                "403",
                html("Something is wrong; what, is not said. Of a form that is not ours: a problem."),
            ),
            ("429", html("Too many wrong tries.")),
            ("503", html("Too many people sign in at once.")),
        ])
    }
}
