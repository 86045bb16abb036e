//! From what the store says to what screens show.

use super::super::data::{
    Causes, Delivery, EventContext, Handover, Home, Moment, NotificationView, Opens, ProblemView, Queue,
    Step, Waiting, Worklist, WorklistRow,
};
use crate::lang::{Arg, Msg};
use crate::rules::Candidate;
use crate::seal::{Entry, Jws, Typ};
use crate::vital::{Event, PartialDate};
use crate::ward::deliver::DeliverError;
use crate::ward::store::{self, DraftRow, EntryStatus, Happening, NotificationList, Store, StoreError};
use crate::ward::workplace::{WaitingList, WaitingRows, Workplace};

/// Rows that a list shows at most; the search finds the rest.
const ROWS: usize = 200;
/// Waiting entries that are shown one by one.
const WAITING: usize = 100;

pub(super) fn queue(store: &Store, now: Moment) -> Result<Queue, StoreError> {
    Ok(of_counts(&store.counts(now.date_naive())?))
}

fn of_counts(counts: &store::WorklistCounts) -> Queue {
    Queue {
        unsent: size(counts.queue.unsent),
        oldest: counts.queue.oldest,
        last_receipt: counts.queue.last_receipt,
        annulling: size(counts.to_attest),
    }
}

fn size(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Lists of the workplace that a list of the home screen shows together.
fn shown_in(list: Worklist) -> &'static [WaitingList] {
    use NotificationList as Of;
    match list {
        Worklist::Unfinished => &[WaitingList::Unfinished],
        // An annulment that waits for a second signature is something to sign.
        Worklist::ToSign => &[WaitingList::ToSign, WaitingList::Of(Of::ToAttest)],
        Worklist::Returned => &[WaitingList::Of(Of::Returned)],
        Worklist::CauseAwaited => &[WaitingList::Of(Of::CauseAwaited)],
        Worklist::Unnamed => &[WaitingList::Of(Of::Unnamed)],
        Worklist::LeftToRegistry => &[WaitingList::Of(Of::LeftToRegistry)],
        Worklist::Unsent => &[WaitingList::Of(Of::Unsent)],
        Worklist::Today => &[WaitingList::Of(Of::Today)],
    }
}

fn rows(workplace: &Workplace, list: Worklist) -> Result<Vec<WorklistRow>, StoreError> {
    let store = &workplace.store;
    let mut rows = Vec::new();
    for waiting in shown_in(list) {
        match workplace.waiting(*waiting, ROWS)? {
            WaitingRows::Drafts(drafts) => {
                for draft in drafts.iter().take(ROWS) {
                    rows.push(of_draft(store, draft)?);
                }
            }
            WaitingRows::Notifications(found) => {
                for row in &found {
                    rows.push(of_row(store, row)?);
                }
            }
        }
    }
    Ok(rows)
}

pub(super) fn home(workplace: &Workplace, list: Worklist, now: Moment) -> Result<Home, StoreError> {
    let counts = workplace.store.counts(now.date_naive())?;
    let rows = rows(workplace, list)?;
    Ok(Home {
        counts: [
            size(counts.unfinished),
            size(counts.to_sign + counts.to_attest),
            size(counts.returned),
            size(counts.cause_awaited),
            size(counts.unnamed),
            size(counts.left_to_registry),
            size(counts.unsent),
            size(counts.today),
        ],
        list,
        rows,
        queue: of_counts(&counts),
        others_seen: None,
    })
}

fn name_of(store: &Store, login: &str) -> Result<String, StoreError> {
    Ok(store.name_of(login)?.unwrap_or_else(|| login.to_owned()))
}

fn of_draft(store: &Store, row: &DraftRow) -> Result<WorklistRow, StoreError> {
    let (event, _) = row.draft.event();
    let held = match &row.held {
        Some(held) if !held.here => Some((name_of(store, &held.by)?, held.since)),
        _ => None,
    };
    Ok(WorklistRow {
        opens: Opens::Draft(row.draft.id.clone()),
        kind: row.draft.kind,
        name: event.name_of(row.draft.kind.person()),
        date: event.event_date(),
        status: "draft".to_owned(),
        author: name_of(store, &row.changed_by)?,
        since: row.changed,
        held,
    })
}

