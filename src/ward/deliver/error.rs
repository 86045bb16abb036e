//! What can go wrong on the way to the portal and back.

use std::io;
use std::path::PathBuf;

use crate::env::EnvError;
use crate::lang::{self, Arg, Explain, Msg};
use crate::seal::SealError;
use crate::ward::store::StoreError;
use crate::wire::ProblemCode;

/// How the line was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The portal's name could not be found: usually there is no network at all.
    Name,
    /// Nobody took the connection.
    Refused,
    /// A step took longer than it may.
    Slow,
    /// The connection broke off.
    Broken,
}

impl Lost {
    fn code(self) -> &'static str {
        match self {
            Lost::Name => "lost-name",
            Lost::Refused => "lost-refused",
            Lost::Slow => "lost-slow",
            Lost::Broken => "lost-broken",
        }
    }

    fn msg_id(self) -> &'static str {
        match self {
            Lost::Name => "deliver-word-lost-name",
            Lost::Refused => "deliver-word-lost-refused",
            Lost::Slow => "deliver-word-lost-slow",
            Lost::Broken => "deliver-word-lost-broken",
        }
    }
}

/// What can go wrong on the way to the portal and back. Holds no personal data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliverError {
    /// The address in the settings is none.
    #[error("not an address of a portal: {url}")]
    BadAddress {
        /// As it stands in the settings.
        url: String,
    },
    /// Plain http to anything but a literal loopback address.
    #[error("plain http is for literal loopback addresses only: {url}")]
    PlainHttp {
        /// As it stands in the settings.
        url: String,
    },
    /// The settings name no certificate authority.
    #[error("https without a certificate authority in the settings")]
    NoAuthority,
    /// The file with the certificate authority cannot be read or holds no certificate.
    #[error("no certificate authority in {path}")]
    AuthorityUnreadable {
        /// The file.
        path: PathBuf,
    },
    /// The certificate of this device or its key cannot be read.
    #[error("no certificate of this device in {path}")]
    DeviceCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The portal could not be reached.
    #[error("portal not reached: {0:?}")]
    Unreachable(Lost),
    /// Whoever answered has no certificate of the registry's authority.
    #[error("certificate not trusted: {what}")]
    Certificate {
        /// What the TLS library says, for developers.
        what: String,
    },
    /// The portal's certificate is not valid at the time this computer shows.
    #[error("certificate not valid now")]
    CertificateTime,
    /// Whoever answered is not the portal, or is broken: a login page of a network, for example.
    #[error("not an answer of the portal (HTTP {status})")]
    NotPortal {
        /// HTTP status, 0 where there was none.
        status: u16,
    },
    /// The portal asks to come later.
    #[error("portal is busy (HTTP {status}), again in {seconds:?} s")]
    Busy {
        /// HTTP status.
        status: u16,
        /// Seconds to wait, where it said so; already within bounds.
        seconds: Option<u64>,
    },
    /// The portal does not know this device, or no longer.
    #[error("device not enrolled (HTTP {status})")]
    NotEnrolled {
        /// HTTP status.
        status: u16,
    },
    /// The portal finds the clock wrong even after we took its own time.
    #[error("portal refuses our time")]
    Clock,
    /// The portal refused the call as such.
    #[error("portal refused the call (HTTP {status}, {code})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Code of the problem, or empty.
        code: String,
    },
    /// There is no trust list yet, so no receipt can be believed.
    #[error("no trust list")]
    NoTrust,
    /// A trust list that came does not follow from the pinned root or from the one we hold.
    #[error("trust list not accepted: {0}")]
    TrustRefused(#[source] SealError),
    /// The portal's newest trust list has a lower number than the one we hold.
    #[error("trust list {given} is older than {held}")]
    TrustOlder {
        /// Number of the newest list that came.
        given: u64,
        /// Number of the list we hold.
        held: u64,
    },
    /// Signing a request failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The ward's database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system failed.
    #[error(transparent)]
    Env(#[from] EnvError),
}

impl DeliverError {
    /// Stable code, which the store keeps for the screen; [`DeliverError::msg_of`] turns it into a
    /// sentence again.
    pub fn code(&self) -> &'static str {
        match self {
            DeliverError::BadAddress { .. } => "bad-address",
            DeliverError::PlainHttp { .. } => "plain-http",
            DeliverError::NoAuthority => "no-authority",
            DeliverError::AuthorityUnreadable { .. } => "authority-unreadable",
            DeliverError::DeviceCertificate { .. } => "device-certificate",
            DeliverError::Unreachable(lost) => lost.code(),
            DeliverError::Certificate { .. } => "certificate",
            DeliverError::CertificateTime => "certificate-time",
            DeliverError::NotPortal { .. } => "not-portal",
            DeliverError::Busy { .. } => "busy",
            DeliverError::NotEnrolled { .. } => "not-enrolled",
            DeliverError::Clock => "clock",
            DeliverError::Refused { .. } => "refused",
            DeliverError::NoTrust => "no-trust",
            DeliverError::TrustRefused(_) => "trust-refused",
            DeliverError::TrustOlder { .. } => "trust-older",
            DeliverError::Seal(_) => "seal",
            DeliverError::Store(_) => "store",
            DeliverError::Env(_) => "env",
        }
    }

    /// A few words for the code of a failure, for the header of the screen.
    pub fn msg_of(code: &str) -> Msg {
        let id = format!("deliver-word-{code}");
        if lang::has(&id) {
            Msg::new(id)
        } else {
            Msg::new("deliver-word-later")
        }
    }

    /// Whether this device failed rather than the way to the portal.
    pub fn is_ours(&self) -> bool {
        matches!(
            self,
            DeliverError::Seal(_) | DeliverError::Store(_) | DeliverError::Env(_)
        )
    }

    /// Whether the entry that was sent may be what breaks the exchange: something answered, or the
    /// exchange broke in its middle.
    pub(super) fn may_be_the_entrys(&self) -> bool {
        use DeliverError::{NotPortal, Refused, Unreachable};
        matches!(
            self,
            NotPortal { .. } | Refused { .. } | Unreachable(Lost::Slow | Lost::Broken)
        )
    }

    /// Whether the portal was not reached: the command's exit code is 3 then, and nothing is
    /// wrong with this device.
    pub fn is_unreachable(&self) -> bool {
        use DeliverError::{Busy, NotPortal, Unreachable};
        matches!(self, Unreachable(_) | NotPortal { .. } | Busy { .. })
    }

    /// Whether trying again is pointless until a person changes something.
    pub fn is_permanent(&self) -> bool {
        use DeliverError::{AuthorityUnreadable, BadAddress, DeviceCertificate, NoAuthority, PlainHttp};
        matches!(
            self,
            BadAddress { .. }
                | PlainHttp { .. }
                | NoAuthority
                | AuthorityUnreadable { .. }
                | DeviceCertificate { .. }
        )
    }

    /// What an error of the HTTP client means.
    pub(super) fn of_line(error: &ureq::Error) -> DeliverError {
        use ureq::Error as E;
        match error {
            E::HostNotFound => DeliverError::Unreachable(Lost::Name),
            E::Timeout(_) => DeliverError::Unreachable(Lost::Slow),
            E::Io(e) => DeliverError::of_io(e),
            E::Rustls(e) => DeliverError::of_tls(e),
            E::Tls(_) | E::TlsRequired => DeliverError::Certificate {
                what: error.to_string(),
            },
            E::ConnectionFailed | E::ConnectProxyFailed(_) | E::InvalidProxyUrl => {
                DeliverError::Unreachable(Lost::Refused)
            }
            E::BodyStalled => DeliverError::Unreachable(Lost::Broken),
            // Whatever else: what came back was not HTTP as we speak it.
            _ => DeliverError::NotPortal { status: 0 },
        }
    }

    fn of_io(error: &io::Error) -> DeliverError {
        // The handshake's failures arrive wrapped in an input/output error.
        let inner = error.get_ref().and_then(|e| e.downcast_ref());
        if let Some(tls) = inner {
            return DeliverError::of_tls(tls);
        }
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => DeliverError::Unreachable(Lost::Slow),
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::AddrNotAvailable => DeliverError::Unreachable(Lost::Refused),
            _ => DeliverError::Unreachable(Lost::Broken),
        }
    }

    fn of_tls(error: &rustls::Error) -> DeliverError {
        use rustls::CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext};
        match error {
            rustls::Error::InvalidCertificate(
                Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. },
            ) => DeliverError::CertificateTime,
            _ => DeliverError::Certificate {
                what: error.to_string(),
            },
        }
    }
}

