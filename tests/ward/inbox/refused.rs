//! Files that are not taken, or not yet: each is named, and none holds up another.

use std::ffi::OsStr;

use serde_json::json;

use super::{Inbox, ids, one};
use crate::support::ward::birth;

#[test]
fn each_file_that_cannot_be_taken_is_named_and_blocks_no_other() {
    let inbox = Inbox::new();
    let mut heavy = birth("Сафарова", "А 01410066");
    heavy["birth"]["weight"] = json!("heavy");
    let mut married = birth("Сафарова", "А 01410066");
    married["mother"]["marriage"] = json!("none");
    married["mother"]["marriage_act"] = json!("12");
    let unasked = "/event/mother/marriage_act";
    let huge = format!("{{\"kind\": \"{}\"}}", "a".repeat(2 << 20));
    let refused: [(&str, Vec<u8>, &str, &str); 8] = [
        (
            "broken",
            b"{\n  \"kind\": \"birth\",,".to_vec(),
            "",
            "line 2, column 19",
        ),
        ("empty", Vec::new(), "", "line 1"),
        ("latin", vec![b'"', 0xe9, b'"'], "", "UTF-8"),
        ("shape", b"[1]".to_vec(), "", "kind"),
        (
            "wedding",
            br#"{"kind": "wedding", "event": {}}"#.to_vec(),
            "",
            "kind",
        ),
        ("heavy", one(&heavy).into_bytes(), "/event/birth/weight", "heavy"),
        ("married", one(&married).into_bytes(), unasked, "not asked"),
        ("huge", huge.into_bytes(), "", "1 MiB"),
    ];
    for (name, bytes, ..) in &refused {
        inbox.put_old(&format!("{name}.json"), bytes);
    }
    std::fs::create_dir(inbox.dir.join("folder.json")).unwrap();
    inbox.put("zz.json", &one(&birth("Назарова", "А 01410067")));
    // Not for us: other names, hidden ones, and what an earlier run left of an answer.
    for name in ["note.txt", ".hidden.json", "note.json.part", "zz.answer.json.new"] {
        inbox.put(name, "{");
    }
    let ran = inbox.pass();
    let said = ran.json();
    assert_eq!((ran.code, said.len()), (1, 10), "{} {}", ran.out, ran.err);
    for (name, _, pointer, words) in &refused {
        let answer = inbox.answer(format!("{name}.json"));
        let found = answer["findings"].as_array().unwrap();
        assert_eq!(
            (&answer["status"], found.len()),
            (&json!("refused"), 1),
            "{name}: {answer}"
        );
        assert_eq!(found[0]["pointer"], *pointer, "{name}");
        assert!(
            found[0]["message"].as_str().unwrap().contains(words),
            "{name}: {answer}"
        );
        for lang in ["tg", "ru", "en"] {
            assert!(found[0]["messages"][lang].is_string(), "{name}");
        }
        assert!(
            said.iter()
                .any(|s| s["file"] == format!("{name}.json") && s["status"] == "refused")
        );
    }
    assert_eq!(inbox.answer("folder.json")["findings"][0]["pointer"], "");
    assert_eq!(ids(&inbox.answer("zz.json")), inbox.drafts());
    assert_eq!(inbox.drafts().len(), 1);
    // Said once; and taken when it is mended.
    inbox.takes(0);
    heavy["birth"]["weight"] = json!(3300);
    inbox.put("heavy.json", &one(&heavy));
    inbox.takes(1);
    // An answer that cannot be written is told, and given as soon as it can be.
    inbox.put("stuck.json", &one(&birth("Зоирова", "А 01410068")));
    std::fs::create_dir(inbox.dir.join("stuck.answer.json")).unwrap();
    let ran = inbox.pass();
    assert_eq!(
        (ran.code, &ran.json()[0]["status"]),
        (1, &json!("unanswered")),
        "{}",
        ran.out
    );
    std::fs::remove_dir(inbox.dir.join("stuck.answer.json")).unwrap();
    inbox.takes(1);
    assert_eq!(
        (inbox.drafts().len(), ids(&inbox.answer("stuck.json")).len()),
        (3, 1)
    );
}

#[cfg(unix)]
#[test]
fn links_pipes_closed_files_and_names_in_no_known_script_hold_nobody_up() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let inbox = Inbox::new();
    let secret = inbox
        .ward
        .file("secret.json", &one(&birth("Сафарова", "А 01410069")));
    symlink(&secret, inbox.dir.join("link.json")).unwrap();
    symlink(inbox.dir.join("nowhere"), inbox.dir.join("loose.json")).unwrap();
    let pipe = inbox.dir.join("pipe.json");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let _socket = std::os::unix::net::UnixListener::bind(inbox.dir.join("socket.json")).unwrap();
    let odd = OsStr::from_bytes(b"\xff\x1b[31m.json");
    inbox.put(odd, &one(&birth("Назарова", "А 01410070")));
    inbox.put("closed.json", &one(&birth("Зоирова", "А 01410071")));
    let closed = inbox.dir.join("closed.json");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever is above permissions reads it all the same.
    let readable = std::fs::read(&closed).is_ok();
    let ran = inbox.pass();
    let said = ran.json();
    assert_eq!((ran.code, said.len()), (1, 6), "{} {}", ran.out, ran.err);
    assert!(!ran.out.contains('\u{1b}'), "{:?}", ran.out);
    for name in ["link.json", "loose.json", "pipe.json", "socket.json"] {
        let answer = inbox.answer(name);
        let message = answer["findings"][0]["message"].as_str().unwrap();
        assert!(message.contains("regular file"), "{name}: {answer}");
    }
    assert_eq!(ids(&inbox.answer(odd)).len(), 1);
    assert_eq!(
        inbox.answer("closed.json")["status"],
        if readable { "taken" } else { "refused" }
    );
    inbox.takes(0);
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::fs::remove_file(inbox.dir.join("closed.answer.json")).unwrap();
    inbox.takes(1);
    // Whoever may read the file may read its answer, and nobody else.
    let mode = |name: &str| {
        std::fs::metadata(inbox.dir.join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("closed.answer.json"), 0o640);
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o400)).unwrap();
    std::fs::remove_file(inbox.dir.join("closed.answer.json")).unwrap();
    inbox.takes(1);
    assert_eq!(mode("closed.answer.json"), 0o600);
    assert_eq!(inbox.drafts().len(), 2);
}

#[test]
fn a_file_that_is_still_being_written_waits() {
    let inbox = Inbox::new();
    let text = one(&birth("Назарова", "А 01410072"));
    let path = inbox.dir.join("a.json");
    // Cut within a word, and within a letter.
    let within_a_letter = text.find('Н').unwrap() + 1;
    for end in [0, 40, within_a_letter] {
        std::fs::write(&path, &text.as_bytes()[..end]).unwrap();
        let said = inbox.takes(1);
        assert_eq!(said[0]["status"], "waiting", "{end}");
        assert!(!path.with_extension("answer.json").exists());
    }
    std::fs::write(&path, &text).unwrap();
    assert_eq!(inbox.takes(1)[0]["status"], "taken");
}
