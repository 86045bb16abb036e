//! A ward and the registry count a month alike: by the real commands of both, of the same events.

use std::collections::BTreeSet;

use chrono::{Datelike, Duration, NaiveDate};
use serde_json::{Value, json};

use super::both::{Both, WARD, changed, day, now};
use crate::portal_support::with;
use crate::support::{ogoh, run};

/// The months in which anything of these tests lies, and one in which nothing does.
fn months() -> BTreeSet<String> {
    let days = (0..=80).map(|ago| (now() - Duration::days(ago)).date_naive());
    let mut months: BTreeSet<String> = days.map(|d| d.format("%Y-%m").to_string()).collect();
    months.insert(format!("{:04}-03", now().year() - 2));
    months
}

/// The rows of a month, one level deep; what only the ward knows is taken out.
fn rows(table: &Value) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for (name, value) in table.as_object().unwrap() {
        match (name.as_str(), value) {
            ("received" | "not_kept", _) => {}
            (_, Value::Object(inner)) => {
                out.extend(
                    inner
                        .iter()
                        .map(|(band, n)| (format!("{name}.{band}"), n.clone())),
                );
            }
            _ => out.push((name.clone(), value.clone())),
        }
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

/// The sum of a row over months.
fn sum(tables: &[Value], row: &str) -> u64 {
    let of = |table: &Value| -> u64 {
        let found = rows(table).into_iter().find(|(name, _)| name == row);
        found
            .unwrap_or_else(|| panic!("no row {row}: {table}"))
            .1
            .as_u64()
            .unwrap()
    };
    tables.iter().map(of).sum()
}

#[test]
fn a_ward_and_the_registry_count_the_same_months_alike() {
    let mut both = Both::new();
    let weight = |g: u32| ("birth.weight", json!(g));
    // Registered and left so: a girl, a boy of low weight, a child whose sex is not determined.
    both.born(1, &[("child.sex", json!("female"))]);
    both.born(1, &[weight(2310)]);
    both.born(2, &[("child.sex", json!("undetermined"))]);
    // Corrected into another month: accepted, and not decided yet.
    let (moved, first) = both.born(2, &[]);
    let (waits, beside) = both.born(2, &[]);
    // Annulled before anything was sent, after it, and asked but not confirmed.
    let (_, unsent) = both.born(2, &[]);
    both.annul(&unsent, true);
    let (_, sent) = both.born(1, &[]);
    let (_, pending) = both.born(1, &[]);
    // The same event twice: a registrar rules the second one a duplicate.
    let (event, original) = both.born(2, &[]);
    let event = with(event, "mother.document", json!({"not": "yet"}));
    let again = both.sign(&["record", "birth"], &event);
    // Held and left so, returned, and returned and corrected.
    both.died(2, &[("death.manner", json!("pending"))]);
    let back = both.died(2, &[("death.manner", json!("pending"))]);
    let fixed = both.died(2, &[("death.manner", json!("pending"))]);
    // Signed and received late.
    let late = [("late_reason", json!("роҳ баста буд"))];
    both.born(45, &late);
    both.born(6, &[]);
    // Deaths: a maternal one, one of words that nobody reads, one of words that are read, an ill-defined one.
    both.died(1, &[
        ("deceased.sex", json!("female")),
        ("deceased.born", json!("1996-02-03")),
        ("pregnancy", json!({"pregnant": "yes", "when": "within-42-days", "contributed": "yes"})),
        ("cause", json!({"lang": "en", "a": {"text": "Postpartum haemorrhage", "code": "O72.1", "interval": "PT3H"}})),
    ]);
    let cause = |text: &str| {
        (
            "cause",
            json!({"lang": "ru", "a": {"text": text, "interval": "P2D"}}),
        )
    };
    both.died(1, &[cause("велосипед")]);
    both.died(1, &[cause("Инфаркт миокарда")]);
    both.died(1, &[cause("Неизвестно")]);
    // A foetal death.
    let still = both.birth_of(2);
    let still = changed(
        still,
        &[
            (
                "foetus",
                json!({"signs_of_life": "none", "died_when": "antepartum"}),
            ),
            ("child", json!({"sex": "female"})),
            (
                "foetal_cause",
                json!({"main": {"text": "hypoxia", "code": "P20.0"}}),
            ),
        ],
    );
    both.sign(&["record", "foetal-death"], &still);
    both.push();

    both.annul(&sent, true);
    both.annul(&pending, false);
    let earlier = |event: Value, days| changed(event, &[("birth.date", json!(day(days))), late[0].clone()]);
    let accepted = both.amend(&first, &earlier(moved, 36));
    both.amend(&beside, &earlier(waits, 37));
    both.push();
    both.rule(&accepted, &[("act", "accept")]);
    both.rule(&again, &[("act", "duplicate"), ("of", &original.nid)]);
    for of in [&back, &fixed] {
        both.rule(
            of,
            &[
                ("act", "return"),
                ("field", "death.manner"),
                ("text", "Сабабро нависед."),
            ],
        );
    }
    both.push();
    let corrected = {
        let said = both.ward.must(&["show", &fixed.nid]);
        with(said[0]["body"].clone(), "death.manner", json!("disease"))
    };
    both.amend(&fixed, &corrected);
    both.push();
    let standing = [
        (&accepted, "registered"),
        (&unsent, "voided"),
        (&sent, "voided"),
        (&pending, "annulment-pending"),
        (&again, "duplicate"),
        (&back, "returned"),
    ];
    for (of, expected) in standing {
        assert_eq!(both.status(of), expected, "{}", of.nid);
    }

    let mut tables = Vec::new();
    for month in months() {
        let (ward, registry) = (both.at_ward(&month), both.at_registry(&month));
        assert_eq!(rows(&ward), rows(&registry), "{month}");
        // Everything is there: what the registry has is all that there is.
        assert_eq!(rows(&ward["received"]), rows_of_counts(&registry), "{month}");
        tables.push(registry);
    }
    let expected = [
        ("live_births", 9),
        ("male_births", 7),
        ("female_births", 1),
        ("sex_unknown_births", 1),
        ("low_birth_weight", 1),
        ("stillbirths", 1),
        ("deaths_total", 6),
        ("maternal_deaths", 1),
        ("pregnancy_related_deaths", 1),
        ("uncoded_causes", 1),
        ("ill_defined", 1),
        ("annulled", 2),
        ("duplicates", 1),
        ("returned", 1),
        ("late", 2),
        ("received_late", 3),
    ];
    for (row, n) in expected {
        assert_eq!(sum(&tables, row), n, "{row}: {tables:#?}");
    }
    // Certificates for WHO say where they stand.
    let exported = both.ward.must(&["export", "--format", "who"]);
    let mut standing: Vec<&str> = exported
        .iter()
        .map(|c| c["Ogoh"]["Standing"].as_str().unwrap())
        .collect();
    standing.sort_unstable();
    assert_eq!(standing.len(), 7, "{standing:?}");
    standing.dedup();
    assert_eq!(standing, ["held", "registered", "returned"]);
    // What the ward has not sent, it alone knows: in a column of its own, and nowhere else.
    both.born(1, &[]);
    both.annul(&first, false);
    let mut unsent = 0;
    for month in months() {
        let (ward, registry) = (both.at_ward(&month), both.at_registry(&month));
        assert_eq!(rows(&ward["received"]), rows_of_counts(&registry), "{month}");
        unsent += ward["live_births"].as_u64().unwrap() - registry["live_births"].as_u64().unwrap();
    }
    assert_eq!(unsent, 1);
}

/// The counts of a table without what says of which facility and month they are.
fn rows_of_counts(table: &Value) -> Vec<(String, Value)> {
    let mut rows = rows(table);
    rows.retain(|(name, _)| {
        !matches!(name.as_str(), "fac" | "month" | "matcher") && !name.starts_with("limits.")
    });
    rows
}

#[test]
fn both_print_one_table_and_an_empty_month_is_zeros() {
    let mut both = Both::new();
    both.born(1, &[]);
    both.push();
    let this = NaiveDate::parse_from_str(&day(1), "%Y-%m-%d")
        .unwrap()
        .format("%Y-%m")
        .to_string();
    let empty = format!("{:04}-03", now().year() - 2);
    for lang in ["tg", "ru", "en"] {
        for month in [&this, &empty] {
            let mut ward = ogoh();
            ward.arg("--data-dir")
                .arg(both.ward.dir())
                .args(["monitor", "--month", month, "--lang", lang]);
            let mut registry = ogoh();
            registry.args([
                "portal",
                "quality",
                "--facility",
                WARD,
                "--month",
                month,
                "--lang",
                lang,
                "--dir",
            ]);
            let (ward, registry) = (run(&mut ward), run(registry.arg(both.world.dir())));
            assert_eq!(ward.code, 0, "{}", ward.err);
            // The registry's lines are the ward's, up to the column that only the ward can fill.
            let mut same = 0;
            for (ours, theirs) in ward.out.lines().zip(registry.out.lines()) {
                assert!(ours.chars().count() <= 80, "{lang}: {ours}");
                if theirs.starts_with("  ") {
                    assert!(ours.starts_with(theirs), "{lang} {month}:\n{ours}\n{theirs}");
                    same += 1;
                }
            }
            assert!(same >= 40, "{lang} {month}: {}\n{}", ward.out, registry.out);
            assert!(
                !ward.out.contains("month-") && !ward.out.contains('_'),
                "{}",
                ward.out
            );
        }
    }
    let table = both.at_registry(&empty);
    let counts = rows_of_counts(&table);
    assert!(
        counts.len() >= 40 && counts.iter().all(|(_, n)| *n == json!(0)),
        "{table}"
    );
    // A facility that the registry does not know is no empty one.
    let mut unknown = ogoh();
    unknown.args(["portal", "quality", "--facility", "TJ-KT-BOX-99", "--dir"]);
    assert_eq!(run(unknown.arg(both.world.dir())).code, 2);
}
