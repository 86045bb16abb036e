//! The line to the portal: one HTTP client that expects nothing good from whoever answers.
//!
//! Everything is bounded: every step has its own time-out, sized for a 2G line; headers and bodies
//! have a largest size, bodies after decompression. Redirects are not followed, and a status is a
//! value, never an error. An answer that breaks off keeps what came before the break, because each
//! line of an answer proves itself.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use rustls::crypto::CryptoProvider;
use ureq::tls::{ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Proxy};

use super::DeliverError;
use super::address::Address;
use crate::env::PortalAt;
use crate::wire::{CLAIM, EPOCH, TRUST_NUMBER, path};

/// Most bytes of a response's headers.
const MAX_HEADER: usize = 16 * 1024;
/// Below this size compressing saves nothing that a line would notice.
const GZIP_FROM: usize = 512;

/// How long each step may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Finding the address, and connecting with TLS.
    pub connect: Duration,
    /// Sending a body.
    pub send: Duration,
    /// Any one read, and the wait for the first byte of an answer.
    pub read: Duration,
    /// The whole exchange.
    pub total: Duration,
}

impl Default for Timeouts {
    /// For a 2G line (about 32 kbit/s with long pauses).
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(30),
            send: Duration::from_secs(120),
            read: Duration::from_secs(30),
            total: Duration::from_secs(180),
        }
    }
}

/// A request.
pub(super) struct HttpCall<'a> {
    /// Path of `wire::path`.
    pub path: &'a str,
    /// Media type and body; none is a GET.
    pub body: Option<(&'a str, &'a [u8])>,
    /// Bearer token.
    pub bearer: Option<&'a str>,
    /// The highest receipt that is here ([`crate::wire::Claim`]).
    pub claim: Option<&'a str>,
    /// Most bytes of the answer's body, after decompression.
    pub limit: usize,
    /// For how long the portal was asked to hold its answer back.
    pub wait: Duration,
}

