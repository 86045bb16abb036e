//! A maternal death is told to a named officer, without names: on their page, in the measurements,
//! and by a program of the operator's choice (a mailer, a text message).

use maud::{Markup, html};

use crate::lang::{Lang, Msg, text};
use crate::portal::book::{BookResult, StaffRole};
use crate::portal::staff::sign_in::Principal;
use crate::portal::unit::registry::Registry;
use crate::wire::path;

const HOUR_MS: i64 = 3_600_000;

/// What waits for an officer, on the officer's page.
pub(in crate::portal) fn shown(registry: &Registry, reader: &Principal, lang: Lang) -> BookResult<Markup> {
    if reader.role != StaffRole::Officer {
        return Ok(html! {});
    }
    let mut open = registry.read(|tx| tx.alerts())?;
    open.retain(|a| a.seen_by.is_empty());
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
pub(in crate::portal) fn see(registry: &Registry, reader: &Principal, nid: &str) -> BookResult<()> {
    let at = registry.now().timestamp_millis();
    registry.write(|tx| {
        tx.see_alert(nid, &reader.login)?;
        tx.add_act(&reader.act(at, "alert-seen", nid))
    })
}