fn of_row(store: &Store, row: &store::NotificationRow) -> Result<WorklistRow, StoreError> {
    Ok(WorklistRow {
        opens: Opens::Notification(row.nid.clone().into()),
        kind: row.kind,
        name: row.name.clone(),
        date: row.day.as_deref().and_then(|d| PartialDate::parse(d).ok()),
        status: row.beside.unwrap_or(row.status).code().to_owned(),
        author: name_of(store, &row.last_by)?,
        since: row.signed_at,
        held: None,
    })
}

pub(super) fn search(store: &Store, text: &str) -> Result<Vec<WorklistRow>, StoreError> {
    store
        .search(text, ROWS)?
        .iter()
        .map(|row| of_row(store, row))
        .collect()
}

/// Other notifications around a draft's event. The draft itself and what it corrects are none.
pub(super) fn context(workplace: &Workplace, id: &str, event: &Event) -> Result<EventContext, StoreError> {
    let (store, limits) = (&workplace.store, &workplace.settings.limits);
    let amended = store.draft(id)?.and_then(|row| row.draft.amends.map(|a| a.nid));
    let mut except = vec![id];
    except.extend(amended.as_deref());
    let found = store.comparison_set(event, &except, limits)?;
    let replaced = match &amended {
        Some(nid) => Some(store.notification(nid)?),
        None => None,
    };
    Ok(EventContext {
        siblings: found.siblings,
        candidates: found.candidates,
        causes: store.causes()?.map(Causes),
        linked: workplace
            .linked_drafts(id, event)?
            .into_iter()
            .map(|row| Candidate {
                nid: row.draft.id.clone().into(),
                facility: String::new(),
                status: "draft".to_owned(),
                event: row.draft.event().0,
            })
            .collect(),
        problem: replaced.as_ref().and_then(|n| n.problem.as_ref()).map(problem),
        before: replaced.and_then(|n| n.event),
    })
}

/// Everything that waits for somebody, for the next shift.
pub(super) fn handover(workplace: &Workplace) -> Result<Handover, StoreError> {
    let mut out = Vec::new();
    for list in Worklist::ALL {
        if shown_in(list).iter().any(|l| l.is_handed_over()) {
            let rows = rows(workplace, list)?;
            if !rows.is_empty() {
                out.push((list, rows));
            }
        }
    }
    Ok(out)
}

/// None where its text cannot be read or was minimised.
pub(super) fn notification(store: &Store, nid: &str) -> Result<Option<NotificationView>, StoreError> {
    let known = store.notification(nid)?;
    let Some(event) = known.event else {
        return Ok(None);
    };
    let steps = known.timeline.iter().map(step).collect();
    let shown = known.row.beside.unwrap_or(known.row.status);
    let voids = known
        .revisions
        .iter()
        .filter_map(|r| r.entry.as_ref())
        .filter(|e| matches!(e.t.code(), "void" | "attest"))
        .map(|e| e.t.code().to_owned())
        .collect::<Vec<_>>();
    let attestable =
        voids.iter().any(|t| t == "void") && !voids.iter().any(|t| t == "attest") && shown.code() != "voided";
    Ok(Some(NotificationView {
        nid: nid.to_owned(),
        rev: known.row.rev,
        event,
        status: shown.code().to_owned(),
        reg_no: known.row.reg_no.clone(),
        signer: name_of(store, &known.row.last_by)?,
        open: known.open,
        problem: known.problem.as_ref().map(problem),
        steps,
        attestable,
        ours: true,
    }))
}

