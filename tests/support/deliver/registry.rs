//! The registry's side as far as a delivery sees it: keys, a trust list, receipts.

use crate::support::delivering::at;
use ogoh::seal::{By, Entry, Head, Jws, KeyUse, Receipt, SecretKey, Status, TrustKey, TrustList, Typ, hash};

/// Keys that only tests know.
pub struct Registry {
    pub root: SecretKey,
    pub trust: SecretKey,
    pub receipt: SecretKey,
    pub lists: Vec<String>,
    pub epoch: u32,
    pub n: u64,
    pub fac: String,
}

fn listed(key: &SecretKey, what: KeyUse) -> TrustKey {
    let public = key.public();
    TrustKey {
        kid: public.kid().to_owned(),
        alg: "EdDSA".to_owned(),
        x: public.x(),
        what,
        fac: None,
        usr: None,
        name: None,
        role: None,
        from: at("2026-01-01T00:00:00+05:00"),
        revoked: None,
        retired: None,
    }
}

impl Registry {
    pub fn new(seed: u8, fac: &str) -> Registry {
        let key = |n: u8| SecretKey::from_seed(&[seed.wrapping_add(n); 32]);
        let (root, trust, receipt) = (key(1), key(2), key(3));
        let list = TrustList {
            number: 1,
            prev: None,
            at: at("2026-01-01T00:00:00+05:00"),
            keys: vec![listed(&trust, KeyUse::Trust), listed(&receipt, KeyUse::Receipt)],
        };
        let lists = vec![list.seal(&root).unwrap()];
        Registry {
            root,
            trust,
            receipt,
            lists,
            epoch: 1,
            n: 0,
            fac: fac.to_owned(),
        }
    }

    /// A further list in which the receipt key is a new one.
    pub fn change_receipt_key(&mut self, seed: u8) {
        let last = self.lists.last().unwrap();
        let payload = Jws::parse(last, Typ::Trust).unwrap().payload().clone();
        let mut list: TrustList = serde_json::from_value(payload).unwrap();
        self.receipt = SecretKey::from_seed(&[seed; 32]);
        list.number += 1;
        list.prev = Some(hash(last));
        list.keys.push(listed(&self.receipt, KeyUse::Receipt));
        self.lists.push(list.seal(&self.trust).unwrap());
    }

    /// The body of `GET /v1/trust?after=N`.
    pub fn trust_after(&self, after: usize) -> String {
        self.lists
            .iter()
            .skip(after)
            .map(|l| format!("{}\n", ogoh::wire::jws_line(l)))
            .collect()
    }

    /// A receipt for an entry, unsigned.
    pub fn receipt_of(&mut self, jws: &str, status: Status) -> Receipt {
        let entry = Entry::from_jws(&Jws::parse(jws, Typ::Entry).unwrap()).unwrap();
        self.n += 1;
        Receipt {
            epoch: self.epoch,
            n: self.n,
            fac: self.fac.clone().into(),
            nid: entry.nid,
            rev: entry.rev,
            id: entry.id,
            nh: hash(jws).into(),
            jid: entry.jid,
            seq: entry.seq,
            status,
            by: By::Auto,
            reg_no: (status == Status::Registered).then(|| format!("T-{}", self.n)),
            office: None,
            at: at("2026-11-23T10:00:00+05:00"),
            open: Vec::new(),
            cert: None,
            dup_of: None,
            problem: None,
            head: Head {
                seq: entry.seq,
                h: hash(jws).into(),
            },
            safe: None,
        }
    }

    /// The line of an answer with a receipt.
    pub fn line(&mut self, jws: &str, status: Status) -> String {
        let receipt = self.receipt_of(jws, status);
        ogoh::wire::jws_line(&receipt.seal(&self.receipt).unwrap())
    }
}
