//! A facility of the invented country: its keys, its journal, its deliveries.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate};
use serde_json::Value;

use super::population::Population;
use crate::env::{ClockTrust, Role, new_uuid};
use crate::figures::month_of;
use crate::lang::Lang;
use crate::portal::PortalError;
use crate::portal::book::{BookError, BookResult};
use crate::portal::files::{self, listed};
use crate::portal::record::HeartbeatRow;
use crate::portal::unit::opened::Opened;
use crate::portal::unit::registry::{Device, Registry};
use crate::seal::{AmendReason, Entry, EntryType, KeyUse, NO_PREV, Ref, SecretKey, TrustKey, hash};
use crate::vital::Kind;
use crate::wire;

/// A facility with one device and one doctor.
pub(super) struct SimulatedWard {
    pub fac: String,
    /// Which one of its district it is, from 1.
    part: usize,
    pub district: String,
    pub device: SecretKey,
    pub doctor: SecretKey,
    pub jid: String,
    pub seq: u64,
    pub prev: String,
    /// Days between its deliveries, where a line is seldom there.
    pub slow: u64,
    /// Whether winter closes its road.
    pub snowed_in: bool,
    /// How much of the district's events are its own, of a thousand.
    pub share: u64,
    /// The delivery book: live births, foetal deaths, deaths of each month, whether notified or not.
    pub book: BTreeMap<i32, [u64; 3]>,
}

impl SimulatedWard {
    /// Writes into the delivery book what happened.
    pub fn note(&mut self, kind: Kind, day: NaiveDate) {
        let [births, foetal, deaths] = self.book.entry(month_of(day)).or_default();
        *match kind {
            Kind::Birth => births,
            Kind::FoetalDeath => foetal,
            Kind::Death => deaths,
        } += 1;
    }

    /// Signs the next entry of the journal.
    pub fn entry(
        &mut self,
        t: EntryType,
        body: Value,
        rec: DateTime<FixedOffset>,
    ) -> Result<SignedEntry, PortalError> {
        self.sign(t, body, rec, None)
    }

    /// Signs a correction of a notification.
    pub fn amend(
        &mut self,
        of: &SignedEntry,
        body: Value,
        code: &str,
        rec: DateTime<FixedOffset>,
    ) -> Result<SignedEntry, PortalError> {
        self.sign(EntryType::Amend, body, rec, Some((of, code)))
    }

    fn sign(
        &mut self,
        t: EntryType,
        body: Value,
        rec: DateTime<FixedOffset>,
        amends: Option<(&SignedEntry, &str)>,
    ) -> Result<SignedEntry, PortalError> {
        let id = new_uuid();
        let device = t == EntryType::Open;
        let key = if device { &self.device } else { &self.doctor };
        self.seq += 1;
        let nid = amends.map_or(&id, |(of, _)| &of.nid);
        let entry = Entry {
            v: 1,
            t,
            nid: nid.clone().into(),
            id: id.clone(),
            rev: amends.map_or(1, |(of, _)| of.rev + 1),
            jid: self.jid.clone().into(),
            seq: self.seq,
            prev: self.prev.clone().into(),
            rec,
            clk: ClockTrust::Synced,
            fac: self.fac.clone().into(),
            dev: self.device.public().kid().to_owned(),
            usr: if device {
                self.device.public().kid().to_owned()
            } else {
                "doctor".to_owned()
            },
            role: if device { Role::Device } else { Role::Doctor },
            app: env!("CARGO_PKG_VERSION").to_owned(),
            body: match body {
                Value::Object(body) => body,
                _ => serde_json::Map::new(),
            },
            reference: amends.map(|(of, _)| Ref {
                nid: of.nid.clone().into(),
                rev: of.rev,
                h: of.h.clone().into(),
            }),
            reason: amends.map(|(_, code)| AmendReason {
                code: code.to_owned(),
                text: String::new(),
            }),
        };
        let jws = entry.seal(key)?;
        self.prev = hash(&jws);
        Ok(SignedEntry {
            nid: amends.map_or(id, |(of, _)| of.nid.clone()),
            rev: entry.rev,
            h: self.prev.clone(),
            jws,
        })
    }

