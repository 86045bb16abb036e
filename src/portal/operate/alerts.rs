//! Tells a maternal death by a program of the operator's choice: a mailer, a text message.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::lang::{Lang, Msg};
use crate::portal::book::BookResult;
use crate::portal::unit::registry::Registry;

/// Longest time that the program may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Tells what nobody was told yet, where the settings name a program.
pub(in crate::portal) fn tell_alerts(registry: &Registry) -> BookResult<()> {
    let Some((program, args)) = registry.settings.alert_program.split_first() else {
        return Ok(());
    };
    let alerts = registry.read(|tx| tx.alerts())?;
    for alert in alerts.iter().filter(|a| !a.told) {
        let received = chrono::DateTime::from_timestamp_millis(alert.at_ms).unwrap_or_default();
        let words = Msg::new("alert-message")
            .with("facility", alert.fac.as_str())
            .with("at", received.to_rfc3339());
        let lines: Vec<String> = Lang::ALL.into_iter().map(|lang| words.render(lang)).collect();
        if run(program, args, &lines.join("\n")) {
            registry.write(|tx| tx.set_told(&alert.nid))?;
        }
    }
    Ok(())
}

/// Runs a program with a text on its standard input; whether it ended well in time.
fn run(program: &str, args: &[String], text: &str) -> bool {
    let started = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else { return false };
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read says by its end whether it did its work.
        let _ = writeln!(stdin, "{text}");
    }
    let until = Instant::now() + TIMEOUT;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(50)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}
