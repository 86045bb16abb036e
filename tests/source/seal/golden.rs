//! One signed object of each kind, from fixed keys and values. FROZEN: what these files hold was
//! signed by people, and every later version must write and read the same bytes.

use chrono::{DateTime, FixedOffset};
use ogoh::env::{ClockTrust, Role};
use ogoh::seal::{
    AmendReason, By, EnrolRequest, Entry, EntryType, FacilityClaim, FacilityPeople, Head, Heartbeat, KeyUse,
    NO_PREV, NamedKey, Problem, Receipt, ReceiptNumber, Ref, SealingKey, SealingKeys, SecretKey, Slip,
    Status, Trust, TrustKey, TrustList, Typ, VERSION, auth_token, countersign, hash, sign,
};
use ogoh::vital::Kind;
use serde_json::{Map, Value, json};

pub const JID: &str = "0193a1b2-0000-7000-8000-000000000001";
pub const NID: &str = "0193a1b2-0000-7000-8000-000000000002";
pub const FAC: &str = "TJ-KT-BOX-01";
/// An age recipient: the test vector of an identity that nobody uses.
pub const RECIPIENT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
pub const AUD: &str = "urn:ogoh:registry:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// A key for each part, from a seed of equal bytes.
pub fn key(what: &str) -> SecretKey {
    let parts = [
        "root",
        "trust",
        "receipt",
        "device",
        "doctor",
        "administrator",
        "stranger",
    ];
    let n = parts.iter().position(|p| *p == what).unwrap();
    SecretKey::from_seed(&[u8::try_from(n + 1).unwrap(); 32])
}

pub fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

pub fn now() -> DateTime<FixedOffset> {
    at("2026-11-23T14:02:00+05:00")
}

/// An entry of the sample journal, before it is signed.
pub fn entry(t: EntryType, id: &str, seq: u64, prev: &str, body: Value) -> Entry {
    let Value::Object(body) = body else {
        panic!("a body is an object")
    };
    let open = t == EntryType::Open;
    let device = key("device").public().kid().to_owned();
    Entry {
        v: VERSION,
        t,
        id: id.to_owned(),
        nid: id.into(),
        rev: 1,
        jid: JID.into(),
        seq,
        prev: prev.into(),
        rec: at("2026-11-23T13:40:05.123+05:00"),
        clk: ClockTrust::Synced,
        fac: FAC.into(),
        usr: if open {
            device.clone()
        } else {
            "salimova".to_owned()
        },
        dev: device,
        role: if open { Role::Device } else { Role::Doctor },
        app: "ogoh 0.1.0".to_owned(),
        body,
        reference: None,
        reason: None,
    }
}

