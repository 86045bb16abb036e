//! Rules of what went before a birth: earlier births, antenatal care; and of the child's anomalies.

use chrono::{Duration, Months};

use super::birth::{BIRTH, BORN};
use super::facts::date_text;
use super::icd::{self, Icd};
use super::{Context, Findings, Rule, Severity, id};
use crate::vital::{Event, field};

pub(super) fn rules() -> Vec<Rule> {
    let rule = |id, kinds, fields, source, look| Rule {
        id,
        kinds,
        severity: Severity::E,
        fields,
        source,
        look,
    };
    vec![
        rule(
            id::B25,
            BORN,
            &[field::MOTHER_LAST_BIRTH, field::BIRTH_DATE],
            "NCHS interval edits",
            interval,
        ),
        Rule {
            severity: Severity::W,
            ..rule(
                id::B26,
                BORN,
                &[field::MOTHER_LMP, field::BIRTH_WEEKS, field::BIRTH_DATE],
                "NCHS gestation validations (imports only: no form asks for the last period)",
                last_period,
            )
        },
        Rule {
            severity: Severity::W,
            ..rule(
                id::B28,
                BORN,
                &[
                    field::MOTHER_HEIGHT,
                    field::MOTHER_WEIGHT_BEFORE,
                    field::MOTHER_WEIGHT_DELIVERY,
                ],
                "NCHS verifies height and weights (imports only)",
                stature,
            )
        },
        rule(
            id::B27,
            BORN,
            &[
                field::MOTHER_ANTENATAL_FIRST,
                field::MOTHER_ANTENATAL_VISITS,
                field::BIRTH_WEEKS,
            ],
            "NCHS (the first visit is asked in weeks, as on 103/у)",
            antenatal,
        ),
        rule(
            id::B31,
            BIRTH,
            &[field::CHILD_ANOMALY, field::CHILD_SEX],
            "ICD-10 Volume 2, lists by sex",
            anomaly,
        ),
    ]
}

/// A date known in part counts against the writer only where no day of it would do. An elder child
/// of the same delivery is a last live birth too, and no interval.
fn interval(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(last), Some(born)) = (event.date(field::MOTHER_LAST_BIRTH), event.event_date()) else {
        return;
    };
    let multiple = event.int(field::BIRTH_PLURALITY).is_some_and(|n| n > 1);
    let one_delivery = Duration::hours(i64::from(ctx.limits.set_hours));
    if multiple && last.earliest() <= born.latest() && last.latest() + one_delivery >= born.earliest() {
        return;
    }
    let later_than = |months| {
        born.latest()
            .checked_sub_months(Months::new(months))
            .is_some_and(|limit| last.earliest() > limit)
    };
    let (least, low) = (
        ctx.limits.birth_interval_least_months,
        ctx.limits.birth_interval_low_months,
    );
    let (severity, msg, months) = if later_than(least) {
        (Severity::E, findings.variant("error"), least)
    } else if later_than(low) {
        (Severity::W, findings.msg(), low)
    } else {
        return;
    };
    let msg = msg.with("last", date_text(last)).with("months", months);
    findings.add_as(severity, field::MOTHER_LAST_BIRTH, msg);
}

/// By dates known in part it fires only where no day of them would do.
fn last_period(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(lmp), Some(born)) = (event.date(field::MOTHER_LMP), event.event_date()) else {
        return;
    };
    let most_weeks = i64::from(ctx.limits.lmp_weeks_most);
    // The fewest and the most days that can lie between.
    let least = (born.earliest() - lmp.latest()).num_days();
    let most = (born.latest() - lmp.earliest()).num_days();
    if most < 0 || least > most_weeks * 7 {
        let msg = findings
            .variant("error")
            .with("lmp", date_text(lmp))
            .with("at", date_text(born))
            .with("most", most_weeks);
        findings.add_as(Severity::E, field::MOTHER_LMP, msg);
        return;
    }
    let differ = i64::from(ctx.limits.lmp_weeks_differ);
    let Some(weeks) = event.int(field::BIRTH_WEEKS).filter(|w| (0..=99).contains(w)) else {
        return;
    };
    if weeks - most / 7 > differ || least / 7 - weeks > differ {
        let msg = findings
            .msg()
            .with("weeks", weeks)
            .with("lmp", date_text(lmp))
            .with("by_lmp", least.max(0) / 7)
            .with("most", differ);
        findings.add(field::MOTHER_LMP, msg);
    }
}

fn stature(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    let range = |least: u32, most: u32| (i64::from(least), i64::from(most));
    let delivery = event.int(field::MOTHER_WEIGHT_DELIVERY);
    let mut unusual = |name, field, value: Option<i64>, (least, most): (i64, i64)| {
        let Some(value) = value.filter(|v| !(least..=most).contains(v)) else {
            return false;
        };
        let msg = findings.variant(name).with("value", value);
        findings.add(field, msg.with("least", least).with("most", most));
        true
    };
    let height = event.int(field::MOTHER_HEIGHT);
    let tall = range(l.mother_height_least_cm, l.mother_height_most_cm);
    unusual("height", field::MOTHER_HEIGHT, height, tall);
    let heavy = range(l.mother_weight_least_kg, l.mother_weight_most_kg);
    if unusual("weight", field::MOTHER_WEIGHT_DELIVERY, delivery, heavy) {
        return;
    }
    let before = event.int(field::MOTHER_WEIGHT_BEFORE);
    let Some(gain) = delivery.zip(before).and_then(|(d, b)| d.checked_sub(b)) else {
        return;
    };
    let (name, kilograms, most) = match gain {
        0.. => ("gain", gain, l.mother_gain_most_kg),
        _ => ("loss", gain.saturating_neg(), l.mother_loss_most_kg),
    };
    if kilograms > i64::from(most) {
        let msg = findings.variant(name).with("value", kilograms).with("most", most);
        findings.add(field::MOTHER_WEIGHT_DELIVERY, msg);
    }
}

fn antenatal(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let first = event.int(field::MOTHER_ANTENATAL_FIRST);
    let visits = event.int(field::MOTHER_ANTENATAL_VISITS);
    if let (Some(first), Some(weeks)) = (first, event.int(field::BIRTH_WEEKS))
        && first > weeks
    {
        let msg = findings.msg().with("first", first).with("weeks", weeks);
        findings.add(field::MOTHER_ANTENATAL_FIRST, msg);
    }
    let most = i64::from(ctx.limits.antenatal_visits_most);
    if let Some(visits) = visits.filter(|v| *v > most) {
        let msg = findings.variant("many").with("value", visits).with("most", most);
        findings.add(field::MOTHER_ANTENATAL_VISITS, msg);
    }
    if visits == Some(0) && first.is_some() {
        let msg = findings.variant("none");
        findings.add_as(Severity::W, field::MOTHER_ANTENATAL_VISITS, msg);
    }
}

fn anomaly(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(code) = event.text(field::CHILD_ANOMALY) else {
        return;
    };
    let parsed = Icd::parse(code);
    let is_in = |list| parsed.is_some_and(|c| c.is_in(list));
    let other_sex = match event.text(field::CHILD_SEX) {
        Some("male") => is_in(&icd::WOMEN),
        Some("female") => is_in(&icd::MEN),
        _ => false,
    };
    let msg = if !is_in(&icd::ANOMALY) {
        findings.msg()
    } else if other_sex {
        findings.variant("sex")
    } else {
        return;
    };
    let msg = msg.with("code", code);
    findings.add(field::CHILD_ANOMALY, msg);
}
