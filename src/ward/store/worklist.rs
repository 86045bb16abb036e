//! Lists, counters and the queue, as screens and commands show them.
//!
//! Every query goes through an index whose size is that of the answer, so that a ward with a
//! hundred thousand notifications opens as fast as a new one.

use super::convert::{signed, time, unsigned};
use super::{EntryStatus, Store, StoreError};
use crate::vital::{Kind, Nid};
use chrono::{DateTime, FixedOffset, NaiveDate};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, ToSql};

/// A list of things that wait for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotificationList {
    /// The registry returned it and nobody has corrected it yet.
    Returned,
    /// A death whose cause is not yet known.
    CauseAwaited,
    /// A child without a given name yet.
    Unnamed,
    /// A child without a given name whose naming was left to the registry office.
    LeftToRegistry,
    /// Signed and without a receipt.
    Unsent,
    /// Signed today.
    Today,
    /// An annulment that a second person has to confirm.
    ToAttest,
}

/// Which notifications to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only this status.
    pub status: Option<EntryStatus>,
    /// Only of this worklist.
    pub worklist: Option<NotificationList>,
    /// Civil day that [`NotificationList::Today`] means.
    pub today: Option<NaiveDate>,
    /// Only those signed on this day or later.
    pub since: Option<NaiveDate>,
    /// Only those signed on this day or earlier.
    pub until: Option<NaiveDate>,
    /// Only those older than this one ([`NotificationRow::place`] of the last row shown), to turn the page.
    pub before: Option<i64>,
}

/// A notification in a list. Holds names: never for a log.
#[derive(Clone, PartialEq, Eq)]
pub struct NotificationRow {
    /// Its place: higher is newer.
    pub place: i64,
    /// The notification.
    pub nid: Nid,
    /// Kind of event.
    pub kind: Kind,
    /// Where it stands.
    pub status: EntryStatus,
    /// Where a later revision stands that has not taken effect.
    pub beside: Option<EntryStatus>,
    /// Entries that wait for delivery or its receipt.
    pub waiting: u32,
    /// Latest revision.
    pub rev: u32,
    /// The mother or the deceased.
    pub name: String,
    /// The child.
    pub child: String,
    /// Day of the event, `YYYY[-MM[-DD]]`.
    pub day: Option<String>,
    /// Time of the event, `HH:MM`.
    pub time: Option<String>,
    /// When its first revision was signed.
    pub signed_at: DateTime<FixedOffset>,
    /// Login of whoever signed its first revision.
    pub signed_by: String,
    /// Login of whoever signed its latest revision.
    pub last_by: String,
    /// Number in the register.
    pub reg_no: Option<String>,
    /// Code of the problem for which it was returned or held.
    pub problem: Option<String>,
    /// Whether it was signed on this database.
    pub own: bool,
}

impl std::fmt::Debug for NotificationRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row")
            .field("nid", &self.nid)
            .field("kind", &self.kind)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// What waits for delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxSummary {
    /// Entries without a receipt.
    pub unsent: u64,
    /// When the oldest of them was signed.
    pub oldest: Option<DateTime<FixedOffset>>,
    /// Time of the newest receipt, by the portal's clock.
    pub last_receipt: Option<DateTime<FixedOffset>>,
    /// Receipts stored here, ever.
    pub receipts: u64,
    /// Entries that the portal refused and that were set aside.
    pub put_aside: u64,
}

/// Numbers of the home screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorklistCounts {
    /// Drafts that nobody has finished.
    pub unfinished: u64,
    /// Drafts that wait for a certifier.
    pub to_sign: u64,
    /// [`NotificationList::Returned`]
    pub returned: u64,
    /// [`NotificationList::CauseAwaited`]
    pub cause_awaited: u64,
    /// [`NotificationList::Unnamed`]
    pub unnamed: u64,
    /// [`NotificationList::LeftToRegistry`]
    pub left_to_registry: u64,
    /// [`NotificationList::Unsent`], in notifications.
    pub unsent: u64,
    /// [`NotificationList::Today`]
    pub today: u64,
    /// [`NotificationList::ToAttest`]
    pub to_attest: u64,
    /// The delivery queue.
    pub queue: OutboxSummary,
}

