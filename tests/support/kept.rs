//! What version 0.1 left, in `data/v0.1`: copies of its folders, what they are expected to say, and the HTTP
//! that it spoke. `README.md` there says what there is.

use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding};
use serde_json::Value;

use super::{Ran, data_dir, ogoh, run};

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/v0.1")
}

/// A file as it was kept.
pub fn text(name: &str) -> String {
    std::fs::read_to_string(kept().join(name)).unwrap()
}

/// A part of what is expected.
pub fn expected(part: &str) -> Value {
    let mut all: Value = serde_json::from_str(&text("expected.json")).unwrap();
    all[part].take()
}

/// Copies a kept folder into one that is there, private as the program wants it.
pub fn copy_into(folder: &str, to: &Path) {
    for file in std::fs::read_dir(kept().join(folder)).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        private(&to.join(file.file_name()), 0o600);
    }
    private(to, 0o700);
}

#[cfg(unix)]
fn private(path: &Path, bits: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(bits)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &Path, _: u32) {}

/// Copies of kept folders, and commands on them.
pub struct Copy(tempfile::TempDir);

impl Copy {
    pub fn of(folders: &[&str]) -> Copy {
        let copy = Copy(data_dir());
        for folder in folders {
            std::fs::create_dir(copy.path(folder)).unwrap();
            copy_into(folder, &copy.path(folder));
        }
        copy
    }

    /// A folder or file of it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Changes a line of a settings file.
    pub fn set(&self, file: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        std::fs::write(self.path(file), text.replacen(from, to, 1)).unwrap();
    }

    pub fn ran(&self, folder: &str, args: &[&str]) -> Ran {
        let option = if args[0] == "portal" {
            "--dir"
        } else {
            "--data-dir"
        };
        let mut command = ogoh();
        command.args(args).arg(option).arg(self.path(folder));
        run(command.args(["--lang", "en", "--json"]))
    }

    #[track_caller]
    pub fn must(&self, folder: &str, args: &[&str]) -> Vec<Value> {
        let ran = self.ran(folder, args);
        assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.out, ran.err);
        ran.json()
    }

    /// The notifications of a ward stand as these say; each is looked at in its part `when`, where one is named.
    #[track_caller]
    pub fn stands_as(&self, folder: &str, notifications: &Value, when: Option<&str>) {
        let listed = self.must(folder, &["list", "--limit", "200"]);
        let wanted = notifications.as_array().unwrap();
        assert_eq!(
            standings(listed.iter().map(|row| (&row["nid"], row))),
            standings(wanted.iter().map(|n| (&n["nid"], when.map_or(n, |w| &n[w]))))
        );
    }

    /// What was true of a ward when it was kept is true now.
    #[track_caller]
    pub fn is_as_it_was(&self, folder: &str, wanted: &Value) {
        self.stands_as(folder, &wanted["notifications"], None);
        let report = self.must(folder, &["verify"]).remove(0);
        assert_eq!(report["sound"], true, "{report}");
        for name in ["entries", "receipts"] {
            assert_eq!(report[name], wanted[name], "{name}");
        }
        let drafts = self.must(folder, &["draft"]);
        for (found, draft) in drafts.iter().zip(wanted["drafts"].as_array().unwrap()) {
            for name in ["id", "kind", "state", "name"] {
                assert_eq!(found[name], draft[name]);
            }
        }
        assert_eq!(drafts.len(), wanted["drafts"].as_array().unwrap().len());
    }
}

const STANDING: [&str; 5] = ["status", "beside", "rev", "reg_no", "problem"];

/// Where every notification stands, by its identifier.
fn standings<'a>(rows: impl Iterator<Item = (&'a Value, &'a Value)>) -> Vec<(String, Vec<Value>)> {
    let stands = |row: &Value| STANDING.iter().map(|name| row[name].clone()).collect();
    let named = |(nid, row): (&Value, &Value)| (nid.as_str().unwrap().to_owned(), stands(row));
    let mut all: Vec<_> = rows.map(named).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// One request and its answer, as they were on the wire.
pub struct Exchange {
    /// RFC 3339.
    pub at: String,
    pub method: String,
    /// With its query.
    pub path: String,
    pub asked: Message,
    pub status: u16,
    pub answered: Message,
}

/// What a request or an answer carries.
pub struct Message {
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    fn of(part: &Value) -> Message {
        let word = |v: &Value| v.as_str().unwrap().to_owned();
        let headers = part["headers"].as_array().unwrap().iter();
        Message {
            headers: headers.map(|h| (word(&h[0]), word(&h[1]))).collect(),
            body: Base64::decode_vec(part["body"].as_str().unwrap_or_default()).unwrap(),
        }
    }

    /// Its body, decompressed.
    pub fn text(&self) -> String {
        if !self
            .headers
            .contains(&("content-encoding".to_owned(), "gzip".to_owned()))
        {
            return String::from_utf8(self.body.clone()).unwrap();
        }
        std::io::read_to_string(flate2::read::GzDecoder::new(&self.body[..])).unwrap()
    }
}

impl Exchange {
    /// The path without the query.
    pub fn place(&self) -> &str {
        self.path.split('?').next().unwrap()
    }
}

/// What was exchanged in a recording, in its order.
pub fn exchanges(name: &str) -> Vec<Exchange> {
    let read = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let request = &line["request"];
        Exchange {
            at: line["at"].as_str().unwrap().to_owned(),
            method: request["method"].as_str().unwrap().to_owned(),
            path: request["path"].as_str().unwrap().to_owned(),
            asked: Message::of(request),
            status: line["response"]["status"].as_u64().unwrap().try_into().unwrap(),
            answered: Message::of(&line["response"]),
        }
    };
    text(&format!("exchanges/{name}.jsonl"))
        .lines()
        .map(read)
        .collect()
}
