//! What devices claim to hold, and names apart from the trust list.

use ogoh::seal::{FacilityPeople, Jws, SecretKey, Typ, auth_token};
use ogoh::wire::{self, CLAIM};

use super::world;
use crate::portal_support::*;

/// A call with a claim: its status and body.
fn claiming(url: &str, token: &str, claim: &str) -> (u16, String) {
    let answer = agent()
        .get(url)
        .header("authorization", format!("Bearer {token}"))
        .header(CLAIM, claim)
        .call()
        .unwrap();
    let status = answer.status().as_u16();
    (status, answer.into_body().read_to_string().unwrap())
}

#[test]
fn a_claim_is_refused_unless_it_names_a_place_and_a_hash() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let url = world.url(&wire::path::feed(FAC, first_epoch(0), 0));
    let h = "A".repeat(43);
    let held = format!("1.1 {}", ogoh::seal::hash(&ward.newest_text(&world, &open)));
    assert_eq!(claiming(&url, &ward.token(), &held).0, 200);
    // What the book lacks is told, and changes nothing.
    for other in [format!("1.1 {h}"), format!("7.900 {h}")] {
        let (status, body) = claiming(&url, &ward.token(), &other);
        assert_eq!(status, 409, "{other}: {body}");
        assert!(body.contains("behind"), "{body}");
    }
    assert_eq!(claiming(&url, &ward.token(), &held).0, 200);
    for wrong in ["", "1.1", &h, &format!("1 {h}"), &format!("x.1 {h}"), "1.1 short"] {
        let (status, body) = claiming(&url, &ward.token(), wrong);
        assert_eq!(status, 400, "{wrong}: {body}");
        assert!(body.contains("malformed"), "{wrong}: {body}");
    }
}

#[test]
fn names_are_for_the_facilitys_own_devices_and_stand_in_no_trust_list() {
    let world = world();
    let ward = world.ward(FAC);
    let other = world.ward("TJ-DU-BOX-02");
    let url = world.url(wire::path::PEOPLE);
    assert_eq!(get(&url, None).0, 401);
    let stranger = SecretKey::generate().unwrap();
    let strange = auth_token(&stranger, &ward.aud, world.now()).unwrap();
    assert_eq!(get(&url, Some(&strange)).0, 401);

    for (ward, fac) in [(&ward, FAC), (&other, "TJ-DU-BOX-02")] {
        let (status, body) = get(&url, Some(&ward.token()));
        assert_eq!(status, 200, "{body}");
        let text = wire::jws_of_line(wire::lines(&body).next().unwrap()).unwrap();
        let trust = world.trust();
        let people = FacilityPeople::open(&text, &trust).unwrap();
        assert_eq!(people.fac, fac);
        let named: Vec<(&str, &str)> = people
            .people
            .iter()
            .map(|one| (one.kid.as_str(), one.name.as_str()))
            .collect();
        let (doctor, device) = (ward.doctor.public(), ward.device.public());
        let own = [(doctor.kid(), "Табиб")];
        assert_eq!(named, own, "its own people and nobody else's");
        for key in [doctor.kid(), device.kid()] {
            assert_eq!(trust.find(key).unwrap().name, None);
        }
    }
    let (_, lists) = get(&world.url(wire::path::TRUST), None);
    for text in wire::lines(&lists).map(|l| wire::jws_of_line(l).unwrap()) {
        let said = Jws::parse(&text, Typ::Trust).unwrap().payload().to_string();
        assert!(!said.contains("Табиб") && !said.contains("\"name\""), "{said}");
    }
}
