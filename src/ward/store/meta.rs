//! Small things to remember: the trust lists, the state of the connection, and whatever else a
//! later room keeps under a name of its own.

use rusqlite::{Connection, OptionalExtension, params};

use super::{LinkState, Store, StoreError};
use crate::seal::ReceiptNumber;

const LINK: &str = "link";
const HEARD: &str = "feed";

/// The last receipt up to which every one of the facility is here.
pub(super) fn heard(db: &Connection) -> Result<ReceiptNumber, StoreError> {
    let kept = get(db, HEARD)?.and_then(|t| t.parse().ok());
    Ok(kept.unwrap_or(ReceiptNumber::NONE))
}

pub(super) fn get(db: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let mut find = db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(find.query_row([key], |r| r.get(0)).optional()?)
}

pub(super) fn set(db: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value")?
        .execute(params![key, value])?;
    Ok(())
}

impl Store {
    /// A remembered text.
    pub fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        get(&self.db, key)
    }

    /// Remembers a text.
    pub fn set_meta(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|db| set(db, key, value))
    }

    /// How the connection to the portal is doing.
    pub fn link(&self) -> Result<LinkState, StoreError> {
        // What cannot be read was written by another version; it is only a memory.
        let kept = self.meta(LINK)?.and_then(|t| serde_json::from_str(&t).ok());
        Ok(kept.unwrap_or_default())
    }

    /// Remembers how the connection is doing.
    pub fn set_link(&mut self, link: &LinkState) -> Result<(), StoreError> {
        let text = serde_json::to_string(link).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.set_meta(LINK, &text)
    }

    /// The last receipt up to which every one of the facility is here.
    pub fn heard(&self) -> Result<ReceiptNumber, StoreError> {
        heard(&self.db)
    }

    /// Remembers up to which receipt everything is here.
    pub fn set_heard(&mut self, n: ReceiptNumber) -> Result<(), StoreError> {
        self.set_meta(HEARD, &n.to_string())
    }

    /// The trust lists in their order, as signed. Whoever reads them verifies them from the root.
    pub fn trust_lists(&self) -> Result<Vec<String>, StoreError> {
        let mut all = self.db.prepare_cached("SELECT jws FROM trust ORDER BY number")?;
        let lists = all.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok(lists)
    }

    /// Keeps a verified trust list. One that is here already stays as it is.
    pub fn add_trust_list(&mut self, number: u64, jws: &str) -> Result<(), StoreError> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.write(|db| {
            db.prepare_cached("INSERT OR IGNORE INTO trust VALUES (?1, ?2)")?
                .execute(params![number, jws])?;
            Ok(())
        })
    }
}
