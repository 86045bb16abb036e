//! The operators' measurements: counts, nothing personal.

use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::record::HeartbeatRow;
use crate::portal::unit::registry::Registry;
use crate::seal::Status;

/// What is measured, at one moment.
struct Measured {
    /// Entries by status.
    statuses: Vec<(String, u64)>,
    beats: Vec<HeartbeatRow>,
    waiting: u64,
    forked: u64,
    trust: u64,
    alerts: u64,
    recovering: u64,
}

fn measured(tx: &ReadTransaction<'_>) -> BookResult<Measured> {
    let open = tx.alerts()?.into_iter().filter(|a| a.seen_by.is_empty());
    Ok(Measured {
        statuses: tx.status_counts()?,
        beats: tx.heartbeats()?,
        waiting: tx.waiting_enrolments()?,
        forked: tx.forked_journals()?,
        trust: tx.trust_number()?,
        alerts: open.count() as u64,
        recovering: tx.recovering()?.len() as u64,
    })
}

/// Measurements in the Prometheus exposition format.
pub(in crate::portal) fn metrics(registry: &Registry) -> BookResult<String> {
    use std::fmt::Write as _;
    let Measured {
        statuses,
        beats,
        waiting,
        forked,
        trust,
        alerts,
        recovering,
    } = registry.read(measured)?;
    let now = registry.now().timestamp_millis();
    let mut out = String::new();
    // Writing to a String cannot fail.
    let mut put = |line: std::fmt::Arguments<'_>| {
        let _ = writeln!(out, "{line}");
    };
    put(format_args!(
        "# HELP ogoh_portal_entries Entries by what was decided last."
    ));
    put(format_args!("# TYPE ogoh_portal_entries gauge"));
    for status in Status::ALL {
        let count = statuses
            .iter()
            .find(|(s, _)| s == status.code())
            .map_or(0, |(_, n)| *n);
        put(format_args!(
            "ogoh_portal_entries{{status=\"{}\"}} {count}",
            status.code()
        ));
    }
    for (name, help, value) in [
        ("enrolments_waiting", "Requests to enrol that wait.", waiting),
        (
            "journals_forked",
            "Journals with two entries at one place.",
            forked,
        ),
        (
            "maternal_alerts_waiting",
            "Maternal deaths that no officer has seen.",
            alerts,
        ),
        (
            "offices_recovering",
            "Offices whose numbers wait because the book was set back.",
            recovering,
        ),
        ("trust_list_number", "Number of the newest trust list.", trust),
    ] {
        put(format_args!("# HELP ogoh_portal_{name} {help}"));
        put(format_args!("# TYPE ogoh_portal_{name} gauge"));
        put(format_args!("ogoh_portal_{name} {value}"));
    }
    put(format_args!(
        "# HELP ogoh_portal_device_silent_seconds Time since a device's last sign of life."
    ));
    put(format_args!("# TYPE ogoh_portal_device_silent_seconds gauge"));
    for beat in &beats {
        let seconds = (now - beat.at_ms).max(0) / 1000;
        put(format_args!(
            "ogoh_portal_device_silent_seconds{{facility=\"{}\",device=\"{}\"}} {seconds}",
            label(&beat.fac),
            label(&beat.dev)
        ));
    }
    Ok(out)
}

/// A label's value without what would end it.
fn label(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '"' | '\\'))
        .collect()
}
