//! OpenMetrics text of a ward's device.
//!
//! It ends with `# EOF` as OpenMetrics wants it; to a reader of the older Prometheus text format,
//! such as node_exporter's textfile collector, that line is a comment.

use std::fmt::{Display, Write};

use chrono::{DateTime, FixedOffset};

use super::WardStatus;
use crate::env::ClockTrust;

/// The metrics of a device, named `ogoh_*`, in base units (seconds).
pub fn open_metrics(ward: &WardStatus) -> String {
    let mut m = MetricsText(String::new());
    m.family(
        "ogoh_build",
        "info",
        "Version of the program and the facility that runs it.",
    );
    m.sample(
        "ogoh_build_info",
        &[("version", &ward.app), ("facility", &ward.facility)],
        1,
    );

    m.family("ogoh_notifications", "gauge", "Notifications by kind and status.");
    for ((kind, status), n) in &ward.notifications {
        m.sample(
            "ogoh_notifications",
            &[("kind", kind.code()), ("status", status)],
            n,
        );
    }
    m.gauge("ogoh_drafts", "Unfinished drafts.", ward.drafts);
    m.gauge(
        "ogoh_unsent_entries",
        "Signed entries without a verified receipt.",
        ward.unsent,
    );
    m.gauge(
        "ogoh_lost_entries",
        "Entries that were signed on this device and are not in its database.",
        ward.lost,
    );
    m.gauge(
        "ogoh_put_aside_entries",
        "Entries that the portal could not take.",
        ward.put_aside,
    );
    if let Some(age) = ward.oldest_unsent_seconds() {
        m.seconds(
            "ogoh_oldest_unsent_age_seconds",
            "Age of the oldest entry without a receipt.",
            age,
        );
    }
    m.family("ogoh_signed_entries", "counter", "Entries signed on this device.");
    m.sample("ogoh_signed_entries_total", &[], ward.signed);
    m.family(
        "ogoh_receipts",
        "counter",
        "Verified receipts stored on this device.",
    );
    m.sample("ogoh_receipts_total", &[], ward.receipts);

    let mut moment = |name: &str, help: &str, at: Option<DateTime<FixedOffset>>| {
        if let Some(at) = at {
            m.seconds(name, help, at.timestamp());
        }
    };
    moment(
        "ogoh_last_receipt_timestamp_seconds",
        "Portal's time of the newest receipt.",
        ward.last_receipt,
    );
    moment(
        "ogoh_last_contact_timestamp_seconds",
        "When the portal last answered.",
        ward.last_contact,
    );

    m.family(
        "ogoh_clock_trust",
        "stateset",
        "How far the clock may be believed.",
    );
    for state in [
        ClockTrust::Synced,
        ClockTrust::Unsynced,
        ClockTrust::Behind,
        ClockTrust::Ahead,
    ] {
        let set = u8::from(state == ward.clk);
        m.sample("ogoh_clock_trust", &[("ogoh_clock_trust", state.code())], set);
    }
    if let Some(offset) = ward.clock_offset {
        m.seconds(
            "ogoh_clock_offset_seconds",
            "Local clock minus the portal's at its last answer.",
            -offset,
        );
    }
    if let Some(verified) = ward.journal_verified {
        m.gauge(
            "ogoh_journal_verified",
            "1 if the journal verified when last looked at.",
            u8::from(verified),
        );
    }
    if let Some(number) = ward.trust {
        m.gauge(
            "ogoh_trust_list_number",
            "Number of the trust list in force.",
            number,
        );
    }
    m.0.push_str("# EOF\n");
    m.0
}

struct MetricsText(String);

// Writing to a String cannot fail; the results are dropped on purpose.
impl MetricsText {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# TYPE {name} {kind}");
        if name.ends_with("_seconds") {
            let _ = writeln!(self.0, "# UNIT {name} seconds");
        }
        let _ = writeln!(self.0, "# HELP {name} {help}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (i, (label, text)) in labels.iter().enumerate() {
            self.0.push(if i == 0 { '{' } else { ',' });
            let _ = write!(self.0, "{label}=\"{}\"", escaped(text));
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        let _ = writeln!(self.0, " {value}");
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, "gauge", help);
        self.sample(name, &[], value);
    }

    fn seconds(&mut self, name: &str, help: &str, value: i64) {
        self.gauge(name, help, value);
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vital::Kind;

    fn ward() -> WardStatus {
        let at = |t| DateTime::parse_from_rfc3339(t).unwrap();
        let mut ward = WardStatus::new("TJ-KT-01\"\n", at("2026-11-23T10:00:00+05:00"));
        ward.notifications.insert((Kind::Birth, "signed"), 3);
        ward.notifications.insert((Kind::FoetalDeath, "registered"), 1);
        ward.unsent = 3;
        ward.oldest_unsent = Some(at("2026-11-22T10:00:00+05:00"));
        ward.last_receipt = Some(at("2026-11-22T09:00:00+05:00"));
        ward.clk = ClockTrust::Synced;
        ward.clock_offset = Some(2);
        ward.journal_verified = Some(true);
        ward
    }

    #[test]
    fn the_text_says_what_the_ward_is() {
        let text = open_metrics(&ward());
        for line in [
            "ogoh_build_info{version=\"0.1.0\",facility=\"TJ-KT-01\\\"\\n\"} 1",
            "ogoh_notifications{kind=\"birth\",status=\"signed\"} 3",
            "ogoh_notifications{kind=\"foetal-death\",status=\"registered\"} 1",
            "ogoh_unsent_entries 3",
            "ogoh_oldest_unsent_age_seconds 86400",
            "# UNIT ogoh_oldest_unsent_age_seconds seconds",
            "ogoh_clock_offset_seconds -2",
            "ogoh_clock_trust{ogoh_clock_trust=\"synced\"} 1",
            "ogoh_clock_trust{ogoh_clock_trust=\"ahead\"} 0",
            "ogoh_journal_verified 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        assert!(
            !text.contains("ogoh_last_contact"),
            "what is not known is not there"
        );
    }

    #[test]
    fn every_line_is_a_comment_or_a_sample_of_a_family_that_was_declared() {
        let text = open_metrics(&ward());
        let mut family = String::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                family = rest.split(' ').next().unwrap().to_owned();
            } else if !line.starts_with('#') {
                assert!(line.starts_with(&family), "{line} under {family}");
                let value = line.rsplit(' ').next().unwrap();
                assert!(value.parse::<i64>().is_ok(), "{line}");
            }
        }
    }
}
