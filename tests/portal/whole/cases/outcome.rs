//! What comes of a case: statuses, revisions, what is open, answers, the month's counts.

use chrono::NaiveDate;
use ogoh::figures::{MonthTable, month_of};
use serde_json::{Value, json};

use super::stage::{Stage, words};

impl Stage {
    pub fn outcome(&mut self, expect: &Value) {
        self.statuses(&expect["status"], "end");
        for (name, rev) in expect["rev"].as_object().into_iter().flatten() {
            let nid = self.events[name].id.clone();
            let row = self.store().notification(&nid).unwrap().row;
            assert_eq!(Some(u64::from(row.rev)), rev.as_u64(), "{} {name}", self.id);
        }
        for (name, open) in expect["open"].as_object().into_iter().flatten() {
            let nid = self.events[name].id.clone();
            let mut found = self.store().notification(&nid).unwrap().open;
            found.sort();
            let mut wanted = words(open);
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{} {name}", self.id);
        }
        for (name, checked) in expect["checked"].as_object().into_iter().flatten() {
            let nid = self.events[name].id.clone();
            let event = self.store().notification(&nid).unwrap().event.unwrap();
            for (rule, answer) in checked.as_object().unwrap() {
                assert_eq!(
                    &json!(event.checked.get(rule)),
                    answer,
                    "{} {name} {rule}",
                    self.id
                );
            }
        }
        for (of, counts) in expect["counts"].as_object().into_iter().flatten() {
            let first = NaiveDate::parse_from_str(&format!("{of}-01"), "%Y-%m-%d").unwrap();
            let counted = self.store().of_month(first).unwrap();
            let (fac, limits) = (&self.ward.settings.facility.code, &self.ward.settings.limits);
            let both = [counted.received, counted.signed];
            let found = MonthTable::of_ward(fac, month_of(first), both, counted.not_kept, limits);
            let found = serde_json::to_value(found).unwrap();
            // A case names what it looks at and is not 0.
            let found = cleared(&found);
            let wanted = cleared(counts);
            assert_eq!(found, wanted, "{} {of}", self.id);
        }
        let device = self.ward.device.public();
        let verified = self.store().verify(&device, None).unwrap();
        assert!(verified.holds(), "{}", self.id);
    }
}

/// Rows of a month that the cases speak of.
const LOOKED_AT: [&str; 20] = [
    "live_births",
    "low_birth_weight",
    "adolescent_mothers",
    "home_births",
    "born_before_arrival",
    "foundlings",
    "stillbirths",
    "caesareans",
    "maternal_deaths",
    "late_maternal_deaths",
    "suicides",
    "homicides",
    "road_deaths",
    "notifiable_causes",
    "unidentified",
    "ill_defined",
    "late",
    "annulled",
    "duplicates",
    "deaths",
];

/// The rows that the cases speak of and that are not 0, one level deep.
fn cleared(table: &Value) -> Value {
    let some = |n: &Value| n.as_u64() != Some(0);
    let mut out = serde_json::Map::new();
    for (row, value) in table.as_object().unwrap() {
        match value.as_object() {
            _ if !LOOKED_AT.contains(&row.as_str()) => {}
            Some(bands) => {
                let kept: serde_json::Map<String, Value> =
                    bands.clone().into_iter().filter(|(_, n)| some(n)).collect();
                if !kept.is_empty() {
                    out.insert(row.clone(), kept.into());
                }
            }
            None if some(value) => drop(out.insert(row.clone(), value.clone())),
            None => {}
        }
    }
    Value::Object(out)
}
