//! Commands that read: `list`, `handover`, `show`, `search`.

use serde_json::{Value, json};

use super::drafts;
use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::ward;
use crate::form::{self, body};
use crate::lang::{Msg, text};
use crate::questions::{self, label_id};
use crate::ward::store::{Filter, Happening, Notification, NotificationRow};
use crate::ward::workplace::{WaitingList, WaitingRows, Workplace};
use crate::wire::path;

/// Rows printed where nothing else is asked.
const ROWS: u32 = 50;

fn limit(call: &Call) -> Result<usize, Failure> {
    Ok(call.number("limit")?.unwrap_or(ROWS) as usize)
}

/// `list`.
pub fn list(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    let Some(name) = call.value("worklist") else {
        rows(&ward.store.list(&Filter::default(), limit(call)?)?, out);
        return Ok(fail::OK);
    };
    let unknown = || Failure::usage(Msg::new("cli-worklist-unknown").with("found", name));
    let list = WaitingList::from_code(name).ok_or_else(unknown)?;
    print_list(&ward, list, limit(call)?, out)?;
    Ok(fail::OK)
}

/// `handover`: every list that waits for somebody, under its name; for a printer or a screen reader.
pub fn handover(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    for list in WaitingList::HANDED_OVER {
        let name = list.code();
        if out.json {
            out.object(&json!({ "worklist": name }));
        } else {
            let heading = text(out.lang, &format!("ui-list-{name}"));
            out.line(&format!("─ {heading}"));
        }
        print_list(&ward, list, limit(call)?, out)?;
    }
    Ok(fail::OK)
}

fn print_list(ward: &Workplace, list: WaitingList, most: usize, out: Out) -> Result<(), Failure> {
    match ward.waiting(list, most)? {
        WaitingRows::Drafts(drafts) => drafts::print_all(&drafts, out),
        WaitingRows::Notifications(found) => rows(&found, out),
    }
    Ok(())
}

/// `search [TEXT]`.
pub fn search(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    let query = match call.args.first() {
        Some(text) => text.clone(),
        None => super::read::read("-")?,
    };
    rows(&ward.store.search(query.trim(), limit(call)?)?, out);
    Ok(fail::OK)
}

fn rows(rows: &[NotificationRow], out: Out) {
    for row in rows {
        out.either(&row_json(row), || {
            let kind = text(out.lang, &format!("kind-{}", row.kind.code()));
            let status = text(out.lang, &format!("status-{}", row.status.code()));
            let day = row.day.as_deref().unwrap_or("—");
            let number = row.reg_no.as_deref().unwrap_or_default();
            format!(
                "{}  {day:<10}  {kind:<12} {:<30} {status} {number}",
                row.nid, row.name
            )
        });
    }
    if rows.is_empty() && !out.json {
        out.message(&Msg::new("cli-no-rows"));
    }
}

fn row_json(row: &NotificationRow) -> Value {
    json!({
        "nid": row.nid, "kind": row.kind.code(), "status": row.status.code(),
        "beside": row.beside.map(|s| s.code()), "rev": row.rev, "name": row.name, "child": row.child,
        "day": row.day, "time": row.time, "signed_at": row.signed_at, "signed_by": row.signed_by,
        "reg_no": row.reg_no, "problem": row.problem, "waiting": row.waiting,
    })
}

/// `show ID`.
pub fn show(call: &Call, out: Out) -> Result<i32, Failure> {
    let ward = ward::open(call)?;
    let nid = ward.store.find_nid(call.arg()?)?;
    let found = ward.store.notification(&nid)?;
    if out.json {
        out.object(&notification_json(&found, &ward.settings.portal.url));
    } else {
        for line in notification_lines(&found, out) {
            out.line(&line);
        }
    }
    Ok(fail::OK)
}

