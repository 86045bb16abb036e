//! Who asks to be believed, who speaks now, and how a device is.

use chrono::TimeDelta;
use ogoh::env::Role;
use ogoh::seal::{
    EnrolRequest, Heartbeat, KeyUse, SealError, TrustKey, Typ, auth_token, check_auth, countersign,
    read_enrolment, sign,
};
use serde_json::json;

use super::golden::{AUD, FAC, RECIPIENT, at, heartbeat, key, listed, now, request, trust};

#[test]
fn a_request_proves_that_its_key_is_held() {
    for who in ["device", "doctor"] {
        let read = read_enrolment(&request(who).seal(&key(who)).unwrap()).unwrap();
        assert_eq!(read.request, request(who));
        assert_eq!(read.key, key(who).public());
        assert!(read.countersigned.is_none());
        assert_eq!(read.vouched_by(&trust(2), now()), Ok(None));
        let by_another = request(who).seal(&key("stranger")).unwrap();
        assert_eq!(read_enrolment(&by_another).unwrap_err(), SealError::UnknownKey);
    }
}

#[test]
fn a_request_says_what_a_registry_has_to_know() {
    let refused = |who: &str, change: fn(&mut EnrolRequest)| {
        let mut request = request(who);
        change(&mut request);
        read_enrolment(&request.seal(&key(who)).unwrap()).map(|_| ())
    };
    let what = Err(SealError::Member("what".into()));
    assert_eq!(refused("device", |r| r.facility = None), what);
    assert_eq!(refused("doctor", |r| r.usr = None), what);
    assert_eq!(refused("doctor", |r| r.role = None), what);
    assert_eq!(refused("doctor", |r| r.role = Some(Role::Device)), what);
    assert_eq!(
        refused("doctor", |r| r.what = KeyUse::Trust),
        what,
        "nobody asks for the registry's own keys"
    );
    assert_eq!(refused("device", |r| r.what = KeyUse::Receipt), what);
    assert_eq!(
        refused("device", |r| r.x = "AAAA".into()),
        Err(SealError::NotAKey)
    );
    let reply = Err(SealError::Member("reply".into()));
    assert_eq!(
        refused("device", |r| r.v = 2),
        reply,
        "version 2 names where replies go"
    );
    assert_eq!(refused("device", |r| r.reply = Some(RECIPIENT.into())), reply);
    assert_eq!(
        refused("device", |r| *r = r.clone().with_reply("age1short")),
        reply
    );
    assert_eq!(refused("doctor", |r| *r = r.clone().with_reply(RECIPIENT)), reply);
    assert_eq!(
        refused("device", |r| *r = r.clone().with_reply(RECIPIENT)),
        Ok(())
    );
    assert_eq!(refused("device", |r| r.v = 3), Err(SealError::NewerVersion(3)));
    assert_eq!(refused("device", |r| r.v = 0), Err(SealError::Member("v".into())));
}

#[test]
fn a_countersignature_is_a_colleague_s_of_the_same_facility() {
    let request = request("doctor").seal(&key("doctor")).unwrap();
    let trust = trust(2);
    let by = |who: &str| {
        let read = read_enrolment(&countersign(&request, &key(who)).unwrap()).unwrap();
        assert_eq!(read.key, key("doctor").public());
        read.vouched_by(&trust, now()).map(|k| k.map(|k| k.kid.clone()))
    };
    assert_eq!(
        by("administrator"),
        Ok(Some(key("administrator").public().kid().to_owned()))
    );
    for other in ["doctor", "device", "stranger", "root", "trust", "receipt"] {
        assert_eq!(by(other), Err(SealError::UnknownKey), "{other}");
    }
    let with = |administrator: TrustKey| {
        let list = trust
            .next(vec![administrator], now())
            .seal(&key("trust"))
            .unwrap();
        let trust = trust.open_next(&list).unwrap();
        let read = read_enrolment(&countersign(&request, &key("administrator")).unwrap()).unwrap();
        read.vouched_by(&trust, now()).map(|k| k.is_some())
    };
    let administrator = || listed("administrator", KeyUse::Person);
    assert_eq!(with(administrator()), Ok(true));
    let elsewhere = TrustKey {
        fac: Some("TJ-KT-BOX-02".into()),
        ..administrator()
    };
    assert_eq!(with(elsewhere), Err(SealError::UnknownKey));
    let revoked = TrustKey {
        revoked: Some(now()),
        ..administrator()
    };
    assert_eq!(with(revoked), Err(SealError::RevokedKey));
    let moved_on = TrustKey {
        role: Some(Role::Auditor),
        ..administrator()
    };
    assert_eq!(
        with(moved_on),
        Ok(true),
        "what it counts for is the registry's to say"
    );
    let oneself = TrustKey {
        usr: self::request("doctor").usr,
        ..administrator()
    };
    assert_eq!(with(oneself), Err(SealError::UnknownKey));
}

#[test]
fn a_countersignature_holds_one_request_or_one_countersignature_of_it() {
    let request = request("doctor").seal(&key("doctor")).unwrap();
    let admin = key("administrator");
    let twice = countersign(&countersign(&request, &admin).unwrap(), &admin).unwrap();
    let read = read_enrolment(&twice).unwrap();
    // The same hand twice is no second person.
    assert_eq!(read.seconded_by(&trust(2), now()), Err(SealError::UnknownKey));
    assert!(read_enrolment(&countersign(&twice, &admin).unwrap()).is_err());
    for outer in [
        json!({"v": 1, "req": request, "x": key("administrator").public().x()}),
        json!({"v": 1, "req": [request]}),
        json!({"v": 1, "req": 1}),
        json!({"v": 1, "req": ""}),
        json!({"v": 2, "req": request}),
        json!({"req": request}),
    ] {
        assert!(
            read_enrolment(&sign(Typ::Enrol, &admin, &outer).unwrap()).is_err(),
            "{outer}"
        );
    }
    // The content of one request under the signature of another does not pass.
    let mut parts: Vec<&str> = request.split('.').collect();
    let other = super::golden::request("device").seal(&key("device")).unwrap();
    parts[2] = other.rsplit('.').next().unwrap();
    let mixed = countersign(&parts.join("."), &admin).unwrap();
    assert_eq!(read_enrolment(&mixed).unwrap_err(), SealError::BadSignature);
}

