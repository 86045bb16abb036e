//! The book in PostgreSQL, 15 or newer: several portals side by side on one database. The only
//! place that names the `postgres` crate.
//!
//! Whoever writes holds one lock of the database until the end of its transaction, so that writers
//! exclude each other as they do in SQLite: receipts are numbered without a gap, and two facilities
//! that report one event at one moment see each other. Reading, and verifying what was delivered,
//! happen beside it.
//!
//! Deliberately absent: TLS to the database. It is reached through a socket of this machine; a
//! database elsewhere is reached through a tunnel that ends here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use postgres::config::Host;
use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, Config, IsolationLevel, NoTls, Statement};
use zeroize::Zeroizing;

use super::error::{BookError, BookResult};
use super::pg_tools::{self, Server};
use super::sql::{
    Access, Archiving, ColumnValue, Connection, DatabaseFacts, DatabaseTransaction, Row, SqlValue,
};
use crate::env::private_file;

/// Migrations, append only; the table `book` counts them.
const MIGRATIONS: &[&str] = &[
    include_str!("postgres1.sql"),
    include_str!("postgres2.sql"),
    include_str!("postgres3.sql"),
    include_str!("postgres4.sql"),
    include_str!("postgres5.sql"),
    include_str!("postgres6.sql"),
    include_str!("postgres7.sql"),
    include_str!("postgres8.sql"),
    include_str!("postgres9.sql"),
    include_str!("postgres10.sql"),
    include_str!("postgres11.sql"),
];
/// The lock of writers: "ogoP", as SQLite's `application_id`.
const WRITERS: i64 = 0x6f67_6f50;
/// The lock that everybody shares who has the book open: "ogoQ".
const OPEN: i64 = 0x6f67_6f51;
/// How long others are waited for, milliseconds.
const BUSY_MS: u32 = 5_000;
/// How long a server may take to close the sessions of a portal that has ended, milliseconds.
const CLOSING_MS: u32 = 1_000;
/// `server_version_num` of the oldest server that is known to do.
const OLDEST: i64 = 150_000;

/// A connection to a PostgreSQL database.
pub(super) struct PostgresConnection {
    config: Config,
    client: Client,
    statements: RefCell<HashMap<String, Statement>>,
}

impl From<postgres::Error> for BookError {
    fn from(e: postgres::Error) -> BookError {
        use postgres::error::SqlState;
        // The words of the server may quote a row; its code never does.
        match e.code() {
            None => BookError::Busy("no connection to the database".to_owned()),
            Some(code) => {
                let passing = [
                    SqlState::T_R_SERIALIZATION_FAILURE,
                    SqlState::T_R_DEADLOCK_DETECTED,
                    SqlState::LOCK_NOT_AVAILABLE,
                    SqlState::QUERY_CANCELED,
                    SqlState::ADMIN_SHUTDOWN,
                    SqlState::CRASH_SHUTDOWN,
                    SqlState::CANNOT_CONNECT_NOW,
                    SqlState::TOO_MANY_CONNECTIONS,
                    SqlState::DISK_FULL,
                ];
                let said = format!("PostgreSQL {}", code.code());
                if passing.contains(code) {
                    BookError::Busy(said)
                } else {
                    BookError::Failed(said)
                }
            }
        }
    }
}

/// Reads an address; one that leaves this machine is refused.
fn config(url: &str) -> BookResult<Config> {
    let wrong = |why: &str| BookError::Failed(format!("address of the database: {why}"));
    let mut config: Config = url
        .parse()
        .map_err(|_| wrong("not of the form postgres://user@host/name"))?;
    let here = config.get_hosts().iter().all(|host| match host {
        #[cfg(unix)]
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
    });
    if !here || config.get_hosts().is_empty() {
        return Err(wrong(
            "only a socket of this machine or a loopback address; use a tunnel",
        ));
    }
    config.application_name("ogoh");
    config.connect_timeout(std::time::Duration::from_secs(10));
    Ok(config)
}

fn connect(config: &Config) -> BookResult<Client> {
    let mut client = config.connect(NoTls)?;
    let version: String = client.query_one("SHOW server_version_num", &[])?.get(0);
    if version.parse::<i64>().unwrap_or(0) < OLDEST {
        return Err(BookError::Failed(format!(
            "PostgreSQL {version}; 15 or newer is needed"
        )));
    }
    Ok(client)
}

/// Takes the lock of who has the book open; waits so many milliseconds for whoever is in the way: a session that has
/// ended holds its locks until the server has closed it. False where it was not had.
fn locked(client: &mut Client, take: &str, wait_ms: u32) -> BookResult<bool> {
    client.batch_execute(&format!("SET lock_timeout = {wait_ms}"))?;
    let taken = client.execute(take, &[&OPEN]);
    client.batch_execute("RESET lock_timeout")?;
    match taken {
        Err(e) if e.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Ok(false),
        taken => Ok(taken.map(|_| true)?),
    }
}

