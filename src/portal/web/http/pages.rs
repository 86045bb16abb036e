//! The pages for people who sign in: who they are by their cookie, and what they may open.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::cookies;
use super::extract::{QueryParams, Segment};
use super::{Shared, answer, either, page, page_under, refuse, text};
use crate::lang::Lang;
use crate::portal::book::StaffRole;
use crate::portal::staff::sign_in::{self, Principal, Refused, same};
use crate::portal::unit::registry::problem_of;
use crate::portal::web::desk::{self, FormData, Notice};
use crate::portal::web::ministry::{self, Asked};
use crate::portal::web::{alert, verify};
use crate::wire::{ProblemCode, path};

/// What every page may be asked with.
#[derive(Debug, Default, Deserialize)]
pub(in crate::portal::web) struct PageQuery {
    lang: Option<String>,
    said: Option<String>,
}

impl PageQuery {
    pub fn said(&self) -> Option<Notice> {
        self.said.as_deref().and_then(Notice::from_id)
    }
}

/// The language asked for, else the one chosen before, else Tajik.
pub(in crate::portal::web) fn lang_of(query: &PageQuery, headers: &HeaderMap) -> Lang {
    let asked = query.lang.as_deref().and_then(Lang::from_code);
    asked
        .or_else(|| cookies::chosen_lang(headers))
        .unwrap_or_default()
}

/// A page that remembers the language that was asked for.
pub(in crate::portal::web) fn page_in(html: String, query: &PageQuery) -> Response {
    let answer = page(html);
    match query.lang.as_deref().and_then(Lang::from_code) {
        Some(lang) => cookies::remember_lang(answer, lang),
        None => answer,
    }
}

fn go(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response()
}

impl Shared {
    /// Who is signed in, where somebody is.
    pub async fn person(&self, headers: &HeaderMap) -> Result<Option<Principal>, Response> {
        let Some(token) = cookies::visit_token(headers) else {
            return Ok(None);
        };
        self.work(move |r| sign_in::visitor(r, &token).map_err(|e| problem_of(&e)))
            .await
    }

    /// A registrar; anybody else is sent to sign in, or away.
    async fn registrar(&self, headers: &HeaderMap) -> Result<Principal, Response> {
        match self.person(headers).await? {
            Some(person) if person.role == StaffRole::Registrar => Ok(person),
            Some(_) => Err(refuse(ProblemCode::Forbidden)),
            None => Err(go(path::SIGN_IN)),
        }
    }

    /// A registrar and the form that one of our own pages sent.
    async fn registrar_form(&self, request: Request<Body>) -> Result<(Principal, FormData, Lang), Response> {
        let person = self.registrar(request.headers()).await?;
        let lang = lang_of(&PageQuery::default(), request.headers());
        let form = form_of(request).await?;
        if !same(&form.get("csrf"), &person.csrf) {
            return Err(refuse(ProblemCode::Forbidden));
        }
        Ok((person, form, lang))
    }
}

async fn form_of(request: Request<Body>) -> Result<FormData, Response> {
    let body = text(request).await?;
    FormData::read(&body).ok_or_else(|| refuse(ProblemCode::Malformed))
}

pub(in crate::portal::web) async fn sign_in_page(
    State(_): State<Shared>,
    QueryParams(query): QueryParams<PageQuery>,
    headers: HeaderMap,
) -> Response {
    let lang = lang_of(&query, &headers);
    page_in(desk::sign_in_page(None, lang), &query)
}

