//! The carrier "portal": one device's conversation with the portal.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

use super::clock::{Agreement, Boot};
use super::{DeliverError, meta};
use crate::env::{Clock, Settings};
use crate::seal::{self, SecretKey, Trust};
use crate::ward::deliver::http_client::{HttpCall, HttpClient, Reply, Timeouts};
use crate::ward::outbox::RETRY_AFTER;
use crate::ward::store::Store;
use crate::wire::{self, Claim, ProblemCode, ProblemDetails, path};

/// Largest answer to anything but entries, the feed and the trust list.
pub(super) const SMALL_ANSWER: usize = 256 * 1024;

/// One device's conversation with the portal: the line, the device key, the clock.
pub struct Carrier<'a> {
    pub(super) client: HttpClient,
    pub(super) settings: &'a Settings,
    pub(super) device: &'a SecretKey,
    pub(super) clock: &'a dyn Clock,
    /// Seconds to add to our clock in a bearer token and a heartbeat, once the portal has refused our time.
    pub(super) skew: Cell<i64>,
    /// Number of the newest trust list that an answer spoke of.
    pub(super) offered: Cell<Option<u64>>,
    /// The highest epoch of the book that an answer spoke of.
    pub(super) epoch: Cell<Option<u32>>,
    /// Whether trust lists were given to the portal in this conversation.
    pub(super) trust_given: Cell<bool>,
    /// Notifications that were given back in this conversation and that nobody was told of yet.
    pub(super) given_back: Cell<usize>,
    /// The trust list, once verified.
    pub(super) trust: RefCell<Option<Rc<Trust>>>,
}

