//! Runs a program under `strace` and reads what it did to the files of a folder, and whom it told what.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::disk::Step;

/// Calls that are understood.
const CALLS: &str = "openat,write,pwrite64,writev,sendto,lseek,ftruncate,fsync,fdatasync,rename,renameat,\
    renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir";
/// Calls that would change a file and are not: nobody makes them, and if somebody begins to, it is said.
const OTHERS: &str = "creat,truncate,pwritev,pwritev2,copy_file_range,sendfile,splice,fallocate,link,linkat,\
    symlink,symlinkat,msync,sync,syncfs,sync_file_range";

/// The arguments with which `strace` writes it down.
pub fn arguments(to: &Path) -> Vec<String> {
    let words = ["-f", "-q", "-xx", "-y", "-s", "16777216", "-e"];
    let mut all: Vec<String> = words.map(str::to_owned).to_vec();
    all.extend([
        format!("trace={CALLS},{OTHERS}"),
        "-o".to_owned(),
        to.display().to_string(),
    ]);
    all
}

/// The same command under `strace`, in a folder.
pub fn traced(command: &Command, folder: &Path, to: &Path) -> Command {
    let mut traced = Command::new("strace");
    traced
        .current_dir(folder)
        .args(arguments(to))
        .arg(command.get_program())
        .args(command.get_args());
    traced
}

/// What was done within a folder, in its order.
pub fn steps(trace: &Path, folder: &Path) -> Vec<Step> {
    let text = std::fs::read_to_string(trace).unwrap();
    let mut reader = Reader {
        folder,
        at: BTreeMap::new(),
        out: Vec::new(),
    };
    let mut begun: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        let (pid, rest) = line.split_once(' ').unwrap();
        let rest = rest.trim_start();
        if let Some(first) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(pid, first);
        } else if rest.starts_with("---") || rest.starts_with("+++") {
            // A signal, or an end.
        } else if let Some(resumed) = rest.strip_prefix("<... ") {
            let second = resumed.split_once(" resumed>").unwrap().1;
            let first = begun.remove(pid).unwrap();
            reader.line(&format!("{first}{second}"));
        } else {
            reader.line(rest);
        }
    }
    reader.out
}

struct Reader<'a> {
    folder: &'a Path,
    /// Where the next bytes of a file go, by the number of the open file.
    at: BTreeMap<String, usize>,
    out: Vec<Step>,
}

/// A file that is open: its number, and what it is.
fn open_file(word: &str) -> (String, Option<PathBuf>) {
    let Some((number, rest)) = word.split_once('<') else {
        return (word.to_owned(), None);
    };
    let gone = rest.ends_with("(deleted)");
    let path = rest.split('>').next().map(|hex| path(&bytes(hex)));
    (number.to_owned(), path.filter(|_| !gone))
}

fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(std::ffi::OsString::from_vec(bytes.to_vec()))
}

/// Bytes of `\x41\x42…`.
fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.split("\\x").skip(1);
    digits.map(|two| u8::from_str_radix(two, 16).unwrap()).collect()
}

/// Every text between quotation marks.
fn texts(words: &str) -> Vec<Vec<u8>> {
    assert!(!words.contains("\"..."), "longer than is written down");
    words.split('"').skip(1).step_by(2).map(bytes).collect()
}

impl Reader<'_> {
    /// The path within the folder; none for any other.
    fn within(&self, path: &Path) -> Option<PathBuf> {
        path.strip_prefix(self.folder).ok().map(Path::to_owned)
    }

    /// Paths that a call names, each against the open folder before it, else the one that is watched.
    fn named(&self, words: &str) -> Vec<PathBuf> {
        let mut base = self.folder.to_owned();
        let mut out = Vec::new();
        for word in words.split(", ") {
            match word.strip_prefix('"') {
                Some(text) => out.push(base.join(path(&bytes(text.trim_end_matches('"'))))),
                None => base = open_file(word).1.unwrap_or(base),
            }
        }
        out
    }

    fn line(&mut self, line: &str) {
        let Some((call, rest)) = line.split_once('(') else {
            return;
        };
        let (words, result) = rest.rsplit_once(" = ").unwrap_or_else(|| panic!("{line:.200}"));
        let words = words.trim_end().trim_end_matches(')');
        if result.starts_with('-') || result.starts_with('?') {
            return;
        }
        let number = result.split(['<', ' ']).next().unwrap();
        let first = words.split(", ").next().unwrap();
        let (fd, file) = open_file(first);
        let file_within = file.as_deref().and_then(|file| self.within(file));
        match call {
            "openat" => {
                self.at.insert(number.to_owned(), 0);
                let path = self.named(words).pop().unwrap();
                let Some(path) = self.within(&path) else { return };
                if words.contains("O_CREAT") {
                    self.out.push(Step::Create(path.clone()));
                }
                if words.contains("O_TRUNC") {
                    self.out.push(Step::Length(path.clone(), 0));
                }
                assert!(!words.contains("O_APPEND"), "{path:?} grows at its end");
            }
            "lseek" => {
                self.at.insert(fd, number.parse().unwrap());
            }
            "write" | "writev" | "sendto" => {
                let mut written = texts(words).concat();
                written.truncate(number.parse().unwrap());
                let at = self.at.entry(fd.clone()).or_default();
                let from = *at;
                *at += written.len();
                let is_told = |file: &Path| {
                    let name = file.to_string_lossy();
                    name.starts_with("socket:") || fd == "1" && !name.starts_with('/')
                };
                if let Some(path) = file_within {
                    self.out.push(Step::Write(path, from, written));
                } else if file.as_deref().is_some_and(is_told) {
                    self.out.push(Step::Told(written));
                }
            }
            "pwrite64" => {
                let Some(path) = file_within else { return };
                let at = words.rsplit(", ").next().unwrap().parse().unwrap();
                self.out.push(Step::Write(path, at, texts(words).concat()));
            }
            "ftruncate" => {
                let Some(path) = file_within else { return };
                let len = words.rsplit(", ").next().unwrap().parse().unwrap();
                self.out.push(Step::Length(path, len));
            }
            "fsync" | "fdatasync" => self.out.extend(file_within.map(Step::Sync)),
            "rename" | "renameat" | "renameat2" => {
                let [from, to] = self.named(words).try_into().unwrap();
                let (from, to) = (self.within(&from), self.within(&to));
                if let (Some(from), Some(to)) = (from, to) {
                    self.out.push(Step::Rename(from, to));
                }
            }
            "unlink" | "unlinkat" | "rmdir" => {
                let path = self.named(words).pop().unwrap();
                self.out.extend(self.within(&path).map(Step::Remove));
            }
            "mkdir" | "mkdirat" => {
                let path = self.named(words).pop().unwrap();
                self.out.extend(self.within(&path).map(Step::Folder));
            }
            other => panic!("{other} is not understood"),
        }
    }
}
