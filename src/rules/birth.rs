//! Rules of the child: measures, Apgar score, multiple births. Where a foetal death carries the
//! same measure, the rule looks at it too.

use super::facts::cm;
use super::{Context, Findings, Rule, Severity, id};
use crate::codes;
use crate::lang::Msg;
use crate::vital::{Event, Kind, field};

pub(super) const BIRTH: &[Kind] = &[Kind::Birth];
pub(super) const BORN: &[Kind] = &[Kind::Birth, Kind::FoetalDeath];
pub(super) const APGAR: &[&str] = &[field::BIRTH_APGAR_1, field::BIRTH_APGAR_5, field::BIRTH_APGAR_10];

pub(super) fn rules() -> Vec<Rule> {
    use Severity::{E, W};
    let rule = |id, kinds, severity, fields, source, look| Rule {
        id,
        kinds,
        severity,
        fields,
        source,
        look,
    };
    vec![
        rule(id::B01, BIRTH, E, &[field::CHILD_SEX], "NCHS; UN P&R Rev.3", sex),
        rule(
            id::B02,
            BORN,
            E,
            &[field::BIRTH_WEIGHT],
            "NCHS natality file, accepted range",
            weight_absurd,
        ),
        rule(
            id::B03,
            BIRTH,
            W,
            &[field::BIRTH_WEIGHT],
            "ogoh: narrower band inside the NCHS range",
            weight_rare,
        ),
        rule(
            id::B04,
            BORN,
            E,
            &[field::BIRTH_WEEKS],
            "NCHS natality file, accepted range",
            weeks_absurd,
        ),
        rule(
            id::B05,
            BIRTH,
            W,
            &[field::BIRTH_WEEKS],
            "WHO perinatal period",
            weeks_rare,
        ),
        rule(
            id::B06,
            BORN,
            W,
            &[field::BIRTH_WEIGHT, field::BIRTH_WEEKS, field::BIRTH_PLURALITY],
            "NCHS birth weight and gestation edit; ogoh's envelope of about 5 SD",
            weight_for_weeks,
        ),
        rule(
            id::B07,
            BIRTH,
            W,
            &[field::BIRTH_WEIGHT, field::BIRTH_WEEKS],
            "NCHS birth weight and gestation edit",
            term_conflict,
        ),
        rule(
            id::B08,
            BORN,
            E,
            APGAR,
            "NCHS; LOINC 9272-6, 9274-2, 9271-8",
            apgar_range,
        ),
        rule(
            id::B09,
            BIRTH,
            E,
            APGAR,
            "US standard certificate: 10-minute score when the 5-minute one is below 6",
            apgar_ten,
        ),
        rule(
            id::B10,
            BIRTH,
            W,
            APGAR,
            "ogoh: the score fell sharply",
            apgar_fell,
        ),
        rule(
            id::B11,
            BIRTH,
            W,
            APGAR,
            "ogoh: live birth or stillbirth",
            apgar_nought,
        ),
        rule(
            id::B12,
            BORN,
            E,
            &[field::BIRTH_PLURALITY],
            "NCHS (1 to 12)",
            plurality,
        ),
        rule(
            id::B13,
            BORN,
            E,
            &[field::BIRTH_ORDER, field::BIRTH_PLURALITY],
            "NCHS; FHIR Patient.multipleBirthInteger",
            order,
        ),
        rule(
            id::B29,
            BORN,
            W,
            &[field::BIRTH_LENGTH, field::BIRTH_HEAD],
            "ogoh: length of 25 to 62 cm, head circumference of 18 to 42 cm",
            length,
        ),
        rule(
            id::B32,
            BIRTH,
            W,
            &[field::BIRTH_WEEKS, field::BIRTH_WEIGHT],
            "WHO, RU and UZ criteria of 22 weeks and 500 g",
            below_threshold,
        ),
        rule(
            id::B34,
            BIRTH,
            E,
            &[field::FOETUS_SIGNS],
            "WHO definition of a live birth: any sign of life",
            no_sign_of_life,
        ),
    ]
}

