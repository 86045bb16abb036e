//! The table of unknowns against what the rules do.

use std::collections::BTreeMap;

use super::*;

/// In every row of every rule, each field that the rule reads is left out and stated unknown in each way.
#[test]
fn the_table_says_how_each_rule_takes_each_unknown() {
    const STATES: [&str; 4] = ["-", "?yet", "?knowable", "?refused"];
    let mut seen: BTreeMap<&str, [bool; 4]> = BTreeMap::new();
    for case in tables() {
        let mut surroundings = Surroundings::default();
        (case.surroundings)(&mut surroundings);
        let fields = rule(case.rule).unwrap().fields;
        let fields = if fields.is_empty() {
            crate::vital::field::ALL
        } else {
            fields
        };
        for field in fields {
            for (at, state) in STATES.iter().enumerate() {
                let mut event = event(case.kind, case.changes);
                put(&mut event, field, state);
                let found = surroundings.check(&event);
                let speaks = |f: &Finding| f.rule == case.rule && f.field == *field;
                seen.entry(case.rule).or_default()[at] |= found.iter().any(speaks);
            }
        }
    }
    let mut faults = Vec::new();
    for (rule, found) in seen {
        let table = unknowns(rule);
        let table = [table.absent, table.yet, table.knowable, table.refused];
        if table != found {
            faults.push(format!(
                "{rule}: the table says {table:?}, the rule does {found:?}"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
