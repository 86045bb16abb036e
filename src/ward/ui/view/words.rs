//! Words that several screens use: days, distances, the queue, values.

use chrono::{Datelike, NaiveDate};

use super::super::data::Moment;
use super::super::model::Model;
use crate::form::{FieldError, show};
use crate::lang::{Lang, Msg, text};
use crate::questions::Question;
use crate::vital::{Event, PartialDate, Value};

/// Name of the weekday.
pub(super) fn weekday(lang: Lang, day: NaiveDate) -> String {
    text(
        lang,
        &format!("ui-weekday-{}", day.weekday().number_from_monday()),
    )
}

/// Its short name.
pub(super) fn weekday_short(lang: Lang, day: NaiveDate) -> String {
    text(
        lang,
        &format!("ui-weekday-short-{}", day.weekday().number_from_monday()),
    )
}

/// How long something has lasted: the largest whole unit.
pub(super) fn lasted(now: Moment, since: Moment) -> Msg {
    let minutes = (now - since).num_minutes().max(0);
    match minutes {
        m if m < 60 => Msg::new("ui-minutes").with("n", m),
        m if m < 48 * 60 => Msg::new("ui-hours").with("n", m / 60),
        m => Msg::new("ui-days").with("n", m / (24 * 60)),
    }
}

/// A moment for a list: the time today, the day otherwise.
pub(super) fn when(now: Moment, at: Moment) -> String {
    if now.date_naive() == at.date_naive() {
        at.format("%H:%M").to_string()
    } else {
        at.format("%d.%m.%Y").to_string()
    }
}

/// A moment in full.
pub(super) fn moment(at: Moment) -> String {
    at.format("%d.%m.%Y %H:%M").to_string()
}

/// "3 unsent, oldest 5 h, last receipt 14:02".
pub(super) fn queue(model: &Model) -> String {
    let lang = model.lang;
    let queue = &model.queue;
    let mut parts = vec![if queue.unsent == 0 {
        text(lang, "ui-queue-empty")
    } else {
        Msg::new("ui-queue").with("n", queue.unsent).render(lang)
    }];
    if let Some(oldest) = queue.oldest.filter(|_| queue.unsent > 0) {
        let age = lasted(model.now, oldest).render(lang);
        parts.push(Msg::new("ui-queue-oldest").with("age", age).render(lang));
    }
    parts.push(match queue.last_receipt {
        Some(at) => Msg::new("ui-queue-receipt")
            .with("at", when(model.now, at))
            .render(lang),
        None => text(lang, "ui-queue-no-receipt"),
    });
    parts.join(", ")
}

/// A date as far as it is known.
pub(super) fn date(date: PartialDate) -> String {
    match date {
        PartialDate::Day(d) => d.format("%d.%m.%Y").to_string(),
        PartialDate::Month(y, m) => format!("{m:02}.{y}"),
        PartialDate::Year(y) => y.to_string(),
    }
}

/// What cannot be read, without the field's path, which only files need.
pub(super) fn unreadable(error: &FieldError, lang: Lang) -> String {
    error.msg.render(lang).replace(&format!(" ({})", error.field), "")
}

/// What a date or time means, so that a slip of the finger is seen: weekday and distance, or age.
pub(super) fn echo(q: &Question, event: &Event, value: &Value, now: Moment, lang: Lang) -> Option<String> {
    match value {
        Value::Date(d) if q.id.ends_with(".born") => {
            let at = event.event_date().unwrap_or(PartialDate::Day(now.date_naive()));
            let (least, most) = d.years_until(at);
            let age = if least == most {
                Msg::new("ui-age").with("n", most)
            } else {
                Msg::new("ui-age-between").with("least", least).with("most", most)
            };
            let day = d.day().map(|day| format!("{}, ", weekday(lang, day)));
            Some(format!(
                "{}{}: {}",
                day.unwrap_or_default(),
                date(*d),
                age.render(lang)
            ))
        }
        Value::Date(PartialDate::Day(day)) => {
            let distance = days(now.date_naive(), *day);
            Some(format!(
                "{}, {}: {}",
                weekday(lang, *day),
                date(PartialDate::Day(*day)),
                distance.render(lang)
            ))
        }
        Value::Date(d) => Some(format!("{}: {}", date(*d), text(lang, "ui-date-partial"))),
        Value::Time(t) if q.id == event.kind.time_field() => {
            let day = event.event_date()?.day()?;
            let at = day
                .and_hms_opt(t.hour, t.minute, 0)?
                .and_local_timezone(now.timezone());
            let at = at.single()?;
            let text = if at > now {
                text(lang, "ui-time-future")
            } else {
                let lasted = lasted(now, at).render(lang);
                Msg::new("ui-ago").with("lasted", lasted).render(lang)
            };
            Some(format!("{t}: {text}"))
        }
        Value::Interval(_) | Value::Int(_) => Some(show(q, value, lang)),
        _ => None,
    }
}

fn days(today: NaiveDate, day: NaiveDate) -> Msg {
    match (today - day).num_days() {
        0 => Msg::new("ui-today"),
        1 => Msg::new("ui-yesterday"),
        n if n > 0 => Msg::new("ui-days-ago").with("n", n),
        n => Msg::new("ui-days-ahead").with("n", -n),
    }
}
