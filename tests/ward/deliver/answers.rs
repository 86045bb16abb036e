//! Answers that are cut, forged, foreign, endless, late or not the portal's: what proves itself is
//! kept, everything else changes nothing.

use crate::deliver_support;
use crate::deliver_support::fake::{Fake, Say, bytes, joined};
use crate::deliver_support::{in_order, portal, registry, root_key, truth};
use crate::support::delivering::{REGISTERED, Ward, at, standing};
use ogoh::seal::{SecretKey, Status};
use ogoh::ward::deliver::DeliverError;
use ogoh::ward::store::{AttemptOutcome, EntryStatus};
use ogoh::wire::{ProblemCode, ProblemDetails, jws_line};

#[test]
fn an_answer_cut_anywhere_gives_what_came_before_the_cut_and_nothing_else() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 3);
    drop(store);
    let pristine = ward.dir.path().join("pristine.db");
    std::fs::copy(ward.paths.database(), &pristine).unwrap();
    let texts: Vec<String> = {
        let store = ward.store();
        store
            .pending()
            .unwrap()
            .iter()
            .map(|i| store.entry_text(&i.id).unwrap())
            .collect()
    };
    let lines: Vec<String> = texts
        .iter()
        .map(|t| registry.lock().unwrap().line(t, Status::Registered))
        .collect();
    let whole = bytes(200, &[("content-type", "application/x-ndjson")], joined(&lines));
    let body_at = whole.len() - joined(&lines).len();
    let mut offsets: Vec<usize> = (0..whole.len()).step_by(97).collect();
    // Every end of a line, just before and just after it.
    let mut end = body_at;
    for line in &lines {
        end += line.len() + 1;
        offsets.extend([end - 2, end - 1, end.min(whole.len() - 1)]);
    }
    for cut in offsets {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", ward.paths.database().display()));
        }
        std::fs::copy(&pristine, ward.paths.database()).unwrap();
        let part = whole[..cut].to_vec();
        let mut first = true;
        let shared = registry.clone();
        let fake = portal(&registry, move |r| {
            if std::mem::take(&mut first) {
                Say::Raw(part.clone())
            } else {
                in_order(&shared, r, Status::Registered)
            }
        });
        ward.settings.portal.url = fake.url();
        let mut store = ward.store();
        let report = ward.push(&mut store);
        // However it was cut: what was proven is kept, the rest goes again and gets there.
        let first = fake.asked_at("/v1/entries")[0].jws().len();
        assert_eq!(first, texts.len(), "{cut}");
        let report = if report.left > 0 {
            ward.carrier().push_now(&mut store).unwrap()
        } else {
            report
        };
        assert_eq!(report.left, 0, "{cut}: {report:?}");
        for row in store.list(&Default::default(), 10).unwrap() {
            assert_eq!(row.status, REGISTERED, "{cut}");
        }
        // Lines that were whole before the cut were believed and not sent again.
        let again: usize = fake
            .asked_at("/v1/entries")
            .iter()
            .skip(1)
            .map(|r| r.jws().len())
            .sum();
        let mut end = body_at;
        let proven = lines
            .iter()
            .filter(|l| {
                end += l.len() + 1;
                end - 1 <= cut
            })
            .count();
        assert!(
            again <= texts.len() - proven,
            "{cut}: {again} again, {proven} proven"
        );
    }
}

