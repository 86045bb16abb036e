//! The portal's calls: limits, bearer tokens, feed, pages, and the document that describes them.
use std::io::Write;
use std::net::SocketAddr;

use super::world;
use crate::portal_support::*;
use ogoh::portal::{self, PortalError};
use ogoh::seal::{Jws, Receipt, SecretKey, Status, Typ, auth_token, sign};
use ogoh::wire::{self, ProblemCode};
use serde_json::json;

#[test]
fn bad_lines_get_problems_while_others_go_on() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (open, birth_entry) = (ward.open(), ward.birth(birth("Раҳимова")));
    let cut = &birth_entry.jws[..birth_entry.jws.len() - 4];
    let forged = format!("{cut}AAAA");
    let heartbeat = sign(Typ::Heartbeat, &ward.device, &json!({"a": 1})).unwrap();
    let empty = sign(Typ::Entry, &ward.doctor, &json!({})).unwrap();
    let liar = SecretKey::generate().unwrap();
    let receipt = sign(Typ::Receipt, &liar, &json!({"n": 1})).unwrap();
    let lines = [
        wire::jws_line(&open.jws),
        "<html>login</html>".to_owned(),
        wire::jws_line(cut),
        wire::jws_line(&forged),
        heartbeat,
        empty,
        receipt,
        birth_entry.jws.clone(),
    ];
    let (status, body) = ward.post(lines.join("\r\n"));
    assert_eq!(status, 200, "{body}");
    let answers: Vec<wire::DeliveryAnswer> = wire::answers(&body).into_iter().map(Option::unwrap).collect();
    assert_eq!(answers.len(), lines.len());
    let trust = world.trust();
    assert_eq!(receipt_of(&answers[0], &trust).status, Status::Received);
    for (i, code) in [
        (1, ProblemCode::NotAnEntry),
        (2, ProblemCode::NotAnEntry),
        (3, ProblemCode::BadSignature),
        (4, ProblemCode::NotAnEntry),
        (5, ProblemCode::NotAnEntry),
        (6, ProblemCode::ForeignReceipt),
    ] {
        let problem = problem_of(&answers[i]);
        assert_eq!(problem.known(), Some(code), "line {}", i + 1);
        assert_eq!(problem.line, Some(u32::try_from(i).unwrap() + 1));
    }
    assert_eq!(receipt_of(&answers[7], &trust).status, Status::Registered);
}

#[test]
fn what_a_newer_version_signed_is_kept_and_held() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    let strange = ward.sign(&ward.doctor.clone(), |e| {
        e.t = ogoh::seal::EntryType::Unknown("marriage".into());
    });
    let mut payload = Jws::parse(&strange.jws, Typ::Entry).unwrap().payload().clone();
    payload["v"] = json!(2);
    payload["seq"] = json!(3);
    payload["prev"] = json!(strange.h);
    payload["colour"] = json!("blue");
    let newer = sign(Typ::Entry, &ward.doctor, &payload).unwrap();
    let lines = [&open.jws, &strange.jws, &newer].map(|j| wire::jws_line(j));
    let (_, body) = ward.post(lines.join("\n"));
    let trust = world.trust();
    let receipts: Vec<Receipt> = wire::answers(&body)
        .into_iter()
        .map(|a| receipt_of(&a.unwrap(), &trust))
        .collect();
    let found: Vec<_> = receipts.iter().map(|r| (r.status, code(r))).collect();
    assert_eq!(found[1], (Status::Held, "unknown-type"));
    assert_eq!(found[2], (Status::Held, "newer-version"));
    assert_eq!(receipts[2].head.seq, 3);
    // Given back as they were sent.
    let (_, body) = get(
        &world.url(&wire::path::journal_entries(&ward.jid, 2)),
        Some(&ward.token()),
    );
    let back: Vec<String> = wire::lines(&body)
        .map(|l| wire::jws_of_line(l).unwrap())
        .collect();
    assert_eq!(back, [strange.jws, newer]);
}

#[test]
fn gzip_is_understood_and_a_bomb_is_not() {
    let world = world();
    let mut ward = world.ward(FAC);
    let (open, entry) = (ward.open(), ward.birth(birth("Раҳимова")));
    let send = |encoding: &str, body: &[u8]| {
        let mut answer = agent()
            .post(world.url(wire::path::ENTRIES))
            .header("authorization", format!("Bearer {}", ward.token()))
            .header("content-encoding", encoding)
            .send(body)
            .unwrap();
        (
            answer.status().as_u16(),
            answer.body_mut().read_to_string().unwrap(),
        )
    };
    let pack = |bytes: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    };
    let (status, body) = send("gzip", &pack(format!("{}\n{}\n", open.jws, entry.jws).as_bytes()));
    assert_eq!(status, 200, "{body}");
    assert_eq!(wire::answers(&body).len(), 2);
    assert_eq!(send("gzip", &pack(&vec![b'\n'; 64 << 20])).0, 413);
    assert_eq!(send("gzip", b"not gzip").0, 400);
    assert_eq!(send("br", b"x").0, 415);
}

