//! The portal's address: where a request may go at all.

use std::net::IpAddr;

use ureq::http::Uri;

use super::DeliverError;

/// A base address that passed the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Without a slash at the end.
    pub base: String,
    /// `https`. Otherwise it is `http` to a literal loopback address.
    pub tls: bool,
}

impl Address {
    /// `https://host…`, or `http://` with a literal loopback address.
    ///
    /// The name `localhost` is refused as well: a resolver decides what it means, and notifications
    /// in the clear must not depend on a resolver.
    pub fn parse(url: &str) -> Result<Address, DeliverError> {
        let wrong = || DeliverError::BadAddress { url: url.to_owned() };
        let url = url.trim();
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let authority = uri.authority().ok_or_else(wrong)?;
        if authority.as_str().contains('@') || authority.host().is_empty() || uri.query().is_some() {
            return Err(wrong());
        }
        // `http::Uri` drops a fragment silently.
        if url.contains('#') {
            return Err(wrong());
        }
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if is_literal_loopback(authority.host()) => false,
            Some("http") => return Err(DeliverError::PlainHttp { url: url.to_owned() }),
            _ => return Err(wrong()),
        };
        Ok(Address {
            base: url.trim_end_matches('/').to_owned(),
            tls,
        })
    }
}

fn is_literal_loopback(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|h| h.strip_suffix(']'))
        .unwrap_or(host);
    bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_literal_loopback_addresses_alone() {
        for url in [
            "http://127.0.0.1:8080",
            "http://127.8.0.1",
            "http://[::1]:80/ogoh/",
        ] {
            assert!(!Address::parse(url).unwrap().tls, "{url}");
        }
        for url in [
            "http://localhost:8080",
            "http://10.0.0.1",
            "http://portal.example",
            "http://127.0.0.1.example.org/",
            "http://0.0.0.0:1",
            "http://[::ffff:10.0.0.1]/",
        ] {
            assert!(
                matches!(Address::parse(url), Err(DeliverError::PlainHttp { .. })),
                "{url}"
            );
        }
    }

    #[test]
    fn an_address_is_nothing_but_scheme_host_and_path() {
        assert_eq!(
            Address::parse("https://portal.example/ogoh/").unwrap(),
            Address {
                base: "https://portal.example/ogoh".into(),
                tls: true
            }
        );
        for url in [
            "",
            "portal.example",
            "ftp://portal.example",
            "https://",
            "https://user:word@portal.example",
            "http://127.0.0.1@portal.example",
            "https://portal.example/?a=b",
            "https://portal.example/#x",
            "https://пор тал",
        ] {
            assert!(
                matches!(Address::parse(url), Err(DeliverError::BadAddress { .. })),
                "{url}"
            );
        }
    }
}