impl Explain for DeliverError {
    fn msg(&self) -> Msg {
        match self {
            DeliverError::BadAddress { url } => Msg::new("deliver-bad-address").with("url", url.as_str()),
            DeliverError::PlainHttp { url } => Msg::new("deliver-plain-http").with("url", url.as_str()),
            DeliverError::NoAuthority => Msg::new("deliver-no-authority"),
            DeliverError::AuthorityUnreadable { path } => {
                Msg::new("deliver-authority-unreadable").with("path", path.display().to_string())
            }
            DeliverError::DeviceCertificate { path } => {
                Msg::new("deliver-device-certificate").with("path", path.display().to_string())
            }
            DeliverError::Unreachable(lost) => {
                Msg::new("deliver-unreachable").with("why", Arg::Ref(lost.msg_id().to_owned()))
            }
            DeliverError::Certificate { .. } => Msg::new("deliver-certificate"),
            DeliverError::CertificateTime => Msg::new("deliver-certificate-time"),
            DeliverError::NotPortal { status } => {
                Msg::new("deliver-not-portal").with("status", status.to_string())
            }
            DeliverError::Busy { .. } => Msg::new("deliver-busy"),
            DeliverError::NotEnrolled { .. } => Msg::new("deliver-not-enrolled"),
            DeliverError::Clock => Msg::new("deliver-clock"),
            // What a person can correct is said in words.
            DeliverError::Refused { code, .. } if code == ProblemCode::EnrolCode.code() => {
                ProblemCode::EnrolCode.msg()
            }
            DeliverError::Refused { status, code } => Msg::new("deliver-refused")
                .with("status", status.to_string())
                .with("code", code.as_str()),
            DeliverError::NoTrust => Msg::new("deliver-no-trust"),
            DeliverError::TrustRefused(_) => Msg::new("deliver-trust-refused"),
            DeliverError::TrustOlder { .. } => Msg::new("deliver-trust-older"),
            DeliverError::Seal(e) => e.msg(),
            DeliverError::Store(e) => e.msg(),
            DeliverError::Env(e) => e.msg(),
        }
    }
}
