//! Acts that were registered before there was this registry, from a table.
//!
//! A bad line is named by line and column, never by what stands there, and keeps no other from being taken.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use crate::env::Clock;
use crate::form;
use crate::portal::PortalError;
use crate::portal::book::{ActRow, BookResult};
use crate::portal::record::{ActPlace, Certificate};
use crate::portal::unit::importing::{EarlierAct, Imported};
use crate::portal::unit::registry::Registry;
use crate::questions::question_of;
use crate::vital::{Event, Kind, PartialDate, Stated, field as f};

/// Lines taken in one transaction.
const AT_ONCE: usize = 100;
/// Who states an imported act, and the word for it in the log. FROZEN.
const LOGIN: &str = "import";

/// Columns that a table must have.
const NEEDED: [&str; 6] = ["kind", "office", "year", "number", "date", "surname"];
/// Columns that it may have.
const OTHERS: [&str; 8] = [
    "given",
    "patronymic",
    "born",
    "document",
    "child_given",
    "sex",
    "certificate",
    "certificate_date",
];

/// Stands for a column where a line as a whole cannot be read.
const WHOLE: &str = "*";

/// A place of a table that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActFault {
    /// Line of the file, from 1.
    pub line: u64,
    /// Column by its name; `*` for the whole line.
    pub column: &'static str,
    /// Why: a word of the catalogue, `act-fault-<word>`.
    pub why: &'static str,
}

/// An act that was taken although something alike stood in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActAlike {
    /// Line of the file, from 1.
    pub line: u64,
    /// The act's notification.
    pub nid: String,
    /// What stood there.
    pub alike: Vec<String>,
}

/// What importing a table came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportedActs {
    /// Acts that stand in the register now.
    pub taken: u64,
    /// Acts that stood there already and say the same.
    pub known: u64,
    /// Places that cannot be taken, or say otherwise than an act under the same number; their lines were left
    /// out.
    pub faults: Vec<ActFault>,
    /// Acts that may be the same event as another one.
    pub alike: Vec<ActAlike>,
}

/// Takes over acts from a table (CSV with a line of column names, separated by commas or semicolons); works
/// beside a running portal. What was imported before changes nothing.
///
/// # Errors
/// The portal's; [`PortalError::ActColumn`] where the table lacks a column or has one that nobody knows.
pub fn import_acts(dir: &Path, table: &str, clock: Arc<dyn Clock>) -> Result<ImportedActs, PortalError> {
    let registry = Registry::open(dir, None, clock)?;
    let mut out = ImportedActs::default();
    let acts = read(table, registry.now(), &mut out.faults)?;
    let keyring = registry.keyring()?;
    for part in acts.chunks(AT_ONCE) {
        let done = registry.unit_of_work(&keyring, |unit| -> BookResult<Vec<Imported>> {
            let mut done = Vec::with_capacity(part.len());
            for (_, act) in part {
                let imported = unit.import_act(&registry.receipt_key, LOGIN, act)?;
                if let Imported::Taken { nid, .. } = &imported {
                    unit.tx.add_act(&ActRow {
                        at_ms: unit.now.timestamp_millis(),
                        login: LOGIN.to_owned(),
                        place: act.place.office.to_string(),
                        act: LOGIN.to_owned(),
                        nid: nid.to_string(),
                    })?;
                }
                done.push(imported);
            }
            Ok(done)
        })?;
        for ((line, act), imported) in part.iter().zip(done) {
            match imported {
                Imported::Known { differs: None } => out.known += 1,
                Imported::Known { differs: Some(field) } => out.faults.push(ActFault {
                    line: *line,
                    column: column_of(act.event.kind, &field),
                    why: "other-act",
                }),
                Imported::Taken { nid, alike } => {
                    out.taken += 1;
                    if !alike.is_empty() {
                        out.alike.push(ActAlike {
                            line: *line,
                            nid: nid.to_string(),
                            alike: alike.iter().map(ToString::to_string).collect(),
                        });
                    }
                }
            }
        }
    }
    Ok(out)
}

/// Reads a table: each act with its line; what cannot be read is a fault.
fn read(
    table: &str,
    now: DateTime<FixedOffset>,
    faults: &mut Vec<ActFault>,
) -> Result<Vec<(u64, EarlierAct)>, PortalError> {
    let table = table.trim_start_matches('\u{feff}');
    let head = table.lines().next().unwrap_or_default();
    let semicolons = head.matches(';').count() > head.matches(',').count();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .flexible(true)
        .from_reader(table.as_bytes());
    let unreadable = |_| PortalError::ActColumn(NEEDED.join(", "));
    let names = reader.headers().map_err(unreadable)?.clone();
    let mut columns: Vec<&'static str> = Vec::new();
    // Named by its place: a table without column names begins with somebody's particulars.
    for (place, name) in (1usize..).zip(&names) {
        let name = name.trim().to_lowercase();
        let known = NEEDED.iter().chain(&OTHERS).find(|known| **known == name);
        let known = known.filter(|known| !columns.contains(known));
        columns.push(known.ok_or_else(|| PortalError::ActColumn(place.to_string()))?);
    }
    if let Some(missing) = NEEDED.iter().find(|needed| !columns.contains(needed)) {
        return Err(PortalError::ActColumn((*missing).to_owned()));
    }
    let mut acts = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                faults.push(ActFault {
                    line: e.position().map_or(0, csv::Position::line),
                    column: WHOLE,
                    why: "unreadable",
                });
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        // A line that was cut off, or in which a comma moved what follows, would be taken for another one.
        let misread = match record.iter().any(|cell| cell.contains('\n')) {
            true => Some("quote"),
            false => (record.len() != columns.len()).then_some("cells"),
        };
        if let Some(why) = misread {
            faults.push(ActFault {
                line,
                column: WHOLE,
                why,
            });
            continue;
        }
        let row = ActLine {
            columns: &columns,
            record: &record,
            now,
        };
        match row.act() {
            Ok(act) => acts.push((line, act)),
            Err(wrong) => {
                faults.extend(
                    wrong
                        .into_iter()
                        .map(|(column, why)| ActFault { line, column, why }),
                )
            }
        }
    }
    Ok(acts)
}

