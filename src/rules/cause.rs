//! Rules of the causes of death: intervals, codes, age and sex against codes.
//!
//! Codes are never required; what follows from a code follows only where one stands.

use super::death::DEATH;
use super::facts::years_text;
use super::icd::{self, CauseLine, Icd, Ranges, all_coded, coded, find, has_part_two, lines, underlying};
use super::{Context, Findings, Rule, Severity, id};
use crate::icd::{Notice, read_text, structure};
use crate::lang::Msg;
use crate::matching::fold;
use crate::vital::{Age, Answer, Event, Interval, field};

const CODES: &[&str] = &field::CAUSE_CODES;
const INTERVALS: &[&str] = &field::CAUSE_INTERVALS;
/// Words and codes of Part I.
const LINES: &[&str] = &[
    field::CAUSE_A,
    field::CAUSE_A_CODE,
    field::CAUSE_B,
    field::CAUSE_B_CODE,
    field::CAUSE_C,
    field::CAUSE_C_CODE,
    field::CAUSE_D,
    field::CAUSE_D_CODE,
];

pub(super) fn rules() -> Vec<Rule> {
    use Severity::{E, W};
    let rule = |id, severity, fields, source, look| Rule {
        id,
        kinds: DEATH,
        severity,
        fields,
        source,
        look,
    };
    vec![
        rule(id::D07, W, INTERVALS, "CoDEdit BER-CE-21", longer_than_life),
        rule(id::D08, W, INTERVALS, "CoDEdit BER-CE-22", effect_before_cause),
        rule(
            id::D09,
            E,
            INTERVALS,
            "CoDEdit BER-CE-7; WHO exchange format: ISO 8601",
            unreadable_interval,
        ),
        rule(
            id::D10,
            W,
            LINES,
            "WHO certificate 2016: one condition, one line",
            twice,
        ),
        rule(id::D13, E, CODES, "CoDEdit; ICD-10 Volume 2", manifestation),
        rule(id::D14, W, CODES, "CoDEdit structure check", shape),
        rule(
            id::D15,
            W,
            CODES,
            "WHO list of ill-defined causes, after codeditr",
            ill_defined,
        ),
        rule(id::D16, W, CODES, "ICD-10 Volume 2, after codeditr", vague),
        rule(
            id::D17,
            W,
            CODES,
            "WHO handbook: a mode of dying alone is no cause",
            mode_of_dying,
        ),
        rule(id::D18, W, CODES, "GBD and ANACONDA unusable codes", intermediate),
        rule(id::D26, E, CODES, "ICD-10 Volume 2", women_only),
        rule(id::D27, E, CODES, "ICD-10 Volume 2", men_only),
        rule(id::D34, W, CODES, "CoDEdit age check", perinatal),
        rule(id::D35, E, CODES, "ICD-10 Volume 2, after codeditr", newborn),
        rule(id::D37, W, CODES, "CoDEdit age check", adult_disease),
        rule(
            id::D44,
            W,
            CODES,
            "CoDEdit public-health surveillance",
            notifiable,
        ),
        rule(
            id::D49,
            W,
            &field::CAUSE_TEXTS,
            "WHO certificate 2016: one condition, one line",
            unreadable_line,
        ),
    ]
}

/// Adds the largest unit of an interval as `n` and `unit` (`y`, `mo`, `w`, `d`, `h`, `min`).
fn with_interval(msg: Msg, interval: &Interval) -> Msg {
    let (unit, n) = interval.units().first().copied().unwrap_or(("min", 0));
    msg.with("n", n).with("unit", unit)
}

fn longer_than_life(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(age) = Age::at_death(event) else {
        return;
    };
    for field in INTERVALS {
        let Some(interval) = event.interval(field) else {
            continue;
        };
        if interval.span_minutes().0 > age.most_minutes() {
            let msg = if age.is_infant() {
                findings.variant("days").with("age", years_text(age.days))
            } else {
                with_interval(findings.msg(), interval).with("age", years_text(age.years))
            };
            findings.add(field, msg);
        }
    }
}

