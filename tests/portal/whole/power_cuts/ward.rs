//! Power cuts at a ward: while somebody signs, backs up, restores, and changes the device's key.

use std::path::Path;
use std::process::Command;

use ogoh::env::Paths;
use ogoh::form::Draft;
use ogoh::vital::Kind;
use ogoh::ward::store::Store;
use serde_json::{Value, json};

use super::{Holds, PowerCuts, must};
use crate::registry::Registry;
use crate::support::delivering::at;
use crate::support::ward::{WardDevice, birth};
use crate::support::{Ran, ogoh, run};
use crate::whole::copied::has_strace;

/// A command on the ward of a folder.
fn command(home: &Path, args: &[&str]) -> Command {
    let mut command = ogoh();
    command
        .current_dir(home)
        .arg("--data-dir")
        .arg(home.join("ward"))
        .args(args)
        .args(["--lang", "en", "--json"]);
    command
}

fn ran(home: &Path, args: &[&str]) -> Ran {
    run(&mut command(home, args))
}

fn done(home: &Path, args: &[&str]) -> Result<Ran, String> {
    let ran = ran(home, args);
    match ran.code {
        0 => Ok(ran),
        _ => Err(format!("{args:?}: {} {}", ran.out, ran.err)),
    }
}

fn sign(ward: &WardDevice, surname: &str, document: &str) {
    ward.sign(&["record", "birth"], &birth(surname, document), "firuz");
}

fn store(home: &Path) -> Result<Store, String> {
    Store::open_at(&Paths::new(home.join("ward"))).map_err(|e| e.to_string())
}

/// The ward is sound, and has so many entries, none of them delivered.
fn sound(home: &Path, entries: &[usize]) -> Holds {
    done(home, &["verify"])?;
    let store = store(home)?;
    let there = store.entries_after(0, 100).unwrap().len();
    let unsent = store.pending().unwrap().len();
    must(entries.contains(&there) && unsent == there, || {
        format!("{there} entries, {unsent} unsent")
    })
}

#[test]
fn what_was_signed_and_told_is_there_after_a_power_cut_and_the_witness_fits() {
    if !has_strace() {
        return;
    }
    let ward = WardDevice::new();
    sign(&ward, "Раҳимова", "А 1234567");
    let event = ward.file("event.json", &birth("Бобоева", "А 7654321").to_string());
    let words = [
        "record",
        "birth",
        "--from",
        &event,
        "--sign-as",
        "firuz",
        "--passphrase-file",
    ];
    let pass = ward.pass("firuz");
    let args: Vec<&str> = words.into_iter().chain([&*pass]).collect();
    PowerCuts::of(ward.home(), &command(ward.home(), &args)).hold(|cut| {
        sound(cut.dir, if cut.was_told("nid") { &[3] } else { &[2, 3] })?;
        // Whoever was told nothing signs again, and is asked whether it is the same birth.
        let again = ran(cut.dir, &args);
        must(again.code == 0 || again.code == 1, || {
            format!("{} {}", again.out, again.err)
        })?;
        done(cut.dir, &["verify"]).map(drop)
    });
}

#[test]
fn a_backup_of_a_ward_that_was_told_is_there_and_whole_after_a_power_cut() {
    if !has_strace() {
        return;
    }
    let ward = WardDevice::new();
    sign(&ward, "Раҳимова", "А 1234567");
    let args = ["backup", "backup.db"];
    PowerCuts::of(ward.home(), &command(ward.home(), &args)).hold(|cut| {
        sound(cut.dir, &[2])?;
        let file = cut.dir.join("backup.db");
        must(file.exists() || !cut.was_told("backup.db"), || {
            "the backup is gone".to_owned()
        })?;
        if !file.exists() {
            done(cut.dir, &args)?;
        }
        let copy = Store::open(&file).and_then(|copy| copy.entries_after(0, 100));
        let there = copy.map_err(|e| e.to_string())?.len();
        must(there == 2, || format!("{there} entries in the backup"))
    });
}

#[test]
fn a_restore_of_a_ward_is_whole_or_repeated_after_a_power_cut() {
    if !has_strace() {
        return;
    }
    let ward = WardDevice::new();
    sign(&ward, "Раҳимова", "А 1234567");
    let backup = |home: &Path| home.join("backup.db").display().to_string();
    ward.must(&["backup", &backup(ward.home())]);
    sign(&ward, "Бобоева", "А 7654321");
    let drafted = Draft::new(Kind::Birth);
    store(ward.home())
        .unwrap()
        .save_draft(&drafted, "mehri", at("2026-11-29T10:00:00+05:00"))
        .unwrap();
    let args = ["restore", &backup(ward.home())];
    PowerCuts::of(ward.home(), &command(ward.home(), &args)).hold(|cut| {
        if cut.was_told("carried") {
            sound(cut.dir, &[3])?;
            let names = std::fs::read_dir(cut.dir.join("ward")).unwrap();
            let mut names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
            let aside = names.any(|name| name.starts_with("ogoh.db.before-"));
            must(aside, || "the old one does not lie aside".to_owned())?;
        } else {
            // The old one, the new one, or it says that a restore was cut off.
            let listed = ran(cut.dir, &["list"]);
            must(listed.code == 0 || listed.out.contains("restore"), || {
                format!("{listed:?}")
            })?;
        }
        done(cut.dir, &["restore", &backup(cut.dir)])?;
        sound(cut.dir, &[3])?;
        let drafts = store(cut.dir)?.drafts().unwrap().len();
        must(drafts == 1, || format!("{drafts} drafts"))
    });
}