pub(in crate::portal::web) async fn sign_in(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Response {
    let lang = lang_of(&PageQuery::default(), request.headers());
    let handled = async {
        let form = form_of(request).await?;
        let tried = shared
            .work(move |r| {
                Ok(sign_in::sign_in(
                    r,
                    &form.get("login"),
                    &form.get("phrase"),
                    &form.get("code"),
                ))
            })
            .await?;
        entered(&shared, tried, lang).await
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn sign_in_link(
    State(shared): State<Shared>,
    Segment(token): Segment,
    QueryParams(query): QueryParams<PageQuery>,
    headers: HeaderMap,
) -> Response {
    let lang = lang_of(&query, &headers);
    let handled = async {
        let tried = shared
            .work(move |r| Ok(sign_in::sign_in_by_link(r, &token)))
            .await?;
        entered(&shared, tried, lang).await
    };
    either(handled.await)
}

async fn entered(shared: &Shared, tried: Result<String, Refused>, lang: Lang) -> Result<Response, Response> {
    match tried {
        Ok(token) => {
            let asked = token.clone();
            let person = shared
                .work(move |r| sign_in::visitor(r, &asked).map_err(|e| problem_of(&e)))
                .await?;
            let desk = person.is_some_and(|p| p.role == StaffRole::Registrar);
            let to = if desk { path::DESK } else { path::MONITOR };
            Ok(cookies::begin_visit(go(to), &token))
        }
        Err(refused) => {
            let mut answer = page(desk::sign_in_page(Some(refused), lang));
            *answer.status_mut() = match refused {
                Refused::Wrong => StatusCode::FORBIDDEN,
                Refused::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
                Refused::Busy => StatusCode::SERVICE_UNAVAILABLE,
            };
            Ok(answer)
        }
    }
}

pub(in crate::portal::web) async fn sign_out(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Response {
    let handled = async {
        let token = cookies::visit_token(request.headers());
        let person = shared.person(request.headers()).await?;
        let form = form_of(request).await?;
        let (Some(token), Some(person)) = (token, person) else {
            return Ok(go(path::SIGN_IN));
        };
        if !same(&form.get("csrf"), &person.csrf) {
            return Err(refuse(ProblemCode::Forbidden));
        }
        shared
            .work(move |r| sign_in::sign_out(r, &token).map_err(|e| problem_of(&e)))
            .await?;
        Ok(cookies::end_visit(go(path::SIGN_IN)))
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn monitor(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<PageQuery>,
    QueryParams(asked): QueryParams<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = lang_of(&query, &headers);
    let handled = async {
        let person = shared.person(&headers).await?;
        let html = shared
            .work(move |r| ministry::page(r, person.as_ref(), &asked, lang))
            .await?;
        Ok(page_in(html, &query))
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn monitor_csv(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<PageQuery>,
    QueryParams(asked): QueryParams<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = lang_of(&query, &headers);
    let handled = async {
        let person = shared.person(&headers).await?;
        let (name, csv) = shared
            .work(move |r| ministry::csv(r, person.as_ref(), &asked, lang))
            .await?;
        let mut answer = answer("text/csv; charset=utf-8", csv);
        let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
        if let Ok(value) = disposition {
            answer.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        Ok(answer)
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn verify_page(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<PageQuery>,
    headers: HeaderMap,
) -> Response {
    verify(shared, query, headers, false).await
}

pub(in crate::portal::web) async fn verify_file(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<PageQuery>,
    headers: HeaderMap,
) -> Response {
    verify(shared, query, headers, true).await
}

async fn verify(shared: Shared, query: PageQuery, headers: HeaderMap, offline: bool) -> Response {
    let lang = lang_of(&query, &headers);
    let handled = async {
        let made = shared
            .work(move |r| {
                let keyring = r.keyring().map_err(|e| problem_of(&e))?;
                Ok(verify::page(&verify::keys(keyring.trust()), lang, offline))
            })
            .await?;
        let policy = HeaderValue::from_str(&made.csp).map_err(|_| refuse(ProblemCode::Internal))?;
        let mut answer = page_under(made.html, policy);
        if offline {
            let name = format!("attachment; filename=\"{}\"", verify::OFFLINE_NAME);
            if let Ok(value) = HeaderValue::from_str(&name) {
                answer.headers_mut().insert(header::CONTENT_DISPOSITION, value);
            }
        }
        Ok(answer)
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn see_alert(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Response {
    let handled = async {
        let person = shared.person(request.headers()).await?;
        let person = person
            .filter(|p| p.role == StaffRole::Officer)
            .ok_or_else(|| refuse(ProblemCode::Forbidden))?;
        let form = form_of(request).await?;
        if !same(&form.get("csrf"), &person.csrf) {
            return Err(refuse(ProblemCode::Forbidden));
        }
        shared
            .work(move |r| alert::see(r, &person, &form.get("nid")).map_err(|e| problem_of(&e)))
            .await?;
        Ok(go(path::MONITOR))
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn desk_page(
    State(shared): State<Shared>,
    QueryParams(query): QueryParams<PageQuery>,
    headers: HeaderMap,
) -> Response {
    let lang = lang_of(&query, &headers);
    let handled = async {
        let person = shared.registrar(&headers).await?;
        let said = query.said();
        let html = shared
            .work(move |r| desk::desk_page(r, &person, said, lang).map_err(|e| problem_of(&e)))
            .await?;
        Ok(page_in(html, &query))
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn find(State(shared): State<Shared>, request: Request<Body>) -> Response {
    let handled = async {
        let (person, form, lang) = shared.registrar_form(request).await?;
        let found = shared
            .work(move |r| desk::find_page(r, &person, &form, lang))
            .await?;
        Ok(match found {
            desk::FindResult::One(to) => go(&to),
            desk::FindResult::Page(html) => page(html),
        })
    };
    either(handled.await)
}

/// The pages of one thing, made the same way: none means that it is not this office's.
type PageBuilder = fn(
    &crate::portal::unit::registry::Registry,
    &Principal,
    &str,
    Option<Notice>,
    Lang,
) -> crate::portal::book::BookResult<Option<String>>;

async fn one(
    shared: Shared,
    id: String,
    query: PageQuery,
    headers: HeaderMap,
    make: PageBuilder,
) -> Response {
    let lang = lang_of(&query, &headers);
    let handled = async {
        let person = shared.registrar(&headers).await?;
        let said = query.said();
        let html = shared
            .work(move |r| make(r, &person, &id, said, lang).map_err(|e| problem_of(&e)))
            .await?;
        Ok(html.map_or_else(
            || go(&Notice::at(path::DESK, "desk-not-here")),
            |html| page_in(html, &query),
        ))
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn entry_page(
    State(shared): State<Shared>,
    Segment(h): Segment,
    QueryParams(query): QueryParams<PageQuery>,
    headers: HeaderMap,
) -> Response {
    one(shared, h, query, headers, desk::entry_page).await
}

pub(in crate::portal::web) async fn record_page(
    State(shared): State<Shared>,
    Segment(nid): Segment,
    QueryParams(query): QueryParams<PageQuery>,
    headers: HeaderMap,
) -> Response {
    one(shared, nid, query, headers, desk::record_page).await
}

pub(in crate::portal::web) async fn print_page(
    State(shared): State<Shared>,
    Segment(nid): Segment,
    QueryParams(query): QueryParams<PageQuery>,
    headers: HeaderMap,
) -> Response {
    one(shared, nid, query, headers, |r, person, nid, _, lang| {
        desk::print_page(r, person, nid, lang)
    })
    .await
}

pub(in crate::portal::web) async fn entry_act(
    State(shared): State<Shared>,
    request: Request<Body>,
) -> Response {
    let handled = async {
        let (person, form, _) = shared.registrar_form(request).await?;
        let to = shared.work(move |r| desk::act(r, &person, &form)).await?;
        shared.arrived.send_modify(|n| *n += 1);
        Ok(go(&to))
    };
    either(handled.await)
}

pub(in crate::portal::web) async fn record_act(
    State(shared): State<Shared>,
    Segment(nid): Segment,
    request: Request<Body>,
) -> Response {
    let handled = async {
        let (person, form, _) = shared.registrar_form(request).await?;
        let to = shared.work(move |r| desk::serve(r, &person, &nid, &form)).await?;
        shared.arrived.send_modify(|n| *n += 1);
        Ok(go(&to))
    };
    either(handled.await)
}
