//! The registrar's page: what is held and why; register, or send back with a reason at a field.
//!
//! Deliberately absent: accounts and roles of registrars. Until there are some, the desk answers
//! only to a browser on the portal's own machine that brings the token of `desk.token`.

use maud::{DOCTYPE, Markup, html};

use super::book::{EntryRow, Kept};
use super::judge;
use super::pages::{STYLE, languages};
use super::registrar::{Ruling, is_newest};
use super::registry::{Registry, problem_of};
use crate::form::{self, label_id};
use crate::lang::{Lang, text};
use crate::seal::{EntryType, Status, hash};
use crate::vital::{Event, Kind, Stated};
use crate::wire::{ProblemCode, Reason, path};

/// Most entries on one page; the rest follows once these are decided.
const ON_A_PAGE: usize = 100;

/// Compares hashes, so that the time taken tells nothing of the secret.
pub(super) fn same(a: &str, b: &str) -> bool {
    hash(a) == hash(b)
}

/// What the cookie of a registrar holds.
pub(super) fn session_of(token: &str) -> String {
    hash(&format!("desk session {token}"))
}

fn csrf_of(token: &str) -> String {
    hash(&format!("desk form {token}"))
}

/// What a form of the desk sent.
#[derive(Debug)]
pub(super) struct Act {
    h: String,
    ruling: Ruling,
    csrf: String,
    /// Language to go back to.
    pub lang: Lang,
}

impl Act {
    /// Reads a form's body.
    pub fn read(body: &str) -> Option<Act> {
        let fields: Vec<(String, String)> = body
            .split('&')
            .filter_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                Some((decode(name)?, decode(value)?))
            })
            .collect();
        let get = |name: &str| {
            let found = fields.iter().find(|(n, _)| n == name);
            found.map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
        };
        let ruling = match get("act").as_str() {
            "accept" => Ruling::Accept,
            "return" => Ruling::Return {
                field: Some(get("field")).filter(|f| form::question(f).is_some()),
                text: Some(get("text"))
                    .filter(|t| !t.is_empty())?
                    .chars()
                    .take(500)
                    .collect(),
            },
            "duplicate" => Ruling::Duplicate { of: get("of") },
            _ => return None,
        };
        Some(Act {
            h: get("h"),
            ruling,
            csrf: get("csrf"),
            lang: Lang::from_code(&get("lang")).unwrap_or_default(),
        })
    }
}

/// Decodes `application/x-www-form-urlencoded`.
fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |b: Option<u8>| char::from(b?).to_digit(16);
                let value = digit(bytes.next())? * 16 + digit(bytes.next())?;
                out.push(u8::try_from(value).ok()?);
            }
            b => out.push(b),
        }
    }
    String::from_utf8(out).ok()
}

/// Applies what a form sent.
pub(super) fn act(registry: &Registry, act: &Act) -> Result<(), ProblemCode> {
    if !same(&act.csrf, &csrf_of(&registry.desk_token)) {
        return Err(ProblemCode::Forbidden);
    }
    let ring = registry.ring().map_err(|e| problem_of(&e))?;
    let mut ruled = false;
    registry
        .write(&ring, &mut |session| {
            ruled = session.rule(&act.h, &act.ruling)?;
            Ok(())
        })
        .map_err(|e| problem_of(&e))?;
    if ruled { Ok(()) } else { Err(ProblemCode::NotFound) }
}

/// One entry as the desk shows it.
struct Card {
    row: EntryRow,
    kind: Option<Kind>,
    event: Option<Event>,
    beside: Option<Event>,
    reg_no: Option<String>,
}

/// The page.
pub(super) fn page(registry: &Registry, lang: Lang) -> Kept<String> {
    let mut cards: Vec<Card> = Vec::new();
    registry.read(&mut |leaf| {
        cards.clear();
        for row in leaf.on_desk(ON_A_PAGE)? {
            let entry = super::intake::reread(&row);
            let n = leaf.notification(&row.nid)?;
            // A revision that a later one replaced needs no decision.
            let annuls = row.t == "void";
            if !annuls && n.as_ref().is_some_and(|n| !is_newest(n, &row) && n.rev > row.rev) {
                continue;
            }
            let kind = match (&entry, &n) {
                (Some(e), _) if matches!(e.t, EntryType::Notice(_)) => Kind::from_code(e.t.code()),
                (_, Some(n)) => Kind::from_code(&n.kind),
                _ => None,
            };
            let read = |h: &str| {
                let row = leaf.entry(h).ok()??;
                judge::read_event(kind?, &super::intake::reread(&row)?).ok()
            };
            let of = row.verdict.as_ref().and_then(|v| v.dup_of.clone());
            let other = match of {
                Some(nid) => leaf.notification(&nid)?.map(|n| n.effective),
                None => n.as_ref().map(|n| n.effective.clone()).filter(|h| *h != row.h),
            };
            let event = match (&entry, kind) {
                (Some(e), Some(kind)) if !annuls => judge::read_event(kind, e).ok(),
                _ => None,
            };
            cards.push(Card {
                event,
                beside: other.and_then(|h| read(&h)),
                reg_no: n.and_then(|n| n.reg_no),
                kind,
                row,
            });
        }
        Ok(())
    })?;
    let csrf = csrf_of(&registry.desk_token);
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                title { (text(lang, "desk-title")) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                (languages(path::DESK, lang))
                h1 { (text(lang, "desk-title")) }
                p { (crate::lang::Msg::new("desk-count").with("count", cards.len()).render(lang)) }
                @for card in &cards { (show(card, &csrf, lang)) }
            }
        }
    };
    Ok(markup.into_string())
}

