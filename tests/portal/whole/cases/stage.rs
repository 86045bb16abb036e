//! A case and its world: a portal, a ward with its people, and the steps that a file tells.

use std::collections::BTreeMap;
use std::time::Duration;

use ogoh::env::{Clock as _, ClockTrust, Facility, Role, new_uuid};
use ogoh::form::Draft;
use ogoh::form::body::{Unknown, from_json};
use ogoh::portal::{self, PortalSettings};
use ogoh::rules::Finding;
use ogoh::seal::{AmendReason, SecretKey};
use ogoh::vital::{Event, Kind};
use ogoh::ward::store::{Person, Signer, Site, Statement, Store, StoreError, ToSign};
use serde_json::{Value, json};

use crate::country::Country;
use crate::support::delivering::{HandClock, Signatory, Ward, standing};

pub fn words(value: &Value) -> Vec<&str> {
    value.as_array().map_or(Vec::new(), |list| {
        list.iter().map(|v| v.as_str().unwrap()).collect()
    })
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} of {value}"))
}

/// RFC 7386: what the patch says, null takes away.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, change) in changes {
        let map = target.as_object_mut().unwrap();
        if change.is_null() {
            map.remove(name);
        } else {
            merge(map.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

/// One event of a case on its way.
pub struct Written {
    kind: Kind,
    body: Value,
    /// Draft, and with its first signing the notification.
    pub id: String,
    /// The draft of the revision that is being written.
    draft: String,
    signed: bool,
}

/// A case and its world.
pub struct Stage {
    pub id: String,
    country: Country,
    pub ward: Ward,
    store: Option<Store>,
    people: BTreeMap<String, Signatory>,
    pub events: BTreeMap<String, Written>,
    set: String,
    trusted: bool,
    quiet: Vec<String>,
    saved: BTreeMap<String, Draft>,
}

impl Stage {
    pub fn new(case: &Value) -> Stage {
        let first = case["steps"].as_array().unwrap()[0]["at"].as_str().unwrap();
        let dawn = chrono::DateTime::parse_from_rfc3339(first).unwrap() - chrono::Duration::hours(1);
        let settings = PortalSettings {
            hold_rules: words(&case["hold_rules"])
                .into_iter()
                .map(str::to_owned)
                .collect(),
            ..PortalSettings::default()
        };
        let country = Country::at(&dawn.to_rfc3339(), settings);
        let mut ward = country.unknown_ward(50);
        ward.settings.facility = Facility {
            code: word(&case["facility"], "code").to_owned(),
            name: word(&case["facility"], "name").to_owned(),
            district: word(&case["facility"], "district").to_owned(),
            office: word(&case["facility"], "office").to_owned(),
        };
        country.enrol_device(&ward);
        let mut store = ward.store();
        let mut people = BTreeMap::new();
        for (n, (login, role)) in (0u8..).zip(case["people"].as_object().unwrap()) {
            let who = Signatory {
                login: Box::leak(login.clone().into_boxed_str()),
                role: Role::ALL
                    .into_iter()
                    .find(|r| r.code() == role.as_str().unwrap())
                    .unwrap_or_else(|| panic!("role {role}")),
                key: SecretKey::from_seed(&[200 + n; 32]),
            };
            store
                .add_person(&Person {
                    login: login.clone(),
                    name: format!("Корманди {login}"),
                    role: who.role,
                    kid: who.key.public().kid().to_owned(),
                    x: who.key.public().x(),
                    key_blob: String::new(),
                    since: dawn,
                    suspended: None,
                })
                .unwrap();
            country.enrol_person(&ward, &who);
            people.insert(login.clone(), who);
        }
        let events = case["events"].as_object().unwrap().iter().map(|(name, event)| {
            let id = new_uuid();
            let written = Written {
                kind: Kind::from_code(word(event, "kind")).unwrap(),
                body: event["body"].clone(),
                draft: id.clone(),
                id,
                signed: false,
            };
            (name.clone(), written)
        });
        Stage {
            id: word(case, "id").to_owned(),
            events: events.collect(),
            country,
            ward,
            store: Some(store),
            people,
            set: new_uuid(),
            trusted: true,
            quiet: words(&case["must_not_fire"])
                .into_iter()
                .map(str::to_owned)
                .collect(),
            saved: BTreeMap::new(),
        }
    }

    pub fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    fn site(&self) -> Site<'_> {
        Site {
            settings: &self.ward.settings,
            device: &self.ward.device,
            now: self.ward.clock.now(),
            clk: if self.trusted {
                ClockTrust::Synced
            } else {
                ClockTrust::Behind
            },
        }
    }

    /// What an event says now, read as `record --from` reads it.
    fn event(&self, name: &str) -> Event {
        let written = &self.events[name];
        let mut text = written.body.to_string();
        for (other, w) in &self.events {
            text = text.replace(&format!("\"@{other}\""), &format!("\"{}\"", w.id));
        }
        text = text.replace("\"@set\"", &format!("\"{}\"", self.set));
        let body: Value = serde_json::from_str(&text).unwrap();
        from_json(written.kind, &body, Unknown::Refuse)
            .unwrap_or_else(|e| panic!("{} {name}: {e:?}", self.id))
    }

    /// Writes the draft of an event, all of it or some fields.
    fn save(&mut self, name: &str, by: &str, fields: &Value) {
        let mut event = self.event(name);
        if let Some(list) = fields.as_array() {
            event.values.retain(|f, _| list.iter().any(|l| l == f));
        }
        let mut draft = Draft::from_event(&event);
        draft.id = self.events[name].draft.clone();
        let now = self.ward.clock.now();
        self.store().save_draft(&draft, by, now).unwrap();
        self.saved.insert(draft.id.clone(), draft);
    }

    /// The findings for an event; none of those that have to keep still, unless they are expected.
    fn findings(&self, name: &str, role: Option<Role>, expected: &[&str], at: &str) -> Vec<Finding> {
        let written = &self.events[name];
        let nid = written.signed.then_some(written.id.as_str());
        let found = self
            .store
            .as_ref()
            .unwrap()
            .findings(&self.event(name), nid, Some(&written.draft), role, &self.site())
            .unwrap();
        for finding in &found {
            let quiet = self.quiet.iter().any(|q| q == finding.rule) && !expected.contains(&finding.rule);
            assert!(!quiet, "{} {at}: {} speaks of {name}", self.id, finding.rule);
        }
        found
    }

    fn check(&mut self, step: &Value) {
        let name = word(step, "event");
        if !self.saved.contains_key(&self.events[name].draft) {
            self.save(name, "nobody", &Value::Null);
        }
        let fires: Vec<(&str, &str)> = step["fires"].as_array().map_or(Vec::new(), |list| {
            list.iter()
                .map(|f| (f[0].as_str().unwrap(), f[1].as_str().unwrap()))
                .collect()
        });
        let expected: Vec<&str> = fires.iter().map(|(rule, _)| *rule).collect();
        let found = self.findings(name, None, &expected, word(step, "at"));
        for (rule, severity) in fires {
            assert!(
                found
                    .iter()
                    .any(|f| f.rule == rule && f.severity.code() == severity),
                "{} {}: {rule} {severity} keeps still of {name}; {:?}",
                self.id,
                word(step, "at"),
                found
                    .iter()
                    .map(|f| (f.rule, f.severity.code()))
                    .collect::<Vec<_>>()
            );
        }
    }

    fn sign(&mut self, step: &Value) {
        let names: Vec<String> = words(&step["events"]).into_iter().map(str::to_owned).collect();
        let login = word(step, "by").to_owned();
        let refused = words(&step["refused"]);
        let mut all = Vec::new();
        for name in &names {
            if let Some(answers) = step["answers"].as_object() {
                let speaks: Vec<Finding> = self.findings(name, None, &refused, word(step, "at"));
                let written = self.events.get_mut(name).unwrap();
                for (rule, answer) in answers {
                    if names.len() == 1 || speaks.iter().any(|f| f.rule == rule.as_str()) {
                        merge(&mut written.body, &json!({"checked": {rule: answer}}));
                    }
                }
            }
            self.save(name, &login, &Value::Null);
            if refused.is_empty() {
                self.findings(name, None, &[], word(step, "at"));
            }
        }
        for name in &names {
            let written = &self.events[name];
            let event = self.event(name);
            let what = if written.signed {
                let reason = AmendReason {
                    code: "other".to_owned(),
                    text: step["reason"].as_str().unwrap_or("as told").to_owned(),
                };
                Statement::Amend {
                    nid: written.id.clone().into(),
                    seen: None,
                    event,
                    reason,
                }
            } else {
                Statement::Event(event)
            };
            all.push(ToSign {
                what,
                draft: Some(written.draft.clone()),
                id: None,
            });
        }
        let mut store = self.store.take().unwrap();
        let who = &self.people[&login];
        let signer = Signer {
            login: who.login,
            role: who.role,
            key: &who.key,
        };
        let outcome = store.record_all(all, &signer, &self.site());
        self.store = Some(store);
        let at = word(step, "at");
        match outcome {
            Ok(done) => {
                assert!(
                    refused.is_empty(),
                    "{} {at}: signed in spite of {refused:?}",
                    self.id
                );
                for (name, recorded) in names.iter().zip(done) {
                    let written = self.events.get_mut(name).unwrap();
                    self.saved.remove(&written.draft);
                    assert_eq!(recorded.nid, written.id, "the draft lends its identifier");
                    written.signed = true;
                    written.draft = new_uuid();
                }
            }
            Err(StoreError::Refused { findings, .. }) => {
                let found: Vec<_> = findings
                    .iter()
                    .map(|f| (f.rule, f.severity.code(), f.field, f.answer))
                    .collect();
                assert!(!refused.is_empty(), "{} {at}: refused for {found:?}", self.id);
                for rule in refused {
                    assert!(
                        findings.iter().any(|f| f.rule == rule),
                        "{} {at}: {rule} is not among {found:?}",
                        self.id
                    );
                }
            }
            Err(e) => panic!("{} {at}: {e:?}", self.id),
        }
    }

    /// Delivers and fetches what was decided.
    fn push(&mut self) {
        let mut store = self.store.take().unwrap();
        let report = self.ward.carrier().push_now(&mut store).unwrap();
        assert!(
            report.error.is_none() && report.left == 0,
            "{}: {report:?}",
            self.id
        );
        self.ward.carrier().feed(&mut store, Duration::ZERO).unwrap();
        self.store = Some(store);
    }

    pub fn statuses(&mut self, expected: &Value, at: &str) {
        for (name, status) in expected.as_object().into_iter().flatten() {
            let nid = self.events[name].id.clone();
            let now = standing(self.store(), &nid);
            let beside = self.store().notification(&nid).unwrap();
            assert_eq!(
                now.code(),
                status.as_str().unwrap(),
                "{} {at}: {name} {:?}",
                self.id,
                beside.problem
            );
        }
    }

    pub fn step(&mut self, step: &Value) {
        let at = word(step, "at");
        self.country.set_clock(at);
        match word(step, "do") {
            "draft" => self.save(word(step, "event"), word(step, "by"), &step["fields"]),
            "power_cut" => {
                drop(self.store.take());
                self.store = Some(self.ward.store());
                for (id, draft) in self.saved.clone() {
                    let found = self.store().draft(&id).unwrap().expect("the draft is there");
                    assert_eq!(found.draft, draft, "{} {at}", self.id);
                }
            }
            "discard" => {
                let draft = self.events[word(step, "event")].draft.clone();
                assert!(self.store().drop_draft(&draft).unwrap(), "{} {at}", self.id);
                self.saved.remove(&draft);
            }
            "take_over" => {
                let draft = self.events[word(step, "event")].draft.clone();
                let now = self.ward.clock.now();
                self.store()
                    .take_draft(&draft, word(step, "by"), now, true)
                    .unwrap();
            }
            "change" => {
                let written = self.events.get_mut(word(step, "event")).unwrap();
                merge(&mut written.body, &step["to"]);
                if let Some(kind) = step["kind"].as_str() {
                    written.kind = Kind::from_code(kind).unwrap();
                }
                self.saved.remove(&written.draft);
            }
            "check" => self.check(step),
            "sign" => self.sign(step),
            "push" => self.push(),
            "desk" => {
                let nid = self.events[word(step, "event")].id.clone();
                let h = self.store().notification(&nid).unwrap().h;
                let text = step["text"].as_str().unwrap_or_default();
                self.country
                    .rule_at_the_desk(&h, &[("act", word(step, "act")), ("text", text)]);
                self.push();
            }
            "revoke" => {
                let kid = self.people[word(step, "who")].key.public().kid().to_owned();
                portal::revoke(&self.country.portal_dir(), &kid, &self.country.clock).unwrap();
                let mut store = self.store.take().unwrap();
                self.ward.carrier().fetch_trust(&mut store).unwrap();
                self.store = Some(store);
            }
            "void" | "attest" => self.annul(step),
            "clock" => {
                self.trusted = step["trusted"].as_bool().unwrap();
                self.ward.clock = match step["shows"].as_str() {
                    Some(shown) => HandClock::new(shown),
                    None => self.country.clock.clone(),
                };
            }
            other => panic!("{}: no step {other}", self.id),
        }
        self.statuses(&step["status"], at);
    }

    fn annul(&mut self, step: &Value) {
        let nid = self.events[word(step, "event")].id.clone();
        let what = match word(step, "do") {
            "void" => Statement::Void {
                nid: nid.into(),
                reason: AmendReason {
                    code: "wrong-person".to_owned(),
                    text: step["reason"].as_str().unwrap_or_default().to_owned(),
                },
            },
            _ => Statement::Attest { nid: nid.into() },
        };
        let mut store = self.store.take().unwrap();
        let who = &self.people[word(step, "by")];
        let signer = Signer {
            login: who.login,
            role: who.role,
            key: &who.key,
        };
        store.record(what, &signer, &self.site()).unwrap();
        self.store = Some(store);
    }
}
