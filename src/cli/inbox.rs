//! `inbox DIR`: the folder by which a hospital's own system hands over events, each file a draft or several.
//!
//! A file stays where it is, and its answer lies beside it: `NAME.json`, `NAME.answer.json`. Drafts are stored in
//! one transaction with the hash of what the file said; after that the answer is written beside and renamed into
//! its place. Whatever ends the program between two steps, the next pass finds the hash, makes nothing anew and
//! gives the same answer. Files are removed by whoever wrote them: until then a copy lies there that nobody can
//! lose, and none that nobody removes.
//!
//! Deliberately absent: signing, unlocking, and any word of a file's content in what is printed. The names of
//! files are printed: `docs/inbox.md` says that they may name nobody.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::drafts;
use super::fail::{self, Failure};
use super::fault::{Fault, of_finding};
use super::out::{Out, escaped};
use super::parse::Call;
use super::read::MAX_FILE;
use super::together::{self, broken};
use super::ward;
use crate::env::{EnvError, FileLock, open_regular, write_as_open_as};
use crate::lang::{Explain, Lang, Msg};
use crate::seal::hash;
use crate::ward::store::Added;
use crate::ward::workplace::Workplace;

/// Pause between passes of `--watch`.
const LOOK: Duration = Duration::from_secs(5);
/// How long after its last change a file that ends within a word may still be being written.
const STILL_WRITTEN: Duration = Duration::from_secs(10);
/// Largest answer that is read again.
const MAX_ANSWER: u64 = 64 << 20;
/// Whoever works through the folder holds it, so that no two write one answer.
const LOCK: &str = ".ogoh-inbox.lock";

/// `inbox DIR [--watch]`. Exits 1 where a file was refused or could not be answered in this pass.
pub fn inbox(call: &Call, out: Out) -> Result<i32, Failure> {
    let mut told = BTreeMap::new();
    let exit = pass(call, out, &mut told)?;
    if !call.has("watch") {
        return Ok(exit);
    }
    // What stands at the start ended it; a folder or database that is gone for a while does not.
    let mut failed = None;
    loop {
        std::thread::sleep(LOOK);
        let failure = pass(call, out, &mut told).err();
        if let Some(failure) = failure.as_ref().filter(|f| failed.as_ref() != Some(&f.msg)) {
            out.either(&failure.json(out.lang), || failure.lines(out.lang).join("\n"));
        }
        failed = failure.map(|f| f.msg);
    }
}

/// Works through the folder once. `told` is what was said of each file before: it is not said again.
fn pass(call: &Call, out: Out, told: &mut BTreeMap<OsString, Value>) -> Result<i32, Failure> {
    let dir = Path::new(call.arg()?);
    let ward = ward::open(call)?;
    let by = drafts::author(&ward, call)?;
    let unusable = |e: std::io::Error| {
        let msg = Msg::new("cli-inbox-folder").with("path", dir.display().to_string());
        Failure::refused(msg.with("what", e.to_string()))
    };
    let folder = std::fs::metadata(dir).map_err(unusable)?;
    let Some(_lock) = FileLock::alone(&dir.join(LOCK)).map_err(unusable)? else {
        return Err(Failure::refused(Msg::new("cli-inbox-elsewhere")));
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unusable)? {
        names.push(entry.map_err(unusable)?.file_name());
    }
    names.retain(|name| is_handed_over(name));
    names.sort_unstable();
    told.retain(|name, _| names.contains(name));
    let lang = out.lang;
    let mut inbox = Inbox {
        ward,
        by,
        dir,
        folder,
        lang,
    };
    let mut exit = fail::OK;
    for name in names {
        let Some(outcome) = inbox.take(&name)? else {
            continue;
        };
        if outcome.is_refusal() {
            exit = fail::REFUSED;
        }
        let (object, line) = outcome.said(&name, lang);
        if told.insert(name, object.clone()).as_ref() != Some(&object) {
            out.either(&object, || line.render(lang));
        }
    }
    Ok(exit)
}

/// Whether a name is one of a file for us: not an answer, and not one that its writer hides until it is whole.
fn is_handed_over(name: &OsStr) -> bool {
    let path = Path::new(name);
    let stem = path.file_stem().map(Path::new);
    let is_answer = stem.is_some_and(|stem| stem.extension() == Some(OsStr::new("answer")));
    let hidden = name.as_encoded_bytes().starts_with(b".");
    path.extension() == Some(OsStr::new("json")) && !is_answer && !hidden
}

