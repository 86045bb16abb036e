//! Turns at stretching passphrases, which take much memory and time: a short queue for each source,
//! so that whoever tries all the time waits behind himself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::places::Source;
use crate::portal::staff::sign_in::AT_ONCE;

/// Longest wait for a turn.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// Turns of everybody.
pub(in crate::portal) struct Turns {
    all: Arc<Semaphore>,
    most_of_a_source: usize,
    of: Arc<Mutex<HashMap<Source, Queue>>>,
}

/// Who waits, or has a turn, at one source.
struct Queue {
    next: Arc<Semaphore>,
    waiting: usize,
}

/// A turn, over when dropped.
pub(super) struct Turn {
    _one_of_all: OwnedSemaphorePermit,
    _next_of_source: OwnedSemaphorePermit,
    _waiting: Waiting,
}

/// A place in a queue, given back when dropped.
struct Waiting {
    source: Source,
    of: Arc<Mutex<HashMap<Source, Queue>>>,
}

impl Turns {
    pub fn new(most_of_a_source: usize) -> Arc<Turns> {
        Arc::new(Turns {
            all: Arc::new(Semaphore::new(AT_ONCE)),
            most_of_a_source: most_of_a_source.max(1),
            of: Arc::default(),
        })
    }

    /// Waits for a turn; none where too many wait at this source already, or too long.
    ///
    /// One source has one turn at a time, so that others come in between.
    pub(super) async fn take(&self, source: Source) -> Option<Turn> {
        let (waiting, next) = self.queue(source)?;
        let turn = async {
            let next_of_source = next.acquire_owned().await.ok()?;
            let one_of_all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some((next_of_source, one_of_all))
        };
        let (next_of_source, one_of_all) = timeout(LONGEST_WAIT, turn).await.ok()??;
        Some(Turn {
            _one_of_all: one_of_all,
            _next_of_source: next_of_source,
            _waiting: waiting,
        })
    }

    fn queue(&self, source: Source) -> Option<(Waiting, Arc<Semaphore>)> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = of.entry(source).or_insert_with(|| Queue {
            next: Arc::new(Semaphore::new(1)),
            waiting: 0,
        });
        if queue.waiting >= self.most_of_a_source {
            return None;
        }
        queue.waiting += 1;
        let waiting = Waiting {
            source,
            of: Arc::clone(&self.of),
        };
        Some((waiting, Arc::clone(&queue.next)))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = of.get_mut(&self.source) {
            queue.waiting -= 1;
            if queue.waiting == 0 {
                of.remove(&self.source);
            }
        }
    }
}
