//! The ministry's figures: who sees which, and what is counted of what wards deliver.

use chrono::Duration;
use ogoh::portal::{self, Auto, Category, PortalSettings, Registration, SimulationPlan};
use ogoh::seal::{EntryType, Status};
use serde_json::json;

use super::{world, world_with};
use crate::portal_support::*;
use crate::simulated::beyond_the_book;

fn maternal(surname: &str) -> serde_json::Value {
    let body = with(death(surname), "deceased.sex", json!("female"));
    let body = with(body, "deceased.born", json!("1996-02-03"));
    let pregnancy = json!({"pregnant": "yes", "when": "within-42-days", "contributed": "yes"});
    with(body, "pregnancy", pregnancy)
}

#[test]
fn a_maternal_death_is_told_to_the_officer_without_a_name() {
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("told");
    let program = ["sh", "-c", "cat >> \"$0\"", file.to_str().unwrap()];
    let mut world = world_with(PortalSettings {
        alert_program: program.map(str::to_owned).to_vec(),
        ..PortalSettings::default()
    });
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.death(maternal("Назарова"))];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(receipts[1].status, Status::Registered, "{:?}", receipts[1]);
    let officer = world.signed_in("officer", "officer", "");
    let (_, page) = officer.get("/monitor");
    assert!(page.contains("not seen: 1") && page.contains(FAC), "{page}");
    let (_, metrics) = get(&world.url("/metrics"), None);
    assert!(
        metrics.contains("ogoh_portal_maternal_alerts_waiting 1"),
        "{metrics}"
    );
    // Housekeeping tells it; a start begins with that.
    world.restart();
    let told = crate::support::until("somebody is told", || {
        let told = std::fs::read_to_string(&file).unwrap_or_default();
        (told.lines().count() >= 3).then_some(told)
    });
    assert!(told.contains(FAC) && !told.contains("Назарова"), "{told}");

    let officer = world.signed_in("officer", "officer", "");
    let nid = entries[1].nid.as_str();
    assert_eq!(
        officer
            .send_bare("/monitor/alert", &[("csrf", "x"), ("nid", nid)])
            .0,
        403
    );
    assert_eq!(officer.send("/monitor/alert", &[("nid", nid)]).0, 303);
    assert!(officer.get("/monitor").1.contains("not seen: 0"));
    // A registrar is no officer.
    let other = world.registrar();
    assert_eq!(other.send("/monitor/alert", &[("nid", nid)]).0, 403);
}

#[test]
fn a_facility_sees_itself_and_its_book_against_what_it_signed() {
    let world = world();
    let (mut here, mut there) = (world.ward(FAC), world.ward("TJ-DU-BOX-02"));
    let doctor = here.doctor.clone();
    let tally = here.sign(&doctor.clone(), |e| {
        e.t = EntryType::Tally;
        e.body = object(json!({"month": "2026-11", "births": 2, "foetal_deaths": 0, "deaths": 0}));
    });
    assert_eq!(tally.rev, 1);
    let entries = [tally, here.open(), here.birth(birth("Раҳимова"))];
    here.deliver(&world, &entries.each_ref());
    let others = [
        there.open(),
        there.birth(birth("Бобоева")),
        there.birth(birth("Зоирова")),
    ];
    there.deliver(&world, &others.each_ref());
    let own = world.signed_in("head", "facility", FAC);
    for address in [
        "/monitor",
        "/monitor?by=country",
        "/monitor?by=facility&place=TJ-DU-BOX-02",
    ] {
        let (_, page) = own.get(address);
        assert!(
            page.contains(FAC) && !page.contains("TJ-DU-BOX-02"),
            "{address}: {page}"
        );
    }
    let csv = own.get("/monitor.csv?table=completeness&by=country").1;
    let line = csv.lines().find(|l| l.contains(FAC)).unwrap();
    assert!(line.contains("\"1\",\"2\"") && line.contains("differs"), "{line}");
    let analyst = world.signed_in("analyst", "analyst", "");
    let csv = analyst.get("/monitor.csv?table=completeness").1;
    let line = csv.lines().find(|l| l.contains("TJ-DU-BOX-02")).unwrap();
    assert!(line.contains("no month’s count"), "{line}");
    let events = analyst.get("/monitor.csv?table=events").1;
    assert!(events.contains("\"All\",\"3\",\"0\",\"0\""), "{events}");
    // A certificate that nobody fetched shows by its age.
    world.clock.advance(Duration::days(61));
    let analyst = world.signed_in("analyst", "analyst", "");
    let csv = analyst.get("/monitor.csv?table=families").1;
    assert!(
        csv.contains("\"Without a certificate\",\"3\",\"3\",\"0\""),
        "{csv}"
    );
    assert_eq!(analyst.get("/monitor.csv?table=nothing").0, 404);
}

