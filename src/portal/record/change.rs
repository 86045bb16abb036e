//! What a decision changes of a notification, and how changes add up to it.
//!
//! Every decision is kept as the steps that it took, with the evidence that it rested on, and is never
//! taken again: [`reduce`] adds the steps of a notification up, in their order, to what it is now.

use serde::{Deserialize, Serialize};

use super::assess::Cleared;
use super::hold::{Answer, Hold};
use super::state::{
    About, ActPlace, Annulment, Certificate, Original, Record, Registration, Revision, State, Waits,
};
use crate::seal::Problem;
use crate::vital::{FacilityCode, Kind, Nid, OfficeCode};
use crate::wire::Reason;

/// One step of a decision. FROZEN: kept as JSON for as long as the register itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A first entry made a notification.
    Made {
        kind: Kind,
        fac: FacilityCode,
        at_ms: i64,
    },
    /// A first entry by a key that is believed took the place of one whose key nobody believes.
    Displaced,
    /// Whose facility's it is from then on, and when its first entry arrived.
    Belongs { fac: FacilityCode, at_ms: i64 },
    /// The entry is the newest revision that may take effect.
    Revised,
    /// The entry's statement is in force, or would be once the notification is registered.
    Described { about: About, office: OfficeCode },
    /// It waits for what is still to come.
    Waits(Waits),
    /// A person has to look.
    Held(Vec<Hold>),
    /// The newest revision waits for a person beside what is registered.
    HeldBeside(Vec<Hold>),
    /// The ward has to correct it.
    Returned { why: Problem, kept: Vec<Hold> },
    /// The newest revision came to nothing: the one in force is the newest again.
    Dropped,
    /// A complete file waits for the family.
    Prepared { cleared: Cleared, why: Problem },
    /// It stands in the register.
    Registered {
        cleared: Cleared,
        number: String,
        at_ms: i64,
    },
    /// It stands in the register as it stood in a book before there was this registry.
    Imported {
        cleared: Cleared,
        act: ActPlace,
        at_ms: i64,
    },
    /// A later statement took the place of the one that is registered.
    Applied { cleared: Cleared },
    /// A person has to look at it although it stands in the register.
    Noticed(Vec<Hold>),
    /// A registrar answered these reasons.
    Answered(Vec<Answer>),
    /// Somebody asks to annul it.
    AnnulmentAsked(Annulment),
    /// A registrar decided that the annulment is right; a second one confirms it.
    AnnulmentDecided { login: String, reason: String },
    /// The annulment was declined: it stands as it stood.
    AnnulmentDeclined,
    /// The annulment took effect.
    Annulled,
    /// The event stands in the register already.
    Duplicate { of: Original },
    /// The family has the certificate.
    Certified(Certificate),
    /// Another office serves it.
    Transferred { office: OfficeCode },
    /// An older version kept no decisions: what it had come to.
    Inherited(Box<Record>),
}

/// Adds the steps that a decision about an entry took up to what a notification was before. None where
/// nothing has made it.
pub fn reduce(before: Option<Record>, nid: &Nid, at: &Revision, steps: &[Step]) -> Option<Record> {
    let mut record = before;
    for step in steps {
        record = match (step, record) {
            (Step::Made { kind, fac, at_ms }, None) => Some(Record {
                nid: nid.clone(),
                kind: *kind,
                fac: fac.clone(),
                office: OfficeCode::default(),
                first_ms: *at_ms,
                first: at.h.clone(),
                newest: at.clone(),
                effective: at.clone(),
                about: About::default(),
                state: State::Received(Waits::Decision),
                beside: Vec::new(),
                notices: Vec::new(),
                answers: Vec::new(),
            }),
            (Step::Inherited(record), _) => Some((**record).clone()),
            (_, None) => None,
            (step, Some(record)) => Some(apply(record, at, step)),
        };
    }
    record
}

