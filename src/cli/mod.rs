//! The commands. Everything that the app does is also a command: for a hospital's system, a
//! script, a person with a screen reader.
//!
//! `--json` on each command that prints data; exit codes 0 done, 1 refused or found wrong, 2 wrong
//! command line, 3 portal not reachable. Passphrases come from a prompt or a file, never from an
//! argument; names of people come from files, prompts or standard input.
//!
//! Deliberately absent: anything that the rooms before could do; a command reads, calls, prints.

mod check;
#[cfg(feature = "portal")]
mod copies;
#[cfg(feature = "portal")]
mod demo;
mod doctor;
mod drafts;
mod enrol;
mod fail;
mod fault;
mod file;
mod forms;
mod help;
mod icd;
mod inbox;
#[cfg(feature = "portal")]
mod inspect;
mod journal;
mod look;
mod out;
mod parse;
mod people;
mod read;
mod record;
#[cfg(feature = "portal")]
mod recovery;
#[cfg(feature = "portal")]
mod registry;
mod rotate;
mod secret;
mod send;
mod setup;
#[cfg(feature = "portal")]
mod staff;
mod table;
mod together;
mod ward;

use std::ffi::OsString;
use std::io::Write;

pub use fail::Failure;
use out::Out;
use parse::Call;

use crate::lang::{Lang, Msg};
use crate::ward::ui::run::Opening;

/// Runs a command line (without the program's name) and gives the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> i32 {
    crate::env::keep_memory_private();
    let wanted = std::env::var("OGOH_LANG")
        .ok()
        .as_deref()
        .and_then(Lang::from_code);
    let fallback = wanted.unwrap_or_default();
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
    let asked = call.lang().or(wanted);
    let out = Out {
        lang: asked.unwrap_or_default(),
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
    #[cfg(feature = "portal")]
    if call.command.is_some_and(|c| c.name.starts_with("portal ")) {
        crate::portal::log_to_stderr();
    }
    match dispatch(&call, out, asked) {
        Ok(code) => code,
        Err(failure) => report(&failure, out),
    }
}

fn report(failure: &Failure, out: Out) -> i32 {
    if out.json {
        out.object(&failure.json(out.lang));
    } else {
        for line in failure.lines(out.lang) {
            let _ = writeln!(std::io::stderr(), "{}", out::clean(&line));
        }
    }
    failure.exit
}

