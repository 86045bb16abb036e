//! Rules of foetal deaths (stillbirths).

use super::facts::cm;
use super::icd::{self, Icd};
use super::{Context, Findings, Rule, Severity, id};
use crate::vital::{Event, Kind, field};

const FOETAL: &[Kind] = &[Kind::FoetalDeath];

pub(super) fn rules() -> Vec<Rule> {
    let size = &[field::BIRTH_WEEKS, field::BIRTH_WEIGHT, field::BIRTH_LENGTH];
    vec![
        Rule {
            id: id::S01,
            kinds: FOETAL,
            severity: Severity::E,
            fields: size,
            source: "WHO perinatal definition; RU order 1687n (thresholds are settings)",
            look: not_registrable,
        },
        Rule {
            id: id::S02,
            kinds: FOETAL,
            severity: Severity::E,
            fields: size,
            source: "WHO perinatal definition",
            look: nothing_measured,
        },
        Rule {
            id: id::S03,
            kinds: FOETAL,
            severity: Severity::E,
            fields: &[
                field::FOETUS_SIGNS,
                field::BIRTH_APGAR_1,
                field::BIRTH_APGAR_5,
                field::BIRTH_APGAR_10,
            ],
            source: "WHO definition of live birth; DORIS Stillborn",
            look: signs_of_life,
        },
        Rule {
            id: id::S04,
            kinds: FOETAL,
            severity: Severity::W,
            fields: &[field::FOETUS_WHEN],
            source: "HL7 BFDR 73811-2",
            look: when_unknown,
        },
        Rule {
            id: id::S05,
            kinds: FOETAL,
            severity: Severity::W,
            fields: &[field::FOETAL_CAUSE_CODE],
            source: "ICD-PM",
            look: not_perinatal,
        },
        Rule {
            id: id::S06,
            kinds: FOETAL,
            severity: Severity::E,
            fields: &[field::FOETAL_CAUSE_CODE, field::FOETAL_OTHER_CODE],
            source: "ICD-10 Volume 2, perinatal certificate",
            look: obstetric_code,
        },
        Rule {
            id: id::S07,
            kinds: FOETAL,
            severity: Severity::W,
            fields: &[field::FOETAL_CAUSE_CODE, field::FOETAL_OTHER_CODE],
            source: "ICD-10: ill-defined",
            look: unspecified,
        },
        Rule {
            id: id::S08,
            kinds: FOETAL,
            severity: Severity::N,
            fields: &[field::BIRTH_WEEKS, field::BIRTH_WEIGHT],
            source: "WHO: international stillbirth rate",
            look: counted_internationally,
        },
    ]
}

/// Whether each criterion of a registrable birth is met; `None` where it is not known.
pub(super) fn criteria(event: &Event, ctx: &Context<'_>) -> [Option<bool>; 3] {
    let met = |field, least: u32| event.int(field).map(|v| v >= i64::from(least));
    [
        met(field::BIRTH_WEEKS, ctx.limits.birth_weeks),
        met(field::BIRTH_WEIGHT, ctx.limits.birth_weight_g),
        met(field::BIRTH_LENGTH, ctx.limits.birth_length_mm),
    ]
}

fn not_registrable(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let [weeks, weight, length] = criteria(event, ctx);
    let below = if ctx.limits.birth_all_criteria {
        // The Russian order: weeks and weight, length where the weight is not known.
        weeks == Some(false) || weight.or(length) == Some(false)
    } else {
        let known = [weeks, weight, length];
        known.iter().any(Option::is_some) && known.iter().all(|c| *c != Some(true))
    };
    if below {
        let msg = findings
            .msg()
            .with("weeks", ctx.limits.birth_weeks)
            .with("grams", ctx.limits.birth_weight_g)
            .with("cm", cm(i64::from(ctx.limits.birth_length_mm)));
        let field = [
            (field::BIRTH_WEEKS, weeks),
            (field::BIRTH_WEIGHT, weight),
            (field::BIRTH_LENGTH, length),
        ]
        .into_iter()
        .find(|(_, met)| *met == Some(false))
        .map_or(field::BIRTH_WEEKS, |(f, _)| f);
        findings.add(field, msg);
    }
}

fn nothing_measured(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let size = [field::BIRTH_WEEKS, field::BIRTH_WEIGHT, field::BIRTH_LENGTH];
    if size.iter().all(|f| event.int(f).is_none()) {
        let msg = findings.msg();
        findings.add(field::BIRTH_WEEKS, msg);
    }
}

fn signs_of_life(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if event.text(field::FOETUS_SIGNS).is_some_and(|s| s != "none") {
        let msg = findings.msg();
        findings.add(field::FOETUS_SIGNS, msg);
    }
    for field in [field::BIRTH_APGAR_1, field::BIRTH_APGAR_5, field::BIRTH_APGAR_10] {
        if let Some(apgar) = event.int(field).filter(|a| *a > 0) {
            let msg = findings.variant("apgar").with("value", apgar);
            findings.add(field, msg);
        }
    }
}

fn when_unknown(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if !matches!(event.text(field::FOETUS_WHEN), Some("antepartum" | "intrapartum")) {
        let msg = findings.msg();
        findings.add(field::FOETUS_WHEN, msg);
    }
}

fn counted_internationally(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let counted = [(field::BIRTH_WEEKS, 28), (field::BIRTH_WEIGHT, 1000)]
        .into_iter()
        .find(|(field, least)| event.int(field).is_some_and(|n| n >= *least));
    if let Some((field, _)) = counted {
        let msg = findings.msg();
        findings.add(field, msg);
    }
}

/// The readable codes given for the child.
fn codes(event: &Event) -> impl Iterator<Item = (&'static str, Icd)> {
    [field::FOETAL_CAUSE_CODE, field::FOETAL_OTHER_CODE]
        .into_iter()
        .filter_map(|f| Some((f, Icd::parse(event.text(f)?)?)))
}

fn not_perinatal(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let main = codes(event).find(|(f, _)| *f == field::FOETAL_CAUSE_CODE);
    if let Some((field, _)) = main.filter(|(_, c)| !c.is_in(&icd::PERINATAL) && !c.is_in(&icd::ANOMALY)) {
        let msg = findings.msg().with("code", event.text(field).unwrap_or_default());
        findings.add(field, msg);
    }
}

fn obstetric_code(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    for (field, _) in codes(event).filter(|(_, c)| c.is_in(&icd::OBSTETRIC)) {
        let msg = findings.msg().with("code", event.text(field).unwrap_or_default());
        findings.add(field, msg);
    }
}

/// A second condition in words says something, coded or not.
fn unspecified(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if event.text(field::FOETAL_OTHER).is_some() && event.text(field::FOETAL_OTHER_CODE).is_none() {
        return;
    }
    let mut given = codes(event).peekable();
    let Some((field, _)) = given.peek().copied() else {
        return;
    };
    if given.all(|(_, c)| c.is_in(&icd::FOETAL_UNSPECIFIED)) {
        let msg = findings.msg().with("code", event.text(field).unwrap_or_default());
        findings.add(field, msg);
    }
}
