//! Queued notifications pushed over loopback to a portal that registers them, against the sum of
//! the parts that nobody can leave out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use ogoh::env::{Paths, Settings, SystemClock};
use ogoh::portal;
use ogoh::seal::{Jws, KeyFile, PublicKey, SecretKey, Typ, hash, sign};
use ogoh::ward::deliver;
use ogoh::ward::store::Store;
use rusqlite::Connection;
use serde_json::json;

use crate::harness::{Bench, timed};
use crate::sample::{DOCTOR, Dice, NAME, PASSPHRASE, Ward, facility};

const CLOCK: SystemClock = SystemClock {
    utc_offset_minutes: 300,
};

/// The program itself founds a registry and a ward in it.
fn ogoh(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ogoh"))
        .args(args)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "ogoh {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

struct Country {
    ward: Ward,
    _portal: portal::Running,
}

fn found(folder: &Path) -> Country {
    let file = |name: &str, text: &str| -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let registry = folder.join("portal");
    let data = folder.join("ward");
    let (registry_arg, data_arg) = (registry.to_str().unwrap(), data.to_str().unwrap());
    let founded = portal::init(&registry, &portal::PortalSettings::default(), &CLOCK).unwrap();
    let running = portal::start(
        &registry,
        "127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap(),
        None,
        Arc::new(CLOCK),
    )
    .unwrap();
    let at = facility();
    let setup = file(
        "facility.toml",
        &format!(
            "lang = \"en\"\n[facility]\ncode = \"{}\"\nname = \"{}\"\ndistrict = \"{}\"\noffice = \"{}\"\n\
             [portal]\nurl = \"http://{}\"\nroot_key = \"{}\"\n[administrator]\nlogin = \"head\"\nname = \"Сардор\"\n",
            at.code, at.name, at.district, at.office, running.addr, founded.root_key
        ),
    );
    let person = file(
        "doctor.toml",
        &format!("login = \"{DOCTOR}\"\nname = \"{NAME}\"\nrole = \"doctor\"\n"),
    );
    let secret = file("secret", PASSPHRASE);
    let (setup, person, secret) = (
        setup.to_str().unwrap(),
        person.to_str().unwrap(),
        secret.to_str().unwrap(),
    );
    let ward = |args: &[&str]| ogoh(&[&["--data-dir", data_arg], args].concat());
    let approve = || ogoh(&["portal", "approve", "--all", "--dir", registry_arg]);
    ward(&["init", "--from", setup, "--passphrase-file", secret]);
    ward(&["enrol"]);
    approve();
    ward(&["user", "add", "--from", person, "--passphrase-file", secret]);
    ward(&["enrol", "--sign-as", "head", "--passphrase-file", secret]);
    approve();
    ward(&["push"]);

    let paths = Paths::new(&data);
    let store = Store::open_at(&paths).unwrap();
    let doctor = store.person(DOCTOR).unwrap().unwrap();
    let device = std::fs::read_to_string(paths.device_key()).unwrap();
    let ward = Ward {
        settings: Settings::load(&paths.settings()).unwrap(),
        device: SecretKey::from_text(&device).unwrap(),
        doctor: KeyFile::from_text(&doctor.key_blob)
            .unwrap()
            .unlock(PASSPHRASE)
            .unwrap(),
        paths,
    };
    Country {
        ward,
        _portal: running,
    }
}

/// The parts: the portal verifies each entry and stores it with its receipt, which it signs; the
/// ward verifies each receipt and stores it. A hundred in one commit, as on the line. Matching and
/// the line itself are left out, so that the ratio holds them, too.
struct Parts {
    portal: Connection,
    ward: Connection,
    key: SecretKey,
}

impl Parts {
    fn new(folder: &Path) -> Parts {
        let open = |name: &str| {
            let db = Connection::open(folder.join(name)).unwrap();
            db.execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE line (n INTEGER PRIMARY KEY, jws TEXT NOT NULL) STRICT;",
            )
            .unwrap();
            db
        };
        Parts {
            portal: open("bare-portal.db"),
            ward: open("bare-ward.db"),
            key: SecretKey::from_seed(&[9; 32]),
        }
    }

    fn run(&mut self, entries: &[String], by: &PublicKey) {
        for batch in entries.chunks(100) {
            let tx = self.portal.transaction().unwrap();
            let mut receipts = Vec::with_capacity(batch.len());
            for text in batch {
                let jws = Jws::parse(text, Typ::Entry).unwrap();
                jws.verify(by).unwrap();
                // As long as a real receipt.
                let receipt =
                    json!({"nh": hash(text), "status": "registered", "by": "auto", "pad": "x".repeat(250)});
                let receipt = sign(Typ::Receipt, &self.key, &receipt).unwrap();
                tx.execute("INSERT INTO line (jws) VALUES (?1)", [text]).unwrap();
                tx.execute("INSERT INTO line (jws) VALUES (?1)", [&receipt])
                    .unwrap();
                receipts.push(receipt);
            }
            tx.commit().unwrap();
            let tx = self.ward.transaction().unwrap();
            for receipt in &receipts {
                Jws::parse(receipt, Typ::Receipt)
                    .unwrap()
                    .verify(&self.key.public())
                    .unwrap();
                tx.execute("INSERT INTO line (jws) VALUES (?1)", [receipt])
                    .unwrap();
            }
            tx.commit().unwrap();
        }
    }
}

/// Measures it.
pub fn measure(bench: &mut Bench) {
    let (pairs, count) = bench.choose((2, 500), (5, 10_000));
    let folder = tempfile::tempdir().unwrap();
    let country = found(folder.path());
    let ward = &country.ward;
    let mut store = ward.store();
    let mut dice = Dice(77);

    // What the parts work on: entries of this ward.
    ward.fill(&mut store, &mut dice, count);
    let entries: Vec<String> = store
        .pending()
        .unwrap()
        .iter()
        .map(|item| store.entry_text(&item.id).unwrap())
        .filter(|text| Jws::parse(text, Typ::Entry).unwrap().kid() == ward.doctor.public().kid())
        .collect();
    assert_eq!(entries.len(), count);
    let by = ward.doctor.public();
    let mut parts = Parts::new(folder.path());

    let limit = || -> Vec<Duration> { vec![timed(|| parts.run(&entries, &by)).0] };
    let mut first = true;
    let ours = || -> Vec<Duration> {
        if !std::mem::take(&mut first) {
            ward.fill(&mut store, &mut dice, count);
        }
        let (took, report) =
            timed(|| deliver::push(&mut store, &ward.paths, &ward.settings, &ward.device, &CLOCK).unwrap());
        assert!(report.error.is_none(), "{:?}", report.error);
        assert!(
            report.sent >= count && report.left == 0,
            "{} sent, {} left",
            report.sent,
            report.left
        );
        vec![took]
    };
    bench.pairs(
        &format!("push {count} queued notifications over loopback / verify, sign and store them"),
        pairs,
        1.5,
        40.0,
        limit,
        ours,
    );
    let by_status = store.totals().unwrap();
    println!("  stand  {by_status:?}");
}
