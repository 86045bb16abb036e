//! Who visits a page: the language that was asked for, and who signed in, by their cookies.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::cookies;
use super::extract::{PageForm, form};
use super::respond::{go, page, refuse};
use super::shared::Shared;
use crate::lang::Lang;
use crate::portal::book::StaffRole;
use crate::portal::staff::sign_in::{self, Principal, same};
use crate::portal::unit::registry::problem_of;
use crate::portal::web::desk::Notice;
use crate::wire::{ProblemCode, path};

/// What every page may be asked with.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LangQuery {
    /// `tg`, `ru` or `en`; anything else is Tajik. A cookie keeps it.
    lang: Option<String>,
}

/// What a page may begin with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticeQuery {
    /// A sentence of the catalogue that the page begins with.
    said: Option<String>,
}

impl NoticeQuery {
    /// The sentence, where it is one of ours.
    pub fn notice(&self) -> Option<Notice> {
        self.said.as_deref().and_then(Notice::from_id)
    }
}

/// The language asked for, else the one chosen before, else Tajik.
pub(super) fn lang_of(query: &LangQuery, headers: &HeaderMap) -> Lang {
    let asked = query.lang.as_deref().and_then(Lang::from_code);
    asked
        .or_else(|| cookies::chosen_lang(headers))
        .unwrap_or_default()
}

/// A page that remembers the language that was asked for.
pub(super) fn page_in(html: String, query: &LangQuery) -> Response {
    let answer = page(html);
    match query.lang.as_deref().and_then(Lang::from_code) {
        Some(lang) => cookies::remember_lang(answer, lang),
        None => answer,
    }
}

/// Where somebody goes who signed in.
pub(super) fn welcome(token: &str, to: &str) -> Response {
    cookies::begin_visit(go(to), token)
}

/// Where somebody goes who signed out.
pub(super) fn farewell() -> Response {
    cookies::end_visit(go(path::SIGN_IN))
}

impl Shared {
    /// Who is signed in, where somebody is.
    pub(super) async fn person(&self, headers: &HeaderMap) -> Result<Option<Principal>, Response> {
        let Some(token) = cookies::visit_token(headers) else {
            return Ok(None);
        };
        self.work(move |r| sign_in::visitor(r, &token).map_err(|e| problem_of(&e)))
            .await
    }

    /// A registrar; anybody else is sent to sign in, or away.
    pub(super) async fn registrar(&self, headers: &HeaderMap) -> Result<Principal, Response> {
        match self.person(headers).await? {
            Some(person) if person.role == StaffRole::Registrar => Ok(person),
            Some(_) => Err(refuse(ProblemCode::Forbidden)),
            None => Err(go(path::SIGN_IN)),
        }
    }

    /// A registrar and the form that one of our own pages sent.
    pub(super) async fn registrar_form<T: DeserializeOwned>(
        &self,
        request: Request<Body>,
    ) -> Result<(Principal, T, Lang), Response> {
        let person = self.registrar(request.headers()).await?;
        let lang = lang_of(&LangQuery::default(), request.headers());
        let sent: PageForm<T> = form(request).await?;
        if !same(&sent.csrf, &person.csrf) {
            return Err(refuse(ProblemCode::Forbidden));
        }
        Ok((person, sent.fields, lang))
    }
}
