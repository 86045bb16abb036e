//! The registry's commands at a terminal.

use std::process::Command;

use crate::pty_support::App;

/// A key of the tests, to which nothing else is sealed.
const PUBLIC: &str = "age1prtg5gt8dgx0a0wlg3hf5pu5nc87kazyhf234radyq003quet9eqswn6u7";

fn init(dir: &str) -> App {
    App::command(&["--lang", "en", "portal", "init", "--dir", dir], &[])
}

#[test]
fn a_portal_asks_to_whom_copies_are_sealed_until_the_answer_can_be_one() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("portal");
    let mut app = init(&dir.display().to_string());
    app.shows("Public key for which copies");
    app.send("age1nobody\r");
    app.shows("age1nobody");
    app.shows_when("asked again", |screen| {
        screen.matches("Public key for which copies").count() == 2
    });
    app.send(&format!("{PUBLIC}\r"));
    assert_eq!(app.ends(), 0);
    assert!(!String::from_utf8(app.bytes()).unwrap().contains("No copy"));
    let settings = std::fs::read_to_string(dir.join("portal.toml")).unwrap();
    assert!(settings.contains(PUBLIC), "{settings}");
    // Nobody is asked for a portal that cannot be set up.
    let mut again = init(&dir.display().to_string());
    assert_eq!(again.ends(), 1);
    assert!(!again.screen().contains("Public key for which copies"));
}

#[test]
fn whoever_names_nobody_hears_what_that_means() {
    let place = tempfile::tempdir().unwrap();
    let mut app = init(&place.path().join("portal").display().to_string());
    app.shows("Public key for which copies");
    app.send("\r");
    assert_eq!(app.ends(), 0);
    assert!(
        app.screen().contains("No copy of the registry can be made yet"),
        "{}",
        app.screen()
    );
    // The same without a terminal, and nobody waits for an answer there.
    let dir = place.path().join("other");
    let out = Command::new(env!("CARGO_BIN_EXE_ogoh"))
        .args(["--lang", "en", "portal", "init", "--dir"])
        .arg(&dir)
        .stdin(std::process::Stdio::null())
        .output();
    let out = String::from_utf8(out.unwrap().stdout).unwrap();
    assert!(out.contains("[copies]: recipients"), "{out}");
}
