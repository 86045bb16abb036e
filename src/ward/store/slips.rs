//! What families' papers say: signed with the entry, in the same transaction.

use super::StoreError;
use crate::seal::{SecretKey, Slip};
use crate::vital::{Event, OfficeCode, field};
use rusqlite::{Connection, OptionalExtension, params};

/// What a slip says of an event beside its entry.
pub(super) struct SlipFacts {
    kind: &'static str,
    day: Option<String>,
    office: Option<OfficeCode>,
}

impl SlipFacts {
    /// Takes from an event what its slip says.
    pub(super) fn of(event: &Event) -> SlipFacts {
        SlipFacts {
            kind: event.kind.code(),
            day: event.event_date().map(|d| d.to_string()),
            office: event.text(field::OFFICE).map(str::to_owned).map(Into::into),
        }
    }
}

/// Signs the slip of an entry that was just signed with this key, and keeps it.
pub(super) fn sign(
    db: &Connection,
    (nid, h, fac): (&str, &str, &str),
    facts: SlipFacts,
    key: &SecretKey,
) -> Result<(), StoreError> {
    let slip = Slip {
        v: Slip::VERSION,
        nid: nid.into(),
        h: h.into(),
        kind: facts.kind.to_owned(),
        day: facts.day,
        fac: fac.into(),
        office: facts.office,
    };
    db.prepare_cached("INSERT INTO slips (h, jws) VALUES (?1, ?2)")?
        .execute(params![h, slip.seal(key)?])?;
    Ok(())
}

/// The slip of an entry; none of what an older version or another device signed.
pub(super) fn of_entry(db: &Connection, h: &str) -> Result<Option<String>, StoreError> {
    let mut find = db.prepare_cached("SELECT jws FROM slips WHERE h = ?1")?;
    Ok(find.query_row([h], |r| r.get(0)).optional()?)
}