pub(super) const COLUMNS: &str = "first, nid, kind, status, beside, waiting, rev, name, child, day, time,
    signed_at, signed_by, last_by, reg_no, problem ->> 'code', own";

pub(super) fn row(r: &SqlRow<'_>) -> Result<NotificationRow, StoreError> {
    let kind: String = r.get(2)?;
    let status: String = r.get(3)?;
    let beside: Option<String> = r.get(4)?;
    let standing =
        |code: &str| EntryStatus::from_code(code).ok_or_else(|| StoreError::Damaged("status".to_owned()));
    Ok(NotificationRow {
        place: r.get(0)?,
        nid: r.get(1)?,
        kind: Kind::from_code(&kind).ok_or_else(|| StoreError::Damaged("kind".to_owned()))?,
        status: standing(&status)?,
        beside: beside.as_deref().map(standing).transpose()?,
        waiting: r.get(5)?,
        rev: r.get(6)?,
        name: r.get(7)?,
        child: r.get(8)?,
        day: r.get(9)?,
        time: r.get(10)?,
        signed_at: time(&r.get::<_, String>(11)?)?,
        signed_by: r.get(12)?,
        last_by: r.get(13)?,
        reg_no: r.get(14)?,
        problem: r.get(15)?,
        own: r.get(16)?,
    })
}

/// Children for whose name the ward waits, and those whose naming it left to the registry office.
const UNNAMED: &str = "unnamed = 1 AND nid NOT IN (SELECT nid FROM left_to_registry)";
const LEFT: &str = "unnamed = 1 AND nid IN (SELECT nid FROM left_to_registry)";

fn count(db: &Connection, sql: &str, arg: &[&dyn ToSql]) -> Result<u64, StoreError> {
    let n: i64 = db.prepare_cached(sql)?.query_row(arg, |r| r.get(0))?;
    Ok(unsigned(n))
}

impl Store {
    /// Notifications, newest first.
    pub fn list(&self, filter: &Filter, limit: usize) -> Result<Vec<NotificationRow>, StoreError> {
        let mut sql = format!("SELECT {COLUMNS} FROM notifications WHERE true");
        let mut args: Vec<Box<dyn ToSql>> = Vec::new();
        let mut with = |condition: &str, arg: Option<Box<dyn ToSql>>| {
            sql.push_str(" AND ");
            sql.push_str(condition);
            args.extend(arg);
        };
        match filter.worklist {
            None => {}
            Some(NotificationList::Returned) => with("returned = 1", None),
            Some(NotificationList::CauseAwaited) => with("no_cause = 1", None),
            Some(NotificationList::Unnamed) => with(UNNAMED, None),
            Some(NotificationList::LeftToRegistry) => with(LEFT, None),
            Some(NotificationList::Unsent) => with("waiting > 0", None),
            Some(NotificationList::ToAttest) => with("to_attest = 1", None),
            Some(NotificationList::Today) => {
                let day = filter.today.unwrap_or_default().to_string();
                with("signed_on = ?", Some(Box::new(day)));
            }
        }
        // The unary plus keeps SQLite on the order of recency where a condition is met by many.
        if let Some(kind) = filter.kind {
            with("+kind = ?", Some(Box::new(kind.code())));
        }
        if let Some(status) = filter.status {
            with("status = ?", Some(Box::new(status.code())));
        }
        if let Some(day) = filter.since {
            with("signed_on >= ?", Some(Box::new(day.to_string())));
        }
        if let Some(day) = filter.until {
            with("signed_on <= ?", Some(Box::new(day.to_string())));
        }
        if let Some(before) = filter.before {
            with("first < ?", Some(Box::new(before)));
        }
        sql.push_str(" ORDER BY first DESC LIMIT ?");
        args.push(Box::new(signed(limit)));
        let mut find = self.db.prepare_cached(&sql)?;
        let args: Vec<&dyn ToSql> = args.iter().map(|a| &**a).collect();
        find.query_and_then(args.as_slice(), row)?.collect()
    }