/// What the server's own tools have to know.
fn server(config: &Config) -> BookResult<Server> {
    let row = connect(config)?.query_one(
        "SELECT current_setting('server_version'), current_database()",
        &[],
    )?;
    let password = config.get_password();
    Ok(Server {
        version: row.get(0),
        host: match config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.into(),
            #[cfg(unix)]
            Some(Host::Unix(dir)) => dir.into(),
            None => return Err(BookError::Failed("address of the database: no host".to_owned())),
        },
        port: config.get_ports().first().copied(),
        user: config.get_user().map(str::to_owned),
        password: password.map(|p| Zeroizing::new(String::from_utf8_lossy(p).into_owned())),
        database: row.get(1),
    })
}

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

impl PostgresConnection {
    /// Brings the database up to date, an empty one too. Gives the version before.
    pub fn migrate(url: &str) -> BookResult<i64> {
        let mut client = connect(&config(url)?)?;
        let mut transaction = client.transaction()?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&WRITERS])?;
        transaction.batch_execute("CREATE TABLE IF NOT EXISTS book (version BIGINT NOT NULL)")?;
        let found = transaction.query_opt("SELECT version FROM book", &[])?;
        let from: i64 = found.map_or(0, |row| row.get(0));
        if from > known() {
            return Err(BookError::Newer(from));
        }
        for migration in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
            transaction.batch_execute(migration)?;
        }
        transaction.batch_execute("DELETE FROM book")?;
        transaction.execute("INSERT INTO book (version) VALUES ($1)", &[&known()])?;
        transaction.commit()?;
        Ok(from)
    }

    /// Opens a database that is up to date.
    pub fn open(url: &str) -> BookResult<PostgresConnection> {
        let config = config(url)?;
        let mut client = connect(&config)?;
        PostgresConnection::share(&mut client)?;
        let there: bool = client
            .query_one("SELECT to_regclass('book') IS NOT NULL", &[])?
            .get(0);
        let version: i64 = match there {
            true => client.query_one("SELECT version FROM book", &[])?.get(0),
            false => 0,
        };
        match version {
            v if v > known() => Err(BookError::Newer(v)),
            v if v < known() => Err(BookError::Older(v)),
            _ => Ok(PostgresConnection {
                config,
                client,
                statements: RefCell::default(),
            }),
        }
    }

    /// Dumps the database into a new file.
    pub fn dump(url: &str, to: &Path) -> BookResult<()> {
        let server = server(&config(url)?)?;
        let file = private_file().create_new(true).open(to);
        let file = file.map_err(|e| BookError::Failed(e.to_string()))?;
        pg_tools::dump(&server, file)
    }

    /// Restores a dump into an empty database.
    pub fn restore(url: &str, dump: &Path) -> BookResult<()> {
        let config = config(url)?;
        let sql = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
        let there: i64 = connect(&config)?.query_one(sql, &[])?.get(0);
        if there > 0 {
            return Err(BookError::Failed(
                "the database for the trial is not empty".to_owned(),
            ));
        }
        pg_tools::restore(&server(&config)?, dump)
    }

    /// Empties a database again into which a dump was restored.
    pub fn clear(url: &str) -> BookResult<()> {
        let mut client = connect(&config(url)?)?;
        Ok(client.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")?)
    }

    /// Shares the book with everybody who has it open.
    fn share(client: &mut Client) -> BookResult<()> {
        match locked(client, "SELECT pg_advisory_lock_shared($1)", BUSY_MS)? {
            true => Ok(()),
            false => Err(BookError::Busy("a restored book is being taken over".to_owned())),
        }
    }

    /// A connection that was lost is made anew; what was prepared on it is gone.
    fn revive(&mut self) -> BookResult<()> {
        if self.client.is_closed() {
            self.client = connect(&self.config)?;
            PostgresConnection::share(&mut self.client)?;
            self.statements.get_mut().clear();
        }
        Ok(())
    }
}

impl Connection for PostgresConnection {
    fn facts(&mut self) -> BookResult<DatabaseFacts> {
        let mut setting = |name: &str| -> BookResult<String> {
            Ok(self
                .client
                .query_one("SELECT current_setting($1)", &[&name])?
                .get(0))
        };
        let version = setting("server_version")?;
        let durable = setting("fsync")? == "on" && setting("synchronous_commit")? != "off";
        Ok(DatabaseFacts {
            version: format!("PostgreSQL {version}"),
            schema: u32::try_from(known()).unwrap_or(0),
            durable,
        })
    }

    fn be_alone(&mut self) -> BookResult<bool> {
        self.revive()?;
        // The lock that this connection shares stands in its own way as little as in SQLite.
        locked(&mut self.client, "SELECT pg_advisory_lock($1)", CLOSING_MS)
    }