#[test]
fn a_token_is_the_device_s_for_this_registry() {
    let trust = trust(3);
    let by = |who: &str| check_auth(&auth_token(&key(who), AUD, now()).unwrap(), &trust, AUD, now());
    assert_eq!(
        by("device"),
        Ok((key("device").public().kid().to_owned(), FAC.to_owned()))
    );
    for other in ["doctor", "administrator", "receipt", "trust", "root", "stranger"] {
        assert_eq!(by(other), Err(SealError::UnknownKey), "{other}");
    }
    let token = auth_token(&key("device"), AUD, now()).unwrap();
    assert_eq!(
        check_auth(&token, &trust, "urn:ogoh:registry:other", now()),
        Err(SealError::WrongAudience)
    );
    let beat = heartbeat().seal(&key("device")).unwrap();
    assert_eq!(check_auth(&beat, &trust, AUD, now()), Err(SealError::WrongType));
    let mut broken = token.clone();
    broken.replace_range(
        token.len() - 10..token.len() - 9,
        if token.as_bytes()[token.len() - 10] == b'A' {
            "B"
        } else {
            "A"
        },
    );
    assert_eq!(
        check_auth(&broken, &trust, AUD, now()),
        Err(SealError::BadSignature)
    );
}

#[test]
fn a_wrong_clock_is_told_from_every_other_fault() {
    let trust = trust(3);
    let made = |seconds: i64| {
        let token = auth_token(&key("device"), AUD, now() + TimeDelta::seconds(seconds)).unwrap();
        check_auth(&token, &trust, AUD, now()).map(|_| ())
    };
    for good in [0, 60, -60, -299, -300, -360] {
        assert_eq!(made(good), Ok(()), "{good}");
    }
    for bad in [61, 3_600, 86_400 * 365 * 10, -361, -3_600, -86_400 * 365 * 50] {
        assert_eq!(made(bad), Err(SealError::Clock), "{bad}");
    }
    // The clock is judged last: a stranger learns nothing from it.
    let late = auth_token(&key("stranger"), AUD, at("1990-01-01T00:00:00Z")).unwrap();
    assert_eq!(check_auth(&late, &trust, AUD, now()), Err(SealError::UnknownKey));
    let late = auth_token(&key("device"), "elsewhere", at("1990-01-01T00:00:00Z")).unwrap();
    assert_eq!(
        check_auth(&late, &trust, AUD, now()),
        Err(SealError::WrongAudience)
    );
}

#[test]
fn a_token_lives_five_minutes_whatever_it_says() {
    let trust = trust(3);
    let kid = key("device").public().kid().to_owned();
    let (iat, iss) = (now().timestamp(), kid.as_str());
    let with = |claims: serde_json::Value| {
        let token = sign(Typ::Auth, &key("device"), &claims).unwrap();
        check_auth(&token, &trust, AUD, now()).map(|_| ())
    };
    assert_eq!(
        with(json!({"iss": iss, "aud": AUD, "iat": iat, "exp": iat + 300})),
        Ok(())
    );
    assert_eq!(
        with(json!({"iss": iss, "aud": AUD, "iat": iat, "exp": iat + 301})),
        Err(SealError::Clock)
    );
    assert_eq!(
        with(json!({"iss": iss, "aud": AUD, "iat": iat, "exp": iat - 1})),
        Err(SealError::Clock)
    );
    let member = |name: &str| Err(SealError::Member(name.to_owned()));
    assert_eq!(
        with(json!({"iss": "a", "aud": AUD, "iat": iat, "exp": iat})),
        member("iss")
    );
    assert_eq!(with(json!({"iss": iss, "aud": AUD, "iat": iat})), member("exp"));
    assert_eq!(
        with(json!({"iss": iss, "aud": [AUD], "iat": iat, "exp": iat})),
        member("payload")
    );
    assert_eq!(
        with(json!({"iss": iss, "aud": AUD, "iat": iat, "exp": iat, "sub": "a"})),
        member("payload")
    );
}

#[test]
fn a_revoked_device_does_not_speak() {
    let trust = trust(3);
    let revoked = TrustKey {
        revoked: Some(now()),
        ..listed("device", KeyUse::Device)
    };
    let trust = trust
        .open_next(&trust.next(vec![revoked], now()).seal(&key("trust")).unwrap())
        .unwrap();
    let token = auth_token(&key("device"), AUD, now()).unwrap();
    assert_eq!(check_auth(&token, &trust, AUD, now()), Err(SealError::RevokedKey));
}

#[test]
fn a_heartbeat_is_the_device_s_own() {
    let device = key("device").public();
    let text = heartbeat().seal(&key("device")).unwrap();
    assert_eq!(Heartbeat::open(&text, &device), Ok(heartbeat()));
    assert_eq!(
        Heartbeat::open(&text, &key("stranger").public()),
        Err(SealError::UnknownKey)
    );
    let of_another = Heartbeat {
        dev: key("stranger").public().kid().into(),
        ..heartbeat()
    };
    let text = of_another.seal(&key("device")).unwrap();
    assert_eq!(
        Heartbeat::open(&text, &device),
        Err(SealError::Member("dev".into()))
    );
}