/// A journal with one entry of each type.
pub fn journal() -> Vec<(&'static str, String)> {
    let id = |n: u64| format!("0193a1b2-0000-7000-8000-{n:012}");
    let mut out: Vec<(&'static str, String)> = Vec::new();
    let mut add = |name, entry: Entry, signer: &str| {
        let prev = out
            .last()
            .map_or_else(|| NO_PREV.to_owned(), |(_, text): &(_, String)| hash(text));
        let seq = u64::try_from(out.len()).unwrap() + 1;
        let text = Entry {
            seq,
            prev: prev.into(),
            ..entry
        }
        .seal(&key(signer))
        .unwrap();
        out.push((name, text.clone()));
        text
    };
    let device = key("device").public().kid().to_owned();
    let make = |t, n: u64, body| entry(t, &id(n), 1, NO_PREV, body);
    add(
        "entry-open",
        make(EntryType::Open, 1, json!({"device": device, "facility": FAC})),
        "device",
    );
    let body = json!({
        "child": {"surname": "Ҷӯраева", "sex": "female", "weight": 3250, "length": 510},
        "mother": {"surname": "Ҷӯраева", "given": "Гулчеҳра", "birth": "1998-04"},
        "father": {"surname": {"not": "yet"}},
        "checked": {"C12": "confirmed"},
    });
    let birth = add(
        "entry-birth",
        make(EntryType::Notice(Kind::Birth), 2, body.clone()),
        "doctor",
    );
    let about = |rev, text: &str| {
        Some(Ref {
            nid: NID.into(),
            rev,
            h: hash(text).into(),
        })
    };
    let mut amended: Map<String, Value> = body.as_object().unwrap().clone();
    amended.insert("father".into(), json!({"surname": "Ҷӯраев"}));
    let amend = Entry {
        nid: NID.into(),
        rev: 2,
        reference: about(1, &birth),
        reason: Some(AmendReason {
            code: "completed".into(),
            text: "Падар омад.".into(),
        }),
        ..make(EntryType::Amend, 3, Value::Object(amended))
    };
    let amend = add("entry-amend", amend, "doctor");
    let void = Entry {
        nid: NID.into(),
        rev: 3,
        reference: about(2, &amend),
        reason: Some(AmendReason {
            code: "twice".into(),
            text: String::new(),
        }),
        ..make(EntryType::Void, 4, json!({}))
    };
    let void = add("entry-void", void, "doctor");
    let attest = Entry {
        nid: NID.into(),
        rev: 3,
        reference: about(3, &void),
        ..make(EntryType::Attest, 5, json!({}))
    };
    add("entry-attest", attest, "administrator");
    let tally = json!({"month": "2026-10", "births": 41, "foetal_deaths": 0, "deaths": 2});
    add("entry-tally", make(EntryType::Tally, 6, tally), "doctor");
    add(
        "entry-of-unknown-type",
        make(EntryType::from_code("marriage"), 7, json!({"a": 1})),
        "doctor",
    );
    out
}

pub fn receipt() -> Receipt {
    let journal = journal();
    let texts = [
        ("tg", "Вазн номумкин аст."),
        ("ru", "Вес невозможен."),
        ("en", "The weight is impossible."),
    ];
    let text = texts
        .into_iter()
        .map(|(l, t)| (l.to_owned(), t.to_owned()))
        .collect();
    Receipt {
        epoch: 2,
        n: 7,
        fac: FAC.into(),
        nid: NID.into(),
        rev: 1,
        id: NID.to_owned(),
        nh: hash(&journal[1].1).into(),
        jid: JID.into(),
        seq: 2,
        status: Status::Returned,
        by: By::Auto,
        reg_no: None,
        office: Some("TJ-KT-01".into()),
        at: now(),
        open: vec!["name".into(), "father".into()],
        cert: None,
        dup_of: None,
        problem: Some(Problem {
            code: "weight".into(),
            field: Some("child.weight".into()),
            text,
        }),
        head: Head {
            seq: 7,
            h: hash(&journal[6].1).into(),
        },
        safe: Some(ReceiptNumber { epoch: 1, n: 40 }),
    }
}

/// The receipt as it was signed before there were epochs.
pub fn without_epoch() -> String {
    let mut value = serde_json::to_value(Receipt {
        safe: None,
        ..receipt()
    })
    .unwrap();
    value.as_object_mut().unwrap().remove("epoch");
    sign(Typ::Receipt, &key("receipt"), &value).unwrap()
}

pub fn people() -> FacilityPeople {
    let named = |who: &str, name: &str| NamedKey {
        kid: key(who).public().kid().to_owned(),
        name: name.to_owned(),
    };
    FacilityPeople {
        v: 1,
        fac: FAC.into(),
        number: 3,
        at: now(),
        people: vec![named("doctor", "Абдуллозода Фирӯз"), named("device", "ҷамшед-1")],
    }
}

pub fn slip() -> Slip {
    Slip {
        v: 1,
        nid: NID.into(),
        h: hash(&journal()[1].1).into(),
        kind: "birth".into(),
        day: Some("2026-11-23".into()),
        fac: FAC.into(),
        office: Some("TJ-KT-01".into()),
    }
}

pub fn sealing() -> SealingKeys {
    SealingKeys {
        v: 1,
        number: 1,
        at: now(),
        keys: vec![SealingKey {
            recipient: RECIPIENT.to_owned(),
            from: now(),
            until: None,
        }],
    }
}

pub fn listed(who: &str, what: KeyUse) -> TrustKey {
    let public = key(who).public();
    let person = what == KeyUse::Person;
    let ward = person || what == KeyUse::Device;
    TrustKey {
        kid: public.kid().to_owned(),
        alg: "EdDSA".into(),
        x: public.x(),
        what,
        fac: ward.then(|| FAC.to_owned()),
        usr: person.then(|| who.to_owned()),
        name: None,
        role: match who {
            "doctor" => Some(Role::Doctor),
            "administrator" => Some(Role::Administrator),
            _ => None,
        },
        from: at("2026-11-01T09:00:00+05:00"),
        revoked: None,
        retired: None,
    }
}

/// Lists 1 to 3: the registry's keys, a ward's keys, and one of these revoked.
pub fn trust_lists() -> Vec<String> {
    let first = TrustList {
        number: 1,
        prev: None,
        at: at("2026-11-01T09:00:00+05:00"),
        keys: vec![listed("trust", KeyUse::Trust), listed("receipt", KeyUse::Receipt)],
    };
    let first = first.seal(&key("root")).unwrap();
    let ward = ["device", "doctor", "administrator"].map(|who| {
        listed(
            who,
            if who == "device" {
                KeyUse::Device
            } else {
                KeyUse::Person
            },
        )
    });
    let second = TrustList {
        number: 2,
        prev: Some(hash(&first)),
        at: now(),
        keys: ward.to_vec(),
    };
    let second = second.seal(&key("trust")).unwrap();
    let revoked = TrustKey {
        revoked: Some(at("2026-11-20T00:00:00+05:00")),
        ..listed("doctor", KeyUse::Person)
    };
    let third = TrustList {
        number: 3,
        prev: Some(hash(&second)),
        at: now(),
        keys: vec![revoked],
    };
    let third = third.seal(&key("trust")).unwrap();
    vec![first, second, third]
}

/// The first lists, verified.
pub fn trust(lists: usize) -> Trust {
    Trust::open_chain(
        trust_lists().iter().take(lists).map(String::as_str),
        &key("root").public(),
    )
    .unwrap()
}

pub fn request(who: &str) -> EnrolRequest {
    let device = who == "device";
    EnrolRequest {
        v: 1,
        what: if device { KeyUse::Device } else { KeyUse::Person },
        x: key(who).public().x(),
        fac: FAC.to_owned(),
        facility: device.then(|| FacilityClaim {
            name: "Беморхонаи марказии ноҳиявӣ".into(),
            district: "TJ-KT-01".into(),
            office: "TJ-KT-01".into(),
        }),
        usr: (!device).then(|| who.to_owned()),
        name: None,
        role: (!device).then_some(Role::Doctor),
        replaces: None,
        at: now(),
        code: device.then(|| "4711-0815".to_owned()),
        reply: None,
    }
}

pub fn heartbeat() -> Heartbeat {
    Heartbeat {
        fac: FAC.into(),
        dev: key("device").public().kid().to_owned(),
        at: now(),
        clk: ClockTrust::Unsynced,
        app: "ogoh 0.1.0".into(),
        unsent: 3,
        oldest: Some(at("2026-11-23T09:00:00+05:00")),
        returned: 1,
        drafts: 2,
    }
}

/// Every golden file: name and text.
pub fn all() -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = journal().into_iter().map(|(n, t)| (n.to_owned(), t)).collect();
    let mut add = |name: &str, text: String| out.push((name.to_owned(), text));
    // As it was written before there were epochs, and as it is now.
    add("receipt", without_epoch());
    add("receipt-2", receipt().seal(&key("receipt")).unwrap());
    add("people", people().seal(&key("receipt")).unwrap());
    add("slip", slip().seal(&key("doctor")).unwrap());
    add("sealing", sealing().seal(&key("trust")).unwrap());
    let reply = request("device").with_reply(RECIPIENT);
    add("enrol-device-2", reply.seal(&key("device")).unwrap());
    for (i, list) in trust_lists().into_iter().enumerate() {
        add(&format!("trust-{}", i + 1), list);
    }
    add("enrol-device", request("device").seal(&key("device")).unwrap());
    let person = request("doctor").seal(&key("doctor")).unwrap();
    add(
        "enrol-countersigned",
        countersign(&person, &key("administrator")).unwrap(),
    );
    add("enrol-person", person);
    add("heartbeat", heartbeat().seal(&key("device")).unwrap());
    add("auth", auth_token(&key("device"), AUD, now()).unwrap());
    out
}
