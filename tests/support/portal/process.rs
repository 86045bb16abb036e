//! A portal as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A portal's process; killed as a power cut would.
pub struct Process {
    pub child: Child,
    pub url: String,
}

impl Process {
    /// Starts it and waits until it listens.
    pub fn start(dir: &Path, listen: &str, stdin: Stdio) -> Process {
        Process::start_with(dir, listen, stdin, &[])
    }

    /// The same with further arguments.
    pub fn start_with(dir: &Path, listen: &str, stdin: Stdio, more: &[&str]) -> Process {
        Process::under(&[], dir, listen, stdin, more)
    }

    /// The same by way of another program, which becomes the portal.
    pub fn under(launcher: &[&str], dir: &Path, listen: &str, stdin: Stdio, more: &[&str]) -> Process {
        let own = env!("CARGO_BIN_EXE_ogoh");
        let mut words = launcher.iter().copied().chain([own]);
        let mut child = Command::new(words.next().unwrap_or(own))
            .args(words)
            .args(["portal", "serve", "--json", "--listen", listen, "--dir"])
            .arg(dir)
            .args(more)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let url = said["url"].as_str().unwrap().to_owned();
        Process { child, url }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
