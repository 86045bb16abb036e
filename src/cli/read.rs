//! Files that a command reads, up to a size.

use std::io::Read;

use super::fail::Failure;
use crate::lang::Msg;

/// Longest file that is read as an event: one that could be signed is far shorter.
pub(super) const MAX_FILE: u64 = 1024 * 1024;

/// Text of a file of an event's size; `-` is standard input.
pub fn read(path: &str) -> Result<String, Failure> {
    read_most(path, MAX_FILE)
}

/// Text of a file of at most so many bytes; `-` is standard input.
pub fn read_most(path: &str, most: u64) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path, most)?)
        .map_err(|_| Failure::refused(Msg::new("cli-file-not-utf8").with("path", path)))
}

/// A file of at most so many bytes, in whatever encoding; `-` is standard input.
pub fn read_bytes(path: &str, most: u64) -> Result<Vec<u8>, Failure> {
    let unreadable = |e: std::io::Error| {
        Failure::refused(
            Msg::new("cli-file-unreadable")
                .with("path", path)
                .with("what", e.to_string()),
        )
    };
    let mut bytes = Vec::new();
    match path {
        "-" => std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes),
        _ => std::fs::File::open(path).and_then(|f| f.take(most + 1).read_to_end(&mut bytes)),
    }
    .map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(Failure::refused(Msg::new("cli-file-too-long").with("path", path)));
    }
    Ok(bytes)
}

/// What a TOML file says.
pub fn from_toml<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, Failure> {
    toml::from_str(&read(path)?).map_err(|e| {
        Failure::refused(
            Msg::new("cli-toml-wrong")
                .with("path", path)
                .with("what", e.to_string()),
        )
    })
}
