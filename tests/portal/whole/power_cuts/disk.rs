//! A disk with a memory in front of it. What was written is on the disk once its file was synced; a name is once
//! its folder was. A power cut leaves of the rest nothing, everything, or any part.
//!
//! Stricter than most file systems are: a synced file has no name until its folder is synced too, and what was
//! written since the last sync may be there in any 4 KiB, the rest of it zeros.
//!
//! Names of one folder change on the disk in the order in which they were changed, as a journal of a file system
//! has them; those of two folders do not wait for each other.

use std::collections::BTreeMap;
use std::hash::Hasher as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

use crate::whole::dice::Dice;

/// What of a page that was not synced is there or not.
const PAGE: usize = 4096;
/// Where everything begins.
const ROOT: usize = 0;

/// One step of a program.
#[derive(Clone, Debug)]
pub enum Step {
    Create(PathBuf),
    Write(PathBuf, usize, Vec<u8>),
    Length(PathBuf, usize),
    Sync(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    Folder(PathBuf),
    /// Somebody was told something: on standard output, or by a socket.
    Told(Vec<u8>),
}

impl Step {
    /// Whether it is more than bytes that may be there or not.
    pub fn is_turn(&self) -> bool {
        !matches!(self, Step::Write(..) | Step::Length(..))
    }
}

#[derive(Clone)]
enum Change {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Change::Bytes(at, bytes) => {
                if to.len() < at + bytes.len() {
                    to.resize(at + bytes.len(), 0);
                }
                to[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Change::Length(len) => to.resize(*len, 0),
        }
    }

    /// The pages of it that made it to the disk; the last of them perhaps in part.
    fn in_part(&self, dice: &mut Dice) -> Vec<Change> {
        let Change::Bytes(at, bytes) = self else {
            return [self.clone()].into_iter().filter(|_| dice.roll(2) == 0).collect();
        };
        let mut out = Vec::new();
        let mut from = 0;
        while from < bytes.len() {
            let to = bytes.len().min((at + from) / PAGE * PAGE + PAGE - at);
            match dice.roll(4) {
                0 | 1 => out.push(Change::Bytes(at + from, bytes[from..to].to_vec())),
                2 => {}
                _ => {
                    let torn = from + dice.roll(to - from);
                    out.push(Change::Bytes(at + from, bytes[from..torn].to_vec()));
                }
            }
            from = to;
        }
        out
    }
}

#[derive(Clone, Default)]
struct Node {
    is_folder: bool,
    synced: Vec<u8>,
    pending: Vec<Change>,
}

type Name = (usize, String);
type Names = BTreeMap<Name, usize>;
/// Names that change at once.
type Renaming = Vec<(Name, Option<usize>)>;

/// How much of what was not synced a power cut leaves.
#[derive(Clone, Copy, Debug)]
pub enum Left {
    Nothing,
    Everything,
    Part(u64),
}

/// The disk, and what is on its way to it.
#[derive(Clone)]
pub struct Disk {
    nodes: Vec<Node>,
    /// As programs see them.
    names: Names,
    synced: Names,
    pending: Vec<Renaming>,
    /// Whether it forgets to sync: to see that somebody notices.
    forgets: bool,
}

fn change(names: &mut Names, all: &Renaming) {
    for (name, node) in all {
        match node {
            Some(node) => names.insert(name.clone(), *node),
            None => names.remove(name),
        };
    }
}

impl Disk {
    /// A folder as it is, all of it on the disk.
    pub fn of(folder: &Path) -> Disk {
        let root = Node {
            is_folder: true,
            ..Node::default()
        };
        let mut disk = Disk {
            nodes: vec![root],
            names: Names::new(),
            synced: Names::new(),
            pending: Vec::new(),
            forgets: false,
        };
        disk.read(folder, ROOT);
        disk.synced = disk.names.clone();
        disk
    }

    /// The same disk, as one that says that it synced and did not.
    pub fn that_forgets(self) -> Disk {
        Disk {
            forgets: true,
            ..self
        }
    }

