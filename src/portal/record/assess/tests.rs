//! What a statement comes to, case by case.

use serde_json::{Value, json};

use super::*;
use crate::env::ClockTrust;
use crate::form::body::{Unknown, from_json};
use crate::portal::record::{Answer, Revision, Step, reduce};
use crate::seal::EntryType;

fn birth() -> Value {
    json!({
        "child": {"sex": "female", "surname": "Раҳимова", "given": "Мадина", "patronymic": "Рустамовна"},
        "birth": {
            "date": "2026-11-22", "time": "10:15", "place": "facility", "district": "TJ-DU-01",
            "attendant": "midwife", "weight": 3100, "length": 510, "weeks": 39, "plurality": 1,
            "apgar_1": 8, "apgar_5": 9
        },
        "mother": {
            "surname": "Раҳимова", "given": "Сарвиноз", "patronymic": "Холмуродовна", "born": "1995-03-04",
            "district": "TJ-DU-01", "address": "кӯчаи Рӯдакӣ 1", "document": "А 01410027",
            "marriage": "registered", "marriage_act": "12/2019", "education": "higher",
            "live_births_before": 1
        },
        "father": {"surname": "Саидов", "given": "Рустам", "born": "1985-02-03", "document": "А 01410028"},
        "informant": "модар", "office": "TJ-DU-01", "paper_certificate": {"not": "knowable"}
    })
}

/// One case, and what it comes to: a word, and the codes of the reasons.
struct Table {
    settings: PortalSettings,
    now: DateTime<FixedOffset>,
    body: Value,
    before: Option<Value>,
    signer: Signer,
    around: Surroundings,
    answers: Vec<(Reason, Option<Nid>)>,
}

impl Table {
    fn new() -> Table {
        Table {
            settings: PortalSettings::default(),
            now: DateTime::parse_from_rfc3339("2026-11-23T10:00:00+05:00").unwrap(),
            body: birth(),
            before: None,
            signer: Signer {
                role: Some(Role::Doctor),
                doubt: None,
            },
            around: Surroundings {
                members: 1,
                ..Surroundings::default()
            },
            answers: Vec::new(),
        }
    }

    fn set(mut self, pointer: &str, value: Value) -> Table {
        *self.body.pointer_mut(pointer).unwrap() = value;
        self
    }

    fn comes_to(&self) -> (&'static str, Vec<String>) {
        let read = |body: &Value| from_json(Kind::Birth, body, Unknown::Keep).unwrap();
        let event = read(&self.body);
        let before = self.before.as_ref().map(read);
        let (h, nid) = (EntryHash::from("h1"), Nid::from("n1"));
        let entry = Entry {
            v: 1,
            t: EntryType::Notice(Kind::Birth),
            id: "n1".into(),
            nid: nid.clone(),
            rev: 1,
            jid: "j".into(),
            seq: 2,
            prev: "p".into(),
            rec: self.now,
            clk: ClockTrust::Synced,
            fac: "TJ-DU-02-H01".into(),
            dev: "d".into(),
            usr: "doctor".into(),
            role: Role::Doctor,
            app: "test".into(),
            body: serde_json::Map::new(),
            reference: None,
            reason: None,
        };
        let answers = self.answers.iter().map(|(reason, of)| Answer {
            code: reason.code().to_owned(),
            of: of.clone(),
            entry: h.clone(),
        });
        let made = Step::Made {
            kind: Kind::Birth,
            fac: entry.fac.clone(),
            at_ms: self.now.timestamp_millis(),
        };
        let at = Revision { rev: 1, h: h.clone() };
        let record = reduce(None, &nid, &at, &[made, Step::Answered(answers.collect())]).unwrap();
        let case = Case {
            settings: &self.settings,
            now: self.now,
            record: &record,
            h: &h,
            entry: &entry,
            event: &event,
            signer: &self.signer,
            around: &self.around,
            before: before.as_ref(),
            registered: before.is_some(),
            kept: &[],
        };
        let codes = |holds: Vec<Hold>| holds.into_iter().map(|h| h.problem.code).collect();
        match assess(&case) {
            Assessment::Cleared(cleared) => {
                assert_eq!(*cleared.entry(), h);
                ("cleared", Vec::new())
            }
            Assessment::Prepared(..) => ("prepared", Vec::new()),
            Assessment::NeedsHuman(holds) => ("human", codes(holds)),
            Assessment::Waits(waits) => ("waits", vec![waits.overdue().problem.code]),
            Assessment::Fault(problem) => ("fault", vec![problem.code]),
        }
    }

    #[track_caller]
    fn is(&self, word: &str, codes: &[&str]) {
        let (found, reasons) = self.comes_to();
        assert_eq!(
            (found, reasons.iter().map(String::as_str).collect()),
            (word, codes.to_vec())
        );
    }
}

fn linked(kind: &str, other: Option<(Kind, State)>) -> Surroundings {
    Surroundings {
        members: 1,
        links: vec![Linked {
            link: Link {
                nid: "n2".into(),
                kind: kind.into(),
            },
            other,
        }],
        ..Surroundings::default()
    }
}

#[test]
fn what_nothing_speaks_against_is_cleared() {
    Table::new().is("cleared", &[]);
}

