//! The portal's life as a server: start, run, stop.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::env::{Clock, others_may_read};
use crate::portal::PortalError;
use crate::portal::book::Mark;
use crate::portal::operate::housekeeping::housekeeping;
use crate::portal::unit::registry::Registry;
use crate::portal::web::http::listen::{self, Listen, Socket};
use crate::portal::web::http::{Shared, Turns, router};

/// How often time-dependent decisions are looked for.
const HOUSEKEEPING: Duration = Duration::from_secs(30);

/// A running portal; stops when dropped.
pub struct Running {
    /// Where it listens; port 0 for a socket in the file system.
    pub addr: SocketAddr,
    /// The same for people: `http://…`, `https://…`, `unix:…`.
    pub url: String,
    stop: watch::Sender<bool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Running {
    /// Ends open requests and stops.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic of the server thread was printed by it; there is nothing left to stop.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a portal on `listen` (port 0: any free one) and returns at once. `database` says where its
/// book is, if not where the settings say.
pub fn start(
    dir: &Path,
    listen: impl Into<Listen>,
    database: Option<&str>,
    clock: Arc<dyn Clock>,
) -> Result<Running, PortalError> {
    let listen = listen.into();
    let registry = Arc::new(Registry::open(dir, database, clock)?);
    // After an update every projection is refreshed first: look-alikes would be missed before that.
    while registry.project_stale()? {}
    if registry.read(|tx| tx.mark(Mark::Invented))?.is_some() {
        tracing::warn!(event = "invented-book");
    }
    if others_may_read(dir) {
        tracing::warn!(event = "folder-open");
    }
    let tls = listen::tls(&registry.settings, dir)?;
    let wrong = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AddrInUse => PortalError::PortInUse(listen.to_string()),
        _ => PortalError::Address(listen.to_string(), e),
    };
    let socket = Socket::bind(&listen).map_err(wrong)?;
    let addr = socket.addr().map_err(wrong)?;
    let url = match (&socket, &tls) {
        #[cfg(unix)]
        (Socket::Unix(_), _) => listen.to_string(),
        (_, Some(_)) => format!("https://{addr}"),
        (_, None) => format!("http://{addr}"),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(wrong)?;
    let (stop, stopping) = watch::channel(false);
    let shared = Shared {
        registry: Arc::clone(&registry),
        arrived: Arc::new(watch::channel(0).0),
        turns: Turns::new(registry.settings.serving.sign_ins_per_source),
        stopping: stopping.clone(),
    };
    let thread = std::thread::Builder::new()
        .name("portal".to_owned())
        .spawn(move || {
            runtime.block_on(run(socket, tls, shared, stopping));
            runtime.shutdown_timeout(Duration::from_secs(5));
            // Last, and here: a connection to a database must not end on a thread of the runtime.
            drop(registry);
        })
        .map_err(wrong)?;
    Ok(Running {
        addr,
        url,
        stop,
        thread: Some(thread),
    })
}

/// Runs a portal until SIGTERM or Ctrl-C; `ready` is called once it listens.
pub fn serve(
    dir: &Path,
    listen: Listen,
    database: Option<&str>,
    clock: Arc<dyn Clock>,
    ready: impl FnOnce(&Running),
) -> Result<(), PortalError> {
    listen::raise_file_limit();
    let running = start(dir, listen.clone(), database, clock)?;
    ready(&running);
    let wait = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| PortalError::Address(listen.to_string(), e))?;
    wait.block_on(asked_to_stop());
    running.stop();
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

async fn run(socket: Socket, tls: Option<TlsAcceptor>, shared: Shared, stopping: watch::Receiver<bool>) {
    let keeping = tokio::spawn(keep_house(shared.clone()));
    let registry = Arc::clone(&shared.registry);
    listen::serve(socket, tls, router(shared), &registry.settings.serving, stopping).await;
    keeping.abort();
}

async fn keep_house(shared: Shared) {
    loop {
        let registry = Arc::clone(&shared.registry);
        let acted = tokio::task::spawn_blocking(move || housekeeping(&registry)).await;
        if matches!(acted, Ok(Ok(true))) {
            shared.arrived.send_modify(|n| *n += 1);
        }
        tokio::time::sleep(HOUSEKEEPING).await;
    }
}
