//! Delivery and the state of the device: `push`, `monitor`, `check`, `doctor`.

use chrono::NaiveDate;
use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward;
use crate::figures::{MonthTable, month_of};
use crate::lang::{Explain, Msg};
use crate::vital::PartialDate;
use crate::ward::deliver::{self, PushHandle, PushReport};
use crate::ward::monitor::{self, Thresholds};
use crate::ward::workplace::Workplace;

/// `push [--watch]`.
pub fn push(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    if call.has("watch") {
        let push_handle = PushHandle::new();
        deliver::watch(
            &ward.paths,
            &ward.settings,
            &ward.device,
            ward.clock.as_ref(),
            &push_handle,
            |report| tell(report, out),
        )?;
        return Ok(fail::OK);
    }
    let report = deliver::push(
        &mut ward.store,
        &ward.paths,
        &ward.settings,
        &ward.device,
        ward.clock.as_ref(),
    )?;
    tell(&report, out);
    match report.error {
        Some(e) if e.is_unreachable() => Err(Failure::unreachable(&e)),
        Some(e) => Err(e.into()),
        None => Ok(fail::OK),
    }
}

fn tell(report: &PushReport, out: Out) {
    out.either(
        &json!({
            "sent": report.sent, "receipts": report.receipts, "refused": report.refused, "left": report.left,
            "given_back": report.given_back, "next_at": report.next_at, "elsewhere": report.elsewhere,
            "error": report.error.as_ref().map(|e| e.msg().id.into_owned()),
        }),
        || report.msg().render(out.lang),
    );
    if let Some(msg) = report.given_back_msg().filter(|_| !out.json) {
        out.message(&msg);
    }
}

/// What this device can say about itself.
fn state(ward: &Workplace) -> Result<monitor::WardStatus, Failure> {
    let now = ward.clock.now();
    let mut state = monitor::WardStatus::new(ward.settings.facility.code.clone(), now);
    let counts = ward.store.counts(now.date_naive())?;
    let evidence = deliver::clock_evidence(&ward.store, now)?;
    state.clk = ward.trust_in_clock()?;
    state.clock_offset = evidence.map(|(offset, _)| offset);
    state.last_contact = evidence.map(|(_, at)| at);
    state.drafts = counts.unfinished + counts.to_sign;
    for (kind, standing, n) in ward.store.totals()? {
        state.notifications.insert((kind, standing.code()), n);
    }
    state.unsent = counts.queue.unsent;
    state.put_aside = counts.queue.put_aside;
    state.oldest_unsent = counts.queue.oldest;
    state.last_receipt = counts.queue.last_receipt;
    state.receipts = counts.queue.receipts;
    state.signed = ward
        .store
        .journals()?
        .iter()
        .filter(|j| j.own)
        .map(|j| j.head.0)
        .sum();
    state.lost = ward.store.missing()?.iter().map(|l| l.seq - l.after).sum();
    state.trust = ward.trust()?.map(|t| t.number());
    Ok(state)
}

/// `monitor`: OpenMetrics; with a month, what it held.
pub fn metrics(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    if let Some(first) = month(call)? {
        let of = ward.store.of_month(first)?;
        let fac = &ward.settings.facility.code;
        let counted = [of.received, of.signed];
        let table = MonthTable::of_ward(fac, month_of(first), counted, of.not_kept, &ward.settings.limits);
        print_month(&table, out);
        return Ok(fail::OK);
    }
    out.exact(monitor::open_metrics(&state(&ward)?).trim_end());
    Ok(fail::OK)
}

/// The first day of the month that was asked for.
pub fn month(call: &Call) -> Result<Option<NaiveDate>, Failure> {
    let Some(text) = call.value("month") else {
        return Ok(None);
    };
    match PartialDate::parse(text) {
        Ok(date @ PartialDate::Month(..)) => Ok(Some(date.earliest())),
        _ => Err(Failure::usage(Msg::new("cli-month-wrong").with("found", text))),
    }
}

/// A month of a facility: an object, or a table of text.
pub fn print_month(month: &MonthTable, out: Out) {
    if out.json {
        out.object(&json!(month));
        return;
    }
    for line in month.lines(out.lang) {
        out.line(&line);
    }
}

/// `check`: one line and the codes of monitoring plugins; what cannot be looked at is *unknown*.
pub fn check(call: &Call, out: Out) -> Result<i32, Failure> {
    let result = match ward::open(call).and_then(|w| state(&w)) {
        Ok(state) => monitor::check(&state, &Thresholds::default()),
        Err(failure) => monitor::CheckResult::unknown(failure.msg),
    };
    out.line(&result.line(out.lang));
    Ok(result.level.exit_code())
}
