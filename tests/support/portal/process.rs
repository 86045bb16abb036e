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
        let mut child = Command::new(env!("CARGO_BIN_EXE_ogoh"))
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