fn apply(mut record: Record, at: &Revision, step: &Step) -> Record {
    match step {
        Step::Made { .. } | Step::Inherited(_) => {}
        Step::Displaced => {
            record.first = at.h.clone();
            record.newest = at.clone();
            record.effective = at.clone();
            record.state = State::Received(Waits::Decision);
            record.answers.clear();
        }
        Step::Belongs { fac, at_ms } => {
            record.fac = fac.clone();
            record.first_ms = *at_ms;
        }
        Step::Revised => record.newest = at.clone(),
        Step::Described { about, office } => {
            record.effective = at.clone();
            record.about = about.clone();
            record.office = office.clone();
        }
        Step::Waits(waits) => record.state = State::Received(waits.clone()),
        Step::Held(why) => {
            record.state = State::Held(why.clone());
            record.beside.clear();
        }
        Step::HeldBeside(why) => record.beside = why.clone(),
        Step::Returned { kept, .. } => record.state = State::Returned { kept: kept.clone() },
        Step::Dropped => {
            record.newest = record.effective.clone();
            record.beside.clear();
        }
        Step::Prepared { why, .. } => record.state = State::Prepared(why.clone()),
        Step::Registered { number, at_ms, .. } => {
            record.state = State::Registered(Registration {
                number: number.clone(),
                at_ms: *at_ms,
                certificate: None,
                earlier: None,
            });
            record.beside.clear();
        }
        Step::Imported { act, at_ms, .. } => {
            record.state = State::Registered(Registration {
                number: act.number.clone(),
                at_ms: *at_ms,
                certificate: None,
                earlier: Some(act.clone()),
            });
            record.beside.clear();
        }
        Step::Applied { .. } => {
            record.newest = at.clone();
            record.effective = at.clone();
            record.beside.clear();
        }
        Step::Noticed(holds) => {
            for hold in holds {
                if !record.notices.contains(hold) {
                    record.notices.push(hold.clone());
                }
            }
        }
        Step::Answered(answers) => {
            let answered = |hold: &Hold| {
                answers
                    .iter()
                    .any(|a| a.code == hold.problem.code && a.of == hold.of)
            };
            record.notices.retain(|hold| !answered(hold));
            for answer in answers {
                if !record.answers.contains(answer) {
                    record.answers.push(answer.clone());
                }
            }
        }
        Step::AnnulmentAsked(annulment) => {
            let stood = std::mem::replace(&mut record.state, State::Received(Waits::Decision));
            record.state = State::AnnulmentPending {
                annulment: annulment.clone(),
                stood: Box::new(stood),
            };
        }
        Step::AnnulmentDecided { login, reason } => {
            if let State::AnnulmentPending { annulment, .. } = &mut record.state {
                annulment.decided_by = Some(login.clone());
                annulment.reason = Some(reason.clone());
            }
        }
        Step::AnnulmentDeclined => {
            if let State::AnnulmentPending { stood, .. } = record.state {
                record.state = *stood;
            }
        }
        Step::Annulled => {
            let registration = record.state.registration().cloned();
            record.state = State::Voided { registration };
            record.beside.clear();
            record.notices.clear();
        }
        Step::Duplicate { of } => record.state = State::Duplicate { of: of.clone() },
        Step::Certified(certificate) => {
            if let State::Registered(registration) = &mut record.state {
                registration.certificate = Some(certificate.clone());
            }
            if !certificate.number.is_empty() {
                record.notices.retain(|hold| !hold.is(Reason::CertificateLost));
            }
        }
        Step::Transferred { office } => record.office = office.clone(),
    }
    record
}

