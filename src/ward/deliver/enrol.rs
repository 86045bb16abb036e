//! Enrolment over the network, and the device's signs of life.

use std::time::Duration;

use chrono::TimeDelta;

use super::carrier::{self, Carrier, SMALL_ANSWER};
use super::{DeliverError, clock_trust};
use crate::env::Settings;
use crate::seal::Heartbeat;
use crate::ward::deliver::http_client::{HttpCall, HttpClient, Reply, Timeouts};
use crate::ward::store::Store;
use crate::wire::{self, EnrolmentAnswer, media, path};

/// Brings a request to enrol (`seal::EnrolRequest`, countersigned or not) to the portal. The same
/// request again gives its state.
pub fn enrol(settings: &Settings, request: &str) -> Result<EnrolmentAnswer, DeliverError> {
    let client = HttpClient::new(&settings.portal, Timeouts::default())?;
    let body = wire::jws_line(request);
    let reply = send_unauthenticated(&client, path::ENROLMENTS, Some((media::JSON, body.as_bytes())))?;
    state_of(&reply)
}

/// How far a request to enrol has come.
pub fn enrolment(settings: &Settings, id: &str) -> Result<EnrolmentAnswer, DeliverError> {
    let client = HttpClient::new(&settings.portal, Timeouts::default())?;
    state_of(&send_unauthenticated(&client, &path::enrolment(id), None)?)
}

fn send_unauthenticated(
    client: &HttpClient,
    path: &str,
    body: Option<(&str, &[u8])>,
) -> Result<Reply, DeliverError> {
    client.send(&HttpCall {
        path,
        body,
        bearer: None,
        claim: None,
        limit: SMALL_ANSWER,
        wait: Duration::ZERO,
    })
}

fn state_of(reply: &Reply) -> Result<EnrolmentAnswer, DeliverError> {
    match reply.status {
        200..=202 => {
            serde_json::from_str(&reply.body).map_err(|_| DeliverError::NotPortal { status: reply.status })
        }
        _ => Err(carrier::unexpected_reply(reply)),
    }
}

impl Carrier<'_> {
    /// Tells the portal how this device is: counts, ages, version, clock; nothing about anybody. Where the
    /// portal finds this clock wrong, it is told once more with the portal's own time: a device with a wrong
    /// clock is alive all the same.
    pub fn heartbeat(&self, store: &mut Store) -> Result<(), DeliverError> {
        match self.beat(store) {
            Err(DeliverError::Clock) => self.beat(store),
            told => told,
        }
    }

    fn beat(&self, store: &mut Store) -> Result<(), DeliverError> {
        let now = self.now();
        let counts = store.counts(now.date_naive())?;
        let beat = Heartbeat {
            fac: self.settings.facility.code.clone().into(),
            dev: self.device.public().kid().to_owned(),
            at: now + TimeDelta::seconds(self.skew.get()),
            clk: clock_trust(store, now, &self.settings.limits)?,
            app: env!("CARGO_PKG_VERSION").to_owned(),
            unsent: counts.queue.unsent,
            oldest: counts.queue.oldest,
            returned: counts.returned,
            drafts: counts.unfinished + counts.to_sign,
        };
        let body = wire::jws_line(&beat.seal(self.device)?);
        let body = Some((media::JSON, body.as_bytes()));
        let reply = self.send_claiming(store, path::HEARTBEATS, body, SMALL_ANSWER, Duration::ZERO)?;
        if (200..300).contains(&reply.status) {
            Ok(())
        } else {
            Err(carrier::unexpected_reply(&reply))
        }
    }
}
