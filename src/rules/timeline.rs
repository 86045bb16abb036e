//! The time line: no date of an event lies in the future, before its cause or after its end.
//!
//! Which date stands where is declared with its question. Dates known in part, and days without a time,
//! count against the writer only where no reading of them would do.

use std::sync::LazyLock;

use chrono::{Months, NaiveDateTime};

use super::common::{by_clock, label};
use super::facts::{date_text, span};
use super::{Context, Findings, Rule, Severity, id};
use crate::questions::{Bound, Input, Moment, question_of, questions};
use crate::vital::{Event, Kind, PartialDate, TimeOfDay};

/// Every date that is asked.
static DATES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of = |kind| questions(kind).filter(|q| matches!(q.input, Input::Date(_)));
    let mut fields: Vec<&str> = Kind::ALL.into_iter().flat_map(of).map(|q| q.id).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
});

pub(super) fn rules() -> Vec<Rule> {
    vec![Rule {
        id: id::C15,
        kinds: &Kind::ALL,
        severity: Severity::E,
        fields: &DATES,
        source: "ogoh: nothing lies in the future, before its cause or after its end",
        look: line,
    }]
}

/// First and last minute that something can mean.
pub(super) type Span = (NaiveDateTime, NaiveDateTime);

/// How a date leaves its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// Surely after now.
    Future,
    /// Surely before something that it follows, or too soon after it.
    Before(&'static Bound),
    /// Surely after something that it goes before.
    After(&'static Bound),
}

/// How a date, not necessarily one of the event's own, leaves its place on the event's time line.
pub fn breach(
    event: &Event,
    moment: &'static Moment,
    (date, time): (PartialDate, Option<TimeOfDay>),
    now: NaiveDateTime,
) -> Option<Breach> {
    let own = span(Some(date), time)?;
    let other = |bound: &Bound| moment_of(event, bound.than.field(event.kind));
    let before = moment.not_before.iter().find(|bound| {
        let years = Months::new(bound.years.saturating_mul(12));
        let least = other(bound).and_then(|other| other.0.checked_add_months(years));
        least.is_some_and(|least| own.1 < least)
    });
    let after = |may_be| {
        let mut bounds = moment.not_after.iter().filter(|bound| bound.may_be == may_be);
        bounds.find(|bound| other(bound).is_some_and(|other| own.0 > other.1))
    };
    let future = || (own.0 > now).then_some(Breach::Future);
    before
        .map(Breach::Before)
        .or_else(|| after(false).map(Breach::After))
        .or_else(future)
        .or_else(|| after(true).map(Breach::After))
}

fn place(event: &Event, field: &str) -> Option<&'static Moment> {
    match question_of(event.kind, field)?.input {
        Input::Date(moment) => Some(moment),
        _ => None,
    }
}

fn time_of(event: &Event, field: &str) -> Option<TimeOfDay> {
    event.time(place(event, field)?.time?)
}

/// What the date in a field can mean, with its time where one is stated.
pub(super) fn moment_of(event: &Event, field: &str) -> Option<Span> {
    span(event.date(field), time_of(event, field))
}

/// Whether the date in one field lies surely after that in another.
pub(super) fn is_after(event: &Event, later: &str, earlier: &str) -> bool {
    let (a, b) = (moment_of(event, later), moment_of(event, earlier));
    a.zip(b).is_some_and(|(a, b)| a.0 > b.1)
}

/// The date in a field as people write it, with its time where one is stated.
pub(super) fn moment_text(event: &Event, field: &str) -> String {
    let date = event.date(field).map(date_text).unwrap_or_default();
    match time_of(event, field) {
        Some(time) => format!("{date} {time}"),
        None => date,
    }
}

fn line(event: &Event, ctx: &Context<'_>, findings: &mut Findings<'_>) {
    let now = ctx.now.naive_local() + chrono::Duration::minutes(i64::from(ctx.limits.future_minutes));
    for q in questions(event.kind) {
        let (Input::Date(moment), Some(date)) = (q.input, event.date(q.id)) else {
            continue;
        };
        let Some(breach) = breach(event, moment, (date, time_of(event, q.id)), now) else {
            continue;
        };
        let (severity, msg) = match breach {
            // Of the event itself C01 speaks.
            Breach::Future if q.id == event.kind.date_field() => continue,
            Breach::Before(bound) | Breach::After(bound) if bound.rule.is_some() => continue,
            Breach::Future if ctx.clock_trusted => (Severity::E, findings.msg()),
            Breach::Future => (by_clock(ctx), findings.variant("clock")),
            Breach::Before(bound) => {
                let other = bound.than.field(event.kind);
                let msg = match bound.years {
                    0 => findings.variant("before"),
                    years => findings.variant("soon").with("years", years),
                };
                (
                    weight(bound),
                    msg.with("other", label(other))
                        .with("at", moment_text(event, other)),
                )
            }
            Breach::After(bound) => {
                let other = bound.than.field(event.kind);
                let msg = findings.variant("after").with("other", label(other));
                (weight(bound), msg.with("at", moment_text(event, other)))
            }
        };
        let msg = msg
            .with("field", label(q.id))
            .with("value", moment_text(event, q.id));
        let msg = match breach {
            Breach::Future => msg.with("now", ctx.now.format("%d.%m.%Y %H:%M").to_string()),
            _ => msg,
        };
        findings.add_as(severity, q.id, msg);
    }
}

fn weight(bound: &Bound) -> Severity {
    match bound.may_be {
        true => Severity::W,
        false => Severity::E,
    }
}