#[test]
fn files_that_were_told_as_taken_are_drafts_after_a_power_cut_and_each_is_taken_once() {
    if !has_strace() {
        return;
    }
    let ward = WardDevice::new();
    sign(&ward, "Раҳимова", "А 1234567");
    std::fs::create_dir(ward.home().join("inbox")).unwrap();
    for (name, surname, document) in [("a", "Бобоева", "А 7654321"), ("b", "Зоирова", "А 5555555")]
    {
        let event = json!({"kind": "birth", "event": birth(surname, document)});
        ward.file(&format!("inbox/{name}.json"), &event.to_string());
    }
    ward.file("inbox/c.json", "[]");
    let inbox = |home: &Path| home.join("inbox").display().to_string();
    let drafts = |home: &Path| -> Result<Vec<String>, String> {
        let rows = store(home)?.drafts().map_err(|e| e.to_string())?;
        Ok(rows.into_iter().map(|row| row.draft.id).collect())
    };
    let args = [inbox(ward.home())];
    // One of the three is refused, and the pass says so.
    let folder = ward.home();
    let command = command(folder, &["inbox", &args[0], "--by", "mehri"]);
    let cuts = PowerCuts::while_running(folder, |trace| {
        let ran = run(&mut super::strace::traced(&command, folder, trace));
        assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    });
    cuts.hold(|cut| {
        sound(cut.dir, &[2])?;
        let answer = |name: &str| -> Option<Value> {
            let text = std::fs::read_to_string(cut.dir.join(format!("inbox/{name}.answer.json"))).ok()?;
            Some(serde_json::from_str(&text).unwrap_or(Value::Null))
        };
        let before = drafts(cut.dir)?;
        for name in ["a", "b", "c"] {
            // Whoever was told finds the answer, whole; and what it names is there.
            let found = answer(name);
            must(
                found.is_some() || !cut.was_told(&format!("{name}.answer.json")),
                || format!("the answer to {name} is gone"),
            )?;
            let id = found
                .as_ref()
                .and_then(|a| a["drafts"].as_array()?.first()?["id"].as_str());
            must(found.as_ref().is_none_or(|a| a["status"].is_string()), || {
                format!("half an answer to {name}")
            })?;
            must(id.is_none_or(|id| before.iter().any(|b| b == id)), || {
                format!("the draft of {name} is gone")
            })?;
        }
        let again = ran(cut.dir, &["inbox", &inbox(cut.dir), "--by", "mehri"]);
        must([0, 1].contains(&again.code), || format!("{again:?}"))?;
        let after = drafts(cut.dir)?;
        let answered = ["a", "b"].iter().filter_map(|name| answer(name));
        let mut named: Vec<String> = answered
            .filter_map(|a| Some(a["drafts"][0]["id"].as_str()?.to_owned()))
            .collect();
        named.sort_unstable();
        let mut there = after.clone();
        there.sort_unstable();
        must(
            there.len() == 2 && there == named && answer("c").is_some(),
            || format!("{there:?} for {named:?}"),
        )?;
        must(before.iter().all(|id| after.contains(id)), || {
            "another draft".to_owned()
        })
    });
}

#[test]
fn a_change_of_key_is_whole_or_repeated_after_a_power_cut() {
    if !has_strace() {
        return;
    }
    let registry = Registry::new();
    let ward = WardDevice::at(&registry.url, &registry.root_key);
    ward.must(&["enrol"]);
    registry.must(&["portal", "approve", "--all"]);
    ward.must(&["enrol"]);
    sign(&ward, "Раҳимова", "А 1234567");
    let pass = ward.pass("nigora");
    let args = ["rotate", "--sign-as", "nigora", "--passphrase-file", &pass];
    let key = |home: &Path, name: &str| std::fs::read(home.join("ward").join(name)).ok();
    // The key is asked for once, however often.
    PowerCuts::of(ward.home(), &command(ward.home(), &args)).hold(|cut| {
        let asked = key(cut.dir, "device.key.next");
        must(asked.is_some() || !cut.was_told("fingerprint"), || {
            "the new key is gone".to_owned()
        })?;
        done(cut.dir, &args)?;
        must(
            asked.is_none() || asked == key(cut.dir, "device.key.next"),
            || "another key".to_owned(),
        )?;
        done(cut.dir, &["verify"]).map(drop)
    });
    let new = key(ward.home(), "device.key.next");
    registry.must(&["portal", "approve", "--vouched"]);
    ward.must(&["enrol"]);
    PowerCuts::of(ward.home(), &command(ward.home(), &["rotate"])).hold(|cut| {
        if !cut.was_told("fingerprint") {
            done(cut.dir, &["rotate"])?;
        }
        must(key(cut.dir, "device.key") == new, || "not the new key".to_owned())?;
        must(key(cut.dir, "device.key.next").is_none(), || {
            "a key is left over".to_owned()
        })?;
        sound_journals(cut.dir)
    });
    ward.must(&["push"]);
}

/// The ward is sound, with a journal of the new key.
fn sound_journals(home: &Path) -> Holds {
    done(home, &["verify"])?;
    let all = store(home)?.entries_after(0, 100).unwrap();
    let journals: std::collections::BTreeSet<_> =
        all.iter().map(|(_, entry, _)| entry.jid.to_string()).collect();
    must(journals.len() == 2, || format!("{} journals", journals.len()))
}