impl<'a> Carrier<'a> {
    /// Checks the address and the certificate authority; connects to nothing yet.
    pub fn new(
        settings: &'a Settings,
        device: &'a SecretKey,
        clock: &'a dyn Clock,
    ) -> Result<Carrier<'a>, DeliverError> {
        Carrier::with_timeouts(settings, device, clock, Timeouts::default())
    }

    /// The same with other time-outs.
    pub fn with_timeouts(
        settings: &'a Settings,
        device: &'a SecretKey,
        clock: &'a dyn Clock,
        timeouts: Timeouts,
    ) -> Result<Carrier<'a>, DeliverError> {
        let client = HttpClient::new(&settings.portal, timeouts)?;
        Ok(Carrier {
            client,
            settings,
            device,
            clock,
            skew: Cell::new(0),
            offered: Cell::new(None),
            epoch: Cell::new(None),
            trust_given: Cell::new(false),
            given_back: Cell::new(0),
            trust: RefCell::default(),
        })
    }

    /// Goes on over a new connection, after the old one was closed.
    pub(super) fn reconnect(&mut self) -> Result<(), DeliverError> {
        self.client = HttpClient::new(&self.settings.portal, self.client.timeouts())?;
        Ok(())
    }

    pub(super) fn now(&self) -> DateTime<FixedOffset> {
        self.clock.now()
    }

    /// A device's call that needs no claim.
    pub(super) fn send(
        &self,
        path: &str,
        body: Option<(&str, &[u8])>,
        limit: usize,
        wait: Duration,
    ) -> Result<Reply, DeliverError> {
        self.send_with(path, body, limit, wait, None)
    }

    /// A device's call that names the highest receipt that is here, so that a portal that was set back
    /// can notice it. To one that did so everything it lacks is given back, and the call is made again. One that
    /// lacks the trust list that names this device gets that first.
    pub(super) fn send_claiming(
        &self,
        store: &mut Store,
        path: &str,
        body: Option<(&str, &[u8])>,
        limit: usize,
        wait: Duration,
    ) -> Result<Reply, DeliverError> {
        let claim = self.claim(store)?;
        let mut reply = self.send_with(path, body, limit, wait, claim.as_deref())?;
        if reply.status == 401 && self.give_trust(store)? {
            reply = self.send_with(path, body, limit, wait, claim.as_deref())?;
        }
        if !is_behind(&reply) {
            return Ok(reply);
        }
        // Nothing of it was taken: what the portal lacks goes before anything new.
        self.reconcile(store)?;
        let claim = self.claim(store)?;
        self.send_with(path, body, limit, wait, claim.as_deref())
    }

    /// What this device claims: its highest receipt, unless that was given back in vain.
    fn claim(&self, store: &Store) -> Result<Option<String>, DeliverError> {
        let highest = store.highest_receipt()?;
        let claim = highest.map(|(number, h)| Claim { number, h }.to_string());
        let in_vain = store.meta(meta::IN_VAIN)?;
        Ok(claim.filter(|claim| in_vain.as_ref() != Some(claim)))
    }

    /// Whether the portal holds a receipt, by the cheapest call there is.
    pub(super) fn holds(&self, (jid, claim): (&str, &Claim)) -> Result<bool, DeliverError> {
        let claim = claim.to_string();
        let head = path::journal_head(jid);
        let reply = self.send_with(&head, None, SMALL_ANSWER, Duration::ZERO, Some(&claim))?;
        match reply.status {
            // An older portal answers for the journal alone.
            200 | 403 | 404 => Ok(true),
            _ if is_behind(&reply) => Ok(false),
            _ => Err(unexpected_reply(&reply)),
        }
    }

    /// Sends with a bearer token, and once more with the portal's own time if it finds ours wrong. The
    /// answer may still be any status.
    fn send_with(
        &self,
        path: &str,
        body: Option<(&str, &[u8])>,
        limit: usize,
        wait: Duration,
        claim: Option<&str>,
    ) -> Result<Reply, DeliverError> {
        let mut may_retry = true;
        loop {
            let at = self.now() + TimeDelta::seconds(self.skew.get());
            let token = seal::auth_token(self.device, &wire::audience(&self.settings.portal.root_key), at)?;
            let reply = self.client.send(&HttpCall {
                path,
                body,
                bearer: Some(&token),
                claim,
                limit,
                wait,
            })?;
            self.offered.set(reply.trust);
            self.epoch.set(self.epoch.get().max(reply.epoch));
            if reply.status != 401 || problem_of(&reply).and_then(|p| p.known()) != Some(ProblemCode::Clock) {
                return Ok(reply);
            }
            match reply.date {
                Some(date) if may_retry => {
                    may_retry = false;
                    self.skew
                        .set((date - self.now().with_timezone(&Utc)).num_seconds());
                }
                _ => return Err(DeliverError::Clock),
            }
        }
    }

    /// A call that needs no bearer token.
    pub(super) fn send_unauthenticated(
        &self,
        path: &str,
        body: Option<(&str, &[u8])>,
        limit: usize,
    ) -> Result<Reply, DeliverError> {
        self.client.send(&HttpCall {
            path,
            body,
            bearer: None,
            claim: None,
            limit,
            wait: Duration::ZERO,
        })
    }

    /// Notes that the portal answered, and what its `Date` says about our clock. Called only for
    /// answers that proved to be the portal's.
    pub(super) fn note_contact(&self, store: &mut Store, reply: &Reply) -> Result<(), DeliverError> {
        let now = self.now();
        store.set_meta(meta::CONTACT, &now.to_rfc3339())?;
        if let Some(date) = reply.date {
            Agreement::noted(date, now, Boot::now()).keep(store)?;
        }
        Ok(())
    }
}

/// Whether this is a problem of the portal's contract, and not whatever else speaks JSON. A code
/// may be newer than this program.
pub(super) fn is_ours(problem: &ProblemDetails) -> bool {
    problem
        .kind
        .strip_prefix("urn:ogoh:problem:")
        .is_some_and(|c| !c.is_empty() && c == problem.code)
}

/// Whether the portal lacks the receipt that a call claimed.
pub(super) fn is_behind(reply: &Reply) -> bool {
    reply.status == 409 && problem_of(reply).and_then(|p| p.known()) == Some(ProblemCode::Behind)
}

/// The problem that an answer is.
pub(super) fn problem_of(reply: &Reply) -> Option<ProblemDetails> {
    serde_json::from_str(&reply.body).ok().filter(is_ours)
}

/// What an answer means that is not the one hoped for.
pub(super) fn unexpected_reply(reply: &Reply) -> DeliverError {
    let status = reply.status;
    if matches!(status, 425 | 429 | 503) {
        let asked = reply.retry_after.and_then(|s| u64::try_from(s.max(0)).ok());
        let seconds = asked.map(|s| s.clamp(*RETRY_AFTER.start(), *RETRY_AFTER.end()));
        return DeliverError::Busy { status, seconds };
    }
    match (status, problem_of(reply)) {
        (401 | 403, Some(_)) => DeliverError::NotEnrolled { status },
        (400..=499, Some(problem)) => DeliverError::Refused {
            status,
            code: problem.code,
        },
        _ => DeliverError::NotPortal { status },
    }
}
