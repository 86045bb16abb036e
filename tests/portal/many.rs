//! Two portals on one database: killed in turn while two hundred devices deliver, nothing is lost,
//! nothing doubled, no number given twice; and they see what the other is about to register.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::portal_support::*;
use ogoh::env::{Clock, SystemClock};
use ogoh::portal::PortalSettings;
use ogoh::seal::{Receipt, Status};
use ogoh::wire;
use serde_json::json;

const FACILITIES: usize = 20;
const DEVICES: usize = 200;
const EACH: usize = 4;
/// How often a portal is killed.
const KILLS: usize = 12;

/// Delivers to whichever portal answers, the same bytes until every line has its receipt.
fn deliver(ward: &Ward, urls: &Mutex<[String; 2]>, lines: &[&Signed], turn: usize) {
    let body: Vec<String> = lines.iter().map(|s| wire::jws_line(&s.jws)).collect();
    let body = body.join("\n");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(120);
    for attempt in turn.. {
        assert!(std::time::Instant::now() < until, "no portal answers");
        let url = urls.lock().unwrap()[attempt % 2].clone();
        let sent = agent()
            .post(format!("{url}{}", wire::path::ENTRIES))
            .header("authorization", format!("Bearer {}", ward.token()))
            .send(body.as_bytes());
        let Ok(mut answer) = sent else { continue };
        if answer.status() != 200 {
            continue;
        }
        // An answer that was cut off is none.
        let Ok(text) = answer.body_mut().read_to_string() else {
            continue;
        };
        let answers = wire::answers(&text);
        let whole = answers
            .iter()
            .all(|a| matches!(a, Some(wire::DeliveryAnswer::Receipt(_))));
        if answers.len() == lines.len() && whole {
            return;
        }
    }
}

#[test]
fn portals_killed_in_turn_lose_nothing_and_give_no_number_twice() {
    let Some(database) = postgres::database("fsync=off") else {
        return;
    };
    let clock = SystemClock {
        utc_offset_minutes: 300,
    };
    let settings = PortalSettings {
        database,
        ..PortalSettings::default()
    };
    let mut world = World::on(settings, clock.now());
    let yesterday = (clock.now() - chrono::Duration::days(1)).date_naive().to_string();
    let mut wards: Vec<Ward> = Vec::new();
    for i in 0..DEVICES {
        let fac = format!("TJ-DU-BOX-{:02}", i % FACILITIES);
        wards.push(match i {
            0..FACILITIES => world.ward(&fac),
            // Further devices of a facility share its doctor.
            _ => world.device(&fac, &wards[i % FACILITIES].doctor),
        });
    }
    let signed: Vec<Vec<Signed>> = wards
        .iter_mut()
        .enumerate()
        .map(|(i, ward)| {
            let mut entries = vec![ward.open()];
            for k in 0..EACH {
                let body = birth(&format!("Р{}{}ова", letters(i).repeat(3), letters(k).repeat(3)));
                let body = with(body, "birth.date", json!(yesterday));
                let body = with(body, "child.given", json!({"not": "yet"}));
                let body = without(body, "mother.patronymic");
                let paper = format!("А {:08}", 31_000_000 + 1_013 * (i * EACH + k));
                let body = with(body, "mother.document", json!(paper));
                let given = format!("{}нора", letters(i * EACH + k));
                let body = with(body, "mother.given", json!(given));
                let born = chrono::NaiveDate::from_ymd_opt(1985, 1, 1).unwrap();
                let born = born + chrono::Days::new(11 * (i * EACH + k) as u64);
                entries.push(ward.birth(with(body, "mother.born", json!(born.to_string()))));
            }
            entries
        })
        .collect();

    let dir = world.dir().to_owned();
    let portals = [
        Process::start(&dir, "127.0.0.1:0", Stdio::null()),
        Process::start(&dir, "127.0.0.1:0", Stdio::null()),
    ];
    let urls = Mutex::new(portals.each_ref().map(|p| p.url.clone()));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::SeqCst);
                    let Some(entries) = signed.get(i) else { return };
                    // In two deliveries, the second with a line of the first again.
                    let (first, second) = entries.split_at(2);
                    deliver(&wards[i], &urls, &first.iter().collect::<Vec<_>>(), i);
                    let again: Vec<&Signed> = first.iter().chain(second).skip(1).collect();
                    deliver(&wards[i], &urls, &again, i + 1);
                }
            });
        }
        let mut portals = portals;
        for kill in 0..KILLS {
            // Spread over the load: each after some more devices came.
            let due = DEVICES * (kill + 1) / (KILLS + 2);
            until("more devices come", || next.load(Ordering::SeqCst) >= due);
            let i = kill % 2;
            portals[i] = {
                let _ = portals[i].child.kill();
                Process::start(&dir, "127.0.0.1:0", Stdio::null())
            };
            urls.lock().unwrap()[i].clone_from(&portals[i].url);
        }
        until("all have delivered", || {
            next.load(Ordering::SeqCst) >= DEVICES + 8
        });
    });

    // What the register holds at the end, by a portal that nobody killed.
    world.restart();
    let trust = world.trust();
    let mut numbers: BTreeSet<String> = BTreeSet::new();
    let mut registered: BTreeSet<String> = BTreeSet::new();
    let mut receipts: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for ward in &wards[..FACILITIES] {
        let mut after = 0;
        loop {
            let url = world.url(&wire::path::feed(&ward.fac, first_epoch(after), 0));
            let body = get(&url, Some(&ward.token())).1;
            let lines: Vec<wire::FeedLine> = wire::lines(&body)
                .map(|l| serde_json::from_str(l).unwrap())
                .collect();
            let Some(last) = lines.last() else { break };
            after = Receipt::open(&last.receipt, &trust).unwrap().n;
            for line in &lines {
                let receipt = Receipt::open(&line.receipt, &trust).unwrap();
                let fresh = receipts.entry(ward.fac.clone()).or_default().insert(receipt.n);
                assert!(fresh, "a receipt number twice");
                assert_ne!(
                    receipt.status,
                    Status::Held,
                    "{:?}",
                    receipt.problem.map(|p| p.code)
                );
                if receipt.status == Status::Registered {
                    assert!(numbers.insert(receipt.reg_no.unwrap()), "a number twice");
                    assert!(registered.insert(receipt.nh.into()), "registered twice");
                }
            }
        }
    }
    let births: BTreeSet<String> = signed
        .iter()
        .flatten()
        .filter(|s| s.rev == 1)
        .map(|s| s.h.clone())
        .collect();
    let opens: BTreeSet<String> = signed.iter().map(|s| s[0].h.clone()).collect();
    let missing: Vec<&String> = births
        .difference(&registered)
        .filter(|h| !opens.contains(*h))
        .collect();
    assert!(missing.is_empty(), "{} of {} lost", missing.len(), births.len());
    assert_eq!(numbers.len(), DEVICES * EACH);
    for (fac, numbers) in receipts {
        let gapless = numbers.iter().copied().eq(1..=numbers.len() as u64);
        assert!(gapless, "{fac} has a gap");
    }
    // The last numbers of the office are just as many.
    assert!(numbers.contains(&format!("TJ-DU-01-{}-B-{:06}", year(&clock), DEVICES * EACH)));
}

