//! Who names whom: the program's own source as a graph of files, read by a parser of Rust.
//!
//! Every way of naming counts: `use`, full paths, `super::`, a name that a `use` brought, a path in the
//! arguments of a macro, and `impl` blocks. What a file re-exports is not its own: a path that goes
//! through a re-export leads to the file that declares the item.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use syn::visit::Visit;

use super::source::{files, root};

/// A path of modules from the root of the crate.
pub type Module = Vec<String>;

/// What one file names of the crate.
#[derive(Default)]
pub struct Uses {
    /// Files that declare what it names, and what that is.
    pub files: BTreeMap<String, BTreeSet<String>>,
    /// Files in whose room a type is declared to which this file adds methods.
    pub extends: BTreeSet<String>,
}

/// The source: its modules in the order of their declaration, and what each file names.
pub struct Structure {
    /// Names of the modules that a module declares, in order.
    pub children: HashMap<Module, Vec<String>>,
    /// By the path of a file from the root of the package: its module.
    pub modules: BTreeMap<String, Module>,
    /// By the path of a file: what it names.
    pub uses: BTreeMap<String, Uses>,
}

struct Parsed {
    file: String,
    module: Module,
    items: Vec<syn::Item>,
    declared: HashSet<String>,
    exported: HashMap<String, Vec<String>>,
}

fn module_of(path: &Path) -> Module {
    let inner = path.strip_prefix(root().join("src")).unwrap().with_extension("");
    let mut parts: Module = inner.iter().map(|p| p.to_str().unwrap().to_owned()).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|a| {
        a.path().is_ident("cfg")
            && matches!(&a.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
    })
}

/// Every name that a tree of `use` brings, with the path that it stands for.
fn leaves(tree: &syn::UseTree, before: &mut Vec<String>, out: &mut Vec<(String, Vec<String>)>) {
    match tree {
        syn::UseTree::Path(p) => {
            before.push(p.ident.to_string());
            leaves(&p.tree, before, out);
            before.pop();
        }
        syn::UseTree::Name(n) if n.ident == "self" => {
            out.push((before.last().cloned().unwrap_or_default(), before.clone()));
        }
        syn::UseTree::Name(n) => {
            let name = n.ident.to_string();
            out.push((name.clone(), [before.clone(), vec![name]].concat()));
        }
        syn::UseTree::Rename(r) => {
            let path = [before.clone(), vec![r.ident.to_string()]].concat();
            out.push((r.rename.to_string(), path));
        }
        syn::UseTree::Glob(_) => out.push(("*".to_owned(), before.clone())),
        syn::UseTree::Group(g) => g.items.iter().for_each(|t| leaves(t, before, out)),
    }
}

/// A path as written, from the root of the crate; none where it leads out of the crate or is a local name.
fn absolute(
    path: &[String],
    module: &[String],
    brought: &HashMap<String, Vec<String>>,
) -> Option<Vec<String>> {
    let first = path.first()?.as_str();
    match first {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module, &path[1..]].concat()),
        "super" => {
            let up = path.iter().take_while(|p| *p == "super").count();
            let kept = module.len().checked_sub(up)?;
            Some([&module[..kept], &path[up..]].concat())
        }
        _ => {
            let found = brought.get(first)?;
            Some([found, &path[1..]].concat())
        }
    }
}