fn dispatch(call: &Call, out: Out, asked: Option<Lang>) -> Result<i32, Failure> {
    match call.command.map_or("", |c| c.name) {
        "" => app(call, asked),
        #[cfg(feature = "portal")]
        "demo" => demo::demo(call, out),
        "init" => setup::init(call, out),
        "user add" => people::add_user(call, out),
        "user list" => people::list_users(call, out),
        "user key" => people::issue_key(call, out),
        "user passphrase" => people::change_passphrase(call, out),
        "user suspend" => people::suspend(call, out),
        "user resume" => people::resume(call, out),
        "enrol" => enrol::enrol(call, out),
        "rotate" => rotate::rotate(call, out),
        "record" => record::record(call, out),
        "amend" => record::amend(call, out),
        "void" => record::void(call, out),
        "attest" => record::attest(call, out),
        "tally" => record::tally(call, out),
        "check-event" => check::check_event(call, out),
        "rules" => forms::rules(out),
        "schema" => forms::schema(call, out),
        "icd import" => icd::import(call, out),
        "icd search" => icd::search(call, out),
        "draft" => drafts::list(call, out),
        "draft add" => drafts::add(call, out),
        "draft show" => drafts::show(call, out),
        "draft sign" => drafts::sign(call, out),
        "draft delete" => drafts::delete(call, out),
        "inbox" => inbox::inbox(call, out),
        "list" => look::list(call, out),
        "handover" => look::handover(call, out),
        "show" => look::show(call, out),
        "search" => look::search(call, out),
        "verify" => journal::verify(call, out),
        "rebuild" => journal::rebuild(call, out),
        "export" => journal::export(call, out),
        "keys" => journal::keys(call, out),
        "restore" => file::restore(call, out),
        "backup" => file::backup(call, out),
        "encrypt" => file::encrypt(call, out),
        "push" => send::push(call, out),
        "monitor" => send::metrics(call, out),
        "check" => send::check(call, out),
        "doctor" => doctor::doctor(call, out),
        #[cfg(feature = "portal")]
        "portal init" => registry::init(call, out),
        #[cfg(feature = "portal")]
        "portal serve" => registry::serve(call, out),
        #[cfg(feature = "portal")]
        "portal migrate" => registry::migrate(call, out),
        #[cfg(feature = "portal")]
        "portal enrolments" => registry::enrolments(call, out),
        #[cfg(feature = "portal")]
        "portal approve" => registry::approve(call, out),
        #[cfg(feature = "portal")]
        "portal refuse" => registry::refuse(call, out),
        #[cfg(feature = "portal")]
        "portal invite" => registry::invite(call, out),
        #[cfg(feature = "portal")]
        "portal revoke" => registry::revoke(call, out),
        #[cfg(feature = "portal")]
        "portal trust" => registry::trust(call, out),
        #[cfg(feature = "portal")]
        "portal rotate" => registry::rotate(call, out),
        #[cfg(feature = "portal")]
        "portal quality" => registry::quality(call, out),
        #[cfg(feature = "portal")]
        "portal explain" => inspect::explain(call, out),
        #[cfg(feature = "portal")]
        "portal rebuild" => inspect::rebuild(call, out),
        #[cfg(feature = "portal")]
        "portal verify" => inspect::verify(call, out),
        #[cfg(feature = "portal")]
        "portal doctor" => inspect::doctor(call, out),
        #[cfg(feature = "portal")]
        "portal backup" => copies::backup(call, out),
        #[cfg(feature = "portal")]
        "portal restore" => copies::restore(call, out),
        #[cfg(feature = "portal")]
        "portal archive" => copies::archive(call, out),
        #[cfg(feature = "portal")]
        "portal drill" => copies::drill(call, out),
        #[cfg(feature = "portal")]
        "portal recovery" => recovery::recovery(call, out),
        #[cfg(feature = "portal")]
        "portal import acts" => inspect::import_acts(call, out),
        #[cfg(feature = "portal")]
        "portal staff add" => staff::add(call, out),
        #[cfg(feature = "portal")]
        "portal staff list" => staff::list(call, out),
        #[cfg(feature = "portal")]
        "portal staff suspend" => staff::active(call, out, false),
        #[cfg(feature = "portal")]
        "portal staff resume" => staff::active(call, out, true),
        #[cfg(feature = "portal")]
        "portal staff confirm" => staff::confirm(call, out),
        #[cfg(feature = "portal")]
        "portal staff reset" => staff::reset(call, out),
        #[cfg(feature = "portal")]
        "portal staff link" => staff::link(call, out),
        #[cfg(feature = "portal")]
        "portal simulate" => registry::simulate(call, out),
        #[cfg(feature = "portal")]
        "portal acts" => staff::acts(call, out),
        // The table and this list are one; a test holds that.
        other => Err(Failure::usage(
            Msg::new("cli-command-unknown").with("found", other),
        )),
    }
}

/// Without a command: the app.
fn app(call: &Call, asked: Option<Lang>) -> Result<i32, Failure> {
    let mut ward = ward::open(call)?;
    ward.settings.lang = asked.unwrap_or(ward.settings.lang);
    let data = Msg::new("cli-app-data").with("dir", ward.paths.dir().display().to_string());
    let opening = Opening {
        notes: vec![data.render(ward.settings.lang)],
        person: None,
    };
    Ok(crate::ward::ui::run::run(ward, opening)?)
}
