//! The folder by which a hospital's own system hands over events: files become drafts, once, and each is answered.

mod killed;
mod refused;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::support::Ran;
use crate::support::ward::{WardDevice, birth};
use crate::together::twin;

/// A ward, and its folder for files.
struct Inbox {
    ward: WardDevice,
    dir: PathBuf,
}

impl Inbox {
    fn new() -> Inbox {
        let ward = WardDevice::new();
        let dir = ward.home().join("inbox");
        std::fs::create_dir(&dir).unwrap();
        Inbox { ward, dir }
    }

    /// Puts a file there as a writer should: beside it, then renamed.
    fn put(&self, name: impl AsRef<OsStr>, text: &str) {
        let beside = self.dir.join("beside.tmp");
        std::fs::write(&beside, text).unwrap();
        std::fs::rename(beside, self.dir.join(name.as_ref())).unwrap();
    }

    /// The same long ago.
    fn put_old(&self, name: &str, bytes: &[u8]) {
        let path = self.dir.join(name);
        std::fs::write(&path, bytes).unwrap();
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(3600))
            .unwrap();
    }

    fn args(&self) -> [String; 4] {
        let dir = self.dir.display().to_string();
        ["inbox", &dir, "--by", "mehri"].map(str::to_owned)
    }

    fn pass(&self) -> Ran {
        let args = self.args();
        self.ward.ran(&args.each_ref().map(String::as_str))
    }

    /// A pass in which this many files are told of, none refused.
    #[track_caller]
    fn takes(&self, files: usize) -> Vec<Value> {
        let ran = self.pass();
        assert_eq!(
            (ran.code, ran.json().len()),
            (0, files),
            "{} {}",
            ran.out,
            ran.err
        );
        ran.json()
    }

    #[track_caller]
    fn answer(&self, name: impl AsRef<Path>) -> Value {
        let path = self.dir.join(name).with_extension("answer.json");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        serde_json::from_str(&text).unwrap()
    }

    fn drafts(&self) -> Vec<String> {
        let all = self.ward.must(&["draft"]);
        let mut ids: Vec<String> = all.iter().map(|d| d["id"].as_str().unwrap().to_owned()).collect();
        ids.sort_unstable();
        ids
    }
}

fn one(event: &Value) -> String {
    json!({"kind": "birth", "event": event}).to_string()
}