fn problem(problem: &crate::seal::Problem) -> ProblemView {
    let text = |lang: &str| {
        problem
            .text
            .get(lang)
            .or_else(|| problem.text.values().next())
            .cloned()
            .unwrap_or_else(|| problem.code.clone())
    };
    ProblemView {
        code: problem.code.clone(),
        field: problem.field.clone(),
        text: [text("tg"), text("ru"), text("en")],
    }
}

fn step(happening: &Happening) -> Step {
    match happening {
        Happening::Signed {
            at,
            t,
            rev,
            usr,
            name,
            why,
            ..
        } => Step {
            at: *at,
            what: match why.as_deref().filter(|w| !w.is_empty()) {
                Some(why) => Msg::new("ui-step-signed-why").with("why", why),
                None => Msg::new("ui-step-signed"),
            }
            .with("entry", Arg::Ref(entry_id(t)))
            .with("who", name.as_deref().unwrap_or(usr))
            .with("rev", *rev),
            urgent: t == "void",
        },
        Happening::Attempt(attempt) => Step {
            at: attempt.last,
            what: Msg::new("ui-step-attempt-code")
                .with("n", attempt.times)
                .with("code", Arg::Ref(word(&attempt.code))),
            urgent: attempt.outcome == store::AttemptOutcome::Refused,
        },
        Happening::Receipt {
            at, standing, reg_no, ..
        } => {
            let status = Arg::Ref(format!("status-{}", standing.code()));
            let what = match reg_no {
                Some(number) => Msg::new("ui-step-receipt-number").with("number", number.as_str()),
                None => Msg::new("ui-step-receipt"),
            };
            Step {
                at: *at,
                what: what.with("status", status),
                urgent: matches!(
                    standing,
                    EntryStatus::At(crate::seal::Status::Returned | crate::seal::Status::AnnulmentPending)
                ),
            }
        }
    }
}

fn word(code: &str) -> String {
    let msg = DeliverError::msg_of(code);
    if msg.args.is_empty() {
        msg.id.into_owned()
    } else {
        code.to_owned()
    }
}

fn entry_id(t: &str) -> String {
    let id = format!("ui-entry-{t}");
    if crate::lang::has(&id) {
        id
    } else {
        "ui-entry-other".to_owned()
    }
}

pub(super) fn delivery(store: &Store, now: Moment) -> Result<Delivery, StoreError> {
    let link = store.link()?;
    let line = link
        .wait
        .map(|w| w.from + chrono::Duration::seconds(seconds(w.seconds)));
    let mut waiting = Vec::new();
    for item in store.pending()?.iter().take(WAITING) {
        let text = store.entry_text(&item.id)?;
        let entry = Jws::parse(&text, Typ::Entry)
            .ok()
            .and_then(|j| Entry::from_jws(&j).ok());
        // The opening of a journal, a key or a month's count belongs to no notification.
        let known = store.notification(&item.nid).ok();
        let own = item
            .tries
            .wait
            .map(|w| w.from + chrono::Duration::seconds(seconds(w.seconds)));
        let aside = item.tries.quarantined.as_deref();
        waiting.push(Waiting {
            nid: known
                .as_ref()
                .map(|n| n.row.nid.clone())
                .unwrap_or_default()
                .into(),
            entry: entry
                .as_ref()
                .map(|e| e.t.code().to_owned())
                .filter(|t| crate::lang::has(&format!("ui-entry-{t}")))
                .unwrap_or_else(|| "other".to_owned()),
            name: known.map(|n| n.row.name).unwrap_or_default(),
            signed: entry.map_or(now, |e| e.rec),
            attempts: item.tries.failures,
            why: aside.or(link.code.as_deref()).map(DeliverError::msg_of),
            next: match aside {
                Some(_) => None,
                None => Some(own.max(line).unwrap_or(now)),
            },
        });
    }
    let last = match (&link.code, link.wait) {
        (Some(code), Some(wait)) => Some((wait.from, DeliverError::msg_of(code))),
        _ => None,
    };
    Ok(Delivery {
        waiting,
        queue: queue(store, now)?,
        last,
    })
}

fn seconds(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX).min(7 * 24 * 3600)
}
