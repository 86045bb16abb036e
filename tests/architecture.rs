//! Holds the order of the rooms and who may name what, by reading the source.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::collections::BTreeSet;

use support::source::{self, File, names};

/// Longest file. A reader holds one screenful of purpose and a few of code.
const MOST_LINES: usize = 450;

/// The rooms, in the order in which `lib.rs` declares them.
fn rooms() -> Vec<String> {
    let lib = std::fs::read_to_string(source::root().join("src/lib.rs")).unwrap();
    let (code, _) = source::split(&lib);
    code.lines()
        .filter_map(|l| {
            l.trim()
                .strip_prefix("pub mod ")?
                .strip_suffix(';')
                .map(str::to_owned)
        })
        .collect()
}

/// The rooms that a file names, by `crate::` or by climbing out with `super::`.
fn named(file: &File) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let code = &file.code;
    for (at, _) in code.match_indices("crate::") {
        found.extend(heads(&code[at + "crate::".len()..]));
    }
    // src/store/read.rs is two `super::` away from the root.
    let depth = file.path.trim_end_matches("/mod.rs").matches('/').count();
    let climb = "super::".repeat(depth);
    for (at, _) in code.match_indices(&climb) {
        let rest = &code[at + climb.len()..];
        if depth > 0 && !rest.starts_with("super::") {
            found.extend(heads(rest));
        }
    }
    found
}

/// The first words of a path or of a group of paths: `a` for `a::b`, `a` and `c` for `{a::b, c}`.
fn heads(path: &str) -> Vec<String> {
    let word = |t: &str| {
        t.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let (mut depth, mut out, mut current) = (0, Vec::new(), String::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => out.push(word(&std::mem::take(&mut current))),
            _ => current.push(c),
        }
    }
    out.push(word(&current));
    out
}

#[track_caller]
fn none(faults: &[String], law: &str) {
    assert!(faults.is_empty(), "{law}\n  {}", faults.join("\n  "));
}

#[test]
fn a_room_uses_only_the_rooms_before_it() {
    let rooms = rooms();
    assert!(rooms.len() > 10, "{rooms:?}");
    let place = |room: &str| rooms.iter().position(|r| r == room);
    let mut faults = Vec::new();
    for file in source::program() {
        let Some(own) = place(file.room()) else { continue };
        for other in named(&file) {
            if place(&other).is_some_and(|p| p > own) {
                faults.push(format!("{} uses {other}", file.path));
            }
        }
    }
    none(&faults, "a room uses only rooms that lib.rs declares before it");
}

#[test]
fn every_folder_of_the_source_is_a_room() {
    let rooms = rooms();
    let mut faults = Vec::new();
    for file in source::program() {
        if !rooms.iter().any(|r| r == file.room()) && !matches!(file.room(), "lib" | "main") {
            faults.push(file.path);
        }
    }
    none(&faults, "a file belongs to a room that lib.rs declares");
}

#[test]
fn the_portal_knows_neither_the_ward_s_store_nor_its_screens_nor_its_drafts() {
    let mut faults = Vec::new();
    for file in source::program().iter().filter(|f| f.room() == "portal") {
        for other in named(file) {
            if matches!(other.as_str(), "ui" | "store" | "outbox" | "deliver" | "cli") {
                faults.push(format!("{} uses {other}", file.path));
            }
        }
        if names(&file.code, "Draft") {
            faults.push(format!("{} names Draft", file.path));
        }
    }
    none(&faults, "the portal stands by itself");
}

#[test]
fn rooms_that_take_values_do_not_know_the_store() {
    let mut faults = Vec::new();
    for file in source::program() {
        if matches!(file.room(), "monitor" | "slip") && named(&file).contains("store") {
            faults.push(file.path);
        }
    }
    none(&faults, "monitor and slip take values");
}

#[test]
fn sql_http_and_the_server_are_each_named_in_one_place() {
    let places: [(&str, &[&str]); 4] = [
        // The error of the book carries the library's own.
        (
            "rusqlite",
            &["src/store/", "src/portal/book_sqlite.rs", "src/portal/error.rs"],
        ),
        ("postgres", &["src/portal/book_postgres.rs"]),
        ("ureq", &["src/deliver/"]),
        ("axum", &["src/portal/http"]),
    ];
    let mut faults = Vec::new();
    for file in source::program() {
        for (library, where_named) in places {
            let allowed = where_named.iter().any(|place| file.path.starts_with(place));
            if names(&file.code, library) && !allowed {
                faults.push(format!("{} names {library}", file.path));
            }
        }
    }
    none(&faults, "a library with effects has one place");
}

