//! The commands. Everything that the app does is also a command: for a hospital's system, a
//! script, a person with a screen reader.
//!
//! `--json` on each command that prints data; exit codes 0 done, 1 refused or found wrong, 2 wrong
//! command line, 3 portal not reachable. Passphrases come from a prompt or a file, never from an
//! argument; names of people come from files, prompts or standard input.
//!
//! Deliberately absent: anything that the rooms before could do; a command reads, calls, prints.

mod fail;
mod forms;
mod help;
mod out;
mod parse;
mod table;

use std::ffi::OsString;
use std::io::Write;

pub use fail::Failure;
use out::Out;
use parse::Call;

use crate::lang::Lang;

/// Runs a command line (without the program's name) and gives the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> i32 {
    let fallback = std::env::var("OGOH_LANG")
        .ok()
        .as_deref()
        .and_then(Lang::from_code)
        .unwrap_or_default();
    let call = match parse::parse(args) {
        Ok(call) => call,
        Err(failure) => {
            return report(
                &failure,
                Out {
                    lang: fallback,
                    json: false,
                },
            );
        }
    };
    let out = Out {
        lang: call.lang().unwrap_or(fallback),
        json: call.has("json"),
    };
    if call.has("help") {
        help::print(&call, out);
        return fail::OK;
    }
    if call.has("version") {
        out.line(&format!("ogoh {}", env!("CARGO_PKG_VERSION")));
        return fail::OK;
    }
    match dispatch(&call, out) {
        Ok(code) => code,
        Err(failure) => report(&failure, out),
    }
}

fn report(failure: &Failure, out: Out) -> i32 {
    if out.json {
        out.object(&failure.json(out.lang));
    } else {
        for line in failure.lines(out.lang) {
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }
    failure.exit
}

fn dispatch(call: &Call, out: Out) -> Result<i32, Failure> {
    match call.command.map(|c| c.name) {
        Some("check-event") => forms::check_event(call, out),
        Some("rules") => forms::rules(out),
        Some("schema") => forms::schema(call, out),
        _ => Ok(fail::USAGE),
    }
}
