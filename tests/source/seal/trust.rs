//! The trust list: from the pinned root, link by link, never backwards; and what rests on it.

use ogoh::seal::{KeyUse, PublicKey, Receipt, SealError, SecretKey, Trust, TrustKey, TrustList, hash};

use super::golden::{at, key, listed, now, receipt, trust, trust_lists};

fn root() -> PublicKey {
    key("root").public()
}

/// What `trust` says to a list that follows it, changed and signed.
fn offered(trust: &Trust, signer: &str, change: impl FnOnce(&mut TrustList)) -> Result<Trust, SealError> {
    let mut list = trust.next(Vec::new(), now());
    change(&mut list);
    trust.open_next(&list.seal(&key(signer)).unwrap())
}

fn first(change: impl FnOnce(&mut TrustList), signer: &str) -> Result<Trust, SealError> {
    let keys = vec![listed("trust", KeyUse::Trust)];
    let mut list = TrustList {
        number: 1,
        prev: None,
        at: now(),
        keys,
    };
    change(&mut list);
    Trust::open_first(&list.seal(&key(signer)).unwrap(), &root())
}

#[test]
fn the_first_list_is_the_pinned_root_s() {
    assert_eq!(first(|_| (), "root").unwrap().number(), 1);
    assert_eq!(first(|_| (), "trust"), Err(SealError::UnknownKey));
    assert_eq!(first(|l| l.number = 2, "root"), Err(SealError::TrustOrder));
    assert_eq!(first(|l| l.number = 0, "root"), Err(SealError::TrustOrder));
    assert_eq!(
        first(|l| l.prev = Some(hash("a")), "root"),
        Err(SealError::TrustOrder)
    );
    let twice = |l: &mut TrustList| l.keys.push(l.keys[0].clone());
    assert_eq!(first(twice, "root"), Err(SealError::Member("keys".into())));
    assert_eq!(Trust::open_chain([], &root()), Err(SealError::TrustOrder));
    let lists = trust_lists();
    assert_eq!(Trust::open_first(&lists[1], &root()), Err(SealError::UnknownKey));
}

#[test]
fn a_later_list_is_the_trust_key_s_and_names_the_one_before() {
    let trust = trust(2);
    assert_eq!(offered(&trust, "trust", |_| ()).unwrap().number(), 3);
    for other in ["root", "receipt", "device", "doctor", "administrator", "stranger"] {
        assert_eq!(
            offered(&trust, other, |_| ()),
            Err(SealError::UnknownKey),
            "{other}"
        );
    }
    for number in [0, 1, 2, 4, 9_007_199_254_740_991] {
        assert_eq!(
            offered(&trust, "trust", |l| l.number = number),
            Err(SealError::TrustOrder),
            "{number}"
        );
    }
    for prev in [None, Some(hash("a")), Some(hash(&trust_lists()[0]))] {
        assert_eq!(
            offered(&trust, "trust", |l| l.prev = prev),
            Err(SealError::TrustOrder)
        );
    }
    let lists = trust_lists();
    assert_eq!(
        trust.open_next(&lists[1]),
        Err(SealError::TrustOrder),
        "the list that is held"
    );
    assert!(trust.open_next(&lists[2].replace('A', "B")).is_err());
    let gap = Trust::open_chain([lists[0].as_str(), lists[2].as_str()], &root());
    assert_eq!(gap, Err(SealError::TrustOrder));
}

#[test]
fn lists_add_up_and_a_revocation_is_for_ever() {
    let trust = trust(3);
    let doctor = trust.find(key("doctor").public().kid()).unwrap().clone();
    assert_eq!(trust.list().keys.len(), 5);
    assert_eq!(
        (trust.number(), trust.hash()),
        (3, hash(&trust_lists()[2]).as_str())
    );
    assert!(doctor.believed_at(at("2026-11-19T23:59:59+05:00")));
    assert!(
        !doctor.believed_at(at("2026-11-20T00:00:00+05:00")),
        "from that moment on"
    );
    let say = |change: &dyn Fn(&mut TrustKey)| {
        let mut changed = doctor.clone();
        change(&mut changed);
        offered(&trust, "trust", |l| l.keys = vec![changed]).map(|_| ())
    };
    assert_eq!(say(&|_| ()), Ok(()));
    assert_eq!(say(&|k| k.revoked = None), Err(SealError::TrustOrder));
    assert_eq!(
        say(&|k| k.revoked = Some(at("2026-11-21T00:00:00+05:00"))),
        Err(SealError::TrustOrder)
    );
    assert_eq!(
        say(&|k| k.revoked = Some(at("2026-11-10T00:00:00+05:00"))),
        Ok(())
    );
    assert_eq!(say(&|k| k.what = KeyUse::Trust), Err(SealError::TrustOrder));
    assert_eq!(
        say(&|k| k.x = key("stranger").public().x()),
        Err(SealError::TrustOrder)
    );
    assert_eq!(say(&|k| k.alg = "ES256".into()), Err(SealError::TrustOrder));
    let later = offered(&trust, "trust", |_| ()).unwrap();
    assert_eq!(
        later.find(&doctor.kid),
        Some(&doctor),
        "a list that is silent takes nothing back"
    );
    let twice = offered(&trust, "trust", |l| l.keys = vec![doctor.clone(), doctor.clone()]);
    assert_eq!(twice, Err(SealError::Member("keys".into())));
}

