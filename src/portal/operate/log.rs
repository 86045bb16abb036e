//! The log of a portal's process: one JSON object a line, with time, level, event and its fields.
//!
//! Deliberately absent: anything about a person. A record holds the fields that its call names and
//! nothing else: no spans with their arguments, no records of libraries, which quote requests.

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::time::ChronoUtc;
use tracing_subscriber::layer::SubscriberExt as _;

/// RFC 3339 in UTC, with milliseconds.
const TIME: &str = "%Y-%m-%dT%H:%M:%S%.3fZ";

/// Sends the log to standard error, from now on and for the whole process.
pub fn log_to_stderr() {
    // Whoever set up a log before keeps it.
    let _ = tracing::subscriber::set_global_default(log_to(std::io::stderr));
}

fn log_to<W>(writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_timer(ChronoUtc::new(TIME.to_owned()))
        .with_writer(writer)
        // A log that cannot be written must not stop a registration: told on standard error, the
        // failure would end the thread where that is closed.
        .log_internal_errors(false)
        .finish()
        .with(Targets::new().with_target(env!("CARGO_CRATE_NAME"), LevelFilter::INFO))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    #[test]
    fn a_record_is_a_line_with_time_level_event_and_its_fields_alone() {
        let kept = Kept::default();
        let writer = kept.clone();
        tracing::subscriber::with_default(log_to(move || writer.clone()), || {
            let asking = tracing::error_span!("asking", token = "secret");
            let _asking = asking.enter();
            tracing::error!(event = "book", why = "no such table:\n\"entry\"");
            tracing::debug!(event = "detail");
            tracing::error!(target: "hyper", header = "secret");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        let [record] = lines.as_slice() else {
            panic!("{text}")
        };
        let names: Vec<&String> = record.as_object().unwrap().keys().collect();
        assert_eq!(names, ["event", "level", "timestamp", "why"]);
        assert_eq!(record["level"], "ERROR");
        assert_eq!(record["event"], "book");
        assert_eq!(record["why"], "no such table:\n\"entry\"");
        let at = record["timestamp"].as_str().unwrap();
        assert_eq!(at.len(), "2026-10-19T08:00:00.000Z".len());
        chrono::DateTime::parse_from_rfc3339(at).unwrap();
    }

    #[test]
    fn a_log_that_cannot_be_written_stops_nothing() {
        tracing::subscriber::with_default(log_to(|| Full), || {
            tracing::error!(event = "book", why = "disk full");
        });
    }
}
