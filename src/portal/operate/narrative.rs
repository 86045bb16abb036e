//! Facts and decisions of a notification in whole sentences, for an operator.
//!
//! Deliberately absent, unless asked for: names, and words that people wrote. A reason whose sentence takes
//! words of its own is told by its code and field then.

use std::collections::BTreeMap;

use crate::lang::{Arg, Lang, Msg, has};
use crate::portal::record::{
    EntryRow, Evidence, Hold, LoggedDecision, Original, SigningTime, Step, Waits, reread,
};
use crate::questions::{label_id, question};
use crate::seal::{Problem, Receipt};
use crate::vital::Nid;
use crate::wire::Reason;

/// Letters of a key that tell it apart from others.
const SHORT: usize = 10;

/// One sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sentence {
    /// Of the catalogue.
    Ours(Msg),
    /// As a receipt carries it, in each language.
    Carried(BTreeMap<String, String>),
}

impl Sentence {
    pub(super) fn render(&self, lang: Lang) -> String {
        match self {
            Sentence::Ours(msg) => msg.render(lang),
            Sentence::Carried(text) => text.get(lang.code()).cloned().unwrap_or_default(),
        }
    }
}

fn ours(msg: Msg) -> Sentence {
    Sentence::Ours(msg)
}

fn plain(id: &'static str) -> Sentence {
    ours(Msg::new(id))
}

/// A word of the catalogue where it has one, else the word itself.
fn named(prefix: &str, word: &str) -> Arg {
    let id = format!("{prefix}{word}");
    match has(&id) {
        true => Arg::Ref(id),
        false => Arg::from(word),
    }
}

fn short(kid: &str) -> String {
    kid.chars().take(SHORT).collect()
}

/// What an entry is, from where, and who signed it.
pub(super) fn of_entry(row: &EntryRow) -> Vec<Sentence> {
    let what = match has(&format!("kind-{}", row.t)) {
        true => named("kind-", &row.t),
        false => named("explain-what-", &row.t),
    };
    let arrived = Msg::new("explain-arrived")
        .with("what", what)
        .with("fac", row.fac.as_str())
        .with("rev", row.rev);
    let role = reread(row).map(|entry| entry.role.code()).unwrap_or_default();
    let signed = Msg::new("explain-signed")
        .with("role", named("role-", role))
        .with("key", short(&row.kid))
        .with("seq", row.seq)
        .with("journal", row.jid.as_str());
    let holds = match row.verified {
        true => "explain-verified",
        false => "explain-unverified",
    };
    vec![ours(arrived), ours(signed), plain(holds)]
}

/// What was decided, why, by whom, and what was looked at.
pub(super) fn of_decision(decision: &LoggedDecision, names: bool) -> Vec<Sentence> {
    let mut out: Vec<Sentence> = Vec::new();
    for sentence in decision.steps.iter().flat_map(|step| of_step(step, names)) {
        // Two steps that say the same are told once.
        if !out.contains(&sentence) {
            out.push(sentence);
        }
    }
    if out.is_empty() {
        out.push(plain("explain-unchanged"));
    }
    out.extend(of_evidence(&decision.evidence));
    out
}

fn of_step(step: &Step, names: bool) -> Vec<Sentence> {
    let msg = Msg::new(format!("explain-step-{}", step.word()));
    let mut more = Vec::new();
    let msg = match step {
        Step::Made { kind, fac, .. } => msg
            .with("kind", named("kind-", kind.code()))
            .with("fac", fac.as_str()),
        Step::Belongs { fac, .. } => msg.with("fac", fac.as_str()),
        Step::Described { office, .. } | Step::Transferred { office } => msg.with("office", office.as_str()),
        Step::Waits(waits) => {
            more.push(on(waits, names));
            msg
        }
        Step::Held(all) | Step::HeldBeside(all) | Step::Noticed(all) => {
            more.extend(all.iter().flat_map(|hold| because(hold, names)));
            msg
        }
        Step::Returned { why, .. } | Step::Prepared { why, .. } => {
            more.push(reason(why, names));
            msg
        }
        Step::Registered { number, .. } => msg.with("number", number.as_str()),
        Step::Imported { act, .. } => act_of(msg, act),
        Step::Answered(answers) => {
            let codes: Vec<&str> = answers.iter().map(|answer| answer.code.as_str()).collect();
            msg.with("codes", codes.join(", "))
        }
        Step::AnnulmentDecided { login, .. } => msg.with("login", login.as_str()),
        Step::Duplicate { of } => match of {
            Original::Notification(nid) => msg.with("of", nid.as_str()),
            Original::Act(act) => act_of(Msg::new("explain-step-repeats-act"), act),
        },
        Step::Certified(certificate) => msg.with("on", certificate.on.as_str()),
        Step::Inherited(record) => msg.with("status", named("status-", record.status().code())),
        Step::Displaced
        | Step::Revised
        | Step::Dropped
        | Step::Applied { .. }
        | Step::AnnulmentAsked(_)
        | Step::AnnulmentDeclined
        | Step::Annulled => msg,
    };
    let mut out = vec![ours(msg)];
    out.append(&mut more);
    out
}