#[test]
fn a_corrected_one_counts_in_its_new_month_and_an_annulled_one_nowhere() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.birth(birth("Раҳимова"))];
    ward.deliver(&world, &entries.each_ref());
    let analyst = || world.signed_in("analyst", "analyst", "");
    let counted = |month: &str| {
        let csv = analyst()
            .get(&format!("/monitor.csv?table=events&month={month}"))
            .1;
        let all = csv.lines().find(|l| l.starts_with("\"All\"")).unwrap().to_owned();
        all.split(',').nth(1).unwrap().to_owned()
    };
    assert_eq!(
        (counted("2026-11"), counted("2026-10")),
        ("\"1\"".into(), "\"0\"".into())
    );
    let moved = ward.amend(
        &entries[1],
        with(birth("Раҳимова"), "birth.date", json!("2026-10-30")),
    );
    ward.deliver(&world, &[&moved]);
    assert!(world.rule(&moved.h, &[("act", "accept")]));
    assert_eq!(
        (counted("2026-11"), counted("2026-10")),
        ("\"0\"".into(), "\"1\"".into())
    );
    let record = format!("/desk/record/{}", entries[1].nid);
    let done = world
        .registrar()
        .send(&record, &[("act", "annul"), ("text", "хато")]);
    assert!(done.1.ends_with("desk-done"), "{}", done.1);
    assert_eq!(counted("2026-10"), "\"0\"");
}

#[test]
fn the_country_says_what_is_registered_where_and_how_numbers_look() {
    let text = [("tg", "Аз рӯи фармони №7"), ("en", "By order no. 7")];
    let late = Category {
        action: Auto::Held,
        text: text.map(|(l, t)| (l.to_owned(), t.to_owned())).into(),
    };
    let registration = Registration {
        number: "{book}-{number}/{year}/{office}".into(),
        number_digits: 4,
        kinds: [("death".to_owned(), Auto::Prepared)].into(),
        late_hold_days: [("birth".to_owned(), 1)].into(),
        offices: [("TJ-DU-01".to_owned(), "TJ-DU-03".to_owned())].into(),
        categories: [("late".to_owned(), late)].into(),
        ..Registration::default()
    };
    let mut world = world_with(PortalSettings {
        registration,
        ..PortalSettings::default()
    });
    let mut ward = world.ward(FAC);
    let old = with(birth("Зоирова"), "birth.date", json!("2026-11-20"));
    let entries = [
        ward.open(),
        ward.birth(birth("Раҳимова")),
        ward.death(death("Назаров")),
        ward.birth(old),
    ];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(receipts[1].reg_no.as_deref(), Some("B-0001/2026/TJ-DU-03"));
    assert_eq!(receipts[1].office.as_deref(), Some("TJ-DU-03"));
    assert_eq!(code(&receipts[2]), "prepared");
    assert_eq!((receipts[3].status, code(&receipts[3])), (Status::Held, "late"));
    let words = &receipts[3].problem.as_ref().unwrap().text;
    assert_eq!(words["en"], "By order no. 7");
    assert!(!words["ru"].is_empty());
    // The family of a prepared one is found, and the registrar gives the number.
    let serving = world.signed_in("third", "registrar", "TJ-DU-03");
    let (_, to) = serving.send("/desk/find", &[("q", "назаров")]);
    assert_eq!(to, format!("/desk/record/{}", entries[2].nid));
    let rule = [("act", "accept"), ("h", entries[2].h.as_str())];
    assert!(serving.send("/desk/entry", &rule).1.ends_with("desk-done"));
    assert_eq!(
        ward.newest(&world, &entries[2]).reg_no.as_deref(),
        Some("D-0001/2026/TJ-DU-03")
    );
    // A policy that makes no sense keeps the portal from starting.
    let path = world.dir().join("portal.toml");
    let wrong = std::fs::read_to_string(&path)
        .unwrap()
        .replace("{book}-{number}", "{book}");
    std::fs::write(&path, wrong).unwrap();
    world.portal = None;
    let started = portal::start(
        world.dir(),
        "127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap(),
        None,
        world.clock.clone(),
    );
    let why = format!("{:?}", started.err().unwrap());
    assert!(why.contains("registration.number"), "{why}");
}

#[test]
fn an_invented_country_is_the_same_for_the_same_seed_and_adds_up() {
    let made = || {
        let mut world = world();
        world.portal = None;
        let plan = SimulationPlan {
            events: 120,
            days: 40,
            seed: 7,
            twice: 10,
        };
        portal::simulate(world.dir(), &plan, world.now(), &mut |_| {}).unwrap();
        world.start();
        let analyst = world.signed_in("analyst", "analyst", "");
        let months = analyst.get("/monitor.csv?table=months").1;
        let families = analyst.get("/monitor.csv?table=families").1;
        (months, families)
    };
    let (months, families) = made();
    assert_eq!((months.clone(), families), made());
    let births: u64 = months
        .lines()
        .skip(1)
        .map(|l| {
            l.split(',')
                .nth(1)
                .unwrap()
                .trim_matches('"')
                .parse::<u64>()
                .unwrap()
        })
        .sum();
    assert!((60..120).contains(&births), "{months}");
}

