//! Rules of a death's particulars: person, age, shape of the certificate, linked notifications.

use chrono::Duration;

use super::facts::{date_text, event_span, years_text};
use super::icd::{has_part_two, lines};
use super::timeline::{is_after, moment_text};
use super::{Context, Findings, Rule, Severity, id};
use crate::codes;
use crate::matching::{PersonRecord, same_person};
use crate::vital::{Age, Event, Kind, Not, field};

pub(super) const DEATH: &[Kind] = &[Kind::Death];

/// What the age is taken from.
const AGE: &[&str] = &[
    field::DECEASED_BORN,
    field::DECEASED_AGE,
    field::DECEASED_AGE_FROM,
    field::DECEASED_AGE_TO,
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
        rule(
            id::D01,
            E,
            &[field::CAUSE_A, field::CAUSE_A_CODE, field::DEATH_CERTIFICATE],
            "CoDEdit BER-CE-4; WHO certificate 2016",
            no_cause,
        ),
        rule(
            id::D02,
            E,
            &[field::CAUSE_A, field::CAUSE_B, field::CAUSE_C, field::CAUSE_D],
            "AeHIN MCCoD invariants",
            gap,
        ),
        rule(
            id::D03,
            E,
            &[field::DECEASED_SEX],
            "CoDEdit BER-CE-2, BER-CE-6",
            sex,
        ),
        rule(id::D04, E, AGE, "CoDEdit BER-CE-3", no_age),
        rule(
            id::D05,
            E,
            &[
                field::DECEASED_BORN,
                field::INFANT_BIRTH_TIME,
                field::DEATH_DATE,
                field::DEATH_TIME,
            ],
            "CoDEdit BER-CE-5",
            born_after,
        ),
        rule(id::D06, E, AGE, "NCHS limits of reported age", very_old),
        rule(
            id::D33,
            W,
            &[field::PREGNANT],
            "ogoh: the ward's own birth notifications",
            birth_on_record,
        ),
        rule(
            id::D41,
            W,
            AGE,
            "NCHS infant linkage; HL7 VRDR birth record identifier",
            birth_not_linked,
        ),
        rule(
            id::D46,
            W,
            &[field::CAUSE_A, field::CAUSE_B, field::CAUSE_OTHER],
            "ogoh: completeness of a hospital's certificate",
            single_cause,
        ),
        rule(
            id::D47,
            E,
            &[
                field::DEATH_CERTIFICATE,
                field::DEATH_MANNER,
                field::DEATH_PLACE,
                field::EXTERNAL_PLACE,
                field::PREGNANT,
                field::PREGNANCY_WHEN,
                field::PREGNANCY_CONTRIBUTED,
                field::SURGERY,
                field::AUTOPSY,
                field::AUTOPSY_USED,
                field::INFANT_MULTIPLE,
            ],
            "CoDEdit BER-CE-11 to 20",
            not_in_list,
        ),
    ]
}

fn no_cause(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if lines(event).next().is_some_and(|l| l.index == 0) {
        return;
    }
    match event.not(field::CAUSE_A) {
        // At night the cause may be awaited: a preliminary certificate says so.
        Some(Not::Yet) => {
            if !matches!(event.text(field::DEATH_CERTIFICATE), None | Some("preliminary")) {
                let msg = findings.variant("awaited");
                findings.add(field::DEATH_CERTIFICATE, msg);
            }
        }
        Some(Not::Knowable | Not::Refused) => {
            let msg = findings.variant("unknown");
            findings.add_as(Severity::W, field::CAUSE_A, msg);
        }
        None => {
            let msg = findings.msg();
            findings.add(field::CAUSE_A, msg);
        }
    }
}

fn gap(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let mut above = 0;
    for line in lines(event) {
        // A line that says *not known* is no gap; line a has a rule of its own.
        let empty = (above..line.index)
            .filter(|i| *i > 0)
            .filter_map(|i| field::CAUSE_LINES.get(i))
            .find(|(text, _, _)| event.get(text).is_none());
        if let Some((text, _, _)) = empty {
            let msg = findings
                .msg()
                .with("empty", super::common::label(text))
                .with("used", super::common::label(line.text));
            findings.add(text, msg);
            return;
        }
        above = line.index + 1;
    }
}

fn sex(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let field = field::DECEASED_SEX;
    let listed = match event.text(field) {
        Some(code) => codes::list("sex").is_some_and(|l| l.get(code).is_some()),
        None => event.get(field).is_some(),
    };
    if !listed {
        let msg = findings.msg();
        findings.add(field, msg);
    }
}