fn ids(answer: &Value) -> Vec<String> {
    let drafts = answer["drafts"].as_array().unwrap();
    let mut ids: Vec<String> = drafts
        .iter()
        .map(|d| d["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort_unstable();
    ids
}

fn states(answer: &Value) -> Vec<&str> {
    let drafts = answer["drafts"].as_array().unwrap();
    drafts.iter().map(|d| d["state"].as_str().unwrap()).collect()
}

#[test]
fn a_file_is_a_draft_of_the_worklists_and_its_answer_says_what_the_rules_say() {
    let inbox = Inbox::new();
    let whole = birth("Назарова", "А 01410061");
    let mut begun = birth("Сафарова", "А 01410062");
    begun["birth"].as_object_mut().unwrap().remove("weight");
    inbox.put("1.json", &one(&whole));
    inbox.put("2.json", &one(&begun));
    let said = inbox.takes(2);
    for (said, name) in said.iter().zip(["1.json", "2.json"]) {
        assert_eq!((&said["file"], &said["status"]), (&json!(name), &json!("taken")));
    }
    assert!(!inbox.pass().out.contains("Назарова"));
    let answers = ["1.json", "2.json"].map(|name| inbox.answer(name));
    assert_eq!(answers.each_ref().map(states), [["to-sign"], ["unfinished"]]);
    let blank = answers[1]["findings"].as_array().unwrap().iter();
    let blank: Vec<_> = blank.filter(|f| f["pointer"] == "/event/birth/weight").collect();
    assert!(
        blank
            .iter()
            .any(|f| f["rule"] == "C04" && f["messages"]["tg"].is_string()),
        "{blank:?}"
    );
    // The same words as of `check-event`, but for the place.
    let file = inbox.ward.file("event.json", &begun.to_string());
    let dir = inbox.ward.dir().display().to_string();
    let checked = inbox
        .ward
        .ran(&["check-event", "birth", "--from", &file, "--data-dir", &dir]);
    let rules = |all: &[Value]| {
        let mut all: Vec<String> = all.iter().map(|f| f["rule"].to_string()).collect();
        all.sort_unstable();
        all
    };
    let (found, wanted) = (answers[1]["findings"].as_array().unwrap(), checked.json());
    // Of the event alone: beside its own draft it is one that is recorded already (C07, C08).
    let alike = [json!("C07"), json!("C08")];
    let wanted: Vec<Value> = wanted
        .into_iter()
        .filter(|f| !alike.contains(&f["rule"]))
        .collect();
    assert_eq!(rules(found), rules(&wanted));
    // The app lists drafts by the same worklists.
    for (list, answer) in ["to-sign", "unfinished"].iter().zip(&answers) {
        let listed = inbox.ward.must(&["list", "--worklist", list]);
        assert_eq!(
            (listed.len(), &listed[0]["id"]),
            (1, &answer["drafts"][0]["id"]),
            "{list}"
        );
        assert_eq!(listed[0]["started_by"], "mehri");
        assert!(listed[0]["held_by"].is_null());
    }
}

#[test]
fn events_of_a_file_are_drafts_that_are_signed_in_one_act() {
    let inbox = Inbox::new();
    let rows = [twin(1), twin(2)].map(|event| json!({"kind": "birth", "event": event}));
    inbox.put("twins.json", &json!({ "events": rows }).to_string());
    inbox.takes(1);
    let answer = inbox.answer("twins.json");
    assert_eq!(answer["drafts"][1]["pointer"], "/events/1/event");
    let signed = inbox.ward.ran_as(&["draft", "sign", &ids(&answer)[0]], "firuz");
    assert_eq!((signed.code, signed.json().len()), (0, 2), "{}", signed.out);
    // One that cannot be read leaves none of the file behind.
    let mut bad = twin(2);
    bad["birth"]["weight"] = json!("heavy");
    let rows = [twin(1), bad].map(|event| json!({"kind": "birth", "event": event}));
    inbox.put("half.json", &json!({ "events": rows }).to_string());
    assert_eq!(inbox.pass().code, 1);
    let refused = inbox.answer("half.json");
    assert_eq!(refused["findings"][0]["pointer"], "/events/1/event/birth/weight");
    assert_eq!((inbox.drafts().len(), ids(&refused).len()), (0, 0));
}

#[test]
fn nothing_is_taken_twice() {
    let inbox = Inbox::new();
    let event = birth("Назарова", "А 01410063");
    inbox.put("a.json", &one(&event));
    inbox.takes(1);
    let (first, drafts) = (inbox.answer("a.json"), inbox.drafts());
    assert_eq!(ids(&first), drafts);
    inbox.takes(0);
    // Under another name, in another layout, with its answer gone.
    std::fs::rename(inbox.dir.join("a.json"), inbox.dir.join("b.json")).unwrap();
    inbox.takes(1);
    let laid_out: Value = serde_json::from_str(&one(&event)).unwrap();
    let laid_out = format!("\u{feff}{}\n", serde_json::to_string_pretty(&laid_out).unwrap());
    inbox.put("c.json", &laid_out);
    inbox.takes(1);
    std::fs::remove_file(inbox.dir.join("b.answer.json")).unwrap();
    inbox.takes(1);
    for name in ["b.json", "c.json"] {
        let again = inbox.answer(name);
        assert_eq!((ids(&again), &again["taken"]), (drafts.clone(), &first["taken"]));
    }
    assert_eq!(inbox.drafts(), drafts);
    // Changed after it was taken: refused, by the name of the draft that there is.
    let mut other = event.clone();
    other["birth"]["weight"] = json!(3300);
    inbox.put("b.json", &one(&other));
    let ran = inbox.pass();
    assert_eq!((ran.code, &ran.json()[0]["status"]), (1, &json!("refused")));
    let changed = inbox.answer("b.json");
    assert_eq!((ids(&changed), inbox.drafts()), (drafts.clone(), drafts.clone()));
    assert_eq!(changed["findings"][0]["pointer"], "");
    inbox.takes(0);
    // Changed once more, and back.
    other["birth"]["weight"] = json!(3200);
    inbox.put("b.json", &one(&other));
    assert_eq!((inbox.pass().code, inbox.drafts()), (1, drafts.clone()));
    inbox.put("b.json", &one(&event));
    inbox.takes(1);
    assert_eq!(inbox.answer("b.json")["status"], "taken");
    // Signed, then handed over again; and the same of one that was thrown away.
    let signed = inbox.ward.ran_as(&["draft", "sign", &drafts[0]], "mehri");
    assert_eq!(signed.code, 0, "{}", signed.out);
    inbox.put("d.json", &one(&event));
    inbox.takes(1);
    assert_eq!(states(&inbox.answer("d.json")), ["signed"]);
    inbox.put("e.json", &one(&birth("Сафарова", "А 01410064")));
    inbox.takes(1);
    let thrown = ids(&inbox.answer("e.json"));
    inbox.ward.must(&["draft", "delete", &thrown[0]]);
    inbox.put("f.json", &one(&birth("Сафарова", "А 01410064")));
    inbox.takes(1);
    let again = inbox.answer("f.json");
    assert_eq!((ids(&again), states(&again)), (thrown, vec!["deleted"]));
    assert!(inbox.drafts().is_empty());
    assert_eq!(inbox.ward.must(&["list"]).len(), 1);
}

#[test]
fn what_was_taken_is_known_after_a_restore() {
    let inbox = Inbox::new();
    let backup = inbox.ward.home().join("backup.db").display().to_string();
    inbox.ward.must(&["backup", &backup]);
    inbox.put("a.json", &one(&birth("Назарова", "А 01410065")));
    inbox.takes(1);
    let drafts = inbox.drafts();
    inbox.ward.must(&["restore", &backup]);
    assert_eq!(inbox.drafts(), drafts);
    inbox.put("b.json", &one(&birth("Назарова", "А 01410065")));
    inbox.takes(1);
    assert_eq!(
        (ids(&inbox.answer("b.json")), inbox.drafts()),
        (drafts.clone(), drafts)
    );
}