    fn read(&mut self, folder: &Path, as_node: usize) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = (as_node, entry.file_name().into_string().unwrap());
            let is_folder = entry.file_type().unwrap().is_dir();
            let synced = match is_folder {
                true => Vec::new(),
                false => std::fs::read(entry.path()).unwrap(),
            };
            self.nodes.push(Node {
                is_folder,
                synced,
                pending: Vec::new(),
            });
            let node = self.nodes.len() - 1;
            self.names.insert(name, node);
            if is_folder {
                self.read(&entry.path(), node);
            }
        }
    }

    fn name(&self, path: &Path) -> Name {
        let parent = path.parent().unwrap();
        let folder = self.find(parent).unwrap_or_else(|| panic!("no {parent:?}"));
        (folder, path.file_name().unwrap().to_str().unwrap().to_owned())
    }

    fn find(&self, path: &Path) -> Option<usize> {
        path.components().try_fold(ROOT, |node, part| match part {
            Component::Normal(name) => self
                .names
                .get(&(node, name.to_str().unwrap().to_owned()))
                .copied(),
            _ => Some(node),
        })
    }

    fn rename(&mut self, all: Renaming) {
        change(&mut self.names, &all);
        self.pending.push(all);
    }

    fn make(&mut self, path: &Path, is_folder: bool) {
        let name = self.name(path);
        self.nodes.push(Node {
            is_folder,
            ..Node::default()
        });
        self.rename(vec![(name, Some(self.nodes.len() - 1))]);
    }

    fn write(&mut self, path: &Path, change: Change) {
        // One that has no name any more is nobody's after a cut.
        if let Some(node) = self.find(path) {
            self.nodes[node].pending.push(change);
        }
    }

    fn sync(&mut self, path: &Path) {
        let Some(node) = self.find(path).filter(|_| !self.forgets) else {
            return;
        };
        let mut synced = std::mem::take(&mut self.nodes[node].synced);
        for change in std::mem::take(&mut self.nodes[node].pending) {
            change.apply(&mut synced);
        }
        self.nodes[node].synced = synced;
        let (of_it, rest) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|all| all.iter().any(|((folder, _), _)| *folder == node));
        self.pending = rest;
        let of_it: Vec<Renaming> = of_it;
        of_it.iter().for_each(|all| change(&mut self.synced, all));
    }

    /// Does what a program did.
    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Create(path) => {
                if self.find(path).is_none() {
                    self.make(path, false);
                }
            }
            Step::Folder(path) => self.make(path, true),
            Step::Write(path, at, bytes) => self.write(path, Change::Bytes(*at, bytes.clone())),
            Step::Length(path, len) => self.write(path, Change::Length(*len)),
            Step::Sync(path) => self.sync(path),
            Step::Rename(from, to) => {
                let node = self.find(from);
                let all = vec![(self.name(from), None), (self.name(to), node)];
                self.rename(all);
            }
            Step::Remove(path) => {
                let name = self.name(path);
                self.rename(vec![(name, None)]);
            }
            Step::Told(_) => {}
        }
    }

    /// What is there after a power cut.
    pub fn cut(&self, left: Left) -> Tree {
        let mut dice = match left {
            Left::Part(seed) => Dice::of(seed),
            _ => Dice::of(1),
        };
        let mut names = self.synced.clone();
        let mut stopped = Vec::new();
        for all in &self.pending {
            let folders = all.iter().map(|((folder, _), _)| *folder);
            let goes = match left {
                Left::Nothing => false,
                Left::Everything => true,
                Left::Part(_) => dice.roll(8) > 0 && !folders.clone().any(|f| stopped.contains(&f)),
            };
            match goes {
                true => change(&mut names, all),
                false => stopped.extend(folders),
            }
        }
        let mut tree = Tree::default();
        self.fill(&mut tree, &names, ROOT, Path::new(""), left, &mut dice);
        tree
    }

    fn fill(&self, tree: &mut Tree, names: &Names, folder: usize, at: &Path, left: Left, dice: &mut Dice) {
        for ((_, name), node) in names.range((folder, String::new())..(folder + 1, String::new())) {
            let path = at.join(name);
            if self.nodes[*node].is_folder {
                tree.0.insert(path.clone(), None);
                self.fill(tree, names, *node, &path, left, dice);
            } else if !name.ends_with("-shm") {
                // The index of a log is made anew from the log.
                tree.0.insert(path, Some(self.bytes(*node, left, dice)));
            }
        }
    }

    fn bytes(&self, node: usize, left: Left, dice: &mut Dice) -> Vec<u8> {
        let node = &self.nodes[node];
        let mut bytes = node.synced.clone();
        // Now and then all of a file is there and none of another.
        let whole = dice.roll(4);
        for change in &node.pending {
            match (left, whole) {
                (Left::Nothing, _) | (Left::Part(_), 0) => {}
                (Left::Everything, _) | (Left::Part(_), 1) => change.apply(&mut bytes),
                (Left::Part(_), _) => change
                    .in_part(dice)
                    .iter()
                    .for_each(|part| part.apply(&mut bytes)),
            }
        }
        bytes
    }
}

/// Files and folders, by their paths.
#[derive(Default, PartialEq, Eq, Hash)]
pub struct Tree(BTreeMap<PathBuf, Option<Vec<u8>>>);

impl Tree {
    /// Those of a folder.
    pub fn of(folder: &Path) -> Tree {
        Disk::of(folder).cut(Left::Nothing)
    }

    pub fn hash(&self) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(self, &mut hasher);
        hasher.finish()
    }

    /// Where it differs from another, in names.
    pub fn differs(&self, other: &Tree) -> Vec<PathBuf> {
        let all = self.0.keys().chain(other.0.keys());
        let differing = all.filter(|path| self.0.get(*path) != other.0.get(*path));
        differing.cloned().collect()
    }

    /// Writes it into an empty folder, for this account alone.
    pub fn write(&self, folder: &Path) {
        for (path, bytes) in &self.0 {
            let path = folder.join(path);
            let Some(bytes) = bytes else {
                std::fs::DirBuilder::new().mode(0o700).create(path).unwrap();
                continue;
            };
            let mut options = std::fs::OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .unwrap();
            std::io::Write::write_all(&mut file, bytes).unwrap();
        }
    }
}
