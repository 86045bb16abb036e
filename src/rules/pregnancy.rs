//! Rules of deaths in pregnancy, childbirth and the time after.

use super::death::DEATH;
use super::facts::years_text;
use super::icd::{self, find};
use super::{Context, Findings, Rule, Severity, id};
use crate::questions::question_of;
use crate::vital::{Age, Event, field};

const BLOCK: &[&str] = &[
    field::PREGNANT,
    field::PREGNANCY_WHEN,
    field::PREGNANCY_CONTRIBUTED,
];

pub(super) fn rules() -> Vec<Rule> {
    use Severity::{E, N, W};
    let rule = |id, severity, source, look| Rule {
        id,
        kinds: DEATH,
        severity,
        fields: BLOCK,
        source,
        look,
    };
    vec![
        rule(id::D28, E, "CoDEdit maternal age check", obstetric_age),
        rule(id::D29, E, "ICD-10, O96 and O97", late_code),
        rule(id::D30, E, "DORIS value sets", contradiction),
        rule(id::D31, W, "AeHIN MCCoD invariants, asked wider", not_asked),
        rule(id::D32, N, "ICD-10: pregnancy-related death", related),
    ]
}

fn obstetric_age(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(age), Some(field)) = (Age::at_death(event), find(event, &icd::MATERNAL)) else {
        return;
    };
    let severity = if age.surely_under(10) {
        Severity::E
    } else if age.surely_under(12) || age.surely_from(55) {
        Severity::W
    } else {
        return;
    };
    let msg = findings
        .msg()
        .with("code", icd::stated(event, field))
        .with("age", years_text(age.years));
    findings.add_as(severity, field, msg);
}

fn late_code(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    // Who was not pregnant within a year did not die of it within a year either.
    let when = match event.text(field::PREGNANT) {
        Some("no") => "not-pregnant",
        _ => match event.text(field::PREGNANCY_WHEN).filter(|w| *w != "unknown") {
            Some(when) => when,
            None => return,
        },
    };
    for (list, wanted, variant) in [
        (&icd::LATE_MATERNAL, "43-days-to-1-year", None),
        (&icd::MATERNAL_SEQUELAE, "1-year-or-more", Some("sequelae")),
    ] {
        // Sequelae come a year and more after, when nobody counts as pregnant any longer.
        let fits = when == wanted || variant.is_some() && when == "not-pregnant";
        if let Some(field) = find(event, list).filter(|_| !fits) {
            let msg = variant.map_or_else(|| findings.msg(), |v| findings.variant(v));
            findings.add(field, msg.with("code", icd::stated(event, field)));
        }
    }
}

/// What is told of a pregnancy that there was not: the fields of it. Of a man or a child there is none, because
/// there the answer itself is what has to be corrected (C14).
pub(super) fn of_no_pregnancy(event: &Event) -> impl Iterator<Item = &'static str> {
    let asked = question_of(event.kind, field::PREGNANT).is_some_and(|q| q.shows(event));
    let none = asked && event.text(field::PREGNANT) == Some("no");
    let told = |f: &&str| question_of(event.kind, f).is_some_and(|q| q.misapplied(event).is_some());
    let all = [field::PREGNANCY_WHEN, field::PREGNANCY_CONTRIBUTED].into_iter();
    all.filter(move |f| none && told(f))
}

fn contradiction(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if let Some(field) = of_no_pregnancy(event).next() {
        let msg = findings.msg();
        findings.add(field, msg);
    }
}

fn not_asked(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    if event.text(field::DECEASED_SEX) != Some("female") {
        return;
    }
    let Some(age) = Age::at_death(event) else { return };
    let (least, most) = (
        i64::from(ctx.limits.pregnancy_age_least),
        i64::from(ctx.limits.pregnancy_age_most),
    );
    if age.surely_under(least) || age.surely_from(most + 1) {
        return;
    }
    let open = if event.text(field::PREGNANT) == Some("yes") {
        BLOCK.iter().find(|f| event.is_open(f))
    } else {
        BLOCK.first().filter(|f| event.is_open(f))
    };
    if let Some(field) = open {
        let msg = findings
            .msg()
            .with("age", years_text(age.years))
            .with("least", least)
            .with("most", most);
        findings.add(field, msg);
    }
}

fn related(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let pregnant = event.text(field::PREGNANT) == Some("yes");
    let when = event.text(field::PREGNANCY_WHEN);
    // Of a man or a child the answer is what has to be corrected (C14).
    let asked = question_of(event.kind, field::PREGNANCY_WHEN).is_some_and(|q| q.shows(event));
    if asked && pregnant && matches!(when, Some("at-death" | "within-42-days")) {
        let external = find(event, &icd::EXTERNAL).is_some();
        let msg = if external {
            findings.variant("external")
        } else {
            findings.msg()
        };
        findings.add(field::PREGNANCY_WHEN, msg);
    }
}
