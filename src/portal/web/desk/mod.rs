//! The registrar's pages: what is held and why, and the family that stands there.
//!
//! Plain forms and links, a few kilobytes a page, nothing from elsewhere and no script: they work
//! on a slow line, with the keyboard alone and in any browser.

mod amend;
mod entry;
mod form_data;
mod layout;
mod notices;
mod paper;
mod print;
mod record;

pub(in crate::portal::web) use amend::{AmendForm, amend, amend_page};
pub(in crate::portal::web) use entry::{EntryForm, act, entry_page};
pub(in crate::portal::web) use form_data::FormData;
pub(in crate::portal::web) use layout::{Notice, STYLE, frame, sign_in_page};
pub(in crate::portal::web) use paper::{Entered, PaperForm, enter, new_page};
pub(in crate::portal::web) use print::print_page;
pub(in crate::portal::web) use record::{FindForm, FindResult, RecordForm, find_page, record_page, serve};

use maud::{Markup, html};

use crate::lang::{Lang, Msg, text};
use crate::portal::Registration;
use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::record::{EntryRow, Notification, Record, State};
use crate::portal::staff::sign_in::Principal;
use crate::portal::unit::registry::Registry;
use crate::portal::web::recovering::recovering;
use crate::vital::Kind;
use crate::wire::{Reason, path};

/// Most entries on one page; the rest follows once these are decided.
const ON_A_PAGE: usize = 100;

/// One line of the list.
struct WorklistItem {
    row: EntryRow,
    kind: Option<Kind>,
}

/// Entries that an office has to look at: its own, and those of others that it confirms.
fn on_desk(
    tx: &ReadTransaction<'_>,
    policy: &Registration,
    office: &str,
    most: usize,
) -> BookResult<Vec<EntryRow>> {
    let mut out = tx.on_desk(office, most)?;
    let others = policy.confirmed_by.iter().filter(|(_, by)| *by == office);
    for (other, _) in others {
        let rows = tx.on_desk(other, most)?.into_iter();
        out.extend(rows.filter(needs_second));
    }
    Ok(out)
}

/// Whether a registrar has decided on it, and a second one confirms.
fn needs_second(row: &EntryRow) -> bool {
    let problem = row
        .decision
        .as_ref()
        .and_then(|decision| decision.problem.as_ref());
    problem.is_some_and(|problem| problem.code == Reason::SecondRegistrar.code())
}

/// What an office has to decide, without revisions that a later one replaced.
fn waiting(tx: &ReadTransaction<'_>, policy: &Registration, office: &str) -> BookResult<Vec<WorklistItem>> {
    let mut out = Vec::new();
    for row in on_desk(tx, policy, office, ON_A_PAGE)? {
        let n = tx.notification(&row.nid)?;
        let replaced = n.as_ref().is_some_and(|n| n.h != row.h && n.rev > row.rev);
        if row.t == "void" || !replaced {
            let kind = kind_of(&row, n.as_ref());
            out.push(WorklistItem { row, kind });
        }
    }
    Ok(out)
}

/// The first page: the box for families, then what waits for a decision.
pub(in crate::portal::web) fn desk_page(
    registry: &Registry,
    person: &Principal,
    said: Option<Notice>,
    lang: Lang,
) -> BookResult<String> {
    let policy = &registry.settings.registration;
    let (lines, coming, noticed) = registry.read(|tx| {
        let coming = tx.undecided_at(&person.place, ON_A_PAGE)?;
        let coming = coming.iter().filter_map(|nid| tx.record(nid).transpose());
        let noticed = tx.noticed_at(&person.place, ON_A_PAGE)?;
        let noticed = noticed.iter().filter_map(|nid| tx.record(nid).transpose());
        // A correction lies on the desk by itself.
        let noticed = noticed.filter(|n| n.as_ref().is_ok_and(|n| !n.notices.is_empty()));
        Ok((
            waiting(tx, policy, &person.place)?,
            coming.collect::<BookResult<Vec<_>>>()?,
            noticed.collect::<BookResult<Vec<_>>>()?,
        ))
    })?;
    let now = registry.now().timestamp_millis();
    let body = html! {
        (recovering(registry, lang)?)
        (find_box(person, "", lines.is_empty(), lang))
        @if paper::has_office(person) {
            p {
                (text(lang, "desk-new")) ": "
                @for kind in Kind::ALL {
                    a href=(paper::address(kind)) { (text(lang, &format!("kind-{}", kind.code()))) } " "
                }
            }
        }
        h2 { (Msg::new("desk-count").with("count", lines.len()).render(lang)) }
        @if lines.is_empty() { p { (text(lang, "desk-nothing")) } }
        @else {
            table {
                thead { tr {
                    th { (text(lang, "desk-what")) }
                    th { (text(lang, "desk-why")) }
                    th { (text(lang, "desk-facility")) }
                    th { (text(lang, "desk-days")) }
                } }
                tbody {
                    @for (i, line) in lines.iter().enumerate() {
                        tr {
                            td { a href=(format!("{}/entry/{}", path::DESK, line.row.h)) autofocus[i == 0] { (what(&line.row, line.kind, lang)) } }
                            td { (why(&line.row, lang)) }
                            td { (stated_by(&line.row.fac, lang)) }
                            td.n { ((now - line.row.at_ms).max(0) / 86_400_000) }
                        }
                    }
                }
            }
        }
    };
    let body = html! {
        (body)
        @if !noticed.is_empty() { (notices::notices_table(&noticed, now, lang)) }
        @if !coming.is_empty() { (coming_table(&coming, now, lang)) }
    };
    Ok(frame(
        &text(lang, "desk-title"),
        path::DESK,
        Some(person),
        said,
        &body,
        lang,
    ))
}

