//! The book in SQLite: WAL, `synchronous=FULL`, STRICT tables. The only place of the portal that
//! names rusqlite.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::{BookError, BookResult};
use super::sql::{self, Access, Archiving, ColumnValue, DatabaseFacts, DatabaseTransaction, Row, SqlValue};
use crate::env::{FileLock, keep_private, private_file};

/// `PRAGMA application_id`: "ogoP".
const APPLICATION_ID: i64 = 0x6f67_6f50;
/// Migrations, append only; `PRAGMA user_version` counts them.
const MIGRATIONS: &[&str] = &[
    include_str!("sqlite1.sql"),
    include_str!("sqlite2.sql"),
    include_str!("sqlite3.sql"),
    include_str!("sqlite4.sql"),
    include_str!("sqlite5.sql"),
    include_str!("sqlite6.sql"),
    include_str!("sqlite7.sql"),
    include_str!("sqlite8.sql"),
    include_str!("sqlite9.sql"),
    include_str!("sqlite10.sql"),
    include_str!("sqlite11.sql"),
    include_str!("sqlite12.sql"),
];
/// How long others are waited for.
const BUSY: Duration = Duration::from_secs(5);
/// SQLite before 3.51.3 can corrupt a WAL database that two connections write.
const OLDEST_SQLITE: i32 = 3_051_003;

/// A connection to an SQLite file.
pub(super) struct SqliteConnection {
    db: Connection,
    /// What the connection lets its statements do.
    access: Access,
    path: PathBuf,
    /// Shared with everybody who has the file open; whoever puts another in its place is alone on it.
    lock: Option<FileLock>,
}

/// Keeps everybody out of a file, also one that is not there; none while somebody has it open.
pub(super) fn alone(path: &Path) -> BookResult<Option<FileLock>> {
    let failed = |e: std::io::Error| BookError::Failed(format!("portal.lock: {e}"));
    // Where there are no locks nobody can say who works on it.
    Ok(FileLock::alone(&lock_of(path))
        .map_err(failed)?
        .filter(FileLock::is_held))
}

fn share(path: &Path) -> BookResult<FileLock> {
    let failed = |e: std::io::Error| BookError::Failed(format!("portal.lock: {e}"));
    let end = Instant::now() + BUSY;
    loop {
        match FileLock::share(&lock_of(path)).map_err(failed)? {
            Some(lock) => return Ok(lock),
            // Somebody is putting another file in its place.
            None if Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
            None => {
                return Err(BookError::Busy(
                    "another file is being put in its place".to_owned(),
                ));
            }
        }
    }
}

fn lock_of(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

impl From<rusqlite::Error> for BookError {
    fn from(e: rusqlite::Error) -> BookError {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
        match e.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked | DiskFull) => BookError::Busy(e.to_string()),
            _ => BookError::Failed(e.to_string()),
        }
    }
}

impl SqliteConnection {
    /// Creates the file. It must not exist.
    pub fn create(path: &Path) -> BookResult<SqliteConnection> {
        // Its companions get the same permissions.
        let made = private_file().create_new(true).open(path);
        made.map_err(|e| BookError::Failed(e.to_string()))?;
        SqliteConnection::open(path)
    }

    /// Opens the file and brings an older one up to date.
    pub fn open(path: &Path) -> BookResult<SqliteConnection> {
        let lock = share(path)?;
        for end in ["", "-wal", "-shm"] {
            let mut file = path.as_os_str().to_owned();
            file.push(end);
            keep_private(Path::new(&file));
        }
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(BookError::Failed(format!(
                "SQLite {} can corrupt its log; 3.51.3 or newer is needed",
                rusqlite::version()
            )));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(BUSY)?;
        db.set_prepared_statement_cache_capacity(128);
        db.execute_batch(
            "PRAGMA trusted_schema = OFF; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA secure_delete = FAST; PRAGMA mmap_size = 0; PRAGMA cache_size = -65536;",
        )?;
        migrate(&mut db)?;
        Ok(SqliteConnection {
            db,
            access: Access::Write,
            path: path.to_owned(),
            lock: Some(lock),
        })
    }

    /// Opens a file to look into it: nothing of it changes, neither its version nor its log.
    pub fn look(path: &Path) -> BookResult<SqliteConnection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags)?;
        db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(SqliteConnection {
            db,
            access: Access::Read,
            path: path.to_owned(),
            lock: None,
        })
    }

    /// Copies the book of one moment to a new file, in one step beside whoever writes.
    pub fn copy_to(&self, to: &Path) -> BookResult<()> {
        let made = private_file().create_new(true).open(to);
        made.map_err(|e| BookError::Failed(e.to_string()))?;
        let mut copy = Connection::open(to)?;
        // It is hashed and sealed next; what a power cut leaves of it is thrown away.
        copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        Backup::new(&self.db, &mut copy)?.run_to_completion(i32::MAX, Duration::from_millis(50), None)?;
        // One file, with no log beside it.
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        copy.close().map_err(|(_, e)| BookError::from(e))
    }
}