/// The value lies outside the range: found value and limits go into the message.
fn outside(event: &Event, field: &'static str, range: (u32, u32), findings: &mut Findings<'_>) {
    let msg = findings.msg();
    in_range(event, field, range, msg, findings);
}

/// The same with a message of one's own.
pub(super) fn in_range(
    event: &Event,
    field: &'static str,
    (least, most): (u32, u32),
    msg: Msg,
    findings: &mut Findings<'_>,
) {
    let Some(value) = event.int(field) else { return };
    if !(i64::from(least)..=i64::from(most)).contains(&value) {
        let msg = msg.with("value", value).with("least", least).with("most", most);
        findings.add(field, msg);
    }
}

fn sex(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let field = field::CHILD_SEX;
    match event.text(field) {
        Some("undetermined") => {
            let msg = findings.variant("undetermined");
            findings.add_as(Severity::W, field, msg);
        }
        Some(code) if codes::list("sex").is_some_and(|l| l.get(code).is_some()) => {}
        None if event.get(field).is_some() => {}
        _ => {
            let msg = findings.msg();
            findings.add(field, msg);
        }
    }
}

fn weight_absurd(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    // The limits are those of live births: a foetus that died long before may weigh less, and is
    // registered by its weeks or its length.
    let least = match event.kind {
        Kind::FoetalDeath => 0,
        Kind::Birth | Kind::Death => l.weight_least_g,
    };
    outside(event, field::BIRTH_WEIGHT, (least, l.weight_most_g), findings);
}

fn weight_rare(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    outside(
        event,
        field::BIRTH_WEIGHT,
        (l.weight_low_g, l.weight_high_g),
        findings,
    );
}

fn weeks_absurd(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    outside(event, field::BIRTH_WEEKS, (l.weeks_least, l.weeks_most), findings);
}

fn weeks_rare(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    outside(event, field::BIRTH_WEEKS, (l.weeks_low, l.weeks_high), findings);
}

/// Grams between which a weight is believable for the completed week; wide on purpose.
fn envelope(weeks: i64) -> Option<(i64, i64)> {
    Some(match weeks {
        22 => (250, 1000),
        23 => (300, 1150),
        24 => (350, 1350),
        25 => (400, 1550),
        26 => (450, 1750),
        27 => (500, 2000),
        28 => (550, 2300),
        29 => (600, 2600),
        30 => (700, 2900),
        31 => (800, 3200),
        32 => (900, 3500),
        33 => (1000, 3800),
        34 => (1200, 4100),
        35 => (1400, 4400),
        36 => (1600, 4700),
        37 => (1800, 5000),
        38 => (1900, 5300),
        39 => (2000, 5500),
        40..=44 => (2000, 5800),
        _ => return None,
    })
}

fn weight_for_weeks(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(grams), Some(weeks)) = (event.int(field::BIRTH_WEIGHT), event.int(field::BIRTH_WEEKS)) else {
        return;
    };
    let Some((least, most)) = envelope(weeks) else {
        return;
    };
    // Twins are lighter.
    let twin = event.int(field::BIRTH_PLURALITY).is_some_and(|n| n > 1);
    let least = if twin { (least - 300).max(0) } else { least };
    if !(least..=most).contains(&grams) {
        let msg = findings
            .msg()
            .with("value", grams)
            .with("weeks", weeks)
            .with("least", least)
            .with("most", most);
        findings.add(field::BIRTH_WEIGHT, msg);
    }
}

fn term_conflict(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(grams), Some(weeks)) = (event.int(field::BIRTH_WEIGHT), event.int(field::BIRTH_WEEKS)) else {
        return;
    };
    if (weeks >= 37 && grams < 1000) || (weeks <= 28 && grams > 2500) {
        let msg = findings.msg().with("value", grams).with("weeks", weeks);
        findings.add(field::BIRTH_WEEKS, msg);
    }
}

