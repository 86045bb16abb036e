//! Signals to the background pusher: "send now", "stop".

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::ward::deliver::http_client::HttpClient;

/// Handle on a running [`watch`](super::watch). Clones signal the same pusher.
#[derive(Clone, Default)]
pub struct PushHandle(Arc<Signal>);

#[derive(Default)]
struct Signal {
    state: Mutex<SignalState>,
    signalled: Condvar,
}

#[derive(Default)]
struct SignalState {
    stop: bool,
    now: bool,
    // The connection on which the pusher waits for news, to be closed when there is work.
    waiting: Option<HttpClient>,
}

impl PushHandle {
    /// Makes a handle that no pusher listens to yet.
    pub fn new() -> PushHandle {
        PushHandle::default()
    }

    /// Sends what waits now, without the rest of the pause. An exchange that carries entries is
    /// not interrupted, only the waiting for news.
    pub fn push_now(&self) {
        let mut state = self.lock();
        state.now = true;
        if let Some(client) = state.waiting.take() {
            client.close();
        }
        self.0.signalled.notify_all();
    }

    /// Ends [`watch`](super::watch) as soon as an exchange under way has ended. What is cut off by
    /// the end of the process is sent again another time.
    pub fn stop(&self) {
        let mut state = self.lock();
        state.stop = true;
        if let Some(client) = state.waiting.take() {
            client.close();
        }
        self.0.signalled.notify_all();
    }

    /// Whether [`PushHandle::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        self.lock().stop
    }

    /// Says that this connection only waits for news. False if a signal came already: do not wait then.
    pub(super) fn wait_on(&self, client: &HttpClient) -> bool {
        let mut state = self.lock();
        if state.stop || state.now {
            return false;
        }
        state.waiting = Some(client.clone());
        true
    }

    /// Says that the connection waits no more. True if it was closed and cannot be used again.
    pub(super) fn done_waiting(&self) -> bool {
        self.lock().waiting.take().is_none()
    }

    /// Sleeps until a signal comes, at most for `pause`. True if it was "send now".
    pub(super) fn sleep(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if state.stop || state.now || left.is_zero() {
                return std::mem::take(&mut state.now);
            }
            state = self
                .0
                .signalled
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, SignalState> {
        // Nothing can be left half done in there.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for PushHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushHandle")
            .field("stopped", &self.is_stopped())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ringing_ends_a_pause_and_is_not_lost_when_nobody_sleeps() {
        let push_handle = PushHandle::new();
        push_handle.push_now();
        let started = Instant::now();
        assert!(push_handle.sleep(Duration::from_secs(600)));
        assert!(!push_handle.sleep(Duration::ZERO), "rung once, heard once");
        let other = push_handle.clone();
        let thread = std::thread::spawn(move || other.stop());
        push_handle.sleep(Duration::from_secs(600));
        thread.join().unwrap();
        assert!(push_handle.is_stopped() && started.elapsed() < Duration::from_secs(60));
    }
}
