//! Where the portal listens, and how connections are served: plain or under TLS, not too many at
//! once or from one source, none for ever.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use super::pace::{Pace, Paced};
use super::places::{Places, Source};
use crate::portal::{PortalError, PortalSettings, Serving};

/// Open files that are none of connections.
const OTHER_FILES: usize = 64;
/// Longest time in which the head of a request may arrive, and a handshake end.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// Longest head of a request.
const HEAD_BYTES: usize = 64 * 1024;
/// How long the portal waits, once it stops, for the first request of whoever connected already.
const FIRST_CALL: Duration = Duration::from_secs(2);
/// How long open requests may go on once the portal stops.
const LAST_CALL: Duration = Duration::from_secs(5);

/// Where a portal listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An address and port; port 0 is any free one.
    Tcp(SocketAddr),
    /// A socket in the file system, for a proxy on this machine.
    Unix(PathBuf),
    /// The socket that comes as standard input and that somebody else keeps open (systemd's
    /// `StandardInput=socket`): whoever connects while one portal gives way to the next waits and is
    /// served.
    Stdin,
}

impl Listen {
    /// Reads `127.0.0.1:8741`, `unix:/run/ogoh/portal.sock` or `stdin`.
    pub fn parse(text: &str) -> Option<Listen> {
        if text == "stdin" {
            return cfg!(unix).then_some(Listen::Stdin);
        }
        match text.strip_prefix("unix:") {
            Some(path) if cfg!(unix) && !path.is_empty() => Some(Listen::Unix(PathBuf::from(path))),
            Some(_) => None,
            None => text.parse().ok().map(Listen::Tcp),
        }
    }
}

impl From<SocketAddr> for Listen {
    fn from(addr: SocketAddr) -> Listen {
        Listen::Tcp(addr)
    }
}

impl std::fmt::Display for Listen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Listen::Tcp(addr) => addr.fmt(f),
            Listen::Unix(path) => write!(f, "unix:{}", path.display()),
            Listen::Stdin => f.write_str("stdin"),
        }
    }
}

/// A socket that listens already.
pub(in crate::portal) enum Socket {
    Tcp(std::net::TcpListener),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
}

impl Socket {
    /// Binds it. A socket file that nobody listens on any more is replaced.
    pub fn bind(listen: &Listen) -> std::io::Result<Socket> {
        match listen {
            Listen::Tcp(addr) => {
                let socket = std::net::TcpListener::bind(addr)?;
                socket.set_nonblocking(true)?;
                Ok(Socket::Tcp(socket))
            }
            #[cfg(unix)]
            Listen::Unix(path) => {
                if path.exists() && std::os::unix::net::UnixStream::connect(path).is_err() {
                    std::fs::remove_file(path)?;
                }
                let socket = std::os::unix::net::UnixListener::bind(path)?;
                socket.set_nonblocking(true)?;
                Ok(Socket::Unix(socket))
            }
            #[cfg(unix)]
            Listen::Stdin => {
                use std::os::fd::{AsFd, OwnedFd};
                use std::os::unix::net::UnixListener;
                let given = std::io::stdin().as_fd().try_clone_to_owned()?;
                let socket = std::net::TcpListener::from(given);
                socket.set_nonblocking(true)?;
                // An address of IP says which of the two it is.
                match socket.local_addr() {
                    Ok(_) => Ok(Socket::Tcp(socket)),
                    Err(_) => {
                        let socket = UnixListener::from(OwnedFd::from(socket));
                        socket.local_addr().map(|_| Socket::Unix(socket))
                    }
                }
            }
            #[cfg(not(unix))]
            Listen::Unix(_) | Listen::Stdin => Err(std::io::ErrorKind::Unsupported.into()),
        }
    }

    /// The address; port 0 of a socket in the file system.
    pub fn addr(&self) -> std::io::Result<SocketAddr> {
        match self {
            Socket::Tcp(socket) => socket.local_addr(),
            #[cfg(unix)]
            Socket::Unix(_) => Ok(SocketAddr::from(([127, 0, 0, 1], 0))),
        }
    }
}

/// Reads the certificates of a PEM file; at least one.
pub(in crate::portal) fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, PortalError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = read.ok().filter(|chain| !chain.is_empty());
    found.ok_or_else(|| PortalError::Certificate(path.to_owned()))
}