fn apgar_range(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    for field in APGAR {
        outside(event, field, (0, 10), findings);
    }
}

fn apgar_ten(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(five) = event.int(field::BIRTH_APGAR_5).filter(|n| *n < 6) else {
        return;
    };
    if event.get(field::BIRTH_APGAR_10).is_none() {
        let msg = findings.msg().with("value", five);
        findings.add(field::BIRTH_APGAR_10, msg);
    }
}

fn apgar_fell(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let (Some(one), Some(five)) = (event.int(field::BIRTH_APGAR_1), event.int(field::BIRTH_APGAR_5)) else {
        return;
    };
    if one.saturating_sub(five) >= 3 {
        let msg = findings.msg().with("one", one).with("five", five);
        findings.add(field::BIRTH_APGAR_5, msg);
    }
}

fn apgar_nought(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let mut scores = APGAR.iter().filter_map(|f| Some((f, event.int(f)?))).peekable();
    let Some((first, _)) = scores.peek().copied() else {
        return;
    };
    if scores.all(|(_, n)| n == 0) {
        let msg = findings.msg();
        findings.add(first, msg);
    }
}

fn plurality(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(n) = event.int(field::BIRTH_PLURALITY) else {
        return;
    };
    if !(1..=9).contains(&n) {
        let msg = findings.msg().with("value", n);
        findings.add(field::BIRTH_PLURALITY, msg);
    } else if n >= 4 {
        let msg = findings.variant("many").with("value", n);
        findings.add_as(Severity::W, field::BIRTH_PLURALITY, msg);
    }
}

fn order(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let n = event.int(field::BIRTH_PLURALITY);
    match event.int(field::BIRTH_ORDER) {
        Some(order) if order < 1 || n.is_some_and(|n| n >= 1 && order > n) => {
            let msg = findings
                .msg()
                .with("value", order)
                .with("children", n.unwrap_or(1).max(1));
            findings.add(field::BIRTH_ORDER, msg);
        }
        Some(_) => {}
        None => {
            if let Some(n) = n.filter(|n| *n > 1)
                && event.get(field::BIRTH_ORDER).is_none()
            {
                let msg = findings.variant("missing").with("children", n);
                findings.add(field::BIRTH_ORDER, msg);
            }
        }
    }
}

fn length(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    for (field, msg, least, most) in [
        (
            field::BIRTH_LENGTH,
            findings.msg(),
            l.length_low_mm,
            l.length_high_mm,
        ),
        (
            field::BIRTH_HEAD,
            findings.variant("head"),
            l.head_low_mm,
            l.head_high_mm,
        ),
    ] {
        let (least, most) = (i64::from(least), i64::from(most));
        if let Some(mm) = event.int(field).filter(|mm| !(least..=most).contains(mm)) {
            let msg = msg
                .with("value", cm(mm))
                .with("least", cm(least))
                .with("most", cm(most));
            findings.add(field, msg);
        }
    }
}

/// The signs of life decide what happened, not the weight.
fn no_sign_of_life(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if event.text(field::FOETUS_SIGNS) == Some("none") {
        let msg = findings.msg();
        findings.add(field::FOETUS_SIGNS, msg);
    }
}

fn below_threshold(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let l = ctx.limits;
    let weeks = event
        .int(field::BIRTH_WEEKS)
        .map(|w| w < i64::from(l.birth_weeks));
    let grams = event
        .int(field::BIRTH_WEIGHT)
        .map(|g| g < i64::from(l.birth_weight_g));
    let below = if l.birth_all_criteria {
        weeks == Some(true) || grams == Some(true)
    } else {
        weeks == Some(true) && grams == Some(true)
    };
    if below {
        let msg = findings
            .msg()
            .with("weeks", l.birth_weeks)
            .with("grams", l.birth_weight_g);
        findings.add(field::BIRTH_WEIGHT, msg);
    }
}