/// Each answer proves nothing and changes nothing but the note that there was an attempt.
#[test]
fn an_answer_that_proves_nothing_changes_nothing() {
    let registry = registry();
    let html = "<html><body>Login to the Wi-Fi of the hospital</body></html>";
    let ndjson = [("content-type", "application/x-ndjson")];
    let foreign_key = SecretKey::from_seed(&[200; 32]);
    type Script = Box<dyn FnMut(&deliver_support::fake::Request) -> Say + Send>;
    let shared = |r: &deliver_support::Shared| r.clone();
    let (a, b, c, d) = (
        shared(&registry),
        shared(&registry),
        shared(&registry),
        shared(&registry),
    );
    let cases: Vec<(&str, Script)> = vec![
        (
            "captive portal",
            Box::new(move |_| Say::answer(200, &[("content-type", "text/html")], html)),
        ),
        ("empty", Box::new(|_| Say::answer(200, &[], ""))),
        (
            "garbage",
            Box::new(|_| Say::answer(200, &[], [0xFF, 0x00, 0xFE, b'\n', b'{', b'"'].repeat(500))),
        ),
        (
            "not http",
            Box::new(|_| Say::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())),
        ),
        ("nothing", Box::new(|_| Say::Raw(Vec::new()))),
        (
            "redirect",
            Box::new(|_| Say::answer(302, &[("location", "http://127.0.0.1:1/v1/entries")], "")),
        ),
        ("created", Box::new(|_| Say::answer(201, &[], "{\"ok\":true}"))),
        (
            "bad gateway",
            Box::new(move |_| Say::answer(502, &[("content-type", "text/html")], html)),
        ),
        (
            "not found",
            Box::new(move |_| Say::answer(404, &[("content-type", "text/html")], html)),
        ),
        ("teapot", Box::new(|_| Say::answer(418, &[], "{}"))),
        (
            "problems of something else",
            Box::new(move |_| Say::answer(200, &ndjson, "{\"code\":\"E1\",\"status\":400}\n{}\n{}\n")),
        ),
        (
            "forbidden by something else",
            Box::new(move |_| Say::answer(403, &[], "{\"code\":\"blocked\"}")),
        ),
        (
            "json",
            Box::new(move |_| Say::answer(200, &ndjson, "{\"status\":\"ok\"}\n[1,2]\nnull\n")),
        ),
        ("silence", Box::new(|_| Say::Silence(Vec::new()))),
        (
            "slow head",
            Box::new(|_| Say::Silence(b"HTTP/1.1 200 OK\r\n".to_vec())),
        ),
        (
            "endless header",
            Box::new(|_| Say::Raw([b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'a'; 1 << 20]].concat())),
        ),
        (
            "its own words back",
            Box::new(|r| Say::lines(&r.jws().iter().map(|j| jws_line(j)).collect::<Vec<_>>())),
        ),
        (
            "receipt by a key that is not the registry's",
            Box::new(move |r| {
                let mut registry = a.lock().unwrap();
                let line = |jws: &String| {
                    jws_line(
                        &registry
                            .receipt_of(jws, Status::Registered)
                            .seal(&foreign_key)
                            .unwrap(),
                    )
                };
                Say::lines(&r.jws().iter().map(line).collect::<Vec<_>>())
            }),
        ),
        (
            "receipt by the trust key",
            Box::new(move |r| {
                let mut registry = b.lock().unwrap();
                let trust = registry.trust.clone();
                let line = |jws: &String| {
                    jws_line(&registry.receipt_of(jws, Status::Registered).seal(&trust).unwrap())
                };
                Say::lines(&r.jws().iter().map(line).collect::<Vec<_>>())
            }),
        ),
        (
            "receipt for another notification",
            Box::new(move |r| {
                let mut registry = c.lock().unwrap();
                let mut receipt = registry.receipt_of(&r.jws()[0], Status::Registered);
                receipt.nh = ogoh::seal::hash("something else").into();
                receipt.nid = "01900000-0000-7000-8000-000000000000".into();
                Say::lines(&[jws_line(&receipt.seal(&registry.receipt).unwrap())])
            }),
        ),
        (
            "receipt that names the hash but another notification",
            Box::new(move |r| {
                let mut registry = d.lock().unwrap();
                let mut receipt = registry.receipt_of(&r.jws()[0], Status::Registered);
                receipt.nid = "01900000-0000-7000-8000-000000000000".into();
                Say::lines(&[jws_line(&receipt.seal(&registry.receipt).unwrap())])
            }),
        ),
    ];
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 2);
    // The trust list is there, so that only the deliveries differ.
    let fake = portal(&registry, |_| Say::answer(503, &[], ""));
    ward.settings.portal.url = fake.url();
    ward.carrier().fetch_trust(&mut store).unwrap();
    drop(fake);
    let before = truth(&store);
    for (name, script) in cases {
        let fake = portal(&registry, script);
        ward.settings.portal.url = fake.url();
        let silent = matches!(name, "silence" | "slow head");
        let carrier = if silent { ward.impatient() } else { ward.carrier() };
        let report = carrier.push_now(&mut store).unwrap();
        assert!(report.error.is_some(), "{name}: {report:?}");
        assert_eq!(
            (report.sent, report.receipts, report.refused, report.left),
            (0, 0, 0, 3),
            "{name}"
        );
        assert_eq!(truth(&store), before, "{name}");
        assert!(report.next_at.is_some(), "{name}: it is tried again later");
        assert!(store.link().unwrap().failures > 0, "{name}: the attempt is noted");
    }
}

