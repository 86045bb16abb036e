//! A ward's device that talks to a portal in plain requests.

use std::sync::Arc;

use ogoh::env::{Clock, ClockTrust, Role, new_uuid};
use ogoh::seal::{AmendReason, Entry, EntryType, Receipt, ReceiptNumber, Ref, SecretKey, auth_token, hash};
use ogoh::vital::Kind;
use ogoh::wire::{self, DeliveryAnswer};
use serde_json::{Value, json};

use super::{Signed, TestClock, World, get, object, post, receipt_of};

/// A device and its journal.
pub struct Ward {
    pub device: SecretKey,
    pub doctor: SecretKey,
    pub fac: String,
    pub jid: String,
    pub seq: u64,
    pub prev: String,
    pub base: String,
    pub aud: String,
    pub clock: Arc<TestClock>,
}

impl Ward {
    pub fn token(&self) -> String {
        auth_token(&self.device, &self.aud, self.clock.now()).unwrap()
    }

    /// Signs the next entry of the journal.
    pub fn sign(&mut self, key: &SecretKey, change: impl FnOnce(&mut Entry)) -> Signed {
        let id = new_uuid();
        let mut entry = Entry {
            v: 1,
            t: EntryType::Open,
            nid: id.clone().into(),
            id,
            rev: 1,
            jid: self.jid.clone().into(),
            seq: self.seq + 1,
            prev: self.prev.clone().into(),
            rec: self.clock.now(),
            clk: ClockTrust::Synced,
            fac: self.fac.clone().into(),
            dev: self.device.public().kid().to_owned(),
            usr: super::login_of(key),
            role: Role::Doctor,
            app: "test".into(),
            body: serde_json::Map::new(),
            reference: None,
            reason: None,
        };
        change(&mut entry);
        let jws = entry.seal(key).unwrap();
        self.seq = entry.seq;
        self.prev = hash(&jws);
        Signed {
            h: hash(&jws),
            jws,
            nid: entry.nid.into(),
            rev: entry.rev,
        }
    }

    pub fn open(&mut self) -> Signed {
        let device = self.device.clone();
        let body = json!({"device": device.public().kid(), "facility": self.fac});
        self.sign(&device, |e| {
            e.usr = e.dev.clone();
            e.role = Role::Device;
            e.body = object(body);
        })
    }

    /// Opens the journal as one that continues another.
    pub fn continuing(&mut self, jid: &str) -> Signed {
        let device = self.device.clone();
        let body = json!({"device": device.public().kid(), "facility": self.fac, "continues": jid});
        self.sign(&device, |e| {
            e.usr = e.dev.clone();
            e.role = Role::Device;
            e.body = object(body);
        })
    }

    pub fn notice_by(&mut self, key: &SecretKey, kind: Kind, body: Value) -> Signed {
        self.sign(key, |e| {
            e.t = EntryType::Notice(kind);
            e.body = object(body);
        })
    }

    pub fn birth(&mut self, body: Value) -> Signed {
        self.notice_by(&self.doctor.clone(), Kind::Birth, body)
    }

    pub fn death(&mut self, body: Value) -> Signed {
        self.notice_by(&self.doctor.clone(), Kind::Death, body)
    }

    pub fn amend(&mut self, of: &Signed, body: Value) -> Signed {
        self.about(EntryType::Amend, of, body, &self.doctor.clone())
    }

    pub fn void_by(&mut self, of: &Signed, key: &SecretKey) -> Signed {
        self.about(EntryType::Void, of, json!({}), key)
    }

    pub fn attest_by(&mut self, of: &Signed, key: &SecretKey) -> Signed {
        self.about(EntryType::Attest, of, json!({}), key)
    }

    fn about(&mut self, t: EntryType, of: &Signed, body: Value, key: &SecretKey) -> Signed {
        let reference = Ref {
            nid: of.nid.clone().into(),
            rev: of.rev,
            h: of.h.clone().into(),
        };
        self.sign(key, |e| {
            if t != EntryType::Attest {
                e.nid = reference.nid.clone();
                e.rev = reference.rev + 1;
                e.reason = Some(AmendReason {
                    code: "new-information".into(),
                    text: String::new(),
                });
            }
            e.t = t;
            e.body = object(body);
            e.reference = Some(reference);
        })
    }

