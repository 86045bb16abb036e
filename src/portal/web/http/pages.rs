//! The pages that everybody may open: signing in and out, figures, verification.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::cookies;
use super::describe::{FORM, NotLetIn, Page, Problem, Submitted};
use super::extract::{PageForm, PathParams, QueryParams, form};
use super::respond::{answer, as_file, go, page, page_under, refuse};
use super::shared::Shared;
use super::visit::{LangQuery, farewell, lang_of, page_in, welcome};
use crate::lang::Lang;
use crate::portal::book::StaffRole;
use crate::portal::staff::sign_in::{self as staff, Refused, same};
use crate::portal::unit::registry::{Registry, problem_of};
use crate::portal::web::desk;
use crate::portal::web::ministry::{self, Asked, TableAsked};
use crate::portal::web::{alert, link, verify};
use crate::wire::{ProblemCode, path};

/// Shows where people sign in.
#[utoipa::path(get, path = path::SIGN_IN, params(LangQuery), responses(Page, Problem))]
pub(super) async fn sign_in_page(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<LangQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let lang = lang_of(&query, &headers);
    let waiting = accounts_wait(&shared).await?;
    Ok(page_in(desk::sign_in_page(None, waiting, lang), &query))
}

/// Whether accounts of a book that was set back have not been confirmed.
async fn accounts_wait(shared: &Shared) -> Result<bool, Response> {
    let waiting = |r: &Registry| r.read(|tx| tx.unconfirmed()).map_err(|e| problem_of(&e));
    Ok(!shared.work(waiting).await?.is_empty())
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignInForm {
    /// Name by which the registry knows the person.
    #[serde(default)]
    #[schema(required = true)]
    login: String,
    /// Passphrase.
    #[serde(default)]
    #[schema(required = true)]
    phrase: String,
    /// Six digits of the second factor.
    #[serde(default)]
    #[schema(required = true)]
    code: String,
}

/// Signs in: passphrase and the six digits of the second factor.
#[utoipa::path(
    post,
    path = path::SIGN_IN,
    request_body(content = SignInForm, content_type = FORM),
    responses(Submitted, NotLetIn, Problem)
)]
pub(super) async fn sign_in(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let lang = lang_of(&LangQuery::default(), request.headers());
    let (source, from) = (Shared::source(&request), Shared::origin(&request));
    let sent: SignInForm = form(request).await?;
    let Some(turn) = shared.turns.take(source).await else {
        return entered(&shared, Err(Refused::Busy), lang).await;
    };
    let tried = shared
        .work(move |r| {
            // Until it is done, though whoever asked may have gone.
            let _turn = turn;
            Ok(staff::sign_in(r, &from, &sent.login, &sent.phrase, &sent.code))
        })
        .await?;
    entered(&shared, tried, lang).await
}

/// The link in an address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct LinkPath {
    /// What the link was made with.
    token: String,
}

/// Shows a link's page with the button that signs in; whatever merely looks at it signs nobody in.
#[utoipa::path(
    get,
    path = "/sign-in/{token}",
    params(LinkPath, LangQuery),
    responses(Page, Problem)
)]
pub(super) async fn link_page(
    PathParams(LinkPath { token }): PathParams<LinkPath>,
    QueryParams(query): QueryParams<LangQuery>,
    headers: HeaderMap,
) -> Response {
    let lang = lang_of(&query, &headers);
    page_in(link::page(&token, lang), &query)
}

/// Signs in by a link, once.
#[utoipa::path(
    post,
    path = "/sign-in/{token}",
    params(LinkPath),
    responses(Submitted, NotLetIn, Problem)
)]
pub(super) async fn sign_in_link(
    State(shared): State<Shared>,
    PathParams(LinkPath { token }): PathParams<LinkPath>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let lang = lang_of(&LangQuery::default(), request.headers());
    let source = Shared::origin(&request);
    let tried = shared
        .work(move |r| Ok(staff::sign_in_by_link(r, &source, &token)))
        .await?;
    entered(&shared, tried, lang).await
}

async fn entered(shared: &Shared, tried: Result<String, Refused>, lang: Lang) -> Result<Response, Response> {
    match tried {
        Ok(token) => {
            let asked = token.clone();
            let person = shared
                .work(move |r| staff::visitor(r, &asked).map_err(|e| problem_of(&e)))
                .await?;
            let desk = person.is_some_and(|p| p.role == StaffRole::Registrar);
            let to = if desk { path::DESK } else { path::MONITOR };
            Ok(welcome(&token, to))
        }
        Err(refused) => {
            // Also whoever comes too often or meets a busy book is told why, whatever else cannot be looked up.
            let waiting = accounts_wait(shared).await.unwrap_or_default();
            let mut answer = page(desk::sign_in_page(Some(refused), waiting, lang));
            *answer.status_mut() = match refused {
                Refused::Wrong | Refused::Unconfirmed => StatusCode::FORBIDDEN,
                Refused::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
                Refused::Busy => StatusCode::SERVICE_UNAVAILABLE,
            };
            Ok(answer)
        }
    }
}