/// What became of a file in a pass.
enum Outcome {
    /// Its drafts, and how many findings the rules have.
    Taken(Vec<String>, usize),
    /// With how many faults.
    Refused(usize),
    /// It may still be being written.
    Waits,
    /// The answer cannot be written.
    Unanswered(EnvError),
}

impl Outcome {
    fn is_refusal(&self) -> bool {
        matches!(self, Outcome::Refused(_) | Outcome::Unanswered(_))
    }

    /// What is printed: never what the file says.
    fn said(&self, name: &OsStr, lang: Lang) -> (Value, Msg) {
        let answer = answer_of(Path::new(name)).to_string_lossy().into_owned();
        let name = name.to_string_lossy();
        let msg = |id: &'static str| Msg::new(id).with("file", &*name).with("answer", &*answer);
        match self {
            Outcome::Taken(drafts, n) => (
                json!({ "file": name, "status": "taken", "drafts": drafts, "findings": n, "answer": answer }),
                msg("cli-inbox-taken")
                    .with("drafts", drafts.join(", "))
                    .with("n", *n),
            ),
            Outcome::Refused(n) => (
                json!({ "file": name, "status": "refused", "findings": n, "answer": answer }),
                msg("cli-inbox-refused").with("n", *n),
            ),
            Outcome::Waits => (
                json!({ "file": name, "status": "waiting" }),
                msg("cli-inbox-waiting"),
            ),
            Outcome::Unanswered(e) => (
                json!({ "file": name, "status": "unanswered", "error": e.msg().id }),
                msg("cli-inbox-unanswered").with("what", e.msg().render(lang)),
            ),
        }
    }
}

/// The answer's place for a file's.
fn answer_of(file: &Path) -> std::path::PathBuf {
    file.with_extension("answer.json")
}

/// An answer that lies there from before.
#[derive(Default)]
struct Before {
    text: String,
    /// Hash of the file that it answers.
    file: Option<String>,
    /// The drafts that it names.
    drafts: Vec<Value>,
}

impl Before {
    /// None is as good as one that cannot be read: it is written anew.
    fn read(path: &Path) -> Before {
        let mut text = String::new();
        let read = open_regular(path).and_then(|f| f.take(MAX_ANSWER).read_to_string(&mut text));
        let json: Value = match read.map(|_| serde_json::from_str(&text)) {
            Ok(Ok(json)) => json,
            _ => return Before::default(),
        };
        Before {
            file: json.get("file").and_then(Value::as_str).map(str::to_owned),
            drafts: json
                .get("drafts")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            text,
        }
    }
}

/// Why a file gives no text.
enum Unread {
    /// Its writer has removed it.
    Gone,
    /// It never will.
    Refused(Msg),
    /// It is none, or not yet.
    NoText(Metadata),
}

/// Text of a file, and who may read it.
fn content(path: &Path) -> Result<(String, Metadata), Unread> {
    let unread = |e: std::io::Error| match e.kind() {
        ErrorKind::NotFound => Unread::Gone,
        ErrorKind::InvalidInput => Unread::Refused(Msg::new("cli-inbox-not-a-file")),
        _ => Unread::Refused(Msg::new("cli-inbox-unreadable").with("what", e.to_string())),
    };
    let file = open_regular(path).map_err(unread)?;
    let found = file.metadata().map_err(unread)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Unread::Refused(Msg::new("cli-inbox-too-long")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, found)),
        Err(_) => Err(Unread::NoText(found)),
    }
}

/// Whether a file may still be being written. Where its time lies ahead, a clock was wrong, and it is not.
fn may_grow(found: &Metadata) -> bool {
    let age = found.modified().ok().and_then(|at| at.elapsed().ok());
    age.is_some_and(|age| age < STILL_WRITTEN)
}

/// A pass through the folder.
struct Inbox<'a> {
    ward: Workplace,
    by: &'a str,
    dir: &'a Path,
    folder: Metadata,
    lang: Lang,
}