fn notification_json(found: &Notification, portal: &str) -> Value {
    let mut json = row_json(&found.row);
    if let Value::Object(map) = &mut json {
        map.insert(
            "body".into(),
            found.event.as_ref().map_or(Value::Null, body::to_json),
        );
        map.insert("office".into(), json!(found.office));
        map.insert("certificate".into(), json!(found.cert));
        map.insert("duplicate_of".into(), json!(found.dup_of));
        map.insert("open".into(), json!(found.open));
        map.insert("problem_detail".into(), json!(found.problem));
        let revisions: Vec<Value> = found
            .revisions
            .iter()
            .map(|r| {
                json!({
                    "h": r.h, "status": r.standing.code(), "jws": r.jws,
                    "receipt": r.receipt.as_ref().map(|(_, jws)| jws),
                    "slip": r.slip.as_ref().map(|jws| path::slip(portal, jws)),
                })
            })
            .collect();
        map.insert("revisions".into(), json!(revisions));
        map.insert(
            "timeline".into(),
            json!(found.timeline.iter().map(happening_json).collect::<Vec<_>>()),
        );
    }
    json
}

fn happening_json(happening: &Happening) -> Value {
    match happening {
        Happening::Signed {
            at, clk, t, rev, usr, ..
        } => {
            json!({ "what": "signed", "at": at, "clk": clk.code(), "t": t, "rev": rev, "usr": usr })
        }
        Happening::Attempt(a) => json!({
            "what": "attempt", "at": a.last, "first": a.first, "times": a.times, "outcome": a.outcome.code(),
            "code": a.code,
        }),
        Happening::Receipt {
            at,
            n,
            rev,
            standing,
            reg_no,
            problem,
        } => json!({
            "what": "receipt", "at": at, "n": n, "rev": rev, "status": standing.code(), "reg_no": reg_no,
            "problem": problem,
        }),
    }
}

fn notification_lines(found: &Notification, out: Out) -> Vec<String> {
    let row = &found.row;
    let kind = text(out.lang, &format!("kind-{}", row.kind.code()));
    let status = text(out.lang, &format!("status-{}", row.status.code()));
    let mut lines = vec![
        format!("{kind} · {} · {}", row.name, row.day.as_deref().unwrap_or("—")),
        format!(
            "{} · {status} {}",
            row.nid,
            row.reg_no.as_deref().unwrap_or_default()
        ),
        String::new(),
    ];
    if let Some(event) = &found.event {
        for q in questions::questions(event.kind) {
            if let Some(value) = form::show_stated(q, event, out.lang) {
                lines.push(format!("  {}: {value}", text(out.lang, &label_id(q.id))));
            }
        }
    }
    lines.push(String::new());
    for happening in &found.timeline {
        lines.push(match happening {
            Happening::Signed {
                at,
                t,
                rev,
                usr,
                name,
                ..
            } => Msg::new("cli-timeline-signed")
                .with("at", at.format("%d.%m.%Y %H:%M").to_string())
                .with("t", t.as_str())
                .with("rev", *rev)
                .with("who", name.as_deref().unwrap_or(usr))
                .render(out.lang),
            Happening::Attempt(a) => Msg::new("cli-timeline-attempt")
                .with("at", a.last.format("%d.%m.%Y %H:%M").to_string())
                .with("times", a.times)
                .with("code", a.code.as_str())
                .render(out.lang),
            Happening::Receipt {
                at,
                rev,
                standing,
                reg_no,
                problem,
                ..
            } => {
                let why = problem.as_ref().and_then(|p| p.text.get(out.lang.code()));
                Msg::new("cli-timeline-receipt")
                    .with("at", at.format("%d.%m.%Y %H:%M").to_string())
                    .with("rev", *rev)
                    .with("status", text(out.lang, &format!("status-{}", standing.code())))
                    .with("number", reg_no.as_deref().unwrap_or_default())
                    .with("why", why.map(String::as_str).unwrap_or_default())
                    .render(out.lang)
            }
        });
    }
    lines
}
