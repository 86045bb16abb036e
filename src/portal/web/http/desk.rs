//! The registrar's pages, for registrars alone.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::describe::{FORM, Page, Problem, Submitted};
use super::extract::{PageForm, PathParams, QueryParams};
use super::respond::{go, page, refuse};
use super::shared::Shared;
use super::visit::{LangQuery, NoticeQuery, lang_of, page_in};
use crate::lang::Lang;
use crate::portal::book::BookResult;
use crate::portal::staff::sign_in::Principal;
use crate::portal::unit::registry::{Registry, problem_of};
use crate::portal::web::desk::{self, AmendForm, EntryForm, FindForm, Notice, PaperForm, RecordForm};
use crate::vital::Kind;
use crate::wire::{ProblemCode, path};

/// Shows a registrar's desk: the office's entries that wait, and the box for families.
#[utoipa::path(get, path = path::DESK, params(LangQuery, NoticeQuery), responses(Page, Problem))]
pub(super) async fn desk_page(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<LangQuery>,
    QueryParams(said): QueryParams<NoticeQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let lang = lang_of(&query, &headers);
    let person = shared.registrar(&headers).await?;
    let said = said.notice();
    let html = shared
        .work(move |r| desk::desk_page(r, &person, said, lang).map_err(|e| problem_of(&e)))
        .await?;
    Ok(page_in(html, &query))
}

/// Looks for a family's notification.
#[utoipa::path(
    post,
    path = "/desk/find",
    request_body(content = PageForm<FindForm>, content_type = FORM),
    responses(Submitted, Problem)
)]
pub(super) async fn find(State(shared): State<Shared>, request: Request<Body>) -> Result<Response, Response> {
    let (person, sent, lang) = shared.registrar_form::<FindForm>(request).await?;
    let found = shared
        .work(move |r| desk::find_page(r, &person, &sent, lang))
        .await?;
    Ok(match found {
        desk::FindResult::One(to) => go(&to),
        desk::FindResult::Page(html) => page(html),
    })
}

/// Answers with the page of one thing; none means that it is not this office's.
async fn one(
    shared: &Shared,
    query: &LangQuery,
    headers: &HeaderMap,
    make: impl FnOnce(&Registry, &Principal, Lang) -> BookResult<Option<String>> + Send + 'static,
) -> Result<Response, Response> {
    let lang = lang_of(query, headers);
    let person = shared.registrar(headers).await?;
    let html = shared
        .work(move |r| make(r, &person, lang).map_err(|e| problem_of(&e)))
        .await?;
    Ok(html.map_or_else(
        || go(&Notice::at(path::DESK, "desk-not-here")),
        |html| page_in(html, query),
    ))
}

/// The entry in an address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct EntryPath {
    /// What the page is about: an entry's hash.
    h: String,
}

/// Shows an entry that waits, beside the notification that it may repeat.
#[utoipa::path(
    get,
    path = "/desk/entry/{h}",
    params(EntryPath, LangQuery, NoticeQuery),
    responses(Page, Problem)
)]
pub(super) async fn entry_page(
    State(shared): State<Shared>,
    PathParams(EntryPath { h }): PathParams<EntryPath>,
    QueryParams(query): QueryParams<LangQuery>,
    QueryParams(said): QueryParams<NoticeQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    one(&shared, &query, &headers, move |r, person, lang| {
        desk::entry_page(r, person, &h, said.notice(), lang)
    })
    .await
}

/// Takes a registrar's decision about an entry.
#[utoipa::path(
    post,
    path = "/desk/entry",
    request_body(content = PageForm<EntryForm>, content_type = FORM),
    responses(Submitted, Problem)
)]
pub(super) async fn entry_act(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let (person, sent, _) = shared.registrar_form::<EntryForm>(request).await?;
    let to = shared.work(move |r| desk::act(r, &person, &sent)).await?;
    shared.notify();
    Ok(go(&to))
}

/// The notification in an address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct RecordPath {
    /// What the page is about: a notification.
    nid: String,
}

/// Shows a notification, for the family that stands there.
#[utoipa::path(
    get,
    path = "/desk/record/{nid}",
    params(RecordPath, LangQuery, NoticeQuery),
    responses(Page, Problem)
)]
pub(super) async fn record_page(
    State(shared): State<Shared>,
    PathParams(RecordPath { nid }): PathParams<RecordPath>,
    QueryParams(query): QueryParams<LangQuery>,
    QueryParams(said): QueryParams<NoticeQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    one(&shared, &query, &headers, move |r, person, lang| {
        desk::record_page(r, person, &nid, said.notice(), lang)
    })
    .await
}