    /// Delivers raw lines.
    pub fn post(&self, body: impl Into<Vec<u8>>) -> (u16, String) {
        post(
            &format!("{}{}", self.base, wire::path::ENTRIES),
            Some(&self.token()),
            body.into(),
        )
    }

    /// Asks for the head of the journal and claims a receipt.
    pub fn head_claiming(&self, claim: &str) -> u16 {
        let url = format!("{}{}", self.base, wire::path::journal_head(&self.jid));
        let token = format!("Bearer {}", self.token());
        super::client::get_with(&url, &[("authorization", token.as_str()), (wire::CLAIM, claim)]).0
    }

    /// Asks for news of the facility and claims a receipt: the highest that is here.
    pub fn feed_claiming(&self, claim: &str) -> u16 {
        let feed = wire::path::feed(&self.fac, ReceiptNumber::NONE, 0);
        let token = format!("Bearer {}", self.token());
        let headers = [("authorization", token.as_str()), (wire::CLAIM, claim)];
        super::client::get_with(&format!("{}{feed}", self.base), &headers).0
    }

    /// Delivers entries and reads the answers.
    pub fn push(&self, entries: &[&Signed]) -> Vec<DeliveryAnswer> {
        let lines: Vec<String> = entries.iter().map(|e| wire::jws_line(&e.jws)).collect();
        let (status, body) = self.post(lines.join("\n"));
        assert_eq!(status, 200, "{body}");
        let answers: Vec<DeliveryAnswer> = wire::answers(&body).into_iter().map(Option::unwrap).collect();
        assert_eq!(answers.len(), entries.len());
        answers
    }

    /// Delivers entries that all get receipts.
    pub fn deliver(&self, world: &World, entries: &[&Signed]) -> Vec<Receipt> {
        let trust = world.trust();
        let answers = self.push(entries);
        answers
            .iter()
            .zip(entries)
            .map(|(answer, entry)| {
                let receipt = receipt_of(answer, &trust);
                assert_eq!(receipt.nh, entry.h);
                receipt
            })
            .collect()
    }

    pub fn feed(&self, world: &World, after: u64) -> Vec<(Receipt, Option<String>)> {
        let url = format!(
            "{}{}",
            self.base,
            wire::path::feed(&self.fac, first_epoch(after), 0)
        );
        let (status, body) = get(&url, Some(&self.token()));
        assert_eq!(status, 200, "{body}");
        let trust = world.trust();
        wire::lines(&body)
            .map(|l| serde_json::from_str::<wire::FeedLine>(l).unwrap())
            .map(|l| (Receipt::open(&l.receipt, &trust).unwrap(), l.entry))
            .collect()
    }

    /// The newest receipt of an entry as the portal signed it.
    pub fn newest_text(&self, world: &World, of: &Signed) -> String {
        let url = world.url(&wire::path::feed(&self.fac, first_epoch(0), 0));
        let body = get(&url, Some(&self.token())).1;
        let lines = wire::lines(&body).map(|l| serde_json::from_str::<wire::FeedLine>(l).unwrap().receipt);
        let trust = world.trust();
        lines
            .filter(|text| Receipt::open(text, &trust).unwrap().nh == of.h)
            .last()
            .unwrap()
    }

    /// The newest receipt of an entry, by the feed.
    pub fn newest(&self, world: &World, of: &Signed) -> Receipt {
        let found = self.feed(world, 0).into_iter().map(|(r, _)| r);
        found
            .filter(|r| r.nh == of.h)
            .max_by_key(Receipt::number)
            .unwrap()
    }
}

/// The place of a receipt of a book that was never set back.
pub fn first_epoch(n: u64) -> ReceiptNumber {
    ReceiptNumber { epoch: 1, n }
}
