//! A portal, a facility and its people, founded by the commands that real ones are founded by.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::super::fail::Failure;
use super::super::out::Out;
use crate::env::{create_private_dir, new_uuid, random, write_private};
use crate::lang::Msg;

/// A person of the demo.
pub struct Somebody {
    /// Login.
    pub login: &'static str,
    /// Role, by its code.
    pub role: &'static str,
    /// Passphrase. It can be typed on any keyboard; real ones are proposed by the program.
    pub passphrase: String,
    /// Where it stands in a file.
    pub passphrase_file: PathBuf,
}

/// A whole country.
pub struct Country {
    /// The ward's data folder.
    pub data_dir: PathBuf,
    /// The portal's folder.
    pub portal_dir: PathBuf,
    /// Where the portal answers.
    pub url: String,
    /// Signs in at the registrar's desk, once.
    pub desk: String,
    /// Signs in at the ministry's figures, once.
    pub figures: String,
    /// Who works at the facility.
    pub people: Vec<Somebody>,
    root_key: String,
    root: PathBuf,
    keep: bool,
    portal: Option<Child>,
    out: Out,
}

/// District and registry office of the demo.
const OFFICE: &str = "TJ-KT-01";

/// Login, name, role. Invented.
const PEOPLE: [(&str, &str, &str); 3] = [
    ("nigora", "Назарзода Нигора Шарифовна", "administrator"),
    ("mehri", "Қосимова Меҳринисо", "midwife"),
    ("firuz", "Абдуллозода Фирӯз", "doctor"),
];

impl Country {
    /// Founds it, in `keep` or in a folder that goes with it.
    pub fn found(keep: Option<PathBuf>, out: Out) -> Result<Country, Failure> {
        let root = match &keep {
            Some(dir) => dir.clone(),
            None => std::env::temp_dir().join(format!("ogoh-demo-{}", new_uuid())),
        };
        create_private_dir(&root)?;
        let root = std::fs::canonicalize(&root)
            .map_err(|e| Failure::refused(Msg::new("demo-failed").with("what", e.to_string())))?;
        let mut country = Country {
            data_dir: root.join("ward"),
            portal_dir: root.join("portal"),
            url: String::new(),
            desk: String::new(),
            figures: String::new(),
            root_key: String::new(),
            people: Vec::new(),
            keep: keep.is_some(),
            portal: None,
            root,
            out,
        };
        country.found_registry()?;
        country.found_facility()?;
        Ok(country)
    }

    fn found_registry(&mut self) -> Result<(), Failure> {
        let dir = self.portal_dir.display().to_string();
        let said = self.run(&["portal", "init", "--dir", &dir])?;
        let root_key = said
            .first()
            .and_then(|s| s.get("root_key"))
            .and_then(Value::as_str);
        root_key
            .ok_or_else(|| failed("portal init"))?
            .clone_into(&mut self.root_key);
        self.start_portal("127.0.0.1:0")?;
        self.desk = self.sign_in_link("sitora", "Ҳакимзода Ситора", "registrar", OFFICE)?;
        self.figures = self.sign_in_link("daler", "Раҷабзода Далер", "analyst", "")?;
        Ok(())
    }

    /// Adds somebody of the registry or the ministry: the address that signs them in, once.
    fn sign_in_link(&self, login: &str, name: &str, role: &str, place: &str) -> Result<String, Failure> {
        let dir = self.portal_dir.display().to_string();
        let text =
            format!("login = \"{login}\"\nname = \"{name}\"\nrole = \"{role}\"\nplace = \"{place}\"\n");
        let file = self.file(&format!("{login}.toml"), &text)?;
        self.run(&["portal", "staff", "add", "--from", &file, "--dir", &dir])?;
        let link = [
            "portal",
            "staff",
            "link",
            login,
            "--minutes",
            "720",
            "--base",
            &self.url,
            "--dir",
            &dir,
        ];
        let said = self.run(&link)?;
        let url = said.first().and_then(|s| s.get("url")).and_then(Value::as_str);
        Ok(url.ok_or_else(|| failed("portal staff link"))?.to_owned())
    }

