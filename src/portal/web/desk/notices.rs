//! What stands in the register and gives a person something to look at all the same.

use maud::{Markup, html};

use super::layout::record_address;
use crate::lang::{Lang, Msg, text};
use crate::portal::record::{Hold, Notification, Record};
use crate::portal::staff::sign_in::Principal;

/// What is registered at an office and has to be looked at, the oldest first.
pub(super) fn notices_table(noticed: &[Record], now: i64, lang: Lang) -> Markup {
    html! {
        h2 { (Msg::new("desk-noticed").with("count", noticed.len()).render(lang)) }
        table {
            thead { tr {
                th { (text(lang, "desk-what")) }
                th { (text(lang, "desk-why")) }
                th { (text(lang, "desk-number")) }
                th { (text(lang, "desk-days")) }
            } }
            tbody {
                @for record in noticed {
                    tr {
                        td { a href=(record_address(&record.nid)) { (text(lang, &format!("kind-{}", record.kind.code()))) } }
                        td { (record.notices.first().map(|hold| words(hold, lang)).unwrap_or_default()) }
                        td.number { (record.state.registration().map(|r| r.number.as_str()).unwrap_or_default()) }
                        td.n { ((now - record.first_ms).max(0) / 86_400_000) }
                    }
                }
            }
        }
    }
}

/// What a registered one is looked at for, and the form that settles it.
pub(super) fn to_look_at(n: &Notification, notices: &[Hold], person: &Principal, lang: Lang) -> Markup {
    html! {
        @if !notices.is_empty() {
            p { strong { (text(lang, "desk-to-look-at")) } }
            ul {
                @for notice in notices {
                    li {
                        (words(notice, lang))
                        @if let Some(of) = &notice.of { " " a href=(record_address(of)) { (of) } }
                    }
                }
            }
            form method="post" action=(record_address(&n.nid)) {
                input type="hidden" name="csrf" value=(person.csrf);
                label { (text(lang, "desk-reason")) " " input name="text" required maxlength="500" size="40"; } " "
                button name="act" value="settle" { (text(lang, "desk-settle")) }
            }
        }
    }
}

fn words(hold: &Hold, lang: Lang) -> String {
    hold.problem.text.get(lang.code()).cloned().unwrap_or_default()
}
