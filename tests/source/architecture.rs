//! Holds the order of the rooms and who may name what, by reading the source.

use std::sync::OnceLock;

use crate::source::{self, names};
use crate::structure::{Module, Structure};

/// Longest file. A reader holds one screenful of purpose and a few of code.
const MOST_LINES: usize = 450;

/// Folders whose own modules have an order too: the two sides.
const FLOORS: [&str; 2] = ["ward", "portal"];

/// Circles of files that stand, each with its reason.
const CIRCLES: &[(&[&str], &str)] = &[];

/// The source as a graph, read once.
fn structure() -> &'static Structure {
    static READ: OnceLock<Structure> = OnceLock::new();
    READ.get_or_init(Structure::read)
}

/// The rooms on every floor: `store` of `ward` is `ward/store`.
fn rooms() -> Vec<String> {
    let structure = structure();
    let mut all = Vec::new();
    for room in &structure.children[&Module::new()] {
        all.push(room.clone());
        if FLOORS.contains(&room.as_str()) {
            let inner = &structure.children[&vec![room.clone()]];
            all.extend(inner.iter().map(|r| format!("{room}/{r}")));
        }
    }
    all
}

/// The room of a file: `ward/store` for `src/ward/store/read.rs`.
fn room(file: &str) -> String {
    let parts: Vec<&str> = file
        .trim_start_matches("src/")
        .trim_end_matches(".rs")
        .split('/')
        .collect();
    match parts.as_slice() {
        [floor, inner, ..] if FLOORS.contains(floor) && *inner != "mod" => format!("{floor}/{inner}"),
        [first, ..] => (*first).to_owned(),
        [] => String::new(),
    }
}

#[track_caller]
fn none(faults: &[String], law: &str) {
    assert!(faults.is_empty(), "{law}\n  {}", faults.join("\n  "));
}

#[test]
fn a_module_uses_only_the_modules_declared_before_it() {
    let structure = structure();
    assert!(rooms().len() > 20, "{:?}", rooms());
    let mut faults = Vec::new();
    for (file, uses) in &structure.uses {
        let own = &structure.modules[file];
        for other in uses.files.keys() {
            let theirs = &structure.modules[other];
            let common = own.iter().zip(theirs).take_while(|(a, b)| a == b).count();
            // Within a room files stand side by side; the next test looks at them.
            if common > 1 || (common == 1 && !FLOORS.contains(&own[0].as_str())) {
                continue;
            }
            let order = &structure.children[&own[..common].to_vec()];
            let place = |module: &Module| module.get(common).and_then(|m| order.iter().position(|c| c == m));
            if let (Some(mine), Some(other_s)) = (place(own), place(theirs))
                && other_s > mine
            {
                faults.push(format!("{file} uses {other}"));
            }
        }
    }
    none(
        &faults,
        "a module uses only those that stand before it in lib.rs, ward/mod.rs, portal/mod.rs",
    );
}

#[test]
fn ward_and_portal_never_name_each_other() {
    let mut faults = Vec::new();
    for (file, uses) in &structure().uses {
        let other = match room(file).split('/').next() {
            Some("ward") => "src/portal/",
            Some("portal") => "src/ward/",
            _ => continue,
        };
        let named = uses.files.keys().filter(|f| f.starts_with(other));
        faults.extend(named.map(|f| format!("{file} uses {f}")));
    }
    none(
        &faults,
        "what ward and portal both need is shared; only the commands know both",
    );
}

#[test]
fn methods_of_a_type_stand_in_its_own_room() {
    let mut faults = Vec::new();
    for (file, uses) in &structure().uses {
        let others = uses.extends.iter().filter(|of| room(of) != room(file));
        faults.extend(others.map(|of| format!("{file} adds methods to a type of {of}")));
    }
    none(
        &faults,
        "a method added from above is a way of reaching up that no `use` shows",
    );
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let mut faults = Vec::new();
    for circle in structure().circles() {
        let named = CIRCLES
            .iter()
            .any(|(files, _)| circle.iter().all(|f| files.contains(&f.as_str())));
        for file in circle.iter().filter(|_| !named) {
            let inside = structure().uses[file]
                .files
                .iter()
                .filter(|(f, _)| circle.contains(*f));
            faults.extend(inside.map(|(f, what)| format!("{file} uses of {f}: {what:?}")));
        }
    }
    none(
        &faults,
        "files use one another one way; a circle that has to be is named here with its reason",
    );
}