fn show(card: &Card, csrf: &str, lang: Lang) -> Markup {
    let row = &card.row;
    let verdict = row.verdict.as_ref();
    let why = verdict
        .and_then(|v| v.problem.as_ref())
        .and_then(|p| p.text.get(lang.code()).cloned())
        .unwrap_or_default();
    let pending = verdict.is_some_and(|v| v.status == Status::AnnulmentPending);
    let heading = match card.kind {
        Some(kind) => text(lang, &format!("kind-{}", kind.code())),
        None => row.t.clone(),
    };
    let dup_of = verdict.and_then(|v| v.dup_of.clone());
    let prepared = verdict
        .and_then(|v| v.problem.as_ref())
        .is_some_and(|p| p.code == Reason::Prepared.code());
    let accept = match (pending, prepared) {
        (true, _) => "desk-annul",
        (_, _) if row.t == "amend" && card.reg_no.is_some() => "desk-apply",
        _ => "desk-register",
    };
    html! {
        article {
            h2 { (heading) @if row.t == "amend" { " · " (text(lang, "desk-amendment")) } @if row.t == "void" { " · " (text(lang, "desk-annulment")) } }
            p { strong { (why) } }
            p.small { (row.fac) " · " (row.nid) " · " (row.rev) @if let Some(no) = &card.reg_no { " · " (no) } @if !row.verified { " · " (text(lang, "desk-unverified")) } }
            @if let Some(event) = &card.event { (facts(event, card.beside.as_ref(), lang)) }
            form method="post" action=(path::DESK) {
                (hidden(csrf, row, lang))
                button name="act" value="accept" { (text(lang, accept)) }
            }
            form method="post" action=(path::DESK) {
                (hidden(csrf, row, lang))
                label { (text(lang, "desk-field")) " "
                    select name="field" {
                        option value="" { "—" }
                        @for q in card.kind.into_iter().flat_map(form::questions) {
                            option value=(q.id) { (text(lang, &label_id(q.id))) }
                        }
                    }
                }
                label { (text(lang, "desk-reason")) " " input name="text" required maxlength="500" size="50"; }
                button name="act" value="return" { (text(lang, "desk-return")) }
            }
            @if let Some(of) = dup_of {
                form method="post" action=(path::DESK) {
                    (hidden(csrf, row, lang))
                    input type="hidden" name="of" value=(of);
                    button name="act" value="duplicate" { (text(lang, "desk-duplicate")) }
                }
            }
        }
    }
}

fn hidden(csrf: &str, row: &EntryRow, lang: Lang) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(csrf);
        input type="hidden" name="h" value=(row.h);
        input type="hidden" name="lang" value=(lang.code());
    }
}

/// What is stated, beside the other event or the record where there is one.
fn facts(event: &Event, beside: Option<&Event>, lang: Lang) -> Markup {
    let said = |event: &Event, q: &'static form::Question| match event.get(q.id) {
        Some(Stated::Known(value)) => form::show(q, value, lang),
        Some(Stated::Not(not)) => text(lang, &format!("not-{}", not.code())),
        None => String::new(),
    };
    html! {
        table {
            @for q in form::questions(event.kind) {
                @let here = said(event, q);
                @let there = beside.map(|b| said(b, q)).unwrap_or_default();
                @if !here.is_empty() || !there.is_empty() {
                    tr.differs[beside.is_some() && here != there] {
                        th { (text(lang, &label_id(q.id))) }
                        td { (here) }
                        @if beside.is_some() { td { (there) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let act = Act::read("csrf=c&h=H&lang=ru&act=return&field=mother.surname&text=%D2%B7+%26+x").unwrap();
        assert_eq!(act.h, "H");
        assert_eq!(act.lang, Lang::Ru);
        let ruling = Ruling::Return {
            field: Some("mother.surname".into()),
            text: "ҷ & x".into(),
        };
        assert_eq!(act.ruling, ruling);
        for bad in ["", "act=return&text=", "act=delete", "act=return&text=%ZZ"] {
            assert!(Act::read(bad).is_none(), "{bad}");
        }
    }
}