fn effect_before_cause(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let mut above: Option<(usize, u64, &Interval)> = None;
    for (index, (_, _, field)) in field::CAUSE_LINES.iter().enumerate() {
        let Some(interval) = event.interval(field) else {
            continue;
        };
        let (least, most) = interval.span_minutes();
        if let Some((upper, longer, said)) = above {
            // Longer even if every unit was counted generously: a month may be four weeks and more.
            if longer >= most {
                let msg = with_interval(findings.msg(), said)
                    .with("line", icd::letter(upper))
                    .with("below", icd::letter(index));
                findings.add(field, msg);
            }
        }
        above = Some((index, least, interval));
    }
}

/// An interval that another program wrote as text; what a person types is read before it gets here.
fn unreadable_interval(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    for field in INTERVALS.iter().chain(&[field::DECEASED_AGE]) {
        if let Some(text) = event.text(field) {
            let msg = findings.msg().with("value", text);
            findings.add(field, msg);
        }
    }
}

/// Two conditions written on one line: divided by a semicolon or a plus, or numbered.
fn several(text: &str) -> bool {
    let parts = |by: char| {
        text.split(by)
            .filter(|p| p.chars().any(char::is_alphabetic))
            .count()
    };
    let numbered =
        ["1)", "2)"].iter().all(|n| text.contains(n)) || ["1.", "2."].iter().all(|n| text.contains(n));
    parts(';') > 1 || parts('+') > 1 || numbered
}

fn twice(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let mut seen: Vec<(CauseLine, String)> = Vec::with_capacity(4);
    for line in lines(event) {
        let text = event.text(line.text).map(fold).unwrap_or_default();
        let coded = |other: &CauseLine| other.code.is_some() && other.code == line.code;
        let worded = |said: &String| !text.is_empty() && *said == text;
        let same = seen.iter().find(|(other, said)| coded(other) || worded(said));
        let noticed = |t: &str| several(t) || read_text(t).notice == Some(Notice::Several);
        if let Some((first, said)) = same {
            let msg = findings.msg().with("line", first.letter());
            // Where the codes alone are the same, the code is what has to change.
            let field = if worded(said) { line.text } else { line.code_field };
            findings.add(field, msg.with("below", line.letter()));
        } else if event.text(line.text).is_some_and(noticed) {
            let msg = findings.variant("several").with("line", line.letter());
            findings.add(line.text, msg);
        }
        seen.push((line, text));
    }
}

fn manifestation(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(line) = underlying(event) else { return };
    let starred = event
        .text(line.code_field)
        .is_some_and(|t| t.trim().ends_with('*'));
    let is_in = |list: &Ranges| line.code.is_some_and(|c| c.is_in(list));
    if starred || is_in(&icd::MANIFESTATION) {
        about_code(event, line.code_field, findings);
    } else if is_in(&icd::NO_CAUSE) {
        let msg = with_code(findings.variant("none"), event, line.code_field);
        findings.add(line.code_field, msg);
    } else if is_in(&icd::REPLACED) {
        let msg = with_code(findings.variant("replaced"), event, line.code_field);
        findings.add_as(Severity::W, line.code_field, msg);
    }
}

/// The rule's message with the code that stands in the field.
fn about_code(event: &Event, field: &'static str, findings: &mut Findings<'_>) {
    let msg = with_code(findings.msg(), event, field);
    findings.add(field, msg);
}

fn with_code(msg: Msg, event: &Event, field: &str) -> Msg {
    msg.with("code", icd::stated(event, field))
}

fn shape(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    for field in CODES {
        let Some(text) = event.text(field).filter(|t| !t.trim().is_empty()) else {
            continue;
        };
        match Icd::parse(text) {
            None => about_code(event, field, findings),
            Some(code) if !structure::exists(code) => {
                let msg = with_code(findings.variant("missing"), event, field);
                findings.add(field, msg);
            }
            Some(_) => {}
        }
    }
}

/// The lowest used line has a code of the list.
fn underlying_in(event: &Event, list: &Ranges, findings: &mut Findings<'_>) {
    if let Some(line) = underlying(event)
        && line.code.is_some_and(|c| c.is_in(list))
    {
        about_code(event, line.code_field, findings);
    }
}

fn ill_defined(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if let Some(line) = underlying(event)
        && line.code.is_some_and(|c| c.is_in(&icd::UNDETERMINED))
    {
        // Of an event of undetermined intent no disease was the cause.
        let msg = with_code(findings.variant("intent"), event, line.code_field);
        findings.add(line.code_field, msg);
        return;
    }
    underlying_in(event, &icd::ILL_DEFINED, findings);
}

