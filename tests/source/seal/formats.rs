//! Formats that grew: what a reader of today makes of what was written before, and what a reader of
//! before makes of what is written today.

use ogoh::seal::{
    FacilityPeople, Jws, KeyUse, ReceiptNumber, SealError, SealingKeys, Slip, Status, Typ, read_enrolment,
    sign,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::golden::{RECIPIENT, key, people, receipt, request, sealing, slip, trust};

/// A receipt as the first version read it: it knows no epochs and passes over what it does not know.
#[derive(Deserialize)]
struct FirstReceipt {
    n: u64,
    nh: String,
    status: Status,
}

/// A signed object with a member changed.
fn changed(typ: Typ, by: &str, text: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut payload = Jws::parse(text, typ).unwrap().payload().clone();
    change(&mut payload);
    sign(typ, &key(by), &payload).unwrap()
}

#[test]
fn a_reader_of_before_takes_a_receipt_with_an_epoch() {
    let text = receipt().seal(&key("receipt")).unwrap();
    let payload = Jws::parse(&text, Typ::Receipt).unwrap().payload().clone();
    assert_eq!(
        (&payload["epoch"], &payload["safe"]),
        (&json!(2), &json!({"epoch": 1, "n": 40}))
    );
    let first: FirstReceipt = serde_json::from_value(payload).unwrap();
    assert_eq!(
        (first.n, first.nh, first.status),
        (7, receipt().nh.into(), Status::Returned)
    );
}

#[test]
fn receipts_are_in_order_by_epoch_and_then_by_number() {
    let at = |epoch, n| ReceiptNumber { epoch, n };
    assert!(at(1, 900) < at(2, 1) && at(2, 1) < at(2, 2));
    for (before, next, follows) in [
        (ReceiptNumber::NONE, at(1, 1), true),
        (at(1, 7), at(1, 8), true),
        (at(1, 7), at(1, 9), false),
        (at(1, 7), at(2, 1), true),
        (at(1, 7), at(2, 8), false),
        (at(2, 1), at(1, 2), false),
        (at(1, u64::MAX), at(1, 0), false),
    ] {
        assert_eq!(before.is_followed_by(next), follows, "{before} {next}");
    }
    assert_eq!(
        "17".parse(),
        Ok(at(1, 17)),
        "as it was remembered before there were epochs"
    );
    for (text, wanted) in [("1.17", at(1, 17)), ("2.0", at(2, 0))] {
        assert_eq!(text.parse(), Ok(wanted));
        assert_eq!(wanted.to_string(), text);
    }
    for bad in ["", "x", "0.1", "1.", ".1", "1.2.3", "-1", "1. 2", "+1"] {
        assert!(bad.parse::<ReceiptNumber>().is_err(), "{bad}");
    }
}

#[test]
fn names_of_a_facility_are_believed_from_the_registry_s_receipt_key_alone() {
    let text = people().seal(&key("receipt")).unwrap();
    assert_eq!(FacilityPeople::open(&text, &trust(2)), Ok(people()));
    for by in ["trust", "device", "stranger"] {
        let forged = people().seal(&key(by)).unwrap();
        assert_eq!(
            FacilityPeople::open(&forged, &trust(2)),
            Err(SealError::UnknownKey),
            "{by}"
        );
    }
    let more = changed(Typ::People, "receipt", &text, |p| p["later"] = json!(true));
    assert_eq!(
        FacilityPeople::open(&more, &trust(2)),
        Ok(people()),
        "what is not known is passed over"
    );
    let newer = changed(Typ::People, "receipt", &text, |p| p["v"] = json!(2));
    assert_eq!(
        FacilityPeople::open(&newer, &trust(2)),
        Err(SealError::NewerVersion(2))
    );
    assert!(
        !format!("{:?}", people()).contains("Фирӯз"),
        "names stay out of logs"
    );
}

#[test]
fn a_slip_holds_under_the_key_that_signed_the_entry_and_names_nobody() {
    let text = slip().seal(&key("doctor")).unwrap();
    assert_eq!(Slip::open(&text, &key("doctor").public()), Ok(slip()));
    assert!(Slip::open(&text, &key("device").public()).is_err());
    let newer = changed(Typ::Slip, "doctor", &text, |p| p["v"] = json!(2));
    assert_eq!(
        Slip::open(&newer, &key("doctor").public()),
        Err(SealError::NewerVersion(2))
    );
    let payload = Jws::parse(&text, Typ::Slip).unwrap().payload().clone();
    let members: Vec<&String> = payload.as_object().unwrap().keys().collect();
    assert_eq!(members, ["day", "fac", "h", "kind", "nid", "office", "v"]);
    assert!(Jws::parse(&text, Typ::Entry).is_err(), "a slip is no entry");
    // A QR code of version 25 with medium correction holds 1,273 letters of an address.
    assert!(ogoh::wire::path::slip("https://portal.sahsh.example", &text).len() < 800);
}

#[test]
fn sealing_keys_stand_in_an_object_of_their_own_under_the_trust_key() {
    let text = sealing().seal(&key("trust")).unwrap();
    assert_eq!(SealingKeys::open(&text, &trust(2)), Ok(sealing()));
    let forged = sealing().seal(&key("receipt")).unwrap();
    assert_eq!(SealingKeys::open(&forged, &trust(2)), Err(SealError::UnknownKey));
    let bad = changed(Typ::Sealing, "trust", &text, |p| {
        p["keys"][0]["recipient"] = json!("ssh-ed25519 AAAA")
    });
    assert_eq!(
        SealingKeys::open(&bad, &trust(2)),
        Err(SealError::Member("recipient".into()))
    );
}

#[test]
fn a_request_says_where_replies_go_in_a_version_of_its_own() {
    let text = request("device")
        .with_reply(RECIPIENT)
        .seal(&key("device"))
        .unwrap();
    assert_eq!(
        read_enrolment(&text).unwrap().request.reply.as_deref(),
        Some(RECIPIENT)
    );
    let plain = request("device").seal(&key("device")).unwrap();
    let payload = Jws::parse(&plain, Typ::Enrol).unwrap().payload().clone();
    assert_eq!(payload["v"], 1, "a registry of before takes what needs no reply");
    assert!(payload.get("reply").is_none());
}

#[test]
fn lists_of_words_that_older_readers_know_are_closed() {
    // A new use of a key or a new status makes a trust list or a receipt unreadable for a ward that was
    // not updated: it takes a version of its own.
    let uses = [KeyUse::Trust, KeyUse::Receipt, KeyUse::Device, KeyUse::Person];
    let words: Vec<Value> = uses.iter().map(|u| serde_json::to_value(u).unwrap()).collect();
    assert_eq!(words, ["trust", "receipt", "device", "person"]);
    for unknown in ["sealing", "Trust", ""] {
        assert!(serde_json::from_value::<KeyUse>(json!(unknown)).is_err());
    }
    assert_eq!(
        Status::ALL.map(Status::code),
        [
            "received",
            "held",
            "returned",
            "registered",
            "certificate-issued",
            "duplicate",
            "annulment-pending",
            "voided"
        ]
    );
}