impl Structure {
    /// Reads the source.
    pub fn read() -> Structure {
        let mut parsed = Vec::new();
        let mut tests: HashSet<Module> = HashSet::new();
        for path in files(&root().join("src"), "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let tree = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let module = module_of(&path);
            let short = path
                .strip_prefix(root())
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            for item in &tree.items {
                if let syn::Item::Mod(m) = item
                    && is_test(&m.attrs)
                    && m.content.is_none()
                {
                    // `#[path = "x_tests.rs"]` stands beside the file that declares it.
                    let named = m.attrs.iter().find(|a| a.path().is_ident("path"));
                    let beside = named.and_then(|a| match &a.meta {
                        syn::Meta::NameValue(v) => match &v.value {
                            syn::Expr::Lit(syn::ExprLit {
                                lit: syn::Lit::Str(s),
                                ..
                            }) => Some(s.value()),
                            _ => None,
                        },
                        _ => None,
                    });
                    tests.insert(match beside {
                        Some(name) => module_of(&path.parent().unwrap().join(name)),
                        None => [module.clone(), vec![m.ident.to_string()]].concat(),
                    });
                }
            }
            parsed.push((short, module, tree.items));
        }
        let inside = |module: &Module| tests.iter().any(|t| module.starts_with(t));
        // A test's own helper stands beside it by its name.
        let helper = |file: &str| file.ends_with("suppress_audit.rs");
        let parsed: Vec<Parsed> = parsed
            .into_iter()
            .filter(|(file, module, _)| !inside(module) && !helper(file) && !file.ends_with("main.rs"))
            .map(|(file, module, items)| Parsed::of(file, module, items))
            .collect();
        let by_module: HashMap<&[String], &Parsed> =
            parsed.iter().map(|p| (p.module.as_slice(), p)).collect();
        let mut structure = Structure {
            children: HashMap::new(),
            modules: BTreeMap::new(),
            uses: BTreeMap::new(),
        };
        for p in &parsed {
            let mods = p.items.iter().filter_map(|item| match item {
                syn::Item::Mod(m) if m.content.is_none() && !is_test(&m.attrs) => Some(m.ident.to_string()),
                _ => None,
            });
            structure.children.insert(p.module.clone(), mods.collect());
            structure.modules.insert(p.file.clone(), p.module.clone());
            structure.uses.insert(p.file.clone(), uses(p, &by_module));
        }
        structure
    }

    /// Circles of files: each the set of files that reach one another.
    pub fn circles(&self) -> Vec<BTreeSet<String>> {
        let reach = |from: &str| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
            while let Some(at) = next.pop() {
                for to in self.uses.get(&at).into_iter().flat_map(|u| u.files.keys()) {
                    if seen.insert(to.clone()) {
                        next.push(to.clone());
                    }
                }
            }
            seen
        };
        let reached: BTreeMap<&String, BTreeSet<String>> =
            self.uses.keys().map(|file| (file, reach(file))).collect();
        let mut circles = BTreeSet::new();
        for (file, to) in &reached {
            if to.contains(*file) {
                let both = to.iter().filter(|other| reached[other].contains(*file));
                circles.insert(both.cloned().collect::<BTreeSet<String>>());
            }
        }
        circles.into_iter().collect()
    }
}

impl Parsed {
    fn of(file: String, module: Module, items: Vec<syn::Item>) -> Parsed {
        let (mut declared, mut exported) = (HashSet::new(), HashMap::new());
        for item in &items {
            match item {
                syn::Item::Fn(i) => drop(declared.insert(i.sig.ident.to_string())),
                syn::Item::Struct(i) => drop(declared.insert(i.ident.to_string())),
                syn::Item::Enum(i) => drop(declared.insert(i.ident.to_string())),
                syn::Item::Trait(i) => drop(declared.insert(i.ident.to_string())),
                syn::Item::Type(i) => drop(declared.insert(i.ident.to_string())),
                syn::Item::Const(i) => drop(declared.insert(i.ident.to_string())),
                syn::Item::Static(i) => drop(declared.insert(i.ident.to_string())),
                syn::Item::Mod(i) if i.content.is_some() => drop(declared.insert(i.ident.to_string())),
                syn::Item::Macro(i) => declared.extend(i.ident.as_ref().map(ToString::to_string)),
                syn::Item::Use(i) => {
                    let mut out = Vec::new();
                    leaves(&i.tree, &mut Vec::new(), &mut out);
                    exported.extend(out);
                }
                _ => {}
            }
        }
        Parsed {
            file,
            module,
            items,
            declared,
            exported,
        }
    }
}

