//! The published table of data-quality rules, row by row against the program's own.

use std::collections::BTreeSet;

use ogoh::figures::MINISTRY_RULES;
use ogoh::rules;
use ogoh::vital::Kind;

#[test]
fn every_rule_of_the_table_is_there_with_its_kind_of_event_and_its_usual_severity() {
    let mut seen = BTreeSet::new();
    for row in csv::Reader::from_reader(include_str!("../data/dq-rules.csv").as_bytes()).records() {
        let row = row.unwrap();
        let (id, event, severity) = (&row[0], &row[1], &row[2]);
        seen.insert(id.to_owned());
        if event == "ministry" {
            assert!(MINISTRY_RULES.iter().any(|r| r.id == id), "{id}");
            continue;
        }
        let rule = rules::rule(id).unwrap_or_else(|| panic!("{id} is missing"));
        assert_eq!(rule.severity.code(), severity, "{id}");
        let kind = match event {
            "birth" => Some(Kind::Birth),
            "death" => Some(Kind::Death),
            "stillbirth" => Some(Kind::FoetalDeath),
            _ => None,
        };
        match kind {
            Some(kind) => assert!(rule.kinds.contains(&kind), "{id}"),
            None => assert_eq!(rule.kinds, Kind::ALL, "{id}"),
        }
    }
    assert_eq!(seen.len(), 103);
    // What is ours beside the table.
    let ours: Vec<&str> = rules::all()
        .iter()
        .map(|r| r.id)
        .filter(|id| !seen.contains(*id))
        .collect();
    assert_eq!(
        ours,
        [
            "C11", "C12", "C13", "C14", "C15", "C16", "B33", "B34", "B35", "B36", "D48", "D49", "D55", "D56"
        ]
    );
}
