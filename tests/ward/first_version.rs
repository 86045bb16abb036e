//! What the first version of the program wrote still opens, reads, verifies and can be corrected.
//!
//! `data/first-version` is a data folder as that version left it: a birth named by a supplement, a
//! foetal death, a preliminary death, and a draft. Its people and keys are invented.

use crate::support::{Ran, data_dir, ogoh, run};
use serde_json::{Value, json};

struct Old(tempfile::TempDir);

impl Old {
    fn new() -> Old {
        let old = Old(data_dir());
        let from = format!("{}/tests/data/first-version", env!("CARGO_MANIFEST_DIR"));
        let ward = old.0.path().join("ward");
        std::fs::create_dir(&ward).unwrap();
        for file in ["ogoh.db", "device.key", "ogoh.toml"] {
            let to = ward.join(file);
            std::fs::copy(format!("{from}/{file}"), &to).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
            }
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&ward, std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        old
    }

    fn ran(&self, args: &[&str]) -> Ran {
        let mut command = ogoh();
        command.arg("--data-dir").arg(self.0.path().join("ward"));
        run(command.args(args).args(["--lang", "en", "--json"]))
    }

    fn must(&self, args: &[&str]) -> Vec<Value> {
        let ran = self.ran(args);
        assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.out, ran.err);
        ran.out
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

#[test]
fn a_folder_of_the_first_version_opens_and_its_records_can_be_corrected() {
    let old = Old::new();
    let listed = old.must(&["list"]);
    let of = |kind: &str| listed.iter().find(|n| n["kind"] == kind).unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(of("birth")["rev"], 2);
    let birth = old
        .must(&["show", of("birth")["nid"].as_str().unwrap()])
        .remove(0);
    assert_eq!(birth["body"]["child"]["given"], "Фаридун");
    let still = old
        .must(&["show", of("foetal-death")["nid"].as_str().unwrap()])
        .remove(0);
    assert_eq!(still["body"]["foetus"]["signs_of_life"], "none");
    assert_eq!(old.must(&["list", "--worklist", "cause-awaited"]).len(), 1);
    let drafts = old.must(&["draft"]);
    assert_eq!((drafts.len(), &drafts[0]["name"]), (1, &json!("Шоназарова")));
    assert_eq!(old.must(&["verify"])[0]["sound"], true);

    // The body goes back in as it came out, with something new.
    let mut body = birth["body"].clone();
    body["mother"]["phone"] = json!("+992 91 812 3456");
    let file = old.file("body.json", &body.to_string());
    let pass = old.file("pass.txt", "mehri 11\n");
    let done = old.must(&[
        "amend",
        birth["nid"].as_str().unwrap(),
        "--from",
        &file,
        "--reason",
        "completed",
        "--sign-as",
        "mehri",
        "--passphrase-file",
        &pass,
        "--answer",
        "C01=verified",
    ]);
    assert_eq!(done[0]["rev"], 3);
    let before = old.must(&["list"]);
    old.must(&["rebuild"]);
    assert_eq!(old.must(&["list"]), before);
    assert_eq!(old.must(&["verify"])[0]["sound"], true);
}