#[test]
fn a_receipt_for_another_of_our_notifications_leaves_this_one_waiting() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    let shared = registry.clone();
    // The portal answers every line with a receipt for the last entry of the batch.
    let fake = portal(&registry, move |r| {
        let jws = r.jws();
        let mut registry = shared.lock().unwrap();
        let lines: Vec<String> = jws
            .iter()
            .map(|_| registry.line(jws.last().unwrap(), Status::Registered))
            .collect();
        Say::lines(&lines)
    });
    ward.settings.portal.url = fake.url();
    let signed = ward.record(&mut store, 2);
    ward.push(&mut store);
    assert_eq!(standing(&store, &signed[0].nid), EntryStatus::Signed);
    assert_eq!(standing(&store, &signed[1].nid), REGISTERED);
    let attempts = store.attempts_of(&signed[0].nid).unwrap();
    assert_eq!(attempts[0].outcome, AttemptOutcome::NoReceipt);
}

#[test]
fn a_clock_that_the_portal_finds_wrong_costs_one_more_request() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    let portal_time = at("2027-03-01T09:00:00+00:00");
    let shared = registry.clone();
    let device = ward.device.public();
    let fake = portal(&registry, move |r| {
        let token = r
            .header("authorization")
            .unwrap()
            .strip_prefix("Bearer ")
            .unwrap();
        let root = shared.lock().unwrap().root.public().x();
        let claims = ogoh::seal::Jws::parse(token, ogoh::seal::Typ::Auth).unwrap();
        claims.verify(&device).unwrap();
        assert_eq!(claims.payload()["aud"], ogoh::wire::audience(&root));
        let iat = claims.payload()["iat"].as_i64().unwrap();
        if (iat - portal_time.timestamp()).abs() > 60 {
            let problem = ProblemDetails::new(ProblemCode::Clock).to_json();
            let date = [
                ("date", "Mon, 01 Mar 2027 09:00:00 GMT"),
                ("content-type", "application/problem+json"),
            ];
            return Say::answer(401, &date, problem);
        }
        let Say::Raw(mut bytes) = in_order(&shared, r, Status::Received) else {
            unreachable!()
        };
        let head = b"HTTP/1.1 200 X\r\n".len();
        bytes.splice(
            head..head,
            b"date: Mon, 01 Mar 2027 09:00:00 GMT\r\n".iter().copied(),
        );
        Say::Raw(bytes)
    });
    ward.settings.portal.url = fake.url();
    let report = ward.push(&mut store);
    assert_eq!((report.sent, report.left), (2, 0), "{report:?}");
    assert_eq!(fake.asked_at("/v1/entries").len(), 2);
    // And the portal's word on the clock is remembered.
    let (offset, when) = ogoh::ward::deliver::clock_evidence(&store, ogoh::env::Clock::now(&ward.clock))
        .unwrap()
        .unwrap();
    assert_eq!(offset, (portal_time - when).num_seconds());
    assert!(offset > 90 * 86_400);
}

