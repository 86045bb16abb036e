//! PostgreSQL's own tools, `pg_dump` and `pg_restore`, found on PATH. Who connects and with which password stands
//! in their environment, never in their arguments.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use super::error::{BookError, BookResult};

/// Where a database is, and who connects with which password.
#[derive(Default)]
pub(super) struct Server {
    /// Its version, as it says it.
    pub version: String,
    pub host: OsString,
    pub port: Option<u16>,
    pub user: Option<String>,
    pub password: Option<Zeroizing<String>>,
    pub database: String,
}

/// A tool that is told where the database is.
fn tool(name: &str, server: Option<&Server>) -> Command {
    let mut command = Command::new(name);
    for variable in ["PGSERVICE", "PGOPTIONS", "PGPASSFILE"] {
        command.env_remove(variable);
    }
    let Some(server) = server else { return command };
    command
        .env("PGHOST", &server.host)
        .env("PGDATABASE", &server.database);
    if let Some(port) = server.port {
        command.env("PGPORT", port.to_string());
    }
    if let Some(user) = &server.user {
        command.env("PGUSER", user);
    }
    if let Some(password) = &server.password {
        command.env("PGPASSWORD", password.as_str());
    }
    command
}

/// Runs a tool to its end; what it writes is thrown away or goes to a file.
fn run(name: &str, command: &mut Command, to: Stdio) -> BookResult<()> {
    let done = command
        .stdin(Stdio::null())
        .stdout(to)
        .stderr(Stdio::piped())
        .output();
    let done = done.map_err(|e| BookError::Failed(format!("{name}: {e}")))?;
    if done.status.success() {
        return Ok(());
    }
    // Its words may quote what stands in the database: only the first line says what it could not do.
    let said = String::from_utf8_lossy(&done.stderr);
    let first: String = said
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    Err(BookError::Failed(format!("{name}, {}: {first}", done.status)))
}

/// The first number of a version: `pg_dump (PostgreSQL) 16.4 (Debian …)`, `16.4`, `17beta1`.
fn major(version: &str) -> Option<u32> {
    let at = version.find(|c: char| c.is_ascii_digit())?;
    let digits: String = version
        .chars()
        .skip(at)
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// Dumps a database, of one moment, into a file that is made.
pub(super) fn dump(server: &Server, to: File) -> BookResult<()> {
    let said = tool("pg_dump", Some(server)).arg("--version").output();
    let said = said.map_err(|e| BookError::Failed(format!("pg_dump: {e}")))?;
    let said = String::from_utf8_lossy(&said.stdout);
    if major(&said) < major(&server.version) {
        return Err(BookError::Failed(format!(
            "{} is older than the server, {}: put its pg_dump first in PATH",
            said.trim(),
            server.version
        )));
    }
    let mut command = tool("pg_dump", Some(server));
    command.args([
        "--format=custom",
        "--no-password",
        "--no-owner",
        "--no-privileges",
    ]);
    run("pg_dump", &mut command, to.into())
}

/// Restores a dump into an empty database, in one transaction.
pub(super) fn restore(server: &Server, dump: &Path) -> BookResult<()> {
    let mut command = tool("pg_restore", Some(server));
    command.args([
        "--no-password",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
    ]);
    command.arg(format!("--dbname={}", server.database));
    run("pg_restore", command.arg(dump), Stdio::null())
}

/// Reads a dump from its beginning to its end.
pub(super) fn read(dump: &Path) -> BookResult<()> {
    let mut command = tool("pg_restore", None);
    run("pg_restore", command.arg("--file=-").arg(dump), Stdio::null())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_in_each_of_its_forms_and_the_password_stands_in_no_argument() {
        for (text, number) in [
            ("pg_dump (PostgreSQL) 16.4 (Debian 16.4-1)", Some(16)),
            ("17beta1", Some(17)),
            ("15.2", Some(15)),
            ("none", None),
        ] {
            assert_eq!(major(text), number, "{text}");
        }
        let server = Server {
            password: Some(Zeroizing::new("secret".to_owned())),
            ..Server::default()
        };
        let command = tool("pg_dump", Some(&server));
        assert_eq!(command.get_args().count(), 0);
        let password = command.get_envs().find(|(name, _)| *name == "PGPASSWORD");
        assert_eq!(password.unwrap().1.unwrap(), "secret");
    }
}