impl sql::Connection for SqliteConnection {
    fn begin(&mut self, access: Access) -> BookResult<Box<dyn DatabaseTransaction + '_>> {
        // A connection that only ever reads is told once.
        if self.access != access {
            self.db
                .pragma_update(None, "query_only", access == Access::Read)?;
            self.access = access;
        }
        let transaction = self.db.transaction_with_behavior(match access {
            Access::Read => TransactionBehavior::Deferred,
            Access::Write => TransactionBehavior::Immediate,
        })?;
        Ok(Box::new(SqliteTransaction(transaction)))
    }

    fn facts(&mut self) -> BookResult<DatabaseFacts> {
        let text = |name| self.db.pragma_query_value(None, name, |r| r.get::<_, String>(0));
        let number = |name| self.db.pragma_query_value(None, name, |r| r.get::<_, u32>(0));
        Ok(DatabaseFacts {
            version: format!("SQLite {}", rusqlite::version()),
            schema: number("user_version")?,
            // FULL is 2, EXTRA 3.
            durable: number("synchronous")? >= 2 && text("journal_mode")? == "wal",
        })
    }

    fn be_alone(&mut self) -> BookResult<bool> {
        // One that is shared cannot be made sole everywhere.
        self.lock = None;
        self.lock = alone(&self.path)?;
        let alone = self.lock.is_some();
        if !alone {
            self.lock = Some(share(&self.path)?);
        }
        Ok(alone)
    }

    fn is_shared(&mut self) -> BookResult<bool> {
        Ok(false)
    }

    fn changes(&mut self) -> BookResult<i64> {
        Ok(self.db.pragma_query_value(None, "data_version", |r| r.get(0))?)
    }

    fn archiving(&mut self) -> BookResult<Option<Archiving>> {
        Ok(None)
    }

    fn overwrite_freed(&mut self) -> BookResult<()> {
        self.db.pragma_update(None, "query_only", false)?;
        self.access = Access::Write;
        Ok(self
            .db
            .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?)
    }
}

/// A transaction on a connection.
struct SqliteTransaction<'a>(rusqlite::Transaction<'a>);

impl rusqlite::ToSql for SqlValue<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            SqlValue::Int(n) => ValueRef::Integer(*n),
            SqlValue::Text(text) => ValueRef::Text(text.as_bytes()),
            SqlValue::Null => ValueRef::Null,
        }))
    }
}