/// Certificate and key of the settings; none where they name none.
pub(in crate::portal) fn tls(
    settings: &PortalSettings,
    dir: &Path,
) -> Result<Option<TlsAcceptor>, PortalError> {
    if settings.tls_certificate.is_empty() {
        return Ok(None);
    }
    // A path that is not absolute is one beside the settings.
    let certificate = dir.join(&settings.tls_certificate);
    let key = dir.join(&settings.tls_key);
    let wrong = |path: &Path| PortalError::Certificate(path.to_owned());
    let chain = chain(&certificate)?;
    let secret = PrivateKeyDer::from_pem_file(&key).map_err(|_| wrong(&key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(|e| match e {
            rustls::Error::InconsistentKeys(_) => {
                PortalError::CertificateKey(certificate.clone(), key.clone())
            }
            // What the library says of a key that it cannot use.
            rustls::Error::General(_) => wrong(&key),
            _ => wrong(&certificate),
        })?;
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

/// What a connection is made of.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

enum Accepting {
    Tcp(tokio::net::TcpListener),
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
}

impl Accepting {
    fn of(socket: Socket) -> std::io::Result<Accepting> {
        match socket {
            Socket::Tcp(socket) => tokio::net::TcpListener::from_std(socket).map(Accepting::Tcp),
            #[cfg(unix)]
            Socket::Unix(socket) => tokio::net::UnixListener::from_std(socket).map(Accepting::Unix),
        }
    }

    /// The next connection, and from which address.
    async fn next(&self) -> std::io::Result<(Box<dyn Stream>, Option<IpAddr>)> {
        match self {
            Accepting::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Answers are short: they must not wait for more to send.
                let _ = stream.set_nodelay(true);
                Ok((Box::new(stream), Some(peer.ip())))
            }
            #[cfg(unix)]
            Accepting::Unix(listener) => Ok((Box::new(listener.accept().await?.0), None)),
        }
    }
}

/// A connection on which no request has come yet: counted, so that a stop does not close it under the
/// hands of a client that is just about to ask.
struct Fresh {
    waits: AtomicBool,
    all: Arc<AtomicUsize>,
}

impl Fresh {
    fn new(all: &Arc<AtomicUsize>) -> Fresh {
        all.fetch_add(1, Ordering::SeqCst);
        Fresh {
            waits: AtomicBool::new(true),
            all: Arc::clone(all),
        }
    }

    fn asked(&self) {
        if self.waits.swap(false, Ordering::SeqCst) {
            self.all.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.asked();
    }
}

/// Who sends a request, and at which pace it has to arrive.
#[derive(Clone, Copy)]
pub(super) struct Caller {
    pub source: Source,
    pub pace: Pace,
}

/// Lets this process open as many files as it may at most.
pub(in crate::portal) fn raise_file_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let maximum = getrlimit(Resource::Nofile).maximum;
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: maximum,
                maximum,
            },
        );
    }
}

/// Connections at once: those of the settings, or fewer where fewer files may be open.
fn most_connections(serving: &Serving) -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        if let Some(files) = getrlimit(Resource::Nofile).current {
            let files = usize::try_from(files).unwrap_or(usize::MAX);
            return serving.connections.min(files.saturating_sub(OTHER_FILES));
        }
    }
    serving.connections
}

/// Serves until `stop` turns true, then lets open requests end.
pub(in crate::portal) async fn serve(
    socket: Socket,
    tls: Option<TlsAcceptor>,
    app: Router,
    serving: &Serving,
    mut stop: watch::Receiver<bool>,
) {
    let Ok(listener) = Accepting::of(socket) else {
        return;
    };
    let places = Places::new(most_connections(serving), serving.connections_per_source);
    let pace = Pace::of(serving);
    let open = GracefulShutdown::new();
    let fresh = Arc::new(AtomicUsize::new(0));
    let mut server = Builder::new(TokioExecutor::new()).http1_only();
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES);
    loop {
        let next = async {
            let (stream, peer) = listener.next().await?;
            let source = Source::of(peer, &serving.proxies);
            Ok::<_, std::io::Error>(places.take(source).await.map(|place| (place, source, stream)))
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            // An error means that the portal's owner is gone: stop as well.
            _ = stop.wait_for(|s| *s) => break,
        };
        let (place, source, stream) = match accepted {
            Ok(Some(accepted)) => accepted,
            // Closed again: this source has enough.
            Ok(None) => continue,
            Err(_) => {
                // No more files may be open: others have to end first.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let id = place.id();
        let (tls, app, server, watcher) = (tls.clone(), app.clone(), server.clone(), open.watcher());
        let first = Fresh::new(&fresh);
        let task = tokio::spawn(async move {
            let _place = place;
            let stream: Box<dyn Stream> = Box::new(Paced::new(stream, pace));
            let stream = match tls {
                None => stream,
                Some(acceptor) => match tokio::time::timeout(HEAD_TIME, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => Box::new(stream) as Box<dyn Stream>,
                    _ => return,
                },
            };
            let app = TowerToHyperService::new(app);
            let app = service_fn(move |mut request: Request<Incoming>| {
                first.asked();
                let source = source.asking(request.headers());
                request.extensions_mut().insert(Caller { source, pace });
                app.call(request)
            });
            let connection = server.serve_connection(TokioIo::new(stream), app);
            // A client that goes away, or is too slow, is no fault of ours.
            let _ = watcher.watch(connection.into_owned()).await;
        });
        places.served_by(source, id, task.abort_handle());
    }
    let since = tokio::time::Instant::now();
    while fresh.load(Ordering::SeqCst) > 0 && since.elapsed() < FIRST_CALL {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let _ = tokio::time::timeout(LAST_CALL, open.shutdown()).await;
}