/// Columns that are fields of an event, and which.
fn fields(kind: Kind) -> [(&'static str, String); 9] {
    let who = kind.person();
    let sex = match kind {
        Kind::Death => f::DECEASED_SEX,
        Kind::Birth | Kind::FoetalDeath => f::CHILD_SEX,
    };
    [
        ("office", f::OFFICE.to_owned()),
        ("date", kind.date_field().to_owned()),
        ("surname", format!("{who}.surname")),
        ("given", format!("{who}.given")),
        ("patronymic", format!("{who}.patronymic")),
        ("born", format!("{who}.born")),
        ("document", format!("{who}.document")),
        ("child_given", f::CHILD_GIVEN.to_owned()),
        ("sex", sex.to_owned()),
    ]
}

fn column_of(kind: Kind, field: &str) -> &'static str {
    let fields = fields(kind);
    let found = fields.iter().find(|(_, known)| known == field);
    found.map_or(WHOLE, |(column, _)| column)
}

/// What is wrong with a line: the column, and a word for it.
type Wrong = (&'static str, &'static str);

/// A line of a table.
struct ActLine<'a> {
    columns: &'a [&'static str],
    record: &'a csv::StringRecord,
    now: DateTime<FixedOffset>,
}

impl ActLine<'_> {
    fn get(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|name| *name == column);
        place.and_then(|i| self.record.get(i)).unwrap_or_default().trim()
    }

    fn act(&self) -> Result<EarlierAct, Vec<Wrong>> {
        let kind = Kind::from_code(self.get("kind")).ok_or_else(|| vec![("kind", "unknown")])?;
        let mut wrong: Vec<Wrong> = Vec::new();
        let place = self.place(&mut wrong);
        let event = self.event(kind, &mut wrong);
        let certificate = self.certificate(&mut wrong);
        match place {
            Some(place) if wrong.is_empty() => Ok(EarlierAct {
                place,
                event,
                certificate,
            }),
            _ => Err(wrong),
        }
    }

    fn place(&self, wrong: &mut Vec<Wrong>) -> Option<ActPlace> {
        let (office, year, number) = (self.get("office"), self.get("year"), self.get("number"));
        let read = |office: &str, year: &str, number: &str| ActPlace::read(office, year, number, self.now);
        if !crate::codes::knows("office", office) {
            wrong.push(("office", "unknown"));
            return None;
        }
        // A year and a number that are sound by themselves tell which of the two is not.
        if read(office, year, "1").is_none() {
            wrong.push(("year", "unreadable"));
        }
        if read(office, "2000", number).is_none() {
            let why = if number.is_empty() {
                "missing"
            } else {
                "unreadable"
            };
            wrong.push(("number", why));
        }
        read(office, year, number)
    }

    fn event(&self, kind: Kind, wrong: &mut Vec<Wrong>) -> Event {
        let mut event = Event::new(kind);
        for (column, field) in fields(kind) {
            let typed = self.get(column);
            if typed.is_empty() {
                continue;
            }
            match question_of(kind, &field).map(|q| (q, form::read(q, typed))) {
                Some((q, Ok(value))) => event.set(q.id, Stated::Known(value)),
                Some((_, Err(_))) if column != "office" => wrong.push((column, "unreadable")),
                None => wrong.push((column, "not-of-kind")),
                Some((_, Err(_))) => {}
            }
        }
        let named = ["surname", "given", "document"]
            .iter()
            .any(|column| !self.get(column).is_empty());
        if !named {
            wrong.push(("surname", "missing"));
        }
        match event.event_date() {
            None if self.get("date").is_empty() => wrong.push(("date", "missing")),
            Some(date) if date.earliest() > self.now.date_naive() => wrong.push(("date", "future")),
            _ => {}
        }
        event
    }

    fn certificate(&self, wrong: &mut Vec<Wrong>) -> Option<Certificate> {
        let (number, on) = (self.get("certificate"), self.get("certificate_date"));
        if number.is_empty() && on.is_empty() {
            return None;
        }
        let day = question_of(Kind::Birth, f::BIRTH_DATE).map(|q| form::read(q, on));
        let day = match day {
            Some(Ok(crate::vital::Value::Date(date))) => PartialDate::day(date),
            _ => None,
        };
        let Some(day) = day.filter(|day| *day <= self.now.date_naive()) else {
            let why = if on.is_empty() { "missing" } else { "unreadable" };
            wrong.push(("certificate_date", why));
            return None;
        };
        let Some(number) = crate::vital::line(number, 40) else {
            wrong.push(("certificate", "unreadable"));
            return None;
        };
        Some(Certificate {
            number,
            on: day.format("%Y-%m-%d").to_string(),
        })
    }
}
