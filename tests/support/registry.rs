//! A portal as a process of its own, and its operator's commands.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::support::ward::WardDevice;
use crate::support::{Ran, Running, copied, data_dir, ogoh, run};

/// A portal of its own, and a way to give it commands.
pub struct Registry {
    home: tempfile::TempDir,
    pub url: String,
    pub root_key: String,
    running: Running,
}

impl Registry {
    pub fn new() -> Registry {
        Registry::logging_to(Stdio::null())
    }

    /// Writes its log there.
    pub fn logging_to(log: Stdio) -> Registry {
        let home = data_dir();
        let dir = home.path().join("portal");
        let made = run(ogoh().args(["portal", "init", "--json", "--dir"]).arg(&dir));
        let root_key = made.json()[0]["root_key"].as_str().unwrap().to_owned();
        let (running, url) = serve(&dir, log);
        Registry {
            url,
            root_key,
            home,
            running,
        }
    }

    /// Ends it and starts it again, at another address.
    pub fn restart(&mut self) {
        self.running.0.kill().unwrap();
        self.running.0.wait().unwrap();
        (self.running, self.url) = serve(&self.dir(), Stdio::null());
    }

    /// Ends it, puts a copy of its folder back by hand, and starts it again, at another address.
    pub fn set_back(&mut self, copy: &Path) {
        self.running.0.kill().unwrap();
        self.running.0.wait().unwrap();
        std::fs::remove_dir_all(self.dir()).unwrap();
        copied(copy, &self.dir());
        (self.running, self.url) = serve(&self.dir(), Stdio::null());
    }

    /// Ends it, copies its folder beside it, and starts it again, at another address.
    pub fn copy(&mut self) -> PathBuf {
        self.running.0.kill().unwrap();
        self.running.0.wait().unwrap();
        let to = self.home.path().join("copy");
        let _ = std::fs::remove_dir_all(&to);
        copied(&self.dir(), &to);
        (self.running, self.url) = serve(&self.dir(), Stdio::null());
        to
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.running.0.id()
    }

    /// Its folder.
    pub fn dir(&self) -> PathBuf {
        self.home.path().join("portal")
    }

    /// A command that has to succeed.
    #[track_caller]
    pub fn must(&self, args: &[&str]) -> Ran {
        let mut command = ogoh();
        command
            .args(args)
            .args(["--json", "--lang", "en", "--dir"])
            .arg(self.dir());
        let ran = run(&mut command);
        assert_eq!(ran.code, 0, "{args:?}: {} {}", ran.out, ran.err);
        ran
    }
}

impl WardDevice {
    /// Sets it up for a portal.
    pub fn at(url: &str, root_key: &str) -> WardDevice {
        WardDevice::set_up(url, root_key, "")
    }

    /// The portal has another address now.
    pub fn move_to(&mut self, url: &str) {
        let path = self.dir().join("ogoh.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let line = text.lines().find(|l| l.starts_with("url = ")).unwrap();
        let moved = text.replace(line, &format!("url = \"{url}\""));
        std::fs::write(&path, moved).unwrap();
    }
}

fn serve(dir: &Path, log: Stdio) -> (Running, String) {
    let mut child = ogoh()
        .args(["portal", "serve", "--json", "--listen", "127.0.0.1:0", "--dir"])
        .arg(dir)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    (Running(child), said["url"].as_str().unwrap().to_owned())
}