#[test]
fn a_doubted_signature_stops_before_all_else_and_no_answer_counts_for_one_that_nobody_knows() {
    for (reason, answered) in [(Reason::UnknownKey, "human"), (Reason::RevokedKey, "cleared")] {
        let mut table = Table::new();
        table.signer.doubt = Some(Hold::of(reason));
        table.is("human", &[reason.code()]);
        table.answers.push((reason, None));
        let codes: &[&str] = if answered == "human" {
            &[reason.code()]
        } else {
            &[]
        };
        table.is(answered, codes);
    }
}

#[test]
fn whoever_may_not_certify_is_told_so() {
    let mut table = Table::new();
    table.signer.role = Some(Role::Clerk);
    table.is("fault", &["role"]);
    table.signer.role = None;
    table.is("fault", &["role"]);
    // A clerk supplements what a certifier signed, and no medical field.
    table.signer.role = Some(Role::Clerk);
    table.before = Some(birth());
    table
        .set("/mother/education", json!("secondary"))
        .is("human", &["correction"]);
}

#[test]
fn look_alikes_are_shown_one_by_one_and_answered_one_by_one() {
    let mut table = Table::new();
    table.around.alike = vec!["n2".into(), "n3".into()];
    table.is("human", &["look-alike", "look-alike"]);
    table.answers.push((Reason::LookAlike, Some("n2".into())));
    table.is("human", &["look-alike"]);
    table.answers.push((Reason::LookAlike, Some("n3".into())));
    table.is("cleared", &[]);
}

#[test]
fn no_answer_counts_for_an_error() {
    let mut table = Table::new().set("/birth/weight", json!(99));
    table.answers.push((Reason::LookAlike, None));
    assert_eq!(table.comes_to().0, "fault");
}

#[test]
fn a_link_has_to_lead_somewhere_that_it_fits() {
    let table = |kind: &str, other| {
        let mut table = Table::new();
        table.body["links"] = json!([{"nid": "n2", "kind": kind}]);
        table.around = linked(kind, other);
        table
    };
    let held = || State::Held(vec![Hold::of(Reason::Late)]);
    table("twin", None).is("waits", &["link-missing"]);
    table("twin", Some((Kind::Birth, held()))).is("cleared", &[]);
    table("twin", Some((Kind::Death, held()))).is("human", &["link-wrong"]);
    table("cousin", Some((Kind::Birth, held()))).is("human", &["link-wrong"]);
    table("death-of-this-birth", Some((Kind::Birth, held()))).is("human", &["link-wrong"]);
    let mut late = table("twin", None);
    late.answers.push((Reason::LinkMissing, Some("n2".into())));
    late.is("cleared", &[]);
}

#[test]
fn an_incomplete_set_waits_until_a_registrar_goes_on_without() {
    let mut table = Table::new().set("/birth/plurality", json!(2));
    table.body["birth"]["order"] = json!(1);
    table.body["set"] = json!({"id": "0199a3f0-0000-7000-8000-000000000001", "order": 1, "n": 2});
    table.is("waits", &["set-incomplete"]);
    table.answers.push((Reason::SetIncomplete, None));
    assert_ne!(table.comes_to().0, "waits");
}

#[test]
fn what_cannot_be_told_apart_or_dated_is_for_a_person() {
    let mut table = Table::new();
    table.around.signed = Some(SigningTime::Unproven);
    table.is("human", &["time-unproven"]);
    table.around.signed = Some(SigningTime::Ruled);
    table.is("cleared", &[]);
    let mut nobody = Table::new();
    for field in ["surname", "given", "document"] {
        nobody.body["mother"][field] = json!({"not": "yet"});
    }
    nobody.is("human", &["no-identity"]);
}

#[test]
fn a_registered_statement_changes_by_itself_only_where_nothing_new_speaks_against_it() {
    let unnamed = || {
        let mut before = birth();
        before["child"]["given"] = json!({"not": "yet"});
        before
    };
    let mut table = Table::new();
    table.before = Some(unnamed());
    table.is("cleared", &[]);
    // Naming the child does not ask again what it resembled.
    table.around.alike = vec!["n2".into()];
    table.is("cleared", &[]);
    // Filling in whose child it is does.
    table.before.as_mut().unwrap()["mother"]["document"] = json!({"not": "yet"});
    table.is("human", &["look-alike"]);
    table.around.alike.clear();
    table.is("cleared", &[]);
    table
        .set("/birth/weight", json!(3300))
        .is("human", &["correction"]);
}

#[test]
fn the_policy_prepares_or_holds_and_a_registrar_goes_past_it() {
    for (auto, word, codes, answer) in [
        (
            crate::portal::Auto::Prepared,
            "prepared",
            vec![],
            Reason::Prepared,
        ),
        (crate::portal::Auto::Held, "human", vec!["policy"], Reason::Policy),
    ] {
        let mut table = Table::new();
        table.settings.auto = auto;
        table.is(word, &codes);
        table.answers.push((answer, None));
        table.is("cleared", &[]);
    }
}

#[test]
fn a_receipt_upholds_nothing_that_its_entrys_signature_does_not_bear_out() {
    let table = Table::new();
    assert!(uphold(&table.signer, &"h1".into()).is_some_and(|cleared| cleared.is_upheld()));
    let doubted = Signer {
        doubt: Some(Hold::of(Reason::UnknownKey)),
        ..table.signer
    };
    assert_eq!(uphold(&doubted, &"h1".into()), None);
}
