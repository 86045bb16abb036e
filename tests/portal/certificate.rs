//! What the doctor of a portal says of its TLS certificate, at several dates.

use std::path::Path;

use ogoh::lang::Lang;
use ogoh::portal::{self, Finding, Level, PortalSettings};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use crate::portal_support::*;

type Day = (i32, u8, u8);

/// Writes a certificate for the portal that is valid from and until these days, and gives its key.
fn write(dir: &Path, name: &str, from: Day, until: Day) -> KeyPair {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["portal.example".to_owned()]).unwrap();
    params.not_before = date_time_ymd(from.0, from.1, from.2);
    params.not_after = date_time_ymd(until.0, until.1, until.2);
    let made = params.self_signed(&key).unwrap();
    std::fs::write(dir.join(format!("{name}.pem")), made.pem()).unwrap();
    std::fs::write(dir.join(format!("{name}.key")), key.serialize_pem()).unwrap();
    key
}

/// A portal that names these files of its folder; its clock stands at 23 November 2026.
fn world() -> World {
    let mut world = World::new();
    world.portal = None;
    let path = world.dir().join("portal.toml");
    let settings = PortalSettings {
        tls_certificate: "tls.pem".into(),
        tls_key: "tls.key".into(),
        ..PortalSettings::load(&path).unwrap()
    };
    settings.save(&path).unwrap();
    world
}

fn found(world: &World) -> Finding {
    let all = portal::doctor(world.dir(), world.clock.clone()).unwrap();
    all.into_iter().find(|one| one.what == "certificate").unwrap()
}

#[test]
fn a_certificate_is_good_until_it_ends_and_told_of_a_month_before() {
    let world = world();
    let cases = [
        ((2026, 1, 1), (2027, 6, 1), Level::Good, "2027-06-01"),
        ((2026, 1, 1), (2026, 12, 25), Level::Good, "2026-12-25"),
        ((2026, 1, 1), (2026, 12, 22), Level::Soon, "2026-12-22"),
        ((2026, 1, 1), (2026, 11, 22), Level::Bad, "2026-11-22"),
        ((2026, 11, 25), (2027, 6, 1), Level::Bad, "2026-11-25"),
    ];
    for (from, until, level, said) in cases {
        write(world.dir(), "tls", from, until);
        let one = found(&world);
        assert_eq!(one.level, level, "{until:?}: {one:?}");
        for lang in Lang::ALL {
            let text = one.msg.render(lang);
            assert!(text.contains(said) && text.contains("tls.pem"), "{text}");
        }
        let until = format!("{}-{:02}-{:02}", until.0, until.1, until.2);
        assert!(one.until.unwrap().starts_with(&until));
    }
}

#[test]
fn the_first_of_a_chain_to_end_ends_it() {
    let world = world();
    write(world.dir(), "tls", (2026, 1, 1), (2027, 6, 1));
    write(world.dir(), "above", (2026, 1, 1), (2026, 12, 1));
    let read = |name: &str| std::fs::read_to_string(world.dir().join(name)).unwrap();
    std::fs::write(
        world.dir().join("tls.pem"),
        format!("{}{}", read("tls.pem"), read("above.pem")),
    )
    .unwrap();
    let one = found(&world);
    assert_eq!(one.level, Level::Soon, "{one:?}");
    assert!(one.until.unwrap().starts_with("2026-12-01"));
}

#[test]
fn a_key_of_another_certificate_and_files_that_are_none_are_named() {
    let world = world();
    let bad = |file: &str| {
        let one = found(&world);
        assert_eq!(one.level, Level::Bad, "{one:?}");
        for lang in Lang::ALL {
            let text = one.msg.render(lang);
            assert!(text.contains(file), "{text}");
        }
        one.msg.render(Lang::En)
    };
    bad("tls.pem");
    write(world.dir(), "tls", (2026, 1, 1), (2027, 6, 1));
    let other = KeyPair::generate().unwrap();
    let key = world.dir().join("tls.key");
    std::fs::write(&key, other.serialize_pem()).unwrap();
    assert!(bad("tls.key").contains("does not belong"), "{}", bad("tls.key"));
    std::fs::write(
        &key,
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    )
    .unwrap();
    bad("tls.key");
    std::fs::remove_file(&key).unwrap();
    bad("tls.key");
    std::fs::write(world.dir().join("tls.pem"), "no certificate").unwrap();
    bad("tls.pem");
}
