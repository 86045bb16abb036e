//! Passes that do not begin, are cut off, or go on until the program is ended.

use serde_json::json;

use super::{Inbox, ids, one};
use crate::support::ward::birth;
use crate::support::{Running, copied, has_tool, killed_at, until};
use crate::together::twin;

#[test]
fn a_pass_says_what_it_lacks_before_it_takes_anything() {
    let inbox = Inbox::new();
    inbox.put("a.json", &one(&birth("Назарова", "А 01410073")));
    let dir = inbox.dir.display().to_string();
    for (args, code, says) in [
        (vec!["inbox", "--by", "mehri"], 2, "cli-argument-missing"),
        (vec!["inbox", &dir], 2, "cli-option-missing"),
        (vec!["inbox", &dir, "--by", "nobody"], 1, "cli-no-such-user"),
        (vec!["inbox", "/nowhere", "--by", "mehri"], 1, "cli-inbox-folder"),
    ] {
        let ran = inbox.ward.ran(&args);
        assert_eq!(
            (ran.code, &ran.json()[0]["error"]),
            (code, &json!(says)),
            "{args:?}"
        );
    }
    // Two do not work through one folder at once.
    let lock = std::fs::File::create(inbox.dir.join(".ogoh-inbox.lock")).unwrap();
    lock.lock().unwrap();
    let ran = inbox.pass();
    assert_eq!(
        (ran.code, &ran.json()[0]["error"]),
        (1, &json!("cli-inbox-elsewhere"))
    );
    drop(lock);
    assert!(inbox.drafts().is_empty());
    inbox.takes(1);
}

#[test]
fn a_watched_folder_is_worked_through_until_the_program_is_ended() {
    let inbox = Inbox::new();
    let args = inbox.args();
    let mut all: Vec<&str> = args.iter().map(String::as_str).collect();
    all.push("--watch");
    let mut command = inbox.ward.command(&all);
    let watching = Running(command.stdout(std::process::Stdio::null()).spawn().unwrap());
    for name in ["a.json", "b.json"] {
        inbox.put(
            name,
            &one(&birth("Назарова", &format!("А 0141008{}", name.len()))),
        );
        until("an answer", || {
            inbox
                .dir
                .join(name)
                .with_extension("answer.json")
                .exists()
                .then_some(())
        });
    }
    drop(watching);
    inbox.takes(0);
}

#[test]
fn a_pass_that_is_killed_at_any_call_and_repeated_takes_each_file_once() {
    if !has_tool("strace", std::process::Command::new("strace").arg("-V")) {
        return;
    }
    let inbox = Inbox::new();
    let rows = [twin(1), twin(2)].map(|event| json!({"kind": "birth", "event": event}));
    inbox.put("a.json", &json!({ "events": rows }).to_string());
    inbox.put("b.json", &one(&birth("Назарова", "А 01410075")));
    inbox.put_old("c.json", b"{");
    let fresh = inbox.ward.home().join("fresh");
    copied(&inbox.ward.dir(), &fresh);
    let args = inbox.args();
    let command = inbox.ward.command(&args.each_ref().map(String::as_str));
    let answers =
        ["a.json", "b.json", "c.json"].map(|name| inbox.dir.join(name).with_extension("answer.json"));
    let (mut killed, mut after_drafts) = (0, 0);
    for call in [
        "rename",
        "unlink",
        "fsync",
        "fdatasync",
        "pwrite64",
        "write",
        "flock",
    ] {
        for when in 1.. {
            std::fs::remove_dir_all(inbox.ward.dir()).unwrap();
            copied(&fresh, &inbox.ward.dir());
            for path in &answers {
                std::fs::remove_file(path).ok();
            }
            let ran = killed_at(&command, call, when);
            if ran.code >= 0 {
                break;
            }
            killed += 1;
            let before = inbox.drafts();
            after_drafts += usize::from(!before.is_empty() && !answers[1].exists());
            // Whatever answer is there is whole.
            for (path, name) in answers.iter().zip(["a.json", "b.json", "c.json"]) {
                if path.exists() {
                    assert!(["taken", "refused"].contains(&inbox.answer(name)["status"].as_str().unwrap()));
                }
            }
            inbox.pass();
            let (a, b) = (ids(&inbox.answer("a.json")), ids(&inbox.answer("b.json")));
            let mut all = [a.clone(), b.clone()].concat();
            all.sort_unstable();
            assert_eq!((a.len(), b.len(), inbox.drafts()), (2, 1, all), "{call} {when}");
            assert!(
                before.iter().all(|id| a.contains(id) || b.contains(id)),
                "{call} {when}"
            );
            assert_eq!(inbox.answer("c.json")["status"], "refused", "{call} {when}");
            inbox.takes(0);
        }
    }
    assert!(killed > 20 && after_drafts > 3, "{killed} {after_drafts}");
}