    /// Delivers.
    pub fn push(&self, registry: &Registry, lines: &[String]) -> Result<u64, PortalError> {
        let device = Device {
            kid: self.device.public().kid().to_owned(),
            fac: self.fac.clone(),
        };
        for part in lines.chunks(wire::MAX_LINES) {
            let body: Vec<String> = part.iter().map(|jws| wire::jws_line(jws)).collect();
            registry
                .deliver(&device, &body.join("\n"))
                .map_err(|code| BookError::Failed(format!("a delivery was refused: {}", code.code())))?;
        }
        Ok(u64::try_from(lines.len()).unwrap_or(0))
    }
}

/// An entry as it was signed.
#[derive(Clone, Debug)]
pub(super) struct SignedEntry {
    pub nid: String,
    pub rev: u32,
    pub h: String,
    pub jws: String,
}

/// How much of a district's events each of its facilities has, of a thousand: the central hospital most of them,
/// and a further one for every 120,000 people.
fn shares(population: u64) -> Vec<u64> {
    let further = (population / 120_000).min(4);
    let each = 450 / (further + 1);
    std::iter::once(1_000 - further * each)
        .chain((0..further).map(|_| each))
        .collect()
}

/// The facilities of every district by its size, whose keys the trust list names from the first day on.
pub(super) fn found(dir: &Path, from: DateTime<FixedOffset>) -> Result<Vec<SimulatedWard>, PortalError> {
    let mut opened = Opened::at(dir)?;
    let mut keyring = opened.keyring()?;
    let trust_key = files::read_secret(&opened.files.trust_key())?;
    let mut wards = Vec::new();
    for district in Population::get().births.iter() {
        for (part, share) in (1..).zip(shares(district.population)) {
            let n = wards.len() + 1;
            wards.push(SimulatedWard {
                fac: format!("{}-S{part:02}", district.code),
                part,
                district: district.code.clone(),
                device: SecretKey::generate()?,
                doctor: SecretKey::generate()?,
                jid: new_uuid(),
                seq: 0,
                prev: NO_PREV.to_owned(),
                slow: if n.is_multiple_of(13) { 9 } else { 0 },
                snowed_in: district.region.snowed_in(1),
                share,
                book: BTreeMap::new(),
            });
        }
    }
    for part in wards.chunks(50) {
        keyring = opened.book.write(|tx| {
            for ward in part {
                let place = crate::codes::name("district", &ward.district, Lang::Tg);
                let name = match ward.part {
                    1 => format!("Беморхонаи марказии {place}"),
                    part => format!("Таваллудхонаи {place} № {part}"),
                };
                tx.put_facility(&ward.fac, &name, &ward.district, &ward.district)?;
            }
            keyring.extend(tx, &trust_key, from, |keys| {
                for ward in part {
                    let of = |key: &SecretKey, what| TrustKey {
                        fac: Some(ward.fac.clone()),
                        ..listed(&key.public(), what, from)
                    };
                    keys.push(of(&ward.device, KeyUse::Device));
                    keys.push(TrustKey {
                        usr: Some("doctor".to_owned()),
                        role: Some(Role::Doctor),
                        ..of(&ward.doctor, KeyUse::Person)
                    });
                }
            })
        })?;
    }
    Ok(wards)
}

/// The device's last sign of life; a few have been silent for days.
pub(super) fn beat(
    registry: &Registry,
    ward: &SimulatedWard,
    i: usize,
    now: DateTime<FixedOffset>,
) -> BookResult<()> {
    let hours = if i.is_multiple_of(17) {
        200
    } else {
        i64::try_from(i % 5).unwrap_or(0)
    };
    registry.write(|tx| {
        tx.put_heartbeat(&HeartbeatRow {
            dev: ward.device.public().kid().to_owned(),
            fac: ward.fac.clone().into(),
            at_ms: (now - Duration::hours(hours)).timestamp_millis(),
            backlog: u64::try_from(i % 7).unwrap_or(0),
            oldest_ms: (!i.is_multiple_of(7)).then(|| (now - Duration::hours(hours + 9)).timestamp_millis()),
            app: env!("CARGO_PKG_VERSION").to_owned(),
            jws: String::new(),
        })
    })
}