#[test]
fn outside_its_shell_the_app_has_no_files_clock_threads_or_network() {
    let effects = [
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "std::time::SystemTime",
        "Utc::now",
    ];
    let mut faults = Vec::new();
    for file in source::program()
        .iter()
        .filter(|f| f.room() == "ui" && !f.path.starts_with("src/ui/run"))
    {
        for effect in effects
            .iter()
            .chain(&["Local::now", "SystemClock", "Instant::now", "File::open"])
        {
            if file.code.contains(effect) {
                faults.push(format!("{} names {effect}", file.path));
            }
        }
        for other in named(file) {
            if matches!(other.as_str(), "deliver") {
                faults.push(format!("{} uses {other}", file.path));
            }
        }
    }
    none(&faults, "update and view are pure; ui::run is the shell");
}

#[test]
fn pure_rooms_do_no_input_or_output() {
    let effects = [
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "SystemClock",
        "Utc::now",
        "Local::now",
    ];
    let mut faults = Vec::new();
    for file in source::program() {
        if !matches!(
            file.room(),
            "lang" | "vital" | "alike" | "rules" | "form" | "seal" | "wire" | "outbox" | "slip"
        ) {
            continue;
        }
        faults.extend(
            effects
                .iter()
                .filter(|e| file.code.contains(**e))
                .map(|e| format!("{} names {e}", file.path)),
        );
    }
    none(&faults, "values in, values out");
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let mut faults = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for path in source::files(&source::root().join(folder), "rs") {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            if lines > MOST_LINES {
                faults.push(format!(
                    "{}: {lines} lines",
                    path.strip_prefix(source::root()).unwrap().display()
                ));
            }
        }
    }
    none(&faults, &format!("at most {MOST_LINES} lines"));
}

#[test]
fn every_room_says_what_is_deliberately_absent() {
    let mut faults = Vec::new();
    for room in rooms() {
        let text = ["src/{}/mod.rs", "src/{}.rs"]
            .iter()
            .find_map(|p| std::fs::read_to_string(source::root().join(p.replace("{}", &room))).ok())
            .unwrap_or_default();
        let doc: String = text.lines().take_while(|l| l.starts_with("//!")).collect();
        if !doc.contains("Deliberately absent") {
            faults.push(room);
        }
    }
    none(
        &faults,
        "the documentation of a room states its purpose and what is deliberately absent",
    );
}

#[test]
fn the_top_level_of_the_package_stays_small() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "tests",
        "packaging",
        "README.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "benches",
        "fuzz",
        // Settings of tools, which look for them here and nowhere else.
        "clippy.toml",
        "rustfmt.toml",
        "deny.toml",
        // Made by building.
        "target",
    ];
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(source::root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with('.') && !allowed.contains(&name.as_str()) {
            faults.push(name);
        }
    }
    none(
        &faults,
        "the top level: Cargo.toml src tests packaging README.md, licences, benches, fuzz, dot files",
    );
}

#[test]
fn the_reader_of_the_source_sees_through_comments_strings_and_groups() {
    let text = "// crate::ui\nuse crate::{env::{Limits, Role}, lang};\nlet x = \"crate::cli\"; let c = '\"'; \
                fn f<'a>(x: &'a str) {} let r = r#\"crate::portal \"quoted\"\"#; /* crate::a /* b */ crate::c */";
    let (code, strings) = source::split(text);
    assert_eq!(code.len(), text.len());
    let file = File {
        path: "src/form/body.rs".into(),
        lines: 2,
        code,
        strings: Vec::new(),
    };
    assert_eq!(
        named(&file),
        BTreeSet::from(["env".to_owned(), "lang".to_owned()])
    );
    assert_eq!(strings.len(), 2);
    assert_eq!(strings[1].1, "crate::portal \"quoted\"");
    let climbing = File {
        code: "use super::super::ui::View; use super::x;".into(),
        ..file
    };
    assert_eq!(named(&climbing), BTreeSet::from(["ui".to_owned()]));
}
