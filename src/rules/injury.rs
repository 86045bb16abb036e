//! Rules of deaths from external causes: injury codes, manner, circumstances.

use super::cause::surely_lacks;
use super::common::label;
use super::death::DEATH;
use super::facts::years_text;
use super::icd::{self, Ranges, coded, find, underlying};
use super::timeline::{is_after, moment_text};
use super::{Context, Findings, Rule, Severity, id};
use crate::codes;
use crate::lang::Arg;
use crate::vital::{Age, Event, field};

const CODES: &[&str] = &[
    field::CAUSE_A_CODE,
    field::CAUSE_B_CODE,
    field::CAUSE_C_CODE,
    field::CAUSE_D_CODE,
    field::CAUSE_OTHER_CODE,
    field::CAUSE_OTHER_2_CODE,
    field::DEATH_MANNER,
];

pub(super) fn rules() -> Vec<Rule> {
    use Severity::{E, N, W};
    let rule = |id, severity, fields, source, look| Rule {
        id,
        kinds: DEATH,
        severity,
        fields,
        source,
        look,
    };
    vec![
        rule(id::D20, E, CODES, "CoDEdit BER-CE-1", injury_without_cause),
        rule(id::D21, E, CODES, "ICD-10 Volume 2", injury_underlying),
        rule(id::D22, E, CODES, "ICD-10 chapter XX", manner_conflict),
        rule(
            id::D23,
            E,
            CODES,
            "ICD-10; CoDEdit injury group",
            manner_without_code,
        ),
        rule(
            id::D24,
            W,
            &[field::EXTERNAL_DATE, field::EXTERNAL_HOW, field::EXTERNAL_PLACE],
            "AeHIN guidance on frame B",
            circumstances,
        ),
        rule(
            id::D25,
            E,
            &[
                field::EXTERNAL_DATE,
                field::EXTERNAL_TIME,
                field::DEATH_DATE,
                field::DEATH_TIME,
            ],
            "WHO certificate 2016",
            injured_after,
        ),
        rule(id::D36, E, CODES, "NCHS Part 11 age edits", self_harm_young),
        rule(
            id::D48,
            N,
            &[field::DEATH_POLICE, field::DEATH_MANNER],
            "ogoh: the registry holds a violent death without a police number",
            police_number,
        ),
    ]
}

/// The manner, where it is an external one, and the codes that it allows.
fn manner(event: &Event) -> Option<&'static Ranges> {
    Some(match event.text(field::DEATH_MANNER)? {
        "accident" => &icd::ACCIDENT,
        "self-harm" => &icd::SELF_HARM,
        "assault" => &icd::ASSAULT,
        "legal" => &icd::LEGAL,
        "war" => &icd::WAR,
        "undetermined" => &icd::UNDETERMINED,
        _ => return None,
    })
}

/// Codes of external causes that say whose intention it was.
fn of_intent(event: &Event) -> impl Iterator<Item = (&'static str, icd::Icd)> {
    let intents: [&'static Ranges; 6] = [
        &icd::ACCIDENT,
        &icd::SELF_HARM,
        &icd::ASSAULT,
        &icd::LEGAL,
        &icd::WAR,
        &icd::UNDETERMINED,
    ];
    coded(event).filter(move |(_, c)| intents.iter().any(|l| c.is_in(l)))
}

fn code_of(event: &Event, field: &str) -> String {
    icd::stated(event, field)
}

/// Manner as the code list names it, in the reader's language.
fn manner_word(event: &Event) -> Arg {
    let code = event.text(field::DEATH_MANNER).unwrap_or_default();
    match codes::list("manner").and_then(|l| l.get(code)) {
        Some(_) => Arg::Ref(format!("rule-manner-{code}")),
        None => Arg::from(code),
    }
}

fn injury_without_cause(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(field) = find(event, &icd::INJURY) else {
        return;
    };
    // Words that nobody could read may be the external cause of what was read.
    let unsure = icd::is_read(event, field) && !icd::all_read(event);
    if find(event, &icd::EXTERNAL).is_none() && !unsure {
        // The external cause may stand in a line that nobody has coded, and no code is required.
        let severity = if surely_lacks(event, &icd::EXTERNAL) {
            Severity::E
        } else {
            Severity::W
        };
        let msg = findings.msg().with("code", code_of(event, field));
        findings.add_as(severity, field, msg);
    }
}

fn injury_underlying(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if let Some(line) = underlying(event)
        && line.code.is_some_and(|c| c.is_in(&icd::INJURY))
    {
        let msg = findings.msg().with("code", code_of(event, line.code_field));
        findings.add(line.code_field, msg);
    }
}

fn manner_conflict(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(allowed) = manner(event) else { return };
    let mut other = None;
    for (field, code) in of_intent(event) {
        if code.is_in(allowed) {
            return;
        }
        other = other.or(Some(field));
    }
    if let Some(field) = other {
        let msg = findings
            .msg()
            .with("code", code_of(event, field))
            .with("manner", manner_word(event));
        let severity = if icd::is_read(event, field) {
            Severity::W
        } else {
            Severity::E
        };
        findings.add_as(severity, field::DEATH_MANNER, msg);
    }
}

fn manner_without_code(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    match event.text(field::DEATH_MANNER) {
        Some("accident" | "self-harm" | "assault" | "legal" | "war")
            if surely_lacks(event, &icd::EXTERNAL) =>
        {
            let msg = findings.msg().with("manner", manner_word(event));
            findings.add(field::DEATH_MANNER, msg);
        }
        Some("disease") => {
            if let Some(field) = find(event, &icd::EXTERNAL) {
                let msg = findings.variant("disease").with("code", code_of(event, field));
                findings.add_as(Severity::W, field::DEATH_MANNER, msg);
            }
        }
        _ => {}
    }
}

fn circumstances(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let by_code = event.text(field::DEATH_MANNER) != Some("disease") && find(event, &icd::EXTERNAL).is_some();
    if manner(event).is_some() || by_code {
        for field in [field::EXTERNAL_DATE, field::EXTERNAL_HOW, field::EXTERNAL_PLACE] {
            if event.is_open(field) {
                let msg = findings.msg().with("field", label(field));
                findings.add(field, msg);
            }
        }
    }
}

fn injured_after(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if is_after(event, field::EXTERNAL_DATE, field::DEATH_DATE) {
        let msg = findings
            .msg()
            .with("injured", moment_text(event, field::EXTERNAL_DATE))
            .with("at", moment_text(event, field::DEATH_DATE));
        findings.add(field::EXTERNAL_DATE, msg);
    }
}

fn self_harm_young(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(age) = Age::at_death(event).filter(|a| a.surely_under(10)) else {
        return;
    };
    if let Some(field) = find(event, &icd::SELF_HARM) {
        let severity = if age.surely_under(5) {
            Severity::E
        } else {
            Severity::W
        };
        let msg = findings
            .msg()
            .with("code", code_of(event, field))
            .with("age", years_text(age.years));
        findings.add_as(severity, field, msg);
    }
}

fn police_number(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let pending = event.text(field::DEATH_MANNER) == Some("pending");
    let violent = pending || manner(event).is_some() || find(event, &icd::EXTERNAL).is_some();
    if violent && event.known(field::DEATH_POLICE).is_none() {
        let msg = findings.msg();
        findings.add(field::DEATH_POLICE, msg);
    }
}
