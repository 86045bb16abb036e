//! What comes of a case: statuses, revisions, what is open, answers, the month's counts.

use chrono::{Datelike, NaiveDate};
use ogoh::figures::{Counted, month};
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
            let rows = self.store().of_month(first).unwrap().into_iter();
            let counted: Vec<Counted> = rows
                .map(|row| Counted {
                    event: row.event,
                    signed: row.signed,
                    annulled: row.annulled,
                })
                .collect();
            let found = month(
                &counted,
                (first.year(), first.month()),
                &self.ward.settings.limits,
            );
            let found = serde_json::to_value(found).unwrap();
            // What a case counts as none is not listed.
            let mut wanted = counts.clone();
            wanted
                .as_object_mut()
                .unwrap()
                .retain(|_, n| n.as_u64() != Some(0));
            assert_eq!(found, wanted, "{} {of}", self.id);
        }
        let device = self.ward.device.public();
        let verified = self.store().verify(&device, None).unwrap();
        assert!(verified.holds(), "{}", self.id);
    }
}