/// The file that declares what a path names.
fn declares<'p>(path: &[String], all: &HashMap<&[String], &'p Parsed>, depth: usize) -> Option<&'p Parsed> {
    let known = (0..=path.len())
        .rev()
        .find_map(|n| Some((n, *all.get(&path[..n])?)));
    let (n, at) = known?;
    let Some(name) = path.get(n) else { return Some(at) };
    if at.declared.contains(name) || depth > 8 {
        return Some(at);
    }
    match at.exported.get(name) {
        Some(to) => {
            // What it brings from a child is written from itself.
            let child = [at.module.as_slice(), to].concat();
            let full = match absolute(to, &at.module, &HashMap::new()) {
                Some(full) => full,
                None if all.contains_key(&child[..at.module.len() + 1]) => child,
                None => return None,
            };
            declares(&full, all, depth + 1)
        }
        None => Some(at),
    }
}

struct Reader<'a> {
    module: Module,
    brought: HashMap<String, Vec<String>>,
    children: HashSet<String>,
    found: BTreeSet<Vec<String>>,
    extends: BTreeSet<Vec<String>>,
    all: &'a HashMap<&'a [String], &'a Parsed>,
}

impl Reader<'_> {
    fn resolve(&self, path: &[String]) -> Option<Vec<String>> {
        let plain = absolute(path, &self.module, &self.brought);
        plain.or_else(|| {
            let first = path.first()?;
            self.children
                .contains(first)
                .then(|| [self.module.as_slice(), path].concat())
        })
    }

    fn name(&mut self, path: &[String]) {
        if let Some(full) = self.resolve(path) {
            self.found.insert(full);
        }
    }

    /// Paths among the tokens of a macro.
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        use proc_macro2::TokenTree;
        let (mut path, mut colons): (Vec<String>, usize) = (Vec::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Ident(i) if colons == 2 || path.is_empty() => {
                    path.push(i.to_string());
                    colons = 0;
                }
                TokenTree::Ident(i) => {
                    self.name(&std::mem::take(&mut path));
                    (path, colons) = (vec![i.to_string()], 0);
                }
                TokenTree::Punct(p) if p.as_char() == ':' && !path.is_empty() => colons += 1,
                other => {
                    self.name(&std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(g) = other {
                        self.tokens(g.stream());
                    }
                }
            }
        }
        self.name(&path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut out = Vec::new();
        leaves(&item.tree, &mut Vec::new(), &mut out);
        for (_, path) in out {
            // A re-export is no use of one's own.
            if matches!(item.vis, syn::Visibility::Inherited) {
                self.name(&path);
            }
        }
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.name(&parts);
        syn::visit::visit_path(self, path);
    }
    /// `pub(super)` names nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
        syn::visit::visit_macro(self, mac);
    }
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if item.trait_.is_none()
            && let syn::Type::Path(t) = item.self_ty.as_ref()
        {
            let parts: Vec<String> = t.path.segments.iter().map(|s| s.ident.to_string()).collect();
            self.extends.extend(self.resolve(&parts));
        }
        syn::visit::visit_item_impl(self, item);
    }
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) && item.content.is_some() {
            let name = item.ident.to_string();
            self.module.push(name);
            syn::visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_fn(self, item);
        }
    }
}

fn uses(p: &Parsed, all: &HashMap<&[String], &Parsed>) -> Uses {
    let mut brought = HashMap::new();
    for (name, path) in &p.exported {
        if let Some(full) = absolute(path, &p.module, &HashMap::new()) {
            brought.insert(name.clone(), full);
        }
    }
    let mut reader = Reader {
        module: p.module.clone(),
        brought,
        children: p
            .items
            .iter()
            .filter_map(|i| match i {
                syn::Item::Mod(m) if m.content.is_none() => Some(m.ident.to_string()),
                _ => None,
            })
            .collect(),
        found: BTreeSet::new(),
        extends: BTreeSet::new(),
        all,
    };
    for item in &p.items {
        reader.visit_item(item);
    }
    let mut uses = Uses::default();
    for path in &reader.found {
        if let Some(to) = declares(path, reader.all, 0).filter(|to| to.file != p.file) {
            let names = uses.files.entry(to.file.clone()).or_default();
            names.extend(path.get(to.module.len()..).and_then(|rest| rest.first()).cloned());
            names.extend(path.last().cloned());
        }
    }
    for path in &reader.extends {
        if let Some(to) = declares(path, reader.all, 0).filter(|to| to.file != p.file) {
            uses.extends.insert(to.file.clone());
        }
    }
    uses
}