impl Step {
    /// Its word. FROZEN: what is kept is read by it.
    pub fn word(&self) -> &'static str {
        match self {
            Step::Made { .. } => "made",
            Step::Displaced => "displaced",
            Step::Belongs { .. } => "belongs",
            Step::Revised => "revised",
            Step::Described { .. } => "described",
            Step::Waits(_) => "waits",
            Step::Held(_) => "held",
            Step::HeldBeside(_) => "held-beside",
            Step::Returned { .. } => "returned",
            Step::Dropped => "dropped",
            Step::Prepared { .. } => "prepared",
            Step::Registered { .. } => "registered",
            Step::Imported { .. } => "imported",
            Step::Applied { .. } => "applied",
            Step::Noticed(_) => "noticed",
            Step::Answered(_) => "answered",
            Step::AnnulmentAsked(_) => "annulment-asked",
            Step::AnnulmentDecided { .. } => "annulment-decided",
            Step::AnnulmentDeclined => "annulment-declined",
            Step::Annulled => "annulled",
            Step::Duplicate { .. } => "duplicate",
            Step::Certified(_) => "certified",
            Step::Transferred { .. } => "transferred",
            Step::Inherited(_) => "inherited",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::record::problem;
    use serde_json::json;

    fn at(rev: u32) -> Revision {
        Revision {
            rev,
            h: format!("h{rev}").as_str().into(),
        }
    }

    fn made() -> Step {
        Step::Made {
            kind: Kind::Birth,
            fac: "TJ-DU-02-H01".into(),
            at_ms: 5,
        }
    }

    /// Steps as they are kept; a later version reads them for as long as the register itself.
    #[test]
    fn what_is_kept_of_a_decision_is_frozen() {
        let why = json!({"code": "late", "text": {"en": "x"}});
        let cleared = json!({"h": "h1", "ground": "assessed"});
        for (text, word) in [
            (
                json!({"made": {"kind": "birth", "fac": "TJ-DU-02-H01", "at_ms": 5}}),
                "made",
            ),
            (json!("displaced"), "displaced"),
            (json!("revised"), "revised"),
            (
                json!({"described": {"about": {"set": ["s", 2], "day": 20600, "event_ms": 7}, "office": "TJ-DU-02"}}),
                "described",
            ),
            (json!({"waits": "set"}), "waits"),
            (json!({"waits": {"link": "n2"}}), "waits"),
            (json!({"waits": "death"}), "waits"),
            (json!({"held": [{"problem": why, "of": "n2"}]}), "held"),
            (json!({"held-beside": [{"problem": why}]}), "held-beside"),
            (json!({"returned": {"why": why, "kept": []}}), "returned"),
            (json!("dropped"), "dropped"),
            (json!({"prepared": {"cleared": cleared, "why": why}}), "prepared"),
            (
                json!({"registered": {"cleared": cleared, "number": "N-1", "at_ms": 9}}),
                "registered",
            ),
            (
                json!({"applied": {"cleared": {"h": "h2", "ground": "upheld"}}}),
                "applied",
            ),
            (json!({"noticed": [{"problem": why, "of": "n2"}]}), "noticed"),
            (json!({"answered": [{"code": "late", "entry": "h1"}]}), "answered"),
            (
                json!({"annulment-asked": {"h": "h2", "kid": "k"}}),
                "annulment-asked",
            ),
            (
                json!({"annulment-decided": {"login": "one", "reason": "хато"}}),
                "annulment-decided",
            ),
            (json!("annulment-declined"), "annulment-declined"),
            (json!("annulled"), "annulled"),
            (json!({"duplicate": {"of": "n2"}}), "duplicate"),
            (
                json!({"certified": {"number": "I-ТҶ 1", "on": "2026-11-23"}}),
                "certified",
            ),
            (json!({"transferred": {"office": "TJ-DU-01"}}), "transferred"),
        ] {
            let step: Step = serde_json::from_value(text.clone()).unwrap();
            assert_eq!(step.word(), word);
            assert_eq!(serde_json::to_value(&step).unwrap(), text);
        }
    }

    #[test]
    fn steps_add_up_and_an_annulment_that_is_declined_leaves_what_stood() {
        let registered: Step = serde_json::from_value(json!({"registered":
            {"cleared": {"h": "h1", "ground": "assessed"}, "number": "N-1", "at_ms": 9}}))
        .unwrap();
        let nid = Nid::from("n");
        let stood = reduce(None, &nid, &at(1), &[made(), registered]).unwrap();
        assert!(stood.registered().is_some() && stood.state.stands());
        let asked = Step::AnnulmentAsked(Annulment {
            h: "h2".into(),
            kid: Some("k".to_owned()),
            decided_by: None,
            reason: None,
        });
        let pending = reduce(Some(stood.clone()), &nid, &at(2), std::slice::from_ref(&asked)).unwrap();
        assert!(pending.registered().is_none() && pending.state.stands());
        assert_eq!(pending.state.registration().unwrap().number, "N-1");
        let declined = reduce(Some(pending.clone()), &nid, &at(2), &[Step::AnnulmentDeclined]).unwrap();
        assert_eq!(declined, stood);
        let annulled = reduce(Some(pending), &nid, &at(2), &[Step::Annulled]).unwrap();
        assert!(!annulled.state.stands());
        // A correction beside it that comes to nothing leaves the revision in force.
        let beside = [
            Step::Revised,
            Step::HeldBeside(vec![Hold::of(Reason::Correction)]),
        ];
        let waits = reduce(Some(stood.clone()), &nid, &at(2), &beside).unwrap();
        assert_eq!((waits.newest.rev, waits.effective.rev), (2, 1));
        assert_eq!(
            reduce(Some(waits), &nid, &at(2), &[Step::Dropped]).unwrap(),
            stood
        );
        // Nothing comes of steps that nothing has made.
        assert_eq!(reduce(None, &nid, &at(1), &[Step::Annulled]), None);
        let held = Step::Held(vec![Hold {
            problem: problem(Reason::UnknownKey),
            of: None,
        }]);
        let held = reduce(None, &nid, &at(1), &[made(), held]).unwrap();
        assert!(
            !held.state.stands(),
            "a key that nobody believes resembles nothing"
        );
    }
}