#[test]
fn a_portal_that_refuses_every_time_is_asked_twice_and_no_more() {
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    let fake = portal(&registry, |_| {
        let date = [("date", "Mon, 01 Mar 2027 09:00:00 GMT")];
        Say::answer(401, &date, ProblemDetails::new(ProblemCode::Clock).to_json())
    });
    ward.settings.portal.url = fake.url();
    let report = ward.push(&mut store);
    assert!(matches!(report.error, Some(DeliverError::Clock)), "{report:?}");
    assert_eq!(fake.asked_at("/v1/entries").len(), 2);
}

#[test]
fn a_busy_portal_is_left_alone_for_as_long_as_it_asks_within_bounds() {
    let registry = registry();
    for (status, asked, least, most) in [
        (503, Some("120"), 120, 120),
        (429, Some("0"), 1, 1),
        (503, Some("99999999"), 6 * 3600, 6 * 3600),
        (429, Some("Mon, 23 Nov 2026 09:05:00 GMT"), 300, 300),
        (503, None, 1, 3600),
        (425, Some("soon"), 1, 3600),
    ] {
        let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
        let mut store = ward.store();
        ward.record(&mut store, 1);
        let mut busy = true;
        let shared = registry.clone();
        let fake = portal(&registry, move |r| {
            if !std::mem::take(&mut busy) {
                return in_order(&shared, r, Status::Received);
            }
            let mut headers = vec![("date", "Mon, 23 Nov 2026 09:00:00 GMT")];
            headers.extend(asked.map(|a| ("retry-after", a)));
            Say::answer(status, &headers, "busy")
        });
        ward.settings.portal.url = fake.url();
        let report = ward.push(&mut store);
        assert!(
            matches!(report.error, Some(DeliverError::Busy { .. })),
            "{report:?}"
        );
        let wait = (report.next_at.unwrap() - ogoh::env::Clock::now(&ward.clock)).num_seconds();
        assert!((least..=most).contains(&wait), "{status} {asked:?}: {wait}");
        // Not before that time, and not never.
        ward.clock.forward(wait - 1);
        if wait > 1 {
            assert_eq!(ward.push(&mut store).sent, 0);
            assert_eq!(fake.asked_at("/v1/entries").len(), 1);
        }
        ward.clock.forward(1);
        assert_eq!(ward.push(&mut store).sent, 2, "{status} {asked:?}");
    }
}

#[test]
fn a_compressed_bomb_is_read_only_as_far_as_an_answer_may_be_long() {
    use std::io::Write as _;
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![b'a'; 1 << 20];
    for _ in 0..160 {
        encoder.write_all(&block).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let fake = portal(&registry, move |_| {
        Say::answer(200, &[("content-encoding", "gzip")], &bomb)
    });
    ward.settings.portal.url = fake.url();
    let before = resident();
    let started = std::time::Instant::now();
    let report = ward.push(&mut store);
    assert!(
        matches!(report.error, Some(DeliverError::NotPortal { .. })),
        "{report:?}"
    );
    assert_eq!(report.left, 2);
    assert!(started.elapsed() < std::time::Duration::from_secs(20));
    if let (Some(before), Some(after)) = (before, resident()) {
        assert!(
            after.saturating_sub(before) < 64 << 10,
            "{before} KiB, then {after} KiB"
        );
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let registry = registry();
    let elsewhere = Fake::start(|_| Say::answer(200, &[], ""));
    let location = format!("{}/v1/entries", elsewhere.url());
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    for status in [301, 302, 303, 307, 308] {
        let to = location.clone();
        let fake = portal(&registry, move |_| Say::answer(status, &[("location", &to)], ""));
        ward.settings.portal.url = fake.url();
        let report = ward.carrier().push_now(&mut store).unwrap();
        assert!(
            matches!(report.error, Some(DeliverError::NotPortal { .. })),
            "{status}: {report:?}"
        );
    }
    assert!(elsewhere.asked().is_empty(), "a notification went elsewhere");
}

/// Resident memory of this process in KiB, where the system says.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