#[test]
fn one_event_that_two_facilities_report_at_one_moment_is_registered_once() {
    let Some(database) = postgres::database("fsync=off") else {
        return;
    };
    let clock = SystemClock {
        utc_offset_minutes: 300,
    };
    let settings = PortalSettings {
        database,
        ..PortalSettings::default()
    };
    let world = World::on(settings, clock.now());
    let yesterday = (clock.now() - chrono::Duration::days(1)).date_naive();
    let mut wards = [world.ward("TJ-DU-BOX-01"), world.ward("TJ-DU-BOX-02")];
    let dir = world.dir().to_owned();
    let portals = [
        Process::start(&dir, "127.0.0.1:0", Stdio::null()),
        Process::start(&dir, "127.0.0.1:0", Stdio::null()),
    ];
    let urls = Mutex::new(portals.each_ref().map(|p| p.url.clone()));
    for ward in &mut wards {
        let open = ward.open();
        deliver(ward, &urls, &[&open], 0);
    }
    let mut both = Vec::new();
    for k in 0..30 {
        let name = letters(k).repeat(3);
        let body = with(
            birth(&format!("Р{name}ова")),
            "birth.date",
            json!(yesterday.to_string()),
        );
        let body = with(body, "mother.given", json!(format!("{name}нора")));
        let body = with(body, "child.given", json!({"not": "yet"}));
        let body = without(body, "mother.patronymic");
        // Two offices, so that no counter of numbers stands between the two either.
        let there = with(body.clone(), "office", json!("TJ-KT-01"));
        let [one, two] = wards.each_mut();
        both.push([one.birth(body), two.birth(there)]);
    }
    let meet = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        for at in 0..2 {
            let (wards, both, meet) = (&wards, &both, &meet);
            // Each facility has a portal of its own, so that nothing but the database is between them.
            let urls = Mutex::new([portals[at].url.clone(), portals[at].url.clone()]);
            scope.spawn(move || {
                for pair in both {
                    meet.wait();
                    deliver(&wards[at], &urls, &[&pair[at]], 0);
                }
            });
        }
    });
    for pair in &both {
        let newest = [0, 1].map(|at| wards[at].newest(&world, &pair[at]));
        let of = |status| newest.iter().filter(|r| r.status == status).count();
        assert_eq!((of(Status::Registered), of(Status::Held)), (1, 1), "{newest:?}");
    }
}

fn year(clock: &SystemClock) -> i32 {
    chrono::Datelike::year(&clock.now())
}

/// A number as letters, so that names differ as names do.
fn letters(mut n: usize) -> String {
    const OF: [char; 10] = ['а', 'б', 'в', 'г', 'д', 'з', 'к', 'л', 'м', 'с'];
    let mut out = String::new();
    loop {
        out.push(OF[n % 10]);
        n /= 10;
        if n == 0 {
            return out;
        }
    }
}