fn no_age(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    inverted_range(event, findings);
    let range = [field::DECEASED_AGE_FROM, field::DECEASED_AGE_TO];
    let guessed = range.iter().any(|f| event.known(f).is_some());
    if event.known(field::DECEASED_BORN).is_none() && event.get(field::DECEASED_AGE).is_none() && !guessed {
        let field = match event.get(field::DECEASED_BORN) {
            None => field::DECEASED_BORN,
            Some(_) => field::DECEASED_AGE,
        };
        let msg = findings.msg();
        findings.add(field, msg);
    }
}

/// A range of ages that ends before it begins is none.
fn inverted_range(event: &Event, findings: &mut Findings<'_>) {
    let (from, to) = (
        event.int(field::DECEASED_AGE_FROM),
        event.int(field::DECEASED_AGE_TO),
    );
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        let msg = findings.variant("range").with("least", from).with("most", to);
        findings.add(field::DECEASED_AGE_TO, msg);
    }
}

fn born_after(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    // Within one day the times decide.
    if is_after(event, field::DECEASED_BORN, field::DEATH_DATE) {
        let msg = findings
            .msg()
            .with("born", moment_text(event, field::DECEASED_BORN))
            .with("at", moment_text(event, field::DEATH_DATE));
        findings.add(field::DECEASED_BORN, msg);
    }
}

fn very_old(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(age) = Age::at_death(event) else { return };
    // The limit itself may be lived: more than 125 years is 126 completed ones.
    let (severity, limit, msg) = if age.surely_from(i64::from(ctx.limits.age_most) + 1) {
        (Severity::E, ctx.limits.age_most, findings.msg())
    } else if age.surely_from(i64::from(ctx.limits.age_high) + 1) {
        (Severity::W, ctx.limits.age_high, findings.variant("high"))
    } else {
        return;
    };
    let msg = msg.with("age", years_text(age.years)).with("most", limit);
    findings.add_as(severity, Age::field(event), msg);
}

fn birth_on_record(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    if event.text(field::PREGNANT) != Some("no") {
        return;
    }
    let Some((died, _)) = event_span(event) else {
        return;
    };
    let woman = PersonRecord::of(event, "deceased");
    let delivery = ctx
        .candidates
        .iter()
        .filter(|c| c.event.kind != Kind::Death && c.status != "voided")
        .filter(|c| {
            event_span(&c.event).is_some_and(|(_, born)| {
                let since = died - born;
                since <= Duration::days(365) && since >= Duration::days(-1)
            })
        })
        .find(|c| same_person(&woman, &PersonRecord::of(&c.event, "mother")));
    if let Some(at) = delivery.and_then(|c| c.event.event_date()) {
        let msg = findings.msg().with("at", date_text(at));
        findings.add(field::PREGNANT, msg);
    }
}

/// The birth of this child is recorded, and named by the death.
pub(super) fn linked_to_birth(event: &Event) -> bool {
    event
        .links
        .iter()
        .any(|l| matches!(l.kind.as_str(), "birth-of-this-death" | "death-of-this-birth"))
}

fn birth_not_linked(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let infant = Age::at_death(event).is_some_and(|a| a.surely_under(1));
    if infant && !linked_to_birth(event) {
        let msg = findings.msg();
        findings.add(Age::field(event), msg);
    }
}

fn single_cause(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    let preliminary = event.text(field::DEATH_CERTIFICATE) == Some("preliminary");
    let hospital = event.text(field::DEATH_PLACE) == Some("facility");
    let under_70 = Age::at_death(event).is_some_and(|a| a.surely_under(70));
    if !preliminary && hospital && under_70 && lines(event).count() == 1 && !has_part_two(event) {
        let msg = findings.msg();
        findings.add(field::CAUSE_B, msg);
    }
}

fn not_in_list(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    for (field, list) in [
        (field::DEATH_CERTIFICATE, "death-certificate"),
        (field::DEATH_MANNER, "manner"),
        (field::DEATH_PLACE, "place-death"),
        (field::EXTERNAL_PLACE, "external-place"),
        (field::PREGNANT, "yes-no-unknown"),
        (field::PREGNANCY_WHEN, "pregnancy-when"),
        (field::PREGNANCY_CONTRIBUTED, "yes-no-unknown"),
        (field::SURGERY, "yes-no-unknown"),
        (field::AUTOPSY, "yes-no-unknown"),
        (field::AUTOPSY_USED, "yes-no-unknown"),
        (field::INFANT_MULTIPLE, "yes-no-unknown"),
    ] {
        let Some(code) = event.text(field) else { continue };
        if codes::list(list).is_none_or(|l| l.get(code).is_none()) {
            let msg = findings
                .msg()
                .with("field", super::common::label(field))
                .with("value", code);
            findings.add(field, msg);
        }
    }
}