    fn found_facility(&mut self) -> Result<(), Failure> {
        let portal = self.portal_dir.display().to_string();
        for (login, _, role) in PEOPLE {
            let number = u16::from_le_bytes(random::<2>()?) % 90 + 10;
            let passphrase = format!("{login} {number}");
            let passphrase_file = self.root.join(format!("{login}.passphrase"));
            write_private(&passphrase_file, format!("{passphrase}\n").as_bytes())?;
            self.people.push(Somebody {
                login,
                role,
                passphrase,
                passphrase_file,
            });
        }
        let mut people = PEOPLE.iter();
        if let Some((login, name, _)) = people.next() {
            let setup = format!(
                "lang = \"{}\"\n[facility]\ncode = \"TJ-KT-BOX-01\"\nname = \"Беморхонаи марказии Сомониён\"\n\
                 district = \"{OFFICE}\"\noffice = \"{OFFICE}\"\n[portal]\nurl = \"{}\"\nroot_key = \"{}\"\n\
                 [administrator]\nlogin = \"{login}\"\nname = \"{name}\"\n",
                self.out.lang.code(),
                self.url,
                self.root_key,
            );
            let file = self.file("facility.toml", &setup)?;
            self.ward(&[
                "init",
                "--from",
                &file,
                "--passphrase-file",
                &self.passphrase_file(login),
            ])?;
            self.ward(&["enrol"])?;
            self.run(&["portal", "approve", "--all", "--dir", &portal])?;
            for (login, name, role) in people {
                let text = format!("login = \"{login}\"\nname = \"{name}\"\nrole = \"{role}\"\n");
                let file = self.file(&format!("{login}.toml"), &text)?;
                self.ward(&[
                    "user",
                    "add",
                    "--from",
                    &file,
                    "--passphrase-file",
                    &self.passphrase_file(login),
                ])?;
            }
            self.ward(&[
                "enrol",
                "--sign-as",
                login,
                "--passphrase-file",
                &self.passphrase_file(login),
            ])?;
            self.run(&["portal", "approve", "--all", "--dir", &portal])?;
        }
        self.ward(&["push"]).map(|_| ())
    }

    /// Starts the portal's process and waits until it says where it listens.
    pub fn start_portal(&mut self, listen: &str) -> Result<(), Failure> {
        let dir = self.portal_dir.display().to_string();
        let mut child = command(
            &[
                "portal",
                "serve",
                "--dir",
                &dir,
                "--listen",
                listen,
                "--json",
                "--with-parent",
            ],
            self.out,
        )?
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|e| failed(&e.to_string()))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        self.portal = Some(child);
        let said: Value = serde_json::from_str(&line).map_err(|_| failed("portal serve"))?;
        let url = said
            .get("url")
            .and_then(Value::as_str)
            .ok_or_else(|| failed("portal serve"))?;
        url.clone_into(&mut self.url);
        Ok(())
    }

    /// Kills the portal's process, as a power cut would.
    pub fn stop_portal(&mut self) {
        if let Some(mut child) = self.portal.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Address at which the portal listened, to start it there again.
    pub fn listen(&self) -> String {
        self.url.trim_start_matches("http://").to_owned()
    }

    /// File with the passphrase of a person.
    pub fn passphrase_file(&self, login: &str) -> String {
        let found = self.people.iter().find(|p| p.login == login);
        found
            .map(|p| p.passphrase_file.display().to_string())
            .unwrap_or_default()
    }

    /// Writes a private file beside the data and gives its path.
    pub fn file(&self, name: &str, text: &str) -> Result<String, Failure> {
        let path = self.root.join(name);
        write_private(&path, text.as_bytes())?;
        Ok(path.display().to_string())
    }

    /// Runs a command on the ward's data and gives its JSON lines.
    pub fn ward(&self, args: &[&str]) -> Result<Vec<Value>, Failure> {
        let dir = self.data_dir.display().to_string();
        let mut all = vec!["--data-dir", dir.as_str()];
        all.extend(args);
        self.run(&all)
    }

    fn run(&self, args: &[&str]) -> Result<Vec<Value>, Failure> {
        let (code, lines) = self.attempt(args)?;
        if code != 0 {
            let said = lines
                .last()
                .and_then(|l| l.get("message"))
                .and_then(Value::as_str)
                .unwrap_or_default();
            return Err(failed(&format!("ogoh {}: {code} {said}", args.join(" "))));
        }
        Ok(lines)
    }

    /// Runs a command, whatever comes of it: exit code and JSON lines.
    pub fn attempt(&self, args: &[&str]) -> Result<(i32, Vec<Value>), Failure> {
        let done = command(args, self.out)?
            .arg("--json")
            .stdin(Stdio::null())
            .output()
            .map_err(|e| failed(&e.to_string()))?;
        let lines = String::from_utf8_lossy(&done.stdout)
            .lines()
            .filter_map(|l| serde_json::from_str(l).ok())
            .collect();
        Ok((done.status.code().unwrap_or(-1), lines))
    }
}

impl Drop for Country {
    fn drop(&mut self) {
        self.stop_portal();
        if !self.keep {
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }
}

fn command(args: &[&str], out: Out) -> Result<Command, Failure> {
    let program: PathBuf = std::env::current_exe().map_err(|e| failed(&e.to_string()))?;
    let mut command = Command::new(Path::new(&program));
    command
        .args(args)
        .args(["--lang", out.lang.code()])
        .env_remove("OGOH_DATA_DIR");
    Ok(command)
}

/// A step of the demo did not go as it should.
pub fn failed(what: &str) -> Failure {
    Failure::refused(Msg::new("demo-failed").with("what", what))
}