fn act_of(msg: Msg, act: &crate::portal::record::ActPlace) -> Msg {
    let year = act.year.map(|year| year.to_string()).unwrap_or_default();
    msg.with("office", act.office.as_str())
        .with("year", year)
        .with("number", act.number.as_str())
}

fn on(waits: &Waits, names: bool) -> Sentence {
    match waits.problem() {
        Some(problem) => reason(&problem, names),
        None => plain("explain-waits-before"),
    }
}

fn because(hold: &Hold, names: bool) -> Vec<Sentence> {
    let other = |nid: &Nid| ours(Msg::new("explain-other").with("of", nid.as_str()));
    let mut out = vec![reason(&hold.problem, names)];
    out.extend(hold.of.as_ref().map(other));
    out
}

/// A reason in words: with `names` as the receipt carries it, otherwise without anything that may be a
/// person's.
fn reason(problem: &Problem, names: bool) -> Sentence {
    if names && !problem.text.is_empty() {
        return Sentence::Carried(problem.text.clone());
    }
    let fixed = Reason::from_code(&problem.code).map(Reason::msg);
    // A sentence with a gap takes words of its own.
    let fixed = fixed.filter(|msg| Lang::ALL.iter().all(|lang| !msg.render(*lang).contains('{')));
    match (fixed, &problem.field) {
        (Some(msg), _) => ours(msg),
        (None, Some(field)) => {
            let label = match question(field) {
                Some(_) => Arg::Ref(label_id(field)),
                None => Arg::from(field.as_str()),
            };
            let msg = Msg::new("explain-reason-at").with("code", problem.code.as_str());
            ours(msg.with("field", label))
        }
        (None, None) => ours(Msg::new("explain-reason").with("code", problem.code.as_str())),
    }
}

fn of_evidence(evidence: &Evidence) -> Vec<Sentence> {
    let mut out = vec![match &evidence.login {
        Some(login) => ours(Msg::new("explain-by-registrar").with("login", login.as_str())),
        None => plain("explain-by-rules"),
    }];
    if let Some(role) = &evidence.role {
        out.push(ours(Msg::new("explain-as").with("role", named("role-", role))));
    }
    for (nid, points) in &evidence.alike {
        let msg = Msg::new("explain-alike").with("of", nid.as_str());
        out.push(ours(msg.with("points", i64::from(*points))));
    }
    out.extend(evidence.signed.as_ref().map(|signed| {
        plain(match signed {
            SigningTime::Proven => "explain-time-proven",
            SigningTime::Ruled => "explain-time-ruled",
            SigningTime::Unproven => "explain-time-unproven",
        })
    }));
    let under = Msg::new("explain-under")
        .with("app", evidence.app.as_str())
        .with("trust", evidence.trust.to_string())
        .with("settings", evidence.settings.as_str());
    out.push(ours(under));
    out
}

/// What somebody of the registry did; with the words that they wrote where these are given.
pub(super) fn of_act(word: &str, login: &str, place: &str, words: Option<&str>) -> Vec<Sentence> {
    let msg = Msg::new("explain-did")
        .with("what", named("explain-act-", word))
        .with("login", login)
        .with("place", place);
    let mut out = vec![ours(msg)];
    out.extend(words.map(|words| ours(Msg::new("explain-wrote").with("text", words))));
    out
}

/// What a receipt tells the ward.
pub(super) fn of_receipt(receipt: &Receipt, names: bool) -> Vec<Sentence> {
    let msg = Msg::new("explain-told")
        .with("n", format!("{}.{}", receipt.epoch, receipt.n))
        .with("rev", receipt.rev)
        .with("status", named("status-", receipt.status.code()));
    let mut out = vec![ours(msg)];
    let number = receipt.reg_no.as_ref();
    out.extend(number.map(|number| ours(Msg::new("explain-number").with("number", number.as_str()))));
    out.extend(receipt.problem.as_ref().map(|problem| reason(problem, names)));
    let other = receipt.dup_of.as_ref();
    out.extend(other.map(|of| ours(Msg::new("explain-other").with("of", of.as_str()))));
    out
}
