//! Rules of surgery and autopsy, the first questions of frame B of WHO's certificate.

use super::death::DEATH;
use super::facts::date_text;
use super::{Context, Findings, Rule, Severity, id};
use crate::vital::{Event, field};

pub(super) fn rules() -> Vec<Rule> {
    let rule = |id, fields, source, look| Rule {
        id,
        kinds: DEATH,
        severity: Severity::E,
        fields,
        source,
        look,
    };
    vec![
        rule(
            id::D42,
            &[field::SURGERY_DATE, field::DEATH_DATE],
            "WHO certificate 2016: last four weeks",
            surgery_date,
        ),
        rule(
            id::D43,
            &[
                field::SURGERY,
                field::SURGERY_REASON,
                field::AUTOPSY,
                field::AUTOPSY_USED,
            ],
            "WHO certificate 2016; AeHIN MCCoD invariants",
            dependent,
        ),
    ]
}

fn surgery_date(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let days = i64::from(ctx.limits.surgery_days);
    let (Some(surgery), Some(died)) = (event.date(field::SURGERY_DATE), event.event_date()) else {
        return;
    };
    if surgery.earliest() > died.latest() {
        let msg = findings.variant("after").with("date", date_text(surgery));
        findings.add(field::SURGERY_DATE, msg);
    } else if (died.earliest() - surgery.latest()).num_days() > days {
        let msg = findings.msg().with("date", date_text(surgery)).with("days", days);
        findings.add_as(Severity::W, field::SURGERY_DATE, msg);
    }
}

/// A reason stated as unknown is an answer; one that is not yet known is asked for again.
fn dependent(event: &Event, _: &Context<'_>, findings: &mut Findings<'_>) {
    if event.text(field::SURGERY) != Some("yes") || !event.is_open(field::SURGERY_REASON) {
        return;
    }
    let severity = match event.get(field::SURGERY_REASON) {
        None => Severity::E,
        Some(_) => Severity::W,
    };
    let msg = findings.msg();
    findings.add_as(severity, field::SURGERY_REASON, msg);
}
