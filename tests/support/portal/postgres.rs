//! A PostgreSQL server for the tests of one program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use crate::support::has_tool;

/// The port of the server; none where it cannot be started. The child ends with this program: its
/// standard input does.
fn server(sync: &str) -> Option<u16> {
    static SERVER: OnceLock<Option<(u16, Child)>> = OnceLock::new();
    let started = SERVER.get_or_init(|| {
        let mut child = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/postgres.sh"))
            .arg(sync)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
        Some((line.trim().parse().ok()?, child))
    });
    started.as_ref().map(|(port, _)| *port)
}

/// The address of an empty database; none where there is no PostgreSQL. The first to ask says
/// whether the server syncs to the disk (`fsync=on`).
pub fn database(sync: &str) -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut probe = Command::new("sh");
    probe.args(["-c", "ls /usr/lib/postgresql/*/bin/initdb || command -v initdb"]);
    if !has_tool("PostgreSQL", &mut probe) {
        return None;
    }
    let port = server(sync).expect("PostgreSQL starts");
    let name = format!("w{}", NEXT.fetch_add(1, Ordering::SeqCst));
    Some(make(
        &format!("postgres://ogoh@127.0.0.1:{port}"),
        &name,
        "template1",
    ))
}

/// Databases that nobody uses any more.
static FREE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// An empty database for as long as this is kept. To empty one that was used costs a tenth of making one.
pub struct Lent(pub String);

impl Lent {
    /// None where there is no PostgreSQL.
    pub fn take() -> Option<Lent> {
        let used = FREE.lock().unwrap().pop();
        let Some(address) = used else {
            return database("fsync=off").map(Lent);
        };
        let mut client = postgres::Client::connect(&address, postgres::NoTls).unwrap();
        client
            .batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            .unwrap();
        Some(Lent(address))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Ok(mut free) = FREE.lock() {
            free.push(std::mem::take(&mut self.0));
        }
    }
}

fn make(server: &str, name: &str, template: &str) -> String {
    let mut client = postgres::Client::connect(&format!("{server}/postgres"), postgres::NoTls).unwrap();
    client
        .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
        .unwrap();
    format!("{server}/{name}")
}

/// A copy of a database to which nobody is connected.
pub fn copy(address: &str) -> String {
    static COPIES: AtomicU32 = AtomicU32::new(0);
    let (server, name) = address.rsplit_once('/').unwrap();
    let copy = COPIES.fetch_add(1, Ordering::SeqCst);
    make(server, &format!("{name}_copy{copy}"), name)
}
