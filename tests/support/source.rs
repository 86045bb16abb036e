//! The program's own source, read as text: what is code, what is a string, what is only a test.
//!
//! Not a Rust parser; it knows comments, strings, characters and braces, which is enough to hold
//! rules about names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A source file without its tests.
pub struct File {
    /// Path from the root of the package, with `/`.
    pub path: String,
    /// Code: comments and the insides of strings are blanks, tests are gone.
    pub code: String,
    /// Strings in order: what stands before each in `code` (up to 80 bytes), and its text.
    pub strings: Vec<(String, String)>,
}

/// Root of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of a folder with this ending, sorted.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every file of `src` that is not a test.
pub fn program() -> Vec<File> {
    let mut tests = BTreeSet::new();
    let mut all = Vec::new();
    for path in files(&root().join("src"), "rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        let (code, strings) = split(&text);
        let (kept, gone) = without_tests(&code);
        // `#[cfg(test)] mod tests;` names a file that is a test as a whole.
        let home = match path.file_stem().unwrap().to_str().unwrap() {
            "mod" | "lib" | "main" => path.parent().unwrap().to_owned(),
            stem => path.parent().unwrap().join(stem),
        };
        for part in &gone {
            if let Some(name) = code[part.clone()].trim_end_matches(';').rsplit("mod ").next() {
                tests.insert(home.join(format!("{}.rs", name.trim())));
                tests.insert(home.join(name.trim()));
            }
        }
        let strings = strings
            .into_iter()
            .filter(|(at, _)| !gone.iter().any(|part| part.contains(at)))
            .map(|(at, text)| (before(&code, at), text))
            .collect();
        let short = path
            .strip_prefix(root())
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        all.push((
            path.clone(),
            File {
                path: short,
                code: kept,
                strings,
            },
        ));
    }
    all.into_iter()
        .filter(|(path, _)| !path.ancestors().any(|p| tests.contains(p)))
        .map(|(_, file)| file)
        .collect()
}

fn before(code: &str, at: usize) -> String {
    let mut from = at.saturating_sub(80);
    while !code.is_char_boundary(from) {
        from += 1;
    }
    code[from..at].to_owned()
}

/// Code with the insides of strings and comments blanked, byte for byte, and the strings with the
/// place of their opening quote.
pub fn split(text: &str) -> (String, Vec<(usize, String)>) {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut strings = Vec::new();
    let blank = |code: &mut Vec<u8>, from: usize, to: usize| {
        for byte in &mut code[from..to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    };
    let find = |needle: &str, from: usize| text.get(from..).and_then(|t| t.find(needle)).map(|i| from + i);
    let mut i = 0;
    while i < bytes.len() {
        let rest = &bytes[i..];
        let word_before = i > 0 && (bytes[i - 1].is_ascii_alphanumeric() || bytes[i - 1] == b'_');
        if rest.starts_with(b"//") {
            let end = find("\n", i).unwrap_or(bytes.len());
            blank(&mut code, i, end);
            i = end;
        } else if rest.starts_with(b"/*") {
            let (mut depth, mut end) = (1, i + 2);
            while depth > 0 && end < bytes.len() {
                match &bytes[end..] {
                    [b'*', b'/', ..] => (depth, end) = (depth - 1, end + 2),
                    [b'/', b'*', ..] => (depth, end) = (depth + 1, end + 2),
                    _ => end += 1,
                }
            }
            blank(&mut code, i, end);
            i = end;
        } else if !word_before
            && (rest.starts_with(b"r\"") || rest.starts_with(b"r#") || rest.starts_with(b"br"))
        {
            let hashes = rest
                .iter()
                .skip_while(|b| **b == b'b' || **b == b'r')
                .take_while(|b| **b == b'#')
                .count();
            let open = i + rest.iter().take_while(|b| **b == b'b' || **b == b'r').count() + hashes;
            if bytes.get(open) != Some(&b'"') {
                i += 1; // r#ident, or a word that begins like this
                continue;
            }
            let close = format!("\"{}", "#".repeat(hashes));
            let end = find(&close, open + 1).unwrap_or(bytes.len());
            strings.push((open, text[open + 1..end].to_owned()));
            blank(&mut code, open + 1, end);
            i = end + close.len();
        } else if rest[0] == b'"' {
            let mut end = i + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            strings.push((i, text[i + 1..end.min(text.len())].to_owned()));
            blank(&mut code, i + 1, end.min(bytes.len()));
            i = end + 1;
        } else if rest[0] == b'\'' {
            // A character, or a lifetime.
            let end = if rest.get(1) == Some(&b'\\') {
                find("'", i + 3)
            } else {
                let width = text[i + 1..].chars().next().map_or(1, char::len_utf8);
                (bytes.get(i + 1 + width) == Some(&b'\'')).then_some(i + 1 + width)
            };
            match end {
                Some(end) => {
                    blank(&mut code, i + 1, end);
                    i = end + 1;
                }
                None => i += 1,
            }
        } else {
            i += 1;
        }
    }
    (String::from_utf8(code).unwrap(), strings)
}

/// Code without the items under `#[cfg(test)]`, and where those were.
fn without_tests(code: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let mut gone = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find("#[cfg(test)]").map(|i| from + i) {
        let mut depth = 0_i32;
        let mut end = code.len();
        for (i, byte) in code.bytes().enumerate().skip(at + "#[cfg(test)]".len()) {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b';' if depth == 0 => {
                    end = i + 1;
                    break;
                }
                _ => {}
            }
            if byte == b'}' && depth == 0 {
                end = i + 1;
                break;
            }
        }
        gone.push(at..end);
        from = end;
    }
    let mut kept = code.as_bytes().to_vec();
    for part in &gone {
        for byte in &mut kept[part.clone()] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    (String::from_utf8(kept).unwrap(), gone)
}

/// Whether this stands in the code as a word of its own.
pub fn names(code: &str, word: &str) -> bool {
    let part = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    code.match_indices(word).any(|(at, _)| {
        let left = at.checked_sub(1).and_then(|i| code.as_bytes().get(i));
        let right = code.as_bytes().get(at + word.len());
        !left.is_some_and(|b| part(*b)) && !right.is_some_and(|b| part(*b))
    })
}