    fn is_shared(&mut self) -> BookResult<bool> {
        self.revive()?;
        let sql = "SELECT count(*) > 0 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
             WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.classid = 0
               AND l.objid::bigint = $1 AND l.objsubid = 1 AND l.granted AND l.pid <> pg_backend_pid()";
        Ok(self.client.query_one(sql, &[&OPEN])?.get(0))
    }

    fn changes(&mut self) -> BookResult<i64> {
        self.revive()?;
        let sql = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
        Ok(self.client.query_one(sql, &[])?.get(0))
    }

    fn archiving(&mut self) -> BookResult<Option<Archiving>> {
        self.revive()?;
        let sql = "SELECT current_setting('archive_mode') <> 'off',
             extract(epoch FROM now() - last_archived_time)::bigint,
             coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
             FROM pg_stat_archiver";
        let row = self.client.query_one(sql, &[])?;
        Ok(Some(Archiving {
            on: row.get(0),
            seconds: row.get(1),
            failing: row.get(2),
        }))
    }

    fn overwrite_freed(&mut self) -> BookResult<()> {
        // One statement each: they run in no transaction. The server's log holds what was until it is recycled.
        for table in ["account", "invitation"] {
            self.client.batch_execute(&format!("VACUUM FULL {table}"))?;
        }
        Ok(())
    }

    fn begin(&mut self, access: Access) -> BookResult<Box<dyn DatabaseTransaction + '_>> {
        self.revive()?;
        let transaction = match access {
            Access::Write => {
                let mut transaction = self.client.transaction()?;
                transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&WRITERS])?;
                transaction
            }
            Access::Read => self
                .client
                .build_transaction()
                .isolation_level(IsolationLevel::RepeatableRead)
                .read_only(true)
                .start()?,
        };
        Ok(Box::new(PostgresTransaction {
            transaction: RefCell::new(transaction),
            statements: &self.statements,
        }))
    }
}

/// A transaction that is open.
struct PostgresTransaction<'a> {
    transaction: RefCell<postgres::Transaction<'a>>,
    statements: &'a RefCell<HashMap<String, Statement>>,
}

impl PostgresTransaction<'_> {
    /// A statement, prepared once for a connection.
    fn prepared(&self, sql: &str) -> BookResult<Statement> {
        if let Some(found) = self.statements.borrow().get(sql) {
            return Ok(found.clone());
        }
        // ?1 of SQLite is $1 here; no text within our statements has a question mark.
        let made = self.transaction.borrow_mut().prepare(&sql.replace('?', "$"))?;
        self.statements.borrow_mut().insert(sql.to_owned(), made.clone());
        Ok(made)
    }
}

impl DatabaseTransaction for PostgresTransaction<'_> {
    fn run(&self, sql: &str, values: &[SqlValue<'_>]) -> BookResult<u64> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        Ok(self.transaction.borrow_mut().execute(&statement, &values)?)
    }

    fn rows(
        &self,
        sql: &str,
        values: &[SqlValue<'_>],
        each: &mut dyn FnMut(Row) -> BookResult<()>,
    ) -> BookResult<()> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        let found = self.transaction.borrow_mut().query(&statement, &values)?;
        found.iter().try_for_each(|row| each(fields(row)?))
    }

    fn commit(self: Box<Self>) -> BookResult<()> {
        Ok(self.transaction.into_inner().commit()?)
    }
}

fn fields(row: &postgres::Row) -> BookResult<Row> {
    let field = |(i, column): (usize, &postgres::Column)| {
        Ok(match *column.type_() {
            Type::INT8 => row
                .try_get::<_, Option<i64>>(i)?
                .map_or(ColumnValue::Null, ColumnValue::Int),
            Type::INT4 => row
                .try_get::<_, Option<i32>>(i)?
                .map_or(ColumnValue::Null, |n| ColumnValue::Int(n.into())),
            _ => row
                .try_get::<_, Option<String>>(i)?
                .map_or(ColumnValue::Null, ColumnValue::Text),
        })
    };
    let columns = row.columns().iter().enumerate();
    columns
        .map(field)
        .collect::<BookResult<Vec<ColumnValue>>>()
        .map(Row)
}

impl ToSql for SqlValue<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            SqlValue::Int(n) => n.to_sql(ty, out),
            SqlValue::Text(text) => text.to_sql(ty, out),
            SqlValue::Null => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_elsewhere_is_refused_before_anything_is_sent() {
        for url in [
            "postgres://ogoh@10.0.0.1/ogoh",
            "postgres://ogoh@registry.example/ogoh",
            "postgres:///ogoh",
            "nonsense",
        ] {
            assert!(matches!(config(url), Err(BookError::Failed(_))), "{url}");
        }
        for url in [
            "postgres://ogoh@127.0.0.1:5433/ogoh",
            "postgres://ogoh@localhost/ogoh",
            "postgres://ogoh@%2Frun%2Fpostgresql/ogoh",
        ] {
            assert!(config(url).is_ok(), "{url}");
        }
    }
}
