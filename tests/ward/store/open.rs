//! Opening a database: what is refused, what is created, what several programs do at once.

use crate::store_support::*;
use ogoh::lang::{Explain, has};
use ogoh::ward::store::{Store, StoreError};

fn refused(path: &std::path::Path) -> StoreError {
    let error = Store::open(path).unwrap_err();
    let msg = error.msg();
    assert!(has(&msg.id), "{}", msg.id);
    assert!(error.hint().is_some(), "{}", msg.id);
    error
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_as_it_was() {
    let ward = Ward::new();
    ward.shell().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(ward.path()).unwrap();
    assert!(matches!(
        refused(&ward.path()),
        StoreError::Newer { found: 99, .. }
    ));
    assert_eq!(std::fs::read(ward.path()).unwrap(), before);
}

#[test]
fn what_is_no_database_of_ours_is_refused_and_left_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("text.db");
    std::fs::write(
        &text,
        "this is a letter, not a database, and long enough to be looked at\n".repeat(20),
    )
    .unwrap();
    assert!(matches!(refused(&text), StoreError::NotADatabase(p) if p == text));
    assert!(
        std::fs::read_to_string(&text)
            .unwrap()
            .starts_with("this is a letter")
    );

    let other = dir.path().join("other.db");
    let db = rusqlite::Connection::open(&other).unwrap();
    db.execute_batch("CREATE TABLE birds (name TEXT)").unwrap();
    drop(db);
    assert!(matches!(refused(&other), StoreError::NotADatabase(_)));
    let db = rusqlite::Connection::open(&other).unwrap();
    let tables: i64 = db
        .query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))
        .unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    for path in [
        file.join("ogoh.db"),
        dir.path().join("missing").join("ogoh.db"),
        dir.path().to_owned(),
    ] {
        match refused(&path) {
            StoreError::Unwritable { path: named, .. } => assert_eq!(named, path),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_full_disk_says_that_it_is_full_and_nothing_is_lost() {
    // SQLite's own bound on pages answers as a full disk does.
    let ward = Ward::new();
    let mut store = ward.store();
    ward.birth(&mut store, 1);
    drop(store);
    let db = ward.shell();
    let pages: i64 = db.query_row("PRAGMA page_count", [], |r| r.get(0)).unwrap();
    let error = (|| -> Result<(), rusqlite::Error> {
        db.execute_batch(&format!("PRAGMA max_page_count = {pages}; BEGIN IMMEDIATE;"))?;
        for _ in 0..100 {
            db.execute(
                "INSERT INTO meta VALUES (hex(randomblob(8)), hex(randomblob(2000)))",
                [],
            )?;
        }
        Ok(())
    })()
    .unwrap_err();
    assert!(matches!(StoreError::from(error), StoreError::DiskFull));
    drop(db);
    let store = ward.store();
    assert_eq!(store.list(&Default::default(), 10).unwrap().len(), 1);
}

#[test]
fn only_the_owner_can_read_the_file() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let ward = Ward::new();
        let mut store = ward.store();
        ward.birth(&mut store, 1);
        for name in ["ogoh.db", "ogoh.db-wal", "ogoh.db-shm"] {
            let mode = std::fs::metadata(ward.dir.path().join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}

#[test]
fn many_programs_may_open_a_new_database_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ogoh.db");
    std::thread::scope(|scope| {
        for i in 0..8 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open(path).unwrap();
                store.set_meta(&format!("program {i}"), "here").unwrap();
            });
        }
    });
    let store = Store::open(&path).unwrap();
    for i in 0..8 {
        assert_eq!(
            store.meta(&format!("program {i}")).unwrap().as_deref(),
            Some("here")
        );
    }
}

#[test]
fn a_lock_that_another_program_keeps_is_said_to_be_one() {
    let ward = Ward::new();
    let mut store = ward.store();
    let db = rusqlite::Connection::open(ward.path()).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    // A program waits 5 seconds; a shorter way to the same answer is a connection of our own.
    let other = rusqlite::Connection::open(ward.path()).unwrap();
    other.busy_timeout(std::time::Duration::ZERO).unwrap();
    let error = other.execute_batch("BEGIN IMMEDIATE").unwrap_err();
    assert!(matches!(StoreError::from(error), StoreError::Busy));
    db.execute_batch("COMMIT").unwrap();
    store.set_meta("a", "b").unwrap();
}

#[test]
fn a_backup_is_whole_and_opens() {
    let ward = Ward::new();
    let mut store = ward.store();
    let signed = ward.birth(&mut store, 1);
    let to = ward.dir.path().join("copy.db");
    store.backup(&to).unwrap();
    assert!(store.backup(&to).is_err(), "nothing is written over");
    assert!(!ward.dir.path().join("copy.db-wal").exists());
    let copy = Store::open(&to).unwrap();
    assert_eq!(copy.recorded(&signed.id).unwrap(), Some(Into::into(signed.h)));
    assert!(copy.verify(&ward.device.public(), None).unwrap().holds());
}
