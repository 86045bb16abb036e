//! The portal's life as a server: start, run, stop.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::{Shared, router};
use crate::env::Clock;
use crate::portal::PortalError;
use crate::portal::registry::Registry;

/// How often time-dependent decisions are looked for.
const HOUSEKEEPING: Duration = Duration::from_secs(30);

/// A running portal; stops when dropped.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
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
    listen: SocketAddr,
    database: Option<&str>,
    clock: Arc<dyn Clock>,
) -> Result<Running, PortalError> {
    let registry = Arc::new(Registry::open(dir, database, clock)?);
    let wrong = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AddrInUse => PortalError::PortInUse(listen.to_string()),
        _ => PortalError::Address(listen.to_string(), e),
    };
    let listener = std::net::TcpListener::bind(listen).map_err(wrong)?;
    listener.set_nonblocking(true).map_err(wrong)?;
    let addr = listener.local_addr().map_err(wrong)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(wrong)?;
    let (stop, stopping) = watch::channel(false);
    let shared = Shared {
        registry: Arc::clone(&registry),
        arrived: Arc::new(watch::channel(0).0),
        stopping: stopping.clone(),
    };
    let thread = std::thread::Builder::new()
        .name("portal".to_owned())
        .spawn(move || {
            runtime.block_on(run(listener, shared, stopping));
            runtime.shutdown_timeout(Duration::from_secs(5));
            // Last, and here: a connection to a database must not end on a thread of the runtime.
            drop(registry);
        })
        .map_err(wrong)?;
    Ok(Running {
        addr,
        stop,
        thread: Some(thread),
    })
}

/// Runs a portal until SIGTERM or Ctrl-C; `ready` is called once it listens.
pub fn serve(
    dir: &Path,
    listen: SocketAddr,
    database: Option<&str>,
    clock: Arc<dyn Clock>,
    ready: impl FnOnce(&Running),
) -> Result<(), PortalError> {
    let running = start(dir, listen, database, clock)?;
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

async fn run(listener: std::net::TcpListener, shared: Shared, stopping: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let mut stop = stopping.clone();
    let keeping = tokio::spawn(keep_house(shared.clone()));
    let app = router(shared).into_make_service();
    let served = axum::serve(listener, app).with_graceful_shutdown(async move {
        // An error means that the portal's owner is gone: stop as well.
        let _ = stop.wait_for(|s| *s).await;
    });
    // A client that never closes must not keep the portal from stopping.
    let mut last_call = stopping;
    tokio::select! {
        _ = served => {}
        () = async {
            let _ = last_call.wait_for(|s| *s).await;
            tokio::time::sleep(Duration::from_secs(5)).await;
        } => {}
    }
    keeping.abort();
}

async fn keep_house(shared: Shared) {
    loop {
        let registry = Arc::clone(&shared.registry);
        let acted = tokio::task::spawn_blocking(move || registry.housekeeping()).await;
        if matches!(acted, Ok(Ok(true))) {
            shared.arrived.send_modify(|n| *n += 1);
        }
        tokio::time::sleep(HOUSEKEEPING).await;
    }
}