/// What waits for something to come: nobody has to decide it yet, and everybody sees that it is there.
fn coming_table(coming: &[Record], now: i64, lang: Lang) -> Markup {
    html! {
        h2 { (Msg::new("desk-coming").with("count", coming.len()).render(lang)) }
        table {
            thead { tr {
                th { (text(lang, "desk-what")) }
                th { (text(lang, "desk-why")) }
                th { (text(lang, "desk-facility")) }
                th { (text(lang, "desk-days")) }
            } }
            tbody {
                @for n in coming {
                    tr {
                        td { a href=(format!("{}/record/{}", path::DESK, n.nid)) { (text(lang, &format!("kind-{}", n.kind.code()))) } }
                        td { (coming_why(n, lang)) }
                        td { (n.fac) }
                        td.n { ((now - n.first_ms).max(0) / 86_400_000) }
                    }
                }
            }
        }
    }
}

/// What a notification waits for, in words.
fn coming_why(n: &Record, lang: Lang) -> String {
    let State::Received(waits) = &n.state else {
        return String::new();
    };
    match waits.problem() {
        Some(problem) => problem.text.get(lang.code()).cloned().unwrap_or_default(),
        None => text(lang, "desk-coming-set"),
    }
}

/// Reads of which kind an entry's event is: what it states itself, or the notification that it changes.
/// None where it changes what never came.
fn kind_of(row: &EntryRow, n: Option<&Notification>) -> Option<Kind> {
    Kind::from_code(&row.t).or_else(|| Kind::from_code(&n?.kind))
}

/// Names an entry in words: the event, and what is done with it.
fn what(row: &EntryRow, kind: Option<Kind>, lang: Lang) -> String {
    let kind = kind.map(|kind| text(lang, &format!("kind-{}", kind.code())));
    let change = match row.t.as_str() {
        "amend" => Some(text(lang, "desk-amendment")),
        "void" => Some(text(lang, "desk-annulment")),
        _ => None,
    };
    let words: Vec<String> = kind.into_iter().chain(change).collect();
    words.join(" · ")
}

/// Names whoever states a notification; an act that was registered before by its book.
fn source(n: &Notification, lang: Lang) -> String {
    match &n.earlier {
        Some((office, year)) => Msg::new("desk-earlier")
            .with("office", crate::codes::name("office", office, lang))
            .with("year", year.to_string())
            .render(lang),
        None => stated_by(&n.fac, lang),
    }
}

/// Names whoever states an entry: a facility by its code, the registry itself in words.
fn stated_by(fac: &str, lang: Lang) -> String {
    match crate::codes::knows("office", fac) {
        true => text(lang, "desk-new"),
        false => fac.to_owned(),
    }
}

/// Why an entry lies here, in words.
fn why(row: &EntryRow, lang: Lang) -> String {
    let problem = row.decision.as_ref().and_then(|v| v.problem.as_ref());
    problem
        .and_then(|p| p.text.get(lang.code()).cloned())
        .unwrap_or_default()
}

/// The box in which a family's notification is looked for. The text travels in the body, so that
/// no name stays in an address.
fn find_box(person: &Principal, typed: &str, focus: bool, lang: Lang) -> Markup {
    html! {
        form.find method="post" action=(format!("{}/find", path::DESK)) {
            input type="hidden" name="csrf" value=(person.csrf);
            label for="q" { strong { (text(lang, "desk-family-here")) } }
            input #q name="q" value=(typed) accesskey="f" autocomplete="off" maxlength="4000" autofocus[focus];
            button { (text(lang, "desk-find")) }
            p.small { (text(lang, "desk-find-how")) }
        }
    }
}
