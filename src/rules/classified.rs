//! Rules that compare codes with the classification that is loaded, and with what it says little of.
//!
//! Without a full list nobody can say that a code does not exist; then only the built-in causes
//! tell which categories go on below three characters.

use super::death::DEATH;
use super::icd::{self, CauseLine, lines, part_two};
use super::{Context, Findings, Rule, Severity, id};
use crate::icd::{Catalogue, Icd, Notice, latin, read_text};
use crate::lang::Lang;
use crate::vital::{Event, field};

pub(super) fn rules() -> Vec<Rule> {
    let rule = |id, fields, source, look| Rule {
        id,
        kinds: DEATH,
        severity: Severity::W,
        fields,
        source,
        look,
    };
    vec![
        rule(
            id::D11,
            &field::CAUSE_CODES,
            "CoDEdit BER-CE-8, BER-CE-10",
            unknown_code,
        ),
        rule(id::D12, &field::CAUSE_CODES, "CoDEdit", too_short_code),
        rule(id::D19, &field::CAUSE_CODES, "ICD-10 Volume 2, annex", unlikely),
        rule(
            id::D45,
            &field::CAUSE_TEXTS,
            "NCHS VIEWS spelling checks",
            unreadable_text,
        ),
    ]
}

/// Codes of the right shape, as the classification writes them.
fn written(event: &Event) -> impl Iterator<Item = (&'static str, String)> {
    field::CAUSE_CODES.into_iter().filter_map(|f| {
        let text = event.text(f)?.trim().trim_end_matches(['*', '+', '†']);
        Icd::parse(text)?;
        Some((f, text.chars().flat_map(char::to_uppercase).map(latin).collect()))
    })
}

fn unknown_code(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(list) = ctx.causes.filter(|c| c.is_full()) else {
        return;
    };
    for (field, code) in written(event) {
        let three = code.chars().count() == 3;
        let msg = if list.get(&code).is_none() && !list.is_divided(&code) {
            findings.msg()
        } else if list.is_divided(&code) && !three {
            findings.variant("parent")
        } else {
            continue;
        };
        findings.add(field, msg.with("code", code));
    }
}

fn too_short_code(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let list = ctx.causes.unwrap_or(Catalogue::built_in());
    for (field, code) in written(event) {
        if code.chars().count() == 3 && list.is_divided(&code) {
            let msg = findings.msg().with("code", code);
            findings.add(field, msg);
        }
    }
}

/// Only where it stands for the whole: the lowest used line, with nothing in Part II beside it.
fn unlikely(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(line) = icd::underlying(event) else {
        return;
    };
    if line.code.is_some_and(|c| c.is_in(&icd::UNLIKELY)) {
        let msg = findings.msg().with("code", icd::stated(event, line.code_field));
        findings.add(line.code_field, msg);
    }
}

fn unreadable_text(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    // What may mean more than one condition D49 asks to be written in full.
    let told = |l: &CauseLine| l.code.is_none() && event.text(l.text).is_some_and(is_ambiguous);
    let part_one = lines(event).filter(|l| !told(l)).map(|l| (l.text, l.code_field));
    for (field, code) in part_one.chain(part_two(event)) {
        let Some(text) = event.text(field).map(str::trim).filter(|t| !t.is_empty()) else {
            continue;
        };
        let coded = event.text(code).and_then(Icd::parse).is_some();
        let msg = if text.chars().filter(|c| c.is_alphabetic()).count() < 4 {
            findings.msg()
        } else if abbreviated(text) {
            findings.variant("short")
        } else if !coded && unrecognised(text, ctx) {
            findings.variant("unknown")
        } else {
            continue;
        };
        findings.add(field, msg.with("value", text));
    }
}

fn is_ambiguous(text: &str) -> bool {
    read_text(text).notice == Some(Notice::Ambiguous)
}

/// Words in capitals alone, such as ХОБЛ, COPD or ИБС, ПИКС.
fn abbreviated(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .all(|word| word.chars().count() <= 6 && word.chars().all(char::is_uppercase))
}

/// No word of it is known to a full list. Without one nobody can tell; the registry, which has
/// none, does not ask what the ward was not asked.
fn unrecognised(text: &str, ctx: &Context<'_>) -> bool {
    ctx.causes
        .filter(|c| c.is_full())
        .is_some_and(|list| list.search(text, Lang::Tg, 1).is_empty())
}