fn vague(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    underlying_in(event, &icd::VAGUE, findings);
}

fn mode_of_dying(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let mut used = lines(event);
    if let (Some(line), None) = (used.next(), used.next())
        && line.index == 0
        && line.code.is_some_and(|c| c.is_in(&icd::MODE_OF_DYING))
    {
        about_code(event, line.code_field, findings);
    }
}

fn intermediate(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    underlying_in(event, &icd::INTERMEDIATE, findings);
}

/// Codes of one sex on a person of the other.
fn of_other_sex(event: &Event, sex: &str, list: &Ranges, findings: &mut Findings<'_>) {
    if event.text(field::DECEASED_SEX) == Some(sex) {
        for (field, code) in coded(event) {
            if code.is_in(list) {
                about_code(event, field, findings);
            }
        }
    }
}

fn women_only(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    of_other_sex(event, "male", &icd::WOMEN, findings);
}

fn men_only(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    of_other_sex(event, "female", &icd::MEN, findings);
}

fn perinatal(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(age) = Age::at_death(event).filter(|a| a.surely_from(1)) else {
        return;
    };
    if let Some(line) = underlying(event)
        && line.code.is_some_and(|c| c.is_in(&icd::PERINATAL))
    {
        let severity = if age.surely_from(5) {
            Severity::E
        } else {
            Severity::W
        };
        let msg = with_code(findings.msg(), event, line.code_field).with("age", years_text(age.years));
        findings.add_as(severity, line.code_field, msg);
    }
}

fn newborn(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(age) = Age::at_death(event) else { return };
    let year = age.surely_from(1);
    let tetanus = find(event, &icd::NEONATAL_TETANUS).filter(|_| year || age.days.0 >= 28);
    if let Some(field) = tetanus {
        let severity = if year { Severity::E } else { Severity::W };
        let (msg, lived) = if age.is_infant() {
            (findings.variant("days"), age.days)
        } else {
            (findings.msg(), age.years)
        };
        let msg = with_code(msg, event, field).with("age", years_text(lived));
        findings.add_as(severity, field, msg);
    }
    if let Some(field) = find(event, &icd::SUDDEN_INFANT).filter(|_| year) {
        let msg = with_code(findings.variant("sudden"), event, field).with("age", years_text(age.years));
        findings.add(field, msg);
    }
}

fn adult_disease(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(age) = Age::at_death(event) else { return };
    for (years, list) in [
        (15, &icd::NOT_UNDER_15),
        (35, &icd::NOT_UNDER_35),
        (60, &icd::NOT_UNDER_60),
    ] {
        if let Some(field) = find(event, list).filter(|_| age.surely_under(years)) {
            let msg = with_code(findings.msg(), event, field)
                .with("age", years_text(age.years))
                .with("least", years);
            findings.add(field, msg);
        }
    }
}

fn notifiable(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if let Some(field) = find(event, &icd::ERADICATED) {
        let msg = with_code(findings.variant("eradicated"), event, field);
        findings.add(field, msg);
        // Eradicated: only a verified answer counts.
        if event.checked.get(id::D44) != Some(&Answer::Verified) {
            findings.withhold_answer();
        }
    } else if let Some(field) = find(event, &icd::NOTIFIABLE) {
        about_code(event, field, findings);
    }
}

/// A line without a code that points elsewhere, says what the condition was due to, or is short for
/// more than one.
fn unreadable_line(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    for line in lines(event).filter(|l| l.code.is_none()) {
        let Some(text) = event.text(line.text) else {
            continue;
        };
        let msg = match read_text(text).notice {
            Some(Notice::DueTo) => findings.msg(),
            Some(Notice::SeeAbove) => findings.variant("above"),
            Some(Notice::Ambiguous) => findings.variant("ambiguous"),
            _ => continue,
        };
        findings.add(
            line.text,
            msg.with("line", line.letter()).with("value", text.trim()),
        );
    }
}

/// Whether a code of the list is missing although everything stated is coded.
pub(super) fn surely_lacks(event: &Event, list: &Ranges) -> bool {
    let any = lines(event).next().is_some() || has_part_two(event);
    any && all_coded(event) && find(event, list).is_none()
}
