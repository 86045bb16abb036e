//! A portal's book as version 0.1 left it, in SQLite and in PostgreSQL.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::portal_support::{Process, postgres};
use crate::support::kept::{self, Copy, expected};

/// A portal on a copied folder. However long ago the entries were signed, that alone is no reason to hold
/// them here.
fn serve(copy: &Copy, folder: &str) -> Process {
    let settings = format!("{folder}/portal.toml");
    copy.set(&settings, "late_hold_days = 365", "late_hold_days = 36500");
    copy.set(&settings, "late_reason_days = 30", "late_reason_days = 36500");
    copy.must(folder, &["portal", "migrate"]);
    Process::start(&copy.path(folder), "127.0.0.1:0", Stdio::null())
}

/// A portal that was kept comes up, and the ward that was kept beside it delivers what waited.
fn goes_on(copy: &Copy, ward: &str, portal: &str, wanted: &Value) {
    let running = serve(copy, portal);
    let kept_url = expected("portal_url").as_str().unwrap().to_owned();
    copy.set(&format!("{ward}/ogoh.toml"), &kept_url, &running.url);
    let report = copy.must(ward, &["push"]).pop().unwrap();
    assert_eq!(
        (&report["sent"], &report["left"]),
        (&wanted["unsent_entries"], &json!(0))
    );
    copy.stands_as(ward, &wanted["notifications"], Some("after_push"));
    assert_eq!(copy.must(ward, &["verify"])[0]["sound"], true);
    let asked = copy.must(portal, &["portal", "enrolments"]);
    assert_eq!(asked.iter().filter(|r| r["state"] == "waiting").count(), 1);
    let staff = copy.must(portal, &["portal", "staff", "list"]);
    assert_eq!(staff.len(), wanted["staff"].as_array().unwrap().len());
    assert!(!copy.must(portal, &["portal", "acts"]).is_empty());
    // Once more: nothing is sent twice, nothing is new.
    let again = copy.must(ward, &["push"]).pop().unwrap();
    assert_eq!(
        (&again["sent"], &again["receipts"]),
        (&json!(0), &json!(0)),
        "{again}"
    );
}

#[test]
fn a_portal_of_the_first_version_takes_what_its_ward_had_not_delivered() {
    let copy = Copy::of(&["ward", "portal"]);
    goes_on(&copy, "ward", "portal", &expected("sqlite"));
}

#[test]
fn the_same_portal_on_postgresql_takes_it_as_well() {
    let Some(address) = postgres::database("fsync=off") else {
        return;
    };
    let mut client = ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap();
    client.batch_execute(&kept::text("portal.sql")).unwrap();
    drop(client);
    let copy = Copy::of(&["ward-postgres", "portal-postgres"]);
    let filled = format!("database = \"{address}\"");
    copy.set("portal-postgres/portal.toml", "database = \"\"", &filled);
    copy.is_as_it_was("ward-postgres", &expected("postgres"));
    goes_on(&copy, "ward-postgres", "portal-postgres", &expected("postgres"));
}
