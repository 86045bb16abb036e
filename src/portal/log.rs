//! The portal's log: one JSON object a line on standard error. No body, name, token or address of a
//! person ever stands in it.
//!
//! Deliberately absent: anything about a person.

use std::io::Write;

use serde_json::{Value, json};

/// Writes a line: what happened, and facts about it.
pub(super) fn line(level: &str, event: &str, facts: &Value) {
    let at = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let line = json!({ "at": at, "level": level, "event": event, "facts": facts });
    // A log that cannot be written must not stop a registration.
    let _ = writeln!(std::io::stderr(), "{line}");
}
