//! An event that is told at the office: its questions as a form, and what the rules find beside them.
//!
//! The page is made from the questions of the ward's form. It needs no script: what does not apply to what
//! was answered so far stands folded up at the end of its section, and is open to whoever needs it.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::Deserialize;
use utoipa::ToSchema;

use super::layout::{Notice, frame};
use crate::env::new_uuid;
use crate::form::{Draft, FieldError};
use crate::lang::{Lang, Msg, has, text};
use crate::portal::book::BookResult;
use crate::portal::record::Faults;
use crate::portal::staff::sign_in::Principal;
use crate::portal::unit::own_entry::OwnStatement;
use crate::portal::unit::registry::Registry;
use crate::questions::{self, Input, Need, Question, label_id};
use crate::rules::{Finding, Severity};
use crate::seal::Status;
use crate::vital::{Answer, Event, Kind, Not, field as f};
use crate::wire::{ProblemCode, path};

/// Before the name of a field: why it has no value.
const NOT: &str = "not.";
/// Before the identifier of a rule: what whoever enters it says of the warning.
const CHECKED: &str = "checked.";
/// Its word in the log and among the sources of statements. FROZEN.
pub(super) const PAPER: &str = "paper";

/// What was answered at the office.
#[derive(Deserialize, ToSchema)]
pub(in crate::portal) struct PaperForm {
    /// What the page was given, so that what is sent twice is entered once.
    #[serde(default)]
    #[schema(required = true)]
    id: String,
    /// Answers by field; `not.` before a field says why it has none, `checked.` before a rule answers its
    /// warning.
    #[serde(flatten)]
    answers: BTreeMap<String, String>,
}

/// What entering came to.
pub(in crate::portal) enum Entered {
    /// It is kept: where to go.
    At(String),
    /// The page, with what is wrong.
    Shown(String),
}

/// The address of the questions about a kind of event.
pub(super) fn address(kind: Kind) -> String {
    format!("{}/new/{}", path::DESK, kind.code())
}

/// The address of the page on which a notification that was told at the office is corrected.
pub(super) fn amend_address(nid: &str) -> String {
    format!("{}/amend/{nid}", path::DESK)
}

/// What the page shows beside the questions.
pub(super) struct Shown<'a> {
    pub draft: &'a Draft,
    pub event: &'a Event,
    pub errors: &'a [FieldError],
    pub findings: &'a [Finding],
    /// A sentence of the catalogue above everything.
    pub said: Option<&'static str>,
    pub what: Asked<'a>,
    pub lang: Lang,
}