#[test]
fn too_much_and_garbage_are_refused_as_a_whole() {
    let world = world();
    let ward = world.ward(FAC);
    let code = |body: Vec<u8>| {
        let (status, body) = ward.post(body);
        let problem: wire::ProblemDetails = serde_json::from_str(&body).unwrap();
        assert_eq!(problem.status, status);
        problem.known().unwrap()
    };
    assert_eq!(
        code("a.b.c\n".repeat(101).into_bytes()),
        ProblemCode::TooManyLines
    );
    assert_eq!(code(vec![b'a'; (1 << 20) + 1]), ProblemCode::TooLarge);
    assert_eq!(code(vec![0xff, 0xfe, 0x00]), ProblemCode::Malformed);
    let (status, body) = ward.post("a.b.c\n".repeat(100));
    assert_eq!((status, wire::answers(&body).len()), (200, 100));
    let (status, body) = ward.post(format!("{}\n", "a".repeat(70_000)));
    assert_eq!(status, 200);
    assert!(body.contains("too-large"), "{body}");
    assert_eq!(ward.post("").0, 200);
    for (method, path, status) in [("GET", "/v1/entries", 405), ("GET", "/v1/nothing", 404)] {
        let (found, body) = get(&world.url(path), None);
        assert_eq!(found, status, "{method} {path}");
        assert!(
            serde_json::from_str::<wire::ProblemDetails>(&body)
                .unwrap()
                .known()
                .is_some()
        );
    }
}

#[test]
fn a_token_needs_an_enrolled_device_this_registry_and_the_right_time() {
    let world = world();
    let ward = world.ward(FAC);
    let aud = wire::audience(&world.root_x);
    let stranger = SecretKey::generate().unwrap();
    let now = world.now();
    let url = world.url(&wire::path::feed(FAC, first_epoch(0), 0));
    let ask = |token: Option<String>| {
        let (status, body) = get(&url, token.as_deref());
        let code = serde_json::from_str::<wire::ProblemDetails>(&body)
            .ok()
            .and_then(|p| p.known());
        (status, code)
    };
    use ProblemCode::{Clock, Unauthorized};
    assert_eq!(ask(Some(ward.token())), (200, None));
    let hour = chrono::Duration::hours(1);
    for (token, code) in [
        (None, Unauthorized),
        (Some("x".to_owned()), Unauthorized),
        (auth_token(&stranger, &aud, now).ok(), Unauthorized),
        (auth_token(&ward.doctor, &aud, now).ok(), Unauthorized),
        (auth_token(&ward.device, "urn:other", now).ok(), Unauthorized),
        (auth_token(&ward.device, &aud, now - hour).ok(), Clock),
        (auth_token(&ward.device, &aud, now + hour).ok(), Clock),
    ] {
        assert_eq!(ask(token), (401, Some(code)));
    }
    portal::revoke(world.dir(), ward.device.public().kid(), world.clock.as_ref()).unwrap();
    assert_eq!(ask(Some(ward.token())), (401, Some(Unauthorized)));
}

#[test]
fn the_feed_wakes_up_when_a_receipt_comes() {
    let world = world();
    let mut ward = world.ward(FAC);
    let open = ward.open();
    ward.deliver(&world, &[&open]);
    let url = world.url(&wire::path::feed(FAC, first_epoch(1), 20));
    let token = ward.token();
    let waiting = std::thread::spawn(move || {
        let start = std::time::Instant::now();
        (get(&url, Some(&token)), start.elapsed())
    });
    let entry = ward.birth(birth("Раҳимова"));
    ward.deliver(&world, &[&entry]);
    let ((status, body), took) = waiting.join().unwrap();
    assert_eq!(status, 200);
    assert_eq!(wire::lines(&body).count(), 1, "{body}");
    assert!(took < std::time::Duration::from_secs(15), "{took:?}");
}

#[test]
fn a_waiting_feed_does_not_keep_the_portal_from_stopping() {
    let mut world = world();
    let ward = world.ward(FAC);
    let url = world.url(&wire::path::feed(FAC, first_epoch(0), 25));
    let token = ward.token();
    let waiting = std::thread::spawn(move || get(&url, Some(&token)).0);
    let start = std::time::Instant::now();
    world.portal.take().unwrap().stop();
    assert!(start.elapsed() < std::time::Duration::from_secs(15));
    // Answered, or refused because the portal had stopped listening: it did not hang.
    let _ = waiting.join();
}