impl Inbox<'_> {
    /// Takes a file or refuses it, and answers it; none where that was done before.
    fn take(&mut self, name: &OsStr) -> Result<Option<Outcome>, Failure> {
        let path = self.dir.join(name);
        let before = Before::read(&answer_of(&path));
        let (text, found) = match content(&path) {
            Ok(read) => read,
            Err(Unread::Gone) => return Ok(None),
            Err(Unread::NoText(found)) if may_grow(&found) => return Ok(Some(Outcome::Waits)),
            Err(Unread::NoText(found)) => {
                let faults = vec![broken(Msg::new("cli-inbox-not-utf8"))];
                return Ok(self.refuse(&path, before, None, &found, &faults));
            }
            Err(Unread::Refused(msg)) => {
                return Ok(self.refuse(&path, before, None, &self.folder, &[broken(msg)]));
            }
        };
        let file = hash(&text);
        if before.file.as_ref() == Some(&file) {
            return Ok(None);
        }
        let json = match together::json(&text) {
            Ok(json) => json,
            Err(_) if may_grow(&found) => return Ok(Some(Outcome::Waits)),
            Err(fault) => return Ok(self.refuse(&path, before, Some(file), &found, &[fault])),
        };
        let added = match self.drafts_of(&json, &before)? {
            Ok(added) => added,
            Err(faults) => return Ok(self.refuse(&path, before, Some(file), &found, &faults)),
        };
        let (drafts, findings) = self.standing(&json, &added)?;
        let outcome = Outcome::Taken(
            added.drafts.into_iter().map(|(id, _)| id).collect(),
            findings.len(),
        );
        let answer = json!({
            "file": file, "status": "taken", "taken": added.at, "drafts": drafts, "findings": findings,
        });
        Ok(Some(match write(&path, &answer, &found) {
            Ok(()) => outcome,
            Err(e) => Outcome::Unanswered(e),
        }))
    }

    /// The drafts of what a file says, made now or when it was taken; else what is wrong with it.
    ///
    /// What counts is what it says, not how that is laid out, nor under which name it lies.
    fn drafts_of(&mut self, json: &Value, before: &Before) -> Result<Result<Added, Vec<Fault>>, Failure> {
        let said = hash(&json.to_string());
        if let Some(added) = self.ward.store.taken(&said)? {
            return Ok(Ok(added));
        }
        if !before.drafts.is_empty() {
            return Ok(Err(vec![broken(Msg::new("cli-inbox-changed"))]));
        }
        let batch = match together::handed_over(json) {
            Ok(batch) => batch,
            Err(fault) => return Ok(Err(vec![fault])),
        };
        let left_out: Vec<Fault> = batch.events.iter().flat_map(drafts::misapplied).collect();
        if batch.has_faults() || !left_out.is_empty() {
            return Ok(Err(batch.into_faults().into_iter().chain(left_out).collect()));
        }
        let events = batch.events.iter().map(|one| (&*one.id, &one.event));
        Ok(Ok(self.ward.add_drafts(events, self.by, Some(&said))?))
    }

    /// How the drafts of a file stand now, and what the rules say of those that are there.
    fn standing(&self, json: &Value, added: &Added) -> Result<(Vec<Value>, Vec<Value>), Failure> {
        let (mut drafts, mut findings) = (Vec::new(), Vec::new());
        for (at, (id, kind)) in added.drafts.iter().enumerate() {
            let place = together::place(json, at);
            let state = self.ward.store.draft_state(id)?;
            drafts.push(json!({ "id": id, "kind": kind, "pointer": place, "state": state.code() }));
            if let Some(row) = self.ward.store.draft(id)? {
                let found = self.ward.findings(&row.draft.event().0, id, None)?;
                findings.extend(found.iter().map(|f| of_finding(f, &place, self.lang)));
            }
        }
        Ok((drafts, findings))
    }

    /// Refuses a file; none where it was refused in the same words before. Drafts that were made of it stay named.
    fn refuse(
        &self,
        path: &Path,
        before: Before,
        file: Option<String>,
        like: &Metadata,
        faults: &[Fault],
    ) -> Option<Outcome> {
        let findings: Vec<Value> = faults.iter().map(|fault| fault.json(self.lang)).collect();
        let answer = json!({
            "file": file, "status": "refused", "drafts": before.drafts, "findings": findings,
        });
        if line(&answer) == before.text {
            return None;
        }
        Some(match write(path, &answer, like) {
            Ok(()) => Outcome::Refused(faults.len()),
            Err(e) => Outcome::Unanswered(e),
        })
    }
}

/// The text of an answer.
fn line(answer: &Value) -> String {
    format!("{}\n", escaped(answer))
}

/// Writes the answer to a file, for whoever may read what it answers.
fn write(file: &Path, answer: &Value, like: &Metadata) -> Result<(), EnvError> {
    write_as_open_as(&answer_of(file), line(answer).as_bytes(), like)
}