/// What the page asks about.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    /// An event under a new identifier.
    New { id: &'a str },
    /// A correction of what an entry states, and why.
    Correction { nid: &'a str, of: &'a str, why: &'a str },
}

/// Whether a person enters what is told at the office: whoever has one.
pub(super) fn has_office(person: &Principal) -> bool {
    crate::codes::knows("office", &person.place)
}

/// The questions about an event, not answered yet; where to go for whoever has no office.
pub(in crate::portal) fn new_page(person: &Principal, kind: Kind, lang: Lang) -> Entered {
    if !has_office(person) {
        return Entered::At(Notice::at(path::DESK, "desk-no-office"));
    }
    let mut draft = Draft::new(kind);
    match kind {
        Kind::Birth | Kind::FoetalDeath => draft.put(f::BIRTH_PLURALITY, "1"),
        Kind::Death => {
            draft.put(f::DEATH_CERTIFICATE, "final");
            draft.put(f::CAUSE_LANG, lang.code());
        }
    }
    draft.put(f::OFFICE, &person.place);
    let (event, _) = draft.stated();
    let shown = Shown {
        draft: &draft,
        event: &event,
        errors: &[],
        findings: &[],
        said: None,
        what: Asked::New { id: &new_uuid() },
        lang,
    };
    Entered::Shown(page(person, &shown))
}

/// Enters what was answered, if nothing is wrong with it; what comes twice is entered once.
pub(in crate::portal) fn enter(
    registry: &Registry,
    person: &Principal,
    kind: Kind,
    form: &PaperForm,
    lang: Lang,
) -> Result<Entered, ProblemCode> {
    if !has_office(person) {
        return Ok(Entered::At(Notice::at(path::DESK, "desk-no-office")));
    }
    let nid = uuid::Uuid::try_parse(&form.id).map_or_else(|_| new_uuid(), |id| id.hyphenated().to_string());
    let mut draft = Draft::new(kind);
    fill(&mut draft, &person.place, &form.answers);
    let (event, errors) = draft.stated();
    let statement = OwnStatement {
        nid: &nid,
        office: person.place.as_str().into(),
        login: &person.login,
        event: &event,
        source: PAPER,
        amends: None,
    };
    let entry = statement.entry(&registry.receipt_key, registry.now());
    let faults = Faults {
        settings: &registry.settings,
        now: registry.now(),
        siblings: &[],
    };
    if !errors.is_empty() || faults.first(&event, &entry).is_some() {
        let findings = faults.all(&event, &entry, &errors);
        let shown = Shown {
            draft: &draft,
            event: &event,
            errors: &errors,
            findings: &findings,
            said: None,
            what: Asked::New { id: &nid },
            lang,
        };
        return Ok(Entered::Shown(page(person, &shown)));
    }
    let keyring = registry.keyring()?;
    let is_other = registry.unit_of_work(&keyring, |unit| -> BookResult<bool> {
        if let Some(record) = unit.find(&nid)? {
            let (_, first) = unit.read(&record.first)?;
            return Ok(first.body != entry.body);
        }
        let line = person.act(unit.now.timestamp_millis(), PAPER, &nid);
        unit.tx.add_act(&line)?;
        let (row, entry) = unit.sign_own(&registry.receipt_key, entry)?;
        unit.decide(&row, Some(&entry), None)?;
        Ok(false)
    })?;
    if is_other {
        // A browser's way back leads to a page that was entered: nothing of what is typed there now is lost.
        let shown = Shown {
            draft: &draft,
            event: &event,
            errors: &[],
            findings: &[],
            said: Some("desk-new-entered"),
            what: Asked::New { id: &new_uuid() },
            lang,
        };
        return Ok(Entered::Shown(page(person, &shown)));
    }
    Ok(Entered::At(entered_at(registry, person, &nid)?))
}

/// Where to go once something was entered: to the entry where a person has to look at it, else to the record.
pub(super) fn entered_at(registry: &Registry, person: &Principal, nid: &str) -> BookResult<String> {
    let (n, newest) = registry.read(|tx| {
        let n = tx.notification(nid)?.filter(|n| n.office == person.place);
        let newest = n.as_ref().map(|n| tx.entry(&n.h)).transpose()?.flatten();
        Ok((n, newest))
    })?;
    let held = newest.filter(|row| row.decision.as_ref().is_some_and(|d| d.status == Status::Held));
    let at = match (n, held) {
        (Some(_), Some(row)) => format!("{}/entry/{}", path::DESK, row.h),
        (Some(_), None) => format!("{}/record/{nid}", path::DESK),
        (None, _) => path::DESK.to_owned(),
    };
    Ok(Notice::at(&at, "desk-done"))
}

/// The questions that a registrar answers.
fn asked(kind: Kind) -> impl Iterator<Item = &'static Question> {
    questions::questions(kind).filter(|q| q.id != f::OFFICE && q.id != f::PREPARED_BY)
}

/// Puts what was answered into a draft.
pub(super) fn fill(draft: &mut Draft, office: &str, answers: &BTreeMap<String, String>) {
    for q in asked(draft.kind) {
        draft.put(q.id, answers.get(q.id).map_or("", String::as_str));
        let not = answers.get(&format!("{NOT}{}", q.id));
        draft.state(q.id, not.and_then(|code| Not::from_code(code)));
    }
    draft.checked.clear();
    for (name, answer) in answers {
        let answer = match answer.as_str() {
            "verified" => Answer::Verified,
            "unverified" => Answer::Unverified,
            _ => continue,
        };
        if let Some(rule) = name.strip_prefix(CHECKED) {
            draft.checked.insert(rule.to_owned(), answer);
        }
    }
    // An office enters what is addressed to it.
    draft.put(f::OFFICE, office);
}

pub(super) fn page(person: &Principal, shown: &Shown<'_>) -> String {
    let (kind, lang) = (shown.event.kind, shown.lang);
    let asked = || asked(kind);
    let (title, here, field) = match shown.what {
        Asked::New { id } => ("desk-new-title", address(kind), ("id", id)),
        Asked::Correction { nid, of, .. } => ("desk-amend-title", amend_address(nid), ("of", of)),
    };
    let mut sections: Vec<&str> = Vec::new();
    for q in asked() {
        if !sections.contains(&q.section) {
            sections.push(q.section);
        }
    }
    let first = asked().next().map(|q| q.id);
    let wrong = shown.wrong();
    let body = html! {
        @if let Some(said) = shown.said { div.said role="alert" { p { (text(lang, said)) } } }
        p { (text(lang, "desk-new-how")) }
        @if !wrong.is_empty() {
            div.said role="alert" {
                p { (text(lang, "desk-new-faults")) }
                ul { @for (field, said) in &wrong { li { a href=(format!("#{field}")) { (said) } } } }
            }
        }
        form.questions method="post" action=(here) {
            input type="hidden" name="csrf" value=(person.csrf);
            input type="hidden" name=(field.0) value=(field.1);
            @if let Asked::Correction { why, .. } = shown.what {
                label { (text(lang, "desk-amend-why")) " " input name="text" required maxlength="500" size="40" value=(why); }
            }
            @for section in sections {
                @let (here, folded): (Vec<&Question>, Vec<&Question>) =
                    asked().filter(|q| q.section == section).partition(|q| shown.shows(q));
                fieldset {
                    legend { (text(lang, &format!("section-{section}"))) }
                    @for q in here { (shown.question(q, first == Some(q.id))) }
                    @if !folded.is_empty() {
                        details {
                            summary { (text(lang, "desk-new-more")) }
                            @for q in folded { (shown.question(q, false)) }
                        }
                    }
                }
            }
            button accesskey="s" { (text(lang, "desk-new-enter")) }
        }
    };
    let title = Msg::new(title).with("kind", text(lang, &format!("kind-{}", kind.code())));
    frame(&title.render(lang), &here, Some(person), None, &body, lang)
}

