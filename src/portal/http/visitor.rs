//! Who asks for the desk: a browser on the portal's own machine that brings the desk's token.

use std::net::SocketAddr;

use axum::http::{HeaderMap, header};

use crate::portal::desk::{same, session_of};
use crate::wire::path;

const COOKIE: &str = "ogoh-desk";

/// Who asks for the desk.
pub(super) enum Visitor {
    /// Nobody that we know.
    Stranger,
    /// Brings the token in the address; gets a cookie.
    BringsToken,
    /// Has the cookie.
    Registrar,
}

/// Looks who asks.
pub(super) fn visitor(token: &str, from: SocketAddr, headers: &HeaderMap, brought: Option<&str>) -> Visitor {
    // Behind a proxy every visitor comes from the loopback interface.
    let proxied = ["forwarded", "x-forwarded-for", "x-real-ip"]
        .iter()
        .any(|name| headers.contains_key(*name));
    // A name that was made to point at this machine is not this machine's own name.
    let host = headers
        .get(header::HOST)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    let own_name = host.parse::<SocketAddr>().is_ok_and(|a| a.ip().is_loopback())
        || host.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback())
        || host.split(':').next() == Some("localhost");
    if !from.ip().is_loopback() || proxied || !own_name {
        return Visitor::Stranger;
    }
    if brought.is_some_and(|b| same(b, token)) {
        return Visitor::BringsToken;
    }
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let held = cookies
        .filter_map(|c| c.to_str().ok())
        .flat_map(|c| c.split(';'))
        .filter_map(|c| c.trim().split_once('='))
        .any(|(name, value)| name == COOKIE && same(value, &session_of(token)));
    if held {
        Visitor::Registrar
    } else {
        Visitor::Stranger
    }
}

/// The cookie of a visitor that brought the token.
pub(super) fn cookie(token: &str) -> String {
    format!(
        "{COOKIE}={}; HttpOnly; SameSite=Strict; Path={}",
        session_of(token),
        path::DESK
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_machine_itself_with_the_token_is_a_registrar() {
        let here: SocketAddr = "127.0.0.1:5".parse().unwrap();
        let headers = |pairs: &[(&'static str, &str)]| {
            let mut h = HeaderMap::new();
            for (name, value) in pairs {
                h.append(*name, value.parse().unwrap());
            }
            h
        };
        let own = headers(&[("host", "127.0.0.1:80")]);
        assert!(matches!(
            visitor("t", here, &own, Some("t")),
            Visitor::BringsToken
        ));
        assert!(matches!(visitor("t", here, &own, Some("x")), Visitor::Stranger));
        assert!(matches!(visitor("t", here, &own, None), Visitor::Stranger));
        let cookie = cookie("t");
        let cookie = cookie.split(';').next().unwrap();
        let held = headers(&[("host", "[::1]:80"), ("cookie", cookie)]);
        assert!(matches!(visitor("t", here, &held, None), Visitor::Registrar));
        let rebound = headers(&[("host", "evil.example"), ("cookie", cookie)]);
        assert!(matches!(visitor("t", here, &rebound, None), Visitor::Stranger));
        let proxied = headers(&[
            ("host", "127.0.0.1"),
            ("cookie", cookie),
            ("x-forwarded-for", "10.0.0.1"),
        ]);
        assert!(matches!(visitor("t", here, &proxied, None), Visitor::Stranger));
        let far: SocketAddr = "10.0.0.1:5".parse().unwrap();
        assert!(matches!(visitor("t", far, &held, None), Visitor::Stranger));
    }
}
