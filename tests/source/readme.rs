//! Holds the README to what the program offers.

use std::collections::BTreeSet;

use crate::source;

/// Names of commands as the table declares them: `portal serve`.
fn commands() -> BTreeSet<String> {
    let table = source::program()
        .into_iter()
        .find(|f| f.path == "src/cli/table.rs")
        .unwrap();
    let names = table.strings.into_iter().filter_map(|(before, name)| {
        let before = before.trim_end_matches(['"', ' ', '\n']);
        before.ends_with("cmd(").then_some(name)
    });
    names.collect()
}

fn readme() -> String {
    std::fs::read_to_string(source::root().join("README.md")).unwrap()
}

#[test]
fn the_readme_begins_with_two_commands() {
    let text = readme();
    let first: Vec<&str> = text
        .lines()
        .skip(1)
        .take_while(|l| !l.starts_with("```"))
        .collect();
    assert_eq!(first, ["cargo run --release -- demo", "cargo test"]);
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    let commands = commands();
    assert!(commands.len() > 20, "{commands:?}");
    let words: BTreeSet<&str> = commands.iter().flat_map(|c| c.split(' ')).collect();
    let mut named = BTreeSet::new();
    let text = readme();
    for (at, _) in text.match_indices("ogoh ") {
        // Only in code: at the start of a line, after a backtick or after `&&`.
        let before = &text[..at];
        if !(before.ends_with(['`', '\n']) || before.ends_with("&& ")) {
            continue;
        }
        let line = text[at + 5..].split(['`', '\n', '#', '>']).next().unwrap();
        let given: Vec<&str> = line
            .split_whitespace()
            .take_while(|w| words.contains(w))
            .collect();
        if line.starts_with(|c: char| c.is_ascii_lowercase()) && !line.starts_with("is ") {
            named.insert(if given.is_empty() {
                line.to_owned()
            } else {
                given.join(" ")
            });
        }
    }
    let invented: Vec<_> = named.iter().filter(|n| !commands.contains(*n)).collect();
    assert!(invented.is_empty(), "no such command: {invented:?}");
    let silent: Vec<_> = commands.iter().filter(|c| !named.contains(*c)).collect();
    assert!(silent.is_empty(), "not in the README: {silent:?}");
}

#[test]
fn the_readme_names_settings_that_exist() {
    let known: BTreeSet<&str> = ogoh::env::Limits::documented()
        .into_iter()
        .map(|(name, _, _)| name)
        .collect();
    let text = readme();
    let laws = text
        .split("## What it assumes")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let mut seen = 0;
    for name in laws.split('`').skip(1).step_by(2).filter(|n| n.contains('_')) {
        assert!(known.contains(name), "no such setting: {name}");
        seen += 1;
    }
    assert!(seen > 5);
}