#[test]
fn an_address_in_use_and_a_folder_without_a_portal_are_named() {
    let world = world();
    let clock: std::sync::Arc<dyn ogoh::env::Clock> = world.clock.clone();
    let taken: SocketAddr = world.portal.as_ref().unwrap().addr;
    let error = portal::start(world.dir(), taken, None, clock.clone())
        .err()
        .unwrap();
    assert!(matches!(error, PortalError::PortInUse(_)), "{error:?}");
    let empty = tempfile::tempdir().unwrap();
    let error = portal::start(empty.path(), taken, None, clock).err().unwrap();
    assert!(matches!(error, PortalError::NotAPortal(_)), "{error:?}");
    let again = portal::init(world.dir(), &Default::default(), world.clock.as_ref());
    assert!(matches!(again, Err(PortalError::Exists(_))));
    assert!(matches!(
        portal::approve(world.dir(), "x", world.clock.as_ref()),
        Err(PortalError::NoSuchEnrolment(_))
    ));
    assert!(matches!(
        portal::revoke(world.dir(), "x", world.clock.as_ref()),
        Err(PortalError::NoSuchKey(_))
    ));
}

#[cfg(unix)]
#[test]
fn secret_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = world();
    for name in ["root.key", "trust.key", "receipt.key"] {
        let mode = std::fs::metadata(world.dir().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn html_in_a_name_stays_text_and_the_page_loads_nothing() {
    let world = world();
    let mut ward = world.ward(FAC);
    let name = "Саид<script>alert(1)</script>ов";
    let entries = [
        ward.open(),
        ward.death(with(death(name), "death.manner", json!("pending"))),
    ];
    let entry = with(death("Назаров"), "note", json!("<img src=x onerror=alert(1)>"));
    let noted = ward.death(with(entry, "death.manner", json!("pending")));
    ward.push(&[&entries[0], &entries[1], &noted]);
    let page = world.on_desk(&noted.h);
    assert!(page.contains("&lt;img src=x"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<img"));
    let answer = agent()
        .get(world.url("/desk"))
        .header("cookie", world.registrar().cookie)
        .call()
        .unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("http"));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    // Nobody is shown the desk without having signed in.
    assert_eq!(get(&world.url("/desk"), None).0, 303);
    assert_eq!(post(&world.url("/sign-in/guess"), None, "").0, 403);
}

#[test]
fn the_ministrys_page_shows_no_small_cell_and_no_name() {
    let world = world();
    let mut ward = world.ward(FAC);
    let mut entries = vec![ward.open()];
    for surname in [
        "Алиева",
        "Бобоева",
        "Давлатова",
        "Зоирова",
        "Исмоилова",
        "Каримова",
    ] {
        entries.push(ward.birth(birth(surname)));
    }
    for surname in ["Назаров", "Олимов"] {
        entries.push(ward.death(death(surname)));
    }
    let receipts = ward.deliver(&world, &entries.iter().collect::<Vec<_>>());
    assert!(
        receipts.iter().skip(1).all(|r| r.status == Status::Registered),
        "{receipts:?}"
    );
    assert_eq!(
        post(&world.url(wire::path::HEARTBEATS), None, beat(&ward, 7)).0,
        204
    );
    let forged = beat(&ward, 7).replace('.', ".A");
    assert_eq!(post(&world.url(wire::path::HEARTBEATS), None, forged).0, 400);

    // Whoever signed in sees what was counted; everybody sees a month once it is over.
    let analyst = world.signed_in("analyst", "analyst", "");
    let (status, exact) = analyst.get("/monitor");
    assert_eq!(status, 200);
    let all = "<td>All</td><td class=\"n\">6</td><td class=\"n\">0</td><td class=\"n\">0</td>";
    assert!(exact.contains(all), "{exact}");
    let csv = analyst.get("/monitor.csv?table=devices").1;
    assert!(csv.contains("\"7\""), "{csv}");
    assert!(!get(&world.url("/monitor"), None).1.contains("2026-11"));
    world.clock.advance(chrono::Duration::days(40));
    let (status, page) = get(&world.url("/monitor?lang=en"), None);
    assert_eq!(status, 200);
    assert!(page.contains("2026-11"), "{page}");
    assert!(
        page.contains("<td class=\"n\">6</td>") && page.contains("<td class=\"n\">..</td>"),
        "{page}"
    );
    assert!(!page.contains("<td class=\"n\">2</td>"), "{page}");
    let (_, metrics) = get(&world.url(wire::path::METRICS), None);
    assert!(
        metrics.contains("ogoh_portal_entries{status=\"registered\"} 8"),
        "{metrics}"
    );
    for text in [&page, &exact, &csv, &metrics] {
        for name in ["Каримова", "Назаров", "Сарвиноз", "doctor", "Табиб", "01410028"]
        {
            assert!(!text.contains(name), "{name}");
        }
    }
    for lang in ["tg", "ru"] {
        assert!(
            get(&world.url(&format!("/monitor?lang={lang}")), None)
                .1
                .contains("2026-11")
        );
    }
}