/// Nothing beside the proof that the page is ours.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignOutForm {}

/// Signs out.
#[utoipa::path(
    post,
    path = path::SIGN_OUT,
    request_body(content = PageForm<SignOutForm>, content_type = FORM),
    responses(Submitted, Problem)
)]
pub(super) async fn sign_out(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let token = cookies::visit_token(request.headers());
    let person = shared.person(request.headers()).await?;
    let sent: PageForm<SignOutForm> = form(request).await?;
    let (Some(token), Some(person)) = (token, person) else {
        return Ok(go(path::SIGN_IN));
    };
    if !same(&sent.csrf, &person.csrf) {
        return Err(refuse(ProblemCode::Forbidden));
    }
    shared
        .work(move |r| staff::sign_out(r, &token).map_err(|e| problem_of(&e)))
        .await?;
    Ok(farewell())
}

/// Shows figures: public ones without small cells, exact ones for those who signed in.
#[utoipa::path(get, path = path::MONITOR, params(LangQuery, Asked), responses(Page, Problem))]
pub(super) async fn monitor(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<LangQuery>,
    QueryParams(asked): QueryParams<Asked>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let lang = lang_of(&query, &headers);
    let person = shared.person(&headers).await?;
    let html = shared
        .work(move |r| ministry::page(r, person.as_ref(), &asked, lang))
        .await?;
    Ok(page_in(html, &query))
}

/// Gives a table of the figures.
#[utoipa::path(
    get,
    path = path::MONITOR_CSV,
    params(LangQuery, Asked, TableAsked),
    responses((status = 200, description = "CSV.", body = String, content_type = "text/csv"), Problem)
)]
pub(super) async fn monitor_csv(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<LangQuery>,
    QueryParams(asked): QueryParams<Asked>,
    QueryParams(wanted): QueryParams<TableAsked>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let lang = lang_of(&query, &headers);
    let person = shared.person(&headers).await?;
    let (name, csv) = shared
        .work(move |r| ministry::csv(r, person.as_ref(), &asked, &wanted, lang))
        .await?;
    Ok(as_file(answer("text/csv; charset=utf-8", csv), &name))
}

/// Checks a slip's QR text in the browser.
#[utoipa::path(get, path = path::VERIFY, params(LangQuery), responses(Page, Problem))]
pub(super) async fn verify_page(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<LangQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    verify(&shared, &query, &headers, false).await
}

/// Gives the same as a file, for places without a network.
#[utoipa::path(get, path = path::VERIFY_OFFLINE, params(LangQuery), responses(Page, Problem))]
pub(super) async fn verify_file(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<LangQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let page = verify(&shared, &query, &headers, true).await?;
    Ok(as_file(page, verify::OFFLINE_NAME))
}

async fn verify(
    shared: &Shared,
    query: &LangQuery,
    headers: &HeaderMap,
    offline: bool,
) -> Result<Response, Response> {
    let lang = lang_of(query, headers);
    let made = shared
        .work(move |r| {
            let keyring = r.keyring().map_err(|e| problem_of(&e))?;
            Ok(verify::page(&verify::keys(keyring.trust()), lang, offline))
        })
        .await?;
    let policy = HeaderValue::from_str(&made.csp).map_err(|_| refuse(ProblemCode::Internal))?;
    Ok(page_under(made.html, policy))
}

/// A maternal death of which an officer knows.
#[derive(Deserialize, ToSchema)]
pub(super) struct AlertForm {
    /// The death's notification.
    #[serde(default)]
    #[schema(required = true)]
    nid: String,
}

/// Notes that an officer knows of a maternal death.
#[utoipa::path(
    post,
    path = path::ALERT,
    request_body(content = PageForm<AlertForm>, content_type = FORM),
    responses(Submitted, Problem)
)]
pub(super) async fn see_alert(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let person = shared.person(request.headers()).await?;
    let person = person
        .filter(|p| p.role == StaffRole::Officer)
        .ok_or_else(|| refuse(ProblemCode::Forbidden))?;
    let sent: PageForm<AlertForm> = form(request).await?;
    if !same(&sent.csrf, &person.csrf) {
        return Err(refuse(ProblemCode::Forbidden));
    }
    shared
        .work(move |r| alert::see(r, &person, &sent.fields.nid).map_err(|e| problem_of(&e)))
        .await?;
    Ok(go(path::MONITOR))
}