#[test]
fn what_was_returned_shows_by_its_reason_and_a_backlog_by_its_age() {
    let world = world();
    let mut ward = world.ward(FAC);
    let heavy = |surname: &str| with(birth(surname), "birth.weight", json!(99_000));
    let entries = [
        ward.open(),
        ward.birth(heavy("Раҳимова")),
        ward.birth(heavy("Бобоева")),
    ];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_eq!(receipts[1].status, Status::Returned);
    let analyst = world.signed_in("analyst", "analyst", "");
    let csv = analyst.get("/monitor.csv?table=returned-why&month=2026-11").1;
    assert!(csv.contains("\"B02\",\"Weight\",\"2\",\"0\""), "{csv}");
    // Corrected, it is no longer with the ward.
    let better = ward.amend(&entries[1], birth("Раҳимова"));
    ward.deliver(&world, &[&better]);
    let csv = analyst.get("/monitor.csv?table=returned-why&month=2026-11").1;
    assert!(csv.contains("\"1\",\"0\""), "{csv}");

    let (status, _) = post(&world.url(ogoh::wire::path::HEARTBEATS), None, beat(&ward, 3));
    assert!(status < 300, "{status}");
    let csv = analyst.get("/monitor.csv?table=devices").1;
    let line = csv.lines().find(|l| l.contains(FAC)).unwrap();
    assert!(line.contains("\"3\",\"10\",\"0\""), "{csv}");
}

#[test]
fn a_book_counts_once_the_month_is_over_where_it_is_kept() {
    let world = world();
    let late = chrono::DateTime::parse_from_rfc3339("2026-11-30T23:30:00+05:00").unwrap();
    world.clock.advance(late - world.now());
    let mut ward = world.ward(FAC);
    let entries = [
        ward.open(),
        ward.birth(birth("Раҳимова")),
        ward.birth(birth("Зоирова")),
    ];
    ward.deliver(&world, &entries.each_ref());
    let mut counted = |world: &World| {
        let doctor = ward.doctor.clone();
        let tally = ward.sign(&doctor, |e| {
            e.t = EntryType::Tally;
            let counts = json!({"month": "2026-11", "births": 1, "foetal_deaths": 0, "deaths": 0});
            e.body = object(counts);
        });
        ward.deliver(world, &[&tally]);
        beyond_the_book(world, "2026-11")
    };
    // Half an hour before midnight in Dushanbe one more may be born.
    assert_eq!(counted(&world), 0);
    world.clock.advance(Duration::minutes(31));
    assert_eq!(counted(&world), 1);
    let analyst = world.signed_in("analyst", "analyst", "");
    let csv = analyst.get("/monitor.csv?table=concerns&month=2026-11").1;
    assert!(csv.contains("\"M07\""), "{csv}");
}

#[test]
fn a_maternal_death_dated_by_its_year_alone_is_told_and_has_a_row_of_its_own() {
    let world = world();
    let mut ward = world.ward(FAC);
    let vague = with(maternal("Назарова"), "death.date", json!("2026"));
    let vague = with(vague, "death.time", json!({"not": "knowable"}));
    let entries = [ward.open(), ward.death(vague)];
    let receipts = ward.deliver(&world, &entries.each_ref());
    assert_ne!(receipts[1].status, Status::Returned, "{:?}", receipts[1]);
    let officer = world.signed_in("officer", "officer", "");
    let page = officer.get("/monitor").1;
    assert!(page.contains("not seen: 1"), "{page}");
    assert!(page.contains("2026-??"), "{page}");
    let csv = officer.get("/monitor.csv?table=months").1;
    assert!(csv.contains("\"2026-??\",\"0\",\"0\",\"1\""), "{csv}");
}

#[test]
fn causes_that_an_older_version_read_are_read_and_counted_again() {
    let world = world();
    let mut ward = world.ward(FAC);
    let entries = [ward.open(), ward.death(death("Назаров"))];
    ward.deliver(&world, &entries.each_ref());
    let counted = |row: &str| {
        let month = world.now().date_naive();
        let (_, tables) = portal::quality(world.dir(), month, Some(FAC), world.clock.clone()).unwrap();
        serde_json::to_value(&tables[0]).unwrap()[row].as_u64().unwrap()
    };
    assert_eq!((counted("matched_causes"), counted("uncoded_causes")), (1, 0));
    // As a version would have counted that did not know these words.
    world.execute(
        "UPDATE fact SET body = replace(body, '\"matched_causes\"', '\"uncoded_causes\"');
         INSERT INTO fact_change (month) SELECT month FROM fact;",
    );
    assert_eq!((counted("matched_causes"), counted("uncoded_causes")), (0, 1));
    world.execute("UPDATE mark SET value = '0' WHERE name = 'matcher';");
    assert_eq!((counted("matched_causes"), counted("uncoded_causes")), (1, 0));
    let analyst = world.signed_in("analyst", "analyst", "");
    let csv = analyst.get("/monitor.csv?table=quality&month=2026-11").1;
    let head = csv.lines().next().unwrap();
    assert!(
        head.contains("Cause matched from words, of deaths") && head.contains("Version of the matching"),
        "{head}"
    );
}