/// Does for a family what the registrar says.
#[utoipa::path(
    post,
    path = "/desk/record/{nid}",
    params(RecordPath),
    request_body(content = PageForm<RecordForm>, content_type = FORM),
    responses(Submitted, Problem)
)]
pub(super) async fn record_act(
    State(shared): State<Shared>,
    PathParams(RecordPath { nid }): PathParams<RecordPath>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let (person, sent, _) = shared.registrar_form::<RecordForm>(request).await?;
    let to = shared.work(move |r| desk::serve(r, &person, &nid, &sent)).await?;
    shared.notify();
    Ok(go(&to))
}

/// Shows the record for paper.
#[utoipa::path(
    get,
    path = "/desk/record/{nid}/print",
    params(RecordPath, LangQuery),
    responses(Page, Problem)
)]
pub(super) async fn print_page(
    State(shared): State<Shared>,
    PathParams(RecordPath { nid }): PathParams<RecordPath>,
    QueryParams(query): QueryParams<LangQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    one(&shared, &query, &headers, move |r, person, lang| {
        desk::print_page(r, person, &nid, lang)
    })
    .await
}

/// The kind of event in an address.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct KindPath {
    /// `birth`, `death` or `foetal-death`.
    kind: String,
}

/// Shows the questions about an event that is told at the office.
#[utoipa::path(
    get,
    path = "/desk/new/{kind}",
    params(KindPath, LangQuery),
    responses(Page, Problem)
)]
pub(super) async fn new_page(
    State(shared): State<Shared>,
    PathParams(KindPath { kind }): PathParams<KindPath>,
    QueryParams(query): QueryParams<LangQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let lang = lang_of(&query, &headers);
    let person = shared.registrar(&headers).await?;
    let kind = Kind::from_code(&kind).ok_or_else(|| refuse(ProblemCode::NotFound))?;
    Ok(match desk::new_page(&person, kind, lang) {
        desk::Entered::At(to) => go(&to),
        desk::Entered::Shown(html) => page_in(html, &query),
    })
}

/// Enters an event that was told at the office, or shows what is wrong with it.
#[utoipa::path(
    post,
    path = "/desk/new/{kind}",
    params(KindPath),
    request_body(content = PageForm<PaperForm>, content_type = FORM),
    responses(Submitted, Problem)
)]
pub(super) async fn enter(
    State(shared): State<Shared>,
    PathParams(KindPath { kind }): PathParams<KindPath>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let (person, sent, lang) = shared.registrar_form::<PaperForm>(request).await?;
    let kind = Kind::from_code(&kind).ok_or_else(|| refuse(ProblemCode::NotFound))?;
    let entered = shared
        .work(move |r| desk::enter(r, &person, kind, &sent, lang))
        .await?;
    shared.notify();
    Ok(answer(entered))
}

/// Shows the questions about what was told at the office, as it stands, to correct it.
#[utoipa::path(
    get,
    path = "/desk/amend/{nid}",
    params(RecordPath, LangQuery),
    responses(Page, Problem)
)]
pub(super) async fn amend_page(
    State(shared): State<Shared>,
    PathParams(RecordPath { nid }): PathParams<RecordPath>,
    QueryParams(query): QueryParams<LangQuery>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    one(&shared, &query, &headers, move |r, person, lang| {
        desk::amend_page(r, person, &nid, lang)
    })
    .await
}

/// Corrects what was told at the office, or shows what is wrong with the correction.
#[utoipa::path(
    post,
    path = "/desk/amend/{nid}",
    params(RecordPath),
    request_body(content = PageForm<AmendForm>, content_type = FORM),
    responses(Submitted, Problem)
)]
pub(super) async fn amend(
    State(shared): State<Shared>,
    PathParams(RecordPath { nid }): PathParams<RecordPath>,
    request: Request<Body>,
) -> Result<Response, Response> {
    let (person, sent, lang) = shared.registrar_form::<AmendForm>(request).await?;
    let entered = shared
        .work(move |r| desk::amend(r, &person, &nid, &sent, lang))
        .await?;
    shared.notify();
    Ok(answer(entered))
}

fn answer(entered: desk::Entered) -> Response {
    match entered {
        desk::Entered::At(to) => go(&to),
        desk::Entered::Shown(html) => page(html),
    }
}