#[test]
fn the_next_list_names_only_what_differs() {
    let trust = trust(3);
    let mut keys = trust.list().keys.clone();
    assert!(trust.next(keys.clone(), now()).keys.is_empty());
    keys.push(listed("stranger", KeyUse::Person));
    keys[2].name = Some("Дастгоҳи дуюм".into());
    let next = trust.next(keys.clone(), now());
    assert_eq!(next.keys, vec![keys[2].clone(), keys[5].clone()]);
    let next = trust.open_next(&next.seal(&key("trust")).unwrap()).unwrap();
    assert_eq!(next.list().keys, keys);
}

#[test]
fn a_country_s_keys_fit() {
    let mut trust = trust(1);
    let mut texts = vec![trust_lists()[0].clone()];
    for n in 0..20u8 {
        let mut keys = trust.list().keys.clone();
        keys.extend((0..100u8).map(|i| {
            let mut seed = [n; 32];
            seed[0] = i;
            seed[1] = 0xee;
            let public = SecretKey::from_seed(&seed).public();
            let name = Some("Раҳматуллозода Гулчеҳра Абдураҳмоновна".to_owned());
            TrustKey {
                kid: public.kid().into(),
                x: public.x(),
                name,
                ..listed("doctor", KeyUse::Person)
            }
        }));
        let text = trust.next(keys, now()).seal(&key("trust")).unwrap();
        trust = trust.open_next(&text).unwrap();
        texts.push(text);
    }
    assert_eq!(trust.list().keys.len(), 2_002);
    assert_eq!(
        Trust::open_chain(texts.iter().map(String::as_str), &root()),
        Ok(trust)
    );
}

#[test]
fn a_revoked_trust_key_hands_over_and_signs_no_more() {
    let trust = trust(2);
    let handed = offered(&trust, "trust", |l| {
        let mut old = listed("trust", KeyUse::Trust);
        old.revoked = Some(now());
        l.keys = vec![old, listed("stranger", KeyUse::Trust)];
    })
    .unwrap();
    assert_eq!(offered(&handed, "trust", |_| ()), Err(SealError::RevokedKey));
    assert_eq!(offered(&handed, "stranger", |_| ()).unwrap().number(), 4);
}

#[test]
fn a_listed_key_has_its_own_name_and_an_algorithm_that_we_know() {
    let good = listed("doctor", KeyUse::Person);
    assert_eq!(good.public(), Ok(key("doctor").public()));
    assert_eq!(
        TrustKey {
            alg: "Ed25519".into(),
            ..good.clone()
        }
        .public(),
        Ok(key("doctor").public())
    );
    for alg in ["ES256", "none", ""] {
        assert_eq!(
            TrustKey {
                alg: alg.into(),
                ..good.clone()
            }
            .public(),
            Err(SealError::NotAKey)
        );
    }
    let other = TrustKey {
        x: key("stranger").public().x(),
        ..good
    };
    assert_eq!(other.public(), Err(SealError::NotAKey));
}

#[test]
fn only_a_receipt_key_gives_receipts() {
    let trust = trust(2);
    let given_by = |who: &str| Receipt::open(&receipt().seal(&key(who)).unwrap(), &trust);
    assert_eq!(given_by("receipt"), Ok(receipt()));
    for other in ["root", "trust", "device", "doctor", "administrator", "stranger"] {
        assert_eq!(given_by(other), Err(SealError::UnknownKey), "{other}");
    }
}

#[test]
fn a_revoked_receipt_key_verifies_what_it_signed_before_and_nothing_later() {
    let trust = offered(&trust(2), "trust", |l| {
        let mut old = listed("receipt", KeyUse::Receipt);
        old.revoked = Some(now());
        l.keys = vec![old];
    })
    .unwrap();
    let given_at = |time: &str| {
        let receipt = Receipt {
            at: at(time),
            ..receipt()
        };
        Receipt::open(&receipt.seal(&key("receipt")).unwrap(), &trust).map(|_| ())
    };
    assert_eq!(given_at("2026-11-23T14:01:59+05:00"), Ok(()));
    assert_eq!(
        given_at("2026-11-23T09:01:59Z"),
        Ok(()),
        "the same moment elsewhere"
    );
    assert_eq!(given_at("2026-11-23T14:02:00+05:00"), Err(SealError::RevokedKey));
    assert_eq!(given_at("2027-01-01T00:00:00+05:00"), Err(SealError::RevokedKey));
}
