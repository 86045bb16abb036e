//! Whose connections are open: not too many of one source, and the largest gives way where all places
//! are taken.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

/// Where a request comes from, as far as it can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// An address; of IPv6 its network of 64 bits, which one customer has.
    Address(IpAddr),
    /// A proxy of our own, on a socket in the file system or named in the settings.
    Proxy,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::Address(ip) => write!(f, "{ip}"),
            Source::Proxy => Ok(()),
        }
    }
}

/// What a proxy says of whoever asks through it.
const FORWARDED: &str = "x-forwarded-for";

impl Source {
    /// The source of a connection; none of an address is one in the file system.
    pub fn of(peer: Option<IpAddr>, proxies: &[IpAddr]) -> Source {
        match peer.map(|ip| ip.to_canonical()) {
            Some(ip) if !proxies.contains(&ip) => Source::Address(network(ip)),
            _ => Source::Proxy,
        }
    }

    /// The source of a request: behind a proxy the last address that it names, which is the one that it
    /// saw itself.
    pub fn asking(self, headers: &HeaderMap) -> Source {
        let named = || {
            let last = headers.get_all(FORWARDED).iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
        };
        match self {
            Source::Address(_) => self,
            Source::Proxy => named().map_or(self, |ip| Source::Address(network(ip.to_canonical()))),
        }
    }
}

fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
    }
}

/// Places for connections.
pub(super) struct Places {
    most: usize,
    most_of_a_source: usize,
    taken: Mutex<Taken>,
    freed: Notify,
}

#[derive(Default)]
struct Taken {
    all: usize,
    last: u64,
    /// Connections of each source, the oldest first.
    of: HashMap<Source, VecDeque<Connection>>,
}

struct Connection {
    id: u64,
    task: Option<AbortHandle>,
}

/// A connection's place, given back when dropped.
pub(super) struct Place {
    places: Arc<Places>,
    source: Source,
    id: u64,
}

impl Places {
    pub fn new(most: usize, most_of_a_source: usize) -> Arc<Places> {
        Arc::new(Places {
            most: most.max(1),
            most_of_a_source: most_of_a_source.max(1),
            taken: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// A place for a connection of this source; none where the source has as many as it may, or has
    /// some and all are taken. Only who has none waits, and proxies, which stand for many.
    pub async fn take(self: &Arc<Places>, source: Source) -> Option<Place> {
        loop {
            // Asked for before looking, so that none that is freed meanwhile is missed.
            let freed = self.freed.notified();
            {
                let mut taken = self.taken();
                let own = taken.of.get(&source).map_or(0, VecDeque::len);
                if source != Source::Proxy && own >= self.most_of_a_source {
                    return None;
                }
                if taken.all >= self.most {
                    taken.make_room(own);
                }
                if taken.all < self.most {
                    return Some(self.place(&mut taken, source));
                }
                if source != Source::Proxy && own > 0 {
                    return None;
                }
            }
            freed.await;
        }
    }

    fn place(self: &Arc<Places>, taken: &mut Taken, source: Source) -> Place {
        taken.all += 1;
        taken.last += 1;
        let id = taken.last;
        taken
            .of
            .entry(source)
            .or_default()
            .push_back(Connection { id, task: None });
        Place {
            places: Arc::clone(self),
            source,
            id,
        }
    }

    /// Says by which task a connection is served, so that it can be ended.
    pub fn served_by(&self, source: Source, id: u64, task: AbortHandle) {
        let mut taken = self.taken();
        let known = taken.of.get_mut(&source).into_iter().flatten();
        if let Some(connection) = known.rev().find(|connection| connection.id == id) {
            connection.task = Some(task);
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Ends the oldest connection of the source that has most, if it still has as many as a source that
    /// has `own` and one more. Proxies stand for many, and give way to nobody.
    fn make_room(&mut self, own: usize) {
        let addresses = self.of.iter_mut().filter(|(source, _)| **source != Source::Proxy);
        let largest = addresses.max_by_key(|(_, connections)| connections.len());
        if let Some((_, connections)) = largest
            && connections.len() > own + 1
            && let Some(task) = connections.front().and_then(|oldest| oldest.task.as_ref())
        {
            task.abort();
            connections.pop_front();
            self.all -= 1;
        }
    }
}

impl Place {
    /// Its number.
    pub fn id(&self) -> u64 {
        self.id
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(connections) = taken.of.get_mut(&self.source) {
            let before = connections.len();
            connections.retain(|connection| connection.id != self.id);
            let given_back = before - connections.len();
            if connections.is_empty() {
                taken.of.remove(&self.source);
            }
            // One that had to give way was counted off already.
            taken.all -= given_back;
        }
        drop(taken);
        self.places.freed.notify_one();
    }
}