impl Shown<'_> {
    /// Whether a question applies to what was answered so far.
    fn shows(&self, q: &Question) -> bool {
        q.shows(self.event) || self.findings.iter().any(|finding| finding.field == q.id)
    }

    /// What keeps it from being entered: the field of each, and what is wrong there.
    fn wrong(&self) -> Vec<(&str, String)> {
        let errors = self.errors.iter();
        let errors = errors.map(|e| (e.field.as_str(), e.msg.render(self.lang)));
        let findings = self.open().map(|f| (f.field, f.msg.render(self.lang)));
        errors.chain(findings).collect()
    }

    /// Findings that keep it from being entered.
    fn open(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter();
        findings.filter(|f| crate::rules::stops(std::slice::from_ref(*f)))
    }

    fn question(&self, q: &Question, first: bool) -> Markup {
        let lang = self.lang;
        let help = format!("{}-help", label_id(q.id));
        let errors = self.errors.iter().filter(|e| e.field == q.id);
        let open = self.open().filter(|finding| finding.field == q.id);
        html! {
            div.question id=(q.id) {
                label for=(format!("in-{}", q.id)) {
                    (text(lang, &label_id(q.id)))
                    @if q.need == Need::Required { " *" }
                }
                (self.input(q, first))
                @if !q.nots.is_empty() {
                    select name=(format!("{NOT}{}", q.id)) aria-label=(text(lang, "desk-new-not")) {
                        option value="" { "—" }
                        @for not in q.nots {
                            option value=(not.code()) selected[self.draft.not(q.id) == Some(*not)] { (text(lang, &format!("not-{}", not.code()))) }
                        }
                    }
                }
                @if has(&help) { p.small { (text(lang, &help)) } }
                @for error in errors { p.fault { (error.msg.render(lang)) } }
                @for finding in open { p.fault { (finding.msg.render(lang)) } }
                @for finding in self.warnings(q) { (self.answer(finding)) }
            }
        }
    }

    /// Warnings about a field, answered or not, one of each rule.
    fn warnings(&self, q: &Question) -> Vec<&Finding> {
        let mut out: Vec<&Finding> = Vec::new();
        for finding in self.findings {
            let here = finding.severity == Severity::W && finding.field == q.id;
            if here && !out.iter().any(|other| other.rule == finding.rule) {
                out.push(finding);
            }
        }
        out
    }

    fn answer(&self, finding: &Finding) -> Markup {
        let lang = self.lang;
        let said = self.draft.checked.get(finding.rule);
        html! {
            label { (text(lang, "desk-new-warning")) " "
                select name=(format!("{CHECKED}{}", finding.rule)) {
                    option value="" { "—" }
                    option value="verified" selected[said == Some(&Answer::Verified)] { (text(lang, "ui-key-verified")) }
                    option value="unverified" selected[said == Some(&Answer::Unverified)] { (text(lang, "ui-key-unverified")) }
                }
            }
        }
    }

    fn input(&self, q: &Question, first: bool) -> Markup {
        let (id, typed) = (format!("in-{}", q.id), self.draft.text(q.id));
        let digits = matches!(q.input, Input::Int(_) | Input::Date(_) | Input::Time(_)).then_some("numeric");
        match q.input {
            Input::Code(list) => {
                let codes = crate::codes::list(list).into_iter().flat_map(|list| &list.codes);
                html! {
                    select id=(id) name=(q.id) autofocus[first] {
                        option value="" { "—" }
                        @for code in codes {
                            option value=(code.code) selected[code.code == typed] { (code.name(self.lang)) }
                        }
                    }
                }
            }
            _ => html! {
                input id=(id) name=(q.id) value=(typed) autocomplete="off" inputmode=[digits] autofocus[first];
            },
        }
    }
}
