//! The classification of causes that the ministry supplies, kept as it was read.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, params};

use super::{Store, StoreError, meta};
use crate::env::new_uuid;
use crate::icd::{Catalogue, Title};
use crate::lang::Lang;

/// Names the list that is loaded.
const LOADED: &str = "causes";

/// The list that was read last, by its name: it is the same for every connection of a program.
static READ: Mutex<Option<(String, Arc<Catalogue>)>> = Mutex::new(None);

/// The loaded classification together with the built-in causes; none where none was loaded.
pub(super) fn loaded(db: &Connection) -> Result<Option<Arc<Catalogue>>, StoreError> {
    let Some(name) = meta::get(db, LOADED)? else {
        return Ok(None);
    };
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((have, catalogue)) = read.as_ref()
        && *have == name
    {
        return Ok(Some(catalogue.clone()));
    }
    let mut all = db.prepare_cached("SELECT code, lang, title FROM causes")?;
    let titles = all
        .query_map([], |r| {
            Ok(Title {
                code: r.get(0)?,
                lang: Lang::from_code(&r.get::<_, String>(1)?).unwrap_or_default(),
                text: r.get(2)?,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let catalogue = Arc::new(Catalogue::with_list(&titles));
    *read = Some((name, catalogue.clone()));
    Ok(Some(catalogue))
}

impl Store {
    /// Replaces the loaded classification, all or nothing.
    pub fn load_causes(&mut self, titles: &[Title]) -> Result<(), StoreError> {
        self.write(|db| {
            db.execute("DELETE FROM causes", [])?;
            let mut put = db.prepare("INSERT INTO causes VALUES (?1, ?2, ?3)")?;
            for title in titles {
                put.execute(params![title.code, title.lang.code(), title.text])?;
            }
            meta::set(db, LOADED, &new_uuid())
        })
    }

    /// The loaded classification together with the built-in causes; none where none was loaded.
    pub fn causes(&self) -> Result<Option<Arc<Catalogue>>, StoreError> {
        self.read(loaded)
    }
}
