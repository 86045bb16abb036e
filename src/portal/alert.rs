//! A maternal death is told to a named officer, without names: on their page, in the measurements,
//! and by a program of the operator's choice (a mailer, a text message).

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use maud::{Markup, html};

use super::book::{AlertRow, Kept, StaffRole};
use super::registry::Registry;
use super::sign_in::Person;
use crate::lang::{Lang, Msg, text};
use crate::wire::path;

/// What a notification counts as when an officer has to know.
pub(super) const TELLS: &str = "maternal_deaths";
/// Longest time that the program may take.
const PATIENCE: Duration = Duration::from_secs(30);
const HOUR_MS: i64 = 3_600_000;

/// What waits for an officer, on the officer's page.
pub(super) fn shown(registry: &Registry, reader: &Person, lang: Lang) -> Kept<Markup> {
    if reader.role != StaffRole::Officer {
        return Ok(html! {});
    }
    let mut open: Vec<AlertRow> = Vec::new();
    registry.read(&mut |leaf| {
        open = leaf
            .alerts()?
            .into_iter()
            .filter(|a| a.seen_by.is_empty())
            .collect();
        Ok(())
    })?;
    let now = registry.now().timestamp_millis();
    Ok(html! {
        section {
            h2 { (Msg::new("alert-title").with("count", open.len()).render(lang)) }
            @for alert in &open {
                form method="post" action=(path::ALERT) {
                    input type="hidden" name="csrf" value=(reader.csrf);
                    input type="hidden" name="nid" value=(alert.nid);
                    (Msg::new("alert-line").with("facility", alert.fac.as_str())
                        .with("hours", (now - alert.at_ms).max(0) / HOUR_MS).render(lang)) " "
                    button { (text(lang, "alert-seen")) }
                }
            }
        }
    })
}

/// Notes that an officer knows.
pub(super) fn see(registry: &Registry, reader: &Person, nid: &str) -> Kept<()> {
    let at = registry.now().timestamp_millis();
    registry.keep(&mut |leaf| {
        leaf.see_alert(nid, &reader.login)?;
        leaf.add_act(&reader.act(at, "alert-seen", nid))
    })
}

impl Registry {
    /// Tells what nobody was told yet, where the settings name a program.
    pub fn tell_alerts(&self) -> Kept<()> {
        let Some((program, args)) = self.settings.alert_program.split_first() else {
            return Ok(());
        };
        let mut untold: Vec<AlertRow> = Vec::new();
        self.read(&mut |leaf| {
            untold = leaf.alerts()?.into_iter().filter(|a| !a.told).collect();
            Ok(())
        })?;
        for alert in untold {
            let received = chrono::DateTime::from_timestamp_millis(alert.at_ms).unwrap_or_default();
            let words = Msg::new("alert-message")
                .with("facility", alert.fac.as_str())
                .with("at", received.to_rfc3339());
            let lines: Vec<String> = Lang::ALL.into_iter().map(|lang| words.render(lang)).collect();
            if run(program, args, &lines.join("\n")) {
                self.keep(&mut |leaf| leaf.set_told(&alert.nid))?;
            }
        }
        Ok(())
    }
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
    let until = Instant::now() + PATIENCE;
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
