//! The two cookies: who is signed in, and which language was chosen.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};

use crate::lang::Lang;

/// Cookie of a visit. `Secure` holds on the loopback interface too; anywhere else it needs TLS.
const VISIT: &str = "ogoh";
/// Cookie of the language.
const LANG: &str = "ogoh-lang";

/// The token of a visit, where the request brings one.
pub(super) fn visit_token(headers: &HeaderMap) -> Option<String> {
    value(headers, VISIT)
}

/// The language chosen before, where there is one.
pub(super) fn chosen_lang(headers: &HeaderMap) -> Option<Lang> {
    value(headers, LANG).as_deref().and_then(Lang::from_code)
}

fn value(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).into_iter();
    all.filter_map(|c| c.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == wanted)
        .map(|cookie| cookie.value().to_owned())
}

/// An answer that begins the visit of this token.
pub(super) fn begin_visit(answer: Response, token: &str) -> Response {
    with_cookie(answer, visit(token))
}

/// An answer that ends the visit at the browser.
pub(super) fn end_visit(answer: Response) -> Response {
    with_cookie(answer, visit("").max_age(Duration::ZERO))
}

/// An answer that remembers a language for a year.
pub(super) fn remember_lang(answer: Response, lang: Lang) -> Response {
    with_cookie(answer, of_portal(LANG, lang.code()).max_age(Duration::days(365)))
}

/// No script reads it, and it travels on secure connections alone.
fn visit(token: &str) -> CookieBuilder<'_> {
    of_portal(VISIT, token).http_only(true).secure(true)
}

/// For every address of the portal, and sent from its own pages alone.
fn of_portal<'c>(name: &'c str, value: &'c str) -> CookieBuilder<'c> {
    Cookie::build((name, value)).same_site(SameSite::Strict).path("/")
}

fn with_cookie(mut answer: Response, cookie: CookieBuilder<'_>) -> Response {
    if let Ok(value) = HeaderValue::from_str(&cookie.build().to_string()) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    #[test]
    fn a_cookie_says_who_may_read_it_and_how_long_it_lasts() {
        let plain = || ().into_response();
        for (answer, wanted) in [
            (
                begin_visit(plain(), "aB-_9"),
                "ogoh=aB-_9; HttpOnly; SameSite=Strict; Secure; Path=/",
            ),
            (
                end_visit(plain()),
                "ogoh=; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=0",
            ),
            (
                remember_lang(plain(), Lang::Ru),
                "ogoh-lang=ru; SameSite=Strict; Path=/; Max-Age=31536000",
            ),
        ] {
            assert_eq!(answer.headers()[header::SET_COOKIE], wanted);
        }
    }

    #[test]
    fn a_cookie_is_found_among_others_and_the_first_counts() {
        let with = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::COOKIE, HeaderValue::from_static(line));
            }
            (visit_token(&headers), chosen_lang(&headers))
        };
        let token = |t: &str| Some(t.to_owned());
        assert_eq!(with(&[]), (None, None));
        assert_eq!(
            with(&["a=1;ogoh-lang=ru ; ogoh=x=y; ogoh=z"]),
            (token("x=y"), Some(Lang::Ru))
        );
        assert_eq!(with(&["ogoh", "; =1; ogoh="]), (token(""), None));
        assert_eq!(with(&["Ogoh=1; ogoh-lang=xx", "ogoh=%2F"]), (token("%2F"), None));
    }
}
