//! Power cuts: what the real program does to its files is written down once by `strace`; from that every disk is
//! made that a cut at any moment could have left, and the real program goes on from there.
//!
//! Nothing that was told may be lost, and repeating a command ends well. A disk that forgets to sync shows that
//! the tests can fail.
//!
//! `OGOH_POWER_CUTS` is how many disks are tried of each command.

mod disk;
mod registry;
mod strace;
mod ward;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::disk::{Disk, Left, Step, Tree};
use super::dice::{Dice, asked};
use crate::support::{Ran, run, scratch_dir};

/// Disks that are tried of each command in the checks.
const DISKS: u64 = 30;
/// Ways in which what was not synced may be there in part, of each cut.
const PARTS: u64 = 4;

/// What a command did, and the disk before.
struct PowerCuts {
    folder: PathBuf,
    before: Disk,
    steps: Vec<Step>,
}

/// A disk after a cut.
struct AfterCut<'a> {
    /// The folder as it is then.
    dir: &'a Path,
    /// What had been told before.
    told: &'a [u8],
}

impl AfterCut<'_> {
    /// Whether it had been told.
    fn was_told(&self, what: &str) -> bool {
        String::from_utf8_lossy(self.told).contains(what)
    }
}

/// How many steps were taken, and what is left of what was not synced.
type Cut = (usize, Left);
/// What is done with a cut, the disk after it, and what had been told.
type Each<'a> = &'a mut dyn FnMut(Cut, Tree, &[u8]);

/// What does not hold after a cut, in words.
type Holds = Result<(), String>;

/// Says what does not hold.
fn must(holds: bool, what: impl FnOnce() -> String) -> Holds {
    if holds { Ok(()) } else { Err(what()) }
}

impl PowerCuts {
    /// Writes down what a command does within the folder that it is given in. It has to succeed.
    fn of(folder: &Path, command: &Command) -> PowerCuts {
        PowerCuts::while_running(folder, |trace| {
            let ran: Ran = run(&mut strace::traced(command, folder, trace));
            assert_eq!(ran.code, 0, "{command:?}: {} {}", ran.out, ran.err);
        })
    }

    /// The same of whatever is started with [`strace::arguments`] and has ended.
    fn while_running(folder: &Path, run: impl FnOnce(&Path)) -> PowerCuts {
        let folder = folder.canonicalize().unwrap();
        let before = Disk::of(&folder);
        let beside = scratch_dir();
        let trace = beside.path().join("trace");
        run(&trace);
        let steps = strace::steps(&trace, &folder);
        let mut after = before.clone();
        steps.iter().for_each(|step| after.take(step));
        // What was understood is what is there.
        let differs = after.cut(Left::Everything).differs(&Tree::of(&folder));
        assert!(differs.is_empty(), "{differs:?} came about otherwise");
        PowerCuts {
            folder,
            before,
            steps,
        }
    }

    /// What was told to the end.
    fn all_told(&self) -> Vec<u8> {
        let told = self.steps.iter().filter_map(|step| match step {
            Step::Told(bytes) => Some(bytes.as_slice()),
            _ => None,
        });
        told.collect::<Vec<_>>().concat()
    }

    /// Every cut: how many steps were taken, and what is left of what was not synced.
    fn all_cuts(&self) -> Vec<Cut> {
        let turns = |i: &usize| {
            let around = self.steps[i.saturating_sub(1)..(i + 1).min(self.steps.len())].iter();
            around.clone().any(Step::is_turn)
        };
        let mut all = Vec::new();
        for at in (0..=self.steps.len()).filter(turns) {
            let parts = (1..=PARTS).map(|part| Left::Part(part + 1000 * u64::try_from(at).unwrap()));
            let left = [Left::Nothing, Left::Everything].into_iter().chain(parts);
            all.extend(left.map(|left| (at, left)));
        }
        all
    }

    /// Shows the disks after these cuts one after the other, and what had been told.
    fn show(&self, mut disk: Disk, cuts: &[Cut], each: Each<'_>) {
        let (mut taken, mut told) = (0, Vec::new());
        for (at, left) in cuts {
            for step in &self.steps[taken..*at] {
                disk.take(step);
                if let Step::Told(bytes) = step {
                    told.extend_from_slice(bytes);
                }
            }
            taken = *at;
            each((*at, *left), disk.cut(*left), &told);
        }
    }

    /// Cuts that leave disks unlike each other, as many as are asked for; those at the end are among them.
    fn cuts(&self, disk: Disk) -> Vec<Cut> {
        let (mut seen, mut unlike) = (BTreeSet::new(), Vec::new());
        self.show(disk, &self.all_cuts(), &mut |cut, tree, told| {
            if seen.insert((tree.hash(), told.len())) {
                unlike.push(cut);
            }
        });
        let wanted = usize::try_from(asked("OGOH_POWER_CUTS").unwrap_or(DISKS)).unwrap();
        let mut dice = Dice::of(7);
        while unlike.len() > wanted {
            let which = dice.roll(unlike.len());
            if unlike[which].0 < self.steps.len() {
                unlike.remove(which);
            }
        }
        unlike
    }

    /// Tries one disk after the other, up to so many faults; how many there were, and what did not hold.
    fn try_on(
        &self,
        disk: Disk,
        most: usize,
        check: &mut dyn FnMut(&AfterCut<'_>) -> Holds,
    ) -> (usize, Vec<String>) {
        let cuts = self.cuts(disk.clone());
        let mut faults = Vec::new();
        self.show(disk, &cuts, &mut |(at, left), tree, told| {
            if faults.len() >= most {
                return;
            }
            let made = scratch_dir();
            tree.write(made.path());
            let dir = made.path();
            if let Err(what) = check(&AfterCut { dir, told }) {
                let before = self.steps[..at].iter().rev().find(|step| step.is_turn());
                faults.push(format!(
                    "cut at {at} with {left:?} left, after {before:.200?}: {what}"
                ));
            }
        });
        (cuts.len(), faults)
    }

    /// Nothing may be amiss after any cut, and something is after one of a disk that forgets to sync.
    #[track_caller]
    fn hold(&self, mut check: impl FnMut(&AfterCut<'_>) -> Holds) {
        let (disks, faults) = self.try_on(self.before.clone(), MOST_NAMED, &mut check);
        assert!(
            faults.is_empty(),
            "of {disks} disks in {}:\n{}",
            self.folder.display(),
            faults.join("\n")
        );
        let (_, noticed) = self.try_on(self.before.clone().that_forgets(), 1, &mut check);
        assert!(!noticed.is_empty(), "nobody notices that nothing is synced");
        assert!(disks > LEAST, "only {disks} disks");
    }
}

/// Disks below which little was tried.
const LEAST: usize = 10;
/// Disks that are named before it is given up.
const MOST_NAMED: usize = 5;