    /// Numbers of the home screen; `today` is the ward's civil day.
    pub fn counts(&self, today: NaiveDate) -> Result<WorklistCounts, StoreError> {
        self.read(|db| {
            let of = |condition: &str| {
                count(
                    db,
                    &format!("SELECT count(*) FROM notifications WHERE {condition}"),
                    &[],
                )
            };
            let today = today.to_string();
            Ok(WorklistCounts {
                unfinished: count(db, "SELECT count(*) FROM drafts WHERE ready = 0", &[])?,
                to_sign: count(db, "SELECT count(*) FROM drafts WHERE ready = 1", &[])?,
                returned: of("returned = 1")?,
                cause_awaited: of("no_cause = 1")?,
                unnamed: of(UNNAMED)?,
                left_to_registry: of(LEFT)?,
                unsent: of("waiting > 0")?,
                to_attest: of("to_attest = 1")?,
                today: count(
                    db,
                    "SELECT count(*) FROM notifications WHERE signed_on = ?1",
                    &[&today],
                )?,
                queue: queue(db)?,
            })
        })
    }

    /// What waits for delivery.
    pub fn queue(&self) -> Result<OutboxSummary, StoreError> {
        self.read(queue)
    }

    /// How many notifications there are of each kind and status.
    pub fn totals(&self) -> Result<Vec<(Kind, EntryStatus, u64)>, StoreError> {
        let mut all = self
            .db
            .prepare_cached("SELECT kind, status, count FROM totals WHERE count > 0 ORDER BY kind, status")?;
        let rows = all.query_map([], |r| {
            Ok((
                r.get::<_, String>(0)?,
                r.get::<_, String>(1)?,
                r.get::<_, i64>(2)?,
            ))
        })?;
        let mut out = Vec::new();
        for row in rows {
            let (kind, status, n) = row?;
            if let (Some(kind), Some(status)) = (Kind::from_code(&kind), EntryStatus::from_code(&status)) {
                out.push((kind, status, unsigned(n)));
            }
        }
        Ok(out)
    }

    /// Counts of a month by the delivery book that was signed here last: births, foetal deaths,
    /// deaths.
    pub fn tally_of(&self, month: &str) -> Result<Option<(u32, u32, u32)>, StoreError> {
        let mut find = self.db.prepare_cached(
            "SELECT births, foetal_deaths, deaths FROM tallies WHERE month = ?1 AND own = 1",
        )?;
        Ok(find
            .query_row([month], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()?)
    }
}

fn queue(db: &Connection) -> Result<OutboxSummary, StoreError> {
    let oldest: Option<String> = db
        .prepare_cached("SELECT e.rec FROM outbox o JOIN entries e USING (n) ORDER BY o.rec_s LIMIT 1")?
        .query_row([], |r| r.get(0))
        .optional()?;
    let last: Option<String> = db
        .prepare_cached("SELECT at FROM receipts ORDER BY r DESC LIMIT 1")?
        .query_row([], |r| r.get(0))
        .optional()?;
    Ok(OutboxSummary {
        unsent: count(db, "SELECT count(*) FROM outbox", &[])?,
        oldest: oldest.as_deref().map(time).transpose()?,
        last_receipt: last.as_deref().map(time).transpose()?,
        receipts: count(db, "SELECT coalesce(max(r), 0) FROM receipts", &[])?,
        put_aside: count(
            db,
            "SELECT count(*) FROM outbox WHERE tries IS NOT NULL AND tries ->> 'quarantined' IS NOT NULL",
            &[],
        )?,
    })
}
