//! What surrounds an event: members of its set, and notifications that may be the same.
//!
//! Candidates are found by keys that an index answers: the same document, the same folded name,
//! or a name alike within the days in which one event can be told twice. `rules` then compares.

use std::collections::BTreeMap;

use chrono::Duration;
use rusqlite::{Connection, params};

use super::projection::{day_number, doc_of, event_of, who_of};
use super::{Store, StoreError};
use crate::env::Limits;
use crate::form::Draft;
use crate::matching::near;
use crate::rules::Candidate;
use crate::vital::{Event, Kind, PartialDate};
use crate::ward::store::projection_writer::read_entry;

/// Most notifications of one key that are compared: of a name that everybody has, the newest.
const MOST: i64 = 50;
/// Days for which a birth bears on the death of its mother.
const YEAR: i64 = 366;
/// Letters by which two names may differ and still be compared.
const EDITS: usize = 3;

/// What rules compare an event with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparisonSet {
    /// Other members of its set, drafts too.
    pub siblings: Vec<Candidate>,
    /// Notifications and drafts of persons that may be the same.
    pub candidates: Vec<Candidate>,
}

impl Store {
    /// What surrounds an event. `except` names its own notification and draft.
    pub fn comparison_set(
        &self,
        event: &Event,
        except: &[&str],
        limits: &Limits,
    ) -> Result<ComparisonSet, StoreError> {
        self.read(|db| comparison_set(db, event, except, limits))
    }
}

pub(super) fn comparison_set(
    db: &Connection,
    event: &Event,
    except: &[&str],
    limits: &Limits,
) -> Result<ComparisonSet, StoreError> {
    let (who, doc) = (who_of(event), doc_of(event));
    let days = i64::from(limits.alike_days) + 1;
    // A death is compared with the births of the year before it, too.
    let back = match event.kind {
        Kind::Death => YEAR,
        Kind::Birth | Kind::FoetalDeath => days,
    };
    let earliest = event.event_date().map(PartialDate::earliest);
    let day = |by: i64| {
        earliest
            .and_then(|d| d.checked_add_signed(Duration::days(by)))
            .map(day_number)
    };
    let mut found: BTreeMap<i64, ()> = BTreeMap::new();
    for (column, key) in [("doc", &doc), ("who", &who)] {
        if key.is_empty() {
            continue;
        }
        // Whoever has the same name or document counts only near in time, so that history does not
        // slow a signing. A date that is known in part can mean any day of it.
        let sql = format!(
            "SELECT first FROM notifications WHERE {column} = ?1 AND {column} <> ''
               AND (?2 IS NULL OR day_n IS NULL OR length(day) < 10 OR day_n BETWEEN ?2 AND ?3)
             ORDER BY first DESC LIMIT ?4"
        );
        let mut find = db.prepare_cached(&sql)?;
        let latest = event
            .event_date()
            .and_then(|d| d.latest().checked_add_signed(Duration::days(days)))
            .map(day_number);
        for first in find.query_map(params![key, day(-back), latest, MOST], |r| r.get::<_, i64>(0))? {
            found.insert(first?, ());
        }
    }
    if earliest.is_some() && !who.is_empty() {
        // Of a date that is known by its year alone only the beginning is looked at: a year of a
        // hospital is too much to compare, and the name or document finds the rest.
        let mut find =
            db.prepare_cached("SELECT first, who FROM notifications WHERE day_n BETWEEN ?1 AND ?2")?;
        let mut rows = find.query(params![day(-days), day(days)])?;
        while let Some(r) = rows.next()? {
            if similar_names(&who, r.get_ref(1)?.as_str().unwrap_or_default()) {
                found.insert(r.get(0)?, ());
            }
        }
    }
    let mut out = ComparisonSet::default();
    for first in found.keys() {
        out.candidates.extend(candidate(db, *first, except)?);
    }
    out.candidates.extend(drafts(
        db,
        "SELECT id, json FROM drafts WHERE (who = ?1 AND who <> '') OR (doc = ?2 AND doc <> '')",
        params![who, doc],
        except,
    )?);
    if let Some(set) = &event.set {
        let mut find = db.prepare_cached("SELECT first FROM notifications WHERE set_id = ?1")?;
        for first in find.query_map([&set.id], |r| r.get::<_, i64>(0))? {
            out.siblings.extend(candidate(db, first?, except)?);
        }
        out.siblings.extend(drafts(
            db,
            "SELECT id, json FROM drafts WHERE set_id = ?1",
            params![set.id],
            except,
        )?);
    }
    Ok(out)
}

/// Whether two folded names are worth a closer look. A name of which only a part is known counts
/// by that part.
fn similar_names(a: &str, b: &str) -> bool {
    if b.is_empty() {
        return false;
    }
    near(a, b, EDITS) || a.starts_with(b) || b.starts_with(a) || {
        let (mut x, mut y) = (a.split(' '), b.split(' '));
        matches!((x.next(), y.next()), (Some(x), Some(y)) if x == y)
    }
}

fn candidate(db: &Connection, first: i64, except: &[&str]) -> Result<Option<Candidate>, StoreError> {
    let mut find = db.prepare_cached(
        "SELECT p.nid, p.kind, p.status, e.jws FROM notifications p JOIN entries e ON e.h = p.h
         WHERE p.first = ?1 AND e.jws IS NOT NULL",
    )?;
    let mut rows = find.query([first])?;
    let Some(r) = rows.next()? else {
        return Ok(None);
    };
    let nid: String = r.get(0)?;
    if except.contains(&nid.as_str()) {
        return Ok(None);
    }
    let entry = read_entry(r.get_ref(3)?.as_str().unwrap_or_default())?;
    let kind = Kind::from_code(&r.get::<_, String>(1)?);
    Ok(kind.and_then(|k| event_of(k, &entry)).map(|event| Candidate {
        nid: nid.into(),
        facility: entry.fac.into(),
        status: r.get(2).unwrap_or_default(),
        event,
    }))
}

fn drafts(
    db: &Connection,
    sql: &str,
    args: &[&dyn rusqlite::ToSql],
    except: &[&str],
) -> Result<Vec<Candidate>, StoreError> {
    let mut find = db.prepare_cached(sql)?;
    let mut rows = find.query(args)?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let id: String = r.get(0)?;
        let json = r.get_ref(1)?.as_str().unwrap_or_default();
        let Ok(draft) = serde_json::from_str::<Draft>(json) else {
            continue;
        };
        // The draft of a correction is the notification itself, stated again.
        let own = draft
            .amends
            .as_ref()
            .is_some_and(|a| except.contains(&a.nid.as_str()));
        if own || except.contains(&id.as_str()) {
            continue;
        }
        out.push(Candidate {
            nid: draft.amends.as_ref().map_or(id.into(), |a| a.nid.clone()),
            facility: String::new(),
            status: "draft".to_owned(),
            event: draft.event().0,
        });
    }
    Ok(out)
}
