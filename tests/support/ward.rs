//! A ward's device, set up by the real commands, and the events of its tests. Invented people.

use std::path::{Path, PathBuf};
use std::process::Command;

use ogoh::seal::SecretKey;
use serde_json::{Value, json};

use super::{Ran, data_dir, ogoh, run};

/// A device with an administrator (`nigora`), a midwife (`mehri`) and a doctor (`firuz`), whose
/// passphrases are cheap to derive.
pub struct WardDevice {
    home: tempfile::TempDir,
}

impl WardDevice {
    /// Sets it up for a portal that nobody runs.
    pub fn new() -> WardDevice {
        WardDevice::alone("")
    }

    /// The same with further lines of its description.
    pub fn alone(more: &str) -> WardDevice {
        let root = SecretKey::from_seed(&[7; 32]).public().x();
        WardDevice::set_up("http://127.0.0.1:9", &root, more)
    }

    /// Sets it up for a portal, with further lines of its description.
    pub fn set_up(url: &str, root_key: &str, more: &str) -> WardDevice {
        let ward = WardDevice { home: data_dir() };
        let setup = format!(
            "lang = \"en\"\n{more}[facility]\ncode = \"TJ-KT-BOX-01\"\nname = \"Беморхонаи Сомониён\"\n\
             district = \"TJ-KT-01\"\noffice = \"TJ-KT-01\"\n[portal]\nurl = \"{url}\"\n\
             root_key = \"{root_key}\"\n[administrator]\nlogin = \"nigora\"\n\
             name = \"Назарзода Нигора\"\n[kdf]\nm_kib = 19456\nt = 2\np = 1\n"
        );
        let file = ward.file("setup.toml", &setup);
        for login in ["nigora", "mehri", "firuz"] {
            ward.file(&format!("{login}.pass"), &format!("{login} 11\n"));
        }
        ward.must(&["init", "--from", &file, "--passphrase-file", &ward.pass("nigora")]);
        for (login, name, role) in [
            ("mehri", "Қосимова Меҳринисо", "midwife"),
            ("firuz", "Абдуллозода Фирӯз", "doctor"),
        ] {
            let text = format!("login = \"{login}\"\nname = \"{name}\"\nrole = \"{role}\"\n");
            let file = ward.file("person.toml", &text);
            ward.must(&[
                "user",
                "add",
                "--from",
                &file,
                "--passphrase-file",
                &ward.pass(login),
            ]);
        }
        ward
    }

    /// Its data folder.
    pub fn dir(&self) -> PathBuf {
        self.home.path().join("ward")
    }

    /// Folder beside the data folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file beside the data folder.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// File with the passphrase of a person.
    pub fn pass(&self, login: &str) -> String {
        self.home
            .path()
            .join(format!("{login}.pass"))
            .display()
            .to_string()
    }

    /// A command on its data, in English and JSON.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = ogoh();
        command
            .arg("--data-dir")
            .arg(self.dir())
            .args(args)
            .args(["--lang", "en", "--json"]);
        command
    }

    /// Runs a command, whatever comes of it.
    #[track_caller]
    pub fn ran(&self, args: &[&str]) -> Ran {
        run(&mut self.command(args))
    }

    /// Runs a command that has to succeed and gives its JSON lines.
    #[track_caller]
    pub fn must(&self, args: &[&str]) -> Vec<Value> {
        let ran = self.ran(args);
        assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.out, ran.err);
        ran.json()
    }

    /// A command that a person signs, with that person's passphrase.
    pub fn command_as(&self, args: &[&str], login: &str) -> Command {
        let pass = self.pass(login);
        let by = ["--sign-as", login, "--passphrase-file", &pass];
        self.command(&[args, &by].concat())
    }

    /// Runs a command that a person signs, whatever comes of it.
    #[track_caller]
    pub fn ran_as(&self, args: &[&str], login: &str) -> Ran {
        run(&mut self.command_as(args, login))
    }

    /// Signs what a file says, saying of every warning that it was looked into.
    #[track_caller]
    pub fn sign_answered(&self, args: &[&str], event: &Value, login: &str) -> Value {
        let file = self.file("event.json", &event.to_string());
        let pass = self.pass(login);
        let mut answers: Vec<String> = Vec::new();
        loop {
            let mut all = args.to_vec();
            all.extend(["--from", &file, "--sign-as", login, "--passphrase-file", &pass]);
            all.extend(answers.iter().flat_map(|a| ["--answer", a.as_str()]));
            let ran = self.ran(&all);
            let said = ran.json().pop().unwrap_or_default();
            if ran.code == 0 {
                return said;
            }
            assert!(answers.is_empty(), "{} {}", ran.out, ran.err);
            let findings = said["findings"].as_array().into_iter().flatten();
            let warnings = findings.filter(|f| f["severity"] == "W");
            answers = warnings
                .map(|f| format!("{}=verified", f["rule"].as_str().unwrap()))
                .collect();
            answers.sort();
            answers.dedup();
            assert!(!answers.is_empty(), "{} {}", ran.out, ran.err);
        }
    }

    /// Signs what a file says.
    #[track_caller]
    pub fn sign(&self, args: &[&str], event: &Value, login: &str) -> Value {
        let file = self.file("event.json", &event.to_string());
        let ran = self.ran_as(&[args, &["--from", &file]].concat(), login);
        assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.out, ran.err);
        ran.json().pop().unwrap()
    }
}

impl Ran {
    /// Its lines of JSON.
    pub fn json(&self) -> Vec<Value> {
        self.out
            .lines()
            .filter_map(|l| serde_json::from_str(l).ok())
            .collect()
    }
}

/// A birth yesterday at 03:12; the mother's surname and document tell births apart.
pub fn birth(surname: &str, document: &str) -> Value {
    let day = (chrono::Utc::now() - chrono::Duration::days(1))
        .format("%Y-%m-%d")
        .to_string();
    json!({
        "birth": {
            "date": day, "time": "03:12", "weight": 3420, "length": 510, "weeks": 39, "plurality": 1,
            "place": "facility", "district": "TJ-KT-01", "attendant": "midwife"
        },
        "child": { "sex": "male", "given": { "not": "yet" } },
        "mother": {
            "surname": surname, "given": "Сарвиноз", "born": "1998-04-17", "document": document,
            "district": "TJ-KT-07", "marriage": "registered"
        },
        "office": "TJ-KT-01"
    })
}