#[test]
fn every_file_is_a_module_of_a_room() {
    let rooms = rooms();
    let mut faults = Vec::new();
    for file in structure().modules.keys() {
        let room = room(file);
        if !rooms.contains(&room) && room != "lib" {
            faults.push(file.clone());
        }
    }
    none(
        &faults,
        "a file belongs to a room that lib.rs, ward/mod.rs or portal/mod.rs declares",
    );
}

#[test]
fn rooms_that_take_values_do_not_know_the_store() {
    let mut faults = Vec::new();
    for (file, uses) in &structure().uses {
        let takes_values = matches!(room(file).as_str(), "ward/monitor" | "ward/slip" | "figures");
        if takes_values && uses.files.keys().any(|f| f.starts_with("src/ward/store/")) {
            faults.push(file.clone());
        }
    }
    none(&faults, "monitor and slip take values");
}

#[test]
fn sql_http_and_the_server_are_each_named_in_one_place() {
    let places: [(&str, &[&str]); 4] = [
        // The error of the book carries the library's own.
        ("rusqlite", &["src/ward/store/", "src/portal/book/sqlite.rs"]),
        ("postgres", &["src/portal/book/postgresql.rs"]),
        ("ureq", &["src/ward/deliver/"]),
        ("axum", &["src/portal/web/http"]),
    ];
    let mut faults = Vec::new();
    for file in source::program() {
        for (library, where_named) in places {
            let allowed = where_named.iter().any(|place| file.path.starts_with(place));
            if names(&file.code, library) && !allowed {
                faults.push(format!("{} names {library}", file.path));
            }
        }
    }
    none(&faults, "a library with effects has one place");
}

#[test]
fn outside_its_shell_the_app_has_no_files_clock_threads_or_network() {
    let effects = [
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "std::time::SystemTime",
        "Utc::now",
    ];
    let mut faults = Vec::new();
    for file in source::program()
        .iter()
        .filter(|f| room(&f.path) == "ward/ui" && !f.path.starts_with("src/ward/ui/run"))
    {
        for effect in effects
            .iter()
            .chain(&["Local::now", "SystemClock", "Instant::now", "File::open"])
        {
            if file.code.contains(effect) {
                faults.push(format!("{} names {effect}", file.path));
            }
        }
        let uses = structure().uses.get(&file.path);
        let others = uses.iter().flat_map(|u| u.files.keys());
        let behind = ["src/ward/store/", "src/ward/deliver/", "src/ward/workplace/"];
        for other in others.filter(|f| behind.iter().any(|room| f.starts_with(room))) {
            faults.push(format!("{} uses {other}", file.path));
        }
    }
    none(
        &faults,
        "update and view are pure; ui::run is the shell, and alone calls the workplace",
    );
}

#[test]
fn the_workplace_knows_no_terminal() {
    let mut faults = Vec::new();
    for file in source::program()
        .iter()
        .filter(|f| room(&f.path) == "ward/workplace")
    {
        let named = [
            "crossterm",
            "ratatui",
            "std::io::stdin",
            "std::io::stdout",
            "std::io::stderr",
        ];
        let named = named.iter().filter(|n| file.code.contains(**n));
        faults.extend(named.map(|n| format!("{} names {n}", file.path)));
    }
    none(
        &faults,
        "what a person does is the same by the app and by a command",
    );
}

#[test]
fn a_key_is_unlocked_in_one_place() {
    let mut faults = Vec::new();
    for file in source::program() {
        let counts = ["count_try(", "forgive_tries(", "wrong_tries("];
        let asked = counts.iter().any(|n| file.code.contains(n));
        // A new key forgives what was tried at the old one, in the store.
        // The registry's own people have keys of none of these.
        let places = ["src/ward/workplace/", "src/ward/store/", "src/portal/"];
        if asked && !places.iter().any(|place| file.path.starts_with(place)) {
            faults.push(file.path.clone());
        }
    }
    none(
        &faults,
        "every check before a signature is asked by Workplace::unlock",
    );
}