/// An answer from whoever answered.
pub(super) struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Date`.
    pub date: Option<DateTime<Utc>>,
    /// `Retry-After` in seconds from the answer on; not yet bounded.
    pub retry_after: Option<i64>,
    /// Number of the newest trust list, as whoever answered says.
    pub trust: Option<u64>,
    /// Epoch of the book, as whoever answered says.
    pub epoch: Option<u32>,
    /// Body, as far as it came; never longer than asked for.
    pub body: String,
    /// Whether the body ended before its end, or past the limit.
    pub cut: bool,
}

/// The client. Clones share connections; [`HttpClient::close`] ends all of them.
#[derive(Clone)]
pub(super) struct HttpClient {
    agent: Agent,
    base: String,
    timeouts: Timeouts,
}

impl HttpClient {
    /// Checks the address and reads the certificate authority. Connects to nothing.
    pub fn new(at: &PortalAt, timeouts: Timeouts) -> Result<HttpClient, DeliverError> {
        let address = Address::parse(&at.url)?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .https_only(address.tls)
            // A proxy of the hospital's network sees only TLS. What goes to this very machine in
            // the clear goes nowhere else.
            .proxy(if address.tls { proxy(at)? } else { None })
            .user_agent(concat!("ogoh/", env!("CARGO_PKG_VERSION")))
            .accept("application/x-ndjson, application/json, application/problem+json")
            .max_response_header_size(MAX_HEADER)
            .timeout_resolve(Some(timeouts.connect))
            .timeout_connect(Some(timeouts.connect))
            .timeout_send_request(Some(timeouts.send))
            .timeout_send_body(Some(timeouts.send))
            .timeout_recv_response(Some(timeouts.read))
            .timeout_per_read(Some(timeouts.read))
            .timeout_per_write(Some(timeouts.send))
            .timeout_global(Some(timeouts.total));
        // The library's own default is a list of authorities of the whole world; it is never left
        // in place.
        let roots = if address.tls {
            authority(at.ca_file.as_deref())?
        } else {
            RootCerts::from([])
        };
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .client_cert(client_certificate(at)?)
            .unversioned_rustls_crypto_provider(tls13());
        let config = config.tls_config(tls.build());
        Ok(HttpClient {
            agent: config.build().into(),
            base: address.base,
            timeouts,
        })
    }

    /// How long each step may take.
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// Ends every exchange under way and refuses further ones.
    pub fn close(&self) {
        self.agent.clone().shutdown();
    }

    /// One exchange.
    pub fn send(&self, call: &HttpCall<'_>) -> Result<Reply, DeliverError> {
        let url = path::join(&self.base, call.path);
        let answer = match call.body {
            None => {
                let mut request = self.agent.get(&url);
                if let Some(token) = call.bearer {
                    request = request.header("authorization", format!("Bearer {token}"));
                }
                if let Some(claim) = call.claim {
                    request = request.header(CLAIM, claim);
                }
                request
                    .config()
                    .timeout_recv_response(Some(self.timeouts.read + call.wait))
                    .timeout_per_read(Some(self.timeouts.read + call.wait))
                    .timeout_global(Some(self.timeouts.total + call.wait))
                    .build()
                    .call()
            }
            Some((media, bytes)) => {
                let mut request = self.agent.post(&url).header("content-type", media);
                if let Some(token) = call.bearer {
                    request = request.header("authorization", format!("Bearer {token}"));
                }
                if let Some(claim) = call.claim {
                    request = request.header(CLAIM, claim);
                }
                match gzip(bytes) {
                    Some(small) => request.header("content-encoding", "gzip").send(&small),
                    None => request.send(bytes),
                }
            }
        };
        let mut response = answer.map_err(|e| DeliverError::of_line(&e))?;
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok());
        let date = header("date").and_then(http_date);
        let retry_after = header("retry-after").and_then(|v| retry_after(v, date));
        let trust = header(TRUST_NUMBER).and_then(|v| v.parse().ok());
        let epoch = header(EPOCH).and_then(|v| v.parse().ok());
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        // One byte more than allowed tells a full answer from a longer one.
        let most = call.limit.saturating_add(1) as u64;
        let cut = response
            .body_mut()
            .as_reader()
            .take(most)
            .read_to_end(&mut bytes)
            .is_err()
            || bytes.len() > call.limit;
        bytes.truncate(call.limit);
        Ok(Reply {
            status,
            date,
            retry_after,
            trust,
            epoch,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            cut,
        })
    }
}

/// The certificates of the registry's own authority.
fn authority(file: Option<&Path>) -> Result<RootCerts, DeliverError> {
    let file = file.ok_or(DeliverError::NoAuthority)?;
    let unreadable = || DeliverError::AuthorityUnreadable {
        path: file.to_owned(),
    };
    let pem = std::fs::read(file).map_err(|_| unreadable())?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| unreadable())? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(unreadable());
    }
    Ok(RootCerts::from(certificates))
}

/// The certificate of this device, where the settings name one.
fn client_certificate(at: &PortalAt) -> Result<Option<ClientCert>, DeliverError> {
    let Some(file) = &at.client_certificate else {
        return Ok(None);
    };
    let wrong = |path: &Path| DeliverError::DeviceCertificate {
        path: path.to_owned(),
    };
    let key_file = at.client_key.as_deref().unwrap_or(file);
    let pem = std::fs::read(file).map_err(|_| wrong(file))?;
    let mut chain = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| wrong(file))? {
            chain.push(certificate);
        }
    }
    let pem = zeroize::Zeroizing::new(std::fs::read(key_file).map_err(|_| wrong(key_file))?);
    let key = PrivateKey::from_pem(&pem).map_err(|_| wrong(key_file))?;
    match chain.is_empty() {
        true => Err(wrong(file)),
        false => Ok(Some(ClientCert::new_with_certs(&chain, key))),
    }
}

fn proxy(at: &PortalAt) -> Result<Option<Proxy>, DeliverError> {
    let Some(address) = &at.proxy else {
        return Ok(Proxy::try_from_env());
    };
    let bad = |_| DeliverError::BadAddress { url: address.clone() };
    Proxy::new(address).map(Some).map_err(bad)
}

/// TLS 1.3 alone: a network that answers with less is not let through.
fn tls13() -> Arc<CryptoProvider> {
    static ONLY: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(ONLY.get_or_init(|| {
        let mut provider = rustls::crypto::ring::default_provider();
        provider.cipher_suites.retain(|suite| suite.tls13().is_some());
        Arc::new(provider)
    }))
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < GZIP_FROM {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().filter(|small| small.len() < bytes.len())
}

/// RFC 9110 IMF-fixdate; the two obsolete forms are not worth a reader.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text.trim())
        .ok()
        .map(|d| d.with_timezone(&Utc))
}

/// Seconds, or a date seen from the portal's own clock.
fn retry_after(text: &str, date: Option<DateTime<Utc>>) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds));
    }
    let until = http_date(text)?;
    Some((until - date.unwrap_or_else(Utc::now)).num_seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_portals_clock() {
        let date = http_date("Mon, 23 Nov 2026 10:00:00 GMT");
        assert!(date.is_some());
        assert_eq!(retry_after("120", date), Some(120));
        assert_eq!(retry_after("Mon, 23 Nov 2026 10:05:00 GMT", date), Some(300));
        assert_eq!(retry_after("soon", date), None);
        assert_eq!(retry_after("-5", date), None);
    }

    #[test]
    fn a_body_is_compressed_only_where_it_gets_smaller() {
        assert_eq!(gzip(b"short"), None);
        let long = vec![b'a'; 4096];
        assert!(gzip(&long).unwrap().len() < 100);
    }

    #[test]
    fn https_without_the_registrys_authority_is_refused_before_any_connection() {
        let at = |ca_file| PortalAt {
            url: "https://192.0.2.1:1".into(),
            root_key: String::new(),
            ca_file,
            ..PortalAt::default()
        };
        assert!(matches!(
            HttpClient::new(&at(None), Timeouts::default()),
            Err(DeliverError::NoAuthority)
        ));
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ca.pem");
        for text in [
            "",
            "no certificate",
            "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
        ] {
            std::fs::write(&file, text).unwrap();
            let made = HttpClient::new(&at(Some(file.clone())), Timeouts::default());
            assert!(
                matches!(made, Err(DeliverError::AuthorityUnreadable { .. })),
                "{text}"
            );
        }
    }
}