impl DatabaseTransaction for SqliteTransaction<'_> {
    fn run(&self, sql: &str, values: &[SqlValue<'_>]) -> BookResult<u64> {
        let changed = self
            .0
            .prepare_cached(sql)?
            .execute(rusqlite::params_from_iter(values))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn rows(
        &self,
        sql: &str,
        values: &[SqlValue<'_>],
        each: &mut dyn FnMut(Row) -> BookResult<()>,
    ) -> BookResult<()> {
        let mut statement = self.0.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut found = statement.query(rusqlite::params_from_iter(values))?;
        while let Some(r) = found.next()? {
            let fields = (0..columns).map(|i| {
                Ok(match r.get_ref(i)? {
                    ValueRef::Integer(n) => ColumnValue::Int(n),
                    ValueRef::Text(text) => ColumnValue::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Null => ColumnValue::Null,
                    ValueRef::Real(_) | ValueRef::Blob(_) => {
                        return Err(BookError::Failed(format!("column {i} holds another type")));
                    }
                })
            });
            each(Row(fields.collect::<BookResult<_>>()?))?;
        }
        Ok(())
    }

    fn commit(self: Box<Self>) -> BookResult<()> {
        Ok(self.0.commit()?)
    }
}

fn migrate(db: &mut Connection) -> BookResult<()> {
    let version = |db: &Connection| db.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0));
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version(db)? == known {
        return Ok(());
    }
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again inside: another process may have migrated meanwhile.
    let from = version(&transaction)?;
    if from > known {
        return Err(BookError::Newer(from));
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::sql::Connection as _;
    use super::*;
    use crate::portal::book::Book;
    use crate::seal::ReceiptNumber;

    #[test]
    fn a_transaction_that_reads_changes_nothing_and_one_that_writes_follows_it() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = SqliteConnection::create(&dir.path().join("portal.db")).unwrap();
        let insert = "INSERT INTO trust (number, jws) VALUES (1, 'list')";
        for _ in 0..2 {
            let reading = connection.begin(Access::Read).unwrap();
            assert!(matches!(reading.run(insert, &[]), Err(BookError::Failed(_))));
            reading.commit().unwrap();
            // Not committed, it is undone.
            let writing = connection.begin(Access::Write).unwrap();
            assert_eq!(writing.run(insert, &[]).unwrap(), 1);
        }
        let mut book = Book::on(connection);
        assert_eq!(book.read(|tx| tx.trust_number()).unwrap(), 0);
    }

    #[test]
    fn a_book_of_an_earlier_version_is_brought_up_to_date_and_drawn_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portal.db");
        let db = Connection::open(&path).unwrap();
        for migration in MIGRATIONS.iter().take(2) {
            db.execute_batch(migration).unwrap();
        }
        db.execute_batch(
            "INSERT INTO notification (nid, kind, fac, office, status, rev, h, effective, first_ms, drawn)
             VALUES ('n', 'birth', 'F', 'O', 'registered', 1, 'h', 'h', 0, 1);
             INSERT INTO likeness VALUES ('n', 'а', 'б', '', '', '');
             INSERT INTO alike VALUES ('bsаб', 1, 'n');",
        )
        .unwrap();
        db.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        db.pragma_update(None, "user_version", 2).unwrap();
        drop(db);
        let mut book = Book::on(SqliteConnection::open(&path).unwrap());
        book.read(|tx| {
            assert_eq!(tx.unprojected(9)?, ["n"]);
            assert!(
                tx.find_by_blocking_keys(0, 9, &["bsаб".to_owned()], 9)?
                    .is_empty()
            );
            tx.matching_records(&["n".to_owned()])
                .map(|t| assert!(t.is_empty()))
        })
        .unwrap();
    }

    #[test]
    fn whoever_has_the_book_open_keeps_others_from_replacing_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portal.db");
        let mut first = SqliteConnection::create(&path).unwrap();
        let second = SqliteConnection::open(&path).unwrap();
        assert!(!first.be_alone().unwrap() && alone(&path).unwrap().is_none());
        drop(second);
        assert!(first.be_alone().unwrap());
        assert!(FileLock::share(&lock_of(&path)).unwrap().is_none());
        drop(first);
        assert!(alone(&path).unwrap().is_some());
        SqliteConnection::open(&path).unwrap();
    }

    #[test]
    fn a_newer_book_is_refused_and_a_failed_transaction_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portal.db");
        assert!(SqliteConnection::open(&path).is_err(), "open does not create");
        let mut book = Book::on(SqliteConnection::create(&path).unwrap());
        let failed = book.write(|tx| {
            assert_eq!(tx.next_n("F", 1, 1)?, 1);
            Err::<(), _>(BookError::Failed("test".into()))
        });
        assert!(failed.is_err());
        book.write(|tx| -> BookResult<()> {
            assert_eq!(tx.next_n("F", 1, 1)?, 1);
            assert_eq!(tx.next_n("F", 1, 1)?, 2);
            assert_eq!(tx.next_n("G", 1, 1)?, 1);
            tx.raise_n("G", ReceiptNumber { epoch: 1, n: 7 })?;
            assert_eq!(tx.next_n("G", 1, 1)?, 8);
            // Numbers begin anew in the next epoch; what came before raises nothing there.
            assert_eq!(tx.next_n("G", 2, 2)?, 2);
            tx.raise_n("G", ReceiptNumber { epoch: 1, n: 90 })?;
            assert_eq!(tx.next_n("G", 2, 1)?, 3);
            assert_eq!(tx.epoch()?, 1);
            assert!(!tx.open_epoch(2, 7)?, "not the one in force");
            assert!(tx.open_epoch(1, 7)?);
            assert!(!tx.open_epoch(1, 8)?, "another did it");
            assert_eq!(tx.epoch()?, 2);
            assert!(!tx.open_epoch(u32::MAX, 9)?);
            tx.raise_number("O", 2026, "birth", 4)?;
            assert_eq!(tx.last_number("O", 2026, "birth")?, 4);
            Ok(())
        })
        .unwrap();
        drop(book);
        let db = Connection::open(&path).unwrap();
        db.pragma_update(None, "user_version", 99).unwrap();
        drop(db);
        assert!(matches!(SqliteConnection::open(&path), Err(BookError::Newer(99))));
    }
}