#[test]
fn pure_rooms_do_no_input_or_output() {
    let effects = [
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "SystemClock",
        "Utc::now",
        "Local::now",
    ];
    let mut faults = Vec::new();
    for file in source::program() {
        if !matches!(
            room(&file.path).as_str(),
            "lang"
                | "vital"
                | "questions"
                | "matching"
                | "rules"
                | "form"
                | "figures"
                | "seal"
                | "wire"
                | "ward/outbox"
                | "ward/slip"
                | "portal/record"
        ) {
            continue;
        }
        faults.extend(
            effects
                .iter()
                .filter(|e| file.code.contains(**e))
                .map(|e| format!("{} names {e}", file.path)),
        );
    }
    none(&faults, "values in, values out");
}

/// A handler's description comes with its route; no other way of adding a route is taken.
#[test]
fn a_route_cannot_stand_without_its_description() {
    let mut described = 0;
    for path in source::files(&source::root().join("src/portal/web/http"), "rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        described += text.matches(".routes(routes!(").count();
        let added = UNDESCRIBED.iter().find(|way| text.contains(**way));
        assert_eq!(added, None, "{}", path.display());
    }
    assert!(described > 20, "{described}");
}

/// Ways to serve an address of which the document would not know.
const UNDESCRIBED: [&str; 7] = [
    ".route(",
    ".route_service(",
    ".nest(",
    ".nest_service(",
    ".merge(",
    ".fallback_service(",
    "MethodRouter",
];

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let mut faults = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for path in source::files(&source::root().join(folder), "rs") {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            if lines > MOST_LINES {
                faults.push(format!(
                    "{}: {lines} lines",
                    path.strip_prefix(source::root()).unwrap().display()
                ));
            }
        }
    }
    none(&faults, &format!("at most {MOST_LINES} lines"));
}

#[test]
fn every_room_says_what_is_deliberately_absent() {
    let mut faults = Vec::new();
    for room in rooms() {
        let text = ["src/{}/mod.rs", "src/{}.rs"]
            .iter()
            .find_map(|p| std::fs::read_to_string(source::root().join(p.replace("{}", &room))).ok())
            .unwrap_or_default();
        let doc: String = text.lines().take_while(|l| l.starts_with("//!")).collect();
        if !doc.contains("Deliberately absent") {
            faults.push(room);
        }
    }
    none(
        &faults,
        "the documentation of a room states its purpose and what is deliberately absent",
    );
}

#[test]
fn the_top_level_of_the_package_stays_small() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "tests",
        "packaging",
        "docs",
        "README.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "benches",
        "fuzz",
        // Settings of tools, which look for them here and nowhere else.
        "clippy.toml",
        "rustfmt.toml",
        "deny.toml",
        // Made by building.
        "target",
    ];
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(source::root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with('.') && !allowed.contains(&name.as_str()) {
            faults.push(name);
        }
    }
    none(
        &faults,
        "the top level: Cargo.toml src tests packaging README.md, licences, benches, fuzz, dot files",
    );
}

#[test]
fn the_reader_of_the_structure_sees_every_way_of_naming() {
    let uses = &structure().uses;
    let named = |file: &str, other: &str| uses[file].files.contains_key(other);
    // By `use`, by a re-export, by a full path, by `super::`.
    assert!(named("src/ward/outbox/mod.rs", "src/wire/mod.rs"));
    assert!(named(
        "src/portal/unit/around.rs",
        "src/portal/record/assess/mod.rs"
    ));
    assert!(named("src/ward/deliver/mod.rs", "src/ward/store/handle.rs"));
    assert!(named(
        "src/portal/unit/intake.rs",
        "src/portal/unit/unit_of_work.rs"
    ));
    assert!(!named("src/portal/unit/intake.rs", "src/portal/unit/mod.rs"));
}
